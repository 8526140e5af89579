/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that ends where a test wants it to, and the trying of all such places.
 * Link with malloc, calloc, realloc and strdup wrapped (-Wl,--wrap=...).
 */
#ifndef TIDEMARK_TESTS_FAILING_MEMORY_H
#define TIDEMARK_TESTS_FAILING_MEMORY_H

#include "catalog/catalog.h"

/** Ours, SQLite's and OpenSSL's. A group's set-up: before anything is allocated. */
int memory_take_over(void **state);

enum allocator { OURS, LIBRARIES, ALLOCATORS };
struct memory_end {
	enum allocator allocator;
	unsigned at;   /* which of its allocations fails, from 1; 0: none */
	bool is_final; /* all behind it fail, whose ever they are */
};

/** From now on allocations are counted, and fail. */
void memory_arm(struct memory_end end);
/** How many there were. */
unsigned memory_disarm(void);

/* What was answered, written down where nothing is allocated. */
struct transcript {
	char text[1 << 14];
	size_t length;
};

void note(struct transcript *answer, const char *format, ...) PRINTF_LIKE(2, 3);
void note_bytes(struct transcript *answer, struct bytes bytes);

/* Some work in parts, each begun by begin_part: memory ends in one of them, or behind it. */
struct work {
	enum status (*run)(const struct catalog_place *place, struct transcript *answer);
	unsigned first_part, end;
	void (*prepare)(const struct catalog_place *place);                     /* before each try; may be NULL */
	void (*check)(const struct catalog_place *place, const char *expected); /* behind each; may be NULL */
	bool keeps_place; /* it changes nothing that the next try would see */
};

void begin_part(unsigned part);

extern struct failure told; /* by the call that failed: there must be words for it */
extern bool tries_all;      /* of the libraries' allocations, instead of about TRIES of each part */

/** Each try ends OK, with the answer of the one that nothing disturbed, or in NO_MEMORY and with words; no memory of
 *  SQLite's is left behind. */
void try_all(const struct work *work);
/** Runs once more with memory enough, to the same answer. */
void assert_repeats(const struct work *work, const struct catalog_place *place, const char *expected);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner's own list of organisations: reading the file it is written in, and
 * making what workers seek of it.
 *
 * The file is our person's, so what it must have said otherwise is an error with
 * its line, and nothing of it is taken. What it may say and what cannot be used
 * is refused by name, and the rest is taken: a domain that is nobody's alone,
 * and what is too common, too short or too ambiguous to mean anyone. A row
 * without a domain left is refused as a whole.
 */
#ifndef TIDEMARK_REGISTER_REGISTER_H
#define TIDEMARK_REGISTER_REGISTER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "catalog/catalog.h"
#include "model/register.h"

#define REGISTER_FILE_MAX (64u << 20)
#define REGISTER_ROWS_MAX 1000000
#define REGISTER_TERMS_MAX 2000000

struct register_refusal {
	size_t line;
	const char *what;    /* domain, name, alias, number, row */
	struct bytes domain; /* of the row; empty where it has none */
	struct bytes text, why;
};

struct register_reading {
	struct register_row *rows;
	size_t count;
	struct register_refusal *refusals;
	size_t refusal_count, refused_rows;
};

/** All of it lies in arena. USAGE, with the line, for what is off. */
enum status register_read(struct bytes file, struct arena *arena, struct register_reading *ret_reading,
                          struct failure *reterr) MUST_CHECK;

/** Takes a term out of a reading, and says why: for what only a catalog knows. */
enum status register_refuse_term(struct register_reading *reading, size_t row, size_t term, struct bytes why,
                                 struct arena *arena) MUST_CHECK;

/** Appends what is sought of these rows (words/lexicon.h); nothing where there is nothing to seek. */
enum status register_make_lexicon(const struct register_row *rows, size_t count, struct buffer *into) MUST_CHECK;

/* What is sought by an incident's register. */
struct register_seeking {
	struct buffer lexicon;
	struct buffer
		tag; /* "~1a2b3c4d" behind the rules that found by it: of another register, another; empty where nothing is sought */
};

/** Of what the incident holds. What it was is freed first: begins as {0}. */
enum status register_load(struct incident *incident, struct register_seeking *seeking, struct failure *reterr) MUST_CHECK;
void register_seeking_free(struct register_seeking *seeking);

#endif

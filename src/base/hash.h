/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes and tables of strings that strangers choose: names of parts, addresses,
 * hosts. SipHash-1-3 (Aumasson and Bernstein, 2012) under a key that the system
 * gives each process at random, so nobody can write a document whose strings
 * all meet in one place. Hashes are good within one process and its forks only.
 */
#ifndef TIDEMARK_BASE_HASH_H
#define TIDEMARK_BASE_HASH_H

#include "base/bytes.h"

#define HASH_KEY_SIZE 16

/** SipHash-1-3 under a key of one's own. */
uint64_t hash_keyed(const unsigned char key[HASH_KEY_SIZE], struct bytes text);
/** Under the process's key; never 0. The same text under another kind is another string. */
uint64_t hash_of(unsigned kind, struct bytes text);

/* A number for each of many hashes. The hash stands for its string: of a million distinct strings two are taken for one
 * with a probability of 3 in 100 million. Begins as {0}. */
struct hash_table {
	struct hash_slot {
		uint64_t hash, value;
	} * slots; /* open addressing, a power of two, at most half full */
	size_t count, capacity;
};

/** The number of that hash, good until the next hash_table_enter; NULL if it is not there. */
uint64_t *hash_table_find(const struct hash_table *table, uint64_t hash);
/** The same, 0 where it was not there yet (*ret_is_new); NULL when memory ended. */
uint64_t *hash_table_enter(struct hash_table *table, uint64_t hash, bool *ret_is_new);
void hash_table_free(struct hash_table *table);

#endif

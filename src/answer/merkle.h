/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merkle trees as RFC 6962 2.1 has them: a leaf's hash is SHA-256 of a byte 0
 * and its data, a node's that of a byte 1 and its two children, and the left one
 * is the largest full tree there is. Leaf after leaf, in memory that does not grow.
 */
#ifndef TIDEMARK_ANSWER_MERKLE_H
#define TIDEMARK_ANSWER_MERKLE_H

#include "base/digest.h"

struct merkle {
	uint64_t count;
	unsigned char full[64][DIGEST_SHA256_SIZE]; /* the roots of full trees of 2^nth leaves: those of count's bits */
};

void merkle_add(struct merkle *tree, struct bytes data);
/** Of no leaves: SHA-256 of nothing. */
void merkle_root(const struct merkle *tree, unsigned char into[DIGEST_SHA256_SIZE]);

#endif

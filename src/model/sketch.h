/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document's text in a few hundred bytes, so that texts can be held against
 * each other without reading them: a digest of all of it, and the least hashes
 * of its shingles (five words in a row), one for each of SKETCH_BINS shares of
 * all hashes (Li, Owen and Zhang 2012). The share of bins in which two agree
 * estimates how many of their shingles both have (Jaccard), within 0.015. Of a
 * hash six bits are kept (Li and König 2010): what agrees by chance is taken off.
 *
 * Everything in it is made under a key of the incident: whoever writes a document
 * cannot make it resemble another, and a sketch tells nobody what was hashed.
 */
#ifndef TIDEMARK_MODEL_SKETCH_H
#define TIDEMARK_MODEL_SKETCH_H

#include "model/fact.h"

#define SKETCH_BINS 760
#define SKETCH_CODES 63
#define SKETCH_SHINGLE 5
#define SKETCH_DIGEST_SIZE 16
/* A sketch with fewer bins filled says too little: such texts are the same or they are not. */
#define SKETCH_LEAST 32
/* What counts as near. */
#define SKETCH_NEAR 0.8

/* Of bins, as many bands of so many: where two sketches agree in one band they are worth holding against each other. Of pairs of
 * 0.8 one in 600 has none; of 0.3, one in 25 has one. The last key is the digest's. */
#define SKETCH_BANDS 16
#define SKETCH_BAND_BINS 5
#define SKETCH_KEYS (SKETCH_BANDS + 1)

struct sketch {
	unsigned char text[SKETCH_DIGEST_SIZE]; /* of the folded text, layout and white space apart */
	uint64_t findings;                      /* of all that was found in it, each value once; 0: nothing */
	bool has_bins;
	unsigned char bins[SKETCH_BINS]; /* 1 to SKETCH_CODES; 0: no shingle falls into it */
};

#define SKETCH_VALUE_SIZE (2 * SKETCH_DIGEST_SIZE + 16 + SKETCH_BINS)

/** A fact of it; written into a buffer that must outlive it. */
struct fact sketch_fact(const struct sketch *sketch, char into[SKETCH_VALUE_SIZE]);
/** False if the fact is of another kind or no sketch. */
bool sketch_of_fact(const struct fact *fact, struct sketch *ret_sketch);
/** By the fact's value. */
bool sketch_of_value(struct bytes value, struct sketch *ret_sketch);

bool sketch_is_same_text(const struct sketch *a, const struct sketch *b);
/** 0..1; 0 where one has no bins. */
double sketch_similarity(const struct sketch *a, const struct sketch *b);
/** Near, and exactly the same was found in both: two forms filled in for two people are near, and not one document. */
bool sketch_is_kin(const struct sketch *a, const struct sketch *b);

/** Positive numbers: odd for the digest's, even for bands. Returns how many. */
size_t sketch_keys(const struct sketch *sketch, int64_t keys[SKETCH_KEYS]);
/** Sorts sketches in which the same was found side by side, and among them those of one text. */
int64_t sketch_rank(const struct sketch *sketch);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The secrets found in one document: where they stand, so that no text, name or
 * other finding that leaves the emitter shows them, and the digest that is kept
 * instead. What is noted here lives in the worker alone, and is wiped.
 */
#ifndef TIDEMARK_READING_SECRETS_H
#define TIDEMARK_READING_SECRETS_H

#include "base/buffer.h"
#include "model/finding.h"

struct found_secrets {
	unsigned char key[FINDING_SECRET_KEY_SIZE];
	struct buffer noted; /* of struct noted_secret (secrets.c) ... */
	struct buffer bytes; /* ... and what they say */
};

struct found_secrets secrets_under(const unsigned char key[FINDING_SECRET_KEY_SIZE]);
void secrets_free(struct found_secrets *secrets);

/** Of the scan's finding of one: raw with stars in it, value as it is. */
enum status secrets_note(struct found_secrets *secrets, const struct finding *finding) MUST_CHECK;
/** What is kept as its value. */
void secrets_digest(const struct found_secrets *secrets, struct bytes value, char into[FINDING_SECRET_LENGTH]);

/** Stars them in the document's text: as many bytes and code points as before. */
void secrets_star(struct found_secrets *secrets, unsigned char *text, size_t len);
/** Takes them out of the other findings: one that is made of a part of a secret goes, one that holds a whole one gets stars.
 *  Returns how many are left, in their order. After secrets_star. */
size_t secrets_sift(struct found_secrets *secrets, struct finding *findings, size_t count);

#endif

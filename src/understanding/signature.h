/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of the Cryptographic Message Syntax (RFC 5652) and what they are of
 * PDF (ISO 32000-2 12.8, ETSI EN 319 142) and of timestamps (RFC 3161): who signed,
 * by the certificate enclosed, and whether what was signed is still that. Pure but
 * for what it is given to read. Nobody is asked and nobody trusted: that a
 * certificate names somebody does not make it theirs, and each answer says so.
 */
#ifndef TIDEMARK_UNDERSTANDING_SIGNATURE_H
#define TIDEMARK_UNDERSTANDING_SIGNATURE_H

#include "base/arena.h"
#include "base/status.h"
#include "model/signature.h"

/* A message, with what it encloses, takes no more; who signs one, no more are looked at. */
#define SIGNATURE_MESSAGE_MAX (16u << 20)
#define SIGNATURE_SIGNERS_MAX 16

/** Wakes the library before sealing. */
enum status signature_prepare(void) MUST_CHECK;

struct signature_input {
	const char *kind; /* as in struct signature */
	struct bytes
		message; /* DER or BER, perhaps with bytes behind it; empty: the signature is of a form that is not checked */
	struct bytes certificate; /* then, of the signer: DER; may be empty */
	/* What lies outside of the message and was signed: from its beginning whenever rewind was called; *ret_got 0 at its end. A
	 * status but OK ends the check and is returned. NULL: it is not at hand, or it lies in the message. */
	void (*rewind)(void *context);
	enum status (*read)(void *context, unsigned char *into, size_t size, size_t *ret_got);
	void *context;
	bool is_sha1_enclosed; /* the message encloses the SHA-1 of what was signed (adbe.pkcs7.sha1) */
	int64_t claimed;       /* where the message names no time; CLOCK_UNKNOWN */
	struct bytes covers;   /* in words */
};

/** One for each signer, allocated in arena with all it points to; one without a signer where the message cannot be read. */
enum status signature_check(const struct signature_input *input, struct arena *arena, struct signature **ret_signatures,
                            size_t *ret_count) MUST_CHECK;

/** Whether a document of that media type, read whole and without a signature told, has none: of other types some lie where nobody
 *  looks. */
bool signature_is_looked_for(struct bytes media_type);

/** Raised when what is told of signatures changes; part of rules_version. */
extern const unsigned signature_version;

#endif

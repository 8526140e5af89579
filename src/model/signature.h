/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A signature that a document carries: whose it says it is, and what of it was
 * checked. Nothing here says that the signer is who the certificate names: that
 * takes a store of trusted authorities, and there is none in a cell.
 */
#ifndef TIDEMARK_MODEL_SIGNATURE_H
#define TIDEMARK_MODEL_SIGNATURE_H

#include "base/buffer.h"
#include "base/clock.h"
#include "model/fact.h"

/* In this order in what stands in catalogs: append only. */
enum signature_truth { SIGNATURE_UNKNOWN, SIGNATURE_TRUE, SIGNATURE_FALSE };

struct signature {
	struct bytes kind;           /* a word of ours: "pdf", "pdf-timestamp", "smime", "pkcs7", "ooxml", "odf", "asic", "xml" */
	struct bytes signer;         /* common name of the signer's certificate; empty: not known */
	struct bytes organisation;   /* that certificate's */
	struct bytes email;          /* that certificate's */
	int64_t time;                /* as the signer claims, or a timestamp says; CLOCK_UNKNOWN */
	struct bytes covers;         /* "whole document", or what it does not cover, in words */
	enum signature_truth intact; /* what is signed is as it was when it was signed, and by that certificate's key */
	struct bytes chain;          /* what is known of who vouches for the certificate, in words */
};

/** The fact that carries it; its value is appended to into, which must outlive it. */
struct fact signature_fact(const struct signature *signature, struct buffer *into);
/** What such a fact carries, borrowed from it. False if it carries none. */
bool signature_of_fact(const struct fact *fact, struct signature *ret_signature);

#endif

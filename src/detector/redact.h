/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may not be stored of a URL: signatures, SAS, keys, tokens, passwords.
 * Parameters are recognised by name in query, fragment and matrix parameters,
 * also where a URL stands percent-encoded, once or more, within another's.
 */
#ifndef TIDEMARK_DETECTOR_REDACT_H
#define TIDEMARK_DETECTOR_REDACT_H

#include "base/buffer.h"

enum redact_style {
	REDACT_MASK,   /* as written, with *** for each secret */
	REDACT_DROP,   /* without such parameters, and without userinfo */
};

/** Appends the URL without what gives access. */
void redact_append(struct buffer *into, struct bytes url, enum redact_style style);

/** Puts a * for each character of the signatures in addresses that stand in running text (valid UTF-8): they give access to
 *  whoever copies them. As long as before, so that spans still hold. */
void redact_mask_signatures(unsigned char *text, size_t len);

#endif

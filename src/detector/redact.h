/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may not be stored of a URL: signatures, SAS, keys, tokens, passwords.
 * Parameters are recognised by name in query, fragment and matrix parameters,
 * also where a URL stands percent-encoded, once or more, within another's.
 * Of text that is no URL base/mask.h takes the signatures.
 */
#ifndef TIDEMARK_DETECTOR_REDACT_H
#define TIDEMARK_DETECTOR_REDACT_H

#include "base/buffer.h"

enum redact_style {
	REDACT_MASK, /* as written, with *** for each secret */
	REDACT_DROP, /* without such parameters, and without userinfo */
};

/** Appends the URL without what gives access. */
void redact_append(struct buffer *into, struct bytes url, enum redact_style style);

/** Stars valid UTF-8, blanks and line ends aside: as many bytes and as many code points. */
void redact_stars(unsigned char *text, size_t len);

#endif

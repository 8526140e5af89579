/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a manifest, byte after byte: brackets, plain strings, hexadecimal
 * and numbers. What fails once fails from then on. Internal to answer/.
 */
#ifndef TIDEMARK_ANSWER_MANIFEST_READER_H
#define TIDEMARK_ANSWER_MANIFEST_READER_H

#include "answer/manifest-file.h"

struct manifest_reader {
	const struct manifest_source *source;
	uint64_t offset; /* of the next piece */
	size_t at, len;  /* within the piece */
	enum status failed;
	const char *why;
	unsigned char piece[16 * 1024];
};

void manifest_reader_begin(struct manifest_reader *reader, const struct manifest_source *source, uint64_t offset);
uint64_t manifest_reader_offset(const struct manifest_reader *reader);
/** Notes what is wrong, once; returns false. */
bool manifest_reader_refuse(struct manifest_reader *reader, const char *why);

/** The next byte that is no white space, left where it is; -1 at the end, or once it failed. */
int manifest_reader_peek(struct manifest_reader *reader);
/** Takes that byte, which must be this one. */
bool manifest_reader_expect(struct manifest_reader *reader, char wanted);
/** Takes it if it is this one. */
bool manifest_reader_takes(struct manifest_reader *reader, char wanted);
/** Takes null if it stands there. */
bool manifest_reader_takes_null(struct manifest_reader *reader);
/** Printable ASCII without escapes, at most max bytes and then a NUL. */
bool manifest_reader_text(struct manifest_reader *reader, char *into, size_t max);
/** A string of exactly 2 * size digits in lower case. */
bool manifest_reader_hex(struct manifest_reader *reader, unsigned char *into, size_t size);
/** A whole number below 2^63, as JSON writes one. */
bool manifest_reader_number(struct manifest_reader *reader, uint64_t *ret_number);

enum status manifest_reader_end(const struct manifest_reader *reader, struct failure *reterr) MUST_CHECK;

#endif

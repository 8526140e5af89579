/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foreign charsets to UTF-8 (iconv), and guessing which one a text is in
 * (a byte order mark, validity as UTF-8, then uchardet). iconv loads modules
 * with dlopen, so every converter is opened before the sandbox is sealed and
 * kept: afterwards only those exist.
 */
#ifndef TIDEMARK_FORMAT_TEXT_CHARSET_H
#define TIDEMARK_FORMAT_TEXT_CHARSET_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"

/** Opens all converters; once per process, before sealing. */
enum status charset_prepare(void) MUST_CHECK;

/** Appends text of the named charset (any case, the aliases of the IANA registry that occur in mail and HTML) as
 *  UTF-8; what does not convert becomes U+FFFD. UNSUPPORTED if the charset is not known: nothing is appended. */
enum status charset_append_decoded(struct buffer *into, struct bytes charset, struct bytes text) MUST_CHECK;

/** The charset a sample of text is in, as a static name this file knows; declared (may be empty) is believed unless
 *  the bytes contradict it. NULL if the sample is no text at all (binary). */
const char *charset_guess(struct bytes sample, struct bytes declared);

/** The charset that names of files are in, one a line, which are not UTF-8 all of them: one answer for all; otherwise where
 *  nothing speaks for any. */
const char *charset_guess_names(struct bytes names, const char *otherwise);

/** A converter that keeps its state between pieces, so that text of any size is decoded in pieces. */
struct charset_stream;
enum status charset_stream_open(struct bytes charset, struct charset_stream **ret_stream) MUST_CHECK;
enum status charset_stream_feed(struct charset_stream *stream, struct bytes piece, struct buffer *into) MUST_CHECK;
/** Flushes an unfinished sequence as U+FFFD. */
enum status charset_stream_finish(struct charset_stream *stream, struct buffer *into) MUST_CHECK;
void charset_stream_close(struct charset_stream *stream);

#endif

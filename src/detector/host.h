/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host names as they stand in text (RFC 1123 2.1, RFC 5890): walking over
 * them both ways, cutting off what a missing space glued to them, knowing
 * their suffix (ICANN part of the public suffix list, libpsl) and writing
 * them as lower-case A-labels (libidn2). All walks are bounded.
 */
#ifndef TIDEMARK_DETECTOR_HOST_H
#define TIDEMARK_DETECTOR_HOST_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"

#define HOST_LABEL_MAX 63
/* Bytes of a name as written; A-labels may be longer than what they stand for, so the limit of 253 is checked there. */
#define HOST_RUN_MAX 253

/** Letters of any script, digits, hyphens: where the label that ends at end begins (end itself if there is none, or if
 *  it is too long). */
size_t host_label_start(struct bytes text, size_t end);

/** Where the run of labels and single dots that begins at from ends; it ends neither with a dot nor a hyphen. from
 *  itself if there is none. */
size_t host_run_end(struct bytes text, size_t from);

/** The length of the longest beginning of a run that is a name below a known suffix; 0 if there is none. Sentences
 *  ("contoso.com.Please"), words ("contoso.comPhone") and tails ("contoso.com-2019") glued to it are cut off. */
size_t host_known_length(struct bytes run);

/** The same for what stands behind an @, where names that only a network's inside knows are hosts too. */
size_t host_address_length(struct bytes run);

/** The last label of a name. */
struct bytes host_last_label(struct bytes name);
/** The name's dots. */
size_t host_count_dots(struct bytes name);

/** Appends the name in lower-case A-labels without a final dot; false, with nothing appended, if it is none. */
bool host_append(struct buffer *into, struct bytes name);

/** The same for what only looks like a host: labels may hold underscores and need no suffix. */
bool host_append_loosely(struct buffer *into, struct bytes name);

/** Once, before the process is sealed; without it no suffix of two letters is known. */
enum status host_prepare(void) MUST_CHECK;

#endif

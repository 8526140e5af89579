/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings out of bytes nobody understands: runs of at least six printable
 * characters, ASCII or UTF-16LE (Latin, Greek, Cyrillic), a line each.
 */
#ifndef TIDEMARK_FORMAT_CARVE_H
#define TIDEMARK_FORMAT_CARVE_H

#include "base/buffer.h"
#include "format/format.h"

#define CARVE_TEXT_MAX (1u << 20)

/** Emits the strings from offset on, up to length bytes, until *room (bytes of text) is spent; lowers *room. OK, or
 *  what the emitter or the source returned. */
enum status carve_emit(struct source *source, uint64_t offset, uint64_t length, struct emitter *emitter, size_t *room) MUST_CHECK;

/** Appends the strings of bytes in memory, a line each, as far as the buffer's ceiling allows. */
void carve_append(struct buffer *lines, struct bytes bytes);

#endif

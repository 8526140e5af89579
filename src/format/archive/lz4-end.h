/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where LZ4 frames end (LZ4 Frame Format 1.6.4): told by the sizes in them.
 * libarchive counts the four bytes behind the last one as read, which may be
 * anybody's.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_LZ4_END_H
#define TIDEMARK_FORMAT_ARCHIVE_LZ4_END_H

#include "format/format.h"

/** *ret_end: behind the last whole frame from the beginning on; 0 where none is, or one is of the legacy form, which does not
 *  say where it ends. OK, or what the emitter or the source returned. */
enum status lz4_end_find(struct source *source, struct emitter *emitter, uint64_t *ret_end) MUST_CHECK;

#endif

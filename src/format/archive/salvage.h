/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before the cut of a compressed stream. libarchive gives out
 * whole blocks and keeps what it has of the last one; the libraries beneath it
 * give every byte they can tell. Of xz and Zstandard libarchive takes whatever
 * follows for damage: here it is told where the last stream ended.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_SALVAGE_H
#define TIDEMARK_FORMAT_ARCHIVE_SALVAGE_H

#include "format/format.h"

enum salvage_kind { SALVAGE_NONE, SALVAGE_GZIP, SALVAGE_BZIP2, SALVAGE_XZ, SALVAGE_ZSTD };

/** Passes on to the open child what the source yields beyond its first skip bytes of content, to the cut or the damage; *ret_end:
 *  where the last stream ended, if all are whole and none begins behind it; else 0. OK, or what the emitter or the source
 *  returned. */
enum status salvage_emit(struct source *source, enum salvage_kind kind, uint64_t skip, struct emitter *emitter,
                         uint64_t *ret_end) MUST_CHECK;

#endif

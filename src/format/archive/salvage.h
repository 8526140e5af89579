/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before the cut of a compressed stream. libarchive gives out
 * whole blocks and keeps what it has of the last one; the libraries beneath it
 * give every byte they can tell.
 */
#ifndef TIDEMARK_FORMAT_ARCHIVE_SALVAGE_H
#define TIDEMARK_FORMAT_ARCHIVE_SALVAGE_H

#include "format/format.h"

enum salvage_kind { SALVAGE_NONE, SALVAGE_GZIP, SALVAGE_BZIP2, SALVAGE_XZ, SALVAGE_ZSTD };

/** Passes on to the open child what the source yields beyond its first skip bytes of content, to the cut or the damage.
 *  OK, or what the emitter or the source returned. */
enum status salvage_emit(struct source *source, enum salvage_kind kind, uint64_t skip, struct emitter *emitter) MUST_CHECK;

#endif

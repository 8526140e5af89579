/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures as formats meet them, checked over the bytes of their source. */
#ifndef TIDEMARK_READING_SIGNING_H
#define TIDEMARK_READING_SIGNING_H

#include "base/arena.h"
#include "format/format.h"
#include "model/signature.h"

/** One for each signer, in arena. Says by emit_progress that it goes on, and stops as that says. A range that lies outside of its
 *  source, or cannot be read, makes it unknown whether the part is intact. */
enum status signing_check(const struct signed_part *part, struct emitter *emitter, struct arena *arena,
                          struct signature **ret_signatures, size_t *ret_count) MUST_CHECK;

#endif

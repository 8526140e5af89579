/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that came beside a frame: taken only where nobody can change it any more. */
#ifndef TIDEMARK_READING_SEALED_MEMORY_H
#define TIDEMARK_READING_SEALED_MEMORY_H

#include <stdint.h>

/** The first length bytes of a memfd, mapped to be read; the descriptor is closed either way. NULL if it is not sealed against
 *  shrinking and writing, is shorter, or length is 0. */
const unsigned char *sealed_memory_map(int descriptor, uint64_t length);
/** Harmless for NULL. */
void sealed_memory_unmap(const unsigned char *at, uint64_t length);

#endif

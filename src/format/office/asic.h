/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures that lie in a zip beside what they are over (ASiC, ETSI EN 319 162):
 * members of META-INF that are called a signature (.p7s) or a timestamp (.tst), over the one member that is none of the container's
 * own, or over a manifest with the digests of members, or in .xml.
 */
#ifndef TIDEMARK_FORMAT_OFFICE_ASIC_H
#define TIDEMARK_FORMAT_OFFICE_ASIC_H

#include "format/format.h"

/** Tells those of a zip file; of one without them, or that cannot be read, nothing. Only budgets and our own faults come back. */
enum status asic_emit_signatures(struct source *source, struct emitter *emitter) MUST_CHECK;

#endif

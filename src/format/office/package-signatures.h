/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures in XML (W3C XMLDSig) that lie in a package: OOXML's (ECMA-376 part 2, 12) and OpenDocument's (ODF 1.3 part 2, 5). */
#ifndef TIDEMARK_FORMAT_OFFICE_PACKAGE_SIGNATURES_H
#define TIDEMARK_FORMAT_OFFICE_PACKAGE_SIGNATURES_H

#include "format/office/package.h"

/** Tells those in a member. What they are over is not looked at: whether that is intact is unknown. */
enum status package_emit_signatures(struct package *package, const char *kind, size_t part) MUST_CHECK;

#endif

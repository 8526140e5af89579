/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures in XML (W3C XMLDSig) that lie in a package: OOXML's (ECMA-376 part 2, 12), OpenDocument's (ODF 1.3 part 2, 5) and
 * those of ASiC (ETSI EN 319 162).
 */
#ifndef TIDEMARK_FORMAT_OFFICE_PACKAGE_SIGNATURES_H
#define TIDEMARK_FORMAT_OFFICE_PACKAGE_SIGNATURES_H

#include "format/office/package.h"
#include "format/xml-signature.h"

/** Tells those in a member. A member they refer to as it stands whose digest is another is altered; else whether what they are
 *  over is intact is unknown. */
enum status package_emit_signatures(struct package *package, const char *kind, size_t part) MUST_CHECK;

/** The digest of what a member unpacks to; false where it could not be made. algorithm: as OpenSSL calls it. */
bool package_digest(struct package *package, size_t part, const char *algorithm, unsigned char digest[XML_SIGNATURE_DIGEST_MAX],
                    size_t *ret_length);

#endif

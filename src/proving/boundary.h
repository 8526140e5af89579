/* SPDX-License-Identifier: Apache-2.0 */
/* Where a subject ends: what a CNAME or a redirect may lead to. */
#ifndef TIDEMARK_PROVING_BOUNDARY_H
#define TIDEMARK_PROVING_BOUNDARY_H

#include <stdbool.h>

/** Whether host is subject or below it, with no public suffix above host from there on: below such a one names are other
 *  people's. Both in lower-case A-labels. */
bool boundary_holds(const char *subject, const char *host);

#endif

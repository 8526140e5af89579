/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Countries as evidence names them, by ISO 3166-1 alpha-2. Each row of the
 * tables has its source; what is in none is unknown.
 */
#ifndef TIDEMARK_UNDERSTANDING_COUNTRY_H
#define TIDEMARK_UNDERSTANDING_COUNTRY_H

#include "base/bytes.h"

/** By the prefix of a VAT id (Council Directive 2006/112/EC, article 215: EL for Greece, XI for Northern Ireland); empty if it
 *  has none. Borrowed from vat or static. */
struct bytes country_of_vat(struct bytes vat);

/** By a registrable domain's last label (RFC 1591: codes of ISO 3166-1, but for .uk, .gov and .mil), which is weak evidence: firms have names in
 *  other countries. Empty of what is no country's or is registered for what it spells (generic-countries.txt). */
void country_of_domain(struct bytes domain, char ret_code[3]);

#endif

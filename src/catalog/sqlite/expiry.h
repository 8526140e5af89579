/* SPDX-License-Identifier: Apache-2.0 */
/* Contents whose time is over. */
#ifndef TIDEMARK_CATALOG_SQLITE_EXPIRY_H
#define TIDEMARK_CATALOG_SQLITE_EXPIRY_H

#include "catalog/inside.h"

/** Erases them, makes the index anew if there were any, and counts what is there (census.h). */
enum status expire_contents(struct incident *incident, int64_t now, uint64_t *ret_expired) MUST_CHECK;

#endif

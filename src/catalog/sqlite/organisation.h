/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations, known by number. */
#ifndef TIDEMARK_CATALOG_SQLITE_ORGANISATION_H
#define TIDEMARK_CATALOG_SQLITE_ORGANISATION_H

#include "catalog/sqlite/database.h"

/** Made if new. */
enum status organisation_number(struct database *database, struct bytes domain, int64_t *ret_number) MUST_CHECK;

#endif

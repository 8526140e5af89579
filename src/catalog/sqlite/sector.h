/* SPDX-License-Identifier: Apache-2.0 */
/* tm_sector(sector, domain): which sectors come first; tm_sector_of(domain): the sector that its end is kept for, or NULL
 * (model/sector.h), in SQL. NULL is none. */
#ifndef TIDEMARK_CATALOG_SQLITE_SECTOR_H
#define TIDEMARK_CATALOG_SQLITE_SECTOR_H

#include "base/status.h"

#include <sqlite3.h>

/** Makes them known to a connection. */
enum status sector_register(sqlite3 *handle) MUST_CHECK;

#endif

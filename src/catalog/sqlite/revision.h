/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of one id. */
#ifndef TIDEMARK_CATALOG_SQLITE_REVISION_H
#define TIDEMARK_CATALOG_SQLITE_REVISION_H

#include "catalog/sqlite/store.h"

/** What an id had before this revision is superseded, with all its parts. */
enum status revision_supersede(struct store *store, const struct id *id, int64_t revision) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a file is whole: every page opens, and SQLite finds its tables and
 * indexes in order. All damage is told, not the first alone.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_CHECKING_H
#define TIDEMARK_CATALOG_SQLITE_CHECKING_H

#include "catalog/sqlite/database.h"

/* Where damage is told. */
struct checking {
	void (*each)(void *context, const char *file, uint64_t page, const char *what);
	void *context;
	const char *file; /* the one being looked at */
};

void checking_tell(const struct checking *checking, const char *what);
/** Of the file at path and its log; counts them in *pages. ABSENT: there is no such file. */
enum status checking_pages(const struct checking *checking, const char *path, const struct vault_key *key,
                           const unsigned char identity[PAGES_IDENTITY_SIZE], uint64_t *pages, struct failure *reterr) MUST_CHECK;
enum status checking_structure(const struct checking *checking, struct database *database) MUST_CHECK;

#endif

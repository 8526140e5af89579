/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions of a database's tables: numbered SQL, forward only, each step one
 * transaction, a copy made before the first step of a database in use. The
 * version stands in SQLite's user_version. No step leads here from before the
 * first: those were changed in place, so that one number means several things.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_SCHEMA_H
#define TIDEMARK_CATALOG_SQLITE_SCHEMA_H

#include "catalog/sqlite/database.h"

struct migration {
	unsigned version;              /* that it leads to, from the one before it; the first from no tables at all */
	const char *const *statements; /* up to a NULL */
};

struct schema {
	const struct migration *migrations;
	unsigned count;
};

extern const struct schema schema_of_catalog; /* tidemark.db */
extern const struct schema schema_of_incident;

enum status schema_version(struct database *database, unsigned *ret_version) MUST_CHECK;

/** Brings the database to the newest version; needs to write only if it is older. UNSUPPORTED if it is newer
 * than this program, or older than its first migration. A copy of an older one is left beside it as FILE.before-N. */
enum status schema_upgrade(struct database *database, const struct schema *schema, struct failure *reterr) MUST_CHECK;

/** UNSUPPORTED if newer, or older than the first; ABSENT if it has no tables yet; *ret_is_older tells that schema_upgrade is needed.
 */
enum status schema_check(struct database *database, const struct schema *schema, bool *ret_is_older,
                         struct failure *reterr) MUST_CHECK;

/** A database with its tables brought to their version. For reading an older one it is opened for writing
 * once. prepare (may be NULL) makes known what the tables need, each time it is opened. */
enum status schema_open(struct database *database, const char *path, const struct vault_key *key,
                        const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode, const struct schema *schema,
                        enum status (*prepare)(struct database *, void *), void *context, struct failure *reterr) MUST_CHECK;

/** Takes away the copies that upgrading left: what is erased in the file is still in them. */
enum status schema_forget_copies(const char *path, const struct schema *schema) MUST_CHECK;

#endif

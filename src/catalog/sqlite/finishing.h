/* SPDX-License-Identifier: Apache-2.0 */
/* Objects come to their end: read, failed, or given the documents of a twin. */
#ifndef TIDEMARK_CATALOG_SQLITE_FINISHING_H
#define TIDEMARK_CATALOG_SQLITE_FINISHING_H

#include "catalog/sqlite/store.h"
#include "model/record.h"

struct open_object;

struct end {
	enum outcome outcome;
	uint64_t fetched, unseen, size;
	struct bytes note, sha256;
	int64_t content; /* 0: none */
	bool is_twin;
};

/** Its row and those of its parts are LIVE from now on. Forgets the object. */
enum status finishing_finish(struct store *store, struct open_object *object, const struct end *end) MUST_CHECK;
/** The same, of one that was read, or could not be. */
enum status finishing_end(struct store *store, struct open_object *object, const struct object_record *record) MUST_CHECK;

#endif

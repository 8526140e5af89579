/* SPDX-License-Identifier: Apache-2.0 */
/* What comes of an object under way, before its end. */
#ifndef TIDEMARK_CATALOG_SQLITE_STORING_H
#define TIDEMARK_CATALOG_SQLITE_STORING_H

#include "catalog/sqlite/store.h"
#include "model/record.h"

struct open_object;

/** One document: a part's row is put, the object's own waits for the end. */
enum status storing_document(struct store *store, struct open_object *object, const struct document_record *record) MUST_CHECK;
/** Drops what came of an attempt that was given up. */
enum status storing_restart(struct store *store, struct open_object *object) MUST_CHECK;
enum status storing_version(struct store *store, struct open_object *object, const struct object *fetched) MUST_CHECK;

#endif

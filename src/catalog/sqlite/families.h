/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Families: contents that are one document, told apart from what only resembles
 * it. Two are kin where their texts are the same, or are near and the same was
 * found in both (model/sketch.h); kin of kin are of one family. The same contents
 * make the same families, in whatever order they were read.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_FAMILIES_H
#define TIDEMARK_CATALOG_SQLITE_FAMILIES_H

#include "catalog/sqlite/store.h"
#include "model/view.h"

/** Something will be written: families no longer are of what is live. */
enum status families_forget(struct database *database) MUST_CHECK;
/** Of what is live: in a transaction, at the end of a sweep; next_content: greater than all numbers. */
enum status families_make(struct database *database, int64_t next_content) MUST_CHECK;

/** As struct backend's. */
enum status families_find(struct store *store, const struct id *id, struct family *ret_family, struct failure *reterr) MUST_CHECK;

/** How many documents there are where each family is one. ABSENT: nobody can say. */
enum status families_count(struct database *database, uint64_t *ret_count) MUST_CHECK;

#endif

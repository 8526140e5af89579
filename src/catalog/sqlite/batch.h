/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts are gathered into one transaction until there are many of them or they
 * have waited; a page and a checkpoint end it. Commits are synced
 * (synchronous=FULL): at this rate they cost nothing that shows, and what was said
 * to be stored stays stored when power fails.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_BATCH_H
#define TIDEMARK_CATALOG_SQLITE_BATCH_H

#include "catalog/sqlite/store.h"

/** Opens a batch if none is open. What failed once fails for ever. */
enum status batch_start(struct store *store) MUST_CHECK;
/** Counts what was put and commits when the batch is full. */
enum status batch_count(struct store *store, size_t rows, size_t bytes) MUST_CHECK;
enum status batch_commit(struct store *store) MUST_CHECK;
/** Says in words what a put came to. One that failed may have been carried out in part, so its batch is lost. */
enum status batch_tell(struct store *store, enum status status, struct failure *reterr);

/** As struct backend's. */
enum status batch_checkpoint(struct store *store, bool only_if_due, struct failure *reterr) MUST_CHECK;

#endif

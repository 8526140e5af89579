/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts are gathered into one transaction until there are many of them or they
 * have waited; a page and a checkpoint end it. Commits are synced
 * (synchronous=FULL): at this rate they cost nothing that shows, and what was said
 * to be stored stays stored when power fails.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_BATCH_H
#define TIDEMARK_CATALOG_SQLITE_BATCH_H

#include "catalog/inside.h"

/** Opens a batch if none is open. What failed once fails for ever. */
enum status batch_start(struct incident *incident) MUST_CHECK;
/** Counts what was put and commits when the batch is full. */
enum status batch_count(struct incident *incident, size_t rows, size_t bytes) MUST_CHECK;
enum status batch_commit(struct incident *incident) MUST_CHECK;
/** Says in words what a put came to. One that failed may have been carried out in part, so its batch is lost. */
enum status batch_tell(struct incident *incident, enum status status, struct failure *reterr);

#endif

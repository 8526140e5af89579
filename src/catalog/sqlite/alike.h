/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a reading says what a stored content says. */
#ifndef TIDEMARK_CATALOG_SQLITE_ALIKE_H
#define TIDEMARK_CATALOG_SQLITE_ALIKE_H

#include "catalog/sqlite/database.h"
#include "model/record.h"

/** OK if a content says to the letter what the record says; END if it does not. */
enum status alike_compare(struct database *database, int64_t content, const struct document_record *record) MUST_CHECK;

#endif

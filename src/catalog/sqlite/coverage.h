/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEMARK_CATALOG_SQLITE_COVERAGE_H
#define TIDEMARK_CATALOG_SQLITE_COVERAGE_H

#include "catalog/sqlite/store.h"
#include "model/coverage.h"

/** Of rules, by their label: the kinds they look for, and the formats that read; for what is read by them from now on. */
enum status coverage_note_rules(struct store *store, int64_t rules, uint64_t kinds, struct bytes formats) MUST_CHECK;

/** Looks at every live row, once for as long as nothing has changed: who answers many knows it from then on. */
enum status coverage_read(struct store *store, struct coverage *ret_coverage, struct failure *reterr) MUST_CHECK;

#endif

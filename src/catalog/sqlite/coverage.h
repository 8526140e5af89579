/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEMARK_CATALOG_SQLITE_COVERAGE_H
#define TIDEMARK_CATALOG_SQLITE_COVERAGE_H

#include "catalog/sqlite/store.h"
#include "model/coverage.h"

/** The kinds that rules look for, by their label: for what is read by them from now on. */
enum status coverage_note_rules(struct store *store, int64_t rules, uint64_t kinds) MUST_CHECK;

enum status coverage_read(struct store *store, struct coverage *ret_coverage, struct failure *reterr) MUST_CHECK;

#endif

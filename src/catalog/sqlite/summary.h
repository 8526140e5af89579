/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a sweep. */
#ifndef TIDEMARK_CATALOG_SQLITE_SUMMARY_H
#define TIDEMARK_CATALOG_SQLITE_SUMMARY_H

#include "catalog/sqlite/store.h"
#include "model/sweep.h"

/** Of the one that was begun here, or else the latest. ABSENT: there was none. */
enum status summary_read(struct store *store, struct sweep_summary *ret_summary, struct failure *reterr) MUST_CHECK;

#endif

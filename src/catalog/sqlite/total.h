/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums in SQL over what others say. SQLite's own sum() fails where it overflows,
 * and its product turns into a fraction; tm_total(a) and tm_total(a, b), which
 * adds up a times b, end at SUM_MAX. What is NULL or negative counts as nothing.
 */
#ifndef TIDEMARK_CATALOG_SQLITE_TOTAL_H
#define TIDEMARK_CATALOG_SQLITE_TOTAL_H

#include "base/status.h"

#include <sqlite3.h>

/** Makes it known to a connection. */
enum status total_register(sqlite3 *handle) MUST_CHECK;

#endif

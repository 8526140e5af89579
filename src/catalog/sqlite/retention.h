/* SPDX-License-Identifier: Apache-2.0 */
/* Objects with what a policy asks of them, and what of each measure would have gone with them. */
#ifndef TIDEMARK_CATALOG_SQLITE_RETENTION_H
#define TIDEMARK_CATALOG_SQLITE_RETENTION_H

#include "catalog/sqlite/store.h"
#include "model/retention.h"

enum status retention_pass(struct store *store, const struct id *id, unsigned facts, retained_visitor *each, void *context,
                           struct failure *reterr) MUST_CHECK;
enum status retention_measure(struct store *store, unsigned facts, retained_visitor *each, whatif_judge *judge, void *context,
                              struct whatif_measure ret_measures[MEASURE_COUNT], struct failure *reterr) MUST_CHECK;

#endif

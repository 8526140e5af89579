/* SPDX-License-Identifier: Apache-2.0 */
/* What access logs say, asked. */
#ifndef TIDEMARK_CATALOG_SQLITE_READS_H
#define TIDEMARK_CATALOG_SQLITE_READS_H

#include "catalog/sqlite/store.h"
#include "model/reads.h"

/** Makes the id of an object known to SQL: tm_object_id (provider, account, container, name, version). */
enum status reads_register(sqlite3 *handle) MUST_CHECK;

enum status reads_spans(struct store *store, reads_span_visitor *each, void *context, struct failure *reterr) MUST_CHECK;
enum status reads_sums(struct store *store, struct reads_sums *ret_sums, struct failure *reterr) MUST_CHECK;
enum status reads_networks(struct store *store, reads_network_visitor *each, void *context, struct failure *reterr) MUST_CHECK;
enum status reads_objects(struct store *store, reads_object_visitor *each, void *context, struct failure *reterr) MUST_CHECK;
enum status reads_organisations(struct store *store, reads_organisation_visitor *each, void *context,
                                struct failure *reterr) MUST_CHECK;
enum status reads_of_object(struct store *store, const struct container *container, struct bytes name, struct bytes version,
                            struct reads_seen *ret_seen, struct failure *reterr) MUST_CHECK;
enum status reads_of_container(struct store *store, const struct container *container, struct reads_seen *ret_seen,
                               struct failure *reterr) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Putting what access logs say. */
#ifndef TIDEMARK_CATALOG_SQLITE_ACCESS_H
#define TIDEMARK_CATALOG_SQLITE_ACCESS_H

#include "catalog/sqlite/store.h"
#include "model/reads.h"

enum status access_begin_log(struct store *store, const unsigned char sha256[32], int64_t now, uint64_t turn, uint64_t *ret_file,
                             bool *ret_is_known, struct failure *reterr) MUST_CHECK;
enum status access_put(struct store *store, uint64_t file, const struct access_record *records, size_t count, uint64_t *ret_new,
                       struct failure *reterr) MUST_CHECK;
enum status access_end_log(struct store *store, uint64_t file, const struct log_file *figures, uint64_t turn,
                           struct failure *reterr) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The register's tables. */
#ifndef TIDEMARK_CATALOG_SQLITE_REGISTER_H
#define TIDEMARK_CATALOG_SQLITE_REGISTER_H

#include "base/buffer.h"
#include "catalog/sqlite/store.h"
#include "model/view.h"

enum status register_put(struct store *store, const struct register_state *state, const struct register_row *rows, size_t count,
                         uint64_t turn, struct failure *reterr) MUST_CHECK;
enum status register_take_out(struct store *store, struct bytes domain, register_visitor *each, void *context, uint64_t turn,
                              struct failure *reterr) MUST_CHECK;
enum status register_read_state(struct store *store, struct register_state *ret_state, struct failure *reterr) MUST_CHECK;
enum status register_list(struct store *store, enum relationship relationship, struct bytes cursor, register_visitor *each,
                          void *context, struct buffer *ret_cursor, struct failure *reterr) MUST_CHECK;
enum status register_find(struct store *store, struct bytes domain, register_visitor *each, void *context,
                          struct failure *reterr) MUST_CHECK;
enum status register_count_word(struct store *store, struct bytes word, uint64_t *ret_contents, uint64_t *ret_all,
                                struct failure *reterr) MUST_CHECK;

/** The row that has a domain, its first domain and terms aside, within a read: fields are good until register_end_row. *ret_row
 *  is NULL if there is none. */
enum status register_begin_row(struct database *database, struct bytes domain, sqlite3_stmt **ret_row,
                               struct register_row *ret_fields) MUST_CHECK;
void register_end_row(struct database *database, sqlite3_stmt *row);

#endif

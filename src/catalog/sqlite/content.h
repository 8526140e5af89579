/* SPDX-License-Identifier: Apache-2.0 */
/* Contents, stored once per content key. */
#ifndef TIDEMARK_CATALOG_SQLITE_CONTENT_H
#define TIDEMARK_CATALOG_SQLITE_CONTENT_H

#include "catalog/sqlite/store.h"
#include "model/renewal.h"

/** The number of the content of that key: stored now, or known already and saying no less. is_claimed: a worker
 * names the bytes so, of a part that nobody else saw; it shares a content only with readings that say the very
 * same, and never changes one that others have. is_redo: a reading that was asked for again takes an earlier
 * sweep's place. */
enum status content_store(struct store *store, struct bytes key, bool is_claimed, const struct document_record *record,
                          bool is_redo, int64_t *ret_number) MUST_CHECK;

/** Its kept text was looked through again, in that sweep and by those rules (a label): the record, of the same text but for stars,
 *  takes the place of what was kept. is_starred: the text, title or author has other stars; then it is a content of another number,
 *  so that no word is found that it does not show. *ret_is_altered: something else came out. */
enum status content_renew(struct store *store, int64_t content, const struct renewed *renewed, uint64_t sweep, int64_t rules,
                          bool *ret_is_altered) MUST_CHECK;

/** Erases what hangs on a content: text, findings, attributions; and the content itself unless keeps_row. */
enum status content_erase(struct store *store, int64_t content, bool keeps_row) MUST_CHECK;

#endif

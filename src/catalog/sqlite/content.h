/* SPDX-License-Identifier: Apache-2.0 */
/* Contents, stored once per content key, and the parts of objects that have them. */
#ifndef TIDEMARK_CATALOG_SQLITE_CONTENT_H
#define TIDEMARK_CATALOG_SQLITE_CONTENT_H

#include "catalog/sqlite/writing.h"

/** The number of the content of that key: stored now, or known already and saying no less. is_claimed: a worker
 * names the bytes so, of a part that nobody else saw; it shares a content only with readings that say the very
 * same, and never changes one that others have. is_redo: a reading that was asked for again takes an earlier
 * sweep's place. */
enum status content_store(struct incident *incident, struct bytes key, bool is_claimed,
                          const struct document_record *record, bool is_redo, int64_t *ret_number) MUST_CHECK;

/** OK if a content says to the letter what the record says; END if it does not. */
enum status content_compare(struct database *database, int64_t content,
                            const struct document_record *record) MUST_CHECK;

enum status index_words(struct incident *incident, int64_t content, struct bytes title,
                        struct bytes text) MUST_CHECK;

/* A part of an object as its row has it. */
struct part {
	struct bytes inner_path, note, sha256;
	uint32_t ordinal, parent;
	enum outcome outcome;
	uint64_t unseen_bytes, size;
	int64_t modified, content;   /* content 0: none */
};
/** Puts a part's row, ARRIVING; the same part again replaces it. */
enum status put_part(struct incident *incident, struct open_object *object,
                     const struct part *part) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Expiry erases what contents say, and makes the index of words anew without it. */
#include "catalog/sqlite/expiry.h"

#include "catalog/sqlite/census.h"
#include "catalog/sqlite/chunks.h"
#include "catalog/sqlite/content.h"
#include "catalog/sqlite/people.h"
#include "catalog/sqlite/schema.h"
#include "catalog/sqlite/turning.h"
#include "catalog/sqlite/word-index.h"

/* Contents that no sweep saw in time; those that no document has at all are remains of readings given up. */
#define HAS_DOCUMENTS "EXISTS (SELECT 1 FROM document d WHERE d.content = c.number)"
#define EXPIRED \
	" FROM content c" \
	" WHERE c.is_expired = 0 AND NOT EXISTS (SELECT 1 FROM document d JOIN document o ON o.number = d.object" \
	" JOIN sweep s ON s.number = o.last_sweep WHERE d.content = c.number AND s.keep_until > ?1)"

static const char list_expired[] = "SELECT c.number, " HAS_DOCUMENTS EXPIRED;

static enum status count_expired(struct database *database, int64_t by, uint64_t *ret_contents, uint64_t *ret_bytes)
{
	sqlite3_stmt *row = database_take(database,
	                                  "SELECT count(*), coalesce(sum(c.text_bytes), 0)" EXPIRED " AND " HAS_DOCUMENTS);
	bind_integer(row, 1, by);
	enum status status = database_step(database, row);
	if (status == STATUS_OK) {
		*ret_contents = column_unsigned(row, 0);
		*ret_bytes = column_unsigned(row, 1);
	}
	database_give(database, row);
	return status;
}

enum status expiry_foresee(struct store *store, int64_t by, uint64_t *ret_contents, uint64_t *ret_bytes, struct failure *reterr)
{
	return database_tell(&store->database, count_expired(&store->database, by, ret_contents, ret_bytes), reterr);
}

static enum status erase_expired(struct store *store, int64_t now, uint64_t *ret_erased)
{
	struct database *database = &store->database;
	sqlite3_stmt *list = database_take(database, list_expired);
	bind_integer(list, 1, now);
	enum status status;
	*ret_erased = 0;
	while ((status = database_step(database, list)) == STATUS_OK) {
		bool has_documents = sqlite3_column_int(list, 1) != 0;
		status = content_erase(store, sqlite3_column_int64(list, 0), has_documents);
		if (status != STATUS_OK)
			break;
		*ret_erased += has_documents;
	}
	database_give(database, list);
	if (status != STATUS_END)
		return status;
	return database_execute(
		database, "DELETE FROM entity WHERE NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.entity = entity.number)");
}

static enum status index_again(struct store *store)
{
	struct database *database = &store->database;
	struct buffer text = buffer_with_ceiling(RECORD_TEXT_MAX);
	sqlite3_stmt *list = database_take(database, "SELECT number, title FROM content"
	                                             " WHERE is_expired = 0 AND (text_bytes > 0 OR title IS NOT NULL)"
	                                             " ORDER BY number");
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		buffer_reset(&text);
		status = chunks_read(database, sqlite3_column_int64(list, 0), 0, UINT64_MAX, &text);
		if (status == STATUS_OK)
			status = word_index_add(database, sqlite3_column_int64(list, 0), column_bytes(list, 1),
			                        buffer_bytes(&text));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	buffer_free(&text);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status expiry_erase(struct store *store, int64_t now, uint64_t turn, uint64_t *ret_expired)
{
	enum status status = database_begin(&store->database);
	if (status == STATUS_OK)
		status = erase_expired(store, now, ret_expired);
	if (status == STATUS_OK && *ret_expired > 0) {
		status = word_index_clear(&store->database);
		if (status == STATUS_OK)
			status = index_again(store);
	}
	if (status == STATUS_OK)
		status = people_link(store, now);
	if (status == STATUS_OK)
		status = census_keep(&store->database);
	if (status == STATUS_OK)
		status = turning_write(&store->database, turn);
	return status == STATUS_OK ? database_commit(&store->database) : status;
}

enum status expiry_purge(struct store *store, int64_t by, uint64_t turn, struct failure *reterr)
{
	uint64_t expired = 0;
	enum status status = expiry_erase(store, by, turn, &expired);
	status = database_note_failure(&store->database, status);
	if (status == STATUS_OK && expired > 0)
		status = database_execute(&store->database, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
	if (status == STATUS_OK)
		status = schema_forget_copies(store->database.path, &schema_of_incident);
	return database_tell(&store->database, status, reterr);
}

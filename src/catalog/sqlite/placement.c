/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Most paths have no folder called like a domain, which a glance shows: so the
 * path is asked before the content is.
 */
#include "catalog/sqlite/placement.h"

#include "catalog/sqlite/document.h"
#include "catalog/sqlite/label.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/organisation.h"
#include "catalog/sqlite/writer.h"

static enum status has_party(struct database *database, int64_t content, bool *ret_has_party)
{
	int64_t found = 0;
	sqlite3_stmt *find = database_take(database,
	                                   "SELECT 1 FROM attribution WHERE content = ?1 AND role = " SQL_PARTY " LIMIT 1");
	bind_integer(find, 1, content);
	enum status status = database_read_integer(database, find, 0, &found);
	*ret_has_party = found != 0;
	return status;
}
_Static_assert(ORGANISATION_PARTY == 2, "stored by number");

static enum status insert_placement(struct store *store, int64_t document, const struct attribution *owner)
{
	int64_t organisation = 0, why = 0;
	enum status status = organisation_number(&store->database, owner->domain, &organisation);
	if (status == STATUS_OK)
		status = label_number(store, owner->why, &why);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(
		&store->database,
		"INSERT OR REPLACE INTO placement (document, organisation, confidence, why) VALUES (?1, ?2, ?3, ?4)");
	bind_integer(insert, 1, document);
	bind_integer(insert, 2, organisation);
	bind_real(insert, 3, (double)owner->confidence);
	bind_integer(insert, 4, why);
	return database_run(&store->database, insert);
}

static enum status put(struct store *store, int64_t document, struct bytes path, int64_t content)
{
	struct writer *writer = store->writer;
	const struct attribution *owners = NULL;
	size_t count = 0;
	bool is_claimed = false;
	enum status status = writer->owners_of_place(path, &writer->scratch, &owners, &count);
	if (status == STATUS_OK && count > 0)
		status = has_party(&store->database, content, &is_claimed);
	for (size_t i = 0; i < count && status == STATUS_OK && !is_claimed; i++)
		status = insert_placement(store, document, &owners[i]);
	arena_reset(&writer->scratch);
	return status;
}

enum status placement_put(struct store *store, int64_t document, struct bytes path, int64_t content)
{
	if (content == 0 || store->writer->owners_of_place == NULL)
		return STATUS_OK;
	return put(store, document, path, content);
}

enum status placement_renew(struct store *store, int64_t content)
{
	struct database *database = &store->database;
	sqlite3_stmt *forget = database_take(
		database, "DELETE FROM placement WHERE document IN (SELECT number FROM document WHERE content = ?1)");
	bind_integer(forget, 1, content);
	enum status status = database_run(database, forget);
	if (status != STATUS_OK || store->writer->owners_of_place == NULL)
		return status;
	sqlite3_stmt *list = database_take(database, "SELECT d.number, " DOCUMENT_SHOWN
	                                             " FROM document d WHERE d.content = ?1 AND d.state <> " SQL_ARRIVING);
	bind_integer(list, 1, content);
	while ((status = database_step(database, list)) == STATUS_OK) {
		status = put(store, sqlite3_column_int64(list, 0), column_bytes(list, 1), content);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

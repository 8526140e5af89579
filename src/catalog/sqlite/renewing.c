/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contents in the order of their numbers. What has the rules of the plan already
 * is passed over, so a renewal that was killed goes on where it stopped: what
 * became of a content and its new rules are one transaction.
 */
#include "catalog/sqlite/renewing.h"

#include "base/clock.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/beginning.h"
#include "catalog/sqlite/content.h"
#include "catalog/sqlite/coverage.h"
#include "catalog/sqlite/label.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/turning.h"
#include "catalog/sqlite/view.h"
#include "catalog/sqlite/writer.h"

#include <stdlib.h>

/* ---- rules that were, and what they become ---- */

static enum status add_succession(struct store *store, int64_t rules, struct bytes formats)
{
	const struct renewal_plan *plan = &store->writer->renewal;
	struct buffer text = buffer_with_ceiling(SIZE_MAX / 2);
	struct rules_succession succession = {.from = rules};
	buffer_append(&text, formats);
	buffer_append_byte(&text, '.');
	buffer_append(&text, plan->detection);
	enum status status = buffer_status(&text);
	if (status == STATUS_OK)
		status = label_number(store, buffer_bytes(&text), &succession.to);
	if (status == STATUS_OK)
		status = coverage_note_rules(store, succession.to, plan->kinds, formats);
	buffer_append(&store->writer->successions, bytes_of(&succession, sizeof succession));
	buffer_free(&text);
	return status == STATUS_OK ? buffer_status(&store->writer->successions) : status;
}

/* Gathered first: what they become are rows of the same table. */
static enum status find_successions(struct store *store)
{
	struct database *database = &store->database;
	struct writer *writer = store->writer;
	struct arena arena = arena_with_ceiling(16u << 20);
	struct buffer found = buffer_with_ceiling(SIZE_MAX / 2);
	sqlite3_stmt *list = database_take(database, "SELECT label, formats FROM rules WHERE formats <> ''"
	                                             " AND (?1 IS NULL OR formats = ?1) ORDER BY label");
	bind_text_or_null(list, 1, writer->renewal.formats);
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		struct {
			int64_t rules;
			struct bytes formats;
		} row = {sqlite3_column_int64(list, 0), arena_copy(&arena, column_bytes(list, 1))};
		buffer_append(&found, bytes_of(&row, sizeof row));
		if (row.formats.at == NULL || buffer_status(&found) != STATUS_OK)
			break;
	}
	database_give(database, list);
	status = status == STATUS_END ? STATUS_OK : status == STATUS_OK ? STATUS_NO_MEMORY : status;
	buffer_reset(&writer->successions);
	const struct {
		int64_t rules;
		struct bytes formats;
	} *rows = (const void *)found.at;
	for (size_t i = 0; i < found.len / sizeof *rows && status == STATUS_OK; i++)
		status = add_succession(store, rows[i].rules, rows[i].formats);
	buffer_free(&found);
	arena_free(&arena);
	return status;
}

/* 0: they are not looked through again, or are those of the plan. */
static int64_t successor_of(const struct writer *writer, int64_t rules)
{
	const struct rules_succession *successions = (const void *)writer->successions.at;
	for (size_t i = 0; i < writer->successions.len / sizeof *successions; i++)
		if (successions[i].from == rules)
			return successions[i].to != rules ? successions[i].to : 0;
	return 0;
}

/* Outside of a sweep, a turn of its own. */
static enum status begin(struct store *store, uint64_t turn)
{
	enum status status = STATUS_OK;
	if (turn > 0) {
		store->writer->owners_of_place = store->writer->renewal.owners_of_place;
		status = beginning_read_position(store);
		if (status == STATUS_OK)
			status = turning_write(&store->database, turn);
	}
	return status == STATUS_OK ? find_successions(store) : status;
}

enum status renewing_begin(struct store *store, const struct renewal_plan *plan, uint64_t turn, struct failure *reterr)
{
	store->writer->renewal = *plan;
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = begin(store, turn);
	if (status == STATUS_OK)
		status = batch_commit(store);
	return batch_tell(store, status, reterr);
}

/* ---- what is to be looked through ---- */

static const char find_places[] =
	"SELECT d.number, substr(d.path, 1, d.object_length) FROM document d WHERE d.content = ?1 AND d.state = " SQL_LIVE
	" AND (?2 IS NULL OR (d.container = (SELECT number FROM container WHERE provider = ?2 AND account = ?3 AND name = ?4)"
	" AND substr(d.path, 1, length(?5)) = ?5))";

/* A live document of it that is wanted; 0: there is none. target: NULL, wherever it stands. */
static enum status find_place(struct store *store, int64_t content, const struct sweep_target *target, int64_t *ret_document)
{
	struct database *database = &store->database;
	const struct renewal_plan *plan = &store->writer->renewal;
	sqlite3_stmt *list = database_take(database, find_places);
	bind_integer(list, 1, content);
	if (target != NULL) {
		bind_integer(list, 2, target->container.provider);
		bind_text(list, 3, target->container.account);
		bind_blob(list, 4, target->container.name);
		bind_blob(list, 5, target->prefix);
	}
	enum status status;
	*ret_document = 0;
	while (*ret_document == 0 && (status = database_step(database, list)) == STATUS_OK)
		if (plan->wants == NULL || plan->wants(plan->context, column_bytes(list, 1)))
			*ret_document = sqlite3_column_int64(list, 0);
	database_give(database, list);
	return *ret_document > 0 || status == STATUS_END ? STATUS_OK : status;
}

static enum status find_any_place(struct store *store, int64_t content, int64_t *ret_document)
{
	const struct renewal_plan *plan = &store->writer->renewal;
	if (plan->target_count == 0)
		return find_place(store, content, NULL, ret_document);
	enum status status = STATUS_OK;
	*ret_document = 0;
	for (size_t i = 0; i < plan->target_count && status == STATUS_OK && *ret_document == 0; i++)
		status = find_place(store, content, &plan->targets[i], ret_document);
	return status;
}

static const char list_contents[] = "SELECT number, rules FROM content WHERE number > ?1 AND is_expired = 0"
				    " AND coalesce(text_beyond, 0) = 0 AND outcome <> 2 AND (?2 IS NULL OR class = ?2)"
				    " ORDER BY number";
_Static_assert(OUTCOME_LISTED_ONLY == 2, "stored by number");

static enum status list(struct store *store, uint64_t *at, size_t max, document_visitor *each, void *context)
{
	struct database *database = &store->database;
	struct writer *writer = store->writer;
	struct copies copies = {0};
	size_t passed = 0;
	int64_t class = 0;
	enum status status = STATUS_OK;
	if (writer->renewal.class != CLASS_NONE)
		status = label_number(store, bytes_of_string(document_class_name(writer->renewal.class)), &class);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *rows = database_take(database, list_contents);
	bind_unsigned(rows, 1, *at);
	if (class > 0)
		bind_integer(rows, 2, class);
	while (passed < max && (status = database_step(database, rows)) == STATUS_OK) {
		int64_t content = sqlite3_column_int64(rows, 0), document = 0;
		*at = (uint64_t)content;
		if (successor_of(writer, sqlite3_column_int64(rows, 1)) == 0)
			continue;
		status = find_any_place(store, content, &document);
		if (status == STATUS_OK && document > 0) {
			status = view_pass(store, document, 0, &copies, each, context);
			passed++;
		}
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status renewing_list(struct store *store, struct buffer *cursor, size_t max, document_visitor *each, void *context,
                          struct failure *reterr)
{
	unsigned char number[8];
	uint64_t at = cursor->len == sizeof number ? load_le64(cursor->at) : 0;
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = list(store, &at, max, each, context);
	store_le64(number, at);
	buffer_reset(cursor);
	buffer_append(cursor, bytes_of(number, sizeof number));
	return status == STATUS_OK ? buffer_status(cursor) : batch_tell(store, status, reterr);
}

/* ---- what came of it ---- */

static enum status put(struct store *store, const struct renewed *renewed, uint64_t *altered)
{
	struct database *database = &store->database;
	struct writer *writer = store->writer;
	sqlite3_stmt *find = database_take(database, "SELECT number, rules FROM content WHERE key = ?1");
	bind_blob(find, 1, bytes_of(renewed->content_key, sizeof renewed->content_key));
	enum status status = database_step(database, find);
	int64_t content = status == STATUS_OK ? sqlite3_column_int64(find, 0) : 0;
	int64_t rules = status == STATUS_OK ? successor_of(writer, sqlite3_column_int64(find, 1)) : 0;
	database_give(database, find);
	if (status == STATUS_END || (status == STATUS_OK && rules == 0))
		return STATUS_OK; /* it came twice */
	bool is_altered = false;
	if (status == STATUS_OK)
		status = content_renew(store, content, renewed, writer->sweep, rules, &is_altered);
	*altered += is_altered;
	return status == STATUS_OK ? batch_count(store, 1, renewed->record->text.len + renewed->record->finding_count * 64)
	                           : status;
}

enum status renewing_put(struct store *store, const struct renewed *renewed, size_t count, uint64_t *ret_altered,
                         struct failure *reterr)
{
	enum status status = batch_start(store);
	uint64_t altered = 0;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		status = batch_start(store);
		if (status == STATUS_OK)
			status = put(store, &renewed[i], &altered);
	}
	*ret_altered = altered;
	return batch_tell(store, status, reterr);
}

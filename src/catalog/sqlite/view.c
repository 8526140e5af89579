/* SPDX-License-Identifier: Apache-2.0 */
/* A view is read from its row, its object's row, its content and its container in one statement. */
#include "catalog/sqlite/view.h"

#include "catalog/sqlite/document.h"
#include "catalog/sqlite/fields.h"
#include "catalog/sqlite/numbers.h"

enum {
	V_ID,
	V_REVISION,
	V_PATH,
	V_OBJECT_LENGTH,
	V_OUTCOME,
	V_UNSEEN,
	V_SIZE,
	V_MODIFIED,
	V_SHA256,
	V_NOTE,
	V_ORDINAL,
	V_STATE,
	V_OBJECT_ID,
	V_VERSION,
	V_LISTED_CREATED,
	V_EXPOSED_FIRST,
	V_EXPOSED_LAST,
	V_GONE_AT,
	V_PARENT_ID,
	V_PROVIDER,
	V_ACCOUNT,
	V_CONTAINER,
	V_URL,
	V_CONTENT,
	V_KEY,
	V_HAS_TEXT,
	V_DATED,
	V_SHOWN_PATH,
	V_SHUT_AT,
	V_FIELDS, /* of the content, in the order of their rows */
};

/* When the container was shut behind o, if no door of it stands open: one that opened again may show it again. */
#define SHUT_AT \
	"(SELECT CASE WHEN count(x.closed_at) = count(*) THEN max(x.closed_at) END FROM exposure x" \
	" WHERE x.container = d.container AND x.last_seen >= o.exposed_first)"

static const char find_view[] =
	"SELECT d.id, d.revision, d.path, d.object_length, d.outcome, d.unseen, d.size, d.modified, d.sha256, d.note,"
	" d.ordinal, d.state, o.id, o.version, o.created, o.exposed_first, o.exposed_last, o.gone_at,"
	" CASE WHEN d.ordinal = 0 THEN NULL WHEN d.parent = 0 THEN o.id ELSE (SELECT p.id FROM document p"
	" WHERE p.object = d.object AND p.ordinal = d.parent AND p.ordinal > 0) END, k.provider, k.account, k.name,"
	" k.url, c.number, c.key, c.text_bytes > 0 AND c.is_expired = 0, coalesce(c.created, d.modified, o.modified),"
	" d.shown_path, " SHUT_AT FIELDS_SELECTED " FROM document d JOIN document o ON o.number = d.object"
	" JOIN container k ON k.number = d.container"
	" LEFT JOIN content c ON c.number = d.content WHERE d.number = ?1";

static enum outcome shown_outcome(sqlite3_stmt *row)
{
	int outcome = sqlite3_column_int(row, V_OUTCOME);
	return outcome == OUTCOME_PENDING ? OUTCOME_LISTED_ONLY : (enum outcome)outcome;
}

static int64_t earlier(int64_t left, int64_t right)
{
	return right == CLOCK_UNKNOWN || (left != CLOCK_UNKNOWN && left < right) ? left : right;
}

static void read_place(sqlite3_stmt *row, struct document_view *view)
{
	view->path = column_bytes(row, V_PATH);
	view->shown_path = column_bytes(row, V_SHOWN_PATH);
	view->object_name = bytes_slice(view->path, 0, (size_t)column_unsigned(row, V_OBJECT_LENGTH));
	view->version = column_bytes(row, V_VERSION);
	view->container = (struct container){
		.provider = (enum provider_kind)sqlite3_column_int(row, V_PROVIDER),
		.account = column_bytes(row, V_ACCOUNT),
		.name = column_bytes(row, V_CONTAINER),
		.url = column_bytes(row, V_URL),
	};
	view->exposed.first_seen = column_time(row, V_EXPOSED_FIRST);
	view->exposed.last_seen = column_time(row, V_EXPOSED_LAST);
	view->gone_at = column_time(row, V_GONE_AT);
	view->exposed.closed_at = view->exposed.first_seen != CLOCK_UNKNOWN ? earlier(view->gone_at, column_time(row, V_SHUT_AT))
	                                                                    : CLOCK_UNKNOWN;
	view->is_gone = view->gone_at != CLOCK_UNKNOWN;
}

static void read_reading(sqlite3_stmt *row, struct document_view *view)
{
	struct bytes sha256 = column_bytes(row, V_SHA256), key = column_bytes(row, V_KEY);
	view->outcome = shown_outcome(row);
	view->unseen_bytes = column_unsigned(row, V_UNSEEN);
	view->size = column_is_null(row, V_SIZE) ? OBJECT_SIZE_UNKNOWN : column_unsigned(row, V_SIZE);
	view->modified = column_time(row, V_MODIFIED);
	view->note = column_bytes(row, V_NOTE);
	if (view->note.len == 0 && view->outcome != OUTCOME_READ)
		view->note = bytes_of_string(outcome_meaning(view->outcome));
	view->has_sha256 = sha256.len == sizeof view->sha256;
	if (view->has_sha256)
		memcpy(view->sha256, sha256.at, sha256.len);
	view->has_content = key.len == sizeof view->content_key;
	if (view->has_content)
		memcpy(view->content_key, key.at, key.len);
	fields_read(row, V_FIELDS, &view->fields);
	if (view->created == CLOCK_UNKNOWN)
		view->created = column_time(row, V_LISTED_CREATED);
	view->has_text = sqlite3_column_int(row, V_HAS_TEXT) != 0;
	view->dated = column_time(row, V_DATED);
}

static enum status read_view(sqlite3_stmt *row, struct document_view *view)
{
	if (!column_id(row, V_ID, &view->id) || !column_id(row, V_OBJECT_ID, &view->object))
		return STATUS_MALFORMED;
	view->has_parent = column_id(row, V_PARENT_ID, &view->parent);
	view->revision = column_unsigned(row, V_REVISION);
	view->is_superseded = sqlite3_column_int(row, V_STATE) == DOCUMENT_SUPERSEDED;
	read_place(row, view);
	read_reading(row, view);
	return STATUS_OK;
}

static enum status count_copies(struct store *store, int64_t content, struct copies *copies, uint64_t *ret_count)
{
	size_t place = (size_t)content % COPIES_CACHED;
	*ret_count = 1;
	if (content == 0)
		return STATUS_OK;
	if (copies->known[place].content != content) {
		int64_t count = 0;
		sqlite3_stmt *find = database_take(&store->database,
		                                   "SELECT count(*) FROM document WHERE content = ?1 AND state = " SQL_LIVE);
		bind_integer(find, 1, content);
		enum status status = database_read_integer(&store->database, find, 0, &count);
		if (status != STATUS_OK)
			return status;
		copies->known[place].content = content;
		copies->known[place].count = (uint64_t)count;
	}
	*ret_count = copies->known[place].count;
	return STATUS_OK;
}

/* With its content at hand for the questions of who it is passed to. */
static enum status pass(struct store *store, int64_t content, const struct document_view *view, document_visitor *each,
                        void *context)
{
	struct content_at_hand before = store->at_hand;
	store->at_hand.number = view->has_content ? content : 0;
	memcpy(store->at_hand.key, view->content_key, sizeof store->at_hand.key);
	enum status status = each(context, view);
	store->at_hand = before;
	return status;
}

enum status view_pass(struct store *store, int64_t document, double score, struct copies *copies, document_visitor *each,
                      void *context)
{
	struct database *database = &store->database;
	struct document_view view = {.score = score};
	sqlite3_stmt *row = database_take(database, find_view);
	bind_integer(row, 1, document);
	enum status status = database_step(database, row);
	if (status == STATUS_END)
		status = STATUS_ABSENT;
	if (status == STATUS_OK)
		status = read_view(row, &view);
	if (status == STATUS_OK)
		status = count_copies(store, sqlite3_column_int64(row, V_CONTENT), copies, &view.copies);
	if (status == STATUS_OK)
		status = pass(store, sqlite3_column_int64(row, V_CONTENT), &view, each, context);
	database_give(database, row);
	return status;
}

enum status view_pass_all(struct store *store, sqlite3_stmt *numbers, document_visitor *each, void *context)
{
	struct database *database = &store->database;
	struct copies copies = {0};
	enum status status;
	while ((status = database_step(database, numbers)) == STATUS_OK) {
		status = view_pass(store, sqlite3_column_int64(numbers, 0), 0, &copies, each, context);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, numbers);
	return status == STATUS_END ? STATUS_OK : status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Every question reads one snapshot. */
#include "catalog/sqlite/reading.h"

#include "base/text.h"
#include "catalog/names.h"
#include "catalog/sqlite/chunks.h"
#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/view.h"

enum status reading_begin_moment(struct store *store, struct failure *reterr)
{
	return database_tell(&store->database, database_begin_reading(&store->database), reterr);
}

void reading_end_moment(struct store *store)
{
	database_end_reading(&store->database);
}

/* Every question is one snapshot; a visitor may ask further ones within it. */
static enum status ask(struct store *store, sqlite3_stmt *numbers, document_visitor *each, void *context, struct failure *reterr)
{
	enum status status = view_pass_all(store, numbers, each, context);
	database_end_reading(&store->database);
	return database_tell(&store->database, status, reterr);
}

static enum status ask_about(struct store *store, const char *sql, const struct id *id, document_visitor *each, void *context,
                             struct failure *reterr)
{
	enum status status = database_begin_reading(&store->database);
	if (status != STATUS_OK)
		return database_tell(&store->database, status, reterr);
	sqlite3_stmt *numbers = database_take(&store->database, sql);
	bind_id(numbers, 1, id);
	return ask(store, numbers, each, context, reterr);
}

struct counting {
	document_visitor *each;
	void *context;
	size_t passed;
};

static enum status count_and_pass(void *context, const struct document_view *view)
{
	struct counting *counting = context;
	counting->passed++;
	return counting->each(counting->context, view);
}

static enum status find(struct store *store, const struct id *id, document_visitor *each, void *context, struct failure *reterr)
{
	static const char newest[] = "SELECT number FROM document WHERE id = ?1 AND state <> " SQL_ARRIVING
				     " ORDER BY state = " SQL_LIVE " DESC, revision DESC LIMIT 1";
	struct counting counting = {each, context, 0};
	enum status status = ask_about(store, newest, id, count_and_pass, &counting, reterr);
	return status == STATUS_OK && counting.passed == 0 ? STATUS_ABSENT : status;
}

static const char list_children[] = "WITH whole AS (SELECT object, ordinal FROM document WHERE id = ?1 AND state <> " SQL_ARRIVING
				    " ORDER BY state = " SQL_LIVE " DESC, revision DESC LIMIT 1) SELECT d.number"
				    " FROM whole"
				    " JOIN document d ON d.object = whole.object AND d.ordinal > 0 AND d.parent = whole.ordinal"
				    " AND d.state <> " SQL_ARRIVING " ORDER BY d.ordinal";

static const char list_twins[] = "SELECT d.number FROM document d WHERE d.state = " SQL_LIVE " AND d.id <> ?1"
				 " AND d.content = (SELECT content FROM document WHERE id = ?1 AND state <> " SQL_ARRIVING
				 " ORDER BY state = " SQL_LIVE " DESC, revision DESC LIMIT 1) ORDER BY d.id";

/* ---- versions ---- */

#define THIS_DOCUMENT \
	"WITH this AS (SELECT number, path, container FROM document WHERE id = ?1 AND state <> " SQL_ARRIVING \
	" ORDER BY state = " SQL_LIVE " DESC, revision DESC LIMIT 1)"

static const char list_revisions[] = THIS_DOCUMENT " SELECT d.number FROM this"
						   " JOIN document d ON d.id = ?1 AND d.state <> " SQL_ARRIVING
						   " AND d.number <> this.number"
						   " ORDER BY d.revision DESC";

/* Other versions have ids of their own: they are found by their path, and by the index where it can tell. */
#define OF_THE_SAME_PATH \
	THIS_DOCUMENT " SELECT d.number FROM this JOIN document d" \
		      " WHERE d.container = this.container AND d.path = this.path AND d.id <> ?1 AND d.state = " SQL_LIVE
static const char list_versions[] = OF_THE_SAME_PATH " ORDER BY d.id";

enum { PATH_TAIL = 64 };

/* Whatever ends as this path does, folded. */
static enum status ask_names_of(struct store *store, struct bytes path, struct buffer *question)
{
	struct buffer folded = buffer_with_ceiling(SIZE_MAX / 2);
	fold_append(store->fold, &folded, path);
	struct bytes tail = buffer_bytes(&folded);
	if (tail.len > PATH_TAIL)
		tail = bytes_from(tail, text_offset(tail, text_count(tail) - PATH_TAIL / 4));
	names_ask_substring(tail, question);
	enum status status = buffer_status(&folded) != STATUS_OK ? buffer_status(&folded) : buffer_status(question);
	buffer_free(&folded);
	return status;
}

static enum status ask_names(struct store *store, const struct id *id, struct buffer *question)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database, "SELECT " DOCUMENT_SHOWN " FROM document d WHERE d.id = ?1 LIMIT 1");
	bind_id(find, 1, id);
	enum status status = database_step(database, find);
	if (status == STATUS_OK)
		status = ask_names_of(store, column_bytes(find, 0), question);
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

static sqlite3_stmt *prepare_versions(struct store *store, struct bytes question)
{
	if (question.len == 0)
		return database_take(&store->database, list_versions);
	struct buffer sql = buffer_with_ceiling(4096);
	buffer_append_format(&sql, OF_THE_SAME_PATH " AND d.number IN (%s?2) ORDER BY d.id", names_candidates);
	sqlite3_stmt *numbers = NULL;
	if (buffer_status(&sql) == STATUS_OK)
		numbers = database_prepare(&store->database, buffer_string(&sql));
	buffer_free(&sql);
	bind_text(numbers, 2, question);
	return numbers;
}

static enum status pass_versions(struct store *store, const struct id *id, document_visitor *each, void *context)
{
	struct buffer question = buffer_with_ceiling(SIZE_MAX / 2);
	enum status status = ask_names(store, id, &question);
	if (status == STATUS_OK) {
		sqlite3_stmt *numbers = prepare_versions(store, buffer_bytes(&question));
		bind_id(numbers, 1, id);
		status = view_pass_all(store, numbers, each, context);
	}
	buffer_free(&question);
	return status;
}

static enum status list_all_versions(struct store *store, const struct id *id, document_visitor *each, void *context,
                                     struct failure *reterr)
{
	enum status status = database_begin_reading(&store->database);
	if (status != STATUS_OK)
		return database_tell(&store->database, status, reterr);
	sqlite3_stmt *numbers = database_take(&store->database, list_revisions);
	bind_id(numbers, 1, id);
	status = view_pass_all(store, numbers, each, context);
	if (status == STATUS_OK)
		status = pass_versions(store, id, each, context);
	database_end_reading(&store->database);
	return database_tell(&store->database, status, reterr);
}

/* ---- what a person names ---- */

/* Of the revisions of one id the one that find() takes. */
#define NEWEST_OF_ITS_ID \
	"d.state <> " SQL_ARRIVING " AND NOT EXISTS (SELECT 1 FROM document e WHERE e.id = d.id AND e.state <> " SQL_ARRIVING \
	" AND (e.state = " SQL_LIVE ", e.revision) > (d.state = " SQL_LIVE ", d.revision))"

static enum status pass_some(struct store *store, sqlite3_stmt *numbers, document_visitor *each, void *context,
                             struct failure *reterr)
{
	enum status status = view_pass_all(store, numbers, each, context);
	database_end_reading(&store->database);
	return status == STATUS_END ? STATUS_OK : database_tell(&store->database, status, reterr);
}

enum status reading_between(struct store *store, const struct id *low, const struct id *high, document_visitor *each,
                            void *context, struct failure *reterr)
{
	enum status status = database_begin_reading(&store->database);
	if (status != STATUS_OK)
		return database_tell(&store->database, status, reterr);
	sqlite3_stmt *numbers = database_take(
		&store->database,
		"SELECT d.number FROM document d WHERE d.id >= ?1 AND d.id <= ?2 AND " NEWEST_OF_ITS_ID " ORDER BY d.id");
	bind_id(numbers, 1, low);
	bind_id(numbers, 2, high);
	return pass_some(store, numbers, each, context, reterr);
}

/* A path whose bytes are not UTF-8 may be written as people read it, by its bytes, or with U+FFFD for each that is wrong. */
static bool is_of_bytes(struct bytes written)
{
	return !text_is_valid(written) || bytes_find(written, BYTES_LITERAL("\xEF\xBF\xBD")) != BYTES_NOT_FOUND;
}

/* Its longest part that is the same in all three: ASCII, without what may be the second byte of a character or have become
 * another slash. */
static struct bytes plain_part(struct bytes written)
{
	struct bytes longest = BYTES_NONE;
	for (size_t from = 0, at = 0; at <= written.len; at++) {
		bool is_plain = at < written.len && written.at[at] > ' ' && written.at[at] < 0x7F && written.at[at] != '/' &&
		                written.at[at] != '\\';
		if (is_plain)
			continue;
		if (at - from > longest.len)
			longest = bytes_slice(written, from, at - from);
		from = at + 1 + (at < written.len && written.at[at] >= 0x80);
	}
	return longest;
}

static sqlite3_stmt *prepare_at_path(struct store *store, struct bytes path, struct bytes question)
{
	struct buffer sql = buffer_with_ceiling(4096);
	buffer_append_format(&sql, "SELECT d.number FROM document d WHERE (" DOCUMENT_SHOWN " = ?1%s) AND " NEWEST_OF_ITS_ID,
	                     is_of_bytes(path) ? " OR d.path = ?1 OR tm_repaired(d.path) = ?1" : "");
	if (question.len > 0)
		buffer_append_format(&sql, " AND d.number IN (%s?2)", names_candidates);
	buffer_append_string(&sql, " ORDER BY d.id");
	sqlite3_stmt *numbers = NULL;
	if (buffer_status(&sql) == STATUS_OK)
		numbers = database_prepare(&store->database, buffer_string(&sql));
	buffer_free(&sql);
	bind_blob(numbers, 1, path);
	if (question.len > 0)
		bind_text(numbers, 2, question);
	return numbers;
}

enum status reading_at_path(struct store *store, struct bytes path, document_visitor *each, void *context, struct failure *reterr)
{
	struct buffer question = buffer_with_ceiling(SIZE_MAX / 2);
	enum status status = database_begin_reading(&store->database);
	if (status == STATUS_OK)
		status = ask_names_of(store, is_of_bytes(path) ? plain_part(path) : path, &question);
	if (status == STATUS_OK)
		status = pass_some(store, prepare_at_path(store, path, buffer_bytes(&question)), each, context, reterr);
	else
		status = database_tell(&store->database, status, reterr);
	buffer_free(&question);
	return status;
}

enum status reading_get(struct store *store, enum relation relation, const struct id *id, document_visitor *each, void *context,
                        struct failure *reterr)
{
	switch (relation) {
	case RELATION_ITSELF: return find(store, id, each, context, reterr);
	case RELATION_CHILDREN: return ask_about(store, list_children, id, each, context, reterr);
	case RELATION_VERSIONS: return list_all_versions(store, id, each, context, reterr);
	case RELATION_TWINS: return ask_about(store, list_twins, id, each, context, reterr);
	}
	return STATUS_BROKEN;
}

/* ---- contents ---- */

static enum status find_content(struct store *store, const unsigned char key[32], int64_t *ret_content)
{
	struct database *database = &store->database;
	if (store->at_hand.number != 0 && memcmp(store->at_hand.key, key, 32) == 0) {
		*ret_content = store->at_hand.number;
		return STATUS_OK;
	}
	sqlite3_stmt *find = database_take(database, "SELECT number FROM content WHERE key = ?1");
	bind_blob(find, 1, bytes_of(key, 32));
	enum status status = database_read_integer(database, find, 0, ret_content);
	return status == STATUS_OK && *ret_content == 0 ? STATUS_ABSENT : status;
}

enum status reading_text(struct store *store, const unsigned char content_key[32], uint64_t from, uint64_t to,
                         struct buffer *into, struct failure *reterr)
{
	struct database *database = &store->database;
	int64_t content = 0;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = find_content(store, content_key, &content);
	if (status == STATUS_OK)
		status = chunks_read(database, content, from, to, into);
	database_end_reading(database);
	if (status == STATUS_ABSENT)
		return STATUS_ABSENT;
	return database_tell(database, status, reterr);
}

static enum status pass_taken(struct database *database, sqlite3_stmt *rows, enum status (*pass)(sqlite3_stmt *, void *),
                              void *context)
{
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = pass(rows, context);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status;
}

/* Passes rows of a content until there are no more or each stops. */
static enum status pass_rows(struct store *store, const char *sql, const unsigned char content_key[32],
                             enum status (*pass)(sqlite3_stmt *, void *), void *context, struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	int64_t content = 0;
	status = find_content(store, content_key, &content);
	if (status == STATUS_ABSENT) {
		status = STATUS_OK;
	} else if (status == STATUS_OK) {
		sqlite3_stmt *rows = database_take(database, sql);
		bind_integer(rows, 1, content);
		status = pass_taken(database, rows, pass, context);
	}
	database_end_reading(database);
	return database_tell(database, status, reterr);
}

struct finding_passing {
	finding_visitor *each;
	void *context;
};

static enum status pass_finding(sqlite3_stmt *row, void *context)
{
	struct finding_passing *passing = context;
	struct finding finding = {
		.kind = (enum finding_kind)sqlite3_column_int(row, 0),
		.subkind = column_bytes(row, 1),
		.value = column_bytes(row, 2),
		.raw = column_bytes(row, column_is_null(row, 3) ? 2 : 3),
		.from = column_unsigned(row, 4),
		.to = column_unsigned(row, 5),
		.confidence = (float)sqlite3_column_double(row, 6),
		.rule = column_bytes(row, 7),
	};
	return passing->each(passing->context, &finding);
}

enum status reading_findings(struct store *store, const unsigned char content_key[32], finding_visitor *each, void *context,
                             struct failure *reterr)
{
	static const char list[] =
		"SELECT e.kind, (SELECT text FROM label WHERE label.number = f.subkind), e.value, f.raw, f.start,"
		" f.finish, f.confidence, (SELECT text FROM label WHERE label.number = f.rule)"
		" FROM finding f JOIN entity e ON e.number = f.entity WHERE f.content = ?1"
		" ORDER BY f.nth";
	struct finding_passing passing = {each, context};
	return pass_rows(store, list, content_key, pass_finding, &passing, reterr);
}

struct fact_passing {
	fact_visitor *each;
	void *context;
};

static enum status pass_fact(sqlite3_stmt *row, void *context)
{
	struct fact_passing *passing = context;
	struct fact fact = {
		.kind = (enum fact_kind)sqlite3_column_int(row, 0),
		.name = column_bytes(row, 1),
		.value = column_bytes(row, 2),
		.from = column_unsigned(row, 3),
		.to = column_unsigned(row, 4),
		.confidence = (float)sqlite3_column_double(row, 5),
	};
	return passing->each(passing->context, &fact);
}

enum status reading_facts(struct store *store, const unsigned char content_key[32], fact_visitor *each, void *context,
                          struct failure *reterr)
{
	static const char list[] = "SELECT f.kind, l.text, f.value, f.start, f.finish, f.confidence"
				   " FROM fact f JOIN label l ON l.number = f.name WHERE f.content = ?1"
				   " ORDER BY f.nth";
	struct fact_passing passing = {each, context};
	return pass_rows(store, list, content_key, pass_fact, &passing, reterr);
}

struct attribution_passing {
	attribution_visitor *each;
	void *context;
};

static enum status pass_attribution(sqlite3_stmt *row, void *context)
{
	struct attribution_passing *passing = context;
	struct attribution attribution = {
		.domain = column_bytes(row, 0),
		.role = (enum organisation_role)sqlite3_column_int(row, 1),
		.confidence = (float)sqlite3_column_double(row, 2),
		.why = column_bytes(row, 3),
		.part = (enum organisation_part)sqlite3_column_int(row, 4),
		.name = column_bytes(row, 5),
		.country_by = (enum country_evidence)sqlite3_column_int(row, 7),
	};
	struct bytes country = column_bytes(row, 6);
	if (country.len == COUNTRY_LENGTH)
		memcpy(attribution.country, country.at, COUNTRY_LENGTH);
	return passing->each(passing->context, &attribution);
}

/* One that the content only mentions may be a party by the place: then it is passed twice. */
static const char list_attributions[] =
	"SELECT g.domain, a.role AS role, a.confidence AS confidence, a.why, a.part, a.name, a.country, a.country_by,"
	" coalesce(nullif(a.part, 0), 99) AS place"
	" FROM attribution a JOIN organisation g ON g.number = a.organisation WHERE a.content = ?1"
	" UNION ALL SELECT g.domain, 2, p.confidence, l.text, 0, NULL, NULL, 0, 99 FROM document d"
	" JOIN placement p ON p.document = d.number"
	" JOIN organisation g ON g.number = p.organisation"
	" JOIN label l ON l.number = p.why WHERE d.id = ?2 AND d.revision = ?3"
	" ORDER BY role DESC, confidence DESC, place, domain";
_Static_assert(ORGANISATION_PARTY == 2, "stored by number");

enum status reading_attributions(struct store *store, const struct document_view *view, attribution_visitor *each, void *context,
                                 struct failure *reterr)
{
	struct database *database = &store->database;
	struct attribution_passing passing = {each, context};
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	int64_t content = 0; /* none: it may be somebody's by its place all the same */
	if (view->has_content)
		status = find_content(store, view->content_key, &content);
	if (status == STATUS_OK || status == STATUS_ABSENT) {
		sqlite3_stmt *rows = database_take(database, list_attributions);
		bind_integer(rows, 1, content);
		bind_id(rows, 2, &view->id);
		bind_unsigned(rows, 3, view->revision);
		status = pass_taken(database, rows, pass_attribution, &passing);
	}
	database_end_reading(database);
	return database_tell(database, status, reterr);
}

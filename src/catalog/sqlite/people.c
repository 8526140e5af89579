/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of people: lists, one by any id of theirs, where their records stand and why they are one's. */
#include "catalog/sqlite/people.h"

#include "base/digest.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/view.h"

#include <stdlib.h>

enum { CURSOR_SIZE = 8 + ID_SIZE, WHY_MAX = 1024 };

#define PERSON_COLUMNS "p.number, p.id, p.documents, p.records, p.mentions, p.data"

/* ---- rows ---- */

static enum status pass_person(sqlite3_stmt *row, person_visitor *each, void *context)
{
	struct bytes data = column_bytes(row, 5);
	struct person_summary summary = {
		.number = sqlite3_column_int64(row, 0),
		.documents = column_unsigned(row, 2),
		.records = column_unsigned(row, 3),
		.mentions = column_unsigned(row, 4),
	};
	if (!column_id(row, 1, &summary.id) || !person_take(&data, &summary.record))
		return STATUS_MALFORMED;
	return each(context, &summary);
}

static enum status pass_people(struct database *database, sqlite3_stmt *rows, person_visitor *each, void *context)
{
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK)
		if ((status = pass_person(rows, each, context)) != STATUS_OK)
			break;
	database_give(database, rows);
	return status;
}

/* ---- the list ---- */

static enum status parse_cursor(struct bytes text, unsigned char raw[CURSOR_SIZE], struct failure *reterr)
{
	if (text.len > 0 && digest_parse_base32(text, raw, CURSOR_SIZE) != STATUS_OK)
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours; take it from an answer's 'next'");
	return STATUS_OK;
}

static enum status write_cursor(struct buffer *into, const struct person_summary *summary)
{
	unsigned char raw[CURSOR_SIZE];
	store_le64(raw, summary->documents);
	memcpy(raw + 8, summary->id.bytes, ID_SIZE);
	buffer_reset(into);
	digest_append_base32(into, bytes_of(raw, sizeof raw));
	return buffer_status(into);
}

/* At the domain or below it. */
static bool is_at(struct bytes address, struct bytes domain)
{
	struct bytes host = bytes_from(address, bytes_find_last_byte(address, '@') + 1);
	size_t before = host.len > domain.len ? host.len - domain.len : 0;
	return host.len >= domain.len && bytes_equal_nocase(bytes_from(host, before), domain) &&
	       (before == 0 || host.at[before - 1] == '.');
}

static bool is_of(const struct person_record *record, struct bytes organisation)
{
	bool is_found = bytes_equal_nocase(record->domain, organisation) ||
	                bytes_equal_nocase(record->organisation, organisation);
	for (size_t i = 0; i < record->email_count && !is_found; i++)
		is_found = is_at(record->emails[i], organisation);
	return is_found;
}

struct listing {
	const struct people_filter *filter;
	person_visitor *each;
	void *context;
	struct buffer *ret_cursor;
};

static enum status pass_listed(void *context, const struct person_summary *summary)
{
	const struct listing *listing = context;
	if (listing->filter->organisation.len > 0 && !is_of(&summary->record, listing->filter->organisation))
		return STATUS_OK;
	enum status status = write_cursor(listing->ret_cursor, summary);
	return status == STATUS_OK ? listing->each(listing->context, summary) : status;
}

static enum status find_made(struct database *database, bool *ret_is_made)
{
	int64_t found = 0;
	enum status status = database_read_integer(database, database_take(database, "SELECT 1 FROM people"), 0, &found);
	*ret_is_made = found != 0;
	return status;
}

static const char list_people[] = "SELECT " PERSON_COLUMNS " FROM person p WHERE (rank, id) > (?1, ?2)"
				  " AND (?3 = 0 OR p.elements & ?3) ORDER BY rank, id";

enum status people_list(struct store *store, const struct people_filter *filter, struct bytes cursor, person_visitor *each,
                        void *context, struct buffer *ret_cursor, struct failure *reterr)
{
	struct database *database = &store->database;
	struct listing listing = {filter, each, context, ret_cursor};
	unsigned char raw[CURSOR_SIZE] = {0};
	bool is_made = false;
	enum status status = parse_cursor(cursor, raw, reterr);
	if (status != STATUS_OK)
		return status;
	status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = find_made(database, &is_made);
	if (status == STATUS_OK && is_made) {
		sqlite3_stmt *rows = database_take(database, list_people);
		bind_integer(rows, 1, cursor.len > 0 ? -(int64_t)(load_le64(raw) & INT64_MAX) : INT64_MIN);
		bind_blob(rows, 2, bytes_of(raw + 8, ID_SIZE));
		bind_integer(rows, 3, filter->elements);
		status = pass_people(database, rows, pass_listed, &listing);
	}
	database_end_reading(database);
	if (status == STATUS_OK && !is_made)
		return STATUS_ABSENT;
	return database_tell(database, status, reterr);
}

enum status people_between(struct store *store, const struct id *low, const struct id *high, person_visitor *each, void *context,
                           struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *rows = database_take(database, "SELECT " PERSON_COLUMNS " FROM person p WHERE p.number IN"
	                                             " (SELECT k.person FROM person_key k WHERE k.id >= ?1 AND k.id <= ?2)"
	                                             " ORDER BY p.id");
	bind_id(rows, 1, low);
	bind_id(rows, 2, high);
	status = pass_people(database, rows, each, context);
	database_end_reading(database);
	return database_tell(database, status, reterr);
}

/* ---- places ---- */

struct places {
	struct store *store;
	struct buffer values; /* addresses, identifiers, numbers of the records before this one, a line each */
	struct buffer why;
	struct person_place place;
	person_place_visitor *each;
	void *context;
};

/* Whether a line of what went before is just that. */
static bool stood_before(const struct buffer *values, struct bytes line)
{
	struct bytes rest = buffer_bytes(values);
	while (rest.len > 0) {
		size_t end = bytes_find_byte(rest, '\n');
		if (bytes_equal(bytes_slice(rest, 0, end), line))
			return true;
		rest = bytes_from(rest, end + 1);
	}
	return false;
}

static void note_value(struct places *places, struct bytes value, const char *what, struct bytes shown)
{
	if (stood_before(&places->values, value)) {
		if (places->why.len < WHY_MAX) {
			buffer_append_string(&places->why, places->why.len > 0 ? " and " : "the same ");
			buffer_append_string(&places->why, what);
			buffer_append_byte(&places->why, ' ');
			buffer_append(&places->why, shown);
		}
	} else if (places->values.len + value.len + 1 < places->values.ceiling) {
		buffer_append(&places->values, value);
		buffer_append_byte(&places->values, '\n');
	}
}

static struct bytes last_of(struct bytes value)
{
	return value.len > 6 ? bytes_from(value, value.len - 4) : bytes_from(value, value.len > 2 ? value.len - 2 : 0);
}

static void find_why(struct places *places, const struct person_record *record)
{
	buffer_reset(&places->why);
	for (size_t i = 0; i < record->email_count; i++)
		note_value(places, record->emails[i], "address", record->emails[i]);
	for (size_t i = 0; i < record->identifier_count; i++)
		note_value(places, record->identifiers[i].value, "identifier ending in", last_of(record->identifiers[i].value));
	for (size_t i = 0; i < record->phone_count && record->name.len > 0; i++)
		note_value(places, record->phones[i], "name and telephone number", record->phones[i]);
}

static enum status pass_place(void *context, const struct document_view *view)
{
	struct places *places = context;
	places->place.view = view;
	return places->each(places->context, &places->place);
}

static enum status pass_record(struct places *places, sqlite3_stmt *row, bool is_first)
{
	struct database *database = &places->store->database;
	struct person_record record;
	struct bytes value = column_bytes(row, 2);
	size_t piece = (size_t)column_unsigned(row, 1);
	struct bytes rest = bytes_from(value, piece < value.len ? piece : value.len);
	if (!person_take(&rest, &record))
		return STATUS_MALFORMED;
	find_why(places, &record);
	if (!is_first && places->why.len == 0)
		buffer_append_string(&places->why, "a key of another record that joins both");
	places->place = (struct person_place){
		.record = &record,
		.why = is_first ? BYTES_NONE : buffer_bytes(&places->why),
	};
	sqlite3_stmt *numbers = database_take(database,
	                                      "SELECT d.number FROM document d WHERE d.content = ?1 AND d.state = " SQL_LIVE
	                                      " ORDER BY " DOCUMENT_SHOWN ", d.id");
	bind_integer(numbers, 1, sqlite3_column_int64(row, 0));
	return view_pass_all(places->store, numbers, pass_place, places);
}

enum status people_places(struct store *store, int64_t person, person_place_visitor *each, void *context, struct failure *reterr)
{
	struct database *database = &store->database;
	struct places places = {
		.store = store,
		.values = buffer_with_ceiling(64 << 10),
		.why = buffer_with_ceiling(2 * WHY_MAX),
		.each = each,
		.context = context,
	};
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *rows = database_take(database, "SELECT r.content, r.piece, f.value FROM person_record r"
	                                             " JOIN fact f ON f.content = r.content AND f.nth = r.fact"
	                                             " WHERE r.person = ?1 ORDER BY r.number");
	bind_integer(rows, 1, person);
	for (bool is_first = true; (status = database_step(database, rows)) == STATUS_OK; is_first = false)
		if ((status = pass_record(&places, rows, is_first)) != STATUS_OK)
			break;
	database_give(database, rows);
	database_end_reading(database);
	buffer_free(&places.values);
	buffer_free(&places.why);
	return database_tell(database, status, reterr);
}

enum status people_in(struct store *store, const unsigned char content_key[32], id_visitor *each, void *context,
                      struct failure *reterr)
{
	struct database *database = &store->database;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	sqlite3_stmt *rows = database_take(database, "SELECT p.id FROM person p WHERE p.number IN"
	                                             " (SELECT r.person FROM person_record r JOIN content c"
	                                             " ON c.number = r.content WHERE c.key = ?1) ORDER BY p.id");
	bind_blob(rows, 1, bytes_of(content_key, 32));
	while ((status = database_step(database, rows)) == STATUS_OK) {
		struct id id;
		status = column_id(rows, 0, &id) ? each(context, &id) : STATUS_MALFORMED;
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	database_end_reading(database);
	return database_tell(database, status, reterr);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A reading beside a content as it is stored: compared, not hashed, for few are ever compared and all would be hashed. */
#include "catalog/sqlite/alike.h"

#include "base/buffer.h"
#include "catalog/sqlite/chunks.h"
#include "catalog/sqlite/fields.h"

/* END: it does not. */
static enum status same(bool is_same)
{
	return is_same ? STATUS_OK : STATUS_END;
}

static enum status compare_row(struct database *database, int64_t content, const struct document_record *record)
{
	struct document_fields fields;
	sqlite3_stmt *find = database_take(database, "SELECT c.outcome, c.text_bytes" FIELDS_SELECTED
	                                             " FROM content c WHERE c.number = ?1");
	bind_integer(find, 1, content);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		bool is_same = sqlite3_column_int(find, 0) == (int)record->outcome &&
		               column_unsigned(find, 1) == record->text.len;
		fields_read(find, 2, &fields);
		for (size_t i = FIELD_PLACE_COUNT; i < FIELD_COUNT; i++)
			is_same &= field_is_equal(&field_table[i], &fields, &record->fields);
		status = same(is_same);
	}
	database_give(database, find);
	return status;
}

static enum status compare_text(struct database *database, int64_t content, const struct document_record *record)
{
	struct buffer text = buffer_with_ceiling(RECORD_TEXT_MAX);
	if (record->text.len == 0)
		return STATUS_OK;
	enum status status = chunks_read(database, content, 0, UINT64_MAX, &text);
	if (status == STATUS_OK)
		status = same(bytes_equal(buffer_bytes(&text), record->text));
	buffer_free(&text);
	return status;
}

static bool is_same_finding(sqlite3_stmt *row, const struct finding *finding)
{
	struct bytes value = column_bytes(row, 1), raw = column_is_null(row, 2) ? value : column_bytes(row, 2);
	return sqlite3_column_int(row, 0) == (int)finding->kind && bytes_equal(value, finding->value) &&
	       bytes_equal(raw, finding->raw) && column_unsigned(row, 3) == finding->from &&
	       column_unsigned(row, 4) == finding->to && (float)sqlite3_column_double(row, 5) >= finding->confidence &&
	       (float)sqlite3_column_double(row, 5) <= finding->confidence && bytes_equal(column_bytes(row, 6), finding->rule) &&
	       bytes_equal(column_bytes(row, 7), finding->subkind);
}

static bool is_same_owner(sqlite3_stmt *row, const struct attribution *owner)
{
	return bytes_equal(column_bytes(row, 0), owner->domain) && sqlite3_column_int(row, 1) == (int)owner->role &&
	       (float)sqlite3_column_double(row, 2) >= owner->confidence &&
	       (float)sqlite3_column_double(row, 2) <= owner->confidence && bytes_equal(column_bytes(row, 3), owner->why) &&
	       sqlite3_column_int(row, 4) == (int)owner->part && bytes_equal(column_bytes(row, 5), owner->name) &&
	       bytes_equal_string(column_bytes(row, 6), owner->country) && sqlite3_column_int(row, 7) == (int)owner->country_by;
}

static enum status compare_findings(struct database *database, int64_t content, const struct document_record *record)
{
	sqlite3_stmt *list = database_take(database,
	                                   "SELECT e.kind, e.value, f.raw, f.start, f.finish, f.confidence, r.text, s.text"
	                                   " FROM finding f JOIN entity e ON e.number = f.entity"
	                                   " LEFT JOIN label r ON r.number = f.rule"
	                                   " LEFT JOIN label s ON s.number = f.subkind WHERE f.content = ?1"
	                                   " ORDER BY f.nth");
	bind_integer(list, 1, content);
	enum status status;
	size_t count = 0;
	while ((status = database_step(database, list)) == STATUS_OK) {
		if (count == record->finding_count || !is_same_finding(list, &record->findings[count]))
			break;
		count++;
	}
	database_give(database, list);
	return status == STATUS_END ? same(count == record->finding_count) : status == STATUS_OK ? STATUS_END : status;
}

/* In the order that attribution gives them: surest first, then by part and name. */
static enum status compare_owners(struct database *database, int64_t content, const struct document_record *record)
{
	sqlite3_stmt *list = database_take(database,
	                                   "SELECT g.domain, a.role, a.confidence, a.why, a.part, a.name, a.country, a.country_by"
	                                   " FROM attribution a JOIN organisation g ON g.number = a.organisation"
	                                   " WHERE a.content = ?1 ORDER BY a.confidence DESC, "
	                                   "coalesce(nullif(a.part, 0), 99)"
	                                   ", g.domain");
	bind_integer(list, 1, content);
	enum status status;
	size_t count = 0;
	while ((status = database_step(database, list)) == STATUS_OK) {
		if (count == record->organisation_count || !is_same_owner(list, &record->organisations[count]))
			break;
		count++;
	}
	database_give(database, list);
	return status == STATUS_END ? same(count == record->organisation_count) : status == STATUS_OK ? STATUS_END : status;
}

static bool is_same_fact(sqlite3_stmt *row, const struct fact *fact)
{
	return sqlite3_column_int(row, 0) == (int)fact->kind && bytes_equal(column_bytes(row, 1), fact->name) &&
	       bytes_equal(column_bytes(row, 2), fact->value) && column_unsigned(row, 3) == fact->from &&
	       column_unsigned(row, 4) == fact->to && (float)sqlite3_column_double(row, 5) >= fact->confidence &&
	       (float)sqlite3_column_double(row, 5) <= fact->confidence;
}

static enum status compare_facts(struct database *database, int64_t content, const struct document_record *record)
{
	sqlite3_stmt *list = database_take(database, "SELECT f.kind, l.text, f.value, f.start, f.finish, f.confidence FROM fact f"
	                                             " JOIN label l ON l.number = f.name WHERE f.content = ?1 ORDER BY f.nth");
	bind_integer(list, 1, content);
	enum status status;
	size_t count = 0;
	while ((status = database_step(database, list)) == STATUS_OK) {
		if (count == record->fact_count || !is_same_fact(list, &record->facts[count]))
			break;
		count++;
	}
	database_give(database, list);
	return status == STATUS_END ? same(count == record->fact_count) : status == STATUS_OK ? STATUS_END : status;
}

enum status alike_compare(struct database *database, int64_t content, const struct document_record *record)
{
	static enum status (*const compare[])(struct database *, int64_t, const struct document_record *) = {
		compare_row, compare_text, compare_findings, compare_owners, compare_facts,
	};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof compare / sizeof *compare && status == STATUS_OK; i++)
		status = compare[i](database, content, record);
	return status;
}

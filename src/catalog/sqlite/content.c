/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contents: text in compressed chunks, the row in the index of words, findings
 * with their entities, attributions, facts. Stored once per key; read again, the new
 * reading takes the old one's place under a number of its own, for the index of
 * words still holds the old number.
 *
 * The key of an object's bytes comes from fetch. That of a part is but what a
 * worker claims: one that was taken over could name any bytes it has the digest
 * of. So differing readings of one claimed key are contents of their own, and
 * none stands for the bytes until an object with them was read and says the same.
 */
#include "catalog/sqlite/content.h"

#include "base/digest.h"
#include "base/text.h"
#include "catalog/sqlite/alike.h"
#include "catalog/sqlite/chunks.h"
#include "catalog/sqlite/fields.h"
#include "catalog/sqlite/host.h"
#include "catalog/sqlite/label.h"
#include "catalog/sqlite/organisation.h"
#include "catalog/sqlite/placement.h"
#include "catalog/sqlite/sketches.h"
#include "catalog/sqlite/word-index.h"
#include "catalog/sqlite/writer.h"

#include <stdlib.h>
#include <zstd.h>

struct known_content {
	int64_t number; /* 0: none */
	int64_t rules;
	bool is_expired, has_text;
	enum outcome outcome;
	uint64_t sweep;
};

/* Under one key: what was read of those very bytes, and readings of parts that claim to be them. */
enum { CLAIMS_MAX = 8 };
struct known_contents {
	struct known_content seen;
	struct known_content claims[CLAIMS_MAX];
	size_t claim_count;
};

static enum status find_contents(struct store *store, struct bytes key, struct known_contents *ret_known)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database, "SELECT 0, number, rules, is_expired, text_bytes > 0, outcome, sweep"
	                                             " FROM content WHERE key = ?1 UNION ALL"
	                                             " SELECT 1, number, rules, is_expired, text_bytes > 0, outcome, sweep"
	                                             " FROM content WHERE claimed = ?1 LIMIT 1 + ?2");
	bind_blob(find, 1, key);
	bind_integer(find, 2, CLAIMS_MAX);
	enum status status;
	*ret_known = (struct known_contents){.claim_count = 0};
	while ((status = database_step(database, find)) == STATUS_OK) {
		struct known_content known = {
			.number = sqlite3_column_int64(find, 1),
			.rules = sqlite3_column_int64(find, 2),
			.is_expired = sqlite3_column_int(find, 3) != 0,
			.has_text = sqlite3_column_int(find, 4) != 0,
			.outcome = (enum outcome)sqlite3_column_int(find, 5),
			.sweep = column_unsigned(find, 6),
		};
		if (sqlite3_column_int(find, 0) == 0)
			ret_known->seen = known;
		else if (ret_known->claim_count < CLAIMS_MAX)
			ret_known->claims[ret_known->claim_count++] = known;
	}
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

/* Another reading of the same bytes is worth storing only if it can say more. */
static bool says_more(const struct writer *writer, const struct known_content *known, const struct document_record *record,
                      bool is_redo)
{
	if (known->is_expired || known->rules != writer->rules || (is_redo && known->sweep != writer->sweep))
		return true;
	return (!known->has_text && record->text.len > 0) || (known->outcome != OUTCOME_READ && record->outcome == OUTCOME_READ);
}

/* END: it says something else, or is no reading of today. */
static enum status compare_reading(struct store *store, const struct known_content *known, const struct document_record *record)
{
	if (known->is_expired || known->rules != store->writer->rules)
		return STATUS_END;
	return alike_compare(&store->database, known->number, record);
}

/* The first that says the same; number 0 if none does. */
static enum status find_same(struct store *store, const struct known_contents *known, const struct document_record *record,
                             int64_t *ret_number)
{
	enum status status = known->seen.number > 0 ? compare_reading(store, &known->seen, record) : STATUS_END;
	int64_t number = known->seen.number;
	for (size_t i = 0; i < known->claim_count && status == STATUS_END; i++) {
		number = known->claims[i].number;
		status = compare_reading(store, &known->claims[i], record);
	}
	if (status != STATUS_OK && status != STATUS_END)
		return status;
	*ret_number = status == STATUS_OK ? number : 0;
	return STATUS_OK;
}

/* ---- text ---- */

static size_t chunk_length(struct bytes text)
{
	size_t length = text.len < CHUNK_SIZE ? text.len : CHUNK_SIZE;
	while (length < text.len && length > 0 && (text.at[length] & 0xC0) == 0x80)
		length--;
	return length;
}

static enum status compress(struct writer *writer, struct bytes chunk)
{
	buffer_reset(&writer->compressed);
	size_t room = ZSTD_compressBound(chunk.len);
	unsigned char *into = buffer_extend(&writer->compressed, room);
	if (into == NULL)
		return buffer_status(&writer->compressed);
	size_t size = ZSTD_compressCCtx(writer->compressor, into, room, chunk.at, chunk.len, 1);
	if (ZSTD_isError(size))
		return STATUS_BROKEN;
	buffer_truncate(&writer->compressed, size);
	return STATUS_OK;
}

static enum status store_chunks(struct store *store, int64_t content, struct bytes text, uint64_t *ret_points)
{
	enum status status = STATUS_OK;
	uint64_t points = 0;
	for (int64_t nth = 0; text.len > 0 && status == STATUS_OK; nth++) {
		struct bytes chunk = bytes_slice(text, 0, chunk_length(text));
		status = compress(store->writer, chunk);
		if (status != STATUS_OK)
			break;
		sqlite3_stmt *insert = database_take(&store->database,
		                                     "INSERT INTO chunk (number, start, bytes) VALUES (?1, ?2, ?3)");
		bind_integer(insert, 1, content * CHUNKS_PER_CONTENT + nth);
		bind_unsigned(insert, 2, points);
		bind_blob(insert, 3, buffer_bytes(&store->writer->compressed));
		status = database_run(&store->database, insert);
		points += text_count(chunk);
		text = bytes_from(text, chunk.len);
	}
	*ret_points = points;
	return status;
}

/* ---- findings ---- */

static enum status insert_entity(struct database *database, const struct finding *finding, int64_t *ret_number)
{
	struct buffer host = buffer_with_ceiling(4096);
	host_append_reversed(&host, host_of(finding->kind, finding->value));
	bool lacks_memory = buffer_status(&host) == STATUS_NO_MEMORY;
	if (buffer_status(&host) != STATUS_OK)
		buffer_free(&host);
	if (lacks_memory)
		return STATUS_NO_MEMORY;
	sqlite3_stmt *insert = database_take(database, "INSERT INTO entity (kind, value, host) VALUES (?1, ?2, ?3)");
	bind_integer(insert, 1, finding->kind);
	bind_text(insert, 2, finding->value);
	bind_text_or_null(insert, 3, buffer_bytes(&host));
	enum status status = database_run(database, insert);
	buffer_free(&host);
	*ret_number = sqlite3_last_insert_rowid(database->handle);
	return status;
}

static enum status find_or_make_entity(struct database *database, const struct finding *finding, int64_t *ret_number)
{
	sqlite3_stmt *find = database_take(database, "SELECT number FROM entity WHERE kind = ?1 AND value = ?2");
	bind_integer(find, 1, finding->kind);
	bind_text(find, 2, finding->value);
	enum status status = database_read_integer(database, find, 0, ret_number);
	if (status == STATUS_OK && *ret_number == 0)
		status = insert_entity(database, finding, ret_number);
	return status;
}

static enum status insert_finding(struct store *store, int64_t content, size_t nth, int64_t entity, const struct finding *finding)
{
	int64_t rule = 0, subkind = 0;
	enum status status = label_number(store, finding->rule, &rule);
	if (status == STATUS_OK)
		status = label_number(store, finding->subkind, &subkind);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(
		&store->database, "INSERT INTO finding (content, nth, entity, start, finish, confidence, rule, subkind, raw)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	bind_integer(insert, 1, content);
	bind_unsigned(insert, 2, nth);
	bind_integer(insert, 3, entity);
	bind_unsigned(insert, 4, finding->from);
	bind_unsigned(insert, 5, finding->to);
	bind_real(insert, 6, (double)finding->confidence);
	bind_integer(insert, 7, rule);
	bind_integer(insert, 8, subkind);
	if (!bytes_equal(finding->raw, finding->value))
		bind_text(insert, 9, finding->raw);
	return database_run(&store->database, insert);
}

static enum status insert_occurrence(struct database *database, int64_t entity, int64_t content, size_t mentions, size_t carved)
{
	sqlite3_stmt *insert = database_take(
		database, "INSERT INTO occurrence (entity, content, mentions, carved) VALUES (?1, ?2, ?3, ?4)");
	bind_integer(insert, 1, entity);
	bind_integer(insert, 2, content);
	bind_unsigned(insert, 3, mentions);
	bind_unsigned(insert, 4, carved);
	return database_run(database, insert);
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	int order = bytes_compare(a->value, b->value);
	return order != 0 ? order : (a > b) - (a < b);
}

static bool is_same_entity(const struct finding *a, const struct finding *b)
{
	return a->kind == b->kind && bytes_equal(a->value, b->value);
}

static size_t count_carved(const struct finding *const *group, size_t count)
{
	size_t carved = 0;
	for (size_t i = 0; i < count; i++)
		carved += finding_is_carved(group[i]);
	return carved;
}

/* One entity with all its mentions in this content. */
static enum status store_mentions(struct store *store, int64_t content, const struct document_record *record,
                                  const struct finding *const *group, size_t count)
{
	int64_t entity = 0;
	enum status status = find_or_make_entity(&store->database, group[0], &entity);
	if (status == STATUS_OK)
		status = insert_occurrence(&store->database, entity, content, count, count_carved(group, count));
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = insert_finding(store, content, (size_t)(group[i] - record->findings), entity, group[i]);
	return status;
}

static enum status store_findings(struct store *store, int64_t content, const struct document_record *record)
{
	size_t count = record->finding_count;
	enum status status = STATUS_OK;
	if (count == 0)
		return STATUS_OK;
	const struct finding **sorted = calloc(count, sizeof *sorted);
	if (sorted == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &record->findings[i];
	qsort(sorted, count, sizeof *sorted, compare_findings);
	for (size_t from = 0, to; from < count && status == STATUS_OK; from = to) {
		for (to = from + 1; to < count && is_same_entity(sorted[from], sorted[to]); to++)
			;
		status = store_mentions(store, content, record, sorted + from, to - from);
	}
	free(sorted);
	return status;
}

/* ---- organisations ---- */

static enum status store_attribution(struct database *database, int64_t content, const struct attribution *attribution)
{
	int64_t organisation = 0;
	enum status status = organisation_number(database, attribution->domain, &organisation);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(database,
	                                     "INSERT OR REPLACE INTO attribution (content, organisation, role, confidence, why,"
	                                     " part, name, country, country_by)"
	                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, ''), nullif(?8, ''), ?9)");
	bind_integer(insert, 1, content);
	bind_integer(insert, 2, organisation);
	bind_integer(insert, 3, attribution->role);
	bind_real(insert, 4, (double)attribution->confidence);
	bind_text(insert, 5, attribution->why);
	bind_integer(insert, 6, attribution->part);
	bind_text(insert, 7, attribution->name);
	bind_text(insert, 8, bytes_of_string(attribution->country));
	bind_integer(insert, 9, attribution->country_by);
	return database_run(database, insert);
}

/* ---- facts ---- */

static enum status store_fact(struct store *store, int64_t content, size_t nth, const struct fact *fact)
{
	int64_t name = 0;
	enum status status = label_number(store, fact->name, &name);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *insert = database_take(&store->database,
	                                     "INSERT INTO fact (content, nth, kind, name, value, start, finish, confidence)"
	                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	bind_integer(insert, 1, content);
	bind_unsigned(insert, 2, nth);
	bind_integer(insert, 3, fact->kind);
	bind_integer(insert, 4, name);
	bind_text(insert, 5, fact->value);
	bind_unsigned(insert, 6, fact->from);
	bind_unsigned(insert, 7, fact->to);
	bind_real(insert, 8, (double)fact->confidence);
	return database_run(&store->database, insert);
}

/* ---- the whole ---- */

struct new_content {
	int64_t number;
	struct bytes key, claimed;
};

static const char insert_row[] =
	"INSERT INTO content (number, key, outcome, text_bytes, text_points, sweep, rules, claimed" FIELD_COLUMNS ")"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8" FIELD_PLACEHOLDERS ")";

static enum status insert_content(struct store *store, const struct new_content *content, const struct document_record *record,
                                  uint64_t points)
{
	sqlite3_stmt *insert = database_take(&store->database, insert_row);
	bind_integer(insert, 1, content->number);
	bind_blob(insert, 2, content->key);
	bind_integer(insert, 3, record->outcome);
	bind_unsigned(insert, 4, record->text.len);
	bind_unsigned(insert, 5, points);
	bind_unsigned(insert, 6, store->writer->sweep);
	bind_integer(insert, 7, store->writer->rules);
	bind_blob_or_null(insert, 8, content->claimed);
	enum status status = fields_bind(store, insert, 9, &record->fields);
	if (status == STATUS_OK)
		return database_run(&store->database, insert);
	database_give(&store->database, insert);
	return status;
}

/* Findings, owners, facts. */
static enum status store_understanding(struct store *store, int64_t number, const struct document_record *record)
{
	enum status status = store_findings(store, number, record);
	for (size_t i = 0; i < record->organisation_count && status == STATUS_OK; i++)
		status = store_attribution(&store->database, number, &record->organisations[i]);
	for (size_t i = 0; i < record->fact_count && status == STATUS_OK; i++)
		status = store_fact(store, number, i, &record->facts[i]);
	return status;
}

static enum status store_new(struct store *store, const struct new_content *content, const struct document_record *given)
{
	struct document_record record = *given;
	int64_t number = content->number;
	uint64_t points = 0;
	size_t most = record.text.len <= RECORD_TEXT_MAX ? record.text.len
	                                                 : text_valid_length(bytes_slice(record.text, 0, RECORD_TEXT_MAX));
	record.text_beyond += record.text.len - most;
	record.text.len = most;
	enum status status = store_chunks(store, number, record.text, &points);
	if (status == STATUS_OK)
		status = insert_content(store, content, &record, points);
	if (status == STATUS_OK && (record.text.len > 0 || record.title.len > 0))
		status = word_index_add(&store->database, number, record.title, record.text);
	return status == STATUS_OK ? store_understanding(store, number, &record) : status;
}

static enum status move_documents(struct store *store, int64_t from, int64_t to)
{
	sqlite3_stmt *move = database_take(&store->database, "UPDATE document SET content = ?2 WHERE content = ?1");
	bind_integer(move, 1, from);
	bind_integer(move, 2, to);
	enum status status = database_run(&store->database, move);
	for (size_t i = 0; i < store->writer->open_count; i++)
		if (store->writer->open[i].content == from)
			store->writer->open[i].content = to;
	return status;
}

/* ---- by key ---- */

/* The bytes were seen, and what a part claimed to be them said just that. */
static enum status confirm(struct store *store, int64_t number, struct bytes key)
{
	sqlite3_stmt *update = database_take(&store->database, "UPDATE content SET key = ?2, claimed = NULL WHERE number = ?1");
	bind_integer(update, 1, number);
	bind_blob(update, 2, key);
	return database_run(&store->database, update);
}

static enum status store_seen(struct store *store, struct bytes key, const struct known_contents *known,
                              const struct document_record *record, bool is_redo, int64_t *ret_number)
{
	struct writer *writer = store->writer;
	int64_t replaced = known->seen.number, number = 0;
	enum status status = STATUS_OK;
	if (replaced > 0 && !says_more(writer, &known->seen, record, is_redo)) {
		*ret_number = replaced;
		return STATUS_OK;
	}
	if (replaced == 0)
		status = find_same(store, known, record, &number);
	if (status != STATUS_OK)
		return status;
	*ret_number = number > 0 ? number : writer->next_content++;
	if (number > 0)
		return confirm(store, number, key);
	if (replaced > 0) {
		status = move_documents(store, replaced, *ret_number);
		if (status == STATUS_OK)
			status = content_erase(store, replaced, false);
	}
	if (status == STATUS_OK)
		status = store_new(store, &(struct new_content){*ret_number, key, BYTES_NONE}, record);
	return status == STATUS_OK && replaced > 0 ? placement_renew(store, *ret_number) : status;
}

static enum status store_claimed(struct store *store, struct bytes claimed, const struct known_contents *known,
                                 const struct document_record *record, int64_t *ret_number)
{
	unsigned char key[DIGEST_SHA256_SIZE], number[8];
	enum status status = find_same(store, known, record, ret_number);
	if (status != STATUS_OK || *ret_number > 0)
		return status;
	*ret_number = store->writer->next_content++;
	store_le64(number, (uint64_t)*ret_number);
	digest_sha256_of((struct bytes[]){BYTES_LITERAL("tidemark-claim"), claimed, bytes_of(number, sizeof number)}, 3, key);
	return store_new(store, &(struct new_content){*ret_number, bytes_of(key, sizeof key), claimed}, record);
}

enum status content_store(struct store *store, struct bytes key, bool is_claimed, const struct document_record *record,
                          bool is_redo, int64_t *ret_number)
{
	struct known_contents known;
	int64_t number = 0;
	enum status status = find_contents(store, key, &known);
	if (status == STATUS_OK)
		status = is_claimed ? store_claimed(store, key, &known, record, &number)
		                    : store_seen(store, key, &known, record, is_redo, &number);
	if (status == STATUS_OK)
		*ret_number = number;
	return status;
}

static const char erase_occurrences[] =
	"DELETE FROM occurrence WHERE content = ?1 AND entity IN (SELECT entity FROM finding WHERE content = ?1)";

enum status content_erase(struct store *store, int64_t content, bool keeps_row)
{
	static const char *const erasing[] = {
		"DELETE FROM chunk WHERE number >= ?1 * 2048 AND number < (?1 + 1) * 2048",
		erase_occurrences,
		"DELETE FROM finding WHERE content = ?1",
		"DELETE FROM fact WHERE content = ?1",
		"UPDATE content SET is_expired = 1" FIELDS_ERASED " WHERE number = ?1",
		"DELETE FROM attribution WHERE content = ?1",
		"DELETE FROM content WHERE number = ?1",
	};
	size_t count = keeps_row ? 5 : sizeof erasing / sizeof *erasing;
	enum status status = sketches_erase(&store->database, content);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		sqlite3_stmt *erase = database_take(&store->database, erasing[i]);
		bind_integer(erase, 1, content);
		status = database_run(&store->database, erase);
	}
	return status;
}

/* ---- looked through again ---- */

static enum status run_on(struct store *store, const char *sql, int64_t content)
{
	sqlite3_stmt *statement = database_take(&store->database, sql);
	bind_integer(statement, 1, content);
	return database_run(&store->database, statement);
}

static enum status set_understanding(struct store *store, int64_t content, const struct document_record *record)
{
	int64_t class = 0, signing = 0;
	enum status status = label_number(store, record->class, &class);
	if (status == STATUS_OK)
		status = label_number(store, record->signing, &signing);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *update = database_take(&store->database, "UPDATE content SET class = ?2, signing = ?3 WHERE number = ?1");
	bind_integer(update, 1, content);
	bind_integer(update, 2, class);
	bind_integer(update, 3, signing);
	return database_run(&store->database, update);
}

/* The words stand in the index as they are. */
static enum status renew_in_place(struct store *store, int64_t content, const struct document_record *record)
{
	static const char *const forgetting[] = {
		erase_occurrences,
		"DELETE FROM finding WHERE content = ?1",
		"DELETE FROM fact WHERE content = ?1",
		"DELETE FROM attribution WHERE content = ?1",
	};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof forgetting / sizeof *forgetting && status == STATUS_OK; i++)
		status = run_on(store, forgetting[i], content);
	if (status == STATUS_OK)
		status = store_understanding(store, content, record);
	return status == STATUS_OK ? set_understanding(store, content, record) : status;
}

/* What the other columns hold: whose key it is, and who read it. */
static enum status renew_elsewhere(struct store *store, int64_t content, const struct document_record *record,
                                   int64_t *ret_number)
{
	struct database *database = &store->database;
	unsigned char key[DIGEST_SHA256_SIZE], claimed[DIGEST_SHA256_SIZE];
	struct new_content moved = {.number = store->writer->next_content++};
	uint64_t sweep = 0;
	sqlite3_stmt *find = database_take(database, "SELECT key, claimed, sweep FROM content WHERE number = ?1");
	bind_integer(find, 1, content);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		struct bytes is_key = column_bytes(find, 0), is_claimed = column_bytes(find, 1);
		if (is_key.len == sizeof key)
			memcpy(key, is_key.at, sizeof key);
		else
			status = STATUS_MALFORMED;
		if (is_claimed.len == sizeof claimed)
			memcpy(claimed, is_claimed.at, sizeof claimed);
		moved.key = bytes_of(key, sizeof key);
		moved.claimed = is_claimed.len == sizeof claimed ? bytes_of(claimed, sizeof claimed) : BYTES_NONE;
		sweep = column_unsigned(find, 2);
	}
	database_give(database, find);
	if (status == STATUS_OK)
		status = move_documents(store, content, moved.number);
	if (status == STATUS_OK)
		status = content_erase(store, content, false);
	if (status == STATUS_OK)
		status = store_new(store, &moved, record);
	if (status == STATUS_OK) {
		sqlite3_stmt *update = database_take(database, "UPDATE content SET sweep = ?2 WHERE number = ?1");
		bind_integer(update, 1, moved.number);
		bind_unsigned(update, 2, sweep);
		status = database_run(database, update);
	}
	*ret_number = moved.number;
	return status == STATUS_END ? STATUS_MALFORMED : status;
}

static enum status note_renewed(struct store *store, int64_t content, uint64_t sweep, int64_t rules, bool is_altered)
{
	sqlite3_stmt *update = database_take(&store->database,
	                                     "UPDATE content SET rules = ?2, renewed = ?3, is_altered = ?4 WHERE number = ?1");
	bind_integer(update, 1, content);
	bind_integer(update, 2, rules);
	bind_unsigned(update, 3, sweep);
	bind_integer(update, 4, is_altered);
	return database_run(&store->database, update);
}

/* How reading it ended and when it says it was made: a view tells what its place adds to that. */
static enum status read_own(struct database *database, int64_t content, struct document_record *record)
{
	sqlite3_stmt *find = database_take(database, "SELECT outcome, created FROM content WHERE number = ?1");
	bind_integer(find, 1, content);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		record->outcome = (enum outcome)sqlite3_column_int(find, 0);
		record->created = column_time(find, 1);
	}
	database_give(database, find);
	return status == STATUS_END ? STATUS_MALFORMED : status;
}

enum status content_renew(struct store *store, int64_t content, const struct renewed *renewed, uint64_t sweep, int64_t rules,
                          bool *ret_is_altered)
{
	int64_t number = content;
	struct document_record record = *renewed->record;
	enum status status = read_own(&store->database, content, &record);
	if (status == STATUS_OK)
		status = renewed->is_starred ? STATUS_END : alike_compare(&store->database, content, &record);
	bool is_altered = status == STATUS_END;
	if (is_altered)
		status = renewed->is_starred ? renew_elsewhere(store, content, &record, &number)
		                             : renew_in_place(store, content, &record);
	if (status == STATUS_OK && is_altered)
		status = placement_renew(store, number);
	if (status == STATUS_OK)
		status = note_renewed(store, number, sweep, rules, is_altered);
	*ret_is_altered = is_altered;
	return status;
}

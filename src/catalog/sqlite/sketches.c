/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Candidates come from bands, those of the same findings first; each is held
 * against the one asked for by its whole sketch. Where a band holds more than
 * are looked at, that is told.
 */
#include "catalog/sqlite/sketches.h"

#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/view.h"

#include <stdlib.h>

enum { AROUND_MAX = 128, CANDIDATES_MAX = 2 * AROUND_MAX * SKETCH_KEYS, ALIKE_MAX = 1000 };

enum status sketches_read(struct database *database, int64_t content, struct sketch *ret_sketch)
{
	sqlite3_stmt *find = database_take(database, "SELECT value FROM fact WHERE content = ?1 AND kind = ?2");
	bind_integer(find, 1, content);
	bind_integer(find, 2, FACT_SKETCH);
	enum status status = database_step(database, find);
	if (status == STATUS_OK && !sketch_of_value(column_bytes(find, 0), ret_sketch))
		status = STATUS_END;
	database_give(database, find);
	return status == STATUS_END ? STATUS_ABSENT : status;
}

static enum status delete_band(struct database *database, int64_t key, int64_t rank, int64_t content)
{
	sqlite3_stmt *delete = database_take(database, "DELETE FROM band WHERE key = ?1 AND rank = ?2 AND content = ?3");
	bind_integer(delete, 1, key);
	bind_integer(delete, 2, rank);
	bind_integer(delete, 3, content);
	return database_run(database, delete);
}

enum status sketches_erase(struct database *database, int64_t content)
{
	struct sketch sketch;
	int64_t keys[SKETCH_KEYS];
	enum status status = sketches_read(database, content, &sketch);
	if (status != STATUS_OK)
		return status == STATUS_ABSENT ? STATUS_OK : status;
	size_t count = sketch_keys(&sketch, keys);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = delete_band(database, keys[i], sketch_rank(&sketch), content);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *leave = database_take(database, "DELETE FROM member WHERE content = ?1");
	bind_integer(leave, 1, content);
	return database_run(database, leave);
}

/* ---- alike ---- */

struct relative {
	int64_t content;
	enum twin_relation relation;
	double similarity;
};

struct looking {
	struct database *database;
	int64_t content;
	struct sketch sketch;
	int64_t *candidates; /* CANDIDATES_MAX */
	size_t candidate_count;
	struct relative *relatives; /* as many */
	size_t relative_count;
	bool is_all;
};

static enum status gather(struct looking *looking, const char *sql, int64_t key)
{
	sqlite3_stmt *list = database_take(looking->database, sql);
	bind_integer(list, 1, key);
	bind_integer(list, 2, sketch_rank(&looking->sketch));
	bind_integer(list, 3, AROUND_MAX);
	enum status status;
	size_t count = 0;
	for (; (status = database_step(looking->database, list)) == STATUS_OK; count++)
		looking->candidates[looking->candidate_count++] = sqlite3_column_int64(list, 0);
	database_give(looking->database, list);
	looking->is_all &= count < AROUND_MAX;
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status gather_all(struct looking *looking)
{
	int64_t keys[SKETCH_KEYS];
	size_t count = sketch_keys(&looking->sketch, keys);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		status = gather(looking, "SELECT content FROM band WHERE key = ?1 AND rank >= ?2 ORDER BY rank LIMIT ?3",
		                keys[i]);
		if (status == STATUS_OK)
			status = gather(looking,
			                "SELECT content FROM band WHERE key = ?1 AND rank < ?2 ORDER BY rank DESC LIMIT ?3",
			                keys[i]);
	}
	return status;
}

static int compare_numbers(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

/* The most alike first. */
static int compare_relatives(const void *left, const void *right)
{
	const struct relative *a = left, *b = right;
	if (a->relation != b->relation)
		return a->relation < b->relation ? -1 : 1;
	if (a->similarity > b->similarity || a->similarity < b->similarity)
		return a->similarity > b->similarity ? -1 : 1;
	return (a->content > b->content) - (a->content < b->content);
}

static enum status compare(struct looking *looking, int64_t candidate)
{
	struct sketch other;
	enum status status = sketches_read(looking->database, candidate, &other);
	if (status != STATUS_OK)
		return status == STATUS_ABSENT ? STATUS_OK : status;
	struct relative relative = {candidate, TWIN_SAME_TEXT, 1};
	if (!sketch_is_same_text(&looking->sketch, &other)) {
		relative.relation = TWIN_NEAR;
		relative.similarity = sketch_similarity(&looking->sketch, &other);
		if (relative.similarity < SKETCH_NEAR)
			return STATUS_OK;
	}
	looking->relatives[looking->relative_count++] = relative;
	return STATUS_OK;
}

static enum status compare_all(struct looking *looking)
{
	enum status status = STATUS_OK;
	if (looking->candidate_count > 0)
		qsort(looking->candidates, looking->candidate_count, sizeof *looking->candidates, compare_numbers);
	for (size_t i = 0; i < looking->candidate_count && status == STATUS_OK; i++) {
		int64_t candidate = looking->candidates[i];
		bool is_again = i > 0 && looking->candidates[i - 1] == candidate;
		if (!is_again && candidate != looking->content)
			status = compare(looking, candidate);
	}
	if (looking->relative_count > 0)
		qsort(looking->relatives, looking->relative_count, sizeof *looking->relatives, compare_relatives);
	return status;
}

struct passing {
	const struct relative *relative;
	twin_visitor *each;
	void *context;
	size_t passed;
	bool *is_all;
};

static enum status pass_view(void *context, const struct document_view *view)
{
	struct passing *passing = context;
	if (passing->passed == ALIKE_MAX) {
		*passing->is_all = false;
		return STATUS_END;
	}
	passing->passed++;
	return passing->each(passing->context, view, passing->relative->relation, passing->relative->similarity);
}

static enum status pass_all(struct store *store, struct looking *looking, twin_visitor *each, void *context)
{
	struct passing passing = {.each = each, .context = context, .is_all = &looking->is_all};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < looking->relative_count && status == STATUS_OK; i++) {
		passing.relative = &looking->relatives[i];
		sqlite3_stmt *numbers = database_take(&store->database, "SELECT number FROM document WHERE content = ?1"
		                                                        " AND state = " SQL_LIVE " ORDER BY id");
		bind_integer(numbers, 1, passing.relative->content);
		status = view_pass_all(store, numbers, pass_view, &passing);
	}
	return status;
}

static enum status find_content(struct database *database, const struct id *id, int64_t *ret_content)
{
	sqlite3_stmt *find = database_take(database, "SELECT coalesce(content, 0) FROM document WHERE id = ?1"
	                                             " AND state <> " SQL_ARRIVING " ORDER BY state = " SQL_LIVE
	                                             " DESC, revision DESC LIMIT 1");
	bind_id(find, 1, id);
	return database_read_integer(database, find, 0, ret_content);
}

/* Of what was read before there were sketches nothing is known, nor of what was not wholly read; while a sweep writes, not yet of
 * all. */
static enum status is_known(struct database *database, int64_t content, bool *ret_is_known)
{
	int64_t known = 0;
	sqlite3_stmt *find = database_take(database, "SELECT is_made AND ?1 >= since AND EXISTS (SELECT 1 FROM content"
	                                             " WHERE number = ?1 AND outcome = " SQL_READ ") FROM kinship");
	bind_integer(find, 1, content);
	enum status status = database_read_integer(database, find, 0, &known);
	*ret_is_known = known != 0;
	return status;
}

static enum status look(struct store *store, const struct id *id, struct looking *looking)
{
	enum status status = find_content(&store->database, id, &looking->content);
	if (status == STATUS_OK)
		status = is_known(&store->database, looking->content, &looking->is_all);
	if (status == STATUS_OK)
		status = sketches_read(&store->database, looking->content, &looking->sketch);
	if (status != STATUS_OK)
		return status;
	looking->candidates = calloc(CANDIDATES_MAX, sizeof *looking->candidates);
	looking->relatives = calloc(CANDIDATES_MAX, sizeof *looking->relatives);
	if (looking->candidates == NULL || looking->relatives == NULL)
		return STATUS_NO_MEMORY;
	status = gather_all(looking);
	return status == STATUS_OK ? compare_all(looking) : status;
}

enum status sketches_alike(struct store *store, const struct id *id, twin_visitor *each, void *context, bool *ret_is_all,
                           struct failure *reterr)
{
	struct looking looking = {.database = &store->database};
	enum status status = database_begin_reading(&store->database);
	if (status != STATUS_OK)
		return database_tell(&store->database, status, reterr);
	status = look(store, id, &looking);
	if (status == STATUS_OK)
		status = pass_all(store, &looking, each, context);
	database_end_reading(&store->database);
	free(looking.candidates);
	free(looking.relatives);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		*ret_is_all = looking.is_all;
	return status == STATUS_ABSENT ? STATUS_OK : database_tell(&store->database, status, reterr);
}

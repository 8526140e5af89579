/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the bands in their order, each content held against the first of
 * its run and the few before it: whoever fills a band with a million documents
 * gains a million steps, not their square. Memory is sixteen bytes a content.
 */
#include "catalog/sqlite/families.h"

#include "catalog/sqlite/document.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/sketches.h"

#include <stdlib.h>

/* ---- bands ---- */

static enum status add_bands(struct database *database, int64_t content, const struct sketch *sketch)
{
	int64_t keys[SKETCH_KEYS];
	size_t count = sketch_keys(sketch, keys);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		sqlite3_stmt *insert = database_take(database, "INSERT INTO fresh_band (key, rank, content) VALUES (?1, ?2, ?3)");
		bind_integer(insert, 1, keys[i]);
		bind_integer(insert, 2, sketch_rank(sketch));
		bind_integer(insert, 3, content);
		status = database_run(database, insert);
	}
	return status;
}

/* Sorted first: each page of the index is written once, and not once a row. */
static enum status index_fresh(struct database *database, int64_t next_content)
{
	enum status status = database_execute(database, "CREATE TEMP TABLE IF NOT EXISTS fresh_band (key, rank, content);"
	                                                "DELETE FROM fresh_band");
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *list = database_take(database, "SELECT content, value FROM fact"
	                                             " WHERE content >= (SELECT until FROM kinship) AND kind = ?1");
	bind_integer(list, 1, FACT_SKETCH);
	while ((status = database_step(database, list)) == STATUS_OK) {
		struct sketch sketch;
		if (sketch_of_value(column_bytes(list, 1), &sketch))
			status = add_bands(database, sqlite3_column_int64(list, 0), &sketch);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, list);
	if (status == STATUS_END)
		status = database_execute(database, "INSERT OR IGNORE INTO band (key, rank, content)"
		                                    " SELECT key, rank, content FROM fresh_band ORDER BY key, rank, content;"
		                                    "DELETE FROM fresh_band");
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *note = database_take(database, "UPDATE kinship SET until = ?1");
	bind_integer(note, 1, next_content);
	return database_run(database, note);
}

/* ---- nodes: what is live, and who was joined ---- */

struct nodes {
	int64_t *contents; /* rising */
	uint32_t *parents, *sizes;
	size_t count;
};

static void free_nodes(struct nodes *nodes)
{
	free(nodes->contents);
	free(nodes->parents);
	free(nodes->sizes);
}

static enum status make_room(struct nodes *nodes, size_t capacity)
{
	int64_t *contents = realloc(nodes->contents, capacity * sizeof *contents);
	if (contents == NULL)
		return STATUS_NO_MEMORY;
	nodes->contents = contents;
	return STATUS_OK;
}

static enum status list_live(struct database *database, struct nodes *nodes)
{
	sqlite3_stmt *list = database_take(database, "SELECT DISTINCT content FROM document WHERE state = " SQL_LIVE
	                                             " AND content IS NOT NULL ORDER BY content");
	size_t capacity = 0;
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		if (nodes->count == UINT32_MAX)
			status = STATUS_TOO_LARGE;
		else if (nodes->count == capacity)
			status = make_room(nodes, capacity = capacity > 0 ? capacity + capacity / 2 : 1024);
		if (status != STATUS_OK)
			break;
		nodes->contents[nodes->count++] = sqlite3_column_int64(list, 0);
	}
	database_give(database, list);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status load_nodes(struct database *database, struct nodes *nodes)
{
	enum status status = list_live(database, nodes);
	if (status != STATUS_OK)
		return status;
	nodes->parents = calloc(nodes->count + 1, sizeof *nodes->parents);
	nodes->sizes = calloc(nodes->count + 1, sizeof *nodes->sizes);
	if (nodes->parents == NULL || nodes->sizes == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < nodes->count; i++)
		nodes->parents[i] = (uint32_t)i;
	return STATUS_OK;
}

static bool find_node(const struct nodes *nodes, int64_t content, uint32_t *ret_node)
{
	size_t from = 0, to = nodes->count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (nodes->contents[middle] < content)
			from = middle + 1;
		else
			to = middle;
	}
	*ret_node = (uint32_t)from;
	return from < nodes->count && nodes->contents[from] == content;
}

static uint32_t root_of(struct nodes *nodes, uint32_t node)
{
	while (nodes->parents[node] != node)
		node = nodes->parents[node] = nodes->parents[nodes->parents[node]];
	return node;
}

static void join(struct nodes *nodes, uint32_t a, uint32_t b)
{
	a = root_of(nodes, a);
	b = root_of(nodes, b);
	nodes->parents[a > b ? a : b] = a > b ? b : a;
}

/* ---- the pass ---- */

enum { WINDOW = 8 };

struct slot {
	uint32_t node;
	bool is_loaded, has_sketch;
	struct sketch sketch;
};

struct run {
	struct database *database;
	struct nodes *nodes;
	int64_t key, rank; /* of the last */
	size_t passed;     /* the first stays in slot 0, the others go round */
	struct slot slots[WINDOW];
};

static enum status load(struct run *run, struct slot *slot)
{
	if (slot->is_loaded)
		return STATUS_OK;
	enum status status = sketches_read(run->database, run->nodes->contents[slot->node], &slot->sketch);
	slot->is_loaded = true;
	slot->has_sketch = status == STATUS_OK;
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status hold_against(struct run *run, struct slot *slot, struct slot *before)
{
	if (root_of(run->nodes, slot->node) == root_of(run->nodes, before->node))
		return STATUS_OK;
	enum status status = load(run, slot);
	if (status == STATUS_OK)
		status = load(run, before);
	if (status == STATUS_OK && slot->has_sketch && before->has_sketch && sketch_is_kin(&slot->sketch, &before->sketch))
		join(run->nodes, slot->node, before->node);
	return status;
}

static enum status pass_row(struct run *run, int64_t key, int64_t rank, uint32_t node)
{
	enum status status = STATUS_OK;
	bool is_of_text = (key & 1) != 0;
	/* Where the same was not found, only a text that is the same makes kin. */
	bool goes_on = run->passed > 0 && key == run->key && (is_of_text || rank >> 32 == run->rank >> 32);
	bool is_again = goes_on && !is_of_text && rank == run->rank;
	if (!goes_on)
		run->passed = 0;
	run->key = key;
	run->rank = rank;
	if (is_again)
		return STATUS_OK;
	struct slot slot = {.node = node};
	size_t filled = run->passed < WINDOW ? run->passed : WINDOW;
	for (size_t i = 0; i < filled && status == STATUS_OK; i++)
		status = hold_against(run, &slot, &run->slots[i]);
	run->slots[run->passed < WINDOW ? run->passed : 1 + (run->passed - 1) % (WINDOW - 1)] = slot;
	run->passed++;
	return status;
}

static enum status join_kin(struct database *database, struct nodes *nodes)
{
	struct run run = {.database = database, .nodes = nodes};
	sqlite3_stmt *rows = database_take(database, "SELECT key, rank, content FROM band ORDER BY key, rank, content");
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		uint32_t node;
		if (find_node(nodes, sqlite3_column_int64(rows, 2), &node))
			status = pass_row(&run, sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1), node);
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- keeping ---- */

static enum status keep_members(struct database *database, struct nodes *nodes)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < nodes->count; i++)
		nodes->sizes[root_of(nodes, (uint32_t)i)]++;
	for (size_t i = 0; i < nodes->count && status == STATUS_OK; i++) {
		uint32_t root = root_of(nodes, (uint32_t)i);
		if (nodes->sizes[root] < 2)
			continue;
		sqlite3_stmt *insert = database_take(database, "INSERT INTO member (family, content) VALUES (?1, ?2)");
		bind_integer(insert, 1, nodes->contents[root]);
		bind_integer(insert, 2, nodes->contents[i]);
		status = database_run(database, insert);
	}
	return status;
}

/* Its oldest document stands for a family; of several of one date that of the smallest id. */
static const char keep_families[] =
	"INSERT INTO family (number, representative, contents, documents) SELECT family, document, contents, documents FROM"
	" (SELECT m.family AS family, d.number AS document, count(DISTINCT m.content) AS contents, count(*) AS documents,"
	" min(printf('%020d', coalesce(" DOCUMENT_DATED ", 1 << 60) + (1 << 61)) || hex(d.id)) AS age"
	" FROM member m JOIN document d ON d.content = m.content AND d.state = " SQL_LIVE " GROUP BY m.family)";

enum status families_make(struct database *database, int64_t next_content)
{
	struct nodes nodes = {.contents = NULL};
	enum status status = index_fresh(database, next_content);
	if (status == STATUS_OK)
		status = load_nodes(database, &nodes);
	if (status == STATUS_OK)
		status = join_kin(database, &nodes);
	if (status == STATUS_OK)
		status = database_execute(database, "DELETE FROM family; DELETE FROM member");
	if (status == STATUS_OK)
		status = keep_members(database, &nodes);
	if (status == STATUS_OK)
		status = database_execute(database, keep_families);
	if (status == STATUS_OK)
		status = database_execute(database, "UPDATE kinship SET is_made = 1");
	free_nodes(&nodes);
	return status;
}

enum status families_forget(struct database *database)
{
	return database_run(database, database_take(database, "UPDATE kinship SET is_made = 0"));
}

/* ---- questions ---- */

static enum status find_family(struct database *database, const struct id *id, struct family *family)
{
	sqlite3_stmt *find = database_take(
		database, "SELECT r.id, f.contents, f.documents FROM document d JOIN member m ON m.content = d.content"
			  " JOIN family f ON f.number = m.family JOIN document r ON r.number = f.representative"
			  " WHERE d.id = ?1 AND d.state = " SQL_LIVE " AND (SELECT is_made FROM kinship)");
	bind_id(find, 1, id);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		family->is_known = column_id(find, 0, &family->representative);
		family->contents = column_unsigned(find, 1);
		family->documents = column_unsigned(find, 2);
	}
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status families_find(struct store *store, const struct id *id, struct family *ret_family, struct failure *reterr)
{
	*ret_family = (struct family){.is_known = false};
	return database_tell(&store->database, find_family(&store->database, id, ret_family), reterr);
}

#define LIVE_OF(number) "EXISTS (SELECT 1 FROM document d WHERE d.content = " number " AND d.state = " SQL_LIVE ")"

enum status families_count(struct database *database, uint64_t *ret_count)
{
	sqlite3_stmt *row = database_take(
		database,
		"SELECT k.is_made AND NOT EXISTS (SELECT 1 FROM content c WHERE c.number < k.since AND c.text_bytes > 0"
		" AND " LIVE_OF("c.number") "),"
					    " (SELECT count(DISTINCT content) FROM document WHERE state = " SQL_LIVE
					    " AND content IS NOT NULL)"
					    " - (SELECT count(*) - count(DISTINCT m.family) FROM member m WHERE " LIVE_OF(
						    "m.content") ") FROM kinship k");
	enum status status = database_step(database, row);
	bool is_known = status == STATUS_OK && sqlite3_column_int(row, 0) != 0;
	if (is_known)
		*ret_count = column_unsigned(row, 1);
	database_give(database, row);
	return status == STATUS_END || (status == STATUS_OK && !is_known) ? STATUS_ABSENT : status;
}

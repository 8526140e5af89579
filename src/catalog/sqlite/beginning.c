/* SPDX-License-Identifier: Apache-2.0 */
/* A sweep is known by a digest of its plan: only the same one goes on. */
#include "catalog/sqlite/beginning.h"

#include "base/digest.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/coverage.h"
#include "catalog/sqlite/families.h"
#include "catalog/sqlite/label.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/settling.h"
#include "catalog/sqlite/turning.h"
#include "catalog/sqlite/writer.h"

#include <stdlib.h>

static void add_part(struct digest *digest, struct bytes part)
{
	unsigned char length[8];
	store_le64(length, part.len);
	digest_update(digest, bytes_of(length, sizeof length));
	digest_update(digest, part);
}

static void add_container(struct digest *digest, const struct container *container)
{
	add_part(digest, bytes_of_string(provider_name(container->provider)));
	add_part(digest, container->account);
	add_part(digest, container->name);
}

/* What must be the same for a sweep to be continued. */
static enum status digest_plan(const struct sweep_plan *plan, unsigned char into[DIGEST_SHA256_SIZE])
{
	struct digest *digest;
	enum status status = digest_start(DIGEST_SHA256, &digest);
	if (status != STATUS_OK)
		return status;
	unsigned char flags[2] = {plan->is_anonymous, plan->lists_versions};
	add_part(digest, plan->settings);
	add_part(digest, plan->rules_version);
	add_part(digest, bytes_of(flags, sizeof flags));
	for (size_t i = 0; i < plan->target_count; i++) {
		add_container(digest, &plan->targets[i].container);
		add_part(digest, plan->targets[i].prefix);
		add_part(digest, bytes_of(&plan->targets[i].is_anonymous, 1));
	}
	digest_finish(digest, into);
	digest_free(digest);
	return STATUS_OK;
}

static enum status find_or_make_container(struct store *store, const struct container *container, int64_t *ret_number)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database,
	                                   "SELECT number FROM container WHERE provider = ?1 AND account = ?2 AND name = ?3");
	bind_integer(find, 1, container->provider);
	bind_text(find, 2, container->account);
	bind_blob(find, 3, container->name);
	int64_t number = 0;
	enum status status = database_read_integer(database, find, 0, &number);
	if (status == STATUS_OK && number == 0) {
		sqlite3_stmt *insert = database_take(
			database, "INSERT INTO container (provider, account, name, url) VALUES (?1, ?2, ?3, ?4)");
		bind_integer(insert, 1, container->provider);
		bind_text(insert, 2, container->account);
		bind_blob(insert, 3, container->name);
		bind_text(insert, 4, container->url);
		status = database_run(database, insert);
		number = sqlite3_last_insert_rowid(database->handle);
	}
	if (status == STATUS_OK)
		*ret_number = number;
	return status;
}

static enum status remember_targets(struct store *store, const struct sweep_plan *plan)
{
	struct writer *writer = store->writer;
	enum status status = STATUS_OK;
	free(writer->targets);
	writer->target_count = 0;
	writer->targets = calloc(plan->target_count > 0 ? plan->target_count : 1, sizeof *writer->targets);
	if (writer->targets == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < plan->target_count && status == STATUS_OK; i++) {
		status = find_or_make_container(store, &plan->targets[i].container, &writer->targets[i].container);
		writer->targets[i].is_anonymous = plan->is_anonymous || plan->targets[i].is_anonymous;
		writer->target_count = i + 1;
	}
	return status;
}

static enum status insert_targets(struct store *store, const struct sweep_plan *plan)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < plan->target_count && status == STATUS_OK; i++) {
		sqlite3_stmt *insert = database_take(
			&store->database,
			"INSERT INTO target (sweep, nth, container, prefix, written) VALUES (?1, ?2, ?3, ?4, ?5)");
		bind_unsigned(insert, 1, store->writer->sweep);
		bind_unsigned(insert, 2, i);
		bind_integer(insert, 3, store->writer->targets[i].container);
		bind_blob(insert, 4, plan->targets[i].prefix);
		bind_text(insert, 5, plan->targets[i].written);
		status = database_run(&store->database, insert);
	}
	return status;
}

static enum status insert_sweep(struct store *store, const struct sweep_plan *plan, struct bytes digest)
{
	struct writer *writer = store->writer;
	sqlite3_stmt *insert = database_take(
		&store->database,
		"INSERT INTO sweep (plan, rules, authority, is_anonymous, lists_versions, keep_until, follows,"
		" started, settings, sample_count, sample_share)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT coalesce(max(number), 0) FROM sweep WHERE is_finished), ?7,"
		" ?8, ?9, ?10)");
	bind_blob(insert, 1, digest);
	bind_integer(insert, 2, writer->rules);
	bind_text(insert, 3, plan->authority);
	bind_integer(insert, 4, plan->is_anonymous);
	bind_integer(insert, 5, plan->lists_versions);
	bind_integer(insert, 6, plan->keep_until);
	bind_integer(insert, 7, clock_now());
	bind_integer(insert, 8, writer->settings);
	if (plan->sample.is_drawn && plan->sample.count > 0)
		bind_unsigned(insert, 9, plan->sample.count);
	else if (plan->sample.is_drawn)
		bind_real(insert, 10, plan->sample.share);
	enum status status = database_run(&store->database, insert);
	writer->sweep = (uint64_t)sqlite3_last_insert_rowid(store->database.handle);
	return status == STATUS_OK ? insert_targets(store, plan) : status;
}

static enum status abandon_sweep(struct store *store, uint64_t sweep)
{
	enum status status = settling_settle(store, sweep);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *end = database_take(&store->database, "UPDATE sweep SET ended = ?2 WHERE number = ?1");
	bind_unsigned(end, 1, sweep);
	bind_integer(end, 2, clock_now());
	return database_run(&store->database, end);
}

/* The unfinished sweep, if any, and whether its plan is this one. */
static enum status find_unfinished(struct store *store, struct bytes digest, uint64_t *ret_sweep, bool *ret_is_same)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(
		database, "SELECT number, plan = ?1 FROM sweep WHERE ended IS NULL ORDER BY number DESC LIMIT 1");
	bind_blob(find, 1, digest);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		*ret_sweep = column_unsigned(find, 0);
		*ret_is_same = sqlite3_column_int(find, 1) != 0;
	}
	database_give(database, find);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status go_on(struct store *store, const struct sweep_plan *plan, uint64_t sweep)
{
	store->writer->sweep = sweep;
	sqlite3_stmt *update = database_take(&store->database,
	                                     "UPDATE sweep SET keep_until = max(keep_until, ?2) WHERE number = ?1");
	bind_unsigned(update, 1, sweep);
	bind_integer(update, 2, plan->keep_until);
	return database_run(&store->database, update);
}

enum status beginning_read_position(struct store *store)
{
	struct database *database = &store->database;
	struct writer *writer = store->writer;
	enum status status = database_read_integer(database,
	                                           database_take(database,
	                                                         "SELECT max(coalesce((SELECT max(number) FROM content), 0),"
	                                                         " coalesce((SELECT max(id) FROM words_docsize), 0))"),
	                                           0, &writer->next_content);
	writer->next_content++;
	return status;
}

static enum status read_position(struct store *store)
{
	struct database *database = &store->database;
	struct writer *writer = store->writer;
	int64_t follows = 0;
	sqlite3_stmt *find = database_take(database, "SELECT follows FROM sweep WHERE number = ?1");
	bind_unsigned(find, 1, writer->sweep);
	enum status status = database_read_integer(database, find, 0, &follows);
	writer->follows = (uint64_t)follows;
	if (status == STATUS_OK)
		status = beginning_read_position(store);
	if (status == STATUS_OK)
		status = database_read_integer(
			database, database_take(database, "SELECT max(ticket) FROM document WHERE outcome = " SQL_PENDING), 0,
			&writer->next_ticket);
	writer->next_ticket++;
	return status;
}

static enum status begin(struct store *store, const struct sweep_plan *plan, uint64_t turn, struct sweep_state *state)
{
	struct writer *writer = store->writer;
	unsigned char digest[DIGEST_SHA256_SIZE];
	uint64_t unfinished = 0;
	bool is_same = false;
	enum status status = digest_plan(plan, digest);
	if (status == STATUS_OK)
		status = find_unfinished(store, bytes_of(digest, sizeof digest), &unfinished, &is_same);
	if (status == STATUS_OK)
		status = census_forget(&store->database);
	if (status == STATUS_OK)
		status = families_forget(&store->database);
	/* Parts of objects that were not finished: they are read again. */
	if (status == STATUS_OK)
		status = database_execute(&store->database,
		                          "DELETE FROM document WHERE state = " SQL_ARRIVING " AND ordinal > 0");
	if (status == STATUS_OK)
		status = label_number(store, plan->rules_version, &writer->rules);
	if (status == STATUS_OK)
		status = coverage_note_rules(store, writer->rules, plan->kinds, plan->formats);
	if (status == STATUS_OK)
		status = label_number(store, plan->settings, &writer->settings);
	if (status == STATUS_OK)
		status = remember_targets(store, plan);
	if (status == STATUS_OK && unfinished > 0 && !is_same)
		status = abandon_sweep(store, unfinished);
	if (status != STATUS_OK)
		return status;
	if (unfinished > 0 && is_same)
		status = go_on(store, plan, unfinished);
	else
		status = insert_sweep(store, plan, bytes_of(digest, sizeof digest));
	if (status == STATUS_OK)
		status = read_position(store);
	if (status == STATUS_OK)
		status = turning_write(&store->database, turn);
	state->sweep = writer->sweep;
	state->is_continued = unfinished > 0 && is_same;
	return status;
}

enum status beginning_make(struct store *store, const struct sweep_plan *plan, uint64_t turn, struct sweep_state *ret_state,
                           struct failure *reterr)
{
	struct sweep_state state = {.sweep = 0};
	store->writer->owners_of_place = plan->owners_of_place;
	store->writer->redo_class = plan->redo_class;
	store->writer->renews = plan->renews;
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = begin(store, plan, turn, &state);
	if (status == STATUS_OK)
		status = batch_commit(store);
	if (status == STATUS_OK)
		*ret_state = state;
	else
		store->writer->sweep = 0;
	return batch_tell(store, status, reterr);
}

enum status beginning_find_cursor(struct store *store, size_t target, struct buffer *ret_cursor, bool *ret_is_done)
{
	struct database *database = &store->database;
	sqlite3_stmt *find = database_take(database, "SELECT cursor, is_done FROM target WHERE sweep = ?1 AND nth = ?2");
	bind_unsigned(find, 1, store->writer != NULL ? store->writer->sweep : 0);
	bind_unsigned(find, 2, target);
	enum status status = database_step(database, find);
	if (status == STATUS_OK) {
		buffer_reset(ret_cursor);
		buffer_append(ret_cursor, column_bytes(find, 0));
		*ret_is_done = sqlite3_column_int(find, 1) != 0;
		status = buffer_status(ret_cursor);
	} else if (status == STATUS_END) {
		status = STATUS_ABSENT;
	}
	database_give(database, find);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The embedded backend: one SQLite file an incident, sealed page by page. Its functions stand in the files named before them. */
#include "catalog/backend.h"

#include "base/clock.h"
#include "catalog/sqlite/access.h"
#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/beginning.h"
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/copies.h"
#include "catalog/sqlite/coverage.h"
#include "catalog/sqlite/ending.h"
#include "catalog/sqlite/expiry.h"
#include "catalog/sqlite/exposure.h"
#include "catalog/sqlite/exposures.h"
#include "catalog/sqlite/leaves.h"
#include "catalog/sqlite/families.h"
#include "catalog/sqlite/ledger.h"
#include "catalog/sqlite/listing.h"
#include "catalog/sqlite/lists.h"
#include "catalog/sqlite/opening.h"
#include "catalog/sqlite/people.h"
#include "catalog/sqlite/pending.h"
#include "catalog/sqlite/putting.h"
#include "catalog/sqlite/reading.h"
#include "catalog/sqlite/reads.h"
#include "catalog/sqlite/register.h"
#include "catalog/sqlite/renewing.h"
#include "catalog/sqlite/retention.h"
#include "catalog/sqlite/search.h"
#include "catalog/sqlite/settling.h"
#include "catalog/sqlite/sketches.h"
#include "catalog/sqlite/standing.h"
#include "catalog/sqlite/summary.h"
#include "catalog/sqlite/turning.h"
#include "catalog/sqlite/twin.h"
#include "catalog/sqlite/verifying.h"
#include "catalog/sqlite/writer.h"

#include <stdlib.h>

static enum status open_store(const struct store_place *place, enum store_mode mode, struct store **ret_store,
                              struct failure *reterr);
static void close_store(struct store *store);
static void set_pulse(struct store *store, question_pulse *pulse, void *context);
static enum status count(struct store *store, struct store_counts *ret_counts, struct failure *reterr);
static enum status read_turn(struct store *store, struct turn *ret_turn, struct failure *reterr);
static enum status copy(struct store *store, const char *folder, struct failure *reterr);

extern const struct backend backend_sqlite;
const struct backend backend_sqlite = {
	.name = "sqlite",
	.file = STORE_FILE,

	.open = open_store,
	.close = close_store,

	.begin = beginning_make,
	.cursor = beginning_find_cursor,
	.find_known = listing_find_known,
	.put_page = listing_put_page,
	.note_refusal = exposure_note_refusal,
	.note_listing = listing_note_end,
	.lacks_versions = listing_lacks_versions,
	.pending = pending_read,
	.put = putting_put,
	.digests = twin_digests,
	.adopt_twin = twin_adopt,
	.checkpoint = batch_checkpoint,
	.give_up = settling_give_up,
	.summarise = summary_read,
	.standing = standing_read,
	.end = ending_make,
	.leave = ending_leave,

	.begin_renewal = renewing_begin,
	.renewable = renewing_list,
	.renew = renewing_put,

	.set_pulse = set_pulse,
	.begin_moment = reading_begin_moment,
	.end_moment = reading_end_moment,
	.search = search_run,
	.get = reading_get,
	.alike = sketches_alike,
	.family = families_find,
	.between = reading_between,
	.at_path = reading_at_path,
	.exposures = exposures_list,
	.text = reading_text,
	.findings = reading_findings,
	.facts = reading_facts,
	.attributions = reading_attributions,
	.organisations = lists_organisations,
	.entities = lists_entities,
	.containers = lists_containers,
	.documents_of = lists_documents_of,
	.dates_of = lists_dates_of,
	.documents_with = lists_documents_with,
	.people = people_list,
	.people_between = people_between,
	.places_of = people_places,
	.people_in = people_in,
	.measure = ledger_read,
	.coverage = coverage_read,
	.leaves = leaves_read,

	.retained = retention_pass,
	.whatif = retention_measure,

	.put_register = register_put,
	.remove_registered = register_take_out,
	.register_state = register_read_state,
	.registered = register_list,
	.find_registered = register_find,
	.word_contents = register_count_word,

	.begin_log = access_begin_log,
	.put_accesses = access_put,
	.end_log = access_end_log,
	.reads_spans = reads_spans,
	.reads_sums = reads_sums,
	.reads_networks = reads_networks,
	.reads_objects = reads_objects,
	.reads_organisations = reads_organisations,
	.reads_of_object = reads_of_object,
	.reads_of_container = reads_of_container,

	.put_copy = copies_put,
	.mark_copy = copies_mark,
	.copies = copies_list,
	.seen_by_others = copies_seen,

	.count = count,
	.read_turn = read_turn,
	.foresee = expiry_foresee,
	.expire = expiry_purge,
	.observe = observing_put,
	.verify = verifying_make,
	.copy = copy,
};

/* ---- opening ---- */

static enum status open_store(const struct store_place *place, enum store_mode mode, struct store **ret_store,
                              struct failure *reterr)
{
	static const enum pages_mode modes[] = {
		[STORE_READ] = PAGES_READ,
		[STORE_WRITE] = PAGES_WRITE,
		[STORE_SWEEP] = PAGES_CREATE,
	};
	struct store *store = calloc(1, sizeof *store);
	if (store == NULL)
		return fail(reterr, STATUS_NO_MEMORY, place->folder, "memory is used up");
	enum status status = opening_open(store, place, modes[mode], reterr);
	if (status != STATUS_OK) {
		free(store);
		return status;
	}
	if (mode != STORE_READ)
		status = writer_new(store, reterr);
	if (status == STATUS_OK)
		*ret_store = store;
	else
		close_store(store);
	return status;
}

static void close_store(struct store *store)
{
	writer_free(store);
	opening_close(store);
	free(store);
}

/* ---- questions ---- */

/* Instructions of SQLite's machine between two pulses: a document costs some dozens. */
enum { PULSE_INSTRUCTIONS = 1000 };

static int pass_pulse(void *context)
{
	struct store *store = context;
	return store->pulse(store->pulse_context) ? 0 : 1;
}

static void set_pulse(struct store *store, question_pulse *pulse, void *context)
{
	store->pulse = pulse;
	store->pulse_context = context;
	sqlite3_progress_handler(store->database.handle, PULSE_INSTRUCTIONS, pulse != NULL ? pass_pulse : NULL, store);
}

/* ---- care ---- */

static enum status read_counts(struct database *database, struct store_counts *counts)
{
	struct census census;
	enum status status = census_read(database, &census);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *row = database_take(database,
	                                  "SELECT (SELECT max(coalesce(ended, started)) FROM sweep), EXISTS (SELECT 1 FROM sweep"
	                                  " WHERE ended IS NULL)");
	status = database_step(database, row);
	if (status == STATUS_OK)
		*counts = (struct store_counts){
			.objects = census.objects,
			.documents = census.documents,
			.last_sweep = column_time(row, 0),
			.has_unfinished_sweep = sqlite3_column_int(row, 1) != 0,
		};
	database_give(database, row);
	return status;
}

static enum status count(struct store *store, struct store_counts *ret_counts, struct failure *reterr)
{
	return database_tell(&store->database, read_counts(&store->database, ret_counts), reterr);
}

static enum status read_turn(struct store *store, struct turn *ret_turn, struct failure *reterr)
{
	return database_tell(&store->database, turning_read(&store->database, ret_turn), reterr);
}

static enum status copy(struct store *store, const char *folder, struct failure *reterr)
{
	return database_copy(&store->database, folder, STORE_FILE, reterr);
}

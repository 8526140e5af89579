/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every backend must do, asked from outside: of what stands in catalog/ it knows catalog.h, sweeps.h and questions.h.
 *   test_backend NAME...
 */
#include "catalog/renewals.h"
#include "contract/backend/leak.h"
#include "model/sketch.h"

#include "fill-fields.h"

#include "base/digest.h"
#include "catalog/register.h"
#include "catalog/retention.h"
#include "base/sum.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct leak_part parts[] = {
	{"mail/1.eml", "Dear Bob, your offer. anna@fabrikam.com", 0},
	{"mail/1.eml!/offer.txt", "The offer of Contoso, signed. bob@contoso.com bob@contoso.com", 1},
	{NULL, NULL, 0},
};

static const struct leak_object leak[] = {
	{"2021/Rechnung_M\xC3\xBCller.txt", "Invoice 4711 for M\xC3\xBCller GmbH, Z\xC3\xBCrich. bob@contoso.com", NULL, 0,
         1500000000, NULL},
	{"2021/copy.txt", "Invoice 4711 for M\xC3\xBCller GmbH, Z\xC3\xBCrich. bob@contoso.com", NULL, 0, 0, NULL},
	{"backup.zip", "an archive", NULL, 0, 0, parts},
	{"big.iso", NULL, NULL, OUTCOME_OVER_BUDGET, 0, NULL},
	{"cjk.txt", "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE5\xBA\x81\xE3\x81\xA7\xE3\x81\x99", NULL, 0, 0, NULL},
	{"link", NULL, NULL, OUTCOME_SPECIAL, 0, NULL},
	{"project-apollo/notes.md", "nothing but notes on the project", NULL, 0, 0, NULL},
};
enum { LEAK_COUNT = sizeof leak / sizeof *leak };

struct fixture {
	char *directory;
	struct catalog *catalog;
	struct incident *incident;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	struct failure failure;
	assert_non_null(fixture);
	fixture->directory = leak_directory();
	struct catalog_place place = leak_place(fixture->directory);
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &fixture->catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(fixture->catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &fixture->incident, &failure),
	                 STATUS_OK);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	incident_close(fixture->incident);
	catalog_close(fixture->catalog);
	leak_remove(fixture->directory);
	free(fixture);
	return 0;
}

static struct incident *swept(void **state, struct sweep_summary *ret_summary)
{
	struct fixture *fixture = *state;
	leak_sweep(fixture->incident, leak, LEAK_COUNT, ret_summary);
	return fixture->incident;
}

/* ---- visitors ---- */

static enum status count_view(void *context, const struct document_view *view)
{
	(void)view;
	++*(size_t *)context;
	return STATUS_OK;
}

/* What it borrows is not to be looked at afterwards. */
static enum status copy_view(void *context, const struct document_view *view)
{
	*(struct document_view *)context = *view;
	return STATUS_OK;
}

/* ---- sweeping ---- */

static void a_sweep_counts_what_it_did(void **state)
{
	struct sweep_summary summary;
	swept(state, &summary);
	assert_int_equal(summary.sweep, 1);
	assert_int_equal(summary.objects.listed, 7);
	assert_int_equal(summary.objects.read, 5);
	assert_int_equal(summary.objects.skipped, 2);
	assert_int_equal(summary.objects.failed, 0);
	assert_int_equal(summary.objects.unchanged, 0);
	assert_int_equal(summary.documents, 7);
	assert_int_equal(summary.outcomes[OUTCOME_READ].objects, 5);
	assert_int_equal(summary.outcomes[OUTCOME_SPECIAL].objects, 1);
	assert_int_equal(summary.inner[OUTCOME_READ].documents, 2);
	assert_int_equal(summary.findings[FINDING_EMAIL], 5);
	assert_int_equal(summary.bytes.unseen, 2000);
	assert_true(summary.is_complete);
}

static void a_second_sweep_reads_nothing_again(void **state)
{
	struct sweep_summary summary;
	struct incident *incident = swept(state, NULL);
	leak_sweep(incident, leak, LEAK_COUNT, &summary);
	assert_int_equal(summary.sweep, 2);
	assert_int_equal(summary.objects.unchanged, 5);
	assert_int_equal(summary.objects.skipped, 2);
	assert_int_equal(summary.objects.read, 0);
	assert_int_equal(summary.bytes.fetched, 0);
	assert_int_equal(summary.documents, 7);
	assert_int_equal(summary.findings[FINDING_EMAIL], 5);
}

static void new_content_supersedes_and_what_is_missing_is_gone(void **state)
{
	struct sweep_summary summary;
	struct incident *incident = swept(state, NULL);
	struct leak_object changed[2] = {leak[2], leak[6]};
	static const struct leak_part fewer[] = {{"mail/1.eml", "Dear Anna", 0}, {NULL, NULL, 0}};
	changed[0].etag = "e2";
	changed[0].text = "another archive";
	changed[0].parts = fewer;
	leak_sweep(incident, changed, 2, &summary);
	assert_int_equal(summary.objects.listed, 2);
	assert_int_equal(summary.objects.read, 1);
	assert_int_equal(summary.objects.unchanged, 1);
	assert_int_equal(summary.documents, 3);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "archive"), "backup.zip");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "offer"), "");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "dear"), "backup.zip!/mail/1.eml");
	/* What is gone is still evidence, for who asks for it. */
	assert_string_equal(leak_find(incident, QUERY_NAME, "copy"), "");
	assert_string_equal(leak_find(incident, QUERY_GONE, ""),
	                    "2021/Rechnung_M\xC3\xBCller.txt big.iso cjk.txt 2021/copy.txt link");
}

static void a_twin_gets_documents_of_its_own(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct fixture *fixture = *state;
	struct leak_object twin = leak[2], all[LEAK_COUNT + 1];
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_summary summary;
	unsigned char sha256[32];
	struct id id = leak_id("twin.zip", NULL);
	memcpy(all, leak, sizeof leak);
	twin.name = "twin.zip";
	all[LEAK_COUNT] = twin;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, all, LEAK_COUNT + 1, true);
	digest_sha256(bytes_of_string("something else"), sha256);
	assert_int_equal(sweep_adopt_twin(incident, &id, sha256, 10, &failure), STATUS_ABSENT);
	digest_sha256(bytes_of_string(twin.text), sha256);
	assert_int_equal(sweep_adopt_twin(incident, &id, sha256, 10, &failure), STATUS_OK);
	assert_int_equal(sweep_adopt_twin(incident, &id, sha256, 10, &failure), STATUS_OK);
	assert_int_equal(sweep_end(fixture->incident, true, &failure), STATUS_OK);
	assert_int_equal(sweep_summarise(incident, &summary, &failure), STATUS_OK);
	assert_int_equal(summary.twins, 1);
	assert_int_equal(summary.objects.read, 1);
	assert_int_equal(summary.documents, 10);
	assert_int_equal(summary.findings[FINDING_EMAIL], 8);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "dear bob"), "backup.zip!/mail/1.eml "
	                                                                 "twin.zip!/mail/1.eml");
	assert_string_equal(leak_find(incident, QUERY_NAME, "offer.txt"),
	                    "backup.zip!/mail/1.eml!/offer.txt twin.zip!/mail/1.eml!/offer.txt");
}

static void reading_again_replaces_what_was_read(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_summary summary;
	struct arena arena = arena_with_ceiling(1u << 20);
	struct pending_object pending[16];
	struct buffer position = buffer_with_ceiling(64);
	size_t count;
	plan.rules_version = BYTES_LITERAL("2");
	leak_redo = OUTCOME_READ;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, leak, LEAK_COUNT, true);
	assert_int_equal(sweep_pending(incident, &position, 16, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 5);
	assert_int_equal(pending[0].previous, OUTCOME_READ);
	/* Until it is read the earlier reading stands. */
	assert_string_equal(leak_find(incident, QUERY_TEXT, "archive"), "backup.zip");
	for (size_t i = 0; i < LEAK_COUNT; i++)
		if (leak[i].text != NULL)
			leak_read(fixture->incident, &leak[i]);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_int_equal(sweep_summarise(incident, &summary, &failure), STATUS_OK);
	assert_int_equal(summary.objects.read, 5);
	assert_int_equal(summary.objects.unchanged, 0);
	assert_int_equal(summary.documents, 7);
	assert_int_equal(summary.findings[FINDING_EMAIL], 5);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "archive"), "backup.zip");
	arena_free(&arena);
	buffer_free(&position);
}

static void what_waits_is_shown_as_listed(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_summary summary;
	assert_int_equal(sweep_begin(fixture->incident, &plan, &sweep, &failure), STATUS_OK);
	assert_false(sweep.is_continued);
	leak_list(fixture->incident, leak, LEAK_COUNT, false);
	leak_read(fixture->incident, &leak[0]);
	assert_string_equal(leak_find(fixture->incident, QUERY_OUTCOME, "listed_only"),
	                    "backup.zip cjk.txt 2021/copy.txt project-apollo/notes.md");
	assert_int_equal(sweep_summarise(fixture->incident, &summary, &failure), STATUS_OK);
	assert_int_equal(summary.objects.listed, 7);
	assert_int_equal(summary.objects.read, 1);
	assert_int_equal(summary.objects.skipped, 6);
	assert_false(summary.is_complete);
	/* The same plan goes on; another one begins anew. */
	assert_int_equal(sweep_begin(fixture->incident, &plan, &sweep, &failure), STATUS_OK);
	assert_true(sweep.is_continued);
	assert_int_equal(sweep.sweep, 1);
	plan.settings = BYTES_LITERAL("depth=names");
	assert_int_equal(sweep_begin(fixture->incident, &plan, &sweep, &failure), STATUS_OK);
	assert_false(sweep.is_continued);
	assert_int_equal(sweep.sweep, 2);
}

static void how_far_a_sweep_is_can_be_asked_at_any_time(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_standing standing;
	assert_int_equal(incident_standing(fixture->incident, &standing, &failure), STATUS_ABSENT);
	assert_int_equal(sweep_begin(fixture->incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(fixture->incident, leak, LEAK_COUNT, false);
	assert_int_equal(incident_standing(fixture->incident, &standing, &failure), STATUS_OK);
	assert_int_equal(standing.sweep, 1);
	assert_true(standing.is_running);
	assert_int_equal(standing.pid, getpid());
	assert_false(standing.is_finished);
	assert_int_equal(standing.targets, 1);
	assert_int_equal(standing.targets_listed, 0);
	assert_int_equal(standing.listed, 7);
	assert_int_equal(standing.outcomes[OUTCOME_PENDING].objects, 5);
	leak_read(fixture->incident, &leak[0]);
	assert_int_equal(sweep_checkpoint(fixture->incident, &failure), STATUS_OK);
	assert_int_equal(incident_standing(fixture->incident, &standing, &failure), STATUS_OK);
	assert_int_equal(standing.outcomes[OUTCOME_PENDING].objects, 4);
	assert_int_equal(standing.outcomes[OUTCOME_READ].objects, 1);
	leak_sweep(fixture->incident, leak, LEAK_COUNT, NULL);
	assert_int_equal(incident_standing(fixture->incident, &standing, &failure), STATUS_OK);
	assert_true(standing.is_finished && standing.is_complete && !standing.is_running);
	assert_int_equal(standing.targets_listed, 1);
	assert_int_equal(standing.outcomes[OUTCOME_PENDING].objects, 0);
}

/* One object was read, one is under way, and then whoever fetched them is lost. */
static void what_is_given_up_ends_by_name_and_is_read_the_next_time(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_summary summary;
	struct arena arena = arena_with_ceiling(1 << 20);
	struct pending_object pending[16];
	struct buffer position = buffer_with_ceiling(64);
	size_t waiting = 0, count = 0;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, leak, LEAK_COUNT, false);
	leak_read(incident, &leak[0]);
	assert_int_equal(sweep_pending(incident, &position, 16, &arena, pending, &waiting), STATUS_OK);
	assert_true(waiting > 1);
	const struct document_record part = {.ordinal = 1, .inner_path = BYTES_LITERAL("inside"), .outcome = OUTCOME_READ};
	assert_int_equal(leak_put_document(incident, &pending[0].id, &part, &failure), STATUS_OK);
	assert_int_equal(sweep_give_up(incident, 1, OUTCOME_UNREACHABLE, BYTES_LITERAL("why"), &failure), STATUS_OK);
	assert_string_equal(leak_find(incident, QUERY_OUTCOME, "unreachable"), "");
	assert_int_equal(sweep_give_up(incident, 0, OUTCOME_UNREACHABLE, BYTES_LITERAL("why"), &failure), STATUS_OK);
	assert_int_equal(sweep_summarise(incident, &summary, &failure), STATUS_OK);
	assert_int_equal(summary.objects.read, 1);
	assert_int_equal(summary.objects.failed, waiting);
	assert_int_equal(summary.outcomes[OUTCOME_UNREACHABLE].objects, waiting);
	assert_int_equal(summary.inner[OUTCOME_READ].documents, 0);
	assert_int_equal(sweep_end(incident, false, &failure), STATUS_OK);
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, leak, LEAK_COUNT, true);
	buffer_reset(&position);
	assert_int_equal(sweep_pending(incident, &position, 16, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, waiting);
	arena_free(&arena);
	buffer_free(&position);
}

static void parts_of_an_unfinished_object_are_not_there(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct id id = leak_id("backup.zip", NULL);
	struct document_record part = {
		.ordinal = 1,
		.inner_path = BYTES_LITERAL("half.txt"),
		.outcome = OUTCOME_READ,
		.text = BYTES_LITERAL("half a thing"),
		.modified = CLOCK_UNKNOWN,
		.created = CLOCK_UNKNOWN,
	};
	assert_int_equal(sweep_begin(fixture->incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(fixture->incident, leak, LEAK_COUNT, true);
	assert_int_equal(leak_put_document(fixture->incident, &id, &part, &failure), STATUS_OK);
	assert_int_equal(sweep_checkpoint(fixture->incident, &failure), STATUS_OK);
	assert_string_equal(leak_find(fixture->incident, QUERY_TEXT, "half"), "");
	assert_int_equal(leak_restart_object(fixture->incident, &id, &failure), STATUS_OK);
	leak_read(fixture->incident, &leak[2]);
	assert_string_equal(leak_find(fixture->incident, QUERY_TEXT, "half"), "");
	assert_string_equal(leak_find(fixture->incident, QUERY_TEXT, "archive"), "backup.zip");
}

/* ---- pages and batches ---- */

static struct listed_object listed_of(const char *name, enum outcome outcome)
{
	struct listed_object listed = {
		.outcome = outcome,
		.object = {.name = bytes_of_string(name), .size = 7, .modified = 1, .created = CLOCK_UNKNOWN}};
	listed.id = object_id(&leak_container, &listed.object);
	return listed;
}

static void what_is_known_is_told_of_a_whole_page(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct listed_object page[] = {listed_of(leak[2].name, 0), listed_of(leak[3].name, 0), listed_of("never seen", 0)};
	page[0].object.size = strlen(leak[2].text);
	page[0].object.modified = 1600000000;
	page[0].object.etag = BYTES_LITERAL("e1");
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, &leak[3], 1, false);
	assert_int_equal(sweep_find_known(incident, page, 3, &failure), STATUS_OK);
	assert_int_equal(page[0].known.revision, 1);
	assert_int_equal(page[0].known.outcome, OUTCOME_READ);
	assert_true(page[0].known.is_same && page[0].known.was_read && page[0].known.has_bytes && page[0].known.has_content);
	assert_true(page[0].known.is_as_set && !page[0].known.is_listed);
	assert_int_equal(page[1].known.revision, 1);
	assert_int_equal(page[1].known.outcome, OUTCOME_OVER_BUDGET);
	assert_true(page[1].known.is_listed && !page[1].known.is_same && !page[1].known.was_read);
	assert_int_equal(page[2].known.revision, 0);
	/* Under other settings it is as it was, but not as these would have it. */
	plan.settings = BYTES_LITERAL("depth=peek");
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(sweep_find_known(incident, page, 1, &failure), STATUS_OK);
	assert_true(page[0].known.is_same && !page[0].known.is_as_set);
}

/* Delivery is at least once: whoever is not sure that a page was put puts it again. */
static void a_page_that_comes_twice_changes_nothing(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct arena arena = arena_with_ceiling(1 << 20);
	struct pending_object pending[8];
	struct listed_object page[] = {listed_of("a", OUTCOME_LISTED_ONLY), listed_of("b", OUTCOME_PENDING)};
	static const enum fate fates[][2] = {{FATE_NEW, FATE_NEW}, {FATE_AWAITED, FATE_AWAITED}, {FATE_REDO, FATE_KEPT}};
	for (size_t round = 0; round < 3; round++) {
		struct buffer cursor = buffer_with_ceiling(64);
		size_t count = 0;
		assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
		assert_int_equal(sweep_find_known(incident, page, 2, &failure), STATUS_OK);
		for (size_t i = 0; i < 2; i++)
			page[i].fate = fates[round][i];
		for (int time = 0; time < 2; time++)
			assert_int_equal(sweep_put_page(incident, 0, page, 2, BYTES_LITERAL("next"), true, &failure), STATUS_OK);
		assert_int_equal(sweep_pending(incident, &cursor, 8, &arena, pending, &count), STATUS_OK);
		assert_int_equal(count, round == 1 ? 2 : 1);
		assert_int_equal(pending[0].previous, round == 0 ? OUTCOME_PENDING : OUTCOME_LISTED_ONLY);
		assert_string_equal(leak_find(incident, QUERY_NAME, "a"), "a");
		assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
		page[0].outcome = OUTCOME_PENDING;
		buffer_free(&cursor);
	}
	arena_free(&arena);
}

static void what_waits_goes_on_from_a_cursor(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct arena arena = arena_with_ceiling(1 << 20);
	struct pending_object pending[8];
	struct buffer cursor = buffer_with_ceiling(64), again = buffer_with_ceiling(64);
	size_t count = 0;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, leak, LEAK_COUNT, true);
	assert_int_equal(sweep_pending(incident, &cursor, 2, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 2);
	buffer_append(&again, buffer_bytes(&cursor));
	assert_int_equal(sweep_pending(incident, &cursor, 8, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 3);
	assert_true(bytes_equal_string(pending[0].object.name, leak[2].name));
	assert_int_equal(sweep_pending(incident, &cursor, 8, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 0);
	assert_int_equal(sweep_pending(incident, &again, 8, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 3);
	assert_true(bytes_equal_string(pending[0].object.name, leak[2].name));
	buffer_free(&cursor);
	buffer_free(&again);
	arena_free(&arena);
}

static struct document_record record_saying(const char *text, uint32_t ordinal)
{
	struct document_record record = {
		.ordinal = ordinal,
		.inner_path = bytes_of_string(ordinal > 0 ? "part.txt" : NULL),
		.size = strlen(text),
		.has_sha256 = true,
		.outcome = OUTCOME_READ,
		.media_type = BYTES_LITERAL("text/plain"),
		.text = bytes_of_string(text),
		.modified = CLOCK_UNKNOWN,
		.created = CLOCK_UNKNOWN,
	};
	leak_content_key(text, record.sha256);
	leak_content_key(text, record.content_key);
	return record;
}

/* Of three objects at once, mixed; then all of it once more, behind their ends. */
static void what_came_of_many_objects_is_put_in_one_call(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_summary summary;
	struct document_view view;
	struct listed_object page[] = {listed_of("a", 0), listed_of("b", 0), listed_of("c", 0)};
	struct object fetched = page[2].object;
	const struct document_record spoilt = record_saying("spoilt", 1), part = record_saying("the part", 1),
				     own = record_saying("the whole", 0), other = record_saying("another", 0);
	const struct object_record read = {.outcome = OUTCOME_READ, .documents = 1},
				   gone = {.outcome = OUTCOME_UNREACHABLE, .note = BYTES_LITERAL("why")};
	fetched.size = 9;
	const struct sweep_entry entries[] = {
		{ENTRY_DOCUMENT, page[0].id, {.document = &spoilt}},
		{ENTRY_DOCUMENT, page[1].id, {.document = &other}},
		{ENTRY_VERSION, page[2].id, {.fetched = &fetched}},
		{ENTRY_RESTART, page[0].id, {.fetched = NULL}},
		{ENTRY_END, page[2].id, {.end = &gone}},
		{ENTRY_DOCUMENT, page[0].id, {.document = &part}},
		{ENTRY_DOCUMENT, page[0].id, {.document = &own}},
		{ENTRY_END, page[1].id, {.end = &read}},
		{ENTRY_END, page[0].id, {.end = &read}},
	};
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, page, 3, BYTES_NONE, true, &failure), STATUS_OK);
	for (int time = 0; time < 2; time++) {
		assert_int_equal(sweep_put(incident, entries, sizeof entries / sizeof *entries, &failure), STATUS_OK);
		assert_int_equal(sweep_checkpoint(incident, &failure), STATUS_OK);
		assert_int_equal(sweep_summarise(incident, &summary, &failure), STATUS_OK);
		assert_int_equal(summary.objects.read, 2);
		assert_int_equal(summary.objects.failed, 1);
		assert_int_equal(summary.documents, 3);
		assert_string_equal(leak_find(incident, QUERY_TEXT, "whole"), "a");
		assert_string_equal(leak_find(incident, QUERY_TEXT, "the part"), "a!/part.txt");
		assert_string_equal(leak_find(incident, QUERY_TEXT, "another"), "b");
		assert_string_equal(leak_find(incident, QUERY_TEXT, "spoilt"), "");
		assert_int_equal(incident_find(incident, &page[2].id, copy_view, &view, &failure), STATUS_OK);
		assert_int_equal(view.outcome, OUTCOME_UNREACHABLE);
		assert_int_equal(view.size, 9);
	}
	assert_int_equal(sweep_put(incident, NULL, 0, &failure), STATUS_OK);
}

/* ---- what a part claims to be ---- */

static const struct leak_object claimants[] = {
	{"archive.zip", "an archive", NULL, 0, 0, NULL},
	{"other.zip", "another archive", NULL, 0, 0, NULL},
	{"victim.txt", "the true words. bob@contoso.com", NULL, 0, 0, NULL},
};

/* Lists all three. */
static struct incident *began(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	assert_int_equal(sweep_begin(fixture->incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(fixture->incident, claimants, 3, true);
	return fixture->incident;
}

/* A part that says one thing and bears the digest of another; then its object comes to its end. */
static void read_claimant(struct incident *incident, const struct leak_object *object, const char *says, const char *claims,
                          enum outcome outcome)
{
	struct failure failure;
	struct id id = leak_id(object->name, NULL);
	struct document_record part = {
		.ordinal = 1,
		.inner_path = BYTES_LITERAL("part.txt"),
		.size = strlen(says),
		.has_sha256 = true,
		.outcome = outcome,
		.media_type = BYTES_LITERAL("text/plain"),
		.text = bytes_of_string(says),
		.modified = CLOCK_UNKNOWN,
		.created = CLOCK_UNKNOWN,
	};
	leak_content_key(claims, part.sha256);
	leak_content_key(claims, part.content_key);
	assert_int_equal(leak_put_document(incident, &id, &part, &failure), STATUS_OK);
	leak_read(incident, object);
}

static size_t count_twins(struct incident *incident, const char *object, const char *inner_path)
{
	struct failure failure;
	struct id id = leak_id(object, inner_path);
	size_t count = 0;
	assert_int_equal(incident_twins(incident, &id, count_view, &count, &failure), STATUS_OK);
	return count;
}

static void a_claim_does_not_speak_for_the_bytes_that_come_later(void **state)
{
	struct incident *incident = began(state);
	read_claimant(incident, &claimants[0], "planted", claimants[2].text, OUTCOME_READ);
	leak_read(incident, &claimants[2]);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "true words"), "victim.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "planted"), "archive.zip!/part.txt");
	assert_int_equal(count_twins(incident, "victim.txt", NULL), 0);
}

/* Nor can it be the better reading of one that ended badly. */
static void a_claim_does_not_replace_what_was_read(void **state)
{
	struct incident *incident = began(state);
	leak_read(incident, &claimants[2]);
	read_claimant(incident, &claimants[0], "", "a locked thing", OUTCOME_TIMED_OUT);
	read_claimant(incident, &claimants[1], "planted", "a locked thing", OUTCOME_READ);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "planted"), "other.zip!/part.txt");
	assert_int_equal(count_twins(incident, "archive.zip", "part.txt"), 0);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "true words"), "victim.txt");
}

static void claims_that_say_the_same_are_one_content(void **state)
{
	struct incident *incident = began(state);
	read_claimant(incident, &claimants[0], "alike", "alike", OUTCOME_READ);
	read_claimant(incident, &claimants[1], "alike", "alike", OUTCOME_READ);
	assert_int_equal(count_twins(incident, "archive.zip", "part.txt"), 1);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "alike"), "archive.zip!/part.txt other.zip!/part.txt");
}

/* Whichever comes first, the object or a part with its bytes. */
static void an_honest_part_and_its_object_are_one_content(void **state)
{
	static const struct leak_object plain = {"plain.txt", "plain words", NULL, 0, 0, NULL};
	struct incident *incident = began(state);
	read_claimant(incident, &claimants[0], plain.text, plain.text, OUTCOME_READ);
	leak_list(incident, &plain, 1, true);
	leak_read(incident, &plain);
	read_claimant(incident, &claimants[1], plain.text, plain.text, OUTCOME_READ);
	assert_int_equal(count_twins(incident, "plain.txt", NULL), 2);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "plain words"),
	                    "archive.zip!/part.txt other.zip!/part.txt plain.txt");
}

/* Names first, a peek, then all: each reads what the one before did not, and a limit lifted is a limit
 * lifted. */
static void a_deeper_sweep_reads_what_was_only_listed(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_summary summary;
	struct leak_object named[LEAK_COUNT];
	memcpy(named, leak, sizeof leak);
	for (size_t i = 0; i < LEAK_COUNT; i++) {
		named[i].text = NULL;
		named[i].outcome = i == 2 ? OUTCOME_TOO_LARGE : OUTCOME_LISTED_ONLY;
	}
	plan.settings = BYTES_LITERAL("depth=names");
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, named, LEAK_COUNT, true);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_int_equal(sweep_summarise(incident, &summary, &failure), STATUS_OK);
	assert_int_equal(summary.objects.skipped, 6);
	assert_int_equal(summary.objects.failed, 1);
	/* The listings tell other sizes for what has a text, so all of it is new. */
	leak_sweep(incident, leak, LEAK_COUNT, &summary);
	assert_int_equal(summary.objects.read, 5);
	assert_int_equal(summary.objects.unchanged, 0);
}

static void what_is_awaited_again_waits_behind_what_came_before(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct arena arena = arena_with_ceiling(1u << 20);
	struct pending_object pending[4];
	struct buffer position = buffer_with_ceiling(64);
	size_t count = 0;
	struct listed_object first = {
		.object = {.name = BYTES_LITERAL("old"), .size = 5, .modified = 1, .created = CLOCK_UNKNOWN},
		.outcome = OUTCOME_OVER_BUDGET};
	struct listed_object second = {
		.object = {.name = BYTES_LITERAL("new"), .size = 5, .modified = 1, .created = CLOCK_UNKNOWN}};
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, &first, 1, BYTES_LITERAL("a"), true, &failure), STATUS_OK);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, &second, 1, BYTES_LITERAL("a"), false, &failure), STATUS_OK);
	assert_int_equal(sweep_pending(incident, &position, 4, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 1);
	first.outcome = OUTCOME_PENDING;
	assert_int_equal(leak_put_page(incident, 0, &first, 1, BYTES_LITERAL("b"), true, &failure), STATUS_OK);
	assert_int_equal(sweep_pending(incident, &position, 4, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 1);
	assert_true(bytes_equal_string(pending[0].object.name, "old"));
	assert_int_equal(pending[0].previous, OUTCOME_OVER_BUDGET);
	assert_int_equal(sweep_pending(incident, &position, 4, &arena, pending, &count), STATUS_OK);
	assert_int_equal(count, 0);
	arena_free(&arena);
	buffer_free(&position);
}

/* Versions have ids of their own, are told of one another, and are gone only where versions were listed. */
struct named {
	struct buffer text;
	size_t most;
	struct id before;
};

static enum status name_view(void *context, const struct document_view *view)
{
	struct named *named = context;
	assert_true(memcmp(named->before.bytes, view->id.bytes, ID_SIZE) < 0);
	named->before = view->id;
	buffer_append(&named->text, view->path);
	buffer_append_byte(&named->text, view->is_gone ? '-' : view->version.len > 0 ? '@' : ' ');
	return --named->most == 0 ? STATUS_END : STATUS_OK;
}

/* Each id once, however often it was read again. */
static void a_document_is_found_by_a_span_of_ids_and_by_its_path(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct id lowest = {{0}}, highest, id = leak_id(leak[0].name, NULL);
	struct named named = {.text = buffer_with_ceiling(1 << 16), .most = SIZE_MAX};
	size_t count = 0;
	memset(highest.bytes, 0xff, sizeof highest.bytes);
	leak_redo = OUTCOME_READ;
	leak_sweep(fixture->incident, leak, LEAK_COUNT, NULL);
	leak_redo = OUTCOME_COUNT;
	assert_int_equal(incident_between(incident, &lowest, &highest, count_view, &count, &failure), STATUS_OK);
	assert_int_equal(incident_between(incident, &lowest, &highest, name_view, &named, &failure), STATUS_OK);
	assert_true(count >= LEAK_COUNT);
	assert_int_equal(SIZE_MAX - named.most, count);
	for (size_t most = 1; most <= 2; most++) {
		named.before = (struct id){{0}};
		named.most = most;
		assert_int_equal(incident_between(incident, &lowest, &highest, name_view, &named, &failure), STATUS_OK);
		assert_int_equal(named.most, 0);
	}
	named = (struct named){.text = named.text, .most = SIZE_MAX};
	buffer_reset(&named.text);
	assert_int_equal(incident_between(incident, &id, &id, name_view, &named, &failure), STATUS_OK);
	assert_int_equal(SIZE_MAX - named.most, 1);
	named = (struct named){.text = named.text, .most = SIZE_MAX};
	assert_int_equal(incident_at_path(incident, bytes_of_string(leak[0].name), name_view, &named, &failure), STATUS_OK);
	assert_int_equal(SIZE_MAX - named.most, 1);
	assert_true(id_equal(named.before, id));
	/* Exactly: no part of it, no other case, no more. */
	static const char *const none[] = {"", "a", ".txt", "A.txt", "a.txt ", "nowhere"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(incident_at_path(incident, bytes_of_string(none[i]), name_view, &named, &failure), STATUS_OK);
	assert_int_equal(SIZE_MAX - named.most, 1);
	buffer_free(&named.text);
}

static void versions_of_an_object_know_one_another(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct document_view view;
	struct listed_object listed[2] = {
		{.object = {.name = BYTES_LITERAL("a/b"), .size = 5, .modified = 2, .created = CLOCK_UNKNOWN},
	         .outcome = OUTCOME_LISTED_ONLY},
		{.object = {.name = BYTES_LITERAL("a/b"),
	                    .version = BYTES_LITERAL("v1"),
	                    .size = 4,
	                    .modified = 1,
	                    .created = CLOCK_UNKNOWN},
	         .outcome = OUTCOME_LISTED_ONLY},
	};
	struct id current = object_id(&leak_container, &listed[0].object), old = object_id(&leak_container, &listed[1].object);
	size_t count = 0;
	for (int versions = 1; versions >= -1; versions--) {
		plan.lists_versions = versions != 0;
		assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
		assert_int_equal(leak_put_page(incident, 0, listed, versions == 1 ? 2 : 1, BYTES_NONE, true, &failure),
		                 STATUS_OK);
		assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
		assert_int_equal(incident_find(incident, &old, copy_view, &view, &failure), STATUS_OK);
		assert_int_equal(view.is_gone, versions == -1);
	}
	assert_int_equal(incident_versions(incident, &current, count_view, &count, &failure), STATUS_OK);
	assert_int_equal(count, 1);
	count = 0;
	assert_int_equal(incident_at_path(incident, BYTES_LITERAL("a/b"), count_view, &count, &failure), STATUS_OK);
	assert_int_equal(count, 2);
}

static void a_listing_without_its_versions_takes_nothing_away(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct document_view view;
	struct listed_object version = {.object = {.name = BYTES_LITERAL("a"),
	                                           .version = BYTES_LITERAL("v1"),
	                                           .size = 4,
	                                           .modified = 1,
	                                           .created = CLOCK_UNKNOWN},
	                                .outcome = OUTCOME_LISTED_ONLY};
	struct id id = object_id(&leak_container, &version.object);
	plan.lists_versions = true;
	for (int nth = 0; nth < 3; nth++) {
		assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
		if (nth == 1)
			assert_int_equal(sweep_lacks_versions(incident, &failure), STATUS_OK);
		assert_int_equal(leak_put_page(incident, 0, &version, nth == 0, BYTES_NONE, true, &failure), STATUS_OK);
		assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
		assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
		assert_int_equal(view.is_gone, nth == 2);
	}
}

static void count_digest(void *context, const unsigned char sha256[32])
{
	(void)sha256;
	++*(size_t *)context;
}

/* Five objects were read, two of them of the same bytes, and two parts. */
static void digests_are_told_once_each_and_not_too_many(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	size_t count = 0;
	bool is_all = false;
	assert_int_equal(sweep_digests(incident, 100, count_digest, &count, &is_all, &failure), STATUS_OK);
	assert_true(is_all);
	size_t all = count;
	assert_int_equal(all, 6);
	count = 0;
	assert_int_equal(sweep_digests(incident, all, count_digest, &count, &is_all, &failure), STATUS_OK);
	assert_true(is_all && count == all);
	count = 0;
	assert_int_equal(sweep_digests(incident, all - 1, count_digest, &count, &is_all, &failure), STATUS_OK);
	assert_true(!is_all && count == all - 1);
}

/* A row holds what was fetched: so a listing that says the same by now finds it unchanged. */
static void an_object_that_changed_on_its_way_is_kept_as_fetched(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct sweep_summary summary;
	struct document_view view;
	struct listed_object object = {.object = {.name = BYTES_LITERAL("a"),
	                                          .size = 4,
	                                          .modified = 1,
	                                          .created = CLOCK_UNKNOWN,
	                                          .etag = BYTES_LITERAL("one")}};
	struct id id = object_id(&leak_container, &object.object), stranger = leak_id("b", NULL);
	const struct object_record gone = {.outcome = OUTCOME_MALFORMED, .fetched_bytes = 9};
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, &object, 1, BYTES_NONE, true, &failure), STATUS_OK);
	object.object.size = 9;
	object.object.modified = 2;
	object.object.etag = BYTES_LITERAL("two");
	assert_int_equal(leak_note_version(incident, &id, &object.object, &failure), STATUS_OK);
	assert_int_equal(leak_end_object(incident, &id, &gone, &failure), STATUS_OK);
	struct object later = object.object;
	later.modified = 3;
	assert_int_equal(leak_note_version(incident, &id, &later, &failure), STATUS_OK);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
	assert_int_equal(view.modified, 2);
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, &object, 1, BYTES_NONE, true, &failure), STATUS_OK);
	assert_int_equal(sweep_summarise(incident, &summary, &failure), STATUS_OK);
	assert_int_equal(summary.objects.unchanged, 1);
	assert_int_equal(summary.bytes.listed, 9);
	assert_int_equal(leak_note_version(incident, &stranger, &later, &failure), STATUS_BROKEN);
	assert_non_null(strstr(failure.why, "never listed"));
}

/* ---- searching ---- */

static void words_are_found_in_contents_and_names(void **state)
{
	struct incident *incident = swept(state, NULL);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "invoice"), "2021/Rechnung_M\xC3\xBCller.txt "
	                                                                "2021/copy.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "MULLER"), "2021/Rechnung_M\xC3\xBCller.txt "
	                                                               "2021/copy.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "z\xC3\xBCrich"), "2021/"
	                                                                      "Rechnung_M\xC3\xBCller.txt "
	                                                                      "2021/copy.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "project"), "project-apollo/notes.md");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "apollo"), "project-apollo/notes.md");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "rechnung muller"), "2021/"
	                                                                        "Rechnung_M\xC3\xBCller.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "md"), "project-apollo/notes.md");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "muller rechnung"), "");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "bob@contoso.com"), "2021/"
	                                                                        "Rechnung_M\xC3\xBCller.txt "
	                                                                        "2021/copy.txt "
	                                                                        "backup.zip!/mail/1.eml!/"
	                                                                        "offer.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "--"), "");
}

static void signs_without_spaces_are_found(void **state)
{
	struct incident *incident = swept(state, NULL);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "\xE4\xBA\xAC\xE9\x83\xBD"), "cjk.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE5\xBA\x81"), "cjk."
	                                                                                                         "txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "\xE6\x9D\xB1"), "cjk.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "\xE3\x81\x99"), "cjk.txt");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "\xE9\x83\xBD\xE4\xBA\xAC"), "");
}

static void substrings_of_names_are_found_however_short(void **state)
{
	struct incident *incident = swept(state, NULL);
	assert_string_equal(leak_find(incident, QUERY_NAME, "NUNG_m"), "2021/Rechnung_M\xC3\xBCller.txt");
	assert_string_equal(leak_find(incident, QUERY_NAME, "o"), "big.iso 2021/copy.txt "
	                                                          "project-apollo/notes.md "
	                                                          "backup.zip!/mail/1.eml!/offer.txt");
	assert_string_equal(leak_find(incident, QUERY_NAME, "py"), "2021/copy.txt");
	assert_string_equal(leak_find(incident, QUERY_NAME, "apollo"), "");
	assert_string_equal(leak_find(incident, QUERY_PATH, "apollo"), "project-apollo/notes.md");
	assert_string_equal(leak_find(incident, QUERY_PATH, "zip!/mail"),
	                    "backup.zip!/mail/1.eml backup.zip!/mail/1.eml!/offer.txt");
	assert_string_equal(leak_find(incident, QUERY_EXTENSION, "ZIP"), "backup.zip");
	assert_string_equal(leak_find(incident, QUERY_EXTENSION, "md"), "project-apollo/notes.md");
	assert_string_equal(leak_find(incident, QUERY_REGEX, "^\\d{4}/.*\\.txt$"), "2021/"
	                                                                           "Rechnung_M\xC3\xBCller."
	                                                                           "txt 2021/copy.txt");
}

static void fields_are_found(void **state)
{
	struct incident *incident = swept(state, NULL);
	assert_string_equal(leak_find(incident, QUERY_ENTITY, "anna@fabrikam.com"), "backup.zip!/mail/1.eml");
	assert_string_equal(leak_find(incident, QUERY_ORGANISATION, "fabrikam.com"), "backup.zip!/mail/"
	                                                                             "1.eml");
	assert_string_equal(leak_find(incident, QUERY_OUTCOME, "over_budget"), "big.iso");
	assert_string_equal(leak_find(incident, QUERY_CLASS, "invoice"), "");
	assert_string_equal(leak_find(incident, QUERY_SIGNED, "true"), "");
	assert_string_equal(leak_find(incident, QUERY_PROVIDER, "s3"), "");
	assert_string_equal(leak_find(incident, QUERY_CONTAINER, "other"), "");
	assert_true(strlen(leak_find(incident, QUERY_CONTAINER, "files")) > 50);
	assert_true(strlen(leak_find(incident, QUERY_CONTAINER, "acme/files")) > 50);
	assert_true(strlen(leak_find(incident, QUERY_TYPE, "text/plain")) > 50);
	assert_true(strlen(leak_find(incident, QUERY_TYPE, "text/")) > 50);
	assert_string_equal(leak_find(incident, QUERY_TYPE, "image/"), "");
}

static struct query_node text_node(const char *text)
{
	return (struct query_node){.operation = QUERY_TERM, .field = QUERY_TEXT, .text = bytes_of_string(text)};
}

static void conditions_combine(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct query_node invoice = text_node("invoice"), copy = text_node("copy"), notes = text_node("notes");
	struct query_node size = {.operation = QUERY_TERM, .field = QUERY_SIZE, .low = 1000, .high = INT64_MAX};
	const struct query_node *both[] = {&invoice, &copy}, *either[] = {&copy, &notes}, *one[] = {&copy}, *large[] = {&size};
	struct query_node all = {.operation = QUERY_ALL, .children = both, .child_count = 2};
	struct query_node any = {.operation = QUERY_ANY, .children = either, .child_count = 2};
	struct query_node not_copy = {.operation = QUERY_NOT, .children = one, .child_count = 1};
	struct query_node not_large = {.operation = QUERY_NOT, .children = large, .child_count = 1};
	const struct query_node *without[] = {&invoice, &not_copy, &not_large};
	struct query_node rest = {.operation = QUERY_ALL, .children = without, .child_count = 3};
	struct query query = {.root = &all, .sort = QUERY_SORT_NAME};
	assert_string_equal(leak_search(incident, &query, NULL), "2021/copy.txt");
	query.root = &any;
	assert_string_equal(leak_search(incident, &query, NULL), "2021/copy.txt project-apollo/notes.md");
	query.root = &rest;
	assert_string_equal(leak_search(incident, &query, NULL), "2021/Rechnung_M\xC3\xBCller.txt");
	query.root = &size;
	assert_string_equal(leak_search(incident, &query, NULL), "big.iso link");
	query.root = &copy;
	query.in = QUERY_IN_CONTENTS;
	assert_string_equal(leak_search(incident, &query, NULL), "");
	query.root = &invoice;
	query.in = QUERY_IN_NAMES;
	assert_string_equal(leak_search(incident, &query, NULL), "");
}

static void everything_is_a_row(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct search_totals totals;
	struct query query = {.root = NULL};
	struct buffer cursor = buffer_with_ceiling(1024);
	size_t count = 0;
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_OK);
	assert_int_equal(count, 9);
	assert_int_equal(totals.total, 9);
	assert_true(totals.is_exact);
	assert_int_equal(totals.unsearchable, 1);
	buffer_free(&cursor);
}

struct page {
	size_t left;
	struct buffer ids;
};

static enum status take_page(void *context, const struct document_view *view)
{
	struct page *page = context;
	buffer_append(&page->ids, bytes_of(view->id.bytes, ID_SIZE));
	return --page->left == 0 ? STATUS_END : STATUS_OK;
}

static void check_paging(struct incident *incident, struct query query, size_t page_size)
{
	struct failure failure;
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(4096), last = buffer_with_ceiling(4096);
	struct page whole = {1000, buffer_with_ceiling(1u << 16)}, paged = {0, buffer_with_ceiling(1u << 16)};
	size_t before;
	assert_int_equal(incident_search(incident, &query, &totals, take_page, &whole, &cursor, &failure), STATUS_OK);
	do {
		before = paged.ids.len;
		paged.left = page_size;
		query.cursor = buffer_bytes(&last);
		assert_int_equal(incident_search(incident, &query, &totals, take_page, &paged, &cursor, &failure), STATUS_OK);
		buffer_reset(&last);
		buffer_append(&last, buffer_bytes(&cursor));
	} while (paged.ids.len > before);
	assert_int_equal(paged.ids.len, whole.ids.len);
	assert_memory_equal(paged.ids.at, whole.ids.at, whole.ids.len);
	buffer_free(&cursor);
	buffer_free(&last);
	buffer_free(&whole.ids);
	buffer_free(&paged.ids);
}

static void pages_follow_one_another_in_every_order(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct query_node bob = text_node("contoso"), txt = text_node("txt");
	const struct query_node *either[] = {&bob, &txt};
	struct query_node any = {.operation = QUERY_ANY, .children = either, .child_count = 2};
	for (int sort = QUERY_SORT_RELEVANCE; sort <= QUERY_SORT_NAME; sort++) {
		for (int reversed = 0; reversed < 2; reversed++) {
			struct query query = {.sort = (enum query_sort)sort, .is_reversed = reversed != 0};
			check_paging(incident, query, 1);
			check_paging(incident, query, 4);
			query.root = &any;
			check_paging(incident, query, 1);
			check_paging(incident, query, 2);
		}
	}
}

static void a_title_or_name_ranks_above_a_mention(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct query_node offer = text_node("offer");
	struct query query = {.root = &offer};
	assert_string_equal(leak_search(incident, &query, NULL), "backup.zip!/mail/1.eml!/offer.txt "
	                                                         "backup.zip!/mail/1.eml");
}

/* ---- relevance ---- */

static struct query_node word_node(const char *word)
{
	struct query_node node = text_node(word);
	node.takes_forms = true;
	return node;
}

static void assert_order(struct incident *incident, const struct query_node *root, enum query_in in, const char *wanted)
{
	struct query query = {.root = root, .in = in};
	assert_string_equal(leak_search(incident, &query, NULL), wanted);
}

static const struct leak_object inflected[] = {
	{"a.txt", "two invoices were sent", "1", OUTCOME_READ, 10, NULL},
	{"b.txt", "the invoice was sent", "1", OUTCOME_READ, 10, NULL},
	{"c.txt", "Zwei Rechnungen liegen bei", "1", OUTCOME_READ, 10, NULL},
	{"d.txt", "whoever is invoicelike", "1", OUTCOME_READ, 10, NULL},
	{"e Rechnungen.txt", "nothing to be seen", "1", OUTCOME_READ, 10, NULL},
};

static void inflections_are_found_behind_the_word_itself(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	leak_sweep(incident, inflected, 5, NULL);
	struct query_node exact = text_node("invoice"), invoice = word_node("invoice"), invoices = word_node("INVOICES"),
			  bill = word_node("Rechnung"), sent = text_node("sent");
	assert_order(incident, &exact, QUERY_IN_ALL, "b.txt");
	assert_order(incident, &invoice, QUERY_IN_ALL, "b.txt a.txt");
	assert_order(incident, &invoices, QUERY_IN_ALL, "a.txt b.txt");
	assert_order(incident, &bill, QUERY_IN_ALL, "e Rechnungen.txt c.txt");
	assert_order(incident, &bill, QUERY_IN_NAMES, "e Rechnungen.txt");
	assert_order(incident, &bill, QUERY_IN_CONTENTS, "c.txt");
	/* What is left out is no more than what was said. */
	const struct query_node *negated[] = {&invoice};
	struct query_node not = {.operation = QUERY_NOT, .children = negated, .child_count = 1};
	const struct query_node *both[] = {&sent, &not };
	struct query_node all = {.operation = QUERY_ALL, .children = both, .child_count = 2};
	assert_order(incident, &all, QUERY_IN_ALL, "a.txt");
}

/* times, one behind the other, and as many words that nobody asks for. */
static const char *repeated(struct buffer *into, const char *word, unsigned times, unsigned others)
{
	for (unsigned i = 0; i < times || i < others; i++) {
		buffer_append_format(into, "%s%s", i < times ? word : "", i < times ? " " : "");
		buffer_append_string(into, i < others ? "other " : "");
	}
	return buffer_string(into);
}

static void repetition_counts_less_than_an_honest_letter(void **state)
{
	struct fixture *fixture = *state;
	struct buffer bare = buffer_with_ceiling(1 << 20), between = buffer_with_ceiling(1 << 20),
		      both = buffer_with_ceiling(1 << 20);
	const struct leak_object letters[] = {
		{"a.txt", repeated(&bare, "invoice", 1000, 0), "1", OUTCOME_READ, 10, NULL},
		{"b.txt", repeated(&between, "invoice", 1000, 4000), "1", OUTCOME_READ, 10, NULL},
		{"c.txt", repeated(&both, "contoso invoice", 1000, 0), "1", OUTCOME_READ, 10, NULL},
		{"letter.txt", "Dear Anna, please find our invoice for May. The invoice is due in June. Yours, Contoso", "1",
	         OUTCOME_READ, 10, NULL},
	};
	leak_sweep(fixture->incident, letters, 4, NULL);
	struct query_node invoice = word_node("invoice"), contoso = word_node("contoso");
	const struct query_node *two[] = {&invoice, &contoso};
	struct query_node all = {.operation = QUERY_ALL, .children = two, .child_count = 2};
	struct query query = {.root = &invoice};
	const char *order = leak_search(fixture->incident, &query, NULL);
	assert_memory_equal(order, "letter.txt ", 11);
	assert_int_equal(strlen(order), strlen("letter.txt a.txt b.txt c.txt"));
	query.root = &all;
	assert_string_equal(leak_search(fixture->incident, &query, NULL), "letter.txt c.txt");
	buffer_free(&bare);
	buffer_free(&between);
	buffer_free(&both);
}

static void words_near_each_other_count_more_than_words_far_apart(void **state)
{
	struct fixture *fixture = *state;
	struct buffer far = buffer_with_ceiling(1 << 20), near = buffer_with_ceiling(1 << 20);
	buffer_append_string(&far, "Contoso ");
	repeated(&far, "", 0, 300);
	buffer_append_string(&far, "audit");
	repeated(&near, "", 0, 150);
	buffer_append_string(&near, "the audits of Contoso ");
	repeated(&near, "", 0, 150);
	const struct leak_object letters[] = {
		{"far.txt", buffer_string(&far), "1", OUTCOME_READ, 10, NULL},
		{"near.txt", buffer_string(&near), "1", OUTCOME_READ, 10, NULL},
	};
	leak_sweep(fixture->incident, letters, 2, NULL);
	struct query_node contoso = word_node("contoso"), audit = word_node("audits");
	const struct query_node *two[] = {&contoso, &audit};
	struct query_node all = {.operation = QUERY_ALL, .children = two, .child_count = 2};
	assert_order(fixture->incident, &all, QUERY_IN_ALL, "near.txt far.txt");
	/* The first is the word itself, the second stands beside it. */
	audit = word_node("audit");
	assert_order(fixture->incident, &all, QUERY_IN_ALL, "near.txt far.txt");
	buffer_free(&far);
	buffer_free(&near);
}

static void put_titled(struct incident *incident, struct id id, const char *title, const char *text)
{
	struct failure failure;
	struct document_record record = record_saying(text, 0);
	const struct object_record end = {.outcome = OUTCOME_READ, .documents = 1};
	record.title = bytes_of_string(title);
	assert_int_equal(leak_put_document(incident, &id, &record, &failure), STATUS_OK);
	assert_int_equal(leak_end_object(incident, &id, &end, &failure), STATUS_OK);
}

static void a_title_counts_more_than_a_text_full_of_it(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct listed_object page[] = {listed_of("a", 0), listed_of("b", 0), listed_of("c", 0), listed_of("d", 0)};
	struct buffer title = buffer_with_ceiling(1 << 20);
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, page, 4, BYTES_NONE, true, &failure), STATUS_OK);
	put_titled(incident, page[0].id, "Minutes",
	           "of the invoice, by the invoice, about the invoice, and for the invoice: that is what an invoice is for");
	put_titled(incident, page[1].id, "The invoice of May", "as agreed");
	put_titled(incident, page[2].id, "The invoices of June", "as agreed, too");
	put_titled(incident, page[3].id, repeated(&title, "invoice", 1000, 1000), "a title that is none");
	assert_int_equal(sweep_checkpoint(incident, &failure), STATUS_OK);
	struct query_node invoice = word_node("invoice");
	assert_order(incident, &invoice, QUERY_IN_ALL, "b a c d"); /* a form, even in a title, counts less than the word */
	buffer_free(&title);
}

static void foreign_cursors_and_queries_too_large_are_refused(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(1024);
	size_t count = 0;
	struct query query = {.cursor = BYTES_LITERAL("nonsense!")};
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_USAGE);
	query.cursor = BYTES_LITERAL("");
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_OK);
	query = (struct query){.sort = QUERY_SORT_SIZE, .cursor = buffer_bytes(&cursor)};
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_USAGE);
	struct query_node bad = {.operation = QUERY_TERM, .field = QUERY_REGEX, .text = BYTES_LITERAL("(a)\\1")};
	query = (struct query){.root = &bad};
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_USAGE);
	struct query_node leaf = text_node("x"), nested[100];
	const struct query_node *down[100];
	for (size_t i = 0; i < 100; i++) {
		down[i] = i == 0 ? &leaf : &nested[i - 1];
		nested[i] = (struct query_node){.operation = QUERY_NOT, .children = &down[i], .child_count = 1};
	}
	query.root = &nested[99];
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_USAGE);
	buffer_free(&cursor);
}

/* ---- questions that take long ---- */

static enum status pass_entity(void *context, const struct entity_summary *summary)
{
	(void)summary;
	++*(size_t *)context;
	return STATUS_OK;
}

static enum status pass_organisation(void *context, const struct organisation_summary *summary)
{
	(void)summary;
	++*(size_t *)context;
	return STATUS_OK;
}

enum { CORRESPONDENTS = 1500, PULSES_EACH = 4000 };

static bool have_patience(void *context)
{
	++*(unsigned *)context;
	return true;
}

/* Fifteen hundred documents with an address each: what sought each among all would take a hundred times as long. */
static void counts_and_lists_cost_no_square(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct leak_object *objects = calloc(CORRESPONDENTS, sizeof *objects);
	char(*names)[16] = calloc(CORRESPONDENTS, sizeof *names), (*texts)[64] = calloc(CORRESPONDENTS, sizeof *texts);
	struct buffer cursor = buffer_with_ceiling(4096);
	struct arena arena = arena_with_ceiling(16 << 20);
	struct sweep_summary summary;
	struct failure failure;
	struct ledger ledger;
	struct coverage coverage;
	unsigned pulses[5] = {0};
	size_t entities = 0, organisations = 0;
	assert_true(objects != NULL && names != NULL && texts != NULL);
	for (size_t i = 0; i < CORRESPONDENTS; i++) {
		snprintf(names[i], sizeof *names, "%zu.txt", i);
		snprintf(texts[i], sizeof *texts, "from a%zu@firm%zu.com", i, i);
		objects[i] = (struct leak_object){.name = names[i], .text = texts[i]};
	}
	leak_sweep(incident, objects, CORRESPONDENTS, &summary);
	incident_set_pulse(incident, have_patience, &pulses[0]);
	assert_int_equal(incident_ledger(incident, &arena, &ledger, &failure), STATUS_OK);
	incident_set_pulse(incident, have_patience, &pulses[1]);
	assert_int_equal(
		incident_entities(incident, FINDING_EMAIL, BYTES_NONE, BYTES_NONE, pass_entity, &entities, &cursor, &failure),
		STATUS_OK);
	incident_set_pulse(incident, have_patience, &pulses[2]);
	assert_int_equal(incident_organisations(incident, BYTES_NONE, pass_organisation, &organisations, &cursor, &failure),
	                 STATUS_OK);
	/* Every answer asks for it: what the second costs is no matter of how much there is. */
	for (size_t i = 3; i < 5; i++) {
		incident_set_pulse(incident, have_patience, &pulses[i]);
		assert_int_equal(incident_coverage(incident, &coverage, &failure), STATUS_OK);
		assert_int_equal(coverage.documents, CORRESPONDENTS);
	}
	assert_true(pulses[4] <= 1 && pulses[4] < pulses[3]);
	incident_set_pulse(incident, NULL, NULL);
	assert_int_equal(entities, CORRESPONDENTS);
	assert_int_equal(organisations, CORRESPONDENTS);
	for (size_t i = 0; i < 5; i++)
		if (pulses[i] > PULSES_EACH)
			fail_msg("question %zu took %u pulses", i, pulses[i]);
	buffer_free(&cursor);
	arena_free(&arena);
	free(objects);
	free(names);
	free(texts);
}

enum { LISTED_MANY = 30000 };

struct patience_left {
	unsigned pulses, allowed;
};

static bool lose_patience(void *context)
{
	struct patience_left *left = context;
	return left->pulses++ < left->allowed;
}

static void a_question_is_ended_where_its_pulse_says_so(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct listed_object *page = calloc(LISTED_MANY, sizeof *page);
	char(*names)[16] = calloc(LISTED_MANY, sizeof *names);
	assert_true(page != NULL && names != NULL);
	for (size_t i = 0; i < LISTED_MANY; i++) {
		snprintf(names[i], sizeof *names, "%zu.txt", i);
		page[i] = listed_of(names[i], 0);
	}
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, page, LISTED_MANY, BYTES_NONE, true, &failure), STATUS_OK);
	struct query_node regex = {.operation = QUERY_TERM, .field = QUERY_REGEX, .text = BYTES_LITERAL("^2999.\\.txt$")};
	struct query query = {.root = &regex};
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(1024);
	struct patience_left patient = {.allowed = UINT_MAX}, none = {0}, little = {.allowed = 1};
	size_t count = 0;
	incident_set_pulse(incident, lose_patience, &patient);
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_OK);
	assert_int_equal(count, 10);
	assert_true(patient.pulses >= LISTED_MANY / 10000);
	struct patience_left *const hurried[] = {&none, &little};
	for (size_t i = 0; i < 2; i++) {
		incident_set_pulse(incident, lose_patience, hurried[i]);
		assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure),
		                 STATUS_INTERRUPTED);
		assert_int_equal(hurried[i]->pulses, hurried[i]->allowed + 1);
	}
	incident_set_pulse(incident, NULL, NULL);
	count = 0;
	assert_int_equal(incident_search(incident, &query, &totals, count_view, &count, &cursor, &failure), STATUS_OK);
	assert_int_equal(count, 10);
	buffer_free(&cursor);
	free(names);
	free(page);
}

/* ---- one document ---- */

static void a_document_is_shown_with_its_relations(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct document_view view, part;
	struct id id = leak_id("backup.zip", NULL), inner = leak_id("backup.zip", "mail/1.eml!/offer.txt");
	struct id mail = leak_id("backup.zip", "mail/1.eml"), copy = leak_id("2021/copy.txt", NULL);
	size_t count = 0;
	assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
	assert_false(view.has_parent);
	assert_int_equal(view.outcome, OUTCOME_READ);
	assert_int_equal(view.copies, 1);
	assert_true(view.has_text);
	assert_true(view.exposed.first_seen > 0);
	assert_int_equal(incident_find(incident, &inner, copy_view, &part, &failure), STATUS_OK);
	assert_true(part.has_parent && id_equal(part.parent, mail) && id_equal(part.object, id));
	assert_int_equal(incident_children(incident, &id, count_view, &count, &failure), STATUS_OK);
	assert_int_equal(count, 1);
	assert_int_equal(incident_children(incident, &mail, count_view, &count, &failure), STATUS_OK);
	assert_int_equal(count, 2);
	count = 0;
	assert_int_equal(incident_twins(incident, &copy, count_view, &count, &failure), STATUS_OK);
	assert_int_equal(count, 1);
	assert_int_equal(incident_versions(incident, &copy, count_view, &count, &failure), STATUS_OK);
	assert_int_equal(count, 1);
	id.bytes[0] ^= 1;
	assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_ABSENT);
}

static enum status keep_finding(void *context, const struct finding *finding)
{
	struct buffer *text = context;
	buffer_append(text, finding->value);
	buffer_append_format(text, "@%d-%d %.1f ", (int)finding->from, (int)finding->to, (double)finding->confidence);
	buffer_append(text, finding->rule);
	buffer_append_byte(text, ';');
	return STATUS_OK;
}

static enum status keep_attribution(void *context, const struct attribution *attribution)
{
	buffer_append(context, attribution->domain);
	return STATUS_OK;
}

static void a_content_tells_its_text_findings_and_owners(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct document_view view;
	struct buffer text = buffer_with_ceiling(4096);
	struct id id = leak_id("backup.zip", "mail/1.eml!/offer.txt");
	unsigned char unknown[32] = {1};
	assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
	assert_int_equal(incident_text(incident, view.content_key, 4, 9, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "offer");
	buffer_reset(&text);
	assert_int_equal(incident_findings(incident, view.content_key, keep_finding, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "bob@contoso.com@30-45 1.0 email/1;bob@contoso.com@46-61 "
	                                          "1.0 email/1;");
	buffer_reset(&text);
	assert_int_equal(incident_attributions(incident, &view, keep_attribution, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "contoso.com");
	assert_int_equal(incident_text(incident, unknown, 0, UINT64_MAX, &text, &failure), STATUS_ABSENT);
	buffer_free(&text);
}

static void long_text_comes_back_whole_and_in_parts(void **state)
{
	struct fixture *fixture = *state;
	enum { POINTS = 300000 };
	char *long_text = malloc(POINTS * 3 + 1);
	struct failure failure;
	struct document_view view;
	struct buffer text = buffer_with_ceiling(1u << 24);
	struct id id = leak_id("long", NULL);
	assert_non_null(long_text);
	for (int i = 0; i < POINTS; i++)
		memcpy(long_text + 3 * i, i % 10 == 9 ? "\xE2\x82\xAC" : "\xE4\xB8\x80", 3);
	long_text[POINTS * 3] = '\0';
	struct leak_object object = {"long", long_text, NULL, 0, 0, NULL};
	leak_sweep(fixture->incident, &object, 1, NULL);
	assert_int_equal(incident_find(fixture->incident, &id, copy_view, &view, &failure), STATUS_OK);
	assert_int_equal(incident_text(fixture->incident, view.content_key, 0, UINT64_MAX, &text, &failure), STATUS_OK);
	assert_int_equal(text.len, POINTS * 3);
	assert_memory_equal(text.at, long_text, text.len);
	buffer_reset(&text);
	assert_int_equal(incident_text(fixture->incident, view.content_key, 65530, 110000, &text, &failure), STATUS_OK);
	assert_int_equal(text.len, (110000 - 65530) * 3);
	assert_memory_equal(text.at, long_text + 65530 * 3, text.len);
	buffer_free(&text);
	free(long_text);
}

/* ---- lists and counts ---- */

static enum status keep_organisation(void *context, const struct organisation_summary *summary)
{
	buffer_append(context, summary->domain);
	buffer_append_format(context, " %d %d %d %d;", (int)summary->documents, (int)summary->as_party, (int)summary->mentions,
	                     (int)summary->addresses);
	return STATUS_OK;
}

static enum status keep_entity(void *context, const struct entity_summary *summary)
{
	buffer_append(context, summary->value);
	buffer_append_format(context, " %d %d;", (int)summary->references, (int)summary->documents);
	return STATUS_OK;
}

static enum status keep_container(void *context, const struct container_summary *summary)
{
	buffer_append(context, summary->container.name);
	buffer_append_format(context, " %d %d %d", (int)summary->objects, (int)summary->documents, (int)summary->unseen_objects);
	return STATUS_OK;
}

static void lists_count_both_ways(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096), cursor = buffer_with_ceiling(4096);
	assert_int_equal(incident_organisations(incident, BYTES_NONE, keep_organisation, &text, &cursor, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "contoso.com 3 3 0 1;fabrikam.com 1 1 0 1;");
	buffer_reset(&text);
	assert_int_equal(incident_organisations(incident, buffer_bytes(&cursor), keep_organisation, &text, &cursor, &failure),
	                 STATUS_OK);
	assert_int_equal(text.len, 0);
	assert_int_equal(
		incident_entities(incident, FINDING_EMAIL, BYTES_NONE, BYTES_NONE, keep_entity, &text, &cursor, &failure),
		STATUS_OK);
	assert_string_equal(buffer_string(&text), "bob@contoso.com 4 3;anna@fabrikam.com 1 1;");
	buffer_reset(&text);
	assert_int_equal(incident_entities(incident, FINDING_EMAIL, BYTES_LITERAL("fabrikam.com"), BYTES_NONE, keep_entity, &text,
	                                   &cursor, &failure),
	                 STATUS_OK);
	assert_string_equal(buffer_string(&text), "anna@fabrikam.com 1 1;");
	buffer_reset(&text);
	assert_int_equal(incident_entities(incident, FINDING_EMAIL, BYTES_LITERAL("abrikam.com"), BYTES_NONE, keep_entity, &text,
	                                   &cursor, &failure),
	                 STATUS_OK);
	assert_int_equal(text.len, 0);
	assert_int_equal(incident_containers(incident, keep_container, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "files 7 7 2");
	buffer_free(&text);
	buffer_free(&cursor);
}

static void documents_of_an_owner_are_all_its_places(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	size_t count = 0;
	assert_int_equal(incident_documents_of(incident, BYTES_LITERAL("contoso.com"), count_view, &count, &failure), STATUS_OK);
	assert_int_equal(count, 3);
	count = 0;
	assert_int_equal(incident_documents_with(incident, FINDING_EMAIL, BYTES_LITERAL("anna@fabrikam.com"), count_view, &count,
	                                         &failure),
	                 STATUS_OK);
	assert_int_equal(count, 1);
}

/* ---- fields ---- */

/* A record with every field, but for one of them as another reading might have it; NONE: as it is. */
enum { NONE = FIELD_COUNT };

static void put_fields(struct incident *incident, const char *object, size_t but_for)
{
	struct failure failure;
	struct id id = leak_id(object, NULL);
	struct document_record record = {
		.ordinal = 1,
		.inner_path = BYTES_LITERAL("part"),
		.outcome = OUTCOME_READ,
		.has_sha256 = true,
	};
	struct object_record end = {.outcome = OUTCOME_READ, .documents = 1};
	fill_fields(&record.fields);
	if (but_for < FIELD_COUNT && field_is_bytes(&field_table[but_for]))
		*field_bytes(&field_table[but_for], &record.fields) = BYTES_LITERAL("another");
	else if (but_for < FIELD_COUNT && field_table[but_for].kind == FIELD_TIME)
		*field_time(&field_table[but_for], &record.fields) = 5;
	else if (but_for < FIELD_COUNT)
		*field_size(&field_table[but_for], &record.fields) = 5;
	leak_content_key("fields", record.sha256);
	memcpy(record.content_key, record.sha256, sizeof record.content_key);
	assert_int_equal(leak_put_document(incident, &id, &record, &failure), STATUS_OK);
	assert_int_equal(leak_end_object(incident, &id, &end, &failure), STATUS_OK);
}

static enum status expect_fields(void *context, const struct document_view *view)
{
	struct document_fields expected;
	bool are_erased = *(bool *)context;
	fill_fields(&expected);
	expected.shown_path = BYTES_LITERAL("box!/shown_path");
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (are_erased && i >= FIELD_PLACE_COUNT && field_table[i].kind == FIELD_TEXT)
			*field_bytes(&field_table[i], &expected) = BYTES_NONE;
		if (!field_is_equal(&field_table[i], &view->fields, &expected))
			fail_msg("%s was not %s", field_table[i].name, are_erased ? "erased" : "kept");
	}
	return STATUS_OK;
}

static void every_field_is_kept_until_it_expires(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	static const struct leak_object box = {"box", "an archive", NULL, 0, 0, NULL};
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	struct id id = leak_id("box", "part");
	bool are_erased = false;
	plan.keep_until = clock_now() - 1;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, &box, 1, true);
	put_fields(incident, "box", NONE);
	assert_int_equal(incident_find(incident, &id, expect_fields, &are_erased, &failure), STATUS_OK);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	are_erased = true;
	assert_int_equal(incident_find(incident, &id, expect_fields, &are_erased, &failure), STATUS_OK);
}

/* Parts that claim the same bytes share a content if all that is said of it is the same; what is said of the place may differ. */
static void a_field_that_differs_makes_another_content(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	static const struct leak_object first = {"first", "x", NULL, 0, 0, NULL};
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, &first, 1, false);
	put_fields(incident, "first", NONE);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const char *name = field_table[i].name;
		const struct leak_object object = {name, "x", NULL, 0, 0, NULL};
		struct id id = leak_id(name, "part");
		struct document_view view;
		leak_list(incident, &object, 1, false);
		put_fields(incident, name, i);
		assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
		if (view.copies != (i < FIELD_PLACE_COUNT ? i + 2 : 1))
			fail_msg("%s: %d copies", name, (int)view.copies);
	}
}

/* ---- shown paths ---- */

static void put_shown(struct incident *incident, const char *object)
{
	struct failure failure;
	struct id id = leak_id(object, NULL);
	struct document_record part = {
		.ordinal = 1,
		.inner_path = BYTES_LITERAL("Pr\x81"
	                                    "fung.de/Gr\x94\xE1"
	                                    "e.txt"),
		.shown_path = BYTES_LITERAL("Prüfung.de/Größe.txt"),
		.outcome = OUTCOME_READ,
		.modified = CLOCK_UNKNOWN,
		.created = CLOCK_UNKNOWN,
	};
	struct document_record own = {
		.outcome = OUTCOME_READ, .modified = CLOCK_UNKNOWN, .created = CLOCK_UNKNOWN, .has_sha256 = true};
	struct object_record end = {.outcome = OUTCOME_READ, .documents = 2, .has_sha256 = true};
	leak_content_key("shown", own.sha256);
	memcpy(own.content_key, own.sha256, sizeof own.content_key);
	memcpy(end.sha256, own.sha256, sizeof end.sha256);
	leak_content_key("part of shown", part.content_key);
	assert_int_equal(leak_put_document(incident, &id, &part, &failure), STATUS_OK);
	assert_int_equal(leak_put_document(incident, &id, &own, &failure), STATUS_OK);
	assert_int_equal(leak_end_object(incident, &id, &end, &failure), STATUS_OK);
}

static enum status expect_shown(void *context, const struct document_view *view)
{
	struct buffer path = buffer_with_ceiling(1024);
	size_t *count = context;
	buffer_append(&path, view->object_name);
	buffer_append_string(&path, "!/Prüfung.de/Größe.txt");
	assert_true(bytes_equal(document_view_path(view), buffer_bytes(&path)));
	assert_true(bytes_end_with(view->path, BYTES_LITERAL("Pr\x81"
	                                                     "fung.de/Gr\x94\xE1"
	                                                     "e.txt")));
	buffer_free(&path);
	++*count;
	return STATUS_OK;
}

/* A path in another charset is asked for as it is shown, and its id is that of its bytes; of a twin it is the same. */
static void a_shown_path_is_what_is_asked_for(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	static const struct leak_object objects[] = {{"a.zip", "x", NULL, 0, 0, NULL}, {"b.zip", "x", NULL, 0, 0, NULL}};
	static const char raw[] = "a.zip!/Pr\x81"
				  "fung.de/Gr\x94\xE1"
				  "e.txt b.zip!/Pr\x81"
				  "fung.de/Gr\x94\xE1"
				  "e.txt";
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	struct id twin = leak_id("b.zip", NULL), part = leak_id("a.zip", "Pr\x81"
	                                                                 "fung.de/Gr\x94\xE1"
	                                                                 "e.txt");
	unsigned char sha256[32];
	size_t count = 0;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, objects, 2, true);
	put_shown(incident, "a.zip");
	leak_content_key("shown", sha256);
	assert_int_equal(sweep_adopt_twin(incident, &twin, sha256, 1, &failure), STATUS_OK);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_string_equal(leak_find(incident, QUERY_NAME, "größe"), raw);
	assert_string_equal(leak_find(incident, QUERY_NAME, "prüfung"), "");
	assert_string_equal(leak_find(incident, QUERY_PATH, "prüfung.de/gr"), raw);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "Größe"), raw);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "prufung"), raw);
	assert_string_equal(leak_find(incident, QUERY_REGEX, "Größe\\.txt$"), raw);
	assert_string_equal(leak_find(incident, QUERY_EXTENSION, "txt"), raw);
	assert_int_equal(incident_find(incident, &part, expect_shown, &count, &failure), STATUS_OK);
	assert_int_equal(incident_at_path(incident, BYTES_LITERAL("b.zip!/Prüfung.de/Größe.txt"), expect_shown, &count, &failure),
	                 STATUS_OK);
	assert_int_equal(count, 2);
	/* By its bytes, too, and as who has no charset for them shows them. */
	static const char *const written[] = {"a.zip!/Pr\x81"
	                                      "fung.de/Gr\x94\xE1"
	                                      "e.txt",
	                                      "b.zip!/Pr\xEF\xBF\xBD"
	                                      "fung.de/Gr\xEF\xBF\xBD\xEF\xBF\xBD"
	                                      "e.txt"};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(incident_at_path(incident, bytes_of_string(written[i]), expect_shown, &count, &failure),
		                 STATUS_OK);
		assert_int_equal(count, 3 + i);
	}
	assert_int_equal(incident_at_path(incident, BYTES_LITERAL("a.zip!/Pr\x81"), expect_shown, &count, &failure), STATUS_OK);
	assert_int_equal(count, 4);
}

/* ---- facts ---- */

static enum status keep_fact(void *context, const struct fact *fact)
{
	buffer_append_format(context, "%s ", fact_kind_name(fact->kind));
	buffer_append(context, fact->name);
	buffer_append_byte(context, ' ');
	buffer_append(context, fact->value);
	buffer_append_format(context, " %d-%d %.1f;", (int)fact->from, (int)fact->to, (double)fact->confidence);
	return STATUS_OK;
}

static void put_facts(struct incident *incident, const char *object, const struct fact *facts, size_t count)
{
	struct failure failure;
	struct id id = leak_id(object, NULL);
	struct document_record record = {
		.ordinal = 1,
		.inner_path = BYTES_LITERAL("part"),
		.outcome = OUTCOME_READ,
		.has_sha256 = true,
		.facts = facts,
		.fact_count = count,
	};
	struct object_record end = {.outcome = OUTCOME_READ, .documents = 1};
	leak_content_key("facts", record.sha256);
	memcpy(record.content_key, record.sha256, sizeof record.content_key);
	assert_int_equal(leak_put_document(incident, &id, &record, &failure), STATUS_OK);
	assert_int_equal(leak_end_object(incident, &id, &end, &failure), STATUS_OK);
}

static void assert_facts(struct incident *incident, const char *object, uint64_t copies, const char *expected)
{
	struct failure failure;
	struct document_view view;
	struct buffer text = buffer_with_ceiling(4096);
	struct id id = leak_id(object, "part");
	assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
	assert_int_equal(view.copies, copies);
	assert_int_equal(incident_facts(incident, view.content_key, keep_fact, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), expected);
	buffer_free(&text);
}

/* Of one claimed key a, b and d say the same: whoever differs in any member of any fact is another content. */
static void facts_belong_to_a_content_until_it_expires(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct leak_object objects[7] = {{"0", "x", NULL, 0, 0, NULL}};
	static char names[7][2];
	const struct fact first = {FACT_DECLARED, BYTES_LITERAL("pages"), BYTES_LITERAL("12"), 0, 0, 1};
	const struct fact second = {FACT_SEEN, BYTES_LITERAL("pages"), BYTES_LITERAL("7"), 3, 9, 0.5f};
	struct fact facts[7][2] = {{first, second}, {first, second}, {first, second}, {first, second},
	                           {first, second}, {first, second}, {first, second}};
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	facts[2][1].value = BYTES_LITERAL("8");
	facts[3][1].name = BYTES_LITERAL("rows");
	facts[4][1].kind = FACT_DECLARED;
	facts[5][1].to = 10;
	facts[6][1].confidence = 1;
	plan.keep_until = clock_now() - 1;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	for (int i = 0; i < 7; i++) {
		names[i][0] = (char)('0' + i);
		objects[i] = (struct leak_object){names[i], "x", NULL, 0, 0, NULL};
	}
	leak_list(incident, objects, 7, true);
	for (int i = 0; i < 7; i++)
		put_facts(incident, names[i], facts[i], 2);
	assert_facts(incident, "0", 2, "declared pages 12 0-0 1.0;seen pages 7 3-9 0.5;");
	assert_facts(incident, "1", 2, "declared pages 12 0-0 1.0;seen pages 7 3-9 0.5;");
	assert_facts(incident, "2", 1, "declared pages 12 0-0 1.0;seen pages 8 3-9 0.5;");
	for (int i = 3; i < 7; i++) {
		struct document_view view;
		struct id id = leak_id(names[i], "part");
		assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
		assert_int_equal(view.copies, 1);
	}
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_facts(incident, "0", 2, "");
}

/* ---- sketches ---- */

static enum status keep_twin(void *context, const struct document_view *view, enum twin_relation relation, double similarity)
{
	buffer_append_format(context, "%c %.*s %d;", relation == TWIN_SAME_TEXT ? 's' : 'n', 1,
	                     (const char *)view->object_name.at, (int)(100 * similarity));
	return STATUS_OK;
}

static void assert_alike(struct incident *incident, const char *object, const char *expected, bool is_all)
{
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096);
	struct id id = leak_id(object, "part");
	bool told_all = !is_all;
	assert_int_equal(incident_alike(incident, &id, keep_twin, &text, &told_all, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), expected);
	assert_int_equal(told_all, is_all);
	buffer_free(&text);
}

static void assert_family(struct incident *incident, const char *object, bool is_known)
{
	struct failure failure;
	struct family family;
	struct id id = leak_id(object, "part");
	assert_int_equal(incident_family(incident, &id, &family, &failure), STATUS_OK);
	assert_int_equal(family.is_known, is_known);
}

static uint64_t resolved(struct incident *incident)
{
	struct failure failure;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1 << 20);
	assert_int_equal(incident_ledger(incident, &arena, &ledger, &failure), STATUS_OK);
	arena_free(&arena);
	return ledger.documents.is_resolved ? ledger.documents.resolved : UINT64_MAX;
}

/* a and b of one text, c near a with the same findings, d near a with others, e like nobody, f without bins. */
static void fill_sketches(struct sketch sketches[6])
{
	memset(sketches, 0, 6 * sizeof *sketches);
	for (size_t i = 0; i < 6; i++) {
		sketches[i].has_bins = i < 5;
		memset(sketches[i].text, i < 2 ? 1 : (int)i + 1, sizeof sketches[i].text);
		sketches[i].findings = (i == 3 ? 8 : i == 1 ? 9 : 7) * UINT64_C(0x9e3779b97f4a7c15);
		for (size_t bin = 0; bin < SKETCH_BINS && i < 5; bin++)
			sketches[i].bins[bin] = (unsigned char)(1 + (i == 4 ? 7 * bin + 5
			                                                    : bin + ((i == 2 && bin % 20 == 1) ||
			                                                             (i == 3 && bin % 10 == 3))) %
			                                                    SKETCH_CODES);
	}
}

static void put_sketches(struct incident *incident, const char *const *order, int64_t keep_until)
{
	struct leak_object objects[6];
	struct sketch sketches[6];
	char values[6][SKETCH_VALUE_SIZE];
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	plan.keep_until = keep_until;
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	for (int i = 0; i < 6; i++)
		objects[i] = (struct leak_object){order[i], "x", NULL, 0, 0, NULL};
	leak_list(incident, objects, 6, true);
	fill_sketches(sketches);
	for (int i = 0; i < 6; i++) {
		int which = order[i][0] - 'a';
		struct fact fact = sketch_fact(&sketches[which], values[which]);
		put_facts(incident, order[i], &fact, 1);
	}
	assert_int_equal(resolved(incident), UINT64_MAX);
	assert_alike(incident, "e", "", false);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
}

static void assert_kin(struct incident *incident)
{
	struct id smallest = leak_id("a", "part"), representative;
	assert_alike(incident, "a", "s b 100;n c 94;n d 89;", true);
	assert_alike(incident, "e", "", true);
	assert_alike(incident, "f", "", true);
	assert_family(incident, "d", false);
	assert_family(incident, "e", false);
	assert_family(incident, "f", false);
	assert_int_equal(resolved(incident), 4);
	for (const char *name = "abc"; *name != 0; name++) {
		struct failure failure;
		struct family family;
		struct id id = leak_id((const char[]){*name, 0}, "part");
		assert_int_equal(incident_family(incident, &id, &family, &failure), STATUS_OK);
		assert_true(family.is_known && family.documents == 3 && family.contents == 3);
		if (memcmp(&id, &smallest, sizeof id) < 0)
			smallest = id;
		representative = family.representative;
	}
	assert_memory_equal(&representative, &smallest, sizeof smallest);
}

static void families_are_the_same_in_any_order(void **state)
{
	put_sketches(((struct fixture *)*state)->incident, (const char *const[]){"a", "b", "c", "d", "e", "f"},
	             clock_now() + 3600);
	assert_kin(((struct fixture *)*state)->incident);
}

static void families_are_the_same_in_the_other_order(void **state)
{
	put_sketches(((struct fixture *)*state)->incident, (const char *const[]){"f", "e", "d", "c", "b", "a"},
	             clock_now() + 3600);
	assert_kin(((struct fixture *)*state)->incident);
}

static void what_has_expired_resembles_nothing(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	put_sketches(incident, (const char *const[]){"a", "b", "c", "d", "e", "f"}, clock_now() - 1);
	assert_alike(incident, "a", "", true);
	assert_family(incident, "a", false);
	assert_int_equal(resolved(incident), 6);
}

/* ---- places ---- */

static enum status keep_owner(void *context, const struct attribution *attribution)
{
	buffer_append(context, attribution->domain);
	buffer_append_format(context, " %s %.2f;", attribution->role == ORGANISATION_PARTY ? "party" : "mention",
	                     (double)attribution->confidence);
	return STATUS_OK;
}

static enum status keep_path(void *context, const struct document_view *view)
{
	buffer_append(context, view->path);
	buffer_append_byte(context, ';');
	return STATUS_OK;
}

static void assert_owners(struct incident *incident, const char *object, const char *inner_path, const char *expected)
{
	struct failure failure;
	struct document_view view;
	struct buffer text = buffer_with_ceiling(4096);
	struct id id = leak_id(object, inner_path);
	assert_int_equal(incident_find(incident, &id, copy_view, &view, &failure), STATUS_OK);
	assert_int_equal(incident_attributions(incident, &view, keep_owner, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), expected);
	buffer_free(&text);
}

static void assert_documents_of(struct incident *incident, const char *domain, const char *expected)
{
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096);
	assert_int_equal(incident_documents_of(incident, bytes_of_string(domain), keep_path, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), expected);
	buffer_free(&text);
}

static enum status keep_dated(void *context, const struct id *id, int64_t dated)
{
	char text[ID_TEXT_SIZE];
	buffer_append_format(context, "%s %lld;", id_format(*id, text), (long long)dated);
	return STATUS_OK;
}

static void dates_are_of_what_a_content_says_as_surely(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	static const struct leak_object objects[] = {
		{"contoso.com/letter.txt", "nothing but a letter", NULL, 0, 0, NULL},
		{"mail.txt", "to bob@contoso.com", NULL, 0, 1500000000, NULL},
	};
	static const struct leak_object later[] = {{"contoso.com/letter.txt", "nothing but a letter", NULL, 0, 0, NULL},
	                                           {"mail.txt", "to bob@litware.com", "2", 0, 1500000000, NULL}};
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096);
	char id[ID_TEXT_SIZE], expected[100];
	leak_sweep(incident, objects, 2, NULL);
	snprintf(expected, sizeof expected, "%s 1500000000;", id_format(leak_id("mail.txt", NULL), id));
	assert_int_equal(incident_dates_of(incident, BYTES_LITERAL("contoso.com"), 0.9f, keep_dated, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), expected);
	buffer_reset(&text);
	assert_int_equal(incident_dates_of(incident, BYTES_LITERAL("contoso.com"), 0.91f, keep_dated, &text, &failure),
	                 STATUS_OK);
	assert_int_equal(text.len, 0);
	leak_sweep(incident, later, 2, NULL);
	assert_int_equal(incident_dates_of(incident, BYTES_LITERAL("contoso.com"), 0, keep_dated, &text, &failure), STATUS_OK);
	assert_int_equal(text.len, 0);
	buffer_free(&text);
}

/* One archive in two places: read once, and whose it is says each place for itself. */
static void a_place_is_its_own_whatever_stands_elsewhere(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	static const struct leak_part inside[] = {
		{"plan.txt", "a plan", 0},
		{"litware.com/x.txt", "to bob@northwind.com", 0},
		{NULL, NULL, 0},
	};
	static const struct leak_object objects[] = {
		{"fabrikam.com/a.zip", "an archive", NULL, 0, 0, inside},
		{"contoso.com/b.zip", "an archive", NULL, 0, 0, NULL},
		{"contoso.com/letter.txt", "nothing but a letter", NULL, 0, 0, NULL},
		{"contoso.com/mail.txt", "from anna@fabrikam.com", NULL, 0, 0, NULL},
		{"contoso.com/only-listed.iso", NULL, NULL, OUTCOME_OVER_BUDGET, 0, NULL},
		{"elsewhere/letter.txt", "nothing but a letter", NULL, 0, 0, NULL},
	};
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	unsigned char sha256[32];
	struct id twin = leak_id("contoso.com/b.zip", NULL);
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, objects, sizeof objects / sizeof *objects, true);
	leak_read(incident, &objects[0]);
	leak_content_key("an archive", sha256);
	assert_int_equal(sweep_adopt_twin(incident, &twin, sha256, 10, &failure), STATUS_OK);
	leak_read(incident, &objects[2]);
	leak_read(incident, &objects[3]);
	leak_read(incident, &objects[5]);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);

	assert_owners(incident, "fabrikam.com/a.zip", NULL, "fabrikam.com party 0.15;");
	assert_owners(incident, "fabrikam.com/a.zip", "plan.txt", "fabrikam.com party 0.15;");
	assert_owners(incident, "contoso.com/b.zip", NULL, "contoso.com party 0.15;");
	assert_owners(incident, "contoso.com/b.zip", "plan.txt", "contoso.com party 0.15;");
	assert_owners(incident, "contoso.com/letter.txt", NULL, "contoso.com party 0.15;");
	assert_owners(incident, "elsewhere/letter.txt", NULL, "");
	/* Where a content names a party, nobody asks the path; nor where there is none. */
	assert_owners(incident, "contoso.com/b.zip", "litware.com/x.txt", "northwind.com party 0.90;");
	assert_owners(incident, "contoso.com/mail.txt", NULL, "fabrikam.com party 0.90;");
	assert_owners(incident, "contoso.com/only-listed.iso", NULL, "");
	assert_documents_of(incident, "contoso.com", "contoso.com/b.zip;contoso.com/b.zip!/plan.txt;contoso.com/letter.txt;");
	assert_documents_of(incident, "fabrikam.com", "contoso.com/mail.txt;fabrikam.com/a.zip;fabrikam.com/a.zip!/plan.txt;");
	assert_documents_of(incident, "litware.com", "");
	assert_string_equal(leak_find(incident, QUERY_ORGANISATION, "contoso.com"),
	                    "contoso.com/b.zip contoso.com/letter.txt contoso.com/b.zip!/plan.txt");
}

static void places_are_listed_and_not_counted(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	static const struct leak_object objects[] = {
		{"contoso.com/letter.txt", "nothing but a letter", NULL, 0, 0, NULL},
		{"contoso.com/link.txt", "seen at www!contoso.com", NULL, 0, 0, NULL},
		{"contoso.com/mail.txt", "from anna@fabrikam.com", NULL, 0, 0, NULL},
		{"link.txt", "seen at www!contoso.com", NULL, 0, 0, NULL},
	};
	struct failure failure;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1u << 20);
	struct buffer text = buffer_with_ceiling(4096), cursor = buffer_with_ceiling(4096);
	leak_sweep(incident, objects, 4, NULL);
	assert_owners(incident, "link.txt", NULL, "contoso.com mention 0.10;");
	assert_owners(incident, "contoso.com/link.txt", NULL, "contoso.com party 0.15;contoso.com mention 0.10;");
	assert_int_equal(incident_organisations(incident, BYTES_NONE, keep_organisation, &text, &cursor, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "contoso.com 3 2 1 0;fabrikam.com 1 1 0 1;");
	assert_int_equal(incident_ledger(incident, &arena, &ledger, &failure), STATUS_OK);
	assert_int_equal(ledger.organisations.references, 1);
	assert_int_equal(ledger.organisations.distinct, 1);
	buffer_free(&text);
	buffer_free(&cursor);
	arena_free(&arena);
}

/* New rules read more, or less, in what was read before: of a twin that is not read again, too. */
static void another_reading_asks_the_places_anew(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct leak_object objects[] = {
		{"contoso.com/a.txt", "from anna@fabrikam.com", NULL, 0, 0, NULL},
		{"contoso.com/b.txt", "from anna@fabrikam.com", NULL, 0, 0, NULL},
	};
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	leak_sweep(incident, objects, 2, NULL);
	for (int time = 0; time < 2; time++) {
		bool names_nobody = time == 0;
		struct id id = leak_id("contoso.com/a.txt", NULL);
		struct document_record record = {
			.size = 22,
			.modified = CLOCK_UNKNOWN,
			.created = CLOCK_UNKNOWN,
			.has_sha256 = true,
			.outcome = OUTCOME_READ,
			.media_type = BYTES_LITERAL("text/plain"),
			.text = bytes_of_string(objects[0].text),
			.organisations = &(struct attribution){.domain = BYTES_LITERAL("fabrikam.com"),
		                                               .role = ORGANISATION_PARTY,
		                                               .confidence = 0.5f,
		                                               .why = BYTES_LITERAL("an address")},
			.organisation_count = names_nobody ? 0 : 1,
		};
		struct object_record end = {.outcome = OUTCOME_READ, .fetched_bytes = 22, .documents = 1, .has_sha256 = true};
		plan.rules_version = names_nobody ? BYTES_LITERAL("2") : BYTES_LITERAL("3");
		leak_redo = OUTCOME_READ;
		leak_content_key(objects[0].text, record.sha256);
		memcpy(record.content_key, record.sha256, sizeof record.content_key);
		memcpy(end.sha256, record.sha256, sizeof end.sha256);
		assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
		leak_list(incident, objects, 1, true);
		assert_int_equal(leak_put_document(incident, &id, &record, &failure), STATUS_OK);
		assert_int_equal(leak_end_object(incident, &id, &end, &failure), STATUS_OK);
		assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
		for (int i = 0; i < 2; i++)
			assert_owners(incident, objects[i].name, NULL,
			              names_nobody ? "contoso.com party 0.15;" : "fabrikam.com party 0.50;");
	}
}

static void the_ledger_counts_both_ways(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1u << 20);
	assert_int_equal(incident_ledger(incident, &arena, &ledger, &failure), STATUS_OK);
	assert_int_equal(ledger.objects.references, 7);
	assert_int_equal(ledger.objects.distinct, 6);
	assert_int_equal(ledger.documents.references, 7);
	assert_int_equal(ledger.documents.distinct, 6);
	assert_int_equal(ledger.emails.references, 5);
	assert_int_equal(ledger.emails.distinct, 2);
	assert_int_equal(ledger.organisations.references, 4);
	assert_int_equal(ledger.organisations.distinct, 2);
	assert_int_equal(ledger.unseen.objects, 2);
	assert_int_equal(ledger.unseen_by_outcome[OUTCOME_OVER_BUDGET].objects, 1);
	assert_int_equal(ledger.year_count, 2);
	assert_int_equal(ledger.years[0].year, 2017);
	assert_int_equal(ledger.years[0].documents, 1);
	assert_true(bytes_equal_string(ledger.rules_version, "1"));
	arena_free(&arena);
}

/* ---- what a policy asks ---- */

struct heard {
	uint64_t objects, documents, parties;
	const char *stays; /* the object of that name */
	unsigned level;    /* of all others */
};

static enum status hear(void *context, const struct retained_object *object, const struct retained_document *document)
{
	struct heard *heard = context;
	heard->objects += document == NULL;
	heard->documents += document != NULL;
	heard->parties += document != NULL ? document->organisation_count : 0;
	assert_true(bytes_equal(object->container.name, leak_container.name));
	return STATUS_OK;
}

static unsigned judge(void *context, const struct retained_object *object)
{
	const struct heard *heard = context;
	return heard->stays != NULL && bytes_equal_string(object->object.name, heard->stays) ? 0 : heard->level;
}

static void objects_are_passed_with_their_documents(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct heard heard = {.objects = 0}, one = {.objects = 0};
	struct id id = leak_id("2021/copy.txt", NULL), nobody = leak_id("nowhere", NULL);
	assert_int_equal(incident_retained(incident, RETAINED_ORGANISATIONS | RETAINED_ELEMENTS, hear, &heard, &failure),
	                 STATUS_OK);
	assert_int_equal(heard.objects, 7);
	assert_int_equal(heard.documents, 9);
	assert_int_equal(heard.parties, 4);
	assert_int_equal(incident_retained_object(incident, &nobody, 0, hear, &one, &failure), STATUS_ABSENT);
	assert_int_equal(incident_retained_object(incident, &id, 0, hear, &one, &failure), STATUS_OK);
	assert_int_equal(one.objects, 1);
	assert_int_equal(one.parties, 0);
}

/* A thing goes with the last of its places. */
static void what_goes_is_what_the_ledger_counts(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct whatif_measure none[MEASURE_COUNT], all[MEASURE_COUNT], but_one[MEASURE_COUNT];
	struct heard heard = {.level = 0};
	assert_int_equal(incident_whatif(incident, 0, hear, judge, &heard, none, &failure), STATUS_OK);
	heard.level = 2;
	assert_int_equal(incident_whatif(incident, 0, hear, judge, &heard, all, &failure), STATUS_OK);
	heard.stays = "2021/copy.txt";
	assert_int_equal(incident_whatif(incident, 0, hear, judge, &heard, but_one, &failure), STATUS_OK);
	const struct {
		enum measure_kind measure;
		uint64_t distinct, staying;
	} cases[] = {{MEASURE_OBJECTS, 6, 1}, {MEASURE_DOCUMENTS, 6, 1}, {MEASURE_EMAILS, 2, 1}, {MEASURE_ORGANISATIONS, 2, 1}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum measure_kind measure = cases[i].measure;
		assert_int_equal(none[measure].things[0], cases[i].distinct);
		assert_int_equal(none[measure].things[2], 0);
		assert_int_equal(all[measure].things[0], 0);
		assert_int_equal(all[measure].things[2], cases[i].distinct);
		assert_int_equal(but_one[measure].things[0], cases[i].staying);
		assert_int_equal(but_one[measure].things[2], cases[i].distinct - cases[i].staying);
	}
}

/* ---- leaves ---- */

struct counted_leaves {
	uint64_t leaves[MEASURE_COUNT];
	bool has_begun[MEASURE_COUNT];
	enum measure_kind measure;
	unsigned char last[LEAF_SIZE], first[LEAF_SIZE];
	bool is_ascending, stops;
};

static enum status count_leaf(void *context, enum measure_kind measure, const unsigned char *leaf)
{
	struct counted_leaves *counted = context;
	if (leaf == NULL) {
		counted->is_ascending = counted->is_ascending && !counted->has_begun[measure];
		counted->has_begun[measure] = true;
		counted->measure = measure;
		memset(counted->last, 0, LEAF_SIZE);
		return STATUS_OK;
	}
	counted->is_ascending = counted->is_ascending && measure == counted->measure &&
	                        memcmp(counted->last, leaf, LEAF_SIZE) < 0;
	memcpy(counted->last, leaf, LEAF_SIZE);
	if (measure == MEASURE_OBJECTS && counted->leaves[measure] == 0)
		memcpy(counted->first, leaf, LEAF_SIZE);
	counted->leaves[measure]++;
	return counted->stops ? STATUS_END : STATUS_OK;
}

static struct counted_leaves leaves_by(struct incident *incident, unsigned char key_byte, bool stops)
{
	struct vault_key key;
	struct failure failure;
	struct counted_leaves counted = {.is_ascending = true, .stops = stops};
	struct buffer rules = buffer_with_ceiling(256);
	memset(key.bytes, key_byte, sizeof key.bytes);
	assert_int_equal(incident_leaves(incident, &key, count_leaf, &counted, &rules, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&rules), "1");
	buffer_free(&rules);
	return counted;
}

static void leaves_are_what_the_ledger_counts(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct counted_leaves counted = leaves_by(incident, 1, false), again = leaves_by(incident, 1, false),
			      other = leaves_by(incident, 2, false), stopped = leaves_by(incident, 1, true);
	assert_true(counted.is_ascending);
	assert_int_equal(counted.leaves[MEASURE_OBJECTS], 6);
	assert_int_equal(counted.leaves[MEASURE_DOCUMENTS], 6);
	assert_int_equal(counted.leaves[MEASURE_EMAILS], 2);
	assert_int_equal(counted.leaves[MEASURE_ORGANISATIONS], 2);
	assert_true(counted.has_begun[MEASURE_PHONES] && counted.leaves[MEASURE_PHONES] == 0);
	assert_false(counted.has_begun[MEASURE_PAGES]);
	assert_memory_equal(again.first, counted.first, LEAF_SIZE);
	assert_memory_not_equal(other.first, counted.first, LEAF_SIZE);
	assert_int_equal(other.leaves[MEASURE_OBJECTS], 6);
	uint64_t passed = 0;
	for (unsigned measure = 0; measure < MEASURE_COUNT; measure++)
		passed += stopped.leaves[measure];
	assert_int_equal(passed, 1);
}

/* ---- exposures ---- */

static enum status describe_exposure(void *context, const struct exposure *exposure)
{
	struct buffer *into = context;
	buffer_append_format(into, "%s%s(", into->len > 0 ? " " : "", door_name(exposure->door));
	for (size_t i = 0; i < exposure->evidence_count; i++)
		buffer_append_format(into, "%s%s", i > 0 ? "," : "", found_name(exposure->evidence[i].found));
	buffer_append_string(into, exposure->closed_at != CLOCK_UNKNOWN ? ")!" : ")");
	assert_true(exposure->first_seen != CLOCK_UNKNOWN && exposure->first_seen <= exposure->last_seen);
	return STATUS_OK;
}

/* Doors of an object: what was found, and ! where that ended. */
static void assert_exposed(struct incident *incident, const char *object, const char *expected)
{
	struct buffer text = buffer_with_ceiling(4096);
	struct failure failure;
	struct id id = leak_id(object, NULL);
	assert_int_equal(incident_exposures(incident, &id, describe_exposure, &text, &failure), STATUS_OK);
	assert_string_equal(text.len > 0 ? buffer_string(&text) : "", expected);
	buffer_free(&text);
}

static enum status keep_summary(void *context, const struct container_summary *summary)
{
	*(struct container_summary *)context = *summary;
	return STATUS_OK;
}

static bool is_container_closed(struct incident *incident)
{
	struct container_summary summary = {.objects = 0};
	struct failure failure;
	assert_int_equal(incident_containers(incident, keep_summary, &summary, &failure), STATUS_OK);
	assert_true(summary.exposed.first_seen != CLOCK_UNKNOWN);
	return summary.exposed.closed_at != CLOCK_UNKNOWN;
}

static enum status keep_closing(void *context, const struct document_view *view)
{
	*(int64_t *)context = view->exposed.closed_at;
	return STATUS_OK;
}

/* What an answer says of one document; CLOCK_UNKNOWN: it may be open still. */
static int64_t closed_at_of(struct incident *incident, const char *name)
{
	struct id id = leak_id(name, NULL);
	struct failure failure;
	int64_t closed_at;
	assert_int_equal(incident_find(incident, &id, keep_closing, &closed_at, &failure), STATUS_OK);
	return closed_at;
}

static void begin_as(struct incident *incident, bool is_anonymous)
{
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state state;
	struct failure failure;
	plan.is_anonymous = is_anonymous;
	assert_int_equal(sweep_begin(incident, &plan, &state, &failure), STATUS_OK);
}

static void end_sweep(struct incident *incident, bool is_complete)
{
	struct failure failure;
	assert_int_equal(sweep_end(incident, is_complete, &failure), STATUS_OK);
}

static const struct leak_object door = {"door.txt", "an open door", NULL, 0, 0, NULL};

/* Seven documents were read, two objects were not, one of them a link. */
static void what_nobody_looked_for_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct coverage coverage;
	struct failure failure;
	assert_int_equal(incident_coverage(incident, &coverage, &failure), STATUS_OK);
	assert_int_equal(coverage.documents, 0);
	assert_true(coverage_is_looked_for(&coverage, FINDING_IBAN));
	assert_false(coverage_is_looked_for(&coverage, FINDING_POSTAL_ADDRESS));
	leak_kinds = FINDING_KIND_BIT(FINDING_EMAIL);
	leak_sweep(incident, leak, LEAK_COUNT, NULL);
	assert_int_equal(incident_coverage(incident, &coverage, &failure), STATUS_OK);
	assert_int_equal(coverage.documents, 8);
	assert_int_equal(coverage.not_read, 1);
	assert_int_equal(coverage.unseen_objects, 2);
	assert_int_equal(coverage.looked_through[FINDING_EMAIL], 7);
	assert_int_equal(coverage_missing(&coverage, FINDING_EMAIL), 1);
	assert_int_equal(coverage.looked_through[FINDING_IBAN], 0);
	assert_int_equal(coverage.older_rules[FINDING_IBAN], 7);
	assert_int_equal(coverage_missing(&coverage, FINDING_IBAN), 8);
	assert_true(coverage_is_looked_for(&coverage, FINDING_EMAIL));
	assert_false(coverage_is_looked_for(&coverage, FINDING_IBAN));
	/* One is read by rules that look for more. */
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct leak_object changed = leak[6];
	changed.etag = "e2";
	plan.rules_version = BYTES_LITERAL("2");
	plan.kinds |= FINDING_KIND_BIT(FINDING_IBAN);
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, &changed, 1, false);
	leak_read(incident, &changed);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_int_equal(incident_coverage(incident, &coverage, &failure), STATUS_OK);
	assert_int_equal(coverage.looked_through[FINDING_IBAN], 1);
	assert_int_equal(coverage.older_rules[FINDING_IBAN], 6);
	assert_true(coverage_is_looked_for(&coverage, FINDING_IBAN));
}

/* ---- texts looked through again ---- */

enum { RENEWABLE_MAX = 16 };

struct renewable {
	unsigned char keys[RENEWABLE_MAX][32];
	char paths[RENEWABLE_MAX][64];
	size_t count;
};

static enum status note_renewable(void *context, const struct document_view *view)
{
	struct renewable *found = context;
	assert_true(found->count < RENEWABLE_MAX && view->path.len < 64);
	memcpy(found->keys[found->count], view->content_key, 32);
	memcpy(found->paths[found->count], view->path.at, view->path.len);
	found->paths[found->count++][view->path.len] = '\0';
	return STATUS_OK;
}

static size_t list_renewable(struct incident *incident, const struct renewal_plan *plan, struct renewable *found)
{
	struct buffer cursor = buffer_with_ceiling(1024);
	struct failure failure;
	size_t before = SIZE_MAX;
	*found = (struct renewable){.count = 0};
	assert_int_equal(renewal_begin(incident, plan, &failure), STATUS_OK);
	while (before != found->count) {
		before = found->count;
		assert_int_equal(renewal_next(incident, &cursor, 2, note_renewable, found, &failure), STATUS_OK);
	}
	buffer_free(&cursor);
	return found->count;
}

static bool wants_cjk(void *context, struct bytes object_name)
{
	(void)context;
	return bytes_equal_string(object_name, "cjk.txt");
}

/* By the rules of the plan, and once; documents, ids and revisions stay what they are. */
static void texts_are_looked_through_again_once(void **state)
{
	struct fixture *fixture = *state;
	struct incident *incident = fixture->incident;
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct renewable found;
	struct renewal_plan renewal = {.detection = BYTES_LITERAL("d2"), .kinds = FINDING_KIND_BIT(FINDING_ORDER)};
	plan.rules_version = BYTES_LITERAL("f1.d1");
	plan.formats = BYTES_LITERAL("f1");
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, leak, LEAK_COUNT, true);
	for (size_t i = 0; i < LEAK_COUNT; i++)
		if (leak[i].text != NULL)
			leak_read(incident, &leak[i]);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	/* Six contents, of which one stands twice. */
	assert_int_equal(list_renewable(incident, &renewal, &found), 6);
	renewal.formats = BYTES_LITERAL("f2");
	assert_int_equal(list_renewable(incident, &renewal, &found), 0);
	renewal.formats = BYTES_LITERAL("f1");
	renewal.wants = wants_cjk;
	assert_int_equal(list_renewable(incident, &renewal, &found), 1);
	assert_string_equal(found.paths[0], "cjk.txt");
	renewal.wants = NULL;
	target.prefix = BYTES_LITERAL("2021/");
	renewal.targets = &target;
	renewal.target_count = 1;
	assert_int_equal(list_renewable(incident, &renewal, &found), 1);
	/* An order is found in the invoice, whose text shows less from now on. */
	const struct finding order = {.kind = FINDING_ORDER,
	                              .value = BYTES_LITERAL("4711"),
	                              .raw = BYTES_LITERAL("4711"),
	                              .from = 8,
	                              .to = 12,
	                              .confidence = 1,
	                              .rule = BYTES_LITERAL("test/1")};
	struct document_record record = {
		.text = BYTES_LITERAL("Invoice 4711 for M\xC3\xBCller GmbH, ******. bob@contoso.com"),
		.findings = &order,
		.finding_count = 1,
		.created = CLOCK_UNKNOWN,
	};
	struct renewed renewed = {.record = &record, .is_starred = true};
	uint64_t altered = 0;
	memcpy(renewed.content_key, found.keys[0], 32);
	assert_int_equal(renewal_put(incident, &renewed, 1, &altered, &failure), STATUS_OK);
	assert_int_equal(altered, 1);
	assert_int_equal(renewal_put(incident, &renewed, 1, &altered, &failure), STATUS_OK);
	assert_int_equal(altered, 0);
	assert_int_equal(renewal_end(incident, &failure), STATUS_OK);
	assert_int_equal(list_renewable(incident, &renewal, &found), 0);
	renewal.target_count = 0;
	assert_int_equal(list_renewable(incident, &renewal, &found), 5);
	assert_int_equal(renewal_end(incident, &failure), STATUS_OK);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "z\xC3\xBCrich"), "");
	assert_string_equal(leak_find(incident, QUERY_TEXT, "invoice"), "2021/Rechnung_M\xC3\xBCller.txt 2021/copy.txt");
	struct coverage coverage;
	assert_int_equal(incident_coverage(incident, &coverage, &failure), STATUS_OK);
	assert_int_equal(coverage.looked_through[FINDING_ORDER], 7);
	assert_int_equal(coverage.older_rules[FINDING_EMAIL], 2);
	/* In place, where its text stays as it is. */
	memcpy(renewed.content_key, found.keys[0], 32);
	struct buffer text = buffer_with_ceiling(1 << 16);
	assert_int_equal(incident_text(incident, found.keys[0], 0, UINT64_MAX, &text, &failure), STATUS_OK);
	record.text = buffer_bytes(&text);
	renewed.is_starred = false;
	assert_int_equal(list_renewable(incident, &renewal, &found), 5);
	assert_int_equal(renewal_put(incident, &renewed, 1, &altered, &failure), STATUS_OK);
	assert_int_equal(altered, 1);
	assert_int_equal(renewal_end(incident, &failure), STATUS_OK);
	assert_int_equal(list_renewable(incident, &renewal, &found), 4);
	buffer_free(&text);
}

static void a_door_that_was_found_open_is_closed_when_it_is_found_shut(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	leak_sweep(incident, &door, 1, NULL);
	assert_exposed(incident, "door.txt", "list(open) read(open)");
	assert_false(is_container_closed(incident));
	begin_as(incident, true);
	assert_int_equal(sweep_note_refusal(incident, 0, BYTES_LITERAL("403"), &failure), STATUS_OK);
	end_sweep(incident, false);
	/* Who may not list may still read. */
	assert_exposed(incident, "door.txt", "list(open,refused)! read(open)");
	assert_int_equal(closed_at_of(incident, "door.txt"), CLOCK_UNKNOWN);
	assert_true(is_container_closed(incident));
	leak_sweep(incident, &door, 1, NULL);
	assert_false(is_container_closed(incident));
}

static void what_the_owner_may_do_is_no_exposure(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	struct failure failure;
	begin_as(incident, false);
	leak_list(incident, &door, 1, true);
	leak_read(incident, &door);
	end_sweep(incident, true);
	assert_exposed(incident, "door.txt", "");
	leak_sweep(incident, &door, 1, NULL);
	assert_exposed(incident, "door.txt", "list(open)");
	begin_as(incident, false);
	assert_int_equal(sweep_note_refusal(incident, 0, BYTES_LITERAL("403"), &failure), STATUS_OK);
	end_sweep(incident, false);
	assert_exposed(incident, "door.txt", "list(open)");
}

static enum status keep_no_damage(void *context, const struct damage *damage)
{
	(void)context;
	fail_msg("%.*s", (int)damage->what.len, (const char *)damage->what.at);
	return STATUS_OK;
}

static enum status observe(const struct fixture *fixture, const struct container *container, enum door at_door, enum found found,
                           int64_t at)
{
	const struct door_look look = {at_door, found, at, BYTES_LITERAL("NoAuthenticationInformation")};
	struct failure failure;
	return catalog_observe(fixture->catalog, BYTES_LITERAL("default"), container, &look, 1, &failure);
}

/* A look of its own begins, carries on and ends spans as a sweep's do, that of reading too; who sweeps is not disturbed. */
static void a_look_outside_of_sweeps_is_an_observation(void **state)
{
	struct fixture *fixture = *state;
	struct container stranger = leak_container;
	stranger.name = BYTES_LITERAL("nobody-swept-it");
	leak_sweep(fixture->incident, &door, 1, NULL);
	const int64_t later = clock_now() + 60;
	assert_int_equal(observe(fixture, &leak_container, DOOR_LIST, FOUND_REFUSED, later), STATUS_BUSY);
	incident_close(fixture->incident);
	struct failure failure;
	assert_int_equal(observe(fixture, &leak_container, DOOR_LIST, FOUND_REFUSED, later), STATUS_OK);
	assert_int_equal(observe(fixture, &leak_container, DOOR_READ, FOUND_REFUSED, later), STATUS_OK);
	assert_int_equal(observe(fixture, &stranger, DOOR_READ, FOUND_REFUSED, later), STATUS_ABSENT);
	assert_int_equal(incident_open(fixture->catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &fixture->incident, &failure),
	                 STATUS_OK);
	assert_exposed(fixture->incident, "door.txt", "list(open,refused)! read(open,refused)!");
	assert_true(is_container_closed(fixture->incident));
	assert_int_equal(closed_at_of(fixture->incident, "door.txt"), later);
	incident_close(fixture->incident);
	assert_int_equal(observe(fixture, &leak_container, DOOR_LIST, FOUND_OPEN, later + 60), STATUS_OK);
	assert_int_equal(incident_open(fixture->catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &fixture->incident, &failure),
	                 STATUS_OK);
	assert_false(is_container_closed(fixture->incident));
	assert_int_equal(closed_at_of(fixture->incident, "door.txt"), CLOCK_UNKNOWN);
	incident_close(fixture->incident);
	/* What is found open becomes known by it. */
	assert_int_equal(observe(fixture, &stranger, DOOR_READ, FOUND_OPEN, later), STATUS_OK);
	assert_int_equal(observe(fixture, &stranger, DOOR_READ, FOUND_REFUSED, later + 60), STATUS_OK);
	assert_int_equal(incident_open(fixture->catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &fixture->incident, &failure),
	                 STATUS_OK);
	uint64_t pages;
	assert_int_equal(catalog_verify(fixture->catalog, keep_no_damage, NULL, &pages, &failure), STATUS_OK);
}

static void what_is_gone_is_exposed_no_longer(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	const struct leak_object other = {"other.txt", "another", NULL, 0, 0, NULL};
	leak_sweep(incident, &door, 1, NULL);
	leak_sweep(incident, &other, 1, NULL);
	assert_exposed(incident, "door.txt", "list(open,gone)! read(open,gone)!");
	assert_exposed(incident, "other.txt", "list(open) read(open)");
}

static void read_denied(struct incident *incident, const char *name)
{
	struct failure failure;
	struct id id = leak_id(name, NULL);
	assert_int_equal(leak_end_object(incident, &id,
	                                 &(struct object_record){
						 .outcome = OUTCOME_DENIED,
						 .note = BYTES_LITERAL("403"),
					 },
	                                 &failure),
	                 STATUS_OK);
}

static void reading_is_closed_once_a_sweep_was_refused_all_of_it(void **state)
{
	struct incident *incident = ((struct fixture *)*state)->incident;
	const struct leak_object later[] = {
		{"later-1.txt", "first", NULL, 0, 0, NULL},
		{"later-2.txt", "second", NULL, 0, 0, NULL},
		{"later-3.txt", "third", NULL, 0, 0, NULL},
	};
	leak_sweep(incident, &door, 1, NULL);
	begin_as(incident, true);
	leak_list(incident, later, 2, false);
	leak_read(incident, &later[0]);
	read_denied(incident, "later-2.txt");
	end_sweep(incident, false);
	assert_exposed(incident, "later-1.txt", "list(open) read(open)");
	assert_exposed(incident, "later-2.txt", "list(open)");
	begin_as(incident, true);
	leak_list(incident, &later[2], 1, false);
	read_denied(incident, "later-3.txt");
	end_sweep(incident, false);
	assert_exposed(incident, "later-1.txt", "list(open) read(open,refused)!");
}

/* ---- samples ---- */

enum { DRAWN_COUNT = 3 };

/* Of three objects the first is drawn, the second left out by the sample, the third by a pattern, with the same words. */
static void sweep_sample(struct incident *incident, struct sample sample)
{
	static const char *const sampled[DRAWN_COUNT] = {"s1", "s2", "s3"};
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state state;
	struct failure failure;
	struct listed_object page[DRAWN_COUNT] = {0};
	plan.sample = sample;
	plan.settings = sample.is_drawn ? BYTES_LITERAL("sample=99.0/7") : BYTES_LITERAL("all");
	for (size_t i = 0; i < DRAWN_COUNT; i++)
		page[i] = (struct listed_object){
			.object = {.name = bytes_of_string(sampled[i]),
		                   .size = 10,
		                   .modified = CLOCK_UNKNOWN,
		                   .created = CLOCK_UNKNOWN},
			.outcome = i == 0 || (i == 1 && !sample.is_drawn) ? OUTCOME_PENDING : OUTCOME_EXCLUDED,
			.is_left_out = sample.is_drawn && i == 1,
			.note = BYTES_LITERAL("not in the sample"),
		};
	assert_int_equal(sweep_begin(incident, &plan, &state, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, page, DRAWN_COUNT, BYTES_NONE, true, &failure), STATUS_OK);
	for (size_t i = 0; i < DRAWN_COUNT; i++) {
		struct id id = leak_id(sampled[i], NULL);
		if (page[i].outcome == OUTCOME_PENDING && (i == 1 || state.sweep == 1))
			assert_int_equal(leak_end_object(incident, &id,
			                                 &(struct object_record){
								 .outcome = OUTCOME_MALFORMED,
								 .fetched_bytes = 10,
							 },
			                                 &failure),
			                 STATUS_OK);
	}
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
}

static void what_a_sample_left_out_is_marked_until_it_is_read(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1u << 20);
	uint64_t left_out = 0, others = 0;
	sweep_sample(fixture->incident, (struct sample){.is_drawn = true, .count = 1});
	assert_int_equal(incident_ledger(fixture->incident, &arena, &ledger, &failure), STATUS_OK);
	assert_true(ledger.sample.is_drawn && ledger.sample.count == 1);
	for (size_t i = 0; i < ledger.group_count; i++) {
		assert_int_equal(ledger.groups[i].sample.count, 1);
		*(ledger.groups[i].is_left_out ? &left_out : &others) += ledger.groups[i].objects;
	}
	assert_int_equal(left_out, 1);
	assert_int_equal(others, 2);
	sweep_sample(fixture->incident, (struct sample){.is_drawn = false});
	assert_int_equal(incident_ledger(fixture->incident, &arena, &ledger, &failure), STATUS_OK);
	assert_false(ledger.sample.is_drawn);
	for (size_t i = 0; i < ledger.group_count; i++)
		assert_false(ledger.groups[i].is_left_out);
	arena_free(&arena);
}

/* ---- what is told beyond measure ---- */

enum { VAST_COUNT = 4 };

static const char *const vast_names[VAST_COUNT] = {"v1.zip", "v2.zip", "v3.zip", "v4.zip"};

/* Objects that are said to have 2^62 bytes, each with a part that is said to have 2^63 - 1. */
static void sweep_vast(struct incident *incident, struct sweep_summary *ret_summary)
{
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state state;
	struct failure failure;
	struct listed_object page[VAST_COUNT] = {0};
	for (size_t i = 0; i < VAST_COUNT; i++)
		page[i] = (struct listed_object){.object = {.name = bytes_of_string(vast_names[i]),
		                                            .size = UINT64_C(1) << 62,
		                                            .modified = CLOCK_UNKNOWN,
		                                            .created = CLOCK_UNKNOWN}};
	plan.sample = (struct sample){.is_drawn = true, .share = 0.5};
	assert_int_equal(sweep_begin(incident, &plan, &state, &failure), STATUS_OK);
	assert_int_equal(leak_put_page(incident, 0, page, VAST_COUNT, BYTES_NONE, true, &failure), STATUS_OK);
	for (size_t i = 0; i < VAST_COUNT && state.sweep == 1; i++) {
		struct id id = leak_id(vast_names[i], NULL);
		struct document_record part = {.ordinal = 1,
		                               .inner_path = BYTES_LITERAL("a"),
		                               .size = INT64_MAX,
		                               .unseen_bytes = UINT64_MAX,
		                               .outcome = OUTCOME_TOO_LARGE,
		                               .modified = CLOCK_UNKNOWN,
		                               .created = CLOCK_UNKNOWN};
		struct object_record end = {.outcome = OUTCOME_MALFORMED,
		                            .fetched_bytes = UINT64_MAX,
		                            .unseen_bytes = UINT64_C(1) << 62,
		                            .documents = 1};
		assert_int_equal(leak_put_document(incident, &id, &part, &failure), STATUS_OK);
		assert_int_equal(leak_end_object(incident, &id, &end, &failure), STATUS_OK);
	}
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_int_equal(sweep_summarise(incident, ret_summary, &failure), STATUS_OK);
}

static enum status expect_vast(void *context, const struct container_summary *summary)
{
	assert_int_equal(summary->objects, *(const uint64_t *)context);
	assert_true(sum_is_at_least(summary->bytes) && sum_is_at_least(summary->unseen_bytes));
	return STATUS_OK;
}

static void sums_end_at_the_most_there_is_and_nothing_fails(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct sweep_summary summary;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1u << 20);
	uint64_t objects = VAST_COUNT;
	for (unsigned sweep = 1; sweep <= 2; sweep++) {
		sweep_vast(fixture->incident, &summary);
		assert_int_equal(summary.sweep, sweep);
		assert_int_equal(summary.objects.listed, VAST_COUNT);
		assert_int_equal(summary.bytes.listed, SUM_MAX);
		assert_int_equal(summary.bytes.unseen, SUM_MAX);
		assert_int_equal(summary.bytes.fetched, sweep == 1 ? SUM_MAX : 0);
		assert_int_equal(summary.outcomes[OUTCOME_MALFORMED].bytes, SUM_MAX);
		assert_int_equal(summary.inner[OUTCOME_TOO_LARGE].documents, VAST_COUNT);
		assert_int_equal(summary.inner[OUTCOME_TOO_LARGE].bytes, SUM_MAX);
	}
	assert_int_equal(incident_ledger(fixture->incident, &arena, &ledger, &failure), STATUS_OK);
	assert_int_equal(ledger.unseen.objects, VAST_COUNT);
	assert_int_equal(ledger.unseen.bytes, SUM_MAX);
	assert_int_equal(ledger.group_count, 1);
	assert_true(ledger.groups[0].sample.share == 0.5);
	assert_int_equal(ledger.groups[0].bytes, SUM_MAX);
	assert_int_equal(incident_containers(fixture->incident, expect_vast, &objects, &failure), STATUS_OK);
	arena_free(&arena);
}

/* ---- the register ---- */

static const struct bytes contoso_domains[] = {{(const unsigned char *)"contoso.com", 11},
                                               {(const unsigned char *)"contoso.de", 10}};
static const struct bytes fabrikam_domains[] = {{(const unsigned char *)"fabrikam.com", 12}};
static const struct register_term contoso_terms[] = {
	{REGISTER_NAME, {(const unsigned char *)"Contoso AG", 10}},
	{REGISTER_ALIAS, {(const unsigned char *)"Contoso", 7}},
	{REGISTER_NUMBER, {(const unsigned char *)"K-10234", 7}},
};

static void put_register(struct incident *incident, size_t count)
{
	const struct register_row rows[] = {
		{.domains = fabrikam_domains, .domain_count = 1},
		{.domains = contoso_domains,
	         .domain_count = 2,
	         .name = BYTES_LITERAL("Contoso AG"),
	         .country = BYTES_LITERAL("DE"),
	         .sector = BYTES_LITERAL("energy"),
	         .contact = BYTES_LITERAL("legal@contoso.com"),
	         .relationship = RELATIONSHIP_CUSTOMER,
	         .terms = contoso_terms,
	         .term_count = 3},
	};
	struct register_state state = {.imported = 1500000000, .sha256 = {7}};
	struct failure failure;
	assert_int_equal(incident_put_register(incident, &state, rows, count, &failure), STATUS_OK);
}

static enum status tell_row(void *context, const struct register_row *row)
{
	struct buffer *told = context;
	for (size_t i = 0; i < row->domain_count; i++) {
		buffer_append(told, row->domains[i]);
		buffer_append_byte(told, ',');
	}
	buffer_append(told, row->name);
	buffer_append_format(told, "%d", row->relationship);
	buffer_append(told, row->country);
	for (size_t i = 0; i < row->term_count; i++) {
		buffer_append_format(told, "%d", row->terms[i].kind);
		buffer_append(told, row->terms[i].text);
	}
	buffer_append_byte(told, ';');
	return STATUS_OK;
}

static void expect_register(struct incident *incident, const char *from, const char *rows)
{
	struct buffer told = buffer_with_ceiling(4096), cursor = buffer_with_ceiling(4096);
	struct failure failure;
	assert_int_equal(
		incident_register(incident, RELATIONSHIP_UNKNOWN, bytes_of_string(from), tell_row, &told, &cursor, &failure),
		STATUS_OK);
	assert_string_equal(buffer_string(&told), rows);
	buffer_free(&told);
	buffer_free(&cursor);
}

#define CONTOSO_ROW "contoso.com,contoso.de,Contoso AG1DE0Contoso AG1Contoso2K-10234;"
#define FABRIKAM_ROW "fabrikam.com,0;"

static void a_register_is_kept_and_replaced(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct register_state register_state;
	struct buffer told = buffer_with_ceiling(4096);
	struct failure failure;
	assert_int_equal(incident_register_state(incident, &register_state, &failure), STATUS_OK);
	assert_false(register_state.is_there);
	put_register(incident, 2);
	expect_register(incident, "", CONTOSO_ROW FABRIKAM_ROW);
	expect_register(incident, "contoso.com", FABRIKAM_ROW);
	assert_int_equal(incident_register_state(incident, &register_state, &failure), STATUS_OK);
	assert_true(register_state.is_there && register_state.imported == 1500000000 && register_state.sha256[0] == 7);
	assert_true(register_state.rows == 2 && register_state.terms == 3);
	put_register(incident, 1);
	expect_register(incident, "", FABRIKAM_ROW);
	put_register(incident, 2);
	assert_int_equal(incident_remove_registered(incident, BYTES_LITERAL("contoso.de"), tell_row, &told, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&told), CONTOSO_ROW);
	assert_int_equal(incident_remove_registered(incident, BYTES_LITERAL("contoso.de"), tell_row, &told, &failure),
	                 STATUS_ABSENT);
	expect_register(incident, "", FABRIKAM_ROW);
	put_register(incident, 0);
	expect_register(incident, "", "");
	buffer_free(&told);
}

struct first_one {
	struct buffer *text, *cursor, *behind;
	bool is_there;
};

static enum status keep_first(void *context, const struct organisation_summary *summary)
{
	struct first_one *one = context;
	if (one->is_there)
		return STATUS_END;
	one->is_there = true;
	buffer_append(one->behind, buffer_bytes(one->cursor));
	return keep_organisation(one->text, summary);
}

static void sectors_that_are_told_first_stand_first(void **state)
{
	const struct bytes domain[] = {BYTES_LITERAL("fabrikam.com")};
	const struct register_row row = {.domains = domain, .domain_count = 1, .sector = BYTES_LITERAL("Local government")};
	const struct register_state import = {.is_there = true, .imported = 1500000000, .rows = 1};
	struct incident *incident = swept(state, NULL);
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096), cursor = buffer_with_ceiling(4096);
	const char first[] = "fabrikam.com 1 1 0 1;contoso.com 3 3 0 1;";
	assert_int_equal(incident_put_register(incident, &import, &row, 1, &failure), STATUS_OK);
	assert_int_equal(incident_organisations(incident, BYTES_NONE, keep_organisation, &text, &cursor, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "contoso.com 3 3 0 1;fabrikam.com 1 1 0 1;");
	buffer_reset(&text);
	assert_int_equal(incident_organisations_by_sector(incident, BYTES_NONE, keep_organisation, &text, &cursor, &failure),
	                 STATUS_OK);
	assert_string_equal(buffer_string(&text), first);
	/* Page by page it is the same list. */
	buffer_reset(&text);
	buffer_reset(&cursor);
	struct buffer from = buffer_with_ceiling(4096), behind = buffer_with_ceiling(4096);
	for (int page = 0; page < 3; page++) {
		struct first_one one = {&text, &cursor, &behind, false};
		assert_int_equal(
			incident_organisations_by_sector(incident, buffer_bytes(&from), keep_first, &one, &cursor, &failure),
			STATUS_OK);
		buffer_reset(&from);
		buffer_append(&from, buffer_bytes(&behind));
		if (page < 1)
			buffer_reset(&behind);
	}
	assert_string_equal(buffer_string(&text), first);
	buffer_free(&text);
	buffer_free(&cursor);
	buffer_free(&from);
	buffer_free(&behind);
}

static enum status expect_registered(void *context, const struct organisation_summary *summary)
{
	bool is_contoso = bytes_equal_string(summary->domain, "contoso.com");
	assert_true(bytes_equal_string(summary->name, is_contoso ? "Contoso AG" : ""));
	assert_true(bytes_equal_string(summary->country, is_contoso ? "DE" : ""));
	assert_int_equal(summary->relationship, is_contoso ? RELATIONSHIP_CUSTOMER : RELATIONSHIP_UNKNOWN);
	*(size_t *)context += is_contoso;
	return STATUS_OK;
}

static void a_register_says_what_organisations_are(void **state)
{
	struct incident *incident = swept(state, NULL);
	struct arena arena = arena_with_ceiling(1 << 20);
	struct buffer cursor = buffer_with_ceiling(4096);
	struct failure failure;
	struct ledger ledger;
	size_t met = 0;
	put_register(incident, 2);
	assert_int_equal(incident_organisations(incident, BYTES_NONE, expect_registered, &met, &cursor, &failure), STATUS_OK);
	assert_int_equal(met, 1);
	assert_int_equal(incident_ledger(incident, &arena, &ledger, &failure), STATUS_OK);
	assert_true(ledger.by_relationship.is_known);
	uint64_t parties = 0;
	for (size_t i = 0; i < ledger.by_relationship.count; i++)
		parties += ledger.by_relationship.rows[i].count;
	assert_int_equal(parties, ledger.organisations.distinct);
	assert_int_equal(ledger.organisations.resolved, ledger.organisations.distinct);
	buffer_free(&cursor);
	arena_free(&arena);
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(a_sweep_counts_what_it_did),
		TEST(a_register_is_kept_and_replaced),
		TEST(a_register_says_what_organisations_are),
		TEST(sectors_that_are_told_first_stand_first),
		TEST(a_second_sweep_reads_nothing_again),
		TEST(new_content_supersedes_and_what_is_missing_is_gone),
		TEST(a_twin_gets_documents_of_its_own),
		TEST(reading_again_replaces_what_was_read),
		TEST(what_waits_is_shown_as_listed),
		TEST(how_far_a_sweep_is_can_be_asked_at_any_time),
		TEST(what_is_given_up_ends_by_name_and_is_read_the_next_time),
		TEST(parts_of_an_unfinished_object_are_not_there),
		TEST(what_is_known_is_told_of_a_whole_page),
		TEST(a_page_that_comes_twice_changes_nothing),
		TEST(what_waits_goes_on_from_a_cursor),
		TEST(counts_and_lists_cost_no_square),
		TEST(what_came_of_many_objects_is_put_in_one_call),
		TEST(a_claim_does_not_speak_for_the_bytes_that_come_later),
		TEST(a_claim_does_not_replace_what_was_read),
		TEST(claims_that_say_the_same_are_one_content),
		TEST(an_honest_part_and_its_object_are_one_content),
		TEST(a_deeper_sweep_reads_what_was_only_listed),
		TEST(what_is_awaited_again_waits_behind_what_came_before),
		TEST(a_document_is_found_by_a_span_of_ids_and_by_its_path),
		TEST(versions_of_an_object_know_one_another),
		TEST(a_listing_without_its_versions_takes_nothing_away),
		TEST(an_object_that_changed_on_its_way_is_kept_as_fetched),
		TEST(digests_are_told_once_each_and_not_too_many),
		TEST(words_are_found_in_contents_and_names),
		TEST(signs_without_spaces_are_found),
		TEST(substrings_of_names_are_found_however_short),
		TEST(fields_are_found),
		TEST(conditions_combine),
		TEST(everything_is_a_row),
		TEST(pages_follow_one_another_in_every_order),
		TEST(a_title_or_name_ranks_above_a_mention),
		TEST(inflections_are_found_behind_the_word_itself),
		TEST(repetition_counts_less_than_an_honest_letter),
		TEST(words_near_each_other_count_more_than_words_far_apart),
		TEST(a_title_counts_more_than_a_text_full_of_it),
		TEST(foreign_cursors_and_queries_too_large_are_refused),
		TEST(a_question_is_ended_where_its_pulse_says_so),
		TEST(a_document_is_shown_with_its_relations),
		TEST(a_content_tells_its_text_findings_and_owners),
		TEST(long_text_comes_back_whole_and_in_parts),
		TEST(lists_count_both_ways),
		TEST(documents_of_an_owner_are_all_its_places),
		TEST(every_field_is_kept_until_it_expires),
		TEST(a_shown_path_is_what_is_asked_for),
		TEST(a_field_that_differs_makes_another_content),
		TEST(facts_belong_to_a_content_until_it_expires),
		TEST(families_are_the_same_in_any_order),
		TEST(families_are_the_same_in_the_other_order),
		TEST(what_has_expired_resembles_nothing),
		TEST(dates_are_of_what_a_content_says_as_surely),
		TEST(a_place_is_its_own_whatever_stands_elsewhere),
		TEST(places_are_listed_and_not_counted),
		TEST(another_reading_asks_the_places_anew),
		TEST(the_ledger_counts_both_ways),
		TEST(objects_are_passed_with_their_documents),
		TEST(what_goes_is_what_the_ledger_counts),
		TEST(what_nobody_looked_for_is_told),
		TEST(texts_are_looked_through_again_once),
		TEST(leaves_are_what_the_ledger_counts),
		TEST(a_door_that_was_found_open_is_closed_when_it_is_found_shut),
		TEST(what_the_owner_may_do_is_no_exposure),
		TEST(a_look_outside_of_sweeps_is_an_observation),
		TEST(what_is_gone_is_exposed_no_longer),
		TEST(reading_is_closed_once_a_sweep_was_refused_all_of_it),
		TEST(what_a_sample_left_out_is_marked_until_it_is_read),
		TEST(sums_end_at_the_most_there_is_and_nothing_fails),
	};
	int failed = count > 1 ? 0 : 1;
	for (int i = 1; i < count; i++) {
		leak_backend = arguments[i];
		failed += cmocka_run_group_tests_name(leak_backend, tests, NULL, NULL);
	}
	return failed;
}

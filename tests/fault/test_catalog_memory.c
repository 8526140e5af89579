/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocations, ours, SQLite's and OpenSSL's, fail in turn: each alone, or with all
 * that follow it. What comes of it is right or a clean refusal with words; nothing
 * is left behind in memory, the catalog is whole, and the same command goes on to
 * the same end. Ours are all tried, of the libraries' some dozens of each part of
 * the work, the same ones in every run; with the argument "all" every one of them.
 */
#include "contract/backend/leak.h"
#include "fault/failing-memory.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- noting ---- */

static enum status note_view(void *context, const struct document_view *view)
{
	char id[ID_TEXT_SIZE];
	note(context, "\n%s", id_format(view->id, id));
	note_bytes(context, view->path);
	note_bytes(context, view->title);
	note_bytes(context, view->note);
	note(context, " %llu copies, score %.6f", (unsigned long long)view->copies, view->score);
	return STATUS_OK;
}

static enum status note_finding(void *context, const struct finding *finding)
{
	note_bytes(context, finding->value);
	note_bytes(context, finding->rule);
	return STATUS_OK;
}

static enum status note_attribution(void *context, const struct attribution *attribution)
{
	note_bytes(context, attribution->domain);
	note_bytes(context, attribution->why);
	return STATUS_OK;
}

static enum status note_organisation(void *context, const struct organisation_summary *summary)
{
	note_bytes(context, summary->domain);
	note(context, " %llu, %llu", (unsigned long long)summary->documents, (unsigned long long)summary->addresses);
	return STATUS_OK;
}

static enum status note_entity(void *context, const struct entity_summary *summary)
{
	note_bytes(context, summary->value);
	note(context, " %llu", (unsigned long long)summary->references);
	return STATUS_OK;
}

static enum status note_container(void *context, const struct container_summary *summary)
{
	note_bytes(context, summary->container.name);
	note(context, " %llu", (unsigned long long)summary->documents);
	return STATUS_OK;
}

static enum status note_incident(void *context, const struct incident_summary *summary)
{
	note_bytes(context, summary->name);
	note(context, " %llu, %llu", (unsigned long long)summary->objects, (unsigned long long)summary->documents);
	return STATUS_OK;
}

static enum status note_entry(void *context, const struct journal_entry *entry)
{
	note_bytes(context, entry->verb);
	note_bytes(context, entry->detail);
	return STATUS_OK;
}

static enum status note_damage(void *context, const struct damage *damage)
{
	note_bytes(context, damage->file);
	note_bytes(context, damage->what);
	return STATUS_OK;
}

/* ---- questions ---- */

static const struct leak_part parts[] = {{"in.txt", "within, of anna@fabrikam.com", 0}, {NULL, NULL, 0}};
static const struct leak_object leak[] = {
	{"a.zip", "a letter to bob@contoso.com", NULL, 0, 0, parts},
	{"b.txt", "another letter", NULL, 0, 0, NULL},
};

static void must(enum status status, const struct failure *failure)
{
	if (status != STATUS_OK)
		fail_msg("%s: %s: %s", status_name(status), failure->where, failure->why);
}

static void sweep_leak(const struct catalog_place *place)
{
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	must(catalog_open(place, CATALOG_CREATE, &catalog, NULL, &failure), &failure);
	must(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), &failure);
	leak_sweep(incident, leak, 2, NULL);
	incident_close(incident);
	must(journal_append(catalog, "sweep", BYTES_LITERAL("default"), BYTES_LITERAL("anna"), BYTES_LITERAL("{}"), &failure),
	     &failure);
	catalog_close(catalog);
}

static enum status search(struct incident *incident, struct transcript *answer)
{
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(4096);
	struct query_node word = {.operation = QUERY_TERM, .field = QUERY_TEXT, .text = BYTES_LITERAL("letter")};
	struct query_node name = {.operation = QUERY_TERM, .field = QUERY_NAME, .text = BYTES_LITERAL("txt")};
	struct query_node regex = {.operation = QUERY_TERM, .field = QUERY_REGEX, .text = BYTES_LITERAL("[a-z]+\\.(zip|txt)")};
	struct query_node domain = {
		.operation = QUERY_TERM, .field = QUERY_ENTITY, .kind = FINDING_DOMAIN, .text = BYTES_LITERAL("fabrikam.com")};
	const struct query_node *all[] = {&word, &name, &regex, &domain};
	struct query_node any = {.operation = QUERY_ANY, .children = all, .child_count = 4};
	struct query query = {.root = &any};
	enum status status = incident_search(incident, &query, &totals, note_view, answer, &cursor, &told);
	if (status == STATUS_OK) {
		note(answer, "\n%llu in all", (unsigned long long)totals.total);
		query = (struct query){.root = &name, .sort = QUERY_SORT_NAME};
		status = incident_search(incident, &query, &totals, note_view, answer, &cursor, &told);
	}
	buffer_free(&cursor);
	return status;
}

static enum status search_all(struct incident *incident, struct transcript *answer)
{
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(4096);
	enum status status = incident_search(incident, &(struct query){.root = NULL}, &totals, note_view, answer, &cursor, &told);
	if (status == STATUS_OK)
		note(answer, "\n%llu not to be searched", (unsigned long long)totals.unsearchable);
	buffer_free(&cursor);
	return status;
}

static enum status ask_about(struct incident *incident, const struct id *id, struct transcript *answer)
{
	struct buffer text = buffer_with_ceiling(4096);
	struct document_view place = {.id = *id, .revision = 1};
	unsigned char key[32];
	leak_content_key(leak[0].text, key);
	memcpy(place.content_key, key, sizeof key);
	enum status status = incident_find(incident, id, note_view, answer, &told);
	if (status == STATUS_OK)
		status = incident_children(incident, id, note_view, answer, &told);
	if (status == STATUS_OK)
		status = incident_versions(incident, id, note_view, answer, &told);
	if (status == STATUS_OK)
		status = incident_twins(incident, id, note_view, answer, &told);
	if (status == STATUS_OK)
		status = incident_text(incident, key, 2, 8, &text, &told);
	if (status == STATUS_OK)
		status = incident_findings(incident, key, note_finding, answer, &told);
	if (status == STATUS_OK)
		status = incident_attributions(incident, &place, note_attribution, answer, &told);
	note_bytes(answer, buffer_bytes(&text));
	buffer_free(&text);
	return status;
}

static enum status list(struct incident *incident, struct transcript *answer)
{
	struct arena arena = arena_with_ceiling(1u << 20);
	struct buffer cursor = buffer_with_ceiling(4096);
	struct ledger ledger;
	enum status status = incident_organisations(incident, BYTES_NONE, note_organisation, answer, &cursor, &told);
	if (status == STATUS_OK)
		status = incident_entities(incident, FINDING_EMAIL, BYTES_LITERAL("contoso.com"), BYTES_NONE, note_entity, answer,
		                           &cursor, &told);
	if (status == STATUS_OK)
		status = incident_containers(incident, note_container, answer, &told);
	if (status == STATUS_OK)
		status = incident_documents_of(incident, BYTES_LITERAL("contoso.com"), note_view, answer, &told);
	if (status == STATUS_OK)
		status = incident_documents_with(incident, FINDING_EMAIL, BYTES_LITERAL("anna@fabrikam.com"), note_view, answer,
		                                 &told);
	if (status == STATUS_OK)
		status = incident_ledger(incident, &arena, &ledger, &told);
	if (status == STATUS_OK) {
		note_bytes(answer, ledger.rules_version);
		note(answer, " %llu, %zu years", (unsigned long long)ledger.emails.distinct, ledger.year_count);
	}
	buffer_free(&cursor);
	arena_free(&arena);
	return status;
}

static enum status ask(const struct catalog_place *place, struct transcript *answer)
{
	struct catalog *catalog;
	struct incident *incident;
	struct id id = leak_id("a.zip", NULL);
	begin_part(0);
	enum status status = catalog_open(place, CATALOG_READ, &catalog, NULL, &told);
	if (status != STATUS_OK)
		return status;
	status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &told);
	if (status == STATUS_OK) {
		begin_part(1);
		status = search(incident, answer);
		begin_part(2);
		if (status == STATUS_OK)
			status = ask_about(incident, &id, answer);
		begin_part(3);
		if (status == STATUS_OK)
			status = list(incident, answer);
		incident_close(incident);
	}
	catalog_close(catalog);
	return status;
}

static void questions_survive_every_failure(void **state)
{
	static const struct work work = {.run = ask, .end = 4, .prepare = sweep_leak, .keeps_place = true};
	(void)state;
	try_all(&work);
}

/* ---- care ---- */

static enum status care(const struct catalog_place *place, struct transcript *answer)
{
	struct catalog *catalog;
	struct catalog_info info;
	uint64_t entries, bad, pages;
	unsigned char head[32];
	char backup[700];
	snprintf(backup, sizeof backup, "%s.backup", place->directory);
	enum status status = catalog_open(place, CATALOG_APPEND, &catalog, NULL, &told);
	if (status != STATUS_OK)
		return status;
	begin_part(0);
	status = journal_append(catalog, "search", BYTES_LITERAL("default"), BYTES_LITERAL("anna"), BYTES_LITERAL("{\"q\":1}"),
	                        &told);
	if (status == STATUS_OK)
		status = journal_show(catalog, &(struct journal_question){.since = INT64_MIN}, note_entry, answer, &told);
	if (status == STATUS_OK)
		status = journal_verify(catalog, &entries, &bad, head, &told);
	begin_part(1);
	if (status == STATUS_OK)
		status = catalog_list_incidents(catalog, note_incident, answer, &told);
	if (status == STATUS_OK)
		status = catalog_describe(catalog, &info, &told);
	begin_part(2);
	if (status == STATUS_OK)
		status = catalog_backup(catalog, backup, &told);
	begin_part(3);
	if (status == STATUS_OK)
		status = catalog_verify(catalog, note_damage, answer, &pages, &told);
	catalog_close(catalog);
	return status;
}

/* What could be written is whole. */
static void check_whole(const struct catalog_place *place)
{
	static struct transcript damage;
	struct catalog *catalog;
	struct failure failure;
	uint64_t pages;
	enum status status = catalog_open(place, CATALOG_APPEND, &catalog, NULL, &failure);
	if (status == STATUS_ABSENT)
		return;
	must(status, &failure);
	damage = (struct transcript){.length = 0};
	if (catalog_verify(catalog, note_damage, &damage, &pages, &failure) != STATUS_OK)
		fail_msg("%s", damage.text);
	catalog_close(catalog);
}

static void check_care(const struct catalog_place *place, const char *expected)
{
	(void)expected;
	check_whole(place);
}

static void care_survives_every_failure(void **state)
{
	static const struct work work = {.run = care, .end = 4, .prepare = sweep_leak, .check = check_care};
	(void)state;
	try_all(&work);
}

/* ---- sweeps ---- */

static const struct finding found = {.kind = FINDING_EMAIL,
                                     .value = {(const unsigned char *)"a@b.c", 5},
                                     .raw = {(const unsigned char *)"A@b.c", 5},
                                     .to = 5,
                                     .confidence = 1,
                                     .rule = {(const unsigned char *)"email/1", 7}};
static const struct attribution owner = {.domain = {(const unsigned char *)"b.c", 3},
                                         .role = ORGANISATION_PARTY,
                                         .confidence = 1,
                                         .why = {(const unsigned char *)"an address", 10}};

static bool keeps_texts;

static void ignore_digest(void *context, const unsigned char sha256[32])
{
	(void)context, (void)sha256;
}

static enum status begin(struct incident *incident)
{
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct buffer cursor = buffer_with_ceiling(64);
	bool is_done = false, is_all = false;
	const struct listed_object listed[2] = {
		{.object = {.name = BYTES_LITERAL("a.zip"),
	                    .size = 9,
	                    .modified = 1,
	                    .created = CLOCK_UNKNOWN,
	                    .media_type = BYTES_LITERAL("application/zip")}},
		{.object = {.name = BYTES_LITERAL("b.txt"), .size = 9, .modified = 1, .created = CLOCK_UNKNOWN}},
	};
	if (!keeps_texts)
		plan.keep_until = 1;
	enum status status = sweep_begin(incident, &plan, &begun, &told);
	if (status == STATUS_OK)
		status = sweep_digests(incident, 9, ignore_digest, NULL, &is_all, &told);
	if (status == STATUS_OK && (status = sweep_cursor(incident, 0, &cursor, &is_done)) != STATUS_OK)
		(fail)(&told, status, "cursor", "it has no words of its own");
	if (status == STATUS_OK && !is_done)
		status = leak_put_page(incident, 0, listed, 2, BYTES_LITERAL("next"), true, &told);
	buffer_free(&cursor);
	return status;
}

static enum status read_objects(struct incident *incident)
{
	struct id id = leak_id("a.zip", NULL), other = leak_id("b.txt", NULL);
	const struct document_record part = {
		.ordinal = 1,
		.inner_path = BYTES_LITERAL("in.txt"),
		.size = 7,
		.modified = CLOCK_UNKNOWN,
		.created = CLOCK_UNKNOWN,
		.outcome = OUTCOME_READ,
		.text = BYTES_LITERAL("A@b.c or so"),
		.title = BYTES_LITERAL("title"),
		.findings = &found,
		.finding_count = 1,
		.organisations = &owner,
		.organisation_count = 1,
	};
	const struct document_record own = {.size = 9,
	                                    .modified = CLOCK_UNKNOWN,
	                                    .created = CLOCK_UNKNOWN,
	                                    .outcome = OUTCOME_READ,
	                                    .note = BYTES_LITERAL("noted")};
	struct object_record end = {.outcome = OUTCOME_READ, .documents = 2, .has_sha256 = true};
	const struct object as_listed = {.name = BYTES_LITERAL("a.zip"), .size = 9, .modified = 1};
	enum status status = leak_note_version(incident, &id, &as_listed, &told);
	if (status == STATUS_OK)
		status = leak_put_document(incident, &id, &part, &told);
	if (status == STATUS_OK)
		status = leak_put_document(incident, &id, &own, &told);
	if (status == STATUS_OK)
		status = leak_end_object(incident, &id, &end, &told);
	if (status == STATUS_OK)
		status = sweep_adopt_twin(incident, &other, end.sha256, 9, &told);
	return status == STATUS_OK ? sweep_checkpoint(incident, &told) : status;
}

static enum status count(struct incident *incident, struct transcript *answer)
{
	struct sweep_summary summary;
	enum status status = sweep_summarise(incident, &summary, &told);
	if (status == STATUS_OK)
		note(answer, "%llu listed, %llu read, %llu documents, %llu addresses", (unsigned long long)summary.objects.listed,
		     (unsigned long long)(summary.objects.read + summary.objects.unchanged),
		     (unsigned long long)summary.documents, (unsigned long long)summary.findings[FINDING_EMAIL]);
	return status == STATUS_OK ? search_all(incident, answer) : status;
}

static enum status sweep(const struct catalog_place *place, struct transcript *answer)
{
	struct catalog *catalog;
	struct incident *incident;
	begin_part(0);
	enum status status = catalog_open(place, CATALOG_CREATE, &catalog, NULL, &told);
	if (status != STATUS_OK)
		return status;
	begin_part(1);
	status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &told);
	if (status == STATUS_OK) {
		begin_part(2);
		status = begin(incident);
		begin_part(3);
		if (status == STATUS_OK)
			status = read_objects(incident);
		begin_part(4);
		if (status == STATUS_OK)
			status = sweep_end(incident, true, &told);
		begin_part(5);
		if (status == STATUS_OK)
			status = count(incident, answer);
		incident_close(incident);
	}
	catalog_close(catalog);
	return status;
}

static void check_swept(const struct catalog_place *place, const char *expected)
{
	assert_repeats(&(struct work){.run = sweep}, place, expected);
	check_whole(place);
}

static void sweeps_survive_every_failure(void **state)
{
	static const struct work work = {.run = sweep, .end = 6, .check = check_swept};
	(void)state;
	keeps_texts = true;
	try_all(&work);
}

static void texts_expire_through_every_failure(void **state)
{
	static const struct work work = {.run = sweep, .first_part = 4, .end = 5, .check = check_swept};
	(void)state;
	keeps_texts = false;
	try_all(&work);
}

/* ---- purges ---- */

static void leave_unfinished(const struct catalog_place *place)
{
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	keeps_texts = false;
	must(catalog_open(place, CATALOG_CREATE, &catalog, NULL, &failure), &failure);
	must(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), &failure);
	assert_int_equal(begin(incident), STATUS_OK);
	assert_int_equal(read_objects(incident), STATUS_OK);
	incident_close(incident);
	catalog_close(catalog);
}

static enum status purge(const struct catalog_place *place, struct transcript *answer)
{
	struct catalog *catalog;
	struct incident *incident = NULL;
	enum status status = catalog_open(place, CATALOG_APPEND, &catalog, NULL, &told);
	if (status != STATUS_OK)
		return status;
	begin_part(0);
	status = catalog_purge(catalog, BYTES_NONE, clock_now(), &told);
	begin_part(1);
	if (status == STATUS_OK)
		status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &told);
	if (status == STATUS_OK)
		status = search_all(incident, answer);
	incident_close(incident);
	catalog_close(catalog);
	return status;
}

static void check_purged(const struct catalog_place *place, const char *expected)
{
	assert_repeats(&(struct work){.run = purge}, place, expected);
	check_whole(place);
}

static void purges_survive_every_failure(void **state)
{
	static const struct work work = {.run = purge, .end = 1, .prepare = leave_unfinished, .check = check_purged};
	(void)state;
	try_all(&work);
}

/* ---- ids ---- */

static void an_id_needs_no_memory(void **state)
{
	struct id id = leak_id("a.zip", "in.txt"), again;
	char text[ID_TEXT_SIZE], written[ID_TEXT_SIZE];
	(void)state;
	id_format(id, text);
	memory_arm((struct memory_end){LIBRARIES, 1, true});
	again = leak_id("a.zip", "in.txt");
	id_format(again, written);
	assert_int_equal(memory_disarm(), 0);
	assert_true(id_equal(id, again));
	assert_string_equal(written, text);
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_needs_no_memory),
		cmocka_unit_test(questions_survive_every_failure),
		cmocka_unit_test(care_survives_every_failure),
		cmocka_unit_test(sweeps_survive_every_failure),
		cmocka_unit_test(texts_expire_through_every_failure),
		cmocka_unit_test(purges_survive_every_failure),
	};
	tries_all = count > 1 && strcmp(arguments[1], "all") == 0;
	return cmocka_run_group_tests(tests, memory_take_over, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocations, ours and SQLite's, fail in turn: the answer is right or a clean
 * refusal, and afterwards the catalog is whole. Linked with malloc, calloc,
 * realloc, strdup and id_of wrapped (-Wl,--wrap=...).
 */
#include "contract/backend/leak.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
char *__wrap_strdup(const char *text);

struct id __real_id_of(const struct id_parts *parts);
struct id __wrap_id_of(const struct id_parts *parts);

enum { STRIDE = 80 };                /* the further on, the fewer are tried */

static unsigned allocations, failing_at;
static bool is_sparing;

static bool fails_now(void)
{
	return failing_at > 0 && !is_sparing && ++allocations == failing_at;
}

void *__wrap_malloc(size_t size)
{
	return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *at, size_t size)
{
	return fails_now() ? NULL : __real_realloc(at, size);
}

char *__wrap_strdup(const char *text)
{
	return fails_now() ? NULL : __real_strdup(text);
}

/* Deriving an id has no way to say that memory ended. */
struct id __wrap_id_of(const struct id_parts *parts)
{
	is_sparing = true;
	struct id id = __real_id_of(parts);
	is_sparing = false;
	return id;
}

/* SQLite's allocations, too. */
static sqlite3_mem_methods sqlite_methods;

static void *fail_sqlite_malloc(int size)
{
	return fails_now() ? NULL : sqlite_methods.xMalloc(size);
}

static void *fail_sqlite_realloc(void *at, int size)
{
	return fails_now() ? NULL : sqlite_methods.xRealloc(at, size);
}

static int wrap_sqlite(void **state)
{
	(void)state;
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_methods) != SQLITE_OK)
		return -1;
	sqlite3_mem_methods methods = sqlite_methods;
	methods.xMalloc = fail_sqlite_malloc;
	methods.xRealloc = fail_sqlite_realloc;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK ? 0 : -1;
}

static const struct leak_part parts[] = {{"in.txt", "within, of anna@fabrikam.com", 0}, {NULL, NULL, 0}};
static const struct leak_object leak[] = {
	{"a.zip", "a letter to bob@contoso.com", NULL, 0, 0, parts},
	{"b.txt", "another letter", NULL, 0, 0, NULL},
};

static enum status ignore_view(void *context, const struct document_view *view)
{
	(void)context;
	(void)view;
	return STATUS_OK;
}

static enum status ignore_finding(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
	return STATUS_OK;
}

static enum status ignore_organisation(void *context, const struct organisation_summary *summary)
{
	(void)context;
	(void)summary;
	return STATUS_OK;
}

static enum status ignore_damage(void *context, const struct damage *damage)
{
	(void)context;
	(void)damage;
	return STATUS_OK;
}

/* ---- asking, with the nth allocation failing ---- */

static enum status ask(struct incident *incident)
{
	struct failure failure;
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(4096), text = buffer_with_ceiling(4096);
	struct arena arena = arena_with_ceiling(1u << 20);
	struct ledger ledger;
	struct id id = leak_id("a.zip", NULL);
	unsigned char key[32] = {0};
	struct query_node word = {
		.operation = QUERY_TERM, .field = QUERY_TEXT, .text = BYTES_LITERAL("letter")};
	struct query_node name = {.operation = QUERY_TERM, .field = QUERY_NAME, .text = BYTES_LITERAL("txt")};
	struct query_node regex = {
		.operation = QUERY_TERM, .field = QUERY_REGEX, .text = BYTES_LITERAL("[a-z]+\\.(zip|txt)")};
	const struct query_node *all[] = {&word, &name, &regex};
	struct query_node both = {.operation = QUERY_ANY, .children = all, .child_count = 3};
	struct query query = {.root = &both};
	enum status status = incident_search(incident, &query, &totals, ignore_view, NULL, &cursor, &failure);
	if (status == STATUS_OK)
		status = incident_find(incident, &id, ignore_view, NULL, &failure);
	if (status == STATUS_OK)
		status = incident_versions(incident, &id, ignore_view, NULL, &failure);
	if (status == STATUS_OK)
		status = incident_findings(incident, key, ignore_finding, NULL, &failure);
	if (status == STATUS_OK)
		status = incident_organisations(incident, BYTES_NONE, ignore_organisation, NULL, &cursor,
		                                &failure);
	if (status == STATUS_OK)
		status = incident_ledger(incident, &arena, &ledger, &failure);
	buffer_free(&cursor);
	buffer_free(&text);
	arena_free(&arena);
	return status;
}

static enum status open_and_ask(const struct catalog_place *place)
{
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	enum status status = catalog_open(place, CATALOG_READ, &catalog, NULL, &failure);
	if (status != STATUS_OK)
		return status;
	status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &failure);
	if (status == STATUS_OK) {
		status = ask(incident);
		incident_close(incident);
	}
	catalog_close(catalog);
	return status;
}

static void questions_survive_every_failure(void **state)
{
	char *directory = leak_directory();
	struct catalog_place place = leak_place(directory);
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	enum status status;
	unsigned at = 0;
	(void)state;
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(
		incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure),
		STATUS_OK);
	leak_sweep(incident, leak, 2, NULL);
	incident_close(incident);
	catalog_close(catalog);
	do {
		failing_at = at += 1 + at / STRIDE;
		allocations = 0;
		status = open_and_ask(&place);
		failing_at = 0;
		if (status != STATUS_OK && status != STATUS_NO_MEMORY)
			fail_msg("allocation %u: %s", at, status_name(status));
	} while (allocations >= at);
	assert_true(at > 50);
	leak_remove(directory);
}

/* ---- sweeping, with the nth allocation failing ---- */

static enum status put_all(struct incident *incident)
{
	struct failure failure;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct id id = leak_id("a.zip", NULL), other = leak_id("b.txt", NULL);
	struct listed_object listed[2] = {
		{.object = {.name = BYTES_LITERAL("a.zip"),
	                    .size = 9,
	                    .modified = 1,
	                    .created = CLOCK_UNKNOWN}},
		{.object = {.name = BYTES_LITERAL("b.txt"),
	                    .size = 9,
	                    .modified = 1,
	                    .created = CLOCK_UNKNOWN}},
	};
	struct finding found = {.kind = FINDING_EMAIL,
	                        .value = BYTES_LITERAL("a@b.c"),
	                        .raw = BYTES_LITERAL("A@b.c"),
	                        .to = 5,
	                        .confidence = 1,
	                        .rule = BYTES_LITERAL("email/1")};
	struct attribution owner = {.domain = BYTES_LITERAL("b.c"),
	                            .role = ORGANISATION_PARTY,
	                            .confidence = 1,
	                            .why = BYTES_LITERAL("an address")};
	struct document_record part = {
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
	struct document_record own = {.size = 9,
	                              .modified = CLOCK_UNKNOWN,
	                              .created = CLOCK_UNKNOWN,
	                              .outcome = OUTCOME_READ,
	                              .note = BYTES_LITERAL("noted")};
	struct object_record end = {.outcome = OUTCOME_READ, .documents = 2, .has_sha256 = true};
	struct sweep_summary summary;
	enum status status = sweep_begin(incident, &plan, &begun, &failure);
	if (status == STATUS_OK)
		status = sweep_put_page(incident, 0, listed, 2, BYTES_LITERAL("next"), true, &failure);
	if (status == STATUS_OK)
		status = sweep_put_document(incident, &id, &part, &failure);
	if (status == STATUS_OK)
		status = sweep_put_document(incident, &id, &own, &failure);
	if (status == STATUS_OK)
		status = sweep_finish_object(incident, &id, &end, &failure);
	if (status == STATUS_OK)
		status = sweep_adopt_twin(incident, &other, end.sha256, 9, &failure);
	if (status == STATUS_OK)
		status = sweep_end(incident, true, &failure);
	return status == STATUS_OK ? sweep_summarise(incident, &summary, &failure) : status;
}

static enum status open_and_put(const struct catalog_place *place)
{
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	enum status status = catalog_open(place, CATALOG_CREATE, &catalog, NULL, &failure);
	if (status != STATUS_OK)
		return status;
	status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure);
	if (status == STATUS_OK) {
		status = put_all(incident);
		incident_close(incident);
	}
	catalog_close(catalog);
	return status;
}

static void check_whole(const struct catalog_place *place)
{
	struct catalog *catalog;
	struct failure failure;
	uint64_t pages;
	if (catalog_open(place, CATALOG_APPEND, &catalog, NULL, &failure) == STATUS_ABSENT)
		return;
	assert_int_equal(catalog_verify(catalog, ignore_damage, NULL, &pages, &failure), STATUS_OK);
	catalog_close(catalog);
}

static void sweeps_survive_every_failure(void **state)
{
	enum status status;
	unsigned at = 0;
	(void)state;
	do {
		char *directory = leak_directory();
		struct catalog_place place = leak_place(directory);
		failing_at = at += 1 + at / STRIDE;
		allocations = 0;
		status = open_and_put(&place);
		failing_at = 0;
		if (status != STATUS_OK && status != STATUS_NO_MEMORY)
			fail_msg("allocation %u: %s", at, status_name(status));
		check_whole(&place);
		leak_remove(directory);
	} while (allocations >= at);
	assert_true(at > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_survive_every_failure),
		cmocka_unit_test(sweeps_survive_every_failure),
	};
	return cmocka_run_group_tests(tests, wrap_sqlite, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A plan is taken as it was written, in its catalog, for its incident, while it is good; and its steps go on where they stopped. */
#include "act/plan.h"
#include "catalog/inside.h"
#include "catalog/plans.h"
#include "contract/backend/leak.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct leak_object leak[] = {{"a.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL}};
enum { NOW = 1700000000 };

struct house {
	char *directory;
	struct catalog *catalog;
	struct incident *incident, *other;
};

static struct house house, neighbour;
static char file[600];

static void open_house(struct house *opened)
{
	struct failure failure;
	opened->directory = leak_directory();
	struct catalog_place place = leak_place(opened->directory);
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &opened->catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(opened->catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &opened->incident, &failure),
	                 STATUS_OK);
	leak_sweep(opened->incident, leak, 1, NULL);
	assert_int_equal(incident_open(opened->catalog, BYTES_LITERAL("other"), INCIDENT_SWEEP, &opened->other, &failure),
	                 STATUS_OK);
}

static void close_house(struct house *opened)
{
	incident_close(opened->incident);
	incident_close(opened->other);
	catalog_close(opened->catalog);
	leak_remove(opened->directory);
}

static int set_up(void **state)
{
	(void)state;
	open_house(&house);
	open_house(&neighbour);
	snprintf(file, sizeof file, "%s/plan.json", house.directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close_house(&house);
	close_house(&neighbour);
	return 0;
}

static enum status write_piece(void *context, struct bytes piece, struct failure *reterr)
{
	(void)reterr;
	assert_int_equal(fwrite(piece.at, 1, piece.len, context), piece.len);
	return STATUS_OK;
}

static void put_policy(void *context, struct json_writer *json)
{
	json_member_string(json, "policy", context);
}

static struct plan_step step_of(struct bytes object)
{
	return (struct plan_step){
		.target = BYTES_LITERAL("az://contoso/files"),
		.object = object,
		.version = BYTES_LITERAL("2022-01-01T00:00:00.0000000Z"),
		.etag = BYTES_LITERAL("0x8D"),
		.action = BYTES_LITERAL("delete"),
		.why = BYTES_LITERAL("older than two years"),
		.before = BYTES_LITERAL("container"),
		.size = 7,
	};
}

static struct plan_head write_plan(unsigned steps)
{
	struct failure failure = {.why = ""};
	struct plan_writer *writer;
	char name[64];
	FILE *out = fopen(file, "w");
	assert_non_null(out);
	struct plan_head head = plan_new_head(PLAN_RETAIN, BYTES_LITERAL("default"), NOW);
	const struct plan_sink sink = {write_piece, out};
	assert_int_equal(plan_begin(&head, house.incident, &sink, put_policy, (void *)(uintptr_t) "abc", &writer, &failure),
	                 STATUS_OK);
	for (unsigned i = 0; i < steps; i++) {
		snprintf(name, sizeof name, "invoice %u.pdf", i);
		struct plan_step step = step_of(bytes_of_string(name));
		assert_int_equal(plan_put_step(writer, &step, NULL, NULL, &failure), STATUS_OK);
	}
	assert_int_equal(plan_end(writer, NULL, NULL, &head, &failure), STATUS_OK);
	fclose(out);
	return head;
}

static enum status open_plan(struct incident *incident, int64_t now)
{
	struct failure failure = {.why = ""};
	struct plan *plan = NULL;
	enum status status = plan_open(file, PLAN_RETAIN, incident, PLAN_TO_APPLY, now, &plan, &failure);
	assert_true((status == STATUS_OK) == (plan != NULL));
	assert_true(status == STATUS_OK || failure.why[0] != '\0');
	plan_free(plan);
	return status;
}

static void test_comes_back_as_it_was_written(void **state)
{
	struct failure failure;
	struct plan *plan;
	struct plan_step step;
	const struct json_value *all;
	(void)state;
	struct plan_head head = write_plan(3000);
	assert_int_equal(plan_open(file, PLAN_RETAIN, house.incident, PLAN_TO_APPLY, NOW, &plan, &failure), STATUS_OK);
	assert_int_equal(plan_get_head(plan)->steps, 3000);
	assert_memory_equal(plan_get_head(plan)->hash, head.hash, sizeof head.hash);
	assert_true(id_equal(plan_get_head(plan)->id, head.id));
	assert_true(bytes_equal_string(json_text_of(plan_get_members(plan), "policy"), "abc"));
	for (unsigned round = 0; round < 2; round++) {
		uint64_t number = 0;
		for (enum status status; (status = plan_next(plan, &step, &all, &failure)) != STATUS_END;) {
			char name[64];
			assert_int_equal(status, STATUS_OK);
			assert_int_equal(step.number, ++number);
			snprintf(name, sizeof name, "invoice %u.pdf", (unsigned)number - 1);
			assert_true(bytes_equal_string(step.object, name));
			assert_true(bytes_equal_string(step.before, "container"));
			assert_true(bytes_equal_string(json_text_of(all, "state"), "planned"));
			assert_int_equal(step.size, 7);
		}
		assert_int_equal(number, 3000);
		assert_int_equal(plan_rewind(plan, &failure), STATUS_OK);
	}
	plan_free(plan);
}

static void test_names_of_any_bytes_come_back(void **state)
{
	static const struct bytes names[] = {
		{(const unsigned char *)"caf\xe9.txt", 8},
		{(const unsigned char *)"x?sv=1&sig=AAAABBBBCCCCDDDD", 27},
		{(const unsigned char *)"\xff\x00\n\"\\]", 6},
		{(const unsigned char *)"],\"blast\":{},\"hash\":\"", 21},
	};
	struct failure failure;
	struct plan_writer *writer;
	struct plan *plan;
	struct plan_step step;
	(void)state;
	FILE *out = fopen(file, "w");
	struct plan_head head = plan_new_head(PLAN_RETAIN, BYTES_LITERAL("default"), NOW);
	const struct plan_sink sink = {write_piece, out};
	assert_int_equal(plan_begin(&head, house.incident, &sink, NULL, NULL, &writer, &failure), STATUS_OK);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct plan_step planned = step_of(names[i]);
		assert_int_equal(plan_put_step(writer, &planned, NULL, NULL, &failure), STATUS_OK);
	}
	assert_int_equal(plan_end(writer, NULL, NULL, NULL, &failure), STATUS_OK);
	fclose(out);
	assert_int_equal(plan_open(file, PLAN_RETAIN, house.incident, PLAN_TO_APPLY, NOW, &plan, &failure), STATUS_OK);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(plan_next(plan, &step, NULL, &failure), STATUS_OK);
		assert_true(bytes_equal(step.object, names[i]));
	}
	plan_free(plan);
}

/* Whatever byte is another, or where it is cut, it is no plan any more. */
static void test_refuses_what_was_edited(void **state)
{
	char text[8192];
	(void)state;
	write_plan(3);
	FILE *in = fopen(file, "r");
	size_t length = fread(text, 1, sizeof text, in);
	fclose(in);
	for (size_t i = 0; i <= length; i++) {
		FILE *out = fopen(file, "w");
		bool is_cut = i % 2 == 0;
		if (!is_cut)
			text[i] ^= 1;
		fwrite(text, 1, is_cut ? i : length, out);
		fclose(out);
		if (!is_cut)
			text[i] ^= 1;
		if (i == length)
			assert_int_equal(open_plan(house.incident, NOW), STATUS_OK);
		else
			assert_int_not_equal(open_plan(house.incident, NOW), STATUS_OK);
	}
	FILE *out = fopen(file, "w");
	fwrite(text, 1, length, out);
	fputc('\n', out);
	fclose(out);
	assert_int_equal(open_plan(house.incident, NOW), STATUS_MALFORMED);
}

static void test_refuses_another_catalog_incident_kind_and_time(void **state)
{
	struct failure failure;
	struct plan *plan;
	(void)state;
	write_plan(1);
	assert_int_equal(open_plan(house.incident, NOW + PLAN_GOOD_FOR), STATUS_OK);
	assert_int_equal(open_plan(house.incident, NOW + PLAN_GOOD_FOR + 1), STATUS_DENIED);
	assert_int_equal(open_plan(neighbour.incident, NOW), STATUS_DENIED);
	assert_int_equal(open_plan(house.other, NOW), STATUS_DENIED);
	assert_int_equal(plan_open(file, PLAN_CLOSE, house.incident, PLAN_TO_APPLY, NOW, &plan, &failure), STATUS_DENIED);
	assert_int_equal(plan_open(file, PLAN_RETAIN, house.incident, PLAN_TO_READ, NOW * 2ll, &plan, &failure), STATUS_OK);
	plan_free(plan);
	unlink(file);
	assert_int_equal(open_plan(house.incident, NOW), STATUS_ABSENT);
}

/* One that is changed behind the first look gives out no step that was not looked at. */
static void test_notices_changes_while_it_is_read(void **state)
{
	struct failure failure;
	struct plan *plan;
	struct plan_step step;
	enum status status;
	(void)state;
	write_plan(3000);
	assert_int_equal(plan_open(file, PLAN_RETAIN, house.incident, PLAN_TO_APPLY, NOW, &plan, &failure), STATUS_OK);
	FILE *out = fopen(file, "r+");
	fseek(out, 300000, SEEK_SET);
	fputs("evil", out);
	fclose(out);
	while ((status = plan_next(plan, &step, NULL, &failure)) == STATUS_OK)
		assert_true(bytes_start_with(step.object, BYTES_LITERAL("invoice ")));
	assert_int_equal(status, STATUS_MALFORMED);
	plan_free(plan);
}

static enum status count(void *context, const struct step_outcome *outcome)
{
	assert_int_equal(outcome->number, ++*(uint64_t *)context);
	return STATUS_OK;
}

static void test_goes_on_where_it_stopped(void **state)
{
	struct failure failure;
	struct plan_run *run, *second;
	struct step_outcome found;
	struct plan_record record;
	struct arena arena = arena_with_ceiling(1 << 20);
	uint64_t steps = 0;
	(void)state;
	struct plan_head head = write_plan(3);
	assert_int_equal(incident_plan(house.incident, head.id, &arena, &record, &failure), STATUS_ABSENT);
	assert_int_equal(plan_run_begin(house.incident, &head, BYTES_LITERAL("anna"), BYTES_LITERAL("T-1"), NOW, &run, &failure),
	                 STATUS_OK);
	assert_int_equal(
		plan_run_begin(house.incident, &head, BYTES_LITERAL("bert"), BYTES_LITERAL("T-2"), NOW, &second, &failure),
		STATUS_BUSY);
	const struct step_outcome outcomes[] = {
		{.number = 1, .state = STEP_DONE, .at = NOW, .survives_until = NOW + 9, .before = BYTES_LITERAL("blob")},
		{.number = 2, .state = STEP_UNDER_WAY, .at = NOW, .survives_until = CLOCK_UNKNOWN},
	};
	assert_int_equal(plan_run_put(run, outcomes, 2, &failure), STATUS_OK);
	plan_run_free(run);
	assert_int_equal(plan_run_begin(house.incident, &head, BYTES_LITERAL("bert"), BYTES_LITERAL("T-2"), NOW, &run, &failure),
	                 STATUS_OK);
	assert_int_equal(plan_run_find(run, 1, &arena, &found, &failure), STATUS_OK);
	assert_int_equal(found.state, STEP_DONE);
	assert_int_equal(found.survives_until, NOW + 9);
	assert_true(bytes_equal_string(found.before, "blob"));
	assert_int_equal(plan_run_find(run, 2, &arena, &found, &failure), STATUS_OK);
	assert_int_equal(found.state, STEP_UNDER_WAY);
	assert_int_equal(plan_run_find(run, 3, &arena, &found, &failure), STATUS_OK);
	assert_int_equal(found.state, STEP_PLANNED);
	assert_int_equal(plan_run_end(run, NOW + 5, &failure), STATUS_OK);
	plan_run_free(run);
	assert_int_equal(incident_plan(house.incident, head.id, &arena, &record, &failure), STATUS_OK);
	assert_true(bytes_equal_string(record.operator_name, "anna"));
	assert_true(bytes_equal_string(record.ticket, "T-1"));
	assert_int_equal(record.ended, NOW + 5);
	assert_int_equal(incident_plan_steps(house.incident, head.id, count, &steps, &failure), STATUS_OK);
	assert_int_equal(steps, 2);
	arena_free(&arena);
}

/* A catalog of the schema before, with something in it, has nothing on record of plans, and then has room for it. */
static void test_a_catalog_without_plans_gets_room_for_them(void **state)
{
	struct house old;
	struct failure failure = {.why = ""};
	struct arena arena = arena_with_ceiling(1 << 20);
	struct plan_record record;
	struct plan_run *run;
	(void)state;
	open_house(&old);
	assert_int_equal(journal_append(old.catalog, "sweep", BYTES_LITERAL("default"), BYTES_LITERAL("anna"),
	                                BYTES_LITERAL("{}"), &failure),
	                 STATUS_OK);
	assert_int_equal(database_execute(&old.catalog->database,
	                                  "DROP TABLE plan; DROP TABLE plan_step; DROP TABLE watch_target;"
	                                  " DROP TABLE watch_observation; DROP TABLE watch_alert; PRAGMA user_version = 6"),
	                 STATUS_OK);
	incident_close(old.incident);
	incident_close(old.other);
	catalog_close(old.catalog);
	struct catalog_place place = leak_place(old.directory);
	if (catalog_open(&place, CATALOG_APPEND, &old.catalog, NULL, &failure) != STATUS_OK)
		fail_msg("%s", failure.why);
	assert_int_equal(incident_open(old.catalog, BYTES_LITERAL("default"), INCIDENT_READ, &old.incident, &failure), STATUS_OK);
	assert_string_equal(leak_find(old.incident, QUERY_TEXT, "letter"), "a.txt");
	uint64_t entries, bad;
	unsigned char head[32];
	assert_int_equal(journal_verify(old.catalog, &entries, &bad, head, &failure), STATUS_OK);
	assert_int_equal(entries, 1);
	struct plan_head plan = plan_new_head(PLAN_CLOSE, BYTES_LITERAL("default"), NOW);
	assert_int_equal(incident_plan(old.incident, plan.id, &arena, &record, &failure), STATUS_ABSENT);
	assert_int_equal(plan_run_begin(old.incident, &plan, BYTES_LITERAL("anna"), BYTES_NONE, NOW, &run, &failure), STATUS_OK);
	plan_run_free(run);
	assert_int_equal(incident_plan(old.incident, plan.id, &arena, &record, &failure), STATUS_OK);
	arena_free(&arena);
	old.other = NULL;
	close_house(&old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back_as_it_was_written),
		cmocka_unit_test(test_names_of_any_bytes_come_back),
		cmocka_unit_test(test_refuses_what_was_edited),
		cmocka_unit_test(test_refuses_another_catalog_incident_kind_and_time),
		cmocka_unit_test(test_notices_changes_while_it_is_read),
		cmocka_unit_test(test_goes_on_where_it_stopped),
		cmocka_unit_test(test_a_catalog_without_plans_gets_room_for_them),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

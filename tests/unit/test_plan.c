/* SPDX-License-Identifier: Apache-2.0 */
/* plan: the first reason wins, a sample is the same for everyone, the budget is spent once. */
#include "model/id.h"
#include "scope/target.h"
#include "sweep/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct arena arena;
static struct scope scope;
static struct target target;
static struct sweep_settings settings;
static struct planner planner;

static int start(void **state)
{
	(void)state;
	arena = arena_with_ceiling(8 << 20);
	scope = scope_new(&arena);
	settings = (struct sweep_settings){.sample_share = 1, .redo_outcome = OUTCOME_COUNT};
	planner = (struct planner){.settings = &settings, .scope = &scope, .target = &target, .depth = DEPTH_FULL};
	if (target_parse(BYTES_LITERAL("az://contoso/backup"), &arena, &target, NULL) != STATUS_OK ||
	    scope_add_target(&scope, &target, NULL) != STATUS_OK)
		return -1;
	return scope_read(&scope, BYTES_LITERAL("deny:\n  - az://contoso/backup/private/\n"), "scope.yaml", NULL) == STATUS_OK
	               ? 0
	               : -1;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct listed_object plan(struct object object)
{
	struct listed_object listed;
	memset(&listed, 0x55, sizeof listed);
	plan_object(&planner, &object, &listed);
	assert_true(bytes_equal(listed.object.name, object.name));
	return listed;
}

static enum outcome outcome_of(const char *name, uint64_t size)
{
	return plan((struct object){.name = bytes_of_string(name), .size = size}).outcome;
}

static void what_nothing_speaks_against_is_read(void **state)
{
	(void)state;
	struct listed_object listed = plan((struct object){.name = BYTES_LITERAL("a"), .size = OBJECT_SIZE_UNKNOWN});
	assert_int_equal(listed.outcome, OUTCOME_PENDING);
	assert_int_equal(listed.note.len, 0);
	planner.depth = DEPTH_PEEK;
	assert_int_equal(outcome_of("a", 1), OUTCOME_PENDING);
}

/* Everything speaks against this object; each reason is taken away in turn and the next one shows. */
static void the_first_reason_wins(void **state)
{
	(void)state;
	struct object object = {.name = BYTES_LITERAL("private/a.tmp"),
	                        .size = 1000,
	                        .is_special = true,
	                        .is_deleted = true,
	                        .is_archived = true};
	settings.exclude = (const char *const[]){"*.tmp", NULL};
	settings.sample_share = 0;
	settings.max_object = 100;
	settings.bytes_budget = 10;
	planner.depth = DEPTH_NAMES;
	assert_int_equal(plan(object).outcome, OUTCOME_SPECIAL);
	object.is_special = false;
	struct listed_object listed = plan(object);
	assert_int_equal(listed.outcome, OUTCOME_EXCLUDED);
	assert_true(bytes_find(listed.note, BYTES_LITERAL("scope")) != BYTES_NOT_FOUND);
	object.name = BYTES_LITERAL("a.tmp");
	listed = plan(object);
	assert_int_equal(listed.outcome, OUTCOME_EXCLUDED);
	assert_true(bytes_find(listed.note, BYTES_LITERAL("--exclude")) != BYTES_NOT_FOUND);
	settings.exclude = NULL;
	listed = plan(object);
	assert_int_equal(listed.outcome, OUTCOME_LISTED_ONLY);
	assert_int_equal(listed.note.len, 0);
	planner.depth = DEPTH_FULL;
	listed = plan(object);
	assert_int_equal(listed.outcome, OUTCOME_LISTED_ONLY);
	assert_true(bytes_find(listed.note, BYTES_LITERAL("deleted")) != BYTES_NOT_FOUND);
	object.is_deleted = false;
	assert_int_equal(plan(object).outcome, OUTCOME_ARCHIVED);
	object.is_archived = false;
	listed = plan(object);
	assert_int_equal(listed.outcome, OUTCOME_EXCLUDED);
	assert_true(bytes_find(listed.note, BYTES_LITERAL("sample")) != BYTES_NOT_FOUND);
	settings.sample_share = 1;
	assert_int_equal(plan(object).outcome, OUTCOME_TOO_LARGE);
	settings.max_object = 1000;
	assert_int_equal(plan(object).outcome, OUTCOME_OVER_BUDGET);
	assert_true(planner.planned_bytes == 0);
	settings.bytes_budget = 1000;
	assert_int_equal(plan(object).outcome, OUTCOME_PENDING);
	assert_true(planner.planned_bytes == 1000);
}

static void patterns_without_a_slash_are_about_the_last_part(void **state)
{
	(void)state;
	settings.include = (const char *const[]){"*.pdf", "docs/**", "exact", NULL};
	settings.exclude = (const char *const[]){"draft*", "docs/old/*", NULL};
	static const struct {
		const char *name;
		bool is_read;
	} rows[] = {{"a.pdf", true},        {"x/y/a.pdf", true},       {"a.pdf.zip", false},       {"a.txt", false},
	            {"docs/a.txt", true},   {"docs/x/y.txt", true},    {"x/docs/a.txt", false},    {"exact", true},
	            {"x/exact", true},      {"exactly", false},        {"draft.pdf", false},       {"x/draft-2.pdf", false},
	            {"drafts/a.pdf", true}, {"docs/old/a.pdf", false}, {"docs/old/x/a.pdf", true}, {"A.PDF", false}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if ((outcome_of(rows[i].name, 1) == OUTCOME_PENDING) != rows[i].is_read)
			fail_msg("%s", rows[i].name);
	settings.include = (const char *const[]){NULL};
	settings.exclude = (const char *const[]){NULL};
	assert_int_equal(outcome_of("a.txt", 1), OUTCOME_PENDING);
}

static void the_largest_object_is_still_read(void **state)
{
	(void)state;
	settings.max_object = 100;
	assert_int_equal(outcome_of("a", 100), OUTCOME_PENDING);
	assert_int_equal(outcome_of("a", 101), OUTCOME_TOO_LARGE);
	assert_int_equal(outcome_of("a", UINT64_MAX - 1), OUTCOME_TOO_LARGE);
	assert_int_equal(outcome_of("a", OBJECT_SIZE_UNKNOWN), OUTCOME_PENDING);
	settings.max_object = 0;
	assert_int_equal(outcome_of("a", UINT64_MAX - 1), OUTCOME_PENDING);
}

static void the_budget_is_spent_by_what_is_read_alone(void **state)
{
	(void)state;
	settings.bytes_budget = 100;
	settings.max_object = 90;
	assert_int_equal(outcome_of("a", 60), OUTCOME_PENDING);
	assert_int_equal(outcome_of("b", 95), OUTCOME_TOO_LARGE);
	assert_int_equal(outcome_of("c", 41), OUTCOME_OVER_BUDGET);
	assert_int_equal(outcome_of("private/d", 10), OUTCOME_EXCLUDED);
	assert_int_equal(outcome_of("e", OBJECT_SIZE_UNKNOWN), OUTCOME_PENDING);
	assert_int_equal(outcome_of("f", 40), OUTCOME_PENDING);
	assert_int_equal(outcome_of("g", 1), OUTCOME_OVER_BUDGET);
	assert_int_equal(outcome_of("h", 0), OUTCOME_PENDING);
	assert_true(planner.planned_bytes == 100);
	settings.max_object = 0;
	assert_int_equal(outcome_of("i", UINT64_MAX - 1), OUTCOME_OVER_BUDGET);
	settings.bytes_budget = 0;
	assert_int_equal(outcome_of("i", UINT64_MAX - 1), OUTCOME_PENDING);
}

enum { DRAWN = 4000 };

static struct object numbered(size_t number, char name[32])
{
	snprintf(name, 32, "dir/%zu.txt", number);
	return (struct object){.name = bytes_of_string(name), .size = number};
}

static size_t draw(bool drawn[DRAWN])
{
	size_t count = 0;
	for (size_t i = 0; i < DRAWN; i++) {
		char name[32];
		drawn[i] = plan(numbered(i, name)).outcome == OUTCOME_PENDING;
		count += drawn[i];
	}
	return count;
}

static void a_sample_is_the_same_every_time_and_grows_by_adding(void **state)
{
	(void)state;
	static bool tenth[DRAWN], again[DRAWN], half[DRAWN];
	settings.sample_share = 0.1;
	size_t count = draw(tenth);
	assert_in_range(count, DRAWN / 10 - 120, DRAWN / 10 + 120);
	draw(again);
	assert_memory_equal(tenth, again, sizeof tenth);
	settings.sample_share = 0.5;
	assert_in_range(draw(half), DRAWN / 2 - 200, DRAWN / 2 + 200);
	for (size_t i = 0; i < DRAWN; i++)
		assert_true(!tenth[i] || half[i]);
	settings.sample_share = 0;
	assert_int_equal(draw(again), 0);
	settings.sample_share = 1;
	assert_int_equal(draw(again), DRAWN);
}

static void a_sample_goes_by_the_first_bytes_of_the_id(void **state)
{
	(void)state;
	settings.sample_share = 0.25;
	for (size_t i = 0; i < 500; i++) {
		char name[32];
		struct object object = numbered(i, name);
		struct id id = object_id(&target.container, &object);
		assert_int_equal(plan(object).outcome == OUTCOME_PENDING, id.bytes[0] < 0x40);
	}
}

static void a_sample_of_so_many_goes_by_the_ids_below(void **state)
{
	(void)state;
	char name[32];
	struct object border = numbered(42, name);
	struct id limit = object_id(&target.container, &border);
	settings.sample_count = 7;
	memcpy(planner.sample_below, limit.bytes, ID_SIZE);
	assert_int_equal(plan(border).outcome, OUTCOME_PENDING);
	for (size_t i = 0; i < 500; i++) {
		struct object object = numbered(i, name);
		struct id id = object_id(&target.container, &object);
		assert_int_equal(plan(object).outcome == OUTCOME_PENDING, memcmp(id.bytes, limit.bytes, ID_SIZE) <= 0);
	}
}

static void settings_that_decide_differently_are_described_differently(void **state)
{
	(void)state;
	struct sweep_settings rows[10];
	struct buffer texts[10];
	for (size_t i = 0; i < 10; i++)
		rows[i] = settings;
	rows[1].versions = true;
	rows[2].max_object = 1;
	rows[3].bytes_budget = 1;
	rows[4].sample_share = 0.25;
	rows[5].sample_count = 1;
	rows[6].keep = SWEEP_KEEP_FINDINGS;
	rows[7].include = (const char *const[]){"*.pdf", NULL};
	rows[8].exclude = (const char *const[]){"*.pdf", NULL};
	rows[9].object_seconds = 1;
	for (size_t i = 0; i < 10; i++) {
		texts[i] = buffer_with_ceiling(4096);
		plan_describe(&rows[i], &texts[i]);
		assert_int_equal(buffer_status(&texts[i]), STATUS_OK);
		for (size_t j = 0; j < i; j++)
			assert_false(bytes_equal(buffer_bytes(&texts[i]), buffer_bytes(&texts[j])));
	}
	rows[1] = settings;
	rows[1].jobs = 99;
	buffer_reset(&texts[1]);
	plan_describe(&rows[1], &texts[1]);
	assert_true(bytes_equal(buffer_bytes(&texts[1]), buffer_bytes(&texts[0])));
	for (size_t i = 0; i < 10; i++)
		buffer_free(&texts[i]);
}

static void a_sample_is_what_was_asked_for_and_marks_what_it_left_out(void **state)
{
	(void)state;
	static const struct {
		double share;
		uint64_t count;
		bool is_drawn;
	} rows[] = {
		{1.0, 0, false}, {0.25, 0, true}, {1.0, 50, true}, {0.0000001, 0, true}, {1.0, UINT64_MAX, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		settings.sample_share = rows[i].share;
		settings.sample_count = rows[i].count;
		struct sample sample = plan_sample(&settings);
		assert_int_equal(sample.is_drawn, rows[i].is_drawn);
		assert_true(sample.share == rows[i].share && sample.count == rows[i].count);
	}
	settings.sample_count = 0;
	struct listed_object listed = plan((struct object){.name = BYTES_LITERAL("a")});
	assert_false(listed.is_left_out);
	settings.sample_share = 0;
	listed = plan((struct object){.name = BYTES_LITERAL("a")});
	assert_int_equal(listed.outcome, OUTCOME_EXCLUDED);
	assert_true(listed.is_left_out);
	settings.exclude = (const char *const[]){"a", NULL};
	assert_false(plan((struct object){.name = BYTES_LITERAL("a")}).is_left_out);
}

/* What was known, what the listing decides now, and what becomes of it. */
static void fates_follow_from_what_is_known(void **state)
{
	static const struct {
		struct known_object known;
		enum outcome listed;
		enum fate fate, redone; /* redone: under --redo of that outcome */
	} rows[] = {
		{{.revision = 0}, OUTCOME_PENDING, FATE_NEW, FATE_NEW},
		{{.revision = 1, .is_listed = true}, OUTCOME_PENDING, FATE_NOTHING, FATE_NOTHING},
		{{.revision = 2, .outcome = OUTCOME_READ, .was_read = true, .has_bytes = true},
	         OUTCOME_PENDING,
	         FATE_NEW,
	         FATE_NEW},
		{{.revision = 1, .outcome = OUTCOME_READ, .is_same = true, .was_read = true, .has_bytes = true},
	         OUTCOME_PENDING,
	         FATE_KEPT,
	         FATE_REDO},
		{{.revision = 1, .outcome = OUTCOME_READ, .is_same = true, .was_read = true, .has_bytes = true},
	         OUTCOME_EXCLUDED,
	         FATE_KEPT,
	         FATE_KEPT},
		{{.revision = 1, .outcome = OUTCOME_EXCLUDED, .is_same = true}, OUTCOME_PENDING, FATE_AWAITED, FATE_AWAITED},
		{{.revision = 1, .outcome = OUTCOME_EXCLUDED, .is_same = true}, OUTCOME_OVER_BUDGET, FATE_DECIDED, FATE_DECIDED},
		/* A peek, under these settings and under others. */
		{{.revision = 1, .outcome = OUTCOME_LISTED_ONLY, .is_same = true, .was_read = true, .is_as_set = true},
	         OUTCOME_PENDING,
	         FATE_KEPT,
	         FATE_REDO},
		{{.revision = 1, .outcome = OUTCOME_LISTED_ONLY, .is_same = true, .was_read = true},
	         OUTCOME_PENDING,
	         FATE_AWAITED,
	         FATE_AWAITED},
		/* What did not come is asked for again; beside what came of it, if anything did. */
		{{.revision = 1, .outcome = OUTCOME_UNREACHABLE, .is_same = true, .was_read = true},
	         OUTCOME_PENDING,
	         FATE_AWAITED,
	         FATE_AWAITED},
		{{.revision = 1, .outcome = OUTCOME_TIMED_OUT, .is_same = true, .was_read = true, .has_content = true},
	         OUTCOME_PENDING,
	         FATE_REDO,
	         FATE_REDO},
		{{.revision = 1, .outcome = OUTCOME_TIMED_OUT, .is_same = true, .was_read = true, .has_bytes = true},
	         OUTCOME_PENDING,
	         FATE_KEPT,
	         FATE_REDO},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct listed_object listed = {.outcome = rows[i].listed, .known = rows[i].known};
		settings.redo_outcome = OUTCOME_COUNT;
		assert_int_equal(plan_fate(&settings, &listed), rows[i].fate);
		settings.redo_outcome = rows[i].known.outcome;
		assert_int_equal(plan_fate(&settings, &listed), rows[i].redone);
		settings = (struct sweep_settings){.redo_outcome = OUTCOME_COUNT, .redo_all = true};
		assert_int_equal(plan_fate(&settings, &listed), rows[i].redone);
		settings.redo_all = false;
		struct listed_object of_class = listed;
		of_class.known.is_of_class = true;
		settings.redo_class = CLASS_INVOICE;
		assert_int_equal(plan_fate(&settings, &of_class), rows[i].redone);
		assert_int_equal(plan_fate(&settings, &listed), rows[i].fate);
		settings.redo_class = CLASS_NONE;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_nothing_speaks_against_is_read, start, end),
		cmocka_unit_test_setup_teardown(the_first_reason_wins, start, end),
		cmocka_unit_test_setup_teardown(patterns_without_a_slash_are_about_the_last_part, start, end),
		cmocka_unit_test_setup_teardown(the_largest_object_is_still_read, start, end),
		cmocka_unit_test_setup_teardown(the_budget_is_spent_by_what_is_read_alone, start, end),
		cmocka_unit_test_setup_teardown(a_sample_is_the_same_every_time_and_grows_by_adding, start, end),
		cmocka_unit_test_setup_teardown(a_sample_goes_by_the_first_bytes_of_the_id, start, end),
		cmocka_unit_test_setup_teardown(a_sample_of_so_many_goes_by_the_ids_below, start, end),
		cmocka_unit_test_setup_teardown(a_sample_is_what_was_asked_for_and_marks_what_it_left_out, start, end),
		cmocka_unit_test_setup_teardown(settings_that_decide_differently_are_described_differently, start, end),
		cmocka_unit_test_setup_teardown(fates_follow_from_what_is_known, start, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

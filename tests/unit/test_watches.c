/* SPDX-License-Identifier: Apache-2.0 */
/* What watching keeps: spans that no clock turns round, signed looks, alerts that survive a kill, and catalogs of before. */
#include "contract/backend/leak.h"

#include "base/clock.h"
#include "catalog/inside.h"
#include "catalog/watches.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#define NOON INT64_C(1659355200)

static const struct leak_object leak[] = {{"a.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL}};
static const struct bytes target = {(const unsigned char *)"az://acme/files", 15};

static char *directory;
static struct catalog *catalog;
static struct incident *incident;
static struct watching *watching;

static void open_all(void)
{
	struct failure failure = {.why = ""};
	struct catalog_place place = leak_place(directory);
	if (catalog_open(&place, CATALOG_APPEND, &catalog, NULL, &failure) != STATUS_OK)
		fail_msg("%s", failure.why);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &failure), STATUS_OK);
	assert_int_equal(watching_begin(incident, &watching, &failure), STATUS_OK);
}

static void close_all(void)
{
	watching_end(watching);
	incident_close(incident);
	catalog_close(catalog);
}

static int set_up(void **state)
{
	struct failure failure;
	(void)state;
	directory = leak_directory();
	struct catalog_place place = leak_place(directory);
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	leak_sweep(incident, leak, 1, NULL);
	incident_close(incident);
	catalog_close(catalog);
	open_all();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close_all();
	leak_remove(directory);
	return 0;
}

/* ---- words of the tests ---- */

static void look(enum found found, int64_t at, bool is_same, const char *alert)
{
	const struct door_look looks[] = {{DOOR_LIST, found, at, BYTES_NONE}};
	const struct watch_alert_text text = {WATCH_WEBHOOK, bytes_of_string(alert)};
	struct failure failure;
	const struct watch_look seen = {
		.target = target,
		.container = &leak_container,
		.after = {true, found == FOUND_OPEN ? DOOR_BIT(DOOR_LIST) : 0, VERDICT_LISTABLE, at},
		.is_same = is_same,
		.statement = BYTES_LITERAL("{\"target\":\"az://acme/files\"}"),
		.looks = looks,
		.look_count = 1,
		.alerts = &text,
		.alert_count = alert != NULL,
	};
	assert_int_equal(watching_put(watching, &seen, &failure), STATUS_OK);
}

static void settle(void)
{
	struct failure failure;
	assert_int_equal(watching_settle(watching, BYTES_LITERAL("default"), &failure), STATUS_OK);
}

static enum status check_spans(void *context, const struct container_summary *summary)
{
	++*(int *)context;
	assert_true(summary->exposed.first_seen <= summary->exposed.last_seen);
	if (summary->exposed.closed_at != CLOCK_UNKNOWN)
		assert_true(summary->exposed.last_seen <= summary->exposed.closed_at);
	return STATUS_OK;
}

static int64_t count(const char *sql)
{
	int64_t value = -1;
	assert_int_equal(database_read_integer(&catalog->database, database_prepare(&catalog->database, sql), -1, &value),
	                 STATUS_OK);
	return value;
}

static enum status count_it(void *context, const struct watch_observation *observation)
{
	unsigned *counts = context;
	counts[0]++;
	counts[1] += observation->is_settled;
	return STATUS_OK;
}

/* ---- what is kept ---- */

static void no_clock_turns_a_span_round(void **state)
{
	static const int64_t at[] = {NOON, NOON - 3600, NOON - 7200, NOON + INT64_C(10) * 365 * 86400, NOON, 0, NOON + 1};
	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct failure failure;
		int containers = 0;
		look(i % 2 == 0 ? FOUND_OPEN : FOUND_REFUSED, at[i], false, NULL);
		settle();
		assert_int_equal(incident_containers(incident, check_spans, &containers, &failure), STATUS_OK);
		assert_int_equal(containers, 1);
	}
}

static void of_equal_looks_the_first_and_the_last_stay(void **state)
{
	struct failure failure;
	struct watch_state known;
	unsigned counts[2] = {0};
	(void)state;
	assert_int_equal(watching_find(watching, target, &known, &failure), STATUS_OK);
	assert_false(known.is_known);
	look(FOUND_OPEN, NOON, false, NULL);
	for (int i = 1; i <= 5; i++)
		look(FOUND_OPEN, NOON + i, true, NULL);
	look(FOUND_REFUSED, NOON + 9, false, NULL);
	look(FOUND_REFUSED, NOON + 10, true, NULL);
	assert_int_equal(incident_observations(incident, count_it, counts, &failure), STATUS_OK);
	assert_int_equal(counts[0], 4);
	assert_int_equal(counts[1], 0);
	settle();
	counts[0] = 0;
	assert_int_equal(incident_observations(incident, count_it, counts, &failure), STATUS_OK);
	assert_int_equal(counts[1], 4);
	assert_int_equal(watching_find(watching, target, &known, &failure), STATUS_OK);
	assert_true(known.is_known && known.doors == 0 && known.at == NOON + 10);
}

static void names_stay_until_others_are_listed(void **state)
{
	struct failure failure;
	struct buffer names = buffer_with_ceiling(100);
	const struct bytes listed = BYTES_LITERAL("aaaaaaaabbbbbbbb");
	(void)state;
	assert_int_equal(watching_names(watching, target, &names, &failure), STATUS_ABSENT);
	const struct watch_look seen = {
		.target = target, .container = &leak_container, .statement = BYTES_LITERAL("{}"), .names = &listed};
	assert_int_equal(watching_put(watching, &seen, &failure), STATUS_OK);
	look(FOUND_REFUSED, NOON, false, NULL);
	assert_int_equal(watching_names(watching, target, &names, &failure), STATUS_OK);
	assert_true(bytes_equal(buffer_bytes(&names), listed));
	buffer_free(&names);
}

static void a_changed_observation_does_not_hold(void **state)
{
	struct failure failure;
	unsigned counts[2] = {0};
	(void)state;
	look(FOUND_OPEN, NOON, false, NULL);
	assert_int_equal(database_execute(&catalog->database, "UPDATE watch_observation SET signature = zeroblob(64)"),
	                 STATUS_OK);
	assert_int_equal(incident_observations(incident, count_it, counts, &failure), STATUS_MALFORMED);
	assert_int_equal(counts[0], 0);
}

/* ---- alerts ---- */

static struct watch_alert next(struct arena *arena, enum status expected)
{
	struct watch_alert alert = {.number = 0};
	struct failure failure;
	assert_int_equal(watching_next(watching, WATCH_WEBHOOK, 0, arena, &alert, &failure), expected);
	return alert;
}

static void an_alert_waits_until_they_have_it(void **state)
{
	struct arena arena = arena_with_ceiling(1 << 16);
	struct failure failure;
	(void)state;
	look(FOUND_OPEN, NOON, false, "one");
	look(FOUND_REFUSED, NOON + 1, false, "two");
	struct watch_alert alert = next(&arena, STATUS_OK);
	assert_true(bytes_equal_string(alert.text, "one") && !alert.may_have_arrived);
	/* Killed behind it: it may have arrived. */
	assert_int_equal(watching_go(watching, alert.number, &failure), STATUS_OK);
	close_all();
	open_all();
	alert = next(&arena, STATUS_OK);
	assert_true(bytes_equal_string(alert.text, "one") && alert.may_have_arrived);
	/* That it surely did not this time says nothing of the time before. */
	assert_int_equal(watching_tell(watching, alert.number, WATCH_NOT_ARRIVED, true, &failure), STATUS_OK);
	assert_true(next(&arena, STATUS_OK).may_have_arrived);
	assert_int_equal(watching_tell(watching, alert.number, WATCH_ARRIVED, true, &failure), STATUS_OK);
	alert = next(&arena, STATUS_OK);
	assert_true(bytes_equal_string(alert.text, "two") && !alert.may_have_arrived);
	assert_int_equal(watching_go(watching, alert.number, &failure), STATUS_OK);
	assert_int_equal(watching_tell(watching, alert.number, WATCH_NOT_ARRIVED, false, &failure), STATUS_OK);
	assert_false(next(&arena, STATUS_OK).may_have_arrived);
	uint64_t waiting[WATCH_CHANNEL_COUNT];
	assert_int_equal(watching_count(watching, waiting, &failure), STATUS_OK);
	assert_int_equal(waiting[WATCH_WEBHOOK], 1);
	assert_int_equal(watching_tell(watching, alert.number, WATCH_ARRIVED, false, &failure), STATUS_OK);
	next(&arena, STATUS_END);
	arena_free(&arena);
}

static void one_at_a_time_watches(void **state)
{
	struct watching *other;
	struct failure failure;
	(void)state;
	assert_int_equal(watching_begin(incident, &other, &failure), STATUS_BUSY);
	assert_non_null(strstr(failure.why, "watches this incident"));
}

/* ---- catalogs of before ---- */

static void a_catalog_of_before_takes_watching(void **state)
{
	(void)state;
	assert_int_equal(database_execute(&catalog->database, "DROP TABLE watch_target; DROP TABLE watch_observation;"
	                                                      " DROP TABLE watch_alert; PRAGMA user_version = 8"),
	                 STATUS_OK);
	close_all();
	open_all();
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "a.txt");
	look(FOUND_OPEN, NOON, false, "one");
	assert_int_equal(count("SELECT count(*) FROM watch_observation"), 1);
	assert_int_equal(count("SELECT count(*) FROM watch_alert"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_clock_turns_a_span_round),        TEST(of_equal_looks_the_first_and_the_last_stay),
		TEST(names_stay_until_others_are_listed), TEST(a_changed_observation_does_not_hold),
		TEST(an_alert_waits_until_they_have_it),  TEST(one_at_a_time_watches),
		TEST(a_catalog_of_before_takes_watching),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

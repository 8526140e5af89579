/* SPDX-License-Identifier: Apache-2.0 */
/* Notices in the catalog: who may hand over, what a kill leaves, codes, and what an erased incident keeps. */
#include "contract/backend/leak.h"

#include "base/clock.h"
#include "catalog/inside.h"
#include "catalog/notices.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

static const struct leak_object leak[] = {{"a.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL}};

static char *directory;
static struct catalog_place place;
static struct catalog *catalog;
static struct incident *incident;

static void open_both(enum catalog_mode mode)
{
	struct failure failure;
	assert_int_equal(catalog_open(&place, mode, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &failure), STATUS_OK);
}

static void close_both(void)
{
	incident_close(incident);
	catalog_close(catalog);
}

static int set_up(void **state)
{
	struct failure failure;
	(void)state;
	directory = leak_directory();
	place = leak_place(directory);
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	leak_sweep(incident, leak, 1, NULL);
	close_both();
	open_both(CATALOG_APPEND);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close_both();
	leak_remove(directory);
	return 0;
}

/* ---- words of the tests ---- */

static struct notice_attempt attempt_to(const char *recipient)
{
	return (struct notice_attempt){
		.name = {BYTES_LITERAL("contoso.com"), bytes_of_string(recipient), NOTICE_MAIL, {1}},
		.found_by = NOTICE_BY_ROLE,
		.language = BYTES_LITERAL("de"),
	};
}

struct seen {
	unsigned count;
	struct notice last;
};

static enum status see(void *context, const struct notice *notice)
{
	struct seen *seen = context;
	seen->count++;
	seen->last = *notice;
	return STATUS_OK;
}

static struct notice standing(const struct notice_attempt *attempt)
{
	struct seen seen = {0};
	struct failure failure;
	assert_int_equal(incident_notice(incident, &attempt->name, see, &seen, &failure), STATUS_OK);
	assert_int_equal(seen.count, 1);
	return seen.last;
}

static uint64_t begin(const struct notice_attempt *attempt)
{
	uint64_t ticket = 0;
	struct failure failure;
	assert_int_equal(incident_begin_notice(incident, attempt, &ticket, &failure), STATUS_OK);
	return ticket;
}

static void is_not_begun(const struct notice_attempt *attempt)
{
	uint64_t ticket = 0;
	struct failure failure;
	assert_int_equal(incident_begin_notice(incident, attempt, &ticket, &failure), STATUS_CHANGED);
}

static void tell(uint64_t ticket, enum notice_event event, const char *reason)
{
	struct failure failure;
	assert_int_equal(incident_tell_attempt(incident, ticket, event, bytes_of_string(reason), &failure), STATUS_OK);
}

/* ---- attempts ---- */

static void what_was_sent_is_not_begun_again(void **state)
{
	struct notice_attempt attempt = attempt_to("security@contoso.com");
	struct failure failure;
	(void)state;
	uint64_t ticket = begin(&attempt);
	assert_int_equal(standing(&attempt).state, NOTICE_STATE_PLANNED);
	assert_int_equal(incident_hand_over_notice(incident, ticket, &failure), STATUS_OK);
	assert_true(standing(&attempt).is_unknown);
	tell(ticket, NOTICE_SENT, "250 taken");
	struct notice notice = standing(&attempt);
	assert_int_equal(notice.state, NOTICE_STATE_SENT);
	assert_false(notice.is_unknown);
	assert_int_equal(notice.attempts, 1);
	is_not_begun(&attempt);
	attempt.is_again = true;
	is_not_begun(&attempt);
	attempt.name.edition[0] = 2;
	attempt.is_again = false;
	begin(&attempt);
}

static void killed_before_it_was_handed_over_it_is_begun_again(void **state)
{
	struct notice_attempt attempt = attempt_to("security@contoso.com");
	struct failure failure;
	(void)state;
	uint64_t dead = begin(&attempt), ticket = begin(&attempt);
	assert_int_equal(incident_hand_over_notice(incident, dead, &failure), STATUS_CHANGED);
	assert_false(standing(&attempt).is_unknown);
	assert_int_equal(incident_hand_over_notice(incident, ticket, &failure), STATUS_OK);
	assert_int_equal(standing(&attempt).attempts, 2);
}

static void killed_after_it_is_left_unless_asked_for(void **state)
{
	struct notice_attempt attempt = attempt_to("security@contoso.com");
	struct failure failure;
	(void)state;
	uint64_t ticket = begin(&attempt);
	assert_int_equal(incident_hand_over_notice(incident, ticket, &failure), STATUS_OK);
	close_both();
	open_both(CATALOG_APPEND);
	assert_true(standing(&attempt).is_unknown);
	is_not_begun(&attempt);
	attempt.is_again = true;
	ticket = begin(&attempt);
	assert_true(standing(&attempt).is_unknown);
	assert_int_equal(incident_hand_over_notice(incident, ticket, &failure), STATUS_OK);
	tell(ticket, NOTICE_SENT, "");
	assert_false(standing(&attempt).is_unknown);
}

static void refused_and_bounced_are_ends(void **state)
{
	struct notice_attempt one = attempt_to("one@contoso.com"), two = attempt_to("two@contoso.com");
	struct failure failure;
	(void)state;
	tell(begin(&one), NOTICE_DEFERRED, "450 later");
	assert_int_equal(standing(&one).state, NOTICE_STATE_PLANNED);
	tell(begin(&one), NOTICE_REFUSED, "550 never");
	is_not_begun(&one);
	tell(begin(&two), NOTICE_SENT, "");
	for (int i = 0; i < 2; i++)
		assert_int_equal(incident_tell_notice(incident, &two.name, NOTICE_BOUNCED, BYTES_LITERAL("gone"), &failure),
		                 STATUS_OK);
	assert_int_equal(standing(&two).state, NOTICE_STATE_BOUNCED);
	assert_true(standing(&two).was_refused);
	is_not_begun(&two);
	struct notice_attempt nobody = attempt_to("three@contoso.com");
	assert_int_equal(incident_tell_notice(incident, &nobody.name, NOTICE_BOUNCED, BYTES_NONE, &failure), STATUS_ABSENT);
}

static void the_same_bounce_twice_is_one_event(void **state)
{
	struct notice_attempt attempt = attempt_to("one@contoso.com");
	struct failure failure;
	int64_t events = 0;
	(void)state;
	tell(begin(&attempt), NOTICE_SENT, "");
	for (int i = 0; i < 3; i++)
		assert_int_equal(incident_tell_notice(incident, &attempt.name, NOTICE_BOUNCED, BYTES_NONE, &failure), STATUS_OK);
	assert_int_equal(database_read_integer(&catalog->database,
	                                       database_take(&catalog->database, "SELECT count(*) FROM notice_event"), 0,
	                                       &events),
	                 STATUS_OK);
	assert_int_equal(events, 3);
}

static void a_catalog_that_is_only_read_is_not_written(void **state)
{
	struct notice_attempt attempt = attempt_to("one@contoso.com");
	struct failure failure;
	uint64_t ticket;
	(void)state;
	close_both();
	open_both(CATALOG_READ);
	assert_int_equal(incident_begin_notice(incident, &attempt, &ticket, &failure), STATUS_DENIED);
}

/* ---- codes ---- */

static void codes_tell_notices_apart_and_slips_of_the_pen(void **state)
{
	struct notice_attempt one = attempt_to("one@contoso.com"), two = attempt_to("two@contoso.com");
	char first[NOTICE_CODE_SIZE], second[NOTICE_CODE_SIZE], again[NOTICE_CODE_SIZE];
	(void)state;
	incident_notice_code(incident, &one.name, first);
	incident_notice_code(incident, &two.name, second);
	incident_notice_code(incident, &one.name, again);
	assert_string_equal(first, again);
	assert_string_not_equal(first, second);
	assert_int_equal(strlen(first), NOTICE_CODE_SIZE - 1);
	assert_true(notice_code_is_well_formed(bytes_of_string(first)));
	for (size_t i = 0; i < NOTICE_CODE_SIZE - 1; i++) {
		char slip[NOTICE_CODE_SIZE];
		memcpy(slip, first, sizeof slip);
		if (slip[i] == '-')
			continue;
		slip[i] = slip[i] == 'a' ? 'b' : 'a';
		assert_false(notice_code_is_well_formed(bytes_of_string(slip)));
	}
	assert_false(notice_code_is_well_formed(BYTES_NONE));
	assert_false(notice_code_is_well_formed(BYTES_LITERAL("aaaaa-aaaaa-aaaaa-aaaaa-aaaaa-aaaaa-aaaaa")));
}

static void whoever_has_the_code_acknowledges(void **state)
{
	struct notice_attempt attempt = attempt_to("one@contoso.com");
	char code[NOTICE_CODE_SIZE];
	struct failure failure;
	(void)state;
	incident_notice_code(incident, &attempt.name, code);
	assert_int_equal(catalog_acknowledge_notice(catalog, bytes_of_string(code), &failure), STATUS_ABSENT);
	tell(begin(&attempt), NOTICE_SENT, "");
	for (int i = 0; i < 2; i++)
		assert_int_equal(catalog_acknowledge_notice(catalog, bytes_of_string(code), &failure), STATUS_OK);
	assert_int_equal(catalog_acknowledge_notice(catalog, BYTES_LITERAL("x"), &failure), STATUS_MALFORMED);
	assert_int_equal(incident_tell_notice(incident, &attempt.name, NOTICE_BOUNCED, BYTES_NONE, &failure), STATUS_OK);
	assert_int_equal(standing(&attempt).state, NOTICE_STATE_ACKNOWLEDGED);
	is_not_begun(&attempt);
}

static void bounces_find_back_by_the_messages_name(void **state)
{
	struct notice_attempt attempt = attempt_to("one@contoso.com");
	char message[NOTICE_MESSAGE_SIZE], code[NOTICE_CODE_SIZE];
	struct seen seen = {0};
	struct failure failure;
	(void)state;
	tell(begin(&attempt), NOTICE_SENT, "");
	incident_notice_message(incident, &attempt.name, message);
	incident_notice_code(incident, &attempt.name, code);
	assert_int_equal(incident_notice_by_message(incident, bytes_of_string(message), see, &seen, &failure), STATUS_OK);
	assert_int_equal(incident_notice_by_code(incident, bytes_of_string(code), see, &seen, &failure), STATUS_OK);
	assert_int_equal(seen.count, 2);
	/* Neither is made of the other. */
	assert_int_equal(incident_notice_by_message(incident, bytes_slice(bytes_of_string(code), 0, 26), see, &seen, &failure),
	                 STATUS_ABSENT);
}

/* ---- plans and decisions ---- */

static void what_is_planned_is_there_once_and_in_order(void **state)
{
	const struct notice_attempt planned[] = {attempt_to("one@contoso.com"), attempt_to("two@contoso.com")};
	struct seen seen = {0};
	struct failure failure;
	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(incident_plan_notices(incident, planned, 2, &failure), STATUS_OK);
	assert_int_equal(incident_notices(incident, BYTES_NONE, see, &seen, &failure), STATUS_OK);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.last.attempts, 0);
	assert_true(seen.last.begun == CLOCK_UNKNOWN);
	assert_int_equal(incident_notices(incident, BYTES_LITERAL("fabrikam.com"), see, &seen, &failure), STATUS_OK);
	assert_int_equal(seen.count, 2);
}

static enum status see_decision(void *context, const struct notice_decision *decision)
{
	assert_true(bytes_equal_string(decision->regime, "gdpr"));
	assert_true(bytes_equal_string(decision->why, "the risk is high"));
	*(int64_t *)context += decision->at;
	return STATUS_OK;
}

static void decisions_are_kept_with_their_reasons(void **state)
{
	const struct notice_decision decision = {
		.regime = BYTES_LITERAL("gdpr"),
		.what = NOTICE_DECIDE_TELL,
		.at = 7,
		.made = 8,
		.operator_name = BYTES_LITERAL("dana"),
		.why = BYTES_LITERAL("the risk is high"),
	};
	struct failure failure;
	int64_t sum = 0;
	(void)state;
	assert_int_equal(incident_decide(incident, &decision, &failure), STATUS_OK);
	assert_int_equal(incident_decisions(incident, see_decision, &sum, &failure), STATUS_OK);
	assert_int_equal(sum, 7);
}

static void an_erased_incident_leaves_nothing_to_read_and_no_code_that_works(void **state)
{
	struct notice_attempt attempt = attempt_to("one@contoso.com");
	char code[NOTICE_CODE_SIZE];
	struct failure failure;
	(void)state;
	incident_notice_code(incident, &attempt.name, code);
	tell(begin(&attempt), NOTICE_SENT, "");
	incident_close(incident);
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("default"), 0, &failure), STATUS_OK);
	assert_int_equal(catalog_acknowledge_notice(catalog, bytes_of_string(code), &failure), STATUS_ABSENT);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	struct seen seen = {0};
	assert_int_equal(incident_notices(incident, BYTES_NONE, see, &seen, &failure), STATUS_OK);
	assert_int_equal(seen.count, 0);
}

/* ---- the step ---- */

/* What reviews had made of it: all that came later is taken away. */
static void go_back(struct database *database)
{
	static const char later[] =
		"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN"
		" ('fact', 'incident', 'journal', 'review') LIMIT 1";
	char drop[256];
	for (;;) {
		sqlite3_stmt *row = database_take(database, later);
		enum status status = database_step(database, row);
		struct bytes name = status == STATUS_OK ? column_bytes(row, 0) : BYTES_NONE;
		snprintf(drop, sizeof drop, "DROP TABLE \"%.*s\"", (int)name.len, name.len > 0 ? (const char *)name.at : "");
		database_give(database, row);
		if (status == STATUS_END)
			break;
		assert_int_equal(database_run(database, database_prepare(database, drop)), STATUS_OK);
	}
	assert_int_equal(database_execute(database, "PRAGMA user_version = 3"), STATUS_OK);
}

static enum status count_entry(void *context, const struct journal_entry *entry)
{
	*(unsigned *)context += bytes_equal_string(entry->verb, "kept");
	return STATUS_OK;
}

static void a_catalog_of_before_keeps_what_it_had_and_takes_notices(void **state)
{
	struct notice_attempt attempt = attempt_to("one@contoso.com");
	const struct journal_question all = {.since = INT64_MIN};
	struct failure failure;
	unsigned kept = 0;
	(void)state;
	assert_int_equal(journal_append(catalog, "kept", BYTES_LITERAL("default"), BYTES_NONE, BYTES_LITERAL("{}"), &failure),
	                 STATUS_OK);
	go_back(&catalog->database);
	close_both();
	open_both(CATALOG_APPEND);
	assert_int_equal(journal_show(catalog, &all, count_entry, &kept, &failure), STATUS_OK);
	assert_int_equal(kept, 1);
	tell(begin(&attempt), NOTICE_SENT, "");
	assert_int_equal(standing(&attempt).state, NOTICE_STATE_SENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_sent_is_not_begun_again),
		TEST(killed_before_it_was_handed_over_it_is_begun_again),
		TEST(killed_after_it_is_left_unless_asked_for),
		TEST(refused_and_bounced_are_ends),
		TEST(the_same_bounce_twice_is_one_event),
		TEST(a_catalog_that_is_only_read_is_not_written),
		TEST(codes_tell_notices_apart_and_slips_of_the_pen),
		TEST(whoever_has_the_code_acknowledges),
		TEST(bounces_find_back_by_the_messages_name),
		TEST(what_is_planned_is_there_once_and_in_order),
		TEST(decisions_are_kept_with_their_reasons),
		TEST(a_catalog_of_before_keeps_what_it_had_and_takes_notices),
		TEST(an_erased_incident_leaves_nothing_to_read_and_no_code_that_works),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

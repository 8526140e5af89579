/* SPDX-License-Identifier: Apache-2.0 */
/* watching: what a verdict says of the doors, what is new in it, when to look again, and how a command is cut into words. */
#include "act/watch.h"
#include "process/runner.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LIST = DOOR_BIT(DOOR_LIST), READ = DOOR_BIT(DOOR_READ), SITE = DOOR_BIT(DOOR_STATIC_SITE) };

static const struct evidence refused[] = {
	{"GET",
         {(const unsigned char *)"https://a/c?comp=list", 21},
         401,
         {(const unsigned char *)"NoAuth", 6},
         1000,
         EVIDENCE_OF_CONTAINER},
	{"HEAD",
         {(const unsigned char *)"https://a/c/x", 13},
         401,
         {(const unsigned char *)"NoAuth", 6},
         1000,
         EVIDENCE_OF_CONTAINER},
};
static const struct evidence mixed[] = {
	{"GET",
         {(const unsigned char *)"https://a/c?comp=list", 21},
         401,
         {(const unsigned char *)"NoAuth", 6},
         1000,
         EVIDENCE_OF_CONTAINER},
	{"HEAD",
         {(const unsigned char *)"https://a/c/x", 13},
         403,
         {(const unsigned char *)"Firewall", 8},
         1000,
         EVIDENCE_OF_CONTAINER},
};

static struct verdict verdict_of(enum verdict_kind kind, enum answer list, enum answer read)
{
	return (struct verdict){.kind = kind,
	                        .anonymous = {.list = list, .read = read},
	                        .observed_at = 1000,
	                        .evidence = refused,
	                        .evidence_count = 2};
}

static const struct watch_state nobody_looked = {.at = CLOCK_UNKNOWN};
static const struct watch_state stood_open = {true, LIST | READ, VERDICT_LISTABLE, 900};
static const struct watch_state stood_shut = {true, 0, VERDICT_PRIVATE_OR_ABSENT, 900};

static struct watch_step step(const struct watch_state *before, struct verdict verdict)
{
	struct watch_view view = watch_view_of(&verdict);
	return watch_compare(before, &view, verdict.observed_at);
}

/* ---- doors ---- */

static void an_open_door_opens_it(void **state)
{
	(void)state;
	const struct watch_state *const before[] = {&nobody_looked, &stood_shut};
	for (size_t i = 0; i < 2; i++) {
		struct watch_step found = step(before[i], verdict_of(VERDICT_LISTABLE, ANSWER_YES, ANSWER_YES));
		assert_int_equal(found.event, WATCH_OPENED);
		assert_int_equal(found.opened, LIST | READ);
		assert_string_equal(watch_state_name(&found.after), "listable");
	}
	assert_int_equal(step(&stood_open, verdict_of(VERDICT_LISTABLE, ANSWER_YES, ANSWER_YES)).event, WATCH_NONE);
}

static void a_refusal_of_all_closes_it(void **state)
{
	(void)state;
	static const enum verdict_kind kinds[] = {VERDICT_PRIVATE_OR_ABSENT, VERDICT_ABSENT, VERDICT_ACCOUNT_OFF};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct watch_step found = step(&stood_open, verdict_of(kinds[i], ANSWER_NO, ANSWER_NO));
		assert_int_equal(found.event, WATCH_CLOSED);
		assert_int_equal(found.closed, LIST | READ);
		assert_string_equal(watch_state_name(&found.after), verdict_name(kinds[i]));
	}
}

static void one_door_of_two_narrows_it(void **state)
{
	(void)state;
	struct watch_step found = step(&stood_open, verdict_of(VERDICT_READABLE, ANSWER_NO, ANSWER_YES));
	assert_int_equal(found.event, WATCH_NARROWED);
	assert_string_equal(watch_state_name(&found.after), "readable");
}

/* Whatever was answered in between: who is busy, silent or strange says nothing of what stands open. */
static void no_answer_is_no_change(void **state)
{
	(void)state;
	static const enum verdict_kind kinds[] = {VERDICT_UNREACHABLE, VERDICT_THROTTLED, VERDICT_UNKNOWN};
	static const enum answer answers[] = {ANSWER_NOT_ESTABLISHED, ANSWER_NO};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		for (size_t j = 0; j < 4; j++) {
			struct watch_step found = step(&stood_open, verdict_of(kinds[i], answers[j & 1], answers[j >> 1]));
			assert_int_equal(found.event, WATCH_NONE);
			assert_int_equal(found.after.doors, LIST | READ);
			assert_int_equal(found.after.at, 900);
		}
}

static void a_door_nobody_answered_for_stays_as_it_was(void **state)
{
	(void)state;
	struct watch_step found = step(&stood_open, verdict_of(VERDICT_PRIVATE_OR_ABSENT, ANSWER_NO, ANSWER_NOT_ESTABLISHED));
	assert_int_equal(found.event, WATCH_NARROWED);
	assert_int_equal(found.after.doors, READ);
}

static void who_guards_a_door_says_one_thing(void **state)
{
	(void)state;
	struct verdict verdict = verdict_of(VERDICT_PRIVATE_OR_ABSENT, ANSWER_NO, ANSWER_NO);
	verdict.evidence = mixed;
	assert_int_equal(step(&stood_open, verdict).event, WATCH_NONE);
	struct watch_view alike = watch_view_of(&(struct verdict){.kind = VERDICT_PRIVATE_OR_ABSENT,
	                                                          .anonymous = {.list = ANSWER_NO, .read = ANSWER_NO},
	                                                          .evidence = refused,
	                                                          .evidence_count = 2});
	struct watch_view longer = alike;
	longer.words++;
	assert_int_equal(watch_agree(&alike, &longer).shut, 0);
	verdict.evidence_count = 1;
	assert_int_equal(step(&stood_open, verdict).event, WATCH_NONE);
}

static void a_site_is_a_door_of_its_own(void **state)
{
	(void)state;
	struct verdict verdict = verdict_of(VERDICT_PRIVATE_OR_ABSENT, ANSWER_NO, ANSWER_NO);
	verdict.static_site = ANSWER_YES;
	struct watch_step found = step(&stood_open, verdict);
	assert_int_equal(found.event, WATCH_OPENED);
	assert_int_equal(found.closed, LIST | READ);
	assert_string_equal(watch_state_name(&found.after), "static_site");
}

static void looks_that_differ_shut_nothing(void **state)
{
	(void)state;
	struct verdict no = verdict_of(VERDICT_PRIVATE_OR_ABSENT, ANSWER_NO, ANSWER_NO);
	struct verdict busy = verdict_of(VERDICT_THROTTLED, ANSWER_NO, ANSWER_NOT_ESTABLISHED);
	struct verdict absent = verdict_of(VERDICT_ABSENT, ANSWER_NO, ANSWER_NO);
	struct verdict open = verdict_of(VERDICT_LISTABLE, ANSWER_YES, ANSWER_YES);
	struct watch_view first = watch_view_of(&no), again = watch_view_of(&no);
	assert_int_equal(watch_agree(&first, &again).shut & (LIST | READ), LIST | READ);
	const struct verdict *const others[] = {&busy, &absent, &open};
	for (size_t i = 0; i < 3; i++) {
		struct watch_view other = watch_view_of(others[i]);
		assert_int_equal(watch_agree(&first, &other).shut & (LIST | READ), 0);
	}
}

/* ---- names ---- */

static void names_are_compared_both_ways(void **state)
{
	(void)state;
	struct watch_names names = {.is_listed = true};
	watch_compare_names(BYTES_LITERAL("aaaaaaaabbbbbbbbdddddddd"), BYTES_LITERAL("aaaaaaaaccccccccddddddddeeeeeeee"), &names);
	assert_true(names.is_compared);
	assert_int_equal(names.fresh, 2);
	assert_int_equal(names.gone, 1);
	names = (struct watch_names){.is_listed = true};
	watch_compare_names(BYTES_NONE, BYTES_LITERAL("aaaaaaaa"), &names);
	assert_int_equal(names.fresh, 1);
	assert_int_equal(names.gone, 0);
}

/* ---- when ---- */

static void times_are_a_number_and_its_unit(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t milliseconds;
	} good[] = {{"15m", 900000}, {"90s", 90000}, {"2h", 7200000}, {"1d", 86400000}, {"31d", WATCH_EVERY_MOST}, {"5ms", 5}};
	static const char *const bad[] = {"",   "15", "m", "0s", "-1s", "1.5h", "15 m", "32d", "99999999999999999999s",
	                                  "1w", "1mm"};
	int64_t found = 7;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(watch_every_parse(bytes_of_string(good[i].text), &found));
		assert_int_equal(found, good[i].milliseconds);
	}
	found = 7;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(watch_every_parse(bytes_of_string(bad[i]), &found));
	assert_int_equal(found, 7);
}

static void rounds_keep_their_beat(void **state)
{
	(void)state;
	struct watch_schedule schedule = {.every = 1000, .beat = 5000};
	assert_int_equal(watch_schedule_next(&schedule, 5300, 0), 6000);
	/* What is drawn for one round does not move those behind it. */
	assert_int_equal(watch_schedule_next(&schedule, 6150, 100), 7100);
	assert_int_equal(watch_schedule_next(&schedule, 7100, 0), 8000);
}

/* Missed rounds are left out, and a clock that went back or leapt costs one round at most. */
static void a_leap_neither_storms_nor_sleeps(void **state)
{
	(void)state;
	static const int64_t leaps[] = {0, 1, 999, 1000, 1001, 5000, 86400000, INT64_C(1) << 50};
	for (size_t i = 0; i < sizeof leaps / sizeof *leaps; i++)
		for (int sign = -1; sign <= 1; sign += 2)
			for (uint64_t random = 0; random < 300; random += 50) {
				struct watch_schedule schedule = {.every = 1000, .beat = INT64_C(1) << 51};
				int64_t now = schedule.beat + sign * leaps[i], due = watch_schedule_next(&schedule, now, random);
				assert_true(due >= now && due <= now + 1100);
				int64_t next = watch_schedule_next(&schedule, due, random);
				assert_true(next > due && next <= due + 1100);
			}
}

static void who_fails_is_left_alone_longer_and_longer(void **state)
{
	(void)state;
	struct watch_backoff backoff = {.failures = 0};
	int64_t now = 1000000, before = 0;
	assert_true(watch_backoff_is_due(&backoff, now));
	for (unsigned i = 0; i < 64; i++) {
		watch_backoff_fail(&backoff, now, i * 7919);
		int64_t wait = backoff.due - now;
		assert_false(watch_backoff_is_due(&backoff, now));
		assert_true(wait >= before * 3 / 4 && wait > 0 && wait <= 900000);
		before = wait;
		now = backoff.due;
		assert_true(watch_backoff_is_due(&backoff, now));
	}
	/* A moment that is further off than any wait is no moment. */
	assert_true(watch_backoff_is_due(&backoff, now - (INT64_C(1) << 40)));
}

static void whole_ways_say_when_they_are_due(void **state)
{
	(void)state;
	char *words[] = {(char[]){"true"}, NULL};
	struct watch_ways ways = {.command = words, .backoff = {[WATCH_COMMAND] = {1, 500}, [WATCH_WEBHOOK] = {1, 100}}};
	uint64_t waiting[WATCH_CHANNEL_COUNT] = {0};
	assert_int_equal(watch_tell_due(&ways, waiting), INT64_MAX);
	waiting[WATCH_COMMAND] = waiting[WATCH_WEBHOOK] = 1;
	assert_int_equal(watch_tell_due(&ways, waiting), 500);
}

/* ---- words ---- */

static void check_words(const char *line, const char *const *expected)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct failure failure;
	char **words = NULL;
	assert_int_equal(runner_split(bytes_of_string(line), &arena, &words, &failure), STATUS_OK);
	size_t count = 0;
	for (; expected[count] != NULL; count++) {
		assert_non_null(words[count]);
		assert_string_equal(words[count], expected[count]);
	}
	assert_null(words[count]);
	arena_free(&arena);
}

static void a_command_is_cut_into_words(void **state)
{
	(void)state;
	check_words("a b", (const char *const[]){"a", "b", NULL});
	check_words("  /bin/a \t --name='two words' \"it's\" '' ",
	            (const char *const[]){"/bin/a", "--name=two words", "it's", "", NULL});
	check_words("a $HOME `id` \\n ; | > * ~",
	            (const char *const[]){"a", "$HOME", "`id`", "\\n", ";", "|", ">", "*", "~", NULL});
}

static void what_is_no_command_is_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {"", "  ", "a 'b", "\"", "'' a"};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct arena arena = arena_with_ceiling(1 << 20);
		struct failure failure;
		char **words = NULL;
		assert_int_equal(runner_split(bytes_of_string(lines[i]), &arena, &words, &failure), STATUS_USAGE);
		arena_free(&arena);
	}
}

/* ---- running ---- */

static enum status run(const char *first, const char *second, const char *third, struct failure *failure)
{
	char *words[] = {(char *)(uintptr_t)first, (char *)(uintptr_t)second, (char *)(uintptr_t)third, NULL};
	return runner_run(words, BYTES_LITERAL("{}\n"), 30000, NULL, failure);
}

static void how_a_command_ended_is_told(void **state)
{
	(void)state;
	struct failure failure;
	assert_int_equal(run("/bin/sh", "-c", "read line && [ \"$line\" = '{}' ]", &failure), STATUS_OK);
	assert_int_equal(run("/bin/sh", "-c", "exit 3", &failure), STATUS_CRASHED);
	assert_int_equal(run("/bin/sh", "-c", "kill -9 $$", &failure), STATUS_CRASHED);
	assert_int_equal(run("/nonexistent/command", NULL, NULL, &failure), STATUS_ABSENT);
}

static bool now(void *context)
{
	(void)context;
	return true;
}

static void a_command_that_never_ends_is_ended(void **state)
{
	(void)state;
	struct failure failure;
	char *words[] = {(char[]){"/bin/sleep"}, (char[]){"600"}, NULL};
	const struct fetch_wait wait = {now, NULL};
	assert_int_equal(runner_run(words, BYTES_NONE, 1, NULL, &failure), STATUS_TIMED_OUT);
	assert_int_equal(runner_run(words, BYTES_NONE, 30000, &wait, &failure), STATUS_INTERRUPTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_door_opens_it),
		cmocka_unit_test(a_refusal_of_all_closes_it),
		cmocka_unit_test(one_door_of_two_narrows_it),
		cmocka_unit_test(no_answer_is_no_change),
		cmocka_unit_test(a_door_nobody_answered_for_stays_as_it_was),
		cmocka_unit_test(who_guards_a_door_says_one_thing),
		cmocka_unit_test(a_site_is_a_door_of_its_own),
		cmocka_unit_test(looks_that_differ_shut_nothing),
		cmocka_unit_test(names_are_compared_both_ways),
		cmocka_unit_test(times_are_a_number_and_its_unit),
		cmocka_unit_test(rounds_keep_their_beat),
		cmocka_unit_test(a_leap_neither_storms_nor_sleeps),
		cmocka_unit_test(who_fails_is_left_alone_longer_and_longer),
		cmocka_unit_test(whole_ways_say_when_they_are_due),
		cmocka_unit_test(a_command_is_cut_into_words),
		cmocka_unit_test(what_is_no_command_is_refused),
		cmocka_unit_test(how_a_command_ended_is_told),
		cmocka_unit_test(a_command_that_never_ends_is_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* probing/conclude: the verdict table row by row, without a server. */
#include "probing/conclude.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define GRANTED \
	{ \
		.out = OUT_GRANTED \
	}
#define SILENT \
	{ \
		.out = OUT_SILENT \
	}
#define BUSY \
	{ \
		.out = OUT_BUSY \
	}
#define REFUSED(why) \
	{ \
		.out = OUT_REFUSED, .reason = REFUSAL_##why \
	}

static void the_table_is_followed(void **state)
{
	(void)state;
	static const struct {
		struct reactions seen;
		enum verdict_kind kind;
		enum answer list, read;
	} rows[] = {
		{{.list = GRANTED, .object = GRANTED}, VERDICT_LISTABLE, ANSWER_YES, ANSWER_YES},
		{{.list = GRANTED, .object = REFUSED(PRIVATE_OR_ABSENT)}, VERDICT_LISTABLE, ANSWER_YES, ANSWER_NO},
		{{.list = REFUSED(PRIVATE_OR_ABSENT), .object = REFUSED(OBJECT_ABSENT)}, VERDICT_READABLE, ANSWER_NO, ANSWER_YES},
		{{.list = REFUSED(FIREWALL), .object = REFUSED(OBJECT_ABSENT)}, VERDICT_READABLE, ANSWER_NO, ANSWER_YES},
		{{.list = REFUSED(PRIVATE_OR_ABSENT), .object = REFUSED(PRIVATE_OR_ABSENT)},
	         VERDICT_PRIVATE_OR_ABSENT,
	         ANSWER_NO,
	         ANSWER_NO},
		{{.list = REFUSED(FIREWALL), .object = REFUSED(FIREWALL)}, VERDICT_UNREACHABLE, ANSWER_NO, ANSWER_NO},
		{{.list = REFUSED(FIREWALL), .object = REFUSED(PRIVATE_OR_ABSENT)},
	         VERDICT_PRIVATE_OR_ABSENT,
	         ANSWER_NO,
	         ANSWER_NO},
		{{.list = REFUSED(FIREWALL), .object = SILENT}, VERDICT_UNREACHABLE, ANSWER_NO, ANSWER_NOT_ESTABLISHED},
		{{.list = REFUSED(ACCOUNT_OFF)}, VERDICT_ACCOUNT_OFF, ANSWER_NO, ANSWER_NO},
		{{.list = REFUSED(CONTAINER_ABSENT), .object = REFUSED(CONTAINER_ABSENT)}, VERDICT_ABSENT, ANSWER_NO, ANSWER_NO},
		{{.list = BUSY}, VERDICT_THROTTLED, ANSWER_NOT_ESTABLISHED, ANSWER_NOT_ESTABLISHED},
		{{.list = SILENT, .properties = SILENT}, VERDICT_UNREACHABLE, ANSWER_NOT_ESTABLISHED, ANSWER_NOT_ESTABLISHED},
		{{.list = SILENT, .properties = REFUSED(PRIVATE_OR_ABSENT)},
	         VERDICT_UNREACHABLE,
	         ANSWER_NOT_ESTABLISHED,
	         ANSWER_NOT_ESTABLISHED},
		{{.list = SILENT, .properties = REFUSED(CONTAINER_ABSENT)},
	         VERDICT_UNREACHABLE,
	         ANSWER_NOT_ESTABLISHED,
	         ANSWER_NOT_ESTABLISHED},
		{{.list = SILENT, .properties = GRANTED, .object = REFUSED(OTHER)},
	         VERDICT_UNREACHABLE,
	         ANSWER_NOT_ESTABLISHED,
	         ANSWER_NOT_ESTABLISHED},
		{{.list = SILENT, .properties = GRANTED, .object = GRANTED},
	         VERDICT_READABLE,
	         ANSWER_NOT_ESTABLISHED,
	         ANSWER_YES},
		{{.list = REFUSED(SUSPENDED)}, VERDICT_UNKNOWN, ANSWER_NO, ANSWER_NOT_ESTABLISHED},
		{{.list = REFUSED(INSECURE)}, VERDICT_UNKNOWN, ANSWER_NOT_ESTABLISHED, ANSWER_NOT_ESTABLISHED},
		{{.list = REFUSED(UNSUPPORTED), .object = REFUSED(UNSUPPORTED)},
	         VERDICT_UNKNOWN,
	         ANSWER_NOT_ESTABLISHED,
	         ANSWER_NOT_ESTABLISHED},
		{{.list = REFUSED(CREDENTIAL), .object = REFUSED(CREDENTIAL)}, VERDICT_PRIVATE_OR_ABSENT, ANSWER_NO, ANSWER_NO},
		{{.list = REFUSED(OTHER)}, VERDICT_UNKNOWN, ANSWER_NOT_ESTABLISHED, ANSWER_NOT_ESTABLISHED},
		{{.list = {.out = OUT_REDIRECTED}}, VERDICT_UNKNOWN, ANSWER_NOT_ESTABLISHED, ANSWER_NOT_ESTABLISHED},
		{{.has_no_name = true, .list = SILENT}, VERDICT_ABSENT, ANSWER_NO, ANSWER_NO},
		{{.list = BUSY, .told_level = LEVEL_CONTAINER}, VERDICT_LISTABLE, ANSWER_YES, ANSWER_YES},
		{{.list = REFUSED(FIREWALL), .object = SILENT, .told_level = LEVEL_BLOB},
	         VERDICT_READABLE,
	         ANSWER_NO,
	         ANSWER_YES},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct verdict verdict = {.kind = VERDICT_UNKNOWN};
		conclude_verdict(&rows[i].seen, &verdict);
		if (verdict.kind != rows[i].kind)
			print_error("row %zu: %s\n", i, verdict_name(verdict.kind));
		assert_int_equal(verdict.kind, rows[i].kind);
		assert_int_equal(verdict.anonymous.list, rows[i].list);
		assert_int_equal(verdict.anonymous.read, rows[i].read);
		assert_true(verdict.advice.len > 20);
	}
}

static void who_may_not_list_may_not_list_versions(void **state)
{
	(void)state;
	struct reactions seen = {.list = REFUSED(PRIVATE_OR_ABSENT), .is_never_writable = true};
	struct verdict verdict = {.kind = VERDICT_UNKNOWN};
	conclude_verdict(&seen, &verdict);
	assert_int_equal(verdict.anonymous.versions, ANSWER_NO);
	assert_int_equal(verdict.anonymous.write, ANSWER_NO);
	seen = (struct reactions){.list = GRANTED, .versions = REFUSED(DENIED), .snapshots = GRANTED, .deleted = SILENT};
	conclude_verdict(&seen, &verdict);
	assert_int_equal(verdict.anonymous.versions, ANSWER_NO);
	assert_int_equal(verdict.anonymous.snapshots, ANSWER_YES);
	assert_int_equal(verdict.anonymous.deleted, ANSWER_NOT_ESTABLISHED);
	assert_int_equal(verdict.anonymous.write, ANSWER_NOT_ESTABLISHED);
}

static void siblings_of_an_account_are_looked_at_together(void **state)
{
	(void)state;
	static const struct evidence reply[] = {{.method = "GET", .status = 403}}, silence[] = {{.method = "GET", .status = 0}};
	const struct bytes accounts[] = {
		BYTES_LITERAL("a"), BYTES_LITERAL("a"), BYTES_LITERAL("b"),
		BYTES_LITERAL("a"), BYTES_LITERAL("c"), BYTES_LITERAL("c"),
	};
	struct verdict verdicts[] = {
		{.kind = VERDICT_LISTABLE, .evidence = reply, .evidence_count = 1},
		{.kind = VERDICT_UNREACHABLE, .evidence = reply, .evidence_count = 1},
		{.kind = VERDICT_UNREACHABLE, .evidence = reply, .evidence_count = 1},
		{.kind = VERDICT_UNREACHABLE, .evidence = silence, .evidence_count = 1},
		{.kind = VERDICT_UNREACHABLE, .evidence = reply, .evidence_count = 1},
		{.kind = VERDICT_THROTTLED, .evidence = reply, .evidence_count = 1},
	};
	verdict_reconsider(verdicts, accounts, 6);
	assert_int_equal(verdicts[1].kind, VERDICT_PRIVATE_OR_ABSENT);
	assert_int_equal(verdicts[2].kind, VERDICT_UNREACHABLE);
	assert_int_equal(verdicts[3].kind, VERDICT_UNREACHABLE);
	assert_int_equal(verdicts[4].kind, VERDICT_UNREACHABLE);
}

static void a_static_site_is_open_closed_or_not_established(void **state)
{
	(void)state;
	static const struct {
		struct site site;
		struct reactions seen;
		enum answer answer;
	} rows[] = {
		{{.state = SITE_NOT_ASKED}, {.list = SILENT}, ANSWER_NOT_ESTABLISHED},
		{{.state = SITE_NOT_ASKED}, {.has_no_name = true, .list = SILENT}, ANSWER_NO},
		{{.state = SITE_NONE}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{{.state = SITE_NOT_IN_SCOPE}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{{.state = SITE_NAMELESS}, {.list = GRANTED}, ANSWER_NO},
		{{.state = SITE_UNRESOLVED}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{{SITE_ASKED, GRANTED, 200}, {.list = REFUSED(ACCOUNT_OFF)}, ANSWER_YES},
		{{SITE_ASKED, REFUSED(PRIVATE_OR_ABSENT), 404}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{{SITE_ASKED, REFUSED(FIREWALL), 403}, {.list = REFUSED(FIREWALL)}, ANSWER_NO},
		{{SITE_ASKED, REFUSED(OTHER), 418}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{{SITE_ASKED, SILENT, 0}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{{SITE_ASKED, {.out = OUT_REDIRECTED}, 302}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct verdict verdict = {.kind = VERDICT_UNKNOWN};
		conclude_verdict(&rows[i].seen, &verdict);
		conclude_site(&rows[i].site, &rows[i].seen, &verdict);
		if (verdict.static_site != rows[i].answer)
			print_error("row %zu\n", i);
		assert_int_equal(verdict.static_site, rows[i].answer);
		assert_true(verdict.static_site_why.len > 20);
		assert_int_equal(verdict_is_open(&verdict), rows[i].answer == ANSWER_YES || verdict.kind == VERDICT_LISTABLE);
	}
}

static void a_second_region_is_open_closed_or_not_established(void **state)
{
	(void)state;
	static const struct {
		enum secondary_state state;
		struct reaction reaction;
		struct reactions seen;
		enum answer answer;
	} rows[] = {
		{SECONDARY_NOT_ASKED, {.out = OUT_NOT_ASKED}, {.list = SILENT}, ANSWER_NOT_ESTABLISHED},
		{SECONDARY_NOT_ASKED, {.out = OUT_NOT_ASKED}, {.has_no_name = true, .list = SILENT}, ANSWER_NO},
		{SECONDARY_NONE, {.out = OUT_NOT_ASKED}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{SECONDARY_NOT_IN_SCOPE, {.out = OUT_NOT_ASKED}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{SECONDARY_NAMELESS, {.out = OUT_NOT_ASKED}, {.list = GRANTED}, ANSWER_NO},
		{SECONDARY_UNRESOLVED, {.out = OUT_NOT_ASKED}, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{SECONDARY_ASKED, GRANTED, {.list = REFUSED(PRIVATE_OR_ABSENT)}, ANSWER_YES},
		{SECONDARY_ASKED, REFUSED(PRIVATE_OR_ABSENT), {.list = GRANTED}, ANSWER_NO},
		{SECONDARY_ASKED, REFUSED(OTHER), {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{SECONDARY_ASKED, SILENT, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
		{SECONDARY_ASKED, BUSY, {.list = GRANTED}, ANSWER_NOT_ESTABLISHED},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct verdict verdict = {.kind = VERDICT_UNKNOWN};
		conclude_verdict(&rows[i].seen, &verdict);
		conclude_secondary(rows[i].state, rows[i].reaction, &rows[i].seen, &verdict);
		if (verdict.secondary != rows[i].answer)
			print_error("row %zu\n", i);
		assert_int_equal(verdict.secondary, rows[i].answer);
		assert_true(verdict.secondary_why.len > 20);
		assert_int_equal(verdict_is_open(&verdict), rows[i].answer == ANSWER_YES || verdict.kind == VERDICT_LISTABLE);
	}
}

static void inventories_are_told_by_what_was_seen(void **state)
{
	(void)state;
	const struct {
		struct inventories seen;
		enum answer list, read, answer;
	} rows[] = {
		{{.example = BYTES_LITERAL("d/d.csv")}, ANSWER_YES, ANSWER_YES, ANSWER_YES},
		{{.is_whole = true}, ANSWER_YES, ANSWER_YES, ANSWER_NO},
		{{.is_whole = false}, ANSWER_YES, ANSWER_YES, ANSWER_NOT_ESTABLISHED},
		{{.is_log_container = true}, ANSWER_NO, ANSWER_YES, ANSWER_YES},
		{{.is_log_container = true}, ANSWER_NO, ANSWER_NO, ANSWER_NOT_ESTABLISHED},
		{{.is_whole = false}, ANSWER_NO, ANSWER_NO, ANSWER_NOT_ESTABLISHED},
	};
	struct arena arena = arena_with_ceiling(1 << 16);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct verdict verdict = {.anonymous = {.list = rows[i].list, .read = rows[i].read}};
		assert_int_equal(conclude_inventories(&rows[i].seen, &arena, &verdict), STATUS_OK);
		assert_int_equal(verdict.inventories, rows[i].answer);
		assert_true(verdict.inventories_why.len > 20);
	}
	arena_free(&arena);
}

static void a_firewall_among_the_refusals_is_told(void **state)
{
	(void)state;
	struct verdict verdict = {.kind = VERDICT_UNKNOWN};
	struct reactions seen = {.list = REFUSED(PRIVATE_OR_ABSENT), .object = REFUSED(PRIVATE_OR_ABSENT)};
	conclude_verdict(&seen, &verdict);
	assert_false(verdict.is_walled);
	seen.object.reason = REFUSAL_FIREWALL;
	conclude_verdict(&seen, &verdict);
	assert_true(verdict.is_walled);
	/* A site's counts, too. */
	const struct site site = {SITE_ASKED, REFUSED(FIREWALL), 403};
	seen.object.reason = REFUSAL_PRIVATE_OR_ABSENT;
	conclude_verdict(&seen, &verdict);
	conclude_site(&site, &seen, &verdict);
	assert_true(verdict.is_walled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_followed),
		cmocka_unit_test(who_may_not_list_may_not_list_versions),
		cmocka_unit_test(siblings_of_an_account_are_looked_at_together),
		cmocka_unit_test(a_static_site_is_open_closed_or_not_established),
		cmocka_unit_test(a_second_region_is_open_closed_or_not_established),
		cmocka_unit_test(inventories_are_told_by_what_was_seen),
		cmocka_unit_test(a_firewall_among_the_refusals_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

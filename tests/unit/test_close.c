/* SPDX-License-Identifier: Apache-2.0 */
/* close: which verdicts may count towards "closed", and which are the same. */
#include "act/close.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { QUESTIONS = 4 };

static struct evidence evidence[QUESTIONS];
static unsigned char first[PLAN_DIGEST_SIZE], second[PLAN_DIGEST_SIZE];

/* A listing, the container's head, an object's, and the access list, each answered so. */
static struct verdict verdict_of(enum verdict_kind kind, enum answer list, enum answer read, const char *code)
{
	static const char *const urls[] = {"http://h/a/c?restype=container&comp=list", "http://h/a/c?restype=container",
	                                   "http://h/a/c/x", "http://h/a/c?restype=container&comp=acl"};
	for (size_t i = 0; i < QUESTIONS; i++)
		evidence[i] = (struct evidence){
			.method = "GET", .url = bytes_of_string(urls[i]), .status = 401, .code = bytes_of_string(code)};
	struct verdict verdict = {.kind = kind, .evidence = evidence, .evidence_count = QUESTIONS};
	verdict.anonymous.list = list;
	verdict.anonymous.read = read;
	return verdict;
}

static struct verdict refused(void)
{
	return verdict_of(VERDICT_PRIVATE_OR_ABSENT, ANSWER_NO, ANSWER_NO, "NoAuthenticationInformation");
}

static void test_refused_alike_counts(void **state)
{
	(void)state;
	struct verdict verdict = refused();
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_YES);
	/* There are servers that show access lists to anyone. */
	evidence[3].status = 200;
	assert_int_equal(close_judge(&verdict, false, second), ANSWER_YES);
	assert_memory_equal(first, second, sizeof first);
	verdict = verdict_of(VERDICT_ACCOUNT_OFF, ANSWER_NO, ANSWER_NO, "PublicAccessNotPermitted");
	assert_int_equal(close_judge(&verdict, false, second), ANSWER_YES);
	assert_memory_not_equal(first, second, sizeof first);
}

static void test_what_is_no_answer_proves_nothing(void **state)
{
	static const struct {
		unsigned status;
		const char *code;
	} others[] = {{0, "timed_out"}, {0, ""},   {503, "ServerBusy"},       {500, "OperationTimedOut"},          {429, ""},
	              {302, ""},        {200, ""}, {404, "ResourceNotFound"}, {403, "NoAuthenticationInformation"}};
	(void)state;
	for (size_t question = 0; question < QUESTIONS - 1; question++)
		for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
			struct verdict verdict = refused();
			evidence[question].status = others[i].status;
			evidence[question].code = bytes_of_string(others[i].code);
			assert_int_equal(close_judge(&verdict, false, first), ANSWER_NOT_ESTABLISHED);
		}
	struct verdict verdict = refused();
	verdict.evidence_count = 1;
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_NOT_ESTABLISHED);
	verdict.evidence_count = 0;
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_NOT_ESTABLISHED);
	static const enum verdict_kind kinds[] = {VERDICT_ABSENT, VERDICT_THROTTLED, VERDICT_UNKNOWN};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		verdict = verdict_of(kinds[i], ANSWER_NO, ANSWER_NO, "NoAuthenticationInformation");
		assert_int_equal(close_judge(&verdict, false, first), ANSWER_NOT_ESTABLISHED);
	}
	verdict = verdict_of(VERDICT_PRIVATE_OR_ABSENT, ANSWER_NO, ANSWER_NOT_ESTABLISHED, "NoAuthenticationInformation");
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_NOT_ESTABLISHED);
}

static void test_who_gets_in_is_told_whatever_else_is_said(void **state)
{
	(void)state;
	struct verdict verdict = verdict_of(VERDICT_READABLE, ANSWER_NO, ANSWER_YES, "NoAuthenticationInformation");
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_NO);
	verdict = verdict_of(VERDICT_LISTABLE, ANSWER_YES, ANSWER_NO, "NoAuthenticationInformation");
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_NO);
	verdict = refused();
	verdict.secondary = ANSWER_YES;
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_NO);
	verdict = refused();
	verdict.static_site = ANSWER_YES;
	assert_int_equal(close_judge(&verdict, true, first), ANSWER_NO);
	/* The site is another door. */
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_YES);
	/* Nobody asked at the site's own address. */
	verdict.static_site = ANSWER_NO;
	assert_int_equal(close_judge(&verdict, true, first), ANSWER_NOT_ESTABLISHED);
}

static void test_each_address_is_judged_by_its_own_evidence(void **state)
{
	(void)state;
	/* Whatever its second region says, and a site beside it; names of containers may look like either. */
	struct verdict verdict = refused();
	evidence[3] = (struct evidence){
		.method = "GET", .url = BYTES_LITERAL("http://h/a-secondary/c"), .status = 503, .place = EVIDENCE_OF_SECONDARY};
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_YES);
	evidence[3].place = EVIDENCE_OF_SITE;
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_YES);
	evidence[3].place = EVIDENCE_OF_CONTAINER;
	evidence[3].url = BYTES_LITERAL("http://h/a/my-web/x");
	assert_int_equal(close_judge(&verdict, false, first), ANSWER_NOT_ESTABLISHED);
}

static void test_a_plan_says_whether_a_stranger_got_in(void **state)
{
	(void)state;
	assert_true(close_saw_stranger(BYTES_LITERAL("its level lets anyone list and read it; a stranger's probe: listable")));
	assert_true(close_saw_stranger(BYTES_LITERAL("...; a stranger's probe: open")));
	assert_false(
		close_saw_stranger(BYTES_LITERAL("its level lets anyone list and read it; a stranger's probe: unreachable")));
	assert_false(close_saw_stranger(BYTES_LITERAL("its level lets anyone list and read it")));
	assert_false(close_saw_stranger(BYTES_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_alike_counts),
		cmocka_unit_test(test_what_is_no_answer_proves_nothing),
		cmocka_unit_test(test_who_gets_in_is_told_whatever_else_is_said),
		cmocka_unit_test(test_each_address_is_judged_by_its_own_evidence),
		cmocka_unit_test(test_a_plan_says_whether_a_stranger_got_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

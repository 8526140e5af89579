/* SPDX-License-Identifier: Apache-2.0 */
/* outcome: every status and outcome has a name of its own, and the interface's names are all there. */
#include "base/status.h"
#include "model/finding.h"
#include "model/object.h"
#include "model/outcome.h"
#include "model/verdict.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_name(const char *name)
{
	assert_non_null(name);
	assert_true(name[0] != '\0');
	assert_string_not_equal(name, "unknown");
	assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789"), strlen(name));
}

static void every_status_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++) {
		assert_name(status_name((enum status)i));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(status_name((enum status)i), status_name((enum status)j));
	}
	assert_string_equal(status_name(STATUS_COUNT), "unknown");
	assert_string_equal(status_name((enum status) - 1), "unknown");
}

static void a_status_says_what_to_do_next(void **state)
{
	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++) {
		enum status status = (enum status)i;
		bool is_passing = status == STATUS_BUSY || status == STATUS_TIMED_OUT || status == STATUS_UNREACHABLE ||
		                  status == STATUS_TRUNCATED;
		bool is_ours = status == STATUS_INTERRUPTED || status == STATUS_NO_MEMORY || status == STATUS_NO_SPACE ||
		               status == STATUS_USAGE || status == STATUS_BROKEN;
		assert_int_equal(status_is_passing(status), is_passing);
		assert_int_equal(status_is_ours(status), is_ours);
	}
}

static void failing_fills_and_returns(void **state)
{
	(void)state;
	struct failure failure;
	memset(&failure, 'x', sizeof failure);
	assert_int_equal((fail)(NULL, STATUS_BUSY, "a", "%d", 1), STATUS_BUSY);
	assert_int_equal((fail)(&failure, STATUS_DENIED, "a", "b%d", 1), STATUS_DENIED);
	assert_string_equal(failure.where, "a");
	assert_string_equal(failure.why, "b1");
	assert_int_equal((fail)(&failure, STATUS_DENIED, NULL, "c"), STATUS_DENIED);
	assert_string_equal(failure.where, "");
	char huge[1000];
	memset(huge, 'h', sizeof huge);
	huge[sizeof huge - 1] = '\0';
	assert_int_equal((fail)(&failure, STATUS_BROKEN, huge, "%s", huge), STATUS_BROKEN);
	assert_int_equal(strlen(failure.where), sizeof failure.where - 1);
	assert_int_equal(strlen(failure.why), sizeof failure.why - 1);
}

/* The page of the interface, its section Outcomes; partial: makes a sweep exit 4. Numbers are stored in catalogs. */
static const struct {
	const char *name;
	int number;
	enum outcome_group group;
	bool is_partial;
} interface[] = {{"read", 1, OUTCOME_GROUP_READ, false},          {"listed_only", 2, OUTCOME_GROUP_SKIPPED, false},
                 {"excluded", 3, OUTCOME_GROUP_SKIPPED, false},   {"archived", 4, OUTCOME_GROUP_SKIPPED, true},
                 {"over_budget", 5, OUTCOME_GROUP_SKIPPED, true}, {"needs_ocr", 6, OUTCOME_GROUP_SKIPPED, false},
                 {"special", 7, OUTCOME_GROUP_SKIPPED, false},    {"denied", 8, OUTCOME_GROUP_FAILED, true},
                 {"absent", 9, OUTCOME_GROUP_FAILED, true},       {"changed", 10, OUTCOME_GROUP_FAILED, true},
                 {"redirected", 11, OUTCOME_GROUP_FAILED, true},  {"truncated", 12, OUTCOME_GROUP_FAILED, true},
                 {"timed_out", 13, OUTCOME_GROUP_FAILED, true},   {"unreachable", 14, OUTCOME_GROUP_FAILED, true},
                 {"encrypted", 15, OUTCOME_GROUP_FAILED, true},   {"malformed", 16, OUTCOME_GROUP_FAILED, true},
                 {"unsupported", 17, OUTCOME_GROUP_FAILED, true}, {"too_large", 18, OUTCOME_GROUP_FAILED, true},
                 {"bomb", 19, OUTCOME_GROUP_FAILED, true},        {"crashed", 20, OUTCOME_GROUP_FAILED, true}};

static void the_interfaces_outcomes_are_all_there(void **state)
{
	(void)state;
	assert_int_equal(OUTCOME_COUNT, sizeof interface / sizeof *interface + 1);
	for (size_t i = 0; i < sizeof interface / sizeof *interface; i++) {
		enum outcome outcome = outcome_from_name(bytes_of_string(interface[i].name));
		assert_int_equal(outcome, interface[i].number);
		assert_string_equal(outcome_name(outcome), interface[i].name);
		assert_int_equal(outcome_group(outcome), interface[i].group);
		assert_int_equal(outcome_is_partial(outcome), interface[i].is_partial);
	}
}

static void pending_is_never_asked_for_by_name(void **state)
{
	(void)state;
	static const char *const none[] = {"", "pending", "Read", "READ", "rea", "read ", "unknown", NULL};
	for (size_t i = 0; none[i] != NULL; i++)
		assert_int_equal(outcome_from_name(bytes_of_string(none[i])), OUTCOME_COUNT);
	assert_int_equal(outcome_from_name(BYTES_NONE), OUTCOME_COUNT);
	assert_int_equal(outcome_from_name(BYTES_LITERAL("read\0")), OUTCOME_COUNT);
	assert_string_equal(outcome_name(OUTCOME_PENDING), "pending");
	assert_string_equal(outcome_name(OUTCOME_COUNT), "unknown");
	assert_string_equal(outcome_name((enum outcome) - 1), "unknown");
}

static void what_a_status_means_is_recorded_under_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++) {
		enum status status = (enum status)i;
		if (status_is_ours(status))
			continue;
		enum outcome outcome = outcome_of_status(status);
		assert_int_not_equal(outcome, OUTCOME_PENDING);
		const char *wanted = status == STATUS_OK || status == STATUS_END ? "read"
		                     : status == STATUS_BUSY                     ? "timed_out"
		                                                                 : status_name(status);
		assert_string_equal(outcome_name(outcome), wanted);
	}
}

static void providers_verdicts_and_findings_are_those_of_the_interface(void **state)
{
	(void)state;
	static const char *const providers[] = {"azure", "s3", "gcs", "folder"};
	static const char *const verdicts[] = {"listable",    "readable",    "private-or-absent", "absent",
	                                       "account-off", "unreachable", "throttled",         "unknown"};
	static const char *const findings[] = {
		"email",   "domain",  "url",   "storage_url", "phone",       "person",   "organisation_name", "postal_address",
		"ip",      "iban",    "card",  "vat_id",      "national_id", "passport", "date_of_birth",     "amount",
		"project", "invoice", "order", "contract",    "quote",       "secret"};
	assert_int_equal(sizeof providers / sizeof *providers, PROVIDER_KIND_COUNT - 1);
	assert_int_equal(sizeof verdicts / sizeof *verdicts, VERDICT_KIND_COUNT - 1);
	assert_int_equal(sizeof findings / sizeof *findings, FINDING_MESSAGE_ID - 1);
	for (int i = 1; i < PROVIDER_KIND_COUNT; i++) {
		assert_int_equal(provider_from_name(bytes_of_string(providers[i - 1])), i);
		assert_string_equal(provider_name((enum provider_kind)i), providers[i - 1]);
	}
	for (int i = 1; i < VERDICT_KIND_COUNT; i++) {
		assert_string_equal(verdict_name((enum verdict_kind)i), verdicts[i - 1]);
	}
	for (int i = 1; i < FINDING_MESSAGE_ID; i++) {
		assert_true(finding_kind_is_counted((enum finding_kind)i));
		assert_int_equal(finding_kind_from_name(bytes_of_string(findings[i - 1])), i);
		assert_string_equal(finding_kind_name((enum finding_kind)i), findings[i - 1]);
	}
	/* Shown as what it looks like, and looked for by no name. */
	assert_string_equal(finding_kind_name(FINDING_MESSAGE_ID), "email");
	assert_false(finding_kind_is_counted(FINDING_MESSAGE_ID));
	assert_int_equal(provider_from_name(BYTES_NONE), PROVIDER_KIND_COUNT);
	assert_int_equal(finding_kind_from_name(BYTES_LITERAL("Email")), FINDING_KIND_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_has_a_name_of_its_own),
		cmocka_unit_test(a_status_says_what_to_do_next),
		cmocka_unit_test(failing_fills_and_returns),
		cmocka_unit_test(the_interfaces_outcomes_are_all_there),
		cmocka_unit_test(pending_is_never_asked_for_by_name),
		cmocka_unit_test(what_a_status_means_is_recorded_under_its_name),
		cmocka_unit_test(providers_verdicts_and_findings_are_those_of_the_interface),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What an object may cost: allowances that grow with it, and prices that both sides of the cell reckon alike. */
#include "model/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define MIB (UINT64_C(1) << 20)

static struct finding finding_of(const char *value)
{
	return (struct finding){
		.kind = FINDING_EMAIL,
		.value = bytes_of_string(value),
		.raw = bytes_of_string(value),
		.rule = BYTES_LITERAL("email/1"),
	};
}

/* What it costs now. */
static uint64_t price_of_finding(struct budget *budget, const struct finding *finding)
{
	uint64_t before = budget->spent;
	assert_true(budget_pay_finding(budget, finding));
	return budget->spent - before;
}

static uint64_t price_of_text(struct budget *budget, const char *text)
{
	uint64_t before = budget->spent;
	assert_true(budget_pay_text(budget, bytes_of_string(text)));
	return budget->spent - before;
}

static void test_small_objects_have_the_same_and_larger_ones_more(void **state)
{
	(void)state;
	struct allowance small = allowance_of_size(0, 40);
	assert_int_equal(allowance_of_size(MIB, 40).output, small.output);
	assert_int_equal(small.processor_ms, 40000);
	assert_int_equal(allowance_of_size(MIB + MIB / 2, 40).processor_ms, 40000);
	assert_int_equal(allowance_of_size(2 * MIB, 40).processor_ms, 50000);
	assert_int_equal(allowance_of_size(MIB, 1).processor_ms, 1000);
	assert_true(small.output < 30000000);
	uint64_t before = small.output;
	for (uint64_t size = MIB + 1; size < 100 * MIB; size += size / 2) {
		struct allowance allowance = allowance_of_size(size, 40);
		assert_true(allowance.output > before);
		before = allowance.output;
	}
}

static void test_no_size_is_allowed_everything(void **state)
{
	(void)state;
	struct allowance most = allowance_of_size(UINT64_MAX, 40);
	assert_int_equal(allowance_of_size(UINT64_C(1) << 40, 40).output, most.output);
	assert_int_equal(allowance_of_size(UINT64_C(1) << 40, 40).processor_ms, most.processor_ms);
	assert_true(most.output <= UINT64_C(8) << 30);
	assert_true(most.processor_ms <= UINT64_C(5) * 3600 * 1000);
	assert_true(allowance_of_size(UINT64_MAX, 86400).processor_ms > most.processor_ms);
}

static void test_an_entity_is_paid_once_and_its_mentions_each_time(void **state)
{
	struct budget budget = {.spent = 0};
	struct finding anna = finding_of("anna@contoso.com"), bob = finding_of("bob@contoso.com");
	(void)state;
	budget_begin(&budget, MIB);
	uint64_t first = price_of_finding(&budget, &anna), second = price_of_finding(&budget, &anna);
	assert_true(second < first);
	assert_int_equal(price_of_finding(&budget, &anna), second);
	assert_true(price_of_finding(&budget, &bob) > second);
	anna.raw = BYTES_LITERAL("Anna@Contoso.com");
	assert_int_equal(price_of_finding(&budget, &anna), second + anna.raw.len);
	anna.raw = anna.value;
	budget_begin(&budget, MIB);
	assert_int_equal(price_of_finding(&budget, &anna), first);
	budget_free(&budget);
}

static void test_texts_cost_what_an_index_makes_of_them(void **state)
{
	struct budget budget = {.spent = 0};
	(void)state;
	budget_begin(&budget, MIB);
	uint64_t words = price_of_text(&budget, "a cat, a dog; ab");
	assert_true(words >= 16);
	assert_true(price_of_text(&budget, "aaaaaaaaaaaaaaaa") < words / 3);
	assert_true(price_of_text(&budget, "\xe5\x90\x88\xe5\x90\x8c\xe7\x94\xb2\xe6\x96\xb9\xe4\xb9\x99!") > words);
	assert_int_equal(price_of_text(&budget, ""), 0);
	budget_free(&budget);
}

static void test_what_cannot_be_paid_takes_nothing_off(void **state)
{
	struct budget budget = {.spent = 0};
	struct finding finding = finding_of("anna@contoso.com");
	(void)state;
	budget_begin(&budget, 100);
	assert_true(budget_pay_text(&budget, BYTES_LITERAL("sixteen letters.")));
	uint64_t spent = budget.spent;
	assert_false(budget_pay_finding(&budget, &finding));
	assert_false(budget_pay_document(&budget, &(struct document_record){.ordinal = 0}));
	assert_int_equal(budget.spent, spent);
	assert_true(budget_pay_text(&budget, BYTES_LITERAL("sixteen letters.")));
	budget_free(&budget);
}

/* The emitter pays as it reads, the client of the cell all at once. */
static void test_the_whole_costs_what_its_pieces_do(void **state)
{
	struct budget piecewise = {.spent = 0}, whole = {.spent = 0};
	const struct finding findings[] = {finding_of("anna@contoso.com"), finding_of("bob@contoso.com"),
	                                   finding_of("anna@contoso.com")};
	const struct attribution organisation = {.domain = BYTES_LITERAL("contoso.com"), .why = BYTES_LITERAL("addresses of it")};
	const struct fact fact = {FACT_SEEN, BYTES_LITERAL("pages"), BYTES_LITERAL("3"), 0, 0, 1};
	const struct document_record record = {
		.inner_path = BYTES_LITERAL("box.mbox!/1.eml"),
		.title = BYTES_LITERAL("an offer"),
		.text = BYTES_LITERAL("a letter to Anna"),
		.media_type = BYTES_LITERAL("message/rfc822"),
		.findings = findings,
		.finding_count = 3,
		.organisations = &organisation,
		.organisation_count = 1,
		.facts = &fact,
		.fact_count = 1,
	};
	(void)state;
	budget_begin(&piecewise, MIB);
	budget_begin(&whole, MIB);
	assert_true(budget_pay_text(&piecewise, record.text));
	for (size_t i = 0; i < 3; i++)
		assert_true(budget_pay_finding(&piecewise, &findings[i]));
	assert_true(budget_pay_organisation(&piecewise, &organisation));
	assert_true(budget_pay_fact(&piecewise, &fact));
	assert_true(piecewise.spent > 0);
	assert_true(budget_pay_document(&piecewise, &record));
	assert_true(budget_pay_record(&whole, &record));
	assert_int_equal(whole.spent, piecewise.spent);
	uint64_t most = whole.spent;
	budget_begin(&whole, most - 1);
	assert_false(budget_pay_record(&whole, &record));
	budget_begin(&whole, most);
	assert_true(budget_pay_record(&whole, &record));
	budget_free(&piecewise);
	budget_free(&whole);
}

/* A long value is kept in pages of its own, a path's every letter begins a trigram. */
static void test_what_costs_more_than_its_length_is_priced_so(void **state)
{
	struct budget budget = {.spent = 0};
	struct document_record record = {.ordinal = 1};
	static char path[4001], url[2001];
	(void)state;
	memset(path, 'p', 4000);
	memset(url, 'u', 2000);
	budget_begin(&budget, MIB);
	assert_true(budget_pay_document(&budget, &record));
	uint64_t bare = budget.spent;
	record.inner_path = bytes_of_string(path);
	assert_true(budget_pay_document(&budget, &record));
	assert_true(budget.spent - bare >= bare + 2 * record.inner_path.len);
	struct finding finding = finding_of(url);
	assert_true(price_of_finding(&budget, &finding) > 8000);
	budget_free(&budget);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_objects_have_the_same_and_larger_ones_more),
		cmocka_unit_test(test_no_size_is_allowed_everything),
		cmocka_unit_test(test_an_entity_is_paid_once_and_its_mentions_each_time),
		cmocka_unit_test(test_texts_cost_what_an_index_makes_of_them),
		cmocka_unit_test(test_what_cannot_be_paid_takes_nothing_off),
		cmocka_unit_test(test_the_whole_costs_what_its_pieces_do),
		cmocka_unit_test(test_what_costs_more_than_its_length_is_priced_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

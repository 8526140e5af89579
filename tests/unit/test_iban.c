/* SPDX-License-Identifier: Apache-2.0 */
/* The examples are those of the SWIFT registry, and what becomes of them by one changed digit. */
#include "scan-text.h"

extern const struct detector detector_iban;

static void finds_ibans(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"IBAN: DE89 3704 0044 0532 0130 00, BIC", "DE89370400440532013000"},
		{"GB29NWBK60161331926819.", "GB29NWBK60161331926819"},
		{"gb29nwbk60161331926819", "GB29NWBK60161331926819"},
		{"IBANDE89370400440532013000", "DE89370400440532013000"},
		{"FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"},
		{"BE68 539-0075470-34", "BE68539007547034"},
		{"NO93 8601 1117 947 NL91 ABNA 0417 1643 00", "NO9386011117947 NL91ABNA0417164300"},
		{"MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"},
		{"DE89 37040044 0532013000", "DE89370400440532013000"},
	};
	CHECK_EXAMPLES(FINDING_IBAN, examples);
	assert_string_equal(detector_iban.name, "iban");
}

static void leaves_what_does_not_check(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"DE88370400440532013000 DE8937040044053201300 DE893704004405320130001", ""},
		{"XX89370400440532013000 GB29123460161331926819", ""},
		{"aDE89370400440532013000 De89370400440532013000 DE89370400440532013000a", ""},
		{"DE89  3704 0044 0532 0130 00 DE8 9370400440532013000", ""},
		{"DE89", ""},
		{"D89 89", ""},
	};
	CHECK_EXAMPLES(FINDING_IBAN, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_ibans),
		cmocka_unit_test(leaves_what_does_not_check),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of several countries, of one amount; and what is none. */
#include "scan-text.h"

extern const struct detector detector_amount;

static void finds_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"1.234,56 €|1,234.56 EUR|€ 1 234,56|CHF 1'234.56", "1234.56 EUR 1234.56 EUR 1234.56 EUR 1234.56 CHF"},
		{"$5, US$ 5.5, £1,234,567.00", "5.00 USD 5.50 USD 1234567.00 GBP"},
		{"1.234 € 1,5 € 0,123 € 9,9000 EUR", "1234.00 EUR 1.50 EUR 0.123 EUR 9.90 EUR"},
		{"EUR\t56,87", "56.87 EUR"},
		{"-123,75 € EUR -5.00", "-123.75 EUR -5.00 EUR"},
		{"3,20 €\t48,00 €", "3.20 EUR 48.00 EUR"},
		{"12,00\xC2\xA0\xE2\x82\xAC 1\xE2\x80\xAF"
	         "234,00 \xE2\x82\xAC",
	         "12.00 EUR 1234.00 EUR"},
		{"TRY 12.50", "12.50 TRY"},
	};
	CHECK_EXAMPLES(FINDING_AMOUNT, examples);
	assert_string_equal(detector_amount.name, "amount");
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"1234 1.234,56 12 % 12 EURO EUROPE 12 EURX", ""},
		{"$5 million € 3,2 Mrd. 17 Mio. EUR USD 5bn 5 EUR million", ""},
		{"1.2.3 EUR 1,2,3 EUR 1.234.56 EUR", ""},
		{"2014\t€ 4.904,94x TRY 12 ALL 5 23 AWG", ""},
		{"A$5 HK$5 {$0046}", ""},
		{"EUR 1234567890123456789", ""},
	};
	CHECK_EXAMPLES(FINDING_AMOUNT, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_them),
		cmocka_unit_test(leaves_other_things),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

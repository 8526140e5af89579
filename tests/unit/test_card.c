/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers are those that schemes and gateways publish for tests, and others made by Luhn's rule. */
#include "scan-text.h"

extern const struct detector detector_card;

static void finds_cards(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"paid with 4111 1111 1111 1111.", "4111111111111111"},
		{"4111-1111-1111-1111", "4111111111111111"},
		{"card: 5555555555554444, exp 12/25", "5555555555554444"},
		{"3782 822463 10005", "378282246310005"},
		{"3056 930902 5904", "30569309025904"},
		{"4111 1111 1111 1111 12/25", "4111111111111111"},
		{"card number 6304000000000000", "6304000000000000"},
		{"Kreditkartennummer: 4222222222222", "4222222222222"},
		{"cc 3530111333300000|6011111111111117", "3530111333300000 6011111111111117"},
		{"4111\xC2\xA0"
	         "1111\xC2\xA0"
	         "1111\xC2\xA0"
	         "1111",
	         "4111111111111111"},
	};
	CHECK_EXAMPLES(FINDING_CARD, examples);
	assert_string_equal(detector_card.name, "card");
}

static void leaves_other_numbers(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"4111 1111 1111 1112 card 4111111111111112", ""},
		{"14111111111111111 4111111111111111000 a4111111111111111 4111111111111111b", ""},
		{"1234 4111 1111 1111 1111 4111 1111 1111 1111 1234", ""},
		{"0.4111111111111111 4111111111111111.5 4111111111111111@contoso.com", ""},
		{"123e4567-4111111111111111-a456 4111111111111111_x", ""},
		{"http://contoso.com/4111111111111111 http://contoso.com/?a=4111111111111111&b", ""},
		{"6304000000000000 4222222222222 0000000000000000", ""},
		{"41 11111111 111111 11 411 1111 1111 1111 11", ""},
		{"4111-1111 1111-1111", ""},
	};
	CHECK_EXAMPLES(FINDING_CARD, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_cards),
		cmocka_unit_test(leaves_other_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

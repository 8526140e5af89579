/* SPDX-License-Identifier: Apache-2.0 */
/* The standards' own examples, and each with one digit changed. */
#include "detector/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_changed_digit_is_noticed(void **state)
{
	(void)state;
	static const struct {
		bool (*is_right)(struct bytes digits);
		const char *digits;
	} checks[] = {
		{checksum_luhn, "79927398713"}, {checksum_mod_11_10, "136695976"}, {checksum_verhoeff, "234123412346"},
		{checksum_verhoeff, "12340"},   {checksum_gs1, "4006381333931"},
	};
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		char digits[32];
		size_t len = strlen(checks[i].digits);
		memcpy(digits, checks[i].digits, len + 1);
		assert_true(checks[i].is_right(bytes_of(digits, len)));
		for (size_t at = 0; at < len; at++)
			for (char other = '0'; other <= '9'; other++) {
				memcpy(digits, checks[i].digits, len + 1);
				digits[at] = other;
				assert_true(checks[i].is_right(bytes_of(digits, len)) == (other == checks[i].digits[at]));
			}
		digits[0] = 'x';
		assert_false(checks[i].is_right(bytes_of(digits, len)));
		assert_false(checks[i].is_right(BYTES_NONE));
	}
}

static void letters_count_in_mod_97(void **state)
{
	(void)state;
	assert_int_equal(checksum_mod_97(BYTES_LITERAL("WEST12345698765432GB82")), 1);
	assert_int_equal(checksum_mod_97(BYTES_LITERAL("WEST12345698765432GB83")), 2);
	assert_int_equal(checksum_mod_97(BYTES_LITERAL("west")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_changed_digit_is_noticed),
		cmocka_unit_test(letters_count_in_mod_97),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The specimens of ICAO Doc 9303, of a state that is none. */
#include "scan-text.h"

extern const struct detector detector_passport;

static void finds_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n", "L898902C3"},
		{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\nL898902C36UTO7408122F1204159ZE184226B<<<<<10", "L898902C3"},
		{"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6\n", "D23145890"},
		{"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<\n", "D23145890"},
	};
	CHECK_EXAMPLES(FINDING_PASSPORT, examples);
	assert_string_equal(detector_passport.name, "passport");
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<11\n", ""},
		{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C46UTO7408122F1204159ZE184226B<<<<<10\n", ""},
		{"L898902C36UTO7408122F1204159ZE184226B<<<<<10\n", ""},
		{"P<QQQERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n", ""},
		{"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<7\n", ""},
		{"<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<1", ""},
	};
	CHECK_EXAMPLES(FINDING_PASSPORT, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_them),
		cmocka_unit_test(leaves_other_things),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

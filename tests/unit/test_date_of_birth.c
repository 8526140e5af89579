/* SPDX-License-Identifier: Apache-2.0 */
/* Days behind the words for them, and days behind others. */
#include "scan-text.h"

extern const struct detector detector_date_of_birth;

static void finds_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Geburtsdatum: 12.03.1980, geb. am 1. März 1975", "1980-03-12 1975-03-01"},
		{"Date of birth: 1980-03-12; DOB 13/03/1980", "1980-03-12 1980-03-13"},
		{"born on March 12, 1980. Born 12th of March 1980", "1980-03-12 1980-03-12"},
		{"DOB: 03/12/1980", "1980-03-12"},
		{"né le 03/12/1980, Fecha de nacimiento: 3 de diciembre de 1980", "1980-12-03 1980-12-03"},
		{"Date of Birth:\n29.02.2000", "2000-02-29"},
	};
	CHECK_EXAMPLES(FINDING_DATE_OF_BIRTH, examples);
	assert_string_equal(detector_date_of_birth.name, "date-of-birth");
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"12.03.1980 signed on March 12, 1980", ""},
		{"born on 31.02.1980 DOB: 29.02.1900 DOB 00/00/1980 DOB: 12.13.1980", ""},
		{"born 1980, born on 12.03.80 DOB: 12.03.19801", ""},
		{"stillborn 12.03.1980", ""},
	};
	CHECK_EXAMPLES(FINDING_DATE_OF_BIRTH, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_them),
		cmocka_unit_test(leaves_other_things),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

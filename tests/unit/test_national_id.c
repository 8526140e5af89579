/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that authorities and libraries print as examples, or made by the rule. */
#include "scan-text.h"

extern const struct detector detector_national_id;

static void finds_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"SSN: 219-09-9999, 219-09-9998", "219099999 219099998"},
		{"social security number 219099999", "219099999"},
		{"NI number QQ 12 34 56 C NINO: AB123456C", "AB123456C"},
		{"Steuer-ID: 36 574 261 809", "36574261809"},
		{"NIR 2 53 07 2A 073 004 43", "253072A07300443"},
		{"DNI: 54362315-K; X-2482300-W", "54362315K X2482300W"},
		{"codice fiscale RCCMNL83S18D969H", "RCCMNL83S18D969H"},
		{"BSN: 1112.22.333", "111222333"},
		{"85.07.30-033.28", "85073003328"},
		{"AHV 756.9217.0769.85", "7569217076985"},
		{"390.533.447-05 CPF: 39053344705", "39053344705 39053344705"},
		{"131052-308T 131052A308T", "131052308T 131052A308T"},
		{"Aadhaar: 2341 2341 2346", "234123412346"},
		{"PESEL 44051401359", "44051401359"},
		{"personnummer 880320-0016, 19880320-0016", "8803200016 198803200016"},
		{"CPR 211062-5629", "2110625629"},
		{"fødselsnummer 151086 95088", "15108695088"},
		{"r.č.: 710319/2745, r.č. 991231123 rodné číslo 535312/123", "7103192745 991231123 535312123"},
		{"teudat zehut: 03933742-3, teudat zehut 3933742-3, teudat zehut 039337423 teudat zehut 39337423",
	         "039337423 039337423 039337423 039337423"},
		{"BSN 10136952", "010136952"},
		{"360426199101010071", "360426199101010071"},
	};
	CHECK_EXAMPLES(FINDING_NATIONAL_ID, examples);
	assert_string_equal(detector_national_id.name, "national-id");
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"SSN: 000-12-3456 666-12-3456 900-12-3456 219-00-9999 219-09-0000 078-05-1120", ""},
		{"219099999 36574261809 44051401359 8803200016", ""},
		{"Steuer-ID: 36554266806 BSN: 111252333 PESEL 44051401358", ""},
		{"DNI: 54362315Z DNI 543623150K", ""},
		{"BSN: 219099999", ""},
		{"r.č. 590312/123 r.č. 991331/123 ID number 991231/123", ""},
		{"teudat zehut 3933742-2 ID number 3933742-3 BSN 10136953", ""},
		{"131052-308U 310252-308Y", ""},
		{"SSN 1219-09-9999 SSN 219-09-99991", ""},
	};
	CHECK_EXAMPLES(FINDING_NATIONAL_ID, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_them),
		cmocka_unit_test(leaves_other_things),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

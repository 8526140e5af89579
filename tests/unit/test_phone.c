/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that regulators keep for drama where there are any: Ofcom's, ARCEP's, the 555-01XX of North America. */
#include "scan-text.h"

extern const struct detector detector_phone;

static void finds_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"+49 30 901820, +49 (0)30 901820; (+49) 30/901820", "+4930901820 +4930901820 +4930901820"},
		{"Tel.: 030/901820-0 Fax 030 / 901820-99", "0309018200 03090182099"},
		{"call +44 (0) 20 7946 0958.", "+442079460958"},
		{"Tel. 0044 20 7946 0958", "+442079460958"},
		{"(415) 555-0123 or 415-555-0199, phone 1-415-555-0123", "+14155550123 +14155550199 +14155550123"},
		{"phone: 415.555.0123 x456", "+14155550123"},
		{"Telephone:\n0171 960 0100", "01719600100"},
		{"+39 06 6982 +33 1 70 18 99 00", "+39066982 +33170189900"},
		{"Tél : 01 99 00 12 34, Tfno. 912 345 678", "0199001234 912345678"},
		{"01 99 00 12 34 (office)\n", "0199001234"},
		{"Tlf. 20120102, tlf. 20120102 08", "20120102 2012010208"},
		{"+49 30 901820 2017", "+49309018202017"},
	};
	CHECK_EXAMPLES(FINDING_PHONE, examples);
	assert_string_equal(detector_phone.name, "phone");
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"12345 234567890112 3/10/1984 31/8/2011 1/12/2011 10/12/82 20120102 08:00", ""},
		{"Tel. 12345 Tel. 3/10/1984 Tel. 31.08.2011 Fax 2011-08-31", ""},
		{"Tel. 20120102 08:00 Fax 20191231 23:59", ""},
		{"0044 1234 5678 9012 3456 7890 0045 0300 0304", ""},
		{"+0 123 456 789 +49 12 +1 115 555 0123 a+49 30 901820", ""},
		{"phone 10.20.30.40", ""},
		{"hotel 123456789 telx 123456789", ""},
		{"x415-555-0123 415-555-01234 415-155-0123", ""},
		{"https://contoso.com/?t=+4930901820", ""},
	};
	CHECK_EXAMPLES(FINDING_PHONE, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_them),
		cmocka_unit_test(leaves_other_things),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

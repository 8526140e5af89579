/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that authorities print in their own instructions, or made by the rule. */
#include "scan-text.h"

extern const struct detector detector_vat_id;

static void finds_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"VAT-ID: DE136695976", "DE136695976"},
		{"DE136695976 DE 136 695 976", "DE136695976"},
		{"USt-IdNr. DE 136 695 976, UID ATU13585627", "DE136695976 ATU13585627"},
		{"TVA FR 40 303 265 045", "FR40303265045"},
		{"BTW nr.: NL4495445B01 VAT NL 004495445B01", "NL004495445B01 NL004495445B01"},
		{"BTW NL10136952B01", "NL010136952B01"},
		{"VAT LV 4000 3521 600, LV161175-19997", "LV40003521600 LV16117519997"},
		{"VAT CZ7103192745 CZ640903926 CZ991231123", "CZ7103192745 CZ640903926 CZ991231123"},
		{"CHE-116.281.710 MWST CHE107787577", "CHE116281710 CHE107787577"},
		{"P.IVA 00743110157 VAT no 980 7806 84", "IT00743110157 GB980780684"},
		{"VAT BE 0428759497; VAT BE 428759497", "BE0428759497 BE0428759497"},
		{"CIF: B64717838", "ESB64717838"},
		{"VAT EL 094259216 VAT GR 094259216", "EL094259216 EL094259216"},
	};
	CHECK_EXAMPLES(FINDING_VAT_ID, examples);
	assert_string_equal(detector_vat_id.name, "vat-id");
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"VAT DE136695978 VAT DE123456789 VAT FR41303265045", ""},
		{"VAT NL4495446B01 LV161375-19997 LV161175-19998 LV161175-39997", ""},
		{"VAT CZ640903927 CZ590312123 CZ991331123", ""},
		{"CZ991231123", ""},
		{"VAT DE1366959760 VAT ADE136695976", ""},
		{"DE136695976@contoso.com", ""},
		{"VAT 12.5 % VAT 2019", ""},
	};
	CHECK_EXAMPLES(FINDING_VAT_ID, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_them),
		cmocka_unit_test(leaves_other_things),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

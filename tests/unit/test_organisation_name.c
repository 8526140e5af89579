/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_organisation_name;

static void finds_names_by_their_form(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Customer: Contoso Ltd., Seattle", "Contoso Ltd"},
		{"between Contoso, Inc. and Fabrikam Maschinen GmbH & Co. KG, both",
	         "Contoso, Inc Fabrikam Maschinen GmbH & Co. KG"},
		{"Kranichfeld Maschinen GmbH\tErfurt", "Kranichfeld Maschinen GmbH"},
		{"von der Müller und Söhne AG, Zürich", "Müller und Söhne AG"},
		{"The Bank of Contoso PLC is", "Bank of Contoso PLC"},
		{"Électricité de Fabrikam S.A. (Paris)", "Électricité de Fabrikam S.A"},
		{"contrato con Fabrikam Iberia S.L. en Madrid", "Fabrikam Iberia S.L"},
		{"J. P. Contoso LLC; (c) 1999-2002 Fabrikam Networks, Inc.", "J. P. Contoso LLC Fabrikam Networks, Inc"},
		{"Contoso Pty Ltd\n3M Fabrikam B.V.", "Contoso Pty Ltd 3M Fabrikam B.V"},
		{"Contoso Corporation's", "Contoso Corporation"},
	};
	CHECK_EXAMPLES(FINDING_ORGANISATION_NAME, examples);
	assert_string_equal(detector_organisation_name.name, "organisation-name");
}

static void leaves_what_has_no_name(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"the Corporation shall; this Limited warranty; a Private Limited company; The Company Ltd", ""},
		{"liability is Limited to", ""},
		{"Contoso Incandescent Contoso Ltda2 Contoso GmbHx", ""},
		{"see SA, or sa; Grande Prairie, AB\n; HOLDINGS, INC; Financial Services LLC", ""},
		{"Contoso Holdings, Inc; Fabrikam AB\n", "Contoso Holdings, Inc Fabrikam AB"},
		{"first. Ltd; INCLUDING BUT NOT LIMITED TO; KOFFIE 3.5 KG ; 500 KG\n; since 1950 AB ", ""},
	};
	CHECK_EXAMPLES(FINDING_ORGANISATION_NAME, examples);
}

/* Megabytes of what makes it look back. */
static void costs_no_more_than_its_length(void **state)
{
	(void)state;
	static const char *const pieces[] = {" Ltd", " Inc.", "a Ltd ", "& ", " GmbH & Co. KG"};
	struct buffer text = buffer_with_ceiling(4 << 20), values = buffer_with_ceiling(8 << 20);
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		buffer_reset(&text);
		while (text.len < 1 << 20)
			buffer_append_string(&text, pieces[i]);
		scan_text(FINDING_ORGANISATION_NAME, buffer_bytes(&text), &values, NULL);
		assert_true(values.len < text.len);
	}
	buffer_free(&text);
	buffer_free(&values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_names_by_their_form),
		cmocka_unit_test(leaves_what_has_no_name),
		cmocka_unit_test(costs_no_more_than_its_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

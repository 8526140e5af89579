/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_email;

static void finds_addresses(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"anna@contoso.com", "anna@contoso.com"},
		{"Write to Anna.Smith+Offers@Mail.Contoso.CO.UK.", "anna.smith+offers@mail.contoso.co.uk"},
		{"<anna@contoso.com>, (bob@fabrikam.de); \"carl_x@a-b.org\"",
		 "anna@contoso.com bob@fabrikam.de carl_x@a-b.org"},
		{"mailto:anna@contoso.com?subject=x", "anna@contoso.com"},
		{"o'brien@contoso.ie", "o'brien@contoso.ie"},
		{"r&d@contoso.com", "r&d@contoso.com"},
		{"jörg@müller.de", "jörg@xn--mller-kva.de"},
		{"JÖRG@Müller.DE", "jörg@xn--mller-kva.de"},
		{"stanisław.wójcik@wp.pl", "stanisław.wójcik@wp.pl"},
		{"用户@例子.公司", "用户@xn--fsqu00a.xn--55qx5d"},
		{"anna_contoso.com#EXT#@fabrikam.onmicrosoft.com", "anna_contoso.com#ext#@fabrikam.onmicrosoft.com"},
		{"12345@163.com", "12345@163.com"},
		{"a@b.museum x@xn--mller-kva.de", "a@b.museum x@xn--mller-kva.de"},
		{"https://shop.contoso.com/leave?email=anna@contoso.com&x=1", "anna@contoso.com"},
	};
	CHECK_EXAMPLES(FINDING_EMAIL, examples);
	assert_string_equal(detector_email.name, "email");
}

static void undoes_what_text_did(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"'anna@contoso.com'", "anna@contoso.com"},
		{"b'anna@contoso.com'", "anna@contoso.com"},
		{"E-mail.........anna@contoso.com", "anna@contoso.com"},
		{"user=anna@contoso.com&to=bob@contoso.com", "anna@contoso.com bob@contoso.com"},
		{"a=1&to=anna@contoso.com", "anna@contoso.com"},
		{"envelope-from=anna@contoso.com", "anna@contoso.com"},
		{"\"\\u003canna@contoso.com\\u003e\\nbob@contoso.com\\n\"", "anna@contoso.com bob@contoso.com"},
		{"mailto:%20anna@contoso.com", "anna@contoso.com"},
		{"&lt;anna@contoso.com&gt;", "anna@contoso.com"},
		{"anna@contoso.comPhone: 12", "anna@contoso.com"},
		{"anna@contoso.com.Please call", "anna@contoso.com"},
		{"anna@contoso.com-2019", "anna@contoso.com"},
		{"联系anna@contoso.cn谢谢", "anna@contoso.cn"},
		{"“anna@contoso.com”", "anna@contoso.com"},
		{"anna@contoso.com...", "anna@contoso.com"},
		{"bounces+anna=contoso.com@mail.fabrikam.com", "bounces+anna=contoso.com@mail.fabrikam.com"},
		{"bounce-anna=contoso.com@fabrikam.com", "bounce-anna=contoso.com@fabrikam.com"},
		{"prvs=123ab=anna@contoso.com", "prvs=123ab=anna@contoso.com"},
	};
	CHECK_EXAMPLES(FINDING_EMAIL, examples);
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"anna@localhost anna@contoso anna@contoso.local anna@contoso.invalidtld", ""},
		{"https://user:password@contoso.com/ ftp://anna@contoso.com", ""},
		{"postgres://u:p!x@db.contoso.com/x", ""},
		{"git@github.com:contoso/x.git root@web.contoso.com:~/x root@web.contoso.com:/var", ""},
		{"logo@2x.png icon@3x.zip", ""},
		{"a@b.com@contoso.com", ""},
		{"@contoso.com, @anna foo@", ""},
		{"anna.@contoso.com an..na@contoso.com", ""},
		{"anna@-contoso.com anna@contoso..com anna@co.uk", ""},
		{"npm bootstrap@5.1.3", ""},
		{"call foo@bar.name(1)", ""},
		{"Message-ID: <123.abc@mail.contoso.com>", ""},
		{"References: <1@a.com>\n\t<2@b.com>\nFrom: <c@contoso.com>", "c@contoso.com"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@contoso.com", ""},
	};
	CHECK_EXAMPLES(FINDING_EMAIL, examples);
}

static void takes_the_longest_parts(void **state)
{
	(void)state;
	struct buffer text = buffer_with_ceiling(4096), values = buffer_with_ceiling(4096);
	for (int i = 0; i < 64; i++)
		buffer_append_byte(&text, 'a');
	buffer_append_string(&text, "@");
	for (int i = 0; i < 63; i++)
		buffer_append_byte(&text, 'b');
	buffer_append_string(&text, ".com");
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	scan_text(FINDING_EMAIL, buffer_bytes(&text), &values, NULL);
	assert_string_equal(buffer_string(&values), buffer_string(&text));
	buffer_free(&text);
	buffer_free(&values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_addresses), cmocka_unit_test(undoes_what_text_did),
		cmocka_unit_test(leaves_other_things), cmocka_unit_test(takes_the_longest_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

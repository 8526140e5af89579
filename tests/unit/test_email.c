/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_email;

static void finds_addresses(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"anna@contoso.com", "anna@contoso.com"},
		{"Write to Anna.Smith+Offers@Mail.Contoso.CO.UK.", "anna.smith+offers@mail.contoso.co.uk"},
		{"<anna@contoso.com>, (bob@fabrikam.de); \"carl_x@a-b.org\"", "anna@contoso.com bob@fabrikam.de carl_x@a-b.org"},
		{"mailto:anna@contoso.com?subject=x", "anna@contoso.com"},
		/* Countries that the list of suffixes has by what lies below them alone. */
		{"anna@contoso.co.za bob@fabrikam.com.bd carl@mail.contoso.org.np",
	         "anna@contoso.co.za bob@fabrikam.com.bd carl@mail.contoso.org.np"},
		{"anna@contoso.za bob@com.bd carl@contoso.zz dora@x.co.zz", ""},
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
		{"<Online#3.19-x@contoso.com> <mb/anna@contoso.com> <a=b?c*d@contoso.com>",
	         "online#3.19-x@contoso.com mb/anna@contoso.com a=b?c*d@contoso.com"},
		{"\"uma vance\"@contoso.com <\"Bob\"@contoso.com>", "\"uma vance\"@contoso.com bob@contoso.com"},
		{"svc@corp.contoso.local a@b.internal c@d.lan e@f.corp g@h.home.arpa i@j.test k@l.example.",
	         "svc@corp.contoso.local a@b.internal c@d.lan e@f.corp g@h.home.arpa i@j.test k@l.example"},
		{"anna@fabrikam.local.Please", "anna@fabrikam.local"},
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
		{"\\x3canna@contoso.com \\047bob@contoso.com \\u003ccarl@contoso.com",
	         "anna@contoso.com bob@contoso.com carl@contoso.com"},
		{"x3canna@contoso.com u003cbob@contoso.com", "anna@contoso.com bob@contoso.com"},
		{"%3Canna@contoso.com %253Cbob@contoso.com", "anna@contoso.com bob@contoso.com"},
		{"href=3Danna@contoso.com =3Cbob@contoso.com =0D=0Acarl@contoso.com",
	         "anna@contoso.com bob@contoso.com carl@contoso.com"},
		{"v==20anna@contoso.com id=20bob@contoso.com", "anna@contoso.com 20bob@contoso.com"},
		{"to=anna%40contoso.com&x mailto:bob%2Btag%40contoso.com a%3Ccarl%2edot%40contoso.com%3E",
	         "anna@contoso.com bob+tag@contoso.com carl.dot@contoso.com"},
		{"https://portal.contoso.com/u/anna%40contoso.com", "anna@contoso.com"},
	};
	CHECK_EXAMPLES(FINDING_EMAIL, examples);
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"anna@localhost anna@contoso anna@local anna@contoso.invalidtld", ""},
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
		{"{\"a\":\"b\"@contoso.com} x\"y\"@contoso.com \"\"@contoso.com", ""},
		{"https://registry.contoso.com/%40types/node.js a%4contoso.com", ""},
		{"Message-ID: <123.abc@mail.contoso.com>", ""},
		{"References: <1@a.com>\n\t<2@b.com>\nFrom: <c@contoso.com>", "c@contoso.com"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@contoso.com", ""},
	};
	CHECK_EXAMPLES(FINDING_EMAIL, examples);
}

/* Names of messages, parts and events: their label tells them. */
static void knows_what_names_a_message(void **state)
{
	(void)state;
	static const struct example ids[] = {
		{"Message-ID: <123.abc@mail.contoso.com>", "123.abc@mail.contoso.com"},
		{"Message-Id: <000067$0000$000529f@contoso.com>", "000067$0000$000529f@contoso.com"},
		{"References: <1@a.com>\n\t<2@b.com> <3@c.com>\nFrom: <c@contoso.com>", "1@a.com 2@b.com 3@c.com"},
		{"In-Reply-To: Your message of \"Wed, 11 Sep 2002 12:17:33 PDT.\"\n <x9@contoso.com>", "x9@contoso.com"},
		{"> Message-ID: <a1@contoso.com>", "a1@contoso.com"},
		{"{\"text\":\"To: b@contoso.com\\nReferences: <1@a.com>\\n    <2@b.com>\\n\"}", "1@a.com 2@b.com"},
		{"{\"messageId\": \"<1@a.com>\", \"inReplyTo\":\"\\u003c2@b.com\\u003e\", \"references\": [\"<3@c.com>\", \"<4@d.com>\"]}",
	         "1@a.com 2@b.com 3@c.com 4@d.com"},
		{"{\"internet_message_id\":\"a1@contoso.com\",\"contentId\":\"b2@contoso.com\"}",
	         "a1@contoso.com b2@contoso.com"},
		{"<img src=\"cid:part1.A1@contoso.com\">", "part1.a1@contoso.com"},
		{"Content-ID: <part1.A1@contoso.com>", "part1.a1@contoso.com"},
		{"BEGIN:VEVENT\nUID:event-1@contoso.com\nRELATED-TO:<event-0@contoso.com>",
	         "event-1@contoso.com event-0@contoso.com"},
		{"{\"uid\":\"0123456789abcdef0123456789abcdef@contoso.com\"}", "0123456789abcdef0123456789abcdef@contoso.com"},
		{"postfix/cleanup: 4F1: message-id=<2021.17@contoso.com>", "2021.17@contoso.com"},
		{"Received: from a.contoso.com with ESMTP id\n <70.00006950@contoso.com>; Mon", "70.00006950@contoso.com"},
		{"see <20020809052725.GX3169@contoso.com>", "20020809052725.gx3169@contoso.com"},
		{"<85A5EBA4-AB0F-11D6-BCF2-00039396ECF2@contoso.com> <Pine.LNX.4.44.02-1@contoso.com>",
	         "85a5eba4-ab0f-11d6-bcf2-00039396ecf2@contoso.com pine.lnx.4.44.02-1@contoso.com"},
	};
	static const struct example addresses[] = {
		{"References: John Smith <john@contoso.com>, ann@contoso.com", "john@contoso.com ann@contoso.com"},
		{"Comments: In-reply-to Robert <kre@contoso.com>", "kre@contoso.com"},
		{"Return-Path: <20020809052725.GX3169@contoso.com>", "20020809052725.gx3169@contoso.com"},
		{"From: <123456789012.x@contoso.com>\nfor <123456789012.y@contoso.com>;",
	         "123456789012.x@contoso.com 123456789012.y@contoso.com"},
		{"{\"uid\":\"anna@contoso.com\", \"id\": \"bob@contoso.com\"} uid=carl@contoso.com",
	         "anna@contoso.com bob@contoso.com carl@contoso.com"},
		{"Message-ID: none\nTo: <anna@contoso.com>", "anna@contoso.com"},
		{"michael012389150776@contoso.com <michael.r012389150776@contoso.com>",
	         "michael012389150776@contoso.com michael.r012389150776@contoso.com"},
	};
	CHECK_EXAMPLES(FINDING_MESSAGE_ID, ids);
	CHECK_EXAMPLES(FINDING_EMAIL, addresses);
	static const struct example none[] = {{"{\"messageId\": \"<1@a.com>\"}", ""}, {"References: <1@a.com> <2@b.com>", ""}};
	CHECK_EXAMPLES(FINDING_EMAIL, none);
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
		cmocka_unit_test(finds_addresses),         cmocka_unit_test(undoes_what_text_did),
		cmocka_unit_test(leaves_other_things),     cmocka_unit_test(knows_what_names_a_message),
		cmocka_unit_test(takes_the_longest_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_domain;

static void finds_hosts(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"www.contoso.com, Contoso.de and CONTOSO.COM.", "www.contoso.com contoso.de contoso.com"},
		{"visit contoso.co.uk/about or contoso.com:8080", "contoso.co.uk contoso.com"},
		{"*.contoso.com //cdn.contoso.net/x.js", "contoso.com cdn.contoso.net"},
		{"müller.de 请访问www.contoso.com谢谢", "xn--mller-kva.de www.contoso.com"},
		{"www.contoso.zip mail.contoso.rs web-1.contoso.it planetcontoso.it",
	         "www.contoso.zip mail.contoso.rs web-1.contoso.it planetcontoso.it"},
		{"host=db1.contoso.com;user=x", "db1.contoso.com"},
		{"contoso.com.Next", "contoso.com"},
		{"return:www.contoso.com", "www.contoso.com"},
	};
	CHECK_EXAMPLES(FINDING_DOMAIN, examples);
	assert_string_equal(detector_domain.name, "domain");
}

static void leaves_files_and_programs(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"report.doc main.py readme.md run.sh lib.rs a.zip x.mov foo.pl index.html image.ai", ""},
		{"src/contoso.com C:\\x\\contoso.com ~contoso.com $contoso.com _x.contoso.com", ""},
		{"java.net System.Net ASP.NET com.contoso.app org.apache.commons.net", ""},
		{"this.state.name request.user.id foo.call() window.location.host e.target x.map(y)", ""},
		{"e.g. i.e. end.It began U.S. p.m. No.1 3.14 1.2.3.com.exe", ""},
		{"contoso contoso. .com co.uk contoso..com contoso.invalidtld", ""},
		{"contoso.com=1 contoso.com(", ""},
		{"X-Mailman-Version: 2.0.9-sf.net, 1.2-3.contoso.com 1-2-3-4.pool.contoso.net 9-contoso.net",
	         "1-2-3-4.pool.contoso.net 9-contoso.net"},
		{"urn:fdc:peppol.eu:2017:poacc:billing:3.0 urn:cen.eu:en16931:2017 URN:x:www.contoso.com", ""},
	};
	CHECK_EXAMPLES(FINDING_DOMAIN, examples);
}

static void leaves_what_addresses_and_urls_carry(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"anna.com@contoso.com first.last.com+tag@contoso.com", ""},
		{"https://contoso.com/fabrikam.com?x=www.fabrikam.com", ""},
		{"https://contoso.com, www.fabrikam.com", "www.fabrikam.com"},
	};
	CHECK_EXAMPLES(FINDING_DOMAIN, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_hosts),
		cmocka_unit_test(leaves_files_and_programs),
		cmocka_unit_test(leaves_what_addresses_and_urls_carry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

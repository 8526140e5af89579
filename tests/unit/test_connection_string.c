/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_connection_string;

static void tells_what_a_key_opens(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"DefaultEndpointsProtocol=https;AccountName=Contoso;AccountKey=c2VjcmV0c2VjcmV0;EndpointSuffix=core.windows.net",
	         "https://contoso.blob.core.windows.net/"},
		{"CONNECTION=\"AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=core.chinacloudapi.cn\"",
	         "https://contoso.blob.core.chinacloudapi.cn/"},
		{"accountname=contoso;accountkey=c2VjcmV0", "https://contoso.blob.core.windows.net/"},
		{"x=DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=c2VjcmV0",
	         "https://contoso.blob.core.windows.net/"},
	};
	CHECK_EXAMPLES(FINDING_STORAGE_URL, examples);
	assert_string_equal(detector_connection_string.name, "connection-string");
}

static void leaves_what_names_no_account(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{";AccountKey=c2VjcmV0", ""},
		{"Server=tcp:db;User Id=sa;Password=x", ""},
		{"AccountName=contoso; AccountKey=c2VjcmV0", ""},
		{"AccountName=;AccountKey=c2VjcmV0", ""},
		{"AccountName=a b;AccountKey=c2VjcmV0", ""},
	};
	CHECK_EXAMPLES(FINDING_STORAGE_URL, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_a_key_opens),
		cmocka_unit_test(leaves_what_names_no_account),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

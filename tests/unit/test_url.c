/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

#include "detector/redact.h"

extern const struct detector detector_url;

static void finds_and_normalises(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"see HTTPS://WWW.Contoso.COM:443/A/b?q=1#f.", "https://www.contoso.com/A/b?q=1#f"},
		{"http://contoso.com http://contoso.com:80 http://contoso.com:8080",
	         "http://contoso.com/ http://contoso.com/ http://contoso.com:8080/"},
		{"https://müller.de/straße", "https://xn--mller-kva.de/straße"},
		{"http://[2001:DB8:0:0::1]:8080/x http://10.1.2.3/", "http://[2001:db8::1]:8080/x http://10.1.2.3/"},
		{"http://localhost:3000/x http://intranet/x http://server.local/x",
	         "http://localhost:3000/x http://intranet/x http://server.local/x"},
		{"http://contoso.com./x http://contoso.com?x=1", "http://contoso.com/x http://contoso.com/?x=1"},
		{"sftp://files.contoso.com/x wss://ws.contoso.com", "sftp://files.contoso.com/x wss://ws.contoso.com/"},
	};
	CHECK_EXAMPLES(FINDING_URL, examples);
	assert_string_equal(detector_url.name, "url");
}

static void ends_where_the_text_goes_on(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"(see http://contoso.com/a_(b)).", "http://contoso.com/a_(b)"},
		{"[x](https://contoso.com/a), <https://contoso.com/b>; \"https://contoso.com/c\"",
	         "https://contoso.com/a https://contoso.com/b https://contoso.com/c"},
		{"'https://contoso.com/a'b https://contoso.com/it's", "https://contoso.com/a https://contoso.com/it's"},
		{"https://contoso.com/a&quot; https://contoso.com/b?c=d&amp;e=f",
	         "https://contoso.com/a https://contoso.com/b?c=d&amp;e=f"},
		{"https://contoso.com/a，次 “https://contoso.com/b”", "https://contoso.com/a https://contoso.com/b"},
		{"https://contoso.com/ahttps://fabrikam.com/b", "https://contoso.com/a https://fabrikam.com/b"},
		{"https://contoso.com/?u=https://fabrikam.com/b", "https://contoso.com/?u= https://fabrikam.com/b"},
		{"https://contoso.comPhone", "https://contoso.com/"},
		{"http://contoso.com,http://fabrikam.com", "http://contoso.com/ http://fabrikam.com/"},
		{"https://api.contoso.com/v1/{id}", "https://api.contoso.com/v1/"},
	};
	CHECK_EXAMPLES(FINDING_URL, examples);
}

static void leaves_other_things(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"http:// http://. http:/// http://www http://... https://? x://contoso.com file:///etc", ""},
		{"http://1.2.3 http://300.1.1.1 http://[::zz]/ http://-", ""},
		{"tls3://x.y aws://b/k", ""},
	};
	CHECK_EXAMPLES(FINDING_URL, examples);
	CHECK_EXAMPLES(FINDING_STORAGE_URL, examples);
}

static void knows_storage(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"https://acct.blob.core.windows.net/cont/a%20b.pdf?sv=1&sig=x",
	         "https://acct.blob.core.windows.net/cont/a%20b.pdf"},
		{"https://acct-secondary.blob.core.windows.net/cont az://acct/cont/k",
	         "https://acct.blob.core.windows.net/cont https://acct.blob.core.windows.net/cont/k"},
		{"abfss://cont@acct.dfs.core.windows.net/k wasbs://cont@acct.blob.core.windows.net/k https://acct.dfs.core.windows.net/cont/k",
	         "https://acct.blob.core.windows.net/cont/k https://acct.blob.core.windows.net/cont/k "
	         "https://acct.blob.core.windows.net/cont/k"},
		{"https://acct.z13.web.core.windows.net/x https://acct.z01.blob.storage.azure.net/c https://a1c.blob.core.usgovcloudapi.net/c",
	         "https://acct.z13.web.core.windows.net/x https://acct.z01.blob.storage.azure.net/c "
	         "https://a1c.blob.core.usgovcloudapi.net/c"},
		{"s3://my-bucket/k https://my-bucket.s3.amazonaws.com/k https://s3.eu-west-1.amazonaws.com/my-bucket/k "
	         "https://my-bucket.s3-us-west-2.amazonaws.com/k http://my-bucket.s3-website.eu-west-1.amazonaws.com/k "
	         "https://my-bucket.s3.dualstack.eu-west-1.amazonaws.com/k",
	         "https://my-bucket.s3.amazonaws.com/k https://my-bucket.s3.amazonaws.com/k https://my-bucket.s3.amazonaws.com/k "
	         "https://my-bucket.s3.amazonaws.com/k https://my-bucket.s3.amazonaws.com/k https://my-bucket.s3.amazonaws.com/k"},
		{"https://my.dotted.bucket.s3.amazonaws.com/", "https://my.dotted.bucket.s3.amazonaws.com/"},
		{"https://space.nyc3.digitaloceanspaces.com/k https://nyc3.digitaloceanspaces.com/space/k "
	         "https://s3.wasabisys.com/buck/k https://buck.oss-cn-hangzhou.aliyuncs.com/k",
	         "https://space.nyc3.digitaloceanspaces.com/k https://space.nyc3.digitaloceanspaces.com/k "
	         "https://buck.s3.wasabisys.com/k https://buck.oss-cn-hangzhou.aliyuncs.com/k"},
		{"gs://buck/k https://storage.googleapis.com/buck/k https://buck.storage.googleapis.com/k "
	         "https://firebasestorage.googleapis.com/v0/b/buck/o/k%2Fl?alt=media&token=1",
	         "https://storage.googleapis.com/buck/k https://storage.googleapis.com/buck/k https://storage.googleapis.com/buck/k "
	         "https://storage.googleapis.com/buck/k%2Fl"},
		/* Which the one table knew and the other did not. */
		{"https://objects-us-east-1.dream.io/buck/k https://buck.objects-us-east-1.dream.io/k "
	         "az://acct.blob.core.windows.net/cont/k https://acct-secondary.dfs.core.chinacloudapi.cn/cont",
	         "https://buck.objects-us-east-1.dream.io/k https://buck.objects-us-east-1.dream.io/k "
	         "https://acct.blob.core.windows.net/cont/k https://acct.blob.core.chinacloudapi.cn/cont"},
		{"https://storage.yandexcloud.net/buck/k https://buck.s3.eu-west-1.io.cloud.ovh.net/k "
	         "https://f001.backblazeb2.com/file/buck/k https://objectstorage.us-1.oraclecloud.com/n/x/b/y https://pub-1.r2.dev/k "
	         "https://storage.googleapis.com/storage/v1/b/buck/o/k https://storage.cloud.google.com/buck/k",
	         "https://buck.storage.yandexcloud.net/k https://buck.s3.eu-west-1.io.cloud.ovh.net/k "
	         "https://f001.backblazeb2.com/file/buck/k https://objectstorage.us-1.oraclecloud.com/n/x/b/y https://pub-1.r2.dev/k "
	         "https://storage.googleapis.com/buck/k https://storage.googleapis.com/buck/k"},
		{"https://x.dream.io/k https://www.oraclecloud.com/n/x https://f001.backblazeb2.com/x https://queue.googleapis.com/a/b "
	         "https://a.queue.core.windows.net/x",
	         ""},
		{"http://s3.amazonaws.com/doc/2006-03-01/ https://ec2.amazonaws.com/x https://s3.amazonaws.com/ "
	         "https://www.googleapis.com/auth/drive https://blob.core.windows.net/x",
	         ""},
	};
	CHECK_EXAMPLES(FINDING_STORAGE_URL, examples);
}

static void check_redacted(const char *url, const char *masked, const char *dropped)
{
	struct buffer into = buffer_with_ceiling(4096);
	redact_append(&into, bytes_of_string(url), REDACT_MASK);
	assert_string_equal(buffer_string(&into), masked);
	buffer_reset(&into);
	redact_append(&into, bytes_of_string(url), REDACT_DROP);
	assert_string_equal(buffer_string(&into), dropped);
	buffer_free(&into);
}

static void cuts_secrets(void **state)
{
	(void)state;
	check_redacted("https://a/b?sv=2020&sig=ab%2Bc%3D&se=1", "https://a/b?sv=2020&sig=***&se=1", "https://a/b?sv=2020&se=1");
	check_redacted("https://a/b?sig=x&se=1", "https://a/b?sig=***&se=1", "https://a/b?se=1");
	check_redacted("https://a/b?X-Amz-Signature=x", "https://a/b?X-Amz-Signature=***", "https://a/b");
	check_redacted("https://a/b?X-Goog-Signature=x#p", "https://a/b?X-Goog-Signature=***#p", "https://a/b#p");
	check_redacted("https://a/b?AWSAccessKeyId=x&Expires=1&Signature=y",
	               "https://a/b?AWSAccessKeyId=***&Expires=1&Signature=***", "https://a/b?Expires=1");
	check_redacted("https://u:p@a/b", "https://***@a/b", "https://a/b");
	check_redacted("https://a/?u=https%3A%2F%2Fb%3Fsig%3Dxyz%26se%3D1", "https://a/?u=https%3A%2F%2Fb%3Fsig%3D***%26se%3D1",
	               "https://a/?u=https%3A%2F%2Fb%3Fse%3D1");
	check_redacted("https://a/?u=b%253Fsig%253Dxyz", "https://a/?u=b%253Fsig%253D***", "https://a/?u=b");
	check_redacted("https://a/#access_token=x&b=1", "https://a/#access_token=***&b=1", "https://a/#b=1");
	check_redacted("https://a/?b=1&amp;sig=x", "https://a/?b=1&amp;sig=***", "https://a/?b=1");
	check_redacted("https://a/?sig=s&x=ftp://u:p@h/", "https://a/?sig=***&x=ftp://***@h/", "https://a/?x=ftp://h/");
	check_redacted("https://a/sig=x?design=1", "https://a/sig=x?design=1", "https://a/sig=x?design=1");
	check_redacted("abfss://c@a.dfs.core.windows.net/k", "abfss://c@a.dfs.core.windows.net/k",
	               "abfss://c@a.dfs.core.windows.net/k");
}

static void stores_no_secret(void **state)
{
	(void)state;
	struct buffer values = buffer_with_ceiling(4096), raws = buffer_with_ceiling(4096);
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	scan_text(FINDING_URL, BYTES_LITERAL("x https://u:pw@contoso.com/a?sig=topsecret y"), &values, &raws);
	assert_string_equal(buffer_string(&values), "https://contoso.com/a");
	assert_string_equal(buffer_string(&raws), "https://***@contoso.com/a?sig=***");
	buffer_free(&values);
	buffer_free(&raws);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_and_normalises), cmocka_unit_test(ends_where_the_text_goes_on),
		cmocka_unit_test(leaves_other_things),  cmocka_unit_test(knows_storage),
		cmocka_unit_test(cuts_secrets),         cmocka_unit_test(stores_no_secret),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Access logs and indexes as their services document them, record by record. */
#include "logs/logs.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define AZURE(url, key, auth, address, agent) \
	"1.0;2022-09-24T09:01:00.1234567Z;GetBlob;AnonymousSuccess;200;17;16;" auth ";;acme;blob;\"" url "\";\"" key \
	"\";0000-1;0;" address \
	";2021-12-02;283;0;354;23;0;;;\"\"0x8D15A2DE7E5E7F6\"\";Thursday, 19-Jun-14 22:58:10 GMT;;\"" agent "\";;\"44dfd78e\"\n"

/* What was read, as lines. */
static enum status append_record(void *context, const struct access_record *record)
{
	char time[CLOCK_TEXT_SIZE];
	buffer_append_format(context, "%s %d%d %u %llu ", clock_format(record->time, time), record->caller, record->verb,
	                     record->status, (unsigned long long)record->bytes);
	const struct bytes texts[] = {record->account, record->container, record->object, record->version, record->network};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		buffer_append(context, texts[i]);
		buffer_append_byte(context, '|');
	}
	buffer_append_string(context, record->names_itself_so ? "us\n" : "\n");
	return STATUS_OK;
}

static enum status go_on(void *context)
{
	(void)context;
	return STATUS_OK;
}

static void reads(const char *log, enum log_kind kind, uint64_t unread, const char *expected)
{
	struct buffer got = buffer_with_ceiling(1 << 16);
	struct log_figures figures;
	const struct log_sink sink = {append_record, go_on, &got};
	assert_int_equal(log_read(bytes_of_string(log), &sink, &figures), STATUS_OK);
	assert_string_equal(buffer_string(&got), expected);
	assert_int_equal(figures.kind, kind);
	assert_int_equal(figures.unread, unread);
	buffer_free(&got);
}

static void storage_analytics(void **state)
{
	(void)state;
	reads(AZURE("https://acme.blob.core.windows.net:443/open/a%20b.eml", "/acme/open/a b.eml", "anonymous", "192.0.2.7:4711",
	            "curl"),
	      LOG_AZURE, 0, "2022-09-24T09:01:00Z 11 200 23 acme|open|a b.eml||192.0.2.0/24|\n");
	reads(AZURE("https://acme.blob.core.windows.net/open/x?a=1&amp;versionid=2022-01-01T00%3A00%3A00.0000000Z",
	            "/acme/open/x", "sas", "[2001:db8:aa:1::5]:99", "tidemark/0.1.0 (x)"),
	      LOG_AZURE, 0, "2022-09-24T09:01:00Z 21 200 23 acme|open|x|2022-01-01T00:00:00.0000000Z|2001:db8:aa::/48|us\n");
	/* At the root, behind an endpoint of somebody's own, of a static site, and where the URL is missing. */
	reads(AZURE("https://acme.blob.core.windows.net/x", "/acme/x", "anonymous", "",
	            "") AZURE("http://127.0.0.1:10000/acme/open/x", "/acme/open/x", "anonymous", "::ffff:192.0.2.9", "")
	              AZURE("https://acme.z6.web.core.windows.net/a/i.html", "/acme/$web/a/i.html", "anonymous", "nobody", "")
	                      AZURE("", "/acme/open/y", "authenticated", "10.0.0.1", ""),
	      LOG_AZURE, 0,
	      "2022-09-24T09:01:00Z 11 200 23 acme|$root|x|||\n"
	      "2022-09-24T09:01:00Z 11 200 23 acme|open|x||192.0.2.0/24|\n"
	      "2022-09-24T09:01:00Z 11 200 23 acme|$web|a/i.html|||\n"
	      "2022-09-24T09:01:00Z 31 200 23 acme|open|y||10.0.0.0/24|\n");
}

static void storage_blob_logs(void **state)
{
	(void)state;
	static const char settings[] =
		"{\"time\":\"2022-09-24T09:01:00Z\",\"operationName\":\"ListBlobs\",\"statusCode\":200,\"callerIpAddress\":\"192.0.2.7:1\","
		"\"correlationId\":\"c\",\"identity\":{\"type\":\"Anonymous\"},\"properties\":{\"accountName\":\"acme\",\"responseBodySize\":9},"
		"\"uri\":\"https://acme.blob.core.windows.net:443/open?restype=container&comp=list\"}";
	char wrapped[4096];
	snprintf(wrapped, sizeof wrapped, "{\"records\":[%s,{\"x\":\"}\"}]}", settings);
	reads(settings, LOG_BLOB_JSON, 0, "2022-09-24T09:01:00Z 12 200 9 acme|open|||192.0.2.0/24|\n");
	reads(wrapped, LOG_BLOB_JSON, 1, "2022-09-24T09:01:00Z 12 200 9 acme|open|||192.0.2.0/24|\n");
	reads("[{\"TimeGenerated\":\"2022-09-24T09:01:00.1Z\",\"AccountName\":\"acme\",\"OperationName\":\"GetBlob\",\"StatusCode\":\"206\","
	      "\"CorrelationId\":\"c\",\"Uri\":\"https://acme.blob.core.windows.net/open/x\",\"AuthenticationType\":\"OAuth\",\"ResponseBodySize\":7}]",
	      LOG_BLOB_JSON, 0, "2022-09-24T09:01:00Z 31 206 7 acme|open|x|||\n");
}

#define S3(requester, key, uri, agent, auth) \
	"79a5 files [06/Feb/2023:01:00:38 +0100] 192.0.2.3 " requester " 3E57 REST.GET.OBJECT " key " \"GET " uri \
	" HTTP/1.1\" 200 - 113 113 7 6 \"-\" \"" agent "\" v1 s9lz= - ECDHE " auth " files.s3.amazonaws.com TLSV1.2 - -\n"

static void s3_server_access(void **state)
{
	(void)state;
	reads(S3("-", "a%2520b", "/files/a%20b", "x\" 9 \"y", "-") S3("-", "a%2520b", "/a%2520b", "tidemark/1", "-")
	              S3("arn:x", "k", "/k?X-Amz-Signature=1", "", "QueryString") S3("arn:x", "k", "/k", "", "AuthHeader"),
	      LOG_S3, 0,
	      "2023-02-06T00:00:38Z 11 200 113 |files|a b|v1|192.0.2.0/24|\n"
	      "2023-02-06T00:00:38Z 11 200 113 |files|a%20b|v1|192.0.2.0/24|us\n"
	      "2023-02-06T00:00:38Z 21 200 113 |files|k|v1|192.0.2.0/24|\n"
	      "2023-02-06T00:00:38Z 31 200 113 |files|k|v1|192.0.2.0/24|\n");
}

static void indexes(void **state)
{
	(void)state;
	reads("net,x)/ 20220301120000 https://a.test/x text/plain 200 AAAA - - 28\nnet,x)/ 20221301120000 https://a.test/x text/plain 200 B\n"
	      "net,x)/ 20220301120000 {\"url\": \"https://a.test/y\", \"status\": \"404\"}\n",
	      LOG_CDX, 1,
	      "2022-03-01T12:00:00Z 43 200 0 ||https://a.test/x|AAAA||\n2022-03-01T12:00:00Z 43 404 0 ||https://a.test/y|||\n");
	reads("url,holder,seen\n\"https://a.test/x,y\",One,2022-02-03\n", LOG_INDEX_CSV, 0,
	      "2022-02-03T00:00:00Z 43 0 0 One||https://a.test/x,y|||\n");
}

static enum status keep_identity(void *context, const struct access_record *record)
{
	memcpy(context, record->identity, sizeof record->identity);
	return STATUS_OK;
}

static void identity_in(const char *log, unsigned char identity[ACCESS_IDENTITY_SIZE])
{
	struct log_figures figures;
	const struct log_sink sink = {keep_identity, go_on, identity};
	assert_int_equal(log_read(bytes_of_string(log), &sink, &figures), STATUS_OK);
}

static void one_request_has_one_identity(void **state)
{
	(void)state;
	unsigned char in_analytics[ACCESS_IDENTITY_SIZE], in_json[ACCESS_IDENTITY_SIZE], of_another[ACCESS_IDENTITY_SIZE];
	identity_in(AZURE("https://acme.blob.core.windows.net/open/x", "/acme/open/x", "anonymous", "192.0.2.7:1", "a"),
	            in_analytics);
	identity_in("{\"time\":\"2022-09-24T09:01:00Z\",\"operationName\":\"GetBlob\",\"correlationId\":\"0000-1\","
	            "\"properties\":{\"accountName\":\"acme\"},\"uri\":\"https://acme.blob.core.windows.net:443/open/x\"}",
	            in_json);
	identity_in(AZURE("https://acme.blob.core.windows.net/open/y", "/acme/open/y", "anonymous", "192.0.2.7:1", "a"),
	            of_another);
	assert_memory_equal(in_analytics, in_json, sizeof in_json);
	assert_memory_not_equal(in_analytics, of_another, sizeof of_another);
}

static void nothing_else_is_a_log(void **state)
{
	(void)state;
	static const char *const none[] = {"", "a letter to somebody, of one line\n", "{\"a\":1}", "a;b;c\n1;2;3\n",
	                                   "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{"};
	struct log_figures figures;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		const struct log_sink sink = {append_record, go_on, NULL};
		assert_int_equal(log_read(bytes_of_string(none[i]), &sink, &figures), STATUS_UNSUPPORTED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(storage_analytics),
		cmocka_unit_test(storage_blob_logs),
		cmocka_unit_test(s3_server_access),
		cmocka_unit_test(indexes),
		cmocka_unit_test(one_request_has_one_identity),
		cmocka_unit_test(nothing_else_is_a_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

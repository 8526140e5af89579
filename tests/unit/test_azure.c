/* SPDX-License-Identifier: Apache-2.0 */
/* provider/azure: signing, listings no text file can hold, and credentials that go nowhere else. */
#include "base/digest.h"
#include "credential-kit.h"
#include "provider/azure.h"
#include "target-kit.h"

/* ---- signing ---- */

/* The worked example of "Authorize with Shared Key". */
static void signs_the_string_of_the_documentation(void **state)
{
	(void)state;
	struct request request = {
		.method = "GET",
		.url = BYTES_LITERAL(
			"http://myaccount.blob.core.windows.net/mycontainer?restype=container&comp=metadata&timeout=20"),
	};
	request_add_header(&request, "x-ms-version", BYTES_LITERAL("2015-02-21"));
	request_add_header(&request, "x-ms-date", BYTES_LITERAL("Fri, 26 Jun 2015 23:39:12 GMT"));
	struct buffer text = buffer_with_ceiling(4096);
	azure_append_string_to_sign(&text, &request, BYTES_LITERAL("myaccount"));
	assert_text(buffer_bytes(&text),
	            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\n"
	            "x-ms-version:2015-02-21\n/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20");
	buffer_free(&text);
}

static void signs_ranges_conditions_and_decoded_queries(void **state)
{
	(void)state;
	struct request request = {
		.method = "GET",
		.url = BYTES_LITERAL(
			"http://127.0.0.1:1/acme/open/a%20b?Marker=2%2176%21&include=versions%2Csnapshots&include=deleted"),
	};
	request_add_header(&request, "Range", BYTES_LITERAL("bytes=0-9"));
	request_add_header(&request, "If-Match", BYTES_LITERAL("\"0x1\""));
	request_add_header(&request, "x-ms-version", BYTES_LITERAL(" 2023-11-03 "));
	request_add_header(&request, "x-ms-client-request-id", BYTES_LITERAL("id"));
	struct buffer text = buffer_with_ceiling(4096);
	azure_append_string_to_sign(&text, &request, BYTES_LITERAL("acme"));
	assert_text(buffer_bytes(&text), "GET\n\n\n\n\n\n\n\n\"0x1\"\n\n\nbytes=0-9\nx-ms-client-request-id:id\n"
	                                 "x-ms-version:2023-11-03\n/acme/acme/open/a%20b\ninclude:deleted,versions,snapshots\n"
	                                 "marker:2!76!");
	buffer_free(&text);
}

static struct credential credential_of(const char *account, const char *key, const char *sas)
{
	struct credential credential = {.kind = CREDENTIAL_NONE};
	struct failure failure = {.why = ""};
	enum status status = read_credential(account, key, sas, &arena, &credential, &failure);
	if (status != STATUS_OK)
		print_error("%s %s\n", failure.where, failure.why);
	assert_int_equal(status, STATUS_OK);
	return credential;
}

static struct request sign(const char *target_text, const struct credential *credential)
{
	struct target target = target_of(target_text);
	struct terms terms = {.dialect = 0};
	struct page_options options = {.size = 0};
	struct request request;
	struct occasion occasion = {.now = 1435361952, .request_id = "00000000-0000-4000-8000-000000000000"};
	assert_int_equal(provider_of(PROVIDER_AZURE)->ask_page(&target, &terms, &options, BYTES_NONE, &arena, &request),
	                 STATUS_OK);
	assert_int_equal(azure_sign(&request, &target, credential, &occasion, &arena), STATUS_OK);
	return request;
}

static const char key[] = "dGlkZW1hcmsgZmFrZSBrZXkgZm9yIHRlc3RzIG9ubHk=";

static void a_shared_key_makes_an_authorization(void **state)
{
	(void)state;
	struct credential credential = credential_of("contoso", key, "");
	struct request request = sign("az://contoso/backup", &credential);
	assert_true(bytes_start_with(request.authorization, BYTES_LITERAL("SharedKey contoso:")));
	assert_int_equal(request.authorization.len, strlen("SharedKey contoso:") + 44);
	assert_int_equal(request.secret_query.len, 0);
	struct reply headers = {.headers = request.headers, .header_count = request.header_count};
	assert_text(reply_header(&headers, "x-ms-date"), "Fri, 26 Jun 2015 23:39:12 GMT");
	assert_text(reply_header(&headers, "x-ms-client-request-id"), "00000000-0000-4000-8000-000000000000");
	/* The same by hand. */
	unsigned char mac[DIGEST_SHA256_SIZE];
	struct buffer wanted = buffer_with_ceiling(4096);
	digest_hmac_sha256(
		BYTES_LITERAL("tidemark fake key for tests only"),
		BYTES_LITERAL("GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-client-request-id:00000000-0000-4000-8000-000000000000\n"
	                      "x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2023-11-03\n/contoso/backup\n"
	                      "comp:list\nrestype:container"),
		mac);
	digest_append_base64(&wanted, bytes_of(mac, sizeof mac));
	assert_text(bytes_from(request.authorization, strlen("SharedKey contoso:")), buffer_string(&wanted));
	buffer_free(&wanted);
}

static void a_signature_stays_out_of_the_url(void **state)
{
	(void)state;
	struct credential credential = credential_of("contoso", "", "?sv=2022-11-02&sig=abc%3D");
	struct request request = sign("az://contoso/backup", &credential);
	assert_text(request.secret_query, "sv=2022-11-02&sig=abc%3D");
	assert_text(request.url, "https://contoso.blob.core.windows.net/backup?restype=container&comp=list");
	assert_int_equal(request.authorization.len, 0);
}

static void a_credential_goes_only_to_the_account_it_names(void **state)
{
	(void)state;
	static const struct {
		const char *account, *target;
		bool fits;
	} rows[] = {
		{"contoso", "az://contoso/backup", true},
		{"Contoso", "az://contoso/backup", true},
		{"contoso", "https://contoso-secondary.blob.core.windows.net/backup", true},
		{"contoso", "https://contoso.blob.core.usgovcloudapi.net/backup", true},
		{"contoso", "az://fabrikam/backup", false},
		{"contoso", "az+http://127.0.0.1:10000/contoso/backup", true},
		{"contoso", "az+http://127.0.0.1:10000/fabrikam/backup", false},
		{"contoso", "az+https://storage.evil.example/contoso/backup", false},
		{"storage.own.example:443/contoso", "az+https://storage.own.example/contoso/backup", true},
		{"127.0.0.1:10000/contoso", "az+http://127.0.0.1:10000/contoso/backup", true},
		{"127.0.0.1:10001/contoso", "az+http://127.0.0.1:10000/contoso/backup", false},
		{"127.0.0.1:10000/contoso", "az://contoso/backup", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct credential credential = credential_of(rows[i].account, key, "");
		struct target target = target_of(rows[i].target);
		if (credential_fits(&credential, &target) != rows[i].fits)
			print_error("%s %s\n", rows[i].account, rows[i].target);
		assert_int_equal(credential_fits(&credential, &target), rows[i].fits);
		struct request request = sign(rows[i].target, &credential);
		assert_int_equal(request.authorization.len > 0, rows[i].fits);
	}
	assert_false(credential_fits(NULL, &(struct target){.port = 0}));
}

static void credentials_that_make_no_sense_are_refused_unseen(void **state)
{
	(void)state;
	static const struct {
		const char *account, *key, *sas, *where;
	} rows[] = {
		{"", key, "", "AZURE_STORAGE_ACCOUNT"},
		{"", "", "sv=1&sig=S3CRET", "AZURE_STORAGE_ACCOUNT"},
		{"contoso", "S3CRET!", "", "AZURE_STORAGE_KEY"},
		{"contoso", "", "S3CRET", "AZURE_STORAGE_SAS_TOKEN"},
		{"contoso", "", "sv=1&sig=", "AZURE_STORAGE_SAS_TOKEN"},
		{"contoso", "", "sig=S3CRET x", "AZURE_STORAGE_SAS_TOKEN"},
		{"contoso", "", "sig=S3CRET\r\nHost: x", "AZURE_STORAGE_SAS_TOKEN"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct credential credential;
		struct failure failure = {.why = ""};
		assert_int_equal(read_credential(rows[i].account, rows[i].key, rows[i].sas, &arena, &credential, &failure),
		                 STATUS_USAGE);
		assert_string_equal(failure.where, rows[i].where);
		assert_null(strstr(failure.why, "S3CRET"));
	}
	assert_int_equal(credential_of("", "", "").kind, CREDENTIAL_NONE);
	assert_int_equal(credential_of("contoso", key, "sig=x").kind, CREDENTIAL_SHARED_KEY);
	assert_string_equal(credential_of("contoso", key, "sig=x").source, "AZURE_STORAGE_KEY");
	assert_string_equal(credential_of(" contoso ", "", " ?sig=x\n").source, "AZURE_STORAGE_SAS_TOKEN");
}

/* ---- listings ---- */

static enum status read_page(const char *text, struct page *ret_page)
{
	struct target target = {.port = 0};
	return azure_read_page(&target, bytes_of_string(text), &arena, ret_page);
}

static void reads_a_byte_order_mark_and_encoded_names(void **state)
{
	(void)state;
	struct page page;
	assert_int_equal(read_page("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>"
	                           "<Blob><Name Encoded=\"true\">bell%01%2F50%25.txt</Name></Blob>"
	                           "<Blob><Name Encoded=\"true\">end%EF%BF%BF.txt</Name></Blob>"
	                           "<Blob><Name Encoded=\"false\">100%25.txt</Name></Blob>"
	                           "<Blob><Name>  two  blanks  </Name></Blob>"
	                           "<Blob><Name>\xc3\xbc/\xe6\x97\xa5<![CDATA[<&>]]>&#x1F600;</Name></Blob>"
	                           "</Blobs><NextMarker /></EnumerationResults>",
	                           &page),
	                 STATUS_OK);
	assert_int_equal(page.count, 5);
	assert_text(page.objects[0].name, "bell\x01/50%.txt");
	assert_text(page.objects[1].name, "end\xef\xbf\xbf.txt");
	assert_text(page.objects[2].name, "100%25.txt");
	assert_text(page.objects[3].name, "  two  blanks  ");
	assert_text(page.objects[4].name, "\xc3\xbc/\xe6\x97\xa5<&>\xf0\x9f\x98\x80");
	assert_true(page.is_last);
}

static const char whole[] =
	"<?xml version=\"1.0\"?><EnumerationResults><Blobs><Blob><Name>a</Name><VersionId>v</VersionId><Properties>"
	"<Content-Length>1</Content-Length><Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5></Properties></Blob>"
	"<Blob><Name>b</Name></Blob></Blobs><NextMarker>m</NextMarker></EnumerationResults>";

static void a_page_cut_anywhere_is_malformed(void **state)
{
	(void)state;
	struct page page = {.count = 99};
	struct target target = {.port = 0};
	for (size_t len = 0; len + 1 < sizeof whole; len++) {
		char *cut = malloc(len + 1); /* exact, so that reading past it is seen */
		memcpy(cut, whole, len);
		assert_int_equal(azure_read_page(&target, bytes_of(cut, len), &arena, &page), STATUS_MALFORMED);
		assert_int_equal(page.count, 99);
		free(cut);
	}
	assert_int_equal(read_page(whole, &page), STATUS_OK);
	assert_int_equal(page.count, 2);
	assert_text(page.next, "m");
}

static void hostile_pages_end_quickly(void **state)
{
	(void)state;
	struct page page;
	assert_int_equal(read_page("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><EnumerationResults><Blobs>"
	                           "<Blob><Name>&b;</Name></Blob></Blobs></EnumerationResults>",
	                           &page),
	                 STATUS_MALFORMED);
	struct buffer text = buffer_with_ceiling(64 << 20);
	buffer_append_string(&text, "<EnumerationResults><Blobs>");
	for (size_t i = 0; i < 100000; i++)
		buffer_append_string(&text, "<Blob>");
	assert_int_equal(read_page(buffer_string(&text), &page), STATUS_MALFORMED);
	buffer_reset(&text);
	buffer_append_string(&text, "<EnumerationResults><Blobs><Blob><Name>");
	for (size_t i = 0; i < 10 << 20; i++)
		buffer_append_byte(&text, 'a');
	buffer_append_string(&text, "</Name></Blob></Blobs></EnumerationResults>");
	assert_int_equal(read_page(buffer_string(&text), &page), STATUS_MALFORMED);
	buffer_reset(&text);
	buffer_append_string(&text, "<EnumerationResults><Blobs>");
	for (size_t i = 0; i <= PROVIDER_PAGE_OBJECTS_MAX; i++)
		buffer_append_string(&text, "<Blob><Name>a</Name></Blob>");
	buffer_append_string(&text, "</Blobs></EnumerationResults>");
	assert_int_equal(read_page(buffer_string(&text), &page), STATUS_MALFORMED);
	buffer_free(&text);
}

static void memory_that_ends_is_told(void **state)
{
	(void)state;
	struct page page;
	struct target target = {.port = 0};
	for (size_t ceiling = 0; ceiling < 600; ceiling += 16) {
		struct arena small = arena_with_ceiling(ceiling);
		enum status status = azure_read_page(&target, bytes_of_string(whole), &small, &page);
		assert_true(status == STATUS_NO_MEMORY || status == STATUS_OK);
		arena_free(&small);
	}
}

static void names_of_inventories_and_logs_are_known(void **state)
{
	(void)state;
	static const char *const known[] = {
		"2026/11/30/04-00-00/daily/daily.csv",
		"2026/11/30/04-00-00/daily/daily_1000000_0.parquet",
		"below/a prefix/2026/11/30/04-00-00/r/r-manifest.checksum",
		"blob/2026/11/30/0400/000000.log",
		"resourceId=/SUBSCRIPTIONS/1/y=2026/m=11/PT1H.json",
	};
	static const char *const others[] = {
		"",
		"/",
		"//",
		"2026/11/30/04-00-00/",
		"2026/11/30/04-00-00/daily.csv",
		"2026/11/30/04-00-00//x.csv",
		"2026/11/30/04-00-00/daily/other.csv",
		"2026-11-30/daily/daily.csv",
		"blob/2026/11/30/0400/",
		"PT1H.json",
		"a/b/c",
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_true(azure_is_inventory(bytes_of_string(known[i])));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (azure_is_inventory(bytes_of_string(others[i])))
			print_error("%s\n", others[i]);
		assert_false(azure_is_inventory(bytes_of_string(others[i])));
	}
	assert_true(azure_is_log_container(BYTES_LITERAL("$logs")));
	assert_true(azure_is_log_container(BYTES_LITERAL("insights-logs-storageread")));
	assert_false(azure_is_log_container(BYTES_LITERAL("logs")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(signs_the_string_of_the_documentation, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(signs_ranges_conditions_and_decoded_queries, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_shared_key_makes_an_authorization, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_signature_stays_out_of_the_url, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_credential_goes_only_to_the_account_it_names, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(credentials_that_make_no_sense_are_refused_unseen, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(reads_a_byte_order_mark_and_encoded_names, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_page_cut_anywhere_is_malformed, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(hostile_pages_end_quickly, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(memory_that_ends_is_told, make_arena, free_arena),
		cmocka_unit_test(names_of_inventories_and_logs_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* provider/azure-act: writes as documentation words them, and replies however they come. */
#include "provider/azure-act.h"
#include "provider/azure-identity.h"
#include "provider/azure.h"
#include "target-kit.h"

#include <stdio.h>

static const struct terms newest = {.dialect = 0};
static const char moment[] = "2022-01-01T00:00:00.0000000Z";

static struct bytes header_of(const struct request *request, const char *name)
{
	struct reply as_reply = {.headers = request->headers, .header_count = request->header_count};
	return reply_header(&as_reply, name);
}

static struct request ask(struct act_step step)
{
	struct target target = target_of("az://contoso/backup");
	struct request request;
	assert_int_equal(azure_ask_step(&target, &newest, &step, &arena, &request), STATUS_OK);
	return request;
}

static void words_each_verb(void **state)
{
	(void)state;
	struct act_step step = {.verb = ACT_DELETE, .object = BYTES_LITERAL("a b/\xc3\xa9?.txt"), .etag = BYTES_LITERAL("0x8D")};
	struct request request = ask(step);
	assert_string_equal(request.method, "DELETE");
	assert_text(request.url, "https://contoso.blob.core.windows.net/backup/a%20b/%C3%A9%3F.txt");
	assert_text(header_of(&request, "If-Match"), "\"0x8D\"");
	assert_int_equal(header_of(&request, "x-ms-delete-snapshots").len, 0);
	/* A snapshot never changes: it needs no condition. */
	step.version = bytes_of_string(moment);
	step.is_snapshot = true;
	request = ask(step);
	assert_true(bytes_end_with(request.url, BYTES_LITERAL("?snapshot=2022-01-01T00%3A00%3A00.0000000Z")));
	assert_int_equal(header_of(&request, "If-Match").len, 0);
	step.is_snapshot = false;
	step.verb = ACT_DELETE_PERMANENTLY;
	assert_true(
		bytes_end_with(ask(step).url, BYTES_LITERAL("?versionid=2022-01-01T00%3A00%3A00.0000000Z&deletetype=permanent")));
	step = (struct act_step){.verb = ACT_UNDELETE, .object = BYTES_LITERAL("a")};
	assert_true(bytes_end_with(ask(step).url, BYTES_LITERAL("/a?comp=undelete")));
	step = (struct act_step){.verb = ACT_SET_TIER, .object = BYTES_LITERAL("a"), .value = BYTES_LITERAL("Archive")};
	request = ask(step);
	assert_string_equal(request.method, "PUT");
	assert_text(header_of(&request, "x-ms-access-tier"), "Archive");
}

static void what_no_url_can_name_is_not_asked_for(void **state)
{
	(void)state;
	struct target target = target_of("az://contoso/backup");
	struct request request;
	const struct act_step step = {.verb = ACT_DELETE, .object = BYTES_LITERAL("a/../../other/b")};
	assert_int_equal(azure_ask_step(&target, &newest, &step, &arena, &request), STATUS_UNSUPPORTED);
}

static void keeps_the_policies_of_a_container(void **state)
{
	static const char body[] =
		"\xEF\xBB\xBF<?xml version=\"1.0\"?><SignedIdentifiers><SignedIdentifier><Id>p</Id></SignedIdentifier></SignedIdentifiers>";
	const struct header headers[] = {{BYTES_LITERAL("x-ms-blob-public-access"), BYTES_LITERAL("container")},
	                                 {BYTES_LITERAL("ETag"), BYTES_LITERAL("\"0x8D\"")},
	                                 {BYTES_LITERAL("Last-Modified"), BYTES_LITERAL("Tue, 04 Jun 2019 08:00:00 GMT")}};
	struct reply reply = {200, headers, 3, bytes_of(body, sizeof body - 1)};
	struct target target = target_of("az://contoso/backup");
	struct azure_acl acl;
	struct request request;
	(void)state;
	assert_int_equal(azure_read_acl(&reply, &arena, &acl), STATUS_OK);
	assert_text(acl.level, "container");
	assert_text(acl.etag, "0x8D");
	acl.level = BYTES_NONE;
	assert_int_equal(azure_ask_set_acl(&target, &newest, &acl, &arena, &request), STATUS_OK);
	assert_true(bytes_equal(request.body, bytes_from(reply.body, 3)));
	assert_int_equal(header_of(&request, "x-ms-blob-public-access").len, 0);
	assert_text(header_of(&request, "If-Unmodified-Since"), "Tue, 04 Jun 2019 08:00:00 GMT");
	struct buffer text = buffer_with_ceiling(4096);
	azure_append_string_to_sign(&text, &request, BYTES_LITERAL("contoso"));
	char expected[128];
	snprintf(expected, sizeof expected, "PUT\n\n\n%zu\n\napplication/xml\n", request.body.len);
	assert_true(bytes_start_with(buffer_bytes(&text), bytes_of_string(expected)));
	buffer_free(&text);
	/* What is none is not sent back: it would take the policies away. */
	reply.body = BYTES_LITERAL("<html>welcome</html>");
	assert_int_equal(azure_read_acl(&reply, &arena, &acl), STATUS_MALFORMED);
	reply.body = BYTES_LITERAL("<SignedIdentifiers><SignedIdentifier>");
	assert_int_equal(azure_read_acl(&reply, &arena, &acl), STATUS_MALFORMED);
}

static void reads_and_words_the_service(void **state)
{
	static const char body[] =
		"<?xml version=\"1.0\"?><StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>14</Days>"
		"<AllowPermanentDelete>false</AllowPermanentDelete></DeleteRetentionPolicy><ContainerDeleteRetentionPolicy>"
		"<Enabled>true</Enabled><Days>3</Days></ContainerDeleteRetentionPolicy><StaticWebsite><Enabled>true</Enabled>"
		"<IndexDocument>i.html</IndexDocument></StaticWebsite></StorageServiceProperties>";
	struct target target = target_of("az://contoso/$web");
	struct azure_service service;
	struct request request;
	(void)state;
	assert_int_equal(azure_read_service(bytes_of_string(body), &arena, &service), STATUS_OK);
	assert_int_equal(service.has_site, ANSWER_YES);
	assert_int_equal(service.retention_days, 14);
	assert_int_equal(service.may_delete_permanently, ANSWER_NO);
	assert_text(service.site, "<StaticWebsite><Enabled>true</Enabled><IndexDocument>i.html</IndexDocument></StaticWebsite>");
	assert_int_equal(azure_ask_set_site(&target, &newest, service.site, &arena, &request), STATUS_OK);
	assert_text(request.url, "https://contoso.blob.core.windows.net/?restype=service&comp=properties");
	assert_true(bytes_find(request.body, service.site) != BYTES_NOT_FOUND);
	assert_int_equal(azure_ask_set_site(&target, &newest, BYTES_NONE, &arena, &request), STATUS_OK);
	assert_true(bytes_find(request.body, BYTES_LITERAL("<Enabled>false</Enabled>")) != BYTES_NOT_FOUND);
	assert_int_equal(azure_ask_set_site(&target, &newest, BYTES_LITERAL("<Cors/>"), &arena, &request), STATUS_MALFORMED);
	assert_int_equal(azure_read_service(BYTES_LITERAL("<Error/>"), &arena, &service), STATUS_MALFORMED);
}

/* ---- batches ---- */

static char seen[256];

static void note(void *context, size_t index, const struct reply *reply)
{
	(void)context;
	size_t length = strlen(seen);
	snprintf(seen + length, sizeof seen - length, "%zu=%u(%.*s) ", index, reply->status,
	         (int)reply_header(reply, "x-ms-error-code").len, (const char *)reply_header(reply, "x-ms-error-code").at);
}

static const char *read_batch(const char *type, const char *body, enum status expected)
{
	const struct header headers[] = {{BYTES_LITERAL("Content-Type"), bytes_of_string(type)}};
	const struct reply reply = {202, headers, 1, bytes_of_string(body)};
	seen[0] = '\0';
	assert_int_equal(azure_read_batch(&reply, 3, &arena, note, NULL), expected);
	return seen;
}

#define PART(id, line, more) \
	"--b\r\nContent-Type: application/http\r\nContent-ID: " id "\r\n\r\nHTTP/1.1 " line "\r\n" more "\r\n"
static const char type[] = "multipart/mixed; boundary=b";

static void reads_the_parts_of_a_batch(void **state)
{
	(void)state;
	assert_string_equal(
		read_batch(type, PART("1", "202 Accepted", "") PART("0", "404 Gone", "x-ms-error-code: BlobNotFound\r\n") "--b--",
	                   STATUS_OK),
		"1=202() 0=404(BlobNotFound) ");
	assert_string_equal(read_batch("multipart/mixed; boundary=\"b\"; x=y", PART("2", "503 Busy", "") "--b--", STATUS_OK),
	                    "2=503() ");
}

/* Whatever comes: no step is told twice, none that was not asked for, and nothing is told of what makes no sense. */
static void believes_no_part_that_makes_no_sense(void **state)
{
	(void)state;
	assert_string_equal(read_batch(type,
	                               PART("0", "202 A", "") PART("0", "404 B", "") PART("3", "202 C", "")
	                                       PART("-1", "202 D", "") PART("1", "99 E", "") PART("2", "abc", "") "--b--",
	                               STATUS_OK),
	                    "0=202() ");
	assert_string_equal(read_batch(type, "--b\r\n\r\nHTTP/1.1 202 A\r\n--b--", STATUS_OK), "");
	assert_string_equal(read_batch(type, PART("0", "202 A", ""), STATUS_OK), "0=202() ");
	read_batch("text/html", PART("0", "202 A", ""), STATUS_MALFORMED);
	read_batch(type, "nothing of the kind", STATUS_MALFORMED);
	read_batch("multipart/mixed; boundary=", PART("0", "202 A", ""), STATUS_MALFORMED);
}

static void refusals_mean_what_they_say(void **state)
{
	(void)state;
	assert_int_equal(azure_mean_refusal(412, BYTES_LITERAL("LeaseIdMissing")), ACT_LEASED);
	assert_int_equal(azure_mean_refusal(412, BYTES_LITERAL("ConditionNotMet")), ACT_CHANGED);
	assert_int_equal(azure_mean_refusal(412, BYTES_NONE), ACT_CHANGED);
	assert_int_equal(azure_mean_refusal(409, BYTES_LITERAL("BlobImmutableDueToLegalHold")), ACT_HELD);
	assert_int_equal(azure_mean_refusal(409, BYTES_LITERAL("SnapshotsPresent")), ACT_HAS_SNAPSHOTS);
	assert_int_equal(azure_mean_refusal(409, BYTES_LITERAL("SomethingNew")), ACT_DENIED);
	assert_int_equal(azure_mean_refusal(500, BYTES_LITERAL("OperationTimedOut")), ACT_UNREACHABLE);
	assert_int_equal(azure_mean_refusal(429, BYTES_NONE), ACT_BUSY);
	assert_int_equal(azure_mean_refusal(301, BYTES_NONE), ACT_UNREACHABLE);
}

/* ---- identities ---- */

static enum status read_identity(const char *login, const char *secret, struct azure_identity *ret_identity)
{
	struct failure failure = {.why = ""};
	const struct secrets secrets = {.at = {{BYTES_LITERAL("AZURE_TENANT_ID"), BYTES_LITERAL("tenant-1")},
	                                       {BYTES_LITERAL("AZURE_CLIENT_ID"), BYTES_LITERAL("client-1")},
	                                       {BYTES_LITERAL("AZURE_CLIENT_SECRET"), bytes_of_string(secret)},
	                                       {BYTES_LITERAL("AZURE_SUBSCRIPTION_ID"), BYTES_LITERAL("sub-1")},
	                                       {BYTES_LITERAL("AZURE_AUTHORITY_HOST"), bytes_of_string(login)}},
	                                .count = 5};
	enum status status = azure_identity_read(&secrets, &arena, ret_identity, &failure);
	assert_null(strstr(failure.why, "s3cret"));
	return status;
}

static void a_secret_goes_to_the_login_host_alone(void **state)
{
	static const char *const bad[] = {"http://login.contoso.com", "http://127.0.0.1.contoso.com", "ftp://x", "https://",
	                                  "https://user@host",        "http://localhost@evil"};
	struct azure_identity identity;
	struct request request;
	(void)state;
	assert_int_equal(read_identity("", "s3cret&more", &identity), STATUS_OK);
	assert_int_equal(identity.kind, AZURE_IDENTITY_CLIENT);
	assert_int_equal(azure_ask_token(&identity, AZURE_FOR_MANAGER, &arena, &request), STATUS_OK);
	assert_text(request.url, "https://login.microsoftonline.com/tenant-1/oauth2/v2.0/token");
	assert_text(
		request.body,
		"grant_type=client_credentials&client_id=client-1&client_secret=s3cret%26more&scope=https%3A%2F%2Fmanagement.azure.com%2F.default");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (read_identity(bad[i], "s3cret", &identity) != STATUS_USAGE)
			fail_msg("%s was taken", bad[i]);
	assert_int_equal(read_identity("http://127.0.0.1:8080/", "s3cret", &identity), STATUS_OK);
	assert_text(identity.login, "http://127.0.0.1:8080");
	assert_int_equal(read_identity("", "", &identity), STATUS_OK);
	assert_int_equal(identity.kind, AZURE_IDENTITY_NONE);
}

static void an_account_is_found_by_its_name(void **state)
{
	struct bytes place, bearer;
	enum answer allows;
	(void)state;
	assert_int_equal(
		azure_read_account_place(
			BYTES_LITERAL(
				"{\"value\":[{\"id\":\"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/contoso2\","
				"\"type\":\"Microsoft.Storage/storageAccounts\"},{\"id\":\"/subscriptions/s/resourceGroups/g/providers/"
				"Microsoft.Storage/storageAccounts/contoso\",\"type\":\"Microsoft.Storage/storageAccounts\"}]}"),
			BYTES_LITERAL("contoso"), &arena, &place),
		STATUS_OK);
	assert_true(bytes_end_with(place, BYTES_LITERAL("/contoso")));
	assert_int_equal(azure_read_account_place(BYTES_LITERAL("{\"value\":[]}"), BYTES_LITERAL("contoso"), &arena, &place),
	                 STATUS_ABSENT);
	assert_int_equal(
		azure_read_account_place(
			BYTES_LITERAL("{\"value\":[{\"id\":\"/subscriptions/../evil?/contoso\",\"type\":\"Microsoft.Storage/"
	                              "storageAccounts\"}]}"),
			BYTES_LITERAL("contoso"), &arena, &place),
		STATUS_ABSENT);
	assert_int_equal(azure_read_account(BYTES_LITERAL("{\"properties\":{\"allowBlobPublicAccess\":false}}"), &arena, &allows),
	                 STATUS_OK);
	assert_int_equal(allows, ANSWER_NO);
	assert_int_equal(azure_read_account(BYTES_LITERAL("{\"properties\":{\"allowBlobPublicAccess\":null}}"), &arena, &allows),
	                 STATUS_OK);
	assert_int_equal(allows, ANSWER_YES);
	assert_int_equal(azure_read_account(BYTES_LITERAL("{}"), &arena, &allows), STATUS_MALFORMED);
	assert_int_equal(azure_read_token(BYTES_LITERAL("{\"access_token\":\"a\\nb\"}"), &arena, &bearer), STATUS_MALFORMED);
	assert_int_equal(azure_read_token(BYTES_LITERAL("{\"access_token\":\"abc\"}"), &arena, &bearer), STATUS_OK);
	assert_text(bearer, "Bearer abc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_each_verb),
		cmocka_unit_test(what_no_url_can_name_is_not_asked_for),
		cmocka_unit_test(keeps_the_policies_of_a_container),
		cmocka_unit_test(reads_and_words_the_service),
		cmocka_unit_test(reads_the_parts_of_a_batch),
		cmocka_unit_test(believes_no_part_that_makes_no_sense),
		cmocka_unit_test(refusals_mean_what_they_say),
		cmocka_unit_test(a_secret_goes_to_the_login_host_alone),
		cmocka_unit_test(an_account_is_found_by_its_name),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}

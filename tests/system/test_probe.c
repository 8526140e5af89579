/* SPDX-License-Identifier: Apache-2.0 */
/* Probing the fake: every row of the verdict table, its evidence, and what is not asked. */
#include "probing/probe.h"
#include "scope/scope.h"
#include "scope/target.h"
#include "tests/system/fake.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct prober {
	struct arena arena;
	struct fake fake;
	struct scope scope;
	struct net *net;
};

static bool allow(void *context, const char *method, struct bytes url)
{
	const struct prober *prober = context;
	return scope_allows_url(&prober->scope, method, url);
}

static void start(struct prober *prober, const char *scenario)
{
	*prober = (struct prober){.arena = arena_with_ceiling(64 << 20), .fake = fake_start(scenario)};
	prober->scope = scope_new(&prober->arena);
	struct net_settings settings = {
		.allow = allow,
		.allow_context = prober,
		.back_off_milliseconds = 2,
		.stall_seconds = 1,
		.other_attempts = 2,
	};
	assert_int_equal(net_new(&settings, &prober->net), STATUS_OK);
}

static void stop(struct prober *prober)
{
	net_free(prober->net);
	fake_stop(&prober->fake);
	arena_free(&prober->arena);
}

static struct verdict probe(struct prober *prober, const char *container)
{
	struct target target = fake_target(&prober->fake, container, &prober->arena);
	struct probe_settings settings = {.random = "0123456789abcde"};
	struct verdict verdict = {.kind = VERDICT_UNKNOWN};
	struct failure failure = {.why = ""};
	assert_int_equal(scope_add_target(&prober->scope, &target, NULL), STATUS_OK);
	enum status status = probe_target(prober->net, &target, &settings, &prober->arena, &verdict, &failure);
	if (status != STATUS_OK)
		print_error("%s: %s\n", failure.where, failure.why);
	assert_int_equal(status, STATUS_OK);
	assert_true(verdict.advice.len > 20);
	assert_true(bytes_equal_string(verdict.vantage, "this machine"));
	assert_int_equal(verdict.static_site, ANSWER_NOT_ESTABLISHED);
	assert_true(verdict.static_site_why.len > 20);
	assert_int_equal(verdict.anonymous.write, ANSWER_NO);
	return verdict;
}

static void print_evidence(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->evidence_count; i++)
		print_error("  %s %.*s %u %.*s\n", verdict->evidence[i].method, (int)verdict->evidence[i].url.len,
		            (const char *)verdict->evidence[i].url.at, verdict->evidence[i].status,
		            (int)verdict->evidence[i].code.len, (const char *)verdict->evidence[i].code.at);
}

/* answers: of list, read, versions, snapshots, deleted, acl: y, n or ?. */
static void assert_verdict(struct prober *prober, const char *container, enum verdict_kind kind, const char *answers,
                           size_t evidence_count)
{
	static const char letters[] = "?ny";
	struct verdict verdict = probe(prober, container);
	const char got[] = {
		letters[verdict.anonymous.list],
		letters[verdict.anonymous.read],
		letters[verdict.anonymous.versions],
		letters[verdict.anonymous.snapshots],
		letters[verdict.anonymous.deleted],
		letters[verdict.anonymous.acl],
		'\0',
	};
	if (verdict.kind != kind || strcmp(got, answers) != 0 || verdict.evidence_count != evidence_count) {
		print_error("%s: %s %s, %zu rows\n", container, verdict_name(verdict.kind), got, verdict.evidence_count);
		print_evidence(&verdict);
	}
	assert_int_equal(verdict.kind, kind);
	assert_string_equal(got, answers);
	assert_int_equal(verdict.evidence_count, evidence_count);
}

static void open_blob_level_and_private(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "open");
	assert_verdict(&prober, "acme/open", VERDICT_LISTABLE, "yynnnn", 7);
	assert_verdict(&prober, "acme/readable", VERDICT_READABLE, "nynnnn", 4);
	assert_verdict(&prober, "acme/closed", VERDICT_PRIVATE_OR_ABSENT, "nnnnnn", 4);
	assert_verdict(&prober, "acme/missing", VERDICT_PRIVATE_OR_ABSENT, "nnnnnn", 4);
	stop(&prober);
}

static void evidence_says_what_was_asked_and_answered(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "open");
	struct verdict verdict = probe(&prober, "acme/open");
	const struct evidence *list = &verdict.evidence[0], *read = &verdict.evidence[2], *acl = &verdict.evidence[6];
	assert_string_equal(list->method, "GET");
	assert_int_equal(list->status, 200);
	assert_int_equal(list->code.len, 0);
	assert_true(bytes_end_with(list->url, BYTES_LITERAL("/acme/open?restype=container&comp=list&maxresults=1")));
	assert_string_equal(read->method, "HEAD");
	assert_true(bytes_end_with(read->url, BYTES_LITERAL("/acme/open/empty.txt")));
	assert_int_equal(acl->status, 401);
	assert_true(bytes_equal_string(acl->code, "NoAuthenticationInformation"));
	assert_true(list->at > 1500000000 && list->at >= verdict.observed_at);
	verdict = probe(&prober, "acme/readable");
	assert_true(bytes_find(verdict.evidence[2].url, BYTES_LITERAL("/readable/tidemark-probe-")) != BYTES_NOT_FOUND);
	assert_int_equal(verdict.evidence[2].status, 404);
	assert_true(bytes_equal_string(verdict.evidence[2].code, "BlobNotFound"));
	assert_true(verdict_is_open(&verdict));
	stop(&prober);
}

static void the_tenant_is_taken_from_the_challenge(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "private");
	struct verdict verdict = probe(&prober, "acme/closed");
	assert_int_equal(verdict.kind, VERDICT_PRIVATE_OR_ABSENT);
	assert_false(verdict_is_open(&verdict));
	assert_true(bytes_equal_string(verdict.tenant, "72f988bf-0000-4000-8000-2d7cd011db47"));
	stop(&prober);
}

static void versions_and_snapshots_are_asked_singly(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "versions-and-snapshots");
	assert_verdict(&prober, "acme/open", VERDICT_LISTABLE, "yyyynn", 7);
	stop(&prober);
}

/* Versions of current objects alone, where the plain listing does not have them; a deleted one beyond the first name. */
static void what_is_ignored_is_not_established(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober,
	      "{\"accounts\":{\"acme\":{\"containers\":{\"open\":{\"public\":\"container\",\"anonymousInclude\":[\"snapshots\","
	      "\"deleted\"],\"blobs\":[{\"name\":\"a\"},{\"name\":\"b\",\"deleted\":true}]},\"empty\":{\"public\":\"container\"},"
	      "\"always\":{\"public\":\"container\",\"blobs\":[{\"name\":\"a\",\"versionId\":\"v2\",\"current\":true}]}}}}}");
	assert_verdict(&prober, "acme/open", VERDICT_LISTABLE, "yyn?yn", 7);
	assert_verdict(&prober, "acme/empty", VERDICT_LISTABLE, "yy???n", 7);
	assert_verdict(&prober, "acme/always", VERDICT_LISTABLE, "yy???n", 7);
	stop(&prober);
}

static void accounts_switched_off_walled_or_disabled(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "account-off");
	assert_verdict(&prober, "acme/open", VERDICT_ACCOUNT_OFF, "nnnnnn", 1);
	stop(&prober);
	start(&prober, "firewall");
	assert_verdict(&prober, "walled/open", VERDICT_UNREACHABLE, "nnnnnn", 4);
	assert_verdict(&prober, "partly/open", VERDICT_LISTABLE, "yy???n", 7);
	stop(&prober);
	start(&prober, "disabled");
	assert_verdict(&prober, "gone/open", VERDICT_UNKNOWN, "nnnnnn", 4);
	assert_verdict(&prober, "secure/open", VERDICT_UNKNOWN, "??????", 4);
	stop(&prober);
}

static void a_firewall_that_answers_something_is_not_unreachable(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "{\"accounts\":{\"acme\":{\"containers\":{\"open\":{\"faults\":[{\"on\":[\"list\",\"properties\"],"
	               "\"error\":\"AuthorizationFailure\"}]}}}}}");
	assert_verdict(&prober, "acme/open", VERDICT_PRIVATE_OR_ABSENT, "nnnnnn", 4);
	stop(&prober);
}

static void an_old_region_and_old_blobs_are_understood(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "old-version-only");
	struct verdict verdict = probe(&prober, "acme/open");
	assert_int_equal(verdict.kind, VERDICT_LISTABLE);
	assert_int_equal(verdict.anonymous.versions, ANSWER_NO);
	verdict = probe(&prober, "acme/closed");
	assert_int_equal(verdict.kind, VERDICT_PRIVATE_OR_ABSENT);
	assert_true(bytes_equal_string(verdict.evidence[0].code, "ResourceNotFound"));
	stop(&prober);
	start(&prober, "append-old-version");
	assert_int_equal(probe(&prober, "acme/open").kind, VERDICT_LISTABLE);
	stop(&prober);
}

static void odd_listings_are_listings(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "bom-and-encoded");
	assert_verdict(&prober, "acme/open", VERDICT_LISTABLE, "yy???n", 7);
	stop(&prober);
	start(&prober, "empty-pages");
	assert_verdict(&prober, "acme/open", VERDICT_LISTABLE, "yy???n", 7);
	stop(&prober);
	start(&prober, "archived");
	assert_verdict(&prober, "acme/open", VERDICT_LISTABLE, "yy???n", 7);
	stop(&prober);
}

static void passing_faults_do_not_count(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober,
	      "{\"accounts\":{\"acme\":{\"containers\":{\"open\":{\"public\":\"container\",\"faults\":["
	      "{\"on\":\"list\",\"times\":5,\"error\":\"ServerBusy\"},{\"on\":\"head\",\"times\":1,\"error\":\"InternalError\"},"
	      "{\"on\":\"properties\",\"times\":2,\"error\":\"OperationTimedOut\"}],\"blobs\":[{\"name\":\"a\"}]}}}}}");
	assert_verdict(&prober, "acme/open", VERDICT_LISTABLE, "yy???n", 7);
	stop(&prober);
}

static void silence_and_throttling_are_verdicts_of_their_own(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "{\"accounts\":{\"acme\":{\"containers\":{\"busy\":{\"public\":\"container\",\"faults\":["
	               "{\"error\":\"ServerBusy\"}]},\"later\":{\"faults\":[{\"error\":\"ServerBusy\","
	               "\"retryAfter\":600}]},\"silent\":{\"faults\":[{\"hang\":true}]}}}}}");
	assert_verdict(&prober, "acme/busy", VERDICT_THROTTLED, "??????", 1);
	assert_verdict(&prober, "acme/silent", VERDICT_UNREACHABLE, "??????", 2);
	struct verdict verdict = probe(&prober, "acme/silent");
	assert_int_equal(verdict.evidence[0].status, 0);
	assert_true(bytes_equal_string(verdict.evidence[0].code, "timed_out"));
	assert_verdict(&prober, "acme/later", VERDICT_THROTTLED, "??????", 1);
	assert_verdict(&prober, "acme/silent", VERDICT_THROTTLED, "??????", 0); /* the account is not asked again so soon */
	stop(&prober);
}

static void a_redirect_out_of_scope_is_told_not_followed(void **state)
{
	(void)state;
	struct prober prober;
	start(&prober, "redirect-out");
	struct verdict verdict = probe(&prober, "acme/moved");
	assert_int_equal(verdict.kind, VERDICT_UNKNOWN);
	assert_int_equal(verdict.anonymous.list, ANSWER_NOT_ESTABLISHED);
	assert_true(bytes_equal_string(verdict.evidence[0].code, "redirected"));
	assert_int_equal(verdict.evidence[0].status, 302);
	for (size_t i = 0; i < verdict.evidence_count; i++)
		assert_true(bytes_find(verdict.evidence[i].url, BYTES_LITERAL("elsewhere")) == BYTES_NOT_FOUND);
	stop(&prober);
	start(&prober, "{\"accounts\":{\"acme\":{\"containers\":{\"moved\":{\"faults\":[{\"redirect\":"
	               "\"http://127.0.0.1:{port}/acme/moved?restype=container&comp=list&sig=S3CRET\"}]}}}}}");
	verdict = probe(&prober, "acme/moved");
	assert_int_equal(verdict.kind, VERDICT_UNKNOWN);
	for (size_t i = 0; i < verdict.evidence_count; i++)
		assert_true(bytes_find(verdict.evidence[i].url, BYTES_LITERAL("S3CRET")) == BYTES_NOT_FOUND);
	stop(&prober);
}

static void who_says_yes_to_everything_is_not_believed(void **state)
{
	(void)state;
	static const char portal[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n"
				     "Connection: close\r\n\r\n<html>Please log in.</html>";
	struct prober prober;
	struct raw_server server;
	start(&prober, "open");
	raw_start(&server, portal, sizeof portal - 1);
	struct fake real = prober.fake;
	prober.fake.port = server.port;
	struct verdict verdict = probe(&prober, "acme/open");
	assert_int_equal(verdict.kind, VERDICT_UNKNOWN);
	assert_int_equal(verdict.anonymous.list, ANSWER_NOT_ESTABLISHED);
	assert_int_equal(verdict.anonymous.read, ANSWER_NOT_ESTABLISHED);
	assert_int_equal(verdict.anonymous.acl, ANSWER_NOT_ESTABLISHED);
	prober.fake = real;
	raw_stop(&server);
	stop(&prober);
}

/* ---- names ---- */

static struct verdict probe_name(const char *written, const struct name_service *service)
{
	struct prober prober = {.arena = arena_with_ceiling(1 << 20)};
	const struct net_settings settings = {.allow = allow, .allow_context = &prober, .other_attempts = 1};
	struct target target = {.port = 0};
	struct verdict verdict = {.kind = VERDICT_UNKNOWN};
	struct failure failure = {.why = ""};
	prober.scope = scope_new(&prober.arena);
	assert_int_equal(net_new(&settings, &prober.net), STATUS_OK);
	assert_int_equal(target_parse(bytes_of_string(written), &prober.arena, &target, &failure), STATUS_OK);
	assert_int_equal(probe_target(prober.net, &target,
	                              &(struct probe_settings){.name_server = service != NULL ? &service->address : NULL},
	                              &prober.arena, &verdict, &failure),
	                 STATUS_OK);
	for (size_t i = 0; i < verdict.evidence_count; i++)
		assert_string_equal(verdict.evidence[i].method, "DNS");
	net_free(prober.net);
	arena_free(&prober.arena);
	verdict.evidence = NULL;
	return verdict;
}

static void a_name_that_is_not_there_is_absent_and_nothing_is_sent(void **state)
{
	(void)state;
	static const char *const known[] = {"windows.net", "com", "azure.net", NULL};
	static const char *const targets[] = {
		"az://nosuchaccount/backup",
		"https://nosuchaccount-secondary.blob.core.windows.net/backup",
		"https://nosuchaccount.z12.blob.storage.azure.net/backup",
		"az+http://storage.contoso.example:81/acct/backup",
	};
	struct name_service service;
	name_service_start(&service, known, 0);
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		struct verdict verdict = probe_name(targets[i], &service);
		assert_int_equal(verdict.kind, VERDICT_ABSENT);
		assert_int_equal(verdict.anonymous.list, ANSWER_NO);
		assert_int_equal(verdict.anonymous.read, ANSWER_NO);
		assert_int_equal(verdict.evidence_count, 2);
	}
	name_service_stop(&service);
	assert_int_equal(service.asked, 8);
	struct verdict verdict = probe_name("az+http://nobody.invalid:10000/acct/backup", NULL);
	assert_int_equal(verdict.kind, VERDICT_ABSENT);
	assert_int_equal(verdict.evidence_count, 1);
}

static void a_resolver_that_fails_or_denies_everything_proves_nothing(void **state)
{
	(void)state;
	static const char *const elsewhere[] = {"example.org", NULL};
	static const struct {
		const char *const *known;
		int code;
		unsigned rows;
	} rows[] = {
		{elsewhere, 0, 2},
		{NULL, 2, 1},
		{NULL, 5, 1},
		{NULL, -1, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct name_service service;
		name_service_start(&service, rows[i].known, rows[i].code);
		struct verdict verdict = probe_name("az://nosuchaccount/backup", &service);
		assert_int_equal(verdict.kind, VERDICT_UNREACHABLE);
		assert_int_equal(verdict.anonymous.list, ANSWER_NOT_ESTABLISHED);
		assert_int_equal(verdict.evidence_count, rows[i].rows);
		name_service_stop(&service);
	}
}

static void folders_have_no_strangers(void **state)
{
	(void)state;
	struct target target = {.container = {.provider = PROVIDER_FOLDER}, .written = BYTES_LITERAL("/srv/mirror")};
	struct probe_settings settings = {.vantage = BYTES_NONE};
	struct arena arena = arena_with_ceiling(1 << 20);
	struct verdict verdict;
	struct failure failure = {.why = ""};
	assert_int_equal(probe_target(NULL, &target, &settings, &arena, &verdict, &failure), STATUS_UNSUPPORTED);
	assert_string_equal(failure.where, "/srv/mirror");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_blob_level_and_private),
		cmocka_unit_test(evidence_says_what_was_asked_and_answered),
		cmocka_unit_test(the_tenant_is_taken_from_the_challenge),
		cmocka_unit_test(versions_and_snapshots_are_asked_singly),
		cmocka_unit_test(what_is_ignored_is_not_established),
		cmocka_unit_test(accounts_switched_off_walled_or_disabled),
		cmocka_unit_test(a_firewall_that_answers_something_is_not_unreachable),
		cmocka_unit_test(an_old_region_and_old_blobs_are_understood),
		cmocka_unit_test(odd_listings_are_listings),
		cmocka_unit_test(passing_faults_do_not_count),
		cmocka_unit_test(silence_and_throttling_are_verdicts_of_their_own),
		cmocka_unit_test(a_redirect_out_of_scope_is_told_not_followed),
		cmocka_unit_test(who_says_yes_to_everything_is_not_believed),
		cmocka_unit_test(a_name_that_is_not_there_is_absent_and_nothing_is_sent),
		cmocka_unit_test(a_resolver_that_fails_or_denies_everything_proves_nothing),
		cmocka_unit_test(folders_have_no_strangers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

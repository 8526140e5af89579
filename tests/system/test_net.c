/* SPDX-License-Identifier: Apache-2.0 */
/* net against servers that misbehave: what is asked again, what is resumed, what is never sent. */
#include "net/net.h"
#include "provider/provider.h"
#include "scope/scope.h"
#include "credential-kit.h"
#include "tests/system/fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- a client as fetch is one ---- */

struct client {
	struct arena arena;
	struct fake fake;
	struct scope scope;
	struct net *net;
	bool is_open; /* the scope is not asked: for the fake's own journal */
};

static bool allow(void *context, const char *method, struct bytes url)
{
	struct client *client = context;
	return client->is_open || scope_allows_url(&client->scope, method, url);
}

static void start(struct client *client, const char *scenario, struct net_settings settings)
{
	*client = (struct client){.arena = arena_with_ceiling(64 << 20)};
	client->fake = fake_start(scenario);
	client->scope = scope_new(&client->arena);
	settings.allow = allow;
	settings.allow_context = client;
	settings.user_agent = "tidemark/test (+https://tidemark.invalid/; tests)";
	if (settings.back_off_milliseconds == 0)
		settings.back_off_milliseconds = 5;
	assert_int_equal(net_new(&settings, &client->net), STATUS_OK);
}

static void stop(struct client *client)
{
	net_free(client->net);
	fake_stop(&client->fake);
	arena_free(&client->arena);
}

/* ---- one thing asked for ---- */

struct asking {
	struct client *client;
	struct target target;
	struct terms terms;
	struct credential *credential;
	bool is_page;
	struct bytes cursor;
	const char *name, *raw_url;
	struct refusal refusal;
	struct buffer body;
	unsigned begins, restarts;
	bool is_done;
	struct net_outcome outcome; /* its bytes are good during done() only */
	unsigned http_status;
};

static enum status word(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *ret_request)
{
	struct asking *asking = context;
	const struct provider *provider = provider_of(PROVIDER_AZURE);
	struct occasion occasion = {.now = attempt->now, .request_id = attempt->request_id};
	struct page_options options = {.size = 0};
	struct object object = {.name = bytes_of_string(asking->name)};
	struct object_part part = {.offset = attempt->received, .length = OBJECT_SIZE_UNKNOWN, .etag = attempt->etag};
	enum status status;
	if (asking->raw_url != NULL) {
		*ret_request = (struct request){.method = "GET", .url = bytes_of_string(asking->raw_url)};
		return STATUS_OK;
	}
	if (asking->is_page)
		status = provider->ask_page(&asking->target, &asking->terms, &options, asking->cursor, arena, ret_request);
	else
		status = provider->ask_object(&asking->target, &asking->terms, &object, &part, arena, ret_request);
	return status == STATUS_OK ? provider->sign(ret_request, &asking->target, asking->credential, &occasion, arena) : status;
}

static enum net_judgement judge(void *context, const struct reply *reply)
{
	struct asking *asking = context;
	if (reply->status < 400)
		return NET_BY_STATUS;
	assert_int_equal(
		provider_of(PROVIDER_AZURE)->read_refusal(reply, &asking->terms, &asking->client->arena, &asking->refusal),
		STATUS_OK);
	switch (asking->refusal.reason) {
	case REFUSAL_BUSY: return NET_BUSY;
	case REFUSAL_PASSING: return NET_PASSING;
	case REFUSAL_TERMS: return NET_AGAIN;
	default: return NET_FINAL;
	}
}

static enum status begin(void *context, const struct reply *reply)
{
	struct asking *asking = context;
	assert_true(reply->status == 200 || reply->status == 206);
	asking->begins++;
	return STATUS_OK;
}

static enum status take(void *context, struct bytes piece)
{
	struct asking *asking = context;
	buffer_append(&asking->body, piece);
	return buffer_status(&asking->body);
}

static void restart(void *context)
{
	struct asking *asking = context;
	asking->restarts++;
	buffer_reset(&asking->body);
}

static void done(void *context, const struct net_outcome *outcome)
{
	struct asking *asking = context;
	assert_false(asking->is_done);
	asking->is_done = true;
	asking->outcome = *outcome;
	asking->http_status = outcome->reply.status;
	if (asking->is_page || asking->raw_url != NULL)
		buffer_append(&asking->body, outcome->reply.body);
}

static struct net_call call_of(struct asking *asking)
{
	bool is_streamed = !asking->is_page && asking->raw_url == NULL;
	asking->body = buffer_with_ceiling(16 << 20);
	return (struct net_call){
		.context = asking,
		.governor = BYTES_LITERAL("azure:acme"),
		.word = word,
		.judge = judge,
		.begin = begin,
		.take = is_streamed ? take : NULL,
		.restart = restart,
		.done = done,
		.body_ceiling = 8 << 20,
		.check_md5 = true,
	};
}

/* Set Container ACL to private, with what the fake takes for a proof. */
static enum status word_write(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *ret_request)
{
	struct asking *asking = context;
	(void)attempt, (void)arena;
	struct request request = {
		.method = "PUT", .url = bytes_of_string(asking->raw_url), .body = BYTES_LITERAL("<SignedIdentifiers />")};
	request_add_header(&request, "x-ms-version", BYTES_LITERAL("2023-11-03"));
	request.secret_query = BYTES_LITERAL("sig=NONE");
	*ret_request = request;
	return STATUS_OK;
}

static bool allow_all(void *context, const char *method, struct bytes url)
{
	(void)context, (void)method, (void)url;
	return true;
}

static enum net_judgement judge_by_status(void *context, const struct reply *reply)
{
	(void)context, (void)reply;
	return NET_BY_STATUS;
}

static struct asking object_of(struct client *client, const char *container, const char *name)
{
	struct asking asking = {.client = client, .name = name};
	asking.target = fake_target(&client->fake, container, &client->arena);
	assert_int_equal(scope_add_target(&client->scope, &asking.target, NULL), STATUS_OK);
	return asking;
}

static enum status perform(struct asking *asking)
{
	struct net_call call = call_of(asking);
	assert_int_equal(net_perform(asking->client->net, &call), STATUS_OK);
	assert_true(asking->is_done);
	assert_int_equal(net_count(asking->client->net), 0);
	return asking->outcome.status;
}

static void forget(struct asking *asking)
{
	buffer_free(&asking->body);
}

/* What the server says was asked, as JSON. */
static struct buffer journal(struct client *client)
{
	char url[64];
	snprintf(url, sizeof url, "http://127.0.0.1:%d/__journal", client->fake.port);
	struct asking asking = {.client = client, .raw_url = url};
	client->is_open = true;
	assert_int_equal(perform(&asking), STATUS_OK);
	client->is_open = false;
	return asking.body;
}

/* The same, though the account is not to be asked. */
static struct buffer journal_of_another_account(struct client *client)
{
	struct net_settings settings = {.allow = allow, .allow_context = client};
	net_free(client->net);
	assert_int_equal(net_new(&settings, &client->net), STATUS_OK);
	return journal(client);
}

static unsigned count_in(const struct buffer *text, const char *part)
{
	unsigned count = 0;
	struct bytes rest = buffer_bytes(text);
	for (size_t at; (at = bytes_find(rest, bytes_of_string(part))) != BYTES_NOT_FOUND; count++)
		rest = bytes_from(rest, at + 1);
	return count;
}

/* ---- listings ---- */

static unsigned list_all(struct client *client, const char *container, unsigned *ret_requests)
{
	unsigned objects = 0;
	struct bytes cursor = BYTES_NONE;
	struct terms terms = {.dialect = 0};
	for (*ret_requests = 0;;) {
		struct asking asking = object_of(client, container, NULL);
		struct page page;
		asking.is_page = true;
		asking.cursor = cursor;
		asking.terms = terms;
		assert_int_equal(perform(&asking), STATUS_OK);
		assert_int_equal(asking.http_status, 200);
		assert_int_equal(
			provider_of(PROVIDER_AZURE)->read_page(&asking.target, buffer_bytes(&asking.body), &client->arena, &page),
			STATUS_OK);
		terms = asking.terms;
		*ret_requests += asking.outcome.attempts;
		objects += (unsigned)page.count;
		cursor = page.next;
		forget(&asking);
		if (page.is_last)
			return objects;
	}
}

static void short_and_empty_pages_are_gone_through(void **state)
{
	(void)state;
	struct client client;
	unsigned requests;
	start(&client, "empty-pages", (struct net_settings){.rate = 0});
	assert_int_equal(list_all(&client, "acme/open", &requests), 10);
	struct buffer text = journal(&client);
	assert_int_equal(count_in(&text, "\"connection\":1,"), requests);
	assert_int_equal(count_in(&text, "tidemark/test (+https://tidemark.invalid/; tests)"), requests);
	assert_int_equal(count_in(&text, "\"x-ms-client-request-id\":\""), requests);
	assert_int_equal(count_in(&text, "\"x-ms-version\":\"2023-11-03\""), requests);
	buffer_free(&text);
	stop(&client);
}

static void the_version_is_stepped_down_where_refused(void **state)
{
	(void)state;
	struct client client;
	unsigned requests;
	start(&client, "old-version-only", (struct net_settings){.rate = 0});
	assert_int_equal(list_all(&client, "acme/open", &requests), 1);
	assert_int_equal(requests, 5);
	stop(&client);
}

static void a_listing_broken_off_is_asked_again(void **state)
{
	(void)state;
	struct client client;
	unsigned requests;
	start(&client, "resets", (struct net_settings){.rate = 0});
	assert_int_equal(list_all(&client, "acme/open", &requests), 4);
	assert_int_equal(requests, 2);
	stop(&client);
}

/* ---- busy ---- */

static void a_busy_account_is_waited_for(void **state)
{
	(void)state;
	struct client client;
	unsigned requests;
	start(&client, "throttled", (struct net_settings){.rate = 0});
	int64_t before = clock_monotonic();
	assert_int_equal(list_all(&client, "acme/first", &requests), 2);
	assert_int_equal(requests, 4);
	assert_true(clock_monotonic() - before >= 3000);
	assert_true(clock_monotonic() - before < 6000);
	struct asking asking = object_of(&client, "acme/first", "patient.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.outcome.attempts, 8);
	assert_true(bytes_start_with(buffer_bytes(&asking.body), BYTES_LITERAL("Seven times busy")));
	forget(&asking);
	asking = object_of(&client, "acme/first", "timed-out.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.outcome.attempts, 3);
	forget(&asking);
	stop(&client);
}

static void busy_without_end_ends_when_nobody_is_answered(void **state)
{
	(void)state;
	struct client client;
	start(&client,
	      "{\"accounts\":{\"acme\":{\"containers\":{\"always\":{\"public\":\"container\","
	      "\"faults\":[{\"error\":\"ServerBusy\"}],\"blobs\":[{\"name\":\"a\"}]}}}}}",
	      (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/always", "a");
	assert_int_equal(perform(&asking), STATUS_BUSY);
	assert_int_equal(asking.outcome.attempts, 8);
	assert_int_equal(asking.http_status, 503);
	forget(&asking);
	stop(&client);
}

static void busy_is_asked_on_while_the_account_answers_others(void **state)
{
	(void)state;
	enum { OTHERS = 200 };
	struct client client;
	start(&client,
	      "{\"accounts\":{\"acme\":{\"containers\":{\"c01\":{\"public\":\"container\",\"blobs\":["
	      "{\"name\":\"stubborn\",\"text\":\"at last\",\"faults\":[{\"times\":20,\"error\":\"ServerBusy\"}]},"
	      "{\"name\":\"easy\",\"text\":\"yes, yes\",\"faults\":[{\"rate\":50}]}]}}}}}",
	      (struct net_settings){.rate = 0, .back_off_milliseconds = 10});
	struct asking stubborn = object_of(&client, "acme/c01", "stubborn"), others[OTHERS];
	struct net_call call = call_of(&stubborn);
	assert_int_equal(net_add(client.net, &call, NULL), STATUS_OK);
	unsigned added = 0;
	while (!stubborn.is_done) {
		if (net_count(client.net) < 3 && added < OTHERS) {
			others[added] = stubborn;
			others[added].name = "easy";
			call = call_of(&others[added]);
			assert_int_equal(net_add(client.net, &call, NULL), STATUS_OK);
			added++;
		}
		assert_int_equal(net_wait(client.net, NULL, 0, 100), STATUS_OK);
	}
	assert_int_equal(stubborn.outcome.status, STATUS_OK);
	assert_int_equal(stubborn.outcome.attempts, 21);
	while (net_count(client.net) > 0)
		assert_int_equal(net_wait(client.net, NULL, 0, 100), STATUS_OK);
	for (unsigned i = 0; i < added; i++) {
		assert_int_equal(others[i].outcome.status, STATUS_OK);
		forget(&others[i]);
	}
	forget(&stubborn);
	stop(&client);
}

/* What one call heard is true for all of that account: they end without asking once more. */
static void who_asks_to_come_back_tomorrow_is_left_alone(void **state)
{
	(void)state;
	struct client client;
	struct asking asking[3];
	start(&client,
	      "{\"accounts\":{\"acme\":{\"containers\":{\"c01\":{\"public\":\"container\",\"blobs\":[{\"name\":\"a\",\"faults\":["
	      "{\"error\":\"ServerBusy\",\"retryAfter\":90000}]},{\"name\":\"b\"}]}}}}}",
	      (struct net_settings){.connections = 1});
	for (unsigned i = 0; i < 3; i++) {
		asking[i] = object_of(&client, "acme/c01", i == 0 ? "a" : "b");
		struct net_call call = call_of(&asking[i]);
		assert_int_equal(net_add(client.net, &call, NULL), STATUS_OK);
	}
	int64_t before = clock_monotonic();
	while (net_count(client.net) > 0)
		assert_int_equal(net_wait(client.net, NULL, 0, -1), STATUS_OK);
	assert_true(clock_monotonic() - before < 5000);
	assert_int_equal(asking[0].outcome.retry_after, 90000);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(asking[i].outcome.status, STATUS_BUSY);
		assert_in_range(asking[i].outcome.retry_after, 89990, 90000);
		assert_true(strstr(asking[i].outcome.why, " s, which is beyond --patience") != NULL);
		forget(&asking[i]);
	}
	struct buffer text = journal_of_another_account(&client);
	assert_int_equal(count_in(&text, "\"path\":\"/acme/"), 1);
	buffer_free(&text);
	stop(&client);
}

static void all_of_a_throttled_container_is_read(void **state)
{
	(void)state;
	struct client client;
	struct asking asking[30];
	char names[30][32];
	start(&client, "throttled", (struct net_settings){.rate = 0});
	for (unsigned i = 0; i < 30; i++) {
		snprintf(names[i], sizeof names[i], "obj-%02u.txt", i);
		asking[i] = object_of(&client, "acme/third", names[i]);
		struct net_call call = call_of(&asking[i]);
		assert_int_equal(net_add(client.net, &call, NULL), STATUS_OK);
	}
	while (net_count(client.net) > 0)
		assert_int_equal(net_wait(client.net, NULL, 0, -1), STATUS_OK);
	unsigned read = 0;
	for (unsigned i = 0; i < 30; i++) {
		assert_int_equal(asking[i].outcome.status, STATUS_OK);
		read += asking[i].http_status == 200;
		forget(&asking[i]);
	}
	assert_true(read >= 29); /* numbering may start at 0 or 1 */
	stop(&client);
}

static void the_rate_is_kept(void **state)
{
	(void)state;
	struct client client;
	struct asking asking[11];
	start(&client, "open", (struct net_settings){.rate = 20});
	int64_t before = clock_monotonic();
	for (unsigned i = 0; i < 11; i++) {
		asking[i] = object_of(&client, "acme/open", "letters/offer.txt");
		struct net_call call = call_of(&asking[i]);
		assert_int_equal(net_add(client.net, &call, NULL), STATUS_OK);
	}
	while (net_count(client.net) > 0)
		assert_int_equal(net_wait(client.net, NULL, 0, -1), STATUS_OK);
	assert_true(clock_monotonic() - before >= 490);
	for (unsigned i = 0; i < 11; i++)
		forget(&asking[i]);
	stop(&client);
}

/* ---- broken bodies ---- */

static void a_reset_is_resumed_where_it_broke_off(void **state)
{
	(void)state;
	struct client client;
	start(&client, "resets", (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/open", "thrice.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.body.len, 1000000);
	assert_int_equal(asking.outcome.received, 1000000);
	assert_int_equal(asking.begins, 1);
	assert_false(asking.outcome.md5_differs);
	for (size_t i = 0; i < asking.body.len; i++)
		assert_int_equal(asking.body.at[i], "Resumed. "[i % 9]);
	struct buffer text = journal(&client);
	assert_int_equal(count_in(&text, "\"range\":\"bytes="), asking.outcome.attempts - 1);
	assert_int_equal(count_in(&text, "\"if-match\":"), asking.outcome.attempts - 1);
	buffer_free(&text);
	forget(&asking);
	stop(&client);
}

static void what_never_comes_ends_after_some_attempts(void **state)
{
	(void)state;
	struct client client;
	start(&client, "resets", (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/open", "never.txt");
	enum status status = perform(&asking);
	assert_true(status == STATUS_TRUNCATED || status == STATUS_UNREACHABLE);
	assert_int_equal(asking.outcome.attempts, 4);
	forget(&asking);
	stop(&client);
}

static void silence_is_not_waited_for_for_ever(void **state)
{
	(void)state;
	struct client client;
	start(&client, "resets", (struct net_settings){.rate = 0, .stall_seconds = 1, .other_attempts = 2});
	struct asking asking = object_of(&client, "acme/open", "stalled.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.body.len, 3000);
	assert_int_equal(asking.outcome.attempts, 2);
	forget(&asking);
	asking = object_of(&client, "acme/silent", "x");
	assert_int_equal(perform(&asking), STATUS_TIMED_OUT);
	forget(&asking);
	asking = object_of(&client, "acme/open", "slow.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	forget(&asking);
	stop(&client);
}

/* ---- patience ---- */

static const char slow_container[] = "{\"accounts\":{\"acme\":{\"containers\":{\"slow\":{\"public\":\"container\",\"blobs\":["
				     "{\"name\":\"mute\",\"faults\":[{\"hang\":true}]},"
				     "{\"name\":\"drops\",\"size\":100000,\"faults\":[{\"rate\":20}]},"
				     "{\"name\":\"steady\",\"size\":700000,\"faults\":[{\"rate\":200000}]},"
				     "{\"name\":\"busy\",\"faults\":[{\"error\":\"ServerBusy\",\"retryAfter\":1}]},"
				     "{\"name\":\"quick\",\"text\":\"hello\"}]}}}}}";

static void patience_ends_what_gets_nowhere_and_nothing_else(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum status status;
	} rows[] = {
		{"mute", STATUS_TIMED_OUT},
		{"drops", STATUS_TIMED_OUT},
		{"busy", STATUS_BUSY},
		{"steady", STATUS_OK},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct client client;
		start(&client, slow_container, (struct net_settings){.patience = 1500});
		struct asking asking = object_of(&client, "acme/slow", rows[i].name);
		int64_t before = clock_monotonic();
		assert_int_equal(perform(&asking), rows[i].status);
		int64_t took = clock_monotonic() - before;
		if (rows[i].status == STATUS_OK)
			assert_true(asking.body.len == 700000 && took > 2 * 1500);
		else
			assert_true(took < 10000 && asking.outcome.why[0] != '\0');
		forget(&asking);
		stop(&client);
	}
}

/* One at a time, so each waits for those before it. */
static void perform_all(struct client *client, const char *const *names, struct asking *asking, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		asking[i] = object_of(client, "acme/slow", names[i]);
		struct net_call call = call_of(&asking[i]);
		assert_int_equal(net_add(client->net, &call, NULL), STATUS_OK);
	}
	while (net_count(client->net) > 0)
		assert_int_equal(net_wait(client->net, NULL, 0, -1), STATUS_OK);
	for (size_t i = 0; i < count; i++)
		forget(&asking[i]);
}

static void many_that_get_nowhere_share_their_patience(void **state)
{
	(void)state;
	enum { COUNT = 40 };
	struct client client;
	struct asking asking[COUNT];
	const char *names[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		names[i] = "mute";
	start(&client, slow_container, (struct net_settings){.patience = 1000, .connections = 1});
	int64_t before = clock_monotonic();
	perform_all(&client, names, asking, COUNT);
	assert_true(clock_monotonic() - before < 10000);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(asking[i].outcome.status, STATUS_TIMED_OUT);
	assert_true(asking[1].outcome.attempts > 0);
	assert_int_equal(asking[COUNT - 1].outcome.attempts, 0);
	assert_true(strstr(asking[COUNT - 1].outcome.why, "not asked") != NULL);
	stop(&client);
}

static void progress_gives_all_patience_back(void **state)
{
	(void)state;
	static const char *const names[] = {"mute", "mute", "quick", "mute", "mute", "quick"};
	enum { COUNT = 6 };
	struct client client;
	struct asking asking[COUNT];
	start(&client, slow_container, (struct net_settings){.patience = 1000, .connections = 1});
	for (size_t i = 0; i < COUNT; i++) {
		perform_all(&client, &names[i], &asking[i], 1);
		if (asking[i].outcome.status == STATUS_OK)
			net_note_progress(client.net);
		assert_int_equal(asking[i].outcome.status, names[i][0] == 'q' ? STATUS_OK : STATUS_TIMED_OUT);
		assert_true(asking[i].outcome.attempts > 0);
	}
	/* Silence is a fault after three quarters of patience: who has all of it asks again. */
	assert_int_equal(asking[1].outcome.attempts, 1);
	assert_int_equal(asking[3].outcome.attempts, 2);
	stop(&client);
}

static void what_a_run_was_held_before_counts(void **state)
{
	(void)state;
	static const char *const name = "quick";
	struct client client;
	struct asking asking;
	start(&client, slow_container, (struct net_settings){.patience = 60000, .held = 150000});
	perform_all(&client, &name, &asking, 1);
	assert_int_equal(asking.outcome.status, STATUS_TIMED_OUT);
	assert_int_equal(asking.outcome.attempts, 0);
	stop(&client);
	start(&client, slow_container, (struct net_settings){.patience = 60000, .held = 120000});
	perform_all(&client, &name, &asking, 1);
	assert_int_equal(asking.outcome.status, STATUS_OK);
	stop(&client);
}

static void lengths_and_md5_are_checked(void **state)
{
	(void)state;
	struct client client;
	start(&client, "truncated", (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/open", "once.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.body.len, 10000);
	forget(&asking);
	asking = object_of(&client, "acme/open", "always.txt");
	assert_int_equal(perform(&asking), STATUS_TRUNCATED);
	forget(&asking);
	asking = object_of(&client, "acme/open", "wrong-md5.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_true(asking.outcome.md5_differs);
	assert_int_equal(asking.restarts, 1);
	assert_true(bytes_equal_string(buffer_bytes(&asking.body), "Not what was stored.\n"));
	forget(&asking);
	asking = object_of(&client, "acme/open", "no-md5.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_false(asking.outcome.md5_differs);
	forget(&asking);
	stop(&client);
}

static void what_changes_between_ranges_is_noticed(void **state)
{
	(void)state;
	struct client client;
	start(&client, "changed", (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/open", "between-ranges.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.http_status, 412);
	assert_int_equal(asking.refusal.status, STATUS_CHANGED);
	forget(&asking);
	stop(&client);
}

/* ---- scope ---- */

static void redirects_are_followed_within_scope_only(void **state)
{
	(void)state;
	struct client client;
	start(&client, "redirect-out", (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/open", "inside.txt");
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_true(bytes_start_with(buffer_bytes(&asking.body), BYTES_LITERAL("Reached")));
	forget(&asking);
	static const char *const outside[] = {"other-container.txt", "other-host.txt", "circle.txt"};
	for (size_t i = 0; i < 3; i++) {
		asking = object_of(&client, "acme/open", outside[i]);
		assert_int_equal(perform(&asking), STATUS_REDIRECTED);
		assert_int_equal(asking.body.len, 0);
		forget(&asking);
	}
	struct buffer text = journal(&client);
	assert_int_equal(count_in(&text, "elsewhere"), 0);
	assert_int_equal(count_in(&text, "trap"), 0);
	assert_int_equal(count_in(&text, "circle.txt"), 1);
	buffer_free(&text);
	stop(&client);
}

/* a -> b -> c -> a: each is asked once; 1 -> 2 -> ... never ends, and is left. */
static void circles_end_at_the_first_repeat(void **state)
{
	(void)state;
	struct client client;
	struct buffer scenario = buffer_with_ceiling(1 << 16);
	buffer_append_string(&scenario,
	                     "{\"accounts\":{\"acme\":{\"containers\":{\"open\":{\"public\":\"container\",\"blobs\":[");
	for (unsigned i = 0; i < 12; i++)
		buffer_append_format(&scenario,
		                     "%s{\"name\":\"n%u\",\"faults\":[{\"redirect\":\"http://127.0.0.1:{port}/acme/open/n%u\"}]}",
		                     i > 0 ? "," : "", i, i == 2 ? 0 : i + 1);
	buffer_append_string(&scenario, "]}}}}}");
	start(&client, buffer_string(&scenario), (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/open", "n0");
	assert_int_equal(perform(&asking), STATUS_REDIRECTED);
	forget(&asking);
	struct buffer text = journal(&client);
	assert_int_equal(count_in(&text, "\"path\":\"/acme/open/n"), 3);
	buffer_free(&text);
	asking = object_of(&client, "acme/open", "n3");
	assert_int_equal(perform(&asking), STATUS_REDIRECTED);
	forget(&asking);
	text = journal(&client);
	assert_int_equal(count_in(&text, "\"path\":\"/acme/open/n"), 3 + 6);
	buffer_free(&text);
	buffer_free(&scenario);
	stop(&client);
}

static const char account_key[] = "dGlkZW1hcmsgZmFrZSBrZXkgZm9yIHRlc3RzIG9ubHk=";

static void secrets_do_not_follow_redirects(void **state)
{
	(void)state;
	struct client client;
	struct credential credential;
	struct failure failure = {.why = ""};
	start(&client,
	      "{\"accounts\":{\"acme\":{\"key\":\"dGlkZW1hcmsgZmFrZSBrZXkgZm9yIHRlc3RzIG9ubHk=\",\"containers\":"
	      "{\"open\":{\"public\":\"container\",\"blobs\":[{\"name\":\"to\",\"text\":\"there\"},{\"name\":\"from\","
	      "\"faults\":[{\"redirect\":\"http://127.0.0.1:{port}/acme/open/to\"}]}]}}}}}",
	      (struct net_settings){.rate = 0});
	assert_int_equal(read_credential("acme", account_key, "", &client.arena, &credential, &failure), STATUS_OK);
	struct asking asking = object_of(&client, "acme/open", "from");
	asking.credential = &credential;
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_true(bytes_equal_string(buffer_bytes(&asking.body), "there"));
	struct buffer text = journal(&client);
	assert_int_equal(count_in(&text, "\"authorization\":true"), 1);
	buffer_free(&text);
	forget(&asking);
	assert_int_equal(read_credential("acme", "", "sv=1&sig=S3CRET", &client.arena, &credential, &failure), STATUS_OK);
	asking = object_of(&client, "acme/open", "from");
	asking.credential = &credential;
	assert_int_equal(perform(&asking), STATUS_OK);
	text = journal(&client);
	assert_int_equal(count_in(&text, "\"sig\":"), 1);
	assert_true(bytes_find(bytes_of_string(asking.outcome.why), BYTES_LITERAL("S3CRET")) == BYTES_NOT_FOUND);
	buffer_free(&text);
	forget(&asking);
	stop(&client);
}

static void what_is_out_of_scope_is_never_sent(void **state)
{
	(void)state;
	struct client client;
	start(&client, "open", (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/open", "a");
	asking.target = fake_target(&client.fake, "acme/readable", &client.arena);
	assert_int_equal(perform(&asking), STATUS_DENIED);
	assert_int_equal(asking.outcome.attempts, 0);
	forget(&asking);
	struct buffer text = journal(&client);
	assert_true(bytes_equal_string(buffer_bytes(&text), "[]"));
	buffer_free(&text);
	stop(&client);
}

static void keys_and_signatures_open_private_containers(void **state)
{
	(void)state;
	struct client client;
	struct credential credential;
	struct failure failure = {.why = ""};
	start(&client, "shared-key", (struct net_settings){.rate = 0});
	assert_int_equal(read_credential("acme", account_key, "", &client.arena, &credential, &failure), STATUS_OK);
	struct asking asking = object_of(&client, "acme/closed", "dir/a b.txt");
	asking.credential = &credential;
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.http_status, 200);
	struct asking list = asking;
	list.is_done = false;
	list.is_page = true;
	list.cursor = BYTES_LITERAL("2!64!MDAwMDEwIXNlY3JldC50eHQhMDAwMDI4ISE-+/=&");
	assert_int_equal(perform(&list), STATUS_OK);
	assert_int_not_equal(list.http_status, 403);
	forget(&list);
	forget(&asking);
	stop(&client);
	start(&client, "sas", (struct net_settings){.rate = 0});
	assert_int_equal(read_credential("acme", "", "?sv=2022-11-02&sr=c&sp=rl&se=2099-01-01T00:00:00Z&sig=RkFLRStmdWxsLw%3D%3D",
	                                 &client.arena, &credential, &failure),
	                 STATUS_OK);
	asking = object_of(&client, "acme/closed", "secret.txt");
	asking.credential = &credential;
	assert_int_equal(perform(&asking), STATUS_OK);
	assert_int_equal(asking.http_status, 200);
	forget(&asking);
	stop(&client);
}

/* ---- servers that are none ---- */

static struct net_outcome ask_raw(const char *answer, size_t length, int *ret_served)
{
	struct client client = {.arena = arena_with_ceiling(1 << 20), .is_open = true};
	struct raw_server server;
	char url[64];
	struct net_settings settings = {
		.allow = allow, .allow_context = &client, .other_attempts = 2, .back_off_milliseconds = 1};
	raw_start(&server, answer, length);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/x", server.port);
	assert_int_equal(net_new(&settings, &client.net), STATUS_OK);
	struct asking asking = {.client = &client, .raw_url = url};
	struct net_call call = call_of(&asking);
	call.body_ceiling = 100000;
	assert_int_equal(net_perform(client.net, &call), STATUS_OK);
	forget(&asking);
	net_free(client.net);
	raw_stop(&server);
	arena_free(&client.arena);
	*ret_served = server.served;
	return asking.outcome;
}

static void servers_that_make_no_sense_are_survived(void **state)
{
	(void)state;
	static const struct {
		const char *answer;
		enum status status;
		int served;
	} rows[] = {
		{"", STATUS_UNREACHABLE, 2},
		{"hello\r\n\r\n", STATUS_MALFORMED, 1},
		{"SSH-2.0-OpenSSH_9.2\r\n", STATUS_MALFORMED, 1},
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", STATUS_TRUNCATED, 2},
		{"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nabc", STATUS_TRUNCATED, 2},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", STATUS_TRUNCATED, 2},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n", STATUS_TRUNCATED, 2},
		{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc", STATUS_OK, 1},
		{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", STATUS_OK, 1},
		{"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n", STATUS_REDIRECTED, 1},
		{"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", STATUS_OK, 1},
		{"HTTP/1.1 503 Busy\r\nRetry-After: 99999999999\r\nContent-Length: 0\r\n\r\n", STATUS_BUSY, 1},
		{"HTTP/1.1 503 Busy\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n", STATUS_BUSY, 1},
		{"HTTP/1.1 503 Busy\r\nRetry-After: Mon, 01 Jan 2001 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n", STATUS_BUSY, 8},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int served;
		struct net_outcome outcome = ask_raw(rows[i].answer, strlen(rows[i].answer), &served);
		if (outcome.status != rows[i].status || served != rows[i].served)
			print_error("%s -> %s, %d: %s\n", rows[i].answer, status_name(outcome.status), served, outcome.why);
		assert_int_equal(outcome.status, rows[i].status);
		assert_int_equal(served, rows[i].served);
	}
}

static void bodies_and_heads_have_ceilings(void **state)
{
	(void)state;
	int served;
	struct buffer text = buffer_with_ceiling(8 << 20);
	buffer_append_string(&text, "HTTP/1.1 200 OK\r\n\r\n");
	for (size_t i = 0; i < 200000; i++)
		buffer_append_byte(&text, 'a');
	assert_int_equal(ask_raw(buffer_string(&text), text.len, &served).status, STATUS_TOO_LARGE);
	buffer_reset(&text);
	buffer_append_string(&text, "HTTP/1.1 200 OK\r\n");
	for (size_t i = 0; i < 4000; i++)
		buffer_append_format(&text, "X-Header-%zu: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", i);
	buffer_append_string(&text, "\r\n");
	assert_int_equal(ask_raw(buffer_string(&text), text.len, &served).status, STATUS_MALFORMED);
	buffer_reset(&text);
	buffer_append_string(&text, "HTTP/1.1 200 OK\r\nX-Header: ");
	for (size_t i = 0; i < 200000; i++)
		buffer_append_byte(&text, 'a');
	assert_int_equal(ask_raw(buffer_string(&text), text.len, &served).status, STATUS_MALFORMED);
	buffer_reset(&text);
	for (size_t i = 0; i < 4000; i++)
		buffer_append_string(&text, "HTTP/1.1 100 Continue\r\n\r\n");
	assert_int_equal(ask_raw(buffer_string(&text), text.len, &served).status, STATUS_TIMED_OUT);
	assert_int_equal(served, 1);
	buffer_reset(&text);
	buffer_append_string(&text, "HTTP/1.1 403 Forbidden\r\n\r\n");
	for (size_t i = 0; i < 2000000; i++)
		buffer_append_byte(&text, 'a');
	assert_int_equal(ask_raw(buffer_string(&text), text.len, &served).status, STATUS_OK);
	buffer_free(&text);
}

static void nobody_there_is_unreachable(void **state)
{
	(void)state;
	struct client client = {.arena = arena_with_ceiling(1 << 20), .is_open = true};
	struct net_settings settings = {
		.allow = allow, .allow_context = &client, .other_attempts = 2, .back_off_milliseconds = 1};
	static const char *const urls[] = {"http://127.0.0.1:1/x", "http://nobody.invalid/x", "https://127.0.0.1:1/x"};
	assert_int_equal(net_new(&settings, &client.net), STATUS_OK);
	for (size_t i = 0; i < 3; i++) {
		struct asking asking = {.client = &client, .raw_url = urls[i]};
		assert_int_equal(perform(&asking), STATUS_UNREACHABLE);
		assert_int_equal(asking.outcome.attempts, 2);
		assert_true(asking.outcome.why[0] != '\0');
		forget(&asking);
	}
	net_free(client.net);
	arena_free(&client.arena);
}

static void calls_can_be_cancelled(void **state)
{
	(void)state;
	struct client client;
	start(&client, "resets", (struct net_settings){.rate = 0});
	struct asking asking = object_of(&client, "acme/silent", "x");
	struct net_call call = call_of(&asking);
	uint64_t id;
	assert_int_equal(net_add(client.net, &call, &id), STATUS_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(net_wait(client.net, NULL, 0, 20), STATUS_OK);
	net_cancel(client.net, id);
	net_cancel(client.net, id);
	assert_int_equal(net_count(client.net), 0);
	assert_int_equal(net_wait(client.net, NULL, 0, 0), STATUS_OK);
	assert_false(asking.is_done);
	forget(&asking);
	stop(&client);
}

/* How a write ends whose connection is reset where the fault strikes; and a read of the same fate. */
static struct net_outcome write_once(const char *faults, bool is_write, unsigned *ret_status)
{
	struct client client;
	char scenario[1024], url[128];
	struct net_settings settings = {.back_off_milliseconds = 5};
	snprintf(scenario, sizeof scenario, "{\"faults\":[%s],\"accounts\":{\"acme\":{\"containers\":{\"open\":{}}}}}", faults);
	start(&client, scenario, settings);
	net_free(client.net);
	settings.allow = allow_all;
	assert_int_equal(net_new(&settings, &client.net), STATUS_OK);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/acme/open?restype=container&comp=acl", client.fake.port);
	struct asking asking = {.client = &client, .raw_url = url};
	struct net_call call = call_of(&asking);
	call.word = word_write;
	call.judge = judge_by_status;
	call.begin = NULL;
	call.is_write = is_write;
	assert_int_equal(net_perform(client.net, &call), STATUS_OK);
	struct net_outcome outcome = asking.outcome;
	*ret_status = asking.http_status;
	forget(&asking);
	stop(&client);
	return outcome;
}

static void a_write_that_was_sent_and_not_answered_is_not_repeated(void **state)
{
	unsigned status;
	(void)state;
	struct net_outcome outcome = write_once("{\"on\":\"set-acl\",\"reset\":0}", true, &status);
	assert_true(outcome.is_unanswered);
	assert_int_equal(outcome.attempts, 1);
	outcome = write_once("{\"on\":\"set-acl\",\"reset\":0}", false, &status);
	assert_false(outcome.is_unanswered);
	assert_true(outcome.attempts > 1);
	/* Time ran out over there: nobody knows how far it came. */
	outcome = write_once("{\"on\":\"set-acl\",\"error\":\"OperationTimedOut\"}", true, &status);
	assert_true(outcome.is_unanswered);
	assert_int_equal(outcome.attempts, 1);
	/* Busy was not carried out, a refusal is an answer. */
	outcome = write_once("{\"on\":\"set-acl\",\"times\":2,\"error\":\"ServerBusy\"}", true, &status);
	assert_false(outcome.is_unanswered);
	assert_int_equal(outcome.attempts, 3);
	assert_int_equal(status, 403);
	/* A redirect of a write is its answer, and followed nowhere. */
	outcome = write_once("{\"on\":\"set-acl\",\"redirect\":\"http://127.0.0.1:{port}/acme/other\"}", true, &status);
	assert_int_equal(outcome.attempts, 1);
	assert_int_equal(status, 302);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_that_was_sent_and_not_answered_is_not_repeated),
		cmocka_unit_test(short_and_empty_pages_are_gone_through),
		cmocka_unit_test(the_version_is_stepped_down_where_refused),
		cmocka_unit_test(a_listing_broken_off_is_asked_again),
		cmocka_unit_test(a_busy_account_is_waited_for),
		cmocka_unit_test(busy_without_end_ends_when_nobody_is_answered),
		cmocka_unit_test(busy_is_asked_on_while_the_account_answers_others),
		cmocka_unit_test(who_asks_to_come_back_tomorrow_is_left_alone),
		cmocka_unit_test(all_of_a_throttled_container_is_read),
		cmocka_unit_test(the_rate_is_kept),
		cmocka_unit_test(a_reset_is_resumed_where_it_broke_off),
		cmocka_unit_test(what_never_comes_ends_after_some_attempts),
		cmocka_unit_test(silence_is_not_waited_for_for_ever),
		cmocka_unit_test(patience_ends_what_gets_nowhere_and_nothing_else),
		cmocka_unit_test(many_that_get_nowhere_share_their_patience),
		cmocka_unit_test(progress_gives_all_patience_back),
		cmocka_unit_test(what_a_run_was_held_before_counts),
		cmocka_unit_test(lengths_and_md5_are_checked),
		cmocka_unit_test(what_changes_between_ranges_is_noticed),
		cmocka_unit_test(redirects_are_followed_within_scope_only),
		cmocka_unit_test(circles_end_at_the_first_repeat),
		cmocka_unit_test(secrets_do_not_follow_redirects),
		cmocka_unit_test(what_is_out_of_scope_is_never_sent),
		cmocka_unit_test(keys_and_signatures_open_private_containers),
		cmocka_unit_test(servers_that_make_no_sense_are_survived),
		cmocka_unit_test(bodies_and_heads_have_ceilings),
		cmocka_unit_test(nobody_there_is_unreachable),
		cmocka_unit_test(calls_can_be_cancelled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

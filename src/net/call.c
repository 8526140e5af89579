/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a call: its attempts, its bodies, and when to ask again. */
#include "net/call.h"

#include "base/clock.h"
#include "base/patience.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum {
	REFUSAL_BODY_MAX = 64 * 1024,
	WORDS_MAX = 1 << 20, /* what word() may allocate */
	AGAINS_MAX = 8,
	RESUMPTIONS_MAX = 64,
	RETRY_AFTER_MAX = 7 * 86400, /* seconds: more is taken for that */
	PROGRESS = 64 * 1024,        /* bytes of a body that are useful progress */
	STALL = 30 * 1000            /* milliseconds */
};

/* ---- endings ---- */

void call_finish(struct call *call, enum status status, const char *why)
{
	call->state = CALL_OVER;
	call->result = status;
	snprintf(call->why, sizeof call->why, "%s", status == STATUS_OK ? "" : why);
}

static void stop_transfer(struct call *call, int64_t now)
{
	if (call->easy == NULL)
		return;
	if (call->state == CALL_RUNNING)
		call->held += now - call->since;
	call->took = now - call->sent;
	curl_multi_remove_handle(call->net->multi, call->easy);
	net_give_handle(call->net, call->easy);
	call->easy = NULL;
	call->net->running--;
	governor_end(call->governor);
}

void call_clear(struct call *call)
{
	stop_transfer(call, call->sent);
	curl_slist_free_all(call->sent_headers);
	buffer_free(&call->head);
	buffer_free(&call->body);
	arena_free(&call->arena);
	digest_free(call->digest);
}

/* ---- patience ---- */

static long long seconds_of(int64_t milliseconds)
{
	return (long long)((milliseconds + 999) / 1000);
}

int64_t call_patience(const struct call *call, int64_t now)
{
	if (call->attempts == 0)
		return patience_for_request(call->net->settings.patience, call->net->left);
	return call->allowed - call->held - (call->state == CALL_RUNNING ? now - call->since : 0);
}

/* An answer may be long in the making; once it comes, silence is a connection that was lost. */
int64_t call_stall(struct call *call, int64_t now)
{
	const struct net_settings *settings = &call->net->settings;
	int64_t most = settings->stall_seconds > 0 ? (int64_t)settings->stall_seconds * 1000 : settings->patience / 4 * 3;
	if (call->was_heard)
		call->heard = now;
	call->was_heard = false;
	if (call->reply.status != 0 && most > STALL)
		most = STALL;
	return call->heard + most - now;
}

static void get_on(struct call *call, uint64_t received)
{
	call->marked = received;
	call->held = 0;
	call->since = clock_monotonic();
	call->allowed = patience_for_request(call->net->settings.patience, call->net->left);
}

/* Before the handle is let go. */
static bool was_sent(const struct call *call)
{
	long sent = 0;
	return call->easy != NULL && curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent) == CURLE_OK && sent > 0;
}

void call_give_up(struct call *call, int64_t now)
{
	char why[2 * sizeof call->why];
	int64_t held = call->held + (call->state == CALL_RUNNING ? now - call->since : 0);
	bool is_faulty = call->state == CALL_WAITING && call->attempts > 0;
	if (call->state == CALL_RUNNING && call->reply.status == 0)
		governor_hear_silence(call->governor);
	if (call->state == CALL_RUNNING && call->is.is_write)
		call->is_unanswered = was_sent(call);
	stop_transfer(call, now);
	if (call->attempts == 0)
		snprintf(why, sizeof why, "not asked: nothing useful came from there for as long as --patience allows");
	else
		snprintf(why, sizeof why, "%s%sheld for %lld s without useful progress: --patience allows no more",
		         is_faulty ? call->why : "", is_faulty && call->why[0] ? "; " : "", seconds_of(held));
	call_finish(call, is_faulty ? call->result : STATUS_TIMED_OUT, why);
}

static void leave_for_another_day(struct call *call, enum status status, int64_t wait)
{
	char why[sizeof call->why];
	call->retry_after = (uint64_t)seconds_of(wait);
	snprintf(why, sizeof why, "asks to come back in %lld s, which is beyond --patience", seconds_of(wait));
	call_finish(call, status, why);
}

void call_leave_alone(struct call *call, int64_t pause)
{
	leave_for_another_day(call, STATUS_BUSY, pause);
}

/* What an attempt came to is what the call comes to, unless another one does better. What is asked for beyond patience is not
 * waited for at all. */
static void wait_until(struct call *call, int64_t due, enum status status, const char *why, int64_t now)
{
	stop_transfer(call, now);
	call->state = CALL_WAITING;
	call->due = due;
	call->result = status;
	snprintf(call->why, sizeof call->why, "%s", why);
	if (due - now > call_patience(call, now))
		call_give_up(call, now);
	else
		call->held += due - now;
}

/* ---- starting ---- */

static void make_request_id(char into[37])
{
	unsigned char raw[16] = {0};
	if (getrandom(raw, sizeof raw, 0) != (ssize_t)sizeof raw)
		memset(raw, 0, sizeof raw);
	raw[6] = (unsigned char)((raw[6] & 0x0f) | 0x40);
	raw[8] = (unsigned char)((raw[8] & 0x3f) | 0x80);
	snprintf(into, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", raw[0], raw[1], raw[2], raw[3],
	         raw[4], raw[5], raw[6], raw[7], raw[8], raw[9], raw[10], raw[11], raw[12], raw[13], raw[14], raw[15]);
}

static bool is_allowed(const struct call *call, struct bytes url)
{
	const struct net_settings *settings = &call->net->settings;
	return settings->allow(settings->allow_context, call->request.method, url);
}

static enum status word(struct call *call)
{
	char request_id[37];
	make_request_id(request_id);
	arena_reset(&call->arena);
	call->arena.ceiling = WORDS_MAX;
	struct net_attempt attempt = {
		.number = call->attempts,
		.received = call->received,
		.etag = bytes_of_string(call->etag),
		.request_id = request_id,
		.now = clock_now(),
	};
	call->request = (struct request){0};
	enum status status = call->is.word(call->is.context, &attempt, &call->arena, &call->request);
	call->url = call->request.url;
	call->redirects = 0;
	return status;
}

/* Sends call->request to call->url, both of which have been allowed. */
static enum status send_request(struct call *call, bool with_secrets)
{
	if (call->easy == NULL) {
		call->easy = net_take_handle(call->net);
		if (call->easy == NULL)
			return STATUS_NO_MEMORY;
		call->net->running++;
		call->since = call->sent = clock_monotonic();
		governor_start(call->governor, call->sent);
	}
	enum status status = transfer_prepare(call, with_secrets);
	if (status != STATUS_OK)
		return status;
	call->was_heard = true;
	if (call->is.take == NULL)
		call->marked = 0;
	call->received_before = call->received;
	call->has_begun = call->received > 0;
	call->state = CALL_RUNNING;
	return curl_multi_add_handle(call->net->multi, call->easy) == CURLM_OK ? STATUS_OK : STATUS_BROKEN;
}

void call_start(struct call *call)
{
	enum status status = word(call);
	if (status != STATUS_OK) {
		call_finish(call, status, "could not be asked for");
		return;
	}
	if (!is_allowed(call, call->url)) {
		call_finish(call, STATUS_DENIED, "not in scope: nothing was sent");
		return;
	}
	if (call->attempts == 0)
		call->allowed = call_patience(call, 0);
	call->attempts++;
	status = send_request(call, true);
	if (status != STATUS_OK) {
		stop_transfer(call, clock_monotonic());
		call_finish(call, status, "could not be sent");
	}
}

/* ---- asking again ---- */

static int64_t read_retry_after(const struct reply *reply)
{
	struct bytes text = bytes_trim(reply_header(reply, "retry-after"));
	uint64_t seconds;
	if (bytes_parse_u64(text, &seconds))
		return 1000 * (seconds < RETRY_AFTER_MAX ? (int64_t)seconds : RETRY_AFTER_MAX);
	int64_t date = clock_parse_rfc5322(text);
	if (date == CLOCK_UNKNOWN)
		return -1;
	int64_t wait = date - clock_now();
	if (wait < 0)
		return 0;
	return 1000 * (wait < RETRY_AFTER_MAX ? wait : RETRY_AFTER_MAX);
}

/* Busy is asked again for as long as the account answers others: so many times in a row without such an answer. */
static void ask_when_free(struct call *call, int64_t now)
{
	int64_t retry_after = read_retry_after(&call->reply);
	int64_t delay = governor_hear_busy(call->governor, now, retry_after, net_random());
	if (call->governor->answered != call->answered_before)
		call->busy_attempts = 0;
	call->answered_before = call->governor->answered;
	call->busy_attempts++;
	if (retry_after > 0 && retry_after > call_patience(call, now))
		leave_for_another_day(call, STATUS_BUSY, retry_after);
	else if (call->busy_attempts >= call->net->settings.busy_attempts)
		call_finish(call, STATUS_BUSY, "busy each time it was asked");
	else
		wait_until(call, now + delay, STATUS_BUSY, "busy", now);
}

/* A fault that may pass. Bytes received make up for attempts lost, up to a point. */
static void ask_later(struct call *call, enum status in_the_end, const char *why, int64_t now)
{
	if (call->received - call->received_before >= PROGRESS && call->resumptions++ < RESUMPTIONS_MAX)
		call->other_attempts = 0;
	call->other_attempts++;
	if (call->is.is_write && was_sent(call)) {
		call->is_unanswered = true;
		call_finish(call, in_the_end, why);
		return;
	}
	if (call->other_attempts >= call->net->settings.other_attempts || governor_is_lost(call->governor)) {
		call_finish(call, in_the_end, why);
		return;
	}
	int64_t retry_after = read_retry_after(&call->reply);
	int64_t delay = governor_back_off(call->governor, call->other_attempts - 1, net_random());
	if (retry_after > 0 && retry_after > call_patience(call, now))
		leave_for_another_day(call, in_the_end, retry_after);
	else
		wait_until(call, now + (retry_after >= 0 ? retry_after : delay), in_the_end, why, now);
}

/* ---- bodies ---- */

static bool is_success(unsigned status)
{
	return status >= 200 && status <= 299;
}

static uint64_t content_length(const struct reply *reply)
{
	uint64_t length;
	return bytes_parse_u64(bytes_trim(reply_header(reply, "content-length")), &length) ? length : UINT64_MAX;
}

static struct bytes without_quotes(struct bytes etag)
{
	if (bytes_start_with(etag, BYTES_LITERAL("W/")))
		etag = bytes_from(etag, 2);
	bool is_quoted = etag.len >= 2 && etag.at[0] == '"' && etag.at[etag.len - 1] == '"';
	return is_quoted ? bytes_slice(etag, 1, etag.len - 2) : etag;
}

/* A body that goes on where the last attempt broke off: it must be the same thing, at the same place. */
static enum status resume(struct call *call)
{
	uint64_t first = 0, last, total, wanted = call->base + call->received;
	struct bytes etag = without_quotes(reply_header(&call->reply, "etag"));
	if (call->etag[0] != '\0' && etag.len > 0 && !bytes_equal_string(etag, call->etag))
		return STATUS_CHANGED;
	if (call->reply.status == 206 && !reply_content_range(&call->reply, &first, &last, &total))
		return STATUS_MALFORMED;
	if (first > wanted)
		return STATUS_MALFORMED;
	call->skip = wanted - first;
	return STATUS_OK;
}

/* base64 of 16 bytes. */
static void watch_md5(struct call *call)
{
	struct buffer raw = buffer_with_ceiling(64);
	struct bytes text = bytes_trim(reply_header(&call->reply, "content-md5"));
	digest_free(call->digest);
	call->digest = NULL;
	if (call->is.check_md5 && call->reply.status == 200 && text.len > 0 && digest_parse_base64(text, &raw) == STATUS_OK &&
	    raw.len == DIGEST_MD5_SIZE && digest_start(DIGEST_MD5, &call->digest) == STATUS_OK)
		memcpy(call->wanted_md5, raw.at, DIGEST_MD5_SIZE);
	buffer_free(&raw);
}

static enum status begin(struct call *call)
{
	uint64_t last, total, length = content_length(&call->reply);
	struct bytes etag = without_quotes(reply_header(&call->reply, "etag"));
	call->base = call->skip = 0;
	if (call->reply.status == 206 && !reply_content_range(&call->reply, &call->base, &last, &total))
		return STATUS_MALFORMED;
	call->expected = length;
	snprintf(call->etag, sizeof call->etag, "%.*s", (int)(etag.len < sizeof call->etag ? etag.len : 0),
	         (const char *)etag.at);
	enum status status = call->is.begin != NULL ? call->is.begin(call->is.context, &call->reply) : STATUS_OK;
	if (status == STATUS_OK && length != UINT64_MAX && length > call->is.body_ceiling)
		status = STATUS_TOO_LARGE;
	watch_md5(call);
	return status;
}

enum status call_take_head(struct call *call)
{
	call->is_streaming = call->is.take != NULL && is_success(call->reply.status);
	call->body.ceiling = is_success(call->reply.status) ? call->is.body_ceiling : REFUSAL_BODY_MAX;
	if (!call->is_streaming)
		return STATUS_OK;
	return call->has_begun ? resume(call) : begin(call);
}

/* Of a refusal the beginning will do: the rest may never end. */
static enum status collect(struct call *call, struct bytes piece)
{
	if (!is_success(call->reply.status)) {
		size_t room = call->body.ceiling - call->body.len;
		call->is_enough = piece.len > room;
		piece = bytes_slice(piece, 0, room);
	}
	buffer_append(&call->body, piece);
	if (call->body.len - call->marked >= PROGRESS && is_success(call->reply.status))
		get_on(call, call->body.len);
	return buffer_status(&call->body);
}

enum status call_take_body(struct call *call, struct bytes piece)
{
	if (!call->is_streaming)
		return collect(call, piece);
	uint64_t drop = call->skip < piece.len ? call->skip : piece.len;
	call->skip -= drop;
	piece = bytes_from(piece, (size_t)drop);
	if (piece.len > call->is.body_ceiling - call->received)
		return STATUS_TOO_LARGE;
	if (piece.len == 0)
		return STATUS_OK;
	if (call->digest != NULL)
		digest_update(call->digest, piece);
	enum status status = call->is.take(call->is.context, piece);
	if (status != STATUS_OK)
		return status;
	call->received += piece.len;
	if (call->received - call->marked >= PROGRESS) {
		net_note_progress(call->net);
		get_on(call, call->received);
	}
	return STATUS_OK;
}

/* ---- whole replies ---- */

static void start_over(struct call *call, int64_t now)
{
	call->is.restart(call->is.context);
	call->received = call->received_before = call->marked = 0;
	call->etag[0] = '\0';
	call->other_attempts = 0;
	wait_until(call, now, STATUS_TRUNCATED, "did not come as it was announced", now);
}

/* The first time, the way here is suspected; if the same bytes come again, they are what is stored. */
static void check_md5(struct call *call, int64_t now)
{
	unsigned char md5[DIGEST_MD5_SIZE];
	digest_finish(call->digest, md5);
	if (memcmp(md5, call->wanted_md5, sizeof md5) == 0) {
		call_finish(call, STATUS_OK, "");
	} else if (!call->has_wrong_md5 && call->is.restart != NULL) {
		call->has_wrong_md5 = true;
		memcpy(call->first_md5, md5, sizeof md5);
		start_over(call, now);
	} else {
		bool is_stable = call->has_wrong_md5 && memcmp(md5, call->first_md5, sizeof md5) == 0;
		call->md5_differs = true;
		call_finish(call, is_stable || call->is.restart == NULL ? STATUS_OK : STATUS_TRUNCATED,
		            "came differently each time");
	}
}

static void end_stream(struct call *call, int64_t now)
{
	governor_hear_answer(call->governor);
	if (call->expected != UINT64_MAX && call->received < call->expected && strcmp(call->request.method, "HEAD") != 0)
		ask_later(call, STATUS_TRUNCATED, "ended before its length", now);
	else if (call->digest != NULL)
		check_md5(call, now);
	else
		call_finish(call, STATUS_OK, "");
}

static bool is_redirect(unsigned status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool was_asked(const struct call *call, struct bytes url)
{
	bool was = bytes_equal(call->url, url);
	for (unsigned i = 0; i < call->redirects; i++)
		was |= bytes_equal(call->left[i], url);
	return was;
}

/* NULL: it is. A place that is not asked does not become the call's URL: nobody knows what secrets it holds. */
static const char *why_not_followed(const struct call *call, struct bytes url)
{
	if (was_asked(call, url))
		return "redirected in circles";
	if (call->redirects == CALL_REDIRECTS_MAX)
		return "redirected time and again";
	return is_allowed(call, url) ? NULL : "redirected out of scope; not followed";
}

static void follow(struct call *call, struct bytes location)
{
	struct bytes url;
	enum status status = transfer_resolve(call->url, location, &call->arena, &url);
	if (status == STATUS_NO_MEMORY) {
		call_finish(call, status, "memory ended");
		return;
	}
	const char *why = status != STATUS_OK ? "redirected to what is no URL" : why_not_followed(call, url);
	if (why != NULL) {
		call_finish(call, STATUS_REDIRECTED, why);
		return;
	}
	call->left[call->redirects++] = call->url;
	call->url = url;
	status = send_request(call, false);
	if (status != STATUS_OK)
		call_finish(call, status, "could not be sent");
}

static enum net_judgement judge_by_status(unsigned status)
{
	switch (status) {
	case 429:
	case 503: return NET_BUSY;
	case 408:
	case 500:
	case 502:
	case 504: return NET_PASSING;
	default: return NET_FINAL;
	}
}

static void take_reply(struct call *call, int64_t now)
{
	call->reply.body = buffer_bytes(&call->body);
	struct bytes location = reply_header(&call->reply, "location");
	enum net_judgement judgement = call->is.judge ? call->is.judge(call->is.context, &call->reply) : NET_BY_STATUS;
	if (judgement == NET_BY_STATUS && !call->is.is_write && is_redirect(call->reply.status) && location.len > 0) {
		governor_hear_answer(call->governor);
		follow(call, location);
		return;
	}
	if (judgement == NET_BY_STATUS)
		judgement = judge_by_status(call->reply.status);
	if (judgement == NET_BUSY) {
		ask_when_free(call, now);
		return;
	}
	governor_hear_answer(call->governor);
	if (judgement == NET_PASSING)
		ask_later(call, STATUS_OK, "", now);
	else if (judgement == NET_AGAIN && call->agains++ < AGAINS_MAX)
		wait_until(call, now, STATUS_TIMED_OUT, "", now);
	else
		call_finish(call, STATUS_OK, "");
}

/* ---- transfers that came to nothing ---- */

static enum status status_of_code(CURLcode code, bool has_head)
{
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT: return STATUS_TIMED_OUT;
	case CURLE_OUT_OF_MEMORY: /* curl says so of a line of the head that is too long, too */
		return has_head ? STATUS_NO_MEMORY : STATUS_MALFORMED;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT: return STATUS_MALFORMED;
	default: return has_head ? STATUS_TRUNCATED : STATUS_UNREACHABLE;
	}
}

static void take_fault(struct call *call, CURLcode code, const char *curl_says, int64_t now)
{
	char why[128];
	enum status status = status_of_code(code, call->reply.status != 0);
	snprintf(why, sizeof why, "%s", curl_says);
	if (status == STATUS_UNREACHABLE || status == STATUS_TIMED_OUT)
		governor_hear_silence(call->governor);
	if (status_is_passing(status) && code != CURLE_PEER_FAILED_VERIFICATION)
		ask_later(call, status, why, now);
	else
		call_finish(call, status, why);
}

static const char *why_stopped(enum status status)
{
	switch (status) {
	case STATUS_TOO_LARGE: return "longer than may be read";
	case STATUS_CHANGED: return "changed while it was read";
	case STATUS_MALFORMED: return "the reply makes no sense";
	case STATUS_TIMED_OUT: return "answers that it will answer, again and again";
	default: return "stopped";
	}
}

void call_end_transfer(struct call *call, CURLcode code, const char *curl_says, int64_t now)
{
	curl_multi_remove_handle(call->net->multi, call->easy);
	if (call->stopped != STATUS_OK)
		call_finish(call, call->stopped, why_stopped(call->stopped));
	else if (code != CURLE_OK && !call->is_enough)
		take_fault(call, code, curl_says, now);
	else if (call->is_streaming)
		end_stream(call, now);
	else
		take_reply(call, now);
	if (call->state != CALL_RUNNING)
		stop_transfer(call, now);
}

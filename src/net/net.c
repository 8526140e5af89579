/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: who may start, what curl has finished, what is over. */
#include "net/call.h"

#include "base/clock.h"
#include "base/patience.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

enum { IDLE_MAX = 256, WAIT_MAX = 60000, GOVERNORS_NAME_MAX = 512 };

uint64_t net_random(void)
{
	uint64_t random = 0;
	return getrandom(&random, sizeof random, 0) == (ssize_t)sizeof random ? random : 0;
}

void net_user_agent(struct buffer *into, const char *version, struct bytes operator_name)
{
	buffer_append_format(into, "tidemark/%s (+https://tidemark.invalid/", version);
	if (operator_name.len > 0)
		buffer_append_string(into, "; ");
	for (size_t i = 0; i < operator_name.len; i++) {
		unsigned char c = operator_name.at[i];
		buffer_append_byte(into, c < 0x20 || c > 0x7e || c == '(' || c == ')' || c == '\\' ? '_' : c);
	}
	buffer_append_byte(into, ')');
}

/* ---- making and unmaking ---- */

static void fill_defaults(struct net_settings *settings)
{
	const struct {
		unsigned *value, usual;
	} rows[] = {
		{&settings->connections, 32},   {&settings->connect_milliseconds, 10000}, {&settings->busy_attempts, 8},
		{&settings->other_attempts, 4}, {&settings->back_off_milliseconds, 500},
	};
	if (settings->patience == 0)
		settings->patience = PATIENCE_STANDARD;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (*rows[i].value == 0)
			*rows[i].value = rows[i].usual;
}

enum status net_new(const struct net_settings *settings, struct net **ret_net)
{
	assert(settings->allow != NULL);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return STATUS_BROKEN;
	struct net *net = calloc(1, sizeof *net);
	if (net == NULL) {
		curl_global_cleanup();
		return STATUS_NO_MEMORY;
	}
	net->settings = *settings;
	net->end = &net->calls;
	fill_defaults(&net->settings);
	net->left = patience_for_target(net->settings.patience, net->settings.held);
	net->user_agent = strdup(settings->user_agent != NULL ? settings->user_agent : "tidemark");
	net->idle = calloc(IDLE_MAX, sizeof *net->idle);
	net->multi = curl_multi_init();
	if (net->user_agent == NULL || net->idle == NULL || net->multi == NULL) {
		net_free(net);
		return STATUS_NO_MEMORY;
	}
	curl_multi_setopt(net->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(net->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)net->settings.connections);
	curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, (long)net->settings.connections * 2);
	*ret_net = net;
	return STATUS_OK;
}

static void free_call(struct call *call)
{
	call_clear(call);
	free(call);
}

void net_free(struct net *net)
{
	if (net == NULL)
		return;
	for (struct call *call = net->calls, *next; call != NULL; call = next) {
		next = call->next;
		free_call(call);
	}
	while (net->idle_count > 0)
		curl_easy_cleanup(net->idle[--net->idle_count]);
	curl_multi_cleanup(net->multi);
	for (struct governor *governor = net->governors, *next; governor != NULL; governor = next) {
		next = governor->next;
		free(governor);
	}
	free(net->idle);
	free(net->user_agent);
	free(net);
	curl_global_cleanup();
}

CURL *net_take_handle(struct net *net)
{
	return net->idle_count > 0 ? net->idle[--net->idle_count] : transfer_new_handle(&net->settings, net->user_agent);
}

void net_give_handle(struct net *net, CURL *handle)
{
	/* The URL it keeps may hold a signature. */
	curl_easy_setopt(handle, CURLOPT_URL, NULL);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(handle, CURLOPT_POSTFIELDS, NULL);
	if (net->idle != NULL && net->idle_count < IDLE_MAX)
		net->idle[net->idle_count++] = handle;
	else
		curl_easy_cleanup(handle);
}

/* ---- calls ---- */

static struct governor *find_governor(struct net *net, struct bytes name)
{
	name = bytes_slice(name, 0, GOVERNORS_NAME_MAX);
	for (struct governor *governor = net->governors; governor != NULL; governor = governor->next)
		if (bytes_equal(governor->name, name))
			return governor;
	struct governor *governor = calloc(1, sizeof *governor + name.len + 1);
	if (governor == NULL)
		return NULL;
	if (name.len > 0)
		memcpy(governor + 1, name.at, name.len);
	governor->name = bytes_of(governor + 1, name.len);
	governor->rate = net->settings.rate;
	governor->width = net->settings.connections;
	governor->window = governor->width;
	governor->first_back_off = net->settings.back_off_milliseconds;
	governor->next = net->governors;
	net->governors = governor;
	return governor;
}

enum status net_add(struct net *net, const struct net_call *is, uint64_t *ret_id)
{
	assert(is->word != NULL && is->done != NULL);
	struct governor *governor = find_governor(net, is->governor);
	struct call *call = governor != NULL ? calloc(1, sizeof *call) : NULL;
	if (call == NULL)
		return STATUS_NO_MEMORY;
	call->net = net;
	call->id = ++net->last_id;
	call->is = *is;
	call->is.governor = governor->name;
	if (call->is.body_ceiling == 0)
		call->is.body_ceiling = 1 << 20;
	call->governor = governor;
	call->answered_before = governor->answered;
	call->expected = UINT64_MAX;
	*net->end = call;
	net->end = &call->next;
	net->count++;
	if (ret_id != NULL)
		*ret_id = call->id;
	return STATUS_OK;
}

void net_cancel(struct net *net, uint64_t id)
{
	for (struct call *call = net->calls; call != NULL; call = call->next) {
		if (call->id == id && !call->is_cancelled) {
			call->is_cancelled = true;
			net->count--;
			return;
		}
	}
}

void net_note_progress(struct net *net)
{
	net->left = patience_for_target(net->settings.patience, 0);
	for (struct call *call = net->calls; call != NULL; call = call->next)
		call->allowed = net->settings.patience;
}

bool net_is_spent(const struct net *net)
{
	return patience_for_request(net->settings.patience, net->left) == 0;
}

size_t net_count(const struct net *net)
{
	return net->count;
}

static void unlink_call(struct net *net, struct call **at)
{
	struct call *call = *at;
	*at = call->next;
	if (net->end == &call->next)
		net->end = at;
}

static void report(struct call *call)
{
	struct net_outcome outcome = {
		.status = call->result,
		.reply = call->reply,
		.url = call->url,
		.received = call->received,
		.attempts = call->attempts,
		.milliseconds = call->took,
		.retry_after = call->retry_after,
		.is_unanswered = call->is_unanswered,
		.md5_differs = call->md5_differs,
	};
	if (!call->is_streaming)
		outcome.received = call->body.len;
	memcpy(outcome.why, call->why, sizeof outcome.why);
	call->is.done(call->is.context, &outcome);
}

/* Frees what is over or cancelled. done() may add calls, at the list's end, and mark others as cancelled. */
static bool reap(struct net *net)
{
	bool has_reported = false;
	for (struct call **at = &net->calls; *at != NULL;) {
		struct call *call = *at;
		if (!call->is_cancelled && call->state != CALL_OVER) {
			at = &call->next;
			continue;
		}
		unlink_call(net, at);
		if (!call->is_cancelled) {
			net->count--;
			has_reported = true;
			report(call);
		}
		free_call(call);
	}
	return has_reported;
}

/* ---- the loop ---- */

/* Starts what may start. Returns the milliseconds until the next one might, at most those given. */
static int64_t start_due(struct net *net, int64_t milliseconds)
{
	int64_t now = clock_monotonic();
	for (struct call *call = net->calls; call != NULL; call = call->next) {
		if (call->state != CALL_WAITING || call->is_cancelled)
			continue;
		int64_t wait = call->due > now ? call->due - now : governor_wait(call->governor, now);
		int64_t pause = governor_pause(call->governor, now);
		if (net_is_spent(net))
			call_give_up(call, now);
		else if (call->due <= now && pause > call_patience(call, now))
			call_leave_alone(call, pause);
		else if (wait == 0)
			call_start(call);
		else if (wait > 0 && wait < milliseconds)
			milliseconds = wait;
	}
	return milliseconds;
}

/* Ends what is held too long. Returns the milliseconds until the next one might be, at most those given. */
static int64_t end_overdue(struct net *net, int64_t milliseconds)
{
	int64_t now = clock_monotonic();
	net->is_held = false;
	for (struct call *call = net->calls; call != NULL; call = call->next) {
		if (call->is_cancelled || call->state == CALL_OVER)
			continue;
		if (call->state == CALL_WAITING) {
			net->is_held |= call->due > now || governor_pause(call->governor, now) > 0;
			continue;
		}
		int64_t left = net_is_spent(net) ? 0 : call_patience(call, now), stall = call_stall(call, now);
		net->is_held = true;
		int64_t next = left < stall ? left : stall;
		if (left <= 0)
			call_give_up(call, now);
		else if (stall <= 0)
			call_end_transfer(call, CURLE_OPERATION_TIMEDOUT, "nothing more came", now);
		if (next < milliseconds)
			milliseconds = next > 0 ? next : 0;
	}
	return net->is_held && net->left < milliseconds ? net->left : milliseconds;
}

/* What went by outside of net_wait is not the servers' doing, nor is waiting for our own rate. */
static void reckon_up(struct net *net)
{
	int64_t now = clock_monotonic(), went_by = net->is_held ? now - net->counted : 0;
	net->counted = now;
	net->left = net->left > went_by ? net->left - went_by : 0;
}

static void take_messages(struct net *net)
{
	int left;
	for (CURLMsg *message; (message = curl_multi_info_read(net->multi, &left)) != NULL;) {
		char *private = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		struct call *call = (struct call *)(void *)private;
		call_end_transfer(call, code, curl_easy_strerror(code), clock_monotonic());
	}
}

static enum status poll_all(struct net *net, struct pollfd *extra, size_t extra_count, int milliseconds)
{
	struct curl_waitfd own[16], *waits = own;
	if (extra_count > sizeof own / sizeof *own) {
		waits = calloc(extra_count, sizeof *waits);
		if (waits == NULL)
			return STATUS_NO_MEMORY;
	}
	for (size_t i = 0; i < extra_count; i++) {
		short events = 0;
		events |= extra[i].events & POLLIN ? CURL_WAIT_POLLIN : 0;
		events |= extra[i].events & POLLPRI ? CURL_WAIT_POLLPRI : 0;
		events |= extra[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0;
		waits[i] = (struct curl_waitfd){.fd = extra[i].fd, .events = events};
	}
	int active = 0;
	CURLMcode code = curl_multi_poll(net->multi, waits, (unsigned)extra_count, milliseconds, &active);
	if (waits != own)
		free(waits);
	/* curl leaves out hang-ups and errors; poll tells them, and what is ready, exactly. */
	if (extra_count > 0 && poll(extra, (nfds_t)extra_count, 0) < 0)
		for (size_t i = 0; i < extra_count; i++)
			extra[i].revents = 0;
	return code == CURLM_OK || code == CURLM_UNRECOVERABLE_POLL ? STATUS_OK : STATUS_BROKEN;
}

enum status net_wait(struct net *net, struct pollfd *extra, size_t extra_count, int milliseconds)
{
	int64_t wait = start_due(net, milliseconds < 0 || milliseconds > WAIT_MAX ? WAIT_MAX : milliseconds);
	int running = 0;
	wait = end_overdue(net, wait);
	if (reap(net))
		wait = 0;
	net->counted = clock_monotonic();
	enum status status = poll_all(net, extra, extra_count, (int)wait);
	if (status != STATUS_OK)
		return status;
	reckon_up(net);
	if (net->running > 0 && curl_multi_perform(net->multi, &running) != CURLM_OK)
		return STATUS_BROKEN;
	take_messages(net);
	reckon_up(net);
	reap(net);
	start_due(net, 0);
	return STATUS_OK;
}

/* ---- one call, waited for ---- */

struct performance {
	const struct net_call *call;
	bool is_over;
};

static enum status perform_word(void *context, const struct net_attempt *attempt, struct arena *arena,
                                struct request *ret_request)
{
	const struct net_call *call = ((struct performance *)context)->call;
	return call->word(call->context, attempt, arena, ret_request);
}

static enum net_judgement perform_judge(void *context, const struct reply *reply)
{
	const struct net_call *call = ((struct performance *)context)->call;
	return call->judge(call->context, reply);
}

static enum status perform_begin(void *context, const struct reply *reply)
{
	const struct net_call *call = ((struct performance *)context)->call;
	return call->begin(call->context, reply);
}

static enum status perform_take(void *context, struct bytes piece)
{
	const struct net_call *call = ((struct performance *)context)->call;
	return call->take(call->context, piece);
}

static void perform_restart(void *context)
{
	const struct net_call *call = ((struct performance *)context)->call;
	call->restart(call->context);
}

static void perform_done(void *context, const struct net_outcome *outcome)
{
	struct performance *performance = context;
	performance->is_over = true;
	performance->call->done(performance->call->context, outcome);
}

enum status net_perform(struct net *net, const struct net_call *call)
{
	struct performance performance = {.call = call};
	struct net_call wrapped = *call;
	uint64_t id;
	wrapped.context = &performance;
	wrapped.word = perform_word;
	wrapped.judge = call->judge != NULL ? perform_judge : NULL;
	wrapped.begin = call->begin != NULL ? perform_begin : NULL;
	wrapped.take = call->take != NULL ? perform_take : NULL;
	wrapped.restart = call->restart != NULL ? perform_restart : NULL;
	wrapped.done = perform_done;
	enum status status = net_add(net, &wrapped, &id);
	while (status == STATUS_OK && !performance.is_over)
		status = net_wait(net, NULL, 0, -1);
	if (status != STATUS_OK && !performance.is_over)
		net_cancel(net, id);
	return status;
}

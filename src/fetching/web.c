/* SPDX-License-Identifier: Apache-2.0 */
/* Listing and reading over HTTP: wording is the provider's, carrying is net's, and each finished call answers its asker. */
#include "fetching/lane.h"

#include "probing/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* A refusal decides whether asking again makes sense; redirects are net's to follow within scope. */
static enum net_judgement judge(struct fetching *fetching, const struct reply *reply, struct arena *arena,
                                struct refusal *ret_refusal)
{
	if (reply->status < 400)
		return NET_BY_STATUS;
	if (fetching->provider->read_refusal(reply, &fetching->terms, arena, ret_refusal) != STATUS_OK)
		return NET_FINAL;
	switch (ret_refusal->reason) {
	case REFUSAL_BUSY:
		return NET_BUSY;
	case REFUSAL_PASSING:
		return NET_PASSING;
	case REFUSAL_TERMS:
		return NET_AGAIN;
	default:
		return NET_FINAL;
	}
}

static enum status finish_request(struct fetching *fetching, const struct net_attempt *attempt, struct arena *arena,
                                  struct request *request)
{
	const struct occasion occasion = {.now = attempt->now, .request_id = attempt->request_id};
	const struct credential *credential = fetching->credential.kind != CREDENTIAL_NONE ? &fetching->credential : NULL;
	return fetching->provider->sign(request, &fetching->target, credential, &occasion, arena);
}

static struct bytes governor_of(const struct fetching *fetching)
{
	return fetching->target.container.account;
}

/* What a call came to, as a status for the one who asked; OK only for a 2xx reply. */
static enum status conclude(const struct net_outcome *outcome, const struct refusal *refusal)
{
	if (outcome->status != STATUS_OK)
		return outcome->status == STATUS_BUSY ? STATUS_TIMED_OUT : outcome->status;
	if (outcome->reply.status >= 200 && outcome->reply.status < 300)
		return STATUS_OK;
	return refusal->status != STATUS_OK ? refusal->status : STATUS_DENIED;
}

static struct bytes explain(const struct net_outcome *outcome, const struct refusal *refusal, struct buffer *into)
{
	if (outcome->status == STATUS_OK && outcome->reply.status != 0)
		buffer_append_format(into, "HTTP %u %.*s", outcome->reply.status, (int)refusal->code.len,
		                     (const char *)refusal->code.at);
	else
		buffer_append_string(into, outcome->why);
	return buffer_bytes(into);
}

/* ---- listings ---- */

static enum status word_page(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *request)
{
	struct fetching *fetching = context;
	const struct page_options options = {.include = fetching->list.include, .size = fetching->list.page_size};
	enum status status = fetching->provider->ask_page(&fetching->target, &fetching->terms, &options,
	                                                  fetching->list.cursor, arena, request);
	return status == STATUS_OK ? finish_request(fetching, attempt, arena, request) : status;
}

static enum net_judgement judge_page(void *context, const struct reply *reply)
{
	struct fetching *fetching = context;
	return judge(fetching, reply, &fetching->list_arena, &fetching->list_refusal);
}

/* A socket that fails here is found closed by the loop. */
static void ignore(enum status status)
{
	(void)status;
}

static void answer_page(void *context, const struct net_outcome *outcome)
{
	struct fetching *fetching = context;
	struct page page;
	struct buffer why = buffer_with_ceiling(4096);
	enum status status = conclude(outcome, &fetching->list_refusal);
	fetching->is_listing = false;
	if (status == STATUS_OK)
		status = fetching->provider->read_page(&fetching->target, outcome->reply.body, &fetching->list_arena, &page);
	/* A page that points to itself would be listed for ever. */
	if (status == STATUS_OK && !page.is_last && bytes_equal(page.next, fetching->list.cursor))
		status = STATUS_MALFORMED;
	if (status == STATUS_OK)
		ignore(fetching_send_page(fetching, &page));
	else
		ignore(fetching_send_failed(fetching, status, fetching->target.container.url,
		                            explain(outcome, &fetching->list_refusal, &why)));
	buffer_free(&why);
}

enum status web_list(struct fetching *fetching)
{
	fetching->is_listing = true;
	fetching->list_refusal = (struct refusal){.reason = REFUSAL_OTHER};
	return net_add(fetching->net, &(struct net_call){
		.context = fetching, .governor = governor_of(fetching), .word = word_page, .judge = judge_page,
		.done = answer_page, .body_ceiling = PROVIDER_PAGE_BYTES_MAX,
	}, NULL);
}

/* ---- objects ---- */

static enum status word_object(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *request)
{
	struct lane *lane = context;
	struct fetching *fetching = lane->fetching;
	struct object_part part = lane->part;
	part.offset += attempt->received;
	if (part.length != OBJECT_SIZE_UNKNOWN)
		part.length -= attempt->received;
	if (attempt->etag.len > 0)
		part.etag = attempt->etag;
	enum status status = fetching->provider->ask_object(&fetching->target, &fetching->terms, &lane->object, &part, arena,
	                                                    request);
	return status == STATUS_OK ? finish_request(fetching, attempt, arena, request) : status;
}

static enum net_judgement judge_object(void *context, const struct reply *reply)
{
	struct lane *lane = context;
	return judge(lane->fetching, reply, &lane->scratch, &lane->refusal);
}

static enum status take_object(void *context, struct bytes piece)
{
	return lane_take(context, piece);
}

static void restart_object(void *context)
{
	struct lane *lane = context;
	lane->trouble = lane_open_memory(lane);
}

static void answer_object(void *context, const struct net_outcome *outcome)
{
	struct lane *lane = context;
	struct buffer why = buffer_with_ceiling(4096);
	enum status status = lane->trouble != STATUS_OK ? lane->trouble : conclude(outcome, &lane->refusal);
	bool is_partial = lane->is_window || (lane->part.length != OBJECT_SIZE_UNKNOWN &&
	                                      lane->part.length < lane->object.size);
	if (status == STATUS_OK)
		ignore(lane_answer(lane, !is_partial, outcome->md5_differs ? "its contents do not agree with its Content-MD5" : NULL));
	else
		ignore(lane_answer_failed(lane, status, explain(outcome, &lane->refusal, &why)));
	buffer_free(&why);
}

enum status web_get(struct lane *lane)
{
	bool is_large = lane->object.size != OBJECT_SIZE_UNKNOWN && lane->object.size > FETCH_WHOLE_MAX;
	if (!lane->is_window && is_large && lane->part.length > FETCH_WHOLE_MAX)
		return lane_answer_windowed(lane, lane->object.size, NULL);
	enum status status = lane_open_memory(lane);
	if (status != STATUS_OK)
		return lane_answer_failed(lane, status, BYTES_LITERAL("no memory for it"));
	arena_reset(&lane->scratch);
	lane->refusal = (struct refusal){.reason = REFUSAL_OTHER};
	lane->trouble = STATUS_OK;
	return net_add(lane->fetching->net, &(struct net_call){
		.context = lane, .governor = governor_of(lane->fetching), .word = word_object, .judge = judge_object,
		.take = take_object, .restart = restart_object, .done = answer_object, .body_ceiling = FETCH_WHOLE_MAX,
		.check_md5 = true,
	}, NULL);
}

/* ---- probing ---- */

enum status web_probe(struct fetching *fetching)
{
	struct arena arena = arena_with_ceiling(16 << 20);
	struct failure failure = {.why = ""};
	struct verdict verdict;
	struct probe_settings settings = {.vantage = BYTES_NONE};
	enum status status = getrandom(settings.random, sizeof settings.random, 0) == (ssize_t)sizeof settings.random
		? STATUS_OK : STATUS_BROKEN;
	if (status == STATUS_OK)
		status = probe_target(fetching->net, &fetching->target, &settings, &arena, &verdict, &failure);
	if (status == STATUS_OK) {
		fetch_put_verdict(&fetching->writer, &verdict);
		status = wire_send(fetching->control, &fetching->writer, -1);
	} else {
		status = fetching_send_failed(fetching, status, fetching->target.container.url, bytes_of_string(failure.why));
	}
	arena_free(&arena);
	return status;
}

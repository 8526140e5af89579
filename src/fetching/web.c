/* SPDX-License-Identifier: Apache-2.0 */
/* Listing and reading over HTTP: wording is the provider's, carrying is net's, and each finished call answers its asker. */
#include "fetching/lane.h"

#include "probing/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* Many may ask at once in terms that are refused: the first answer changes those of all, the others only ask again. */
static void learn_terms(struct fetching *fetching, const struct terms *asked, const struct terms *learnt)
{
	if (memcmp(&fetching->terms, asked, sizeof *asked) == 0)
		fetching->terms = *learnt;
}

/* A refusal decides whether asking again makes sense; redirects are net's to follow within scope. */
static enum net_judgement judge(struct fetching *fetching, const struct reply *reply, const struct terms *asked,
                                struct arena *arena, struct refusal *ret_refusal)
{
	struct terms terms = *asked;
	if (reply->status < 400)
		return NET_BY_STATUS;
	if (fetching->provider->read_refusal(reply, &terms, arena, ret_refusal) != STATUS_OK)
		return NET_FINAL;
	switch (ret_refusal->reason) {
	case REFUSAL_BUSY: return NET_BUSY;
	case REFUSAL_PASSING: return NET_PASSING;
	case REFUSAL_TERMS: learn_terms(fetching, asked, &terms); return NET_AGAIN;
	default: return NET_FINAL;
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

/* What was answered; of a 2xx reply, what it was taken for all the same. */
static struct bytes explain(const struct net_outcome *outcome, const struct refusal *refusal, enum status status,
                            struct buffer *into)
{
	if (outcome->status == STATUS_OK && outcome->reply.status < 300)
		buffer_append_string(into, status == STATUS_MALFORMED ? "the answer makes no sense" : status_name(status));
	else if (outcome->status == STATUS_OK)
		buffer_append_format(into, "HTTP %u%s%.*s", outcome->reply.status, refusal->code.len > 0 ? " " : "",
		                     (int)refusal->code.len, (const char *)refusal->code.at);
	else
		buffer_append_string(into, outcome->why);
	if (outcome->status == STATUS_OK && outcome->retry_after > 0)
		buffer_append_format(into, "; asks to come back in %llu s", (unsigned long long)outcome->retry_after);
	return buffer_bytes(into);
}

/* Any answer is useful progress, if it comes at a pace at which the other objects could come, too. */
static void note_answer(struct fetching *fetching, const struct net_outcome *outcome, enum status status)
{
	if (outcome->attempts > 0 && !status_is_passing(status) && outcome->milliseconds <= fetching->setup.patience / 4)
		net_note_progress(fetching->net);
}

/* ---- listings ---- */

static enum status word_page(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *request)
{
	struct fetching *fetching = context;
	const struct page_options options = {.include = fetching->list.include, .size = fetching->list.page_size};
	fetching->list_terms = fetching->terms;
	enum status status = fetching->provider->ask_page(&fetching->target, &fetching->terms, &options, fetching->list.cursor,
	                                                  arena, request);
	return status == STATUS_OK ? finish_request(fetching, attempt, arena, request) : status;
}

static enum net_judgement judge_page(void *context, const struct reply *reply)
{
	struct fetching *fetching = context;
	return judge(fetching, reply, &fetching->list_terms, &fetching->list_arena, &fetching->list_refusal);
}

/* A socket that fails here is found closed by the loop. */
static void ignore(enum status status)
{
	(void)status;
}

/* Cursors that come again would be listed for ever. One is remembered, and another one after twice as many pages (Brent). */
static bool leads_in_circles(struct fetching *fetching, struct bytes next)
{
	if (bytes_equal(next, fetching->list.cursor) ||
	    (fetching->list.cursor.len > 0 && bytes_equal(next, buffer_bytes(&fetching->marked_cursor))))
		return true;
	if (fetching->list.cursor.len == 0)
		fetching->pages = 0;
	if ((fetching->pages & (fetching->pages + 1)) == 0) {
		buffer_reset(&fetching->marked_cursor);
		buffer_append(&fetching->marked_cursor, next);
	}
	fetching->pages++;
	return false;
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
	if (status == STATUS_OK && !page.is_last && leads_in_circles(fetching, page.next))
		status = STATUS_MALFORMED;
	if (status == STATUS_OK && page.count > 0)
		net_note_progress(fetching->net);
	if (status == STATUS_OK)
		ignore(fetching_send_page(fetching, &page));
	else
		ignore(fetching_send_failed(fetching, status, fetching->target.container.url,
		                            explain(outcome, &fetching->list_refusal, status, &why)));
	buffer_free(&why);
}

enum status web_list(struct fetching *fetching)
{
	fetching->is_listing = true;
	fetching->list_refusal = (struct refusal){.reason = REFUSAL_OTHER};
	return net_add(fetching->net,
	               &(struct net_call){
			       .context = fetching,
			       .governor = governor_of(fetching),
			       .word = word_page,
			       .judge = judge_page,
			       .done = answer_page,
			       .body_ceiling = PROVIDER_PAGE_BYTES_MAX,
		       },
	               NULL);
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
	lane->asked_terms = fetching->terms;
	enum status status = fetching->provider->ask_object(&fetching->target, &fetching->terms, &lane->object, &part, arena,
	                                                    request);
	return status == STATUS_OK ? finish_request(fetching, attempt, arena, request) : status;
}

static enum net_judgement judge_object(void *context, const struct reply *reply)
{
	struct lane *lane = context;
	return judge(lane->fetching, reply, &lane->asked_terms, &lane->scratch, &lane->refusal);
}

/* A window must be the bytes asked for, of the version the object had at first. */
static enum status begin_window(struct lane *lane, const struct reply *reply)
{
	uint64_t first, last, total;
	if (reply->status != 206 || !reply_content_range(reply, &first, &last, &total) || first != lane->part.offset)
		return STATUS_MALFORMED;
	return total == UINT64_MAX || total == lane->size ? STATUS_OK : STATUS_CHANGED;
}

static enum status begin_object(void *context, const struct reply *reply)
{
	struct lane *lane = context;
	if (lane->is_window)
		return begin_window(lane, reply);
	return lane->fetching->provider->read_object(reply, &lane->arena, &lane->object);
}

/* Who is asked for a part and sends more is not listened to further. */
static enum status take_object(void *context, struct bytes piece)
{
	struct lane *lane = context;
	bool is_more = piece.len > lane->part.length - lane->received;
	if (is_more)
		piece = bytes_slice(piece, 0, (size_t)(lane->part.length - lane->received));
	enum status status = lane_take(lane, piece);
	return status == STATUS_OK && is_more ? STATUS_END : status;
}

static void restart_object(void *context)
{
	struct lane *lane = context;
	lane->trouble = lane_open_memory(lane);
}

static bool is_wanted_whole(const struct lane *lane)
{
	return !lane->is_window && lane->part.length > FETCH_WHOLE_MAX;
}

static bool is_large(const struct lane *lane)
{
	return lane->object.size != OBJECT_SIZE_UNKNOWN && lane->object.size > lane->whole_max;
}

static enum status conclude_object(struct lane *lane, const struct net_outcome *outcome)
{
	/* An empty object has no first byte to begin a part with. */
	bool is_empty = lane->refusal.reason == REFUSAL_RANGE && lane->part.offset == 0 && outcome->reply.status == 416;
	enum status status = lane->trouble != STATUS_OK ? lane->trouble : conclude(outcome, &lane->refusal);
	if (status == STATUS_END)
		return STATUS_OK;
	if (is_empty && status == STATUS_CHANGED && !lane->is_window) {
		lane->object.size = 0;
		return STATUS_OK;
	}
	return status == STATUS_OK && lane->is_window && lane->received < lane->part.length ? STATUS_TRUNCATED : status;
}

static void answer_failed(struct lane *lane, enum status status, const struct net_outcome *outcome)
{
	struct buffer why = buffer_with_ceiling(4096);
	ignore(lane_answer_failed(lane, status, explain(outcome, &lane->refusal, status, &why)));
	buffer_free(&why);
}

/* Listed as small, or without its size, and too large to be held: its head told how large it is. */
static bool turned_out_large(const struct lane *lane, const struct net_outcome *outcome)
{
	return outcome->status == STATUS_TOO_LARGE && is_wanted_whole(lane) && is_large(lane);
}

static void answer_object(void *context, const struct net_outcome *outcome)
{
	struct lane *lane = context;
	enum status status = conclude_object(lane, outcome);
	const char *note = outcome->md5_differs ? "its contents do not agree with its Content-MD5" : NULL;
	bool is_whole = !lane->is_window && (is_wanted_whole(lane) || lane->received == lane->object.size);
	note_answer(lane->fetching, outcome, status);
	if (turned_out_large(lane, outcome))
		ignore(lane_answer_windowed(lane, lane->object.size, NULL));
	else if (status != STATUS_OK)
		answer_failed(lane, status, outcome);
	else
		ignore(lane_answer(lane, is_whole, note));
}

static enum status ask_object(struct lane *lane)
{
	enum status status = lane_open_memory(lane);
	if (status != STATUS_OK)
		return lane_answer_failed(lane, status, BYTES_LITERAL("no memory for it"));
	lane->part.is_head = false;
	return net_add(lane->fetching->net,
	               &(struct net_call){
			       .context = lane,
			       .governor = governor_of(lane->fetching),
			       .word = word_object,
			       .judge = judge_object,
			       .begin = begin_object,
			       .take = take_object,
			       .restart = restart_object,
			       .done = answer_object,
			       .body_ceiling = is_wanted_whole(lane) ? lane->whole_max : UINT64_MAX,
			       .check_md5 = true,
		       },
	               NULL);
}

/* The version whose windows will be asked for; it may have become one that can be held. */
static void answer_head(void *context, const struct net_outcome *outcome)
{
	struct lane *lane = context;
	enum status status = conclude(outcome, &lane->refusal);
	note_answer(lane->fetching, outcome, status);
	if (status == STATUS_OK)
		status = lane->fetching->provider->read_object(&outcome->reply, &lane->arena, &lane->object);
	if (status == STATUS_OK && is_large(lane)) {
		ignore(lane_answer_windowed(lane, lane->object.size, NULL));
		return;
	}
	if (status == STATUS_OK)
		status = ask_object(lane);
	if (status != STATUS_OK)
		answer_failed(lane, status, outcome);
}

static enum status ask_head(struct lane *lane)
{
	lane->part.is_head = true;
	return net_add(lane->fetching->net,
	               &(struct net_call){
			       .context = lane,
			       .governor = governor_of(lane->fetching),
			       .word = word_object,
			       .judge = judge_object,
			       .done = answer_head,
		       },
	               NULL);
}

enum status web_get(struct lane *lane)
{
	arena_reset(&lane->scratch);
	lane->refusal = (struct refusal){.reason = REFUSAL_OTHER};
	lane->trouble = STATUS_OK;
	return is_wanted_whole(lane) && is_large(lane) ? ask_head(lane) : ask_object(lane);
}

/* ---- probing ---- */

/* Where it may be asked: it has a host of its own, which whoever names the container has not named. */
static bool may_ask_secondary(struct fetching *fetching, struct arena *arena)
{
	struct target secondary;
	struct request request;
	const struct page_options options = {.size = 1};
	return probe_secondary(&fetching->target, arena, &secondary) == STATUS_OK &&
	       fetching->provider->ask_page(&secondary, &fetching->terms, &options, BYTES_NONE, arena, &request) == STATUS_OK &&
	       permit_request(fetching, request.method, request.url);
}

enum status web_probe(struct fetching *fetching, const struct fetch_probe *known)
{
	struct arena arena = arena_with_ceiling(16 << 20);
	struct failure failure = {.why = ""};
	struct verdict verdict;
	struct probe_settings settings = {
		.vantage = BYTES_NONE,
		.may_ask_site = permit_site(fetching),
		.may_ask_secondary = may_ask_secondary(fetching, &arena),
		.known = known->names,
		.known_count = known->count,
	};
	enum status status = getrandom(settings.random, sizeof settings.random, 0) == (ssize_t)sizeof settings.random
	                             ? STATUS_OK
	                             : STATUS_BROKEN;
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

/* SPDX-License-Identifier: Apache-2.0 */
/* The questions, in an order that spares later ones; each call's last reply becomes one row of evidence. */
#include "probing/probe.h"

#include "base/digest.h"
#include "probing/conclude.h"
#include "provider/provider.h"

#include <stdio.h>

enum { PAGE_BODY_MAX = 4 << 20 };

enum wording { WORD_PAGE, WORD_OBJECT, WORD_CONTAINER };

/* One question and what came of it. */
struct asking {
	struct probe *probe;
	enum wording wording;
	unsigned include;             /* WORD_PAGE */
	struct object object;         /* WORD_OBJECT */
	enum question question;       /* WORD_CONTAINER */
	struct refusal refusal;
	struct observation observation;
	enum status trouble;          /* ours */
};

struct probe {
	struct net *net;
	const struct target *target;
	const struct provider *provider;
	const struct probe_settings *settings;
	struct arena *arena;
	struct terms terms;
	struct observations seen;
	struct object first;          /* an object of the listing; no name if there was none */
	struct verdict *verdict;
	struct evidence *evidence;
	size_t evidence_count;
};

/* ---- one call ---- */

static enum status word(void *context, const struct net_attempt *attempt, struct arena *arena,
                        struct request *ret_request)
{
	const struct asking *asking = context;
	const struct probe *probe = asking->probe;
	const struct provider *provider = probe->provider;
	struct occasion occasion = {.now = attempt->now, .request_id = attempt->request_id};
	struct page_options options = {.include = asking->include, .size = 1};
	struct object_part part = {.length = OBJECT_SIZE_UNKNOWN, .is_head = true};
	enum status status = STATUS_BROKEN;
	if (asking->wording == WORD_PAGE)
		status = provider->ask_page(probe->target, &probe->terms, &options, BYTES_NONE, arena, ret_request);
	else if (asking->wording == WORD_OBJECT)
		status = provider->ask_object(probe->target, &probe->terms, &asking->object, &part, arena, ret_request);
	else
		status = provider->ask_container(probe->target, &probe->terms, asking->question, arena, ret_request);
	return status == STATUS_OK ? provider->sign(ret_request, probe->target, NULL, &occasion, arena) : status;
}

static bool is_success(const struct reply *reply)
{
	return reply->status >= 200 && reply->status <= 299;
}

static enum net_judgement judge(void *context, const struct reply *reply)
{
	struct asking *asking = context;
	if (is_success(reply) || (reply->status >= 300 && reply->status <= 399))
		return NET_BY_STATUS;
	asking->trouble = asking->probe->provider->read_refusal(reply, &asking->probe->terms, asking->probe->arena,
	                                                        &asking->refusal);
	if (asking->trouble != STATUS_OK)
		return NET_FINAL;
	switch (asking->refusal.reason) {
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

static struct bytes code_of(const struct asking *asking, const struct net_outcome *outcome)
{
	if (outcome->status != STATUS_OK && outcome->status != STATUS_BUSY)
		return bytes_of_string(status_name(outcome->status));
	return is_success(&outcome->reply) ? BYTES_NONE : asking->refusal.code;
}

static void keep_evidence(struct asking *asking, const struct net_outcome *outcome)
{
	struct probe *probe = asking->probe;
	bool is_head = asking->wording == WORD_OBJECT ||
	               (asking->wording == WORD_CONTAINER && asking->question == QUESTION_PROPERTIES);
	struct bytes code = code_of(asking, outcome), url = arena_copy(probe->arena, outcome->url);
	code = arena_copy(probe->arena, code);
	if (url.at == NULL || code.at == NULL)
		asking->trouble = STATUS_NO_MEMORY;
	if (asking->trouble != STATUS_OK || probe->evidence_count == VERDICT_EVIDENCE_MAX)
		return;
	probe->evidence[probe->evidence_count++] = (struct evidence){
		.method = is_head ? "HEAD" : "GET", .url = url, .code = code, .at = clock_now(),
		.status = outcome->status == STATUS_OK || outcome->status == STATUS_BUSY ? outcome->reply.status : 0,
	};
}

static struct observation observe(const struct asking *asking, const struct net_outcome *outcome)
{
	struct observation observation = {.out = OUT_REFUSED, .reason = asking->refusal.reason};
	if (outcome->status == STATUS_BUSY)
		observation.out = OUT_BUSY;
	else if (outcome->status == STATUS_REDIRECTED)
		observation.out = OUT_REDIRECTED;
	else if (status_is_passing(outcome->status))
		observation.out = OUT_SILENT;
	else if (outcome->status != STATUS_OK)
		observation.reason = REFUSAL_OTHER;
	else if (is_success(&outcome->reply))
		observation.out = OUT_GRANTED;
	return observation;
}

/* A listing counts as granted only if it is one: a captive portal says 200 to everything. */
static void read_listing(struct asking *asking, const struct net_outcome *outcome)
{
	struct probe *probe = asking->probe;
	struct page page;
	enum status status = probe->provider->read_page(probe->target, outcome->reply.body, probe->arena, &page);
	if (status == STATUS_NO_MEMORY)
		asking->trouble = status;
	if (status != STATUS_OK)
		asking->observation = (struct observation){.out = OUT_REFUSED, .reason = REFUSAL_OTHER};
	else if (page.count > 0 && !page.objects[0].is_deleted && asking->include == 0)
		probe->first = page.objects[0];
}

static void read_level(struct probe *probe, const struct reply *reply)
{
	const char *header = probe->provider->public_level_header;
	struct bytes level = header != NULL ? reply_header(reply, header) : BYTES_NONE;
	if (bytes_equal_nocase(level, BYTES_LITERAL("container")))
		probe->seen.told_level = LEVEL_CONTAINER;
	else if (bytes_equal_nocase(level, BYTES_LITERAL("blob")))
		probe->seen.told_level = LEVEL_BLOB;
}

static void done(void *context, const struct net_outcome *outcome)
{
	struct asking *asking = context;
	asking->observation = observe(asking, outcome);
	if (status_is_ours(outcome->status))
		asking->trouble = outcome->status;
	if (asking->observation.out == OUT_GRANTED && asking->wording == WORD_PAGE)
		read_listing(asking, outcome);
	if (asking->observation.out == OUT_GRANTED && asking->wording == WORD_CONTAINER)
		read_level(asking->probe, &outcome->reply);
	if (asking->probe->verdict->tenant.len == 0)
		asking->probe->verdict->tenant = asking->refusal.tenant;
	keep_evidence(asking, outcome);
}

static enum status ask(struct probe *probe, struct asking asking, struct observation *ret_observation)
{
	asking.probe = probe;
	struct net_call call = {
		.context = &asking, .governor = probe->target->container.account, .word = word, .judge = judge,
		.done = done, .body_ceiling = PAGE_BODY_MAX,
	};
	enum status status = net_perform(probe->net, &call);
	if (status == STATUS_OK)
		status = asking.trouble;
	if (status == STATUS_OK)
		*ret_observation = asking.observation;
	return status;
}

/* ---- the questions ---- */

static enum status ask_list(struct probe *probe, unsigned include, struct observation *ret_observation)
{
	return ask(probe, (struct asking){.wording = WORD_PAGE, .include = include}, ret_observation);
}

static enum status ask_container(struct probe *probe, enum question question, struct observation *ret_observation)
{
	return ask(probe, (struct asking){.wording = WORD_CONTAINER, .question = question}, ret_observation);
}

/* A name of 128 random bits cannot exist; who says that it does says so of everything. */
static enum status ask_impossible_object(struct probe *probe)
{
	struct observation *seen = &probe->seen.object;
	struct buffer name = buffer_with_ceiling(64 * 1024);
	buffer_append(&name, probe->target->prefix);
	buffer_append_string(&name, "tidemark-probe-");
	digest_append_base32(&name, bytes_of(probe->settings->random, sizeof probe->settings->random));
	struct object object = {.name = arena_copy(probe->arena, buffer_bytes(&name))};
	buffer_free(&name);
	if (object.name.at == NULL)
		return STATUS_NO_MEMORY;
	enum status status = ask(probe, (struct asking){.wording = WORD_OBJECT, .object = object}, seen);
	if (status == STATUS_OK && seen->out == OUT_GRANTED)
		*seen = (struct observation){.out = OUT_REFUSED, .reason = REFUSAL_OTHER};
	return status;
}

/* The headers of the first listed object, if there is one and a URL can ask for it. */
static enum status ask_object(struct probe *probe)
{
	struct observation *seen = &probe->seen.object;
	if (probe->first.name.len > 0) {
		enum status status = ask(probe, (struct asking){.wording = WORD_OBJECT, .object = probe->first}, seen);
		if (status != STATUS_OK || seen->out != OUT_REFUSED || seen->reason != REFUSAL_OTHER)
			return status;
	}
	return ask_impossible_object(probe);
}

static bool ends_it(struct observation observation)
{
	return observation.out == OUT_BUSY ||
	       (observation.out == OUT_REFUSED && observation.reason == REFUSAL_ACCOUNT_OFF);
}

static enum status ask_includes(struct probe *probe)
{
	enum status status = STATUS_OK;
	if (probe->seen.list.out != OUT_GRANTED)
		return status;
	status = ask_list(probe, PAGE_VERSIONS, &probe->seen.versions);
	if (status == STATUS_OK)
		status = ask_list(probe, PAGE_SNAPSHOTS, &probe->seen.snapshots);
	if (status == STATUS_OK)
		status = ask_list(probe, PAGE_DELETED, &probe->seen.deleted);
	return status;
}

static enum status ask_all(struct probe *probe)
{
	enum status status = ask_list(probe, 0, &probe->seen.list);
	if (status != STATUS_OK || ends_it(probe->seen.list))
		return status;
	status = ask_container(probe, QUESTION_PROPERTIES, &probe->seen.properties);
	/* Two silences are enough. */
	if (status != STATUS_OK || ends_it(probe->seen.properties) ||
	    (probe->seen.list.out == OUT_SILENT && probe->seen.properties.out == OUT_SILENT))
		return status;
	status = ask_object(probe);
	if (status != STATUS_OK || ends_it(probe->seen.object))
		return status;
	status = ask_includes(probe);
	return status == STATUS_OK ? ask_container(probe, QUESTION_ACL, &probe->seen.acl) : status;
}

enum status probe_target(struct net *net, const struct target *target, const struct probe_settings *settings,
                         struct arena *arena, struct verdict *ret_verdict, struct failure *reterr)
{
	struct verdict verdict = {.kind = VERDICT_UNKNOWN, .observed_at = clock_now(), .vantage = settings->vantage};
	struct probe probe = {
		.net = net, .target = target, .provider = provider_of(target->container.provider), .settings = settings,
		.arena = arena, .verdict = &verdict,
	};
	char where[160];
	snprintf(where, sizeof where, "%.*s", (int)(target->written.len < 150 ? target->written.len : 150),
	         (const char *)target->written.at);
	if (probe.provider == NULL)
		return fail(reterr, STATUS_UNSUPPORTED, where,
		            "a folder has no strangers: only containers of a cloud can be probed; sweep it instead");
	if (verdict.vantage.len == 0)
		verdict.vantage = BYTES_LITERAL("this machine");
	probe.evidence = arena_allocate(arena, VERDICT_EVIDENCE_MAX * sizeof *probe.evidence);
	enum status status = probe.evidence != NULL ? ask_all(&probe) : STATUS_NO_MEMORY;
	if (status != STATUS_OK)
		return fail(reterr, status, where, "could not be probed: %s", status_name(status));
	verdict.evidence = probe.evidence;
	verdict.evidence_count = probe.evidence_count;
	probe.seen.is_never_writable = probe.provider->is_never_writable;
	conclude_verdict(&probe.seen, &verdict);
	*ret_verdict = verdict;
	return STATUS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The questions, in an order that spares later ones; each call's last reply becomes one row of evidence. */
#include "probing/probe.h"

#include "base/digest.h"
#include "probing/conclude.h"
#include "provider/provider.h"

#include <stdio.h>

/* A plain listing is asked for one name; one with versions and their like for enough that some may show. */
enum { PAGE_BODY_MAX = 16 << 20, PLAIN_NAMES = 1, INCLUDED_NAMES = 1000 };

enum probe_wording { WORD_PAGE, WORD_OBJECT, WORD_CONTAINER, WORD_SITE, WORD_SECONDARY };

/* One question and what came of it. */
struct probe_asking {
	struct probe *probe;
	enum probe_wording wording;
	unsigned include;       /* WORD_PAGE */
	struct object object;   /* WORD_OBJECT */
	enum question question; /* WORD_CONTAINER */
	unsigned nth;           /* WORD_SITE */
	struct refusal refusal;
	struct reaction reaction;
	unsigned status;     /* of the last reply */
	enum status trouble; /* ours */
};

struct probe {
	struct net *net;
	const struct target *target;
	const struct provider *provider;
	const struct probe_settings *settings;
	struct arena *arena;
	struct terms terms;
	struct reactions seen;
	struct object first;  /* an object of the listing; no name if there was none */
	bool has_version_ids; /* even its plain listing has them */
	struct target secondary;
	struct inventories inventories;
	struct verdict *verdict;
	struct evidence *evidence;
	size_t evidence_count;
};

/* ---- one call ---- */

static enum status word(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *ret_request)
{
	const struct probe_asking *asking = context;
	const struct probe *probe = asking->probe;
	const struct provider *provider = probe->provider;
	struct occasion occasion = {.now = attempt->now, .request_id = attempt->request_id};
	struct page_options options = {
		.include = asking->include,
		.size = asking->include != 0 ? INCLUDED_NAMES : PLAIN_NAMES,
	};
	struct object_part part = {.length = OBJECT_SIZE_UNKNOWN, .is_head = true};
	enum status status = STATUS_BROKEN;
	if (asking->wording == WORD_SECONDARY)
		status = provider->ask_page(&probe->secondary, &probe->terms, &options, BYTES_NONE, arena, ret_request);
	else if (asking->wording == WORD_PAGE)
		status = provider->ask_page(probe->target, &probe->terms, &options, BYTES_NONE, arena, ret_request);
	else if (asking->wording == WORD_OBJECT)
		status = provider->ask_object(probe->target, &probe->terms, &asking->object, &part, arena, ret_request);
	else if (asking->wording == WORD_SITE)
		status = provider->ask_site(probe->target, &probe->terms, asking->nth, arena, ret_request);
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
	struct probe_asking *asking = context;
	if (is_success(reply) || (reply->status >= 300 && reply->status <= 399))
		return NET_BY_STATUS;
	asking->trouble = asking->probe->provider->read_refusal(reply, &asking->probe->terms, asking->probe->arena,
	                                                        &asking->refusal);
	if (asking->trouble != STATUS_OK)
		return NET_FINAL;
	switch (asking->refusal.reason) {
	case REFUSAL_BUSY: return NET_BUSY;
	case REFUSAL_PASSING: return NET_PASSING;
	case REFUSAL_TERMS: return NET_AGAIN;
	default: return NET_FINAL;
	}
}

static struct bytes code_of(const struct probe_asking *asking, const struct net_outcome *outcome)
{
	if (outcome->status != STATUS_OK && outcome->status != STATUS_BUSY)
		return bytes_of_string(status_name(outcome->status));
	return is_success(&outcome->reply) ? BYTES_NONE : asking->refusal.code;
}

static void add_evidence(struct probe *probe, struct evidence row)
{
	row.at = clock_now();
	if (probe->evidence_count < VERDICT_EVIDENCE_MAX)
		probe->evidence[probe->evidence_count++] = row;
}

static void keep_evidence(struct probe_asking *asking, const struct net_outcome *outcome)
{
	struct probe *probe = asking->probe;
	bool is_head = asking->wording == WORD_OBJECT || asking->wording == WORD_SITE ||
	               (asking->wording == WORD_CONTAINER && asking->question == QUESTION_PROPERTIES);
	struct bytes code = code_of(asking, outcome), url = arena_copy(probe->arena, outcome->url);
	code = arena_copy(probe->arena, code);
	if (url.at == NULL || code.at == NULL)
		asking->trouble = STATUS_NO_MEMORY;
	if (asking->trouble != STATUS_OK || outcome->attempts == 0)
		return;
	bool is_answered = outcome->status == STATUS_OK || outcome->status == STATUS_BUSY || outcome->status == STATUS_REDIRECTED;
	add_evidence(probe, (struct evidence){
				    .method = is_head ? "HEAD" : "GET",
				    .place = asking->wording == WORD_SITE        ? EVIDENCE_OF_SITE
	                                     : asking->wording == WORD_SECONDARY ? EVIDENCE_OF_SECONDARY
	                                                                         : EVIDENCE_OF_CONTAINER,
				    .url = url,
				    .code = code,
				    .status = is_answered ? outcome->reply.status : 0,
			    });
}

static struct reaction reaction_to(const struct probe_asking *asking, const struct net_outcome *outcome)
{
	struct reaction reaction = {.out = OUT_REFUSED, .reason = asking->refusal.reason};
	if (outcome->status == STATUS_BUSY)
		reaction.out = OUT_BUSY;
	else if (outcome->status == STATUS_REDIRECTED)
		reaction.out = OUT_REDIRECTED;
	else if (status_is_passing(outcome->status))
		reaction.out = OUT_SILENT;
	else if (outcome->status != STATUS_OK)
		reaction.reason = REFUSAL_OTHER;
	else if (is_success(&outcome->reply))
		reaction.out = OUT_GRANTED;
	return reaction;
}

/* Some servers pass over what they do not know: without an instance of it nothing is established. */
static bool shows_what_was_asked(const struct probe_asking *asking, const struct page *page)
{
	bool has_ids = asking->include == PAGE_VERSIONS && page->has_version_ids && !asking->probe->has_version_ids;
	return has_ids || (page->shown & asking->include) != 0;
}

static void look_for_inventories(struct probe *probe, const struct page *page)
{
	struct inventories *seen = &probe->inventories;
	for (size_t i = 0; i < page->count && seen->example.len == 0; i++)
		if (probe->provider->is_inventory != NULL && probe->provider->is_inventory(page->objects[i].name))
			seen->example = page->objects[i].name;
	/* None is known of who says nothing of his inventories. */
	seen->is_whole |= page->is_last && probe->provider->is_inventory != NULL && probe->target->prefix.len == 0;
}

/* A listing counts as granted only if it is one: a captive portal says 200 to everything. */
static void read_listing(struct probe_asking *asking, const struct net_outcome *outcome)
{
	struct probe *probe = asking->probe;
	struct page page;
	enum status status = probe->provider->read_page(probe->target, outcome->reply.body, probe->arena, &page);
	if (status == STATUS_NO_MEMORY)
		asking->trouble = status;
	if (status == STATUS_OK && asking->wording == WORD_PAGE)
		look_for_inventories(probe, &page);
	if (status != STATUS_OK || (asking->include != 0 && !shows_what_was_asked(asking, &page)))
		asking->reaction = (struct reaction){.out = OUT_REFUSED, .reason = REFUSAL_OTHER};
	if (status != STATUS_OK || asking->include != 0 || asking->wording == WORD_SECONDARY)
		return;
	probe->has_version_ids = page.has_version_ids;
	if (page.count > 0 && !page.objects[0].is_deleted)
		probe->first = page.objects[0];
}

static void read_container(struct probe_asking *asking, const struct net_outcome *outcome)
{
	struct probe *probe = asking->probe;
	const struct reply *reply = &outcome->reply;
	if (asking->question == QUESTION_ACL && !probe->provider->is_acl(reply->body))
		asking->reaction = (struct reaction){.out = OUT_REFUSED, .reason = REFUSAL_OTHER};
	const char *header = probe->provider->public_level_header;
	struct bytes level = header != NULL ? reply_header(reply, header) : BYTES_NONE;
	if (bytes_equal_nocase(level, BYTES_LITERAL("container")))
		probe->seen.told_level = LEVEL_CONTAINER;
	else if (bytes_equal_nocase(level, BYTES_LITERAL("blob")))
		probe->seen.told_level = LEVEL_BLOB;
}

static void done(void *context, const struct net_outcome *outcome)
{
	struct probe_asking *asking = context;
	asking->reaction = reaction_to(asking, outcome);
	asking->status = outcome->reply.status;
	if (status_is_ours(outcome->status))
		asking->trouble = outcome->status;
	if (outcome->retry_after > 0)
		asking->probe->seen.retry_after = outcome->retry_after;
	if (asking->reaction.out == OUT_GRANTED && (asking->wording == WORD_PAGE || asking->wording == WORD_SECONDARY))
		read_listing(asking, outcome);
	if (asking->reaction.out == OUT_GRANTED && asking->wording == WORD_CONTAINER)
		read_container(asking, outcome);
	if (asking->probe->verdict->tenant.len == 0)
		asking->probe->verdict->tenant = asking->refusal.tenant;
	keep_evidence(asking, outcome);
}

static enum status carry_out(struct probe *probe, struct probe_asking *asking)
{
	asking->probe = probe;
	struct net_call call = {
		.context = asking,
		.governor = probe->target->container.account,
		.word = word,
		.judge = judge,
		.done = done,
		.body_ceiling = PAGE_BODY_MAX,
	};
	enum status status = net_perform(probe->net, &call);
	return status == STATUS_OK ? asking->trouble : status;
}

static enum status ask(struct probe *probe, struct probe_asking asking, struct reaction *ret_reaction)
{
	enum status status = carry_out(probe, &asking);
	if (status == STATUS_OK)
		*ret_reaction = asking.reaction;
	return status;
}

/* ---- names ---- */

static enum status look_up(struct probe *probe, struct bytes host, struct name_answer *ret_answer)
{
	char *name = arena_copy_string(probe->arena, host);
	struct buffer url = buffer_with_ceiling(1024);
	if (name == NULL)
		return STATUS_NO_MEMORY;
	*ret_answer = name_look_up(name, probe->settings->name_server);
	buffer_append_format(&url, "dns:%s?type=A", name);
	struct evidence row = {.method = "DNS", .url = arena_copy(probe->arena, buffer_bytes(&url))};
	row.code = bytes_of_string(ret_answer->code);
	enum status status = buffer_status(&url) == STATUS_OK && row.url.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	buffer_free(&url);
	/* That a name is there says nothing that its answers do not say better. */
	if (status == STATUS_OK && (ret_answer->state != NAME_FOUND || probe->evidence_count > 0))
		add_evidence(probe, row);
	return status;
}

/* A name that is certainly there: of an Azure host its domain. */
static struct bytes control_of(const struct target *target)
{
	struct bytes host = target->host;
	if (target->is_custom)
		return BYTES_LITERAL("com");
	size_t dot = bytes_find_last_byte(host, '.');
	size_t next = dot == BYTES_NOT_FOUND ? dot : bytes_find_last_byte(bytes_slice(host, 0, dot), '.');
	return next == BYTES_NOT_FOUND ? host : bytes_from(host, next + 1);
}

/* A resolver that denies what is certainly there denies everything: it is not believed. */
static enum status check_name(struct probe *probe)
{
	const struct target *target = probe->target;
	struct name_answer answer, control = {.state = NAME_FOUND};
	char *host = arena_copy_string(probe->arena, target->host);
	if (host == NULL)
		return STATUS_NO_MEMORY;
	if (name_is_address(host))
		return STATUS_OK;
	enum status status = look_up(probe, target->host, &answer);
	if (status != STATUS_OK || answer.state == NAME_FOUND)
		return status;
	if (answer.state == NAME_ABSENT && !name_is_reserved(host))
		status = look_up(probe, control_of(target), &control);
	probe->seen.has_no_name = answer.state == NAME_ABSENT && control.state == NAME_FOUND;
	probe->seen.list.out = OUT_SILENT;
	return status;
}

/* ---- the questions ---- */

static enum status ask_list(struct probe *probe, unsigned include, struct reaction *ret_reaction)
{
	return ask(probe, (struct probe_asking){.wording = WORD_PAGE, .include = include}, ret_reaction);
}

static enum status ask_container(struct probe *probe, enum question question, struct reaction *ret_reaction)
{
	return ask(probe, (struct probe_asking){.wording = WORD_CONTAINER, .question = question}, ret_reaction);
}

/* A name of 128 random bits cannot exist; who says that it does says so of everything. */
static enum status ask_impossible_object(struct probe *probe)
{
	struct reaction *seen = &probe->seen.object;
	struct buffer name = buffer_with_ceiling(64 * 1024);
	buffer_append(&name, probe->target->prefix);
	buffer_append_string(&name, "tidemark-probe-");
	digest_append_base32(&name, bytes_of(probe->settings->random, sizeof probe->settings->random));
	struct object object = {.name = arena_copy(probe->arena, buffer_bytes(&name))};
	buffer_free(&name);
	if (object.name.at == NULL)
		return STATUS_NO_MEMORY;
	enum status status = ask(probe, (struct probe_asking){.wording = WORD_OBJECT, .object = object}, seen);
	if (status == STATUS_OK && seen->out == OUT_GRANTED)
		*seen = (struct reaction){.out = OUT_REFUSED, .reason = REFUSAL_OTHER};
	return status;
}

static bool ends_it(struct reaction reaction)
{
	return reaction.out == OUT_BUSY || (reaction.out == OUT_REFUSED && reaction.reason == REFUSAL_ACCOUNT_OFF);
}

/* The headers of the first listed object, if there is one and a URL can ask for it; else of those that evidence tells of. */
static enum status ask_object(struct probe *probe)
{
	struct reaction *seen = &probe->seen.object;
	if (probe->first.name.len > 0) {
		enum status status = ask(probe, (struct probe_asking){.wording = WORD_OBJECT, .object = probe->first}, seen);
		if (status != STATUS_OK || seen->out != OUT_REFUSED || seen->reason != REFUSAL_OTHER)
			return status;
	}
	for (size_t i = 0; i < probe->settings->known_count; i++) {
		struct object object = {.name = probe->settings->known[i]};
		enum status status = ask(probe, (struct probe_asking){.wording = WORD_OBJECT, .object = object}, seen);
		if (status != STATUS_OK || ends_it(*seen) || seen->out == OUT_GRANTED ||
		    (seen->out == OUT_REFUSED && seen->reason == REFUSAL_ARCHIVED))
			return status;
	}
	return ask_impossible_object(probe);
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
	enum status status = check_name(probe);
	if (status != STATUS_OK || probe->seen.list.out == OUT_SILENT)
		return status;
	status = ask_list(probe, 0, &probe->seen.list);
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

/* ---- the static site ---- */

static struct bytes host_of(struct bytes url)
{
	struct bytes rest = bytes_from(url, bytes_find(url, BYTES_LITERAL("://")) + 3);
	return bytes_slice(rest, 0, bytes_find_byte(rest, '/'));
}

/* Whether the nth place has a name; UNKNOWN where the resolver failed. */
static enum status find_site(struct probe *probe, unsigned nth, enum name_state *ret_state)
{
	struct request request;
	enum status status = probe->provider->ask_site(probe->target, &probe->terms, nth, probe->arena, &request);
	char *host = status == STATUS_OK ? arena_copy_string(probe->arena, host_of(request.url)) : NULL;
	if (status == STATUS_OK && host == NULL)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		*ret_state = probe->target->is_custom ? NAME_FOUND : name_look_up(host, probe->settings->name_server).state;
	return status;
}

static enum status ask_site(struct probe *probe, struct site *site)
{
	struct probe_asking asking = {.wording = WORD_SITE};
	enum name_state state = NAME_ABSENT;
	enum status status = STATUS_OK;
	site->state = SITE_NONE;
	if (probe->provider->site_container == NULL)
		return STATUS_OK;
	site->state = SITE_NOT_IN_SCOPE;
	if (!probe->settings->may_ask_site)
		return STATUS_OK;
	for (; state == NAME_ABSENT; asking.nth++) {
		status = find_site(probe, asking.nth, &state);
		if (status != STATUS_OK)
			break;
		if (state == NAME_FOUND) {
			site->state = SITE_ASKED;
			status = carry_out(probe, &asking);
			site->answer = asking.reaction;
			site->status = asking.status;
			return status;
		}
	}
	site->state = state == NAME_ABSENT ? SITE_NAMELESS : SITE_UNRESOLVED;
	return status == STATUS_END ? STATUS_OK : status;
}

/* ---- the second region ---- */

enum status probe_secondary(const struct target *target, struct arena *arena, struct target *ret_secondary)
{
	const struct provider *provider = provider_of(target->container.provider);
	struct bytes whole = target->is_path_style ? target->account_name : target->host;
	size_t end = target->is_path_style ? whole.len : bytes_find_byte(whole, '.');
	if (provider == NULL || provider->secondary_suffix == NULL || end == BYTES_NOT_FOUND ||
	    (target->is_custom && !target->is_path_style))
		return STATUS_END;
	struct bytes account = bytes_slice(whole, 0, end), suffix = bytes_of_string(provider->secondary_suffix);
	if (bytes_end_with(account, suffix))
		return STATUS_END;
	struct buffer text = buffer_with_ceiling(4096);
	buffer_append(&text, account);
	buffer_append(&text, suffix);
	buffer_append(&text, bytes_from(whole, end));
	struct bytes kept = arena_copy(arena, buffer_bytes(&text));
	buffer_free(&text);
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	*ret_secondary = *target;
	*(target->is_path_style ? &ret_secondary->account_name : &ret_secondary->host) = kept;
	return STATUS_OK;
}

static enum status ask_secondary(struct probe *probe, enum secondary_state *ret_state, struct reaction *ret_reaction)
{
	struct name_answer answer = {.state = NAME_FOUND};
	enum status status = probe_secondary(probe->target, probe->arena, &probe->secondary);
	*ret_state = SECONDARY_NONE;
	if (status != STATUS_OK)
		return status == STATUS_END ? STATUS_OK : status;
	*ret_state = SECONDARY_NOT_IN_SCOPE;
	if (!probe->settings->may_ask_secondary)
		return STATUS_OK;
	char *host = arena_copy_string(probe->arena, probe->secondary.host);
	if (host == NULL)
		return STATUS_NO_MEMORY;
	if (!probe->target->is_path_style && !name_is_address(host))
		status = look_up(probe, probe->secondary.host, &answer);
	*ret_state = answer.state == NAME_FOUND    ? SECONDARY_ASKED
	             : answer.state == NAME_ABSENT ? SECONDARY_NAMELESS
	                                           : SECONDARY_UNRESOLVED;
	if (status != STATUS_OK || answer.state != NAME_FOUND)
		return status;
	return ask(probe, (struct probe_asking){.wording = WORD_SECONDARY}, ret_reaction);
}

/* In the account's own words, for who has to wait. */
static enum status tell_retry_after(struct probe *probe)
{
	struct buffer advice = buffer_with_ceiling(4096);
	if (probe->seen.retry_after == 0)
		return STATUS_OK;
	buffer_append(&advice, probe->verdict->advice);
	buffer_append_format(&advice, " It asks to be left alone for %llu s, which is beyond --patience.",
	                     (unsigned long long)probe->seen.retry_after);
	probe->verdict->advice = arena_copy(probe->arena, buffer_bytes(&advice));
	buffer_free(&advice);
	return probe->verdict->advice.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Of an account that did not answer nothing more is asked. */
static bool has_answered(const struct reactions *seen)
{
	return seen->list.out == OUT_GRANTED || seen->list.out == OUT_REFUSED || seen->properties.out == OUT_GRANTED ||
	       seen->properties.out == OUT_REFUSED;
}

enum status probe_target(struct net *net, const struct target *target, const struct probe_settings *settings, struct arena *arena,
                         struct verdict *ret_verdict, struct failure *reterr)
{
	struct verdict verdict = {.kind = VERDICT_UNKNOWN, .observed_at = clock_now(), .vantage = settings->vantage};
	struct probe probe = {
		.net = net,
		.target = target,
		.provider = provider_of(target->container.provider),
		.settings = settings,
		.arena = arena,
		.verdict = &verdict,
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
	struct site site = {.state = SITE_NOT_ASKED};
	enum status status = probe.evidence != NULL ? ask_all(&probe) : STATUS_NO_MEMORY;
	enum secondary_state second = SECONDARY_NOT_ASKED;
	struct reaction second_answer = {.out = OUT_NOT_ASKED};
	if (status == STATUS_OK && has_answered(&probe.seen))
		status = ask_site(&probe, &site);
	if (status == STATUS_OK && has_answered(&probe.seen))
		status = ask_secondary(&probe, &second, &second_answer);
	if (status != STATUS_OK)
		return fail(reterr, status, where, "could not be probed: %s", status_name(status));
	verdict.evidence = probe.evidence;
	verdict.evidence_count = probe.evidence_count;
	probe.seen.is_never_writable = probe.provider->is_never_writable;
	conclude_verdict(&probe.seen, &verdict);
	conclude_site(&site, &probe.seen, &verdict);
	conclude_secondary(second, second_answer, &probe.seen, &verdict);
	probe.inventories.is_log_container = probe.provider->is_log_container != NULL &&
	                                     probe.provider->is_log_container(target->container.name);
	if (conclude_inventories(&probe.inventories, arena, &verdict) != STATUS_OK || tell_retry_after(&probe) != STATUS_OK)
		return fail(reterr, STATUS_NO_MEMORY, where, "no memory for the verdict");
	*ret_verdict = verdict;
	return STATUS_OK;
}

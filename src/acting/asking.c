/* SPDX-License-Identifier: Apache-2.0 */
/* One request: who asks, what its reply means for asking again, and what is kept of it. */
#include "acting/hand.h"

#include <stdio.h>

struct conversation {
	struct acting *acting;
	const struct saying *saying;
	struct said said;
};

/* ---- who asks ---- */

static bool has_key(const struct acting *acting)
{
	return credential_fits(&acting->credential, &acting->target);
}

/* A token is for the storage of whom it names, but any host could be handed it: so only the provider's own, or this machine. */
static bool may_have_token(const struct acting *acting)
{
	return acting->identity.kind != AZURE_IDENTITY_NONE && (!acting->target.is_custom || acting->target.is_loopback);
}

static enum status word_token(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                              struct arena *arena, struct request *ret_request)
{
	(void)occasion;
	return azure_ask_token(&acting->identity, saying->audience, arena, ret_request);
}

static struct said carry(struct acting *acting, const struct saying *saying, struct act_answer *answer);

/* False, with *said, where none is to be had. */
static bool fetch_token(struct acting *acting, enum azure_audience audience, struct act_answer *answer, struct said *said)
{
	struct bytes bearer;
	const struct saying saying = {.word = word_token, .plane = PLANE_LOGIN, .audience = audience};
	if (acting->bearers[audience].len > 0)
		return true;
	*said = carry(acting, &saying, answer);
	if (!was_granted(said)) {
		if (said->status == STATUS_OK)
			said->code = azure_read_token_refusal(said->reply.body, &acting->work);
		return false;
	}
	if (azure_read_token(said->reply.body, &acting->arena, &bearer) != STATUS_OK) {
		*said = (struct said){.status = STATUS_MALFORMED, .why = "the login host's reply holds no token"};
		return false;
	}
	acting->bearers[audience] = bearer;
	return true;
}

static bool prove(struct acting *acting, enum plane plane, struct act_answer *answer, struct said *said)
{
	if (plane == PLANE_LOGIN || (plane == PLANE_DATA && has_key(acting)))
		return true;
	if (may_have_token(acting) || (plane == PLANE_MANAGER && acting->identity.kind != AZURE_IDENTITY_NONE))
		return fetch_token(acting, plane == PLANE_DATA ? AZURE_FOR_STORAGE : AZURE_FOR_MANAGER, answer, said);
	*said = (struct said){.status = STATUS_DENIED,
	                      .why = "no credential fits the account; set AZURE_STORAGE_ACCOUNT with its key or SAS token"};
	return false;
}

/* ---- the call ---- */

bool acting_permits(void *context, const char *method, struct bytes url)
{
	const struct acting *acting = context;
	bool is_reading = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	bool is_login = bytes_start_with(url, acting->places[2]) && acting->places[2].len > 0;
	if (!acting->setup.may_change && !is_reading && !is_login)
		return false;
	for (size_t i = 0; i < sizeof acting->places / sizeof *acting->places; i++)
		if (acting->places[i].len > 0 && bytes_start_with(url, acting->places[i]))
			return true;
	return false;
}

static enum status word(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *ret_request)
{
	const struct conversation *conversation = context;
	struct acting *acting = conversation->acting;
	const struct saying *saying = conversation->saying;
	const struct occasion occasion = {.now = attempt->now, .request_id = attempt->request_id};
	(void)arena; /* a batch takes more than it has */
	arena_reset(&acting->words);
	enum status status = saying->word(saying, acting, &occasion, &acting->words, ret_request);
	if (status != STATUS_OK || saying->plane == PLANE_LOGIN)
		return status;
	if (saying->plane == PLANE_DATA)
		status = acting->provider->sign(ret_request, &acting->target, &acting->credential, &occasion, &acting->words);
	if (saying->plane == PLANE_MANAGER || !has_key(acting))
		ret_request->authorization = acting->bearers[saying->plane == PLANE_DATA ? AZURE_FOR_STORAGE : AZURE_FOR_MANAGER];
	return status;
}

static enum net_judgement judge_status(unsigned status)
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

/* Where a write's refusal says that time ran out on the service, nobody knows how far it came. */
static enum net_judgement judge(void *context, const struct reply *reply)
{
	struct conversation *conversation = context;
	struct acting *acting = conversation->acting;
	struct refusal refusal = {.reason = REFUSAL_OTHER};
	conversation->said.code = BYTES_NONE;
	if (reply->status < 400 || conversation->saying->plane != PLANE_DATA)
		return judge_status(reply->status);
	if (acting->provider->read_refusal(reply, &acting->terms, &acting->work, &refusal) != STATUS_OK)
		return NET_FINAL;
	conversation->said.code = refusal.code;
	if (conversation->saying->is_write && reply->status == 500)
		return NET_PASSING;
	switch (refusal.reason) {
	case REFUSAL_BUSY: return NET_BUSY;
	case REFUSAL_PASSING: return NET_PASSING;
	case REFUSAL_TERMS: return NET_AGAIN;
	default: return NET_FINAL;
	}
}

static struct bytes keep(struct acting *acting, struct bytes bytes)
{
	return bytes.len > 0 ? arena_copy(&acting->work, bytes) : BYTES_NONE;
}

static struct reply keep_reply(struct acting *acting, const struct reply *reply)
{
	struct header *headers = arena_allocate(&acting->work, reply->header_count * sizeof *headers + 1);
	struct reply kept = {.status = reply->status, .headers = headers};
	for (size_t i = 0; headers != NULL && i < reply->header_count; i++)
		headers[kept.header_count++] = (struct header){keep(acting, reply->headers[i].name),
		                                               keep(acting, reply->headers[i].value)};
	kept.body = keep(acting, reply->body);
	return kept;
}

static void done(void *context, const struct net_outcome *outcome)
{
	struct conversation *conversation = context;
	struct said *said = &conversation->said;
	said->status = outcome->status;
	said->is_unanswered = outcome->is_unanswered;
	snprintf(said->why, sizeof said->why, "%s", outcome->why);
	said->reply = keep_reply(conversation->acting, &outcome->reply);
}

static struct said carry(struct acting *acting, const struct saying *saying, struct act_answer *answer)
{
	struct conversation conversation = {.acting = acting, .saying = saying, .said = {.status = STATUS_BROKEN}};
	const struct net_call call = {
		.context = &conversation,
		.governor = saying->plane == PLANE_DATA ? acting->target.account_name : BYTES_LITERAL("identity"),
		.word = word,
		.judge = judge,
		.done = done,
		.body_ceiling = 4 << 20,
		.is_write = saying->is_write,
	};
	enum status status = net_perform(acting->net, &call);
	if (status != STATUS_OK)
		conversation.said.status = status;
	answer->requests++;
	answer->status = conversation.said.reply.status;
	answer->code = conversation.said.code;
	return conversation.said;
}

/* A token may have run out since it was asked for: one refusal costs it, and another is fetched. */
struct said acting_say(struct acting *acting, const struct saying *saying, struct act_answer *answer)
{
	struct said said = {.status = STATUS_DENIED};
	bool is_by_token = saying->plane == PLANE_MANAGER || !has_key(acting);
	enum azure_audience audience = saying->plane == PLANE_DATA ? AZURE_FOR_STORAGE : AZURE_FOR_MANAGER;
	for (int i = 0; i < 2; i++) {
		if (!prove(acting, saying->plane, answer, &said))
			return said;
		said = carry(acting, saying, answer);
		if (!is_by_token || said.status != STATUS_OK || said.is_unanswered || said.reply.status != 401)
			break;
		acting->bearers[audience] = BYTES_NONE;
	}
	/* An answer is progress, whatever it says: many steps may be refused one after the other. */
	if (said.status == STATUS_OK && !said.is_unanswered)
		net_note_progress(acting->net);
	return said;
}

/* ---- what it comes to ---- */

void acting_note(struct act_answer *answer, enum act_result result, const char *why)
{
	answer->result = result;
	answer->why = bytes_of_string(why);
}

void acting_conclude(struct acting *acting, const struct said *said, struct act_answer *answer)
{
	struct bytes why = keep(acting, bytes_of_string(said->why));
	if (said->code.len > 0)
		answer->code = said->code;
	answer->why = why;
	if (said->status == STATUS_OK && !said->is_unanswered && said->reply.status >= 400)
		answer->result = azure_mean_refusal(said->reply.status, said->code);
	else if (said->status == STATUS_BUSY)
		answer->result = ACT_BUSY;
	else if (said->status == STATUS_DENIED)
		answer->result = ACT_DENIED;
	else if (said->status == STATUS_UNSUPPORTED || said->status == STATUS_USAGE)
		answer->result = ACT_UNSUPPORTED;
	else
		answer->result = ACT_UNREACHABLE;
}

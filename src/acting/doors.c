/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doors: a container's public level, an account's static site, an account's
 * flag. Each is looked at, changed where it is as planned, and looked at again:
 * what is told as done was seen to be so.
 */
#include "acting/hand.h"

/* ---- wording ---- */

static enum status word_container(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                                  struct arena *arena, struct request *ret_request)
{
	(void)occasion;
	return acting->provider->ask_container(&acting->target, &acting->terms, saying->question, arena, ret_request);
}

static enum status word_set_acl(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                                struct arena *arena, struct request *ret_request)
{
	(void)occasion;
	return azure_ask_set_acl(&acting->target, &acting->terms, saying->acl, arena, ret_request);
}

static enum status word_service(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                                struct arena *arena, struct request *ret_request)
{
	(void)saying, (void)occasion;
	return azure_ask_service(&acting->target, &acting->terms, arena, ret_request);
}

static enum status word_set_site(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                                 struct arena *arena, struct request *ret_request)
{
	(void)occasion;
	return azure_ask_set_site(&acting->target, &acting->terms, saying->text, arena, ret_request);
}

static enum status word_place(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                              struct arena *arena, struct request *ret_request)
{
	(void)saying, (void)occasion;
	return azure_ask_account_place(&acting->identity, acting->target.account_name, arena, ret_request);
}

static enum status word_account(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                                struct arena *arena, struct request *ret_request)
{
	(void)saying, (void)occasion;
	return azure_ask_account(&acting->identity, acting->place, arena, ret_request);
}

static enum status word_set_account(const struct saying *saying, const struct acting *acting, const struct occasion *occasion,
                                    struct arena *arena, struct request *ret_request)
{
	(void)occasion;
	return azure_ask_account_flag(&acting->identity, acting->place, saying->allows, arena, ret_request);
}

/* ---- looking ---- */

/* False, with the answer concluded, where it cannot be told. */
static bool look_acl(struct acting *acting, struct act_answer *answer, struct azure_acl *acl)
{
	const struct saying saying = {.word = word_container, .question = QUESTION_ACL};
	struct said said = acting_say(acting, &saying, answer);
	if (!was_granted(&said)) {
		acting_conclude(acting, &said, answer);
		return false;
	}
	if (azure_read_acl(&said.reply, &acting->work, acl) != STATUS_OK) {
		acting_note(answer, ACT_UNREACHABLE, "what answers for the container's access list is none");
		return false;
	}
	answer->found.is_looked = true;
	answer->found.level = acl->level;
	answer->etag = acl->etag;
	return true;
}

void acting_look_container(struct acting *acting, struct act_answer *answer)
{
	struct azure_acl acl;
	const struct saying saying = {.word = word_container, .question = QUESTION_PROPERTIES};
	struct said said = acting_say(acting, &saying, answer);
	if (!was_granted(&said)) {
		acting_conclude(acting, &said, answer);
		return;
	}
	azure_read_holds(&said.reply, &answer->found);
	answer->found.modified = clock_parse_rfc5322(reply_header(&said.reply, "last-modified"));
	if (look_acl(acting, answer, &acl))
		answer->result = ACT_DONE;
}

static bool look_service(struct acting *acting, struct act_answer *answer, struct azure_service *service)
{
	const struct saying saying = {.word = word_service};
	struct said said = acting_say(acting, &saying, answer);
	if (!was_granted(&said)) {
		acting_conclude(acting, &said, answer);
		return false;
	}
	if (azure_read_service(said.reply.body, &acting->work, service) != STATUS_OK) {
		acting_note(answer, ACT_UNREACHABLE, "what answers for the service's properties is none");
		return false;
	}
	answer->found.has_site = service->has_site;
	answer->found.has_soft_delete = service->has_soft_delete;
	answer->found.may_delete_permanently = service->may_delete_permanently;
	answer->found.retention_days = service->has_soft_delete == ANSWER_YES ? service->retention_days : 0;
	return true;
}

void acting_look_service(struct acting *acting, struct act_answer *answer)
{
	struct azure_service service;
	if (!look_service(acting, answer, &service))
		return;
	answer->before = service.site;
	answer->result = ACT_DONE;
}

static bool find_place(struct acting *acting, struct act_answer *answer)
{
	const struct saying saying = {.word = word_place, .plane = PLANE_MANAGER};
	if (acting->identity.kind == AZURE_IDENTITY_NONE || acting->identity.subscription.len == 0) {
		acting_note(answer, ACT_UNSUPPORTED,
		            "the account's flag is Resource Manager's: set AZURE_SUBSCRIPTION_ID, and AZURE_TENANT_ID, "
		            "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or use a managed identity");
		return false;
	}
	if (acting->place.len > 0)
		return true;
	struct said said = acting_say(acting, &saying, answer);
	if (!was_granted(&said)) {
		acting_conclude(acting, &said, answer);
		return false;
	}
	enum status status = azure_read_account_place(said.reply.body, acting->target.account_name, &acting->arena,
	                                              &acting->place);
	if (status == STATUS_OK)
		return true;
	if (status == STATUS_ABSENT)
		acting_note(answer, ACT_ABSENT, "the subscription has no such account, or this identity does not see it");
	else
		acting_note(answer, ACT_UNREACHABLE, "what answers for Resource Manager is not it");
	return false;
}

static bool look_account(struct acting *acting, struct act_answer *answer)
{
	const struct saying saying = {.word = word_account, .plane = PLANE_MANAGER};
	if (!find_place(acting, answer))
		return false;
	struct said said = acting_say(acting, &saying, answer);
	if (!was_granted(&said)) {
		acting_conclude(acting, &said, answer);
		return false;
	}
	if (azure_read_account(said.reply.body, &acting->work, &answer->found.account_allows) == STATUS_OK)
		return true;
	acting_note(answer, ACT_UNREACHABLE, "what answers for the account is none");
	return false;
}

void acting_look_account(struct acting *acting, struct act_answer *answer)
{
	if (look_account(acting, answer))
		answer->result = ACT_DONE;
}

/* ---- changing ---- */

/* What is as wished already: by us, now or by a run before, or by others. */
static void note_so(const struct act_step *step, unsigned tries, struct act_answer *answer)
{
	bool is_ours = tries > 0 || step->is_again;
	acting_note(answer, is_ours ? ACT_DONE : ACT_WAS_SO, "");
	if (tries == 0)
		answer->before = step->value;
}

/* A change that is refused in so many words is over; one that is not answered is looked at. */
static bool is_over(struct acting *acting, const struct said *said, struct act_answer *answer)
{
	if (was_granted(said) || said->is_unanswered)
		return false;
	acting_conclude(acting, said, answer);
	return true;
}

static const char unseen[] = "it was asked for time and again, and does not show; look at it by hand";

void acting_set_container(struct acting *acting, const struct act_step *step, struct act_answer *answer)
{
	bool is_closing = step->verb == ACT_CLOSE_CONTAINER;
	struct bytes wanted = is_closing ? BYTES_NONE : step->value;
	for (unsigned tries = 0; tries < ACTING_TRIES; tries++) {
		struct azure_acl acl;
		if (!look_acl(acting, answer, &acl))
			return;
		if (bytes_equal(acl.level, wanted)) {
			note_so(step, tries, answer);
			return;
		}
		bool is_as_planned = is_closing ? step->etag.len == 0 || bytes_equal(step->etag, acl.etag) : acl.level.len == 0;
		if (tries == 0 && !is_as_planned) {
			acting_note(answer, ACT_CHANGED, "");
			return;
		}
		if (tries == 0)
			answer->before = acl.level;
		acl.level = wanted;
		const struct saying saying = {.word = word_set_acl, .is_write = true, .acl = &acl};
		struct said said = acting_say(acting, &saying, answer);
		if (is_over(acting, &said, answer))
			return;
	}
	acting_note(answer, ACT_UNREACHABLE, unseen);
}

/* Azure takes no condition on these properties: they are compared right before. */
void acting_set_site(struct acting *acting, const struct act_step *step, struct act_answer *answer)
{
	bool is_closing = step->verb == ACT_CLOSE_SITE;
	for (unsigned tries = 0; tries < ACTING_TRIES; tries++) {
		struct azure_service service;
		if (!look_service(acting, answer, &service))
			return;
		if ((service.has_site == ANSWER_YES) != is_closing) {
			note_so(step, tries, answer);
			return;
		}
		if (is_closing && tries == 0 && step->value.len > 0 && !bytes_equal(step->value, service.site)) {
			acting_note(answer, ACT_CHANGED, "");
			return;
		}
		if (tries == 0)
			answer->before = service.site;
		const struct saying saying = {
			.word = word_set_site, .is_write = true, .text = is_closing ? BYTES_NONE : step->value};
		struct said said = acting_say(acting, &saying, answer);
		if (is_over(acting, &said, answer))
			return;
	}
	acting_note(answer, ACT_UNREACHABLE, unseen);
}

void acting_set_account(struct acting *acting, const struct act_step *step, struct act_answer *answer)
{
	bool is_closing = step->verb == ACT_CLOSE_ACCOUNT;
	for (unsigned tries = 0; tries < ACTING_TRIES; tries++) {
		if (!look_account(acting, answer))
			return;
		if ((answer->found.account_allows == ANSWER_YES) != is_closing) {
			note_so(step, tries, answer);
			return;
		}
		if (tries == 0)
			answer->before = is_closing ? BYTES_LITERAL("allowed") : BYTES_LITERAL("off");
		const struct saying saying = {
			.word = word_set_account, .plane = PLANE_MANAGER, .is_write = true, .allows = !is_closing};
		struct said said = acting_say(acting, &saying, answer);
		if (is_over(acting, &said, answer))
			return;
	}
	acting_note(answer, ACT_UNREACHABLE, unseen);
}

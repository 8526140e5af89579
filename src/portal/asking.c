/* SPDX-License-Identifier: Apache-2.0 */
/* From what was typed to the catalog and the gate, and back as plain structs. */
#include "portal/asking.h"

#include "base/clock.h"
#include "base/json.h"

#include <stdio.h>

enum {
	CODE_MAX = 256,
	CHECKS_PER_PROOF = 6, /* of one address in an hour, for each that it may begin */
	LEASE_SECONDS = 30,   /* looking takes 10 s at most */
	ASKED_PAGE_MAX = 1000,
};

/* Where nothing was swept yet there is still somebody who asks. */
static enum status have_incident(struct asking *asking, struct failure *reterr)
{
	struct desk *desk = asking->desk;
	if (desk->incident != NULL)
		return STATUS_OK;
	enum status status = desk_open_incident(desk, INCIDENT_READ, reterr);
	if (status != STATUS_ABSENT)
		return status;
	struct incident *made;
	status = incident_open(desk->catalog, bytes_of_string(desk->incident_name), INCIDENT_SWEEP, &made, reterr);
	if (status != STATUS_OK)
		return status;
	incident_close(made);
	return desk_open_incident(desk, INCIDENT_READ, reterr);
}

/* ---- beginning ---- */

static enum status read_plea(const struct proof_plea *plea, struct arena *arena, struct subject *subject,
                             struct challenge_plea *challenge, struct failure *reterr)
{
	enum proof_method method = proof_method_of(plea->method);
	enum status status = subject_read_as_asked(plea->subject, arena, subject, reterr);
	if (status != STATUS_OK)
		return status;
	if (method == PROOF_METHOD_END)
		return fail(reterr, STATUS_USAGE, "method", "is none of dns, http, mail, invitation");
	if (plea->code.len > CODE_MAX)
		return fail(reterr, STATUS_USAGE, "code", "is no code");
	if (plea->mailbox.len > 0 && !verify_is_mailbox(plea->mailbox))
		return fail(reterr, STATUS_USAGE, "mailbox", "is none of postmaster, hostmaster, security, abuse");
	bool goes_to_mailbox = method == PROOF_MAIL && subject->kind == SUBJECT_ORGANISATION;
	challenge->subject = subject->name;
	challenge->method = method;
	challenge->code = method == PROOF_INVITATION ? plea->code : BYTES_NONE;
	challenge->mailbox = BYTES_NONE;
	if (goes_to_mailbox)
		challenge->mailbox = plea->mailbox.len > 0 ? plea->mailbox : bytes_of_string(verify_mailboxes[0]);
	return STATUS_OK;
}

/* What mails are counted for: a domain as registered, whichever name below it was given; an address whatever its tag. */
static enum status find_mail_scope(const struct subject *subject, struct arena *arena, struct bytes *ret_scope)
{
	struct buffer scope = buffer_with_ceiling(1024);
	size_t at = bytes_find_last_byte(subject->name, '@'), tag = bytes_find_byte(subject->name, '+');
	if (subject->kind == SUBJECT_ORGANISATION) {
		verify_registered_domain(subject, &scope);
	} else {
		buffer_append(&scope, bytes_slice(subject->name, 0, tag < at ? tag : at));
		buffer_append(&scope, bytes_from(subject->name, at));
	}
	enum status status = buffer_status(&scope);
	if (status == STATUS_OK)
		*ret_scope = arena_copy(arena, buffer_bytes(&scope));
	buffer_free(&scope);
	return status;
}

static enum status instruct(const struct asking *asking, const struct subject *subject, enum proof_method method,
                            const char *token, struct bytes mailbox, struct verify_record *record)
{
	if (method == PROOF_MAIL && !asking->is_mail_sent) {
		*record = (struct verify_record){
			.text = asking->is_german
		                        ? BYTES_LITERAL("Von hier aus wird keine Post verschickt. Wählen Sie einen anderen Weg.")
		                        : BYTES_LITERAL("No mail is sent from here. Choose another way.")};
		return STATUS_OK;
	}
	return verify_instruct(subject, method, token, mailbox, asking->is_german, asking->arena, record);
}

enum status asking_begin_proof(struct asking *asking, const struct proof_plea *plea, struct proof_begun *ret_begun,
                               struct failure *reterr)
{
	struct subject subject;
	struct challenge_made made;
	struct proof_begun begun = {.subject = plea->subject};
	struct challenge_plea challenge = {
		.peer = asking->peer,
		.is_german = asking->is_german,
		.now = asking->now,
		.open_max = asking->proofs_open,
		.per_hour_max = asking->proofs_per_hour,
	};
	enum status status = read_plea(plea, asking->arena, &subject, &challenge, reterr);
	if (status == STATUS_OK && challenge.method == PROOF_MAIL && asking->is_mail_sent &&
	    verify_is_provable(&subject, PROOF_MAIL))
		status = find_mail_scope(&subject, asking->arena, &challenge.mail_scope);
	if (status == STATUS_OK)
		status = have_incident(asking, reterr);
	if (status == STATUS_OK)
		status = challenge_make(asking->desk->incident, &challenge, &made, &asking->retry_after, reterr);
	if (status == STATUS_OK)
		status = instruct(asking, &subject, challenge.method, made.token, challenge.mailbox, &begun.record);
	if (status != STATUS_OK)
		return status;
	begun.id = arena_copy(asking->arena, bytes_of_string(made.id));
	begun.method = challenge.method;
	begun.expires = made.expires;
	*ret_begun = begun;
	return begun.id.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read_kept(struct asking *asking, struct bytes name, struct subject *subject, struct failure *reterr)
{
	return subject_read_as_asked(name, asking->arena, subject, reterr);
}

enum status asking_show_proof(struct asking *asking, struct bytes id, struct proof_begun *ret_begun, struct failure *reterr)
{
	struct challenge challenge;
	struct subject subject;
	struct proof_begun begun = {.id = id};
	enum status status = have_incident(asking, reterr);
	if (status == STATUS_OK)
		status = challenge_show(asking->desk->incident, id, asking->now, asking->arena, &challenge, reterr);
	if (status == STATUS_OK)
		status = read_kept(asking, challenge.subject, &subject, reterr);
	if (status == STATUS_OK)
		status = instruct(asking, &subject, challenge.method, challenge.token, challenge.mailbox, &begun.record);
	if (status != STATUS_OK)
		return status;
	bool is_going_on = !challenge.is_expired && (challenge.state == CHALLENGE_OPEN || challenge.state == CHALLENGE_WAITING ||
	                                             challenge.state == CHALLENGE_GRANTED);
	begun.subject = challenge.subject;
	begun.method = challenge.method;
	begun.expires = is_going_on ? challenge.expires : CLOCK_UNKNOWN;
	*ret_begun = begun;
	return STATUS_OK;
}

/* ---- checking ---- */

struct checking {
	struct asking *asking;
	struct challenge_check check;
	struct challenge challenge;
	struct subject subject;
	struct proof_checked *checked;
};

static enum proof_state state_of(const struct challenge *challenge)
{
	if (challenge->state == CHALLENGE_PROVED)
		return PROOF_PROVED;
	bool is_going_on = challenge->state == CHALLENGE_OPEN || challenge->state == CHALLENGE_WAITING ||
	                   challenge->state == CHALLENGE_GRANTED;
	return is_going_on && !challenge->is_expired ? PROOF_PENDING : PROOF_EXPIRED;
}

/* What cannot be looked at is as unseen as what is not there. */
static enum status look(struct checking *checking, struct failure *reterr)
{
	struct asking *asking = checking->asking;
	struct proof_checked *checked = checking->checked;
	bool is_shown = checking->challenge.is_right || checking->challenge.state == CHALLENGE_GRANTED;
	checked->was_looked = true;
	checked->sighting = is_shown ? SIGHTING_SEEN : SIGHTING_NOT_SEEN;
	if (is_shown || asking->look == NULL || !verify_is_provable(&checking->subject, checking->challenge.method))
		return STATUS_OK;
	enum status status = asking->look(asking->look_context, checking->challenge.method, checking->subject.name,
	                                  checking->challenge.token, &checked->sighting, reterr);
	if (status == STATUS_OK || status == STATUS_NO_MEMORY)
		return status;
	checked->was_looked = false;
	checked->sighting = SIGHTING_UNREACHABLE;
	return STATUS_OK;
}

static enum status judge(struct checking *checking, enum challenge_verdict *ret_verdict, struct failure *reterr)
{
	struct desk *desk = checking->asking->desk;
	bool needs_decision = false;
	enum status status = STATUS_OK;
	if (checking->checked->sighting == SIGHTING_SEEN && checking->challenge.state != CHALLENGE_GRANTED)
		status = verify_needs_decision(desk->catalog, desk->incident, &checking->subject, checking->challenge.method,
		                               checking->asking->now, &needs_decision, reterr);
	*ret_verdict = checking->checked->sighting != SIGHTING_SEEN ? VERDICT_NOT_YET
	               : needs_decision                             ? VERDICT_WAIT
	                                                            : VERDICT_PROVED;
	return status;
}

static enum status settle(struct checking *checking, enum challenge_verdict verdict, struct failure *reterr)
{
	struct proof_checked *checked = checking->checked;
	char token[PROOF_SECRET_TEXT_SIZE] = "";
	enum status status = challenge_settle(checking->asking->desk->incident, &checking->check, verdict, token, reterr);
	if (status == STATUS_CHANGED) {
		status = challenge_show(checking->asking->desk->incident, checking->check.id, checking->asking->now,
		                        checking->asking->arena, &checking->challenge, reterr);
		checked->state = state_of(&checking->challenge);
		return status;
	}
	if (status != STATUS_OK)
		return status;
	checked->awaits_operator = verdict == VERDICT_WAIT;
	if (verdict == VERDICT_PROVED) {
		checked->state = PROOF_PROVED;
		checked->token = arena_copy(checking->asking->arena, bytes_of_string(token));
		checked->expires = checking->asking->now + PROOF_SECONDS;
		status = checked->token.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	explicit_bzero(token, sizeof token);
	return status;
}

static enum status check_taken(struct checking *checking, struct failure *reterr)
{
	const struct challenge *challenge = &checking->challenge;
	enum challenge_verdict verdict = VERDICT_NOT_YET;
	*checking->checked = (struct proof_checked){
		.state = state_of(challenge),
		.awaits_operator = challenge->state == CHALLENGE_WAITING && !challenge->is_expired,
		.was_looked = challenge->is_wrong,
		.sighting = challenge->is_wrong ? SIGHTING_WRONG : SIGHTING_NOT_SEEN,
		.method = challenge->method,
		.subject = challenge->subject,
		.expires = CLOCK_UNKNOWN,
	};
	if (!challenge->is_looked_at)
		return STATUS_OK;
	enum status status = read_kept(checking->asking, challenge->subject, &checking->subject, reterr);
	if (status == STATUS_OK)
		status = look(checking, reterr);
	if (status == STATUS_OK)
		status = judge(checking, &verdict, reterr);
	return status == STATUS_OK ? settle(checking, verdict, reterr) : status;
}

enum status asking_check_proof(struct asking *asking, struct bytes id, struct bytes code, struct proof_checked *ret_checked,
                               struct failure *reterr)
{
	struct proof_checked checked;
	struct checking checking = {
		.asking = asking,
		.check = {.id = id,
	                  .code = code,
	                  .peer = asking->peer,
	                  .now = asking->now,
	                  .per_hour_max = CHECKS_PER_PROOF * asking->proofs_per_hour,
	                  .at_once_max = asking->looks_at_once,
	                  .lease_seconds = LEASE_SECONDS},
		.checked = &checked,
	};
	if (code.len > CODE_MAX)
		return fail(reterr, STATUS_USAGE, "code", "is no code");
	enum status status = have_incident(asking, reterr);
	if (status == STATUS_OK)
		status = challenge_take(asking->desk->incident, &checking.check, asking->arena, &checking.challenge,
		                        &asking->retry_after, reterr);
	if (status == STATUS_OK)
		status = check_taken(&checking, reterr);
	if (status == STATUS_OK)
		*ret_checked = checked;
	return status;
}

/* ---- the proved subject ---- */

enum status asking_know(struct asking *asking, struct bytes token, struct asking_subject *ret_subject, struct failure *reterr)
{
	struct proven proven;
	struct asking_subject subject;
	enum status status = have_incident(asking, reterr);
	if (status == STATUS_OK)
		status = proof_find(asking->desk->incident, token, asking->now, asking->arena, &proven, reterr);
	if (status == STATUS_OK)
		status = read_kept(asking, proven.subject, &subject.subject, reterr);
	if (status != STATUS_OK)
		return status;
	subject.method = proven.method;
	subject.proved = proven.made;
	subject.expires = proven.expires;
	*ret_subject = subject;
	return STATUS_OK;
}

enum status asking_leave(struct asking *asking, struct bytes token, struct failure *reterr)
{
	enum status status = have_incident(asking, reterr);
	return status == STATUS_OK ? proof_revoke(asking->desk->incident, token, asking->now, reterr) : status;
}

struct telling_found {
	struct incident *incident;
	struct telling_record record;
	struct failure *reterr;
};

static enum status record_found(void *context, const struct id *ids, size_t count)
{
	struct telling_found *found = context;
	found->record.documents = ids;
	found->record.document_count = count;
	return record_telling(found->incident, &found->record, found->reterr);
}

static enum status tell(struct desk *desk, struct gate_question *question, const struct telling_record *record,
                        gate_visitor *each, void *context, struct gate_answer *ret_answer, struct failure *reterr)
{
	struct telling_found found = {desk->incident, *record, reterr};
	question->incident_name = desk->incident_name;
	question->found = record_found;
	question->found_context = &found;
	return gate_ask(desk->catalog, desk->incident, question, each, context, ret_answer, reterr);
}

enum status asking_answer(struct asking *asking, const struct asking_subject *subject, uint64_t limit, struct bytes cursor,
                          gate_visitor *each, void *context, struct gate_answer *ret_answer, struct failure *reterr)
{
	struct gate_question question = {.subject = subject->subject, .limit = limit, .cursor = cursor};
	const struct telling_record record = {
		.subject = subject->subject.name,
		.door = BYTES_LITERAL("portal"),
		.result = ASKED_ANSWERED,
		.method = subject->method,
		.peer = asking->peer,
		.now = asking->now,
	};
	return tell(asking->desk, &question, &record, each, context, ret_answer, reterr);
}

static enum status record_refusal(struct desk *desk, const struct helpdesk_question *asked, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "subject", asked->subject.name);
	json_member_text(&json, "ticket", asked->ticket);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = journal_append(desk->catalog, "answer refused", bytes_of_string(desk->incident_name),
		                        asked->operator_name, buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

enum status asking_may_help(struct desk *desk, const struct helpdesk_question *asked, struct failure *reterr)
{
	char shown[100];
	bool is_proved = false;
	enum status status = proof_is_there(desk->incident, asked->subject.name, asked->now - PROOF_SECONDS, asked->now,
	                                    &is_proved, reterr);
	if (status != STATUS_OK || is_proved)
		return status;
	status = record_refusal(desk, asked, reterr);
	snprintf(shown, sizeof shown, "%.*s", (int)(asked->subject.name.len < 90 ? asked->subject.name.len : 90),
	         (const char *)asked->subject.name.at);
	return status != STATUS_OK
	               ? status
	               : fail(reterr, STATUS_DENIED, shown,
	                      "nobody has proved to be that subject within 30 days; they do at the portal, or with the code "
	                      "of tidemark invite");
}

enum status asking_helpdesk(struct desk *desk, const struct helpdesk_question *asked, gate_visitor *each, void *context,
                            struct gate_answer *ret_answer, struct failure *reterr)
{
	struct gate_question question = {.subject = asked->subject, .limit = asked->limit, .cursor = asked->cursor};
	const struct telling_record record = {
		.subject = asked->subject.name,
		.operator_name = asked->operator_name,
		.ticket = asked->ticket,
		.door = BYTES_LITERAL("helpdesk"),
		.result = ASKED_HELPDESK,
		.now = asked->now,
	};
	return tell(desk, &question, &record, each, context, ret_answer, reterr);
}

/* ---- who asked ---- */

struct asked_list {
	struct arena *arena;
	struct asked *items;
	size_t count, limit;
	bool has_more;
};

static enum status add_asked(void *context, const struct asked *asked)
{
	struct asked_list *list = context;
	if (list->count == list->limit) {
		list->has_more = true;
		return STATUS_END;
	}
	struct asked *item = &list->items[list->count++];
	*item = *asked;
	item->network = arena_copy(list->arena, asked->network);
	return asked->network.len == 0 || item->network.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

struct appeal_list {
	struct arena *arena;
	struct asked_appeal *items; /* a ring of the last ones */
	uint64_t passed;
};

static enum status add_appeal(void *context, const struct appeal *appeal)
{
	struct appeal_list *list = context;
	struct asked_appeal *item = &list->items[list->passed++ % ASKED_APPEALS_MAX];
	*item = (struct asked_appeal){.nth = appeal->nth,
	                              .kind = appeal->kind,
	                              .state = appeal->state,
	                              .document = arena_copy(list->arena, appeal->document),
	                              .made = appeal->made,
	                              .decided = appeal->decided};
	return appeal->document.len == 0 || item->document.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status find_appeals(struct asking *asking, struct bytes subject, struct asked_page *page, struct failure *reterr)
{
	struct appeal_list list = {asking->arena, arena_allocate(asking->arena, ASKED_APPEALS_MAX * sizeof *list.items), 0};
	struct asked_appeal *newest_first = arena_allocate(asking->arena, ASKED_APPEALS_MAX * sizeof *newest_first);
	if (list.items == NULL || newest_first == NULL)
		return STATUS_NO_MEMORY;
	enum status status = appeals(asking->desk->incident, subject, add_appeal, &list, reterr);
	page->appeals = newest_first;
	page->appeal_count = list.passed < ASKED_APPEALS_MAX ? (size_t)list.passed : ASKED_APPEALS_MAX;
	for (size_t i = 0; i < page->appeal_count; i++)
		newest_first[i] = list.items[(list.passed - 1 - i) % ASKED_APPEALS_MAX];
	return status;
}

enum status asking_asked(struct asking *asking, const struct asking_subject *subject, uint64_t limit, struct bytes cursor,
                         struct asked_page *ret_page, struct failure *reterr)
{
	uint64_t before = 0;
	struct asked_list list = {.arena = asking->arena,
	                          .limit = limit > 0 && limit < ASKED_PAGE_MAX ? (size_t)limit : ASKED_PAGE_MAX};
	struct incident *incident = asking->desk->incident;
	if (cursor.len > 0 && (!bytes_parse_u64(cursor, &before) || before == 0))
		return fail(reterr, STATUS_USAGE, "cursor", "is not of this list; take it from its 'next'");
	list.items = arena_allocate(asking->arena, list.limit * sizeof *list.items);
	if (list.items == NULL)
		return STATUS_NO_MEMORY;
	enum status status = record_reading(incident, subject->subject.name, subject->method, asking->peer, asking->now, reterr);
	if (status == STATUS_OK)
		status = asked_about(incident, subject->subject.name, before, add_asked, &list, reterr);
	if (status != STATUS_OK)
		return status;
	char next[24] = "";
	if (list.has_more)
		snprintf(next, sizeof next, "%llu", (unsigned long long)list.items[list.count - 1].nth);
	struct asked_page page = {
		.items = list.items, .count = list.count, .next = arena_copy(asking->arena, bytes_of_string(next))};
	status = find_appeals(asking, subject->subject.name, &page, reterr);
	if (status == STATUS_OK)
		*ret_page = page;
	return status;
}

/* ---- appeals ---- */

static enum status read_appeal(struct asking *asking, const struct asking_subject *subject, const struct appeal_plea *plea,
                               struct appeal *appeal, struct failure *reterr)
{
	struct failure ignored;
	struct id id;
	*appeal = (struct appeal){
		.subject = subject->subject.name,
		.kind = appeal_kind_of(plea->kind),
		.document = plea->document,
		.text = bytes_trim(plea->text),
		.made = asking->now,
	};
	if (appeal->kind == APPEAL_KIND_END)
		return fail(reterr, STATUS_USAGE, "kind", "is none of not_ours, ours_too, other");
	if (appeal->text.len == 0 || appeal->text.len > APPEAL_TEXT_MAX)
		return fail(reterr, STATUS_USAGE, "text", "must say something, in at most %d bytes", APPEAL_TEXT_MAX);
	if (plea->document.len == 0)
		return STATUS_OK;
	enum status status = STATUS_USAGE;
	if (plea->document.len == ID_TEXT_SIZE - 1)
		status = gate_turn_back(asking->desk->catalog, asking->desk->incident, &subject->subject, plea->document, &id,
		                        &ignored);
	if (status == STATUS_ABSENT || status == STATUS_USAGE)
		return fail(reterr, STATUS_USAGE, "document", "is no document of this answer");
	return status;
}

enum status asking_appeal(struct asking *asking, const struct asking_subject *subject, const struct appeal_plea *plea,
                          uint64_t *ret_nth, struct failure *reterr)
{
	struct appeal appeal;
	enum status status = read_appeal(asking, subject, plea, &appeal, reterr);
	if (status == STATUS_OK)
		status = appeal_make(asking->desk->incident, &appeal, asking->peer, ret_nth, reterr);
	if (status == STATUS_BUSY)
		asking->retry_after = 86400;
	return status;
}

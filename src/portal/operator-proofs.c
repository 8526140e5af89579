/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits for the operator's word: proofs that might prove too much, and
 * appeals. A word has a reason, and is on record with it. An appeal that a document
 * is not theirs, when granted, takes that document out of the subject's answer.
 */
#include "base/clock.h"
#include "base/json.h"
#include "catalog/proofs.h"
#include "catalog/reviews.h"
#include "gate/gate.h"
#include "portal/answer-words.h"
#include "portal/operator-words.h"
#include "portal/operator.h"
#include "portal/roles.h"

#include <stdio.h>

enum { WHY_MAX = 1000, DECIDED_SHOWN = 50 };

/* ---- deciding ---- */

static void put_decision_button(struct page *page, const char *value, enum word words)
{
	HTML(page->into, "<button name=\"decision\" value=\"");
	html_string(page->into, value);
	HTML(page->into, "\">");
	say(page->into, page->language, words);
	HTML(page->into, "</button>\n");
}

/* Two buttons and a reason, where the role has a word in it. */
static void put_decision(struct operator_call *visit, enum portal_route route, const char *folder, uint64_t number)
{
	struct page *page = &visit->page;
	char path[64], prefix[64];
	if (!roles_may(visit->user.role, route))
		return;
	snprintf(path, sizeof path, "%s%llu", folder, (unsigned long long)number);
	snprintf(prefix, sizeof prefix, "%s-%llu-", route == PORTAL_ROUTE_OPERATOR_DECIDE_PROOF ? "proof" : "appeal",
	         (unsigned long long)number);
	page_form_begin(page, path);
	operator_put_field(visit, prefix, "why", WORD_OP_DECIDE_WHY, BYTES_NONE);
	HTML(page->into, "<p class=\"deeds\">");
	put_decision_button(page, "grant", WORD_OP_DECIDE_GRANT);
	put_decision_button(page, "refuse", WORD_OP_DECIDE_REFUSE);
	HTML(page->into, "</p></form>\n");
}

/* ---- proofs ---- */

struct waiting_list {
	struct operator_call *visit;
	size_t count;
};

static enum status put_waiting(void *context, const struct waiting_challenge *waiting)
{
	struct waiting_list *list = context;
	struct page *page = &list->visit->page;
	list->count++;
	HTML(page->into, "<li><p>");
	SAY(page->into, page->language, WORD_OP_PROOF_LINE, said_foreign(waiting->subject),
	    said_string(words_of(page->language, answer_word_of_method(waiting->method))), said_time(waiting->made),
	    said_text(waiting->network), said_day(waiting->expires));
	HTML(page->into, "</p>\n");
	put_decision(list->visit, PORTAL_ROUTE_OPERATOR_DECIDE_PROOF, "/operator/proofs/", waiting->number);
	HTML(page->into, "</li>\n");
	return STATUS_OK;
}

static enum status put_proofs(struct operator_call *visit, struct failure *reterr)
{
	struct page *page = &visit->page;
	struct waiting_list list = {visit, 0};
	page_section(page, WORD_OP_PROOFS_WAITING);
	page_paragraph(page, WORD_OP_PROOFS_ABOUT);
	HTML(page->into, "<ul class=\"decide\">\n");
	enum status status = challenges_waiting(visit->call->desk->incident, visit->now, put_waiting, &list, reterr);
	HTML(page->into, "</ul>\n");
	if (list.count == 0)
		page_paragraph(page, WORD_OP_PROOFS_NONE);
	page_section_end(page);
	return status;
}

/* ---- appeals ---- */

struct appeal_list {
	struct operator_call *visit;
	bool is_of_open;
	size_t count;
};

static void put_appeal(struct operator_call *visit, const struct appeal *appeal)
{
	struct page *page = &visit->page;
	HTML(page->into, "<li><p>");
	SAY(page->into, page->language, WORD_OP_APPEAL_LINE, said_foreign(appeal->subject),
	    said_string(words_of(page->language, operator_word_of_appeal(appeal->kind))), said_time(appeal->made),
	    said_number(appeal->nth)); /* by which the subject knows it */
	HTML(page->into, "</p>\n");
	if (appeal->document.len > 0) {
		HTML(page->into, "<p>");
		SAY(page->into, page->language, WORD_OP_APPEAL_DOCUMENT, said_foreign(appeal->document));
		HTML(page->into, "</p>\n");
	}
	html_foreign_lines(page->into, appeal->text);
	if (appeal->state == APPEAL_OPEN) {
		put_decision(visit, PORTAL_ROUTE_OPERATOR_DECIDE_APPEAL, "/operator/appeals/", appeal->number);
	} else {
		HTML(page->into, "<p class=\"dim\">");
		SAY(page->into, page->language, appeal->state == APPEAL_GRANTED ? WORD_OP_APPEAL_GRANTED : WORD_OP_APPEAL_REFUSED,
		    said_time(appeal->decided), said_text(appeal->decision));
		HTML(page->into, "</p>\n");
	}
	HTML(page->into, "</li>\n");
}

static enum status pass_appeal(void *context, const struct appeal *appeal)
{
	struct appeal_list *list = context;
	if ((appeal->state == APPEAL_OPEN) != list->is_of_open)
		return STATUS_OK;
	if (++list->count > DECIDED_SHOWN && !list->is_of_open)
		return STATUS_OK;
	put_appeal(list->visit, appeal);
	return STATUS_OK;
}

static enum status put_appeals(struct operator_call *visit, bool is_of_open, struct failure *reterr)
{
	struct page *page = &visit->page;
	struct appeal_list list = {visit, is_of_open, 0};
	page_section(page, is_of_open ? WORD_OP_APPEALS_OPEN : WORD_OP_APPEALS_DECIDED);
	if (is_of_open)
		page_paragraph(page, WORD_OP_APPEALS_ABOUT);
	HTML(page->into, "<ul class=\"decide\">\n");
	enum status status = appeals(visit->call->desk->incident, BYTES_NONE, pass_appeal, &list, reterr);
	HTML(page->into, "</ul>\n");
	if (list.count == 0)
		page_paragraph(page, WORD_OP_APPEALS_NONE);
	page_section_end(page);
	return status;
}

enum status operator_view_proofs(struct operator_call *visit, struct failure *reterr)
{
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	operator_begin(visit, WORD_OP_PROOFS);
	enum status status = put_proofs(visit, reterr);
	if (status == STATUS_OK)
		status = put_appeals(visit, true, reterr);
	if (roles_may(visit->user.role, PORTAL_ROUTE_OPERATOR_INVITE)) {
		page_section(&visit->page, WORD_OP_INVITE);
		operator_put_invitation(visit, BYTES_NONE);
		page_section_end(&visit->page);
	}
	if (status == STATUS_OK)
		status = put_appeals(visit, false, reterr);
	operator_end(visit);
	return status;
}

/* ---- a word ---- */

struct decision {
	uint64_t number;
	bool is_granted;
	struct bytes why;
};

/* False, and a page that says why, where the form does not say enough. */
static bool read_decision(struct operator_call *visit, struct decision *ret_decision)
{
	const struct portal_request *request = visit->call->request;
	struct bytes word = portal_field(request, "decision");
	struct decision decision = {.is_granted = bytes_equal_string(word, "grant"),
	                            .why = bytes_trim(portal_field(request, "why"))};
	if (!operator_number(request->parameter, &decision.number) ||
	    (!decision.is_granted && !bytes_equal_string(word, "refuse"))) {
		operator_tell(visit, 404, WORD_OP_ABSENT_TITLE, WORD_OP_ABSENT, WORD_OP_ABSENT_DO);
		return false;
	}
	if (decision.why.len == 0 || decision.why.len > WHY_MAX) {
		operator_tell(visit, 400, WORD_OP_PROOFS, WORD_OP_NO_WHY, WORD_OP_GO_BACK);
		return false;
	}
	*ret_decision = decision;
	return true;
}

static enum status go_back(struct operator_call *visit, enum status status)
{
	if (status == STATUS_ABSENT) {
		operator_tell(visit, 409, WORD_OP_DECIDED_TITLE, WORD_OP_DECIDED, WORD_OP_DECIDED_DO);
		return STATUS_OK;
	}
	return status == STATUS_OK ? operator_go(visit, portal_route_path(PORTAL_ROUTE_OPERATOR_PROOFS)) : status;
}

enum status operator_view_decide_proof(struct operator_call *visit, struct failure *reterr)
{
	struct decision decision;
	if (operator_lacks_incident(visit) || !read_decision(visit, &decision))
		return STATUS_OK;
	return go_back(visit, challenge_decide(visit->call->desk->incident, decision.number, decision.is_granted,
	                                       bytes_of_string(visit->user.name), decision.why, visit->now, reterr));
}

struct wanted_appeal {
	uint64_t number;
	struct arena *arena;
	struct appeal appeal; /* texts in the arena */
	bool is_there;
};

static enum status find_appeal(void *context, const struct appeal *appeal)
{
	struct wanted_appeal *wanted = context;
	if (appeal->number != wanted->number || appeal->state != APPEAL_OPEN)
		return STATUS_OK;
	wanted->appeal = *appeal;
	wanted->appeal.subject = arena_copy(wanted->arena, appeal->subject);
	wanted->appeal.document = arena_copy(wanted->arena, appeal->document);
	wanted->is_there = true;
	return STATUS_END;
}

static enum status put_on_record(struct desk *desk, const struct review *review, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	char id[ID_TEXT_SIZE];
	json_begin_object(&json);
	json_member_text(&json, "subject", review->subject);
	json_member_string(&json, "id", id_format(review->document, id));
	json_member_text(&json, "why", review->why);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = desk_record(desk, "review withhold", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

/* A document that the subject says is not theirs stays out of its answer from now on. */
static enum status withhold(struct operator_call *visit, const struct appeal *appeal, struct bytes why, struct failure *reterr)
{
	struct desk *desk = visit->call->desk;
	struct subject subject;
	struct review review = {
		.word = REVIEW_WITHHOLD,
		.time = visit->now,
		.operator_name = bytes_of_string(visit->user.name),
		.why = why,
	};
	enum status status = subject_read_as_asked(appeal->subject, visit->call->arena, &subject, reterr);
	if (status == STATUS_OK)
		status = gate_turn_back(desk->catalog, desk->incident, &subject, appeal->document, &review.document, reterr);
	if (status == STATUS_ABSENT)
		return STATUS_OK; /* it is in the answer no longer */
	review.subject = subject.name;
	if (status == STATUS_OK)
		status = put_on_record(desk, &review, reterr);
	return status == STATUS_OK ? incident_review(desk->incident, &review, reterr) : status;
}

enum status operator_view_decide_appeal(struct operator_call *visit, struct failure *reterr)
{
	struct incident *incident = visit->call->desk->incident;
	struct decision decision;
	if (operator_lacks_incident(visit) || !read_decision(visit, &decision))
		return STATUS_OK;
	struct wanted_appeal wanted = {.number = decision.number, .arena = visit->call->arena};
	enum status status = appeals(incident, BYTES_NONE, find_appeal, &wanted, reterr);
	if (status == STATUS_OK && !wanted.is_there)
		return go_back(visit, STATUS_ABSENT);
	if (status == STATUS_OK && decision.is_granted && wanted.appeal.kind == APPEAL_NOT_OURS && wanted.appeal.document.len > 0)
		status = withhold(visit, &wanted.appeal, decision.why, reterr);
	if (status == STATUS_OK)
		status = appeal_decide(incident, decision.number, decision.is_granted, bytes_of_string(visit->user.name),
		                       decision.why, visit->now, reterr);
	return go_back(visit, status);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a proved subject reads, takes away and says. */
#include "portal/subject-api.h"
#include "portal/subject-pages.h"
#include "portal/page-call.h"

#include <stdio.h>

enum { PAGE_NUMBER_MAX = 1000000, ASKED_SHOWN = 50 };

/* Whoever has not proved anything yet is led to where they can. */
static enum status know(struct page_call *here, struct asking_subject *subject, struct failure *reterr)
{
	if (here->session.state != SESSION_PROVED)
		return STATUS_DENIED;
	return asking_know(&here->asking, here->session.token, subject, reterr);
}

static enum status begin_known(struct page_call *here, struct portal_call *call, const char *path, struct asking_subject *subject,
                               struct failure *reterr)
{
	enum status status = page_call_begin(here, call, path, reterr);
	return status == STATUS_OK ? know(here, subject, reterr) : status;
}

/* ---- the answer ---- */

static struct answer_choice choice_of(const struct portal_request *request)
{
	struct answer_choice choice = {.class = CLASS_COUNT, .text = bytes_trim(portal_field(request, "text")), .page = 1};
	struct bytes class = portal_field(request, "class");
	uint64_t year = 0, number = 0;
	if (bytes_equal_string(class, "none"))
		choice.class = CLASS_NONE;
	else if (class.len > 0)
		choice.class = document_class_from_name(class);
	if (bytes_parse_u64(portal_field(request, "year"), &year) && year >= ANSWER_FIRST_YEAR &&
	    year < ANSWER_FIRST_YEAR + ANSWER_YEARS)
		choice.year = (int)year;
	if (bytes_parse_u64(portal_field(request, "page"), &number) && number >= 1 && number <= PAGE_NUMBER_MAX)
		choice.page = number;
	return choice;
}

static enum status show_answer(struct page_call *here, const struct asking_subject *subject, const struct answer_choice *choice,
                               struct answer_facts facts, struct failure *reterr)
{
	struct answer_view view;
	struct gate_answer answer;
	answer_view_begin(&view, &here->page, choice);
	enum status status = asking_answer(&here->asking, subject, UINT64_MAX, BYTES_NONE, answer_view_add, &view, &answer,
	                                   reterr);
	if (status == STATUS_OK) {
		answer_view_sort(&view);
		facts.subject = subject;
		facts.answer = &answer;
		facts.view = &view;
		facts.as_of = here->asking.now;
		page_answer(&here->page, &facts);
	}
	gate_answer_free(&answer);
	answer_view_free(&view);
	return status;
}

enum status portal_page_answer(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct asking_subject subject;
	struct answer_facts facts = {.document = portal_field(call->request, "document")};
	const struct answer_choice choice = choice_of(call->request);
	enum status status = begin_known(&here, call, "/answer", &subject, reterr);
	if (!bytes_parse_u64(portal_field(call->request, "appeal"), &facts.appeal))
		facts.appeal = 0;
	if (status == STATUS_DENIED && here.session.state == SESSION_PROVING) {
		status = page_call_go(&here, "/prove", BYTES_NONE);
		page_call_end(&here);
		return status;
	}
	if (status == STATUS_OK)
		status = show_answer(&here, &subject, &choice, facts, reterr);
	if (status == STATUS_OK)
		status = page_call_reply(&here, 200);
	else
		status = page_call_refuse(&here, status);
	page_call_end(&here);
	return status;
}

/* ---- to take away ---- */

static enum status reply_whole_answer(struct page_call *here, const struct asking_subject *subject, struct failure *reterr)
{
	const struct answer_choice choice = {.is_whole = true};
	here->page.is_alone = true;
	enum status status = show_answer(here, subject, &choice, (struct answer_facts){.appeal = 0}, reterr);
	return status == STATUS_OK ? page_call_reply_file(here, "tidemark-answer.html") : status;
}

enum status portal_page_answer_html(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct asking_subject subject;
	enum status status = begin_known(&here, call, "/answer", &subject, reterr);
	if (status == STATUS_OK)
		status = reply_whole_answer(&here, &subject, reterr);
	status = status == STATUS_OK ? status : page_call_refuse(&here, status);
	page_call_end(&here);
	return status;
}

enum status portal_answer_html(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct asking_subject subject;
	enum status status = page_call_begin(&here, call, "/answer", reterr);
	if (status == STATUS_OK)
		status = portal_know_bearer(call, &here.asking, &subject, reterr);
	if (status == STATUS_OK)
		status = reply_whole_answer(&here, &subject, reterr);
	page_call_end(&here);
	return status == STATUS_OK ? status : portal_refuse(call, &here.asking, status, reterr);
}

typedef enum status telling(struct portal_call *call, struct asking *asking, const struct asking_subject *subject,
                            struct failure *reterr);

static enum status hand_out(struct portal_call *call, telling *tell, struct failure *reterr)
{
	struct page_call here;
	struct asking_subject subject;
	enum status status = begin_known(&here, call, "/answer", &subject, reterr);
	if (status == STATUS_OK)
		status = tell(call, &here.asking, &subject, reterr);
	status = status == STATUS_OK ? status : page_call_refuse(&here, status);
	page_call_end(&here);
	return status;
}

enum status portal_page_answer_csv(struct portal_call *call, struct failure *reterr)
{
	return hand_out(call, portal_tell_csv, reterr);
}

enum status portal_page_answer_json(struct portal_call *call, struct failure *reterr)
{
	return hand_out(call, portal_tell_json, reterr);
}

/* ---- who asked ---- */

enum status portal_page_asked(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	struct asking_subject subject;
	struct asked_page asked;
	enum status status = begin_known(&here, call, "/asked", &subject, reterr);
	if (status == STATUS_OK)
		status = asking_asked(&here.asking, &subject, ASKED_SHOWN, portal_field(call->request, "cursor"), &asked, reterr);
	if (status == STATUS_OK) {
		page_asked(&here.page, &(struct asked_facts){subject.subject.name, &asked});
		status = page_call_reply(&here, 200);
	} else {
		status = page_call_refuse(&here, status);
	}
	page_call_end(&here);
	return status;
}

/* ---- doubting it, and leaving ---- */

/* What was written comes back with the page, and what is wrong with it. */
static enum status show_fault(struct page_call *here, const struct asking_subject *subject, const struct appeal_plea *plea,
                              enum status fault, const struct failure *why, struct failure *reterr)
{
	const struct answer_choice choice = {.class = CLASS_COUNT, .page = 1};
	struct answer_facts facts = {.document = plea->document,
	                             .appeal_kind = appeal_kind_of(plea->kind),
	                             .appeal_text = plea->text,
	                             .appeal_fault = APPEAL_NO_TEXT};
	if (fault == STATUS_BUSY)
		facts.appeal_fault = APPEAL_TOO_MANY;
	else if (bytes_equal_string(bytes_of_string(why->where), "document"))
		facts.appeal_fault = APPEAL_NO_DOCUMENT;
	enum status status = show_answer(here, subject, &choice, facts, reterr);
	return status == STATUS_OK ? page_call_reply(here, fault == STATUS_BUSY ? 429 : 400) : status;
}

static enum status appeal(struct page_call *here, struct failure *reterr)
{
	const struct portal_request *request = here->call->request;
	struct asking_subject subject;
	struct failure why = {.where = ""};
	char path[64];
	uint64_t number = 0;
	const struct appeal_plea plea = {.kind = portal_field(request, "kind"),
	                                 .document = bytes_trim(portal_field(request, "document")),
	                                 .text = portal_field(request, "text")};
	enum status status = know(here, &subject, reterr);
	if (status != STATUS_OK)
		return page_call_refuse(here, status);
	status = asking_appeal(&here->asking, &subject, &plea, &number, &why);
	if (status == STATUS_USAGE || status == STATUS_BUSY)
		return show_fault(here, &subject, &plea, status, &why, reterr);
	if (status != STATUS_OK) {
		*reterr = why;
		return status;
	}
	snprintf(path, sizeof path, "/answer?appeal=%llu", (unsigned long long)number);
	return page_call_go(here, path, BYTES_NONE);
}

enum status portal_page_appeal(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	enum status status = page_call_begin(&here, call, "/answer", reterr);
	if (status == STATUS_OK)
		status = page_call_has_form(&here) ? appeal(&here, reterr) : page_call_refuse_form(&here);
	page_call_end(&here);
	return status;
}

enum status portal_page_leave(struct portal_call *call, struct failure *reterr)
{
	struct page_call here;
	enum status status = page_call_begin(&here, call, "/", reterr);
	if (status == STATUS_OK && !page_call_has_form(&here)) {
		status = page_call_refuse_form(&here);
	} else if (status == STATUS_OK) {
		if (here.session.state == SESSION_PROVED)
			status = asking_leave(&here.asking, here.session.token, reterr);
		if (status == STATUS_OK || status == STATUS_DENIED || status == STATUS_ABSENT)
			status = page_call_go_without(&here, "/");
	}
	page_call_end(&here);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The helpdesk: a subject, a ticket, and the gate's answer as the subject would
 * read it. Whoever asks sees nothing that the subject was not let in to see.
 */
#include "portal/asking.h"
#include "portal/operator.h"
#include "portal/pages.h"

#include <stdio.h>

/* ---- asking ---- */

static void put_form(struct operator_call *visit, struct bytes subject, struct bytes ticket)
{
	struct page *page = &visit->page;
	page_form_begin(page, portal_route_path(PORTAL_ROUTE_OPERATOR_ANSWER));
	operator_put_field(visit, "", "subject", WORD_OP_INVITE_SUBJECT, subject);
	operator_put_field(visit, "", "ticket", WORD_OP_INVITE_TICKET, ticket);
	page_form_end(page, WORD_OP_HELPDESK_BUTTON, true);
}

static void show_form(struct operator_call *visit, uint16_t code, enum word fault)
{
	const struct portal_request *request = visit->call->request;
	visit->code = code;
	operator_begin(visit, WORD_OP_HELPDESK);
	page_paragraph(&visit->page, WORD_OP_HELPDESK_ABOUT);
	if (fault != WORD_COUNT) {
		HTML(visit->page.into, "<p class=\"fault\" role=\"alert\">");
		say(visit->page.into, visit->page.language, fault);
		HTML(visit->page.into, "</p>\n");
	}
	put_form(visit, portal_field(request, "subject"), portal_field(request, "ticket"));
	operator_end(visit);
}

enum status operator_view_helpdesk(struct operator_call *visit, struct failure *reterr)
{
	(void)reterr;
	if (!operator_lacks_incident(visit))
		show_form(visit, 200, WORD_COUNT);
	return STATUS_OK;
}

/* ---- answering ---- */

/* The next of its pages is asked for, and on record, like the first. */
static void put_further(struct operator_call *visit, const struct helpdesk_question *question, const struct answer_view *view)
{
	struct page *page = &visit->page;
	char number[24];
	if (view->shown_to >= view->matched)
		return;
	snprintf(number, sizeof number, "%llu", (unsigned long long)view->choice.page + 1);
	page_form_begin(page, portal_route_path(PORTAL_ROUTE_OPERATOR_ANSWER));
	page_hidden(page, "subject", question->subject.name);
	page_hidden(page, "ticket", question->ticket);
	page_hidden(page, "page", bytes_of_string(number));
	page_form_end(page, WORD_OP_FURTHER, false);
}

static void show_answer(struct operator_call *visit, const struct helpdesk_question *question, const struct gate_answer *answer,
                        const struct answer_view *view)
{
	const struct asking_subject subject = {.subject = question->subject};
	const struct answer_facts facts = {.subject = &subject, .answer = answer, .view = view, .as_of = visit->now};
	struct page *page = &visit->page;
	page->is_alone = false;
	operator_begin_main(visit, WORD_OP_HELPDESK);
	HTML(page->into, "<div class=\"note\"><p>");
	SAY(page->into, page->language, WORD_OP_HELPDESK_READS, said_foreign(question->subject.name),
	    said_foreign(question->ticket));
	HTML(page->into, "</p></div>\n");
	page->is_alone = true;
	page_answer_contents(page, &facts);
	page->is_alone = false;
	put_further(visit, question, view);
	operator_end(visit);
}

static enum status answer(struct operator_call *visit, const struct helpdesk_question *question, struct failure *reterr)
{
	struct answer_choice choice = {.class = CLASS_COUNT, .year = ANSWER_NO_YEAR, .page = 1};
	struct bytes page = portal_field(visit->call->request, "page");
	struct answer_view view;
	struct gate_answer given;
	if (page.len > 0 && (!operator_number(page, &choice.page) || choice.page == 0))
		choice.page = 1;
	/* Laid out as a page to keep is: without what only the subject may follow. */
	visit->page.is_alone = true;
	answer_view_begin(&view, &visit->page, &choice);
	enum status status = asking_helpdesk(visit->call->desk, question, answer_view_add, &view, &given, reterr);
	if (status == STATUS_OK) {
		answer_view_sort(&view);
		show_answer(visit, question, &given, &view);
	}
	visit->page.is_alone = false;
	gate_answer_free(&given);
	answer_view_free(&view);
	return status;
}

enum status operator_view_answer(struct operator_call *visit, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	struct helpdesk_question question = {
		.ticket = bytes_trim(portal_field(request, "ticket")),
		.operator_name = bytes_of_string(visit->user.name),
		.limit = UINT64_MAX,
		.now = visit->now,
	};
	struct failure why;
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	enum status status = subject_read_as_asked(bytes_trim(portal_field(request, "subject")), visit->call->arena,
	                                           &question.subject, &why);
	if (status == STATUS_USAGE || question.ticket.len == 0 || question.ticket.len > TICKET_MAX) {
		show_form(visit, 400, status == STATUS_USAGE ? WORD_OP_NO_SUBJECT : WORD_OP_NO_TICKET);
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		status = asking_may_help(visit->call->desk, &question, &why);
	if (status == STATUS_DENIED) {
		show_form(visit, 403, WORD_OP_HELPDESK_DENIED);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return fail(reterr, status, why.where, "%s", why.why);
	return answer(visit, &question, reterr);
}

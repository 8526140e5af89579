/* SPDX-License-Identifier: Apache-2.0 */
/* An invitation for somebody who was made sure of in another way. Its code is shown once. */
#include "catalog/proofs.h"
#include "portal/operator.h"

#include "answer/subject.h"

void operator_put_field(struct operator_call *visit, const char *prefix, const char *name, enum word label, struct bytes value)
{
	struct page *page = &visit->page;
	HTML(page->into, "<div class=\"field\"><label for=\"");
	html_string(page->into, prefix);
	html_string(page->into, name);
	HTML(page->into, "\">");
	say(page->into, page->language, label);
	HTML(page->into, "</label><input type=\"text\" id=\"");
	html_string(page->into, prefix);
	html_string(page->into, name);
	HTML(page->into, "\" name=\"");
	html_string(page->into, name);
	HTML(page->into, "\" value=\"");
	html_text(page->into, value);
	HTML(page->into, "\" required></div>\n");
}

void operator_put_invitation(struct operator_call *visit, struct bytes subject)
{
	struct page *page = &visit->page;
	page_paragraph(page, WORD_OP_INVITE_ABOUT);
	page_form_begin(page, portal_route_path(PORTAL_ROUTE_OPERATOR_INVITE));
	if (subject.len > 0)
		page_hidden(page, "subject", subject);
	else
		operator_put_field(visit, "invite-", "subject", WORD_OP_INVITE_SUBJECT, BYTES_NONE);
	operator_put_field(visit, "invite-", "ticket", WORD_OP_INVITE_TICKET, BYTES_NONE);
	page_form_end(page, WORD_OP_INVITE_BUTTON, false);
}

static void show(struct operator_call *visit, const struct subject *subject, const char *code, int64_t expires)
{
	struct page *page = &visit->page;
	operator_begin(visit, WORD_OP_INVITED);
	HTML(page->into, "<p class=\"lead\">");
	SAY(page->into, page->language, WORD_OP_INVITED_FOR, said_foreign(subject->name));
	HTML(page->into, "</p>\n<p><code class=\"code\">");
	html_string(page->into, code);
	HTML(page->into, "</code></p>\n");
	PAGE_PARAGRAPH(page, WORD_OP_INVITED_UNTIL, said_time(expires));
	page_paragraph(page, WORD_OP_INVITED_DO);
	operator_end(visit);
}

enum status operator_view_invite(struct operator_call *visit, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	struct bytes ticket = bytes_trim(portal_field(request, "ticket"));
	struct subject subject;
	struct failure ignored;
	char code[INVITATION_CODE_TEXT_SIZE];
	int64_t expires = 0;
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	enum status status = subject_read(bytes_trim(portal_field(request, "subject")), visit->call->arena, &subject, &ignored);
	if (status == STATUS_USAGE || ticket.len == 0 || ticket.len > TICKET_MAX) {
		operator_tell(visit, 400, WORD_OP_INVITE, status == STATUS_USAGE ? WORD_OP_NO_SUBJECT : WORD_OP_NO_TICKET,
		              WORD_OP_GO_BACK);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return fail(reterr, status, "", "memory is used up");
	status = invitation_make(visit->call->desk->incident, subject.name, ticket, bytes_of_string(visit->user.name), visit->now,
	                         code, &expires, reterr);
	if (status == STATUS_OK)
		show(visit, &subject, code, expires);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Taking the right to read away from whoever has it for one subject, and who has begun to ask for it, or was invited. */
#include "answer/subject.h"
#include "catalog/proofs.h"
#include "portal/operator.h"

void operator_put_revocation(struct operator_call *visit, struct bytes subject)
{
	struct page *page = &visit->page;
	page_paragraph(page, WORD_OP_REVOKE_ABOUT);
	page_form_begin(page, portal_route_path(PORTAL_ROUTE_OPERATOR_REVOKE));
	page_hidden(page, "subject", subject);
	operator_put_field(visit, "revoke-", "why", WORD_OP_REVOKE_WHY, BYTES_NONE);
	page_form_end(page, WORD_OP_REVOKE_BUTTON, false);
}

static enum status go_back(struct operator_call *visit, struct bytes subject, struct failure *reterr)
{
	struct buffer path = buffer_with_ceiling(PORTAL_HEADER_MAX);
	buffer_append_string(&path, portal_route_path(PORTAL_ROUTE_OPERATOR_ORGANISATIONS));
	buffer_append_byte(&path, '/');
	buffer_append(&path, subject);
	enum status status = buffer_status(&path) == STATUS_OK ? operator_go(visit, buffer_string(&path))
	                                                       : fail(reterr, STATUS_NO_MEMORY, "", "memory is used up");
	buffer_free(&path);
	return status;
}

enum status operator_view_revoke(struct operator_call *visit, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	struct bytes why = bytes_trim(portal_field(request, "why"));
	struct subject subject;
	struct failure ignored;
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	enum status status = subject_read(bytes_trim(portal_field(request, "subject")), visit->call->arena, &subject, &ignored);
	if (status == STATUS_USAGE || why.len == 0 || why.len > TICKET_MAX) {
		operator_tell(visit, 400, WORD_OP_REVOKE, status == STATUS_USAGE ? WORD_OP_NO_SUBJECT : WORD_OP_NO_WHY,
		              WORD_OP_GO_BACK);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return fail(reterr, status, "", "memory is used up");
	status = proofs_revoke(visit->call->desk->incident, subject.name, bytes_of_string(visit->user.name), why, visit->now,
	                       reterr);
	return status == STATUS_OK ? go_back(visit, subject.name, reterr) : status;
}

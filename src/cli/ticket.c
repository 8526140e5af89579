/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ticket.h"

#include "catalog/proofs.h"
#include "cli/session.h"

enum status ticket_read(struct session *session, struct bytes *ret_ticket, struct failure *reterr)
{
	struct bytes ticket = bytes_trim(bytes_of_string(settings_text(session->settings, "ticket")));
	if (ticket.len == 0)
		return fail(reterr, STATUS_USAGE, "--ticket", "must say why, for the record");
	if (ticket.len > TICKET_MAX)
		return fail(reterr, STATUS_USAGE, "--ticket", "is longer than %d bytes", TICKET_MAX);
	*ret_ticket = ticket;
	return STATUS_OK;
}

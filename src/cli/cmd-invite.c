/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark invite: a code for a subject that the operator knows by other means. */
#include "cli/command.h"

#include "base/clock.h"
#include "catalog/proofs.h"
#include "cli/session.h"
#include "cli/ticket.h"
#include "gate/verify.h"

#include <stdio.h>

static enum status execute(struct session *session, struct failure *reterr);

static const struct option options[] = {
	TICKET_OPTION("how they are known, for the record: who was called at which number; must be given"),
	{.name = NULL},
};

static const struct command_example examples[] = {
	{"invite contoso.com --ticket 'T-1207: called the switchboard'", "a code to be read out to them"},
	{.line = NULL},
};

/* clang-format off */
const struct command command_invite = {
	.name = "invite", .group = COMMAND_ANSWERS, .summary = "make a code for a subject that is known by other means",
	.description = "Who cannot publish a record, a file or read a mailbox proves itself with this code, at the portal and once, within "
	               "14 days; ten wrong tries end it. It stands on the last line, and nowhere else: the catalog keeps its digest. The "
	               "subject sees that it was made.",
	.operands = "SUBJECT", .operands_min = 1, .operands_max = 1, .options = options, .examples = examples,
	.see_also = "answer, lookup, journal", .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .execute = execute,
};
/* clang-format on */

static void show(struct session *session, struct bytes subject, const char *code, int64_t expires)
{
	struct json_writer *json = output_members(session->output);
	json_member_text(json, "subject", subject);
	json_member_string(json, "code", code);
	json_member_time(json, "expires_at", expires);
	if (output_get_format(session->output) == OUTPUT_TABLE) {
		char line[INVITATION_CODE_TEXT_SIZE + 1];
		char until[CLOCK_TEXT_SIZE];
		session_note(session, "for %.*s, once, until %s:", (int)subject.len, (const char *)subject.at,
		             clock_format(expires, until));
		snprintf(line, sizeof line, "%s\n", code);
		output_raw(session->output, bytes_of_string(line));
		return;
	}
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "subject", "Subject", cell_text(subject));
	output_field(session->output, "expires_at", "Until", cell_time(expires));
	output_field(session->output, "code", "Code", cell_string(code));
}

static enum status execute(struct session *session, struct failure *reterr)
{
	char code[INVITATION_CODE_TEXT_SIZE];
	struct subject subject;
	struct bytes ticket;
	int64_t expires = 0;
	enum status status = ticket_read(session, &ticket, reterr);
	if (status == STATUS_OK)
		status = subject_read_as_asked(bytes_of_string(settings_operand(session->settings, 0)), session->arena, &subject,
		                               reterr);
	if (status == STATUS_OK)
		status = invitation_make(session->incident, subject.name, ticket, bytes_of_string(session->desk.operator_name),
		                         clock_now(), code, &expires, reterr);
	if (status == STATUS_OK)
		show(session, subject.name, code, expires);
	explicit_bzero(code, sizeof code);
	return status;
}

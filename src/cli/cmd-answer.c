/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark answer: the helpdesk's door to a subject's answer. */
#include "cli/command.h"

#include "base/clock.h"
#include "cli/session.h"
#include "cli/ticket.h"
#include "cli/told.h"
#include "portal/asking.h"

static enum status execute(struct session *session, struct failure *reterr);

static const struct option options[] = {
	TICKET_OPTION("who asks for it and where that is written down; must be given"),
	{.name = "limit",
         .kind = OPTION_UNSIGNED,
         .value = "N",
         .low = 1,
         .unit = "documents",
         .help = "at most so many documents; without it, all"},
	{.name = "cursor",
         .kind = OPTION_TEXT,
         .value = "C",
         .is_not_configured = true,
         .help = "go on where an earlier answer's next points"},
	{.name = NULL},
};

static const struct command_example examples[] = {
	{"answer contoso.com --ticket T-1208", "read to Contoso what it may know, after it has proved its domain"},
	{.line = NULL},
};

/* clang-format off */
const struct command command_answer = {
	.name = "answer", .group = COMMAND_ANSWERS, .summary = "give one proved subject its answer, for the helpdesk",
	.description = "The answer that the subject would read at the portal, and nothing else. It is refused (exit 1) unless somebody has "
	               "proved to be that subject, or used an invitation, within 30 days. Whoever asks for it, and why, is on record, and "
	               "the subject sees that it was given.",
	.operands = "SUBJECT", .operands_min = 1, .operands_max = 1, .options = options, .examples = examples,
	.see_also = "invite, lookup, journal", .catalog = COMMAND_WRITES_CATALOG, .opens_incident = true, .execute = execute,
};
/* clang-format on */

static enum status tell(struct session *session, const struct helpdesk_question *question, struct failure *reterr)
{
	const struct gate_question head = {.subject = question->subject, .incident_name = session->incident_name};
	struct gate_answer answer;
	gate_write_head(&head, question->now, output_members(session->output));
	output_begin_list(session->output, &told_list);
	enum status status = asking_helpdesk(&session->desk, question, told_document, session->output, &answer, reterr);
	output_end_list(session->output);
	if (status == STATUS_OK) {
		gate_write_summary(&answer, output_members(session->output));
		told_note_sums(session->output, &answer.sums);
	}
	gate_answer_free(&answer);
	return status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	uint64_t limit = settings_number(session->settings, "limit");
	struct helpdesk_question question = {
		.operator_name = bytes_of_string(session->desk.operator_name),
		.limit = limit > 0 ? limit : UINT64_MAX,
		.cursor = bytes_of_string(settings_text(session->settings, "cursor")),
		.now = clock_now(),
	};
	enum status status = ticket_read(session, &question.ticket, reterr);
	if (status == STATUS_OK)
		status = subject_read_as_asked(bytes_of_string(settings_operand(session->settings, 0)), session->arena,
		                               &question.subject, reterr);
	if (status == STATUS_OK)
		status = asking_may_help(&session->desk, &question, reterr);
	return status == STATUS_OK ? tell(session, &question, reterr) : status;
}

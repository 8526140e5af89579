/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark review: the operator's word on a document for a subject, before anything goes out. */
#include "cli/command.h"

#include "answer/reference.h"
#include "base/clock.h"
#include "catalog/questions.h"
#include "catalog/reviews.h"
#include "cli/session.h"
#include "gate/gate.h"

#include <stdio.h>

static enum status confirm(struct session *session, struct failure *reterr);
static enum status withhold(struct session *session, struct failure *reterr);
static enum status list(struct session *session, struct failure *reterr);

static const struct option word_options[] = {
	{.name = "why",
         .kind = OPTION_TEXT,
         .value = "TEXT",
         .is_not_configured = true,
         .help = "the reason, for the record; must be given"},
	{.name = NULL},
};

static const struct command command_confirm = {
	.name = "confirm",
	.summary = "say that a document is a subject's, however unsure it is",
	.description = "It holds for the bytes that lie there now: other contents under the same name are judged anew.",
	.operands = "SUBJECT ID",
	.operands_min = 2,
	.operands_max = 2,
	.options = word_options,
	.catalog = COMMAND_WRITES_CATALOG,
	.opens_incident = true,
	.execute = confirm,
};

static const struct command command_withhold = {
	.name = "withhold",
	.summary = "keep a document out of a subject's answer, however sure it is",
	.description = "It holds for whatever lies there later, too.",
	.operands = "SUBJECT ID",
	.operands_min = 2,
	.operands_max = 2,
	.options = word_options,
	.catalog = COMMAND_WRITES_CATALOG,
	.opens_incident = true,
	.execute = withhold,
};

static const struct command command_list = {
	.name = "list",
	.summary = "list what was decided, the latest word of each last",
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "review list",
	.execute = list,
};

static const struct command *const subcommands[] = {&command_confirm, &command_withhold, &command_list, NULL};

static const struct command_example examples[] = {
	{"review withhold contoso.com 2f4qk --why 'names an informant'", "keep one document out of Contoso's answer"},
	{"review confirm contoso.com scans/0007.tif --why 'read by hand'", "put one in that no rule could tell"},
	{.line = NULL},
};

const struct command command_review = {
	.name = "review",
	.group = COMMAND_ANSWERS,
	.summary = "confirm or withhold single documents before a subject is answered",
	.description =
		"The answer obeys (lookup --as-subject). What was decided is kept over sweeps and versions of the rules, and is on "
		"record.",
	.subcommands = subcommands,
	.examples = examples,
	.see_also = "lookup, show, journal",
};

static const char *name_of(enum review_word word)
{
	return word == REVIEW_CONFIRM ? "confirm" : "withhold";
}

/* ---- giving a word ---- */

/* An id of the catalog's, a path, or an id of the subject's own answer. */
static enum status find_document(struct session *session, const struct subject *subject, struct bytes written, struct id *ret_id,
                                 struct failure *reterr)
{
	struct failure ignored;
	enum status status = reference_find(session->incident, written, ret_id, reterr);
	if (status == STATUS_ABSENT &&
	    gate_turn_back(session->catalog, session->incident, subject, written, ret_id, &ignored) == STATUS_OK)
		return STATUS_OK;
	return status;
}

static enum status take_sha256(void *context, const struct document_view *view)
{
	struct review *review = context;
	review->has_sha256 = view->has_sha256;
	memcpy(review->sha256, view->sha256, sizeof review->sha256);
	return STATUS_OK;
}

static enum status put_on_record(struct session *session, const struct review *review, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	char id[ID_TEXT_SIZE], verb[32];
	json_begin_object(&json);
	json_member_text(&json, "subject", review->subject);
	json_member_string(&json, "id", id_format(review->document, id));
	json_member_text(&json, "why", review->why);
	json_end_object(&json);
	snprintf(verb, sizeof verb, "review %s", name_of(review->word));
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = session_journal(session, verb, buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static void show_word(struct session *session, const struct review *review)
{
	struct json_writer *json = output_members(session->output);
	char id[ID_TEXT_SIZE];
	json_member_text(json, "subject", review->subject);
	json_member_string(json, "id", id_format(review->document, id));
	json_member_string(json, "word", name_of(review->word));
	json_member_text(json, "why", review->why);
	output_begin_page(session->output, BYTES_NONE);
	output_field(session->output, "subject", "Subject", cell_text(review->subject));
	output_field(session->output, "id", "Document", cell_string(id));
	output_field(session->output, "word", "Word", cell_string(name_of(review->word)));
	output_field(session->output, "why", "Why", cell_text(review->why));
}

static enum status give(struct session *session, enum review_word word, struct failure *reterr)
{
	struct bytes why = bytes_trim(bytes_of_string(settings_text(session->settings, "why")));
	struct subject subject;
	struct review review = {
		.time = clock_now(),
		.word = word,
		.operator_name = bytes_of_string(session->desk.operator_name),
		.why = why,
	};
	if (why.len == 0)
		return fail(reterr, STATUS_USAGE, "--why", "must say why, for the record");
	if (why.len > REVIEW_WHY_MAX)
		return fail(reterr, STATUS_USAGE, "--why", "is longer than %d bytes", REVIEW_WHY_MAX);
	enum status status = subject_read(bytes_of_string(settings_operand(session->settings, 0)), session->arena, &subject,
	                                  reterr);
	if (status == STATUS_OK)
		status = find_document(session, &subject, bytes_of_string(settings_operand(session->settings, 1)),
		                       &review.document, reterr);
	if (status == STATUS_OK)
		status = incident_find(session->incident, &review.document, take_sha256, &review, reterr);
	review.subject = subject.name;
	if (status == STATUS_OK)
		status = put_on_record(session, &review, reterr);
	if (status == STATUS_OK)
		status = incident_review(session->incident, &review, reterr);
	if (status == STATUS_OK)
		show_word(session, &review);
	return status;
}

static enum status confirm(struct session *session, struct failure *reterr)
{
	return give(session, REVIEW_CONFIRM, reterr);
}

static enum status withhold(struct session *session, struct failure *reterr)
{
	return give(session, REVIEW_WITHHOLD, reterr);
}

/* ---- the list ---- */

static enum status show_review(void *context, const struct review *review)
{
	struct session *session = context;
	struct json_writer *json = output_begin_item(session->output);
	char id[ID_TEXT_SIZE];
	json_member_text(json, "subject", review->subject);
	json_member_string(json, "id", id_format(review->document, id));
	json_member_string(json, "word", name_of(review->word));
	json_member_text(json, "why", review->why);
	json_member_text(json, "operator", review->operator_name);
	json_member_time(json, "at", review->time);
	const struct cell cells[] = {
		cell_text(review->subject),
		cell_toned(cell_string(id), TONE_DIM),
		cell_toned(cell_string(name_of(review->word)), TONE_STRONG),
		cell_text(review->why),
		cell_text(review->operator_name),
		cell_time(review->time),
	};
	return output_end_item(session->output, cells);
}

static enum status list(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "subject"},
		{.name = "id"},
		{.name = "word"},
		{.name = "why", .may_shrink = true},
		{.name = "operator", .rank = 1},
		{.name = "at", .rank = 2},
	};
	static const struct output_list reviews = {
		.member = "reviews",
		.columns = columns,
		.column_count = 6,
		.nothing = "Nothing was reviewed.",
	};
	output_begin_list(session->output, &reviews);
	enum status status = incident_reviews(session->incident, BYTES_NONE, show_review, session, reterr);
	output_end_list(session->output);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark lookup: which documents are this organisation's, or hold this address. */
#include "cli/command.h"

#include "answer/lookup.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "scope/target.h"

static enum status execute(struct session *session, struct failure *reterr);

static const struct option options[] = {
	{.name = "list",
         .kind = OPTION_PATH,
         .value = "FILE",
         .is_not_configured = true,
         .help = "answer every domain or address of a file, one a line; - is standard input"},
	{.name = "as-subject",
         .kind = OPTION_FLAG,
         .is_not_configured = true,
         .is_planned = true,
         .help = "exactly the answer a verified subject would get"},
	{.name = NULL},
};

static const struct command_example examples[] = {
	{"lookup contoso.com", "what of Contoso's was exposed"},
	{"lookup --list customers.txt --format csv", "a row for every customer"},
	{.line = NULL},
};

/* clang-format off */
const struct command command_lookup = {
	.name = "lookup", .group = COMMAND_ANSWERS, .summary = "answer which documents are an organisation's or a person's",
	.description = "The operator's view of the answer a subject would get: documents it is a party to, its own addresses in "
	               "them, how long they were exposed. A mention alone does not make a document somebody's.",
	.operands = "DOMAIN|EMAIL...", .operands_min = 0, .operands_max = COMMAND_ANY_NUMBER,
	.options = options, .examples = examples, .see_also = "organisations, show, search", .catalog = COMMAND_READS_CATALOG,
	.opens_incident = true, .journal = "lookup", .execute = execute,
};
/* clang-format on */

struct answering {
	struct session *session;
	const struct lookup *lookup;
	struct json_writer *json; /* of an answer within a line; NULL: each document is an item of the output */
};

/* ---- one subject: its documents are the list ---- */

static const struct column document_columns[] = {
	{.name = "id"},
	{.name = "path", .may_shrink = true, .keeps_end = true},
	{.name = "modified", .rank = 2},
	{.name = "size", .align = COLUMN_RIGHT},
	{.name = "copies", .align = COLUMN_RIGHT, .rank = 1},
	{.name = "addresses", .align = COLUMN_RIGHT},
	{.name = "confidence", .align = COLUMN_RIGHT, .rank = 1},
	{.name = "why", .rank = 4, .may_shrink = true},
	{.name = "container", .rank = COLUMN_CSV_ONLY},
};

static enum status show_document(void *context, const struct document_view *view, const struct lookup_share *share)
{
	struct answering *answering = context;
	struct output *output = answering->session->output;
	char id[ID_TEXT_SIZE];
	struct buffer target = buffer_with_ceiling(1 << 20);
	target_append_container(&view->container, &target);
	lookup_write_document(view, share, output_begin_item(output));
	const struct cell cells[] = {
		cell_toned(cell_string(id_format(view->id, id)), TONE_DIM),
		cell_toned(cell_text(document_view_path(view)), TONE_STRONG),
		cell_time(view->modified),
		cell_size(view->size),
		cell_unsigned(view->copies),
		cell_unsigned(share->email_count),
		cell_real(share->confidence),
		cell_text(share->why),
		cell_text(buffer_bytes(&target)),
	};
	enum status status = output_end_item(output, cells);
	buffer_free(&target);
	return status;
}

static enum status answer_one(struct session *session, const char *written, struct failure *reterr)
{
	static const struct output_list list = {
		.member = "documents",
		.columns = document_columns,
		.column_count = 9,
		.nothing = "No document is theirs.",
	};
	struct lookup lookup;
	struct answering answering = {.session = session, .lookup = &lookup};
	enum status status = lookup_read_subject(bytes_of_string(written), session->arena, &lookup, reterr);
	if (status != STATUS_OK)
		return status;
	lookup_write_head(&lookup, session->incident_name, clock_now(), output_members(session->output));
	output_begin_list(session->output, &list);
	status = lookup_answer(session->incident, &lookup, show_document, &answering, reterr);
	output_end_list(session->output);
	if (status != STATUS_OK)
		return status;
	lookup_write_summary(&lookup, output_members(session->output));
	output_note(session->output,
	            "%llu documents (%llu distinct), %llu of their addresses mentioned %llu times; %llu objects "
	            "were not read",
	            (unsigned long long)lookup.documents, (unsigned long long)lookup.distinct_documents,
	            (unsigned long long)lookup.addresses, (unsigned long long)lookup.references,
	            (unsigned long long)lookup.unseen_objects);
	return STATUS_OK;
}

/* ---- many subjects: each is a line ---- */

static enum status add_document(void *context, const struct document_view *view, const struct lookup_share *share)
{
	struct answering *answering = context;
	json_begin_object(answering->json);
	lookup_write_document(view, share, answering->json);
	json_end_object(answering->json);
	return STATUS_OK;
}

static enum status answer_line(struct session *session, const char *written, struct failure *reterr)
{
	struct lookup lookup;
	struct json_writer *json = output_begin_item(session->output);
	struct answering answering = {.session = session, .lookup = &lookup, .json = json};
	enum status status = lookup_read_subject(bytes_of_string(written), session->arena, &lookup, reterr);
	if (status != STATUS_OK)
		return status;
	lookup_write_head(&lookup, session->incident_name, clock_now(), json);
	json_key(json, "documents");
	json_begin_array(json);
	status = lookup_answer(session->incident, &lookup, output_wants_json(session->output) ? add_document : NULL, &answering,
	                       reterr);
	json_end_array(json);
	if (status != STATUS_OK)
		return status;
	lookup_write_summary(&lookup, json);
	const struct cell cells[] = {
		cell_text(lookup.subject),
		cell_string(lookup_kind_name(lookup.kind)),
		cell_unsigned(lookup.documents),
		cell_unsigned(lookup.distinct_documents),
		cell_unsigned(lookup.references),
		cell_unsigned(lookup.addresses),
		cell_time(lookup.first_date),
		cell_time(lookup.last_date),
		cell_time(lookup.exposed_from),
		cell_time(lookup.last_seen_open),
		cell_time(lookup_exposed_until(&lookup)),
	};
	return output_end_item(session->output, cells);
}

static enum status answer_many(struct session *session, const char *const *lines, size_t count, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "subject"},
		{.name = "kind"},
		{.name = "documents", .align = COLUMN_RIGHT},
		{.name = "distinct_documents", .align = COLUMN_RIGHT},
		{.name = "references", .align = COLUMN_RIGHT},
		{.name = "addresses", .align = COLUMN_RIGHT},
		{.name = "first_date"},
		{.name = "last_date"},
		{.name = "exposed_from"},
		{.name = "last_seen_open"},
		{.name = "exposed_until"},
	};
	static const struct output_list list = {.member = "answers", .columns = columns, .column_count = 11};
	enum status status = STATUS_OK;
	output_use_lines(session->output);
	output_begin_list(session->output, &list);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = answer_line(session, lines[i], reterr);
	output_end_list(session->output);
	return status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	const char *path = settings_text(session->settings, "list");
	size_t operands = settings_operand_count(session->settings);
	struct target_list lines;
	if (path == NULL && operands == 0)
		return fail(reterr, STATUS_USAGE, "", "whom? Give a domain, an address, or --list FILE");
	if (path == NULL && operands == 1)
		return answer_one(session, settings_operand(session->settings, 0), reterr);
	if (path != NULL) {
		enum status status = targets_read_lines(path, session->arena, &lines, reterr);
		return status == STATUS_OK ? answer_many(session, lines.written, lines.count, reterr) : status;
	}
	const char **written = arena_allocate(session->arena, operands * sizeof *written);
	if (written == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < operands; i++)
		written[i] = settings_operand(session->settings, i);
	return answer_many(session, written, operands, reterr);
}

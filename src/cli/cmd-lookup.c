/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark lookup: which documents are this organisation's, or hold this address. */
#include "cli/command.h"

#include "answer/lookup.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "cli/told.h"
#include "gate/gate.h"
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
         .help = "exactly the answer that a verified subject would get, and nothing else"},
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
	{"lookup contoso.com", "what of Contoso's was exposed"},
	{"lookup contoso.com --as-subject", "what Contoso would be told once it has proved its domain"},
	{"lookup --list customers.txt --format csv", "a row for every customer"},
	{.line = NULL},
};

/* clang-format off */
const struct command command_lookup = {
	.name = "lookup", .group = COMMAND_ANSWERS, .summary = "answer which documents are an organisation's or a person's",
	.description = "The operator's view of the answer a subject would get: documents it is a party to, its own addresses in "
	               "them, how long they were exposed. A mention alone does not make a document somebody's.\n\n"
	               "With --as-subject exactly the answer that goes out: its own data alone, documents named by ids of its own, "
	               "titles and paths only where every word of them is its own or nobody's, and nothing of what is not sure. A domain "
	               "below the registered one has no answer of its own, and neither has a public suffix.",
	.operands = "DOMAIN|EMAIL...", .operands_min = 0, .operands_max = COMMAND_ANY_NUMBER,
	.options = options, .examples = examples, .see_also = "organisations, show, search", .catalog = COMMAND_READS_CATALOG,
	.opens_incident = true, .journal = "lookup", .execute = execute,
};
/* clang-format on */

/* One page of documents of one subject. */
struct page {
	uint64_t limit, shown;
	struct buffer place; /* behind which it begins; empty: at the start */
	struct buffer next;
};

struct answering {
	struct session *session;
	struct json_writer *json; /* of an answer within a line; NULL: each document is an item of the output */
	struct page page;
};

static uint64_t limit_of(const struct session *session)
{
	uint64_t limit = settings_number(session->settings, "limit");
	return limit > 0 ? limit : UINT64_MAX;
}

static enum status begin_answering(struct answering *answering, struct session *session, struct json_writer *json,
                                   struct failure *reterr)
{
	struct bytes cursor = bytes_of_string(settings_text(session->settings, "cursor"));
	*answering = (struct answering){
		.session = session,
		.json = json,
		.page = {limit_of(session), 0, buffer_with_ceiling(1 << 20), buffer_with_ceiling(1 << 21)},
	};
	return cursor.len > 0 ? lookup_read_cursor(cursor, &answering->page.place, reterr) : STATUS_OK;
}

static void end_answering(struct answering *answering)
{
	buffer_free(&answering->page.place);
	buffer_free(&answering->page.next);
}

/* Whether the page at hand has it; the last one that has room says where another begins. */
static bool is_of_page(struct page *page, const struct document_view *view)
{
	if (page->place.len > 0 && !lookup_is_behind(view, buffer_bytes(&page->place)))
		return false;
	return page->shown++ < page->limit;
}

static void turn_page(struct page *page, const struct document_view *view)
{
	if (page->shown == page->limit)
		lookup_append_cursor(view, &page->next);
}

static void write_next(const struct page *page, struct json_writer *json)
{
	json_member_text(json, "next", page->shown > page->limit ? buffer_bytes(&page->next) : BYTES_NONE);
}

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
static const struct output_list document_list = {
	.member = "documents",
	.columns = document_columns,
	.column_count = sizeof document_columns / sizeof *document_columns,
	.nothing = "No document is theirs.",
};

static enum status show_document(void *context, const struct document_view *view, const struct portion *portion)
{
	struct answering *answering = context;
	struct output *output = answering->session->output;
	char id[ID_TEXT_SIZE];
	if (!is_of_page(&answering->page, view))
		return STATUS_OK;
	turn_page(&answering->page, view);
	struct buffer target = buffer_with_ceiling(1 << 20);
	target_append_container(&view->container, &target);
	lookup_write_document(view, portion, output_begin_item(output));
	const struct cell cells[] = {
		cell_toned(cell_string(id_format(view->id, id)), TONE_DIM),
		cell_toned(cell_text(document_view_path(view)), TONE_STRONG),
		cell_time(view->modified),
		cell_size(view->size),
		cell_unsigned(view->copies),
		cell_unsigned(portion->values[FINDING_EMAIL].count),
		cell_real((double)portion->confidence),
		cell_text(portion->why),
		cell_text(buffer_bytes(&target)),
	};
	enum status status = output_end_item(output, cells);
	buffer_free(&target);
	return status;
}

static enum status answer_one(struct session *session, const char *written, struct failure *reterr)
{
	struct subject subject;
	struct lookup lookup;
	struct answering answering;
	enum status status = subject_read(bytes_of_string(written), session->arena, &subject, reterr);
	if (status != STATUS_OK)
		return status;
	lookup_begin(&lookup, &subject);
	status = begin_answering(&answering, session, NULL, reterr);
	if (status == STATUS_OK) {
		lookup_write_head(&lookup, session->incident_name, clock_now(), output_members(session->output));
		output_begin_list(session->output, &document_list);
		status = lookup_answer(session->incident, &lookup, show_document, &answering, reterr);
		output_end_list(session->output);
	}
	if (status == STATUS_OK) {
		lookup_write_summary(&lookup, output_members(session->output));
		write_next(&answering.page, output_members(session->output));
		told_note_sums(session->output, &lookup);
	}
	end_answering(&answering);
	lookup_free(&lookup);
	return status;
}

/* ---- one subject, as it would be told ---- */

static enum status tell_document(void *context, const struct minimised *document)
{
	struct answering *answering = context;
	if (answering->json == NULL)
		return told_document(answering->session->output, document);
	json_begin_object(answering->json);
	gate_write_document(document, answering->json);
	json_end_object(answering->json);
	return STATUS_OK;
}

static enum status ask_gate(struct answering *answering, const char *written, struct gate_question *question,
                            struct failure *reterr)
{
	struct session *session = answering->session;
	*question = (struct gate_question){
		.incident_name = session->incident_name,
		.limit = limit_of(session),
		.cursor = bytes_of_string(settings_text(session->settings, "cursor")),
	};
	return subject_read_as_asked(bytes_of_string(written), session->arena, &question->subject, reterr);
}

static enum status tell_one(struct session *session, const char *written, struct failure *reterr)
{
	struct answering answering = {.session = session};
	struct gate_question question;
	struct gate_answer answer;
	enum status status = ask_gate(&answering, written, &question, reterr);
	if (status != STATUS_OK)
		return status;
	gate_write_head(&question, clock_now(), output_members(session->output));
	output_begin_list(session->output, &told_list);
	status = gate_ask(session->catalog, session->incident, &question, tell_document, &answering, &answer, reterr);
	output_end_list(session->output);
	if (status == STATUS_OK) {
		gate_write_summary(&answer, output_members(session->output));
		told_note_sums(session->output, &answer.sums);
	}
	gate_answer_free(&answer);
	return status;
}

/* ---- many subjects: each is a line ---- */

static enum status add_document(void *context, const struct document_view *view, const struct portion *portion)
{
	struct answering *answering = context;
	if (!is_of_page(&answering->page, view))
		return STATUS_OK;
	turn_page(&answering->page, view);
	json_begin_object(answering->json);
	lookup_write_document(view, portion, answering->json);
	json_end_object(answering->json);
	return STATUS_OK;
}

static enum status end_line(struct session *session, const struct lookup *lookup)
{
	const struct cell cells[] = {
		cell_text(lookup->subject.name),         cell_string(subject_kind_name(lookup->subject.kind)),
		cell_unsigned(lookup->documents),        cell_unsigned(lookup->distinct_documents),
		cell_unsigned(lookup->references),       cell_unsigned(lookup->addresses),
		cell_time(lookup->first_date),           cell_time(lookup->last_date),
		cell_time(lookup->exposed_from),         cell_time(lookup->last_seen_open),
		cell_time(lookup_exposed_until(lookup)),
	};
	return output_end_item(session->output, cells);
}

static enum status answer_line(struct session *session, const char *written, struct failure *reterr)
{
	struct subject subject;
	struct lookup lookup;
	struct answering answering;
	struct json_writer *json = output_begin_item(session->output);
	enum status status = subject_read(bytes_of_string(written), session->arena, &subject, reterr);
	if (status != STATUS_OK)
		return status;
	lookup_begin(&lookup, &subject);
	status = begin_answering(&answering, session, json, reterr);
	if (status == STATUS_OK) {
		lookup_write_head(&lookup, session->incident_name, clock_now(), json);
		json_key(json, "documents");
		json_begin_array(json);
		status = lookup_answer(session->incident, &lookup, output_wants_json(session->output) ? add_document : NULL,
		                       &answering, reterr);
		json_end_array(json);
	}
	if (status == STATUS_OK) {
		lookup_write_summary(&lookup, json);
		write_next(&answering.page, json);
		status = end_line(session, &lookup);
	}
	end_answering(&answering);
	lookup_free(&lookup);
	return status;
}

static enum status tell_line(struct session *session, const char *written, struct failure *reterr)
{
	struct answering answering = {.session = session, .json = output_begin_item(session->output)};
	struct gate_question question;
	struct gate_answer answer;
	enum status status = ask_gate(&answering, written, &question, reterr);
	if (status != STATUS_OK)
		return status;
	gate_write_head(&question, clock_now(), answering.json);
	json_key(answering.json, "documents");
	json_begin_array(answering.json);
	status = gate_ask(session->catalog, session->incident, &question, tell_document, &answering, &answer, reterr);
	json_end_array(answering.json);
	if (status == STATUS_OK) {
		gate_write_summary(&answer, answering.json);
		status = end_line(session, &answer.sums);
	}
	gate_answer_free(&answer);
	return status;
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
	bool is_as_subject = settings_flag(session->settings, "as-subject");
	enum status status = STATUS_OK;
	output_use_lines(session->output);
	output_begin_list(session->output, &list);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = is_as_subject ? tell_line(session, lines[i], reterr) : answer_line(session, lines[i], reterr);
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
		return settings_flag(session->settings, "as-subject")
		               ? tell_one(session, settings_operand(session->settings, 0), reterr)
		               : answer_one(session, settings_operand(session->settings, 0), reterr);
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

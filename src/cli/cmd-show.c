/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark show: everything known of one document. */
#include "cli/command.h"

#include "answer/dossier.h"
#include "answer/reference.h"
#include "cli/session.h"
#include "gate/gate.h"
#include "model/signature.h"
#include "scope/target.h"

static enum status execute(struct session *session, struct failure *reterr);

static const struct option options[] = {
	{.name = "text", .kind = OPTION_FLAG, .is_not_configured = true, .help = "print its text alone"},
	{.name = "subject",
         .kind = OPTION_TEXT,
         .value = "SUBJECT",
         .is_not_configured = true,
         .help = "ID is one of the ids in that subject's answer (lookup --as-subject)"},
	{.name = NULL},
};

static const struct command_example examples[] = {
	{"show 2f4qk7x3m5z6y7a2b3c4d5e6fm", "what is known of a document that search found"},
	{"show 2f4qk mails/2021.zip!/offer.pdf", "two, by the beginning of an id and by a path"},
	{.line = NULL},
};

/* clang-format off */
const struct command command_show = {
	.name = "show", .group = COMMAND_ANSWERS, .summary = "show everything known of documents",
	.description = "As JSON, one ID gives one object; several give {\"documents\": [...]} in the order asked, with jsonl a line each, as CSV "
	               "a row each. If one of them is not there, nothing is shown.",
	.operands = "ID...", .operands_min = 1, .operands_max = COMMAND_ANY_NUMBER,
	.operand_help = "an id that search, lookup or show has given, in either case; as much of its beginning as no other shares; or a path",
	.options = options, .examples = examples, .see_also = "search, lookup", .catalog = COMMAND_READS_CATALOG,
	.opens_incident = true, .journal = "show", .execute = execute,
};
/* clang-format on */

struct showing {
	struct session *session;
	struct failure *reterr;
};

static enum status tell_no_text(struct showing *showing, const struct document_view *view)
{
	char id[ID_TEXT_SIZE];
	id_format(view->id, id);
	if (view->outcome == OUTCOME_READ)
		return fail(showing->reterr, STATUS_ABSENT, id,
		            "no text is kept: it has none, it expired, or the sweep kept findings only");
	return fail(showing->reterr, STATUS_ABSENT, id,
	            "it has no text: its outcome is %s%s%.*s; tidemark help outcomes says what that means",
	            outcome_name(view->outcome), view->note.len > 0 ? ", " : "", (int)view->note.len,
	            (const char *)view->note.at);
}

/* Piece by piece: a text may be larger than we want to hold. */
static enum status print_text(struct showing *showing, const struct document_view *view)
{
	enum { PIECE = 256 * 1024 };
	struct buffer piece = buffer_with_ceiling(4 * PIECE);
	enum status status = view->has_text ? STATUS_OK : tell_no_text(showing, view);
	for (uint64_t from = 0; status == STATUS_OK; from += PIECE) {
		buffer_reset(&piece);
		status = incident_text(showing->session->incident, view->content_key, from, from + PIECE, &piece,
		                       showing->reterr);
		if (status != STATUS_OK || piece.len == 0)
			break;
		output_raw(showing->session->output, buffer_bytes(&piece));
	}
	buffer_free(&piece);
	return status;
}

static enum status show_organisation(void *context, const struct attribution *attribution)
{
	struct showing *showing = context;
	const char *part = organisation_part_name(attribution->part);
	const struct cell cells[] = {
		cell_toned(cell_text(organisation_domain(attribution->domain)), TONE_STRONG),
		cell_text(attribution->name),
		cell_string(attribution->role == ORGANISATION_PARTY ? part != NULL ? part : "party" : "mention"),
		cell_real((double)attribution->confidence),
		cell_text(attribution->why),
	};
	output_begin_item(showing->session->output);
	return output_end_item(showing->session->output, cells);
}

static enum status show_finding(void *context, const struct finding *finding)
{
	struct showing *showing = context;
	const struct cell cells[] = {
		cell_string(finding_kind_name(finding->kind)),
		cell_text(finding->subkind),
		cell_toned(cell_text(finding->value), TONE_STRONG),
		cell_unsigned(finding->from),
		cell_unsigned(finding->to),
		cell_real((double)finding->confidence),
	};
	output_begin_item(showing->session->output);
	return output_end_item(showing->session->output, cells);
}

static enum status show_reason(void *context, const struct fact *fact)
{
	struct showing *showing = context;
	const struct cell cells[] = {cell_text(fact->name), cell_real((double)fact->confidence), cell_text(fact->value)};
	if (fact->kind != FACT_CLASS)
		return STATUS_OK;
	output_begin_item(showing->session->output);
	return output_end_item(showing->session->output, cells);
}

static enum status show_signature(void *context, const struct fact *fact)
{
	static const char *const truths[] = {
		[SIGNATURE_UNKNOWN] = "not known", [SIGNATURE_TRUE] = "yes", [SIGNATURE_FALSE] = "no"};
	struct showing *showing = context;
	struct signature signature;
	if (!signature_of_fact(fact, &signature))
		return STATUS_OK;
	const struct cell cells[] = {
		cell_text(signature.kind),
		cell_toned(cell_text(signature.signer), TONE_STRONG),
		cell_text(signature.organisation),
		cell_time(signature.time),
		cell_toned(cell_string(truths[signature.intact]), signature.intact == SIGNATURE_TRUE ? TONE_DIM : TONE_DOUBT),
		cell_text(signature.covers),
		cell_text(signature.chain),
	};
	output_begin_item(showing->session->output);
	return output_end_item(showing->session->output, cells);
}

static enum status show_knowledge(struct showing *showing, const struct document_view *view)
{
	static const struct column reason_columns[] = {
		{.name = "class"}, {.name = "confidence", .align = COLUMN_RIGHT}, {.name = "why", .may_shrink = true}};
	static const struct output_list reasons = {.columns = reason_columns, .column_count = 3};
	static const struct column signature_columns[] = {
		{.name = "kind"},
		{.name = "signer", .may_shrink = true},
		{.name = "organisation", .may_shrink = true},
		{.name = "time"},
		{.name = "intact"},
		{.name = "covers", .may_shrink = true},
		{.name = "chain", .may_shrink = true},
	};
	static const struct output_list signatures = {.columns = signature_columns, .column_count = 7};
	struct output *output = showing->session->output;
	struct incident *incident = showing->session->incident;
	enum status status = STATUS_OK;
	if (view->class.len > 0) {
		output_heading(output, "Class");
		output_begin_list(output, &reasons);
		status = incident_facts(incident, view->content_key, show_reason, showing, showing->reterr);
		output_end_list(output);
	}
	if ((status == STATUS_OK || status == STATUS_ABSENT) && bytes_equal_string(view->signing, "true")) {
		output_heading(output, "Signatures");
		output_begin_list(output, &signatures);
		status = incident_facts(incident, view->content_key, show_signature, showing, showing->reterr);
		output_end_list(output);
	}
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* ---- twins ---- */

static enum status show_relative(void *context, const struct document_view *view, enum twin_relation relation, double similarity)
{
	struct showing *showing = context;
	char id[ID_TEXT_SIZE];
	output_begin_item(showing->session->output);
	return output_end_item(showing->session->output,
	                       (struct cell[]){cell_string(id_format(view->id, id)), cell_string(dossier_relation_name(relation)),
	                                       cell_real(similarity), cell_text(document_view_path(view))});
}

static enum status show_twin(void *context, const struct document_view *view)
{
	return show_relative(context, view, TWIN_EXACT, 1);
}

static enum status show_twins(struct showing *showing, const struct document_view *view)
{
	static const struct column columns[] = {
		{.name = "id"},
		{.name = "relation"},
		{.name = "similarity", .align = COLUMN_RIGHT},
		{.name = "path", .may_shrink = true},
	};
	static const struct output_list twins = {.columns = columns, .column_count = 4};
	struct output *output = showing->session->output;
	bool is_all = true;
	output_heading(output, "Twins");
	output_begin_list(output, &twins);
	enum status status = incident_twins(showing->session->incident, &view->id, show_twin, showing, showing->reterr);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = incident_alike(showing->session->incident, &view->id, show_relative, showing, &is_all, showing->reterr);
	output_end_list(output);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static enum status show_lists(struct showing *showing, const struct document_view *view)
{
	static const struct column organisation_columns[] = {
		{.name = "domain"},
		{.name = "name", .may_shrink = true},
		{.name = "role"},
		{.name = "confidence", .align = COLUMN_RIGHT},
		{.name = "why", .may_shrink = true},
	};
	static const struct output_list organisations = {.columns = organisation_columns, .column_count = 5};
	static const struct column finding_columns[] = {
		{.name = "kind"},
		{.name = "subkind"},
		{.name = "value", .may_shrink = true},
		{.name = "from", .align = COLUMN_RIGHT},
		{.name = "to", .align = COLUMN_RIGHT},
		{.name = "confidence", .align = COLUMN_RIGHT},
	};
	static const struct output_list findings = {.columns = finding_columns, .column_count = 6};
	struct output *output = showing->session->output;
	output_heading(output, "Organisations");
	output_begin_list(output, &organisations);
	enum status status = incident_attributions(showing->session->incident, view, show_organisation, showing, showing->reterr);
	output_end_list(output);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = show_twins(showing, view);
	if (status != STATUS_OK)
		return status;
	output_heading(output, "Findings");
	output_begin_list(output, &findings);
	status = incident_findings(showing->session->incident, view->content_key, show_finding, showing, showing->reterr);
	output_end_list(output);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

static struct cell cell_of_field(const struct field *field, const struct document_fields *fields)
{
	switch (field->kind) {
	case FIELD_TIME: return cell_time(field_get_time(field, fields));
	case FIELD_SIZE: return cell_size(field_get_size(field, fields));
	case FIELD_TEXT:
	case FIELD_WORD: break;
	}
	return cell_text(field_get_bytes(field, fields));
}

static const char *const count_fields[2][DOSSIER_COUNTS][2] = {
	{{"seen_members", "members read"}, {"seen_pages", "pages read"}, {"seen_rows", "rows read"}},
	{{"declared_members", "members declared"}, {"declared_pages", "pages declared"}, {"declared_rows", "rows declared"}},
};

static enum status show_counts(struct showing *showing, const struct document_view *view)
{
	struct dossier_counts counts;
	enum status status = dossier_find_counts(showing->session->incident, view, &counts, showing->reterr);
	for (size_t i = 0; i < DOSSIER_COUNTS && status == STATUS_OK; i++) {
		if (counts.declared[i].is_known)
			output_field(showing->session->output, count_fields[1][i][0], count_fields[1][i][1],
			             cell_unsigned(counts.declared[i].number));
		if (counts.seen[i].is_known)
			output_field(showing->session->output, count_fields[0][i][0], count_fields[0][i][1],
			             cell_unsigned(counts.seen[i].number));
	}
	return status;
}

static enum status show_page(struct showing *showing, const struct document_view *view)
{
	struct output *output = showing->session->output;
	char id[ID_TEXT_SIZE];
	struct buffer target = buffer_with_ceiling(1 << 20);
	target_append_container(&view->container, &target);
	output_begin_page(output, hit_name(document_view_path(view)));
	output_field(output, "id", "id", cell_string(id_format(view->id, id)));
	output_field(output, "path", "path", cell_text(document_view_path(view)));
	output_field(output, "container", "container", cell_text(buffer_bytes(&target)));
	buffer_free(&target);
	output_field(output, "outcome", "outcome", cell_string(outcome_name(view->outcome)));
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (field_table[i].heading != NULL)
			output_field(output, field_table[i].name, field_table[i].heading,
			             cell_of_field(&field_table[i], &view->fields));
	output_field(output, "copies", "copies", cell_unsigned(view->copies));
	output_field(output, "exposed_from", "exposed from", cell_time(view->exposed.first_seen));
	if (view->exposed.closed_at != CLOCK_UNKNOWN)
		output_field(output, "exposed_until", "exposed until", cell_time(view->exposed.closed_at));
	else
		output_field(output, "last_seen_open", "last seen open", cell_time(view->exposed.last_seen));
	if (view->is_gone)
		output_field(output, "gone_at", "gone since", cell_time(view->gone_at));
	output_field(output, "dated", "dated", cell_time(view->dated));
	enum status status = show_counts(showing, view);
	if (status == STATUS_OK)
		status = show_knowledge(showing, view);
	return status == STATUS_OK ? show_lists(showing, view) : status;
}

static enum status write_document(struct showing *showing, const struct document_view *view, struct json_writer *json)
{
	struct incident *incident = showing->session->incident;
	if (!output_wants_json(showing->session->output))
		return STATUS_OK;
	enum status status = hit_write(incident, view, json, showing->reterr);
	return status == STATUS_OK ? dossier_write(incident, view, true, json, showing->reterr) : status;
}

static enum status show_document(void *context, const struct document_view *view)
{
	struct showing *showing = context;
	struct session *session = showing->session;
	if (settings_flag(session->settings, "text"))
		return print_text(showing, view);
	enum status status = write_document(showing, view, output_members(session->output));
	return status == STATUS_OK ? show_page(showing, view) : status;
}

/* ---- several ---- */

enum {
	ROW_ID,
	ROW_PATH,
	ROW_CONTAINER,
	ROW_OUTCOME,
	ROW_FIELDS,
	ROW_COPIES = ROW_FIELDS + FIELD_COUNT,
	ROW_FROM,
	ROW_UNTIL,
	ROW_COUNT
};

static void name_columns(struct column columns[ROW_COUNT])
{
	static const char *const names[] = {
		[ROW_ID] = "id",         [ROW_PATH] = "path",         [ROW_CONTAINER] = "container", [ROW_OUTCOME] = "outcome",
		[ROW_COPIES] = "copies", [ROW_FROM] = "exposed_from", [ROW_UNTIL] = "exposed_until",
	};
	for (size_t i = 0; i < ROW_COUNT; i++)
		columns[i] = (struct column){.name = i >= ROW_FIELDS && i < ROW_COPIES ? field_table[i - ROW_FIELDS].name
		                                                                       : names[i]};
}

static enum status show_row(void *context, const struct document_view *view)
{
	struct showing *showing = context;
	struct output *output = showing->session->output;
	char id[ID_TEXT_SIZE];
	struct cell cells[ROW_COUNT];
	enum status status = write_document(showing, view, output_begin_item(output));
	if (status != STATUS_OK)
		return status;
	struct buffer target = buffer_with_ceiling(1 << 20);
	target_append_container(&view->container, &target);
	cells[ROW_ID] = cell_string(id_format(view->id, id));
	cells[ROW_PATH] = cell_text(document_view_path(view));
	cells[ROW_CONTAINER] = cell_text(buffer_bytes(&target));
	cells[ROW_OUTCOME] = cell_string(outcome_name(view->outcome));
	for (size_t i = 0; i < FIELD_COUNT; i++)
		cells[ROW_FIELDS + i] = cell_of_field(&field_table[i], &view->fields);
	cells[ROW_COPIES] = cell_unsigned(view->copies);
	cells[ROW_FROM] = cell_time(view->exposed.first_seen);
	cells[ROW_UNTIL] = cell_time(view->exposed.last_seen);
	status = output_end_item(output, cells);
	buffer_free(&target);
	return status;
}

static enum status show_each(struct showing *showing, const struct id *ids, size_t count, document_visitor *each)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = incident_find(showing->session->incident, &ids[i], each, showing, showing->reterr);
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status show_several(struct showing *showing, const struct id *ids, size_t count)
{
	struct column columns[ROW_COUNT];
	const struct output_list list = {.member = "documents", .columns = columns, .column_count = ROW_COUNT};
	struct output *output = showing->session->output;
	name_columns(columns);
	output_begin_list(output, &list);
	enum status status = show_each(showing, ids, count, show_row);
	output_end_list(output);
	return status;
}

static enum status find_id(struct session *session, struct bytes written, struct id *ret_id, struct failure *reterr)
{
	const char *name = settings_text(session->settings, "subject");
	struct subject subject;
	if (name == NULL)
		return reference_find(session->incident, written, ret_id, reterr);
	enum status status = subject_read_as_asked(bytes_of_string(name), session->arena, &subject, reterr);
	return status == STATUS_OK ? gate_turn_back(session->catalog, session->incident, &subject, written, ret_id, reterr)
	                           : status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	struct showing showing = {session, reterr};
	size_t count = settings_operand_count(session->settings);
	struct id *ids = arena_allocate(session->arena, count * sizeof *ids);
	enum status status = ids != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = find_id(session, bytes_of_string(settings_operand(session->settings, i)), &ids[i], reterr);
	if (status != STATUS_OK)
		return status;
	bool has_pages = settings_flag(session->settings, "text") || output_get_format(session->output) == OUTPUT_TABLE;
	return count == 1 || has_pages ? show_each(&showing, ids, count, show_document) : show_several(&showing, ids, count);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark people: who is in it, and what of each stands together. */
#include "cli/command.h"

#include "answer/people.h"
#include "cli/listing.h"
#include "cli/session.h"

static enum status execute(struct session *session, struct failure *reterr);
static enum status show_person(struct session *session, struct failure *reterr);

static const struct option options[] = {
	{.name = "organisation",
         .kind = OPTION_TEXT,
         .value = "D",
         .is_not_configured = true,
         .help = "only those with an address at that domain or below it, or of an organisation called so"},
	{.name = "element",
         .kind = OPTION_CHOICE,
         .choices = "name|contact|government_id|financial|credentials|health|date_of_birth|location|employment|other",
         .is_not_configured = true,
         .help = "only those of whom such data was found"},
	LISTING_OPTIONS,
	{.name = NULL},
};

static const struct command command_people_show = {
	.name = "show",
	.summary = "show one person, and every place where they stand",
	.operands = "ID",
	.operands_min = 1,
	.operands_max = 1,
	.operand_help = "an id that people or show has given, or as much of its beginning as no other shares",
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "people show",
	.execute = show_person,
};

static const struct command *const subcommands[] = {&command_people_show, NULL};

static const struct command_example examples[] = {
	{"people --organisation contoso.com", "whose data of one organisation's people was found"},
	{"people --element health", "of whom something about their health was found"},
	{"people show k7x2m", "where one person stands, and why these places are one's"},
	{.line = NULL},
};

const struct command command_people = {
	.name = "people",
	.group = COMMAND_ANSWERS,
	.summary = "list the people whose data was found",
	.description =
		"A record is what of one person stands together: a row of a table, a mail header, a signature block, a form, an "
		"address card. Records are one person's where they share an address, an identifier, or a whole name with a "
		"telephone number; never by a name alone, and not by an address beside which two clearly different names stand. "
		"Mailboxes of a post (info@, sales@, noreply@) are nobody's.\n"
		"\n"
		"People are told apart when a sweep ends: the list is as of then. The confidence is that the records are of a "
		"person; residence is of addresses, else of telephone numbers, and null where these do not say. Identifiers are "
		"masked.",
	.options = options,
	.examples = examples,
	.see_also = "show, entities, scope",
	.subcommands = subcommands,
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "people",
	.execute = execute,
};

/* ---- the list ---- */

static struct cell cell_of_first(const struct bytes *values, size_t count)
{
	return count > 0 ? cell_text(values[0]) : CELL_EMPTY;
}

static void append_elements(struct buffer *into, unsigned elements)
{
	for (enum person_element element = 0; element < ELEMENT_COUNT; element++)
		if (elements & ELEMENT_BIT(element))
			buffer_append_format(into, "%s%s", into->len > 0 ? " " : "", person_element_name(element));
}

static enum status show(void *context, const struct person_summary *summary)
{
	struct listing *listing = context;
	const struct person_record *record = &summary->record;
	struct buffer elements = buffer_with_ceiling(256);
	char id[ID_TEXT_SIZE];
	if (!paging_takes_another(&listing->paging))
		return STATUS_END;
	append_elements(&elements, record->elements);
	people_write(summary, output_begin_item(listing->session->output));
	const struct cell cells[] = {
		cell_string(id_format(summary->id, id)),
		cell_toned(cell_text(record->name), TONE_STRONG),
		cell_of_first(record->emails, record->email_count),
		cell_of_first(record->phones, record->phone_count),
		cell_text(people_organisation(record)),
		cell_text(record->role),
		cell_string(record->residence),
		cell_text(buffer_bytes(&elements)),
		cell_unsigned(summary->documents),
		cell_unsigned(summary->records),
		cell_real((double)record->confidence),
	};
	enum status status = output_end_item(listing->session->output, cells);
	buffer_free(&elements);
	return status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "id"},
		{.name = "name", .may_shrink = true},
		{.name = "email", .may_shrink = true},
		{.name = "phone", .rank = 2},
		{.name = "organisation", .may_shrink = true, .rank = 1},
		{.name = "role", .may_shrink = true, .rank = 3},
		{.name = "residence", .title = "IN", .rank = 2},
		{.name = "elements", .may_shrink = true, .rank = 2},
		{.name = "documents", .title = "DOCS", .align = COLUMN_RIGHT},
		{.name = "records", .align = COLUMN_RIGHT, .rank = 1},
		{.name = "confidence", .align = COLUMN_RIGHT, .rank = 3},
	};
	static const struct output_list list = {
		.member = "people",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "Nobody was found.",
	};
	struct listing listing;
	const char *element = settings_text(session->settings, "element");
	struct people_filter filter = {.organisation = bytes_of_string(settings_text(session->settings, "organisation"))};
	if (element != NULL && element[0] != '\0')
		filter.elements = ELEMENT_BIT(person_element_from_name(bytes_of_string(element)));
	listing_begin(&listing, session, &list);
	enum status status = incident_people(session->incident, &filter, listing_cursor(&listing), show, &listing,
	                                     &listing.paging.cursor, reterr);
	listing_end(&listing);
	struct json_writer *json = output_members(session->output);
	json_key(json, "looked_for");
	json_boolean(json, status != STATUS_ABSENT);
	if (status == STATUS_ABSENT)
		session_warn(session, "people", "nobody was told apart yet: that is done when a sweep ends");
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* ---- one ---- */

struct showing {
	struct session *session;
	int64_t number;
};

static void show_list(struct output *output, const char *name, const char *label, const struct bytes *values, size_t count)
{
	struct buffer joined = buffer_with_ceiling(1 << 16);
	for (size_t i = 0; i < count; i++) {
		buffer_append_string(&joined, i > 0 ? ", " : "");
		buffer_append(&joined, values[i]);
	}
	output_field(output, name, label, cell_text(buffer_bytes(&joined)));
	buffer_free(&joined);
}

static enum status show_summary(void *context, const struct person_summary *summary)
{
	struct showing *showing = context;
	const struct person_record *record = &summary->record;
	struct output *output = showing->session->output;
	struct json_writer *json = output_members(output);
	struct buffer elements = buffer_with_ceiling(256);
	char id[ID_TEXT_SIZE];
	showing->number = summary->number;
	append_elements(&elements, record->elements);
	json_key(json, "person");
	json_begin_object(json);
	people_write(summary, json);
	json_end_object(json);
	output_begin_page(output, record->name);
	output_field(output, "id", "Id", cell_string(id_format(summary->id, id)));
	output_field(output, "name", "Name", cell_text(record->name));
	show_list(output, "emails", "Addresses", record->emails, record->email_count);
	show_list(output, "phones", "Telephone", record->phones, record->phone_count);
	output_field(output, "organisation", "Organisation", cell_text(people_organisation(record)));
	output_field(output, "role", "Role", cell_text(record->role));
	output_field(output, "residence", "Residence", cell_string(record->residence));
	output_field(output, "elements", "Kinds of data", cell_text(buffer_bytes(&elements)));
	output_field(output, "documents", "Documents", cell_unsigned(summary->documents));
	output_field(output, "records", "Records", cell_unsigned(summary->records));
	buffer_free(&elements);
	return STATUS_OK;
}

static enum status write_place(void *context, const struct person_place *place)
{
	struct json_writer *json = context;
	json_begin_object(json);
	people_write_place(place, json);
	json_end_object(json);
	return STATUS_OK;
}

static enum status show_place(void *context, const struct person_place *place)
{
	const struct showing *showing = context;
	const struct person_record *record = place->record;
	const struct cell cells[] = {
		cell_text(document_view_path(place->view)),
		record->has_place ? cell_unsigned(record->table) : CELL_EMPTY,
		record->has_place ? cell_unsigned(record->row) : CELL_EMPTY,
		cell_string(person_source_name(record->source)),
		cell_text(record->name),
		cell_text(place->why),
	};
	output_begin_item(showing->session->output);
	return output_end_item(showing->session->output, cells);
}

static enum status show_places(struct showing *showing, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "path", .may_shrink = true},
		{.name = "table", .align = COLUMN_RIGHT, .rank = 1},
		{.name = "row", .align = COLUMN_RIGHT},
		{.name = "source"},
		{.name = "name", .may_shrink = true, .rank = 2},
		{.name = "why", .may_shrink = true},
	};
	static const struct output_list list = {.columns = columns, .column_count = 6};
	struct output *output = showing->session->output;
	struct json_writer *json = output_members(output);
	enum status status = STATUS_OK;
	json_key(json, "places");
	json_begin_array(json);
	if (output_wants_json(output))
		status = incident_places_of(showing->session->incident, showing->number, write_place, json, reterr);
	json_end_array(json);
	if (status != STATUS_OK || output_get_format(output) != OUTPUT_TABLE)
		return status;
	output_heading(output, "Places");
	output_begin_list(output, &list);
	status = incident_places_of(showing->session->incident, showing->number, show_place, showing, reterr);
	output_end_list(output);
	return status;
}

static enum status show_person(struct session *session, struct failure *reterr)
{
	struct showing showing = {.session = session};
	enum status status = people_find(session->incident, bytes_of_string(settings_operand(session->settings, 0)), show_summary,
	                                 &showing, reterr);
	return status == STATUS_OK ? show_places(&showing, reterr) : status;
}

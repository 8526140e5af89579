/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark register: the owner's own list of organisations, imported, shown, and a row of it taken out. */
#include "cli/session.h"

#include "answer/register.h"
#include "base/digest.h"
#include "catalog/register.h"
#include "cli/input-file.h"
#include "cli/listing.h"
#include "cli/register-effect.h"
#include "cli/register-frequency.h"
#include "register/register.h"

#include <stdio.h>

static enum status import(struct session *session, struct failure *reterr);
static enum status list(struct session *session, struct failure *reterr);
static enum status take_out(struct session *session, struct failure *reterr);

static const struct option list_options[] = {
	LISTING_OPTIONS,
	{.name = NULL},
};

/* clang-format off */
static const struct command command_import = {
	.name = "import", .summary = "take a list of organisations from a CSV file, in the place of the one before",
	.description = "The first line names the columns, in any order: domain, and as many as there are of name, aliases, relationship "
	               "(customer, prospect, partner, supplier, own), sector, country (two letters), contact (an address for notices) and "
	               "numbers (of customers or contracts). Several domains, aliases or numbers stand in one cell, separated by "
	               "semicolons; the first domain names the organisation. The file is UTF-8, its fields parted by commas and quoted as "
	               "in RFC 4180; - is standard input.\n\n"
	               "Names, aliases and numbers are sought in all text that is swept from now on, and texts that were kept are looked "
	               "through again at once: whole words, whatever their case and accents; short ones only as they are written. Where "
	               "that was interrupted, the same import goes on with it; what was swept without keeping its text needs tidemark "
	               "sweep --redo all. What the register says of an organisation's name, sector, country "
	               "and relationship counts before what was found out.\n\n"
	               "What means nobody is refused by name, and the rest is taken: a domain that is a public suffix or a mail "
	               "provider's, a common word, a country, a month, a given name, what two organisations are called. A row without a "
	               "domain left is refused as a whole, and then the exit code is 4. A mistake in the file is told with its line, and "
	               "nothing of it is taken.",
	.operands = "FILE.csv", .operands_min = 1, .operands_max = 1, .catches_interrupt = true, .execute = import,
};
static const struct command command_list = {
	.name = "list", .summary = "list the organisations of the register",
	.options = list_options,
	.catalog = COMMAND_READS_CATALOG, .opens_incident = true, .journal = "register list", .execute = list,
};
static const struct command command_remove = {
	.name = "remove", .summary = "take an organisation out of the register",
	.description = "DOMAIN is any of its domains: the whole row goes.",
	.operands = "DOMAIN", .operands_min = 1, .operands_max = 1, .catalog = COMMAND_WRITES_CATALOG, .catches_interrupt = true,
	.execute = take_out,
};
static const struct command *const subcommands[] = {&command_import, &command_list, &command_remove, NULL};

static const struct command_example examples[] = {
	{"register import customers.csv", "let answers know customers by name"},
	{"register list --format csv", "what is sought, as a table"},
	{"register remove contoso.com", "one that is none any more"},
	{.line = NULL},
};

const struct command command_register = {
	.name = "register", .group = COMMAND_FINDS, .summary = "keep the owner's own list of organisations",
	.subcommands = subcommands, .examples = examples, .see_also = "organisations, scope, lookup",
};
/* clang-format on */

/* ---- import ---- */

static const struct column refusal_columns[] = {
	{.name = "line", .align = COLUMN_RIGHT},
	{.name = "what"},
	{.name = "text", .title = "REFUSED", .may_shrink = true},
	{.name = "domain"},
	{.name = "why", .may_shrink = true, .least = 30},
};
static const struct output_list refusal_list = {
	.member = "refused",
	.columns = refusal_columns,
	.column_count = sizeof refusal_columns / sizeof *refusal_columns,
};

static uint64_t count_terms(const struct register_reading *reading)
{
	uint64_t count = 0;
	for (size_t i = 0; i < reading->count; i++)
		count += reading->rows[i].term_count;
	return count;
}

static enum status show_refusals(struct session *session, const struct register_reading *reading)
{
	enum status status = STATUS_OK;
	output_begin_list(session->output, &refusal_list);
	for (size_t i = 0; i < reading->refusal_count && status == STATUS_OK; i++) {
		const struct register_refusal *refusal = &reading->refusals[i];
		struct json_writer *json = output_begin_item(session->output);
		json_key(json, "line");
		refusal->line > 0 ? json_unsigned(json, refusal->line) : json_null(json);
		json_member_string(json, "what", refusal->what);
		json_member_text(json, "text", refusal->text);
		json_member_text(json, "domain", refusal->domain);
		json_member_text(json, "why", refusal->why);
		const struct cell cells[] = {
			refusal->line > 0 ? cell_unsigned(refusal->line) : CELL_EMPTY,
			cell_string(refusal->what),
			cell_toned(cell_text(refusal->text), TONE_DOUBT),
			cell_text(refusal->domain),
			cell_text(refusal->why),
		};
		status = output_end_item(session->output, cells);
	}
	output_end_list(session->output);
	return status == STATUS_END ? STATUS_OK : status;
}

static void write_figures(struct json_writer *json, const struct register_state *state, const struct register_reading *reading,
                          uint64_t replaced)
{
	struct buffer hex = buffer_with_ceiling(128);
	digest_append_hex(&hex, bytes_of(state->sha256, sizeof state->sha256));
	json_member_text(json, "sha256", buffer_bytes(&hex));
	json_member_time(json, "imported_at", state->imported);
	json_member_unsigned(json, "imported", reading->count);
	json_member_unsigned(json, "names", count_terms(reading));
	json_member_unsigned(json, "replaced", replaced);
	buffer_free(&hex);
}

static enum status journal_import(struct session *session, const struct register_state *state,
                                  const struct register_reading *reading, uint64_t replaced, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(4096);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	write_figures(&json, state, reading, replaced);
	json_member_unsigned(&json, "refused", reading->refusal_count);
	json_end_object(&json);
	enum status status = session_journal(session, "register import", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status show_import(struct session *session, const struct register_state *state,
                               const struct register_reading *reading, uint64_t replaced, const struct renew_counts *counts)
{
	struct json_writer *json = output_members(session->output);
	json_key(json, "incident");
	json_string(json, session->incident_name);
	write_figures(json, state, reading, replaced);
	register_effect_write(counts, json);
	enum status status = show_refusals(session, reading);
	output_note(session->output, "%llu organisations imported, found by %llu names and numbers; %llu refused; %llu replaced",
	            (unsigned long long)reading->count, (unsigned long long)count_terms(reading),
	            (unsigned long long)reading->refusal_count, (unsigned long long)replaced);
	register_effect_tell(session, counts);
	if (reading->refused_rows > 0)
		session->exit_code = EXIT_IN_PART;
	return status;
}

/* Made before anything is written: what cannot be sought is not kept either. */
static enum status try_lexicon(const struct register_reading *reading, const char *path, struct failure *reterr)
{
	struct buffer lexicon = buffer_with_ceiling(SIZE_MAX / 2);
	enum status status = register_make_lexicon(reading->rows, reading->count, &lexicon);
	buffer_free(&lexicon);
	return status == STATUS_TOO_LARGE ? fail(reterr, STATUS_USAGE, path, "has more names than can be sought") : status;
}

static enum status keep(struct session *session, struct bytes file, struct arena *arena, struct register_reading *reading,
                        struct failure *reterr)
{
	struct register_state before, state = {.is_there = true, .imported = clock_now()};
	digest_sha256(file, state.sha256);
	enum status status = session_open_catalog(session, CATALOG_CREATE, reterr);
	if (status == STATUS_OK)
		status = session_open_incident(session, INCIDENT_SWEEP, reterr);
	if (status == STATUS_OK)
		status = register_frequency_refuse(session->incident, reading, arena, reterr);
	if (status == STATUS_OK)
		status = try_lexicon(reading, settings_operand(session->settings, 0), reterr);
	if (status == STATUS_OK)
		status = incident_register_state(session->incident, &before, reterr);
	if (status == STATUS_OK)
		status = journal_import(session, &state, reading, before.rows, reterr);
	if (status == STATUS_OK)
		status = incident_put_register(session->incident, &state, reading->rows, reading->count, reterr);
	struct renew_counts counts;
	if (status == STATUS_OK)
		status = register_effect_make(session, &counts, reterr);
	return status == STATUS_OK ? show_import(session, &state, reading, before.rows, &counts) : status;
}

static enum status import(struct session *session, struct failure *reterr)
{
	const char *path = settings_operand(session->settings, 0);
	struct buffer file = buffer_with_ceiling(REGISTER_FILE_MAX);
	struct arena arena = arena_with_ceiling(SIZE_MAX / 2);
	struct register_reading reading;
	struct failure where = {.why = ""};
	enum status status = input_file_read(path, REGISTER_FILE_MAX, &file, reterr);
	if (status == STATUS_OK) {
		status = register_read(buffer_bytes(&file), &arena, &reading, &where);
		if (status == STATUS_USAGE) {
			char place[sizeof where.where];
			snprintf(place, sizeof place, "%.100s: %.40s", path, where.where);
			status = fail(reterr, status, place, "%s", where.why);
		}
	}
	if (status == STATUS_OK)
		status = keep(session, buffer_bytes(&file), &arena, &reading, reterr);
	buffer_free(&file);
	arena_free(&arena);
	return status;
}

/* ---- list ---- */

static enum status show_row(void *context, const struct register_row *row)
{
	struct listing *listing = context;
	struct buffer aliases = buffer_with_ceiling(1 << 20), numbers = buffer_with_ceiling(1 << 20);
	if (!paging_takes_another(&listing->paging))
		return STATUS_END;
	register_write_row(row, output_begin_item(listing->session->output));
	register_append_terms(row, REGISTER_ALIAS, &aliases);
	register_append_terms(row, REGISTER_NUMBER, &numbers);
	const struct cell cells[] = {
		cell_toned(cell_text(row->domains[0]), TONE_STRONG),
		cell_text(row->name),
		cell_string(relationship_name(row->relationship)),
		cell_text(row->sector),
		cell_text(row->country),
		cell_text(buffer_bytes(&aliases)),
		cell_text(buffer_bytes(&numbers)),
		cell_text(row->contact),
	};
	enum status status = output_end_item(listing->session->output, cells);
	buffer_free(&aliases);
	buffer_free(&numbers);
	return status;
}

static void show_state(struct session *session, const struct register_state *state)
{
	struct json_writer *json = output_members(session->output);
	struct buffer hex = buffer_with_ceiling(128);
	digest_append_hex(&hex, bytes_of(state->sha256, sizeof state->sha256));
	json_member_time(json, "imported_at", state->is_there ? state->imported : CLOCK_UNKNOWN);
	json_member_text(json, "sha256", state->is_there ? buffer_bytes(&hex) : BYTES_NONE);
	json_member_unsigned(json, "total", state->is_there ? state->rows : 0);
	buffer_free(&hex);
}

static enum status list(struct session *session, struct failure *reterr)
{
	static const struct column columns[] = {
		{.name = "domain"},
		{.name = "name", .may_shrink = true},
		{.name = "relationship"},
		{.name = "sector", .rank = 2},
		{.name = "country", .rank = 1},
		{.name = "aliases", .rank = 3, .may_shrink = true},
		{.name = "numbers", .rank = 4, .may_shrink = true},
		{.name = "contact", .rank = 5},
	};
	static const struct output_list rows = {
		.member = "organisations",
		.columns = columns,
		.column_count = sizeof columns / sizeof *columns,
		.nothing = "The register is empty; tidemark register import FILE.csv fills it.",
	};
	struct register_state state;
	struct listing listing;
	enum status status = incident_register_state(session->incident, &state, reterr);
	if (status != STATUS_OK)
		return status;
	show_state(session, &state);
	listing_begin(&listing, session, &rows);
	status = incident_register(session->incident, RELATIONSHIP_UNKNOWN, listing_cursor(&listing), show_row, &listing,
	                           &listing.paging.cursor, reterr);
	listing_end(&listing);
	return status;
}

/* ---- remove ---- */

static enum status journal_removal(struct session *session, const char *domain, struct failure *reterr)
{
	struct buffer detail = buffer_with_ceiling(4096);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_string(&json, "domain", domain);
	json_end_object(&json);
	enum status status = session_journal(session, "register remove", buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status keep_removed(void *context, const struct register_row *row)
{
	struct session *session = context;
	struct json_writer *json = output_members(session->output);
	json_key(json, "removed");
	json_begin_object(json);
	register_write_row(row, json);
	json_end_object(json);
	output_begin_page(session->output, BYTES_NONE);
	for (size_t i = 0; i < row->domain_count; i++)
		output_field(session->output, "removed", "Removed", cell_text(row->domains[i]));
	return STATUS_OK;
}

static enum status take_out(struct session *session, struct failure *reterr)
{
	char domain[256];
	const char *written = settings_operand(session->settings, 0);
	size_t length = 0;
	for (; written[length] != '\0' && length < sizeof domain - 1; length++)
		domain[length] = (char)(written[length] >= 'A' && written[length] <= 'Z' ? written[length] + 32
		                                                                         : written[length]);
	domain[length] = '\0';
	enum status status = session_open_incident(session, INCIDENT_SWEEP, reterr);
	if (status == STATUS_OK)
		status = journal_removal(session, domain, reterr);
	if (status == STATUS_OK)
		status = incident_remove_registered(session->incident, bytes_of_string(domain), keep_removed, session, reterr);
	struct renew_counts counts;
	if (status == STATUS_OK)
		status = register_effect_make(session, &counts, reterr);
	if (status == STATUS_OK) {
		register_effect_write(&counts, output_members(session->output));
		register_effect_tell(session, &counts);
	}
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_ABSENT, domain, "is not in the register; tidemark register list shows what is");
	return status;
}

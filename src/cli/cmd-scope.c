/* SPDX-License-Identifier: Apache-2.0 */
/* tidemark scope: the count ledger, which both sides of an incident can recompute. */
#include "cli/command.h"

#include "act/whatif.h"
#include "answer/coverage.h"
#include "answer/ledger-page.h"
#include "answer/ledger-tables.h"
#include "answer/ledger.h"
#include "answer/manifest.h"
#include "answer/sampling.h"
#include "base/sum.h"
#include "cli/output-file.h"
#include "cli/scope-commands.h"
#include "cli/session.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status execute(struct session *session, struct failure *reterr);

/* clang-format off */
static const struct option options[] = {
	{.name = "html", .kind = OPTION_PATH, .value = "FILE", .is_not_configured = true,
	 .help = "write a page with plots to FILE, for people; it needs nothing beside it"},
	{.name = "public", .kind = OPTION_FLAG, .is_not_configured = true,
	 .help = "with --html, --csv, --manifest: what may be published, small counts withheld"},
	{.name = "csv", .kind = OPTION_PATH, .value = "DIR", .is_not_configured = true, .help = "write each table as a file into DIR, made if new"},
	{.name = "manifest", .kind = OPTION_PATH, .value = "FILE", .is_not_configured = true,
	 .help = "write the counts in signed, comparable form to FILE"},
	{.name = "no-leaves", .kind = OPTION_FLAG, .is_not_configured = true,
	 .help = "with --manifest: root, sizes and signature alone; with --public without small sizes"},
	{.name = NULL},
};
/* clang-format on */

const struct command command_scope = {
	.name = "scope",
	.group = COMMAND_ANSWERS,
	.summary = "count what an incident exposed, both ways",
	.description =
		"References counts every mention in every place; distinct counts normalised values: objects and documents by "
		"their contents, addresses in lower case, organisations by registrable domain; resolved counts what values stand "
		"for, as a mailbox without its plus-tag, and is empty where nothing tells. What was not read is counted as "
		"unseen, by outcome.\n\n"
		"A manifest is the counts in a form that two parties compare without showing each other what was found: one "
		"exports its scope key, the other imports it, both make a manifest. docs/counting.md defines every number.",
	.options = options,
	.subcommands = scope_subcommands,
	.see_also = "organisations, containers, search",
	.catalog = COMMAND_READS_CATALOG,
	.opens_incident = true,
	.journal = "scope",
	.execute = execute,
};

static void show_measure(struct output *output, const char *name, const struct measure *measure)
{
	const struct cell cells[] = {
		cell_string(name),
		cell_unsigned(measure->references),
		cell_toned(cell_unsigned(measure->distinct), TONE_STRONG),
		measure->is_resolved ? cell_unsigned(measure->resolved) : CELL_EMPTY,
	};
	output_begin_item(output);
	enum status status = output_end_item(output, cells);
	(void)status; /* output_finish tells */
}

/* Of findings of a kind. */
static void show_findings(struct output *output, const struct ledger_answer *answer, const char *name, enum finding_kind kind,
                          const struct measure *measure)
{
	if (coverage_is_looked_for(answer->coverage, kind)) {
		show_measure(output, name, measure);
		return;
	}
	const struct cell cells[] = {
		cell_string(name),
		cell_toned(cell_string("not looked for"), TONE_DOUBT),
		CELL_EMPTY,
		CELL_EMPTY,
	};
	output_begin_item(output);
	enum status status = output_end_item(output, cells);
	(void)status; /* output_finish tells */
}

static void show_counts(struct output *output, const struct ledger_answer *answer)
{
	const struct ledger *ledger = answer->ledger;
	static const struct column columns[] = {
		{.name = "measure"},
		{.name = "references", .align = COLUMN_RIGHT},
		{.name = "distinct", .align = COLUMN_RIGHT},
		{.name = "resolved", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 4};
	output_begin_list(output, &list);
	show_measure(output, "objects", &ledger->objects);
	show_measure(output, "documents", &ledger->documents);
	show_measure(output, "pages", &ledger->pages);
	show_findings(output, answer, "emails", FINDING_EMAIL, &ledger->emails);
	if (ledger->carved_emails.references > 0)
		show_measure(output, "emails, carved", &ledger->carved_emails);
	show_measure(output, "organisations", &ledger->organisations);
	if (ledger->has_people)
		show_measure(output, "people", &ledger->people);
	show_findings(output, answer, "phones", FINDING_PHONE, &ledger->phones);
	show_findings(output, answer, "projects", FINDING_PROJECT, &ledger->projects);
	show_findings(output, answer, "invoices", FINDING_INVOICE, &ledger->invoices);
	show_findings(output, answer, "orders", FINDING_ORDER, &ledger->orders);
	show_findings(output, answer, "contracts", FINDING_CONTRACT, &ledger->contracts);
	show_measure(output, "signed documents", &ledger->signed_documents);
	output_end_list(output);
}

static void show_classes(struct output *output, const struct ledger *ledger)
{
	static const struct column columns[] = {
		{.name = "class"},
		{.name = "documents", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 2, .nothing = "Nothing was read yet."};
	output_heading(output, "Classes");
	output_begin_list(output, &list);
	for (enum document_class class = CLASS_NONE + 1; class < CLASS_COUNT; class ++) {
		if (ledger->classes[class] == 0)
			continue;
		const struct cell cells[] = {
			cell_string(document_class_name(class)),
			cell_unsigned(ledger->classes[class]),
		};
		output_begin_item(output);
		enum status status = output_end_item(output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(output);
}

static void show_elements(struct output *output, const struct ledger *ledger)
{
	static const struct column columns[] = {
		{.name = "data"},
		{.name = "people", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 2, .nothing = "Nobody was found."};
	output_heading(output, "Personal data");
	output_begin_list(output, &list);
	for (size_t i = 0; i < ledger->by_element.count; i++) {
		const struct cell cells[] = {
			cell_text(ledger->by_element.rows[i].name),
			cell_unsigned(ledger->by_element.rows[i].count),
		};
		output_begin_item(output);
		enum status status = output_end_item(output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(output);
}

static void show_types(struct output *output, const struct ledger *ledger)
{
	static const struct column columns[] = {
		{.name = "type"},
		{.name = "documents", .align = COLUMN_RIGHT},
		{.name = "read", .align = COLUMN_RIGHT},
		{.name = "not_read", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 4, .nothing = "Nothing was swept yet."};
	output_heading(output, "Types");
	output_begin_list(output, &list);
	for (size_t i = 0; i < ledger->type_count; i++) {
		const struct type_measure *type = &ledger->types[i];
		uint64_t unread = type->documents - type->read;
		const struct cell cells[] = {
			type->media_type.len > 0 ? cell_text(type->media_type) : cell_string("unknown"),
			cell_unsigned(type->documents),
			cell_unsigned(type->read),
			cell_toned(cell_unsigned(unread), unread > 0 ? TONE_DOUBT : TONE_DIM),
		};
		output_begin_item(output);
		enum status status = output_end_item(output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(output);
}

static void show_unseen(struct output *output, const struct ledger *ledger)
{
	static const struct column columns[] = {
		{.name = "outcome"},
		{.name = "objects", .align = COLUMN_RIGHT},
		{.name = "bytes", .align = COLUMN_RIGHT},
	};
	static const struct output_list list = {.columns = columns, .column_count = 3, .nothing = "Everything was read."};
	output_heading(output, "Unseen");
	output_begin_list(output, &list);
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++) {
		if (ledger->unseen_by_outcome[outcome].objects == 0)
			continue;
		const struct cell cells[] = {
			cell_toned(cell_string(outcome_name(outcome)), TONE_DOUBT),
			cell_unsigned(ledger->unseen_by_outcome[outcome].objects),
			cell_size(ledger->unseen_by_outcome[outcome].bytes),
		};
		output_begin_item(output);
		enum status status = output_end_item(output, cells);
		(void)status; /* output_finish tells */
	}
	output_end_list(output);
}

#define MEASURED_KINDS \
	(FINDING_KIND_BIT(FINDING_EMAIL) | FINDING_KIND_BIT(FINDING_PHONE) | FINDING_KIND_BIT(FINDING_PROJECT) | \
	 FINDING_KIND_BIT(FINDING_INVOICE) | FINDING_KIND_BIT(FINDING_ORDER) | FINDING_KIND_BIT(FINDING_CONTRACT))

static void show_page(struct output *output, const struct ledger_answer *answer)
{
	const struct sampling *sampling = answer->sampling;
	struct buffer note = buffer_with_ceiling(1024);
	output_begin_page(output, BYTES_LITERAL("Scope"));
	output_field(output, "incident", "incident", cell_string(answer->name));
	output_field(output, "as_of", "as of", cell_time(answer->as_of));
	output_field(output, "rules_version", "rules", cell_text(answer->ledger->rules_version));
	output_heading(output, "Counts");
	show_counts(output, answer);
	show_classes(output, answer->ledger);
	show_elements(output, answer->ledger);
	show_types(output, answer->ledger);
	show_unseen(output, answer->ledger);
	coverage_append_note(answer->coverage, MEASURED_KINDS, &note);
	if (note.len > 0)
		output_note(output, "%s", buffer_string(&note));
	buffer_free(&note);
	if (sampling != NULL)
		output_note(output,
		            "A sample: %llu of %llu objects were drawn; counts are of these, and a share of objects is "
		            "known to within %.1f points, 19 times of 20.",
		            (unsigned long long)sampling->drawn.objects, (unsigned long long)sampling->population.objects,
		            100 * sampling->margin);
}

/* Some three seconds of work: what nobody asked for takes no longer. */
static bool is_soon_counted(const struct ledger *ledger)
{
	const struct measure *const measures[] = {
		&ledger->documents, &ledger->emails, &ledger->phones,    &ledger->organisations,    &ledger->projects,
		&ledger->invoices,  &ledger->orders, &ledger->contracts, &ledger->signed_documents,
	};
	uint64_t leaves = ledger->objects.references;
	for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
		sum_add(&leaves, measures[i]->distinct);
	return leaves <= 500000;
}

static enum status make_manifest(struct session *session, struct manifest *ret_manifest, struct failure *reterr)
{
	const char *path = settings_text(session->settings, "manifest");
	bool is_public = settings_flag(session->settings, "public");
	enum manifest_form form = is_public                                       ? MANIFEST_PUBLIC
	                          : settings_flag(session->settings, "no-leaves") ? MANIFEST_WITHOUT_LEAVES
	                                                                          : MANIFEST_WHOLE;
	struct output_file file;
	if (path == NULL)
		return manifest_make(session->incident, NULL, form, ret_manifest, reterr);
	enum status status = output_file_begin(&file, path, reterr);
	if (status != STATUS_OK)
		return status;
	status = manifest_make(session->incident, &(struct manifest_sink){output_file_write, &file}, form, ret_manifest, reterr);
	return output_file_end(&file, status, reterr);
}

static enum status write_file(const char *path, const struct buffer *contents, struct failure *reterr)
{
	struct output_file file;
	if (buffer_status(contents) != STATUS_OK)
		return fail(reterr, buffer_status(contents), path, "it would be too large, or memory is used up");
	enum status status = output_file_begin(&file, path, reterr);
	if (status != STATUS_OK)
		return status;
	status = output_file_write(&file, buffer_bytes(contents), reterr);
	return output_file_end(&file, status, reterr);
}

/* One that is not told leaves no file of an earlier run either: that might name somebody. */
static enum status write_table(const char *path, const struct ledger_table *table, struct failure *reterr)
{
	struct buffer text = buffer_with_ceiling(64u << 20);
	bool is_told = table->title != NULL && !table->is_withheld && (table->row_count > 0 || table->missing == NULL);
	if (!is_told && unlink(path) != 0 && errno != ENOENT)
		return fail(reterr, STATUS_DENIED, path, "is of an earlier run and cannot be removed: %s", strerror(errno));
	if (!is_told)
		return STATUS_OK;
	ledger_table_append_csv(table, &text);
	enum status status = write_file(path, &text, reterr);
	buffer_free(&text);
	return status;
}

static enum status write_csv(const char *directory, const struct ledger_tables *tables, struct failure *reterr)
{
	enum status status = STATUS_OK;
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return fail(reterr, STATUS_DENIED, directory, "cannot be made: %s; name another folder", strerror(errno));
	for (enum ledger_table_name name = 0; name < LEDGER_TABLES && status == STATUS_OK; name++) {
		struct buffer path = buffer_with_ceiling(64 * 1024);
		buffer_append_format(&path, "%s/%s.csv", directory, ledger_table_file(name));
		status = buffer_status(&path) != STATUS_OK ? buffer_status(&path)
		                                           : write_table(buffer_string(&path), &tables->tables[name], reterr);
		buffer_free(&path);
	}
	return status;
}

/* Half years up to seven years. */
enum { AGE_STEP = 6, AGE_STEPS = 14 };

static enum status write_files(struct session *session, const struct ledger_answer *answer, struct failure *reterr)
{
	const char *page = settings_text(session->settings, "html"), *directory = settings_text(session->settings, "csv");
	bool is_public = settings_flag(session->settings, "public");
	struct ledger_tables tables;
	if (page == NULL && directory == NULL && is_public && !settings_has(session->settings, "manifest"))
		return fail(reterr, STATUS_USAGE, "--public", "goes with --html, --csv or --manifest");
	if (settings_flag(session->settings, "no-leaves") && !settings_has(session->settings, "manifest"))
		return fail(reterr, STATUS_USAGE, "--no-leaves", "goes with --manifest");
	if (page == NULL && directory == NULL)
		return STATUS_OK;
	struct whatif_measure ages[MEASURE_COUNT];
	struct ledger_answer aged = *answer;
	enum status status = STATUS_OK;
	if (!is_public) {
		aged.ages = ages;
		aged.age_step = AGE_STEP;
		aged.age_count = AGE_STEPS;
		status = whatif_ages(session->incident, AGE_STEP, AGE_STEPS, answer->as_of, ages, reterr);
	}
	if (status == STATUS_OK)
		status = ledger_tables_make(&aged, is_public, session->arena, &tables, reterr);
	if (status == STATUS_OK && directory != NULL)
		status = write_csv(directory, &tables, reterr);
	if (status == STATUS_OK && page != NULL) {
		struct buffer text = buffer_with_ceiling(64u << 20);
		ledger_page_append(answer, &tables, &text);
		status = write_file(page, &text, reterr);
		buffer_free(&text);
	}
	return status;
}

static enum status execute(struct session *session, struct failure *reterr)
{
	struct ledger ledger;
	struct coverage coverage;
	struct sampling sampling;
	struct ledger_answer answer = {
		.incident = session->incident,
		.name = session->incident_name,
		.as_of = clock_now(),
		.ledger = &ledger,
		.coverage = &coverage,
	};
	enum status status = incident_ledger(session->incident, session->arena, &ledger, reterr);
	if (status == STATUS_OK)
		status = incident_coverage(session->incident, &coverage, reterr);
	if (status != STATUS_OK)
		return status;
	if (sampling_find(&ledger, &sampling))
		answer.sampling = &sampling;
	struct manifest manifest;
	bool is_shown = output_wants_json(session->output) || settings_has(session->settings, "html");
	if (settings_has(session->settings, "manifest") || (is_shown && is_soon_counted(&ledger))) {
		status = make_manifest(session, &manifest, reterr);
		if (status != STATUS_OK)
			return status;
		answer.manifest = &manifest;
	}
	status = write_files(session, &answer, reterr);
	if (status == STATUS_OK)
		status = ledger_write(&answer, output_members(session->output), reterr);
	if (status == STATUS_OK)
		show_page(session->output, &answer);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Each table from the ledger's members; then what is published of them. */
#include "answer/ledger-tables.h"

#include "base/clock.h"
#include "base/sum.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { YEARS_SHOWN = 40, ORGANISATIONS_SHOWN = 25, ORGANISATIONS_LOOKED_AT = 5000, CONTAINERS_SHOWN = 50, ROWS_MAX = 10000 };

struct making {
	const struct ledger_answer *answer;
	const struct ledger *ledger;
	bool is_public;
	struct arena *arena;
	enum status status; /* sticks */
	struct buffer rows; /* of the table that is made */
};

static const struct ledger_table heads[LEDGER_TABLES] = {
	[TABLE_MEASURES] = {.title = "Counted three ways", .label = "measure", .columns = {"references", "distinct", "resolved"}},
	[TABLE_YEARS] = {.title = "When the documents are from",
                         .label = "year",
                         .columns = {"documents"},
                         .about = "Documents by their own date, every copy counted."},
	[TABLE_CLASSES] = {.title = "What kind of documents",
                           .label = "class",
                           .columns = {"documents"},
                           .about = "What a document is, by what stands in it, every copy counted."},
	[TABLE_TYPES] = {.title = "In which formats",
                         .label = "type",
                         .columns = {"documents", "read"},
                         .about = "Media types, by contents, every copy counted."},
	[TABLE_ORGANISATION_SIZES] =
		{.title = "Whose documents",
                 .label = "documents of one organisation",
                 .columns = {"organisations"},
                 .about = "Organisations that are a party of a document, by how many documents they are a party of."},
	[TABLE_ORGANISATIONS] =
		{.title = "The organisations with most documents",
                 .label = "organisation",
                 .columns = {"party of", "named in", "addresses"},
                 .about =
                         "By domain: documents that they are a party of, here also where a folder's name alone says so, and documents that name "
                         "them."},
	[TABLE_COUNTRIES] = {.title = "Countries",
                             .label = "country",
                             .columns = {"organisations"},
                             .about = "Organisations by country.",
                             .missing = "Nothing tells yet which countries the organisations are of."},
	[TABLE_SECTORS] = {.title = "Sectors",
                           .label = "sector",
                           .columns = {"organisations"},
                           .about = "Organisations by sector.",
                           .missing = "Nothing tells yet which sectors the organisations are of."},
	[TABLE_RELATIONSHIPS] = {.title = "Relationships",
                                 .label = "relationship",
                                 .columns = {"organisations"},
                                 .about = "Organisations by what they are to the owner.",
                                 .missing = "Nothing tells yet what the organisations are to the owner."},
	[TABLE_ELEMENTS] = {.title = "People, by kind of personal data",
                            .label = "element",
                            .columns = {"people"},
                            .about = "One person is counted with each kind of data of theirs.",
                            .missing = "People are not counted yet; that is not none."},
	[TABLE_AGES] = {.title = "Had what is old been destroyed",
                        .label = "rule",
                        .columns = {"people", "organisations", "documents"}},
	[TABLE_OUTCOMES] = {.title = "What was seen, and what was not",
                            .label = "outcome",
                            .columns = {"objects", "unseen bytes"},
                            .about = "How the reading of each object ended. What was not seen is in no other number.",
                            .is_of_sizes = true},
	[TABLE_PARTS] =
		{.title = "Not seen within objects",
                 .label = "outcome",
                 .columns = {"documents", "unseen bytes"},
                 .about = "Members of archives, attachments and the like that could not be read, though what they lie in could.",
                 .is_of_sizes = true},
	[TABLE_CONTAINERS] = {.title = "Containers",
                              .label = "container",
                              .columns = {"objects", "documents", "unseen objects"},
                              .about = "Where it lay."},
};

const char *ledger_table_file(enum ledger_table_name name)
{
	static const char *const files[LEDGER_TABLES] = {
		[TABLE_MEASURES] = "measures",
		[TABLE_YEARS] = "by_year",
		[TABLE_CLASSES] = "by_class",
		[TABLE_TYPES] = "by_type",
		[TABLE_ORGANISATION_SIZES] = "organisation_sizes",
		[TABLE_ORGANISATIONS] = "organisations",
		[TABLE_COUNTRIES] = "by_country",
		[TABLE_SECTORS] = "by_sector",
		[TABLE_RELATIONSHIPS] = "by_relationship",
		[TABLE_ELEMENTS] = "by_element",
		[TABLE_AGES] = "by_age",
		[TABLE_OUTCOMES] = "unseen",
		[TABLE_PARTS] = "unseen_parts",
		[TABLE_CONTAINERS] = "by_container",
	};
	return files[name];
}

/* ---- rows ---- */

static struct figure shown(uint64_t value)
{
	return (struct figure){FIGURE_SHOWN, value};
}

static struct bytes copy_text(struct making *making, struct bytes text)
{
	struct bytes copy = arena_copy(making->arena, text);
	if (copy.at == NULL && text.len > 0)
		making->status = STATUS_NO_MEMORY;
	return copy;
}

static void add_row(struct making *making, struct ledger_row row)
{
	if (making->rows.len < ROWS_MAX * sizeof row)
		buffer_append(&making->rows, bytes_of(&row, sizeof row));
}

static void add_count(struct making *making, struct bytes label, uint64_t value)
{
	if (value > 0)
		add_row(making, (struct ledger_row){.label = label, .figures = {shown(value)}});
}

/* What a total has beyond the rows. */
static void add_rest(struct making *making, const char *label, uint64_t total, uint64_t sum)
{
	if (total > sum)
		add_count(making, bytes_of_string(label), total - sum);
}

static void take_rows(struct making *making, struct ledger_table *table)
{
	table->row_count = making->rows.len / sizeof *table->rows;
	if (making->status == STATUS_OK)
		making->status = buffer_status(&making->rows);
	table->rows = table->row_count > 0 ? arena_allocate(making->arena, making->rows.len) : NULL;
	if (table->rows != NULL)
		memcpy(table->rows, making->rows.at, making->rows.len);
	else if (table->row_count > 0)
		making->status = STATUS_NO_MEMORY;
	if (table->rows == NULL)
		table->row_count = 0;
	buffer_reset(&making->rows);
}

/* ---- tables ---- */

static void make_measures(struct making *making)
{
	const struct ledger *ledger = making->ledger;
	const struct {
		const char *label, *about;
		const struct measure *measure;
		bool is_built;
	} rows[] = {
		{"objects", "files, as listings name them", &ledger->objects, true},
		{"documents", "files, and what lies within them", &ledger->documents, true},
		{"pages", "of documents that have pages", &ledger->pages, true},
		{"people", "by their records", &ledger->people, ledger->has_people},
		{"e-mail addresses", "resolved: mailboxes", &ledger->emails, true},
		{"telephone numbers", NULL, &ledger->phones, true},
		{"organisations", "parties of a document, by domain", &ledger->organisations, true},
		{"countries", NULL, &ledger->countries, ledger->has_countries},
		{"projects", NULL, &ledger->projects, true},
		{"invoices", "by number", &ledger->invoices, true},
		{"orders", "by number", &ledger->orders, true},
		{"contracts", "by number", &ledger->contracts, true},
		{"signed documents", "whether or not the signature holds", &ledger->signed_documents, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ledger_row row = {.label = bytes_of_string(rows[i].label), .about = rows[i].about};
		if (rows[i].is_built) {
			row.figures[0] = shown(rows[i].measure->references);
			row.figures[1] = shown(rows[i].measure->distinct);
			if (rows[i].measure->is_resolved)
				row.figures[2] = shown(rows[i].measure->resolved);
		}
		add_row(making, row);
	}
}

static int year_of(int64_t time)
{
	char text[CLOCK_TEXT_SIZE];
	return atoi(clock_format(time, text));
}

/* The last forty years; what is dated before or after is told as that. */
static void make_years(struct making *making)
{
	const struct ledger *ledger = making->ledger;
	int last = year_of(making->answer->as_of), first = last - YEARS_SHOWN + 1;
	uint64_t before = 0, after = 0, sum = 0;
	for (size_t i = 0; i < ledger->year_count; i++) {
		const struct year_measure *year = &ledger->years[i];
		sum_add(year->year < first ? &before : year->year > last ? &after : &(uint64_t){0}, year->documents);
		sum_add(&sum, year->documents);
	}
	add_count(making, BYTES_LITERAL("earlier"), before);
	for (size_t i = 0; i < ledger->year_count; i++) {
		char text[16];
		if (ledger->years[i].year < first || ledger->years[i].year > last)
			continue;
		snprintf(text, sizeof text, "%d", ledger->years[i].year);
		add_count(making, copy_text(making, bytes_of_string(text)), ledger->years[i].documents);
	}
	add_count(making, BYTES_LITERAL("later"), after);
	add_rest(making, "without a date", ledger->documents.references, sum);
}

/* A class as people say it: without underscores. */
static struct bytes spell(struct making *making, const char *name)
{
	char *copy = arena_copy_string(making->arena, bytes_of_string(name));
	if (copy == NULL)
		making->status = STATUS_NO_MEMORY;
	for (char *letter = copy; letter != NULL && *letter != '\0'; letter++)
		if (*letter == '_')
			*letter = ' ';
	return bytes_of_string(copy);
}

static void make_classes(struct making *making)
{
	const struct ledger *ledger = making->ledger;
	uint64_t sum = 0;
	for (enum document_class class = CLASS_NONE + 1; class < CLASS_COUNT; class ++) {
		add_count(making, spell(making, document_class_name(class)), ledger->classes[class]);
		sum_add(&sum, ledger->classes[class]);
	}
	add_rest(making, "not told", ledger->documents.references, sum);
}

static int compare_labels(const void *a, const void *b)
{
	return bytes_compare(((const struct ledger_row *)a)->label, ((const struct ledger_row *)b)->label);
}

static void sort_by_label(struct making *making)
{
	if (making->rows.len > 0)
		qsort(making->rows.at, making->rows.len / sizeof(struct ledger_row), sizeof(struct ledger_row), compare_labels);
}

static void make_types(struct making *making)
{
	for (size_t i = 0; i < making->ledger->type_count; i++) {
		const struct type_measure *type = &making->ledger->types[i];
		struct bytes label = type->media_type.len > 0 ? type->media_type : BYTES_LITERAL("unknown");
		if (making->is_public)
			add_count(making, label, type->held);
		else
			add_row(making,
			        (struct ledger_row){.label = label, .figures = {shown(type->documents), shown(type->read)}});
	}
	if (making->is_public)
		sort_by_label(making);
}

static void make_organisation_sizes(struct making *making)
{
	static const char *const sizes[ORGANISATION_SIZES] = {"1", "2 to 9", "10 to 99", "100 to 999", "1,000 and more"};
	for (size_t i = 0; i < ORGANISATION_SIZES; i++)
		add_count(making, bytes_of_string(sizes[i]), making->ledger->organisation_sizes[i]);
}

static void make_breakdown(struct making *making, const struct breakdown *breakdown, uint64_t total)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < breakdown->count; i++) {
		add_count(making, breakdown->rows[i].name, breakdown->rows[i].count);
		sum_add(&sum, breakdown->rows[i].count);
	}
	if (making->is_public)
		sort_by_label(making);
	if (breakdown->is_known)
		add_rest(making, "not known", total, sum);
}

static void make_outcomes(struct making *making)
{
	const struct ledger *ledger = making->ledger;
	uint64_t objects = ledger->objects.references;
	add_count(making, BYTES_LITERAL("read"), objects > ledger->unseen.objects ? objects - ledger->unseen.objects : 0);
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++)
		if (ledger->unseen_by_outcome[outcome].objects > 0)
			add_row(making, (struct ledger_row){
						.label = spell(making, outcome_name(outcome)),
						.about = outcome_meaning(outcome),
						.figures = {shown(ledger->unseen_by_outcome[outcome].objects),
			                                    shown(ledger->unseen_by_outcome[outcome].bytes)},
					});
}

static void make_parts(struct making *making)
{
	const struct ledger *ledger = making->ledger;
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++)
		if (ledger->unseen_parts[outcome].documents > 0)
			add_row(making, (struct ledger_row){
						.label = spell(making, outcome_name(outcome)),
						.about = outcome_meaning(outcome),
						.figures = {shown(ledger->unseen_parts[outcome].documents),
			                                    shown(ledger->unseen_parts[outcome].bytes)},
					});
}

/* Parties alone; that many are looked at. */
static enum status add_organisation(void *context, const struct organisation_summary *summary)
{
	struct making *making = context;
	if (summary->as_party == 0)
		return STATUS_OK;
	add_row(making, (struct ledger_row){
				.label = copy_text(making, summary->domain),
				.figures = {shown(summary->as_party), shown(summary->documents), shown(summary->addresses)},
			});
	return making->rows.len < ORGANISATIONS_LOOKED_AT * sizeof(struct ledger_row) ? STATUS_OK : STATUS_END;
}

static int compare_figures(const void *a, const void *b)
{
	uint64_t left = ((const struct ledger_row *)a)->figures[0].value,
		 right = ((const struct ledger_row *)b)->figures[0].value;
	return left != right ? (left < right ? 1 : -1) : compare_labels(a, b);
}

static enum status make_organisations(struct making *making, struct failure *reterr)
{
	struct buffer cursor = buffer_with_ceiling(1u << 16);
	enum status status = incident_organisations(making->answer->incident, BYTES_NONE, add_organisation, making, &cursor,
	                                            reterr);
	size_t count = making->rows.len / sizeof(struct ledger_row);
	if (count > 0)
		qsort(making->rows.at, count, sizeof(struct ledger_row), compare_figures);
	buffer_truncate(&making->rows, ORGANISATIONS_SHOWN * sizeof(struct ledger_row));
	buffer_free(&cursor);
	return status;
}

static enum status add_container(void *context, const struct container_summary *summary)
{
	struct making *making = context;
	add_row(making, (struct ledger_row){
				.label = copy_text(making, summary->container.url.len > 0 ? summary->container.url
	                                                                                  : summary->container.name),
				.figures = {shown(summary->objects), shown(summary->documents), shown(summary->unseen_objects)},
			});
	return making->rows.len < CONTAINERS_SHOWN * sizeof(struct ledger_row) ? STATUS_OK : STATUS_END;
}

/* What would have gone under a rule of so many steps: all of that level and of those above it. */
static struct figure removed(const struct making *making, enum measure_kind measure, unsigned steps)
{
	const struct whatif_measure *counts = &making->answer->ages[measure];
	uint64_t sum = 0;
	for (unsigned level = steps; level <= making->answer->age_count; level++)
		sum_add(&sum, counts->things[level]);
	return counts->is_counted ? shown(sum) : (struct figure){FIGURE_ABSENT, 0};
}

static void make_ages(struct making *making)
{
	for (unsigned steps = 1; making->answer->ages != NULL && steps <= making->answer->age_count; steps++) {
		char label[64];
		int length = snprintf(label, sizeof label, "over %u months", steps * making->answer->age_step);
		add_row(making,
		        (struct ledger_row){
				.label = copy_text(making, bytes_of(label, (size_t)length)),
				.figures = {removed(making, MEASURE_PEOPLE, steps), removed(making, MEASURE_ORGANISATIONS, steps),
		                            removed(making, MEASURE_DOCUMENTS, steps)},
			});
	}
}

/* In a sentence: what two years would have done, for people where they are counted. */
static const char *describe_ages(struct making *making)
{
	static const enum measure_kind kinds[] = {MEASURE_PEOPLE, MEASURE_ORGANISATIONS, MEASURE_DOCUMENTS};
	const struct ledger_answer *answer = making->answer;
	unsigned steps = answer->age_step > 0 ? 24 / answer->age_step : 0;
	struct buffer text = buffer_with_ceiling(1024);
	buffer_append_string(&text, "What a rule that destroys whatever is dated longer ago would have removed: a person or an "
	                            "organisation only where nothing of it would be left, an object only with everything in it.");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct figure gone = removed(making, kinds[i], steps);
		uint64_t all = removed(making, kinds[i], 0).value;
		if (gone.state != FIGURE_SHOWN || all == 0 || steps == 0)
			continue;
		buffer_append_format(&text, " A 24-month rule would have removed %.0f %% of the %s exposed.",
		                     100.0 * (double)gone.value / (double)all, heads[TABLE_AGES].columns[i]);
		break;
	}
	const char *copy = arena_copy_string(making->arena, buffer_bytes(&text));
	buffer_free(&text);
	making->status = copy == NULL ? STATUS_NO_MEMORY : making->status;
	return copy;
}

static enum status make_table(struct making *making, enum ledger_table_name name, struct failure *reterr)
{
	const struct ledger *ledger = making->ledger;
	enum status status = STATUS_OK;
	switch (name) {
	case TABLE_MEASURES: make_measures(making); break;
	case TABLE_YEARS: make_years(making); break;
	case TABLE_CLASSES: make_classes(making); break;
	case TABLE_TYPES: make_types(making); break;
	case TABLE_ORGANISATION_SIZES: make_organisation_sizes(making); break;
	case TABLE_ORGANISATIONS: status = make_organisations(making, reterr); break;
	case TABLE_COUNTRIES: make_breakdown(making, &ledger->by_country, ledger->organisations.distinct); break;
	case TABLE_SECTORS: make_breakdown(making, &ledger->by_sector, ledger->organisations.distinct); break;
	case TABLE_RELATIONSHIPS: make_breakdown(making, &ledger->by_relationship, ledger->organisations.distinct); break;
	case TABLE_ELEMENTS: make_breakdown(making, &ledger->by_element, 0); break;
	case TABLE_AGES: make_ages(making); break;
	case TABLE_OUTCOMES: make_outcomes(making); break;
	case TABLE_PARTS: make_parts(making); break;
	case TABLE_CONTAINERS: status = incident_containers(making->answer->incident, add_container, making, reterr); break;
	case LEDGER_TABLES: break;
	}
	return status;
}

/* ---- for publishing ---- */

/* Or, as ages do step by step, counts few. */
static bool names_somebody(enum ledger_table_name name)
{
	return name == TABLE_ORGANISATIONS || name == TABLE_CONTAINERS || name == TABLE_AGES;
}

/* Each number for itself: their differences are told to be what they are, and no total gives one away. */
static void keep_small(struct ledger_table *table)
{
	for (size_t i = 0; i < table->row_count; i++)
		for (size_t column = 0; column < LEDGER_COLUMNS; column++) {
			struct figure *figure = &table->rows[i].figures[column];
			if (figure->state == FIGURE_SHOWN && figure->value < SUPPRESSION_SMALL)
				*figure = (struct figure){.state = FIGURE_SMALL};
		}
}

/* One column, whose total somebody may know. Years before others: the latest tell most. */
static enum status suppress(struct making *making, enum ledger_table_name name, struct ledger_table *table)
{
	uint64_t *counts = arena_allocate(making->arena, (table->row_count + 1) * sizeof *counts);
	enum figure_state *states = arena_allocate(making->arena, (table->row_count + 1) * sizeof *states);
	if (counts == NULL || states == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < table->row_count; i++)
		counts[i] = table->rows[i].figures[0].value;
	table->is_withheld = !suppression_find(counts, table->row_count, name != TABLE_YEARS, states);
	if (table->is_withheld)
		table->row_count = 0;
	for (size_t i = 0; i < table->row_count; i++)
		table->rows[i].figures[0] = (struct figure){states[i], states[i] == FIGURE_SHOWN ? counts[i] : 0};
	return STATUS_OK;
}

static enum status publish(struct making *making, enum ledger_table_name name, struct ledger_table *table)
{
	if (name == TABLE_MEASURES) {
		keep_small(table);
		return STATUS_OK;
	}
	for (size_t column = 1; column < LEDGER_COLUMNS; column++)
		table->columns[column] = NULL;
	table->is_of_sizes = false;
	return suppress(making, name, table);
}

/* Told where it does not say how many were read, less which the total would give. */
static void tell_unseen(const struct ledger *ledger, struct ledger_tables *tables)
{
	const struct ledger_table *outcomes = &tables->tables[TABLE_OUTCOMES];
	bool is_told = !tables->is_public || ledger->unseen.objects == 0;
	for (size_t i = 0; i < outcomes->row_count; i++)
		if (bytes_equal_string(outcomes->rows[i].label, "read") && outcomes->rows[i].figures[0].state == FIGURE_SHOWN)
			is_told = true;
	bool is_small = tables->is_public && ledger->unseen.objects < SUPPRESSION_SMALL;
	enum figure_state state = is_small ? FIGURE_SMALL : is_told ? FIGURE_SHOWN : FIGURE_WITHHELD;
	tables->unseen_objects = (struct figure){state, ledger->unseen.objects};
	tables->unseen_bytes = (struct figure){is_small ? FIGURE_WITHHELD : state, ledger->unseen.bytes};
}

enum status ledger_tables_make(const struct ledger_answer *answer, bool is_public, struct arena *arena,
                               struct ledger_tables *ret_tables, struct failure *reterr)
{
	struct making making = {
		.answer = answer,
		.ledger = answer->ledger,
		.is_public = is_public,
		.arena = arena,
		.rows = buffer_with_ceiling((ROWS_MAX + 1) * sizeof(struct ledger_row)),
	};
	struct ledger_tables tables = {.is_public = is_public};
	enum status status = STATUS_OK;
	for (enum ledger_table_name name = 0; name < LEDGER_TABLES && status == STATUS_OK; name++) {
		struct ledger_table *table = &tables.tables[name];
		if (is_public && names_somebody(name))
			continue;
		if (name == TABLE_AGES && answer->ages == NULL)
			continue;
		*table = heads[name];
		if (name == TABLE_AGES)
			table->about = describe_ages(&making);
		status = make_table(&making, name, reterr);
		take_rows(&making, table);
		if (status == STATUS_OK && is_public)
			status = publish(&making, name, table);
		if (status == STATUS_OK)
			status = making.status;
	}
	buffer_free(&making.rows);
	tell_unseen(answer->ledger, &tables);
	if (status == STATUS_OK)
		*ret_tables = tables;
	else if (status == STATUS_NO_MEMORY)
		fail(reterr, status, "", "memory is used up");
	return status;
}

/* ---- as text ---- */

void figure_append(struct figure figure, struct buffer *into)
{
	char digits[32];
	if (figure.state == FIGURE_SMALL)
		buffer_append_string(into, "<10");
	if (figure.state == FIGURE_WITHHELD)
		buffer_append_string(into, "*");
	if (figure.state != FIGURE_SHOWN)
		return;
	int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)figure.value);
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			buffer_append_byte(into, ',');
		buffer_append_byte(into, (unsigned char)digits[i]);
	}
}

/* Guarded as cells of csv output are: a spreadsheet shall not take a name for a formula. */
static void append_csv_text(struct bytes text, struct buffer *into)
{
	struct buffer safe = buffer_with_ceiling(1u << 20);
	text_append_escaped(&safe, text);
	if (safe.len > 0 && strchr("=+-@", safe.at[0]) != NULL) {
		buffer_append_byte(into, '"');
		buffer_append_byte(into, '\'');
	} else {
		buffer_append_byte(into, '"');
	}
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.at[i] == '"')
			buffer_append_byte(into, '"');
		buffer_append_byte(into, safe.at[i]);
	}
	buffer_append_byte(into, '"');
	buffer_free(&safe);
}

static void append_csv_figure(struct figure figure, struct buffer *into)
{
	if (figure.state == FIGURE_SHOWN)
		buffer_append_format(into, "%llu", (unsigned long long)figure.value);
	else
		figure_append(figure, into);
}

void ledger_table_append_csv(const struct ledger_table *table, struct buffer *into)
{
	append_csv_text(bytes_of_string(table->label), into);
	for (size_t column = 0; column < LEDGER_COLUMNS && table->columns[column] != NULL; column++) {
		buffer_append_byte(into, ',');
		append_csv_text(bytes_of_string(table->columns[column]), into);
	}
	buffer_append_string(into, "\r\n");
	for (size_t i = 0; i < table->row_count; i++) {
		append_csv_text(table->rows[i].label, into);
		for (size_t column = 0; column < LEDGER_COLUMNS && table->columns[column] != NULL; column++) {
			buffer_append_byte(into, ',');
			append_csv_figure(table->rows[i].figures[column], into);
		}
		buffer_append_string(into, "\r\n");
	}
}

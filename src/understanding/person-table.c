/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of tables. A first pass over some of them counts, column by column, what
 * the cells are; a heading says the rest, and where the two disagree, the cells
 * are right: a column of which nine in ten are e-mails is one, whatever stands
 * above it. A second pass makes a record of each row, or of each person whom the
 * headings tell apart ("manager email"). Cells that stand in the wrong column of
 * their row are taken for what they are.
 */
#include "base/text.h"
#include "understanding/person-reader.h"
#include "words/person-name.h"

#include <stdlib.h>

enum {
	COLUMNS_MAX = 256,
	SAMPLE_ROWS = 1000,
	SAMPLE_BYTES = 4 << 20,
	HEADING_ROWS = 5,
	PEOPLE_MAX = 8,  /* of one row */
	CELL_MAX = 4096, /* of a cell that may be one thing */
	PROGRESS_EVERY = 1024,
};

static const float SURE_ROW = 0.95f, SURE_CELLS = 0.8f, SURE_NAME = 0.9f;

struct cell {
	size_t from, to; /* of the text, without quotes and blanks around it */
};

struct column {
	struct person_label heading;
	enum person_field field;
	unsigned person; /* of the row's people, from 0; PEOPLE_MAX: nobody's */
	size_t filled, emails, phones, identifiers, names, words, backed;
};

struct table_reader {
	struct person_reader *reader;
	struct bytes text; /* to the table's end */
	unsigned char delimiter;
	size_t at;
	uint64_t record; /* that is read next */
	uint64_t first;  /* of data */
	bool has_headings;
	struct cell cells[COLUMNS_MAX];
	size_t cell_count;
	struct column columns[COLUMNS_MAX];
	size_t column_count;
	size_t rows, addressed; /* of the sample; with an address */
	unsigned people;
	uint32_t number; /* of the table, from 1 */
	enum status failed;
};

/* ---- records and cells ---- */

static struct cell trim_cell(struct bytes text, size_t from, size_t to)
{
	while (from < to && text.at[from] <= ' ')
		from++;
	while (to > from && text.at[to - 1] <= ' ')
		to--;
	if (to - from >= 2 && text.at[from] == '"' && text.at[to - 1] == '"')
		return trim_cell(text, from + 1, to - 1);
	return (struct cell){from, to};
}

static void keep_cell(struct table_reader *table, size_t from, size_t to)
{
	if (table->cell_count < COLUMNS_MAX)
		table->cells[table->cell_count++] = trim_cell(table->text, from, to);
}

/* The next record; false at the end. As model/table.h reads them. */
static bool next_record(struct table_reader *table)
{
	size_t at = table->at, from = at;
	bool is_quoted = false, at_start = true;
	table->cell_count = 0;
	if (at >= table->text.len)
		return false;
	for (; at < table->text.len; at++) {
		unsigned char c = table->text.at[at];
		if (c == '"' && (at_start || is_quoted)) {
			is_quoted = !is_quoted;
			/* A doubled one stands for itself: closed and opened again. */
			at_start = false;
			if (!is_quoted && at + 1 < table->text.len && table->text.at[at + 1] == '"') {
				is_quoted = true;
				at++;
			}
		} else if (!is_quoted && c == '\n') {
			break;
		} else if (!is_quoted && c == table->delimiter) {
			keep_cell(table, from, at);
			from = at + 1;
			at_start = true;
		} else {
			at_start = at_start && c == ' ';
		}
	}
	keep_cell(table, from, at);
	table->at = at + 1;
	table->record++;
	return true;
}

static struct bytes cell_text(const struct table_reader *table, size_t column)
{
	const struct cell *cell = &table->cells[column];
	return bytes_slice(table->text, cell->from, cell->to - cell->from);
}

/* ---- headings ---- */

static bool holds_values(const struct table_reader *table)
{
	for (size_t i = 0; i < table->cell_count; i++) {
		const struct person_spot *spot = person_spot_filling(table->reader, table->cells[i].from, table->cells[i].to);
		if (spot != NULL && spot->finding->kind != FINDING_PERSON && spot->finding->kind != FINDING_ORGANISATION_NAME)
			return true;
	}
	return false;
}

/* Whether the record at hand is headings: at least two of them are known, or its only ones are. */
static bool read_headings(struct table_reader *table)
{
	struct column read[COLUMNS_MAX];
	size_t known = 0, filled = 0;
	if (table->cell_count == 0 || holds_values(table))
		return false;
	memset(read, 0, table->cell_count * sizeof *read);
	for (size_t i = 0; i < table->cell_count; i++) {
		struct bytes text = cell_text(table, i);
		filled += text.len > 0;
		read[i].heading = person_field_read(table->reader->fold, text);
		known += read[i].heading.field != PERSON_FIELD_NONE;
	}
	if (known == 0 || (known == 1 && filled > 3))
		return false;
	memcpy(table->columns, read, table->cell_count * sizeof *read);
	table->column_count = table->cell_count;
	return true;
}

/* ---- what the cells are ---- */

static bool is_backed(struct table_reader *table, struct bytes name, struct bytes address)
{
	struct buffer folded = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX);
	person_name_fold(table->reader->fold, name, &folded);
	size_t at = bytes_find_last_byte(address, '@');
	bool is_backing = at != BYTES_NOT_FOUND && person_name_backs(buffer_bytes(&folded), bytes_slice(address, 0, at));
	buffer_free(&folded);
	return is_backing;
}

static void count_name(struct table_reader *table, struct column *column, struct bytes text, struct bytes address)
{
	enum person_field says = column->heading.field;
	bool any_case = says == PERSON_FIELD_NAME || says == PERSON_FIELD_GIVEN || says == PERSON_FIELD_SURNAME;
	struct buffer name = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX);
	size_t words = text.len <= PERSON_NAME_LENGTH_MAX ? person_name_append(&name, text, any_case) : 0;
	buffer_free(&name);
	column->words += words == 1;
	column->names += words > 1;
	if (words > 0 && address.len > 0)
		column->backed += is_backed(table, text, address);
}

static void count_row(struct table_reader *table)
{
	struct bytes address = BYTES_NONE;
	const struct person_spot *spots[COLUMNS_MAX];
	for (size_t i = 0; i < table->cell_count; i++) {
		spots[i] = person_spot_filling(table->reader, table->cells[i].from, table->cells[i].to);
		if (spots[i] != NULL && spots[i]->finding->kind == FINDING_EMAIL)
			address = spots[i]->finding->value;
	}
	table->rows++;
	table->addressed += address.len > 0;
	if (table->cell_count > table->column_count) {
		memset(table->columns + table->column_count, 0,
		       (table->cell_count - table->column_count) * sizeof *table->columns);
		table->column_count = table->cell_count;
	}
	for (size_t i = 0; i < table->cell_count; i++) {
		struct column *column = &table->columns[i];
		enum finding_kind kind = spots[i] != NULL ? spots[i]->finding->kind : FINDING_KIND_COUNT;
		struct bytes text = cell_text(table, i);
		column->filled += text.len > 0;
		column->emails += kind == FINDING_EMAIL;
		column->phones += kind == FINDING_PHONE;
		column->identifiers += kind == FINDING_NATIONAL_ID || kind == FINDING_PASSPORT || kind == FINDING_IBAN ||
		                       kind == FINDING_CARD;
		if (kind == FINDING_KIND_COUNT || kind == FINDING_PERSON || kind == FINDING_ORGANISATION_NAME)
			count_name(table, column, text, address);
	}
}

static bool is_share(size_t part, size_t whole, unsigned percent)
{
	return whole > 0 && 100 * part >= percent * whole;
}

/* What its cells make of it, or its heading where they do not object. */
static enum person_field decide(const struct table_reader *table, const struct column *column)
{
	enum person_field field = column->heading.field;
	bool is_of_names = is_share(column->names, column->filled, 80) && is_share(column->backed, table->addressed, 40);
	bool is_of_words = is_share(column->words, column->filled, 80) && is_share(column->backed, table->addressed, 40);
	bool is_worded = field == PERSON_FIELD_NAME || field == PERSON_FIELD_GIVEN || field == PERSON_FIELD_SURNAME;
	if (is_share(column->emails, column->filled, 90))
		return PERSON_FIELD_EMAIL;
	if (is_of_names && column->backed >= 2 && !is_worded)
		return PERSON_FIELD_NAME;
	if (is_of_words && column->backed >= 3 && !is_worded && field != PERSON_FIELD_CREDENTIALS)
		return PERSON_FIELD_GIVEN;
	if (is_worded && column->filled >= 3 && !is_share(column->names + column->words, column->filled, 40))
		return PERSON_FIELD_NONE;
	if (field == PERSON_FIELD_NAME && column->filled >= 3 && column->heading.whose != 0 &&
	    !is_share(column->names, column->filled, 60) && column->backed == 0)
		return PERSON_FIELD_NONE;
	if (field == PERSON_FIELD_NONE && is_share(column->phones, column->filled, 80))
		return PERSON_FIELD_PHONE;
	/* Numbers that pass a check by chance are no column of them. */
	if (field == PERSON_FIELD_NONE && is_share(column->identifiers, column->filled, 80))
		return PERSON_FIELD_GOVERNMENT;
	if (field == PERSON_FIELD_EMAIL && column->filled >= 3 && column->emails == 0)
		return PERSON_FIELD_NONE;
	return field;
}

/* Two columns of single words that the addresses bear out are a given name and a surname. */
static void settle_names(struct table_reader *table)
{
	struct column *given = NULL;
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = &table->columns[i];
		bool is_by_cells = column->field == PERSON_FIELD_GIVEN && column->heading.field != PERSON_FIELD_GIVEN;
		if (is_by_cells && given != NULL)
			column->field = PERSON_FIELD_SURNAME;
		if (column->field == PERSON_FIELD_GIVEN)
			given = column;
	}
	/* Where the heading's column is not borne out and another one is, they are swapped. */
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = &table->columns[i];
		if (column->field != PERSON_FIELD_NAME || column->backed > 0 || column->heading.field != PERSON_FIELD_NAME)
			continue;
		for (size_t k = 0; k < table->column_count; k++)
			if (table->columns[k].field == PERSON_FIELD_NAME && table->columns[k].backed >= 3 &&
			    table->columns[k].heading.field != PERSON_FIELD_NAME)
				column->field = table->columns[k].heading.field;
	}
}

/* ---- whose columns ---- */

static bool is_naming(const struct column *column)
{
	return column->field == PERSON_FIELD_NAME || column->field == PERSON_FIELD_GIVEN || column->field == PERSON_FIELD_SURNAME;
}

struct owner {
	uint64_t whose;
	unsigned number;
	bool has_name, has_address;
};

static bool numbers_tell_apart(const struct table_reader *table)
{
	unsigned names = 0;
	for (size_t i = 0; i < table->column_count; i++)
		names += table->columns[i].field == PERSON_FIELD_NAME && table->columns[i].heading.number > 0;
	return names > 1;
}

/* People by the words before their headings. Those of whom only a name and those of whom only an address is known are one, where
 * there is one of each. */
static void settle_owners(struct table_reader *table)
{
	struct owner owners[PEOPLE_MAX];
	unsigned count = 0, by_name = PEOPLE_MAX, by_address = PEOPLE_MAX, names = 0, addresses = 0, people = 0, last = 0;
	bool is_numbered = numbers_tell_apart(table);
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = &table->columns[i];
		uint64_t whose = column->heading.whose;
		unsigned number = is_numbered ? column->heading.number : 0, at = 0;
		while (at < count && (owners[at].whose != whose || owners[at].number != number))
			at++;
		column->person = at < PEOPLE_MAX && column->field != PERSON_FIELD_NONE ? at : PEOPLE_MAX;
		if (column->person == PEOPLE_MAX)
			continue;
		if (at == count)
			owners[count++] = (struct owner){.whose = whose, .number = number};
		owners[at].has_name |= is_naming(column);
		owners[at].has_address |= column->field == PERSON_FIELD_EMAIL;
	}
	for (unsigned i = 0; i < count; i++) {
		bool is_named = owners[i].has_name && !owners[i].has_address;
		bool is_addressed = owners[i].has_address && !owners[i].has_name;
		names += is_named;
		addresses += is_addressed;
		by_name = is_named ? i : by_name;
		by_address = is_addressed ? i : by_address;
		if (owners[i].has_name || owners[i].has_address) {
			people++;
			last = i;
		}
	}
	bool is_one = names == 1 && addresses == 1;
	people -= is_one;
	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = &table->columns[i];
		if (column->person == PEOPLE_MAX)
			continue;
		if (is_one && column->person == by_address)
			column->person = by_name;
		/* Where there is but one, all is theirs. */
		if (people == 1 && !(owners[column->person].has_name || owners[column->person].has_address))
			column->person = is_one ? by_name : last;
	}
	table->people = count;
}

/* ---- rows ---- */

static bool is_name_cell(struct bytes text, bool any_case)
{
	struct buffer name = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX);
	size_t words = text.len <= PERSON_NAME_LENGTH_MAX ? person_name_append(&name, text, any_case) : 0;
	buffer_free(&name);
	return words > 0;
}

static bool is_identifier(enum finding_kind kind)
{
	return kind == FINDING_NATIONAL_ID || kind == FINDING_PASSPORT || kind == FINDING_IBAN || kind == FINDING_CARD;
}

/* A name in a column of names is a finding, too. */
static enum status tell_name(struct table_reader *table, const struct cell *cell)
{
	return person_tell_name(table->reader, cell->from, cell->to, table->has_headings ? SURE_NAME : SURE_CELLS,
	                        BYTES_LITERAL("person-column/1"));
}

/* What detectors take for a number of social security only behind those words, a heading is as good as. */
static void take_social_security(struct person_draft *draft, struct bytes text)
{
	size_t count = 0;
	bool is_formed = text.len == 11 && text.at[3] == '-' && text.at[6] == '-';
	for (size_t i = 0; i < text.len && is_formed; i++)
		if (text.at[i] >= '0' && text.at[i] <= '9')
			draft->number[count++] = text.at[i];
		else
			is_formed = i == 3 || i == 6;
	const unsigned char *n = draft->number;
	if (is_formed && count == sizeof draft->number && n[0] != '9' && memcmp(n, "000", 3) != 0 && memcmp(n, "666", 3) != 0 &&
	    memcmp(n + 3, "00", 2) != 0 && memcmp(n + 5, "0000", 4) != 0)
		person_add_identifier(&draft->record, &(struct person_identifier){FINDING_NATIONAL_ID, BYTES_LITERAL("us-ssn"),
		                                                                  bytes_of(draft->number, sizeof draft->number)});
}

static void take_name_cell(struct table_reader *table, struct cell cell, struct person_spot *spot, enum person_field field,
                           struct person_draft *draft)
{
	struct bytes text = bytes_slice(table->text, cell.from, cell.to - cell.from);
	enum finding_kind kind = spot != NULL ? spot->finding->kind : FINDING_KIND_COUNT;
	if (kind != FINDING_KIND_COUNT && kind != FINDING_PERSON && kind != FINDING_ORGANISATION_NAME) {
		person_draft_take(draft, spot);
		return;
	}
	if (!is_name_cell(text, true) && bytes_find_byte(text, '@') == BYTES_NOT_FOUND)
		return;
	if (field == PERSON_FIELD_NAME && draft->given.len > 0)
		return;
	person_draft_take_field(table->reader, draft, field, cell.from, cell.to);
	if (field == PERSON_FIELD_NAME && kind != FINDING_PERSON && table->failed == STATUS_OK)
		table->failed = tell_name(table, &cell);
}

/* Takes one cell for what it is. */
static void take_cell(struct table_reader *table, size_t at, struct person_draft *drafts)
{
	struct person_reader *reader = table->reader;
	const struct column *column = at < table->column_count ? &table->columns[at] : NULL;
	struct cell cell = table->cells[at];
	struct person_spot *spot = person_spot_filling(reader, cell.from, cell.to);
	enum finding_kind kind = spot != NULL ? spot->finding->kind : FINDING_KIND_COUNT;
	enum person_field field = column != NULL ? column->field : PERSON_FIELD_NONE;
	unsigned person = column != NULL ? column->person : PEOPLE_MAX;
	struct bytes text = cell_text(table, at);
	if (text.len == 0 || text.len > CELL_MAX)
		return;
	/* An address that stands in a column of something else: of whom the row is. */
	if (kind == FINDING_EMAIL && person == PEOPLE_MAX && table->people <= 1)
		person = 0;
	if (person >= PEOPLE_MAX)
		return;
	struct person_draft *draft = &drafts[person];
	if (kind == FINDING_EMAIL)
		person_draft_take_field(reader, draft, PERSON_FIELD_EMAIL, cell.from, cell.to);
	else if (is_identifier(kind) && field != PERSON_FIELD_NONE) {
		person_draft_take(draft, spot);
		/* Its heading is the word that makes it sure. */
		if (column->heading.field == PERSON_FIELD_GOVERNMENT || column->heading.field == PERSON_FIELD_FINANCIAL)
			person_add_identifier(&draft->record,
			                      &(struct person_identifier){kind, spot->finding->subkind, spot->finding->value});
	} else if (field == PERSON_FIELD_EMAIL && kind == FINDING_KIND_COUNT && bytes_find_byte(text, '@') == BYTES_NOT_FOUND) {
		/* A name among addresses: its row is the other way round. */
		if (draft->given.len == 0 && is_name_cell(text, false))
			draft->given = text;
	} else if (column != NULL && is_naming(column))
		take_name_cell(table, cell, spot, field, draft);
	else {
		person_draft_take_field(reader, draft, field, cell.from, cell.to);
		if (field == PERSON_FIELD_GOVERNMENT && kind == FINDING_KIND_COUNT && draft->record.identifier_count == 0)
			take_social_security(draft, text);
	}
}

static enum status read_row(struct table_reader *table)
{
	struct person_draft drafts[PEOPLE_MAX];
	enum status status;
	unsigned count = table->people > 0 ? table->people : 1;
	for (unsigned i = 0; i < count; i++) {
		person_draft_begin(&drafts[i], PERSON_ROW, table->has_headings ? SURE_ROW : SURE_CELLS);
		drafts[i].record.has_place = true;
		drafts[i].record.table = table->number;
		drafts[i].record.row = table->record - table->first;
	}
	for (size_t i = 0; i < table->cell_count; i++)
		take_cell(table, i, drafts);
	status = table->failed;
	for (unsigned i = 0; i < count; i++) {
		if (status == STATUS_OK)
			status = person_draft_finish(table->reader, &drafts[i]);
		else
			person_draft_free(&drafts[i]);
	}
	return status;
}

/* ---- a table ---- */

static void sample(struct table_reader *table, const struct table_span *span)
{
	size_t begin = table->at;
	uint64_t first = 0;
	if (span->has_header && next_record(table)) {
		table->has_headings = read_headings(table);
		first = 1;
		if (!table->has_headings)
			table->column_count = 0;
	}
	while (table->rows < SAMPLE_ROWS && table->at - begin < SAMPLE_BYTES && next_record(table)) {
		if (!span->has_header && !table->has_headings && table->record <= HEADING_ROWS && read_headings(table)) {
			table->has_headings = true;
			first = table->record;
			for (size_t i = 0; i < table->column_count; i++)
				table->columns[i] = (struct column){.heading = table->columns[i].heading};
			table->rows = table->addressed = 0;
			continue;
		}
		count_row(table);
	}
	table->first = first;
	table->at = begin;
	table->record = 0;
}

static void settle(struct table_reader *table)
{
	for (size_t i = 0; i < table->column_count; i++)
		table->columns[i].field = decide(table, &table->columns[i]);
	settle_names(table);
	settle_owners(table);
}

static bool has_people(const struct table_reader *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct column *column = &table->columns[i];
		if (is_naming(column) || column->field == PERSON_FIELD_EMAIL || column->identifiers > 0 || column->emails > 0)
			return true;
	}
	return false;
}

static enum status read_table(struct table_reader *table, const struct table_span *span)
{
	const struct person_sink *sink = table->reader->sink;
	enum status status = STATUS_OK;
	sample(table, span);
	settle(table);
	if (!has_people(table))
		return STATUS_OK;
	while (status == STATUS_OK && next_record(table)) {
		if (table->record > table->first)
			status = read_row(table);
		if (status == STATUS_OK && table->record % PROGRESS_EVERY == 0 && sink->progress != NULL)
			status = sink->progress(sink->context);
	}
	return status;
}

enum status person_read_tables(struct person_reader *reader)
{
	struct table_reader *table = calloc(1, sizeof *table);
	enum status status = STATUS_OK;
	if (table == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < reader->input->table_count && status == STATUS_OK; i++) {
		const struct table_span *span = &reader->input->tables[i];
		if (span->from > span->to || span->to > reader->input->text.len)
			continue;
		*table = (struct table_reader){
			.reader = reader,
			.text = bytes_slice(reader->input->text, 0, (size_t)span->to),
			.delimiter = span->delimiter,
			.at = (size_t)span->from,
			.number = (uint32_t)(i + 1),
		};
		status = read_table(table, span);
	}
	free(table);
	return status;
}

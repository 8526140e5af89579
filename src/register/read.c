/* SPDX-License-Identifier: Apache-2.0 */
/* From the file to rows: columns by their header, cells by their commas and semicolons, terms by what they mean. */
#include "register/register.h"

#include "base/csv.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "register/common.h"
#include "understanding/attribute.h"

#include <stdio.h>
#include <stdlib.h>

enum column {
	COLUMN_DOMAIN,
	COLUMN_NAME,
	COLUMN_ALIASES,
	COLUMN_RELATIONSHIP,
	COLUMN_SECTOR,
	COLUMN_COUNTRY,
	COLUMN_CONTACT,
	COLUMN_NUMBERS,
	COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {"domain", "name",    "aliases", "relationship",
                                                       "sector", "country", "contact", "numbers"};

enum { NO_FIELD = CSV_FIELDS_MAX, SHORT_TEXT_MAX = 200, NAME_MAX_LENGTH = 512, LIST_MAX = 10000, DOMAIN_MAX = 256 };
enum { KIND_DOMAIN = 1, KIND_TERM };

/* A term until it is plain that it means this row alone. */
struct draft {
	size_t row, line;
	struct register_term term;
	bool is_dropped;
};

struct reading {
	struct arena *arena;
	struct failure *reterr;
	struct common common;
	struct hash_table domains, terms; /* the line, the draft */
	size_t fields[COLUMN_COUNT];      /* of each column; NO_FIELD: there is none */
	size_t field_count;
	struct register_row *rows;
	size_t count, capacity;
	struct draft *drafts;
	size_t draft_count, draft_capacity;
	struct register_refusal *refusals;
	size_t refusal_count, refusal_capacity;
	size_t refused_rows;
	struct buffer text;
};

/* ---- saying what is off ---- */

static enum status refuse_line(struct reading *reading, size_t line, const char *what, struct bytes text, const char *why)
{
	char where[32];
	struct buffer shown = buffer_with_ceiling(128);
	buffer_append(&shown, bytes_slice(text, 0, 80));
	snprintf(where, sizeof where, "line %zu", line);
	fail(reading->reterr, STATUS_USAGE, where, "%s \"%s\" %s", what, buffer_string(&shown), why);
	buffer_free(&shown);
	return STATUS_USAGE;
}

static void *grow(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	size_t wanted = *capacity > 0 ? 2 * *capacity : 64;
	void *grown = realloc(items, wanted * size);
	if (grown != NULL)
		*capacity = wanted;
	return grown;
}

static enum status add_refusal(struct reading *reading, const struct register_refusal *refusal)
{
	struct register_refusal *grown = grow(reading->refusals, reading->refusal_count, &reading->refusal_capacity,
	                                      sizeof *grown);
	if (grown == NULL)
		return STATUS_NO_MEMORY;
	reading->refusals = grown;
	grown[reading->refusal_count++] = *refusal;
	return STATUS_OK;
}

static enum status refuse(struct reading *reading, size_t line, const char *what, struct bytes domain, struct bytes text,
                          const char *why)
{
	struct register_refusal refusal = {line, what, domain, text, arena_copy(reading->arena, bytes_of_string(why))};
	return refusal.why.at != NULL ? add_refusal(reading, &refusal) : STATUS_NO_MEMORY;
}

/* ---- the header ---- */

static enum status refuse_column(struct reading *reading, size_t line, struct bytes name)
{
	struct buffer written = buffer_with_ceiling(128), why = buffer_with_ceiling(256);
	buffer_append(&written, bytes_slice(name, 0, 100));
	struct suggestion suggestion = suggestion_for(buffer_string(&written));
	for (enum column column = 0; column < COLUMN_COUNT; column++)
		suggestion_consider(&suggestion, column_names[column]);
	if (bytes_find_byte(name, ';') != BYTES_NOT_FOUND)
		buffer_append_string(&why, "is no column: columns are parted by commas, not by semicolons");
	else if (suggestion.nearest != NULL)
		buffer_append_format(&why, "is no column; did you mean %s?", suggestion.nearest);
	else
		buffer_append_string(
			&why, "is no column; there are domain, name, aliases, relationship, sector, country, contact, numbers");
	enum status status = refuse_line(reading, line, "column", name, buffer_string(&why));
	buffer_free(&written);
	buffer_free(&why);
	return status;
}

static enum status read_header(struct reading *reading, const struct csv_record *record)
{
	for (enum column column = 0; column < COLUMN_COUNT; column++)
		reading->fields[column] = NO_FIELD;
	for (size_t i = 0; i < record->count; i++) {
		struct bytes name = bytes_trim(record->fields[i]);
		enum column column = 0;
		while (column < COLUMN_COUNT && !bytes_equal_nocase(name, bytes_of_string(column_names[column])))
			column++;
		if (column == COLUMN_COUNT)
			return refuse_column(reading, record->line, name);
		if (reading->fields[column] != NO_FIELD)
			return refuse_line(reading, record->line, "column", name, "stands twice");
		reading->fields[column] = i;
	}
	reading->field_count = record->count;
	return reading->fields[COLUMN_DOMAIN] != NO_FIELD ? STATUS_OK
	                                                  : fail(reading->reterr, STATUS_USAGE, "line 1",
	                                                         "there is no column domain; the first line names the columns");
}

/* ---- cells ---- */

static struct bytes cell(const struct reading *reading, const struct csv_record *record, enum column column)
{
	return reading->fields[column] != NO_FIELD ? bytes_trim(record->fields[reading->fields[column]]) : BYTES_NONE;
}

/* The next of what stands between semicolons; empty ones are passed over. */
static bool take_item(struct bytes *rest, struct bytes *ret_item)
{
	while (rest->len > 0) {
		size_t end = bytes_find_byte(*rest, ';');
		*ret_item = bytes_trim(bytes_slice(*rest, 0, end));
		*rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*rest, end + 1);
		if (ret_item->len > 0)
			return true;
	}
	return false;
}

/* One line of text, as it is shown. */
static enum status check_text(struct reading *reading, size_t line, const char *what, struct bytes text, size_t max)
{
	uint32_t point;
	if (text.len > max)
		return refuse_line(reading, line, what, text, "is too long");
	for (struct bytes rest = text; rest.len > 0;) {
		size_t length = text_decode(rest, &point);
		if (text_is_unsafe(point))
			return refuse_line(reading, line, what, text, "has a line end or another control character in it");
		rest = bytes_from(rest, length);
	}
	return STATUS_OK;
}

static enum status read_text(struct reading *reading, const struct csv_record *record, enum column column, size_t max,
                             struct bytes *ret_text)
{
	struct bytes text = cell(reading, record, column);
	*ret_text = text;
	return check_text(reading, record->line, column_names[column], text, max);
}

static enum status read_relationship(struct reading *reading, const struct csv_record *record, enum relationship *ret)
{
	struct bytes text = cell(reading, record, COLUMN_RELATIONSHIP);
	*ret = text.len > 0 ? relationship_from_name(text) : RELATIONSHIP_UNKNOWN;
	if (*ret != RELATIONSHIP_COUNT)
		return STATUS_OK;
	return refuse_line(reading, record->line, "relationship", text,
	                   "is none; there are customer, prospect, partner, supplier, own");
}

static enum status read_country(struct reading *reading, const struct csv_record *record, struct bytes *ret_country)
{
	struct bytes text = cell(reading, record, COLUMN_COUNTRY);
	char upper[3] = "";
	*ret_country = BYTES_NONE;
	if (text.len == 0)
		return STATUS_OK;
	for (size_t i = 0; i < 2 && i < text.len; i++)
		upper[i] = (char)(text.at[i] >= 'a' && text.at[i] <= 'z' ? text.at[i] - 32 : text.at[i]);
	if (text.len == 2 && common_is_country_code(&reading->common, bytes_of_string(upper))) {
		*ret_country = arena_copy(reading->arena, bytes_of_string(upper));
		return ret_country->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	const char *code = common_code_of_country(&reading->common, text);
	char why[96] = "is no country's code; two letters of ISO 3166-1 are meant, as DE";
	if (code != NULL)
		snprintf(why, sizeof why, "is no country's code; write %.2s", code);
	return refuse_line(reading, record->line, "country", text, why);
}

static enum status read_contact(struct reading *reading, const struct csv_record *record, struct bytes *ret_contact)
{
	enum status status = read_text(reading, record, COLUMN_CONTACT, SHORT_TEXT_MAX, ret_contact);
	size_t at = bytes_find_byte(*ret_contact, '@');
	bool is_address = ret_contact->len == 0 || (at != BYTES_NOT_FOUND && at > 0 && at + 1 < ret_contact->len &&
	                                            at == bytes_find_last_byte(*ret_contact, '@') &&
	                                            bytes_find_byte(*ret_contact, ' ') == BYTES_NOT_FOUND);
	if (status != STATUS_OK || is_address)
		return status;
	return refuse_line(reading, record->line, "contact", *ret_contact, "is no e-mail address");
}

/* ---- domains ---- */

/* Why a domain cannot be an organisation's; NULL if it can, and then it stands in reading->text. */
static const char *judge_domain(struct reading *reading, struct bytes written, enum status *ret_status)
{
	buffer_reset(&reading->text);
	enum status status = attribute_registrable_domain(written, &reading->text);
	*ret_status = status == STATUS_ABSENT ? STATUS_OK : status;
	if (status == STATUS_ABSENT)
		return "is a public suffix, or lies below none that is known: it is nobody's alone";
	if (status != STATUS_OK)
		return NULL;
	struct bytes name = written.len > 0 && written.at[written.len - 1] == '.' ? bytes_slice(written, 0, written.len - 1)
	                                                                          : written;
	bool is_ascii = true;
	for (size_t i = 0; i < name.len; i++)
		is_ascii &= name.at[i] < 0x80;
	if (is_ascii && !bytes_equal_nocase(buffer_bytes(&reading->text), name))
		return "is a host within a domain; name the domain itself";
	if (attribute_is_freemail(buffer_bytes(&reading->text)))
		return "is a mail provider's: who has an address there is no organisation's";
	return NULL;
}

static enum status take_domain(struct reading *reading, size_t line, struct bytes written, struct register_row *row,
                               struct bytes *domains)
{
	char why[96];
	enum status status;
	bool is_new;
	const char *refused = judge_domain(reading, written, &status);
	if (status != STATUS_OK)
		return status;
	if (refused != NULL)
		return refuse(reading, line, "domain", BYTES_NONE, written, refused);
	uint64_t *first_line = hash_table_enter(&reading->domains, hash_of(KIND_DOMAIN, buffer_bytes(&reading->text)), &is_new);
	if (first_line == NULL)
		return STATUS_NO_MEMORY;
	if (!is_new) {
		snprintf(why, sizeof why, "stands in line %llu already", (unsigned long long)*first_line);
		return refuse_line(reading, line, "domain", written, why);
	}
	*first_line = line;
	domains[row->domain_count] = arena_copy(reading->arena, buffer_bytes(&reading->text));
	return domains[row->domain_count++].at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static size_t count_items(struct bytes rest)
{
	struct bytes item;
	size_t count = 0;
	while (take_item(&rest, &item))
		count++;
	return count;
}

static enum status read_domains(struct reading *reading, const struct csv_record *record, struct register_row *row)
{
	struct bytes rest = cell(reading, record, COLUMN_DOMAIN), item;
	size_t count = count_items(rest);
	if (count == 0)
		return refuse_line(reading, record->line, "domain", rest, "is missing: an organisation is named by its domain");
	struct bytes *domains = count <= LIST_MAX ? arena_allocate(reading->arena, count * sizeof *domains) : NULL;
	if (domains == NULL)
		return count > LIST_MAX ? refuse_line(reading, record->line, "domain", bytes_slice(rest, 0, 40), "are too many")
		                        : STATUS_NO_MEMORY;
	enum status status = STATUS_OK;
	while (status == STATUS_OK && take_item(&rest, &item))
		status = take_domain(reading, record->line, item, row, domains);
	row->domains = domains;
	return status;
}

/* ---- terms ---- */

static const char *what_of(enum register_term_kind kind)
{
	return kind == REGISTER_NUMBER ? "number" : kind == REGISTER_NAME ? "name" : "alias";
}

static enum status refuse_shared(struct reading *reading, const struct draft *draft, const struct draft *other)
{
	struct buffer why = buffer_with_ceiling(1024);
	buffer_append_string(&why, "means two: it is ");
	buffer_append(&why, reading->rows[other->row].domains[0]);
	buffer_append_string(&why, "'s, too");
	enum status status = refuse(reading, draft->line, what_of(draft->term.kind), reading->rows[draft->row].domains[0],
	                            draft->term.text, buffer_string(&why));
	buffer_free(&why);
	return status;
}

/* Of one text that means two rows neither keeps it. */
static enum status meet_draft(struct reading *reading, struct draft *draft, struct draft *other)
{
	draft->is_dropped = true;
	if (draft->row == other->row)
		return STATUS_OK;
	enum status status = refuse_shared(reading, draft, other);
	if (status == STATUS_OK && !other->is_dropped)
		status = refuse_shared(reading, other, draft);
	other->is_dropped = true;
	return status;
}

static enum status take_term(struct reading *reading, size_t line, enum register_term_kind kind, struct bytes text)
{
	bool is_new;
	struct register_row *row = &reading->rows[reading->count - 1];
	enum status status = check_text(reading, line, what_of(kind), text, NAME_MAX_LENGTH);
	if (status != STATUS_OK)
		return status;
	const char *why = common_refuses(&reading->common, kind, text);
	if (why != NULL)
		return refuse(reading, line, what_of(kind), row->domains[0], text, why);
	if (reading->draft_count == REGISTER_TERMS_MAX)
		return refuse_line(reading, line, what_of(kind), text,
		                   "is one too many: 2,000,000 names and numbers are sought at most");
	struct draft *grown = grow(reading->drafts, reading->draft_count, &reading->draft_capacity, sizeof *grown);
	if (grown == NULL)
		return STATUS_NO_MEMORY;
	reading->drafts = grown;
	struct draft *draft = &grown[reading->draft_count];
	*draft = (struct draft){reading->count - 1, line, {kind, text}, false};
	uint64_t *first = hash_table_enter(&reading->terms, hash_of(KIND_TERM, common_words_of(&reading->common, text)), &is_new);
	if (first == NULL)
		return STATUS_NO_MEMORY;
	if (is_new)
		*first = reading->draft_count;
	reading->draft_count++;
	return is_new ? STATUS_OK : meet_draft(reading, draft, &grown[*first]);
}

static enum status take_terms(struct reading *reading, const struct csv_record *record, enum column column,
                              enum register_term_kind kind)
{
	struct bytes rest = cell(reading, record, column), item;
	enum status status = STATUS_OK;
	for (size_t count = 0; status == STATUS_OK && take_item(&rest, &item); count++)
		status = count < LIST_MAX
		                 ? take_term(reading, record->line, kind, item)
		                 : refuse_line(reading, record->line, column_names[column], item, "is one too many in a cell");
	return status;
}

/* ---- rows ---- */

static enum status add_row(struct reading *reading, const struct register_row *row, size_t line)
{
	size_t capacity = reading->capacity;
	if (reading->count == REGISTER_ROWS_MAX)
		return refuse_line(reading, line, "row", row->domains[0], "is one too many: a register has 1,000,000 at most");
	struct register_row *rows = grow(reading->rows, reading->count, &capacity, sizeof *rows);
	if (rows == NULL)
		return STATUS_NO_MEMORY;
	reading->rows = rows;
	reading->capacity = capacity;
	rows[reading->count++] = *row;
	return STATUS_OK;
}

static enum status read_row(struct reading *reading, const struct csv_record *record)
{
	struct register_row row = {.domain_count = 0};
	char counts[64];
	if (record->count != reading->field_count) {
		snprintf(counts, sizeof counts, "has %zu fields, the header %zu", record->count, reading->field_count);
		return refuse_line(reading, record->line, "row", record->fields[0], counts);
	}
	enum status status = read_domains(reading, record, &row);
	if (status == STATUS_OK)
		status = read_text(reading, record, COLUMN_NAME, NAME_MAX_LENGTH, &row.name);
	if (status == STATUS_OK)
		status = read_text(reading, record, COLUMN_SECTOR, SHORT_TEXT_MAX, &row.sector);
	if (status == STATUS_OK)
		status = read_contact(reading, record, &row.contact);
	if (status == STATUS_OK)
		status = read_relationship(reading, record, &row.relationship);
	if (status == STATUS_OK)
		status = read_country(reading, record, &row.country);
	if (status != STATUS_OK)
		return status;
	if (row.domain_count == 0) {
		reading->refused_rows++;
		return refuse(reading, record->line, "row", BYTES_NONE,
		              row.name.len > 0 ? row.name : cell(reading, record, COLUMN_DOMAIN),
		              "has no domain that can be an organisation's");
	}
	status = add_row(reading, &row, record->line);
	if (status == STATUS_OK && row.name.len > 0)
		status = take_term(reading, record->line, REGISTER_NAME, row.name);
	if (status == STATUS_OK)
		status = take_terms(reading, record, COLUMN_ALIASES, REGISTER_ALIAS);
	if (status == STATUS_OK)
		status = take_terms(reading, record, COLUMN_NUMBERS, REGISTER_NUMBER);
	return status;
}

/* Drafts stand by their rows. */
static enum status settle_terms(struct reading *reading)
{
	struct register_term *terms = arena_allocate(reading->arena, (reading->draft_count + 1) * sizeof *terms);
	size_t count = 0;
	if (terms == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < reading->draft_count; i++) {
		if (reading->drafts[i].is_dropped)
			continue;
		struct register_row *row = &reading->rows[reading->drafts[i].row];
		if (row->term_count == 0)
			row->terms = &terms[count];
		terms[count++] = reading->drafts[i].term;
		row->term_count++;
	}
	return STATUS_OK;
}

static enum status read_records(struct reading *reading, struct bytes file)
{
	struct csv_reader reader;
	struct csv_record record;
	enum status status = csv_start(&reader, file, reading->arena, reading->reterr);
	if (status == STATUS_OK)
		status = csv_next(&reader, &record, reading->reterr);
	if (status == STATUS_END)
		return fail(reading->reterr, STATUS_USAGE, "line 1", "the file is empty; its first line names the columns");
	if (status == STATUS_OK)
		status = read_header(reading, &record);
	while (status == STATUS_OK && (status = csv_next(&reader, &record, reading->reterr)) == STATUS_OK)
		status = read_row(reading, &record);
	return status == STATUS_END ? settle_terms(reading) : status;
}

static void *keep(struct arena *arena, const void *items, size_t size)
{
	void *kept = arena_allocate(arena, size + 1);
	if (kept != NULL && size > 0)
		memcpy(kept, items, size);
	return kept;
}

static enum status hand_over(struct reading *reading, struct register_reading *ret_reading)
{
	struct register_reading answer = {
		.rows = keep(reading->arena, reading->rows, reading->count * sizeof *reading->rows),
		.count = reading->count,
		.refusals = keep(reading->arena, reading->refusals, reading->refusal_count * sizeof *reading->refusals),
		.refusal_count = reading->refusal_count,
		.refused_rows = reading->refused_rows,
	};
	if (answer.rows == NULL || answer.refusals == NULL)
		return STATUS_NO_MEMORY;
	*ret_reading = answer;
	return STATUS_OK;
}

enum status register_read(struct bytes file, struct arena *arena, struct register_reading *ret_reading, struct failure *reterr)
{
	struct reading reading = {.arena = arena, .reterr = reterr, .text = buffer_with_ceiling(DOMAIN_MAX)};
	enum status status = common_start(&reading.common);
	if (status != STATUS_OK)
		return status;
	status = read_records(&reading, file);
	if (status == STATUS_OK)
		status = hand_over(&reading, ret_reading);
	common_free(&reading.common);
	hash_table_free(&reading.domains);
	hash_table_free(&reading.terms);
	buffer_free(&reading.text);
	free(reading.rows);
	free(reading.drafts);
	free(reading.refusals);
	return status;
}

enum status register_refuse_term(struct register_reading *reading, size_t row, size_t term, struct bytes why, struct arena *arena)
{
	struct register_row *of = &reading->rows[row];
	struct register_term *terms = keep(arena, of->terms, of->term_count * sizeof *terms);
	struct register_refusal *refusals = arena_allocate(arena, (reading->refusal_count + 1) * sizeof *refusals);
	if (terms == NULL || refusals == NULL)
		return STATUS_NO_MEMORY;
	if (reading->refusal_count > 0)
		memcpy(refusals, reading->refusals, reading->refusal_count * sizeof *refusals);
	refusals[reading->refusal_count++] = (struct register_refusal){
		.what = what_of(terms[term].kind), .domain = of->domains[0], .text = terms[term].text, .why = why};
	memmove(&terms[term], &terms[term + 1], (of->term_count - term - 1) * sizeof *terms);
	of->terms = terms;
	of->term_count--;
	reading->refusals = refusals;
	return STATUS_OK;
}

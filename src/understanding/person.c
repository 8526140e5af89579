/* SPDX-License-Identifier: Apache-2.0 */
/* Findings in order of their bytes, drafts of records, and who stands in mail headers and running text. */
#include "understanding/person.h"

#include "understanding/attribute.h"
#include "base/text.h"
#include "understanding/person-reader.h"
#include "words/person-name.h"

#include <stdlib.h>

const unsigned person_version = 2;

enum {
	NAME_GAP_MAX = 4, /* bytes between a name and its address: a quote, a blank, a bracket */
	LINE_MAX = 2000,
	HEADER_NAME_MAX = 20,
	PHONE_DIGITS_MIN = 7,
	PHONE_DIGITS_MAX = 15,
	PROGRESS_EVERY = 4096,
	/* Kinds of what was told, beside one another in one table. */
	TOLD_RECORD = 1,
	TOLD_ADDRESS,
	TOLD_LIST,
};

static const float SURE_IDENTIFIER = 0.7f, SURE_HEADER = 0.9f, SURE_TEXT = 0.7f, SURE_ADDRESS = 0.5f, LEAST_NAME = 0.5f;

enum status person_prepare(void)
{
	return person_field_prepare();
}

/* ---- spots ---- */

static bool tells_of_people(enum finding_kind kind)
{
	return kind == FINDING_EMAIL || kind == FINDING_PERSON || kind == FINDING_PHONE || kind == FINDING_NATIONAL_ID ||
	       kind == FINDING_PASSPORT || kind == FINDING_IBAN || kind == FINDING_CARD || kind == FINDING_DATE_OF_BIRTH ||
	       kind == FINDING_ORGANISATION_NAME || kind == FINDING_SECRET;
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = (*(const struct person_spot *)left).finding, *b = (*(const struct person_spot *)right).finding;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a < b ? -1 : a > b;
}

static void set_bytes(struct person_reader *reader)
{
	struct bytes text = reader->input->text;
	size_t at = 0, end;
	uint64_t character = 0;
	for (size_t i = 0; i < reader->spot_count; i++) {
		struct person_spot *spot = &reader->spots[i];
		at += text_offset(bytes_from(text, at), (size_t)(spot->finding->from - character));
		character = spot->finding->from;
		end = at + text_offset(bytes_from(text, at), (size_t)(spot->finding->to - character));
		spot->from = at;
		spot->to = end;
	}
}

static enum status find_spots(struct person_reader *reader)
{
	const struct person_input *input = reader->input;
	size_t count = 0;
	bool is_in_order = true;
	for (size_t i = 0; i < input->finding_count; i++)
		count += tells_of_people(input->findings[i].kind) && !finding_is_carved(&input->findings[i]);
	reader->spots = calloc(count + 1, sizeof *reader->spots);
	if (reader->spots == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < input->finding_count; i++) {
		const struct finding *finding = &input->findings[i];
		if (!tells_of_people(finding->kind) || finding_is_carved(finding))
			continue;
		reader->spots[reader->spot_count++].finding = finding;
		is_in_order = is_in_order &&
		              (reader->spot_count < 2 || reader->spots[reader->spot_count - 2].finding->from <= finding->from);
	}
	if (!is_in_order)
		qsort(reader->spots, reader->spot_count, sizeof *reader->spots, compare_findings);
	set_bytes(reader);
	return STATUS_OK;
}

size_t person_spot_after(const struct person_reader *reader, size_t at)
{
	size_t low = 0, high = reader->spot_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (reader->spots[middle].from < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct person_spot *person_spot_filling(const struct person_reader *reader, size_t from, size_t to)
{
	struct person_spot *best = NULL, *address = NULL;
	size_t addresses = 0;
	for (size_t i = person_spot_after(reader, from); i < reader->spot_count && reader->spots[i].from < to; i++) {
		struct person_spot *spot = &reader->spots[i];
		if (spot->to > to)
			continue;
		if (spot->finding->kind == FINDING_EMAIL) {
			addresses += spot->to - spot->from;
			address = address != NULL ? address : spot;
		}
		if (10 * (spot->to - spot->from) >= 7 * (to - from) && (best == NULL || best->finding->kind == FINDING_PERSON))
			best = spot;
	}
	return best == NULL && 10 * addresses >= 7 * (to - from) ? address : best;
}

/* ---- drafts ---- */

void person_draft_begin(struct person_draft *draft, enum person_source source, float confidence)
{
	*draft = (struct person_draft){
		.record = {.source = source},
		.text = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX),
		.confidence = confidence,
	};
}

void person_draft_free(struct person_draft *draft)
{
	buffer_free(&draft->text);
}

static void set_residence(struct person_record *record, const char country[3], bool is_by_number)
{
	if (record->residence[0] != '\0' && (is_by_number || !record->is_residence_by_number))
		return;
	memcpy(record->residence, country, 3);
	record->is_residence_by_number = is_by_number;
}

static void take_phone(struct person_record *record, struct bytes number)
{
	char country[3];
	person_add_phone(record, number);
	record->elements |= ELEMENT_BIT(ELEMENT_CONTACT);
	if (person_country_of_phone(number, country))
		set_residence(record, country, true);
}

static bool take_identifier(struct person_record *record, const struct finding *finding)
{
	bool is_states = finding->kind == FINDING_NATIONAL_ID || finding->kind == FINDING_PASSPORT;
	record->elements |= ELEMENT_BIT(is_states ? ELEMENT_GOVERNMENT_ID : ELEMENT_FINANCIAL);
	if (finding->confidence >= SURE_IDENTIFIER)
		person_add_identifier(record, &(struct person_identifier){finding->kind, finding->subkind, finding->value});
	return true;
}

bool person_draft_take(struct person_draft *draft, struct person_spot *spot)
{
	const struct finding *finding = spot->finding;
	struct person_record *record = &draft->record;
	switch (finding->kind) {
	case FINDING_EMAIL:
		record->elements |= ELEMENT_BIT(ELEMENT_CONTACT);
		if (person_is_shared_address(finding->value))
			return false;
		person_add_email(record, finding->value);
		return true;
	case FINDING_PERSON:
		if (record->name.len > 0 || finding->confidence < LEAST_NAME)
			return false;
		record->name = finding->value;
		record->elements |= ELEMENT_BIT(ELEMENT_NAME);
		return true;
	case FINDING_PHONE: take_phone(record, finding->value); return true;
	case FINDING_NATIONAL_ID:
	case FINDING_PASSPORT:
	case FINDING_IBAN:
	case FINDING_CARD: return take_identifier(record, finding);
	case FINDING_DATE_OF_BIRTH: record->elements |= ELEMENT_BIT(ELEMENT_DATE_OF_BIRTH); return true;
	case FINDING_SECRET: record->elements |= ELEMENT_BIT(ELEMENT_CREDENTIALS); return true;
	case FINDING_ORGANISATION_NAME:
		if (record->organisation.len == 0)
			record->organisation = finding->value;
		return true;
	default: return false;
	}
}

/* A number without a finding of its own: digits as they stand, where there are as many as one has. */
static void take_digits(struct person_record *record, struct bytes value)
{
	size_t digits = 0, others = 0;
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = value.at[i];
		digits += c >= '0' && c <= '9';
		others += !(c >= '0' && c <= '9') && c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' && c != '/' &&
		          c != '+';
	}
	if (digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX && others == 0)
		take_phone(record, value);
}

static bool has_content(struct bytes value)
{
	bool is_word = false;
	for (size_t i = 0; i < value.len && !is_word; i++) {
		unsigned char c = value.at[i];
		is_word = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
	}
	return is_word && !bytes_equal_nocase(value, BYTES_LITERAL("n/a")) && !bytes_equal_nocase(value, BYTES_LITERAL("null")) &&
	       !bytes_equal_nocase(value, BYTES_LITERAL("none"));
}

static bool takes_findings(enum person_field field)
{
	return field == PERSON_FIELD_EMAIL || field == PERSON_FIELD_PHONE || field == PERSON_FIELD_NAME ||
	       field == PERSON_FIELD_GOVERNMENT || field == PERSON_FIELD_FINANCIAL;
}

/* What detectors found in it, whatever its label says. */
static unsigned take_spots(struct person_reader *reader, struct person_draft *draft, size_t from, size_t to)
{
	unsigned kinds = 0;
	for (size_t i = person_spot_after(reader, from); i < reader->spot_count && reader->spots[i].to <= to; i++) {
		struct person_spot *spot = &reader->spots[i];
		if (spot->finding->kind == FINDING_ORGANISATION_NAME)
			continue;
		if (person_draft_take(draft, spot))
			kinds |= 1u << spot->finding->kind;
	}
	return kinds;
}

static struct bytes cut_text(struct bytes text)
{
	struct bytes kept = bytes_slice(text, 0, PERSON_TEXT_MAX);
	while (kept.len > 0 && kept.len < text.len && (text.at[kept.len] & 0xC0) == 0x80)
		kept.len--;
	return kept;
}

void person_draft_take_field(struct person_reader *reader, struct person_draft *draft, enum person_field field, size_t from,
                             size_t to)
{
	struct person_record *record = &draft->record;
	struct bytes value = bytes_trim(bytes_slice(reader->input->text, from, to - from));
	char country[3];
	if (field == PERSON_FIELD_NONE || !has_content(value))
		return;
	unsigned kinds = takes_findings(field) ? take_spots(reader, draft, from, to) : 0;
	draft->fields |= 1u << field;
	if (field == PERSON_FIELD_NAME && kinds == 0 && record->name.len == 0 && draft->given.len == 0)
		draft->given = value;
	else if (field == PERSON_FIELD_GIVEN && draft->given.len == 0)
		draft->given = value;
	else if (field == PERSON_FIELD_SURNAME && draft->surname.len == 0)
		draft->surname = value;
	else if (field == PERSON_FIELD_PHONE && (kinds & 1u << FINDING_PHONE) == 0)
		take_digits(record, value);
	else if (field == PERSON_FIELD_ORG && record->organisation.len == 0)
		record->organisation = cut_text(value);
	else if (field == PERSON_FIELD_ROLE && record->role.len == 0)
		record->role = cut_text(value);
	else if (field == PERSON_FIELD_COUNTRY && person_country(reader->fold, value, country))
		set_residence(record, country, false);
	if (field != PERSON_FIELD_NAME && field != PERSON_FIELD_GIVEN && field != PERSON_FIELD_SURNAME &&
	    field != PERSON_FIELD_EMAIL && field != PERSON_FIELD_PHONE)
		record->elements |= person_field_elements(field);
}

/* The name that its pieces make; one word alone is a name where it is half of one. */
static void put_name_together(struct person_draft *draft)
{
	struct person_record *record = &draft->record;
	struct buffer written = buffer_with_ceiling(4 * PERSON_NAME_LENGTH_MAX);
	if (record->name.len > 0 || draft->given.len + draft->surname.len == 0)
		return;
	buffer_append(&written, bytes_slice(draft->given, 0, PERSON_NAME_LENGTH_MAX));
	if (draft->given.len > 0 && draft->surname.len > 0)
		buffer_append_byte(&written, ' ');
	buffer_append(&written, bytes_slice(draft->surname, 0, PERSON_NAME_LENGTH_MAX));
	if (buffer_status(&written) == STATUS_OK && person_name_append(&draft->text, buffer_bytes(&written), true) > 0) {
		record->name = buffer_bytes(&draft->text);
		record->elements |= ELEMENT_BIT(ELEMENT_NAME);
	}
	buffer_free(&written);
}

/* An address, an identifier, or a whole name and something of that person's; a firm with a telephone is nobody. */
static bool is_somebody(const struct person_record *record)
{
	unsigned beside = record->elements & ~ELEMENT_BIT(ELEMENT_NAME);
	bool is_full = bytes_find_byte(record->name, ' ') != BYTES_NOT_FOUND;
	return record->email_count > 0 || record->identifier_count > 0 || (is_full && beside != 0);
}

static enum status mark(struct person_reader *reader, unsigned kind, struct bytes text, bool *ret_is_new)
{
	return hash_table_enter(&reader->told, hash_of(kind, text), ret_is_new) != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* By characters, counted on from the last name, or back. */
static uint64_t character_of(struct person_reader *reader, size_t at)
{
	struct bytes text = reader->input->text;
	if (at >= reader->counted)
		reader->character += text_count(bytes_slice(text, reader->counted, at - reader->counted));
	else
		reader->character -= text_count(bytes_slice(text, at, reader->counted - at));
	reader->counted = at;
	return reader->character;
}

static bool has_name_at(const struct person_reader *reader, size_t from, size_t to)
{
	for (size_t i = person_spot_after(reader, from); i < reader->spot_count && reader->spots[i].from < to; i++)
		if (reader->spots[i].finding->kind == FINDING_PERSON)
			return true;
	return false;
}

enum status person_tell_name(struct person_reader *reader, size_t from, size_t to, float confidence, struct bytes rule)
{
	struct bytes written = bytes_slice(reader->input->text, from, to - from);
	struct buffer name = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX);
	enum status status = STATUS_OK;
	if (reader->sink->name != NULL && written.len <= PERSON_NAME_LENGTH_MAX && !has_name_at(reader, from, to) &&
	    person_name_append(&name, written, true) > 1) {
		const struct finding finding = {
			.kind = FINDING_PERSON,
			.value = buffer_bytes(&name),
			.raw = written,
			.from = character_of(reader, from),
			.to = reader->character + text_count(written),
			.confidence = confidence,
			.rule = rule,
		};
		status = reader->sink->name(reader->sink->context, &finding);
	}
	buffer_free(&name);
	return status;
}

/* The name of a form, a card or a signature block, where it was written in one piece. One in two fields or cells is the record's
 * alone: a finding is one span, and a span over both would be of the label or the cells between them, too. */
static enum status tell_written_name(struct person_reader *reader, const struct person_draft *draft)
{
	const struct bytes text = reader->input->text, name = draft->given;
	bool is_in_one_piece = name.len > 0 && draft->surname.len == 0 && name.at >= text.at &&
	                       name.at + name.len <= text.at + text.len;
	if (!is_in_one_piece || draft->record.source == PERSON_ROW)
		return STATUS_OK;
	size_t from = (size_t)(name.at - text.at);
	return person_tell_name(reader, from, from + name.len, draft->record.confidence, BYTES_LITERAL("person-block/1"));
}

/* Equal ones are told once, but for rows: each is a place of its own. */
static enum status tell(struct person_reader *reader, struct person_record *record)
{
	bool is_new = true, is_noted;
	enum status status = STATUS_OK;
	buffer_reset(&reader->scratch);
	if (!record->has_place) {
		person_append(&reader->scratch, record);
		status = buffer_status(&reader->scratch);
	}
	if (status == STATUS_OK && !record->has_place)
		status = mark(reader, TOLD_RECORD, buffer_bytes(&reader->scratch), &is_new);
	for (size_t i = 0; i < record->email_count && status == STATUS_OK; i++)
		status = mark(reader, TOLD_ADDRESS, record->emails[i], &is_noted);
	return status == STATUS_OK && is_new ? reader->sink->record(reader->sink->context, record) : status;
}

/* Whose address it is, where it is not one that anybody can have. */
static void find_domain(struct person_draft *draft, struct buffer *into)
{
	struct person_record *record = &draft->record;
	for (size_t i = 0; i < record->email_count && record->domain.len == 0; i++) {
		struct bytes host = bytes_from(record->emails[i], bytes_find_last_byte(record->emails[i], '@') + 1);
		buffer_reset(into);
		if (!attribute_is_freemail(host) && attribute_registrable_domain(host, into) == STATUS_OK &&
		    into->len <= PERSON_TEXT_MAX)
			record->domain = buffer_bytes(into);
	}
}

/* What stands behind several blanks is another column; what ends it is none of it. */
static struct bytes clean_role(struct bytes role)
{
	size_t gap = bytes_find(role, BYTES_LITERAL("  "));
	role = bytes_trim(bytes_slice(role, 0, gap));
	while (role.len > 0 && (role.at[role.len - 1] == ',' || role.at[role.len - 1] == ';' || role.at[role.len - 1] == '|'))
		role = bytes_trim(bytes_slice(role, 0, role.len - 1));
	return role;
}

enum status person_draft_finish(struct person_reader *reader, struct person_draft *draft)
{
	struct person_record *record = &draft->record;
	struct buffer domain = buffer_with_ceiling(PERSON_VALUE_MAX);
	enum status status = STATUS_OK;
	put_name_together(draft);
	if (record->organisation.len > 0 || record->role.len > 0)
		record->elements |= record->name.len > 0 ? ELEMENT_BIT(ELEMENT_EMPLOYMENT) : 0u;
	if (is_somebody(record)) {
		find_domain(draft, &domain);
		record->organisation = cut_text(record->organisation);
		record->name = cut_text(record->name);
		record->role = clean_role(record->role);
		record->confidence = record->name.len > 0 && record->email_count + record->identifier_count > 0
		                             ? draft->confidence
		                             : draft->confidence * 0.7f;
		status = tell(reader, record);
		if (status == STATUS_OK)
			status = tell_written_name(reader, draft);
	}
	person_draft_free(draft);
	buffer_free(&domain);
	return status;
}

/* ---- headers and running text ---- */

bool person_is_header_name(struct bytes name)
{
	static const char *const names[] = {"from", "to",    "cc", "bcc", "reply-to",    "sender",   "von",
	                                    "an",   "kopie", "de", "à",   "a",           "para",     "cci",
	                                    "cco",  "copie", "da", "aan", "resent-from", "resent-to"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (bytes_equal_nocase(name, bytes_of_string(names[i])))
			return true;
	return false;
}

struct line_kind {
	size_t from;
	bool is_header, is_trace, is_list; /* names people; was written by machines; of a list that mail goes to */
};

/* The field that a place in the text stands in, if its line (or that which it continues) is one of a header. */
static struct line_kind line_of(struct bytes text, size_t at)
{
	struct line_kind kind = {.from = at};
	for (size_t passed = 0; kind.from > 0 && passed < LINE_MAX; passed++) {
		bool is_start = text.at[kind.from - 1] == '\n';
		if (is_start && text.at[kind.from] != ' ' && text.at[kind.from] != '\t')
			break;
		kind.from--;
	}
	struct bytes line = bytes_slice(text, kind.from, at - kind.from);
	size_t colon = bytes_find_byte(bytes_slice(line, 0, 4 * HEADER_NAME_MAX), ':');
	if (colon == BYTES_NOT_FOUND)
		return kind;
	struct bytes name = bytes_trim(bytes_slice(line, 0, colon));
	while (name.len > 0 && (name.at[0] == '>' || name.at[0] == '*' || name.at[0] == ' ' || name.at[0] == '|'))
		name = bytes_from(name, 1);
	if (name.len > 0 && name.at[name.len - 1] == '*')
		name.len--;
	kind.is_header = person_is_header_name(name);
	kind.is_list = bytes_start_with_nocase(name, BYTES_LITERAL("list-")) ||
	               bytes_start_with_nocase(name, BYTES_LITERAL("x-beenthere"));
	kind.is_trace = bytes_start_with_nocase(name, BYTES_LITERAL("message-id")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("references")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("in-reply-to")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("received")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("return-path")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("list-")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("x-")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("delivered-to")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("errors-to")) ||
	                bytes_start_with_nocase(name, BYTES_LITERAL("envelope"));
	return kind;
}

/* The name that stands right before an address, of one line with it. */
static struct person_spot *name_before(const struct person_reader *reader, size_t index)
{
	if (index == 0)
		return NULL;
	struct person_spot *name = &reader->spots[index - 1], *address = &reader->spots[index];
	if (name->finding->kind != FINDING_PERSON || name->to > address->from || address->from - name->to > NAME_GAP_MAX + 8)
		return NULL;
	bool has_bracket = false;
	for (size_t i = name->to; i < address->from; i++) {
		unsigned char c = reader->input->text.at[i];
		has_bracket |= c == '<' || c == '(' || c == '[';
		if (c == '\n' && !has_bracket && i + 1 < address->from && reader->input->text.at[i + 1] > ' ')
			return NULL;
	}
	return has_bracket ? name : NULL;
}

static enum status read_address(struct person_reader *reader, size_t index, bool is_named)
{
	struct person_spot *address = &reader->spots[index], *name = name_before(reader, index);
	struct person_draft draft;
	bool is_known = hash_table_find(&reader->told, hash_of(TOLD_ADDRESS, address->finding->value)) != NULL;
	if (is_named != (name != NULL) || (name == NULL && is_known) ||
	    hash_table_find(&reader->told, hash_of(TOLD_LIST, address->finding->value)) != NULL)
		return STATUS_OK;
	struct line_kind line = line_of(reader->input->text, address->from);
	/* In running text the name beside an address says no more than the form or the row it stands in. */
	if (line.is_trace || (is_known && !line.is_header) || person_is_shared_address(address->finding->value))
		return STATUS_OK;
	person_draft_begin(&draft, line.is_header ? PERSON_HEADER : PERSON_TEXT,
	                   line.is_header ? SURE_HEADER
	                   : is_named     ? SURE_TEXT
	                                  : SURE_ADDRESS);
	bool is_taken = person_draft_take(&draft, address) && (name == NULL || person_draft_take(&draft, name));
	/* A name that its address does not bear out may be what a program wrote there. */
	if (!is_taken && draft.record.email_count == 0) {
		person_draft_free(&draft);
		return STATUS_OK;
	}
	return person_draft_finish(reader, &draft);
}

/* A mail says itself by which list it came: that address is nobody's. */
static enum status note_lists(struct person_reader *reader)
{
	enum status status = STATUS_OK;
	bool is_new;
	for (size_t i = 0; i < reader->spot_count && status == STATUS_OK; i++)
		if (reader->spots[i].finding->kind == FINDING_EMAIL &&
		    line_of(reader->input->text, reader->spots[i].from).is_list)
			status = mark(reader, TOLD_LIST, reader->spots[i].finding->value, &is_new);
	return status;
}

/* Those with a name first: what follows without one says no more. */
static enum status read_addresses(struct person_reader *reader)
{
	enum status status = note_lists(reader);
	for (int is_named = 1; is_named >= 0; is_named--)
		for (size_t i = 0; i < reader->spot_count && status == STATUS_OK; i++) {
			if (reader->spots[i].finding->kind == FINDING_EMAIL)
				status = read_address(reader, i, is_named != 0);
			if (status == STATUS_OK && i % PROGRESS_EVERY == 0 && reader->sink->progress != NULL)
				status = reader->sink->progress(reader->sink->context);
		}
	return status;
}

enum status person_read(const struct person_input *input, const struct person_sink *sink)
{
	struct person_reader reader = {
		.input = input,
		.sink = sink,
		.scratch = buffer_with_ceiling(FACT_VALUE_MAX),
	};
	enum status status = fold_new(&reader.fold);
	if (status != STATUS_OK)
		return status;
	status = find_spots(&reader);
	if (status == STATUS_OK)
		status = person_read_tables(&reader);
	if (status == STATUS_OK)
		status = person_read_blocks(&reader);
	if (status == STATUS_OK)
		status = read_addresses(&reader);
	free(reader.spots);
	hash_table_free(&reader.told);
	buffer_free(&reader.scratch);
	fold_free(reader.fold);
	return status;
}

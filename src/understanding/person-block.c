/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People in lines below each other: a form has a label before each value, a
 * signature block stands behind a greeting, an address card (RFC 6350) says
 * where it begins and ends. One pass over the lines outside of tables; each
 * looks at no more than some lines behind it.
 */
#include "base/text.h"
#include "understanding/person-reader.h"
#include "words/person-name.h"
#include "words/person-words.h"

enum {
	LINE_LENGTH_MAX = 400,
	LABEL_MAX = 48,
	STRANGE_LINES_MAX = 2, /* within a form */
	SIGNATURE_LINES = 10,
	SIGNATURE_LINE_MAX = 100,
	NAME_LINES = 3, /* of a signature block, that the name is among */
	GREETING_MAX = 60,
	PROGRESS_EVERY = 4096,
};

static const float SURE_FORM = 0.85f, SURE_SIGNATURE = 0.8f, SURE_CARD = 0.95f;

struct line {
	size_t from, to; /* without marks of quotation, blanks and its end */
	size_t next;
	unsigned depth; /* of quotation */
};

struct block_reader {
	struct person_reader *reader;
	struct bytes text;
	bool has_form, has_card;
	struct person_draft form, card;
	uint64_t whose; /* the form's */
	unsigned strange;
	unsigned depth;                   /* of the line before */
	struct bytes sender, sender_name; /* of the latest header: whose signature block may follow */
	struct bytes full_name;           /* of the card, N where it has no FN */
};

/* ---- lines ---- */

static struct line line_from(struct bytes text, size_t at)
{
	struct bytes rest = bytes_from(text, at);
	size_t end = bytes_find_byte(rest, '\n');
	struct line line = {.from = at, .to = end == BYTES_NOT_FOUND ? text.len : at + end};
	line.next = line.to + 1;
	while (line.from < line.to && (text.at[line.from] <= ' ' || text.at[line.from] == '>' || text.at[line.from] == '|'))
		line.depth += text.at[line.from++] == '>';
	while (line.to > line.from && text.at[line.to - 1] <= ' ')
		line.to--;
	return line;
}

static struct bytes line_text(const struct block_reader *block, const struct line *line)
{
	return bytes_slice(block->text, line->from, line->to - line->from);
}

/* ---- whose address ---- */

/* An address that the name bears out, or that is its initials. */
static bool is_named_by(struct block_reader *block, struct bytes name, struct bytes address)
{
	struct buffer folded = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX);
	size_t at = bytes_find_last_byte(address, '@');
	struct bytes local = bytes_slice(address, 0, at != BYTES_NOT_FOUND ? at : 0);
	person_name_fold(block->reader->fold, name, &folded);
	bool is_theirs = person_name_backs(buffer_bytes(&folded), local) ||
	                 (local.len <= 3 && local.len > 0 && folded.len > 0 && (local.at[0] | 0x20) == folded.at[0]);
	buffer_free(&folded);
	return is_theirs;
}

/* Two words, as "dana.whitlock": somebody's name. */
static bool is_name_of_somebody(struct bytes address)
{
	size_t letters = 0, words = 0, at = bytes_find_last_byte(address, '@');
	for (size_t i = 0; i < at && i < address.len; i++) {
		unsigned char c = address.at[i] | 0x20;
		if (c >= 'a' && c <= 'z')
			letters++;
		else if ((address.at[i] == '.' || address.at[i] == '_' || address.at[i] == '-') && letters >= 2) {
			words++;
			letters = 0;
		} else
			return false;
	}
	return words + (letters >= 2) == 2;
}

/* ---- forms ---- */

static enum status end_form(struct block_reader *block)
{
	if (!block->has_form)
		return STATUS_OK;
	block->has_form = false;
	unsigned kinds = 0;
	for (unsigned fields = block->form.fields; fields != 0; fields &= fields - 1)
		kinds++;
	const unsigned naming = 1u << PERSON_FIELD_NAME | 1u << PERSON_FIELD_GIVEN | 1u << PERSON_FIELD_SURNAME;
	bool is_form = kinds >= 2 && (block->form.fields & naming) != 0;
	if (is_form)
		return person_draft_finish(block->reader, &block->form);
	person_draft_free(&block->form);
	return STATUS_OK;
}

static bool is_naming(enum person_field field)
{
	return field == PERSON_FIELD_NAME || field == PERSON_FIELD_GIVEN || field == PERSON_FIELD_SURNAME;
}

/* A value behind a label that asks for a name must be one. */
static bool is_name(struct bytes value, bool is_whole)
{
	struct buffer name = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX);
	size_t words = value.len <= PERSON_NAME_LENGTH_MAX ? person_name_append(&name, value, false) : 0;
	buffer_free(&name);
	return words >= (is_whole ? 2u : 1u);
}

static bool has_field(const struct block_reader *block, enum person_field field)
{
	return (block->form.fields & 1u << field) != 0;
}

/* Another one's: it names somebody, and not whom the form is of. */
static bool is_anothers(struct block_reader *block, size_t from, size_t to)
{
	const struct person_reader *reader = block->reader;
	const struct person_draft *form = &block->form;
	struct bytes name = form->record.name.len > 0 ? form->record.name : form->surname.len > 0 ? form->surname : form->given;
	for (size_t i = person_spot_after(reader, from); i < reader->spot_count && reader->spots[i].to <= to; i++) {
		struct bytes address = reader->spots[i].finding->value;
		if (reader->spots[i].finding->kind != FINDING_EMAIL || name.len == 0 || is_named_by(block, name, address))
			continue;
		if (is_name_of_somebody(address) || form->record.email_count > 0)
			return true;
	}
	return false;
}

static enum status take_field(struct block_reader *block, struct person_label label, size_t from, size_t to)
{
	struct bytes value = bytes_trim(bytes_slice(block->text, from, to - from));
	enum status status = STATUS_OK;
	bool has_address = bytes_find_byte(value, '@') != BYTES_NOT_FOUND;
	if (is_naming(label.field) && !has_address && !is_name(value, label.field == PERSON_FIELD_NAME))
		return STATUS_OK;
	if (block->has_form && (label.whose != block->whose || (is_naming(label.field) && has_field(block, label.field)) ||
	                        is_anothers(block, from, to)))
		status = end_form(block);
	if (!block->has_form) {
		person_draft_begin(&block->form, PERSON_FORM, SURE_FORM);
		block->has_form = true;
		block->whose = label.whose;
	}
	block->strange = 0;
	person_draft_take_field(block->reader, &block->form, label.field, from, to);
	return status;
}

/* Where a label ends: at a colon, or at a tab. 0: there is none. */
static size_t label_end(struct bytes part)
{
	for (size_t i = 0; i < part.len && i <= LABEL_MAX; i++)
		if (part.at[i] == ':' || part.at[i] == '\t' || part.at[i] == '=')
			return i;
	return 0;
}

/* "Label: value", or "Label<tab>value". */
static enum status read_field(struct block_reader *block, size_t from, size_t to, bool *ret_is_field)
{
	struct bytes part = bytes_slice(block->text, from, to - from);
	size_t end = label_end(part);
	if (end == 0 || end + 1 >= part.len)
		return STATUS_OK;
	struct bytes written = bytes_trim(bytes_slice(part, 0, end));
	while (written.len > 0 && (written.at[0] == '"' || written.at[0] == '-' || written.at[0] == '*'))
		written = bytes_from(written, 1);
	while (written.len > 0 && (written.at[written.len - 1] == '"' || written.at[written.len - 1] == '*'))
		written.len--;
	struct person_label label = person_field_read(block->reader->fold, written);
	size_t value = from + end + 1, stop = to;
	while (value < stop && (block->text.at[value] <= ' ' || block->text.at[value] == '"' || block->text.at[value] == ':'))
		value++;
	while (stop > value && (block->text.at[stop - 1] == '"' || block->text.at[stop - 1] == ','))
		stop--;
	if (label.field == PERSON_FIELD_NONE || value >= stop)
		return STATUS_OK;
	*ret_is_field = true;
	return take_field(block, label, value, stop);
}

/* Several fields may stand in one line, three blanks or a tab between them. */
static size_t part_end(struct bytes text, size_t from, size_t to)
{
	for (size_t i = from; i + 2 < to; i++)
		if (text.at[i] == ' ' && text.at[i + 1] == ' ' && text.at[i + 2] == ' ')
			return i;
	return to;
}

static enum status read_form_line(struct block_reader *block, const struct line *line)
{
	enum status status = STATUS_OK;
	bool is_field = false;
	if (line->to - line->from > LINE_LENGTH_MAX)
		return end_form(block);
	for (size_t at = line->from; at < line->to && status == STATUS_OK;) {
		size_t end = part_end(block->text, at, line->to);
		status = read_field(block, at, end, &is_field);
		at = end;
		while (at < line->to && block->text.at[at] == ' ')
			at++;
	}
	if (status != STATUS_OK || is_field || !block->has_form)
		return status;
	return ++block->strange > STRANGE_LINES_MAX ? end_form(block) : STATUS_OK;
}

/* ---- signature blocks ---- */

/* clang-format off */
static const char *const greetings[] = {
	"regards", "kind regards", "best regards", "best", "best wishes", "warm regards", "with regards", "many thanks", "thanks",
	"thank you", "thanks and regards", "thx", "cheers", "sincerely", "yours sincerely", "sincerely yours", "yours faithfully",
	"yours truly", "yours", "respectfully", "take care", "all the best", "mit freundlichen grüßen", "mit freundlichem gruß",
	"mit freundlichen gruessen", "mit freundlichen grüssen", "freundliche grüße", "viele grüße", "beste grüße",
	"herzliche grüße", "schöne grüße", "liebe grüße", "grüße", "gruß", "mfg", "vg", "lg", "mit besten grüßen",
	"freundliche grüsse", "beste grüsse", "viele grüsse", "hochachtungsvoll", "cordialement", "bien cordialement",
	"très cordialement", "bien à vous", "salutations", "sincères salutations", "meilleures salutations",
	"salutations distinguées", "merci", "amicalement", "saludos", "un saludo", "saludos cordiales", "atentamente",
	"cordialmente", "un cordial saludo", "gracias", "muchas gracias", "atte",
};
/* clang-format on */

static bool is_greeting(struct bytes line)
{
	if (line.len == 0 || line.len > GREETING_MAX)
		return false;
	if (bytes_equal_string(line, "--"))
		return true;
	while (line.len > 0 && (line.at[line.len - 1] == ',' || line.at[line.len - 1] == '.' || line.at[line.len - 1] == '!'))
		line.len--;
	for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++)
		if (bytes_equal_nocase(line, bytes_of_string(greetings[i])))
			return true;
	return false;
}

static bool begins_other(struct bytes line)
{
	size_t colon = bytes_find_byte(bytes_slice(line, 0, 24), ':');
	return (colon != BYTES_NOT_FOUND && person_is_header_name(bytes_trim(bytes_slice(line, 0, colon)))) ||
	       bytes_start_with(line, BYTES_LITERAL("-----")) || bytes_start_with(line, BYTES_LITERAL("_____"));
}

/* "Name: Anna Berg": a form begins, of whoever it names. */
static bool begins_form(const struct block_reader *block, struct bytes line)
{
	size_t end = label_end(line);
	return end > 0 && is_naming(person_field_read(block->reader->fold, bytes_trim(bytes_slice(line, 0, end))).field);
}

/* The first words of a line up to a comma or a dash: "Anna Berg, Head of Sales". */
static struct bytes leading_words(struct bytes line)
{
	for (size_t i = 1; i < line.len; i++)
		if (line.at[i] == ',' || line.at[i] == '|' || line.at[i] == '(' || (line.at[i] == '-' && line.at[i - 1] == ' '))
			return bytes_trim(bytes_slice(line, 0, i));
	return line;
}

static void take_block_line(struct block_reader *block, struct person_draft *draft, const struct line *line)
{
	const struct person_reader *reader = block->reader;
	struct bytes text = line_text(block, line);
	bool has_spot = false;
	for (size_t i = person_spot_after(reader, line->from); i < reader->spot_count && reader->spots[i].from < line->to; i++) {
		struct person_spot *spot = &reader->spots[i];
		enum finding_kind kind = spot->finding->kind;
		has_spot = true;
		if (kind != FINDING_EMAIL && kind != FINDING_PHONE && kind != FINDING_ORGANISATION_NAME)
			continue;
		if (kind == FINDING_EMAIL && !is_named_by(block, draft->given, spot->finding->value))
			continue;
		person_draft_take(draft, spot);
	}
	if (!has_spot && draft->record.role.len == 0 && person_is_role(reader->fold, text))
		draft->record.role = text;
}

/* The sender's address is theirs who signs, where the names agree. */
static void take_sender(struct block_reader *block, struct person_draft *draft)
{
	struct buffer name = buffer_with_ceiling(8 * PERSON_NAME_LENGTH_MAX), sender = name;
	if (draft->record.email_count > 0 || block->sender.len == 0 || person_is_shared_address(block->sender))
		return;
	person_name_fold(block->reader->fold, draft->given, &name);
	person_name_fold(block->reader->fold, block->sender_name, &sender);
	size_t at = bytes_find_last_byte(block->sender, '@');
	bool is_theirs = sender.len > 0 ? person_names_agree(buffer_bytes(&name), buffer_bytes(&sender))
	                                : person_name_backs(buffer_bytes(&name), bytes_slice(block->sender, 0, at));
	if (is_theirs && name.len > 0) {
		person_add_email(&draft->record, block->sender);
		draft->record.elements |= ELEMENT_BIT(ELEMENT_CONTACT);
	}
	buffer_free(&name);
	buffer_free(&sender);
}

/* From behind its greeting; *ret_next: behind it. */
static enum status read_signature(struct block_reader *block, size_t at, unsigned depth, size_t *ret_next)
{
	struct person_draft draft;
	bool has_name = false, has_line = false;
	unsigned named_after = 0, blanks = 0;
	person_draft_begin(&draft, PERSON_SIGNATURE, SURE_SIGNATURE);
	for (unsigned i = 0; i < SIGNATURE_LINES && at < block->text.len; i++) {
		struct line line = line_from(block->text, at);
		struct bytes text = line_text(block, &line);
		if (text.len == 0 && line.depth <= depth) {
			at = line.next;
			if (has_line && ++blanks > 1)
				break;
			continue;
		}
		if (text.len > SIGNATURE_LINE_MAX || line.depth != depth || begins_other(text) || begins_form(block, text) ||
		    is_greeting(text))
			break;
		at = line.next;
		blanks = 0;
		has_line = true;
		if (!has_name && named_after++ < NAME_LINES && is_name(leading_words(text), true)) {
			draft.given = leading_words(text);
			has_name = true;
			struct bytes rest = bytes_trim(bytes_from(text, draft.given.len));
			while (rest.len > 0 && (rest.at[0] == ',' || rest.at[0] == '|' || rest.at[0] == '-' || rest.at[0] == ' '))
				rest = bytes_from(rest, 1);
			if (person_is_role(block->reader->fold, rest))
				draft.record.role = rest;
			continue;
		}
		if (has_name)
			take_block_line(block, &draft, &line);
	}
	if (!has_name) {
		person_draft_free(&draft);
		return STATUS_OK;
	}
	*ret_next = at;
	take_sender(block, &draft);
	return person_draft_finish(block->reader, &draft);
}

/* ---- address cards ---- */

static enum status end_card(struct block_reader *block)
{
	if (!block->has_card)
		return STATUS_OK;
	block->has_card = false;
	if (block->card.given.len == 0)
		block->card.given = block->full_name;
	return person_draft_finish(block->reader, &block->card);
}

/* "item1.EMAIL;TYPE=work" is EMAIL. */
static struct bytes property_name(struct bytes name)
{
	size_t dot = bytes_find_byte(name, '.'), parameters = bytes_find_byte(name, ';');
	if (parameters != BYTES_NOT_FOUND)
		name = bytes_slice(name, 0, parameters);
	return dot != BYTES_NOT_FOUND && dot < name.len ? bytes_from(name, dot + 1) : name;
}

static const struct property {
	const char *name;
	enum person_field field;
} properties[] = {
	{"FN", PERSON_FIELD_NAME},      {"EMAIL", PERSON_FIELD_EMAIL},  {"TEL", PERSON_FIELD_PHONE}, {"ORG", PERSON_FIELD_ORG},
	{"TITLE", PERSON_FIELD_ROLE},   {"ROLE", PERSON_FIELD_ROLE},    {"BDAY", PERSON_FIELD_DOB},  {"ADR", PERSON_FIELD_STREET},
	{"GEO", PERSON_FIELD_LOCATION}, {"GENDER", PERSON_FIELD_OTHER},
};

static void read_property(struct block_reader *block, const struct line *line)
{
	struct bytes text = line_text(block, line);
	size_t colon = bytes_find_byte(text, ':');
	if (colon == BYTES_NOT_FOUND)
		return;
	struct bytes name = property_name(bytes_slice(text, 0, colon));
	size_t from = line->from + colon + 1;
	/* N is "Surname;Given;...". */
	if (bytes_equal_nocase(name, BYTES_LITERAL("N"))) {
		struct bytes value = bytes_from(text, colon + 1);
		size_t end = bytes_find_byte(value, ';');
		if (end != BYTES_NOT_FOUND && block->card.surname.len == 0 && block->card.given.len == 0)
			block->full_name = bytes_slice(value, 0, end);
		return;
	}
	for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
		if (bytes_equal_nocase(name, bytes_of_string(properties[i].name)))
			person_draft_take_field(block->reader, &block->card, properties[i].field, from, line->to);
	if (bytes_equal_nocase(name, BYTES_LITERAL("ADR"))) {
		size_t last = bytes_find_last_byte(text, ';');
		if (last != BYTES_NOT_FOUND && last > colon)
			person_draft_take_field(block->reader, &block->card, PERSON_FIELD_COUNTRY, line->from + last + 1,
			                        line->to);
	}
}

/* ---- all lines ---- */

/* Who the mail is from, for the block that may end it. */
static void note_sender(struct block_reader *block, const struct line *line)
{
	const struct person_reader *reader = block->reader;
	struct bytes text = line_text(block, line);
	size_t colon = bytes_find_byte(bytes_slice(text, 0, 16), ':');
	if (colon == BYTES_NOT_FOUND)
		return;
	struct bytes name = bytes_slice(text, 0, colon);
	if (!bytes_equal_nocase(name, BYTES_LITERAL("from")) && !bytes_equal_nocase(name, BYTES_LITERAL("von")) &&
	    !bytes_equal_nocase(name, BYTES_LITERAL("de")))
		return;
	block->sender = block->sender_name = BYTES_NONE;
	for (size_t i = person_spot_after(reader, line->from); i < reader->spot_count && reader->spots[i].from < line->to; i++) {
		const struct finding *finding = reader->spots[i].finding;
		if (finding->kind == FINDING_EMAIL && block->sender.len == 0)
			block->sender = finding->value;
		else if (finding->kind == FINDING_PERSON && block->sender_name.len == 0)
			block->sender_name = finding->value;
	}
}

/* *ret_next: where to go on, unless that is its own end. */
static enum status read_line(struct block_reader *block, const struct line *line, size_t *ret_next)
{
	struct bytes text = line_text(block, line);
	enum status status = STATUS_OK;
	if (bytes_start_with_nocase(text, BYTES_LITERAL("BEGIN:VCARD"))) {
		status = end_form(block);
		if (status == STATUS_OK)
			status = end_card(block);
		person_draft_begin(&block->card, PERSON_VCARD, SURE_CARD);
		block->has_card = true;
		block->full_name = BYTES_NONE;
		return status;
	}
	if (bytes_start_with_nocase(text, BYTES_LITERAL("END:VCARD")))
		return end_card(block);
	if (block->has_card) {
		read_property(block, line);
		return STATUS_OK;
	}
	if (is_greeting(text)) {
		status = end_form(block);
		return status == STATUS_OK ? read_signature(block, line->next, line->depth, ret_next) : status;
	}
	if (line->depth != block->depth)
		status = end_form(block);
	block->depth = line->depth;
	if (status != STATUS_OK)
		return status;
	note_sender(block, line);
	return read_form_line(block, line);
}

/* The end of the table that begins at or before a place and holds it; 0: none does. */
static size_t table_end(const struct person_input *input, size_t *table, size_t at)
{
	while (*table < input->table_count && input->tables[*table].to <= at)
		++*table;
	return *table < input->table_count && input->tables[*table].from <= at ? (size_t)input->tables[*table].to : 0;
}

enum status person_read_blocks(struct person_reader *reader)
{
	struct block_reader block = {.reader = reader, .text = reader->input->text};
	enum status status = STATUS_OK;
	size_t table = 0, count = 0;
	for (size_t at = 0; at < block.text.len && status == STATUS_OK;) {
		size_t end = table_end(reader->input, &table, at);
		if (end > at) {
			status = end_form(&block);
			at = end;
			continue;
		}
		struct line line = line_from(block.text, at);
		at = line.next;
		status = read_line(&block, &line, &at);
		if (status == STATUS_OK && ++count % PROGRESS_EVERY == 0 && reader->sink->progress != NULL)
			status = reader->sink->progress(reader->sink->context);
	}
	if (status == STATUS_OK)
		status = end_form(&block);
	if (status == STATUS_OK)
		status = end_card(&block);
	if (block.has_form)
		person_draft_free(&block.form);
	if (block.has_card)
		person_draft_free(&block.card);
	return status;
}

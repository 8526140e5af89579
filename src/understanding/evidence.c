/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the lines around an address. Words are compared without ASCII case. */
#include "understanding/evidence.h"

const struct evidence_row evidence_table[EVIDENCE_KIND_COUNT] = {
	[EVIDENCE_STATED] = {0.99f, true, true, "%s, the document's %s by its schema"},
	[EVIDENCE_HEADER] = {0.98f, true, true, "address %s in a mail header"},
	[EVIDENCE_SIGNED] = {0.90f, true, false, "%s, by the certificate of a signature"},
	[EVIDENCE_DEFINED] = {0.85f, true, false, "%s, made a party where the document begins"},
	[EVIDENCE_BLOCK] = {0.70f, true, false, "%s above a line for a signature"},
	[EVIDENCE_LETTERHEAD] = {0.80f, true, false, "%s near the top"},
	[EVIDENCE_QUOTED] = {0.60f, true, false, "address %s in the header of a mail that is quoted"},
	[EVIDENCE_FIELD] = {0.60f, true, false, "%s beside \"%s\""},
	[EVIDENCE_FIELD_ABOVE] = {0.60f, true, false, "%s below \"%s\""},
	[EVIDENCE_IMPRINT] = {0.60f, true, false, "%s beside a number of a register"},
	[EVIDENCE_ROW] = {0.85f, true, false, "address %s in a row of a table that is about its owner"},
	[EVIDENCE_COLUMN] = {0.40f, true, false, "most addresses of a table, as %s"},
	[EVIDENCE_SIGNATURE] = {0.30f, true, false, "address %s in a signature or contact block"},
	[EVIDENCE_REPEATED] = {0.20f, false, false, "%s on a line of several pages"},
	[EVIDENCE_SEVERAL] = {0.20f, false, false, "three or more addresses, as %s"},
	[EVIDENCE_ADDRESS] = {0.20f, false, false, "address %s"},
	[EVIDENCE_NAME] = {0.15f, false, false, "name %s"},
	[EVIDENCE_LINK] = {0.10f, false, false, "link to %s"},
	[EVIDENCE_HOST] = {0.10f, false, false, "host name %s"},
	[EVIDENCE_CARVED] = {0.10f, false, false, "%s, among strings of bytes that were not read"},
	[EVIDENCE_MACHINE] = {0.05f, false, false, "%s, a name that programs put into documents"},
	[EVIDENCE_REGISTER_NUMBER] = {0.80f, true, false, "register: number %s"},
	[EVIDENCE_REGISTER_HEADER] = {0.70f, true, false, "register: name %s in a mail header"},
	[EVIDENCE_REGISTER_FIELD] = {0.70f, true, false, "register: name %s beside \"%s\""},
	[EVIDENCE_REGISTER_FIELD_ABOVE] = {0.50f, true, false, "register: name %s below \"%s\""},
	[EVIDENCE_REGISTER_LETTERHEAD] = {0.40f, true, false, "register: name %s near the top"},
	[EVIDENCE_REGISTER_NAME] = {0.30f, false, false, "register: name %s"},
};

enum {
	LINE_MAX_LENGTH = 400,   /* of a line before the address ... */
	LEAD_MAX_LENGTH = 80,    /* ... and of it what may hold a field's word */
	HEADER_LOOK_BACK = 2048, /* over folded lines of a header */
	ABOVE_LINES = 5,
	ABOVE_LINE_MAX = 60,
	TOP_BYTES = 1200,
	LEAD_ALONE_MAX = 40,
	LABEL_MAX = 48, /* of a line before a name, where it is the name's label */
	SIGNATURE_LINES = 8,
	CONTACT_LINES = 2,
	SIGNING_LINES = 3,
	IMPRINT_LINES = 8,
	BEGINNING = 6000, /* bytes in which a contract names its parties */
	BETWEEN_REACH = 200,
	DEFINED_REACH = 400,
};

struct field_row {
	const char *word;
	enum organisation_part part;
};

/* clang-format off */
/* Field names of mail (RFC 5322 3.6.2, 3.6.3) and of quoted mails in some languages. */
static const struct field_row header_rows[] = {
	{"from", PART_SENDER}, {"to", PART_RECIPIENT}, {"cc", PART_RECIPIENT}, {"bcc", PART_RECIPIENT}, {"reply-to", PART_SENDER},
	{"sender", PART_SENDER}, {"delivered-to", PART_RECIPIENT}, {"organization", PART_SENDER},
	{"von", PART_SENDER}, {"an", PART_RECIPIENT}, {"de", PART_SENDER}, {"à", PART_RECIPIENT}, {"À", PART_RECIPIENT},
	{"para", PART_RECIPIENT}, {"da", PART_SENDER}, {"van", PART_SENDER}, {"aan", PART_RECIPIENT}, {"fra", PART_SENDER},
	{"till", PART_RECIPIENT}, {"od", PART_SENDER}, {"do", PART_RECIPIENT},
};

/* Who a document is from or for. */
static const struct field_row field_rows[] = {
	{"bill to", PART_BUYER}, {"billed to", PART_BUYER}, {"ship to", PART_BUYER}, {"sold to", PART_BUYER}, {"deliver to", PART_BUYER},
	{"client", PART_BUYER}, {"customer", PART_BUYER}, {"supplier", PART_SELLER}, {"vendor", PART_SELLER}, {"seller", PART_SELLER},
	{"buyer", PART_BUYER}, {"purchaser", PART_BUYER}, {"contractor", PART_SELLER}, {"consignee", PART_BUYER}, {"contact", PART_NONE},
	{"attn", PART_RECIPIENT}, {"attention", PART_RECIPIENT}, {"invoice", PART_NONE}, {"invoiced to", PART_BUYER},
	{"prepared by", PART_SELLER}, {"prepared for", PART_BUYER}, {"requested by", PART_NONE}, {"approved by", PART_NONE},
	{"signed by", PART_SIGNATORY}, {"submitted by", PART_SELLER}, {"submitted to", PART_BUYER}, {"account manager", PART_SELLER},
	{"sales representative", PART_SELLER}, {"employer", PART_NONE}, {"company", PART_NONE}, {"disclosing party", PART_NONE},
	{"receiving party", PART_NONE}, {"recipient", PART_RECIPIENT},
	{"kunde", PART_BUYER}, {"kundin", PART_BUYER}, {"auftraggeber", PART_BUYER}, {"auftragnehmer", PART_SELLER},
	{"lieferant", PART_SELLER}, {"rechnung", PART_NONE}, {"ansprechpartner", PART_NONE}, {"ansprechpartnerin", PART_NONE},
	{"käufer", PART_BUYER}, {"verkäufer", PART_SELLER}, {"kontakt", PART_NONE}, {"firma", PART_NONE}, {"fournisseur", PART_SELLER},
	{"vendeur", PART_SELLER}, {"acheteur", PART_BUYER}, {"facture", PART_NONE}, {"destinataire", PART_RECIPIENT}, {"société", PART_NONE},
	{"cliente", PART_BUYER}, {"proveedor", PART_SELLER}, {"vendedor", PART_SELLER}, {"comprador", PART_BUYER}, {"factura", PART_NONE},
	{"contacto", PART_NONE}, {"empresa", PART_NONE}, {"fornitore", PART_SELLER}, {"venditore", PART_SELLER}, {"acquirente", PART_BUYER},
	{"fattura", PART_NONE}, {"contatto", PART_NONE}, {"klant", PART_BUYER}, {"leverancier", PART_SELLER}, {"factuur", PART_NONE},
	{"koper", PART_BUYER}, {"verkoper", PART_SELLER}, {"fornecedor", PART_SELLER}, {"fatura", PART_NONE},
};

/* Beside or above what is signed. */
static const char *const signing_words[] = {
	"by:", "name:", "title:", "signature", "signed", "unterschrift", "signé", "its:",
};

/* Beside whose number they stand, the document is of. */
static const char *const register_words[] = {
	"hrb", "hra", "amtsgericht", "handelsregister", "registergericht", "registered in", "registered office", "company no", "company number",
	"registration no", "reg. no", "rcs", "siret", "siren", "kvk", "ust-idnr", "ust-id", "ust.-id", "umsatzsteuer-id", "vat no", "vat id",
	"vat reg", "vat number", "tva", "n° tva", "partita iva", "p. iva", "p.iva", "btw", "capitale sociale", "geschäftsführer",
	"geschäftsführung", "steuernummer", "tax id",
};

/* Where a contract begins with who makes it. */
static const char *const between_words[] = {"between", "among", "zwischen", "entre"};
/* clang-format on */

static const char *const farewells[] = {
	"regards",      "sincerely",   "best wishes", "yours faithfully", "cheers", "thanks,", "grüße",          "grüßen",
	"cordialement", "salutations", "saludos",     "atentamente",      "saluti", "groeten", "atenciosamente",
};

static const char *const contact_words[] = {
	"tel", "tel.",     "phone",    "telephone", "mobile", "fax",   "telefon", "mobil",
	"tél", "teléfono", "telefono", "cell",      "e-mail", "email", "mail",
};

#define COUNT(list) (sizeof list / sizeof list[0])

static bool is_word_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
}

/* Whether line has word at an offset, whole. */
static bool has_word_at(struct bytes line, size_t at, const char *word)
{
	size_t length = strlen(word);
	return bytes_start_with_nocase(bytes_from(line, at), bytes_of(word, length)) &&
	       (at == 0 || !is_word_byte(line.at[at - 1])) && (at + length >= line.len || !is_word_byte(line.at[at + length]));
}

/* The first of the words that the line has, or NULL. */
static const char *find_word(struct bytes line, const char *const *words, size_t count)
{
	for (size_t at = 0; at < line.len; at++) {
		if (!is_word_byte(line.at[at]) || (at > 0 && is_word_byte(line.at[at - 1])))
			continue;
		unsigned char first_bit = line.at[at] < 0x80 ? 0x20 : 0;
		for (size_t i = 0; i < count; i++)
			if ((unsigned char)words[i][0] == (line.at[at] | first_bit) && has_word_at(line, at, words[i]))
				return words[i];
	}
	return NULL;
}

static const struct field_row *find_field(struct bytes line)
{
	for (size_t at = 0; at < line.len; at++) {
		if (!is_word_byte(line.at[at]) || (at > 0 && is_word_byte(line.at[at - 1])))
			continue;
		unsigned char first_bit = line.at[at] < 0x80 ? 0x20 : 0;
		for (size_t i = 0; i < COUNT(field_rows); i++)
			if ((unsigned char)field_rows[i].word[0] == (line.at[at] | first_bit) &&
			    has_word_at(line, at, field_rows[i].word))
				return &field_rows[i];
	}
	return NULL;
}

/* What a line with that field makes what it belongs to: nothing where it holds two, which side by side are columns. */
static enum organisation_part part_of_line(struct bytes line, const struct field_row *row)
{
	for (size_t at = 0; at < line.len; at++) {
		if (!is_word_byte(line.at[at]) || (at > 0 && is_word_byte(line.at[at - 1])))
			continue;
		for (size_t i = 0; i < COUNT(field_rows); i++)
			if (field_rows[i].part != row->part && field_rows[i].part != PART_NONE &&
			    (unsigned char)field_rows[i].word[0] == (line.at[at] | (line.at[at] < 0x80 ? 0x20 : 0)) &&
			    has_word_at(line, at, field_rows[i].word))
				return PART_NONE;
	}
	return row->part;
}

static size_t line_start(struct bytes text, size_t at, size_t reach)
{
	size_t stop = at > reach ? at - reach : 0;
	while (at > stop && text.at[at - 1] != '\n')
		at--;
	return at;
}

static struct bytes line_at(struct bytes text, size_t start)
{
	struct bytes rest = bytes_slice(text, start, LINE_MAX_LENGTH);
	return bytes_slice(rest, 0, bytes_find_byte(rest, '\n'));
}

/* ---- mail headers ---- */

static const struct field_row *find_header(struct bytes line)
{
	size_t colon = bytes_find_byte(line, ':');
	if (colon == BYTES_NOT_FOUND)
		return NULL;
	struct bytes name = bytes_trim(bytes_slice(line, 0, colon));
	while (name.len > 0 && (name.at[0] == '>' || name.at[0] == '*' || name.at[0] == ' ' || name.at[0] == '|'))
		name = bytes_from(name, 1);
	if (name.len > 0 && name.at[name.len - 1] == '*')
		name.len--;
	for (size_t i = 0; i < COUNT(header_rows); i++)
		if (bytes_equal_nocase(name, bytes_of_string(header_rows[i].word)))
			return &header_rows[i];
	return NULL;
}

/* Of the line that a folded one belongs to. */
static const struct field_row *find_header_above(struct bytes text, size_t from)
{
	size_t stop = from > HEADER_LOOK_BACK ? from - HEADER_LOOK_BACK : 0;
	size_t start = line_start(text, from, from - stop);
	while (start > stop && (text.at[start] == ' ' || text.at[start] == '\t'))
		start = line_start(text, start - 1, start - 1 - stop);
	return find_header(bytes_slice(text, start, from - start));
}

/* The name of the field of a mail that a place stands in, on one line; empty if it is none. */
static struct bytes trace_name(struct bytes text, size_t from)
{
	size_t start = line_start(text, from, HEADER_LOOK_BACK);
	struct bytes line = bytes_slice(text, start, from - start);
	struct bytes name = bytes_slice(line, 0, bytes_find_byte(line, ':'));
	return name.len == line.len || bytes_find_byte(name, ' ') != BYTES_NOT_FOUND ? BYTES_NONE : name;
}

bool evidence_is_lists_own(struct bytes text, size_t from)
{
	static const char *const names[] = {"list-post",      "list-id",      "list-owner", "x-beenthere",
	                                    "x-mailing-list", "mailing-list", "x-loop",     "list-help"};
	struct bytes name = trace_name(text, from);
	for (size_t i = 0; i < COUNT(names); i++)
		if (bytes_equal_nocase(name, bytes_of_string(names[i])))
			return true;
	return false;
}

bool evidence_is_of_list(struct bytes address)
{
	static const char *const ends[] = {"unsubscribe", "subscribe", "-request", "-owner",
	                                   "-bounces",    "-help",     "-admin",   "-bounce"};
	static const char *const whole[] = {"majordomo", "listserv", "listproc", "mailman", "mailer-daemon", "remove",
	                                    "optout",    "opt-out",  "owner",    "leave",   "bounce",        "bounces"};
	static const char *const beginnings[] = {"owner-",  "unsubscribe", "unsub-",   "remove-", "leave-",
	                                         "bounce-", "bounces-",    "bounces+", "sentto-"};
	struct bytes local = bytes_slice(address, 0, bytes_find_last_byte(address, '@'));
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct bytes end = bytes_of_string(ends[i]);
		if (local.len >= end.len && bytes_equal_nocase(bytes_from(local, local.len - end.len), end))
			return true;
	}
	for (size_t i = 0; i < COUNT(whole); i++)
		if (bytes_equal_nocase(local, bytes_of_string(whole[i])))
			return true;
	for (size_t i = 0; i < COUNT(beginnings); i++)
		if (bytes_start_with_nocase(local, bytes_of_string(beginnings[i])))
			return true;
	return false;
}

bool evidence_is_in_trace(struct bytes text, size_t from)
{
	static const char *const names[] = {"received",     "authentication-results",
	                                    "received-spf", "return-path",
	                                    "errors-to",    "message-id",
	                                    "in-reply-to",  "references",
	                                    "precedence",   "user-agent",
	                                    "envelope-to"};
	static const char *const beginnings[] = {"x-", "list-", "resent-", "old-"};
	struct bytes name = trace_name(text, from);
	for (size_t i = 0; i < COUNT(names); i++)
		if (bytes_equal_nocase(name, bytes_of_string(names[i])))
			return true;
	for (size_t i = 0; i < COUNT(beginnings); i++)
		if (bytes_start_with_nocase(name, bytes_of_string(beginnings[i])))
			return true;
	return false;
}

/* ---- letters ---- */

/* A short line above that begins with a field's word, with neither an empty line nor another address between. */
static const struct field_row *find_field_above(struct bytes text, size_t start, enum organisation_part *ret_part)
{
	for (int i = 0; i < ABOVE_LINES && start > 0; i++) {
		start = line_start(text, start - 1, LINE_MAX_LENGTH);
		struct bytes line = bytes_trim(line_at(text, start));
		if (line.len == 0 || line.len > ABOVE_LINE_MAX || bytes_find_byte(line, '@') != BYTES_NOT_FOUND)
			return NULL;
		const struct field_row *row = find_field(line);
		if (row != NULL && has_word_at(line, 0, row->word)) {
			*ret_part = part_of_line(line, row);
			return row;
		}
	}
	return NULL;
}

/* Whether one of the words stands on one of the lines above, which are short. */
static bool has_above(struct bytes text, size_t start, int lines, const char *const *words, size_t count)
{
	for (int i = 0; i < lines && start > 0; i++) {
		start = line_start(text, start - 1, LINE_MAX_LENGTH);
		struct bytes line = bytes_trim(line_at(text, start));
		if (line.len > 0 && line.len <= ABOVE_LINE_MAX && find_word(line, words, count) != NULL)
			return true;
	}
	return false;
}

static bool has_below(struct bytes text, size_t at, int lines, const char *const *words, size_t count)
{
	for (int i = 0; i < lines; i++) {
		struct bytes rest = bytes_slice(text, at, LINE_MAX_LENGTH);
		size_t end = bytes_find_byte(rest, '\n');
		if (end == BYTES_NOT_FOUND)
			return false;
		at += end + 1;
		struct bytes line = bytes_trim(line_at(text, at));
		if (line.len > 0 && line.len <= ABOVE_LINE_MAX && find_word(line, words, count) != NULL)
			return true;
	}
	return false;
}

static bool is_signature(struct bytes text, size_t start, struct bytes lead, size_t to)
{
	return find_word(lead, contact_words, COUNT(contact_words)) != NULL ||
	       has_above(text, start, SIGNATURE_LINES, farewells, COUNT(farewells)) ||
	       has_above(text, start, CONTACT_LINES, contact_words, COUNT(contact_words)) ||
	       has_below(text, to, CONTACT_LINES, contact_words, COUNT(contact_words));
}

/* What a field on the same line or above says. */
static void look_for_field(struct bytes text, size_t start, struct bytes lead, bool is_alone, struct evidence_place *place)
{
	lead = bytes_from(lead, lead.len > LEAD_MAX_LENGTH ? lead.len - LEAD_MAX_LENGTH : 0);
	const struct field_row *row = find_field(lead);
	if (row != NULL) {
		place->kinds |= 1u << EVIDENCE_FIELD;
		place->part = part_of_line(lead, row);
	} else if (is_alone && (row = find_field_above(text, start, &place->part)) != NULL) {
		place->kinds |= 1u << EVIDENCE_FIELD_ABOVE;
	}
	place->field = row != NULL ? row->word : NULL;
}

struct evidence_place evidence_of_place(struct bytes text, size_t from, size_t to, bool has_letterhead)
{
	struct evidence_place place = {0};
	size_t start = line_start(text, from, LINE_MAX_LENGTH);
	struct bytes lead = bytes_slice(text, start, from - start);
	const struct field_row *header = find_header_above(text, from);
	if (header != NULL) {
		place.kinds |= 1u << EVIDENCE_QUOTED;
		place.part = header->part;
		return place;
	}
	bool is_alone = lead.len <= LEAD_ALONE_MAX;
	look_for_field(text, start, lead, is_alone, &place);
	/* Whom a letter is for stands near the top, too. */
	if (has_letterhead && from < TOP_BYTES && is_alone && place.kinds == 0)
		place.kinds |= 1u << EVIDENCE_LETTERHEAD;
	/* Below "Attention" stands whom to write to, and that may be a party's counsel. */
	if (place.kinds & 1u << EVIDENCE_FIELD_ABOVE && place.part == PART_RECIPIENT)
		place = (struct evidence_place){.kinds = 1u << EVIDENCE_SIGNATURE};
	lead = bytes_from(lead, lead.len > LEAD_MAX_LENGTH ? lead.len - LEAD_MAX_LENGTH : 0);
	if (is_signature(text, start, lead, to))
		place.kinds |= 1u << EVIDENCE_SIGNATURE;
	return place;
}

/* ---- names ---- */

struct bytes evidence_line(struct bytes text, size_t at)
{
	return line_at(text, line_start(text, at, LINE_MAX_LENGTH));
}

static bool is_quote(struct bytes text, size_t at)
{
	struct bytes rest = bytes_from(text, at);
	return bytes_start_with(rest, BYTES_LITERAL("\"")) || bytes_start_with(rest, BYTES_LITERAL("\xE2\x80\x9C")) ||
	       bytes_start_with(rest, BYTES_LITERAL("\xE2\x80\x9D")) || bytes_start_with(rest, BYTES_LITERAL("\xE2\x80\x9E")) ||
	       bytes_start_with(rest, BYTES_LITERAL("\xC2\xAB")) || bytes_start_with(rest, BYTES_LITERAL("'"));
}

/* ... (the "Company"): within the sentence, before another name. */
static bool is_defined(struct bytes text, size_t to, size_t limit)
{
	struct bytes rest = bytes_slice(text, to, limit - to < DEFINED_REACH ? limit - to : DEFINED_REACH);
	for (size_t at = 0; at < rest.len && rest.at[at] != ';'; at++) {
		if (rest.at[at] == '\n' && at + 1 < rest.len && rest.at[at + 1] == '\n')
			return false;
		if (rest.at[at] != '(')
			continue;
		size_t word = at + 1;
		for (const char *const *lead =
		             (const char *const[]){"hereinafter ", "referred to as ", "collectively, ", "the ", "each, ", NULL};
		     *lead != NULL; lead++)
			if (bytes_start_with_nocase(bytes_from(rest, word), bytes_of_string(*lead)))
				word += strlen(*lead);
		if (is_quote(rest, word))
			return true;
	}
	return false;
}

/* A dot behind a bracket or a word that is no short form ("Inc."), before a large letter. */
static bool ends_sentence(struct bytes text, size_t at)
{
	if (text.at[at] != '.' || at < 4 || at + 2 >= text.len || text.at[at + 1] != ' ')
		return false;
	bool is_word = true;
	for (size_t i = 1; i <= 4; i++)
		is_word &= text.at[at - i] >= 'a' && text.at[at - i] <= 'z';
	return (is_word || text.at[at - 1] == ')') && text.at[at + 2] >= 'A' && text.at[at + 2] <= 'Z';
}

static bool is_behind_between(struct bytes text, size_t from)
{
	struct bytes before = bytes_slice(text, from - (from < BETWEEN_REACH ? from : BETWEEN_REACH),
	                                  from < BETWEEN_REACH ? from : BETWEEN_REACH);
	for (size_t at = before.len; at > 0; at--)
		if (ends_sentence(before, at - 1)) {
			before = bytes_from(before, at);
			break;
		}
	return find_word(before, between_words, COUNT(between_words)) != NULL;
}

/* Whether the line leads to the name as a form does: the field's word, and at most a few words before a colon. */
static bool is_labelled(struct bytes lead, const char *word)
{
	struct bytes trimmed = bytes_trim(lead);
	if (trimmed.len == 0 || trimmed.len > LABEL_MAX)
		return false;
	bool ends = trimmed.at[trimmed.len - 1] == ':' || trimmed.at[trimmed.len - 1] == '|';
	size_t length = strlen(word);
	return ends ||
	       (trimmed.len >= length && bytes_equal_nocase(bytes_from(trimmed, trimmed.len - length), bytes_of(word, length)) &&
	        trimmed.len == length);
}

/* "a Delaware corporation" is what somebody is, and nobody's name. */
static bool is_described(struct bytes lead)
{
	while (lead.len > 0 && (lead.at[lead.len - 1] == ' ' || lead.at[lead.len - 1] == '\n'))
		lead.len--;
	size_t blank = bytes_find_last_byte(lead, ' ');
	struct bytes word = blank == BYTES_NOT_FOUND ? lead : bytes_from(lead, blank + 1);
	return bytes_equal_nocase(word, BYTES_LITERAL("a")) || bytes_equal_nocase(word, BYTES_LITERAL("an"));
}

struct evidence_place evidence_of_name(struct bytes text, size_t from, size_t to, size_t limit, bool has_letterhead)
{
	struct evidence_place place = {0};
	size_t start = line_start(text, from, LINE_MAX_LENGTH);
	struct bytes lead = bytes_slice(text, start, from - start), line = line_at(text, start);
	bool is_alone = bytes_trim(lead).len == 0 && line.len <= (to - start) + 3;
	look_for_field(text, start, lead, is_alone, &place);
	bool is_field = place.kinds & 1u << EVIDENCE_FIELD, is_above = place.kinds & 1u << EVIDENCE_FIELD_ABOVE;
	/* Below "Attention" stands somebody, and whose counsel that is. */
	if ((is_field && !is_labelled(lead, place.field)) || (is_above && place.part == PART_RECIPIENT))
		place = (struct evidence_place){0};
	if (has_letterhead && is_alone && from < TOP_BYTES && place.kinds == 0)
		place.kinds |= 1u << EVIDENCE_LETTERHEAD;
	if (has_letterhead && from < BEGINNING && !is_described(lead) &&
	    (is_defined(text, to, limit) || is_behind_between(text, from)))
		place.kinds |= 1u << EVIDENCE_DEFINED;
	if (has_letterhead && is_alone && has_below(text, to, SIGNING_LINES, signing_words, COUNT(signing_words)))
		place.kinds |= 1u << EVIDENCE_BLOCK;
	if (has_letterhead && (find_word(bytes_from(line, to - start), register_words, COUNT(register_words)) != NULL ||
	                       (is_alone && has_below(text, to, IMPRINT_LINES, register_words, COUNT(register_words)))))
		place.kinds |= 1u << EVIDENCE_IMPRINT;
	return place;
}

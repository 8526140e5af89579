/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the lines around an address. Words are compared without ASCII case. */
#include "understanding/evidence.h"

const struct evidence_row evidence_table[EVIDENCE_KIND_COUNT] = {
	[EVIDENCE_HEADER] = {0.80f, true, "address %s in a mail header"},
	[EVIDENCE_FIELD] = {0.70f, true, "%s beside \"%s\""},
	[EVIDENCE_FIELD_ABOVE] = {0.50f, true, "%s below \"%s\""},
	[EVIDENCE_LETTERHEAD] = {0.45f, true, "address %s near the top"},
	[EVIDENCE_SIGNATURE] = {0.45f, true, "address %s in a signature or contact block"},
	[EVIDENCE_COLUMN] = {0.40f, true, "most addresses of a table, as %s"},
	[EVIDENCE_SEVERAL] = {0.35f, true, "three or more addresses, as %s"},
	[EVIDENCE_ADDRESS] = {0.30f, false, "address %s"},
	[EVIDENCE_LINK] = {0.10f, false, "link to %s"},
	[EVIDENCE_NAME] = {0.10f, false, "host name %s"},
	[EVIDENCE_CARVED] = {0.10f, false, "%s, among strings of bytes that were not read"},
	[EVIDENCE_MACHINE] = {0.05f, false, "%s, a name that programs put into documents"},
};

enum {
	LINE_MAX_LENGTH = 400,   /* of a line before the address ... */
	LEAD_MAX_LENGTH = 80,    /* ... and of it what may hold a field's word */
	HEADER_LOOK_BACK = 2048, /* over folded lines of a header */
	ABOVE_LINES = 5,
	ABOVE_LINE_MAX = 60,
	TOP_BYTES = 1200,
	LEAD_ALONE_MAX = 40,
	SIGNATURE_LINES = 8,
	CONTACT_LINES = 2,
};

/* Field names of mail (RFC 5322 3.6.2, 3.6.3) and of quoted mails in some languages. */
static const char *const header_names[] = {
	"from", "to", "cc", "bcc",  "reply-to", "sender", "resent-from", "resent-to", "delivered-to", "organization", "von", "an",
	"de",   "à",  "À",  "para", "da",       "van",    "aan",         "fra",       "till",         "od",           "do",
};

/* clang-format off */
/* Who a document is from or for. */
static const char *const field_words[] = {
	"bill to", "billed to", "ship to", "sold to", "deliver to", "client", "customer", "supplier",
	"vendor", "seller", "buyer", "purchaser", "contractor", "consignee", "contact", "attn", "attention",
	"invoice", "invoiced to", "prepared by", "prepared for", "requested by", "approved by", "signed by",
	"submitted by", "submitted to", "account manager", "sales representative", "employer", "company",
	"kunde", "kundin", "auftraggeber", "auftragnehmer", "lieferant", "rechnung", "ansprechpartner",
	"ansprechpartnerin", "käufer", "verkäufer", "kontakt", "firma", "fournisseur", "vendeur", "acheteur",
	"facture", "destinataire", "société", "cliente", "proveedor", "vendedor", "comprador", "factura",
	"contacto", "empresa", "fornitore", "venditore", "acquirente", "fattura", "contatto", "klant",
	"leverancier", "factuur", "koper", "verkoper", "fornecedor", "fatura",
};
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

static bool begins_with_header(struct bytes line)
{
	size_t colon = bytes_find_byte(line, ':');
	if (colon == BYTES_NOT_FOUND)
		return false;
	struct bytes name = bytes_trim(bytes_slice(line, 0, colon));
	while (name.len > 0 && (name.at[0] == '>' || name.at[0] == '*' || name.at[0] == ' ' || name.at[0] == '|'))
		name = bytes_from(name, 1);
	if (name.len > 0 && name.at[name.len - 1] == '*')
		name.len--;
	for (size_t i = 0; i < COUNT(header_names); i++)
		if (bytes_equal_nocase(name, bytes_of_string(header_names[i])))
			return true;
	return false;
}

/* The line that a folded one belongs to. */
static bool is_in_header(struct bytes text, size_t from)
{
	size_t stop = from > HEADER_LOOK_BACK ? from - HEADER_LOOK_BACK : 0;
	size_t start = line_start(text, from, from - stop);
	while (start > stop && (text.at[start] == ' ' || text.at[start] == '\t'))
		start = line_start(text, start - 1, start - 1 - stop);
	return begins_with_header(bytes_slice(text, start, from - start));
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
	size_t start = line_start(text, from, HEADER_LOOK_BACK);
	struct bytes line = bytes_slice(text, start, from - start);
	struct bytes name = bytes_slice(line, 0, bytes_find_byte(line, ':'));
	if (name.len == line.len || bytes_find_byte(name, ' ') != BYTES_NOT_FOUND)
		return false;
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
static const char *find_field_above(struct bytes text, size_t start)
{
	for (int i = 0; i < ABOVE_LINES && start > 0; i++) {
		start = line_start(text, start - 1, LINE_MAX_LENGTH);
		struct bytes line = bytes_trim(line_at(text, start));
		if (line.len == 0 || line.len > ABOVE_LINE_MAX || bytes_find_byte(line, '@') != BYTES_NOT_FOUND)
			return NULL;
		const char *word = find_word(line, field_words, COUNT(field_words));
		if (word != NULL && has_word_at(line, 0, word))
			return word;
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

struct evidence_place evidence_of_place(struct bytes text, size_t from, size_t to, bool has_letterhead)
{
	struct evidence_place place = {0};
	size_t start = line_start(text, from, LINE_MAX_LENGTH);
	struct bytes lead = bytes_slice(text, start, from - start);
	if (is_in_header(text, from)) {
		place.kinds |= 1u << EVIDENCE_HEADER;
		return place;
	}
	bool is_alone = lead.len <= LEAD_ALONE_MAX;
	if (has_letterhead && from < TOP_BYTES && is_alone)
		place.kinds |= 1u << EVIDENCE_LETTERHEAD;
	lead = bytes_from(lead, lead.len > LEAD_MAX_LENGTH ? lead.len - LEAD_MAX_LENGTH : 0);
	place.field = find_word(lead, field_words, COUNT(field_words));
	if (place.field != NULL) {
		place.kinds |= 1u << EVIDENCE_FIELD;
	} else if (is_alone) {
		place.field = find_field_above(text, start);
		place.kinds |= place.field != NULL ? 1u << EVIDENCE_FIELD_ABOVE : 0;
	}
	if (is_signature(text, start, lead, to))
		place.kinds |= 1u << EVIDENCE_SIGNATURE;
	return place;
}

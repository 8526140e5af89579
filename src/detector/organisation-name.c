/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Organisations by name, where a legal form ends it ("Contoso Ltd.", "Fabrikam
 * Maschinen GmbH & Co. KG"): the words before the form, as far back as they
 * are written like a name. Which forms there are follows the registers of the
 * countries (ISO 20275 lists them); an ending that also is an ordinary word
 * ("SA", "AB", "SE") must be written just so, and is less sure.
 *
 * The value is the name as written, its words one space apart, without the
 * form's last dot.
 */
#include "base/text.h"
#include "detector/character.h"
#include "detector/detector.h"

#include <utf8proc.h>

static bool organisation_name_match(struct bytes text, size_t at, struct match *match);

/* Each begins with the blank before it. Forms that go on in a longer one of this list are left to that one. */
/* clang-format off */
static const struct literal forms[] = {
	{" Ltd", true}, {" Limited", false}, {" LIMITED", false}, {" PLC", false}, {" plc", false}, {" LLP", false}, {" L.L.P.", false},
	{" Inc.", true}, {" Inc", false}, {" INC", false}, {" Incorporated", false}, {" Corp.", true}, {" Corp", false}, {" Corporation", false},
	{" CORPORATION", false}, {" LLC", false}, {" L.L.C.", false}, {" N.A.", false}, {" Pty", true},
	{" GmbH", true}, {" mbH", false}, {" gGmbH", false}, {" AG ", false}, {" AG,", false}, {" AG.", false}, {" AG\n", false}, {" AG)", false},
	{" KGaA", false}, {" KG ", false}, {" KG,", false}, {" KG.", false}, {" KG\n", false}, {" OHG", false}, {" e.V.", false}, {" e. V.", false}, {" eG,", false}, {" e.K.", false}, {" UG (haftungsbeschr", false},
	{" S.A.", false}, {" SA,", false}, {" SA ", false}, {" SA\n", false}, {" SARL", false}, {" S.A.R.L.", false}, {" S.à r.l.", true},
	{" SAS ", false}, {" SAS,", false}, {" SAS\n", false}, {" S.A.S.", false}, {" SASU", false}, {" EURL", false}, {" SCI ", false}, {" SNC ", false},
	{" S.L.", false}, {" S.L.U.", false}, {" S.A.U.", false}, {" SLU", false}, {" S. de R.L.", false}, {" S.p.A.", true}, {" SpA", false},
	{" S.r.l.", true}, {" Srl", false}, {" Ltda", true}, {" Lda", false}, {" B.V.", false}, {" BV,", false}, {" N.V.", false}, {" Oyj", false},
	{" Oy,", false}, {" Oy\n", false}, {" Aktiebolag", false}, {" A/S", false}, {" ApS", false}, {" ASA", false}, {" AB,", false}, {" AB\n", false},
	{" AB ", false}, {" sp. z o.o.", true}, {" spol. s r.o.", true}, {" s.r.o.", true}, {" a.s.", false}, {" Kft.", false}, {" Zrt.", false},
	{" d.o.o.", true}, {" K.K.", false}, {" Pte", true}, {" Sdn. Bhd.", true}, {" Sdn Bhd", true}, {" Co., Ltd", true},
};

/* In small letters within a name. */
static const char *const joints[] = {"&", "and", "und", "et", "y", "e", "of", "the", "für", "de", "la", "le", "del", "di", "du", "des", "der", "van", "von", "+"};

/* Written like a name where a sentence or a field begins, and none of it; and what is no organisation. */
static const char *const leads[] = {
	"a", "address", "all", "an", "and", "as", "at", "attn", "auftraggeber", "between", "bill", "buyer", "by", "client", "cliente", "company",
	"contact", "contractor", "copyright", "customer", "das", "der", "die", "el", "et", "fa.", "firma", "for", "fournisseur", "from", "für", "if",
	"in", "kunde", "la", "le", "les", "lieferant", "los", "messrs", "mit", "name", "no", "of", "on", "our", "party", "per", "proveedor", "but", "not", "including", "includes", "bei",
	"recipient", "seller", "sender", "since", "so", "société", "supplier", "that", "the", "this", "to", "und", "van", "vendor", "von", "we",
	"when", "where", "with", "y", "your", "zwischen", "client:", "entre", "de", "both", "each", "any", "is", "are", "i", "it", "private", "public",
};

/* Forms that are words, states and symbols besides. */
static const char *const plain[] = {"AB", "AG", "BV", "KG", "Oy", "SA", "SAS", "SCI", "SNC"};

/* Many are called so; alone it is nobody's name, but what a line's end left of one. */
static const char *const common[] = {
	"associates", "bank", "capital", "company", "co.", "corporation", "energy", "enterprises", "finance", "financial", "global", "group", "holding",
	"holdings", "industries", "insurance", "international", "investments", "limited", "management", "partners", "products", "properties",
	"resources", "services", "solutions", "systems", "technologies", "technology", "trust", "verwaltung", "beteiligung", "handel",
};
/* clang-format on */

const struct detector detector_organisation_name = {
	.name = "organisation-name",
	.version = 2,
	.lane = LANE_LITERALS,
	.literals = forms,
	.literal_count = sizeof forms / sizeof *forms,
	.rank = RANK_NAME,
	.yields_to = RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_NAME),
	.match = organisation_name_match,
};

enum { NAME_MAX_LENGTH = 120, WORDS_MAX = 7, WORD_MAX = 40 };

static bool is_among(const char *const *list, size_t count, struct bytes word)
{
	unsigned first = word.len > 0 ? word.at[0] | 0x20u : 0;
	for (size_t i = 0; i < count; i++)
		if (((unsigned char)list[i][0] | 0x20u) == first && bytes_equal_nocase(word, bytes_of_string(list[i])))
			return true;
	return false;
}

static bool is_joint(struct bytes word)
{
	return is_among(joints, sizeof joints / sizeof *joints, word);
}

static bool is_lead(struct bytes word)
{
	return is_among(leads, sizeof leads / sizeof *leads, word);
}

/* Begins with a large letter or a digit, and holds no mark that ends a name. */
static bool is_name_word(struct bytes word)
{
	uint32_t c;
	if (word.len == 0 || word.len > WORD_MAX || text_decode(word, &c) == 0)
		return false;
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
	return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT || category == UTF8PROC_CATEGORY_LO ||
	       (c >= '0' && c <= '9');
}

static bool ends_words(unsigned char c)
{
	return c < ' ' || c == ':' || c == ';' || c == ',' || c == '"' || c == '(' || c == ')' || c == '[' || c == ']' ||
	       c == '|' || c == '<' || c == '>' || c == '=' || c == '{' || c == '}' || c == '*' || c == '\\' || c == '!' ||
	       c == '?' || c == '/';
}

/* The word that ends before at, within a line; empty where the words end. A dot ends them but for initials. */
static struct bytes word_before(struct bytes text, size_t at, size_t floor)
{
	size_t from = at;
	while (from > floor && text.at[from - 1] != ' ' && !ends_words(text.at[from - 1]))
		from--;
	struct bytes word = bytes_slice(text, from, at - from);
	bool ends_sentence = word.len > 3 && word.at[word.len - 1] == '.' && !(word.len == 4 && word.at[1] == '.');
	return ends_sentence ? BYTES_NONE : word;
}

/* A year, a quantity, a number of a list: no letter in it. */
static bool is_number(struct bytes word)
{
	for (size_t i = 0; i < word.len; i++)
		if (character_is_letter(word.at[i]) || word.at[i] >= 0x80)
			return false;
	return true;
}

/* Whether a form ends before this word: "Contoso Ltd and Fabrikam Inc" are two. */
static bool is_form(struct bytes word)
{
	while (word.len > 0 && word.at[word.len - 1] == '.')
		word.len--;
	for (size_t i = 0; i < sizeof forms / sizeof *forms && word.len > 0; i++) {
		if ((unsigned char)forms[i].text[1] != word.at[0])
			continue;
		struct bytes form = bytes_from(bytes_of_string(forms[i].text), 1);
		while (form.len > 0 &&
		       (form.at[form.len - 1] == ' ' || form.at[form.len - 1] == '.' || form.at[form.len - 1] == ','))
			form.len--;
		if (bytes_equal(word, form))
			return true;
	}
	return false;
}

/* Where the name begins whose form is parted from it at end; end if there is none. */
static size_t name_start(struct bytes text, size_t end)
{
	size_t floor = end > NAME_MAX_LENGTH ? end - NAME_MAX_LENGTH : 0, start = end, at = end, words = 0;
	for (; words < WORDS_MAX; words++) {
		struct bytes word = word_before(text, at, floor);
		bool is_name = is_name_word(word) && !is_form(word);
		if (!is_name && !(start < end && is_joint(word)))
			break;
		at -= word.len;
		start = is_name ? at : start;
		if (at <= floor || text.at[at - 1] != ' ')
			break;
		at--;
	}
	/* What leads to the name is none of it. */
	while (start < end) {
		size_t next = start;
		while (next < end && text.at[next] != ' ')
			next++;
		struct bytes word = bytes_slice(text, start, next - start);
		if (!is_lead(word) && !is_joint(word) && !is_number(word))
			break;
		start = next < end ? next + 1 : end;
	}
	return start;
}

static bool goes_on(struct bytes text, size_t at)
{
	return character_is_alphanumeric(character_at(text, at)) || character_at(text, at) >= 0x80 ||
	       character_at(text, at) == '-' || character_at(text, at) == '_';
}

/* Where the form ends that stands at a blank: with what follows it as part of it ("GmbH & Co. KG", "Pty Ltd"). */
static size_t form_end(struct bytes text, size_t end)
{
	static const char *const more[] = {" & Co. KGaA", " & Co. KG", " & Co KG", " & Co.KG", " & Co. OHG",
	                                   " Ltd.",       " Ltd",      " mbH",     "."};
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		struct bytes next = bytes_of_string(more[i]);
		bool follows = bytes_start_with_nocase(bytes_from(text, end), next);
		if (follows && (more[i][0] == '.' || !goes_on(text, end + next.len)))
			return end + next.len;
	}
	return end;
}

static bool is_common(struct bytes name)
{
	while (name.len > 0) {
		size_t end = bytes_find_byte(name, ' ');
		struct bytes word = bytes_slice(name, 0, end == BYTES_NOT_FOUND ? name.len : end);
		if (word.len > 0 && !is_joint(word) && !is_among(common, sizeof common / sizeof *common, word))
			return false;
		name = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(name, end + 1);
	}
	return true;
}

static void append_value(struct buffer *value, struct bytes name)
{
	while (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] != ' ' || (i > 0 && name.at[i - 1] != ' '))
			buffer_append_byte(value, name.at[i]);
}

static bool organisation_name_match(struct bytes text, size_t at, struct match *match)
{
	struct bytes form = bytes_of_string(forms[match->literal].text);
	size_t form_from = at + 1, end = at + form.len;
	/* The last byte of some literals only says that the form ends there. */
	while (end > form_from && (ends_words(text.at[end - 1]) || text.at[end - 1] == ' '))
		end--;
	if (goes_on(text, end))
		return false;
	size_t name_end = at;
	while (name_end > 0 && (text.at[name_end - 1] == ',' || text.at[name_end - 1] == ' ') && at - name_end < 2)
		name_end--;
	size_t from = name_start(text, name_end);
	bool is_weight = from < name_end && character_is_digit(text.at[name_end - 1]) &&
	                 bytes_find(form, BYTES_LITERAL(" KG")) == 0;
	if (from >= name_end || name_end - from < 2 || is_weight)
		return false;
	bool is_plain = is_among(plain, sizeof plain / sizeof *plain, bytes_slice(text, form_from, end - form_from));
	bool is_place = is_plain && text.at[name_end] == ','; /* "Grande Prairie, AB" */
	if (is_place || is_common(bytes_slice(text, from, name_end - from)))
		return false;
	match->kind = FINDING_ORGANISATION_NAME;
	match->from = from;
	match->to = form_end(text, end);
	match->confidence = is_plain ? 0.6f : 0.85f;
	append_value(match->value, bytes_slice(text, from, match->to - from));
	return true;
}

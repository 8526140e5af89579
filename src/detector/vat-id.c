/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VAT identification numbers of the European Union (Council Directive
 * 2006/112/EC, article 215), Great Britain, Northern Ireland, Norway and
 * Switzerland, by their country's prefix, form and check digits (the formats
 * and checks that VIES documents, and those of HMRC, Brønnøysund and the
 * Swiss UID register). A prefix apart from its number needs a word such as
 * "VAT" before it, and so does a form without a check digit; Italian, British,
 * Spanish, Polish and Norwegian ones with such a word need no prefix.
 */
#include "detector/character.h"
#include "detector/checksum.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/label.h"
#include "detector/number.h"

static bool vat_id_match(struct bytes text, size_t at, struct match *match);
static bool vat_id_wants(struct digit_run *run);
static enum status vat_id_prepare(void);

const struct detector detector_vat_id = {
	.name = "vat-id",
	.version = 2,
	.lane = LANE_DIGITS,
	.rank = RANK_PROVED,
	.yields_to = RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED),
	.data = {labels_sha256},
	.match = vat_id_match,
	.wants = vat_id_wants,
	.prepare = vat_id_prepare,
};

enum { BODY_MAX = 12, BARE_MIN = 7, PREFIX_MAX = 4, LABEL_REACH = 40, LABELS = LABEL_BIT(LABEL_VAT) };

static const float CONFIDENCE_LABELLED = 0.98f, CONFIDENCE_PREFIXED = 0.8f, CONFIDENCE_BARE = 0.7f;

/* ---- check digits, of what stands behind the prefix ---- */

static unsigned digit(const char *body, size_t at)
{
	return (unsigned)(body[at] - '0');
}

/* The weighted sum over its first digits. */
static unsigned sum(const char *body, const char *weights)
{
	unsigned total = 0;
	for (size_t i = 0; weights[i] != '\0'; i++)
		total += digit(body, i) * (unsigned)(weights[i] - '0');
	return total;
}

static bool check_at(const char *body)
{
	unsigned total = 0;
	for (size_t i = 1; i < 8; i++) {
		unsigned product = digit(body, i) * (i % 2 ? 1 : 2);
		total += product / 10 + product % 10;
	}
	return (96 - total) % 10 == digit(body, 8);
}

static bool check_be(const char *body)
{
	return body[0] <= '1' && 97 - checksum_number(bytes_of(body, 8)) % 97 == checksum_number(bytes_of(body + 8, 2));
}

static bool check_bg(const char *body)
{
	unsigned first = sum(body, "12345678") % 11, second = sum(body, "3456789") + digit(body, 7) * 10;
	unsigned check = first < 10 ? first : second % 11 % 10;
	return check == digit(body, 8);
}

static bool check_cy(const char *body)
{
	static const unsigned char odd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
	unsigned total = 0;
	for (size_t i = 0; i < 8; i++)
		total += i % 2 == 0 ? odd[digit(body, i)] : digit(body, i);
	return total % 26 + 'A' == (unsigned)body[8];
}

static bool check_cz(const char *body)
{
	return body[0] != '9' && (11 - sum(body, "8765432") % 11) % 10 == digit(body, 7);
}

/* A person's birth number, in use since 1954. */
static bool check_cz_person(const char *body)
{
	return checksum_number(bytes_of(body, 9)) % 11 % 10 == digit(body, 9);
}

/* A person who has no birth number: six, and a number with a check of its own. */
static bool check_cz_other(const char *body)
{
	return (18 - (21 - sum(body + 1, "8765432") % 11) % 11) % 10 == digit(body, 8);
}

static bool check_de(const char *body)
{
	return body[0] != '0' && checksum_mod_11_10(bytes_of(body, 9));
}

static bool check_dk(const char *body)
{
	return sum(body, "27654321") % 11 == 0;
}

static bool check_ee(const char *body)
{
	return sum(body, "371371371") % 10 == 0;
}

static bool check_el(const char *body)
{
	unsigned total = 0;
	for (size_t i = 0; i < 8; i++)
		total += digit(body, i) << (8 - i);
	return total % 11 % 10 == digit(body, 8);
}

static const char dni_letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";

/* NIF of persons and of entities: Orden EHA/451/2008. */
static bool check_es(const char *body)
{
	if (character_is_digit((unsigned char)body[0]))
		return body[8] == dni_letters[checksum_number(bytes_of(body, 8)) % 23];
	if (body[0] >= 'X' && body[0] <= 'Z')
		return character_is_upper((unsigned char)body[8]) &&
		       body[8] ==
		               dni_letters[((uint64_t)(body[0] - 'X') * 10000000 + checksum_number(bytes_of(body + 1, 7))) % 23];
	unsigned total = 0;
	for (size_t i = 1; i < 8; i++) {
		unsigned product = digit(body, i) * (i % 2 ? 2 : 1);
		total += product / 10 + product % 10;
	}
	unsigned check = (10 - total % 10) % 10;
	bool is_entity = strchr("ABCDEFGHJNPQRSUVW", body[0]) != NULL;
	return is_entity && (body[8] == (char)('0' + check) || body[8] == "JABCDEFGHI"[check]);
}

static bool check_fi(const char *body)
{
	unsigned total = sum(body, "79") + digit(body, 2) * 10 + sum(body + 3, "5842");
	return (11 - total % 11) % 11 == digit(body, 7);
}

static bool check_fr(const char *body)
{
	uint64_t siren = checksum_number(bytes_of(body + 2, 9));
	bool is_monaco = memcmp(body + 2, "000", 3) == 0;
	if (!is_monaco && !checksum_luhn(bytes_of(body + 2, 9)))
		return false;
	if (character_is_digit((unsigned char)body[0]) && character_is_digit((unsigned char)body[1]))
		return (siren * 100 + 12) % 97 == checksum_number(bytes_of(body, 2));
	return strchr("IO", body[0]) == NULL && strchr("IO", body[1]) == NULL;
}

/* HMRC: modulus 97, and 9755. */
static bool check_gb(const char *body)
{
	unsigned total = sum(body, "8765432") + (unsigned)checksum_number(bytes_of(body + 7, 2));
	return total % 97 == 0 || (total + 55) % 97 == 0;
}

static bool check_hr(const char *body)
{
	return checksum_mod_11_10(bytes_of(body, 11));
}

static bool check_hu(const char *body)
{
	return sum(body, "97319731") % 10 == 0;
}

static char irish_letter(const char *digits, unsigned more)
{
	return "WABCDEFGHIJKLMNOPQRSTUV"[(sum(digits, "8765432") + more) % 23];
}

static bool check_ie(const char *body)
{
	unsigned more = body[8] != '\0' && body[8] != 'W' ? (unsigned)(body[8] - 'A' + 1) * 9 : 0;
	return body[7] == irish_letter(body, more);
}

/* The older form: a letter in its second place. */
static bool check_ie_old(const char *body)
{
	char digits[8] = {'0', body[2], body[3], body[4], body[5], body[6], body[0]};
	return body[7] == irish_letter(digits, 0);
}

static bool check_it(const char *body)
{
	return checksum_luhn(bytes_of(body, 11)) && checksum_number(bytes_of(body, 7)) > 0;
}

static bool check_lt(const char *body)
{
	size_t last = strlen(body) - 1;
	unsigned first = 0, second = 0;
	for (size_t i = 0; i < last; i++) {
		first += digit(body, i) * (unsigned)(1 + i % 9);
		second += digit(body, i) * (unsigned)(1 + (i + 2) % 9);
	}
	unsigned check = first % 11 < 10 ? first % 11 : second % 11 % 10;
	return body[last - 1] == '1' && check == digit(body, last);
}

static bool check_lu(const char *body)
{
	return checksum_number(bytes_of(body, 6)) % 89 == checksum_number(bytes_of(body + 6, 2));
}

static bool check_lv(const char *body)
{
	unsigned total = digit(body, 0) * 9 + digit(body, 1) + digit(body, 2) * 4 + digit(body, 3) * 8 + digit(body, 4) * 3 +
	                 digit(body, 5) * 10 + digit(body, 6) * 2 + digit(body, 7) * 5 + digit(body, 8) * 7 + digit(body, 9) * 6 +
	                 digit(body, 10);
	return body[0] > '3' && total % 11 == 3;
}

/* A person's code: day, month and year of birth, the century, and 1101 less the weighted sum modulo 11. */
static bool check_lv_person(const char *body)
{
	static const unsigned char weights[] = {1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	unsigned total = checksum_weighted(bytes_of(body, 10), weights, sizeof weights);
	unsigned year = (unsigned)checksum_number(bytes_of(body + 4, 2)) + 1800 + digit(body, 6) * 100;
	return body[6] <= '2' && (1101 - total) % 11 == digit(body, 10) &&
	       number_is_day(year, (unsigned)checksum_number(bytes_of(body + 2, 2)),
	                     (unsigned)checksum_number(bytes_of(body, 2)));
}

static bool check_mt(const char *body)
{
	return 37 - sum(body, "346789") % 37 == checksum_number(bytes_of(body + 6, 2));
}

/* Before 2020 the eleven-test; noughts before such a number are often left out. */
static bool check_nl_old(const char *body)
{
	return sum(body, "98765432") % 11 == digit(body, 8);
}

/* Since then MOD 97-10 over it with its prefix. */
static bool check_nl(const char *body)
{
	char whole[BODY_MAX + 3] = "NL";
	memcpy(whole + 2, body, BODY_MAX);
	return check_nl_old(body) || checksum_mod_97(bytes_of(whole, BODY_MAX + 2)) == 1;
}

static bool check_pl(const char *body)
{
	return sum(body, "657234567") % 11 == digit(body, 9);
}

static bool check_pt(const char *body)
{
	unsigned check = 11 - sum(body, "98765432") % 11;
	return body[0] != '0' && (check > 9 ? 0 : check) == digit(body, 8);
}

static bool check_ro(const char *body)
{
	size_t len = strlen(body);
	unsigned total = 0;
	for (size_t i = 0; i + 1 < len; i++)
		total += digit(body, len - 2 - i) * digit("235712357", i);
	return total * 10 % 11 % 10 == digit(body, len - 1);
}

static bool check_se(const char *body)
{
	return checksum_luhn(bytes_of(body, 10)) && body[10] == '0' && body[11] != '0';
}

static bool check_si(const char *body)
{
	unsigned check = 11 - sum(body, "8765432") % 11;
	return body[0] != '0' && check != 11 && check % 10 == digit(body, 7);
}

static bool check_sk(const char *body)
{
	return body[0] != '0' && strchr("234789", body[2]) != NULL && checksum_number(bytes_of(body, 10)) % 11 == 0;
}

static bool check_ch(const char *body)
{
	unsigned check = 11 - sum(body, "54327654") % 11;
	return check != 10 && check % 11 == digit(body, 8);
}

static bool check_no(const char *body)
{
	unsigned check = 11 - sum(body, "32765432") % 11;
	return check != 10 && check % 11 == digit(body, 8);
}

/* ---- forms: d a digit, L a letter, X either, 0 a nought that was left out; others stand for themselves ---- */

struct form {
	const char *country, *body;
	bool (*is_right)(const char *body);
	const char *bare; /* who, without a prefix, calls it so: languages of the word before it */
};

/* clang-format off */
static const struct form forms[] = {
	{"AT", "Udddddddd", check_at, ""},      {"BE", "dddddddddd", check_be, ""},   {"BE", "0ddddddddd", check_be, ""},
	{"BG", "ddddddddd", check_bg, ""},      {"CHE", "ddddddddd", check_ch, ""},   {"CY", "ddddddddL", check_cy, ""},
	{"CZ", "dddddddd", check_cz, ""},       {"CZ", "dddddddddd", check_cz_person, ""}, {"CZ", "6dddddddd", check_cz_other, ""},
	{"CZ", "ddddddddd", number_is_elder_birth_number, ""},                             {"DE", "ddddddddd", check_de, ""},    {"DK", "dddddddd", check_dk, ""},
	{"EE", "ddddddddd", check_ee, ""},      {"EL", "ddddddddd", check_el, ""},    {"GR", "ddddddddd", check_el, ""},
	{"ES", "XdddddddX", check_es, "es"},    {"FI", "dddddddd", check_fi, ""},     {"FR", "XXddddddddd", check_fr, ""},
	{"GB", "ddddddddd", check_gb, "en"},    {"GB", "dddddddddddd", check_gb, ""}, {"XI", "ddddddddd", check_gb, ""},
	{"HR", "ddddddddddd", check_hr, ""},    {"HU", "dddddddd", check_hu, ""},     {"IE", "dddddddLL", check_ie, ""},
	{"IE", "dddddddL", check_ie, ""},       {"IE", "dXdddddL", check_ie_old, ""}, {"IT", "ddddddddddd", check_it, "it"},
	{"LT", "dddddddddddd", check_lt, ""},   {"LT", "ddddddddd", check_lt, ""},    {"LU", "dddddddd", check_lu, ""},
	{"LV", "ddddddddddd", check_lv, ""},    {"LV", "ddddddddddd", check_lv_person, ""}, {"MT", "dddddddd", check_mt, ""},     {"NL", "dddddddddBdd", check_nl, ""},
	{"NL", "0ddddddddBdd", check_nl_old, ""}, {"NL", "00dddddddBdd", check_nl_old, ""},
	{"NO", "ddddddddd", check_no, ""},      {"PL", "dddddddddd", check_pl, ""},   {"PT", "ddddddddd", check_pt, ""},
	{"SE", "dddddddddddd", check_se, ""},   {"SI", "dddddddd", check_si, ""},     {"SK", "dddddddddd", check_sk, ""},
	{"RO", "dddddddddd", check_ro, ""},     {"RO", "ddddddddd", check_ro, ""},    {"RO", "dddddddd", check_ro, ""},
	{"RO", "ddddddd", check_ro, ""},        {"RO", "dddddd", check_ro, ""},
};
/* clang-format on */

/* Reads a body at at, single separators among it; where it ends, 0 if it is not of that form. */
static size_t read_body(struct bytes text, size_t at, const char *form, char body[BODY_MAX + 1])
{
	unsigned char separator;
	size_t len = 0, start = at;
	for (; form[len] != '\0'; len++) {
		if (form[len] == '0') {
			body[len] = '0';
			continue;
		}
		if (at > start)
			at += number_separator_at(text, at, " -.,", &separator);
		if (!number_is_of_class(character_at(text, at), form[len]))
			return 0;
		body[len] = (char)text.at[at++];
	}
	body[len] = '\0';
	return at;
}

static bool ends(struct bytes text, size_t to)
{
	unsigned char after = character_at(text, to);
	bool is_piece = (after == '.' || after == '-' || after == ',') && character_is_digit(character_at(text, to + 1));
	return !character_is_alphanumeric(after) && after != '@' && after != '_' && !is_piece;
}

/* A Swiss number says behind it, in one of four languages, that it is one. */
static size_t skip_swiss_word(struct bytes text, size_t to)
{
	static const char *const words[] = {"MWST", "TVA", "IVA", "VAT"};
	size_t at = to + (character_at(text, to) == ' ');
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (bytes_start_with(bytes_from(text, at), bytes_of_string(words[i])))
			return at + strlen(words[i]);
	return to;
}

static bool try_form(struct bytes text, size_t from, size_t at, const struct form *form, struct match *match)
{
	char body[BODY_MAX + 1];
	size_t to = read_body(text, at, form->body, body);
	if (to > 0 && strcmp(form->country, "CHE") == 0)
		to = skip_swiss_word(text, to);
	if (to == 0 || !ends(text, to) || !form->is_right(body))
		return false;
	buffer_append_string(match->value, strcmp(form->country, "GR") == 0 ? "EL" : form->country);
	buffer_append_string(match->value, body);
	match->from = from;
	match->to = to;
	return true;
}

/* Where digits that begin two bytes behind from or later are the first of a number whose prefix begins there. */
static bool try_prefix(struct bytes text, size_t from, struct match *match, bool *ret_is_weak)
{
	unsigned char before = character_before(text, from), separator;
	if (character_is_alphanumeric(before) || before == '_' || before == '@' || before == '/')
		return false;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		const char *country = forms[i].country;
		if (text.at[from] != (unsigned char)country[0] || text.at[from + 1] != (unsigned char)country[1])
			continue;
		size_t len = strlen(country), body = from + len;
		if (!bytes_start_with(bytes_from(text, from), bytes_of(country, len)))
			continue;
		size_t gap = number_separator_at(text, body, " -.", &separator);
		if (try_form(text, from, body + gap, &forms[i], match)) {
			bool has_check = forms[i].is_right != number_is_elder_birth_number;
			*ret_is_weak = !has_check || (gap > 0 && len == 2);
			return true;
		}
	}
	return false;
}

static bool bare_match(struct bytes text, size_t at, struct match *match)
{
	struct label_found label;
	struct number number;
	size_t from = at > 0 && character_is_upper(text.at[at - 1]) ? at - 1 : at;
	number_read(text, at, " -.", BODY_MAX, &number);
	if (number.count < BARE_MIN || number.groups[0] < 2 || !number_may_begin(text, from) ||
	    !label_before(text, from, LABELS, &label))
		return false;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (forms[i].bare[0] != '\0' && strcmp(forms[i].bare, label.row->language) == 0 &&
		    try_form(text, from, from, &forms[i], match)) {
			match->confidence = CONFIDENCE_BARE;
			return true;
		}
	return false;
}

/* Whether a country's prefix begins with two letters of which these are the lower five bits. */
static bool prefixes[1 << 10];

static size_t prefix_key(unsigned char first, unsigned char second)
{
	return (size_t)(first & 31) << 5 | (second & 31);
}

static enum status vat_id_prepare(void)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		prefixes[prefix_key((unsigned char)forms[i].country[0], (unsigned char)forms[i].country[1])] = true;
	return label_prepare();
}

/* Behind a prefix, or behind a word for such numbers. */
static bool vat_id_wants(struct digit_run *run)
{
	unsigned pairs = run->capitals & run->capitals >> 1 & ((1u << PREFIX_MAX) - 1);
	for (; pairs != 0; pairs &= pairs - 1) {
		size_t distance = (size_t)__builtin_ctz(pairs) + 2;
		if (prefixes[prefix_key(digit_run_before(run, distance), digit_run_before(run, distance - 1))])
			return true;
	}
	return run->count >= BARE_MIN && ((run->capitals & 1) != 0 || (digit_run_labels(run) & LABELS) != 0);
}

/* A prefix ends at most a separator and a letter or two of the number before its first digit. */
static bool vat_id_match(struct bytes text, size_t at, struct match *match)
{
	bool is_weak;
	size_t stop = at > PREFIX_MAX + 1 ? at - PREFIX_MAX - 1 : 0;
	match->kind = FINDING_VAT_ID;
	for (size_t from = at; from > stop && !character_is_digit(text.at[from - 1]) && text.at[from - 1] != '\n';) {
		from--;
		if (!character_is_upper(text.at[from]) || at - from < 2 || !try_prefix(text, from, match, &is_weak))
			continue;
		bool is_labelled = label_near(text, from, LABEL_REACH, LABELS) != NULL;
		if (is_weak && !is_labelled) {
			buffer_reset(match->value);
			return false;
		}
		match->confidence = is_labelled ? CONFIDENCE_LABELLED : CONFIDENCE_PREFIXED;
		return true;
	}
	return bare_match(text, at, match);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers that states give to persons: a row each, with its forms, whether it
 * needs a word such as "SSN" before it, and its check. A number whose check
 * lets through more than one in thirty, or that has none, counts only behind
 * such a word or in the form that nothing else has.
 */
#include "detector/character.h"
#include "detector/checksum.h"
#include "detector/detector.h"
#include "detector/digit-run.h"
#include "detector/label.h"
#include "detector/number.h"

#include <assert.h>

static bool national_id_match(struct bytes text, size_t at, struct match *match);
static bool national_id_wants(struct digit_run *run);
static enum status national_id_prepare(void);

const struct detector detector_national_id = {
	.name = "national-id",
	.version = 2,
	.lane = LANE_DIGITS,
	.rank = RANK_PROVED,
	.yields_to = RANK_BIT(RANK_ADDRESS) | RANK_BIT(RANK_PROVED),
	.data = {labels_sha256},
	.match = national_id_match,
	.wants = national_id_wants,
	.prepare = national_id_prepare,
};

enum { ID_MAX = 24, LABEL_REACH = 48, LABELS = LABEL_BIT(LABEL_IDENTITY) };

static const float CONFIDENCE_LABELLED = 0.97f, CONFIDENCE_ALONE = 0.8f, CONFIDENCE_SHAPE = 0.5f;

/* ---- pieces of checks ---- */

static unsigned digit(const char *id, size_t at)
{
	return (unsigned)(id[at] - '0');
}

static unsigned two(const char *id, size_t at)
{
	return digit(id, at) * 10 + digit(id, at + 1);
}

/* The weighted sum of its first digits; ':' stands for 10. */
static unsigned sum(const char *id, const char *weights)
{
	unsigned total = 0;
	for (size_t i = 0; weights[i] != '\0'; i++)
		total += digit(id, i) * (unsigned)(weights[i] - '0');
	return total;
}

/* A day by two digits of a year whose century is not known: 29 February passes in each fourth. */
static bool is_short_day(unsigned year, unsigned month, unsigned day)
{
	return number_is_day(2000 + year % 100, month, day);
}

static bool is_one_digit(const char *id)
{
	return strspn(id, (const char[]){id[0], '\0'}) == strlen(id);
}

/* ---- checks, by row ---- */

static const char dni_letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";

/* SSA: no area 000, 666 or 900 and above, no group 00, no serial 0000. */
static bool check_us_ssn(const char *id)
{
	uint64_t area = checksum_number(bytes_of(id, 3));
	bool is_published = strcmp(id, "078051120") == 0 || strcmp(id, "123456789") == 0; /* a wallet's insert; a sequence */
	return area != 0 && area != 666 && area < 900 && two(id, 3) != 0 && checksum_number(bytes_of(id + 5, 4)) != 0 &&
	       !is_published && !is_one_digit(id);
}

/* HMRC: letters that are not used. */
static bool check_uk_nino(const char *id)
{
	static const char *const never[] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		if (memcmp(id, never[i], 2) == 0)
			return false;
	return strchr("DFIQUV", id[0]) == NULL && strchr("DFIOQUV", id[1]) == NULL && id[8] <= 'D';
}

/* BZSt: one digit stands twice or three times among the first ten, the others once or not. */
static bool check_de_steuer_id(const char *id)
{
	unsigned counts[10] = {0}, repeated = 0;
	for (size_t i = 0; i < 10; i++)
		counts[digit(id, i)]++;
	for (size_t i = 0; i < 10; i++) {
		repeated += counts[i] > 1;
		if (counts[i] > 3)
			return false;
	}
	return id[0] != '0' && repeated == 1 && checksum_mod_11_10(bytes_of(id, 11));
}

/* INSEE: the two departments of Corsica count as 19 and 18. */
static bool check_fr_nir(const char *id)
{
	char digits[14];
	memcpy(digits, id, 13);
	if (id[6] == 'A' || id[6] == 'B') {
		digits[5] = '1';
		digits[6] = id[6] == 'A' ? '9' : '8';
		if (id[5] != '2')
			return false;
	}
	unsigned month = two(id, 3);
	bool is_month = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
	return (id[0] == '1' || id[0] == '2' || id[0] == '7' || id[0] == '8') && is_month &&
	       97 - checksum_number(bytes_of(digits, 13)) % 97 == two(id, 13);
}

/* In one run it may be a time to the millisecond: then the month is a month. */
static bool check_fr_nir_plain(const char *id)
{
	return two(id, 3) <= 12 && check_fr_nir(id);
}

static bool check_es_dni(const char *id)
{
	return id[8] == dni_letters[checksum_number(bytes_of(id, 8)) % 23];
}

static bool check_es_nie(const char *id)
{
	return id[0] >= 'X' && id[0] <= 'Z' &&
	       id[8] == dni_letters[((uint64_t)(id[0] - 'X') * 10000000 + checksum_number(bytes_of(id + 1, 7))) % 23];
}

/* Decreto ministeriale 12 March 1974; a letter may stand for a digit where two persons would have one code. */
static bool check_it_codice_fiscale(const char *id)
{
	static const unsigned char odd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
	                                    20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
	unsigned total = 0;
	for (size_t i = 0; i < 15; i++) {
		unsigned value = id[i] >= 'A' ? (unsigned)(id[i] - 'A') : digit(id, i);
		total += i % 2 == 0 ? odd[value] : value;
	}
	return strchr("ABCDEHLMPRST", id[8]) != NULL && (unsigned)(id[15] - 'A') == total % 26;
}

static bool check_nl_bsn(const char *id)
{
	return sum(id, "98765432") % 11 == digit(id, 8) && !is_one_digit(id) && checksum_number(bytes_of(id, 2)) > 0;
}

static bool check_be_nn(const char *id)
{
	uint64_t number = checksum_number(bytes_of(id, 9)), check = two(id, 9);
	unsigned month = two(id, 2), day = two(id, 4);
	bool is_day = month % 20 <= 12 && month < 60 && day <= 31;
	return is_day && (97 - number % 97 == check || 97 - (2000000000 + number) % 97 == check);
}

/* Skatteverket; a coordination number has 60 added to its day. */
static bool check_se_personnummer(const char *id)
{
	const char *ten = strlen(id) == 12 ? id + 2 : id;
	return is_short_day(two(ten, 0), two(ten, 2), two(ten, 4) > 60 ? two(ten, 4) - 60 : two(ten, 4)) &&
	       checksum_luhn(bytes_of(ten, 10));
}

/* CPR: the check digit is no longer kept to, the day is. */
static bool check_dk_cpr(const char *id)
{
	return is_short_day(two(id, 4), two(id, 2), two(id, 0)) && !is_one_digit(id);
}

/* DVV: the nine digits by 31; the sign tells the century. */
static bool check_fi_hetu(const char *id)
{
	char digits[10];
	memcpy(digits, id, 6);
	memcpy(digits + 6, id + 7, 3);
	return is_short_day(two(id, 4), two(id, 2), two(id, 0)) &&
	       id[10] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[checksum_number(bytes_of(digits, 9)) % 31];
}

static bool check_pl_pesel(const char *id)
{
	return is_short_day(two(id, 0), two(id, 2) % 20, two(id, 4)) && sum(id, "13791379131") % 10 == 0;
}

static bool check_pt_nif(const char *id)
{
	unsigned check = 11 - sum(id, "98765432") % 11;
	return id[0] != '0' && (check > 9 ? 0 : check) == digit(id, 8) && !is_one_digit(id);
}

static bool check_ch_ahv(const char *id)
{
	return memcmp(id, "756", 3) == 0 && checksum_gs1(bytes_of(id, 13));
}

static bool check_br_cpf(const char *id)
{
	unsigned first = sum(id, ":98765432") * 10 % 11 % 10, second = digit(id, 0) * 11 + sum(id + 1, ":98765432");
	return !is_one_digit(id) && first == digit(id, 9) && second * 10 % 11 % 10 == digit(id, 10);
}

static bool check_in_aadhaar(const char *id)
{
	return id[0] >= '2' && checksum_verhoeff(bytes_of(id, 12)) && !is_one_digit(id);
}

static bool check_no_fodselsnummer(const char *id)
{
	unsigned day = two(id, 0) > 40 ? two(id, 0) - 40 : two(id, 0);
	return is_short_day(two(id, 4), two(id, 2) % 40, day) && (sum(id, "376189452") + digit(id, 9)) % 11 == 0 &&
	       sum(id, "54327654321") % 11 == 0;
}

static bool check_ro_cnp(const char *id)
{
	unsigned check = sum(id, "279146358279") % 11;
	return id[0] != '0' && is_short_day(two(id, 1), two(id, 3), two(id, 5)) && (check == 10 ? 1 : check) == digit(id, 12);
}

/* Czechia and Slovakia: women's months have 50 added, and 20 where a day has run out of numbers. */
static bool check_cz_rc(const char *id)
{
	unsigned month = two(id, 2) % 50;
	uint64_t head = checksum_number(bytes_of(id, 9));
	return is_short_day(two(id, 0), month > 20 ? month - 20 : month, two(id, 4)) && head % 11 % 10 == digit(id, 9);
}

static bool check_lt_asmens(const char *id)
{
	unsigned first = sum(id, "1234567891") % 11, second = sum(id, "3456789123") % 11;
	return id[0] >= '1' && id[0] <= '6' && is_short_day(two(id, 1), two(id, 3), two(id, 5)) &&
	       (first < 10 ? first : second % 10) == digit(id, 10);
}

static bool check_hr_oib(const char *id)
{
	return checksum_mod_11_10(bytes_of(id, 11));
}

static bool check_tr_kimlik(const char *id)
{
	unsigned odd = digit(id, 0) + digit(id, 2) + digit(id, 4) + digit(id, 6) + digit(id, 8);
	unsigned even = digit(id, 1) + digit(id, 3) + digit(id, 5) + digit(id, 7);
	return id[0] != '0' && (odd * 7 + 100 - even) % 10 == digit(id, 9) && (odd + even + digit(id, 9)) % 10 == digit(id, 10);
}

static bool check_za_id(const char *id)
{
	return is_short_day(two(id, 0), two(id, 2), two(id, 4)) && id[10] <= '1' && checksum_luhn(bytes_of(id, 13));
}

/* GB 11643-1999, by ISO/IEC 7064 MOD 11-2. */
static bool check_cn_ric(const char *id)
{
	unsigned rest = 0;
	for (size_t i = 0; i < 17; i++)
		rest = (rest + digit(id, i)) * 2 % 11;
	unsigned check = (12 - rest) % 11;
	unsigned year = two(id, 6) * 100 + two(id, 8);
	return id[0] >= '1' && id[0] <= '8' && year >= 1850 && year < 2100 && number_is_day(year, two(id, 10), two(id, 12)) &&
	       id[17] == (check == 10 ? 'X' : (char)('0' + check));
}

static bool check_ca_sin(const char *id)
{
	return id[0] != '0' && checksum_luhn(bytes_of(id, 9)) && !is_one_digit(id);
}

static bool check_ie_pps(const char *id)
{
	unsigned more = id[8] != '\0' && id[8] != 'W' ? (unsigned)(id[8] - 'A' + 1) * 9 : 0;
	return id[7] == "WABCDEFGHIJKLMNOPQRSTUV"[(sum(id, "8765432") + more) % 23];
}

/* ANSES; RENAPER's CURP: positions of the alphabet with N with tilde behind N. */
static bool check_ar_cuit(const char *id)
{
	return (11 - sum(id, "5432765432") % 11) % 11 == digit(id, 10);
}

static bool check_mx_curp(const char *id)
{
	unsigned total = 0;
	for (size_t i = 0; i < 17; i++) {
		unsigned value = character_is_digit((unsigned char)id[i])
		                         ? digit(id, i)
		                         : (unsigned)(id[i] - 'A') + 10 + (unsigned)(id[i] > 'N');
		total += value * (unsigned)(18 - i);
	}
	return is_short_day(two(id, 4), two(id, 6), two(id, 8)) && (id[10] == 'H' || id[10] == 'M') &&
	       (10 - total % 10) % 10 == digit(id, 17);
}

static bool check_il_id(const char *id)
{
	return checksum_luhn(bytes_of(id, 9)) && !is_one_digit(id);
}

static bool check_th_pin(const char *id)
{
	unsigned total = 0;
	for (size_t i = 0; i < 12; i++)
		total += digit(id, i) * (unsigned)(13 - i);
	return id[0] >= '1' && id[0] <= '8' && (11 - total % 11) % 10 == digit(id, 12);
}

/* The sum's other digit, then the cities' weights: EGN, its months with 20 or 40 added by century. */
static bool check_bg_egn(const char *id)
{
	static const unsigned char weights[] = {2, 4, 8, 5, 10, 9, 7, 3, 6};
	return is_short_day(two(id, 0), two(id, 2) % 20, two(id, 4)) &&
	       checksum_weighted(bytes_of(id, 9), weights, 9) % 11 % 10 == digit(id, 9);
}

/* ---- the rows ---- */

enum proof {
	PROVED,   /* by itself */
	SHAPED,   /* by its form, which little else has */
	LABELLED, /* by a word before it */
	NAMED,    /* by a word that names this very number */
};

struct row {
	const char *subkind;
	/* d a digit, L a letter, X either, ~ at most one separator, 0 a nought that was left out; others stand for themselves. */
	const char *form;
	enum proof proof;
	bool (*is_right)(const char *id);
};

/* clang-format off */
static const struct row rows[] = {
	{"us-ssn", "ddd-dd-dddd", SHAPED, check_us_ssn},
	{"uk-nino", "LL dd dd dd L", SHAPED, check_uk_nino},
	{"uk-nino", "LL~dd~dd~dd~L", LABELLED, check_uk_nino},
	{"fr-nir", "d dd dd dX ddd ddd dd", PROVED, check_fr_nir},
	{"fr-nir", "ddddddXdddddddd", PROVED, check_fr_nir_plain},
	{"fr-nir", "d~dd~dd~dX~ddd~ddd~dd", LABELLED, check_fr_nir},
	{"es-nie", "L~ddddddd~L", PROVED, check_es_nie},
	{"es-dni", "dddddddd~L", LABELLED, check_es_dni},
	{"it-codice-fiscale", "LLLLLL~XXLXX~LXXXL", PROVED, check_it_codice_fiscale},
	{"be-nn", "dd.dd.dd-ddd.dd", PROVED, check_be_nn},
	{"be-nn", "dd~dd~dd~ddd~dd", LABELLED, check_be_nn},
	{"ch-ahv", "ddd.dddd.dddd.dd", PROVED, check_ch_ahv},
	{"ch-ahv", "ddddddddddddd", LABELLED, check_ch_ahv},
	{"br-cpf", "ddd.ddd.ddd-dd", PROVED, check_br_cpf},
	{"br-cpf", "ddddddddddd", LABELLED, check_br_cpf},
	{"fi-hetu", "dddddd-dddX", PROVED, check_fi_hetu},
	{"fi-hetu", "ddddddAdddX", PROVED, check_fi_hetu},
	{"fi-hetu", "dddddd+dddX", PROVED, check_fi_hetu},
	{"cn-ric", "ddddddddddddddddd" "X", PROVED, check_cn_ric},
	{"mx-curp", "LLLLddddddLLLLLLXd", PROVED, check_mx_curp},
	{"no-fodselsnummer", "dddddd~ddddd", LABELLED, check_no_fodselsnummer},
	{"de-steuer-id", "dd~ddd~ddd~ddd", LABELLED, check_de_steuer_id},
	{"pl-pesel", "ddddddddddd", LABELLED, check_pl_pesel},
	{"lt-asmens-kodas", "ddddddddddd", LABELLED, check_lt_asmens},
	{"tr-kimlik", "ddddddddddd", LABELLED, check_tr_kimlik},
	{"hr-oib", "ddddddddddd", NAMED, check_hr_oib},
	{"ar-cuit", "dd-dddddddd-d", LABELLED, check_ar_cuit},
	{"ar-cuit", "dd~dddddddd~d", NAMED, check_ar_cuit},
	{"se-personnummer", "dddddddd-dddd", PROVED, check_se_personnummer},
	{"se-personnummer", "dddddddddddd", LABELLED, check_se_personnummer},
	{"se-personnummer", "dddddd-dddd", LABELLED, check_se_personnummer},
	{"in-aadhaar", "dddd~dddd~dddd", LABELLED, check_in_aadhaar},
	{"cz-rc", "dddddd/dddd", LABELLED, check_cz_rc},
	{"cz-rc", "dddddddddd", NAMED, check_cz_rc},
	{"cz-rc", "dddddd/ddd", NAMED, number_is_elder_birth_number},
	{"cz-rc", "ddddddddd", NAMED, number_is_elder_birth_number},
	{"bg-egn", "dddddddddd", NAMED, check_bg_egn},
	{"dk-cpr", "dddddd~dddd", NAMED, check_dk_cpr},
	{"ro-cnp", "ddddddddddddd", LABELLED, check_ro_cnp},
	{"za-id", "ddddddddddddd", NAMED, check_za_id},
	{"th-pin", "d~dddd~ddddd~dd~d", LABELLED, check_th_pin},
	{"nl-bsn", "dddd.dd.ddd", NAMED, check_nl_bsn},
	{"nl-bsn", "ddddddddd", NAMED, check_nl_bsn},
	{"nl-bsn", "0dddddddd", NAMED, check_nl_bsn},
	{"ca-sin", "ddd~ddd~ddd", NAMED, check_ca_sin},
	{"pt-nif", "ddd~ddd~ddd", NAMED, check_pt_nif},
	{"il-id", "dddddddd~d", NAMED, check_il_id},
	{"il-id", "0ddddddd~d", NAMED, check_il_id},
	{"ie-pps", "dddddddLL", LABELLED, check_ie_pps},
	{"ie-pps", "dddddddL", LABELLED, check_ie_pps},
	{"us-ssn", "ddd~dd~dddd", NAMED, check_us_ssn},
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* What a word says of whose number follows it: then it is no other's. */
/* clang-format off */
static const struct {
	const char *words, *subkind;
} named[] = {
	{"ssn", "us-ssn"}, {"social security", "us-ssn"}, {"social security number", "us-ssn"}, {"social security no", "us-ssn"},
	{"national insurance", "uk-nino"}, {"national insurance number", "uk-nino"}, {"nino", "uk-nino"},
	{"ni number", "uk-nino"}, {"pps", "ie-pps"}, {"ppsn", "ie-pps"}, {"sin", "ca-sin"}, {"social insurance", "ca-sin"},
	{"aadhaar", "in-aadhaar"}, {"aadhar", "in-aadhaar"}, {"steuer-id", "de-steuer-id"}, {"idnr", "de-steuer-id"},
	{"steueridentifikationsnummer", "de-steuer-id"}, {"steuer-identifikationsnummer", "de-steuer-id"},
	{"steuerliche identifikationsnummer", "de-steuer-id"}, {"ahv", "ch-ahv"}, {"ahv-nummer", "ch-ahv"},
	{"ahv-nr", "ch-ahv"}, {"avs", "ch-ahv"}, {"sécurité sociale", "fr-nir"}, {"numéro de sécurité sociale", "fr-nir"},
	{"nir", "fr-nir"}, {"insee", "fr-nir"}, {"registre national", "be-nn"}, {"niss", "be-nn"},
	{"rijksregisternummer", "be-nn"}, {"dni", "es-dni"}, {"nie", "es-nie"}, {"curp", "mx-curp"}, {"cuit", "ar-cuit"},
	{"cuil", "ar-cuit"}, {"codice fiscale", "it-codice-fiscale"}, {"bsn", "nl-bsn"}, {"burgerservicenummer", "nl-bsn"},
	{"sofinummer", "nl-bsn"}, {"personnummer", "se-personnummer"}, {"cpr", "dk-cpr"}, {"cpr-nr", "dk-cpr"},
	{"fødselsnummer", "no-fodselsnummer"}, {"fodselsnummer", "no-fodselsnummer"}, {"hetu", "fi-hetu"},
	{"henkilötunnus", "fi-hetu"}, {"pesel", "pl-pesel"}, {"contribuinte", "pt-nif"}, {"cpf", "br-cpf"}, {"cnp", "ro-cnp"},
	{"rodné číslo", "cz-rc"}, {"r.č", "cz-rc"}, {"egn", "bg-egn"}, {"oib", "hr-oib"},
	{"asmens kodas", "lt-asmens-kodas"}, {"teudat zehut", "il-id"}, {"mispar zehut", "il-id"}, {"sa id", "za-id"},
	{"rsa id", "za-id"}, {"nif", "pt-nif"}, {"tckn", "tr-kimlik"}, {"t.c. kimlik", "tr-kimlik"},
};
/* clang-format on */

/* Whose number the word names; NULL where it only says that it is some state's. */
static const char *named_by(const struct label_row *label)
{
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (strcmp(named[i].words, label->words) == 0)
			return named[i].subkind;
	return NULL;
}

/* How far the word before it proves it. */
static enum proof proof_by(const struct label_row *label, const char *subkind)
{
	const char *name = label != NULL ? named_by(label) : NULL;
	if (label == NULL || (name != NULL && strcmp(name, subkind) != 0))
		return SHAPED;
	return name != NULL ? NAMED : LABELLED;
}

/* Letters before the first digit of a form, and a separator among them. */
static size_t letters_before(const char *form)
{
	return strcspn(form, "dX");
}

/* Reads it at at: letters and digits, and signs that tell a century; where it ends, 0 if it is not of that form. */
static size_t read_form(struct bytes text, size_t at, const char *form, char id[ID_MAX + 1])
{
	size_t len = 0;
	unsigned char separator;
	for (; *form == '0'; form++)
		id[len++] = '0';
	for (; *form != '\0'; form++) {
		if (*form == '~') {
			at += number_separator_at(text, at, " -./", &separator);
			continue;
		}
		unsigned char c = character_to_upper(character_at(text, at));
		bool is_separator = *form == ' ' || *form == '.' || *form == '/';
		if (!number_is_of_class(c, *form))
			return 0;
		if (!is_separator && len < ID_MAX)
			id[len++] = (char)c;
		at++;
	}
	id[len] = '\0';
	return at;
}

/* Dashes are kept by read_form, since one of them tells a century; values do without. */
static void drop_dashes(char *id)
{
	char *to = id;
	for (const char *from = id; *from != '\0'; from++)
		if (*from != '-')
			*to++ = *from;
	*to = '\0';
}

/* Letters before a row's first digit, and whether they may be parted from it. */
static struct lead {
	unsigned char letters;
	bool has_gap;
} leads[ROW_COUNT];

/* Sets of rows, a bit each: most numbers are too short for a form, or have no letter where it wants one. */
static struct {
	uint64_t of_run[ID_MAX + 1];           /* that may begin with so many digits, behind no letter */
	uint64_t of_count[DIGIT_RUN_SEEN + 1]; /* that have no more digits before their next letter */
	uint64_t lettered;                     /* that begin with letters */
	uint64_t may_lack_digits;              /* of those, with letters where others have digits */
} sets;

static_assert(ROW_COUNT <= 64, "a row is a bit");

static void add_row(size_t i)
{
	const char *form = rows[i].form + strspn(rows[i].form, "0");
	size_t letters = letters_before(form), digits = strspn(form, "d"), needed = 0;
	bool has_gap = letters > 0 && strchr("~ ", form[letters - 1]) != NULL;
	uint64_t row = UINT64_C(1) << i;
	for (const char *at = form + letters; *at != '\0' && strchr("d~ .-/", *at) != NULL; at++)
		needed += *at == 'd';
	leads[i] = (struct lead){(unsigned char)(letters - has_gap), has_gap};
	if (digits == 0) {
		sets.lettered |= row;
		sets.may_lack_digits |= needed == 0 ? row : 0;
	}
	/* Its first run may end where a separator or a letter may stand, and has to where one must. */
	for (size_t at = 0, run = 0; digits > 0; at++) {
		bool has_to_end = form[at] == '\0' || strchr("dX~", form[at]) == NULL;
		sets.of_run[run] |= form[at] != 'd' && run > 0 ? row : 0;
		if (has_to_end)
			break;
		run += form[at] != '~';
	}
	for (size_t count = needed < DIGIT_RUN_SEEN ? needed : DIGIT_RUN_SEEN; count <= DIGIT_RUN_SEEN; count++)
		sets.of_count[count] |= row;
}

static enum status national_id_prepare(void)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		add_row(i);
	return label_prepare();
}

/* Whether a letter stands before, which forms that begin with one want. */
static bool is_behind_letter(struct bytes text, size_t at)
{
	unsigned char before = character_before(text, at);
	return at > 0 && (character_is_letter(before) ||
	                  ((before == ' ' || before == '-') && at > 1 && character_is_letter(text.at[at - 2])));
}

static bool is_row(struct bytes text, size_t at, const struct row *row, const struct lead *lead, struct match *match)
{
	char id[ID_MAX + 1];
	size_t before = lead->letters;
	if (lead->has_gap && at > 0 && !character_is_letter(text.at[at - 1]))
		before++;
	if (at < before)
		return false;
	size_t from = at - before, to = read_form(text, from, row->form, id);
	if (to == 0 || !number_stands_alone(text, from, to))
		return false;
	bool has_century = strcmp(row->subkind, "fi-hetu") == 0;
	if (!has_century)
		drop_dashes(id);
	if (!row->is_right(id))
		return false;
	drop_dashes(id);
	const struct label_row *label = label_near(text, from, LABEL_REACH, LABELS);
	enum proof by = proof_by(label, row->subkind);
	if (by < row->proof)
		return false;
	bool is_labelled = by >= LABELLED;
	buffer_append_string(match->value, id);
	match->from = from;
	match->to = to;
	match->subkind = row->subkind;
	match->confidence = is_labelled ? CONFIDENCE_LABELLED : row->proof == PROVED ? CONFIDENCE_ALONE : CONFIDENCE_SHAPE;
	return true;
}

/* The rows that this may be one of. Italy's, which may have few digits, has six letters before them and a letter among them. */
static uint64_t rows_for(const struct digit_run *run)
{
	const unsigned six = 63;
	size_t first = run->to - run->at;
	uint64_t all = run->may_begin ? sets.of_run[first < ID_MAX ? first : ID_MAX] : 0;
	if (is_behind_letter(run->text, run->at)) {
		bool is_italian = ((run->letters & six) == six || (run->letters >> 1 & six) == six) &&
		                  character_is_letter(character_at(run->text, run->at + 2));
		all |= is_italian ? sets.lettered : sets.lettered & ~sets.may_lack_digits;
	}
	return all & sets.of_count[run->count];
}

static bool national_id_wants(struct digit_run *run)
{
	return rows_for(run) != 0;
}

static bool national_id_match(struct bytes text, size_t at, struct match *match)
{
	struct digit_run run = digit_run_at(text, at);
	match->kind = FINDING_NATIONAL_ID;
	for (uint64_t all = rows_for(&run); all != 0; all &= all - 1) {
		size_t i = (size_t)__builtin_ctzll(all);
		if (is_row(text, at, &rows[i], &leads[i], match))
			return true;
	}
	return false;
}

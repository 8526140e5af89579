/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Travel documents by their machine-readable zone (ICAO Doc 9303: TD3 in part
 * 4, two lines of 44; TD2 in part 6, two of 36; TD1 in part 5, three of 30).
 * Found at the first digit of the line that holds the document's number; all
 * check digits must be right. The value is the number, the subkind the state.
 */
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/digit-run.h"

static bool passport_match(struct bytes text, size_t at, struct match *match);
static bool passport_wants(struct digit_run *run);

const struct detector detector_passport = {
	.name = "passport",
	.version = 1,
	.lane = LANE_DIGITS,
	.rank = RANK_PROVED,
	.yields_to = RANK_BIT(RANK_PROVED),
	.match = passport_match,
	.wants = passport_wants,
};

enum { TD1 = 30, TD2 = 36, TD3 = 44, NUMBER = 9 };

static const float CONFIDENCE = 0.99f;

/* clang-format off */
/* ISO 3166-1 alpha-3, and what Doc 9303 part 3 adds: Germany's D, and the codes of organisations and of persons. */
static const char states[][4] = {
	"ABW", "AFG", "AGO", "AIA", "ALA", "ALB", "AND", "ARE", "ARG", "ARM", "ASM", "ATA", "ATF", "ATG", "AUS", "AUT", "AZE",
	"BDI", "BEL", "BEN", "BES", "BFA", "BGD", "BGR", "BHR", "BHS", "BIH", "BLM", "BLR", "BLZ", "BMU", "BOL", "BRA", "BRB",
	"BRN", "BTN", "BVT", "BWA", "CAF", "CAN", "CCK", "CHE", "CHL", "CHN", "CIV", "CMR", "COD", "COG", "COK", "COL", "COM",
	"CPV", "CRI", "CUB", "CUW", "CXR", "CYM", "CYP", "CZE", "D", "DEU", "DJI", "DMA", "DNK", "DOM", "DZA", "ECU", "EGY",
	"ERI", "ESH", "ESP", "EST", "ETH", "EUE", "FIN", "FJI", "FLK", "FRA", "FRO", "FSM", "GAB", "GBD", "GBN", "GBO", "GBP",
	"GBR", "GBS", "GEO", "GGY", "GHA", "GIB", "GIN", "GLP", "GMB", "GNB", "GNQ", "GRC", "GRD", "GRL", "GTM", "GUF", "GUM",
	"GUY", "HKG", "HMD", "HND", "HRV", "HTI", "HUN", "IDN", "IMN", "IND", "IOT", "IRL", "IRN", "IRQ", "ISL", "ISR", "ITA",
	"JAM", "JEY", "JOR", "JPN", "KAZ", "KEN", "KGZ", "KHM", "KIR", "KNA", "KOR", "KWT", "LAO", "LBN", "LBR", "LBY", "LCA",
	"LIE", "LKA", "LSO", "LTU", "LUX", "LVA", "MAC", "MAF", "MAR", "MCO", "MDA", "MDG", "MDV", "MEX", "MHL", "MKD", "MLI",
	"MLT", "MMR", "MNE", "MNG", "MNP", "MOZ", "MRT", "MSR", "MTQ", "MUS", "MWI", "MYS", "MYT", "NAM", "NCL", "NER", "NFK",
	"NGA", "NIC", "NIU", "NLD", "NOR", "NPL", "NRU", "NZL", "OMN", "PAK", "PAN", "PCN", "PER", "PHL", "PLW", "PNG", "POL",
	"PRI", "PRK", "PRT", "PRY", "PSE", "PYF", "QAT", "REU", "RKS", "ROU", "RUS", "RWA", "SAU", "SDN", "SEN", "SGP", "SGS",
	"SHN", "SJM", "SLB", "SLE", "SLV", "SMR", "SOM", "SPM", "SRB", "SSD", "STP", "SUR", "SVK", "SVN", "SWE", "SWZ", "SXM",
	"SYC", "SYR", "TCA", "TCD", "TGO", "THA", "TJK", "TKL", "TKM", "TLS", "TON", "TTO", "TUN", "TUR", "TUV", "TWN", "TZA",
	"UGA", "UKR", "UMI", "UNA", "UNK", "UNO", "URY", "USA", "UTO", "UZB", "VAT", "VCT", "VEN", "VGB", "VIR", "VNM", "VUT",
	"WLF", "WSM", "XOM", "XPO", "XXA", "XXB", "XXC", "XXX", "YEM", "ZAF", "ZMB", "ZWE",
};
/* clang-format on */

static bool is_zone(unsigned char c)
{
	return character_is_upper(c) || character_is_digit(c) || c == '<';
}

/* Weights 7, 3, 1; a filler counts nothing (part 3, 4.9). */
static unsigned check_digit(struct bytes field, unsigned *position)
{
	static const unsigned char weights[] = {7, 3, 1};
	unsigned sum = 0;
	for (size_t i = 0; i < field.len; i++) {
		unsigned char c = field.at[i];
		unsigned value = character_is_digit(c) ? (unsigned)(c - '0') : c == '<' ? 0 : (unsigned)(c - 'A') + 10;
		sum += value * weights[(*position)++ % 3];
	}
	return sum;
}

static bool is_checked(struct bytes line, size_t from, size_t len)
{
	unsigned position = 0;
	unsigned char check = line.at[from + len];
	unsigned sum = check_digit(bytes_slice(line, from, len), &position) % 10;
	return check == '0' + sum || (check == '<' && sum == 0);
}

/* The check over several fields that follow one another. */
static bool are_checked(const struct bytes *fields, size_t count, unsigned char check)
{
	unsigned position = 0, sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += check_digit(fields[i], &position);
	return check == '0' + sum % 10;
}

/* The line of the zone around at, if all of it is of such characters. */
static struct bytes zone_line(struct bytes text, size_t at, size_t *ret_from)
{
	size_t from = at, to = at;
	while (from > 0 && at - from <= TD3 && is_zone(text.at[from - 1]))
		from--;
	while (to < text.len && to - from <= TD3 && is_zone(text.at[to]))
		to++;
	*ret_from = from;
	return bytes_slice(text, from, to - from);
}

/* The line that ends before a line's beginning; empty if none of the zone does. */
static struct bytes line_before(struct bytes text, size_t from)
{
	size_t start;
	if (from == 0 || text.at[from - 1] != '\n')
		return BYTES_NONE;
	from -= from > 1 && text.at[from - 2] == '\r' ? 2 : 1;
	return from > 0 && is_zone(text.at[from - 1]) ? zone_line(text, from - 1, &start) : BYTES_NONE;
}

static struct bytes line_behind(struct bytes text, size_t to)
{
	size_t start;
	to += character_at(text, to) == '\r';
	return character_at(text, to) == '\n' && is_zone(character_at(text, to + 1)) ? zone_line(text, to + 1, &start)
	                                                                             : BYTES_NONE;
}

/* NULL if there is no such state. */
static const char *find_state(struct bytes code)
{
	while (code.len > 1 && code.at[code.len - 1] == '<')
		code.len--;
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (bytes_equal_string(code, states[i]))
			return states[i];
	return NULL;
}

/* Two lines: the second has the number, the birth at 13 and the expiry at 21. */
static bool is_td3(struct bytes above, struct bytes line)
{
	const struct bytes all[] = {bytes_slice(line, 0, 10), bytes_slice(line, 13, 7), bytes_slice(line, 21, 22)};
	return above.len == TD3 && above.at[0] == 'P' && is_checked(line, 0, 9) && is_checked(line, 13, 6) &&
	       is_checked(line, 21, 6) && is_checked(line, 28, 14) && are_checked(all, 3, line.at[43]);
}

static bool is_td2(struct bytes above, struct bytes line)
{
	const struct bytes all[] = {bytes_slice(line, 0, 10), bytes_slice(line, 13, 7), bytes_slice(line, 21, 14)};
	return above.len == TD2 && strchr("PIAC", above.at[0]) != NULL && is_checked(line, 0, 9) && is_checked(line, 13, 6) &&
	       is_checked(line, 21, 6) && are_checked(all, 3, line.at[35]);
}

/* Three lines: the first has the number, the second the rest. */
static bool is_td1(struct bytes line, struct bytes below)
{
	const struct bytes all[] = {bytes_slice(line, 5, 25), bytes_slice(below, 0, 7), bytes_slice(below, 8, 7),
	                            bytes_slice(below, 18, 11)};
	return below.len == TD1 && strchr("IAC", line.at[0]) != NULL && is_checked(line, 5, 9) && is_checked(below, 0, 6) &&
	       is_checked(below, 8, 6) && are_checked(all, 4, below.at[29]);
}

static bool has_digit(struct bytes line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (character_is_digit(line.at[i]))
			return true;
	return false;
}

/* Before a line's first digit stand fourteen of its thirty characters at most: a state and the number. */
static bool passport_wants(struct digit_run *run)
{
	return is_zone(character_at(run->text, run->at + 15)) && is_zone(character_at(run->text, run->at + 7)) &&
	       is_zone(character_at(run->text, run->at + 3));
}

static bool passport_match(struct bytes text, size_t at, struct match *match)
{
	size_t from, number;
	struct bytes state;
	struct bytes line = zone_line(text, at, &from);
	if ((line.len != TD1 && line.len != TD2 && line.len != TD3) || has_digit(line, at - from))
		return false;
	struct bytes above = line_before(text, from);
	if ((line.len == TD3 && is_td3(above, line)) || (line.len == TD2 && is_td2(above, line))) {
		number = 0;
		state = bytes_slice(above, 2, 3);
	} else if (line.len == TD1 && is_td1(line, line_behind(text, from + TD1))) {
		number = 5;
		state = bytes_slice(line, 2, 3);
	} else
		return false;
	struct bytes value = bytes_slice(line, number, NUMBER);
	while (value.len > 0 && value.at[value.len - 1] == '<')
		value.len--;
	match->subkind = find_state(state);
	if (value.len == 0 || match->subkind == NULL || memchr(value.at, '<', value.len) != NULL)
		return false;
	buffer_append(match->value, value);
	match->from = from + number;
	match->to = match->from + value.len;
	match->kind = FINDING_PASSPORT;
	match->confidence = CONFIDENCE;
	return true;
}

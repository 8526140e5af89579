/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IP addresses: dotted quads found at their first dot, IPv6 (RFC 4291 2.2) at
 * their first colon, written as RFC 5952 wants. Four numbers with dots are as
 * often a version, a section's number or an object identifier; these are told
 * by what stands before and after. Times, hardware addresses and C++ names
 * have colons, too. Special ranges (RFC 6890) are less sure.
 */
#include "detector/character.h"
#include "detector/detector.h"

#include <arpa/inet.h>

static bool ip_match(struct bytes text, size_t at, struct match *match);

static const struct beside beside[] = {{".", "0-9", "0-9"}, {":", NULL, "0-9A-Fa-f:"}, {0}};

const struct detector detector_ip = {
	.name = "ip",
	.version = 1,
	.lane = LANE_TRIGGERS,
	.triggers = ".:",
	.beside = beside,
	.rank = RANK_NUMBER,
	.yields_to = RANK_BIT(RANK_NUMBER),
	.match = ip_match,
};

enum { V6_TEXT_MAX = 45, V6_WALK_MAX = 64, CONTEXT = 32, SMALL = 32 };

static const float CONFIDENCE_PUBLIC = 0.9f, CONFIDENCE_SPECIAL = 0.6f, CONFIDENCE_SMALL = 0.4f;

/* ---- IPv4 ---- */

/* One number of at most three digits, without leading zeros; returns where it ends, or at. */
static size_t read_octet(struct bytes text, size_t at, unsigned char *ret_octet)
{
	unsigned value = 0;
	size_t end = at;
	while (end < text.len && end - at < 4 && character_is_digit(text.at[end]))
		value = value * 10 + (unsigned)(text.at[end++] - '0');
	if (end == at || value > 255 || end - at > 3 || (end - at > 1 && text.at[at] == '0'))
		return at;
	*ret_octet = (unsigned char)value;
	return end;
}

/* Reads a quad; where it ends, or from. */
static size_t read_quad(struct bytes text, size_t from, unsigned char octets[4])
{
	size_t at = from;
	for (int i = 0; i < 4; i++) {
		if (i > 0 && character_at(text, at++) != '.')
			return from;
		size_t end = read_octet(text, at, &octets[i]);
		if (end == at)
			return from;
		at = end;
	}
	return at;
}

static bool v4_may_begin(struct bytes text, size_t from)
{
	unsigned char before = character_before(text, from);
	unsigned char second = from >= 2 ? text.at[from - 2] : ' ';
	if (before == '/')
		return second == '/';
	if (before == '-')
		return character_is_digit(second) || second == ' ';
	return !character_is_alphanumeric(before) && before != '.' && before != '_' && before != '#' && before != '$' &&
	       before != '+';
}

static bool v4_may_end(struct bytes text, size_t to)
{
	unsigned char after = character_at(text, to), second = character_at(text, to + 1);
	if (after == '.' || after == '-')
		return !character_is_alphanumeric(second) || (after == '-' && character_is_digit(second));
	return !character_is_alphanumeric(after) && after != '_';
}

/* The word before the quad on its line, through spaces, =, :, quotes and the like. */
static struct bytes word_before(struct bytes text, size_t from)
{
	size_t stop = from > CONTEXT ? from - CONTEXT : 0, end = from;
	while (end > stop && strchr(" \t=:\"'([<>.", text.at[end - 1]) != NULL)
		end--;
	size_t start = end;
	while (start > stop && character_is_letter(text.at[start - 1]))
		start--;
	return bytes_slice(text, start, end - start);
}

static bool is_version_word(struct bytes word)
{
	static const char *const words[] = {
		"v",       "ver",     "version",   "versions", "versioned", "fileversion", "productversion", "assemblyversion",
		"release", "rel",     "rev",       "revision", "build",     "section",     "sections",       "chapter",
		"clause",  "clauses", "paragraph", "oid",      "para",      "schema",
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (bytes_equal_nocase(word, bytes_of_string(words[i])))
			return true;
	return false;
}

static bool begins_line(struct bytes text, size_t from)
{
	while (from > 0 && (text.at[from - 1] == ' ' || text.at[from - 1] == '\t'))
		from--;
	return from == 0 || text.at[from - 1] == '\n' || text.at[from - 1] == '\f';
}

/* "1.2.3.4 Scope" at the head of a line. */
static bool is_heading(struct bytes text, size_t from, size_t to)
{
	while (character_at(text, to) == '\t' || (to < text.len && text.at[to] == ' '))
		to++;
	return begins_line(text, from) && character_is_upper(character_at(text, to));
}

static bool is_small(const unsigned char octets[4])
{
	return octets[0] < SMALL && octets[1] < SMALL && octets[2] < SMALL && octets[3] < SMALL;
}

static bool is_special_v4(const unsigned char o[4])
{
	return o[0] == 0 || o[0] == 10 || o[0] == 127 || o[0] >= 224 || (o[0] == 172 && o[1] >= 16 && o[1] < 32) ||
	       (o[0] == 192 && o[1] == 168) || (o[0] == 169 && o[1] == 254) || (o[0] == 100 && o[1] >= 64 && o[1] < 128) ||
	       (o[0] == 192 && o[1] == 0 && (o[2] == 0 || o[2] == 2)) || (o[0] == 198 && (o[1] == 18 || o[1] == 19)) ||
	       (o[0] == 198 && o[1] == 51 && o[2] == 100) || (o[0] == 203 && o[1] == 0 && o[2] == 113);
}

/* 0: a version or a section after all. */
static float weigh_v4(struct bytes text, size_t from, size_t to, const unsigned char octets[4])
{
	bool is_round = octets[1] == 0 && octets[2] == 0 && octets[3] == 0;
	if (is_version_word(word_before(text, from)) || (from >= 2 && memcmp(text.at + from - 2, "\xC2\xA7", 2) == 0))
		return 0;
	bool is_any = is_round && octets[0] == 0;
	if ((is_round || octets[0] == 0) && !is_any && character_at(text, to) != '/')
		return 0;
	bool is_special = is_special_v4(octets);
	if (is_small(octets) && !is_special)
		return is_heading(text, from, to) ? 0 : CONFIDENCE_SMALL;
	return is_special ? CONFIDENCE_SPECIAL : CONFIDENCE_PUBLIC;
}

static bool v4_match(struct bytes text, size_t at, struct match *match)
{
	unsigned char octets[4];
	size_t from = at;
	while (from > 0 && at - from < 4 && character_is_digit(text.at[from - 1]))
		from--;
	if (from == at || !character_is_digit(character_at(text, at + 1)) || !v4_may_begin(text, from))
		return false;
	size_t to = read_quad(text, from, octets);
	if (to == from || !v4_may_end(text, to))
		return false;
	match->confidence = weigh_v4(text, from, to, octets);
	if (match->confidence <= 0)
		return false;
	buffer_append(match->value, bytes_slice(text, from, to - from));
	match->from = from;
	match->to = to;
	match->subkind = "v4";
	return true;
}

/* ---- IPv6 ---- */

static bool is_v6_character(unsigned char c)
{
	return character_is_hexadecimal(c) || c == ':' || c == '.';
}

/* Where the address that has its first colon at at begins; at + 1 where that colon belongs to a word before the address
 * ("source:2001:db8::1"); text.len if this is not the first colon. */
static size_t v6_start(struct bytes text, size_t at)
{
	size_t from = at;
	while (from > 0 && at - from < V6_WALK_MAX && is_v6_character(text.at[from - 1]))
		from--;
	if (from < at && memchr(text.at + from, ':', at - from) != NULL)
		return text.len;
	unsigned char before = character_before(text, from);
	if (character_is_alphanumeric(before) || before >= 0x80 || before == '_' || at - from > 4)
		return at + 1;
	return from;
}

struct groups {
	unsigned count, digits, longest, pairs;
};

static struct groups count_groups(struct bytes name)
{
	struct groups seen = {0};
	size_t length = 0;
	for (size_t i = 0; i <= name.len; i++) {
		bool is_inside = i < name.len && name.at[i] != ':';
		if (is_inside) {
			length++;
			seen.digits += character_is_digit(name.at[i]);
			continue;
		}
		seen.count += length > 0;
		seen.pairs += length == 2;
		if (length > seen.longest)
			seen.longest = (unsigned)length;
		length = 0;
	}
	return seen;
}

/* Not a name of a program (ace::bad), nor eight bytes of a fingerprint, nor :: alone. */
static bool is_v6_written(struct bytes name)
{
	struct groups seen = count_groups(name);
	bool is_loopback = bytes_equal_string(name, "::1");
	bool is_fingerprint = seen.pairs == 8;
	bool is_long = seen.longest >= 2 || seen.count >= 6;
	return is_loopback || (seen.digits > 0 && seen.count >= 2 && is_long && !is_fingerprint);
}

static bool is_special_v6(const unsigned char a[16])
{
	static const unsigned char zeros[15];
	return (a[0] & 0xFE) == 0xFC || (a[0] == 0xFE && (a[1] & 0xC0) == 0x80) || a[0] == 0xFF ||
	       (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8) || memcmp(a, zeros, sizeof zeros) == 0;
}

static bool v6_match(struct bytes text, size_t at, struct match *match)
{
	char name[V6_TEXT_MAX + 1], canonical[INET6_ADDRSTRLEN];
	unsigned char address[16];
	size_t from = v6_start(text, at), to = from;
	while (to < text.len && to - from <= V6_TEXT_MAX && is_v6_character(text.at[to]))
		to++;
	if (to - from > V6_TEXT_MAX)
		return false;
	unsigned char after = character_at(text, to);
	while (to > from && (text.at[to - 1] == '.' || (text.at[to - 1] == ':' && character_before(text, to - 1) != ':')))
		to--;
	if (to - from < 3 || character_is_alphanumeric(after) || after == '_' || after >= 0x80)
		return false;
	struct bytes written = bytes_slice(text, from, to - from);
	memcpy(name, written.at, written.len);
	name[written.len] = '\0';
	if (!is_v6_written(written) || inet_pton(AF_INET6, name, address) != 1 ||
	    inet_ntop(AF_INET6, address, canonical, sizeof canonical) == NULL)
		return false;
	buffer_append_string(match->value, canonical);
	match->from = from;
	match->to = to;
	match->subkind = "v6";
	match->confidence = is_special_v6(address) ? CONFIDENCE_SPECIAL : CONFIDENCE_PUBLIC;
	return true;
}

static bool ip_match(struct bytes text, size_t at, struct match *match)
{
	unsigned char after = character_at(text, at + 1);
	match->kind = FINDING_IP;
	if (text.at[at] == '.')
		return character_is_digit(after) && v4_match(text, at, match);
	return (character_is_hexadecimal(after) || after == ':') && v6_match(text, at, match);
}

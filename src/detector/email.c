/* SPDX-License-Identifier: Apache-2.0 */
/*
 * E-mail addresses (RFC 5321 4.1.2, RFC 5322 3.4.1 dot-atom, RFC 6531): found
 * at their @, walked over both ways, below a known suffix. What text does to
 * addresses is undone: quotes, escapes, leader dots, query names and missing
 * spaces around them. Not addresses: user:password@host of a URL, git@host:path,
 * @2x.png. What names a message, a part or an event has the form of an address
 * and is nobody's: FINDING_MESSAGE_ID, told by email-id.c.
 */
#include "base/text.h"
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/email-id.h"
#include "detector/host.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool email_match(struct bytes text, size_t at, struct match *match);

/* A host begins behind it; %40 is the @ of URLs. */
static const struct beside beside[] = {{"@", "!-\xFF", "0-9A-Za-z\x80-\xFF"}, {"%", "!-\xFF", "4"}, {0}};

const struct detector detector_email = {
	.name = "email",
	.version = 3,
	.lane = LANE_TRIGGERS,
	.triggers = "@%",
	.beside = beside,
	.rank = RANK_ADDRESS,
	.yields_to = 0,
	.match = email_match,
	.prepare = host_prepare,
};

enum { LOCAL_MAX = 64, LOCAL_WALK_MAX = 192, LOOK_BACK_MAX = 256 };

/* Of RFC 5322's atext what real addresses use; the rest separates. # and % are sorted out afterwards. */
static const struct character_set local_set = {{
	CHARACTER_DIGITS | CHARACTER_BIT('.') | CHARACTER_BIT('-') | CHARACTER_BIT('+') | CHARACTER_BIT('\'') |
		CHARACTER_BIT('=') | CHARACTER_BIT('&') | CHARACTER_BIT('#') | CHARACTER_BIT('%'),
	CHARACTER_LETTERS | CHARACTER_BIT('_'),
}};

/* Of these alone text makes nothing else than addresses. */
static const struct character_set plain_set = {{
	CHARACTER_DIGITS | CHARACTER_BIT('.') | CHARACTER_BIT('-'),
	CHARACTER_LETTERS | CHARACTER_BIT('_'),
}};

/* All of RFC 5322's atext, and dots: what may stand between < and @. */
static const struct character_set atom_set = {{
	CHARACTER_DIGITS | CHARACTER_BIT('.') | CHARACTER_BIT('-') | CHARACTER_BIT('+') | CHARACTER_BIT('\'') |
		CHARACTER_BIT('=') | CHARACTER_BIT('&') | CHARACTER_BIT('#') | CHARACTER_BIT('%') | CHARACTER_BIT('!') |
		CHARACTER_BIT('$') | CHARACTER_BIT('*') | CHARACTER_BIT('/') | CHARACTER_BIT('?'),
	CHARACTER_LETTERS | CHARACTER_BIT('_') | CHARACTER_BIT('^') | CHARACTER_BIT('`') | CHARACTER_BIT('{') |
		CHARACTER_BIT('|') | CHARACTER_BIT('}') | CHARACTER_BIT('~'),
}};

static bool is_local_end(unsigned char c)
{
	return character_is_alphanumeric(c) || c >= 0x80 || c == '_' || c == '-' || c == '+' || c == '#';
}

/* Where the local part that ends before at may begin. *ret_is_plain: it has no character with a second meaning. */
static size_t local_start(struct bytes text, size_t at, bool *ret_is_plain)
{
	size_t from = at;
	while (from > 0 && at - from < LOCAL_WALK_MAX && character_in(plain_set, text.at[from - 1]))
		from--;
	*ret_is_plain = from == 0 ||
	                (text.at[from - 1] < 0x80 && text.at[from - 1] != '\\' && !character_in(local_set, text.at[from - 1]));
	while (from > 0 && at - from < LOCAL_WALK_MAX) {
		uint32_t c = text.at[from - 1];
		size_t length = 1;
		if (c >= 0x80) {
			length = character_decode_before(text, from, &c);
			bool begins_another_script = from < at && text.at[from] < 0x80;
			if (!character_is_latin(c) && (begins_another_script || !character_is_other_script(c)))
				break;
		} else if (!character_in(local_set, (unsigned char)c)) {
			break;
		}
		from -= length;
	}
	return from;
}

/* ---- undoing what text did to the local part: each gives the number of bytes to cut off its front ---- */

static bool are_hexadecimal(struct bytes text, size_t from, size_t count)
{
	for (size_t i = from; i < from + count; i++)
		if (i >= text.len || !character_is_hexadecimal(text.at[i]))
			return false;
	return true;
}

static bool are_octal(struct bytes text)
{
	return text.len > 3 && text.at[0] >= '0' && text.at[0] <= '3' && text.at[1] >= '0' && text.at[1] <= '7' &&
	       text.at[2] >= '0' && text.at[2] <= '7';
}

/* \n, \t, \r, \u003c, \x3c and \047 of JSON and source code. */
static size_t escape_length(struct bytes text, size_t from, struct bytes local)
{
	if (character_before(text, from) != '\\' || local.len < 2)
		return 0;
	if (local.at[0] == 'n' || local.at[0] == 't' || local.at[0] == 'r')
		return 1;
	if (local.at[0] == 'u' && local.len > 5 && are_hexadecimal(local, 1, 4))
		return 5;
	if (local.at[0] == 'x' && local.len > 3 && are_hexadecimal(local, 1, 2))
		return 3;
	return are_octal(local) ? 3 : 0;
}

/* An escaped < that has lost its backslash. */
static size_t bare_escape_length(struct bytes local)
{
	if (local.len > 5 && bytes_start_with_nocase(local, BYTES_LITERAL("u003c")))
		return 5;
	return local.len > 3 && bytes_start_with_nocase(local, BYTES_LITERAL("x3c")) ? 3 : 0;
}

/* What an address may hold of the characters that are written by their numbers: . - + _ */
static bool is_encoded_local(struct bytes local, size_t percent)
{
	static const char *const codes[] = {"%2B", "%2D", "%2E", "%5F"};
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (bytes_start_with_nocase(bytes_from(local, percent), bytes_of_string(codes[i])))
			return true;
	return false;
}

/* Leader dots, and %3C, %253C and # but for Entra's #EXT#. is_encoded: the address is written so as a whole. */
static size_t separator_length(struct bytes local, bool is_encoded)
{
	size_t cut = 0;
	bool is_guest = bytes_end_with(local, BYTES_LITERAL("#EXT#"));
	size_t end = is_guest ? local.len - 5 : local.len;
	for (size_t i = 0; i < end; i++) {
		if (i + 2 < end && memcmp(local.at + i, "...", 3) == 0)
			cut = i + 3;
		if (local.at[i] == '#')
			cut = i + 1;
		if (local.at[i] == '%' && !(is_encoded && is_encoded_local(local, i))) {
			bool is_code = i + 3 < end && are_hexadecimal(local, i + 1, 2);
			bool is_twice = is_code && bytes_start_with(bytes_from(local, i), BYTES_LITERAL("%25")) && i + 5 < end &&
			                are_hexadecimal(local, i + 3, 2);
			cut = i + (is_twice ? 5 : is_code ? 3 : 1);
		}
	}
	return cut;
}

/* =3D and its like (RFC 2045 6.7) of characters that no address holds. Where the digits might as well be the
 * address's own, what stands before must be nobody's name. */
static size_t quoted_printable_length(struct bytes local)
{
	static const char *const codes[] = {"=3D", "=3C", "=3E", "=3A", "=3B", "=2C", "=5B", "=5D", "=0A", "=0D", "=A0"};
	static const char *const digits[] = {"=20", "=22", "=27", "=28", "=29", "=09"};
	size_t cut = 0;
	for (size_t i = 0; i + 3 < local.len; i++) {
		if (local.at[i] != '=')
			continue;
		struct bytes rest = bytes_from(local, i);
		bool is_code = false;
		for (size_t k = 0; k < sizeof codes / sizeof codes[0]; k++)
			is_code |= bytes_start_with(rest, bytes_of_string(codes[k]));
		bool is_alone = i == cut || !character_is_alphanumeric(local.at[i - 1]);
		for (size_t k = 0; k < sizeof digits / sizeof digits[0]; k++)
			is_code |= is_alone && bytes_start_with(rest, bytes_of_string(digits[k]));
		if (is_code)
			cut = i + 3;
	}
	return cut;
}

/* bounces-anna=contoso.com@ and prvs=12ab=anna@: a bounce names its addressee. left: what is before the =. */
static bool is_bounce(struct bytes left, struct bytes right)
{
	bool has_hyphen = false;
	for (size_t i = 0; i < left.len; i++) {
		if (character_is_digit(left.at[i]) || left.at[i] == '+' || left.at[i] >= 0x80)
			return true;
		has_hyphen |= left.at[i] == '-';
	}
	return bytes_find_byte(right, '=') != BYTES_NOT_FOUND || (has_hyphen && host_known_length(right) == right.len);
}

/* A name before =, as in user=anna@ and ?a=b&to=anna@. */
static size_t assignment_length(struct bytes local)
{
	size_t equals = bytes_find_byte(local, '=');
	if (equals == BYTES_NOT_FOUND)
		return 0;
	size_t last = bytes_find_last_byte(local, '=');
	size_t ampersand = bytes_find_last_byte(local, '&');
	if (ampersand != BYTES_NOT_FOUND)
		return (ampersand > last ? ampersand : last) + 1;
	return is_bounce(bytes_slice(local, 0, equals), bytes_from(local, equals + 1)) ? 0 : equals + 1;
}

static size_t punctuation_length(struct bytes local)
{
	size_t cut = 0;
	while (cut < local.len && local.at[cut] < 0x80 && !character_is_alphanumeric(local.at[cut]) && local.at[cut] != '_')
		cut++;
	return cut;
}

static size_t quote_length(struct bytes local, unsigned char next)
{
	size_t quote = next == '\'' ? bytes_find_last_byte(local, '\'') : BYTES_NOT_FOUND;
	return quote == BYTES_NOT_FOUND ? 0 : quote + 1;
}

static bool has_double_dot(struct bytes local)
{
	for (size_t i = 1; i < local.len; i++)
		if (local.at[i] == '.' && local.at[i - 1] == '.')
			return true;
	return false;
}

/* The local part that ends before at; empty if there is none. to: where the address ends. */
static struct bytes trim_local(struct bytes text, size_t at, size_t to, bool is_encoded)
{
	bool is_plain;
	size_t from = local_start(text, at, &is_plain);
	struct bytes local = bytes_slice(text, from, at - from);
	if (!is_plain) {
		local = bytes_from(local, escape_length(text, from, local));
		local = bytes_from(local, quote_length(local, character_at(text, to)));
	}
	local = bytes_from(local, bare_escape_length(local));
	bool is_doubled = has_double_dot(local);
	if (!is_plain || is_doubled) {
		local = bytes_from(local, separator_length(local, is_encoded));
		local = bytes_from(local, quoted_printable_length(local));
		local = bytes_from(local, assignment_length(local));
	}
	local = bytes_from(local, punctuation_length(local));
	is_doubled = is_doubled && has_double_dot(local);
	return local.len <= LOCAL_MAX && !is_doubled ? local : BYTES_NONE;
}

/* <local@host>: nothing was done to what brackets hold together. */
static struct bytes bracketed_local(struct bytes text, size_t at, size_t to)
{
	size_t from = at;
	if (character_at(text, to) != '>')
		return BYTES_NONE;
	while (from > 0 && at - from <= LOCAL_MAX && character_in(atom_set, text.at[from - 1]))
		from--;
	bool is_bracketed = character_before(text, from) == '<' && at - from <= LOCAL_MAX;
	struct bytes local = is_bracketed ? bytes_slice(text, from, at - from) : BYTES_NONE;
	return has_double_dot(local) || (local.len > 0 && (local.at[0] == '.' || local.at[local.len - 1] == '.')) ? BYTES_NONE
	                                                                                                          : local;
}

/* "uma vance"@ (RFC 5322 3.2.4), behind what cannot be the inside of another string. With its quotes. */
static struct bytes quoted_local(struct bytes text, size_t at)
{
	size_t from = at - 1;
	while (from > 0 && at - from <= LOCAL_MAX && text.at[from - 1] >= ' ' && text.at[from - 1] != '"' &&
	       text.at[from - 1] != '\\' && text.at[from - 1] < 0x7F)
		from--;
	if (character_before(text, from) != '"' || at - from < 2 || at - from > LOCAL_MAX)
		return BYTES_NONE;
	from--;
	unsigned char before = character_before(text, from);
	return before <= ' ' || before == '<' || before == '(' ? bytes_slice(text, from, at - from) : BYTES_NONE;
}

/* ---- what looks like an address and is none ---- */

/* user:password@ behind :// */
static bool is_userinfo(struct bytes text, size_t from)
{
	size_t stop = from > LOOK_BACK_MAX ? from - LOOK_BACK_MAX : 0;
	while (from > stop) {
		unsigned char c = text.at[from - 1];
		if (c == '/')
			return from >= 3 && text.at[from - 2] == '/' && text.at[from - 3] == ':';
		if (c <= ' ' || c == '"' || c == '<' || c == '>' || c == ',' || c == ';' || c == '?' || c == '#')
			return false;
		from--;
	}
	return false;
}

/* logo@2x.png, and its like in a country of that name. */
static bool is_picture_scale(struct bytes host)
{
	return host.len > 2 && character_is_digit(host.at[0]) && host.at[1] == 'x' && host.at[2] == '.';
}

static bool is_other_thing(struct bytes text, struct bytes local, size_t from, size_t at, size_t to)
{
	unsigned char next = character_at(text, to), after = character_at(text, to + 1);
	if (next == '@' || next == '(' || character_before(text, from) == '@')
		return true;
	if (next == ':' && (after == '/' || after == '~' || bytes_equal_string(local, "git")))
		return true;
	bool is_sign = text.at[at] == '@';
	return is_sign && (is_picture_scale(bytes_slice(text, at + 1, to - at - 1)) || is_userinfo(text, from));
}

/* ---- the value ---- */

static bool append_folded_local(struct buffer *into, struct bytes local)
{
	utf8proc_uint8_t *composed = NULL;
	utf8proc_ssize_t length = utf8proc_map(local.at, (utf8proc_ssize_t)local.len, &composed,
	                                       UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	if (length < 0)
		return false;
	struct bytes rest = bytes_of(composed, (size_t)length);
	while (rest.len > 0) {
		uint32_t c;
		unsigned char lower[4];
		rest = bytes_from(rest, text_decode(rest, &c));
		size_t size = text_encode((uint32_t)utf8proc_tolower((utf8proc_int32_t)c), lower);
		buffer_append(into, bytes_of(lower, size));
	}
	free(composed);
	return true;
}

/* Appends it with the @. */
static bool append_local(struct buffer *into, struct bytes local, bool *ret_is_ascii)
{
	unsigned char lower[LOCAL_MAX + 1], all = 0;
	for (size_t i = 0; i < local.len; i++) {
		lower[i] = character_to_lower(local.at[i]);
		all |= local.at[i];
	}
	*ret_is_ascii = all < 0x80;
	if (!*ret_is_ascii) {
		if (!append_folded_local(into, local))
			return false;
		local.len = 0;
	}
	lower[local.len] = '@';
	buffer_append(into, bytes_of(lower, local.len + 1));
	return true;
}

/* Quotes that nothing needs are no part of the value (RFC 5321 4.1.2). */
static struct bytes unquote(struct bytes local)
{
	if (local.len < 3 || local.at[0] != '"')
		return local;
	struct bytes inside = bytes_slice(local, 1, local.len - 2);
	for (size_t i = 0; i < inside.len; i++)
		if (!character_in(atom_set, inside.at[i]))
			return local;
	return has_double_dot(inside) || inside.at[0] == '.' || inside.at[inside.len - 1] == '.' ? local : inside;
}

/* Writes a local part without its percent signs into decoded, which has room for it. */
static struct bytes decode_local(struct bytes local, unsigned char decoded[LOCAL_MAX])
{
	size_t length = 0;
	for (size_t i = 0; i < local.len; i++) {
		bool is_code = local.at[i] == '%' && is_encoded_local(local, i);
		unsigned char digit = is_code ? character_to_lower(local.at[i + 2]) : 0;
		decoded[length++] = !is_code ? local.at[i] : local.at[i + 1] == '5' ? '_' : (unsigned char)(digit - 'b' + '+');
		i += is_code ? 2 : 0;
	}
	return bytes_of(decoded, length);
}

/* The @ itself, or as URLs write it. */
static size_t sign_length(struct bytes text, size_t at)
{
	if (text.at[at] == '@')
		return 1;
	return bytes_start_with(bytes_from(text, at), BYTES_LITERAL("%40")) ? 3 : 0;
}

static struct bytes find_local(struct bytes text, size_t at, size_t to)
{
	bool is_sign = text.at[at] == '@';
	if (is_sign && text.at[at - 1] == '"')
		return quoted_local(text, at);
	struct bytes local = is_sign ? bracketed_local(text, at, to) : BYTES_NONE;
	if (local.len > 0 || !is_local_end(text.at[at - 1]))
		return local;
	return trim_local(text, at, to, !is_sign);
}

static bool email_match(struct bytes text, size_t at, struct match *match)
{
	bool is_ascii;
	unsigned char decoded[LOCAL_MAX];
	size_t sign = sign_length(text, at);
	if (sign == 0 || at == 0 || at + sign >= text.len || text.at[at - 1] <= ' ')
		return false;
	size_t host = at + sign, run_end = host_run_end(text, host);
	size_t length = host_address_length(bytes_slice(text, host, run_end - host));
	if (length == 0)
		return false;
	size_t to = host + length;
	struct bytes local = find_local(text, at, to);
	size_t from = at - local.len;
	if (local.len == 0 || is_other_thing(text, local, from, at, to))
		return false;
	bool is_id = email_id_is(text, from, to, local);
	local = sign == 1 ? unquote(local) : decode_local(local, decoded);
	if (!append_local(match->value, local, &is_ascii) || !host_append(match->value, bytes_slice(text, host, length)))
		return false;
	match->from = from;
	match->to = to;
	match->kind = is_id ? FINDING_MESSAGE_ID : FINDING_EMAIL;
	match->subkind = is_id ? "message-id" : NULL;
	match->confidence = is_ascii ? 0.97f : 0.8f;
	return true;
}

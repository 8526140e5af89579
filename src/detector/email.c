/* SPDX-License-Identifier: Apache-2.0 */
/*
 * E-mail addresses (RFC 5321 4.1.2, RFC 5322 3.4.1 dot-atom, RFC 6531): found
 * at their @, walked over both ways, below a known suffix. What text does to
 * addresses is undone: quotes, escapes, leader dots, query names and missing
 * spaces around them. Not addresses: user:password@host of a URL, message
 * ids, git@host:path, @2x.png. Quoted local parts are not looked for.
 */
#include "base/text.h"
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/host.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool email_match(struct bytes text, size_t at, struct match *match);

const struct detector detector_email = {
	.name = "email", .version = 1, .lane = LANE_TRIGGERS, .triggers = "@", .rank = RANK_ADDRESS, .yields_to = 0,
	.match = email_match, .prepare = host_prepare,
};

enum { LOCAL_MAX = 64, LOCAL_WALK_MAX = 192, LOOK_BACK_MAX = 256, HEADER_LOOK_BACK_MAX = 2048 };

/* Of RFC 5322's atext what real addresses use; the rest separates. # and % are sorted out afterwards. */
static const struct character_set local_set = {{
	CHARACTER_DIGITS | CHARACTER_BIT('.') | CHARACTER_BIT('-') | CHARACTER_BIT('+') | CHARACTER_BIT('\'') |
	CHARACTER_BIT('=') | CHARACTER_BIT('&') | CHARACTER_BIT('#') | CHARACTER_BIT('%'),
	CHARACTER_LETTERS | CHARACTER_BIT('_'),
}};

/* Of these alone text makes nothing else than addresses. */
static const struct character_set plain_set = {{
	CHARACTER_DIGITS | CHARACTER_BIT('.') | CHARACTER_BIT('-'), CHARACTER_LETTERS | CHARACTER_BIT('_'),
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
	*ret_is_plain = from == 0 || (text.at[from - 1] < 0x80 && text.at[from - 1] != '\\' &&
	                              !character_in(local_set, text.at[from - 1]));
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

/* \n, \t, \r and \u003c of JSON and source code. */
static size_t escape_length(struct bytes text, size_t from, struct bytes local)
{
	if (character_before(text, from) != '\\' || local.len < 2)
		return 0;
	if (local.at[0] == 'n' || local.at[0] == 't' || local.at[0] == 'r')
		return 1;
	if (local.at[0] != 'u' || local.len < 6)
		return 0;
	for (size_t i = 1; i <= 4; i++)
		if (!character_is_hexadecimal(local.at[i]))
			return 0;
	return 5;
}

/* Leader dots, and %3C and # but for Entra's #EXT#. */
static size_t separator_length(struct bytes local)
{
	size_t cut = 0;
	bool is_guest = bytes_end_with(local, BYTES_LITERAL("#EXT#"));
	size_t end = is_guest ? local.len - 5 : local.len;
	for (size_t i = 0; i < end; i++) {
		if (i + 2 < end && memcmp(local.at + i, "...", 3) == 0)
			cut = i + 3;
		if (local.at[i] == '#')
			cut = i + 1;
		if (local.at[i] == '%') {
			bool is_encoded = i + 3 < end && character_is_hexadecimal(local.at[i + 1]) &&
			                  character_is_hexadecimal(local.at[i + 2]);
			cut = is_encoded ? i + 3 : i + 1;
		}
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
	while (cut < local.len && local.at[cut] < 0x80 && !character_is_alphanumeric(local.at[cut]) &&
	       local.at[cut] != '_')
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
static struct bytes trim_local(struct bytes text, size_t at, size_t to)
{
	bool is_plain;
	size_t from = local_start(text, at, &is_plain);
	struct bytes local = bytes_slice(text, from, at - from);
	if (!is_plain) {
		local = bytes_from(local, escape_length(text, from, local));
		local = bytes_from(local, quote_length(local, character_at(text, to)));
	}
	bool is_doubled = has_double_dot(local);
	if (!is_plain || is_doubled) {
		local = bytes_from(local, separator_length(local));
		local = bytes_from(local, assignment_length(local));
	}
	local = bytes_from(local, punctuation_length(local));
	is_doubled = is_doubled && has_double_dot(local);
	return local.len <= LOCAL_MAX && !is_doubled ? local : BYTES_NONE;
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

static bool is_id_header(struct bytes line)
{
	static const char *const names[] = {"message-id:", "in-reply-to:", "references:", "content-id:",
	                                    "resent-message-id:", "x-message-id:", "x-ms-exchange-parent-message-id:"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (bytes_start_with_nocase(line, bytes_of_string(names[i])))
			return true;
	return false;
}

/* <id@host> in a header of ids, folded lines included. */
static bool is_message_id(struct bytes text, size_t from, size_t to)
{
	if (character_before(text, from) != '<' || character_at(text, to) != '>')
		return false;
	size_t stop = from > HEADER_LOOK_BACK_MAX ? from - HEADER_LOOK_BACK_MAX : 0;
	size_t line = from;
	do {
		size_t end = line < from ? line - 1 : line; /* without the line feed we stand behind */
		size_t feed = bytes_find_last_byte(bytes_slice(text, stop, end - stop), '\n');
		line = feed == BYTES_NOT_FOUND ? stop : stop + feed + 1;
	} while (line > stop && (text.at[line] == ' ' || text.at[line] == '\t'));
	return is_id_header(bytes_slice(text, line, from - line));
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
	return is_picture_scale(bytes_slice(text, at + 1, to - at - 1)) || is_userinfo(text, from) ||
	       is_message_id(text, from, to);
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

static bool email_match(struct bytes text, size_t at, struct match *match)
{
	bool is_ascii;
	if (at == 0 || at + 1 >= text.len || !is_local_end(text.at[at - 1]))
		return false;
	size_t run_end = host_run_end(text, at + 1);
	size_t length = host_known_length(bytes_slice(text, at + 1, run_end - at - 1));
	if (length == 0)
		return false;
	size_t to = at + 1 + length;
	struct bytes local = trim_local(text, at, to);
	size_t from = at - local.len;
	if (local.len == 0 || is_other_thing(text, local, from, at, to) || !append_local(match->value, local, &is_ascii))
		return false;
	if (!host_append(match->value, bytes_slice(text, at + 1, length)))
		return false;
	match->from = from;
	match->to = to;
	match->kind = FINDING_EMAIL;
	match->confidence = is_ascii ? 0.97f : 0.8f;
	return true;
}

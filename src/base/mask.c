/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk goes from one sign of assignment to the next, a kind of sign at a
 * time, for memchr is fast and most of them have no name of ours before them:
 *
 *   ?sv=1&amp;sig = Zm9v...%3D        name read backwards, value forwards
 *             ^^^ ^ ^^^^^^^^^^
 */
#include "base/mask.h"

enum {
	NAME_MAX_LENGTH = 40,
	BETWEEN_MAX = 8,  /* blanks, quotation marks and backslashes between a name, its sign and its value */
	INDENT_MAX = 8,   /* what a mail's or program's next line begins with */
	ESCAPES_MAX = 16, /* backslashes, or 25s, of an escape within escapes */
	BARE_LEAST = 20,  /* characters of a value behind a bare word */
	CUT_LEAST = 8,    /* of one before a line's end that may go on behind it */
	WHOLE_LEAST = 27, /* of a whole one: 20 bytes in base64 */
};

struct masking {
	struct bytes text;
	unsigned char *into; /* the same, to be written; NULL: only look */
	bool has_found;
};

/* ---- characters ---- */

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}
static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}
static bool is_letter(unsigned char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}
static bool is_of_name(unsigned char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '_';
}
static bool is_line_end(unsigned char c)
{
	return c == '\n' || c == '\r';
}

static unsigned char at_of(struct bytes text, size_t at)
{
	return at < text.len ? text.at[at] : ' ';
}

static int hex_of(unsigned char c)
{
	return is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

/* Digits of a base from at, at most so many; the character they stand for, and *ret_end. -1: too few, or no ASCII. */
static int read_number(struct bytes text, size_t at, unsigned base, size_t least, size_t most, size_t *ret_end)
{
	int number = 0;
	size_t from = at;
	for (; at - from < most; at++) {
		int digit = hex_of(at_of(text, at));
		if (digit < 0 || digit >= (int)base)
			break;
		number = number * (int)base + digit;
	}
	*ret_end = at;
	return at - from >= least && number < 0x80 ? number : -1;
}

/* %3D, %253D, and %%3D of a batch file. */
static int read_percent(struct bytes text, size_t at, size_t *ret_end)
{
	at += at_of(text, at + 1) == '%' ? 2 : 1;
	for (unsigned i = 0;
	     i < ESCAPES_MAX && at_of(text, at) == '2' && at_of(text, at + 1) == '5' && hex_of(at_of(text, at + 2)) >= 0; i++)
		at += 2;
	return read_number(text, at, 16, 2, 2, ret_end);
}

/* \u0026, \x26, \046, \/, \n. */
static int read_backslash(struct bytes text, size_t at, size_t *ret_end)
{
	for (unsigned i = 0; i < ESCAPES_MAX && at_of(text, at) == '\\'; i++)
		at++;
	unsigned char c = at_of(text, at);
	*ret_end = at + 1;
	if (c == 'u')
		return read_number(text, at + 1, 16, 4, 4, ret_end);
	if (c == 'x')
		return read_number(text, at + 1, 16, 2, 2, ret_end);
	if (is_digit(c))
		return read_number(text, at, 8, 3, 3, ret_end);
	return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c == '/' || c == '"' || c == '\'' ? c : -1;
}

/* &amp; (also of &amp;amp;), &quot;, &#61;, &#x3d;. */
static int read_entity(struct bytes text, size_t at, size_t *ret_end)
{
	static const struct {
		const char *name;
		unsigned char character;
	} named[] = {
		{"&amp;", '&'}, {"&quot;", '"'}, {"&equals;", '='}, {"&apos;", '\''}, {"&lt;", '<'},
		{"&gt;", '>'},  {"&nbsp;", ' '}, {"&plus;", '+'},   {"&sol;", '/'},   {"&num;", '#'},
	};
	struct bytes here = bytes_slice(text, at, 12);
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		if (!bytes_start_with_nocase(here, bytes_of_string(named[i].name)))
			continue;
		*ret_end = at + strlen(named[i].name);
		return named[i].character;
	}
	if (at_of(text, at + 1) != '#')
		return -1;
	size_t is_hex = lower(at_of(text, at + 2)) == 'x';
	int c = read_number(text, at + 2 + is_hex, is_hex ? 16 : 10, 1, 6, ret_end);
	if (at_of(text, *ret_end) != ';')
		return -1;
	++*ret_end;
	return c;
}

/* The character that stands at at, however it is written; -1: an escape of none that concerns us. *ret_end: behind it. */
static int read_character(struct bytes text, size_t at, size_t *ret_end)
{
	unsigned char c = at_of(text, at);
	int read = -1;
	*ret_end = at + 1;
	if (c == '%')
		read = read_percent(text, at, ret_end);
	else if (c == '\\')
		return read_backslash(text, at, ret_end);
	else if (c == '&')
		read = read_entity(text, at, ret_end);
	if (read >= 0)
		return read;
	*ret_end = at + 1;
	return c;
}

/* ---- names ---- */

static bool ends_with_nocase(struct bytes name, const char *ending)
{
	size_t length = strlen(ending);
	return name.len >= length && bytes_equal_nocase(bytes_from(name, name.len - length), bytes_of(ending, length));
}

static bool is_separator(int c)
{
	return c == '&' || c == '?' || c == ';' || c == '#';
}

/* What the escape that ends at end stands for: %26, %2526, =26, \046, u0026 and x26 also without their backslash. -1: none.
 * *ret_from: where its digits begin. */
static int read_escape_before(struct bytes text, size_t end, size_t *ret_from)
{
	size_t ignored, from = end;
	if (end < 2)
		return -1;
	if (text.at[end - 2] == '\\' && strchr("nrt", text.at[end - 1]) != NULL) {
		*ret_from = end - 2;
		return ' ';
	}
	int c = end >= 4 && text.at[end - 4] == '\\' ? read_number(text, end - 3, 8, 3, 3, &ignored) : -1;
	if (c >= 0) {
		*ret_from = end - 4;
		return c;
	}
	c = read_number(text, end - 2, 16, 2, 2, &ignored);
	if (c < 0)
		return -1;
	from = end - 2;
	for (unsigned i = 0; i < ESCAPES_MAX && from >= 2 && text.at[from - 1] == '5' && text.at[from - 2] == '2'; i++)
		from -= 2;
	unsigned char before = from > 0 ? text.at[from - 1] : ' ';
	if (before == '0' && from >= 3 && text.at[from - 2] == '0')
		before = text.at[from - 3];
	*ret_from = from;
	return before == '%' || before == '=' || before == 'u' || before == 'x' || before == 'U' || before == '\\' ? c : -1;
}

struct masked_name {
	bool is_token;     /* of a SAS as a whole: its own parameters follow */
	bool is_parameter; /* a separator stands before it */
};

/* Whether these letters, which end at end, are one of ours; sig has to be the whole word. */
static bool read_name(struct bytes text, size_t from, size_t end, struct masked_name *ret_name)
{
	static const char *const endings[] = {"signature", "security-token", "accountkey", "sharedaccesskey", "accesskeysecret"};
	struct bytes word = bytes_slice(text, from, end - from);
	size_t start = end, before = 0;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends_with_nocase(word, endings[i]))
			start = from;
	if (start == end && ends_with_nocase(word, "sig"))
		start = end - 3;
	if (start == end)
		return false;
	ret_name->is_token = ends_with_nocase(word, "accesssignature");
	int escaped = start > 0 ? read_escape_before(text, start, &before) : -1;
	if (escaped < 0 && start > from && text.at[start - 1] != '-' && text.at[start - 1] != '_')
		return false;
	/* A name's own letters may follow the escape: u0026Signature. */
	for (size_t i = from + 2; escaped < 0 && start == from && i + 3 < end; i++)
		if (read_escape_before(text, i, &before) > 0 && is_separator(read_escape_before(text, i, &before)))
			escaped = '&';
	int c = escaped >= 0 ? escaped : start > 0 && start == from ? text.at[start - 1] : ' ';
	ret_name->is_parameter = is_separator(c);
	return true;
}

static size_t start_of_word(struct bytes text, size_t end)
{
	size_t from = end;
	while (from > 0 && end - from < NAME_MAX_LENGTH && is_of_name(text.at[from - 1]))
		from--;
	return from;
}

/* Before a line's end, or the = of quoted-printable before that; at itself if none is there. */
static size_t before_line_end(struct bytes text, size_t at)
{
	size_t end = at;
	for (unsigned quoted = 0; quoted < INDENT_MAX && end > 0 && strchr(" \t>", text.at[end - 1]) != NULL; quoted++)
		end--;
	if (end == 0 || text.at[end - 1] != '\n')
		return at;
	end--;
	if (end > 0 && text.at[end - 1] == '\r')
		end--;
	return end > 0 && text.at[end - 1] == '=' ? end - 1 : end;
}

/* A name of which the beginning stands on the line before: only a parameter's. */
static bool read_broken_name(struct bytes text, size_t from, size_t end, struct masked_name *ret_name)
{
	unsigned char joined[2 * NAME_MAX_LENGTH + 16];
	size_t upper = before_line_end(text, from);
	if (upper == from)
		return false;
	size_t start = start_of_word(text, upper), head = start > 8 ? start - 8 : 0;
	if (upper - head + end - from > sizeof joined)
		return false;
	memcpy(joined, text.at + head, upper - head);
	memcpy(joined + (upper - head), text.at + from, end - from);
	struct bytes whole = bytes_of(joined, upper - head + end - from);
	return read_name(whole, start_of_word(whole, whole.len), whole.len, ret_name) && ret_name->is_parameter;
}

/* The name that ends before the sign of assignment at at. Between them may stand, where it is a bare word, blanks, a quotation
 * mark however escaped, or a line's end. */
static bool find_name(struct bytes text, size_t at, struct masked_name *ret_name)
{
	static const char last[] = "gGeEnNyYtT";
	size_t end = at;
	while (end > 0 && at - end < BETWEEN_MAX && strchr(" \t\r\n\"'\\", text.at[end - 1]) != NULL)
		end--;
	if (end >= 6 && text.at[end - 1] == ';' && bytes_equal_string(bytes_slice(text, end - 6, 6), "&quot;"))
		end -= 6;
	if (end == 0 || strchr(last, text.at[end - 1]) == NULL)
		return false;
	size_t from = start_of_word(text, end);
	if (!read_name(text, from, end, ret_name) && !(from > 0 && read_broken_name(text, from, end, ret_name)))
		return false;
	for (size_t i = end; i < at; i++)
		ret_name->is_parameter &= is_line_end(text.at[i]);
	return true;
}

/* ---- values ---- */

/* What was seen of a value up to where the walk is. */
struct value {
	size_t count, padding;
	bool has_digit, has_upper, has_lower, has_beyond_hex;
	bool is_padded_by_escape, is_masked;
};

static bool is_of_base64(int c)
{
	return c < 0x80 &&
	       (is_letter((unsigned char)c) || is_digit((unsigned char)c) || c == '+' || c == '/' || c == '-' || c == '_');
}

/* What a parameter's value never holds unescaped. */
static bool ends_value(int c)
{
	return c <= ' ' || c == 0x7F || strchr("\"'<>`|\\&#,;()[]{}.?^", c) != NULL;
}

static void note(struct value *value, int c, bool is_escaped)
{
	if (c == '=') {
		value->padding++;
		value->is_padded_by_escape |= is_escaped;
		return;
	}
	value->count++;
	value->has_digit |= c < 0x80 && is_digit((unsigned char)c);
	value->has_upper |= c >= 'A' && c <= 'Z';
	value->has_lower |= c >= 'a' && c <= 'z';
	value->has_beyond_hex |= c >= 0x80 || hex_of((unsigned char)c) < 0;
	value->is_masked |= c == '*';
}

/* To where it ends, on this line. is_strict: of base64 alone, padding at its end. */
static size_t read_run(struct bytes text, size_t at, bool is_strict, struct value *value)
{
	size_t end;
	for (; at < text.len; at = end) {
		int c = read_character(text, at, &end);
		bool is_escaped = end > at + 1;
		if (c == '%' && !is_strict)
			;
		else if (is_strict ? c != '=' && (!is_of_base64(c) || value->padding > 0) : c < 0x80 && ends_value(c))
			break;
		note(value, c, is_escaped);
	}
	return at;
}

/* Behind a line's end, however written, and what the next line begins with; at itself if there is none. */
static size_t behind_line_end(struct bytes text, size_t at)
{
	size_t end, from = at;
	int c;
	while (at < text.len && at - from < BETWEEN_MAX && ((c = read_character(text, at, &end)) == '\n' || c == '\r'))
		at = end;
	if (at == from)
		return from;
	for (unsigned i = 0; i < INDENT_MAX && at < text.len && strchr(" \t>", text.at[at]) != NULL; i++)
		at++;
	return at;
}

/* Nothing of it can stand on the next line. */
static bool is_whole(const struct value *value)
{
	if (value->is_padded_by_escape || value->is_masked)
		return true;
	if (value->padding > 0)
		return value->count >= WHOLE_LEAST && (value->count + value->padding) % 4 == 0;
	return (!value->has_beyond_hex && value->count >= 64 && value->count % 64 == 0) || value->count == 43;
}

static bool looks_random(const struct value *value)
{
	return value->has_digit &&
	       (value->has_beyond_hex ? value->has_upper && value->has_lower : value->has_upper != value->has_lower);
}

/* Whether a line begins with the rest of what was cut before it, and not with a word. */
static bool is_rest(struct bytes text, size_t from, size_t end, const struct value *rest)
{
	int next = at_of(text, end);
	if (end == from ||
	    (next != ' ' && next != '\t' && !is_line_end((unsigned char)next) && strchr("\"'<>&\\,;)]}", next) == NULL))
		return false;
	if (rest->padding > 0)
		return rest->padding <= 2 && (rest->is_padded_by_escape || at_of(text, end - 1) == '=');
	return looks_random(rest) && rest->count >= CUT_LEAST;
}

static void star(struct masking *masking, size_t from, size_t end)
{
	for (size_t at = from; at < end; at++) {
		unsigned char c = masking->text.at[at];
		if (c >= 0x80 || c == '*')
			continue;
		masking->has_found = true;
		if (masking->into != NULL)
			masking->into[at] = '*';
	}
}

/* Blanks and quotation marks before a value of a bare name. */
static size_t skip_before_value(struct bytes text, size_t at)
{
	size_t end, from = at;
	int c;
	while (at < text.len && at - from < BETWEEN_MAX &&
	       ((c = read_character(text, at, &end)) == ' ' || c == '"' || c == '\'' || c == '>'))
		at = end;
	return at;
}

static bool is_signature(struct bytes text, size_t end, const struct value *value)
{
	unsigned char next = at_of(text, end);
	return value->count >= BARE_LEAST && looks_random(value) && value->padding <= 2 && next != '(' && next != '[' &&
	       next != '_' && !(next == '.' && is_of_name(at_of(text, end + 1)));
}

/* sv=2020-08-04&...: a token's own first parameter is no signature. */
static bool begins_parameter(struct bytes text, size_t at)
{
	size_t end;
	return is_letter(at_of(text, at)) && is_letter(at_of(text, at + 1)) &&
	       (read_character(text, at + 2, &end) == '=' ||
	        (is_letter(at_of(text, at + 2)) && read_character(text, at + 3, &end) == '='));
}

/* Stars the value behind the name whose sign of assignment ends at at; returns behind it. */
static size_t mask_value(struct masking *masking, size_t at, const struct masked_name *name)
{
	struct bytes text = masking->text;
	struct value value = {0};
	bool is_parameter = name->is_parameter;
	size_t from = is_parameter ? at : skip_before_value(text, at), next = behind_line_end(text, from);
	if (next > from) {
		from = next;
		is_parameter = false;
	}
	if (name->is_token && begins_parameter(text, from))
		return from;
	size_t end = read_run(text, from, !is_parameter, &value);
	if (!is_parameter && !is_signature(text, end, &value))
		return at;
	star(masking, from, end);
	/* The = before a line's end may be quoted-printable's, and no padding. */
	while (value.count >= CUT_LEAST && !is_whole(&value) && (next = behind_line_end(text, end)) > end) {
		struct value rest = {0};
		size_t rest_end = read_run(text, next, true, &rest);
		if (!is_rest(text, next, rest_end, &rest))
			break;
		star(masking, next, rest_end);
		end = rest_end;
		value.count += rest.count;
		value.padding = rest.padding;
		value.is_padded_by_escape = rest.is_padded_by_escape;
	}
	return end;
}

/* ---- the walk ---- */

static void mask_at_signs(struct masking *masking, unsigned char first)
{
	struct bytes text = masking->text;
	for (size_t at = 0; at < text.len && (masking->into != NULL || !masking->has_found);) {
		const unsigned char *sign = memchr(text.at + at, first, text.len - at);
		if (sign == NULL)
			return;
		size_t end = at = (size_t)(sign - text.at);
		struct masked_name name;
		int c = first == '=' || first == ':' ? (end++, first) : read_character(text, at, &end);
		bool is_assigned = (c == '=' || c == ':') && find_name(text, at, &name);
		at = is_assigned && (c == '=' || !name.is_parameter) ? mask_value(masking, end, &name) : at + 1;
	}
}

static void mask_all(struct masking *masking)
{
	for (const char *sign = "=:%\\&"; *sign != '\0'; sign++)
		mask_at_signs(masking, (unsigned char)*sign);
}

void mask_signatures(unsigned char *text, size_t len)
{
	mask_all(&(struct masking){.text = bytes_of(text, len), .into = text});
}

struct bytes mask_shown(struct bytes text, struct buffer *room)
{
	struct masking masking = {.text = text};
	buffer_reset(room);
	mask_all(&masking);
	if (!masking.has_found)
		return text;
	buffer_append(room, text);
	if (buffer_status(room) != STATUS_OK)
		return BYTES_NONE;
	mask_signatures(room->at, room->len);
	return buffer_bytes(room);
}

/* ---- what was typed ---- */

/* Between the colon behind the user and the last @: passwords hold slashes, question marks and more. */
static void mask_password(unsigned char *url, size_t len)
{
	struct bytes rest = bytes_of(url, len);
	size_t colon = bytes_find_byte(rest, ':'), at = bytes_find_last_byte(rest, '@');
	if (colon == BYTES_NOT_FOUND || at == BYTES_NOT_FOUND || at < colon)
		return;
	memset(url + colon + 1, '*', at - colon - 1);
}

struct bytes mask_typed(struct bytes typed, struct buffer *room)
{
	const struct bytes scheme_end = BYTES_LITERAL("://");
	buffer_reset(room);
	buffer_append(room, typed);
	if (buffer_status(room) != STATUS_OK || room->len == 0)
		return BYTES_NONE;
	mask_signatures(room->at, room->len);
	size_t found = bytes_find(buffer_bytes(room), scheme_end);
	if (found != BYTES_NOT_FOUND)
		mask_password(room->at + found + scheme_end.len, room->len - found - scheme_end.len);
	return buffer_bytes(room);
}

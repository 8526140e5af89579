/* SPDX-License-Identifier: Apache-2.0 */
/* Looking back for the label. Every walk is bounded. */
#include "detector/email-id.h"

#include "detector/character.h"

#include <string.h>

enum { WORD_MAX = 48, LIST_ITEMS_MAX = 100, ITEM_MAX = 300, LINE_LOOK_BACK_MAX = 2048, MADE_DIGITS = 12, MADE_HEX = 32 };

/* < and > as mail, JSON, scripts, pages and URLs spell them. */
#define SPELLED(text) \
	{ \
		text, sizeof text - 1 \
	}
static const struct spelling {
	const char *text;
	size_t length;
} openings[] = {SPELLED("<"),     SPELLED("\\u003c"), SPELLED("\\x3c"), SPELLED("&lt;"),
                SPELLED("&#60;"), SPELLED("%3c"),     SPELLED("=3c")},
  closings[] = {SPELLED(">"),     SPELLED("\\u003e"), SPELLED("\\x3e"), SPELLED("&gt;"),
                SPELLED("&#62;"), SPELLED("%3e"),     SPELLED("=3e")};

#define COUNT(list) (sizeof list / sizeof list[0])

static size_t spelled_before(struct bytes text, size_t at, const struct spelling *spellings, size_t count)
{
	unsigned char last = at > 0 ? character_to_lower(text.at[at - 1]) : 0;
	for (size_t i = 0; i < count; i++) {
		size_t length = spellings[i].length;
		if ((unsigned char)spellings[i].text[length - 1] == last && length <= at &&
		    bytes_equal_nocase(bytes_slice(text, at - length, length), bytes_of(spellings[i].text, length)))
			return length;
	}
	return 0;
}

/* A blank or a line break, also one that JSON and scripts have escaped: how long it is. */
static size_t blank_before(struct bytes text, size_t at)
{
	if (at == 0)
		return 0;
	unsigned char c = text.at[at - 1];
	if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
		return 1;
	bool is_escaped = (c == 'n' || c == 't' || c == 'r') && at >= 2 && text.at[at - 2] == '\\';
	return is_escaped ? 2 : 0;
}

/* Back over blanks, quotes and what else parts a label from its value. *ret_has_colon: a : or = was among it. */
static size_t skip_to_label(struct bytes text, size_t at, bool *ret_has_colon)
{
	*ret_has_colon = false;
	for (size_t length; at > 0; at -= length) {
		length = blank_before(text, at);
		unsigned char c = text.at[at - 1];
		bool is_colon = c == ':' || c == '=';
		if (length == 0 && !is_colon && strchr("\"'\\[({", c) == NULL)
			break;
		*ret_has_colon |= length == 0 && is_colon;
		length += length == 0;
	}
	return at;
}

/* The word that ends at an offset, its hyphens and underscores left out, in lower case. */
static struct bytes word_before(struct bytes text, size_t at, unsigned char word[WORD_MAX])
{
	size_t from = at, length = 0;
	while (from > 0 && at - from < WORD_MAX &&
	       (character_is_alphanumeric(text.at[from - 1]) || text.at[from - 1] == '-' || text.at[from - 1] == '_'))
		from--;
	if (from >= 1 && from < at && text.at[from - 1] == '\\' && strchr("ntr", text.at[from]) != NULL)
		from++;
	for (; from < at; from++)
		if (character_is_alphanumeric(text.at[from]))
			word[length++] = character_to_lower(text.at[from]);
	return bytes_of(word, length);
}

static bool is_among(struct bytes word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal_string(word, words[i]))
			return true;
	return false;
}

static bool names_id(struct bytes word, bool is_bracketed)
{
	static const char *const always[] = {"contentid", "cid", "mid", "icaluid", "relatedto", "xmstnefcorrelator"};
	static const char *const bracketed[] = {"references", "inreplyto", "threadid", "supersedes", "id", "xreferences"};
	return bytes_end_with(word, BYTES_LITERAL("messageid")) || bytes_end_with(word, BYTES_LITERAL("msgid")) ||
	       is_among(word, always, COUNT(always)) || (is_bracketed && is_among(word, bracketed, COUNT(bracketed)));
}

/* Behind these even the oddest local part is a mailbox's. */
static bool names_mailbox(struct bytes word)
{
	static const char *const words[] = {"from",         "to",
	                                    "cc",           "bcc",
	                                    "replyto",      "sender",
	                                    "returnpath",   "deliveredto",
	                                    "errorsto",     "for",
	                                    "rcpt",         "recipient",
	                                    "resentfrom",   "resentto",
	                                    "envelopefrom", "envelopeto",
	                                    "xoriginalto",  "xsender",
	                                    "mailto",       "xenvelopefrom",
	                                    "xenvelopeto",  "listunsubscribe",
	                                    "listhelp",     "listpost",
	                                    "listowner",    "listsubscribe",
	                                    "listarchive",  "email",
	                                    "mail"};
	return is_among(word, words, COUNT(words));
}

/* ---- made by a program ---- */

static size_t count_leading(struct bytes local, bool (*is)(unsigned char c))
{
	size_t count = 0;
	while (count < local.len && is(local.at[count]))
		count++;
	return count;
}

static bool is_uuid(struct bytes local)
{
	for (size_t i = 0; i < 36; i++) {
		bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		if (i >= local.len || (is_hyphen ? local.at[i] != '-' : !character_is_hexadecimal(local.at[i])))
			return false;
	}
	return true;
}

static bool is_made(struct bytes local)
{
	size_t digits = count_leading(local, character_is_digit);
	return (digits >= MADE_DIGITS && digits < local.len && (local.at[digits] == '.' || local.at[digits] == '-')) ||
	       count_leading(local, character_is_hexadecimal) >= MADE_HEX || is_uuid(local) ||
	       bytes_start_with_nocase(local, BYTES_LITERAL("pine.")) ||
	       bytes_find(local, BYTES_LITERAL(".JavaMail.")) != BYTES_NOT_FOUND ||
	       (bytes_find_byte(local, '$') != BYTES_NOT_FOUND && digits > 0);
}

/* ---- labels ---- */

/* Back over <a@b> <c@d>, and "<a@b>", "<c@d>", to what the list stands behind. */
static size_t skip_list(struct bytes text, size_t at)
{
	for (int i = 0; i < LIST_ITEMS_MAX; i++) {
		size_t end = at, length;
		while (end > 0 && ((length = blank_before(text, end)) > 0 || strchr(",;\"'\\", text.at[end - 1]) != NULL))
			end -= length > 0 ? length : 1;
		length = spelled_before(text, end, closings, COUNT(closings));
		if (length == 0)
			break;
		size_t from = end - length, opening = 0;
		while (from > 0 && end - from < ITEM_MAX && text.at[from - 1] > ' ' &&
		       (opening = spelled_before(text, from, openings, COUNT(openings))) == 0)
			from--;
		if (opening == 0)
			break;
		at = from - opening;
	}
	return at;
}

/* The name of the field of mail that at stands in, in folded lines too, also where a string has escaped the breaks; empty if
 * there is none. */
static struct bytes field_name(struct bytes text, size_t at, unsigned char word[WORD_MAX])
{
	size_t stop = at > LINE_LOOK_BACK_MAX ? at - LINE_LOOK_BACK_MAX : 0, line = at;
	for (; line > stop; line--) {
		bool is_escaped = line >= 2 && text.at[line - 1] == 'n' && text.at[line - 2] == '\\';
		bool is_quote = text.at[line - 1] == '"' && line >= 3 &&
		                (text.at[line - 2] == ':' || (text.at[line - 2] == ' ' && text.at[line - 3] == ':'));
		if (text.at[line - 1] != '\n' && !is_escaped && !is_quote)
			continue;
		bool is_folded = text.at[line] == ' ' || text.at[line] == '\t' ||
		                 (text.at[line] == '\\' && character_at(text, line + 1) == 't');
		if (!is_folded)
			break;
	}
	size_t end = line;
	while (end < at && end - line < WORD_MAX &&
	       (character_is_alphanumeric(text.at[end]) || text.at[end] == '-' || (end == line && text.at[end] == '>')))
		end++;
	return character_at(text, end) == ':' && end < at ? word_before(text, end, word) : BYTES_NONE;
}

/* UID: of a calendar begins its line, in capitals; elsewhere uid names people too. */
static bool is_calendar_uid(struct bytes text, size_t label_end, struct bytes word, struct bytes local)
{
	if (!bytes_equal_string(word, "uid"))
		return false;
	size_t from = label_end - 3;
	bool begins_line = from == 0 || blank_before(text, from) > 0 || text.at[from - 1] == '='; /* VALUE=UID: */
	return is_made(local) || (begins_line && memcmp(text.at + from, "UID", 3) == 0 && text.at[label_end] == ':');
}

bool email_id_is(struct bytes text, size_t from, size_t to, struct bytes local)
{
	unsigned char label[WORD_MAX], field[WORD_MAX];
	bool has_colon;
	size_t opening = spelled_before(text, from, openings, COUNT(openings));
	size_t list = opening > 0 ? skip_list(text, from - opening) : from;
	size_t end = skip_to_label(text, list, &has_colon);
	struct bytes word = word_before(text, end, label);
	bool is_bracketed = opening > 0 && to <= text.len;
	if (has_colon && (names_id(word, is_bracketed) || is_calendar_uid(text, end, word, local)))
		return true;
	if (!is_bracketed)
		return false;
	if (bytes_equal_string(word, "id"))
		return true; /* ... with ESMTP id <...>; */
	if (names_mailbox(word))
		return false;
	struct bytes name = field_name(text, from, field);
	/* A phrase may stand before (RFC 822 4.6.2), but behind References: it is a person's. */
	if (bytes_equal_string(name, "inreplyto") || names_id(name, false))
		return true;
	return is_made(local) && !names_mailbox(name);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Persons by name, where text says that a name stands there: before an address
 * in angle brackets (RFC 5322 3.4, name-addr), as mail headers and address
 * books have it, and behind a label ("Contact: ", "Ansprechpartner<TAB>"). A
 * name in running text is none of ours: too many things are called like
 * people.
 *
 * The value is the name without titles, its words one space apart, "Last,
 * First" turned round, all capitals made small but for the first ones.
 */
#include "base/text.h"
#include "detector/character.h"
#include "detector/detector.h"
#include "words/person-words.h"

#include <utf8proc.h>

static bool person_match(struct bytes text, size_t at, struct match *match);

/* Labels end in a letter. */
static const struct beside beside[] = {{":\t", " A-Za-z\x80-\xFF", NULL}, {0}};

const struct detector detector_person = {
	.name = "person",
	.version = 1,
	.lane = LANE_TRIGGERS,
	.triggers = "<:\t",
	.beside = beside,
	.rank = RANK_NAME,
	.yields_to = RANK_BIT(RANK_ADDRESS),
	.match = person_match,
	.prepare = person_words_prepare,
};

enum {
	NAME_MAX_LENGTH = 128,
	WORD_MAX = 40,
	WORDS_MAX = 6,
	ADDRESS_MAX = 320,
	LABEL_MAX = 40,
};

/* ---- words ---- */

struct name {
	struct bytes words[WORDS_MAX]; /* titles left out */
	size_t count;
	size_t capitals; /* words that begin with a large letter, or have no case */
	size_t larges;   /* letters */
	bool is_all_capitals;
};

static bool is_blank(unsigned char c)
{
	return c == ' ';
}

static uint32_t first_code_point(struct bytes text)
{
	uint32_t c = 0;
	return text_decode(text, &c) > 0 ? c : 0;
}

static bool is_small(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LL;
}

static bool is_large(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
	return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

struct shape {
	size_t letters, smalls, larges;
	bool is_filler; /* one letter again and again */
};

/* Letters, and between them what joins them; "J." is an initial, "News.com" no name. */
static bool is_name_word(struct bytes word, struct shape *shape)
{
	uint32_t c = 0, last = 0, first = first_code_point(word);
	*shape = (struct shape){.is_filler = true};
	for (struct bytes rest = word; rest.len > 0; last = c) {
		rest = bytes_from(rest, text_decode(rest, &c));
		bool is_joint = c == '-' || c == '\'' || c == 0x2019 || c == '.';
		bool is_letter = text_is_word(c) && !(c >= '0' && c <= '9') && c != '_';
		if (is_joint ? shape->letters == 0 || last == '-' || last == '.' : !is_letter || (last == '.' && is_small(c)))
			return false;
		shape->letters += !is_joint;
		shape->smalls += is_small(c);
		shape->larges += is_large(c);
		shape->is_filler = shape->is_filler && c == first;
	}
	bool is_initial = shape->letters <= 2 || word.len <= 4;
	return word.len > 0 && word.len <= WORD_MAX && last != '-' && last != '\'' && (last != '.' || is_initial) &&
	       !(shape->is_filler && shape->letters > 2);
}

static struct bytes lower_word(struct bytes word, unsigned char room[4 * WORD_MAX])
{
	size_t len = 0;
	for (uint32_t c; word.len > 0 && len + 4 < 4 * WORD_MAX;) {
		word = bytes_from(word, text_decode(word, &c));
		if (c < 0x80)
			room[len++] = character_to_lower((unsigned char)c);
		else
			len += text_encode((uint32_t)utf8proc_tolower((utf8proc_int32_t)c), room + len);
	}
	return bytes_of(room, len);
}

/* Takes the next word off *rest; empty at the end. */
static struct bytes take_word(struct bytes *rest)
{
	while (rest->len > 0 && is_blank(rest->at[0]))
		*rest = bytes_from(*rest, 1);
	size_t end = 0;
	while (end < rest->len && !is_blank(rest->at[end]))
		end++;
	struct bytes word = bytes_slice(*rest, 0, end);
	*rest = bytes_from(*rest, end);
	return word;
}

/* Whether these words, all of them, can be somebody's name. */
static bool read_name(struct bytes written, struct name *name)
{
	unsigned char room[4 * WORD_MAX];
	*name = (struct name){.is_all_capitals = true};
	for (struct bytes rest = written, word; (word = take_word(&rest)).len > 0;) {
		struct shape shape;
		struct bytes lower = lower_word(bytes_slice(word, 0, word.len < WORD_MAX ? word.len : WORD_MAX), room);
		if (name->count == 0 && person_is_title(lower))
			continue;
		if (name->count == WORDS_MAX || !is_name_word(word, &shape) || person_is_no_name(lower))
			return false;
		bool is_particle = person_is_particle(lower);
		if (is_small(first_code_point(word)) && !is_particle && name->capitals > 0)
			return false;
		name->capitals += !is_small(first_code_point(word));
		name->larges += shape.larges;
		bool is_loud = shape.larges > 1 && shape.smalls == 0;
		name->is_all_capitals = name->is_all_capitals && (is_loud || is_particle || word.len <= 2);
		name->words[name->count++] = word;
	}
	return name->count > 0 && !person_is_particle(lower_word(name->words[name->count - 1], room));
}

/* ---- the value ---- */

static void append_word(struct buffer *value, struct bytes word, bool is_all_capitals)
{
	if (value->len > 0)
		buffer_append_byte(value, ' ');
	bool is_within = false;
	for (uint32_t c; word.len > 0;) {
		unsigned char room[4];
		word = bytes_from(word, text_decode(word, &c));
		if (is_all_capitals && is_within)
			c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
		is_within = c != '-' && c != '\'' && c != 0x2019 && c != '.';
		buffer_append(value, bytes_of(room, text_encode(c, room)));
	}
}

static void append_name(struct buffer *value, const struct name *name)
{
	for (size_t i = 0; i < name->count; i++)
		append_word(value, name->words[i], name->is_all_capitals);
}

static struct bytes trim(struct bytes text)
{
	while (text.len > 0 && is_blank(text.at[0]))
		text = bytes_from(text, 1);
	while (text.len > 0 && is_blank(text.at[text.len - 1]))
		text.len--;
	return text;
}

/* ---- Name <address> ---- */

/* The local part of what stands between < and >; empty if that is no address. */
static struct bytes bracketed_local(struct bytes text, size_t bracket)
{
	size_t from = bracket + 1, at = 0, end = from;
	if (bytes_start_with_nocase(bytes_from(text, from), BYTES_LITERAL("mailto:")))
		from = end = from + 7;
	for (; end < text.len && end - from < ADDRESS_MAX && text.at[end] != '>'; end++) {
		if (text.at[end] <= ' ' || text.at[end] == '<' || text.at[end] == '"' || (text.at[end] == '@' && at != 0))
			return BYTES_NONE;
		at = text.at[end] == '@' ? end : at;
	}
	return end < text.len && text.at[end] == '>' && at > from && end > at + 3 ? bytes_slice(text, from, at - from)
	                                                                          : BYTES_NONE;
}

static bool ends_name(unsigned char c)
{
	return c < ' ' || c == '<' || c == '>' || c == ':' || c == ';' || c == ',' || c == '"' || c == '(' || c == ')' ||
	       c == '[' || c == ']' || c == '|' || c == '=' || c == '{' || c == '}';
}

/* Where the words that end before at begin. */
static size_t words_start(struct bytes text, size_t at)
{
	size_t from = at;
	while (from > 0 && at - from < NAME_MAX_LENGTH && !ends_name(text.at[from - 1]))
		from--;
	return from;
}

/* Whether a word of the name stands in the local part: then both are of one person. */
static bool is_backed(const struct name *name, struct bytes local)
{
	unsigned char word[4 * WORD_MAX], folded[65];
	size_t len = local.len < sizeof folded ? local.len : sizeof folded;
	for (size_t i = 0; i < len; i++)
		folded[i] = character_to_lower(local.at[i]);
	for (size_t i = 0; i < name->count; i++) {
		struct bytes lower = lower_word(name->words[i], word);
		if (lower.len >= 3 && bytes_find(bytes_of(folded, len), lower) != BYTES_NOT_FOUND)
			return true;
	}
	return false;
}

static float sureness_of_name(const struct name *name, bool is_backed_by_address)
{
	if (name->count == 1)
		return is_backed_by_address && name->capitals == 1 && name->larges <= 1 ? 0.5f : 0;
	if (name->capitals == 0)
		return is_backed_by_address ? 0.6f : 0;
	return is_backed_by_address ? 0.95f : 0.5f;
}

/* "Last, First" as address books write it: a comma, and before it a surname that begins a field. */
static bool has_surname_before(struct bytes text, size_t from, struct name *ret_surname, size_t *ret_from)
{
	if (from < 2 || text.at[from - 1] != ',')
		return false;
	size_t start = words_start(text, from - 1);
	unsigned char before = start > 0 ? text.at[start - 1] : '\n';
	struct bytes surname = trim(bytes_slice(text, start, from - 1 - start));
	if ((before != '\n' && before != ':' && before != ';' && before != '"' && before != '\t') ||
	    !read_name(surname, ret_surname) || ret_surname->count > 3 || ret_surname->capitals == 0)
		return false;
	*ret_from = (size_t)(surname.at - text.at);
	return true;
}

static bool match_before_address(struct bytes text, size_t at, struct match *match)
{
	struct name name, surname;
	struct bytes local = bracketed_local(text, at);
	if (local.len == 0)
		return false;
	size_t end = at;
	while (end > 0 && at - end < 3 && is_blank(text.at[end - 1]))
		end--;
	bool is_quoted = end > 0 && (text.at[end - 1] == '"' || text.at[end - 1] == '\'');
	end -= is_quoted;
	struct bytes written = trim(bytes_slice(text, words_start(text, end), end - words_start(text, end)));
	if (written.len > 0 && written.at[0] == '\'' && is_quoted)
		written = bytes_from(written, 1);
	if (written.len == 0 || !read_name(written, &name))
		return false;
	match->from = (size_t)(written.at - text.at);
	match->to = match->from + written.len;
	bool is_turned = has_surname_before(text, words_start(text, end), &surname, &match->from);
	bool is_backed_by_address = is_backed(&name, local) || (is_turned && is_backed(&surname, local));
	append_name(match->value, &name);
	if (is_turned) {
		append_name(match->value, &surname);
		name.count += surname.count;
		name.capitals += surname.capitals;
	}
	match->confidence = sureness_of_name(&name, is_backed_by_address);
	return match->confidence > 0;
}

/* ---- Label: Name ---- */

/* The text between a separator and the label's end, in small letters. */
static struct bytes label_before(struct bytes text, size_t at, unsigned char room[4 * WORD_MAX])
{
	while (at > 0 && is_blank(text.at[at - 1]))
		at--;
	if (!person_may_end_label(text, at))
		return BYTES_NONE;
	size_t from = at;
	while (from > 0 && at - from <= LABEL_MAX && !ends_name(text.at[from - 1]) && text.at[from - 1] != '.')
		from--;
	struct bytes label = trim(bytes_slice(text, from, at - from));
	return label.len <= LABEL_MAX && label.len < WORD_MAX ? lower_word(label, room) : BYTES_NONE;
}

/* Where the words behind a label end: at a mark, at two blanks, before the label of the next field. */
static size_t words_end(struct bytes text, size_t from)
{
	size_t end = from, last = from;
	while (end < text.len && end - from < NAME_MAX_LENGTH && !ends_name(text.at[end]) && text.at[end] != '/') {
		bool is_gap = is_blank(text.at[end]) && is_blank(character_at(text, end + 1));
		if (is_gap)
			break;
		last = is_blank(text.at[end]) ? end : last;
		end++;
	}
	bool is_next_label = end < text.len && text.at[end] == ':';
	return is_next_label ? last : end;
}

static bool match_behind_label(struct bytes text, size_t at, struct match *match)
{
	unsigned char room[4 * WORD_MAX];
	struct name name;
	size_t from = at + 1;
	if (!person_is_label(label_before(text, at, room)))
		return false;
	while (from < text.len && from - at < 8 && (is_blank(text.at[from]) || text.at[from] == '\t'))
		from++;
	struct bytes written = trim(bytes_slice(text, from, words_end(text, from) - from));
	while (written.len > 0 && (written.at[written.len - 1] == '.' || written.at[written.len - 1] == '-'))
		written = trim(bytes_slice(written, 0, written.len - 1));
	size_t end = from + written.len;
	while (end < text.len && is_blank(text.at[end]))
		end++;
	bool is_before_address = character_at(text, end) == '<' && bracketed_local(text, end).len > 0;
	if (is_before_address || written.len == 0 || !read_name(written, &name) || name.count < 2 || name.count > 4 ||
	    name.capitals < 2 ||
	    person_is_label(lower_word(bytes_slice(written, 0, written.len < WORD_MAX ? written.len : 0), room)))
		return false;
	match->from = from;
	match->to = from + written.len;
	match->confidence = 0.8f;
	append_name(match->value, &name);
	return true;
}

static bool person_match(struct bytes text, size_t at, struct match *match)
{
	match->kind = FINDING_PERSON;
	return text.at[at] == '<' ? match_before_address(text, at, match) : match_behind_label(text, at, match);
}

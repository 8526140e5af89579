/* SPDX-License-Identifier: Apache-2.0 */
/* The commonest suffixes are told without the list: a look-up costs 100 ns, too much for every dot of a text. */
#include "detector/host.h"

#include "base/text.h"
#include "detector/character.h"
#include "model/domain-list.h"

#include <idn2.h>
#include <libpsl.h>

enum {
	SUFFIX_TYPE = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE,
	RUN_BYTES_MAX = 2 * HOST_RUN_MAX,
	DOTS_MAX = 10, /* of names that are not ASCII: converting a label costs a microsecond */
};

/* Filled by host_prepare: whether two letters are a country's suffix. */
static bool country_is_known[26][26];

static const struct character_set host_set = {{CHARACTER_DIGITS | CHARACTER_BIT('-'), CHARACTER_LETTERS}};

/* Some countries stand in the list by what lies below them alone: co.za, *.bd. */
static bool is_country(const psl_ctx_t *list, char first, char second)
{
	return psl_is_public_suffix2(list, (char[]){first, second, 0}, SUFFIX_TYPE) == 1 ||
	       psl_is_public_suffix2(list, (char[]){'c', 'o', '.', first, second, 0}, SUFFIX_TYPE) == 1;
}

enum status host_prepare(void)
{
	const psl_ctx_t *list = psl_builtin();
	if (list == NULL)
		return STATUS_BROKEN;
	for (char first = 'a'; first <= 'z'; first++)
		for (char second = 'a'; second <= 'z'; second++)
			country_is_known[first - 'a'][second - 'a'] = is_country(list, first, second);
	return STATUS_OK;
}

/* ---- walking ---- */

size_t host_label_start(struct bytes text, size_t end)
{
	size_t from = end;
	while (from > 0 && end - from <= HOST_LABEL_MAX) {
		uint32_t c = text.at[from - 1];
		size_t length = 1;
		if (c >= 0x80) {
			length = character_decode_before(text, from, &c);
			bool begins_another_script = from < end && text.at[from] < 0x80;
			if (!character_is_latin(c) && (begins_another_script || !character_is_other_script(c)))
				break;
		} else if (!character_in(host_set, (unsigned char)c)) {
			break;
		}
		from -= length;
	}
	return end - from > HOST_LABEL_MAX ? end : from;
}

/* One character of a label: its length, or 0 where the label ends. */
static size_t step_in_label(struct bytes text, size_t at, bool label_is_latin)
{
	uint32_t c;
	if (text.at[at] < 0x80)
		return character_in(host_set, text.at[at]) ? 1 : 0;
	size_t length = text_decode(bytes_from(text, at), &c);
	if (character_is_latin(c) || (!label_is_latin && character_is_other_script(c)))
		return length;
	return 0;
}

size_t host_run_end(struct bytes text, size_t from)
{
	size_t at = from, label = from;
	bool label_is_latin = false;
	while (at < text.len && at - from < RUN_BYTES_MAX) {
		if (character_in(host_set, text.at[at]) && (at > label || label_is_latin)) {
			at++;
			continue;
		}
		if (text.at[at] == '.' && at > label) {
			label = ++at;
			label_is_latin = false;
			continue;
		}
		size_t length = step_in_label(text, at, label_is_latin);
		if (length == 0)
			break;
		if (at == label)
			label_is_latin = text.at[at] < 0x80;
		at += length;
	}
	while (at > from && (text.at[at - 1] == '.' || text.at[at - 1] == '-'))
		at--;
	return at;
}

struct bytes host_last_label(struct bytes name)
{
	size_t dot = bytes_find_last_byte(name, '.');
	return dot == BYTES_NOT_FOUND ? name : bytes_from(name, dot + 1);
}

size_t host_count_dots(struct bytes name)
{
	size_t count = 0;
	for (size_t i = 0; i < name.len; i++)
		count += name.at[i] == '.';
	return count;
}

/* ---- suffixes ---- */

/* Writes a name as a lower-case string; false if it is too long or not ASCII. */
static bool lower_ascii(struct bytes name, char into[HOST_RUN_MAX + 1])
{
	if (name.len > HOST_RUN_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] >= 0x80)
			return false;
		into[i] = (char)character_to_lower(name.at[i]);
	}
	into[name.len] = '\0';
	return true;
}

/* Suffixes of three letters below which ICANN's part of the list has no other. */
static bool is_plain_suffix(struct bytes label)
{
	if (label.len != 3)
		return false;
	const uint32_t letters = (uint32_t)(label.at[0] | 0x20) << 16 | (uint32_t)(label.at[1] | 0x20) << 8 |
	                         (label.at[2] | 0x20u);
	return letters == 0x636F6D || letters == 0x6F7267 || letters == 0x6E6574 || letters == 0x656475 ||
	       letters == 0x676F76; /* com org net edu gov */
}

static bool is_listed(struct bytes name)
{
	char text[HOST_RUN_MAX + 1];
	if (lower_ascii(name, text))
		return psl_is_public_suffix2(psl_builtin(), text, SUFFIX_TYPE) == 1;
	struct buffer ascii = buffer_with_ceiling(HOST_RUN_MAX + 1);
	bool listed = host_append(&ascii, name) && psl_is_public_suffix2(psl_builtin(), buffer_string(&ascii), SUFFIX_TYPE) == 1;
	buffer_free(&ascii);
	return listed;
}

static bool is_known_suffix(struct bytes label)
{
	if (label.len < 2 || label.len > HOST_LABEL_MAX)
		return false;
	if (is_plain_suffix(label))
		return true;
	if (label.len == 2) {
		unsigned first = (label.at[0] | 0x20u) - 'a', second = (label.at[1] | 0x20u) - 'a';
		return first < 26 && second < 26 && country_is_known[first][second];
	}
	return !character_is_digit(label.at[0]) && is_listed(label);
}

static bool is_below_known_suffix(struct bytes name)
{
	struct bytes last = host_last_label(name);
	if (last.len == name.len || !is_known_suffix(last))
		return false;
	/* Suffixes of three labels and more are too rare to be looked for: whoever attributes a name sees them. */
	return is_plain_suffix(last) || host_count_dots(name) > 1 || (!is_listed(name) && is_listed(last));
}

static bool is_titlecase(struct bytes label)
{
	return label.len >= 2 && character_is_upper(label.at[0]) && character_is_lower(label.at[1]);
}

static bool has_upper(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (character_is_upper(name.at[i]))
			return true;
	return false;
}

/* "comPhone" and "com-2019" without their tail; the label itself if it has none. */
static struct bytes cut_tail(struct bytes label)
{
	size_t i = 0;
	while (i < label.len && character_is_lower(label.at[i]))
		i++;
	bool is_tail = i >= 2 && i < label.len && (label.at[i] == '-' || character_is_upper(label.at[i]));
	return is_tail ? bytes_slice(label, 0, i) : label;
}

size_t host_known_length(struct bytes run)
{
	struct bytes last = host_last_label(run);
	if (last.len == run.len)
		return 0;
	if (is_plain_suffix(last) && !character_is_upper(last.at[0]))
		return run.len;
	struct bytes before = bytes_slice(run, 0, run.len - last.len - 1);
	bool is_sentence = is_titlecase(last) && !has_upper(before);
	if (is_sentence && is_below_known_suffix(before))
		return before.len;
	if (is_below_known_suffix(run))
		return run.len;
	struct bytes cut = cut_tail(last);
	struct bytes name = bytes_slice(run, 0, run.len - last.len + cut.len);
	return cut.len < last.len && is_below_known_suffix(name) ? name.len : 0;
}

static bool is_below_internal_name(struct bytes name)
{
	const char *internal = domain_list_find(&internal_names_list, name);
	return internal != NULL && name.len > strlen(internal) + 1;
}

size_t host_address_length(struct bytes run)
{
	size_t length = host_known_length(run);
	if (length > 0 || run.len == 0)
		return length;
	struct bytes last = host_last_label(run);
	size_t before = run.len - last.len;
	if (is_below_internal_name(run))
		return run.len;
	if (before > 0 && is_titlecase(last) && is_below_internal_name(bytes_slice(run, 0, before - 1)))
		return before - 1;
	struct bytes name = bytes_slice(run, 0, before + cut_tail(last).len);
	return is_below_internal_name(name) ? name.len : 0;
}

/* ---- writing ---- */

/* Writes an ASCII name in lower case, without a final dot; returns its length, 0 if its labels are not sound. */
static size_t write_labels(struct bytes name, char into[HOST_RUN_MAX + 1], bool loosely)
{
	size_t label = 0; /* where the present one begins */
	if (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	if (name.len > HOST_RUN_MAX)
		return 0;
	for (size_t i = 0; i <= name.len; i++) {
		unsigned char c = i < name.len ? name.at[i] : '.';
		if (c == '.') {
			bool is_bare = i == label || i - label > HOST_LABEL_MAX;
			if (is_bare || (!loosely && (name.at[label] == '-' || name.at[i - 1] == '-')))
				return 0;
			label = i + 1;
		} else if (!character_in(host_set, c) && !(loosely && c == '_')) {
			return 0;
		}
		into[i] = (char)character_to_lower(c);
	}
	return name.len;
}

static bool append_name(struct buffer *into, struct bytes name, bool loosely)
{
	char text[RUN_BYTES_MAX + 1], *ascii = NULL;
	char lower[HOST_RUN_MAX + 1];
	size_t length = 0;
	bool is_ascii = true;
	if (name.len == 0 || name.len > RUN_BYTES_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++)
		is_ascii &= name.at[i] < 0x80;
	if (is_ascii) {
		length = write_labels(name, lower, loosely);
	} else if (host_count_dots(name) <= DOTS_MAX) {
		memcpy(text, name.at, name.len);
		text[name.len] = '\0';
		if (idn2_to_ascii_8z(text, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
			return false;
		length = write_labels(bytes_of_string(ascii), lower, loosely);
		idn2_free(ascii);
	}
	buffer_append(into, bytes_of(lower, length));
	return length > 0;
}

bool host_append(struct buffer *into, struct bytes name)
{
	return append_name(into, name, false);
}

bool host_append_loosely(struct buffer *into, struct bytes name)
{
	return append_name(into, name, true);
}

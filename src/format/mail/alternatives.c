/* SPDX-License-Identifier: Apache-2.0 */
/* Words are compared without the punctuation around them and without mailto:. */
#include "format/mail/alternatives.h"

#include "base/hash.h"

#include <string.h>

static bool is_blank(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word; empty at the end. */
static struct bytes take_word(struct bytes *text)
{
	size_t from = 0, to;
	while (from < text->len && is_blank(text->at[from]))
		from++;
	for (to = from; to < text->len && !is_blank(text->at[to]);)
		to++;
	struct bytes word = bytes_slice(*text, from, to - from);
	*text = bytes_from(*text, to);
	return word;
}

static bool is_link(struct bytes word)
{
	return bytes_find(word, BYTES_LITERAL("://")) != BYTES_NOT_FOUND;
}

static bool tells_somebody(struct bytes word)
{
	return bytes_find_byte(word, '@') != BYTES_NOT_FOUND || is_link(word) ||
	       bytes_find(word, BYTES_LITERAL("%40")) != BYTES_NOT_FOUND;
}

static struct bytes strip(struct bytes word)
{
	const char *const marks = "<>()[]{}\"',;:.!?*_|";
	while (word.len > 0 && strchr(marks, word.at[0]) != NULL && word.at[0] != 0)
		word = bytes_from(word, 1);
	if (bytes_start_with_nocase(word, BYTES_LITERAL("mailto:"))) {
		word = bytes_from(word, 7);
		size_t query = bytes_find_byte(word, '?');
		if (query != BYTES_NOT_FOUND && bytes_find_byte(bytes_from(word, query), '@') == BYTES_NOT_FOUND)
			word = bytes_slice(word, 0, query);
	}
	while (word.len > 0 && strchr(marks, word.at[word.len - 1]) != NULL && word.at[word.len - 1] != 0)
		word.len--;
	return word;
}

/* Letters of words alone: a page that shows its links' addresses says no more for it. */
static size_t count_said(struct bytes text)
{
	size_t count = 0;
	for (struct bytes word; (word = take_word(&text)).len > 0;)
		count += is_link(word) ? 0 : word.len;
	return count;
}

bool alternatives_plain_is_better(struct bytes plain, struct bytes page)
{
	return 2 * count_said(plain) >= count_said(page);
}

enum status alternatives_append_missing(struct bytes chosen, struct bytes other, struct buffer *into)
{
	struct hash_table known = {0};
	enum status status = STATUS_OK;
	bool is_new;
	for (struct bytes word; (word = take_word(&chosen)).len > 0 && status == STATUS_OK;)
		if (tells_somebody(word) && hash_table_enter(&known, hash_of(0, strip(word)), &is_new) == NULL)
			status = STATUS_NO_MEMORY;
	for (struct bytes word; (word = take_word(&other)).len > 0 && status == STATUS_OK;) {
		if (!tells_somebody(word))
			continue;
		struct bytes bare = strip(word);
		if (hash_table_enter(&known, hash_of(0, bare), &is_new) == NULL)
			status = STATUS_NO_MEMORY;
		else if (is_new) {
			buffer_append(into, bare);
			buffer_append_byte(into, '\n');
		}
	}
	hash_table_free(&known);
	return status == STATUS_OK ? buffer_status(into) : status;
}

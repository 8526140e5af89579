/* SPDX-License-Identifier: Apache-2.0 */
/* A line of text around the first word that was asked for, read piece by piece so that a long text costs no memory. */
#include "answer/hit.h"

#include "base/text.h"

enum { PIECE = 64 * 1024, BEFORE = 60, AFTER = 120, WORD_MAX = 256 };

static bool is_wanted(struct bytes word, const struct bytes *words, size_t count, struct buffer *folded)
{
	buffer_reset(folded);
	if (word.len > WORD_MAX || text_append_folded(folded, word, true) != STATUS_OK)
		return false;
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(buffer_bytes(folded), words[i]))
			return true;
	return false;
}

/* Byte offset of the first wanted word, or BYTES_NOT_FOUND. Scripts without spaces match anywhere. */
static size_t find_word(struct bytes text, const struct bytes *words, size_t count)
{
	struct buffer folded = buffer_with_ceiling(16 * WORD_MAX);
	size_t at = 0, found = BYTES_NOT_FOUND;
	uint32_t c;
	while (at < text.len && found == BYTES_NOT_FOUND) {
		size_t start = at, step;
		while (at < text.len && (step = text_decode(bytes_from(text, at), &c)) > 0 && text_is_word(c))
			at += step;
		if (at > start && is_wanted(bytes_slice(text, start, at - start), words, count, &folded))
			found = start;
		if (at < text.len)
			at += text_decode(bytes_from(text, at), &c);
	}
	buffer_free(&folded);
	for (size_t i = 0; i < count && found == BYTES_NOT_FOUND; i++)
		if (text_decode(words[i], &c) > 1 && text_is_cjk(c))
			found = bytes_find(text, words[i]);
	return found;
}

/* White space of any kind becomes one space, as a snippet is one line. */
static void append_line(struct buffer *into, struct bytes text)
{
	bool is_space = true;
	for (size_t i = 0; i < text.len; i++) {
		bool space = strchr(" \t\r\n\f\v", text.at[i]) != NULL && text.at[i] != '\0';
		if (!space)
			buffer_append_byte(into, text.at[i]);
		else if (!is_space)
			buffer_append_byte(into, ' ');
		is_space = space;
	}
}

static size_t back_to_boundary(struct bytes text, size_t at)
{
	while (at > 0 && (text.at[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static void append_around(struct buffer *into, struct bytes text, size_t found)
{
	size_t from = found > BEFORE ? back_to_boundary(text, found - BEFORE) : 0;
	size_t to = text.len - found > AFTER ? back_to_boundary(text, found + AFTER) : text.len;
	append_line(into, bytes_slice(text, from, to - from));
}

enum status hit_append_snippet(struct incident *incident, const struct document_view *view, const struct bytes *words,
                               size_t word_count, struct buffer *into, struct failure *reterr)
{
	struct buffer piece = buffer_with_ceiling(8 * PIECE);
	enum status status = view->has_text && word_count > 0 ? STATUS_OK : STATUS_END;
	for (uint64_t from = 0; status == STATUS_OK; from += PIECE - WORD_MAX) {
		buffer_reset(&piece);
		status = incident_text(incident, view->content_key, from, from + PIECE, &piece, reterr);
		if (status != STATUS_OK || piece.len == 0)
			break;
		size_t found = find_word(buffer_bytes(&piece), words, word_count);
		if (found != BYTES_NOT_FOUND) {
			append_around(into, buffer_bytes(&piece), found);
			break;
		}
		if (text_count(buffer_bytes(&piece)) < PIECE)
			break;
	}
	buffer_free(&piece);
	return status == STATUS_END || status == STATUS_ABSENT ? STATUS_OK : status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting text into words and trigrams. */
#include "words/tokenizer.h"

#include "base/text.h"

/* ---- words ---- */

struct splitter {
	token_visitor *each;
	void *context;
	bool is_query;
	unsigned char word[TOKEN_SIZE_MAX];
	size_t length;
	unsigned points;
	size_t word_from, word_to;
	uint32_t sign;  /* the CJK sign before, 0 if none */
	unsigned signs; /* in this run */
	size_t sign_from, sign_to;
};

static int end_word(struct splitter *s)
{
	if (s->points == 0)
		return 0;
	struct token token = {bytes_of(s->word, s->length), s->points, false, s->word_from, s->word_to};
	s->length = 0;
	s->points = 0;
	return s->each(s->context, &token);
}

static void add_to_word(struct splitter *s, uint32_t point, size_t from, size_t to)
{
	if (s->points++ == 0)
		s->word_from = from;
	s->word_to = to;
	if (s->length + 4 <= sizeof s->word && point < 0x80)
		s->word[s->length++] = (unsigned char)point;
	else if (s->length + 4 <= sizeof s->word)
		s->length += text_encode(point, s->word + s->length);
}

static int end_run(struct splitter *s)
{
	if (s->sign == 0)
		return 0;
	unsigned char text[4];
	struct token token = {bytes_of(text, text_encode(s->sign, text)), 1, true, s->sign_from, s->sign_to};
	bool is_known = s->is_query && s->signs > 1;
	s->sign = 0;
	s->signs = 0;
	return is_known ? 0 : s->each(s->context, &token);
}

static int add_sign(struct splitter *s, uint32_t point, size_t from, size_t to)
{
	int stop = 0;
	if (s->sign != 0) {
		unsigned char text[8];
		size_t length = text_encode(s->sign, text);
		length += text_encode(point, text + length);
		stop = s->each(s->context, &(struct token){bytes_of(text, length), 2, true, s->sign_from, to});
	}
	s->sign = point;
	s->sign_from = from;
	s->sign_to = to;
	s->signs++;
	return stop;
}

static int add_point(struct splitter *s, uint32_t point, size_t from, size_t to)
{
	int stop;
	if (!text_is_word(point)) {
		stop = end_word(s);
		return stop != 0 ? stop : end_run(s);
	}
	if (text_is_cjk(point)) {
		stop = end_word(s);
		return stop != 0 ? stop : add_sign(s, point, from, to);
	}
	stop = end_run(s);
	add_to_word(s, point, from, to);
	return stop;
}

/* Most text is ASCII: letters and digits straight into the word. */
static size_t take_ascii_word(struct splitter *s, struct bytes text, size_t at)
{
	size_t end = at;
	for (; end < text.len; end++) {
		unsigned char c = text.at[end];
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 32);
		else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			break;
		if (s->points++ == 0)
			s->word_from = end;
		s->word_to = end + 1;
		if (s->length + 4 <= sizeof s->word)
			s->word[s->length++] = c;
	}
	return end;
}

int tokenizer_split(struct fold *fold, struct bytes text, bool is_query, token_visitor *each, void *context)
{
	struct splitter s = {.each = each, .context = context, .is_query = is_query};
	struct folded folded;
	int stop = 0;
	for (size_t at = 0; at < text.len && stop == 0;) {
		size_t end = s.sign == 0 ? take_ascii_word(&s, text, at) : at;
		if (end == text.len)
			break;
		struct bytes rest = bytes_from(text, end);
		fold_next(fold, &rest, &folded);
		at = text.len - rest.len;
		for (unsigned i = 0; i < folded.count && stop == 0; i++)
			stop = add_point(&s, folded.points[i], end, at);
	}
	if (stop == 0)
		stop = end_word(&s);
	return stop != 0 ? stop : end_run(&s);
}

/* ---- trigrams ---- */

int tokenizer_visit_trigrams(struct bytes folded, token_visitor *each, void *context)
{
	size_t starts[3] = {0, 0, 0};
	unsigned seen = 0;
	uint32_t point;
	int stop = 0;
	for (size_t at = 0; at < folded.len && stop == 0;) {
		size_t length = text_decode(bytes_from(folded, at), &point);
		starts[seen++ % 3] = at;
		at += length;
		if (seen < 3)
			continue;
		size_t from = starts[seen % 3];
		stop = each(context, &(struct token){bytes_slice(folded, from, at - from), 3, false, from, at});
	}
	return stop;
}

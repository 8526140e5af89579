/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lexicon that somebody else built, damaged as the input says: it is refused, or used and does no harm. The input is a text to
 * look through, behind its first bytes: how many, and at which places of the block what is written over.
 */
#include "base/text.h"
#include "words/lexicon.h"

#include <stdlib.h>

enum { TEXT_MAX = 64 * 1024, CHANGE = 5 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

struct meeting {
	struct bytes text;
	size_t end;
};

static enum status meet(void *context, const struct lexicon_match *match)
{
	struct meeting *meeting = context;
	require(match->from >= meeting->end && match->from < match->to && match->to <= meeting->text.len);
	meeting->end = match->to;
	return STATUS_OK;
}

static void build(struct fold *fold, struct buffer *block)
{
	static const char *const names[] = {"Contoso", "Contoso Energy GmbH", "a b c",    "b c d",
	                                    "c",       "Müller & Söhne",      "東洋電機", "K-10234"};
	struct lexicon_term terms[sizeof names / sizeof *names];
	const unsigned char seed[LEXICON_SEED_SIZE] = {1, 2, 3};
	const struct lexicon_owner owner = {BYTES_LITERAL("contoso.com"), BYTES_LITERAL("Contoso")};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		terms[i] = (struct lexicon_term){0, i == 7 ? LEXICON_NUMBER : LEXICON_NAME, i == 4, bytes_of_string(names[i])};
	require(lexicon_build(fold, seed, &owner, 1, terms, sizeof names / sizeof *names, block) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct fold *fold;
	struct lexicon lexicon;
	struct buffer block = buffer_with_ceiling(LEXICON_SIZE_MAX), text = buffer_with_ceiling(8 * TEXT_MAX);
	if (size < 1 || size > TEXT_MAX || size < 1 + (size_t)(data[0] % 16) * CHANGE)
		return 0;
	require(fold_new(&fold) == STATUS_OK);
	build(fold, &block);
	size_t changes = data[0] % 16;
	for (size_t i = 0; i < changes; i++) {
		const unsigned char *change = data + 1 + i * CHANGE;
		block.at[load_le32(change) % block.len] = change[4];
	}
	text_append_repaired(&text, bytes_of(data + 1 + changes * CHANGE, size - 1 - changes * CHANGE));
	struct meeting meeting = {buffer_bytes(&text), 0};
	if (lexicon_open(buffer_bytes(&block), &lexicon) == STATUS_OK)
		require(lexicon_find(&lexicon, fold, meeting.text, meet, &meeting) == STATUS_OK);
	else
		require(changes > 0);
	buffer_free(&block);
	buffer_free(&text);
	fold_free(fold);
	return 0;
}

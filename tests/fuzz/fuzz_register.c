/* SPDX-License-Identifier: Apache-2.0 */
/* A register's file of any bytes: what is taken of it can be sought, each name is met where it stands, and nothing else happens. */
#include "register/register.h"

#include "base/text.h"
#include "understanding/attribute.h"
#include "words/lexicon.h"

#include <stdlib.h>

enum { FILE_MAX = 64 * 1024 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static enum status count_match(void *context, const struct lexicon_match *match)
{
	require(match->from < match->to);
	++*(size_t *)context;
	return STATUS_OK;
}

static void seek(const struct register_reading *reading)
{
	struct buffer block = buffer_with_ceiling(LEXICON_SIZE_MAX);
	struct lexicon lexicon;
	struct fold *fold;
	require(register_make_lexicon(reading->rows, reading->count, &block) == STATUS_OK);
	require(fold_new(&fold) == STATUS_OK);
	require(block.len == 0 || lexicon_open(buffer_bytes(&block), &lexicon) == STATUS_OK);
	for (size_t i = 0; block.len > 0 && i < lexicon_count_terms(&lexicon); i++) {
		size_t met = 0;
		require(lexicon_find(&lexicon, fold, lexicon_term_at(&lexicon, i).text, count_match, &met) == STATUS_OK);
	}
	fold_free(fold);
	buffer_free(&block);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena arena = arena_with_ceiling(256 << 20);
	struct register_reading reading;
	struct failure failure = {.why = ""};
	require(attribute_prepare() == STATUS_OK);
	if (size > FILE_MAX)
		return 0;
	enum status status = register_read(bytes_of(data, size), &arena, &reading, &failure);
	require(status == STATUS_OK || (status == STATUS_USAGE && failure.why[0] != '\0'));
	if (status == STATUS_OK) {
		for (size_t i = 0; i < reading.count; i++)
			require(reading.rows[i].domain_count > 0 && text_is_valid(reading.rows[i].name));
		seek(&reading);
	}
	arena_free(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/register-frequency.h"

#include "catalog/register.h"
#include "words/tokenizer.h"

enum { CONTENTS_LEAST = 50, SHARE_MOST = 5 }; /* one part in so many */

struct word {
	struct buffer text;
	size_t count;
};

static int keep_word(void *context, const struct token *token)
{
	struct word *word = context;
	word->count += token->is_cjk ? 2 : 1;
	if (word->count == 1)
		buffer_append(&word->text, token->text);
	return word->count > 1;
}

/* "contoso" of contoso.com. */
static bool is_label_of(const struct register_row *row, struct bytes word)
{
	for (size_t i = 0; i < row->domain_count; i++)
		if (bytes_equal(bytes_slice(row->domains[i], 0, bytes_find_byte(row->domains[i], '.')), word))
			return true;
	return false;
}

static enum status weigh_term(struct incident *incident, struct fold *fold, struct register_reading *reading, size_t row,
                              size_t *term, struct arena *arena, struct failure *reterr)
{
	const struct register_row *of = &reading->rows[row];
	struct word word = {buffer_with_ceiling(4096), 0};
	uint64_t contents = 0, all = 0;
	enum status status = STATUS_OK;
	tokenizer_split(fold, of->terms[*term].text, true, keep_word, &word);
	if (word.count == 1 && !is_label_of(of, buffer_bytes(&word.text)))
		status = incident_word_contents(incident, buffer_bytes(&word.text), &contents, &all, reterr);
	buffer_free(&word.text);
	if (status != STATUS_OK || all < CONTENTS_LEAST || contents * SHARE_MOST <= all) {
		++*term;
		return status;
	}
	struct buffer why = buffer_with_ceiling(256);
	buffer_append_format(&why, "stands in %llu of %llu texts of this catalog, and means nobody by itself",
	                     (unsigned long long)contents, (unsigned long long)all);
	struct bytes kept = arena_copy(arena, buffer_bytes(&why));
	buffer_free(&why);
	return kept.at != NULL ? register_refuse_term(reading, row, *term, kept, arena) : STATUS_NO_MEMORY;
}

enum status register_frequency_refuse(struct incident *incident, struct register_reading *reading, struct arena *arena,
                                      struct failure *reterr)
{
	struct fold *fold;
	enum status status = fold_new(&fold);
	if (status != STATUS_OK)
		return status;
	for (size_t row = 0; row < reading->count && status == STATUS_OK; row++)
		for (size_t term = 0; term < reading->rows[row].term_count && status == STATUS_OK;)
			if (reading->rows[row].relationship == RELATIONSHIP_OWN ||
			    reading->rows[row].terms[term].kind == REGISTER_NUMBER)
				term++;
			else
				status = weigh_term(incident, fold, reading, row, &term, arena, reterr);
	fold_free(fold);
	return status;
}

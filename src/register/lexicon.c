/* SPDX-License-Identifier: Apache-2.0 */
/* From rows to what workers seek: an owner a row, by its first domain. */
#include "register/register.h"

#include "base/digest.h"
#include "catalog/register.h"
#include "register/common.h"
#include "words/lexicon.h"

#include <stdlib.h>
#include <sys/random.h>

struct making {
	struct common common;
	struct lexicon_owner *owners;
	struct lexicon_term *terms;
	size_t term_count;
};

static size_t count_terms(const struct register_row *rows, size_t count)
{
	size_t terms = 0;
	for (size_t i = 0; i < count; i++)
		terms += rows[i].term_count;
	return terms;
}

/* What a later version would refuse is not sought any more. */
static void add_row(struct making *making, const struct register_row *row, size_t owner)
{
	making->owners[owner] = (struct lexicon_owner){row->domains[0], row->name};
	for (size_t i = 0; i < row->term_count; i++) {
		const struct register_term *term = &row->terms[i];
		if (common_refuses(&making->common, term->kind, term->text) != NULL)
			continue;
		making->terms[making->term_count++] = (struct lexicon_term){
			.owner = (uint32_t)owner,
			.kind = term->kind == REGISTER_NUMBER ? LEXICON_NUMBER : LEXICON_NAME,
			.is_exact = term->kind != REGISTER_NUMBER && common_is_exact(&making->common, term->text),
			.text = term->text,
		};
	}
}

static enum status make(struct making *making, const struct register_row *rows, size_t count, struct buffer *into)
{
	unsigned char seed[LEXICON_SEED_SIZE];
	making->owners = calloc(count + 1, sizeof *making->owners);
	making->terms = calloc(count_terms(rows, count) + 1, sizeof *making->terms);
	if (making->owners == NULL || making->terms == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		add_row(making, &rows[i], i);
	if (making->term_count == 0)
		return STATUS_OK;
	if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return STATUS_BROKEN;
	return lexicon_build(making->common.fold, seed, making->owners, count, making->terms, making->term_count, into);
}

enum status register_make_lexicon(const struct register_row *rows, size_t count, struct buffer *into)
{
	struct making making = {.term_count = 0};
	enum status status = common_start(&making.common);
	if (status != STATUS_OK)
		return status;
	status = make(&making, rows, count, into);
	free(making.owners);
	free(making.terms);
	common_free(&making.common);
	return status;
}

/* ---- of an incident ---- */

struct loading {
	struct arena arena;
	struct register_row *rows;
	size_t count, capacity;
};

static enum status keep_row(void *context, const struct register_row *row)
{
	struct loading *loading = context;
	if (loading->count == loading->capacity) {
		size_t capacity = loading->capacity > 0 ? 2 * loading->capacity : 64;
		struct register_row *grown = realloc(loading->rows, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		loading->rows = grown;
		loading->capacity = capacity;
	}
	enum status status = register_row_copy(row, &loading->arena, &loading->rows[loading->count]);
	loading->count += status == STATUS_OK;
	return status;
}

static void add_text(struct buffer *into, struct bytes text)
{
	buffer_append(into, text);
	buffer_append_byte(into, '\n');
}

/* A digest over all that a finding may come of or show. */
static enum status write_tag(const struct loading *loading, struct buffer *into)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	struct buffer told = buffer_with_ceiling(SIZE_MAX / 2);
	buffer_append_string(&told, common_words_sha256);
	buffer_append_string(&told, countries_sha256);
	for (size_t i = 0; i < loading->count; i++) {
		const struct register_row *row = &loading->rows[i];
		add_text(&told, row->domains[0]);
		add_text(&told, row->name);
		for (size_t j = 0; j < row->term_count; j++) {
			buffer_append_format(&told, "%d ", row->terms[j].kind);
			add_text(&told, row->terms[j].text);
		}
	}
	enum status status = buffer_status(&told);
	digest_sha256(buffer_bytes(&told), digest);
	buffer_free(&told);
	buffer_append_byte(into, '~');
	digest_append_hex(into, bytes_of(digest, 4));
	return status == STATUS_OK ? buffer_status(into) : status;
}

void register_seeking_free(struct register_seeking *seeking)
{
	buffer_free(&seeking->lexicon);
	buffer_free(&seeking->tag);
}

enum status register_load(struct incident *incident, struct register_seeking *seeking, struct failure *reterr)
{
	struct loading loading = {.arena = arena_with_ceiling(SIZE_MAX / 2)};
	struct buffer cursor = buffer_with_ceiling(4096);
	register_seeking_free(seeking);
	*seeking = (struct register_seeking){buffer_with_ceiling(SIZE_MAX / 2), buffer_with_ceiling(64)};
	enum status status = incident_register(incident, RELATIONSHIP_UNKNOWN, BYTES_NONE, keep_row, &loading, &cursor, reterr);
	if (status == STATUS_OK)
		status = register_make_lexicon(loading.rows, loading.count, &seeking->lexicon);
	if (status == STATUS_OK && seeking->lexicon.len > 0)
		status = write_tag(&loading, &seeking->tag);
	if (status == STATUS_TOO_LARGE)
		status = fail(reterr, status, "register", "has more names than can be sought: 128 MiB of them are too many");
	buffer_free(&cursor);
	arena_free(&loading.arena);
	free(loading.rows);
	return status;
}

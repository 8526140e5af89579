/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over a row's matches, in the order of the text, whatever they are of. */
#include "catalog/sqlite/relevance.h"

#include "catalog/sqlite/fts5.h"
#include "catalog/sqlite/match.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMN_TITLE, COLUMN_BODY };
enum { MENTIONS_MOST = 5, REPEATED_LEAST = 8, REPEATED_SHARE = 10, TITLE_WORDS = 16, NEAR_WORDS = 8, NEAR_PHRASES_MOST = 32 };

#define NEAR_WEIGHT 0.75
#define SATURATION 1.2
#define LENGTH_WEIGHT 0.25
#define FORMS_ALONE 0.5
#define RARITY_LEAST 0.2

/* What was asked for: a phrase, or a word with its forms. */
struct wish {
	size_t first, count; /* of the expression's phrases; the first is exact */
	double rarity;       /* 1: the rarest of them */
	uint64_t exact, forms;
	double title;
	int last, last_size; /* where it last stood in the text, in words */
	bool has_last;
};

/* One phrase of the expression in one row. */
struct stream {
	Fts5PhraseIter at;
	int column, offset, phrase, size;
	struct wish *wish;
	bool is_exact;
};

struct ranking {
	size_t count, phrase_count;
	double average; /* words of a text */
	struct wish *wishes;
	struct stream *streams;
	double *relevances; /* what a row answers */
};

static void free_ranking(void *given)
{
	struct ranking *ranking = given;
	if (ranking == NULL)
		return;
	free(ranking->wishes);
	free(ranking->streams);
	free(ranking->relevances);
	free(ranking);
}

/* ---- once a question ---- */

static int count_row(const Fts5ExtensionApi *api, Fts5Context *row, void *rows)
{
	(void)api;
	(void)row;
	++*(uint64_t *)rows;
	return SQLITE_OK;
}

static int weigh_rarity(const Fts5ExtensionApi *api, Fts5Context *row, struct ranking *ranking)
{
	sqlite3_int64 all = 0;
	double most = 0;
	int code = api->xRowCount(row, &all);
	for (size_t i = 0; i < ranking->count && code == SQLITE_OK; i++) {
		struct wish *wish = &ranking->wishes[i];
		uint64_t rows = 0;
		for (size_t j = 0; j < wish->count && code == SQLITE_OK; j++)
			code = api->xQueryPhrase(row, (int)(wish->first + j), &rows, count_row);
		double others = (double)all > (double)rows ? (double)all - (double)rows : 0;
		wish->rarity = log(1 + (others + 0.5) / ((double)rows + 0.5));
		most = wish->rarity > most ? wish->rarity : most;
	}
	for (size_t i = 0; i < ranking->count && code == SQLITE_OK; i++) {
		double share = ranking->wishes[i].rarity / most;
		ranking->wishes[i].rarity = share > RARITY_LEAST ? share : RARITY_LEAST;
	}
	return code;
}

static int measure_texts(const Fts5ExtensionApi *api, Fts5Context *row, struct ranking *ranking)
{
	sqlite3_int64 all = 0, words = 0;
	int code = api->xRowCount(row, &all);
	if (code == SQLITE_OK)
		code = api->xColumnTotalSize(row, COLUMN_BODY, &words);
	ranking->average = all > 0 && words > all ? (double)words / (double)all : 1;
	return code;
}

static int prepare(const Fts5ExtensionApi *api, Fts5Context *row, const struct phrases *phrases, struct ranking **ret_ranking)
{
	struct ranking *ranking = calloc(1, sizeof *ranking);
	if (ranking == NULL)
		return SQLITE_NOMEM;
	ranking->count = phrases_count(phrases);
	ranking->phrase_count = (size_t)api->xPhraseCount(row);
	ranking->wishes = calloc(ranking->count + 1, sizeof *ranking->wishes);
	ranking->streams = calloc(ranking->phrase_count + 1, sizeof *ranking->streams);
	ranking->relevances = calloc(ranking->count + 1, sizeof *ranking->relevances);
	bool has_all = ranking->wishes != NULL && ranking->streams != NULL && ranking->relevances != NULL;
	int code = has_all ? SQLITE_OK : SQLITE_NOMEM;
	size_t next = 0;
	for (size_t i = 0; i < ranking->count && code == SQLITE_OK; i++) {
		ranking->wishes[i] = (struct wish){.first = next, .count = phrases_asked(phrases, i), .rarity = 1};
		next += ranking->wishes[i].count;
	}
	if (code == SQLITE_OK && next != ranking->phrase_count)
		code = SQLITE_INTERNAL;
	if (code == SQLITE_OK)
		code = measure_texts(api, row, ranking);
	if (code == SQLITE_OK && ranking->count > 1)
		code = weigh_rarity(api, row, ranking);
	if (code == SQLITE_OK)
		code = api->xSetAuxdata(row, ranking, free_ranking); /* which frees it where it fails */
	else
		free_ranking(ranking);
	if (code == SQLITE_OK)
		*ret_ranking = ranking;
	return code;
}

/* ---- each row ---- */

/* The streams that have something here, at their first; those of one wish stay together. */
static int open_streams(const Fts5ExtensionApi *api, Fts5Context *row, struct ranking *ranking, size_t *ret_open)
{
	size_t open = 0;
	int code = SQLITE_OK;
	for (size_t i = 0; i < ranking->count && code == SQLITE_OK; i++) {
		struct wish *wish = &ranking->wishes[i];
		wish->exact = wish->forms = 0;
		wish->title = 0;
		wish->has_last = false;
		for (size_t j = 0; j < wish->count && code == SQLITE_OK; j++) {
			struct stream *stream = &ranking->streams[open];
			*stream = (struct stream){.phrase = (int)(wish->first + j), .wish = wish, .is_exact = j == 0};
			code = api->xPhraseFirst(row, stream->phrase, &stream->at, &stream->column, &stream->offset);
			if (code == SQLITE_OK && stream->column >= 0) {
				stream->size = api->xPhraseSize(row, stream->phrase);
				open++;
			}
		}
	}
	*ret_open = open;
	return code;
}

static size_t find_earliest(const struct stream *streams, size_t open)
{
	size_t earliest = 0;
	for (size_t i = 1; i < open; i++)
		if (streams[i].column < streams[earliest].column ||
		    (streams[i].column == streams[earliest].column && streams[i].offset < streams[earliest].offset))
			earliest = i;
	return earliest;
}

/* Words between those asked for, where each last stood; -1: one of them has not yet. */
static int words_between(const struct ranking *ranking, int end)
{
	int begin = end, own = 0;
	for (size_t i = 0; i < ranking->count; i++) {
		const struct wish *wish = &ranking->wishes[i];
		if (!wish->has_last)
			return -1;
		begin = wish->last < begin ? wish->last : begin;
		own += wish->last_size;
	}
	return end - begin > own ? end - begin - own : 0;
}

static void take(const struct stream *stream, struct ranking *ranking, int title_size, int *nearest)
{
	struct wish *wish = stream->wish;
	if (stream->column == COLUMN_TITLE) {
		double weight = stream->is_exact ? 1 : MATCH_FORM_WEIGHT;
		weight *= title_size > TITLE_WORDS ? (double)TITLE_WORDS / title_size : 1;
		wish->title = weight > wish->title ? weight : wish->title;
		return;
	}
	stream->is_exact ? wish->exact++ : wish->forms++;
	if (ranking->count == 1 || ranking->count > NEAR_PHRASES_MOST)
		return;
	wish->has_last = true;
	wish->last = stream->offset;
	wish->last_size = stream->size;
	int between = words_between(ranking, stream->offset + stream->size);
	if (between >= 0 && (*nearest < 0 || between < *nearest))
		*nearest = between;
}

static bool is_repeated(const struct wish *wish, int body_size)
{
	uint64_t mentions = wish->exact + wish->forms;
	return mentions > REPEATED_LEAST && mentions * REPEATED_SHARE > (uint64_t)body_size;
}

static double weigh_body(const struct ranking *ranking, const struct wish *wish, int body_size)
{
	double mentions = (double)wish->exact + MATCH_FORM_WEIGHT * (double)wish->forms;
	mentions = mentions > MENTIONS_MOST ? MENTIONS_MOST : mentions;
	if (is_repeated(wish, body_size))
		mentions = FORMS_ALONE;
	mentions /= 1 + LENGTH_WEIGHT * log2(1 + body_size / ranking->average);
	return mentions / (mentions + SATURATION) * (wish->exact > 0 ? 1 : FORMS_ALONE);
}

/* Into relevances: of the text, and of each title. */
static void weigh(const struct ranking *ranking, int body_size, int nearest, double *relevances)
{
	double near = nearest >= 0 ? NEAR_WEIGHT * NEAR_WORDS / (NEAR_WORDS + nearest) : 0;
	relevances[0] = 0;
	for (size_t i = 0; i < ranking->count; i++) {
		const struct wish *wish = &ranking->wishes[i];
		relevances[0] += wish->rarity * weigh_body(ranking, wish, body_size);
		relevances[1 + i] = wish->rarity * MATCH_NAME_WEIGHT * wish->title;
		near = is_repeated(wish, body_size) ? 0 : near;
	}
	relevances[0] += near;
}

static int rank_row(const Fts5ExtensionApi *api, Fts5Context *row, struct ranking *ranking)
{
	int title_size = 0, body_size = 0, nearest = -1;
	size_t open = 0;
	int code = api->xColumnSize(row, COLUMN_TITLE, &title_size);
	if (code == SQLITE_OK)
		code = api->xColumnSize(row, COLUMN_BODY, &body_size);
	if (code == SQLITE_OK)
		code = open_streams(api, row, ranking, &open);
	while (open > 0 && code == SQLITE_OK) {
		size_t earliest = find_earliest(ranking->streams, open);
		struct stream *stream = &ranking->streams[earliest];
		take(stream, ranking, title_size, &nearest);
		/* Of one word, what comes behind says nothing more. */
		if (ranking->count == 1 && is_repeated(stream->wish, body_size) && stream->wish->exact > 0)
			break;
		api->xPhraseNext(row, &stream->at, &stream->column, &stream->offset);
		if (stream->column < 0)
			*stream = ranking->streams[--open];
	}
	if (code == SQLITE_OK)
		weigh(ranking, body_size, nearest, ranking->relevances);
	return code;
}

static void run_relevance(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context, int count,
                          sqlite3_value **values)
{
	const struct phrases *phrases = count == 1 ? sqlite3_value_pointer(values[0], MATCH_PHRASES) : NULL;
	struct ranking *ranking = api->xGetAuxdata(row, 0);
	int code = phrases != NULL ? SQLITE_OK : SQLITE_MISUSE;
	if (code == SQLITE_OK && ranking == NULL)
		code = prepare(api, row, phrases, &ranking);
	if (code == SQLITE_OK)
		code = rank_row(api, row, ranking);
	if (code == SQLITE_OK)
		sqlite3_result_blob64(context, ranking->relevances, (1 + ranking->count) * sizeof(double), SQLITE_TRANSIENT);
	else
		sqlite3_result_error_code(context, code);
}

enum status relevance_register(struct database *database)
{
	return fts5_register_function(database, "tm_relevance", run_relevance);
}

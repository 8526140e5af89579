/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting a text into words once for its digest and once for its shingles. */
#include "understanding/similarity.h"

#include "base/digest.h"
#include "base/hash.h"
#include "base/text.h"
#include "words/tokenizer.h"

#include <string.h>

const unsigned similarity_version = 3;

/* ---- keys ---- */

/* A key for each use, of the one given. */
static void derive(const unsigned char key[FINDING_SECRET_KEY_SIZE], const char *use, unsigned char into[DIGEST_SHA256_SIZE])
{
	digest_hmac_sha256(bytes_of(key, FINDING_SECRET_KEY_SIZE), bytes_of_string(use), into);
}

/* ---- the digest of all of it ---- */

/* What folds into nothing but space is layout. */
static bool is_space(uint32_t point)
{
	return point <= ' ' || point == 0x85 || point == 0xA0 || (point >= 0x2000 && point <= 0x200B) || point == 0x2028 ||
	       point == 0x2029 || point == 0x3000;
}

enum { PIECE = 4096 };

struct digesting {
	struct digest *digest;
	unsigned char piece[PIECE];
	size_t length;
};

static void add_point(struct digesting *work, uint32_t point)
{
	if (is_space(point))
		return;
	if (work->length + 4 > sizeof work->piece) {
		digest_update(work->digest, bytes_of(work->piece, work->length));
		work->length = 0;
	}
	if (point < 0x80)
		work->piece[work->length++] = (unsigned char)point;
	else
		work->length += text_encode(point, work->piece + work->length);
}

/* Most text is ASCII. */
static size_t take_ascii(struct digesting *work, struct bytes text, size_t at)
{
	size_t end = at, length = work->length;
	for (; end < text.len && text.at[end] < 0x80 && length < sizeof work->piece - 4; end++) {
		unsigned char c = text.at[end];
		work->piece[length] = c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
		length += c > ' ';
	}
	work->length = length;
	return end;
}

static void digest_folded(struct digesting *work, struct fold *fold, struct bytes text)
{
	struct folded folded;
	for (size_t at = 0; at < text.len;) {
		at = take_ascii(work, text, at);
		if (at == text.len)
			break;
		if (text.at[at] < 0x80) {
			digest_update(work->digest, bytes_of(work->piece, work->length));
			work->length = 0;
			continue;
		}
		struct bytes rest = bytes_from(text, at);
		fold_next(fold, &rest, &folded);
		for (unsigned i = 0; i < folded.count; i++)
			add_point(work, folded.points[i]);
		at = text.len - rest.len;
	}
	digest_update(work->digest, bytes_of(work->piece, work->length));
}

static enum status digest_text(const unsigned char key[FINDING_SECRET_KEY_SIZE], struct fold *fold, struct bytes text,
                               struct sketch *sketch)
{
	struct digesting work = {.length = 0};
	unsigned char own[DIGEST_SHA256_SIZE], digest[DIGEST_SHA256_SIZE];
	enum status status = digest_start(DIGEST_SHA256, &work.digest);
	if (status != STATUS_OK)
		return status;
	derive(key, "similarity/text", own);
	digest_folded(&work, fold, text);
	digest_finish(work.digest, digest);
	digest_free(work.digest);
	digest_hmac_sha256(bytes_of(own, sizeof own), bytes_of(digest, sizeof digest), digest);
	memcpy(sketch->text, digest, sizeof sketch->text);
	return STATUS_OK;
}

/* ---- shingles ---- */

#define FACTOR UINT64_C(0x9e3779b97f4a7c15)
#define FACTORS (FACTOR * FACTOR * FACTOR * FACTOR) /* one less than SKETCH_SHINGLE */
_Static_assert(SKETCH_SHINGLE == 5, "as many factors");

struct shingling {
	unsigned char key[DIGEST_SHA256_SIZE];
	uint64_t words[SKETCH_SHINGLE]; /* hashes of the last ones, in a ring */
	uint64_t count, sum;            /* sum: of those, each times as many FACTORs as words follow it */
	uint64_t least[SKETCH_BINS];
};

static uint64_t mix(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

/* The upper half chooses the bin: the rest of the hash does not depend on which it is. */
static void add_shingle(struct shingling *work, uint64_t hash)
{
	size_t bin = (size_t)((hash >> 32) * SKETCH_BINS >> 32);
	uint64_t value = mix(hash + UINT64_C(0x9e3779b97f4a7c15));
	if (value < work->least[bin])
		work->least[bin] = value;
}

static int add_word(void *context, const struct token *token)
{
	struct shingling *work = context;
	uint64_t *oldest = &work->words[work->count++ % SKETCH_SHINGLE], word = hash_keyed(work->key, token->text);
	work->sum = (work->sum - *oldest * FACTORS) * FACTOR + word;
	*oldest = word;
	if (work->count >= SKETCH_SHINGLE)
		add_shingle(work, mix(work->sum));
	return 0;
}

static void fill_bins(const struct shingling *work, struct sketch *sketch)
{
	size_t filled = 0;
	for (size_t i = 0; i < SKETCH_BINS; i++) {
		bool is_filled = work->least[i] != UINT64_MAX;
		sketch->bins[i] = is_filled ? (unsigned char)(1 + work->least[i] % SKETCH_CODES) : 0;
		filled += is_filled;
	}
	sketch->has_bins = filled >= SKETCH_LEAST;
}

enum status similarity_sketch(const unsigned char key[FINDING_SECRET_KEY_SIZE], struct bytes text, struct sketch *ret_sketch)
{
	struct shingling work = {.count = 0};
	struct sketch sketch = {.has_bins = false};
	struct fold *fold = NULL;
	if (text.len < SIMILARITY_WORDS_LEAST)
		return STATUS_ABSENT;
	enum status status = fold_new(&fold);
	if (status != STATUS_OK)
		return status;
	derive(key, "similarity/words", work.key);
	memset(work.least, 0xFF, sizeof work.least);
	tokenizer_split(fold, text, false, add_word, &work);
	if (work.count < SIMILARITY_WORDS_LEAST)
		status = STATUS_ABSENT;
	else
		status = digest_text(key, fold, text, &sketch);
	fold_free(fold);
	if (status != STATUS_OK)
		return status;
	fill_bins(&work, &sketch);
	*ret_sketch = sketch;
	return STATUS_OK;
}

/* ---- findings ---- */

enum status similarity_note_findings(const unsigned char key[FINDING_SECRET_KEY_SIZE], const struct finding *findings,
                                     size_t count, struct sketch *sketch)
{
	unsigned char own[FINDING_KIND_COUNT][DIGEST_SHA256_SIZE];
	struct hash_table seen = {0};
	enum status status = STATUS_OK;
	uint64_t sum = 0;
	for (unsigned kind = 0; kind < FINDING_KIND_COUNT && count > 0; kind++) {
		char use[32] = "similarity/findings/ ";
		use[strlen(use) - 1] = (char)('@' + kind);
		derive(key, use, own[kind]);
	}
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		bool is_new;
		uint64_t hash = mix(hash_keyed(own[findings[i].kind], findings[i].value)) | 1;
		if (hash_table_enter(&seen, hash, &is_new) == NULL)
			status = STATUS_NO_MEMORY;
		else if (is_new)
			sum += hash;
	}
	hash_table_free(&seen);
	if (status == STATUS_OK)
		sketch->findings = sum;
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Sketches as facts, and what two of them say of each other. */
#include "model/sketch.h"

#include <string.h>

enum { HEX_DIGEST = 2 * SKETCH_DIGEST_SIZE, HEX_FINDINGS = 16, HEAD = HEX_DIGEST + HEX_FINDINGS, EMPTY = 0 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char hexadecimal[] = "0123456789abcdef";

/* ---- written ---- */

static void write_byte(unsigned char byte, char into[2])
{
	into[0] = hexadecimal[byte >> 4];
	into[1] = hexadecimal[byte & 15];
}

struct fact sketch_fact(const struct sketch *sketch, char into[SKETCH_VALUE_SIZE])
{
	for (size_t i = 0; i < SKETCH_DIGEST_SIZE; i++)
		write_byte(sketch->text[i], into + 2 * i);
	for (size_t i = 0; i < 8; i++)
		write_byte((unsigned char)(sketch->findings >> (56 - 8 * i)), into + HEX_DIGEST + 2 * i);
	for (size_t i = 0; i < SKETCH_BINS && sketch->has_bins; i++)
		into[HEAD + i] = letters[sketch->bins[i] & SKETCH_CODES];
	return (struct fact){
		.kind = FACT_SKETCH,
		.name = sketch->has_bins ? BYTES_LITERAL("shingles") : BYTES_LITERAL("text"),
		.value = bytes_of(into, sketch->has_bins ? (size_t)SKETCH_VALUE_SIZE : (size_t)HEAD),
		.confidence = 1,
	};
}

/* ---- read ---- */

/* 255: none. */
static unsigned char digit_of(unsigned char c)
{
	return (unsigned char)(c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 255);
}

static bool read_byte(const unsigned char *at, unsigned char *ret_byte)
{
	unsigned char high = digit_of(at[0]), low = digit_of(at[1]);
	*ret_byte = (unsigned char)(high << 4 | (low & 15));
	return high != 255 && low != 255;
}

static bool value_of(unsigned char c, unsigned char *ret_value)
{
	const char *at = c != 0 ? strchr(letters, c) : NULL;
	*ret_value = at != NULL ? (unsigned char)(at - letters) : 0;
	return at != NULL;
}

static bool read_head(struct bytes value, struct sketch *sketch)
{
	bool is_right = true;
	unsigned char byte;
	for (size_t i = 0; i < SKETCH_DIGEST_SIZE; i++)
		is_right &= read_byte(value.at + 2 * i, &sketch->text[i]);
	for (size_t i = 0; i < 8; i++) {
		is_right &= read_byte(value.at + HEX_DIGEST + 2 * i, &byte);
		sketch->findings = sketch->findings << 8 | byte;
	}
	return is_right;
}

static bool read_bins(struct bytes value, struct sketch *sketch)
{
	bool is_right = true;
	size_t filled = 0;
	for (size_t i = 0; i < SKETCH_BINS; i++) {
		is_right &= value_of(value.at[i], &sketch->bins[i]);
		filled += sketch->bins[i] != EMPTY;
	}
	return is_right && filled >= SKETCH_LEAST;
}

bool sketch_of_value(struct bytes value, struct sketch *ret_sketch)
{
	struct sketch sketch = {.has_bins = value.len == SKETCH_VALUE_SIZE};
	if ((!sketch.has_bins && value.len != HEAD) || !read_head(value, &sketch))
		return false;
	if (sketch.has_bins && !read_bins(bytes_from(value, HEAD), &sketch))
		return false;
	*ret_sketch = sketch;
	return true;
}

bool sketch_of_fact(const struct fact *fact, struct sketch *ret_sketch)
{
	return fact->kind == FACT_SKETCH && sketch_of_value(fact->value, ret_sketch);
}

/* ---- held against each other ---- */

bool sketch_is_same_text(const struct sketch *a, const struct sketch *b)
{
	return memcmp(a->text, b->text, sizeof a->text) == 0;
}

double sketch_similarity(const struct sketch *a, const struct sketch *b)
{
	unsigned same = 0, both = 0, filled = 0;
	if (!a->has_bins || !b->has_bins)
		return 0;
	for (size_t i = 0; i < SKETCH_BINS; i++) {
		bool is_of_both = a->bins[i] != EMPTY && b->bins[i] != EMPTY;
		filled += (a->bins[i] | b->bins[i]) != EMPTY;
		both += is_of_both;
		same += is_of_both && a->bins[i] == b->bins[i];
	}
	/* Of two hashes that differ one in SKETCH_CODES looks the same. */
	double real = ((double)same * SKETCH_CODES - both) / (SKETCH_CODES - 1);
	return real > 0 ? real / filled : 0;
}

bool sketch_is_kin(const struct sketch *a, const struct sketch *b)
{
	return sketch_is_same_text(a, b) || (a->findings == b->findings && sketch_similarity(a, b) >= SKETCH_NEAR);
}

/* ---- keys ---- */

/* The finalizer of MurmurHash3: bins are keyed hashes already. */
static uint64_t mix(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

/* An empty bin takes the next filled one's, going round (Shrivastava and Li 2014), and how far it lies. */
static void fill_bins(const struct sketch *sketch, uint64_t filled[SKETCH_BINS])
{
	uint64_t next = 0;
	for (size_t i = 2 * SKETCH_BINS; i-- > 0;) {
		unsigned char bin = sketch->bins[i % SKETCH_BINS];
		next = bin != EMPTY ? bin : next + SKETCH_CODES + 1;
		filled[i % SKETCH_BINS] = next;
	}
}

static int64_t digest_key(const struct sketch *sketch)
{
	uint64_t key = 0;
	for (size_t i = 0; i < 8; i++)
		key = key << 8 | sketch->text[i];
	return (int64_t)(key >> 1 | 1);
}

size_t sketch_keys(const struct sketch *sketch, int64_t keys[SKETCH_KEYS])
{
	uint64_t filled[SKETCH_BINS];
	size_t count = 0;
	if (sketch->has_bins)
		fill_bins(sketch, filled);
	for (size_t band = 0; band < SKETCH_BANDS && sketch->has_bins; band++) {
		uint64_t hash = band + 1;
		for (size_t i = 0; i < SKETCH_BAND_BINS; i++)
			hash = mix(hash * 31 +
			           filled[(band + i * SKETCH_BANDS) * (SKETCH_BINS / (SKETCH_BANDS * SKETCH_BAND_BINS))]);
		keys[count++] = (int64_t)(hash >> 1 & ~UINT64_C(1));
	}
	keys[count++] = digest_key(sketch);
	return count;
}

int64_t sketch_rank(const struct sketch *sketch)
{
	uint64_t text = 0;
	for (size_t i = 8; i < 12; i++)
		text = text << 8 | sketch->text[i];
	return (int64_t)(sketch->findings >> 33 << 32 | text);
}

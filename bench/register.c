/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script/bench register [NAMES] FILE...   what a register costs: the detectors over the files' text (repeated to 64 MiB), and
 *                                         beside it the search for so many made-up names (100000), in nanoseconds a byte
 *
 * Half of the names begin with a word that stands in the text: those are walked most.
 */
#include "base/clock.h"
#include "base/text.h"
#include "detector/detector.h"
#include "words/lexicon.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TEXT_SIZE = 64 << 20, ROUNDS = 5, NAME_SIZE = 96 };

static void require(enum status status, const char *what)
{
	if (status == STATUS_OK)
		return;
	fprintf(stderr, "register: %s: %s\n", what, status_name(status));
	exit(1);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static void read_text(struct buffer *text, char **files, int count)
{
	struct buffer raw = buffer_with_ceiling(SIZE_MAX / 2);
	for (int i = 0; i < count; i++) {
		FILE *file = fopen(files[i], "rb");
		unsigned char piece[65536];
		size_t got;
		require(file != NULL ? STATUS_OK : STATUS_ABSENT, files[i]);
		while ((got = fread(piece, 1, sizeof piece, file)) > 0)
			buffer_append(&raw, bytes_of(piece, got));
		fclose(file);
	}
	require(raw.len > 0 ? buffer_status(&raw) : STATUS_ABSENT, "text");
	do
		text_append_repaired(text, buffer_bytes(&raw));
	while (text->len < TEXT_SIZE && buffer_status(text) == STATUS_OK);
	require(buffer_status(text), "text");
	buffer_free(&raw);
}

/* A word of the text that begins with a letter, from a place drawn at random. */
static void append_word_of(struct buffer *name, struct bytes text, uint64_t *state)
{
	for (int tries = 0; tries < 100; tries++) {
		size_t at = draw(state) % text.len, len = 0;
		while (at < text.len && text.at[at] != ' ' && text.at[at] != '\n')
			at++;
		at++;
		while (at + len < text.len && ((text.at[at + len] | 0x20) >= 'a' && (text.at[at + len] | 0x20) <= 'z'))
			len++;
		if (len < 3 || len > 20)
			continue;
		buffer_append(name, bytes_of(text.at + at, len));
		return;
	}
}

static void append_syllables(struct buffer *name, uint64_t *state)
{
	static const char *const syllables[] = {"ka", "lo", "ver", "tan", "mi", "sol", "ne", "dra", "qui", "ber", "ul", "fex"};
	for (uint64_t i = 2 + draw(state) % 2; i > 0; i--)
		buffer_append_string(name, syllables[draw(state) % 12]);
}

static void make_name(struct buffer *name, struct bytes text, size_t nth, uint64_t *state)
{
	static const char *const trades[] = {"Systems",   "Energy", "Holding",      "Trading",
	                                     "Logistics", "Foods",  "Maschinenbau", "Conseil"};
	static const char *const forms[] = {"GmbH", "Ltd", "S.A.", "Inc.", "LLC", "AG", "SARL", "S.L."};
	if (nth % 2 == 0)
		append_word_of(name, text, state);
	else
		append_syllables(name, state);
	buffer_append_byte(name, ' ');
	append_syllables(name, state);
	if (draw(state) % 2 == 0)
		buffer_append_format(name, " %s", trades[draw(state) % 8]);
	buffer_append_format(name, " %s", forms[draw(state) % 8]);
}

static enum status count_finding(void *context, const struct finding *finding)
{
	(void)finding;
	++*(size_t *)context;
	return STATUS_OK;
}

static enum status count_match(void *context, const struct lexicon_match *match)
{
	(void)match;
	++*(size_t *)context;
	return STATUS_OK;
}

static double time_detectors(struct bytes text, size_t *ret_count)
{
	double best = 1e9;
	for (int round = 0; round < ROUNDS; round++) {
		struct scan *scan;
		*ret_count = 0;
		require(scan_start(count_finding, ret_count, &scan), "scan");
		double before = now();
		require(scan_feed(scan, text), "scan");
		require(scan_finish(scan), "scan");
		double took = now() - before;
		best = took < best ? took : best;
		scan_free(scan);
	}
	return best;
}

static double time_names(const struct lexicon *lexicon, struct fold *fold, struct bytes text, size_t *ret_count)
{
	double best = 1e9;
	for (int round = 0; round < ROUNDS; round++) {
		*ret_count = 0;
		double before = now();
		require(lexicon_find(lexicon, fold, text, count_match, ret_count), "find");
		double took = now() - before;
		best = took < best ? took : best;
	}
	return best;
}

int main(int argc, char **argv)
{
	char *end = NULL;
	size_t count = argc > 1 ? strtoul(argv[1], &end, 10) : 0;
	bool has_count = end != NULL && *end == '\0';
	struct buffer text = buffer_with_ceiling(SIZE_MAX / 2), names = buffer_with_ceiling(SIZE_MAX / 2);
	struct buffer block = buffer_with_ceiling(LEXICON_SIZE_MAX);
	const unsigned char seed[LEXICON_SEED_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	const struct lexicon_owner owner = {BYTES_LITERAL("contoso.com"), BYTES_LITERAL("Contoso")};
	struct fold *fold;
	struct lexicon lexicon;
	uint64_t state = 42;
	size_t findings, matches;
	count = has_count ? count : 100000;
	read_text(&text, argv + 1 + has_count, argc - 1 - has_count);
	struct lexicon_term *terms = calloc(count + 1, sizeof *terms);
	require(terms != NULL ? fold_new(&fold) : STATUS_NO_MEMORY, "names");
	for (size_t i = 0; i < count; i++) {
		size_t from = names.len;
		make_name(&names, buffer_bytes(&text), i, &state);
		terms[i].text = bytes_of((void *)from, names.len - from);
	}
	require(buffer_status(&names), "names");
	for (size_t i = 0; i < count; i++)
		terms[i].text.at = names.at + (size_t)terms[i].text.at;
	double before = now();
	require(lexicon_build(fold, seed, &owner, 1, terms, count, &block), "build");
	double built = now() - before;
	require(lexicon_open(buffer_bytes(&block), &lexicon), "open");
	double looked_at = now() - before - built;
	require(detector_prepare_all(), "prepare");
	double detectors = time_detectors(buffer_bytes(&text), &findings);
	double named = time_names(&lexicon, fold, buffer_bytes(&text), &matches);
	printf("text %zu bytes, names %zu, block %zu bytes, built in %.3f s, looked at in %.3f s\n", text.len, count, block.len,
	       built, looked_at);
	printf("detectors %.3f ns/byte, %zu findings\n", detectors * 1e9 / (double)text.len, findings);
	printf("names     %.3f ns/byte, %zu met: %.1f %% more\n", named * 1e9 / (double)text.len, matches,
	       100 * named / detectors);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script/bench search [DOCUMENTS [BYTES-EACH]] or [FOLDER]: the catalog alone, filling and searching
 *
 * On made-up text (words by Zipf's law, fixed seed; 3400 documents of 6000 bytes)
 * or on the text files below a folder.
 * First search is measured in a process of its own, opening included.
 */
#define _GNU_SOURCE /* nftw */
#include "base/digest.h"
#include "base/text.h"
#include "catalog/questions.h"
#include "catalog/sweeps.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 60000, BATCH = 5000, FILE_MAX = 4 << 20 };

struct bench {
	struct catalog *catalog;
	struct incident *incident;
	struct catalog_place place;
	uint64_t bytes, documents;
	uint32_t random;
	char words[WORDS][14];
	double weights[WORDS];
};

static void must(enum status status, const struct failure *failure)
{
	if (status == STATUS_OK)
		return;
	fprintf(stderr, "bench-search: %s: %s: %s\n", status_name(status), failure->where, failure->why);
	exit(1);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* ---- made-up text ---- */

static uint32_t draw(struct bench *bench)
{
	bench->random ^= bench->random << 13;
	bench->random ^= bench->random >> 17;
	bench->random ^= bench->random << 5;
	return bench->random;
}

static void make_words(struct bench *bench)
{
	double sum = 0;
	for (int i = 0; i < WORDS; i++) {
		int length = 2 + (int)(draw(bench) % 10);
		for (int j = 0; j < length; j++)
			bench->words[i][j] = (char)('a' + draw(bench) % 26);
		sum += 1.0 / (i + 2);
		bench->weights[i] = sum;
	}
	for (int i = 0; i < WORDS; i++)
		bench->weights[i] /= sum;
}

static const char *draw_word(struct bench *bench)
{
	double at = (double)draw(bench) / UINT32_MAX;
	int low = 0, high = WORDS - 1;
	while (low < high) {
		int middle = (low + high) / 2;
		if (bench->weights[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return bench->words[low];
}

static void make_text(struct bench *bench, struct buffer *text, size_t bytes)
{
	buffer_reset(text);
	while (text->len < bytes) {
		buffer_append_string(text, draw_word(bench));
		buffer_append_string(text, draw(bench) % 12 == 0 ? ".\n" : " ");
	}
}

/* ---- putting ---- */

static const struct container container = {.provider = PROVIDER_FOLDER, .name = {(const unsigned char *)"/bench", 6}};

static void put_document(struct bench *bench, struct bytes name, struct bytes text)
{
	struct failure failure;
	struct listed_object listed = {.object = {.name = name,
	                                          .size = text.len,
	                                          .modified = 1600000000,
	                                          .created = CLOCK_UNKNOWN,
	                                          .etag = BYTES_LITERAL("1")}};
	struct id id = object_id(&container, &listed.object);
	struct finding finding = {.kind = FINDING_EMAIL,
	                          .value = bytes_slice(text, 0, 12),
	                          .raw = bytes_slice(text, 0, 12),
	                          .to = 12,
	                          .confidence = 1,
	                          .rule = BYTES_LITERAL("bench/1")};
	struct document_record record = {
		.size = text.len,
		.modified = CLOCK_UNKNOWN,
		.created = CLOCK_UNKNOWN,
		.has_sha256 = true,
		.outcome = OUTCOME_READ,
		.media_type = BYTES_LITERAL("text/plain"),
		.text = text,
		.findings = &finding,
		.finding_count = text.len >= 12,
	};
	digest_sha256(text, record.sha256);
	memcpy(record.content_key, record.sha256, sizeof record.content_key);
	struct object_record end = {.outcome = OUTCOME_READ, .fetched_bytes = text.len, .documents = 1};
	const struct sweep_entry entries[] = {
		{.kind = ENTRY_DOCUMENT, .object = id, .document = &record},
		{.kind = ENTRY_END, .object = id, .end = &end},
	};
	must(sweep_put(bench->incident, entries, 2, &failure), &failure);
	bench->bytes += text.len;
	bench->documents++;
}

static void list_page(struct bench *bench, struct listed_object *listed, size_t count, bool is_last)
{
	struct failure failure;
	for (size_t i = 0; i < count; i++) {
		listed[i].id = object_id(&container, &listed[i].object);
		listed[i].fate = FATE_NEW;
	}
	must(sweep_put_page(bench->incident, 0, listed, count, BYTES_LITERAL("c"), is_last, &failure), &failure);
}

static void put_made_up(struct bench *bench, size_t documents, size_t bytes)
{
	struct buffer text = buffer_with_ceiling(FILE_MAX);
	char(*names)[64] = calloc(BATCH, sizeof *names);
	struct listed_object *listed = calloc(BATCH, sizeof *listed);
	if (names == NULL || listed == NULL)
		exit(1);
	for (size_t at = 0; at < documents; at += BATCH) {
		size_t count = documents - at < BATCH ? documents - at : BATCH;
		for (size_t i = 0; i < count; i++) {
			snprintf(names[i], sizeof *names, "year-%zu/%s/document-%zu.txt", 2017 + i % 6, draw_word(bench), at + i);
			listed[i] = (struct listed_object){.object = {.name = bytes_of_string(names[i]),
			                                              .size = bytes,
			                                              .modified = 1600000000,
			                                              .created = CLOCK_UNKNOWN,
			                                              .etag = BYTES_LITERAL("1")}};
		}
		list_page(bench, listed, count, at + count == documents);
		for (size_t i = 0; i < count; i++) {
			make_text(bench, &text, bytes / 2 + draw(bench) % (bytes + 1));
			put_document(bench, bytes_of_string(names[i]), buffer_bytes(&text));
		}
	}
	buffer_free(&text);
	free(names);
	free(listed);
}

static struct bench *walked;

static int put_file(const char *path, const struct stat *info, int kind, struct FTW *at)
{
	(void)at;
	if (kind != FTW_F || info->st_size == 0 || info->st_size > FILE_MAX)
		return 0;
	FILE *file = fopen(path, "rb");
	unsigned char *bytes = malloc((size_t)info->st_size);
	size_t length = file != NULL && bytes != NULL ? fread(bytes, 1, (size_t)info->st_size, file) : 0;
	struct bytes text = bytes_of(bytes, length), name = bytes_of_string(path);
	if (length > 0 && bytes_find_byte(text, 0) == BYTES_NOT_FOUND && text_is_valid(text)) {
		struct listed_object listed = {.object = {.name = name,
		                                          .size = length,
		                                          .modified = 1600000000,
		                                          .created = CLOCK_UNKNOWN,
		                                          .etag = BYTES_LITERAL("1")}};
		list_page(walked, &listed, 1, false);
		put_document(walked, name, text);
	}
	if (file != NULL)
		fclose(file);
	free(bytes);
	return 0;
}

/* ---- searching ---- */

static enum status take(void *context, const struct document_view *view)
{
	size_t *left = context;
	(void)view;
	return --*left == 0 ? STATUS_END : STATUS_OK;
}

static uint64_t search(struct incident *incident, const struct query_node *root, enum query_sort sort)
{
	struct failure failure;
	struct search_totals totals;
	struct buffer cursor = buffer_with_ceiling(1u << 16);
	struct query query = {.root = root, .sort = sort};
	size_t left = 50;
	must(incident_search(incident, &query, &totals, take, &left, &cursor, &failure), &failure);
	buffer_free(&cursor);
	return totals.total;
}

static void measure_search(struct incident *incident, const char *title, const struct query_node *root, enum query_sort sort)
{
	double from = now();
	uint64_t total = search(incident, root, sort);
	int rounds = 1;
	double first = now() - from;
	for (; rounds < 200 && now() - from < 0.5; rounds++)
		search(incident, root, sort);
	printf("  %-34s %7.2f ms first, %7.2f ms then, %8llu hits\n", title, first * 1e3, (now() - from) / rounds * 1e3,
	       (unsigned long long)total);
}

static struct query_node term(enum query_field field, const char *text)
{
	return (struct query_node){.operation = QUERY_TERM, .field = field, .text = bytes_of_string(text)};
}

static void measure_searches(const struct bench *bench, double from)
{
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	struct query_node common = term(QUERY_TEXT, bench->words[3]), rare = term(QUERY_TEXT, bench->words[4000]);
	struct query_node phrase = term(QUERY_TEXT, "document txt"), name = term(QUERY_NAME, "ment-33");
	struct query_node extension = term(QUERY_EXTENSION, "txt"), regex = term(QUERY_REGEX, "year-20(19|20)"
	                                                                                      ".*7\\.txt$");
	const struct query_node *pair[] = {&common, &rare};
	struct query_node both = {.operation = QUERY_ALL, .children = pair, .child_count = 2};
	must(catalog_open(&bench->place, CATALOG_READ, &catalog, NULL, &failure), &failure);
	must(incident_open(catalog, BYTES_LITERAL("bench"), INCIDENT_READ, &incident, &failure), &failure);
	double opened = now();
	uint64_t total = search(incident, &rare, QUERY_SORT_RELEVANCE);
	printf("first search, opening included: %.1f ms (%.1f ms of it opening, %.1f ms CPU in all; %llu "
	       "hits)\n",
	       (now() - from) * 1e3, (opened - from) * 1e3, cpu() * 1e3, (unsigned long long)total);
	measure_search(incident, "rare word", &rare, QUERY_SORT_RELEVANCE);
	measure_search(incident, "common word", &common, QUERY_SORT_RELEVANCE);
	measure_search(incident, "both", &both, QUERY_SORT_RELEVANCE);
	measure_search(incident, "phrase in names", &phrase, QUERY_SORT_RELEVANCE);
	measure_search(incident, "substring of a name", &name, QUERY_SORT_NAME);
	measure_search(incident, "extension, by size", &extension, QUERY_SORT_SIZE);
	measure_search(incident, "regular expression", &regex, QUERY_SORT_NAME);
	measure_search(incident, "everything", NULL, QUERY_SORT_RELEVANCE);
	incident_close(incident);
	catalog_close(catalog);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *at)
{
	(void)info;
	(void)kind;
	(void)at;
	return remove(path);
}

static void sweep(struct bench *bench, int count, char **arguments)
{
	struct failure failure;
	struct sweep_target target = {.container = {.provider = PROVIDER_FOLDER, .name = BYTES_LITERAL("/bench")}};
	struct sweep_plan plan = {.targets = &target, .target_count = 1, .keep_until = clock_now() + 86400};
	struct sweep_state state;
	must(catalog_open(&bench->place, CATALOG_CREATE, &bench->catalog, NULL, &failure), &failure);
	must(incident_open(bench->catalog, BYTES_LITERAL("bench"), INCIDENT_SWEEP, &bench->incident, &failure), &failure);
	must(sweep_begin(bench->incident, &plan, &state, &failure), &failure);
	double from = now(), from_cpu = cpu();
	walked = bench;
	if (count > 1 && strtoul(arguments[1], NULL, 10) == 0)
		nftw(arguments[1], put_file, 16, FTW_PHYS);
	else
		put_made_up(bench, count > 1 ? strtoul(arguments[1], NULL, 10) : 3400,
		            count > 2 ? strtoul(arguments[2], NULL, 10) : 6000);
	must(sweep_checkpoint(bench->incident, &failure), &failure);
	double wall = now() - from, used = cpu() - from_cpu;
	printf("%llu documents, %.1f MB of text\n", (unsigned long long)bench->documents, (double)bench->bytes / 1e6);
	printf("put:      %.2f s wall, %.2f s CPU, %.0f us CPU each, %.1f MB/s\n", wall, used,
	       used / (double)bench->documents * 1e6, (double)bench->bytes / 1e6 / used);
	from = now();
	from_cpu = cpu();
	must(sweep_end(bench->incident, true, &failure), &failure);
	printf("end:      %.2f s wall, %.2f s CPU\n", now() - from, cpu() - from_cpu);
	struct sweep_summary summary;
	from = now();
	must(sweep_summarise(bench->incident, &summary, &failure), &failure);
	printf("summary:  %.1f ms\n", (now() - from) * 1e3);
	struct catalog_info info;
	incident_close(bench->incident);
	must(catalog_describe(bench->catalog, &info, &failure), &failure);
	printf("catalog:  %.1f MB\n", (double)info.bytes / 1e6);
	catalog_close(bench->catalog);
}

int main(int count, char **arguments)
{
	static struct bench bench = {.random = 2463534242u};
	static char directory[512], catalog[600], key[600];
	const char *base = getenv("TMPDIR");
	snprintf(directory, sizeof directory, "%s/tidemark-bench-XXXXXX", base != NULL ? base : "/tmp");
	if (mkdtemp(directory) == NULL)
		return 1;
	snprintf(catalog, sizeof catalog, "%s/catalog", directory);
	snprintf(key, sizeof key, "%s/catalog.key", directory);
	bench.place = (struct catalog_place){.directory = catalog, .key_file = key};
	make_words(&bench);
	sweep(&bench, count, arguments);
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("peak:     %ld MB\n", usage.ru_maxrss / 1024);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		measure_searches(&bench, now());
		exit(0);
	}
	waitpid(child, NULL, 0);
	nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}

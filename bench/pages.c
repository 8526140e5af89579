/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script/bench pages [FOLDER [DOCUMENTS [ROUNDS]]]: what sealing costs, beside an ordinary database
 *
 * The same full-text table is built in a sealed and in an ordinary database in
 * FOLDER, turn about, and CPU times are compared. Defaults: . 20000 5.
 * Words are drawn so that few are common and most are rare, as in a language;
 * after 5000 documents their texts come again.
 */
#define _GNU_SOURCE
#include "vault/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	ROUNDS_MAX = 99,
	DOCUMENT_SIZE_MAX = 3000,
	WORDS_PER_DOCUMENT = 300,
	VOCABULARY = 200000,
	TEXTS = 5000,
	DOCUMENTS_PER_COMMIT = 500
};

static char texts[TEXTS][DOCUMENT_SIZE_MAX]; /* made once, so that making them is not measured */

static uint64_t random_state = 88172645463325252u;

static uint64_t draw(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void write_text(char *into)
{
	size_t len = 0;
	for (int i = 0; i < WORDS_PER_DOCUMENT; i++) {
		uint64_t rank = draw() % VOCABULARY;
		rank = rank * (draw() % 1000) / 1000 * (draw() % 1000) / 1000;
		len += (size_t)sprintf(into + len, "w%llx ", (unsigned long long)(rank * 2654435761u % 0xffffff));
	}
}

static void stop(sqlite3 *database, const char *what)
{
	fprintf(stderr, "%s: %s\n", what, database != NULL ? sqlite3_errmsg(database) : "cannot open");
	exit(1);
}

static void run(sqlite3 *database, const char *sql)
{
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		stop(database, sql);
}

static double cpu_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void remove_database(const char *path)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char name[4096];
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

static sqlite3 *open_sealed(const char *path)
{
	static const unsigned char identity[PAGES_IDENTITY_SIZE] = "bench";
	struct vault_key key;
	struct failure failure = {.why = ""};
	sqlite3 *database = NULL;
	if (vault_start() != STATUS_OK)
		stop(NULL, path);
	vault_key_generate(&key);
	if (pages_open(path, &key, identity, PAGES_CREATE, &database, &failure) != STATUS_OK)
		stop(NULL, failure.why);
	return database;
}

static sqlite3 *open_plain(const char *path)
{
	sqlite3 *database = NULL;
	if (sqlite3_open(path, &database) != SQLITE_OK)
		stop(database, path);
	run(database, "PRAGMA journal_mode = wal; PRAGMA secure_delete = on; PRAGMA temp_store = file");
	return database;
}

static void build(sqlite3 *database, int documents)
{
	sqlite3_stmt *insert;
	run(database, "PRAGMA cache_size = -65536; PRAGMA synchronous = normal;"
	              "CREATE VIRTUAL TABLE words USING fts5(body, content = '');"
	              "INSERT INTO words(words, rank) VALUES('pgsz', 4010)");
	if (sqlite3_prepare_v2(database, "INSERT INTO words(rowid, body) VALUES(?1, ?2)", -1, &insert, NULL) != SQLITE_OK)
		stop(database, "prepare");
	for (int i = 1; i <= documents; i++) {
		if (i % DOCUMENTS_PER_COMMIT == 1)
			run(database, "BEGIN");
		sqlite3_bind_int(insert, 1, i);
		sqlite3_bind_text(insert, 2, texts[i % TEXTS], -1, SQLITE_STATIC);
		if (sqlite3_step(insert) != SQLITE_DONE)
			stop(database, "insert");
		sqlite3_reset(insert);
		if (i % DOCUMENTS_PER_COMMIT == 0 || i == documents)
			run(database, "COMMIT");
	}
	sqlite3_finalize(insert);
}

static double time_build(const char *path, int documents, sqlite3 *(*open)(const char *))
{
	remove_database(path);
	double before = cpu_seconds();
	sqlite3 *database = open(path);
	build(database, documents);
	sqlite3_close(database);
	double spent = cpu_seconds() - before;
	remove_database(path);
	return spent;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, compare);
	return values[count / 2];
}

int main(int argc, char **argv)
{
	const char *directory = argc > 1 ? argv[1] : ".";
	int documents = argc > 2 ? atoi(argv[2]) : 20000, rounds = argc > 3 ? atoi(argv[3]) : 5;
	double sealed[ROUNDS_MAX], plain[ROUNDS_MAX];
	char path[4096];
	if (documents < 1 || rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	snprintf(path, sizeof path, "%s/bench-pages-%ld.db", directory, (long)getpid());
	for (int i = 0; i < TEXTS; i++)
		write_text(texts[i]);
	for (int i = 0; i < rounds; i++) {
		plain[i] = time_build(path, documents, open_plain);
		sealed[i] = time_build(path, documents, open_sealed);
		printf("round %d: plain %.2f s, sealed %.2f s CPU\n", i + 1, plain[i], sealed[i]);
		fflush(stdout);
	}
	double plain_median = median(plain, (size_t)rounds), sealed_median = median(sealed, (size_t)rounds);
	printf("%d documents, median of %d: plain %.2f s, sealed %.2f s, ratio %.2f\n", documents, rounds, plain_median,
	       sealed_median, sealed_median / plain_median);
	printf("least: plain %.2f s, sealed %.2f s, ratio %.2f (a busy machine spoils medians first)\n", plain[0], sealed[0],
	       sealed[0] / plain[0]);
	return 0;
}

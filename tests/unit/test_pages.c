/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed pages under every trap that the trial found: planted text looked for
 * in the raw files, kills, torn and flipped bytes, wrong keys, a full disk,
 * threads, a directory nobody may write. Each test has a directory of its own.
 */
#define _GNU_SOURCE
#include "vault/pages.h"

#include "base/bytes.h"
#include "vault/sealing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MARKER "Quarzvogelfahrplan"

static const struct vault_key key = {"a key of thirty-two bytes, fixed"}, other_key = {"another"};
static const unsigned char identity[PAGES_IDENTITY_SIZE] = "incident one";
static char directory[64], path[128], log_path[136], copy_path[128], copy_log_path[136];

static int set_up(void **state)
{
	const char *base = getenv("TMPDIR");
	(void)state;
	snprintf(directory, sizeof directory, "%.32s/test-pages-XXXXXX", base != NULL && strlen(base) <= 32 ? base : "/tmp");
	if (mkdtemp(directory) == NULL || vault_start() != STATUS_OK)
		return -1;
	snprintf(path, sizeof path, "%s/main.db", directory);
	snprintf(log_path, sizeof log_path, "%s-wal", path);
	snprintf(copy_path, sizeof copy_path, "%s/copy.db", directory);
	snprintf(copy_log_path, sizeof copy_log_path, "%s-wal", copy_path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	char name[512];
	chmod(directory, 0700);
	DIR *listing = opendir(directory);
	for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
		snprintf(name, sizeof name, "%s/%s", directory, entry->d_name);
		unlink(name);
	}
	closedir(listing);
	return rmdir(directory);
}

/* No test here takes the machine's power away, so flushing would only cost time. */
static sqlite3 *open_at(const char *where, enum pages_mode mode)
{
	struct failure failure = {.why = ""};
	sqlite3 *database = NULL;
	enum status status = pages_open(where, &key, identity, mode, &database, &failure);
	if (status != STATUS_OK)
		fail_msg("%s: %s: %s", where, status_name(status), failure.why);
	sqlite3_exec(database, "PRAGMA synchronous = off", NULL, NULL, NULL);
	return database;
}

static void run(sqlite3 *database, const char *sql)
{
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(database));
}

static sqlite3_int64 ask(sqlite3 *database, const char *sql)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(database));
	if (sqlite3_step(statement) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(database));
	sqlite3_int64 answer = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return answer;
}

static void assert_integrity(sqlite3 *database)
{
	assert_int_equal(ask(database, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

#define FILL_ROWS(count) \
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " count ") " \
	"INSERT INTO note(body) SELECT i || ' " MARKER " ' || hex(randomblob(300)) FROM n"

#define MAKE_NOTES "CREATE TABLE IF NOT EXISTS note(id INTEGER PRIMARY KEY, body TEXT);"

static unsigned char *read_whole(const char *name, size_t *ret_size)
{
	struct stat about;
	int handle = open(name, O_RDONLY | O_CLOEXEC);
	if (handle < 0 || fstat(handle, &about) != 0)
		fail_msg("%s: %s", name, strerror(errno));
	unsigned char *contents = malloc((size_t)about.st_size + 1);
	ssize_t got = read(handle, contents, (size_t)about.st_size);
	close(handle);
	assert_true(got >= 0);
	*ret_size = (size_t)got;
	return contents;
}

static bool holds_marker(const char *name)
{
	unsigned char wide[2 * (sizeof MARKER - 1) + 1] = {0};
	size_t size;
	for (size_t i = 0; i < sizeof MARKER - 1; i++)
		wide[2 * i + 1] = (unsigned char)MARKER[i];
	unsigned char *contents = read_whole(name, &size);
	struct bytes all = bytes_of(contents, size);
	bool holds = bytes_find(all, BYTES_LITERAL(MARKER)) != BYTES_NOT_FOUND ||
	             bytes_find(all, bytes_of(wide + 1, sizeof wide - 2)) != BYTES_NOT_FOUND;
	free(contents);
	return holds;
}

/* Every file of the directory, and every open one, with a name or without. Returns how many were nameless. */
static int assert_nothing_shows(void)
{
	char name[512], target[512];
	int nameless = 0;
	DIR *listing = opendir(directory);
	for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
		snprintf(name, sizeof name, "%s/%s", directory, entry->d_name);
		if (entry->d_type == DT_REG && holds_marker(name))
			fail_msg("%s shows text", name);
	}
	closedir(listing);
	listing = opendir("/proc/self/fd");
	for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
		snprintf(name, sizeof name, "/proc/self/fd/%s", entry->d_name);
		ssize_t length = readlink(name, target, sizeof target - 1);
		target[length > 0 ? length : 0] = '\0';
		bool is_nameless = strstr(target, "(deleted)") != NULL && strstr(target, directory) != NULL;
		if (is_nameless && holds_marker(name))
			fail_msg("%s shows text", target);
		nameless += is_nameless;
	}
	closedir(listing);
	return nameless;
}

static void copy_file(const char *from, const char *to, size_t limit)
{
	size_t size;
	unsigned char *contents = read_whole(from, &size);
	int handle = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	size = size < limit ? size : limit;
	assert_int_equal(write(handle, contents, size), (ssize_t)size);
	close(handle);
	free(contents);
}

static void flip(const char *name, off_t offset)
{
	unsigned char byte;
	int handle = open(name, O_RDWR);
	assert_int_equal(pread(handle, &byte, 1, offset), 1);
	byte ^= 0x20;
	assert_int_equal(pwrite(handle, &byte, 1, offset), 1);
	close(handle);
}

static off_t size_of(const char *name)
{
	struct stat about;
	return stat(name, &about) == 0 ? about.st_size : 0;
}

struct found {
	int count;
	struct pages_place last;
};

static void note_place(void *context, struct pages_place place)
{
	struct found *found = context;
	found->count++;
	found->last = place;
}

static enum status verify(const char *where, struct found *ret_found)
{
	struct failure failure;
	*ret_found = (struct found){.count = 0};
	return pages_verify(where, &key, identity, note_place, ret_found, NULL, &failure);
}

static void assert_all_opens(const char *where)
{
	struct found found;
	enum status status = verify(where, &found);
	if (status != STATUS_OK)
		fail_msg("%s: %s, %d places, last %s %d", where, status_name(status), found.count, found.last.file,
		         (int)found.last.number);
}

static void test_round_trips(void **state)
{
	(void)state;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	assert_int_equal(ask(database, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	assert_integrity(database);
	run(database, MAKE_NOTES FILL_ROWS("3000") ";CREATE INDEX by_body ON note(body);"
	                                           "CREATE VIRTUAL TABLE word USING fts5(body, content = '');"
	                                           "INSERT INTO word(word, rank) VALUES('pgsz', 4010);"
	                                           "INSERT INTO word(rowid, body) SELECT id, body FROM note");
	sqlite3_close(database);
	assert_all_opens(path);
	struct stat about;
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	database = open_at(path, PAGES_READ);
	assert_int_equal(ask(database, "SELECT count(*) FROM word WHERE word MATCH 'quarzvogelfahrplan'"), 3000);
	assert_int_equal(ask(database, "SELECT rowid FROM word WHERE word MATCH '\"777 " MARKER "\"'"), 777);
	assert_int_equal(ask(database, "SELECT count(*) FROM (SELECT body FROM note ORDER BY body || 'x')"), 3000);
	assert_integrity(database);
	sqlite3_close(database);
	database = open_at(path, PAGES_WRITE);
	run(database, "INSERT INTO word(word) VALUES('optimize')");
	run(database, "INSERT INTO word(word) VALUES('integrity-check')");
	assert_integrity(database);
	sqlite3_close(database);
	assert_all_opens(path);
}

/* The sieve itself must catch something. */
static void test_finds_planted_text_where_nothing_is_sealed(void **state)
{
	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		sqlite3 *database;
		assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
		run(database, wide ? "PRAGMA encoding = 'UTF-16le'" : "PRAGMA encoding = 'UTF-8'");
		run(database, MAKE_NOTES FILL_ROWS("10"));
		sqlite3_close(database);
		assert_true(holds_marker(path));
		unlink(path);
	}
}

static void show_nothing(const char *encoding)
{
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, encoding);
	run(database, "PRAGMA cache_size = 20; PRAGMA temp.cache_size = 10;" MAKE_NOTES FILL_ROWS("2000"));
	run(database, "CREATE TEMP TABLE aside AS SELECT * FROM note; CREATE INDEX by_body ON note(body)");
	assert_nothing_shows();
	run(database, "BEGIN; SAVEPOINT s; UPDATE note SET body = body || '" MARKER "'; UPDATE aside SET body = body || 'x'");
	assert_true(assert_nothing_shows() > 0);
	run(database, "ROLLBACK TO s; DELETE FROM note WHERE id % 3 = 0; COMMIT");
	assert_int_equal(ask(database, "SELECT count(*) FROM aside WHERE body LIKE '%" MARKER "%'"), 2000);
	sqlite3_stmt *sorted;
	assert_int_equal(
		sqlite3_prepare_v2(database, "SELECT body || body FROM note ORDER BY body || id DESC", -1, &sorted, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(sorted), SQLITE_ROW);
	assert_true(assert_nothing_shows() > 0);
	sqlite3_finalize(sorted);
	run(database, "DROP TABLE aside; VACUUM");
	assert_nothing_shows();
	assert_int_equal(pages_copy(database, copy_path, NULL), STATUS_OK);
	assert_nothing_shows();
	sqlite3_close(database);
	assert_nothing_shows();
	unlink(path);
	unlink(copy_path);
}

static void test_shows_no_text(void **state)
{
	(void)state;
	show_nothing("PRAGMA encoding = 'UTF-8'");
	show_nothing("PRAGMA encoding = 'UTF-16le'");
}

static void commit_until_killed(int report, const char *synchronous)
{
	sqlite3 *database;
	if (pages_open(path, &key, identity, PAGES_WRITE, &database, NULL) != STATUS_OK)
		_exit(1);
	sqlite3_exec(database, synchronous, NULL, NULL, NULL);
	sqlite3_exec(database, "PRAGMA wal_autocheckpoint = 40; PRAGMA cache_size = 10", NULL, NULL, NULL);
	for (;;) {
		int code = sqlite3_exec(database, "BEGIN;" FILL_ROWS("30") "; UPDATE total SET rows = rows + 30; COMMIT", NULL,
		                        NULL, NULL);
		if (code != SQLITE_OK || write(report, "c", 1) != 1)
			_exit(2);
	}
}

/* Lets a child acknowledge some commits, kills it a moment later, returns how many it had acknowledged. */
static int kill_a_writer(int enough, int microseconds)
{
	int ends[2], acknowledged = 0;
	char byte;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		commit_until_killed(ends[1], enough % 2 ? "PRAGMA synchronous = off" : "PRAGMA synchronous = normal");
	}
	close(ends[1]);
	while (acknowledged < enough && read(ends[0], &byte, 1) == 1)
		acknowledged++;
	usleep((useconds_t)microseconds);
	kill(child, SIGKILL);
	while (read(ends[0], &byte, 1) == 1)
		acknowledged++;
	close(ends[0]);
	waitpid(child, NULL, 0);
	return acknowledged;
}

static void test_survives_kills(void **state)
{
	(void)state;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES "CREATE TABLE total(rows); INSERT INTO total VALUES(0)");
	sqlite3_close(database);
	sqlite3_int64 rows = 0;
	srandom(7);
	for (int round = 0; round < 40; round++) {
		int enough = 1 + (int)(random() % 4), acknowledged = kill_a_writer(enough, (int)(random() % 8000));
		assert_true(acknowledged >= enough);
		assert_nothing_shows();
		database = open_at(path, PAGES_WRITE);
		sqlite3_int64 now = ask(database, "SELECT count(*) FROM note");
		assert_int_equal(now, ask(database, "SELECT rows FROM total"));
		assert_true(now >= rows + 30 * acknowledged);
		assert_true(now <= rows + 30 * (acknowledged + 1));
		assert_integrity(database);
		sqlite3_close(database);
		assert_all_opens(path);
		rows = now;
	}
}

enum { COMMITS = 40 };

/* COMMITS commits that lie in the log alone; where in it each one ends. */
static sqlite3 *fill_log(off_t ends[COMMITS])
{
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, "PRAGMA wal_autocheckpoint = 0;" MAKE_NOTES);
	run(database, "PRAGMA wal_checkpoint(truncate)");
	for (int i = 0; i < COMMITS; i++) {
		run(database, FILL_ROWS("7"));
		ends[i] = size_of(log_path);
	}
	return database;
}

static void copy_both(void)
{
	copy_file(path, copy_path, SIZE_MAX);
	copy_file(log_path, copy_log_path, SIZE_MAX);
}

static void test_keeps_commits_before_a_tear(void **state)
{
	(void)state;
	off_t ends[COMMITS];
	sqlite3 *database = fill_log(ends);
	srandom(11);
	for (int round = 0; round < 80; round++) {
		off_t tear = SEALING_LOG_HEADER + random() % (ends[COMMITS - 1] - SEALING_LOG_HEADER);
		copy_both();
		if (round % 2 == 0)
			assert_int_equal(truncate(copy_log_path, tear), 0);
		else
			flip(copy_log_path, tear);
		int whole = 0;
		while (ends[whole] <= tear)
			whole++;
		sqlite3 *torn = open_at(copy_path, PAGES_WRITE);
		assert_int_equal(ask(torn, "SELECT count(*) FROM note"), 7 * whole);
		assert_integrity(torn);
		run(torn, FILL_ROWS("7"));
		sqlite3_close(torn);
		assert_all_opens(copy_path);
	}
	sqlite3_close(database);
}

static void test_recovers_torn_page_one(void **state)
{
	(void)state;
	off_t ends[COMMITS];
	sqlite3 *database = fill_log(ends);
	run(database, "CREATE TABLE more(x)"); /* page 1 is in the log */
	copy_both();
	flip(copy_path, 50);
	sqlite3 *torn = open_at(copy_path, PAGES_WRITE);
	assert_int_equal(ask(torn, "SELECT count(*) FROM note"), 7 * COMMITS);
	sqlite3_close(torn);
	assert_all_opens(copy_path);
	sqlite3_close(database);
	flip(path, 50); /* and here it is in the main file alone */
	assert_int_equal(pages_open(path, &key, identity, PAGES_WRITE, &database, NULL), STATUS_MALFORMED);
}

static void test_tells_wrong_keys_from_damage(void **state)
{
	(void)state;
	struct failure failure = {.why = ""};
	sqlite3 *database = NULL;
	for (int mode = PAGES_READ; mode <= PAGES_WRITE; mode++)
		assert_int_equal(pages_open(path, &key, identity, (enum pages_mode)mode, &database, &failure), STATUS_ABSENT);
	sqlite3_close(open_at(path, PAGES_CREATE));
	for (int mode = PAGES_READ; mode <= PAGES_CREATE; mode++) {
		assert_int_equal(pages_open(path, &other_key, identity, (enum pages_mode)mode, &database, &failure),
		                 STATUS_DENIED);
		assert_string_equal(failure.why, "the key does not open this catalog");
	}
	assert_int_equal(pages_open(path, &key, (const unsigned char *)"another incident", PAGES_READ, &database, NULL),
	                 STATUS_DENIED);
	assert_int_equal(pages_verify(path, &other_key, identity, NULL, NULL, NULL, NULL), STATUS_DENIED);
	assert_null(database);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(pages_open(path, &key, identity, PAGES_CREATE, &database, NULL), STATUS_MALFORMED);
	unlink(path);
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	run(database, MAKE_NOTES);
	sqlite3_close(database);
	assert_int_equal(pages_open(path, &key, identity, PAGES_WRITE, &database, &failure), STATUS_MALFORMED);
	assert_non_null(strstr(failure.why, "ordinary"));
}

static void test_names_flipped_bytes(void **state)
{
	(void)state;
	static const off_t places[] = {0, 17, 100, 2000, 4055, 4056, 4079, 4080, 4095};
	off_t ends[COMMITS];
	struct found found;
	sqlite3 *database = fill_log(ends);
	run(database, "PRAGMA wal_checkpoint; DELETE FROM note WHERE id < 100;" MAKE_NOTES);
	copy_both();
	sqlite3_close(database);
	assert_all_opens(copy_path);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		for (off_t page = size_of(copy_path) / 4096 - 1; page >= 0; page -= 7) {
			flip(copy_path, page * 4096 + places[i]);
			assert_int_equal(verify(copy_path, &found), STATUS_MALFORMED);
			assert_int_equal(found.count, 1);
			assert_string_equal(found.last.file, "main");
			assert_int_equal(found.last.number, page + 1);
			flip(copy_path, page * 4096 + places[i]);
		}
		flip(copy_log_path, 32 + 2 * 4120 + places[i]);
		assert_int_equal(verify(copy_path, &found), STATUS_MALFORMED);
		assert_int_equal(found.count, 1);
		assert_string_equal(found.last.file, "wal");
		assert_int_equal(found.last.number, 3);
		flip(copy_log_path, 32 + 2 * 4120 + places[i]);
	}
	for (off_t at = 0; at < 32; at++) {
		flip(copy_log_path, at);
		assert_int_equal(verify(copy_path, &found), STATUS_MALFORMED);
		assert_int_equal(found.last.number, 0);
		flip(copy_log_path, at);
	}
	assert_all_opens(copy_path);
	assert_int_equal(truncate(path, size_of(path) - 4096), 0);
	assert_int_equal(verify(path, &found), STATUS_MALFORMED);
	assert_int_equal(found.last.number, size_of(path) / 4096 + 1);
}

static void test_fails_softly_on_damage(void **state)
{
	(void)state;
	struct pages_place place;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database,
	    MAKE_NOTES FILL_ROWS(
		    "2000") ";CREATE VIRTUAL TABLE word USING fts5(body);"
	                    "INSERT INTO word(word, rank) VALUES('pgsz', 4010); INSERT INTO word SELECT body FROM note");
	assert_false(pages_find_damage(database, &place));
	sqlite3_close(database);
	off_t pages = size_of(path) / 4096;
	for (off_t page = 2; page < pages; page += 3)
		flip(path, page * 4096 + 1000);
	database = open_at(path, PAGES_WRITE);
	static const char *const statements[] = {
		"SELECT sum(length(body)) FROM note",        "SELECT count(*) FROM word WHERE word MATCH 'quarz*'",
		"INSERT INTO word(word) VALUES('optimize')", "VACUUM",
		"UPDATE note SET body = body || 'x'",
	};
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
		assert_int_not_equal(sqlite3_exec(database, statements[i], NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(pages_status(sqlite3_extended_errcode(database)), STATUS_MALFORMED);
	}
	assert_true(pages_find_damage(database, &place));
	assert_string_equal(place.file, "main");
	assert_int_equal(place.number % 3, 0);
	assert_int_not_equal(pages_copy(database, copy_path, NULL), STATUS_OK);
	assert_int_equal(access(copy_path, F_OK), -1);
	sqlite3_close(database);
}

/* A page does not open in another's place, nor as a frame. */
static void test_refuses_moved_pages(void **state)
{
	(void)state;
	struct found found;
	size_t size;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES FILL_ROWS("200"));
	sqlite3_close(database);
	unsigned char *contents = read_whole(path, &size);
	int handle = open(path, O_WRONLY);
	assert_int_equal(pwrite(handle, contents + 4096, 4096, 2 * 4096), 4096);
	close(handle);
	free(contents);
	assert_int_equal(verify(path, &found), STATUS_MALFORMED);
	assert_int_equal(found.last.number, 3);
}

static int fill_the_disk(void)
{
	sqlite3 *database = NULL;
	struct rlimit limit = {.rlim_cur = 3000000, .rlim_max = RLIM_INFINITY};
	if (pages_open(path, &key, identity, PAGES_WRITE, &database, NULL) != STATUS_OK)
		return 1;
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 77;
	int code, commits = 0;
	while ((code = sqlite3_exec(database, FILL_ROWS("100"), NULL, NULL, NULL)) == SQLITE_OK && commits < 1000)
		commits++;
	if (pages_status(sqlite3_extended_errcode(database)) != STATUS_NO_SPACE)
		return 2;
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	sqlite3_stmt *count;
	sqlite3_prepare_v2(database, "SELECT count(*) FROM note", -1, &count, NULL);
	if (sqlite3_step(count) != SQLITE_ROW || sqlite3_column_int(count, 0) != 100 * commits)
		return 3;
	sqlite3_finalize(count);
	if (sqlite3_exec(database, FILL_ROWS("100"), NULL, NULL, NULL) != SQLITE_OK)
		return 4;
	return sqlite3_close(database) == SQLITE_OK ? 0 : 5;
}

static int result_of(int (*work)(void))
{
	int status;
	pid_t child = fork();
	if (child == 0)
		_exit(work());
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_survives_a_full_disk(void **state)
{
	(void)state;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES);
	sqlite3_close(database);
	int result = result_of(fill_the_disk);
	if (result == 77)
		skip();
	assert_int_equal(result, 0);
	database = open_at(path, PAGES_READ);
	assert_integrity(database);
	sqlite3_close(database);
	assert_all_opens(path);
}

static void test_vacuums_and_copies(void **state)
{
	(void)state;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES FILL_ROWS("3000") "; DELETE FROM note WHERE id % 4 > 0; PRAGMA wal_checkpoint(truncate)");
	off_t before = size_of(path);
	run(database, "VACUUM; PRAGMA wal_checkpoint(truncate)");
	assert_true(size_of(path) < before / 2);
	assert_integrity(database);
	assert_int_equal(pages_copy(database, copy_path, NULL), STATUS_OK);
	assert_int_equal(pages_copy(database, copy_path, NULL), STATUS_DENIED);
	sqlite3 *copy = open_at(copy_path, PAGES_WRITE);
	assert_int_equal(ask(copy, "SELECT count(*) FROM note"), 750);
	run(copy, FILL_ROWS("10"));
	assert_int_equal(ask(copy, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	assert_integrity(copy);
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", database, "main");
	assert_non_null(backup);
	assert_int_equal(sqlite3_backup_step(backup, -1), SQLITE_DONE);
	assert_int_equal(sqlite3_backup_finish(backup), SQLITE_OK);
	assert_int_equal(ask(copy, "SELECT count(*) FROM note"), 750);
	sqlite3_close(copy);
	sqlite3_close(database);
	assert_all_opens(path);
	assert_all_opens(copy_path);
}

/* Free pages that were never written leave gaps behind a checkpoint; also when it makes the file longer. */
static void test_fills_gaps(void **state)
{
	(void)state;
	static const unsigned char page[4096];
	unsigned char got[4096];
	sqlite3_file *file = NULL;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, "PRAGMA secure_delete = off;" MAKE_NOTES FILL_ROWS("500") "; PRAGMA wal_checkpoint(truncate)");
	assert_int_equal(sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file), SQLITE_OK);
	off_t size = size_of(path);
	assert_int_equal(file->pMethods->xWrite(file, page, sizeof page, size + 5 * 4096), SQLITE_OK);
	assert_int_equal(size_of(path), size + 6 * 4096);
	assert_all_opens(path);
	assert_int_equal(file->pMethods->xRead(file, got, sizeof got, size + 2 * 4096), SQLITE_OK);
	assert_memory_equal(got, page, sizeof page);
	assert_int_equal(file->pMethods->xTruncate(file, size + 20 * 4096), SQLITE_OK);
	assert_int_equal(size_of(path), size + 20 * 4096);
	assert_all_opens(path);
	assert_int_equal(truncate(path, size + 20 * 4096 + 100), 0); /* a part of a page is none */
	assert_int_equal(file->pMethods->xRead(file, got, sizeof got, size + 20 * 4096), SQLITE_IOERR_SHORT_READ);
	assert_memory_equal(got, page, sizeof page);
	run(database, "DELETE FROM note WHERE id > 20;" FILL_ROWS("1000"));
	assert_integrity(database);
	sqlite3_close(database);
	assert_all_opens(path);
}

/* Pages that leave a small cache are written to the log again and again; their headers are made anew at the commit. */
static void test_rewrites_frames_of_a_spilled_commit(void **state)
{
	(void)state;
	static const char *const modes[] = {"PRAGMA synchronous = off", "PRAGMA synchronous = normal",
	                                    "PRAGMA synchronous = full"};
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES "CREATE TABLE total(rows); PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 0");
	for (int round = 0; round < 9; round++) {
		run(database, modes[round % 3]);
		run(database, "BEGIN;" FILL_ROWS("200") "; UPDATE note SET body = body || 'y' WHERE id % 5 = 0;" FILL_ROWS(
				      "100") "; UPDATE note SET body = 'z' || body WHERE id % 7 = 0; COMMIT");
		copy_both();
		sqlite3 *copy = open_at(copy_path, PAGES_READ);
		assert_int_equal(ask(copy, "SELECT count(*) FROM note"), 300 * (round + 1));
		assert_integrity(copy);
		sqlite3_close(copy);
		assert_all_opens(copy_path);
	}
	sqlite3_close(database);
}

/* SQLite makes a header anew only right after it read the frame; it need not stay so. */
static void test_takes_headers_and_pages_alone(void **state)
{
	(void)state;
	unsigned char header[24], before[4120], after[4120], page[4096];
	sqlite3_file *log = NULL;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES FILL_ROWS("50"));
	assert_int_equal(sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log), SQLITE_OK);
	assert_int_equal(log->pMethods->xRead(log, before, sizeof before, 32 + 4120), SQLITE_OK);
	assert_int_equal(log->pMethods->xRead(log, header, sizeof header, 32 + 4120), SQLITE_OK);
	assert_memory_equal(header, before, sizeof header);
	header[20] ^= 1;
	assert_int_equal(log->pMethods->xWrite(log, header, sizeof header, 32 + 4120), SQLITE_OK);
	assert_int_equal(log->pMethods->xSync(log, SQLITE_SYNC_NORMAL), SQLITE_OK);
	assert_int_equal(log->pMethods->xRead(log, after, sizeof after, 32 + 4120), SQLITE_OK);
	assert_memory_equal(after, header, sizeof header);
	assert_memory_equal(after + 24, before + 24, 4096);
	memset(page, 'p', 4056);
	memset(page + 4056, 0, 40);
	assert_int_equal(log->pMethods->xWrite(log, header, sizeof header, 32 + 4120), SQLITE_OK);
	assert_int_equal(log->pMethods->xWrite(log, page, sizeof page, 32 + 3 * 4120 + 24), SQLITE_OK);
	assert_int_equal(log->pMethods->xRead(log, after, 8, 32 + 3 * 4120 + 16), SQLITE_OK);
	assert_int_equal(log->pMethods->xRead(log, after, 4096, 32 + 3 * 4120 + 24), SQLITE_OK);
	assert_memory_equal(after, page, 4096);
	page[4095] = 1;
	assert_int_equal(log->pMethods->xWrite(log, page, sizeof page, 32 + 3 * 4120 + 24), SQLITE_IOERR_WRITE);
	assert_int_equal(log->pMethods->xWrite(log, page, 100, 32 + 3 * 4120 + 24), SQLITE_IOERR_WRITE);
	assert_int_equal(log->pMethods->xRead(log, after, 4096, 32 + 100000 * 4120 + 24), SQLITE_IOERR_SHORT_READ);
	assert_all_opens(path);
	sqlite3_int64 size;
	assert_int_equal(truncate(log_path, 32 + 5 * 4120 + 4000), 0);
	assert_int_equal(log->pMethods->xFileSize(log, &size), SQLITE_OK);
	assert_int_equal(size, 32 + 5 * 4120);
	sqlite3_close(database);
}

/* A temporary file against a plain array, under random writes, reads and cuts. */
static void test_temporary_files_are_files(void **state)
{
	(void)state;
	enum { ROOM = 60000, SPAN = 9000 };
	static unsigned char model[ROOM + SPAN], got[SPAN], bytes[SPAN];
	sqlite3 *database = open_at(path, PAGES_CREATE);
	sqlite3_vfs *vfs = NULL;
	sqlite3_int64 size = 0, told;
	assert_int_equal(sqlite3_file_control(database, "main", SQLITE_FCNTL_VFS_POINTER, &vfs), SQLITE_OK);
	sqlite3_file *file = calloc(1, (size_t)vfs->szOsFile);
	assert_int_equal(vfs->xOpen(vfs, NULL, file, SQLITE_OPEN_TRANSIENT_DB | SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	srandom(3);
	for (int i = 0; i < 20000; i++) {
		bool is_block = random() % 4 == 0;
		sqlite3_int64 at = is_block ? random() % 14 * 4096 : random() % ROOM, end;
		int len = is_block ? 4096 : 1 + (int)(random() % (random() % 2 ? 60 : SPAN));
		switch (random() % 20 == 0 ? 2 : random() % 2) {
		case 0:
			memset(bytes, (int)random(), (size_t)len);
			assert_int_equal(file->pMethods->xWrite(file, bytes, len, at), SQLITE_OK);
			memcpy(model + at, bytes, (size_t)len);
			size = at + len > size ? at + len : size;
			break;
		case 1:
			end = at + len;
			assert_int_equal(file->pMethods->xRead(file, got, len, at),
			                 end > size ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
			assert_memory_equal(got, model + at, (size_t)len);
			break;
		default:
			assert_int_equal(file->pMethods->xTruncate(file, at), SQLITE_OK);
			if (at < size)
				memset(model + at, 0, (size_t)(size - at));
			size = at;
		}
		assert_int_equal(file->pMethods->xFileSize(file, &told), SQLITE_OK);
		assert_int_equal(told, size);
	}
	file->pMethods->xClose(file);
	free(file);
	sqlite3_close(database);
}

static atomic_bool is_over;

static void *watch_balance(void *unused)
{
	(void)unused;
	sqlite3 *database;
	intptr_t looks = 0;
	if (pages_open(path, &key, identity, PAGES_READ, &database, NULL) != STATUS_OK)
		return (void *)(intptr_t)-1;
	sqlite3_exec(database, "PRAGMA cache_size = 5", NULL, NULL, NULL);
	while (!atomic_load(&is_over) && looks >= 0) {
		sqlite3_stmt *sum = NULL;
		if (sqlite3_prepare_v2(database, "SELECT sum(amount), max(length(filler)) FROM account", -1, &sum, NULL) !=
		            SQLITE_OK ||
		    sqlite3_step(sum) != SQLITE_ROW || sqlite3_column_int(sum, 0) != 0)
			looks = -2;
		else
			looks++;
		sqlite3_finalize(sum);
	}
	sqlite3_close(database);
	return (void *)looks;
}

static void test_reads_while_written(void **state)
{
	(void)state;
	enum { READERS = 4 };
	pthread_t readers[READERS];
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, "PRAGMA wal_autocheckpoint = 20;"
	              "CREATE TABLE account(id INTEGER PRIMARY KEY, amount INT, filler TEXT);"
	              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
	              "INSERT INTO account SELECT i, 0, hex(randomblob(400)) FROM n");
	atomic_store(&is_over, false);
	for (int i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, watch_balance, NULL), 0);
	for (int i = 0; i < 300; i++) {
		run(database, "BEGIN IMMEDIATE; UPDATE account SET amount = amount - 3 WHERE id = 1 + abs(random() % 200);"
		              "UPDATE account SET amount = amount + 3 WHERE id = 1 + abs(random() % 200); COMMIT");
		if (i % 50 == 0) {
			run(database, "PRAGMA wal_checkpoint(passive)");
			assert_all_opens(path);
		}
	}
	atomic_store(&is_over, true);
	for (int i = 0; i < READERS; i++) {
		void *looks;
		pthread_join(readers[i], &looks);
		assert_true((intptr_t)looks > 0);
	}
	sqlite3_close(database);
	assert_all_opens(path);
}

static void test_keeps_two_keys_apart(void **state)
{
	(void)state;
	sqlite3 *one = open_at(path, PAGES_CREATE), *two = NULL, *wrong = NULL;
	assert_int_equal(pages_open(copy_path, &other_key, identity, PAGES_CREATE, &two, NULL), STATUS_OK);
	for (int i = 0; i < 5; i++) {
		run(one, MAKE_NOTES FILL_ROWS("100"));
		run(two, MAKE_NOTES FILL_ROWS("50"));
		assert_int_equal(pages_open(path, &other_key, identity, PAGES_READ, &wrong, NULL), STATUS_DENIED);
	}
	assert_int_equal(ask(one, "SELECT count(*) FROM note"), 500);
	assert_int_equal(ask(two, "SELECT count(*) FROM note"), 250);
	sqlite3_close(one);
	sqlite3_close(two);
	assert_int_equal(pages_verify(copy_path, &key, identity, NULL, NULL, NULL, NULL), STATUS_DENIED);
	assert_int_equal(pages_verify(copy_path, &other_key, identity, NULL, NULL, NULL, NULL), STATUS_OK);
}

static int read_as_nobody(void)
{
	sqlite3 *database = NULL;
	struct found found;
	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		return 77;
	if (pages_open(path, &key, identity, PAGES_WRITE, &database, NULL) != STATUS_DENIED)
		return 1;
	if (pages_open(path, &key, identity, PAGES_READ, &database, NULL) != STATUS_OK)
		return 2;
	if (sqlite3_exec(database,
	                 "PRAGMA cache_size = 5; SELECT body FROM note ORDER BY body || id; SELECT count(*) FROM"
	                 " note AS a, note AS b WHERE a.body = b.body",
	                 NULL, NULL, NULL) != SQLITE_OK)
		return 3;
	if (sqlite3_exec(database, "DELETE FROM note", NULL, NULL, NULL) == SQLITE_OK)
		return 4;
	sqlite3_close(database);
	return verify(path, &found) == STATUS_OK ? 0 : 5;
}

static void test_reads_where_nothing_can_be_written(void **state)
{
	(void)state;
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES FILL_ROWS("1500"));
	sqlite3_close(database);
	chmod(path, 0444);
	chmod(directory, 0555);
	int result = result_of(read_as_nobody);
	if (result == 77)
		skip();
	assert_int_equal(result, 0);
}

static void test_refuses_other_geometry(void **state)
{
	(void)state;
	static const char *const statements[] = {
		"PRAGMA journal_mode = delete", "PRAGMA journal_mode = MEMORY", "PRAGMA main.journal_mode = off",
		"PRAGMA page_size = 8192",      "PRAGMA temp_store = memory",   "PRAGMA temp_store_directory = '/tmp'",
	};
	sqlite3 *database = open_at(path, PAGES_CREATE);
	run(database, MAKE_NOTES FILL_ROWS("10"));
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
		assert_int_equal(sqlite3_exec(database, statements[i], NULL, NULL, NULL), SQLITE_ERROR);
	run(database, "PRAGMA mmap_size = 1000000");
	assert_int_equal(ask(database, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	int reserve = 80;
	sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
	assert_int_not_equal(sqlite3_exec(database, "VACUUM", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(database);
	char journal[160];
	snprintf(journal, sizeof journal, "%s-journal", path);
	copy_file(path, journal, 600); /* forged: not to be rolled back */
	database = open_at(path, PAGES_WRITE);
	assert_int_equal(ask(database, "SELECT count(*) FROM note"), 10);
	assert_integrity(database);
	sqlite3_close(database);
	assert_all_opens(path);
}

static void test_never_repeats_a_nonce(void **state)
{
	(void)state;
	enum { RECORD = 8 + SEALING_TRAILER, COUNT = 400 };
	static unsigned char ours[COUNT][RECORD], theirs[COUNT][RECORD];
	struct sealing sealing;
	int ends[2];
	sealing_start(&sealing, &key, identity);
	sealing_seal(&sealing, SEALING_MAIN, 1, (const unsigned char *)"8 bytes.", 8, ours[0]);
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	for (int i = 0; i < COUNT; i++)
		sealing_seal(&sealing, SEALING_MAIN, 1, (const unsigned char *)"8 bytes.", 8, ours[i]);
	if (child == 0)
		_exit(write(ends[1], ours, sizeof ours) == (ssize_t)sizeof ours ? 0 : 1);
	close(ends[1]);
	FILE *from_child = fdopen(ends[0], "r");
	assert_int_equal(fread(theirs, sizeof theirs, 1, from_child), 1);
	fclose(from_child);
	waitpid(child, NULL, 0);
	for (int i = 0; i < COUNT; i++) {
		for (int j = 0; j < COUNT; j++) {
			assert_memory_not_equal(ours[i] + 8, theirs[j] + 8, 24);
			if (i != j)
				assert_memory_not_equal(ours[i] + 8, ours[j] + 8, 24);
		}
	}
	for (int i = 0; i < COUNT; i++)
		assert_true(sealing_open(&sealing, SEALING_MAIN, 1, theirs[i], 8));
	sealing_end(&sealing);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_round_trips),
		CASE(test_finds_planted_text_where_nothing_is_sealed),
		CASE(test_shows_no_text),
		CASE(test_survives_kills),
		CASE(test_keeps_commits_before_a_tear),
		CASE(test_recovers_torn_page_one),
		CASE(test_tells_wrong_keys_from_damage),
		CASE(test_names_flipped_bytes),
		CASE(test_fails_softly_on_damage),
		CASE(test_refuses_moved_pages),
		CASE(test_survives_a_full_disk),
		CASE(test_vacuums_and_copies),
		CASE(test_fills_gaps),
		CASE(test_rewrites_frames_of_a_spilled_commit),
		CASE(test_takes_headers_and_pages_alone),
		CASE(test_temporary_files_are_files),
		CASE(test_reads_while_written),
		CASE(test_keeps_two_keys_apart),
		CASE(test_reads_where_nothing_can_be_written),
		CASE(test_refuses_other_geometry),
		CASE(test_never_repeats_a_nonce),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

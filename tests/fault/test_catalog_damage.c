/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A catalog of another time or after an accident: one that a newer version wrote, or
 * an earlier build whose tables no step leads on from, is left as it is; what a purge erased is in no page, free ones included, even
 * for who has the key; a changed byte anywhere in the log is named, and costs no
 * more than SQLite's own torn frame: what was committed before it is read.
 */
#define _GNU_SOURCE /* nftw */
#include "contract/backend/leak.h"

#include "base/digest.h"
#include "catalog/inside.h"
#include "catalog/sqlite/store.h"
#include "cli/errors.h"
#include "vault/sealing.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OBJECTS = 12 };

#define SECRET "quarzvogelfahrplan"

static struct leak_object objects[OBJECTS];
static char names[OBJECTS][32], texts[OBJECTS][400];

static char *directory;
static struct catalog_place place;
static char incident_file[700], log_file[708];

static int make_objects(void **state)
{
	(void)state;
	for (int i = 0; i < OBJECTS; i++) {
		snprintf(names[i], sizeof names[i], "object-%02d.txt", i);
		snprintf(texts[i], sizeof texts[i], SECRET " zwielicht%d of bob%d@contoso.com", i, i);
		objects[i] = (struct leak_object){.name = names[i], .text = texts[i]};
	}
	return vault_start() == STATUS_OK ? 0 : -1;
}

static int set_up(void **state)
{
	(void)state;
	directory = leak_directory();
	place = leak_place(directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	leak_remove(directory);
	return 0;
}

static void must(enum status status, const struct failure *failure)
{
	if (status != STATUS_OK)
		fail_msg("%s: %s: %s", status_name(status), failure->where, failure->why);
}

static struct catalog *open_catalog(enum catalog_mode mode)
{
	struct catalog *catalog;
	struct failure failure;
	must(catalog_open(&place, mode, &catalog, NULL, &failure), &failure);
	return catalog;
}

static struct incident *open_incident(struct catalog *catalog, enum incident_mode mode)
{
	struct incident *incident;
	struct failure failure;
	must(incident_open(catalog, BYTES_LITERAL("default"), mode, &incident, &failure), &failure);
	return incident;
}

static void sweep(void)
{
	struct catalog *catalog = open_catalog(CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, INCIDENT_SWEEP);
	leak_sweep(incident, objects, OBJECTS, NULL);
	snprintf(incident_file, sizeof incident_file, "%s/" STORE_FILE, incident->place.folder);
	snprintf(log_file, sizeof log_file, "%s-wal", incident_file);
	incident_close(incident);
	catalog_close(catalog);
}

/* ---- another schema ---- */

static struct buffer everything;

static int add_file(const char *path, const struct stat *info, int kind, struct FTW *at)
{
	char piece[4096];
	bool is_passing = strcmp(path + at->base, "lock") == 0 || strstr(path, "-shm") != NULL || strstr(path, "-wal") != NULL;
	if (kind != FTW_F || is_passing)
		return 0;
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	buffer_append_format(&everything, "%s %o %lld\n", path, info->st_mode, (long long)info->st_size);
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_append(&everything, bytes_of(piece, got));
	fclose(file);
	return 0;
}

/* Of all files' names, rights and bytes, but for what comes and goes with whoever opens them. */
static void digest_files(unsigned char into[DIGEST_SHA256_SIZE])
{
	everything = buffer_with_ceiling(1u << 28);
	assert_int_equal(nftw(place.directory, add_file, 16, FTW_PHYS), 0);
	assert_int_equal(buffer_status(&everything), STATUS_OK);
	digest_sha256(buffer_bytes(&everything), into);
	buffer_free(&everything);
}

static const struct {
	const char *number, *said, *advice;
} versions[] = {
	{"PRAGMA user_version = 99", "newer tidemark (schema 99", "use that version"},
	{"PRAGMA user_version = 1", "earlier build of tidemark (schema 1,", "sweep again"},
};
enum { VERSIONS = sizeof versions / sizeof *versions };

static void assert_refused(enum status status, const struct failure *failure, int version)
{
	assert_int_equal(status, STATUS_UNSUPPORTED);
	assert_int_equal(errors_exit_code(status), EXIT_FAILED);
	assert_non_null(strstr(failure->where, ".db"));
	assert_non_null(strstr(failure->why, versions[version].said));
	assert_non_null(strstr(failure->why, versions[version].advice));
}

static void assert_catalog_left(int version)
{
	struct catalog *catalog = open_catalog(CATALOG_APPEND);
	struct failure failure;
	unsigned char before[DIGEST_SHA256_SIZE], after[DIGEST_SHA256_SIZE];
	assert_int_equal(database_execute(&catalog->database, versions[version].number), STATUS_OK);
	catalog_close(catalog);
	digest_files(before);
	for (int mode = CATALOG_READ; mode <= CATALOG_CREATE; mode++)
		assert_refused(catalog_open(&place, (enum catalog_mode)mode, &catalog, NULL, &failure), &failure, version);
	digest_files(after);
	assert_memory_equal(before, after, sizeof before);
}

static void a_newer_catalog_is_left_as_it_is(void **state)
{
	(void)state;
	sweep();
	assert_catalog_left(0);
}

static void a_catalog_of_an_earlier_build_is_left_as_it_is(void **state)
{
	(void)state;
	sweep();
	assert_catalog_left(1);
}

static enum status ignore_incident(void *context, const struct incident_summary *summary)
{
	(void)context;
	(void)summary;
	return STATUS_OK;
}

static enum status note_damage(void *context, const struct damage *damage)
{
	buffer_append(context, damage->file);
	buffer_append_format(context, " %d ", (int)damage->page);
	buffer_append(context, damage->what);
	buffer_append_byte(context, '\n');
	return STATUS_OK;
}

static void assert_incident_left(int version)
{
	struct failure failure;
	unsigned char before[DIGEST_SHA256_SIZE], after[DIGEST_SHA256_SIZE];
	uint64_t pages;
	struct catalog *catalog = open_catalog(CATALOG_APPEND);
	struct incident *incident = open_incident(catalog, INCIDENT_SWEEP);
	assert_int_equal(database_execute(&incident->store->database, versions[version].number), STATUS_OK);
	incident_close(incident);
	catalog_close(catalog);
	digest_files(before);
	catalog = open_catalog(CATALOG_CREATE);
	for (int mode = INCIDENT_READ; mode <= INCIDENT_SWEEP; mode++)
		assert_refused(incident_open(catalog, BYTES_LITERAL("default"), (enum incident_mode)mode, &incident, &failure),
		               &failure, version);
	assert_refused(catalog_list_incidents(catalog, ignore_incident, NULL, &failure), &failure, version);
	assert_refused(catalog_verify(catalog, note_damage, NULL, &pages, &failure), &failure, version);
	assert_refused(catalog_purge(catalog, BYTES_LITERAL("default"), clock_now(), &failure), &failure, version);
	catalog_close(catalog);
	digest_files(after);
	assert_memory_equal(before, after, sizeof before);
}

static void a_newer_incident_is_left_as_it_is(void **state)
{
	(void)state;
	sweep();
	assert_incident_left(0);
}

static void an_incident_of_an_earlier_build_is_left_as_it_is(void **state)
{
	(void)state;
	sweep();
	assert_incident_left(1);
}

/* ---- erased text ---- */

/* How many records of a file, opened with the incident's key, hold the needle. All of them must open. */
static size_t count_records(const struct incident_place *where, const char *file, enum sealing_kind kind, const char *needle)
{
	struct sealing sealing;
	bool is_log = kind == SEALING_LOG;
	size_t size = is_log ? SEALING_FRAME : SEALING_PAGE, count = 0;
	unsigned char record[SEALING_FRAME];
	FILE *stream = fopen(file, "rb");
	sealing_start(&sealing, &where->key, where->identity);
	if (stream != NULL && is_log)
		assert_int_equal(fseek(stream, SEALING_LOG_HEADER, SEEK_SET), 0);
	for (uint64_t number = 1; stream != NULL && fread(record, size, 1, stream) == 1; number++) {
		assert_true(sealing_open(&sealing, kind, number, record, size - SEALING_TRAILER));
		count += bytes_find(bytes_of(record, size), bytes_of_string(needle)) != BYTES_NOT_FOUND;
	}
	if (stream != NULL)
		fclose(stream);
	sealing_end(&sealing);
	return count;
}

static size_t count_readable(const char *needle)
{
	struct catalog *catalog = open_catalog(CATALOG_READ);
	struct incident_place where;
	struct failure failure;
	must(find_incident(catalog, BYTES_LITERAL("default"), &where, &failure), &failure);
	size_t count = count_records(&where, incident_file, SEALING_MAIN, needle) +
	               count_records(&where, log_file, SEALING_LOG, needle);
	incident_place_free(&where);
	catalog_close(catalog);
	return count;
}

/* What is read is past its time already; it is there until the sweep ends, or a purge is made. */
static struct incident *read_past_its_time(struct catalog *catalog)
{
	struct incident *incident = open_incident(catalog, INCIDENT_SWEEP);
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct failure failure;
	plan.keep_until = 1;
	must(sweep_begin(incident, &plan, &begun, &failure), &failure);
	leak_list(incident, objects, OBJECTS, true);
	for (size_t i = 0; i < OBJECTS; i++)
		leak_read(incident, &objects[i]);
	must(sweep_checkpoint(incident, &failure), &failure);
	snprintf(incident_file, sizeof incident_file, "%s/" STORE_FILE, incident->place.folder);
	snprintf(log_file, sizeof log_file, "%s-wal", incident_file);
	/* In chunks of text, in the index of words, in findings: the sieve catches something. */
	assert_true(count_readable(SECRET) > 1);
	assert_true(count_readable("zwielicht") > 1);
	assert_true(count_readable("bob3@contoso.com") > 0);
	return incident;
}

static void assert_erased(void)
{
	assert_int_equal(count_readable(SECRET), 0);
	assert_int_equal(count_readable("zwielicht"), 0);
	assert_int_equal(count_readable("bob3@contoso.com"), 0);
	assert_true(count_readable(names[3]) > 0);
	assert_int_equal(access(log_file, F_OK), -1);
}

static void what_a_purge_erased_no_page_holds(void **state)
{
	struct failure failure;
	struct catalog *catalog = open_catalog(CATALOG_CREATE);
	(void)state;
	char copy[720];
	incident_close(read_past_its_time(catalog));
	/* What an upgrade left beside it holds all that it held then. */
	snprintf(copy, sizeof copy, "%s.before-9", incident_file);
	fclose(fopen(copy, "wb"));
	must(catalog_purge(catalog, BYTES_LITERAL("default"), clock_now(), &failure), &failure);
	catalog_close(catalog);
	assert_erased();
	assert_int_equal(access(copy, F_OK), -1);
}

static void what_expired_as_a_sweep_ended_no_page_holds(void **state)
{
	struct failure failure;
	struct catalog *catalog = open_catalog(CATALOG_CREATE);
	struct incident *incident = read_past_its_time(catalog);
	(void)state;
	must(sweep_end(incident, true, &failure), &failure);
	incident_close(incident);
	catalog_close(catalog);
	assert_erased();
}

/* ---- a destroyed incident ---- */

/* Every place of every page of tidemark.db and its log, as who holds the catalog's key reads them: whether a key unwraps there. */
static size_t try_to_unwrap(struct bytes page, const struct vault_key *key, struct bytes identity)
{
	size_t count = 0;
	for (size_t at = 0; at + sizeof(struct wrapped_key) <= page.len; at++) {
		struct wrapped_key wrapped;
		struct vault_key child;
		memcpy(wrapped.bytes, page.at + at, sizeof wrapped.bytes);
		count += vault_unwrap(key, &wrapped, identity, &child) == STATUS_OK;
	}
	return count;
}

static size_t recover_from(const char *file, enum sealing_kind kind, const struct vault_key *catalog_key, struct bytes identity)
{
	struct sealing sealing;
	struct vault_key key;
	bool is_log = kind == SEALING_LOG;
	size_t size = is_log ? SEALING_FRAME : SEALING_PAGE, count = 0;
	unsigned char record[SEALING_FRAME];
	FILE *stream = fopen(file, "rb");
	vault_key_derive(catalog_key, CATALOG_FILE, &key);
	sealing_start(&sealing, &key, IDENTITY_OF_CATALOG);
	if (stream != NULL && is_log)
		assert_int_equal(fseek(stream, SEALING_LOG_HEADER, SEEK_SET), 0);
	for (uint64_t number = 1; stream != NULL && fread(record, size, 1, stream) == 1; number++) {
		if (sealing_open(&sealing, kind, number, record, size - SEALING_TRAILER))
			count += try_to_unwrap(bytes_of(record, size), catalog_key, identity);
	}
	if (stream != NULL)
		fclose(stream);
	sealing_end(&sealing);
	return count;
}

/* The thief has the directory, the key, and knows what to look for: a copy from before an upgrade is there, too. */
static void what_was_destroyed_nobody_recovers(void **state)
{
	char file[700], log[708], copy[720];
	struct failure failure;
	struct incident_place where;
	struct catalog *catalog = open_catalog(CATALOG_CREATE);
	(void)state;
	incident_close(read_past_its_time(catalog));
	must(find_incident(catalog, BYTES_LITERAL("default"), &where, &failure), &failure);
	struct bytes identity = bytes_of(where.identity, sizeof where.identity);
	struct vault_key key = catalog->key;
	snprintf(file, sizeof file, "%s/" CATALOG_FILE, place.directory);
	snprintf(log, sizeof log, "%s-wal", file);
	snprintf(copy, sizeof copy, "%s.before-4", file);
	must(database_copy(&catalog->database, place.directory, CATALOG_FILE ".before-4", &failure), &failure);
	assert_true(recover_from(file, SEALING_MAIN, &key, identity) + recover_from(log, SEALING_LOG, &key, identity) > 0);
	assert_true(recover_from(copy, SEALING_MAIN, &key, identity) > 0);
	must(catalog_purge(catalog, BYTES_LITERAL("default"), 0, &failure), &failure);
	assert_int_equal(recover_from(file, SEALING_MAIN, &key, identity), 0);
	assert_int_equal(recover_from(log, SEALING_LOG, &key, identity), 0);
	assert_int_equal(access(copy, F_OK), -1);
	assert_int_equal(access(incident_file, F_OK), -1);
	catalog_close(catalog);
	assert_int_equal(recover_from(file, SEALING_MAIN, &key, identity), 0);
	assert_int_equal(recover_from(log, SEALING_LOG, &key, identity), 0);
	incident_place_free(&where);
}

/* ---- the log ---- */

static void sweep_and_die(void)
{
	struct catalog *catalog = open_catalog(CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, INCIDENT_SWEEP);
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct failure failure;
	must(sweep_begin(incident, &plan, &begun, &failure), &failure);
	leak_list(incident, objects, OBJECTS, true);
	for (size_t i = 0; i < OBJECTS; i++) {
		leak_read(incident, &objects[i]);
		must(sweep_checkpoint(incident, &failure), &failure);
	}
	kill(getpid(), SIGKILL);
}

/* A catalog whose incident lies for the most part in its log. */
static void leave_log(void)
{
	struct incident_place where;
	struct failure failure;
	int how;
	pid_t child = fork();
	if (child == 0)
		sweep_and_die();
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
	struct catalog *catalog = open_catalog(CATALOG_READ);
	must(find_incident(catalog, BYTES_LITERAL("default"), &where, &failure), &failure);
	snprintf(incident_file, sizeof incident_file, "%s/" STORE_FILE, where.folder);
	snprintf(log_file, sizeof log_file, "%s-wal", incident_file);
	incident_place_free(&where);
	catalog_close(catalog);
}

static struct buffer read_file(const char *path)
{
	struct buffer contents = buffer_with_ceiling(1u << 26);
	FILE *file = fopen(path, "rb");
	char piece[4096];
	assert_non_null(file);
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_append(&contents, bytes_of(piece, got));
	fclose(file);
	return contents;
}

static void write_file(const char *path, const struct buffer *contents)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(contents->at, 1, contents->len, file), contents->len);
	assert_int_equal(fclose(file), 0);
}

/* Whether it can be asked at all, and how many objects are seen as read. */
static enum status count_read(size_t *ret_count)
{
	struct catalog *catalog = open_catalog(CATALOG_READ);
	struct incident *incident;
	struct failure failure;
	*ret_count = 0;
	enum status status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &failure);
	if (status == STATUS_OK) {
		const char *found = leak_find(incident, QUERY_OUTCOME, "read");
		for (; *found != '\0'; found++)
			*ret_count += strncmp(found, "object-", 7) == 0;
		incident_close(incident);
	}
	catalog_close(catalog);
	return status;
}

static void assert_named(uint64_t frame)
{
	struct catalog *catalog = open_catalog(CATALOG_READ);
	struct buffer told = buffer_with_ceiling(1u << 16);
	struct failure failure;
	uint64_t pages;
	char place_of_it[64];
	enum status status = catalog_verify(catalog, note_damage, &told, &pages, &failure);
	snprintf(place_of_it, sizeof place_of_it, STORE_FILE " %u a page of the log does not open", (unsigned)frame);
	if (status != STATUS_MALFORMED || strstr(buffer_string(&told), place_of_it) == NULL)
		fail_msg("frame %u: %s: %s", (unsigned)frame, status_name(status), buffer_string(&told));
	catalog_close(catalog);
	buffer_free(&told);
}

/* With one byte of the log changed: named, and what is read is what was committed before it. */
static size_t read_with_flip(const struct buffer *main, const struct buffer *log, size_t at, size_t most)
{
	struct buffer changed = buffer_with_ceiling(log->len);
	char shared[708];
	size_t read;
	buffer_append(&changed, buffer_bytes(log));
	changed.at[at] ^= 0x40;
	snprintf(shared, sizeof shared, "%s-shm", incident_file);
	unlink(shared);
	write_file(incident_file, main);
	write_file(log_file, &changed);
	assert_named(at < SEALING_LOG_HEADER ? 0 : (at - SEALING_LOG_HEADER) / SEALING_FRAME + 1);
	unlink(shared);
	write_file(incident_file, main);
	write_file(log_file, &changed);
	enum status status = count_read(&read);
	assert_true(status == STATUS_OK || status == STATUS_MALFORMED || status == STATUS_ABSENT);
	assert_true(read <= most);
	buffer_free(&changed);
	return read;
}

static void a_changed_byte_in_the_log_is_named_and_ends_it_there(void **state)
{
	size_t all, before = 0, fewer = 0;
	(void)state;
	leave_log();
	struct buffer main = read_file(incident_file), log = read_file(log_file);
	size_t frames = (log.len - SEALING_LOG_HEADER) / SEALING_FRAME;
	assert_int_equal(count_read(&all), STATUS_OK);
	assert_int_equal(all, OBJECTS);
	assert_true(frames > 60);
	for (size_t frame = 0; frame < frames; frame += 3) {
		size_t at = SEALING_LOG_HEADER + frame * SEALING_FRAME + frame * 977 % SEALING_FRAME;
		size_t read = read_with_flip(&main, &log, at, OBJECTS);
		assert_true(read >= before); /* the later it is, the more comes before it */
		before = read;
		fewer += read < OBJECTS;
	}
	assert_true(fewer > 10);
	for (size_t at = 0; at < SEALING_LOG_HEADER; at += 5)
		read_with_flip(&main, &log, at, OBJECTS);
	buffer_free(&main);
	buffer_free(&log);
}

/* The same sweep goes on from there; then all is whole again. */
static void a_sweep_goes_on_behind_a_changed_byte(void **state)
{
	struct failure failure;
	uint64_t pages;
	size_t read;
	(void)state;
	leave_log();
	struct buffer main = read_file(incident_file), log = read_file(log_file), told = buffer_with_ceiling(1u << 16);
	size_t frames = (log.len - SEALING_LOG_HEADER) / SEALING_FRAME;
	read_with_flip(&main, &log, SEALING_LOG_HEADER + (frames * 2 / 3) * SEALING_FRAME + 99, OBJECTS - 1);
	sweep();
	assert_int_equal(count_read(&read), STATUS_OK);
	assert_int_equal(read, OBJECTS);
	struct catalog *catalog = open_catalog(CATALOG_APPEND);
	if (catalog_verify(catalog, note_damage, &told, &pages, &failure) != STATUS_OK)
		fail_msg("%s: %s", failure.why, buffer_string(&told));
	catalog_close(catalog);
	buffer_free(&told);
	buffer_free(&main);
	buffer_free(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(a_newer_catalog_is_left_as_it_is),
		TEST(a_newer_incident_is_left_as_it_is),
		TEST(a_catalog_of_an_earlier_build_is_left_as_it_is),
		TEST(an_incident_of_an_earlier_build_is_left_as_it_is),
		TEST(what_a_purge_erased_no_page_holds),
		TEST(what_expired_as_a_sweep_ended_no_page_holds),
		TEST(what_was_destroyed_nobody_recovers),
		TEST(a_changed_byte_in_the_log_is_named_and_ends_it_there),
		TEST(a_sweep_goes_on_behind_a_changed_byte),
	};
	return cmocka_run_group_tests(tests, make_objects, NULL);
}

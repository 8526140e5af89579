/* SPDX-License-Identifier: Apache-2.0 */
/* The embedded catalog: keys, locks, journal, versions of its tables, and looking after it. */
#include "contract/backend/leak.h"
#include "fill-fields.h"

#include "catalog/register.h"
#include "catalog/inside.h"
#include "catalog/reads.h"
#include "catalog/sqlite/schema.h"
#include "catalog/sqlite/store.h"
#include "catalog/turn.h"
#include "sweep/letter.h"
#include "vault/key.h"
#include "vault/pages.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct leak_object leak[] = {
	{"a.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL},
	{"b.txt", "a letter to anna@fabrikam.com", NULL, 0, 0, NULL},
};

struct fixture {
	char *directory;
	struct catalog_place place;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	assert_non_null(fixture);
	fixture->directory = leak_directory();
	fixture->place = leak_place(fixture->directory);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	leak_remove(fixture->directory);
	free(fixture);
	return 0;
}

static struct catalog *open_catalog(const struct fixture *fixture, enum catalog_mode mode)
{
	struct catalog *catalog;
	struct failure failure = {{0}, {0}};
	enum status status = catalog_open(&fixture->place, mode, &catalog, NULL, &failure);
	if (status != STATUS_OK)
		fail_msg("%s: %s: %s", status_name(status), failure.where, failure.why);
	return catalog;
}

static struct incident *open_incident(struct catalog *catalog, const char *name, enum incident_mode mode)
{
	struct incident *incident;
	struct failure failure = {{0}, {0}};
	enum status status = incident_open(catalog, bytes_of_string(name), mode, &incident, &failure);
	if (status != STATUS_OK)
		fail_msg("%s: %s: %s", status_name(status), failure.where, failure.why);
	return incident;
}

static void sweep_into(struct catalog *catalog, const char *name)
{
	struct incident *incident = open_incident(catalog, name, INCIDENT_SWEEP);
	leak_sweep(incident, leak, 2, NULL);
	incident_close(incident);
}

/* ---- keys ---- */

static void the_first_opening_makes_a_key_and_says_so(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog;
	struct failure failure;
	struct stat info;
	bool made = false;
	assert_int_equal(catalog_open(&fixture->place, CATALOG_READ, &catalog, &made, &failure), STATUS_ABSENT);
	assert_int_equal(catalog_open(&fixture->place, CATALOG_APPEND, &catalog, &made, &failure), STATUS_ABSENT);
	assert_int_equal(access(fixture->place.directory, F_OK), -1);
	assert_int_equal(catalog_open(&fixture->place, CATALOG_CREATE, &catalog, &made, &failure), STATUS_OK);
	assert_true(made);
	catalog_close(catalog);
	assert_int_equal(stat(fixture->place.key_file, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(stat(fixture->place.directory, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	assert_int_equal(catalog_open(&fixture->place, CATALOG_CREATE, &catalog, &made, &failure), STATUS_OK);
	assert_false(made);
	catalog_close(catalog);
}

static void a_key_without_a_catalog_is_used_again(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct vault_key before, after;
	struct catalog *catalog;
	bool made = true;
	assert_int_equal(vault_start(), STATUS_OK);
	assert_int_equal(vault_key_file_create(fixture->place.key_file, &before, &failure), STATUS_OK);
	assert_int_equal(catalog_open(&fixture->place, CATALOG_CREATE, &catalog, &made, &failure), STATUS_OK);
	assert_false(made);
	catalog_close(catalog);
	assert_int_equal(vault_key_file_read(fixture->place.key_file, &after, &failure), STATUS_OK);
	assert_memory_equal(&before, &after, sizeof before);
}

static void a_catalog_without_its_key_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	catalog_close(catalog);
	assert_int_equal(remove(fixture->place.key_file), 0);
	for (int mode = CATALOG_READ; mode <= CATALOG_CREATE; mode++)
		assert_int_equal(catalog_open(&fixture->place, (enum catalog_mode)mode, &catalog, NULL, &failure), STATUS_DENIED);
	assert_non_null(strstr(failure.why, "key"));
	assert_int_equal(access(fixture->place.key_file, F_OK), -1);
}

static void another_key_opens_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	struct vault_key key;
	sweep_into(catalog, "default");
	catalog_close(catalog);
	assert_int_equal(remove(fixture->place.key_file), 0);
	assert_int_equal(vault_key_file_create(fixture->place.key_file, &key, &failure), STATUS_OK);
	for (int mode = CATALOG_READ; mode <= CATALOG_CREATE; mode++)
		assert_int_equal(catalog_open(&fixture->place, (enum catalog_mode)mode, &catalog, NULL, &failure), STATUS_DENIED);
}

/* ---- sealed ---- */

static bool file_holds(const char *path, const char *needle)
{
	struct buffer bytes = buffer_with_ceiling(1u << 26);
	FILE *file = fopen(path, "rb");
	char piece[4096];
	assert_non_null(file);
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_append(&bytes, bytes_of(piece, got));
	fclose(file);
	bool found = bytes_find(buffer_bytes(&bytes), bytes_of_string(needle)) != BYTES_NOT_FOUND;
	buffer_free(&bytes);
	return found;
}

static size_t search_files(const char *path, const char *needle, size_t *ret_files)
{
	size_t found = 0;
	DIR *directory = opendir(path);
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		char below[1200];
		struct stat info;
		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
		assert_int_equal(lstat(below, &info), 0);
		if (S_ISDIR(info.st_mode)) {
			found += search_files(below, needle, ret_files);
		} else {
			++*ret_files;
			found += file_holds(below, needle);
		}
	}
	closedir(directory);
	return found;
}

static void a_stolen_directory_tells_nothing(void **state)
{
	static const char *const secrets[] = {"letter", "contoso",   "a.txt", "files",
	                                      "acme",   "hush-hush", "sweep", "CREATE TABLE"};
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	struct incident *incident = open_incident(catalog, "hush-hush", INCIDENT_SWEEP);
	leak_sweep(incident, leak, 2, NULL);
	assert_int_equal(journal_append(catalog, "sweep", BYTES_LITERAL("hush-hush"), BYTES_LITERAL("anna"), BYTES_LITERAL("{}"),
	                                &failure),
	                 STATUS_OK);
	for (int closed = 0; closed < 2; closed++) {
		for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
			size_t files = 0;
			assert_int_equal(search_files(fixture->place.directory, secrets[i], &files), 0);
			assert_true(files >= 2);
		}
		if (closed == 0)
			incident_close(incident);
	}
	catalog_close(catalog);
}

/* ---- incidents ---- */

static void a_second_sweep_of_an_incident_is_told_who_holds_it(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP), *second, *other;
	struct failure failure = {{0}, {0}};
	char pid[32];
	snprintf(pid, sizeof pid, "process %ld ", (long)getpid());
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &second, &failure), STATUS_BUSY);
	assert_non_null(strstr(failure.why, pid));
	assert_non_null(strstr(failure.why, "Z;"));
	other = open_incident(catalog, "other", INCIDENT_SWEEP);
	incident_close(other);
	incident_close(incident);
	incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	incident_close(incident);
	catalog_close(catalog);
}

static void a_dead_holder_holds_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	catalog_close(catalog);
	pid_t child = fork();
	if (child == 0) {
		catalog = open_catalog(fixture, CATALOG_CREATE);
		open_incident(catalog, "default", INCIDENT_SWEEP);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	catalog = open_catalog(fixture, CATALOG_CREATE);
	incident_close(open_incident(catalog, "default", INCIDENT_SWEEP));
	catalog_close(catalog);
}

static enum status keep_incident(void *context, const struct incident_summary *summary)
{
	buffer_append(context, summary->name);
	buffer_append_format(context, " %d %d %d;", (int)summary->objects, (int)summary->documents,
	                     summary->has_unfinished_sweep);
	return STATUS_OK;
}

static void incidents_are_listed_with_their_counts(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	struct incident *incident;
	struct buffer text = buffer_with_ceiling(4096);
	sweep_into(catalog, "second");
	incident_close(open_incident(catalog, "first", INCIDENT_SWEEP));
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("third"), INCIDENT_READ, &incident, &failure), STATUS_ABSENT);
	assert_int_equal(catalog_list_incidents(catalog, keep_incident, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "first 0 0 0;second 2 2 0;");
	buffer_free(&text);
	catalog_close(catalog);
}

static void readers_see_a_sweep_as_it_goes(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *writing = open_catalog(fixture, CATALOG_CREATE), *reading;
	struct incident *sweep = open_incident(writing, "default", INCIDENT_SWEEP), *reader;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct failure failure;
	assert_int_equal(sweep_begin(sweep, &plan, &begun, &failure), STATUS_OK);
	reading = open_catalog(fixture, CATALOG_READ);
	reader = open_incident(reading, "default", INCIDENT_READ);
	assert_string_equal(leak_find(reader, QUERY_TEXT, "letter"), "");
	leak_list(sweep, leak, 2, true);
	leak_read(sweep, &leak[0]);
	assert_string_equal(leak_find(reader, QUERY_TEXT, "letter"), "");
	assert_int_equal(sweep_checkpoint(sweep, &failure), STATUS_OK);
	assert_string_equal(leak_find(reader, QUERY_TEXT, "letter"), "a.txt");
	incident_close(reader);
	catalog_close(reading);
	incident_close(sweep);
	catalog_close(writing);
}

/* ---- journal ---- */

static enum status keep_entry(void *context, const struct journal_entry *entry)
{
	buffer_append_format(context, "%d ", (int)entry->sequence);
	buffer_append(context, entry->verb);
	buffer_append_byte(context, ' ');
	buffer_append(context, entry->operator_name);
	buffer_append_byte(context, ' ');
	buffer_append(context, entry->detail);
	buffer_append_byte(context, ';');
	return STATUS_OK;
}

static void journal(struct catalog *catalog, const char *verb, const char *incident, const char *detail)
{
	struct failure failure = {{0}, {0}};
	enum status status = journal_append(catalog, verb, bytes_of_string(incident), BYTES_LITERAL("anna"),
	                                    bytes_of_string(detail), &failure);
	if (status != STATUS_OK)
		fail_msg("%s: %s", status_name(status), failure.why);
}

static void the_journal_outlives_an_erased_key(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096);
	uint64_t entries = 0, bad = 0;
	unsigned char head[32], again[32];
	sweep_into(catalog, "one");
	journal(catalog, "sweep", "one", "{\"n\":1}");
	journal(catalog, "probe", "", "{\"n\":2}");
	journal(catalog, "search", "nowhere", "{\"n\":3}");
	assert_int_equal(journal_show(catalog, &(struct journal_question){.since = INT64_MIN}, keep_entry, &text, &failure),
	                 STATUS_OK);
	assert_string_equal(buffer_string(&text), "3 search anna {\"n\":3};2 probe anna {\"n\":2};1 sweep anna {\"n\":1};");
	assert_int_equal(journal_verify(catalog, &entries, &bad, head, &failure), STATUS_OK);
	assert_int_equal(entries, 3);
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("one"), 0, &failure), STATUS_OK);
	buffer_free(&text);
	assert_int_equal(journal_show(catalog, &(struct journal_question){.since = INT64_MIN}, keep_entry, &text, &failure),
	                 STATUS_OK);
	assert_string_equal(buffer_string(&text), "3 search anna {\"n\":3};2 probe anna {\"n\":2};1 sweep  ;");
	assert_int_equal(journal_verify(catalog, &entries, &bad, again, &failure), STATUS_OK);
	assert_memory_equal(head, again, sizeof head);
	buffer_free(&text);
	assert_int_equal(
		journal_show(catalog, &(struct journal_question){.before = 2, .since = INT64_MIN}, keep_entry, &text, &failure),
		STATUS_OK);
	assert_string_equal(buffer_string(&text), "1 sweep  ;");
	buffer_free(&text);
	catalog_close(catalog);
}

/* Someone with the key opens what was written. */
static void open_file(const struct fixture *fixture, struct vault_key *key, struct database *database)
{
	struct vault_key derived;
	struct failure failure;
	char path[1200];
	assert_int_equal(vault_key_file_read(fixture->place.key_file, key, &failure), STATUS_OK);
	vault_key_derive(key, "tidemark.db", &derived);
	snprintf(path, sizeof path, "%s/tidemark.db", fixture->place.directory);
	assert_int_equal(
		database_open(database, path, &derived, (const unsigned char *)"tidemark-catalog", PAGES_WRITE, &failure),
		STATUS_OK);
}

static void tamper(const struct fixture *fixture, const char *sql)
{
	struct vault_key key;
	struct database database;
	open_file(fixture, &key, &database);
	assert_int_equal(database_execute(&database, sql), STATUS_OK);
	database_close(&database);
}

static void the_journal_is_asked_by_time_and_verb(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096);
	static const char *const verbs[] = {"catalog purge", "search", "catalog backup", "cat"};
	const struct {
		struct journal_question question;
		const char *answer;
	} rows[] = {
		{{.since = 200}, "4 cat anna {};3 catalog backup anna {};"},
		{{.since = INT64_MIN, .verb = BYTES_LITERAL("search")}, "2 search anna {};"},
		{{.since = INT64_MIN, .verb = BYTES_LITERAL("catalog")}, "3 catalog backup anna {};1 catalog purge anna {};"},
		{{.since = INT64_MIN, .verb = BYTES_LITERAL("catalog purge")}, "1 catalog purge anna {};"},
		{{.since = 100, .verb = BYTES_LITERAL("catalog"), .before = 3}, "1 catalog purge anna {};"},
		{{.since = 101, .verb = BYTES_LITERAL("catalog"), .before = 3}, ""},
	};
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		journal(catalog, verbs[i], "", "{}");
	catalog_close(catalog);
	tamper(fixture, "UPDATE journal SET time = 100 + 50 * (sequence - 1)");
	catalog = open_catalog(fixture, CATALOG_READ);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(journal_show(catalog, &rows[i].question, keep_entry, &text, &failure), STATUS_OK);
		assert_string_equal(text.len > 0 ? buffer_string(&text) : "", rows[i].answer);
		buffer_free(&text);
	}
	catalog_close(catalog);
}

/* Its payload was the detail alone. */
static void an_entry_of_before_says_what_and_not_who(void **state)
{
	struct fixture *fixture = *state;
	struct vault_key key, derived;
	struct database database;
	struct failure failure;
	struct buffer sealed = buffer_with_ceiling(4096), text = buffer_with_ceiling(4096);
	static const unsigned char binding[16] = "journal\0\1";
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	journal(catalog, "search", "", "{}");
	catalog_close(catalog);
	open_file(fixture, &key, &database);
	vault_key_derive(&key, "journal", &derived);
	assert_int_equal(vault_seal(&derived, bytes_of(binding, sizeof binding), BYTES_LITERAL("{\"n\":1}"), &sealed), STATUS_OK);
	sqlite3_stmt *update = database_take(&database, "UPDATE journal SET payload = ?1");
	bind_blob(update, 1, buffer_bytes(&sealed));
	assert_int_equal(database_run(&database, update), STATUS_OK);
	database_close(&database);
	catalog = open_catalog(fixture, CATALOG_READ);
	assert_int_equal(journal_show(catalog, &(struct journal_question){.since = INT64_MIN}, keep_entry, &text, &failure),
	                 STATUS_OK);
	assert_string_equal(buffer_string(&text), "1 search  {\"n\":1};");
	catalog_close(catalog);
	buffer_free(&text);
	buffer_free(&sealed);
}

static void a_changed_journal_is_noticed(void **state)
{
	static const struct {
		const char *change;
		uint64_t bad;
	} changes[] = {
		{"UPDATE journal SET verb = 'lookup' WHERE sequence = 2", 2},
		{"UPDATE journal SET time = time + 1 WHERE sequence = 1", 1},
		{"DELETE FROM journal WHERE sequence = 2", 3},
		{"UPDATE journal SET payload = zeroblob(60) WHERE sequence = 3", 3},
	};
	struct fixture *fixture = *state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
		struct failure failure;
		uint64_t entries = 0, bad = 0;
		unsigned char head[32];
		for (int n = 0; n < 4; n++)
			journal(catalog, "search", "", "{}");
		catalog_close(catalog);
		tamper(fixture, changes[i].change);
		catalog = open_catalog(fixture, CATALOG_READ);
		assert_int_equal(journal_verify(catalog, &entries, &bad, head, &failure), STATUS_MALFORMED);
		assert_int_equal(bad, changes[i].bad);
		catalog_close(catalog);
		tamper(fixture, "DELETE FROM journal");
	}
}

static void two_processes_append_one_chain(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	uint64_t entries = 0, bad = 0;
	unsigned char head[32];
	catalog_close(catalog);
	pid_t children[2];
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			catalog = open_catalog(fixture, CATALOG_APPEND);
			for (int n = 0; n < 25; n++)
				journal(catalog, "search", "", "{}");
			catalog_close(catalog);
			_exit(0);
		}
	}
	for (int i = 0; i < 2; i++) {
		int how;
		assert_int_equal(waitpid(children[i], &how, 0), children[i]);
		assert_int_equal(how, 0);
	}
	catalog = open_catalog(fixture, CATALOG_READ);
	assert_int_equal(journal_verify(catalog, &entries, &bad, head, &failure), STATUS_OK);
	assert_int_equal(entries, 50);
	catalog_close(catalog);
}

/* ---- care ---- */

static enum status keep_damage(void *context, const struct damage *damage)
{
	buffer_append(context, damage->file);
	buffer_append_format(context, " %d ", (int)damage->page);
	buffer_append(context, damage->what);
	buffer_append_byte(context, '\n');
	return STATUS_OK;
}

static void a_whole_catalog_verifies(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure = {{0}, {0}};
	struct catalog_info info;
	struct buffer text = buffer_with_ceiling(1u << 16);
	uint64_t pages = 0;
	sweep_into(catalog, "default");
	journal(catalog, "sweep", "default", "{}");
	if (catalog_verify(catalog, keep_damage, &text, &pages, &failure) != STATUS_OK)
		fail_msg("%s\n%s", failure.why, buffer_string(&text));
	assert_true(pages > 20);
	assert_int_equal(catalog_describe(catalog, &info, &failure), STATUS_OK);
	assert_int_equal(info.schema, 9);
	assert_int_equal(info.incidents, 1);
	assert_int_equal(info.journal_entries, 1);
	assert_true(info.bytes > 4096 * 20 && info.created > 1600000000);
	catalog_close(catalog);
	buffer_free(&text);
}

/* The one incident's database file. */
static void find_database(const struct fixture *fixture, char *path, size_t size)
{
	DIR *directory = opendir(fixture->place.directory);
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
		if (strlen(entry->d_name) == 26)
			snprintf(path, size, "%s/%s/incident.db", fixture->place.directory, entry->d_name);
	closedir(directory);
}

static void flip_byte(const char *path, off_t at)
{
	unsigned char byte;
	int descriptor = open(path, O_RDWR);
	assert_true(descriptor >= 0);
	assert_int_equal(pread(descriptor, &byte, 1, at), 1);
	byte ^= 0x40;
	assert_int_equal(pwrite(descriptor, &byte, 1, at), 1);
	close(descriptor);
}

static enum status ignore_view(void *context, const struct document_view *view)
{
	(void)context;
	(void)view;
	return STATUS_OK;
}

/* Whatever page is damaged: an answer, or a clean refusal. */
static void ask_everything(struct catalog *catalog)
{
	struct incident *incident;
	struct failure failure;
	struct search_totals totals;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1u << 20);
	struct buffer cursor = buffer_with_ceiling(1024);
	struct query_node node = {.operation = QUERY_TERM, .field = QUERY_TEXT, .text = BYTES_LITERAL("letter")};
	struct query query = {.root = &node};
	enum status status = incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_READ, &incident, &failure);
	assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
	if (status == STATUS_OK) {
		status = incident_ledger(incident, &arena, &ledger, &failure);
		assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
		status = incident_search(incident, &query, &totals, ignore_view, NULL, &cursor, &failure);
		assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
		incident_close(incident);
	}
	buffer_free(&cursor);
	arena_free(&arena);
}

static void a_flipped_byte_is_found_and_crashes_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	char path[1200] = "", place[32];
	struct stat info;
	sweep_into(catalog, "default");
	catalog_close(catalog);
	find_database(fixture, path, sizeof path);
	assert_int_equal(stat(path, &info), 0);
	for (off_t page = 0; page < info.st_size / 4096; page++) {
		struct buffer text = buffer_with_ceiling(1u << 16);
		struct failure failure;
		uint64_t pages;
		flip_byte(path, page * 4096 + 1000 + page);
		catalog = open_catalog(fixture, CATALOG_READ);
		assert_int_equal(catalog_verify(catalog, keep_damage, &text, &pages, &failure), STATUS_MALFORMED);
		snprintf(place, sizeof place, "incident.db %d ", (int)page + 1);
		assert_non_null(strstr(buffer_string(&text), place));
		ask_everything(catalog);
		catalog_close(catalog);
		flip_byte(path, page * 4096 + 1000 + page);
		buffer_free(&text);
	}
}

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run(const char *format, ...)
{
	char command[4000];
	va_list args;
	va_start(args, format);
	vsnprintf(command, sizeof command, format, args);
	va_end(args);
	assert_int_equal(system(command), 0);
}

/* What both verifies say, which is the same; "" if all is well. */
static const char *verified(const struct fixture *fixture)
{
	static char told[2000];
	struct catalog *catalog = open_catalog(fixture, CATALOG_READ);
	struct buffer whole = buffer_with_ceiling(1u << 16), compared = buffer_with_ceiling(1u << 16);
	struct failure failure = {{0}, {0}};
	uint64_t pages = 0;
	enum status verified = catalog_verify(catalog, keep_damage, &whole, &pages, &failure),
		    agreed = journal_compare(catalog, keep_damage, &compared, &failure);
	snprintf(told, sizeof told, "%s", buffer_string(&whole));
	assert_string_equal(buffer_string(&compared), told);
	assert_int_equal(verified, told[0] != '\0' ? STATUS_MALFORMED : STATUS_OK);
	assert_int_equal(agreed, verified);
	buffer_free(&whole);
	buffer_free(&compared);
	catalog_close(catalog);
	return told;
}

static void sweep_once(const struct fixture *fixture)
{
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	sweep_into(catalog, "default");
	journal(catalog, "sweep", "default", "{}");
	catalog_close(catalog);
}

static void a_backup_is_a_catalog_without_its_key(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE), *copy;
	struct incident *incident;
	struct failure failure = {{0}, {0}};
	char directory[1200], key[1200];
	snprintf(directory, sizeof directory, "%s/backup", fixture->directory);
	snprintf(key, sizeof key, "%s/backup.key", fixture->directory);
	sweep_into(catalog, "default");
	journal(catalog, "sweep", "default", "{}");
	assert_int_equal(catalog_backup(catalog, directory, &failure), STATUS_OK);
	assert_int_equal(catalog_backup(catalog, directory, &failure), STATUS_DENIED);
	catalog_close(catalog);
	assert_int_equal(access(key, F_OK), -1);
	struct catalog_place without = {.directory = directory, .key_file = key},
			     with = {.directory = directory, .key_file = fixture->place.key_file};
	assert_int_equal(catalog_open(&without, CATALOG_READ, &copy, NULL, &failure), STATUS_DENIED);
	assert_int_equal(catalog_open(&with, CATALOG_READ, &copy, NULL, &failure), STATUS_OK);
	incident = open_incident(copy, "default", INCIDENT_READ);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "a.txt b.txt");
	incident_close(incident);
	catalog_close(copy);
}

/* However it is written: a copy within itself would be purged with it. */
static void a_backup_within_or_around_the_catalog_is_refused(void **state)
{
	static const char *const places[] = {
		"catalog",
		"catalog/",
		"catalog/copy",
		"catalog/copy//",
		"catalog/./copy",
		"other/../catalog/copy",
		"link",
		"link/",
		"link/copy",
		"",
		".",
		"..",
	};
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure = {{0}, {0}};
	char directory[1300];
	sweep_into(catalog, "default");
	run("cd '%s' && ln -s catalog link && mkdir other", fixture->directory);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		snprintf(directory, sizeof directory, "%s/%s", fixture->directory, places[i]);
		assert_int_equal(catalog_backup(catalog, directory, &failure), STATUS_DENIED);
		assert_non_null(strstr(failure.why, "within the catalog or around it"));
	}
	run("cd '%s' && test ! -e catalog/copy", fixture->directory);
	/* Beside it, whatever it is called, is a place of its own. */
	snprintf(directory, sizeof directory, "%s/catalog-copy/", fixture->directory);
	assert_int_equal(catalog_backup(catalog, directory, &failure), STATUS_OK);
	snprintf(directory, sizeof directory, "%s/other/", fixture->directory);
	assert_int_equal(catalog_backup(catalog, directory, &failure), STATUS_OK);
	snprintf(directory, sizeof directory, "%s/nowhere/copy", fixture->directory);
	assert_int_equal(catalog_backup(catalog, directory, &failure), STATUS_DENIED);
	assert_non_null(strstr(failure.why, "cannot be made"));
	catalog_close(catalog);
}

/* Its incidents and its tidemark.db are of one time, whatever begins and ends while they are copied. */
static void a_backup_made_beside_sweeps_agrees_with_itself(void **state)
{
	enum { SWEEPS = 40 };
	struct fixture *fixture = *state, copy = {.directory = fixture->directory};
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	char directory[1300];
	int how = 0, made = 0;
	sweep_into(catalog, "default");
	pid_t child = fork();
	if (child == 0) {
		for (int i = 0; i < SWEEPS; i++)
			sweep_once(fixture);
		_exit(0);
	}
	for (int i = 0; waitpid(child, &how, WNOHANG) == 0; i++) {
		struct failure failure = {{0}, {0}};
		snprintf(directory, sizeof directory, "%s/copy-%d", fixture->directory, i);
		enum status status = catalog_backup(catalog, directory, &failure);
		if (status == STATUS_BUSY)
			continue;
		assert_int_equal(status, STATUS_OK);
		copy.place = (struct catalog_place){.directory = directory, .key_file = fixture->place.key_file};
		assert_string_equal(verified(&copy), "");
		made++;
	}
	assert_int_equal(how, 0);
	assert_true(made > 0);
	catalog_close(catalog);
}

static void destroying_an_incident_leaves_the_others(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident;
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096);
	sweep_into(catalog, "one");
	sweep_into(catalog, "two");
	incident = open_incident(catalog, "one", INCIDENT_SWEEP);
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("one"), 0, &failure), STATUS_BUSY);
	incident_close(incident);
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("one"), 0, &failure), STATUS_OK);
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("one"), 0, &failure), STATUS_ABSENT);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("one"), INCIDENT_READ, &incident, &failure), STATUS_ABSENT);
	assert_int_equal(catalog_list_incidents(catalog, keep_incident, &text, &failure), STATUS_OK);
	assert_string_equal(buffer_string(&text), "two 2 2 0;");
	/* The name is free again. */
	sweep_into(catalog, "one");
	buffer_free(&text);
	catalog_close(catalog);
}

static void texts_expire_and_are_counted(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct sweep_summary summary;
	struct search_totals totals;
	struct failure failure;
	struct query_node letter = {.operation = QUERY_TERM, .field = QUERY_TEXT, .text = BYTES_LITERAL("letter")};
	struct query query = {.root = &letter};
	plan.keep_until = clock_now() - 1;
	assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
	leak_list(incident, leak, 2, true);
	leak_read(incident, &leak[0]);
	leak_read(incident, &leak[1]);
	leak_search(incident, &query, &totals);
	assert_int_equal(totals.total, 2);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_string_equal(leak_search(incident, &query, &totals), "");
	assert_int_equal(totals.total, 0);
	assert_int_equal(totals.unsearchable, 2);
	assert_string_equal(leak_find(incident, QUERY_ENTITY, "bob@contoso.com"), "");
	assert_int_equal(sweep_summarise(incident, &summary, &failure), STATUS_OK);
	assert_int_equal(summary.documents, 2);
	/* Read again, they are there again. */
	plan = leak_plan(&target);
	leak_redo = OUTCOME_READ;
	assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
	leak_list(incident, leak, 2, true);
	leak_read(incident, &leak[0]);
	leak_read(incident, &leak[1]);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	leak_search(incident, &query, &totals);
	assert_int_equal(totals.total, 2);
	assert_int_equal(totals.unsearchable, 0);
	incident_close(incident);
	assert_int_equal(catalog_purge(catalog, BYTES_NONE, clock_now(), &failure), STATUS_OK);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	leak_search(incident, &query, &totals);
	assert_int_equal(totals.total, 2);
	incident_close(incident);
	catalog_close(catalog);
}

/* One document that is not kept whole: all of its text dropped, or what lay past the limit. */
static void read_dropping(struct incident *incident, const char *name, bool with_text, uint64_t beyond)
{
	struct failure failure;
	struct id id = leak_id(name, NULL);
	struct letter *letter = letter_new(LETTER_DOCUMENT, 0);
	struct document_record record = {.modified = CLOCK_UNKNOWN,
	                                 .created = CLOCK_UNKNOWN,
	                                 .outcome = OUTCOME_READ,
	                                 .text = BYTES_LITERAL("a letter"),
	                                 .text_beyond = beyond};
	assert_non_null(letter);
	assert_int_equal(letter_copy_document(letter, &record, with_text), STATUS_OK);
	assert_int_equal(letter->document.text.len, with_text ? record.text.len : 0);
	assert_int_equal(letter->document.text_beyond, beyond + (with_text ? 0 : record.text.len));
	assert_int_equal(leak_put_document(incident, &id, &letter->document, &failure), STATUS_OK);
	assert_int_equal(
		leak_end_object(incident, &id, &(struct object_record){.outcome = OUTCOME_READ, .documents = 1}, &failure),
		STATUS_OK);
	letter_free(letter);
}

static void a_letter_owns_every_field_and_fact(void **state)
{
	char names[FIELD_COUNT][64];
	struct letter *letter = letter_new(LETTER_DOCUMENT, 0);
	struct document_record record = {.outcome = OUTCOME_READ};
	(void)state;
	assert_non_null(letter);
	fill_fields(&record.fields);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (!field_is_bytes(&field_table[i]))
			continue;
		struct bytes *filled = field_bytes(&field_table[i], &record.fields);
		memcpy(names[i], filled->at, filled->len);
		*filled = bytes_of(names[i], filled->len);
	}
	char number[FACT_NUMBER_SIZE], word[] = "pages";
	struct fact fact = fact_of_number(FACT_SEEN, word, 3, number);
	record.facts = &fact;
	record.fact_count = 1;
	assert_int_equal(letter_copy_document(letter, &record, true), STATUS_OK);
	memset(names, 'x', sizeof names);
	number[0] = word[0] = 'x';
	assert_true(bytes_equal_string(letter->document.facts[0].name, "pages"));
	assert_true(bytes_equal_string(letter->document.facts[0].value, "3"));
	fill_fields(&record.fields);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (!field_is_equal(&field_table[i], &letter->document.fields, &record.fields))
			fail_msg("%s is not the letter's own", field_table[i].name);
	letter_free(letter);
}

static void text_that_is_not_kept_counts_as_unsearchable(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct search_totals totals;
	struct failure failure;
	struct query_node letter = {.operation = QUERY_TERM, .field = QUERY_TEXT, .text = BYTES_LITERAL("letter")};
	struct query query = {.root = &letter};
	assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
	leak_list(incident, leak, 2, true);
	read_dropping(incident, leak[0].name, false, 0);
	read_dropping(incident, leak[1].name, true, 0);
	assert_string_equal(leak_search(incident, &query, &totals), leak[1].name);
	assert_int_equal(totals.unsearchable, 1);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_string_equal(leak_search(incident, &query, &totals), leak[1].name);
	assert_int_equal(totals.unsearchable, 1);
	/* What lies past the limit is found as far as it was kept. */
	leak_redo = OUTCOME_READ;
	assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
	leak_list(incident, leak, 2, true);
	read_dropping(incident, leak[0].name, true, 0);
	read_dropping(incident, leak[1].name, true, 5);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	leak_search(incident, &query, &totals);
	assert_int_equal(totals.total, 2);
	assert_int_equal(totals.unsearchable, 1);
	incident_close(incident);
	catalog_close(catalog);
}

static enum status keep_forecast(void *context, const struct purge_forecast *forecast)
{
	*(struct purge_forecast *)context = *forecast;
	return STATUS_OK;
}

static void a_purge_erases_what_has_expired_since(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct failure failure;
	struct buffer text = buffer_with_ceiling(4096);
	uint64_t pages;
	plan.keep_until = clock_now() + 3600;
	assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
	leak_list(incident, leak, 2, true);
	leak_read(incident, &leak[0]);
	leak_read(incident, &leak[1]);
	assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "a.txt b.txt");
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("default"), clock_now(), &failure), STATUS_BUSY);
	incident_close(incident);
	struct purge_forecast forecast = {.objects = 0};
	assert_int_equal(catalog_foresee(catalog, BYTES_NONE, clock_now(), keep_forecast, &forecast, &failure), STATUS_OK);
	assert_true(forecast.is_known);
	assert_int_equal(forecast.documents, 0);
	assert_int_equal(
		catalog_foresee(catalog, BYTES_LITERAL("default"), clock_now() + 3601, keep_forecast, &forecast, &failure),
		STATUS_OK);
	assert_int_equal(forecast.objects, 0);
	assert_true(forecast.documents > 0 && forecast.bytes > 0);
	assert_int_equal(catalog_foresee(catalog, BYTES_LITERAL("nowhere"), 0, keep_forecast, &forecast, &failure),
	                 STATUS_ABSENT);
	assert_int_equal(catalog_foresee(catalog, BYTES_LITERAL("default"), 0, keep_forecast, &forecast, &failure), STATUS_OK);
	assert_true(forecast.is_known && forecast.objects > 0 && forecast.documents > 0 && forecast.bytes > 4096);
	assert_int_equal(catalog_purge(catalog, BYTES_LITERAL("default"), clock_now() + 3601, &failure), STATUS_OK);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "");
	assert_string_equal(leak_find(incident, QUERY_NAME, "txt"), "a.txt b.txt");
	incident_close(incident);
	assert_int_equal(catalog_verify(catalog, keep_damage, &text, &pages, &failure), STATUS_OK);
	buffer_free(&text);
	catalog_close(catalog);
}

/* Whatever makes the index write out what it has gathered leaves a segment more to every search, and to a merge. */
static void an_archive_does_not_scatter_the_index(void **state)
{
	enum { ARCHIVES = 30 };
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	static const struct leak_part parts[] = {{"a", "a letter within", 0}, {"b", "another one", 0}, {NULL, NULL, 0}};
	struct leak_object archives[ARCHIVES];
	char names[ARCHIVES][16];
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state sweep;
	struct failure failure;
	int64_t segments = 0;
	for (size_t i = 0; i < ARCHIVES; i++) {
		snprintf(names[i], sizeof names[i], "%zu.zip", i);
		archives[i] = (struct leak_object){names[i], names[i], NULL, 0, 0, parts};
	}
	assert_int_equal(sweep_begin(incident, &plan, &sweep, &failure), STATUS_OK);
	leak_list(incident, archives, ARCHIVES, true);
	for (size_t i = 0; i < ARCHIVES; i++)
		leak_read(incident, &archives[i]);
	assert_int_equal(sweep_checkpoint(incident, &failure), STATUS_OK);
	/* A row of words_data is a page; the upper bits of its id are its segment's number. */
	sqlite3_stmt *count = database_take(&incident->store->database,
	                                    "SELECT count(DISTINCT id >> 37) FROM words_data WHERE id > 10");
	assert_int_equal(database_read_integer(&incident->store->database, count, 0, &segments), STATUS_OK);
	assert_in_range(segments, 1, 4);
	incident_close(incident);
	catalog_close(catalog);
}

/* ---- of one time ---- */

/* Keeps the catalog as it is now under a name, and puts back all of it or one file or folder. */
static void keep(const struct fixture *fixture, const char *name)
{
	run("rm -rf '%s/%s' && cp -a '%s' '%s/%s'", fixture->directory, name, fixture->place.directory, fixture->directory, name);
}

static void put_back(const struct fixture *fixture, const char *name, const char *what)
{
	run("cd '%s' && for at in catalog/%s; do rm -rf $at; done; cd %s && cp -a %s ../catalog/", fixture->directory, what, name,
	    what);
}

#define ALL_FILES "*"
#define INCIDENTS "??????????????????????????"
#define JOURNAL "tidemark.db*"

static void an_older_copy_of_an_incident_is_noticed(void **state)
{
	struct fixture *fixture = *state;
	sweep_once(fixture);
	keep(fixture, "first");
	sweep_once(fixture);
	keep(fixture, "second");
	assert_string_equal(verified(fixture), "");
	put_back(fixture, "first", INCIDENTS);
	assert_non_null(
		strstr(verified(fixture), "incident.db 0 incident default is older than the journal says: sweep 2 ended 2"));
	/* The journal's own copy says the other way round. */
	put_back(fixture, "second", ALL_FILES);
	put_back(fixture, "first", JOURNAL);
	assert_non_null(strstr(verified(fixture), "tidemark.db 0 the journal is older than incident default: sweep 2 ended 2"));
	/* Both of one time are a catalog, old as it is. */
	put_back(fixture, "first", ALL_FILES);
	assert_string_equal(verified(fixture), "");
	put_back(fixture, "second", ALL_FILES);
	assert_string_equal(verified(fixture), "");
	run("cd '%s/catalog' && rm -rf " INCIDENTS, fixture->directory);
	assert_non_null(strstr(verified(fixture), "incident default is missing: sweep 2 ended 2"));
}

/* The first sweep's numbers come again in no other: not even in one that began from an older copy and ended. */
static void a_sweep_from_an_older_copy_is_another(void **state)
{
	struct fixture *fixture = *state;
	sweep_once(fixture);
	keep(fixture, "first");
	sweep_once(fixture);
	keep(fixture, "second");
	put_back(fixture, "first", INCIDENTS);
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct failure failure;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
	assert_true(begun.is_older_copy);
	incident_close(incident);
	catalog_close(catalog);
	sweep_once(fixture);
	assert_string_equal(verified(fixture), "");
	put_back(fixture, "second", INCIDENTS);
	assert_non_null(strstr(verified(fixture), "is older than the journal says"));
}

static void a_purge_is_not_undone_by_an_older_copy(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog;
	struct failure failure;
	sweep_once(fixture);
	catalog = open_catalog(fixture, CATALOG_CREATE);
	keep(fixture, "before");
	assert_int_equal(catalog_purge(catalog, BYTES_NONE, true, &failure), STATUS_OK);
	catalog_close(catalog);
	assert_string_equal(verified(fixture), "");
	put_back(fixture, "before", INCIDENTS);
	assert_non_null(strstr(verified(fixture), "is older than the journal says: it was written to since"));
}

/* Begun, left, and gone on with: each is a step that an older copy lacks. */
static void an_unfinished_sweep_has_its_time(void **state)
{
	struct fixture *fixture = *state;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct failure failure;
	sweep_once(fixture);
	keep(fixture, "swept");
	for (unsigned round = 0; round < 3; round++) {
		struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
		struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
		assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
		assert_int_equal(begun.is_continued, round > 0);
		assert_false(begun.is_older_copy);
		assert_string_equal(verified(fixture), "");
		keep(fixture, "begun");
		leak_list(incident, leak, 2, round == 2);
		if (round < 2)
			assert_int_equal(sweep_leave(incident, &failure), STATUS_OK);
		else
			assert_int_equal(sweep_end(incident, true, &failure), STATUS_OK);
		incident_close(incident);
		catalog_close(catalog);
		keep(fixture, "now");
		assert_string_equal(verified(fixture), "");
		put_back(fixture, "begun", INCIDENTS);
		assert_non_null(strstr(verified(fixture), "is older than the journal says"));
		put_back(fixture, "swept", INCIDENTS);
		assert_non_null(strstr(verified(fixture), "is older than the journal says"));
		put_back(fixture, "now", ALL_FILES);
	}
}

/* The steps of a turn, and death between any two of them. */
static void being_killed_is_no_disagreement(void **state)
{
	struct fixture *fixture = *state;
	struct sweep_target target = leak_target();
	struct sweep_plan plan = leak_plan(&target);
	struct sweep_state begun;
	struct failure failure;
	sweep_once(fixture);
	for (int death = 0; death < 5; death++) {
		pid_t child = fork();
		if (child == 0) {
			struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
			struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
			uint64_t turn = 0;
			if (death == 3)
				assert_int_equal(sweep_begin(incident, &plan, &begun, &failure), STATUS_OK);
			else if (death == 4)
				leak_sweep(incident, leak, 2, NULL);
			else
				assert_int_equal(turn_draw(incident, &turn, &failure), STATUS_OK);
			if (death == 1 || death == 2)
				assert_int_equal(incident->backend->leave(incident->store, turn, &failure), STATUS_OK);
			if (death == 2)
				assert_int_equal(turn_tell(incident, &failure), STATUS_OK);
			kill(getpid(), SIGKILL);
		}
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_string_equal(verified(fixture), "");
	}
	sweep_once(fixture);
	assert_string_equal(verified(fixture), "");
}

/* Rows that are not those the last sweep left, whoever took them. */
static void other_counts_than_the_journal_knows_are_noticed(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog;
	struct incident *incident;
	sweep_once(fixture);
	catalog = open_catalog(fixture, CATALOG_CREATE);
	incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	assert_int_equal(database_execute(&incident->store->database, "UPDATE document SET state = 2 WHERE number = 1;"
	                                                              "UPDATE census SET live = 1, objects = 1, documents = 1"),
	                 STATUS_OK);
	incident_close(incident);
	catalog_close(catalog);
	assert_non_null(strstr(verified(fixture), "has 1 objects and 1 documents, where sweep 1 left 2 and 2"));
}

/* ---- sums ---- */

static int64_t total_of(struct database *database, const char *sql)
{
	int64_t total = -1;
	assert_int_equal(database_read_integer(database, database_prepare(database, sql), -1, &total), STATUS_OK);
	return total;
}

static void totals_saturate_products_and_sums(void **state)
{
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	struct database *database = &incident->store->database;
	assert_int_equal(total_of(database, "SELECT tm_total(column1) FROM (VALUES (1), (NULL), (-5), (41))"), 42);
	assert_int_equal(total_of(database, "SELECT tm_total(column1, column2) FROM (VALUES (3, 4), (5, 6), (NULL, 9))"), 42);
	assert_int_equal(total_of(database, "SELECT tm_total(1) WHERE 0"), 0);
	assert_int_equal(total_of(database, "SELECT tm_total(column1) FROM (VALUES (9223372036854775806), (1))"), INT64_MAX);
	assert_int_equal(
		total_of(database, "SELECT tm_total(column1) FROM (VALUES (9223372036854775807), (9223372036854775807), (3))"),
		INT64_MAX);
	assert_int_equal(total_of(database, "SELECT tm_total(column1, column1) FROM (VALUES (9223372036854775807), (2))"),
	                 INT64_MAX);
	incident_close(incident);
	catalog_close(catalog);
}

/* ---- versions of the tables ---- */

static void a_newer_schema_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct failure failure;
	catalog_close(catalog);
	tamper(fixture, "PRAGMA user_version = 99");
	for (int mode = CATALOG_READ; mode <= CATALOG_CREATE; mode++)
		assert_int_equal(catalog_open(&fixture->place, (enum catalog_mode)mode, &catalog, NULL, &failure),
		                 STATUS_UNSUPPORTED);
	assert_non_null(strstr(failure.why, "newer"));
}

/* What undoes each step of an incident's tables, the newest first; what it had put there is gone. */
static const struct {
	int schema;
	const char *undo[9];
} undone[] = {
	{14,
         {"DROP TABLE access; DROP TABLE access_object; DROP TABLE access_place", "DROP TABLE access_network",
          "DROP TABLE access_span; DROP TABLE log_file", "DROP TABLE index_entry; DROP TABLE copy", NULL}},
	{13,
         {"DROP TABLE people", "DROP TABLE person_salt", "DROP TABLE person", "DROP TABLE person_record", "DROP TABLE person_key",
          "DROP INDEX fact_person", NULL}},
	{12,
         {"DROP TABLE register", "DROP TABLE register_domain", "DROP TABLE register_term", "DROP TABLE register_import",
          "DROP TABLE word_contents", NULL}},
	{11,
         {"ALTER TABLE attribution DROP COLUMN part", "ALTER TABLE attribution DROP COLUMN name",
          "ALTER TABLE attribution DROP COLUMN country", "ALTER TABLE attribution DROP COLUMN country_by", NULL}},
	{10, {"DROP TABLE band", "DROP TABLE member", "DROP TABLE family", "DROP TABLE kinship", NULL}},
	{9, {"DROP TABLE rules", "ALTER TABLE content DROP COLUMN renewed", "ALTER TABLE content DROP COLUMN is_altered", NULL}},
	{8,
         {"DROP INDEX content_class", "DROP INDEX content_signing", "ALTER TABLE content DROP COLUMN class",
          "ALTER TABLE content DROP COLUMN signing", NULL}},
	{7, {"ALTER TABLE document DROP COLUMN shown_path", NULL}},
};

static void go_back_to(struct incident *incident, int schema)
{
	char version[64];
	snprintf(version, sizeof version, "PRAGMA user_version = %d", schema);
	for (size_t i = 0; i < sizeof undone / sizeof *undone && undone[i].schema > schema; i++)
		for (const char *const *step = undone[i].undo; *step != NULL; step++)
			assert_int_equal(database_execute(&incident->store->database, *step), STATUS_OK);
	assert_int_equal(database_execute(&incident->store->database, version), STATUS_OK);
}

/* Schema 7 had no classes: what was read by it has none until it is read again. */
static void a_catalog_without_classes_gets_them(void **state)
{
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	sweep_into(catalog, "default");
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	go_back_to(incident, 7);
	incident_close(incident);
	incident_close(open_incident(catalog, "default", INCIDENT_SWEEP));
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "a.txt b.txt");
	assert_string_equal(leak_find(incident, QUERY_CLASS, "other"), "");
	incident_close(incident);
	sweep_into(catalog, "default");
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "a.txt b.txt");
	incident_close(incident);
	catalog_close(catalog);
}

/* Schema 8 did not say which kinds its rules looked for: what they found they had, and what all of them did. */
static void a_catalog_that_does_not_say_what_it_looked_for_gets_it(void **state)
{
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	struct coverage coverage;
	struct failure failure;
	sweep_into(catalog, "default");
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	go_back_to(incident, 8);
	assert_int_equal(database_execute(&incident->store->database,
	                                  "INSERT INTO entity (number, kind, value) VALUES (77, 21, 'Q-1'), (78, 19, 'O-1');"
	                                  "INSERT INTO occurrence (entity, content, mentions)"
	                                  " SELECT 77, max(number), 1 FROM content"),
	                 STATUS_OK);
	incident_close(incident);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(incident_coverage(incident, &coverage, &failure), STATUS_OK);
	assert_int_equal(coverage.documents, 2);
	const enum finding_kind looked_for[] = {FINDING_EMAIL, FINDING_DOMAIN,     FINDING_URL,  FINDING_STORAGE_URL,
	                                        FINDING_IP,    FINDING_MESSAGE_ID, FINDING_QUOTE};
	for (size_t i = 0; i < sizeof looked_for / sizeof *looked_for; i++)
		assert_int_equal(coverage.looked_through[looked_for[i]], 2);
	assert_int_equal(coverage.looked_through[FINDING_ORDER], 0);
	assert_int_equal(coverage.older_rules[FINDING_ORDER], 2);
	assert_false(coverage_is_looked_for(&coverage, FINDING_IBAN));
	incident_close(incident);
	catalog_close(catalog);
}

/* Schema 8 had no sketches: nobody can say how many documents there are where a family is one, until all are read again. */
static void a_catalog_without_sketches_does_not_resolve(void **state)
{
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	struct failure failure;
	struct ledger ledger;
	struct arena arena = arena_with_ceiling(1 << 20);
	sweep_into(catalog, "default");
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	assert_int_equal(incident_ledger(incident, &arena, &ledger, &failure), STATUS_OK);
	assert_true(ledger.documents.is_resolved);
	assert_int_equal(ledger.documents.resolved, ledger.documents.distinct);
	go_back_to(incident, 8);
	incident_close(incident);
	sweep_into(catalog, "default");
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(incident_ledger(incident, &arena, &ledger, &failure), STATUS_OK);
	assert_false(ledger.documents.is_resolved);
	incident_close(incident);
	arena_free(&arena);
	catalog_close(catalog);
}
static enum status see_person(void *context, const struct person_summary *summary)
{
	(void)summary;
	++*(int *)context;
	return STATUS_OK;
}

/* Schema 8 told nobody apart: that is not "nobody", and the next sweep does it. */
static void a_catalog_without_people_gets_them(void **state)
{
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	const struct people_filter all = {.elements = 0};
	struct buffer cursor = buffer_with_ceiling(1000);
	struct failure failure;
	int people = 0;
	sweep_into(catalog, "default");
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	go_back_to(incident, 8);
	incident_close(incident);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(incident_people(incident, &all, BYTES_NONE, see_person, &people, &cursor, &failure), STATUS_ABSENT);
	incident_close(incident);
	sweep_into(catalog, "default");
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(incident_people(incident, &all, BYTES_NONE, see_person, &people, &cursor, &failure), STATUS_OK);
	incident_close(incident);
	buffer_free(&cursor);
	catalog_close(catalog);
}

static const char *const first_step[] = {"CREATE TABLE a (x);", "INSERT INTO a VALUES (1);", NULL};
static const char *const second_step[] = {"ALTER TABLE a ADD COLUMN y DEFAULT 2;", NULL};
static const char *const bad_step[] = {"INSERT INTO a (x) VALUES (7);", "THIS IS NOT SQL;", NULL};

static int64_t read_number(struct database *database, const char *sql)
{
	int64_t value = -1;
	assert_int_equal(database_read_integer(database, database_prepare(database, sql), -1, &value), STATUS_OK);
	return value;
}

/* Schema 8 knew neither parts nor names of owners: they stay unknown until it is read again, and who owns what stays. */
static void a_catalog_without_parts_gets_them(void **state)
{
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	sweep_into(catalog, "default");
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	go_back_to(incident, 8);
	incident_close(incident);
	incident_close(open_incident(catalog, "default", INCIDENT_SWEEP));
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(
		read_number(&incident->store->database, "SELECT count(*) FROM attribution WHERE part = 0 AND name IS NULL"),
		read_number(&incident->store->database, "SELECT count(*) FROM attribution"));
	assert_string_equal(leak_find(incident, QUERY_ORGANISATION, "contoso.com"), "a.txt");
	incident_close(incident);
	catalog_close(catalog);
}

/* Schema 8 had no register: it is empty, and what was swept is as it was. */
static void a_catalog_without_a_register_gets_an_empty_one(void **state)
{
	struct catalog *catalog = open_catalog(*state, CATALOG_CREATE);
	struct register_state register_state;
	struct failure failure;
	uint64_t contents = 0, all = 0;
	sweep_into(catalog, "default");
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	int64_t documents = read_number(&incident->store->database, "SELECT count(*) FROM document");
	go_back_to(incident, 8);
	incident_close(incident);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(incident_register_state(incident, &register_state, &failure), STATUS_OK);
	assert_false(register_state.is_there);
	assert_int_equal(read_number(&incident->store->database, "SELECT count(*) FROM document"), documents);
	assert_int_equal(incident_word_contents(incident, BYTES_LITERAL("contoso"), &contents, &all, &failure), STATUS_OK);
	assert_true(contents > 0 && contents <= all);
	incident_close(incident);
	catalog_close(catalog);
}

static void steps_are_taken_once_and_backed_up(void **state)
{
	static const struct migration steps[] = {{4, first_step}, {5, second_step}, {6, bad_step}};
	struct schema one = {steps, 1}, two = {steps, 2}, three = {steps, 3};
	struct fixture *fixture = *state;
	struct database database;
	struct failure failure;
	struct vault_key key = {{7}};
	bool is_older = false;
	char path[1100], before[1200];
	snprintf(path, sizeof path, "%s/x.db", fixture->directory);
	snprintf(before, sizeof before, "%s.before-5", path);
	assert_int_equal(vault_start(), STATUS_OK);
	assert_int_equal(database_open(&database, path, &key, (const unsigned char *)"sixteen bytes ok", PAGES_CREATE, &failure),
	                 STATUS_OK);
	assert_int_equal(schema_check(&database, &one, &is_older, &failure), STATUS_ABSENT);
	assert_int_equal(schema_upgrade(&database, &one, &failure), STATUS_OK);
	assert_int_equal(access(before, F_OK), -1);
	assert_int_equal(schema_check(&database, &two, &is_older, &failure), STATUS_OK);
	assert_true(is_older);
	assert_int_equal(schema_upgrade(&database, &two, &failure), STATUS_OK);
	assert_int_equal(access(before, F_OK), 0);
	assert_int_equal(schema_upgrade(&database, &two, &failure), STATUS_OK);
	assert_int_equal(read_number(&database, "SELECT sum(x + y) FROM a"), 3);
	/* A step that fails changes nothing. */
	assert_int_not_equal(schema_upgrade(&database, &three, &failure), STATUS_OK);
	assert_int_equal(read_number(&database, "SELECT count(*) FROM a"), 1);
	assert_int_equal(read_number(&database, "PRAGMA user_version"), 5);
	assert_int_equal(schema_check(&database, &one, &is_older, &failure), STATUS_UNSUPPORTED);
	/* No step leads on from before the first. */
	assert_int_equal(database_execute(&database, "PRAGMA user_version = 3"), STATUS_OK);
	assert_int_equal(schema_check(&database, &two, &is_older, &failure), STATUS_UNSUPPORTED);
	assert_int_equal(schema_upgrade(&database, &two, &failure), STATUS_UNSUPPORTED);
	assert_non_null(strstr(failure.why, "earlier build of tidemark (schema 3, this one reads 4 and later)"));
	assert_int_equal(read_number(&database, "SELECT count(*) FROM a"), 1);
	database_close(&database);
}

/* A build before this column had all that it knew of paths in the other. */
static void an_incident_without_shown_paths_gets_them(void **state)
{
	struct fixture *fixture = *state;
	static const struct leak_part parts[] = {{"Pr\x81"
	                                          "fung.txt",
	                                          "a letter of before", 0},
	                                         {NULL, NULL, 0}};
	static const struct leak_object before[] = {{"a.zip", "x", NULL, 0, 0, parts},
	                                            {"b.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL}};
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	leak_sweep(incident, before, 2, NULL);
	go_back_to(incident, 6);
	incident_close(incident);
	catalog_close(catalog);
	catalog = open_catalog(fixture, CATALOG_APPEND);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(read_number(&incident->store->database, "PRAGMA user_version"), undone[0].schema);
	assert_int_equal(read_number(&incident->store->database, "SELECT count(*) FROM document WHERE shown_path IS NOT NULL"),
	                 0);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "a.zip!/Pr\x81"
	                                                               "fung.txt b.txt");
	assert_string_equal(leak_find(incident, QUERY_NAME, "fung"), "a.zip!/Pr\x81"
	                                                             "fung.txt");
	assert_string_equal(leak_find(incident, QUERY_ENTITY, "bob@contoso.com"), "b.txt");
	incident_close(incident);
	incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	leak_sweep(incident, before, 2, NULL);
	incident_close(incident);
	catalog_close(catalog);
	assert_string_equal(verified(fixture), "");
}

/* Schema 14 knew no logs and no copies: they are empty, and unknown is what is said of who took it. */
static void an_incident_without_reads_gets_them(void **state)
{
	struct fixture *fixture = *state;
	static const struct leak_object before[] = {{"b.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL}};
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident = open_incident(catalog, "default", INCIDENT_SWEEP);
	struct reads_sums sums;
	struct failure failure;
	leak_sweep(incident, before, 1, NULL);
	go_back_to(incident, 14);
	incident_close(incident);
	catalog_close(catalog);
	catalog = open_catalog(fixture, CATALOG_APPEND);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_int_equal(incident_reads_sums(incident, &sums, &failure), STATUS_OK);
	assert_int_equal(sums.records, 0);
	assert_string_equal(leak_find(incident, QUERY_ENTITY, "bob@contoso.com"), "b.txt");
	incident_close(incident);
	catalog_close(catalog);
	assert_string_equal(verified(fixture), "");
}

/* ---- places that cannot be written ---- */

static void a_directory_that_cannot_be_written_can_be_read(void **state)
{
	struct fixture *fixture = *state;
	struct catalog *catalog = open_catalog(fixture, CATALOG_CREATE);
	struct incident *incident;
	char path[1200] = "", command[1400];
	sweep_into(catalog, "default");
	catalog_close(catalog);
	find_database(fixture, path, sizeof path);
	if (geteuid() == 0)
		skip();
	snprintf(command, sizeof command, "chmod -R a-w '%s'", fixture->place.directory);
	assert_int_equal(system(command), 0);
	catalog = open_catalog(fixture, CATALOG_READ);
	incident = open_incident(catalog, "default", INCIDENT_READ);
	assert_string_equal(leak_find(incident, QUERY_TEXT, "letter"), "a.txt b.txt");
	incident_close(incident);
	catalog_close(catalog);
	struct failure failure;
	assert_int_equal(catalog_open(&fixture->place, CATALOG_APPEND, &catalog, NULL, &failure), STATUS_DENIED);
	snprintf(command, sizeof command, "chmod -R u+w '%s'", fixture->place.directory);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(the_first_opening_makes_a_key_and_says_so),
		TEST(a_key_without_a_catalog_is_used_again),
		TEST(a_catalog_without_its_key_is_an_error),
		TEST(another_key_opens_nothing),
		TEST(a_stolen_directory_tells_nothing),
		TEST(a_second_sweep_of_an_incident_is_told_who_holds_it),
		TEST(a_dead_holder_holds_nothing),
		TEST(incidents_are_listed_with_their_counts),
		TEST(readers_see_a_sweep_as_it_goes),
		TEST(the_journal_outlives_an_erased_key),
		TEST(the_journal_is_asked_by_time_and_verb),
		TEST(an_entry_of_before_says_what_and_not_who),
		TEST(a_changed_journal_is_noticed),
		TEST(two_processes_append_one_chain),
		TEST(a_whole_catalog_verifies),
		TEST(a_flipped_byte_is_found_and_crashes_nothing),
		TEST(an_archive_does_not_scatter_the_index),
		TEST(a_backup_is_a_catalog_without_its_key),
		TEST(a_backup_within_or_around_the_catalog_is_refused),
		TEST(a_backup_made_beside_sweeps_agrees_with_itself),
		TEST(destroying_an_incident_leaves_the_others),
		TEST(a_letter_owns_every_field_and_fact),
		TEST(texts_expire_and_are_counted),
		TEST(text_that_is_not_kept_counts_as_unsearchable),
		TEST(a_purge_erases_what_has_expired_since),
		TEST(an_older_copy_of_an_incident_is_noticed),
		TEST(a_sweep_from_an_older_copy_is_another),
		TEST(a_purge_is_not_undone_by_an_older_copy),
		TEST(an_unfinished_sweep_has_its_time),
		TEST(being_killed_is_no_disagreement),
		TEST(other_counts_than_the_journal_knows_are_noticed),
		TEST(totals_saturate_products_and_sums),
		TEST(a_newer_schema_is_refused),
		TEST(a_catalog_that_does_not_say_what_it_looked_for_gets_it),
		TEST(a_catalog_without_classes_gets_them),
		TEST(a_catalog_without_sketches_does_not_resolve),
		TEST(a_catalog_without_parts_gets_them),
		TEST(a_catalog_without_a_register_gets_an_empty_one),
		TEST(a_catalog_without_people_gets_them),
		TEST(steps_are_taken_once_and_backed_up),
		TEST(an_incident_without_shown_paths_gets_them),
		TEST(an_incident_without_reads_gets_them),
		TEST(a_directory_that_cannot_be_written_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A question is on record before it is answered, or it is not answered. */
#include "contract/backend/leak.h"

#include "answer/desk.h"
#include "catalog/inside.h"
#include "cli/errors.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

static const struct leak_object leak[] = {{"a.txt", "a letter to bob@contoso.com", NULL, 0, 0, NULL}};

static char *directory;
static struct catalog_place place;

static void execute(const char *sql)
{
	struct catalog *catalog;
	struct failure failure;
	assert_int_equal(catalog_open(&place, CATALOG_APPEND, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(database_execute(&catalog->database, sql), STATUS_OK);
	catalog_close(catalog);
}

static int set_up(void **state)
{
	struct catalog *catalog;
	struct incident *incident;
	struct failure failure;
	(void)state;
	directory = leak_directory();
	place = leak_place(directory);
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	leak_sweep(incident, leak, 1, NULL);
	incident_close(incident);
	catalog_close(catalog);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	leak_remove(directory);
	return 0;
}

static struct desk desk_of(const char *incident, bool may_be_off_record)
{
	return (struct desk){
		.place = place, .incident_name = incident, .operator_name = "anna", .may_be_off_record = may_be_off_record};
}

static const struct desk_question question = {"search", {(const unsigned char *)"{\"query\":\"bob\"}", 15}, true};

static enum status count(void *context, const struct journal_entry *entry)
{
	assert_true(bytes_equal_string(entry->operator_name, "anna"));
	++*(unsigned *)context;
	return STATUS_OK;
}

static unsigned count_entries(void)
{
	struct catalog *catalog;
	struct failure failure;
	unsigned entries = 0;
	assert_int_equal(catalog_open(&place, CATALOG_READ, &catalog, NULL, &failure), STATUS_OK);
	assert_int_equal(journal_show(catalog, &(struct journal_question){.since = INT64_MIN}, count, &entries, &failure),
	                 STATUS_OK);
	catalog_close(catalog);
	return entries;
}

static void assert_shut(const struct desk *desk)
{
	assert_null(desk->catalog);
	assert_null(desk->incident);
}

static void what_is_handed_out_is_on_record(void **state)
{
	struct desk desk = desk_of("default", false);
	struct failure failure = {.why = ""};
	(void)state;
	assert_int_equal(desk_ask(&desk, &question, &failure), STATUS_OK);
	assert_false(desk.is_off_record);
	assert_int_equal(count_entries(), 1);
	assert_string_equal(leak_find(desk.incident, QUERY_TEXT, "letter"), "a.txt");
	desk_close(&desk);
	assert_shut(&desk);
}

static void what_cannot_be_put_on_record_is_not_answered(void **state)
{
	struct failure failure = {.why = ""};
	(void)state;
	execute("CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no'); END");
	for (int may = 0; may <= 1; may++) {
		struct desk desk = desk_of("default", may != 0);
		enum status status = desk_ask(&desk, &question, &failure);
		assert_int_not_equal(status, STATUS_OK);
		assert_int_equal(errors_exit_code(status), 1);
		assert_non_null(strstr(failure.why, "not answered, for it cannot be put on record"));
		assert_false(desk.is_off_record);
		assert_shut(&desk);
	}
	assert_int_equal(count_entries(), 0);
}

static void what_is_not_there_is_not_on_record(void **state)
{
	struct desk desk = desk_of("summer", true);
	struct failure failure = {.why = ""};
	(void)state;
	assert_int_equal(desk_ask(&desk, &question, &failure), STATUS_ABSENT);
	assert_string_equal(failure.where, "summer");
	assert_shut(&desk);
	assert_int_equal(count_entries(), 0);
}

/* A detail that the log has no room for, where all else has. */
static void a_full_disk_answers_only_who_may_ask_off_the_record(void **state)
{
	struct rlimit unlimited, full;
	struct failure failure = {.why = ""};
	struct buffer detail = buffer_with_ceiling(1 << 20);
	struct desk subject = desk_of("default", false), owner = desk_of("default", true);
	(void)state;
	for (int i = 0; i < 400000; i++)
		buffer_append_byte(&detail, ' ');
	const struct desk_question large = {"search", buffer_bytes(&detail), true};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
	full = unlimited;
	full.rlim_cur = 128 * 1024;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	enum status refused = desk_ask(&subject, &large, &failure);
	enum status answered = desk_ask(&owner, &large, &failure);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
	assert_int_equal(refused, STATUS_NO_SPACE);
	assert_shut(&subject);
	assert_int_equal(answered, STATUS_OK);
	assert_true(owner.is_off_record);
	assert_string_not_equal(owner.off_record.why, "");
	assert_string_equal(leak_find(owner.incident, QUERY_TEXT, "letter"), "a.txt");
	assert_int_equal(desk_record(&owner, "search", question.detail, &failure), STATUS_OK);
	desk_close(&owner);
	assert_int_equal(count_entries(), 0);
	buffer_free(&detail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(what_is_handed_out_is_on_record),
		TEST(what_cannot_be_put_on_record_is_not_answered),
		TEST(what_is_not_there_is_not_on_record),
		TEST(a_full_disk_answers_only_who_may_ask_off_the_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

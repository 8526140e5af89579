/* SPDX-License-Identifier: Apache-2.0 */
/* The index of names, asked through catalog/names.h alone: candidates may be too many, never too few. */
#include "contract/backend/leak.h"

#include "catalog/names.h"
#include "catalog/sqlite/opening.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const paths[] = {
	"2021/Rechnung_M\xC3\xBCller.txt", "backup.zip!/mail/1.eml", "a/b/c.d", "\xE6\x9D\xB1\xE4\xBA\xAC/x.csv", "no match",
};
enum { PATHS = sizeof paths / sizeof *paths };

struct fixture {
	char *directory;
	struct store store;
};

static int set_up(void **state)
{
	static const struct vault_key key = {{7}};
	struct fixture *fixture = calloc(1, sizeof *fixture);
	struct failure failure;
	assert_non_null(fixture);
	fixture->directory = leak_directory();
	assert_int_equal(vault_start(), STATUS_OK);
	struct store_place place = {fixture->directory, &key, (const unsigned char *)"sixteen bytes ok"};
	assert_int_equal(opening_open(&fixture->store, &place, PAGES_CREATE, &failure), STATUS_OK);
	for (int i = 0; i < PATHS; i++)
		assert_int_equal(names_add(&fixture->store.database, i + 1, bytes_of_string(paths[i])), STATUS_OK);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	opening_close(&fixture->store);
	leak_remove(fixture->directory);
	free(fixture);
	return 0;
}

/* The numbers of the candidates, a digit each, in order. */
static int64_t candidates(struct database *database, const struct buffer *question)
{
	char sql[256];
	int64_t numbers = 0;
	snprintf(sql, sizeof sql, "SELECT group_concat(n, '') FROM (SELECT rowid AS n FROM (%s?1) ORDER BY 1)", names_candidates);
	sqlite3_stmt *find = database_prepare(database, sql);
	bind_text(find, 1, buffer_bytes(question));
	assert_int_equal(database_read_integer(database, find, 0, &numbers), STATUS_OK);
	return numbers;
}

static int64_t having(struct store *store, const char *substring)
{
	struct buffer folded = buffer_with_ceiling(256), question = buffer_with_ceiling(4096);
	fold_append(store->fold, &folded, bytes_of_string(substring));
	assert_true(names_ask_substring(buffer_bytes(&folded), &question));
	int64_t numbers = candidates(&store->database, &question);
	buffer_free(&folded);
	buffer_free(&question);
	return numbers;
}

static int64_t saying(struct store *store, const char *phrase)
{
	struct buffer question = buffer_with_ceiling(4096);
	assert_true(names_ask_phrase(store->fold, bytes_of_string(phrase), false, &question));
	int64_t numbers = candidates(&store->database, &question);
	buffer_free(&question);
	return numbers;
}

static void what_has_it_is_a_candidate(void **state)
{
	struct store *store = &((struct fixture *)*state)->store;
	assert_int_equal(having(store, "chnung_"), 1);
	assert_int_equal(having(store, "MULLER"), 1);
	assert_int_equal(having(store, ".zip!/"), 2);
	assert_int_equal(having(store, "unheard of"), 0);
	assert_int_equal(saying(store, "rechnung"), 1);
	assert_int_equal(saying(store, "b"), 3);
	assert_int_equal(saying(store, "mail"), 2);
	assert_int_equal(saying(store, "\xE6\x9D\xB1"), 4);
}

static void what_is_too_short_or_wordless_is_no_question(void **state)
{
	struct store *store = &((struct fixture *)*state)->store;
	struct buffer question = buffer_with_ceiling(4096);
	assert_false(names_ask_substring(BYTES_LITERAL("ab"), &question));
	assert_false(names_ask_phrase(store->fold, BYTES_LITERAL("!/"), false, &question));
	assert_int_equal(question.len, 0);
	buffer_free(&question);
}

static void it_stays_whole_when_it_is_brought_into_order(void **state)
{
	struct store *store = &((struct fixture *)*state)->store;
	for (int i = 0; i < 40; i++)
		assert_int_equal(names_add(&store->database, 100 + i, BYTES_LITERAL("one more")), STATUS_OK);
	assert_int_equal(names_merge(&store->database), STATUS_OK);
	assert_int_equal(names_verify(&store->database), STATUS_OK);
	assert_int_equal(having(store, "chnung_"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_has_it_is_a_candidate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_too_short_or_wordless_is_no_question, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_stays_whole_when_it_is_brought_into_order, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

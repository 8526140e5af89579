/* SPDX-License-Identifier: Apache-2.0 */
/* Who is let in, for how long, and what wrong passwords cost whom. */
#include "contract/backend/leak.h"

#include "base/digest.h"
#include "catalog/inside.h"
#include "catalog/sign-ins.h"
#include "catalog/users.h"
#include "model/peer.h"
#include "vault/password.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOON = 1800000000 };

static char *directory;
static struct catalog *catalog;

static int set_up(void **state)
{
	struct failure failure;
	(void)state;
	directory = leak_directory();
	struct catalog_place place = leak_place(directory);
	assert_int_equal(catalog_open(&place, CATALOG_CREATE, &catalog, NULL, &failure), STATUS_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (catalog != NULL)
		catalog_close(catalog);
	leak_remove(directory);
	return 0;
}

static bool add(const char *name, enum user_role role, const char *password)
{
	const struct new_user user = {bytes_of_string(name), bytes_of_string(password), role, NOON};
	bool was_there = false;
	assert_int_equal(catalog_add_user(catalog, &user, &was_there, NULL), STATUS_OK);
	return was_there;
}

static struct sign_in sign_in(const char *name, const char *password, const char *address, int64_t now)
{
	const struct sign_in_attempt attempt = {bytes_of_string(name), bytes_of_string(password), bytes_of_string(address), now};
	struct sign_in result = {.wait = 77};
	struct failure failure = {.why = ""};
	if (sign_in_begin(catalog, &attempt, &result, &failure) != STATUS_OK)
		fail_msg("%s", failure.why);
	return result;
}

static bool is_known(const struct sign_in *who, int64_t now)
{
	struct sign_in found;
	enum status status = sign_in_find(catalog, bytes_of_string(who->token), now, &found, NULL);
	if (status == STATUS_OK) {
		assert_string_equal(found.name, who->name);
		assert_int_equal(found.role, who->role);
		assert_string_equal(found.token, "");
	}
	return status == STATUS_OK;
}

static enum status count_one(void *context, const struct user *user)
{
	assert_true(user->name.len > 0);
	++*(unsigned *)context;
	return STATUS_OK;
}

/* What rows would mean to try without taking a tenth of a second each. */
static void put_attempts(const char *name, const char *address, unsigned count, int64_t time)
{
	unsigned char asker[PEER_ASKER_SIZE];
	peer_asker(bytes_of_string(address), asker);
	for (unsigned i = 0; i < count; i++) {
		sqlite3_stmt *row = database_take(&catalog->database,
		                                  "INSERT INTO sign_in_attempt (name, address, time) VALUES (?1, ?2, ?3)");
		bind_text(row, 1, bytes_of_string(name));
		bind_blob(row, 2, bytes_of(asker, sizeof asker));
		bind_integer(row, 3, time);
		assert_int_equal(database_run(&catalog->database, row), STATUS_OK);
	}
}

static void who_has_the_password_is_let_in(void **state)
{
	(void)state;
	assert_false(add("anna", USER_ADMIN, "a long one"));
	struct sign_in who = sign_in("anna", "a long one", "192.0.2.1", NOON);
	assert_int_equal(who.verdict, SIGN_IN_RIGHT);
	assert_string_equal(who.name, "anna");
	assert_int_equal(who.role, USER_ADMIN);
	assert_int_equal(strlen(who.token), SIGN_IN_TOKEN_SIZE - 1);
	assert_true(is_known(&who, NOON));
	struct sign_in again = sign_in("anna", "a long one", "192.0.2.1", NOON);
	assert_string_not_equal(again.token, who.token);
	const char *const wrong[][2] = {
		{"anna", "a long on"}, {"anna", ""}, {"Anna", "a long one"}, {"nobody", "a long one"}, {"", ""}};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct sign_in refused = sign_in(wrong[i][0], wrong[i][1], "192.0.2.9", NOON);
		assert_int_equal(refused.verdict, SIGN_IN_WRONG);
		assert_string_equal(refused.token, "");
		assert_string_equal(refused.name, "");
	}
}

static void neither_password_nor_token_is_kept(void **state)
{
	sqlite3_stmt *row;
	(void)state;
	add("anna", USER_ADMIN, "a long one");
	struct sign_in who = sign_in("anna", "a long one", "192.0.2.1", NOON);
	row = database_take(&catalog->database,
	                    "SELECT u.password, s.digest FROM user u JOIN user_session s ON s.user = u.number");
	assert_int_equal(database_step(&catalog->database, row), STATUS_OK);
	assert_true(bytes_start_with(column_bytes(row, 0), BYTES_LITERAL("$argon2id$v=19$m=65536,t=3,p=1$")));
	unsigned char digest[DIGEST_SHA256_SIZE];
	digest_sha256(bytes_of_string(who.token), digest);
	assert_true(bytes_equal(column_bytes(row, 1), bytes_of(digest, sizeof digest)));
	database_give(&catalog->database, row);
}

static void a_session_ends_idle_and_after_twelve_hours(void **state)
{
	(void)state;
	add("anna", USER_AUDITOR, "a long one");
	struct sign_in idle = sign_in("anna", "a long one", "192.0.2.1", NOON);
	assert_true(is_known(&idle, NOON + SIGN_IN_IDLE - 1));
	assert_false(is_known(&idle, NOON + 2 * SIGN_IN_IDLE));
	struct sign_in busy = sign_in("anna", "a long one", "192.0.2.1", NOON);
	int64_t now = NOON;
	for (; now < NOON + SIGN_IN_LASTS; now += SIGN_IN_IDLE / 2)
		assert_true(is_known(&busy, now));
	assert_false(is_known(&busy, now));
}

static void a_change_of_the_user_ends_what_was_open(void **state)
{
	unsigned users = 0;
	(void)state;
	add("anna", USER_ADMIN, "a long one");
	struct sign_in who = sign_in("anna", "a long one", "192.0.2.1", NOON);
	assert_true(add("anna", USER_HELPDESK, "another one"));
	assert_false(is_known(&who, NOON));
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.1", NOON).verdict, SIGN_IN_WRONG);
	who = sign_in("anna", "another one", "192.0.2.1", NOON);
	assert_int_equal(who.role, USER_HELPDESK);
	assert_int_equal(sign_in_end(catalog, bytes_of_string(who.token), NULL), STATUS_OK);
	assert_false(is_known(&who, NOON));
	who = sign_in("anna", "another one", "192.0.2.1", NOON);
	assert_int_equal(catalog_remove_user(catalog, BYTES_LITERAL("anna"), NULL), STATUS_OK);
	assert_false(is_known(&who, NOON));
	assert_int_equal(catalog_remove_user(catalog, BYTES_LITERAL("anna"), NULL), STATUS_ABSENT);
	assert_int_equal(catalog_users(catalog, NOON, count_one, &users, NULL), STATUS_OK);
	assert_int_equal(users, 0);
}

static void tokens_of_nobody_are_nobody(void **state)
{
	struct sign_in nobody = {.name = "anna"};
	(void)state;
	add("anna", USER_ADMIN, "a long one");
	assert_false(is_known(&nobody, NOON));
	memset(nobody.token, 'a', SIGN_IN_TOKEN_SIZE - 1);
	assert_false(is_known(&nobody, NOON));
	assert_int_equal(sign_in_end(catalog, bytes_of_string(nobody.token), NULL), STATUS_OK);
}

static void wrong_passwords_cost_who_gives_them_a_while(void **state)
{
	(void)state;
	add("anna", USER_ADMIN, "a long one");
	for (int i = 0; i < SIGN_IN_MAX_AT_ONE; i++)
		assert_int_equal(sign_in("anna", "wrong", "192.0.2.1", NOON + i).verdict, SIGN_IN_WRONG);
	struct sign_in held = sign_in("anna", "a long one", "192.0.2.1", NOON + 10);
	assert_int_equal(held.verdict, SIGN_IN_TOO_MANY);
	assert_true(held.is_first_over);
	assert_int_equal(held.wait, SIGN_IN_WINDOW - 10);
	assert_false(sign_in("anna", "a long one", "192.0.2.1", NOON + 10).is_first_over);
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.2", NOON + 10).verdict, SIGN_IN_RIGHT);
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.1", NOON + SIGN_IN_WINDOW + 5).verdict, SIGN_IN_RIGHT);
}

static void success_takes_back_what_was_counted(void **state)
{
	(void)state;
	add("anna", USER_ADMIN, "a long one");
	put_attempts("anna", "192.0.2.1", SIGN_IN_MAX_AT_ONE - 1, NOON);
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.1", NOON).verdict, SIGN_IN_RIGHT);
	assert_int_equal(sign_in("anna", "wrong", "192.0.2.1", NOON).verdict, SIGN_IN_WRONG);
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.1", NOON).verdict, SIGN_IN_RIGHT);
}

static void names_that_are_nobodys_count_alike(void **state)
{
	(void)state;
	put_attempts("nobody", "192.0.2.1", SIGN_IN_MAX_AT_ONE, NOON);
	assert_int_equal(sign_in("nobody", "wrong", "192.0.2.1", NOON).verdict, SIGN_IN_TOO_MANY);
}

static void an_address_has_a_limit_over_all_names(void **state)
{
	char name[16];
	(void)state;
	add("anna", USER_ADMIN, "a long one");
	for (unsigned i = 0; i < SIGN_IN_MAX_OF_ADDRESS; i++) {
		snprintf(name, sizeof name, "guess%u", i);
		put_attempts(name, "2001:db8:1:2::", 1, NOON);
	}
	assert_int_equal(sign_in("anna", "a long one", "2001:db8:1:2:3:4:5:6", NOON).verdict, SIGN_IN_TOO_MANY);
	assert_int_equal(sign_in("anna", "a long one", "2001:db8:1:3:3:4:5:6", NOON).verdict, SIGN_IN_RIGHT);
	put_attempts("x", "192.0.2.1", SIGN_IN_MAX_OF_ADDRESS, NOON);
	assert_int_equal(sign_in("anna", "a long one", "::ffff:192.0.2.1", NOON).verdict, SIGN_IN_TOO_MANY);
}

static void who_was_here_before_is_not_shut_out_by_the_world(void **state)
{
	char address[32];
	(void)state;
	add("anna", USER_ADMIN, "a long one");
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.1", NOON - 3600).verdict, SIGN_IN_RIGHT);
	for (unsigned i = 0; i < SIGN_IN_MAX_OF_NAME; i++) {
		snprintf(address, sizeof address, "198.51.100.%u", i);
		put_attempts("anna", address, 1, NOON);
	}
	assert_int_equal(sign_in("anna", "a long one", "203.0.113.7", NOON).verdict, SIGN_IN_TOO_MANY);
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.1", NOON).verdict, SIGN_IN_RIGHT);
	assert_int_equal(sign_in("anna", "a long one", "203.0.113.7", NOON + SIGN_IN_WINDOW).verdict, SIGN_IN_RIGHT);
}

static void what_is_over_the_limit_is_told_by_the_hour(void **state)
{
	int64_t hour = 0;
	uint64_t attempts = 0;
	(void)state;
	put_attempts("anna", "192.0.2.1", SIGN_IN_MAX_AT_ONE, NOON);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sign_in("anna", "x", "192.0.2.1", NOON).verdict, SIGN_IN_TOO_MANY);
	assert_int_equal(sign_in_take_hour(catalog, NOON, &hour, &attempts, NULL), STATUS_ABSENT);
	assert_int_equal(sign_in_take_hour(catalog, NOON + 3600, &hour, &attempts, NULL), STATUS_OK);
	assert_int_equal(hour, NOON - NOON % 3600);
	assert_int_equal(attempts, 3);
	assert_int_equal(sign_in_take_hour(catalog, NOON + 3600, &hour, &attempts, NULL), STATUS_ABSENT);
}

static void names_and_passwords_have_bounds(void **state)
{
	const char *const good[] = {"anna", "anna.b@example.com", "\xc3\x85sa"};
	const char *const bad[] = {"", "an na", "a\nb", "\xff", "a\xe2\x80\xaez"};
	char longest[USER_PASSWORD_MAX + 1];
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_int_equal(user_check_name(bytes_of_string(good[i]), NULL), STATUS_OK);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(user_check_name(bytes_of_string(bad[i]), NULL), STATUS_USAGE);
	memset(longest, 'x', sizeof longest);
	assert_int_equal(user_check_name(bytes_of(longest, USER_NAME_MAX + 1), NULL), STATUS_USAGE);
	assert_int_equal(user_check_password(bytes_of(longest, USER_PASSWORD_MIN - 1), NULL), STATUS_USAGE);
	assert_int_equal(user_check_password(bytes_of(longest, USER_PASSWORD_MAX), NULL), STATUS_OK);
	assert_int_equal(user_check_password(bytes_of(longest, USER_PASSWORD_MAX + 1), NULL), STATUS_USAGE);
}

static enum status count_entry(void *context, const struct journal_entry *entry)
{
	*(unsigned *)context += bytes_equal_string(entry->operator_name, "anna");
	return STATUS_OK;
}

/* Takes out all tables from that of users on. */
static void forget_tables(void)
{
	struct database *database = &catalog->database;
	struct buffer sql = buffer_with_ceiling(1 << 16);
	sqlite3_stmt *rows = database_take(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND rowid >="
	                                             " (SELECT rowid FROM sqlite_master WHERE name = 'user')");
	while (database_step(database, rows) == STATUS_OK)
		buffer_append_format(&sql, "DROP TABLE %.*s;", (int)column_bytes(rows, 0).len,
		                     (const char *)column_bytes(rows, 0).at);
	database_give(database, rows);
	buffer_append_string(&sql, "PRAGMA user_version = 4");
	assert_int_equal(database_execute(database, buffer_string(&sql)), STATUS_OK);
	buffer_free(&sql);
}

/* As it was made before there were users. */
static void an_older_catalog_keeps_what_it_has_and_takes_users(void **state)
{
	struct catalog_place place = leak_place(directory);
	struct failure failure;
	unsigned entries = 0;
	(void)state;
	assert_int_equal(journal_append(catalog, "search", BYTES_NONE, BYTES_LITERAL("anna"), BYTES_LITERAL("{}"), &failure),
	                 STATUS_OK);
	forget_tables();
	catalog_close(catalog);
	if (catalog_open(&place, CATALOG_APPEND, &catalog, NULL, &failure) != STATUS_OK) {
		catalog = NULL;
		fail_msg("%s", failure.why);
	}
	assert_int_equal(journal_show(catalog, &(struct journal_question){.since = INT64_MIN}, count_entry, &entries, &failure),
	                 STATUS_OK);
	assert_int_equal(entries, 1);
	assert_false(add("anna", USER_ADMIN, "a long one"));
	assert_int_equal(sign_in("anna", "a long one", "192.0.2.1", NOON).verdict, SIGN_IN_RIGHT);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(who_has_the_password_is_let_in),
		CASE(neither_password_nor_token_is_kept),
		CASE(a_session_ends_idle_and_after_twelve_hours),
		CASE(a_change_of_the_user_ends_what_was_open),
		CASE(tokens_of_nobody_are_nobody),
		CASE(wrong_passwords_cost_who_gives_them_a_while),
		CASE(success_takes_back_what_was_counted),
		CASE(names_that_are_nobodys_count_alike),
		CASE(an_address_has_a_limit_over_all_names),
		CASE(who_was_here_before_is_not_shut_out_by_the_world),
		CASE(what_is_over_the_limit_is_told_by_the_hour),
		CASE(an_older_catalog_keeps_what_it_has_and_takes_users),
		cmocka_unit_test(names_and_passwords_have_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

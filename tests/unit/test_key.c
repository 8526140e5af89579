/* SPDX-License-Identifier: Apache-2.0 */
/* Keys: derived, wrapped, kept in files; and small seals. */
#define _GNU_SOURCE
#include "vault/key.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64], path[96];

static int set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof directory, "/tmp/test-key-XXXXXX");
	if (mkdtemp(directory) == NULL || vault_start() != STATUS_OK)
		return -1;
	snprintf(path, sizeof path, "%s/catalog.key", directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory); /* also says that nothing passing was left behind */
}

static void write_file(size_t size, mode_t mode)
{
	int handle = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(handle >= 0);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(write(handle, "k", 1), 1);
	assert_int_equal(fchmod(handle, mode), 0);
	close(handle);
}

static void test_derives_apart(void **state)
{
	(void)state;
	struct vault_key parent, other, a, again, b, c;
	vault_key_generate(&parent);
	vault_key_generate(&other);
	vault_key_derive(&parent, "journal", &a);
	vault_key_derive(&parent, "journal", &again);
	vault_key_derive(&parent, "journal2", &b);
	vault_key_derive(&other, "journal", &c);
	assert_memory_equal(&a, &again, sizeof a);
	assert_memory_not_equal(&a, &b, sizeof a);
	assert_memory_not_equal(&a, &c, sizeof a);
	assert_memory_not_equal(&a, &parent, sizeof a);
	vault_key_derive(&parent, "journal", &parent);
	assert_memory_equal(&a, &parent, sizeof a);
}

static void test_wipes(void **state)
{
	(void)state;
	static const struct vault_key zeros;
	struct vault_key key;
	vault_key_generate(&key);
	assert_memory_not_equal(&key, &zeros, sizeof key);
	vault_key_wipe(&key);
	assert_memory_equal(&key, &zeros, sizeof key);
}

static void test_wraps(void **state)
{
	(void)state;
	struct vault_key parent, child, got = {{7}}, before = got;
	struct wrapped_key wrapped;
	vault_key_generate(&parent);
	vault_key_generate(&child);
	vault_wrap(&parent, &child, BYTES_LITERAL("incident"), &wrapped);
	assert_int_equal(vault_unwrap(&child, &wrapped, BYTES_LITERAL("incident"), &got), STATUS_DENIED);
	assert_int_equal(vault_unwrap(&parent, &wrapped, BYTES_LITERAL("another"), &got), STATUS_DENIED);
	for (size_t i = 0; i < sizeof wrapped.bytes; i++) {
		wrapped.bytes[i] ^= 1;
		assert_int_equal(vault_unwrap(&parent, &wrapped, BYTES_LITERAL("incident"), &got), STATUS_DENIED);
		wrapped.bytes[i] ^= 1;
	}
	assert_memory_equal(&got, &before, sizeof got);
	assert_int_equal(vault_unwrap(&parent, &wrapped, BYTES_LITERAL("incident"), &got), STATUS_OK);
	assert_memory_equal(&got, &child, sizeof got);
}

static void test_seals_blobs(void **state)
{
	(void)state;
	struct vault_key key, other;
	struct buffer sealed = buffer_with_ceiling(1000), plain = buffer_with_ceiling(1000);
	vault_key_generate(&key);
	vault_key_generate(&other);
	assert_int_equal(vault_seal(&key, BYTES_LITERAL("7"), BYTES_LITERAL("payload"), &sealed), STATUS_OK);
	assert_int_equal(sealed.len, 7 + VAULT_SEAL_OVERHEAD);
	assert_int_equal(bytes_find(buffer_bytes(&sealed), BYTES_LITERAL("payload")), BYTES_NOT_FOUND);
	buffer_append_string(&plain, "kept ");
	assert_int_equal(vault_open(&other, BYTES_LITERAL("7"), buffer_bytes(&sealed), &plain), STATUS_DENIED);
	assert_int_equal(vault_open(&key, BYTES_LITERAL("8"), buffer_bytes(&sealed), &plain), STATUS_DENIED);
	assert_int_equal(vault_open(&key, BYTES_LITERAL("7"), bytes_slice(buffer_bytes(&sealed), 0, 39), &plain),
	                 STATUS_MALFORMED);
	assert_string_equal(buffer_string(&plain), "kept ");
	assert_int_equal(vault_open(&key, BYTES_LITERAL("7"), buffer_bytes(&sealed), &plain), STATUS_OK);
	assert_string_equal(buffer_string(&plain), "kept payload");
	buffer_free(&sealed);
	buffer_free(&plain);
}

static void test_seals_nothing_and_too_much(void **state)
{
	(void)state;
	struct vault_key key;
	struct buffer sealed = buffer_with_ceiling(VAULT_SEAL_OVERHEAD), plain = buffer_with_ceiling(10);
	vault_key_generate(&key);
	assert_int_equal(vault_seal(&key, BYTES_NONE, BYTES_NONE, &sealed), STATUS_OK);
	assert_int_equal(vault_open(&key, BYTES_NONE, buffer_bytes(&sealed), &plain), STATUS_OK);
	assert_int_equal(plain.len, 0);
	buffer_reset(&sealed);
	assert_int_equal(vault_seal(&key, BYTES_NONE, BYTES_LITERAL("x"), &sealed), STATUS_TOO_LARGE);
	buffer_free(&sealed);
	buffer_free(&plain);
}

/* The same key wraps and seals blobs; neither opens as the other. */
static void test_parts_uses(void **state)
{
	(void)state;
	struct vault_key key, child;
	struct wrapped_key wrapped;
	struct buffer plain = buffer_with_ceiling(100);
	vault_key_generate(&key);
	vault_key_generate(&child);
	vault_wrap(&key, &child, BYTES_LITERAL("a"), &wrapped);
	struct bytes sealed = bytes_of(wrapped.bytes, sizeof wrapped.bytes);
	assert_int_equal(vault_open(&key, BYTES_LITERAL("a"), sealed, &plain), STATUS_DENIED);
	buffer_free(&plain);
}

static void test_keeps_key_in_file(void **state)
{
	(void)state;
	struct vault_key made, read, untouched = {{9}};
	struct failure failure = {.why = ""};
	struct stat about;
	assert_int_equal(vault_key_file_read(path, &read, &failure), STATUS_ABSENT);
	assert_int_equal(vault_key_file_create(path, &made, &failure), STATUS_OK);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(about.st_size, 32);
	assert_int_equal(vault_key_file_read(path, &read, &failure), STATUS_OK);
	assert_memory_equal(&made, &read, sizeof made);
	assert_int_equal(vault_key_file_create(path, &untouched, &failure), STATUS_DENIED);
	assert_non_null(strstr(failure.why, "never overwritten"));
	assert_int_equal(untouched.bytes[0], 9);
	assert_int_equal(vault_key_file_read(path, &read, NULL), STATUS_OK);
	assert_memory_equal(&made, &read, sizeof made);
}

static void test_refuses_open_key_file(void **state)
{
	(void)state;
	static const mode_t modes[] = {0640, 0604, 0660, 0610};
	struct vault_key key;
	struct failure failure = {.why = ""};
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		write_file(32, modes[i]);
		assert_int_equal(vault_key_file_read(path, &key, &failure), STATUS_DENIED);
		assert_non_null(strstr(failure.why, "chmod 600"));
	}
	write_file(32, 0400);
	assert_int_equal(vault_key_file_read(path, &key, &failure), STATUS_OK);
}

static void test_refuses_a_key_of_another_user(void **state)
{
	(void)state;
	enum { NOBODY = 65534 };
	struct vault_key key;
	struct failure failure = {.why = ""};
	struct stat about;
	write_file(32, 0600);
	if (chown(path, NOBODY, (gid_t)-1) != 0 || stat(path, &about) != 0 || about.st_uid == geteuid())
		skip(); /* only root gives files away */
	assert_int_equal(vault_key_file_read(path, &key, &failure), STATUS_DENIED);
	assert_non_null(strstr(failure.why, "another user (65534)"));
	assert_int_equal(vault_key_credential_read(path, &key, &failure), STATUS_DENIED);
	/* Its owner reads it, and one of root's that was opened to him. */
	assert_int_equal(chmod(directory, 0711), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	enum status own = vault_key_file_read(path, &key, &failure);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(own, STATUS_OK);
	assert_int_equal(chmod(directory, 0750), 0);
	assert_int_equal(chown(directory, 0, NOBODY), 0);
	assert_int_equal(chown(path, 0, NOBODY), 0);
	assert_int_equal(chmod(path, 0440), 0);
	gid_t group = getegid();
	assert_int_equal(setegid(NOBODY), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	enum status handed = vault_key_credential_read(path, &key, &failure);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(setegid(group), 0);
	assert_int_equal(handed, STATUS_OK);
}

static void test_takes_a_credential_that_its_group_may_read(void **state)
{
	(void)state;
	static const mode_t good[] = {0440, 0400, 0600, 0640}, bad[] = {0460, 0450, 0444, 0404, 0420};
	struct vault_key key;
	struct failure failure = {.why = ""};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		write_file(32, good[i]);
		assert_int_equal(vault_key_credential_read(path, &key, &failure), STATUS_OK);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_file(32, bad[i]);
		assert_int_equal(vault_key_credential_read(path, &key, &failure), STATUS_DENIED);
	}
	/* In a directory that others may enter, it is a file like any other. */
	assert_int_equal(chmod(directory, 0711), 0);
	write_file(32, 0440);
	assert_int_equal(vault_key_credential_read(path, &key, &failure), STATUS_DENIED);
	assert_non_null(strstr(failure.why, "chmod 600"));
	write_file(32, 0400);
	assert_int_equal(vault_key_credential_read(path, &key, &failure), STATUS_OK);
	assert_int_equal(chmod(directory, 0750), 0);
	write_file(32, 0440);
	assert_int_equal(vault_key_credential_read(path, &key, &failure), STATUS_OK);
	assert_int_equal(chmod(directory, 0700), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(vault_key_credential_read(path, &key, &failure), STATUS_ABSENT);
}

static void test_refuses_other_sizes(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 31, 33, 64};
	struct vault_key key;
	struct failure failure = {.why = ""};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		write_file(sizes[i], 0600);
		assert_int_equal(vault_key_file_read(path, &key, &failure), STATUS_MALFORMED);
		assert_non_null(strstr(failure.why, "32 bytes"));
	}
}

static void test_refuses_other_places(void **state)
{
	(void)state;
	struct vault_key key;
	struct failure failure = {.why = ""};
	char nowhere[128];
	snprintf(nowhere, sizeof nowhere, "%s/missing/catalog.key", directory);
	assert_int_equal(vault_key_file_create(nowhere, &key, &failure), STATUS_ABSENT);
	assert_int_equal(vault_key_file_read(nowhere, &key, &failure), STATUS_ABSENT);
	assert_int_equal(vault_key_file_read(directory, &key, &failure), STATUS_DENIED);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(vault_key_file_read(path, &key, &failure), STATUS_DENIED);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_derives_apart),
		CASE(test_wipes),
		CASE(test_wraps),
		CASE(test_seals_blobs),
		CASE(test_seals_nothing_and_too_much),
		CASE(test_parts_uses),
		CASE(test_keeps_key_in_file),
		CASE(test_refuses_open_key_file),
		CASE(test_refuses_a_key_of_another_user),
		CASE(test_takes_a_credential_that_its_group_may_read),
		CASE(test_refuses_other_sizes),
		CASE(test_refuses_other_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* base/hash: SipHash-1-3 as OpenSSL computes it, and tables that no choice of strings slows. */
#include "base/hash.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Of the bytes 0, 1, 2, ... under the key 0, 1, ... 15: openssl mac -macopt size:8 -macopt c-rounds:1 -macopt d-rounds:3 SIPHASH. */
static void it_is_siphash_1_3(void **state)
{
	static const struct {
		size_t length;
		unsigned char hash[8];
	} known[] = {
		{0, {0xDC, 0xC4, 0x0F, 0x05, 0x58, 0x01, 0xAC, 0xAB}},  {1, {0x93, 0xCA, 0x57, 0x7D, 0xF3, 0x9B, 0xF4, 0xC9}},
		{7, {0x40, 0x11, 0xB1, 0x9B, 0x98, 0x7D, 0x92, 0xD3}},  {8, {0x8E, 0x9A, 0x29, 0x8D, 0x11, 0x95, 0x90, 0x36}},
		{15, {0x56, 0x99, 0x51, 0x2A, 0x6D, 0xD8, 0x20, 0xD3}}, {16, {0x66, 0x8B, 0x90, 0x7D, 0x1A, 0xDD, 0x4F, 0xCC}},
		{63, {0xA8, 0xB3, 0xBB, 0xB7, 0x62, 0x90, 0x19, 0x9D}},
	};
	unsigned char numbers[64];
	(void)state;
	for (size_t i = 0; i < sizeof numbers; i++)
		numbers[i] = (unsigned char)i;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_int_equal(hash_keyed(numbers, bytes_of(numbers, known[i].length)), load_le64(known[i].hash));
}

static void kinds_and_texts_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(hash_of(1, BYTES_LITERAL("contoso.com")), hash_of(1, BYTES_LITERAL("contoso.com")));
	assert_int_not_equal(hash_of(1, BYTES_LITERAL("contoso.com")), hash_of(2, BYTES_LITERAL("contoso.com")));
	assert_int_not_equal(hash_of(1, BYTES_LITERAL("contoso.com")), hash_of(1, BYTES_LITERAL("contoso.co")));
	assert_int_not_equal(hash_of(1, BYTES_NONE), 0);
}

static void each_string_keeps_its_number(void **state)
{
	enum { COUNT = 20000 };
	struct hash_table table = {0};
	struct buffer name = buffer_with_ceiling(64);
	bool is_new;
	(void)state;
	assert_null(hash_table_find(&table, hash_of(0, BYTES_LITERAL("name 1"))));
	for (int round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < COUNT; i++) {
			buffer_reset(&name);
			buffer_append_format(&name, "name %u", (unsigned)i);
			uint64_t *number = hash_table_enter(&table, hash_of(0, buffer_bytes(&name)), &is_new);
			assert_non_null(number);
			assert_int_equal(is_new, round == 0);
			assert_int_equal(*number, round == 0 ? 0 : i + 7);
			*number = i + 7;
		}
	}
	assert_int_equal(table.count, COUNT);
	assert_int_equal(*hash_table_find(&table, hash_of(0, BYTES_LITERAL("name 12"))), 19);
	assert_true(table.capacity >= 2 * COUNT && table.capacity <= 4 * COUNT);
	hash_table_free(&table);
	assert_int_equal(table.count, 0);
	buffer_free(&name);
}

/* FNV-1a, which stood here before, lets anybody write strings whose low bits agree: all would start looking at one place. */
static uint64_t fnv(struct bytes text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ text.at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static void chosen_strings_do_not_meet(void **state)
{
	enum { MASK = 255, CHOSEN = 512 };
	unsigned places[MASK + 1] = {0}, fullest = 0;
	struct buffer name = buffer_with_ceiling(64);
	(void)state;
	for (unsigned i = 0, found = 0; found < CHOSEN; i++) {
		buffer_reset(&name);
		buffer_append_format(&name, "%u.eml", i);
		if ((fnv(buffer_bytes(&name)) & MASK) != 0)
			continue;
		found++;
		unsigned *place = &places[hash_of(0, buffer_bytes(&name)) & MASK];
		fullest = ++*place > fullest ? *place : fullest;
	}
	buffer_free(&name);
	assert_true(fullest < 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_siphash_1_3),
		cmocka_unit_test(kinds_and_texts_are_told_apart),
		cmocka_unit_test(each_string_keeps_its_number),
		cmocka_unit_test(chosen_strings_do_not_meet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* id: the construction is for ever, so it is computed here once more from its description, by OpenSSL alone. */
#include "model/id.h"
#include "model/object.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(EVP_MD_CTX *context, const char *at, size_t len)
{
	unsigned char length[8];
	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)((uint64_t)len >> (8 * i));
	assert_int_equal(EVP_DigestUpdate(context, length, 8), 1);
	assert_int_equal(EVP_DigestUpdate(context, at, len), 1);
}

static void write_base32(const unsigned char digest[16], char text[27])
{
	for (size_t letter = 0; letter < 26; letter++) {
		unsigned value = 0;
		for (size_t bit = 5 * letter; bit < 5 * letter + 5; bit++)
			value = value << 1 | (bit < 128 ? (unsigned)digest[bit / 8] >> (7 - bit % 8) & 1u : 0u);
		text[letter] = "abcdefghijklmnopqrstuvwxyz234567"[value];
	}
	text[26] = '\0';
}

static void compute(const struct id_parts *parts, char text[27])
{
	unsigned char digest[32];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
	assert_int_equal(EVP_DigestUpdate(context, "tidemark-id-1", 13), 1);
	add(context, parts->provider, strlen(parts->provider));
	const struct bytes rest[] = {parts->account, parts->container, parts->object, parts->version, parts->inner_path};
	for (size_t i = 0; i < 5; i++)
		add(context, rest[i].len ? (const char *)rest[i].at : "", rest[i].len);
	assert_int_equal(EVP_DigestFinal_ex(context, digest, NULL), 1);
	EVP_MD_CTX_free(context);
	write_base32(digest, text);
}

#define PART(text) \
	{ \
		(const unsigned char *)(text), sizeof(text) - 1 \
	}
#define NONE \
	{ \
		NULL, 0 \
	}

static const struct id_parts samples[] = {
	{"azure", PART("contoso"), PART("backup"), PART("2019/a.txt"), NONE, NONE},
	{"azure", PART("contoso"), PART("backup"), PART("2019/a.txt"), PART("2019-06-01T10:00:00.0000000Z"), NONE},
	{"azure", PART("contoso"), PART("backup"), PART("2019/a.txt"), NONE, PART("2019-06-01T10:00:00.0000000Z")},
	{"azure", PART("contosob"), PART("ackup"), PART("2019/a.txt"), NONE, NONE},
	{"s3", NONE, PART("backup"), PART("2019/a.txt"), NONE, NONE},
	{"folder", NONE, PART("/srv/leak"), PART("a\0\xFF"), NONE, PART("mail.mbox!/1.eml")},
	{"folder", NONE, PART("/srv/leak"), PART("a\0\xFF"), NONE, PART("mail.mbox!/1.eml#2")},
	{"gcs", NONE, NONE, NONE, NONE, NONE},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static void an_id_is_what_its_description_says(void **state)
{
	(void)state;
	char wanted[27], got[ID_TEXT_SIZE];
	for (size_t i = 0; i < SAMPLES; i++) {
		compute(&samples[i], wanted);
		assert_ptr_equal(id_format(id_of(&samples[i]), got), got);
		assert_string_equal(got, wanted);
		assert_int_equal(strlen(got), 26);
	}
}

static void ids_written_once_never_change(void **state)
{
	(void)state;
	char text[ID_TEXT_SIZE];
	assert_string_equal(id_format(id_of(&samples[0]), text), "zafgtseimu7z2mcbler6bzmi6a");
	assert_string_equal(id_format(id_of(&samples[5]), text), "6hce5zeadtc77qwpscg4glswja");
}

static void every_part_counts_and_none_runs_into_the_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t j = 0; j < SAMPLES; j++)
			assert_int_equal(id_equal(id_of(&samples[i]), id_of(&samples[j])), i == j);
}

static void an_object_has_the_id_of_its_parts(void **state)
{
	(void)state;
	struct container container = {.provider = PROVIDER_AZURE,
	                              .account = BYTES_LITERAL("contoso"),
	                              .name = BYTES_LITERAL("backup"),
	                              .url = BYTES_LITERAL("https://contoso.blob.core.windows.net/backup")};
	struct object object = {.name = BYTES_LITERAL("2019/a.txt"), .size = 7, .etag = BYTES_LITERAL("0x1")};
	assert_true(id_equal(object_id(&container, &object), id_of(&samples[0])));
	container.url = BYTES_NONE;
	object = (struct object){.name = BYTES_LITERAL("2019/a.txt"), .size = 8, .modified = 9};
	assert_true(id_equal(object_id(&container, &object), id_of(&samples[0])));
	object.version = samples[1].version;
	assert_true(id_equal(object_id(&container, &object), id_of(&samples[1])));
}

static void ids_are_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		char text[ID_TEXT_SIZE];
		struct id id, back;
		id = id_of(&samples[i]);
		assert_int_equal(id_parse(bytes_of_string(id_format(id, text)), &back), STATUS_OK);
		assert_true(id_equal(id, back));
	}
}

static void what_is_no_id_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
	                                  "zafgtseimu7z2mcbler6bzmi6",
	                                  "zafgtseimu7z2mcbler6bzmi6aa",
	                                  "zafgtseimu7z2mcbler6bzmi61",
	                                  "ZAFGTSEIMU7Z2MCBLER6BZMI6A",
	                                  "zafgtseimu7z2mcbler6bzmi6=",
	                                  " zafgtseimu7z2mcbler6bzmi6",
	                                  NULL};
	struct id id = id_of(&samples[7]);
	for (size_t i = 0; bad[i] != NULL; i++)
		assert_int_equal(id_parse(bytes_of_string(bad[i]), &id), STATUS_MALFORMED);
	assert_true(id_equal(id, id_of(&samples[7])));
}

static void a_beginning_spans_the_ids_that_have_it(void **state)
{
	struct id low, high, whole = id_of(&samples[7]), unchanged = {{1}};
	char text[ID_TEXT_SIZE], upper[ID_TEXT_SIZE];
	(void)state;
	id_format(whole, text);
	for (size_t len = 1; len < ID_TEXT_SIZE; len++) {
		for (size_t i = 0; i < len; i++)
			upper[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 0x20 : text[i]);
		assert_true(id_parse_beginning(bytes_of(upper, len), &low, &high));
		assert_true(memcmp(low.bytes, whole.bytes, ID_SIZE) <= 0 && memcmp(whole.bytes, high.bytes, ID_SIZE) <= 0);
		char first[ID_TEXT_SIZE], last[ID_TEXT_SIZE];
		assert_memory_equal(id_format(low, first), text, len);
		assert_memory_equal(id_format(high, last), text, len);
	}
	assert_true(id_equal(low, whole) && id_equal(high, whole));
	assert_true(id_parse_beginning(BYTES_LITERAL("b"), &low, &high));
	assert_int_equal(low.bytes[0], 0x08);
	assert_int_equal(high.bytes[0], 0x0f);
	assert_int_equal(high.bytes[ID_SIZE - 1], 0xff);
	static const char *const none[] = {
		"", "a1", "a8", "a b", "a.txt", "aaaaaaaaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL};
	low = unchanged;
	for (size_t i = 0; none[i] != NULL; i++)
		assert_false(id_parse_beginning(bytes_of_string(none[i]), &low, &high));
	assert_true(id_equal(low, unchanged));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_what_its_description_says),
		cmocka_unit_test(ids_written_once_never_change),
		cmocka_unit_test(every_part_counts_and_none_runs_into_the_next),
		cmocka_unit_test(an_object_has_the_id_of_its_parts),
		cmocka_unit_test(ids_are_read_back),
		cmocka_unit_test(what_is_no_id_is_refused_and_changes_nothing),
		cmocka_unit_test(a_beginning_spans_the_ids_that_have_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

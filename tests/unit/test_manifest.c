/* SPDX-License-Identifier: Apache-2.0 */
/* Merkle trees by known roots, and manifests of another party: what is taken, and what is refused at which byte. */
#include "answer/manifest-file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Leaves and roots that implementations of certificate transparency check themselves by. */
static void test_trees_are_those_of_rfc_6962(void **state)
{
	const struct bytes leaves[] = {
		{(const unsigned char *)"", 0},
		BYTES_LITERAL("\x00"),
		BYTES_LITERAL("\x10"),
		BYTES_LITERAL("\x20\x21"),
		BYTES_LITERAL("\x30\x31"),
		BYTES_LITERAL("\x40\x41\x42\x43"),
		BYTES_LITERAL("\x50\x51\x52\x53\x54\x55\x56\x57"),
		BYTES_LITERAL("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
	};
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct merkle tree = {.count = 0};
	unsigned char root[DIGEST_SHA256_SIZE], wanted[DIGEST_SHA256_SIZE];
	(void)state;
	for (size_t i = 0; i < 9; i++) {
		assert_int_equal(digest_parse_hex(bytes_of_string(roots[i]), wanted, sizeof wanted), STATUS_OK);
		merkle_root(&tree, root);
		assert_memory_equal(root, wanted, sizeof root);
		if (i < 8)
			merkle_add(&tree, leaves[i]);
	}
}

static void test_measures_have_names_in_both_orders(void **state)
{
	(void)state;
	for (unsigned nth = 0; nth < MEASURE_COUNT; nth++) {
		const char *name = measure_name(measure_in_order(nth));
		assert_int_equal(measure_from_name(bytes_of_string(name)), measure_in_order(nth));
		assert_true(nth == 0 || strcmp(measure_name(measure_in_order(nth - 1)), name) < 0);
	}
	assert_int_equal(measure_from_name(BYTES_LITERAL("object")), MEASURE_COUNT);
}

/* ---- files ---- */

#define X8(digits) digits digits digits digits
#define X32(digits) X8(digits) X8(digits) X8(digits) X8(digits)
#define X64(digits) X32(digits) X32(digits)
#define X128(digits) X64(digits) X64(digits)
#define REST(size, trees) \
	"\"public_key\":\"" X64("aa") "\",\"root\":\"" X64("bb") "\",\"rules_version\":\"2-x\",\"scope_key\":\"" X32( \
		"cc") "\",\"signature\":\"" X128("dd") "\",\"size\":" size ",\"trees\":" trees ",\"version\":1}"
#define LEAF_1 "\"" X64("01") "\""
#define LEAF_2 "\"" X64("02") "\""

static enum status read_at(void *context, uint64_t offset, unsigned char *into, size_t room, size_t *ret_got)
{
	struct bytes rest = bytes_from(bytes_of_string(context), (size_t)offset);
	(void)room;
	*ret_got = rest.len > 0 ? 1 : 0;
	if (rest.len > 0)
		into[0] = rest.at[0];
	return STATUS_OK;
}

static enum status read_text(const char *text, struct manifest_file *file, struct failure *failure)
{
	char *copy = strdup(text);
	const struct manifest_source source = {"m.json", read_at, copy};
	enum status status = manifest_file_read(&source, file, failure);
	free(copy);
	return status;
}

static void test_a_manifest_is_read(void **state)
{
	static const char text[] = " { \"measures\" : { \"emails\" : [" LEAF_1 " ,\n" LEAF_2
				   "],\"phones\":[] },\n" REST("2", "null") "\n";
	struct manifest_file file;
	(void)state;
	assert_int_equal(read_text(text, &file, NULL), STATUS_OK);
	assert_true(file.has_leaves && !file.has_trees && file.told.has_size);
	assert_true(file.counted[MEASURE_EMAILS].is_counted && file.counted[MEASURE_EMAILS].size == 2);
	assert_true(file.counted[MEASURE_PHONES].is_counted && file.counted[MEASURE_PHONES].size == 0);
	assert_false(file.counted[MEASURE_ORDERS].is_counted);
	assert_string_equal(file.told.rules_version, "2-x");
	assert_int_equal(file.told.scope_key[15], 0xcc);
	assert_int_equal(file.told.signature[63], 0xdd);
	assert_false(manifest_file_holds(&file));
	assert_false(manifest_is_signed(&file.told));
	assert_int_equal(read_text("{\"measures\":null," REST("null", "null"), &file, NULL), STATUS_OK);
	assert_false(file.has_leaves || file.has_trees || file.told.has_size);
}

static void test_what_is_no_manifest_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "byte 0: another sign is due here"},
		{"{\"measures\":{\"emails\":[" LEAF_2 "," LEAF_1 "]}," REST("2", "null"), "not ascending"},
		{"{\"measures\":{\"emails\":[" LEAF_1 "," LEAF_1 "]}," REST("2", "null"), "not ascending"},
		{"{\"measures\":{\"emails\":[" LEAF_1 ",]}," REST("1", "null"), "another sign"},
		{"{\"measures\":{\"emails\":[\"01\"]}," REST("1", "null"), "hexadecimal"},
		{"{\"measures\":{\"emails\":[],\"emails\":[]}," REST("0", "null"), "a measure stands twice"},
		{"{\"measures\":{\"mails\":[]}," REST("0", "null"), "no such measure"},
		{"{\"measures\":{\"emails\":{}}," REST("0", "null"), "another sign"},
		{"{\"measures\":nil," REST("0", "null"), "null is due"},
		{"{\"measures\":null," REST("01", "null"), "too long"},
		{"{\"measures\":null," REST("-1", "null"), "a number is due"},
		{"{\"measures\":null," REST("1e3", "null"), "another sign"},
		{"{\"measures\":null," REST("1234567890123456789", "null"), "too long"},
		{"{\"measures\":null," REST("0", "{\"emails\":{\"size\":1}}"), "a tree has a root and a size"},
		{"{\"measures\":null," REST("0", "{\"emails\":{\"size\":1,\"size\":1}}"), "a tree has a root and a size"},
		{"{\"measures\":null,\"measures\":null," REST("0", "null"), "a member stands twice"},
		{"{\"measures\":null,\"other\":null," REST("0", "null"), "no such member"},
		{"{\"measures\":null," REST("0", "null") "{", "behind its end"},
		{"{" REST("0", "null"), "a member is missing"},
		{"{\"version\":2", "newer program"},
		{"{\"rules_version\":\"a\\u0041\"", "plain ASCII"},
		{"{\"rules_version\":\"\xC3\xA4\"", "plain ASCII"},
		{"{\"rules_version\":\"" X128("xx") X128("xx") "y\"", "too long"},
		{"{\"root\":\"" X64("AA") "\"", "lower case"},
	};
	struct manifest_file file;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct failure failure = {.why = ""};
		assert_int_equal(read_text(cases[i].text, &file, &failure), STATUS_MALFORMED);
		if (strstr(failure.why, cases[i].why) == NULL)
			fail_msg("case %zu: %s", i, failure.why);
		assert_string_equal(failure.where, "m.json");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees_are_those_of_rfc_6962),
		cmocka_unit_test(test_measures_have_names_in_both_orders),
		cmocka_unit_test(test_a_manifest_is_read),
		cmocka_unit_test(test_what_is_no_manifest_is_refused),
	};
	return vault_start() != STATUS_OK || cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* digest: the published vectors of FIPS 180-4, RFC 1321, RFC 4231 and RFC 4648. */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct buffer text;

static int start(void **state)
{
	(void)state;
	text = buffer_with_ceiling(1 << 20);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buffer_free(&text);
	return 0;
}

static const char *hex_of(const unsigned char *bytes, size_t size)
{
	buffer_reset(&text);
	digest_append_hex(&text, bytes_of(bytes, size));
	return buffer_string(&text);
}

static const char *sha256_of(struct bytes bytes)
{
	unsigned char into[DIGEST_SHA256_SIZE];
	digest_sha256(bytes, into);
	return hex_of(into, sizeof into);
}

static const char *md5_of(const char *message)
{
	unsigned char into[DIGEST_MD5_SIZE];
	struct digest *digest;
	assert_int_equal(digest_start(DIGEST_MD5, &digest), STATUS_OK);
	digest_update(digest, bytes_of_string(message));
	digest_finish(digest, into);
	digest_free(digest);
	return hex_of(into, sizeof into);
}

static void sha256_agrees_with_fips_180(void **state)
{
	(void)state;
	assert_string_equal(sha256_of(BYTES_NONE), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_string_equal(sha256_of(BYTES_LITERAL("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(sha256_of(BYTES_LITERAL("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
	                    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_running_digest_takes_pieces_and_starts_afresh(void **state)
{
	(void)state;
	struct digest *digest;
	unsigned char into[DIGEST_SHA256_SIZE], thousand[1000];
	memset(thousand, 'a', sizeof thousand);
	assert_int_equal(digest_start(DIGEST_SHA256, &digest), STATUS_OK);
	for (int i = 0; i < 1000; i++)
		digest_update(digest, bytes_of(thousand, sizeof thousand));
	digest_finish(digest, into);
	assert_string_equal(hex_of(into, sizeof into), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	digest_update(digest, BYTES_LITERAL("a"));
	digest_update(digest, BYTES_NONE);
	digest_update(digest, BYTES_LITERAL("bc"));
	digest_finish(digest, into);
	assert_string_equal(hex_of(into, sizeof into), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_finish(digest, into);
	assert_string_equal(hex_of(into, sizeof into), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_free(digest);
	assert_int_equal(digest_start(DIGEST_MD5, &digest), STATUS_OK);
	digest_update(digest, BYTES_LITERAL("abc"));
	digest_free(digest);
	digest_free(NULL);
}

static void md5_agrees_with_rfc_1321(void **state)
{
	(void)state;
	assert_string_equal(md5_of(""), "d41d8cd98f00b204e9800998ecf8427e");
	assert_string_equal(md5_of("a"), "0cc175b9c0f1b6a831c399e269772661");
	assert_string_equal(md5_of("abc"), "900150983cd24fb0d6963f7d28e17f72");
	assert_string_equal(md5_of("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
	assert_string_equal(md5_of("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b");
	assert_string_equal(md5_of("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
	                    "57edf4a22be3c955ac49da2e2107b67a");
}

static const char *hmac_of(struct bytes key, struct bytes message)
{
	unsigned char into[DIGEST_SHA256_SIZE];
	digest_hmac_sha256(key, message, into);
	return hex_of(into, sizeof into);
}

static void hmac_agrees_with_rfc_4231(void **state)
{
	(void)state;
	unsigned char key[131];
	memset(key, 0x0b, 20);
	assert_string_equal(hmac_of(bytes_of(key, 20), BYTES_LITERAL("Hi There")),
	                    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	assert_string_equal(hmac_of(BYTES_LITERAL("Jefe"), BYTES_LITERAL("what do ya want for nothing?")),
	                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	assert_string_equal(
		hmac_of(bytes_of(key, sizeof key), BYTES_LITERAL("Test Using Larger Than Block-Size Key - Hash Key First")),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	assert_string_equal(hmac_of(BYTES_NONE, BYTES_NONE), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static const struct {
	const char *plain, *base64, *base32, *hex;
} rfc4648[] = {{"", "", "", ""},
               {"f", "Zg==", "my", "66"},
               {"fo", "Zm8=", "mzxq", "666f"},
               {"foo", "Zm9v", "mzxw6", "666f6f"},
               {"foob", "Zm9vYg==", "mzxw6yq", "666f6f62"},
               {"fooba", "Zm9vYmE=", "mzxw6ytb", "666f6f6261"},
               {"foobar", "Zm9vYmFy", "mzxw6ytboi", "666f6f626172"},
               {NULL, NULL, NULL, NULL}};

static void letters_agree_with_rfc_4648(void **state)
{
	(void)state;
	for (size_t i = 0; rfc4648[i].plain != NULL; i++) {
		struct bytes plain = bytes_of_string(rfc4648[i].plain);
		buffer_reset(&text);
		digest_append_base64(&text, plain);
		assert_true(bytes_equal_string(buffer_bytes(&text), rfc4648[i].base64));
		buffer_reset(&text);
		digest_append_base32(&text, plain);
		assert_true(bytes_equal_string(buffer_bytes(&text), rfc4648[i].base32));
		buffer_reset(&text);
		digest_append_hex(&text, plain);
		assert_true(bytes_equal_string(buffer_bytes(&text), rfc4648[i].hex));
	}
	buffer_reset(&text);
	digest_append_base64(&text, BYTES_LITERAL("\xFB\xEF\xFF\x00"));
	assert_string_equal(buffer_string(&text), "++//AA==");
}

static void letters_are_read_back(void **state)
{
	(void)state;
	unsigned char into[8];
	for (size_t i = 0; rfc4648[i].plain != NULL; i++) {
		size_t size = strlen(rfc4648[i].plain);
		buffer_reset(&text);
		assert_int_equal(digest_parse_base64(bytes_of_string(rfc4648[i].base64), &text), STATUS_OK);
		assert_true(bytes_equal_string(buffer_bytes(&text), rfc4648[i].plain));
		assert_int_equal(digest_parse_base32(bytes_of_string(rfc4648[i].base32), into, size), STATUS_OK);
		assert_memory_equal(into, rfc4648[i].plain, size);
		assert_int_equal(digest_parse_hex(bytes_of_string(rfc4648[i].hex), into, size), STATUS_OK);
		assert_memory_equal(into, rfc4648[i].plain, size);
	}
	assert_int_equal(digest_parse_hex(BYTES_LITERAL("aBCd"), into, 2), STATUS_OK);
	assert_memory_equal(into, "\xAB\xCD", 2);
	buffer_reset(&text);
	buffer_append_string(&text, "x");
	assert_int_equal(digest_parse_base64(BYTES_LITERAL(" Zm8=\r\n"), &text), STATUS_OK);
	assert_string_equal(buffer_string(&text), "xfo");
}

static void what_is_no_hex_or_base32_is_refused(void **state)
{
	(void)state;
	static const char *const hex[] = {"", "6", "666", "66666", "6g66", "66 6", "0x66", "@666", "G666", NULL};
	static const char *const base32[] = {"", "mzx", "mzxq=", "mzxqq", "MZXQ", "mzx0", "mzx1", "mzx8", "mz q", NULL};
	unsigned char into[2];
	for (size_t i = 0; hex[i] != NULL; i++)
		if (digest_parse_hex(bytes_of_string(hex[i]), into, 2) != STATUS_MALFORMED)
			fail_msg("%s is no hexadecimal of 2 bytes", hex[i]);
	for (size_t i = 0; base32[i] != NULL; i++)
		if (digest_parse_base32(bytes_of_string(base32[i]), into, 2) != STATUS_MALFORMED)
			fail_msg("%s is no base32 of 2 bytes", base32[i]);
}

static void assert_no_base64(const char *const *bad)
{
	for (; *bad != NULL; bad++) {
		buffer_reset(&text);
		buffer_append_string(&text, "x");
		if (digest_parse_base64(bytes_of_string(*bad), &text) != STATUS_MALFORMED)
			fail_msg("%s is no base64", *bad);
		assert_string_equal(buffer_string(&text), "x");
	}
}

static void what_is_no_base64_is_refused(void **state)
{
	(void)state;
	assert_no_base64((const char *const[]){"Z", "Zg", "Zg=", "Zm9vYg", "Zm9*", "Zm-_", "Zm 9",
	                                       "\xC3\xA4"
	                                       "bc",
	                                       "Zm9v\nZg=", NULL});
}

static void padding_stands_at_the_end_alone(void **state)
{
	(void)state;
	assert_no_base64((const char *const[]){"====", "A===", "Z=g=", "=Zg=", "Zg==Zg==", "AAAA----", "----", NULL});
}

static void results_keep_to_the_ceiling(void **state)
{
	(void)state;
	struct buffer small = buffer_with_ceiling(3);
	assert_int_equal(digest_parse_base64(BYTES_LITERAL("Zm9vYmFy"), &small), STATUS_TOO_LARGE);
	buffer_free(&small);
	digest_append_hex(&small, BYTES_LITERAL("ab"));
	assert_int_equal(buffer_status(&small), STATUS_TOO_LARGE);
	assert_int_equal(small.len, 0);
	buffer_free(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sha256_agrees_with_fips_180, start, end),
		cmocka_unit_test_setup_teardown(a_running_digest_takes_pieces_and_starts_afresh, start, end),
		cmocka_unit_test_setup_teardown(md5_agrees_with_rfc_1321, start, end),
		cmocka_unit_test_setup_teardown(hmac_agrees_with_rfc_4231, start, end),
		cmocka_unit_test_setup_teardown(letters_agree_with_rfc_4648, start, end),
		cmocka_unit_test_setup_teardown(letters_are_read_back, start, end),
		cmocka_unit_test_setup_teardown(what_is_no_hex_or_base32_is_refused, start, end),
		cmocka_unit_test_setup_teardown(what_is_no_base64_is_refused, start, end),
		cmocka_unit_test_setup_teardown(padding_stands_at_the_end_alone, start, end),
		cmocka_unit_test_setup_teardown(results_keep_to_the_ceiling, start, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

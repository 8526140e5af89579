/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, records and what cannot be signed; that signatures hold, an independent verifier says in tests/system/dkim.test.mjs. */
#include "mail/dkim.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void write_pem(EVP_PKEY *key, const char *passphrase, struct buffer *into)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *at;
	assert_non_null(key);
	int is_written = PEM_write_bio_PrivateKey(memory, key, passphrase != NULL ? EVP_aes_128_cbc() : NULL, NULL, 0, NULL,
	                                          (void *)(uintptr_t)passphrase);
	assert_int_equal(is_written, 1);
	long length = BIO_get_mem_data(memory, &at);
	buffer_append(into, bytes_of(at, (size_t)length));
	BIO_free(memory);
	EVP_PKEY_free(key);
}

static struct dkim_key *read_key(EVP_PKEY *made)
{
	struct buffer pem = buffer_with_ceiling(1 << 16);
	struct failure failure;
	struct dkim_key *key = NULL;
	write_pem(made, NULL, &pem);
	assert_int_equal(dkim_key_read(buffer_bytes(&pem), &key, &failure), STATUS_OK);
	buffer_free(&pem);
	return key;
}

static void keys_that_prove_nothing_are_refused(void **state)
{
	struct failure failure;
	struct dkim_key *key = NULL;
	EVP_PKEY *const made[] = {EVP_RSA_gen(512), EVP_EC_gen("P-256"), EVP_PKEY_Q_keygen(NULL, NULL, "X25519")};
	(void)state;
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		struct buffer pem = buffer_with_ceiling(1 << 16);
		write_pem(made[i], NULL, &pem);
		assert_int_equal(dkim_key_read(buffer_bytes(&pem), &key, &failure), STATUS_USAGE);
		buffer_free(&pem);
	}
	struct buffer locked = buffer_with_ceiling(1 << 16);
	write_pem(EVP_RSA_gen(1024), "word", &locked);
	assert_int_equal(dkim_key_read(buffer_bytes(&locked), &key, &failure), STATUS_USAGE);
	buffer_free(&locked);
	assert_int_equal(dkim_key_read(BYTES_NONE, &key, &failure), STATUS_USAGE);
	assert_int_equal(dkim_key_read(BYTES_LITERAL("no key"), &key, &failure), STATUS_USAGE);
	assert_null(key);
}

static void a_record_is_its_keys_or_is_not(void **state)
{
	struct dkim_key *rsa = read_key(EVP_RSA_gen(1024)), *ed25519 = read_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	struct buffer record = buffer_with_ceiling(4096), other = buffer_with_ceiling(4096), spaced = buffer_with_ceiling(4096);
	(void)state;
	assert_int_equal(dkim_key_record(rsa, &record), STATUS_OK);
	assert_int_equal(dkim_key_record(ed25519, &other), STATUS_OK);
	assert_true(bytes_start_with(buffer_bytes(&record), BYTES_LITERAL("v=DKIM1; k=rsa; p=MI")));
	assert_true(bytes_start_with(buffer_bytes(&other), BYTES_LITERAL("v=DKIM1; k=ed25519; p=")));
	assert_int_equal(other.len, strlen("v=DKIM1; k=ed25519; p=") + 44);
	assert_true(dkim_record_fits(rsa, buffer_bytes(&record)) && dkim_record_fits(ed25519, buffer_bytes(&other)));
	assert_false(dkim_record_fits(rsa, buffer_bytes(&other)) || dkim_record_fits(ed25519, buffer_bytes(&record)));
	size_t half = record.len / 2;
	buffer_append_string(&spaced, " p = ");
	buffer_append(&spaced, bytes_slice(buffer_bytes(&record), 18, half - 18));
	buffer_append_string(&spaced, " \t");
	buffer_append(&spaced, bytes_from(buffer_bytes(&record), half));
	buffer_append_string(&spaced, "; t=s");
	assert_true(dkim_record_fits(rsa, buffer_bytes(&spaced)));
	assert_false(dkim_record_fits(rsa, BYTES_LITERAL("v=DKIM1; k=rsa; p=")) || dkim_record_fits(rsa, BYTES_NONE));
	buffer_free(&record);
	buffer_free(&other);
	buffer_free(&spaced);
	dkim_key_free(rsa);
	dkim_key_free(ed25519);
}

static void a_message_has_one_author(void **state)
{
	const struct {
		const char *message, *domain;
		enum status status;
	} rows[] = {
		{"From: a\r\nSubject: b\r\n\r\nText\r\n", "contoso.example", STATUS_OK},
		{"From: a\r\n\r\n", "contoso.example", STATUS_OK},
		{"Subject: b\r\n\r\nFrom: a\r\n", "contoso.example", STATUS_USAGE},
		{"From: a\r\nFrom: b\r\n\r\nText\r\n", "contoso.example", STATUS_USAGE},
		{"From: a\r\n\r\nText\r\n", "contoso.example; x=y", STATUS_USAGE},
		{"From: a\r\n\r\nText\r\n", "", STATUS_USAGE},
		{"", "contoso.example", STATUS_USAGE},
	};
	struct dkim_key *key = read_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buffer field = buffer_with_ceiling(1 << 16);
		struct failure failure;
		assert_int_equal(dkim_sign(key, bytes_of_string(rows[i].domain), BYTES_LITERAL("s1"),
		                           bytes_of_string(rows[i].message), 1, &field, &failure),
		                 rows[i].status);
		assert_true((field.len > 0) == (rows[i].status == STATUS_OK));
		buffer_free(&field);
	}
	dkim_key_free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_that_prove_nothing_are_refused),
		cmocka_unit_test(a_record_is_its_keys_or_is_not),
		cmocka_unit_test(a_message_has_one_author),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

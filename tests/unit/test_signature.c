/* SPDX-License-Identifier: Apache-2.0 */
/* signature: made by keys of our own, and then everything but the signer is changed. */
#include "understanding/signature.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const char content[] = "what both of us agreed on, in so many words";

struct signer {
	EVP_PKEY *key;
	X509 *certificate;
};

static void add_name(X509_NAME *name, const char *field, const char *text)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0), 1);
}

/* Whose certificate an issuer of that name signed, or themselves. */
static struct signer make_signer(const char *issuer)
{
	struct signer signer = {EVP_EC_gen("P-256"), X509_new()};
	X509_NAME *subject = X509_get_subject_name(signer.certificate), *issued = X509_NAME_new();
	assert_non_null(signer.key);
	X509_set_version(signer.certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(signer.certificate), 7);
	X509_gmtime_adj(X509_getm_notBefore(signer.certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(signer.certificate), 3600);
	X509_set_pubkey(signer.certificate, signer.key);
	add_name(subject, "CN", "Anna M\xC3\xBCller");
	add_name(subject, "O", "Contoso");
	add_name(subject, "emailAddress", "anna@contoso.com");
	add_name(issued, "CN", issuer != NULL ? issuer : "nobody");
	X509_set_issuer_name(signer.certificate, issuer != NULL ? issued : subject);
	assert_true(X509_sign(signer.certificate, signer.key, EVP_sha256()) > 0);
	X509_NAME_free(issued);
	return signer;
}

static void drop_signer(struct signer *signer)
{
	EVP_PKEY_free(signer->key);
	X509_free(signer->certificate);
}

/* Of len bytes, DER; freed by OPENSSL_free. */
static struct bytes sign(const struct signer *signer, const void *what, size_t len, unsigned flags)
{
	BIO *data = BIO_new_mem_buf(what, (int)len);
	unsigned char *der = NULL;
	CMS_ContentInfo *message = CMS_sign(signer->certificate, signer->key, NULL, data, CMS_BINARY | flags);
	assert_non_null(message);
	int length = i2d_CMS_ContentInfo(message, &der);
	assert_true(length > 0);
	CMS_ContentInfo_free(message);
	BIO_free(data);
	return bytes_of(der, (size_t)length);
}

struct reading {
	struct bytes whole;
	size_t at, step;
	enum status fails;
};

static void rewind_reading(void *context)
{
	struct reading *reading = context;
	reading->at = 0;
}

static enum status read_some(void *context, unsigned char *into, size_t size, size_t *ret_got)
{
	struct reading *reading = context;
	struct bytes some = bytes_slice(reading->whole, reading->at, size < reading->step ? size : reading->step);
	if (reading->fails != STATUS_OK)
		return reading->fails;
	if (some.len > 0)
		memcpy(into, some.at, some.len);
	reading->at += some.len;
	*ret_got = some.len;
	return STATUS_OK;
}

struct told {
	struct arena arena;
	struct signature *signatures;
	size_t count;
	enum status status;
};

static struct told check(struct bytes message, const char *outside, bool is_sha1)
{
	struct reading reading = {.whole = bytes_of_string(outside), .step = 5, .fails = STATUS_OK};
	struct told told = {.arena = arena_with_ceiling(1 << 20)};
	struct signature_input input = {.kind = "pdf",
	                                .message = message,
	                                .context = &reading,
	                                .is_sha1_enclosed = is_sha1,
	                                .claimed = 77,
	                                .covers = BYTES_LITERAL("all")};
	if (outside != NULL) {
		input.rewind = rewind_reading;
		input.read = read_some;
	}
	assert_int_equal(signature_prepare(), STATUS_OK);
	told.status = signature_check(&input, &told.arena, &told.signatures, &told.count);
	assert_int_equal(ERR_peek_error(), 0);
	return told;
}

static enum signature_truth truth_of(struct bytes message, const char *outside, bool is_sha1)
{
	struct told told = check(message, outside, is_sha1);
	assert_int_equal(told.status, STATUS_OK);
	assert_int_equal(told.count, 1);
	enum signature_truth truth = told.signatures[0].intact;
	arena_free(&told.arena);
	return truth;
}

static void tells_who_signed(void **state)
{
	struct signer signer = make_signer("Fabrikam CA");
	struct bytes message = sign(&signer, content, strlen(content), CMS_DETACHED);
	struct told told = check(message, content, false);
	(void)state;
	assert_int_equal(told.status, STATUS_OK);
	assert_int_equal(told.count, 1);
	assert_true(bytes_equal_string(told.signatures[0].signer, "Anna M\xC3\xBCller"));
	assert_true(bytes_equal_string(told.signatures[0].organisation, "Contoso"));
	assert_true(bytes_equal_string(told.signatures[0].email, "anna@contoso.com"));
	assert_true(bytes_equal_string(told.signatures[0].chain,
	                               "says it was issued by Fabrikam CA; not checked against a trust store"));
	assert_true(told.signatures[0].time > 1000000000);
	assert_int_equal(told.signatures[0].intact, SIGNATURE_TRUE);
	/* As a fact and back. */
	struct buffer value = buffer_with_ceiling(4096);
	struct fact fact = signature_fact(&told.signatures[0], &value);
	struct signature again;
	assert_true(signature_of_fact(&fact, &again));
	assert_true(bytes_equal(again.signer, told.signatures[0].signer));
	assert_true(bytes_equal(again.email, told.signatures[0].email));
	assert_true(bytes_equal(again.covers, BYTES_LITERAL("all")));
	assert_true(again.time == told.signatures[0].time);
	assert_int_equal(again.intact, SIGNATURE_TRUE);
	buffer_free(&value);
	arena_free(&told.arena);
	OPENSSL_free((void *)(uintptr_t)message.at);
	drop_signer(&signer);
}

static void a_changed_byte_is_seen(void **state)
{
	static const unsigned ways[] = {CMS_DETACHED, CMS_DETACHED | CMS_NOATTR, 0, CMS_NOATTR};
	struct signer signer = make_signer(NULL);
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct bytes message = sign(&signer, content, strlen(content), ways[i]);
		bool is_outside = ways[i] & CMS_DETACHED;
		assert_int_equal(truth_of(message, is_outside ? content : NULL, false), SIGNATURE_TRUE);
		if (is_outside) {
			assert_int_equal(truth_of(message, "what both of us agreed on, in so many wordS", false),
			                 SIGNATURE_FALSE);
			/* Not at hand: neither. */
			assert_int_equal(truth_of(message, NULL, false), SIGNATURE_UNKNOWN);
		} else {
			size_t at = bytes_find(message, BYTES_LITERAL("agreed"));
			assert_true(at != BYTES_NOT_FOUND);
			((unsigned char *)(uintptr_t)message.at)[at] = 'A';
			assert_int_equal(truth_of(message, NULL, false), SIGNATURE_FALSE);
		}
		OPENSSL_free((void *)(uintptr_t)message.at);
	}
	drop_signer(&signer);
}

/* Somebody else's signature under this certificate. */
static void a_changed_signature_is_seen(void **state)
{
	struct signer signer = make_signer(NULL);
	struct bytes message = sign(&signer, content, strlen(content), CMS_DETACHED);
	(void)state;
	((unsigned char *)(uintptr_t)message.at)[message.len - 1] ^= 1;
	assert_int_not_equal(truth_of(message, content, false), SIGNATURE_TRUE);
	OPENSSL_free((void *)(uintptr_t)message.at);
	drop_signer(&signer);
}

static void an_enclosed_sha1_is_held_against_what_lies_outside(void **state)
{
	struct signer signer = make_signer(NULL);
	unsigned char digest[20];
	(void)state;
	assert_int_equal(EVP_Digest(content, strlen(content), digest, NULL, EVP_sha1(), NULL), 1);
	struct bytes message = sign(&signer, digest, sizeof digest, 0);
	assert_int_equal(truth_of(message, content, true), SIGNATURE_TRUE);
	assert_int_equal(truth_of(message, "something else", true), SIGNATURE_FALSE);
	assert_int_equal(truth_of(message, NULL, true), SIGNATURE_UNKNOWN);
	OPENSSL_free((void *)(uintptr_t)message.at);
	drop_signer(&signer);
}

static void a_missing_certificate_is_said(void **state)
{
	struct signer signer = make_signer(NULL);
	struct bytes message = sign(&signer, content, strlen(content), CMS_DETACHED | CMS_NOCERTS);
	struct told told = check(message, content, false);
	(void)state;
	assert_int_equal(told.status, STATUS_OK);
	assert_int_equal(told.count, 1);
	assert_int_equal(told.signatures[0].signer.len, 0);
	assert_int_equal(told.signatures[0].intact, SIGNATURE_UNKNOWN);
	assert_true(bytes_equal_string(told.signatures[0].chain, "the signer's certificate is not in it"));
	arena_free(&told.arena);
	OPENSSL_free((void *)(uintptr_t)message.at);
	drop_signer(&signer);
}

/* Cut anywhere, and every byte of it another: nothing is told as intact that is not, and nothing falls. */
static void damage_is_survived(void **state)
{
	struct signer signer = make_signer(NULL);
	struct bytes message = sign(&signer, content, strlen(content), 0);
	unsigned char *copy = malloc(message.len);
	(void)state;
	assert_non_null(copy);
	for (size_t length = 0; length < message.len; length += 7) {
		struct told told = check(bytes_slice(message, 0, length), content, false);
		assert_int_equal(told.status, STATUS_OK);
		for (size_t i = 0; i < told.count; i++)
			assert_int_not_equal(told.signatures[i].intact, SIGNATURE_TRUE);
		arena_free(&told.arena);
	}
	for (size_t at = 0; at < message.len; at += 3) {
		memcpy(copy, message.at, message.len);
		copy[at] ^= 0x55;
		struct told told = check(bytes_of(copy, message.len), NULL, false);
		assert_int_equal(told.status, STATUS_OK);
		arena_free(&told.arena);
	}
	free(copy);
	OPENSSL_free((void *)(uintptr_t)message.at);
	drop_signer(&signer);
}

static void what_cannot_be_read_ends_the_check(void **state)
{
	struct signer signer = make_signer(NULL);
	struct bytes message = sign(&signer, content, strlen(content), CMS_DETACHED);
	struct reading reading = {.whole = BYTES_LITERAL("x"), .step = 5, .fails = STATUS_TIMED_OUT};
	struct arena arena = arena_with_ceiling(1 << 20);
	struct signature *signatures;
	size_t count;
	const struct signature_input input = {.kind = "pdf",
	                                      .message = message,
	                                      .rewind = rewind_reading,
	                                      .read = read_some,
	                                      .context = &reading,
	                                      .claimed = CLOCK_UNKNOWN};
	(void)state;
	assert_int_equal(signature_check(&input, &arena, &signatures, &count), STATUS_TIMED_OUT);
	arena_free(&arena);
	OPENSSL_free((void *)(uintptr_t)message.at);
	drop_signer(&signer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_who_signed),
		cmocka_unit_test(a_changed_byte_is_seen),
		cmocka_unit_test(a_changed_signature_is_seen),
		cmocka_unit_test(an_enclosed_sha1_is_held_against_what_lies_outside),
		cmocka_unit_test(a_missing_certificate_is_said),
		cmocka_unit_test(damage_is_survived),
		cmocka_unit_test(what_cannot_be_read_ends_the_check),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

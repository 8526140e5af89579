/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By OpenSSL's CMS. What is read of a stranger's message: its structure, the
 * certificates in it, the digests and one signature for each signer. No chain is
 * built, no purpose or date is held against anything.
 */
#include "understanding/signature.h"

#include "base/buffer.h"
#include "base/text.h"

#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

const unsigned signature_version = 2;

enum { PIECE = 64 << 10, NAME_LENGTH_MAX = 256, CERTIFICATES_MAX = 256 };

struct checker {
	const struct signature_input *input;
	struct arena *arena;
	CMS_ContentInfo *message;
	STACK_OF(X509) * certificates;
	enum status status;
};

enum status signature_prepare(void)
{
	static const char *const digests[] = {"SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_ADD_ALL_DIGESTS,
	                        NULL) != 1)
		return STATUS_NO_MEMORY;
	/* The default provider and its tables are made by the first that asks. */
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		EVP_MD_free(EVP_MD_fetch(NULL, digests[i], NULL));
	ERR_clear_error();
	return STATUS_OK;
}

bool signature_is_looked_for(struct bytes media_type)
{
	static const char *const types[] = {
		"application/pdf",           "message/rfc822",   "text/plain",           "text/csv",
		"text/tab-separated-values", "text/html",        "text/calendar",        "text/vcard",
		"application/xml",           "application/json", "application/x-ndjson", "application/vnd.sqlite3",
		"application/x-empty",
	};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (bytes_equal_string(media_type, types[i]))
			return true;
	return bytes_start_with(media_type, BYTES_LITERAL("application/vnd.openxmlformats-officedocument.")) ||
	       bytes_start_with(media_type, BYTES_LITERAL("application/vnd.oasis.opendocument."));
}

/* ---- names and times ---- */

static struct bytes keep_text(struct checker *work, const unsigned char *at, size_t length)
{
	struct buffer repaired = buffer_with_ceiling(8 * NAME_LENGTH_MAX);
	text_append_repaired(&repaired, bytes_slice(bytes_of(at, length), 0, NAME_LENGTH_MAX));
	struct bytes kept = arena_copy(work->arena, bytes_trim(buffer_bytes(&repaired)));
	if (buffer_status(&repaired) != STATUS_OK || (kept.at == NULL && repaired.len > 0))
		work->status = STATUS_NO_MEMORY;
	buffer_free(&repaired);
	return kept;
}

static struct bytes name_entry(struct checker *work, const X509_NAME *name, int nid)
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1);
	unsigned char *utf8 = NULL;
	int length = at < 0 ? -1 : ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	struct bytes kept = length > 0 ? keep_text(work, utf8, (size_t)length) : BYTES_NONE;
	OPENSSL_free(utf8);
	return kept;
}

static struct bytes find_email(struct checker *work, X509 *certificate)
{
	STACK_OF(OPENSSL_STRING) *emails = X509_get1_email(certificate);
	struct bytes kept = BYTES_NONE;
	if (emails != NULL && sk_OPENSSL_STRING_num(emails) > 0) {
		const char *email = sk_OPENSSL_STRING_value(emails, 0);
		kept = keep_text(work, (const unsigned char *)email, strlen(email));
	}
	X509_email_free(emails);
	return kept;
}

static int64_t seconds_of(const ASN1_TIME *time)
{
	struct tm parts;
	return time != NULL && ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : CLOCK_UNKNOWN;
}

static int64_t signing_time(CMS_SignerInfo *signer)
{
	const ASN1_OBJECT *kind = OBJ_nid2obj(NID_pkcs9_signingTime);
	int at = CMS_signed_get_attr_by_OBJ(signer, kind, -1);
	ASN1_TYPE *value = at < 0 ? NULL : X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(signer, at), 0);
	if (value == NULL || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME))
		return CLOCK_UNKNOWN;
	return seconds_of(value->value.asn1_string);
}

/* ---- digests ---- */

struct content_digest {
	unsigned char at[EVP_MAX_MD_SIZE];
	unsigned size;
};

static bool digest_enclosed(const ASN1_OCTET_STRING *enclosed, const EVP_MD *kind, struct content_digest *digest)
{
	return EVP_Digest(ASN1_STRING_get0_data(enclosed), (size_t)ASN1_STRING_length(enclosed), digest->at, &digest->size, kind,
	                  NULL) == 1;
}

static bool digest_outside(struct checker *work, const EVP_MD *kind, struct content_digest *digest)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *piece = malloc(PIECE);
	bool is_well = context != NULL && piece != NULL && EVP_DigestInit_ex(context, kind, NULL) == 1;
	size_t got = 1;
	if (is_well)
		work->input->rewind(work->input->context);
	while (is_well && got > 0 && (work->status = work->input->read(work->input->context, piece, PIECE, &got)) == STATUS_OK)
		is_well = EVP_DigestUpdate(context, piece, got) == 1;
	is_well = is_well && work->status == STATUS_OK && EVP_DigestFinal_ex(context, digest->at, &digest->size) == 1;
	EVP_MD_CTX_free(context);
	free(piece);
	return is_well;
}

static bool is_digest(const struct content_digest *digest, const unsigned char *at, int length)
{
	return length == (int)digest->size && memcmp(at, digest->at, digest->size) == 0;
}

/* ---- what a message encloses ---- */

static const ASN1_OCTET_STRING *enclosed_content(const struct checker *work)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(work->message);
	return content != NULL ? *content : NULL;
}

/* A timestamp encloses the digest of what it dates. */
static enum signature_truth check_timestamp(struct checker *work, const ASN1_OCTET_STRING *enclosed, int64_t *ret_time)
{
	const unsigned char *at = ASN1_STRING_get0_data(enclosed);
	TS_TST_INFO *stamp = d2i_TS_TST_INFO(NULL, &at, ASN1_STRING_length(enclosed));
	enum signature_truth truth = SIGNATURE_UNKNOWN;
	struct content_digest digest;
	if (stamp == NULL)
		return SIGNATURE_UNKNOWN;
	*ret_time = seconds_of(TS_TST_INFO_get_time(stamp));
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(stamp);
	const ASN1_OBJECT *algorithm = NULL;
	X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	const EVP_MD *kind = EVP_get_digestbyobj(algorithm);
	const ASN1_OCTET_STRING *said = TS_MSG_IMPRINT_get_msg(imprint);
	if (kind != NULL && work->input->read != NULL && digest_outside(work, kind, &digest))
		truth = is_digest(&digest, ASN1_STRING_get0_data(said), ASN1_STRING_length(said)) ? SIGNATURE_TRUE
		                                                                                  : SIGNATURE_FALSE;
	TS_TST_INFO_free(stamp);
	return truth;
}

static enum signature_truth check_sha1(struct checker *work, const ASN1_OCTET_STRING *enclosed)
{
	struct content_digest digest;
	if (work->input->read == NULL || !digest_outside(work, EVP_sha1(), &digest))
		return SIGNATURE_UNKNOWN;
	return is_digest(&digest, ASN1_STRING_get0_data(enclosed), ASN1_STRING_length(enclosed)) ? SIGNATURE_TRUE
	                                                                                         : SIGNATURE_FALSE;
}

/* Whether what is enclosed is what lies outside, where a message is over the one by the other. */
static enum signature_truth check_enclosed(struct checker *work, int64_t *ret_time)
{
	const ASN1_OCTET_STRING *enclosed = enclosed_content(work);
	if (enclosed == NULL)
		return SIGNATURE_TRUE;
	if (OBJ_obj2nid(CMS_get0_eContentType(work->message)) == NID_id_smime_ct_TSTInfo)
		return check_timestamp(work, enclosed, ret_time);
	return work->input->is_sha1_enclosed ? check_sha1(work, enclosed) : SIGNATURE_TRUE;
}

/* ---- one signer ---- */

static enum signature_truth truth_of(int verified)
{
	return verified == 1 ? SIGNATURE_TRUE : verified == 0 ? SIGNATURE_FALSE : SIGNATURE_UNKNOWN;
}

/* Without signed attributes the signature is over the digest itself. */
static enum signature_truth verify_digest(CMS_SignerInfo *signer, EVP_PKEY *key, const EVP_MD *kind,
                                          const struct content_digest *digest)
{
	const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(signer);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	int verified = -1;
	if (context != NULL && EVP_PKEY_verify_init(context) == 1 && EVP_PKEY_CTX_set_signature_md(context, kind) > 0)
		verified = EVP_PKEY_verify(context, ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature),
		                           digest->at, digest->size);
	EVP_PKEY_CTX_free(context);
	return truth_of(verified);
}

static enum signature_truth verify_attributes(CMS_SignerInfo *signer, const struct content_digest *digest)
{
	const ASN1_OCTET_STRING *said = CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(NID_pkcs9_messageDigest), -3,
	                                                            V_ASN1_OCTET_STRING);
	if (said == NULL)
		return SIGNATURE_UNKNOWN;
	if (!is_digest(digest, ASN1_STRING_get0_data(said), ASN1_STRING_length(said)))
		return SIGNATURE_FALSE;
	return truth_of(CMS_SignerInfo_verify(signer));
}

static enum signature_truth verify(struct checker *work, CMS_SignerInfo *signer)
{
	const ASN1_OCTET_STRING *enclosed = enclosed_content(work);
	struct content_digest digest;
	X509_ALGOR *algorithm = NULL;
	EVP_PKEY *key = NULL;
	X509 *certificate = NULL;
	const ASN1_OBJECT *object = NULL;
	CMS_SignerInfo_get0_algs(signer, &key, &certificate, &algorithm, NULL);
	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	const EVP_MD *kind = EVP_get_digestbyobj(object);
	if (key == NULL || kind == NULL)
		return SIGNATURE_UNKNOWN;
	if (enclosed != NULL ? !digest_enclosed(enclosed, kind, &digest)
	                     : work->input->read == NULL || !digest_outside(work, kind, &digest))
		return SIGNATURE_UNKNOWN;
	return CMS_signed_get_attr_count(signer) > 0 ? verify_attributes(signer, &digest)
	                                             : verify_digest(signer, key, kind, &digest);
}

static X509 *find_certificate(const struct checker *work, CMS_SignerInfo *signer)
{
	for (int i = 0; i < sk_X509_num(work->certificates) && i < CERTIFICATES_MAX; i++)
		if (CMS_SignerInfo_cert_cmp(signer, sk_X509_value(work->certificates, i)) == 0)
			return sk_X509_value(work->certificates, i);
	return NULL;
}

static void describe_chain(struct checker *work, X509 *certificate, struct signature *signature)
{
	struct buffer words = buffer_with_ceiling(2 * NAME_LENGTH_MAX);
	const X509_NAME *issuer = X509_get_issuer_name(certificate);
	struct bytes name = name_entry(work, issuer, NID_commonName);
	if (name.len == 0)
		name = name_entry(work, issuer, NID_organizationName);
	if (X509_NAME_cmp(issuer, X509_get_subject_name(certificate)) == 0) {
		buffer_append_string(&words, "self-signed");
	} else {
		buffer_append_string(&words, "says it was issued by ");
		buffer_append(&words, name.len > 0 ? name : BYTES_LITERAL("nobody it names"));
	}
	buffer_append_string(&words, "; not checked against a trust store");
	signature->chain = arena_copy(work->arena, buffer_bytes(&words));
	if (signature->chain.at == NULL)
		work->status = STATUS_NO_MEMORY;
	buffer_free(&words);
}

static void describe_signer(struct checker *work, X509 *certificate, struct signature *signature)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	signature->signer = name_entry(work, subject, NID_commonName);
	signature->organisation = name_entry(work, subject, NID_organizationName);
	signature->email = find_email(work, certificate);
	describe_chain(work, certificate, signature);
}

static void check_signer(struct checker *work, CMS_SignerInfo *signer, enum signature_truth enclosed, struct signature *signature)
{
	X509 *certificate = find_certificate(work, signer);
	int64_t time = signing_time(signer);
	if (time != CLOCK_UNKNOWN)
		signature->time = time;
	if (certificate == NULL) {
		signature->chain = BYTES_LITERAL("the signer's certificate is not in it");
		return;
	}
	CMS_SignerInfo_set1_signer_cert(signer, certificate);
	describe_signer(work, certificate, signature);
	if (work->status != STATUS_OK || enclosed != SIGNATURE_TRUE)
		signature->intact = enclosed;
	else
		signature->intact = verify(work, signer);
}

/* ---- the message ---- */

static CMS_ContentInfo *read_message(struct bytes message)
{
	const unsigned char *at = message.at;
	CMS_ContentInfo *read = NULL;
	if (message.len > 0 && message.len <= SIGNATURE_MESSAGE_MAX)
		read = d2i_CMS_ContentInfo(NULL, &at, (long)message.len);
	if (read != NULL && OBJ_obj2nid(CMS_get0_type(read)) != NID_pkcs7_signed) {
		CMS_ContentInfo_free(read);
		read = NULL;
	}
	return read;
}

/* Whose a signature is that is of XML: nothing of it is checked. */
static void read_certificate(struct checker *work, struct signature *signature)
{
	const unsigned char *at = work->input->certificate.at;
	struct bytes der = work->input->certificate;
	X509 *certificate = der.len > 0 && der.len <= SIGNATURE_MESSAGE_MAX ? d2i_X509(NULL, &at, (long)der.len) : NULL;
	if (certificate != NULL)
		describe_signer(work, certificate, signature);
	else
		signature->chain = BYTES_LITERAL("no certificate of the signer could be read");
	X509_free(certificate);
}

static void check_signers(struct checker *work, struct signature *signatures, size_t count)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(work->message);
	int64_t stamped = CLOCK_UNKNOWN;
	enum signature_truth enclosed = check_enclosed(work, &stamped);
	for (size_t i = 0; i < count && work->status == STATUS_OK; i++) {
		if (stamped != CLOCK_UNKNOWN)
			signatures[i].time = stamped;
		check_signer(work, sk_CMS_SignerInfo_value(signers, (int)i), enclosed, &signatures[i]);
		if (stamped != CLOCK_UNKNOWN)
			signatures[i].time = stamped;
	}
}

static size_t count_signers(const CMS_ContentInfo *message)
{
	int count = message != NULL ? sk_CMS_SignerInfo_num(CMS_get0_SignerInfos((CMS_ContentInfo *)(uintptr_t)message)) : 1;
	return count < 0 ? 0 : count > SIGNATURE_SIGNERS_MAX ? SIGNATURE_SIGNERS_MAX : (size_t)count;
}

enum status signature_check(const struct signature_input *input, struct arena *arena, struct signature **ret_signatures,
                            size_t *ret_count)
{
	struct checker work = {.input = input, .arena = arena, .message = read_message(input->message), .status = STATUS_OK};
	size_t count = count_signers(work.message);
	struct signature *signatures = arena_allocate(arena, (count + 1) * sizeof *signatures);
	if (signatures == NULL)
		work.status = STATUS_NO_MEMORY;
	for (size_t i = 0; i < count && signatures != NULL; i++)
		signatures[i] = (struct signature){
			.kind = bytes_of_string(input->kind),
			.time = input->claimed,
			.covers = input->covers,
			.chain = BYTES_LITERAL("the signature's message could not be read"),
		};
	if (input->message.len == 0 && work.status == STATUS_OK)
		read_certificate(&work, signatures);
	if (work.message != NULL && work.status == STATUS_OK) {
		work.certificates = CMS_get1_certs(work.message);
		check_signers(&work, signatures, count);
		sk_X509_pop_free(work.certificates, X509_free);
	}
	CMS_ContentInfo_free(work.message);
	ERR_clear_error();
	if (work.status != STATUS_OK)
		return work.status;
	*ret_signatures = signatures;
	*ret_count = count;
	return STATUS_OK;
}

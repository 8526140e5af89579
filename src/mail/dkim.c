/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/dkim.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

enum {
	RSA_BITS_MIN = 1024,
	ED25519_SIZE = 32,
	SIGNATURE_MAX = 1024,
	CANONICAL_MAX = 64 << 20,
	KEY_TEXT_MAX = 16 << 10,
	FOLD = 72,
	NAMES_LINE = 50
};

struct dkim_key {
	EVP_PKEY *key;
	bool is_rsa;
};

/* ---- keys ---- */

/* Nobody can type a passphrase here. */
static int refuse_passphrase(char *into, int size, int is_writing, void *context)
{
	(void)into, (void)size, (void)is_writing, (void)context;
	return 0;
}

enum status dkim_key_read(struct bytes pem, struct dkim_key **ret_key, struct failure *reterr)
{
	BIO *text = pem.len > 0 && pem.len <= KEY_TEXT_MAX ? BIO_new_mem_buf(pem.at, (int)pem.len) : NULL;
	EVP_PKEY *key = text != NULL ? PEM_read_bio_PrivateKey(text, NULL, refuse_passphrase, NULL) : NULL;
	struct dkim_key *kept = calloc(1, sizeof *kept);
	BIO_free(text);
	ERR_clear_error();
	bool is_rsa = key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
	bool is_ed25519 = key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
	if (kept == NULL || (!is_rsa && !is_ed25519)) {
		EVP_PKEY_free(key);
		free(kept);
		return fail(reterr, STATUS_USAGE, "DKIM key",
		            "is no private key in PEM without a passphrase, of RSA (1,024 bits or more) or Ed25519");
	}
	*kept = (struct dkim_key){key, is_rsa};
	*ret_key = kept;
	return STATUS_OK;
}

void dkim_key_free(struct dkim_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->key);
	free(key);
}

static void append_base64(struct buffer *into, struct bytes bytes)
{
	unsigned char *at = buffer_extend(into, (bytes.len + 2) / 3 * 4 + 1);
	if (at == NULL)
		return;
	EVP_EncodeBlock(at, bytes.at, (int)bytes.len);
	buffer_truncate(into, into->len - 1);
}

/* RFC 6376 3.6.1: of RSA a SubjectPublicKeyInfo; RFC 8463: of Ed25519 its 32 bytes. */
static enum status append_public(const struct dkim_key *key, struct buffer *into)
{
	unsigned char raw[ED25519_SIZE], *encoded = NULL;
	size_t length = sizeof raw;
	if (!key->is_rsa) {
		if (EVP_PKEY_get_raw_public_key(key->key, raw, &length) != 1)
			return STATUS_BROKEN;
		append_base64(into, bytes_of(raw, length));
		return buffer_status(into);
	}
	int size = i2d_PUBKEY(key->key, &encoded);
	if (size <= 0)
		return STATUS_BROKEN;
	append_base64(into, bytes_of(encoded, (size_t)size));
	OPENSSL_free(encoded);
	return buffer_status(into);
}

enum status dkim_key_record(const struct dkim_key *key, struct buffer *into)
{
	buffer_append_format(into, "v=DKIM1; k=%s; p=", key->is_rsa ? "rsa" : "ed25519");
	return append_public(key, into);
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The value of a tag (RFC 6376 3.2) without the blanks within; false: it has none. */
static bool find_tag(struct bytes record, const char *name, struct buffer *into)
{
	while (record.len > 0) {
		size_t end = bytes_find_byte(record, ';');
		struct bytes tag = bytes_slice(record, 0, end);
		size_t sign = bytes_find_byte(tag, '=');
		record = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(record, end + 1);
		if (sign == BYTES_NOT_FOUND || !bytes_equal_string(bytes_trim(bytes_slice(tag, 0, sign)), name))
			continue;
		for (size_t i = sign + 1; i < tag.len; i++)
			if (!is_blank(tag.at[i]))
				buffer_append_byte(into, tag.at[i]);
		return true;
	}
	return false;
}

bool dkim_record_fits(const struct dkim_key *key, struct bytes record)
{
	struct buffer own = buffer_with_ceiling(KEY_TEXT_MAX), told = buffer_with_ceiling(KEY_TEXT_MAX),
		      kind = buffer_with_ceiling(64);
	bool has_kind = find_tag(record, "k", &kind);
	bool fits = append_public(key, &own) == STATUS_OK && find_tag(record, "p", &told) &&
	            bytes_equal(buffer_bytes(&own), buffer_bytes(&told)) &&
	            bytes_equal_string(has_kind ? buffer_bytes(&kind) : BYTES_LITERAL("rsa"), key->is_rsa ? "rsa" : "ed25519");
	buffer_free(&own);
	buffer_free(&told);
	buffer_free(&kind);
	return fits;
}

/* ---- canonical forms ---- */

/* RFC 6376 3.4.4: blanks at lines' ends go, others become one; empty lines at the end go. */
static void append_relaxed_body(struct buffer *into, struct bytes body)
{
	size_t empty_lines = 0;
	while (body.len > 0) {
		size_t end = bytes_find(body, BYTES_LITERAL("\r\n"));
		struct bytes line = bytes_slice(body, 0, end);
		body = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(body, end + 2);
		while (line.len > 0 && is_blank(line.at[line.len - 1]))
			line.len--;
		if (line.len == 0) {
			empty_lines++;
			continue;
		}
		for (; empty_lines > 0; empty_lines--)
			buffer_append_string(into, "\r\n");
		for (size_t i = 0; i < line.len; i++)
			if (!is_blank(line.at[i]))
				buffer_append_byte(into, line.at[i]);
			else if (i == 0 || !is_blank(line.at[i - 1]))
				buffer_append_byte(into, ' ');
		buffer_append_string(into, "\r\n");
	}
}

/* RFC 6376 3.4.2: the name in lower case; unfolded, each run of blanks one, none around the colon or at the end. */
static void append_relaxed_header(struct buffer *into, struct bytes field)
{
	size_t colon = bytes_find_byte(field, ':');
	struct bytes name = bytes_trim(bytes_slice(field, 0, colon)), value = bytes_trim(bytes_from(field, colon + 1));
	for (size_t i = 0; i < name.len; i++)
		buffer_append_byte(into, name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i]);
	buffer_append_byte(into, ':');
	for (size_t i = 0; i < value.len; i++)
		if (!is_blank(value.at[i]))
			buffer_append_byte(into, value.at[i]);
		else if (!is_blank(value.at[i - 1]))
			buffer_append_byte(into, ' ');
}

/* ---- a message ---- */

/* The next field with its folded lines, without its last end; false: the header is over. */
static bool take_field(struct bytes *rest, struct bytes *ret_field)
{
	size_t end = 0;
	if (rest->len == 0 || bytes_start_with(*rest, BYTES_LITERAL("\r\n")))
		return false;
	for (;;) {
		size_t line = bytes_find(bytes_from(*rest, end), BYTES_LITERAL("\r\n"));
		if (line == BYTES_NOT_FOUND)
			return false;
		end += line;
		bool is_folded = end + 2 < rest->len && (rest->at[end + 2] == ' ' || rest->at[end + 2] == '\t');
		if (!is_folded)
			break;
		end += 2;
	}
	*ret_field = bytes_slice(*rest, 0, end);
	*rest = bytes_from(*rest, end + 2);
	return true;
}

static struct bytes body_of(struct bytes message)
{
	struct bytes field;
	while (take_field(&message, &field))
		continue;
	return bytes_from(message, bytes_start_with(message, BYTES_LITERAL("\r\n")) ? 2 : 0);
}

static bool is_named(struct bytes field, const char *name)
{
	size_t colon = bytes_find_byte(field, ':');
	return colon != BYTES_NOT_FOUND && bytes_equal_nocase(bytes_trim(bytes_slice(field, 0, colon)), bytes_of_string(name));
}

/* The field of that name that stands last before a place: verifiers look from the end (RFC 6376 5.4.2). Its own place; NULL:
 * there is none. */
static const unsigned char *find_field(struct bytes message, const char *name, const unsigned char *before,
                                       struct bytes *ret_field)
{
	const unsigned char *found = NULL;
	struct bytes field;
	while (take_field(&message, &field)) {
		if (is_named(field, name) && (before == NULL || field.at < before)) {
			found = field.at;
			*ret_field = field;
		}
	}
	return found;
}

/* Lines are folded between names (RFC 6376 3.5). */
static void append_name(struct buffer *names, const char *name)
{
	size_t line = bytes_find_last_byte(buffer_bytes(names), '\n');
	size_t length = names->len - (line == BYTES_NOT_FOUND ? 0 : line);
	if (names->len > 0)
		buffer_append_string(names, length > NAMES_LINE ? ":\r\n " : ":");
	buffer_append_string(names, name);
}

/* Lists the names in h=, and appends the fields as they are signed. From once more than it stands there. */
static bool gather_fields(struct bytes message, struct buffer *names, struct buffer *fields)
{
	static const char *const signed_names[] = {"From",
	                                           "Reply-To",
	                                           "To",
	                                           "Cc",
	                                           "Subject",
	                                           "Date",
	                                           "Message-ID",
	                                           "MIME-Version",
	                                           "Content-Type",
	                                           "Content-Transfer-Encoding",
	                                           "List-Unsubscribe"};
	size_t froms = 0;
	for (size_t i = 0; i < sizeof signed_names / sizeof *signed_names; i++) {
		const unsigned char *before = NULL;
		struct bytes field;
		while ((before = find_field(message, signed_names[i], before, &field)) != NULL) {
			append_name(names, signed_names[i]);
			append_relaxed_header(fields, field);
			buffer_append_string(fields, "\r\n");
			froms += i == 0;
		}
		if (i == 0)
			append_name(names, signed_names[i]);
	}
	return froms == 1;
}

/* ---- signing ---- */

static enum status sign(const struct dkim_key *key, struct bytes text, struct buffer *into)
{
	unsigned char digest[EVP_MAX_MD_SIZE], signature[SIGNATURE_MAX];
	unsigned digest_size = 0;
	size_t size = sizeof signature;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is_signed = false;
	/* RFC 8463 3: Ed25519 signs the digest. */
	if (key->is_rsa)
		is_signed = EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->key) == 1 &&
		            EVP_DigestSign(context, signature, &size, text.at, text.len) == 1;
	else
		is_signed = EVP_Digest(text.at, text.len, digest, &digest_size, EVP_sha256(), NULL) == 1 &&
		            EVP_DigestSignInit(context, NULL, NULL, NULL, key->key) == 1 &&
		            EVP_DigestSign(context, signature, &size, digest, digest_size) == 1;
	EVP_MD_CTX_free(context);
	if (!is_signed)
		return STATUS_BROKEN;
	append_base64(into, bytes_of(signature, size));
	return buffer_status(into);
}

static enum status append_body_digest(struct bytes message, struct buffer *into)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	struct buffer body = buffer_with_ceiling(CANONICAL_MAX);
	append_relaxed_body(&body, body_of(message));
	bool is_digested = buffer_status(&body) == STATUS_OK &&
	                   EVP_Digest(buffer_string(&body), body.len, digest, &size, EVP_sha256(), NULL) == 1;
	buffer_free(&body);
	if (!is_digested)
		return STATUS_NO_MEMORY;
	append_base64(into, bytes_of(digest, size));
	return buffer_status(into);
}

static bool is_domain(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.at[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_word && c != '-' && c != '_' && c != '.')
			return false;
	}
	return name.len > 0 && name.len <= 253;
}

static void append_folded(struct buffer *into, struct bytes text)
{
	for (; text.len > FOLD; text = bytes_from(text, FOLD)) {
		buffer_append(into, bytes_slice(text, 0, FOLD));
		buffer_append_string(into, "\r\n ");
	}
	buffer_append(into, text);
}

/* The field up to its signature, which is signed as if it were empty (RFC 6376 3.7). */
static enum status word_field(const struct dkim_key *key, struct bytes domain, struct bytes selector, struct bytes message,
                              int64_t now, struct bytes names, struct buffer *field)
{
	buffer_append_format(field, "DKIM-Signature: v=1; a=%s-sha256; c=relaxed/relaxed;\r\n d=%.*s; s=%.*s; t=%lld;\r\n h=",
	                     key->is_rsa ? "rsa" : "ed25519", (int)domain.len, (const char *)domain.at, (int)selector.len,
	                     (const char *)selector.at, (long long)now);
	buffer_append(field, names);
	buffer_append_string(field, ";\r\n bh=");
	enum status status = append_body_digest(message, field);
	buffer_append_string(field, ";\r\n b=");
	return status == STATUS_OK ? buffer_status(field) : status;
}

enum status dkim_sign(const struct dkim_key *key, struct bytes domain, struct bytes selector, struct bytes message, int64_t now,
                      struct buffer *into, struct failure *reterr)
{
	struct buffer names = buffer_with_ceiling(4096), text = buffer_with_ceiling(CANONICAL_MAX);
	struct buffer field = buffer_with_ceiling(KEY_TEXT_MAX), signature = buffer_with_ceiling(2 * SIGNATURE_MAX);
	enum status status = STATUS_OK;
	if (!is_domain(domain) || !is_domain(selector))
		status = fail(reterr, STATUS_USAGE, "DKIM", "needs a domain and a selector");
	else if (!gather_fields(message, &names, &text))
		status = fail(reterr, STATUS_USAGE, "DKIM", "signs messages with one From");
	else
		status = word_field(key, domain, selector, message, now, buffer_bytes(&names), &field);
	if (status == STATUS_OK) {
		append_relaxed_header(&text, buffer_bytes(&field));
		status = buffer_status(&text);
	}
	if (status == STATUS_OK)
		status = sign(key, buffer_bytes(&text), &signature);
	if (status == STATUS_OK) {
		buffer_append(into, buffer_bytes(&field));
		append_folded(into, buffer_bytes(&signature));
		buffer_append_string(into, "\r\n");
		status = buffer_status(into);
	}
	buffer_free(&names);
	buffer_free(&text);
	buffer_free(&field);
	buffer_free(&signature);
	return status;
}

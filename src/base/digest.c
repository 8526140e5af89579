/* SPDX-License-Identifier: Apache-2.0 */
/* Digests by OpenSSL's EVP; contexts are kept, so hashing many small things allocates once. */
#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

struct digest {
	EVP_MD_CTX *context;
	const EVP_MD *algorithm;
};

static const char base32_letters[] = "abcdefghijklmnopqrstuvwxyz234567";

enum status digest_start(enum digest_kind kind, struct digest **ret_digest)
{
	struct digest *digest = calloc(1, sizeof *digest);
	if (digest == NULL)
		return STATUS_NO_MEMORY;
	digest->algorithm = kind == DIGEST_SHA256 ? EVP_sha256() : EVP_md5();
	digest->context = EVP_MD_CTX_new();
	if (digest->context == NULL || EVP_DigestInit_ex(digest->context, digest->algorithm, NULL) != 1) {
		digest_free(digest);
		return STATUS_NO_MEMORY;
	}
	*ret_digest = digest;
	return STATUS_OK;
}

void digest_update(struct digest *digest, struct bytes bytes)
{
	EVP_DigestUpdate(digest->context, bytes.at, bytes.len);
}

void digest_finish(struct digest *digest, unsigned char *into)
{
	EVP_DigestFinal_ex(digest->context, into, NULL);
	EVP_DigestInit_ex(digest->context, digest->algorithm, NULL);
}

void digest_free(struct digest *digest)
{
	if (digest == NULL)
		return;
	EVP_MD_CTX_free(digest->context);
	free(digest);
}

void digest_sha256(struct bytes bytes, unsigned char into[DIGEST_SHA256_SIZE])
{
	EVP_Digest(bytes.at, bytes.len, into, NULL, EVP_sha256(), NULL);
}

void digest_md5(struct bytes bytes, unsigned char into[DIGEST_MD5_SIZE])
{
	EVP_Digest(bytes.at, bytes.len, into, NULL, EVP_md5(), NULL);
}

void digest_hmac_sha256(struct bytes key, struct bytes message, unsigned char into[DIGEST_SHA256_SIZE])
{
	HMAC(EVP_sha256(), key.at ? key.at : (const unsigned char *)"", (int)key.len, message.at, message.len, into,
	     NULL);
}

void digest_append_hex(struct buffer *into, struct bytes bytes)
{
	static const char letters[] = "0123456789abcdef";
	unsigned char *room = buffer_extend(into, 2 * bytes.len);
	for (size_t i = 0; room != NULL && i < bytes.len; i++) {
		room[2 * i] = (unsigned char)letters[bytes.at[i] >> 4];
		room[2 * i + 1] = (unsigned char)letters[bytes.at[i] & 15];
	}
}

void digest_append_base64(struct buffer *into, struct bytes bytes)
{
	size_t length = (bytes.len + 2) / 3 * 4;
	unsigned char *room = buffer_extend(into, length + 1); /* EncodeBlock writes a NUL */
	if (room == NULL)
		return;
	EVP_EncodeBlock(room, bytes.at ? bytes.at : (const unsigned char *)"", (int)bytes.len);
	buffer_truncate(into, into->len - 1);
}

void digest_append_base32(struct buffer *into, struct bytes bytes)
{
	uint32_t pending = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		pending = pending << 8 | bytes.at[i];
		for (bits += 8; bits >= 5; bits -= 5)
			buffer_append_byte(into, (unsigned char)base32_letters[pending >> (bits - 5) & 31]);
	}
	if (bits > 0)
		buffer_append_byte(into, (unsigned char)base32_letters[pending << (5 - bits) & 31]);
}

static int hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum status digest_parse_hex(struct bytes text, unsigned char *into, size_t size)
{
	if (text.len != 2 * size)
		return STATUS_MALFORMED;
	for (size_t i = 0; i < size; i++) {
		int high = hex_value(text.at[2 * i]), low = hex_value(text.at[2 * i + 1]);
		if (high < 0 || low < 0)
			return STATUS_MALFORMED;
		into[i] = (unsigned char)(high << 4 | low);
	}
	return STATUS_OK;
}

/* Whole groups of four letters, at most two of the last one padding: EVP_DecodeBlock lets more through. */
static bool is_base64(struct bytes text)
{
	size_t letters = text.len;
	while (letters > 0 && text.len - letters < 2 && text.at[letters - 1] == '=')
		letters--;
	for (size_t i = 0; i < letters; i++) {
		unsigned char c = text.at[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '+' && c != '/')
			return false;
	}
	return text.len % 4 == 0 && letters % 4 != 1;
}

enum status digest_parse_base64(struct bytes text, struct buffer *into)
{
	text = bytes_trim(text);
	if (text.len == 0)
		return STATUS_OK;
	if (text.len > 1u << 30 || !is_base64(text))
		return STATUS_MALFORMED;
	size_t before = into->len;
	unsigned char *room = buffer_extend(into, text.len / 4 * 3);
	if (room == NULL)
		return buffer_status(into);
	int length = EVP_DecodeBlock(room, text.at, (int)text.len);
	size_t padding = (size_t)(text.at[text.len - 1] == '=') + (size_t)(text.at[text.len - 2] == '=');
	if (length < 0) {
		buffer_truncate(into, before);
		return STATUS_MALFORMED;
	}
	buffer_truncate(into, before + (size_t)length - padding);
	return STATUS_OK;
}

enum status digest_parse_base32(struct bytes text, unsigned char *into, size_t size)
{
	uint32_t pending = 0;
	unsigned bits = 0;
	size_t done = 0;
	if (text.len != (size * 8 + 4) / 5)
		return STATUS_MALFORMED;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')))
			return STATUS_MALFORMED;
		pending = pending << 5 | (uint32_t)(c >= 'a' ? c - 'a' : c - '2' + 26);
		bits += 5;
		if (bits >= 8 && done < size) {
			into[done++] = (unsigned char)(pending >> (bits - 8));
			bits -= 8;
		}
	}
	bool has_spare_bits = (pending & ((1u << bits) - 1)) != 0; /* then another spelling says the same */
	return done == size && !has_spare_bits ? STATUS_OK : STATUS_MALFORMED;
}

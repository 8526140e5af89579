/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests by OpenSSL's functions below EVP, whose state is a plain struct: EVP
 * allocates even for one short message, and a digest that quietly was not
 * computed names the wrong thing for ever.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stdlib.h>

struct digest {
	enum digest_kind kind;
	union {
		SHA256_CTX sha256;
		MD5_CTX md5;
	} state;
};

static void restart(struct digest *digest)
{
	if (digest->kind == DIGEST_SHA256)
		SHA256_Init(&digest->state.sha256);
	else
		MD5_Init(&digest->state.md5);
}

enum status digest_start(enum digest_kind kind, struct digest **ret_digest)
{
	struct digest *digest = malloc(sizeof *digest);
	if (digest == NULL)
		return STATUS_NO_MEMORY;
	digest->kind = kind;
	restart(digest);
	*ret_digest = digest;
	return STATUS_OK;
}

void digest_update(struct digest *digest, struct bytes bytes)
{
	if (digest->kind == DIGEST_SHA256)
		SHA256_Update(&digest->state.sha256, bytes.at, bytes.len);
	else
		MD5_Update(&digest->state.md5, bytes.at, bytes.len);
}

void digest_finish(struct digest *digest, unsigned char *into)
{
	if (digest->kind == DIGEST_SHA256)
		SHA256_Final(into, &digest->state.sha256);
	else
		MD5_Final(into, &digest->state.md5);
	restart(digest);
}

void digest_free(struct digest *digest)
{
	free(digest);
}

void digest_sha256(struct bytes bytes, unsigned char into[DIGEST_SHA256_SIZE])
{
	digest_sha256_of(&bytes, 1, into);
}

void digest_sha256_of(const struct bytes *parts, size_t count, unsigned char into[DIGEST_SHA256_SIZE])
{
	SHA256_CTX state;
	SHA256_Init(&state);
	for (size_t i = 0; i < count; i++)
		SHA256_Update(&state, parts[i].at, parts[i].len);
	SHA256_Final(into, &state);
}

/* RFC 2104, 2. */
void digest_hmac_sha256(struct bytes key, struct bytes message, unsigned char into[DIGEST_SHA256_SIZE])
{
	unsigned char inner[SHA256_CBLOCK] = {0}, outer[SHA256_CBLOCK];
	if (key.len > sizeof inner)
		digest_sha256(key, inner);
	else if (key.len > 0)
		memcpy(inner, key.at, key.len);
	for (size_t i = 0; i < sizeof inner; i++) {
		outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	digest_sha256_of((struct bytes[]){bytes_of(inner, sizeof inner), message}, 2, into);
	digest_sha256_of((struct bytes[]){bytes_of(outer, sizeof outer), bytes_of(into, DIGEST_SHA256_SIZE)}, 2, into);
	OPENSSL_cleanse(inner, sizeof inner);
	OPENSSL_cleanse(outer, sizeof outer);
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

void digest_format_base32(struct bytes bytes, char *into)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint32_t pending = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		pending = pending << 8 | bytes.at[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*into++ = letters[pending >> (bits - 5) & 31];
	}
	if (bits > 0)
		*into = letters[pending << (5 - bits) & 31];
}

void digest_append_base32(struct buffer *into, struct bytes bytes)
{
	unsigned char *room = buffer_extend(into, (bytes.len * 8 + 4) / 5);
	if (room != NULL)
		digest_format_base32(bytes, (char *)room);
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

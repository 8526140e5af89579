/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests and the letters they are written in: SHA-256 and MD5 (OpenSSL),
 * HMAC-SHA-256, hexadecimal, base64 (RFC 4648 4) and unpadded lower-case
 * base32 (RFC 4648 6). Ciphers live in vault/ alone. Only digest_start and what
 * appends to a buffer need memory: a digest is right, or there is none.
 */
#ifndef TIDEMARK_BASE_DIGEST_H
#define TIDEMARK_BASE_DIGEST_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"

#define DIGEST_SHA256_SIZE 32
#define DIGEST_MD5_SIZE 16

struct digest; /* one running computation */

enum digest_kind { DIGEST_SHA256, DIGEST_MD5 };

/** A new computation, owned by the caller until digest_finish or digest_free. */
enum status digest_start(enum digest_kind kind, struct digest **ret_digest) MUST_CHECK;
void digest_update(struct digest *digest, struct bytes bytes);
/** Writes the result (32 or 16 bytes) and makes it ready for a new computation. */
void digest_finish(struct digest *digest, unsigned char *into);
void digest_free(struct digest *digest);

void digest_sha256(struct bytes bytes, unsigned char into[DIGEST_SHA256_SIZE]);
/** Of the parts as if they stood one behind the other. */
void digest_sha256_of(const struct bytes *parts, size_t count, unsigned char into[DIGEST_SHA256_SIZE]);
void digest_hmac_sha256(struct bytes key, struct bytes message, unsigned char into[DIGEST_SHA256_SIZE]);

void digest_append_hex(struct buffer *into, struct bytes bytes);
void digest_append_base64(struct buffer *into, struct bytes bytes);
void digest_append_base32(struct buffer *into, struct bytes bytes);
/** (8 * len + 4) / 5 letters, and no NUL. */
void digest_format_base32(struct bytes bytes, char *into);
enum status digest_parse_hex(struct bytes text, unsigned char *into, size_t size) MUST_CHECK;
enum status digest_parse_base64(struct bytes text, struct buffer *into) MUST_CHECK;
enum status digest_parse_base32(struct bytes text, unsigned char *into, size_t size) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Web Tokens: HEADER.CLAIMS.SIGNATURE in base64url, of which the header
 * decodes to a JSON object with a member alg (RFC 7515 4.1.1). Without a
 * signature (alg none) a token opens nothing: it is no surer than an example.
 */
#include "detector/character.h"
#include "detector/secret.h"

enum { HEADER_MAX = 400, PART_MAX = DETECTOR_REACH, PART_LEAST = 8, DECODED_MAX = 300 };

static int sextet_of(unsigned char c)
{
	return character_is_upper(c)   ? c - 'A'
	       : character_is_lower(c) ? c - 'a' + 26
	       : character_is_digit(c) ? c - '0' + 52
	       : c == '-'              ? 62
	                               : 63;
}

/* Whole bytes only: a header's last bits are none. */
static struct bytes decode(struct bytes base64url, unsigned char *into)
{
	uint32_t bits = 0;
	size_t length = 0;
	for (size_t i = 0; i < base64url.len && length < DECODED_MAX; i++) {
		bits = bits << 6 | (uint32_t)sextet_of(base64url.at[i]);
		if (i % 4 != 0)
			into[length++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
	}
	return bytes_of(into, length);
}

static bool is_header(struct bytes part)
{
	unsigned char decoded[DECODED_MAX];
	struct bytes json = decode(part, decoded);
	return json.len > 2 && json.at[0] == '{' && bytes_find(json, BYTES_LITERAL("\"alg\"")) != BYTES_NOT_FOUND;
}

bool secret_read_jwt(struct bytes text, size_t at, struct secret *ret_secret)
{
	if (!secret_begins(text, at))
		return false;
	size_t header = secret_run_end(text, at, SECRET_URL64, HEADER_MAX);
	if (character_at(text, header) != '.' || !is_header(bytes_slice(text, at, header - at)))
		return false;
	size_t claims = secret_run_end(text, header + 1, SECRET_URL64, PART_MAX), end = claims;
	if (claims - header <= PART_LEAST)
		return false;
	if (character_at(text, claims) == '.')
		end = secret_run_end(text, claims + 1, SECRET_URL64, PART_MAX);
	bool is_signed = end > claims + PART_LEAST;
	*ret_secret = (struct secret){at, is_signed ? end : claims, SECRET_HEAD, 0, "jwt", is_signed ? 0.95f : 0.3f, !is_signed};
	return true;
}

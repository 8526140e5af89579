/* SPDX-License-Identifier: Apache-2.0 */
/* Deriving, writing and reading ids. */
#include "model/id.h"

#include "base/digest.h"

enum { PARTS = 6 };

struct id id_of(const struct id_parts *parts)
{
	const struct bytes each[PARTS] = {
		bytes_of_string(parts->provider),
		parts->account,
		parts->container,
		parts->object,
		parts->version,
		parts->inner_path,
	};
	unsigned char lengths[PARTS][8], digest[DIGEST_SHA256_SIZE];
	struct bytes message[1 + 2 * PARTS] = {BYTES_LITERAL("tidemark-id-1")};
	struct id id;
	for (size_t i = 0; i < PARTS; i++) {
		store_le64(lengths[i], each[i].len);
		message[1 + 2 * i] = bytes_of(lengths[i], sizeof lengths[i]);
		message[2 + 2 * i] = each[i];
	}
	digest_sha256_of(message, 1 + 2 * PARTS, digest);
	memcpy(id.bytes, digest, ID_SIZE);
	return id;
}

const char *id_format(struct id id, char into[ID_TEXT_SIZE])
{
	digest_format_base32(bytes_of(id.bytes, ID_SIZE), into);
	into[ID_TEXT_SIZE - 1] = '\0';
	return into;
}

enum status id_parse(struct bytes text, struct id *ret_id)
{
	struct id id;
	enum status status = digest_parse_base32(text, id.bytes, ID_SIZE);
	if (status == STATUS_OK)
		*ret_id = id;
	return status;
}

bool id_parse_beginning(struct bytes text, struct id *ret_low, struct id *ret_high)
{
	char low[ID_TEXT_SIZE], high[ID_TEXT_SIZE];
	if (text.len == 0 || text.len > ID_TEXT_SIZE - 1)
		return false;
	for (size_t i = 0; i < ID_TEXT_SIZE - 1; i++) {
		bool is_last = i + 2 == ID_TEXT_SIZE; /* which holds three bits */
		unsigned char c = i < text.len ? text.at[i] : 0;
		low[i] = c == 0 ? 'a' : (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		high[i] = c != 0 ? low[i] : is_last ? '4' : '7';
	}
	return id_parse(bytes_of(low, ID_TEXT_SIZE - 1), ret_low) == STATUS_OK &&
	       id_parse(bytes_of(high, ID_TEXT_SIZE - 1), ret_high) == STATUS_OK;
}

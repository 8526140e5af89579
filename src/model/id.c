/* SPDX-License-Identifier: Apache-2.0 */
/* Deriving, writing and reading ids. */
#include "model/id.h"

#include "base/digest.h"

static void add_part(struct buffer *into, struct bytes part)
{
	unsigned char length[8];
	store_le64(length, part.len);
	buffer_append(into, bytes_of(length, sizeof length));
	buffer_append(into, part);
}

struct id id_of(const struct id_parts *parts)
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	struct buffer message = buffer_with_ceiling(SIZE_MAX / 2);
	struct id id;
	buffer_append_string(&message, "tidemark-id-1");
	add_part(&message, bytes_of_string(parts->provider));
	add_part(&message, parts->account);
	add_part(&message, parts->container);
	add_part(&message, parts->object);
	add_part(&message, parts->version);
	add_part(&message, parts->inner_path);
	digest_sha256(buffer_bytes(&message), digest);
	memcpy(id.bytes, digest, ID_SIZE);
	buffer_free(&message);
	return id;
}

const char *id_format(struct id id, char into[ID_TEXT_SIZE])
{
	struct buffer text = buffer_with_ceiling(64);
	digest_append_base32(&text, bytes_of(id.bytes, ID_SIZE));
	memcpy(into, buffer_string(&text), ID_TEXT_SIZE);
	buffer_free(&text);
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

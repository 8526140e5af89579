/* SPDX-License-Identifier: Apache-2.0 */
#include "model/copy.h"

#include "base/digest.h"

struct id copy_id(const struct copy_holding *copy)
{
	unsigned char digest[DIGEST_SHA256_SIZE], since[8], lengths[3][8];
	struct id id;
	const struct bytes texts[] = {copy->holder, copy->what, copy->evidence};
	store_le64(since, (uint64_t)copy->since);
	for (size_t i = 0; i < 3; i++)
		store_le64(lengths[i], texts[i].len);
	const struct bytes parts[] = {
		BYTES_LITERAL("tidemark-copy-1"), bytes_of(since, sizeof since),
		bytes_of(lengths[0], 8),          texts[0],
		bytes_of(lengths[1], 8),          texts[1],
		bytes_of(lengths[2], 8),          texts[2],
	};
	digest_sha256_of(parts, sizeof parts / sizeof *parts, digest);
	memcpy(id.bytes, digest, sizeof id.bytes);
	return id;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Two full trees of one height become one of the next. */
#include "answer/merkle.h"

static void join(const unsigned char left[DIGEST_SHA256_SIZE], unsigned char right[DIGEST_SHA256_SIZE])
{
	const struct bytes parts[] = {BYTES_LITERAL("\x01"), bytes_of(left, DIGEST_SHA256_SIZE),
	                              bytes_of(right, DIGEST_SHA256_SIZE)};
	unsigned char joined[DIGEST_SHA256_SIZE];
	digest_sha256_of(parts, 3, joined);
	memcpy(right, joined, sizeof joined);
}

void merkle_add(struct merkle *tree, struct bytes data)
{
	unsigned char hash[DIGEST_SHA256_SIZE];
	unsigned height = 0;
	digest_sha256_of((const struct bytes[]){BYTES_LITERAL("\0"), data}, 2, hash);
	for (; tree->count >> height & 1; height++)
		join(tree->full[height], hash);
	memcpy(tree->full[height], hash, sizeof hash);
	tree->count++;
}

void merkle_root(const struct merkle *tree, unsigned char into[DIGEST_SHA256_SIZE])
{
	bool has_any = false;
	if (tree->count == 0)
		digest_sha256(BYTES_NONE, into);
	for (unsigned height = 0; height < 64; height++) {
		if ((tree->count >> height & 1) == 0)
			continue;
		if (has_any)
			join(tree->full[height], into);
		else
			memcpy(into, tree->full[height], DIGEST_SHA256_SIZE);
		has_any = true;
	}
}

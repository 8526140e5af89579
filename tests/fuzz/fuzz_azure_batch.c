/* SPDX-License-Identifier: Apache-2.0 */
/* The reply to a batch, and what else tidemark-act reads of a provider: the first byte chooses. Each step is told of once at most. */
#include "provider/azure-act.h"
#include "provider/azure-identity.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEPS = 8 };

static void count(void *context, size_t index, const struct reply *reply)
{
	unsigned *counts = context;
	assert(index < STEPS && reply->status >= 200 && reply->status <= 599);
	assert(counts[index]++ == 0);
}

static void read_others(unsigned char which, struct bytes body, struct arena *arena)
{
	const struct header headers[] = {{BYTES_LITERAL("ETag"), body}};
	const struct reply reply = {200, headers, 1, body};
	struct azure_acl acl;
	struct azure_service service;
	struct bytes text;
	enum answer allows;
	enum status status = which % 5 == 0   ? azure_read_acl(&reply, arena, &acl)
	                     : which % 5 == 1 ? azure_read_service(body, arena, &service)
	                     : which % 5 == 2 ? azure_read_token(body, arena, &text)
	                     : which % 5 == 3 ? azure_read_account_place(body, BYTES_LITERAL("contoso"), arena, &text)
	                                      : azure_read_account(body, arena, &allows);
	if (which % 5 == 2 && status == STATUS_OK)
		assert(bytes_find_byte(text, '\n') == BYTES_NOT_FOUND);
	if (which % 5 == 3 && status == STATUS_OK)
		assert(bytes_find_byte(text, '?') == BYTES_NOT_FOUND);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct header headers[] = {
		{{(const unsigned char *)"Content-Type", 12}, {(const unsigned char *)"multipart/mixed; boundary=b", 27}}};
	struct arena arena = arena_with_ceiling(16 << 20);
	unsigned counts[STEPS] = {0};
	if (size > 0 && data[0] == 'B') {
		const struct reply reply = {202, headers, 1, bytes_of(data + 1, size - 1)};
		enum status status = azure_read_batch(&reply, STEPS, &arena, count, counts);
		assert(status == STATUS_OK || status == STATUS_MALFORMED);
	} else if (size > 0) {
		read_others(data[0], bytes_of(data + 1, size - 1), &arena);
	}
	arena_free(&arena);
	return 0;
}

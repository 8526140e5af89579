/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a page and as a refusal's body: every object that is told of has a name, and refusals leave terms valid. */
#include "base/buffer.h"
#include "provider/azure.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_page(struct bytes body)
{
	struct arena arena = arena_with_ceiling(8 << 20);
	struct target target = {.port = 0};
	struct page page;
	if (azure_read_page(&target, body, &arena, &page) == STATUS_OK) {
		assert(page.is_last == (page.next.len == 0));
		for (size_t i = 0; i < page.count; i++) {
			const struct object *object = &page.objects[i];
			assert(object->name.len > 0 && object->name.len <= PROVIDER_NAME_MAX);
			assert(object->md5.len == 0 || object->md5.len == 16);
			assert(!object->is_snapshot || object->version.len > 0);
		}
	}
	arena_free(&arena);
}

/* The first line may be a challenge. */
static void read_refusal(struct bytes body)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct terms terms = {.dialect = 0};
	struct refusal refusal;
	size_t line = bytes_find_byte(body, '\n');
	const struct header headers[] = {{BYTES_LITERAL("WWW-Authenticate"), bytes_slice(body, 0, line)}};
	struct reply reply = {
		.status = body.len > 0 ? 400u + body.at[0] % 120 : 400u, .headers = headers, .header_count = 1, .body = body};
	if (azure_read_refusal(&reply, &terms, &arena, &refusal) == STATUS_OK) {
		assert(azure_version(&terms) != NULL);
		assert(refusal.tenant.len <= 80 && refusal.code.len <= 96);
		assert(refusal.status != STATUS_OK);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_page(bytes_of(data, size));
	read_refusal(bytes_of(data, size));
	return 0;
}

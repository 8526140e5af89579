/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a written target (not as a folder's path). What is taken must
 * be whole, must be taken again from its own canonical URL as the same
 * container, and its objects must be in its own scope.
 */
#include "base/buffer.h"
#include "provider/provider.h"
#include "scope/scope.h"
#include "scope/target.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_same_again(const struct target *target, struct arena *arena)
{
	struct target again;
	struct buffer url = buffer_with_ceiling(1 << 20);
	buffer_append_string(&url, target->is_custom ? "az+" : "");
	buffer_append(&url, target->container.url);
	assert(target_parse(buffer_bytes(&url), arena, &again, NULL) == STATUS_OK);
	assert(bytes_equal(again.container.account, target->container.account));
	assert(bytes_equal(again.container.name, target->container.name));
	assert(bytes_equal(again.container.url, target->container.url));
	buffer_free(&url);
}

static void assert_in_own_scope(const struct target *target, struct arena *arena)
{
	struct scope scope = scope_new(arena);
	struct terms terms = {.dialect = 0};
	struct page_options options = {.size = 0};
	struct object_part part = {.length = OBJECT_SIZE_UNKNOWN};
	struct request request;
	const struct provider *provider = provider_of(target->container.provider);
	struct buffer name = buffer_with_ceiling(1 << 20);
	assert(scope_add_target(&scope, target, NULL) == STATUS_OK);
	assert(provider->ask_page(target, &terms, &options, BYTES_NONE, arena, &request) == STATUS_OK);
	assert(scope_allows_url(&scope, "GET", request.url));
	buffer_append(&name, target->prefix);
	buffer_append_string(&name, "x");
	struct object object = {.name = buffer_bytes(&name)};
	/* Names that could be read as dot segments, once decoded again, are out on purpose. */
	if (bytes_find_byte(object.name, '%') == BYTES_NOT_FOUND && bytes_find_byte(object.name, '\\') == BYTES_NOT_FOUND &&
	    provider->ask_object(target, &terms, &object, &part, arena, &request) == STATUS_OK)
		assert(scope_allows_url(&scope, "GET", request.url));
	buffer_free(&name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = arena_with_ceiling(4 << 20);
	struct target target;
	struct failure failure = {.why = ""};
	struct bytes written = bytes_trim(bytes_of(data, size));
	bool is_url = bytes_find(written, BYTES_LITERAL("://")) != BYTES_NOT_FOUND &&
	              !bytes_start_with_nocase(written, BYTES_LITERAL("file:"));
	if (is_url && target_parse(written, &arena, &target, &failure) == STATUS_OK) {
		assert(target.container.provider == PROVIDER_AZURE && target.container.name.len >= 3 &&
		       target.container.name.len <= 63);
		assert(bytes_find_byte(target.container.name, '/') == BYTES_NOT_FOUND);
		assert(target.host.len > 0 && target.port != 0 && target.account_name.len > 0);
		assert(!target_carries_signature(target.written));
		assert_same_again(&target, &arena);
		assert_in_own_scope(&target, &arena);
	}
	arena_free(&arena);
	return 0;
}

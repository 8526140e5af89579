/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scope file, a NUL, a URL. Whatever the URL: with one target alone, what is
 * allowed lies literally within it once decoded, whichever way a server reads
 * it; and a deny entry for everything leaves nothing.
 */
#include "base/percent.h"
#include "scope/scope.h"
#include "scope/target.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scope scope_of_one(struct arena *arena)
{
	struct scope scope = scope_new(arena);
	struct target target;
	assert(target_parse(BYTES_LITERAL("az+http://127.0.0.1:10000/acme/open/in/"), arena, &target, NULL) == STATUS_OK);
	assert(scope_add_target(&scope, &target, NULL) == STATUS_OK);
	return scope;
}

static void assert_within(struct bytes url)
{
	struct buffer path = buffer_with_ceiling(1 << 20), twice = buffer_with_ceiling(1 << 20);
	bool is_secure = bytes_start_with_nocase(url, BYTES_LITERAL("https://127.0.0.1:10000/"));
	assert(is_secure || bytes_start_with_nocase(url, BYTES_LITERAL("http://127.0.0.1:10000/")));
	url = bytes_from(url, is_secure ? 23 : 22);
	percent_append_decoded(&path, bytes_slice(url, 0, bytes_find_byte(url, '?')));
	percent_append_decoded(&twice, buffer_bytes(&path));
	bool is_container = bytes_equal_string(buffer_bytes(&path), "/acme/open") ||
	                    bytes_equal_string(buffer_bytes(&path), "/acme/open/");
	assert(is_container || bytes_start_with(buffer_bytes(&path), BYTES_LITERAL("/acme/open/in/")));
	assert(bytes_find(buffer_bytes(&twice), BYTES_LITERAL("/../")) == BYTES_NOT_FOUND);
	assert(!bytes_end_with(buffer_bytes(&twice), BYTES_LITERAL("/..")));
	buffer_free(&path);
	buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	size_t nul = bytes_find_byte(input, '\0');
	struct bytes yaml = bytes_slice(input, 0, nul), url = nul == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(input, nul + 1);
	struct arena arena = arena_with_ceiling(32 << 20);
	struct failure failure = {.why = ""};
	struct scope scope = scope_of_one(&arena);
	if (scope_allows_url(&scope, "GET", url))
		assert_within(url);
	scope = scope_new(&arena);
	if (scope_read(&scope, yaml, "scope.yaml", &failure) == STATUS_OK) {
		bool was_allowed = scope_allows_url(&scope, "HEAD", url);
		assert(!was_allowed || scope.allow != NULL);
		if (scope_read(
			    &scope,
			    BYTES_LITERAL(
				    "deny: [az://*, 'az+http://**:*', 'az+https://**:*', 'https://**.blob.storage.azure.net']"),
			    "all.yaml", NULL) == STATUS_OK &&
		    bytes_find(url, BYTES_LITERAL("windows.net")) != BYTES_NOT_FOUND)
			assert(!scope_allows_url(&scope, "HEAD", url));
	}
	arena_free(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The URL of an object, for answers: apart from the registry, so that who only answers links no provider. */
#include "provider/provider.h"

#include "base/percent.h"

enum status provider_object_url(const struct container *container, struct bytes object_name, struct arena *arena,
                                struct bytes *ret_url)
{
	struct buffer url = buffer_with_ceiling(256 * 1024);
	buffer_append(&url, container->url);
	buffer_append_byte(&url, '/');
	percent_append_encoded(&url, object_name, true);
	struct bytes kept = buffer_status(&url) == STATUS_OK ? arena_copy(arena, buffer_bytes(&url)) : BYTES_NONE;
	buffer_free(&url);
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	*ret_url = kept;
	return STATUS_OK;
}

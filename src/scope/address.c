/* SPDX-License-Identifier: Apache-2.0 */
/* The registry, and what the readers of several providers share. */
#include "scope/address.h"

#include "base/percent.h"
#include "model/cloud-host.h"

static bool has_scheme(const struct address *address, struct bytes scheme)
{
	for (const char *const *own = address->schemes; *own != NULL; own++)
		if (bytes_equal_nocase(scheme, bytes_of_string(*own)))
			return true;
	return false;
}

static bool is_web(struct bytes scheme)
{
	return bytes_equal_nocase(scheme, BYTES_LITERAL("https")) || bytes_equal_nocase(scheme, BYTES_LITERAL("http"));
}

const struct address *address_of_url(const struct url *url)
{
	const struct cloud_host *row = is_web(url->scheme) ? cloud_host_find(bytes_of_string(url->host)) : NULL;
	for (const struct address *const *address = address_registry; *address != NULL; address++)
		if (has_scheme(*address, url->scheme) || (row != NULL && row->provider == (*address)->provider))
			return *address;
	return NULL;
}

enum status address_refuse(struct address_reading *reading, const char *why)
{
	reading->why = why;
	return STATUS_USAGE;
}

struct bytes address_take_segment(struct bytes *path)
{
	struct bytes rest = bytes_start_with(*path, BYTES_LITERAL("/")) ? bytes_from(*path, 1) : *path;
	struct bytes segment = bytes_slice(rest, 0, bytes_find_byte(rest, '/'));
	*path = bytes_from(rest, segment.len);
	return segment;
}

struct bytes address_or_any(struct bytes part)
{
	return part.len > 0 ? part : BYTES_LITERAL("**");
}

enum status address_read_pattern_path(struct bytes path, struct arena *arena, struct pattern *pattern)
{
	if (percent_decode(address_take_segment(&path), arena, &pattern->container) != STATUS_OK)
		return STATUS_NO_MEMORY;
	pattern->container = address_or_any(pattern->container);
	return percent_decode(bytes_from(path, 1), arena, &pattern->prefix);
}

void address_append_examples(struct buffer *into, bool is_custom)
{
	const char *separator = "";
	for (const struct address *const *address = address_registry; *address != NULL; address++) {
		const char *example = is_custom ? (*address)->custom_example : (*address)->example;
		if (example != NULL)
			buffer_append_format(into, "%s%s", separator, example);
		separator = into->len > 0 ? ", " : "";
	}
}

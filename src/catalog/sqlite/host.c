/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts within values of findings, and as they are stored to be found with all below them. */
#include "catalog/sqlite/host.h"

void host_append_reversed(struct buffer *into, struct bytes host)
{
	while (host.len > 0) {
		size_t dot = bytes_find_last_byte(host, '.');
		buffer_append(into, dot == BYTES_NOT_FOUND ? host : bytes_from(host, dot + 1));
		buffer_append_byte(into, '.');
		host = bytes_slice(host, 0, dot == BYTES_NOT_FOUND ? 0 : dot);
	}
}

static struct bytes url_host(struct bytes url)
{
	size_t at = bytes_find(url, BYTES_LITERAL("://"));
	if (at == BYTES_NOT_FOUND)
		return BYTES_NONE;
	url = bytes_from(url, at + 3);
	size_t end = 0;
	while (end < url.len && url.at[end] != '/' && url.at[end] != '?' && url.at[end] != '#')
		end++;
	struct bytes host = bytes_slice(url, 0, end);
	size_t user = bytes_find_last_byte(host, '@');
	if (user != BYTES_NOT_FOUND)
		host = bytes_from(host, user + 1);
	return bytes_slice(host, 0, bytes_find_byte(host, ':'));
}

struct bytes host_of(enum finding_kind kind, struct bytes value)
{
	switch (kind) {
	case FINDING_EMAIL: {
		size_t at = bytes_find_last_byte(value, '@');
		return at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(value, at + 1);
	}
	case FINDING_DOMAIN: return value;
	case FINDING_URL:
	case FINDING_STORAGE_URL: return url_host(value);
	default: return BYTES_NONE;
	}
}

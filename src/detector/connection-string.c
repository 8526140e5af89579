/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connection strings of Azure storage, found at the key in them: NAME=VALUE
 * pairs joined by semicolons, in any order (Azure, Configure connection
 * strings). What they open is written as a storage address. One that names its
 * endpoint holds a URL, which is found as such.
 */
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/storage-host.h"

static bool connection_string_match(struct bytes text, size_t at, struct match *match);

static const struct beside beside[] = {{";", NULL, "aA"}, {0}};

const struct detector detector_connection_string = {
	.name = "connection-string",
	.version = 1,
	.lane = LANE_TRIGGERS,
	.triggers = ";",
	.beside = beside,
	.rank = RANK_ADDRESS,
	.yields_to = 0,
	.match = connection_string_match,
};

#define KEY ";accountkey="

enum { STRING_MAX = 1024 };

static bool is_within(unsigned char c)
{
	return c > ' ' && c < 0x7F && strchr("\"'<>`|\\{}", c) == NULL;
}

/* The value of a pair; empty if there is none of that name. */
static struct bytes find_pair(struct bytes string, const char *name)
{
	struct bytes wanted = bytes_of_string(name);
	while (string.len > 0) {
		size_t end = bytes_find_byte(string, ';');
		struct bytes pair = bytes_slice(string, 0, end);
		if (pair.len > wanted.len && pair.at[wanted.len] == '=' && bytes_start_with_nocase(pair, wanted))
			return bytes_from(pair, wanted.len + 1);
		string = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(string, end + 1);
	}
	return BYTES_NONE;
}

/* From the first pair's name: what stands before it with an = is an assignment of somebody's (CONNECTION=Default...). */
static struct bytes first_pairs(struct bytes string)
{
	struct bytes pair = bytes_slice(string, 0, bytes_find_byte(string, ';'));
	size_t first = bytes_find_byte(pair, '='), second = BYTES_NOT_FOUND;
	if (first != BYTES_NOT_FOUND)
		second = bytes_find_byte(bytes_from(pair, first + 1), '=');
	return second != BYTES_NOT_FOUND ? bytes_from(string, first + 1) : string;
}

static bool connection_string_match(struct bytes text, size_t at, struct match *match)
{
	if (!bytes_start_with_nocase(bytes_from(text, at), BYTES_LITERAL(KEY)))
		return false;
	size_t from = at, to = at;
	while (from > 0 && at - from < STRING_MAX && is_within(text.at[from - 1]))
		if (bytes_start_with_nocase(bytes_from(text, --from), BYTES_LITERAL(KEY)))
			return false; /* found there */
	while (to < text.len && to - at < STRING_MAX && is_within(text.at[to]))
		to++;
	struct bytes string = first_pairs(bytes_slice(text, from, to - from));
	struct bytes account = find_pair(string, "AccountName"), suffix = find_pair(string, "EndpointSuffix");
	if (account.len == 0 || find_pair(string, "BlobEndpoint").len > 0)
		return false;
	struct buffer host = buffer_with_ceiling(512);
	buffer_append(&host, account);
	buffer_append_string(&host, ".blob.");
	buffer_append(&host, suffix.len > 0 ? suffix : BYTES_LITERAL("core.windows.net"));
	for (size_t i = 0; i < host.len; i++)
		host.at[i] = character_to_lower(host.at[i]);
	match->subkind = buffer_status(&host) == STATUS_OK
	                         ? storage_host_append(match->value, &(struct storage_url){.host = buffer_bytes(&host)})
	                         : NULL;
	buffer_free(&host);
	match->from = (size_t)(string.at - text.at);
	match->to = to;
	match->kind = FINDING_STORAGE_URL;
	match->confidence = 0.9f;
	return match->subkind != NULL;
}

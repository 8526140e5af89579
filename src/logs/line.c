/* SPDX-License-Identifier: Apache-2.0 */
#include "logs/line.h"

#include "base/digest.h"
#include "base/percent.h"
#include "base/text.h"
#include "model/network.h"

#include <stdio.h>

bool log_is_word(struct bytes text, size_t most)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i], letter = c | 32;
		if (!((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
			return false;
	}
	return text.len > 0 && text.len <= most;
}

bool log_names_itself_so(struct bytes agent)
{
	return bytes_start_with(agent, BYTES_LITERAL("tidemark/"));
}

/* ---- where it leads ---- */

static bool decode(struct bytes encoded, struct arena *arena, struct bytes *ret)
{
	*ret = BYTES_NONE;
	return encoded.len == 0 || percent_decode(encoded, arena, ret) == STATUS_OK;
}

static struct bytes take_segment(struct bytes *path)
{
	size_t end = bytes_find_byte(*path, '/');
	struct bytes segment = bytes_slice(*path, 0, end);
	*path = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*path, end + 1);
	return segment;
}

static bool host_is_of(struct bytes host, struct bytes account)
{
	return host.len > account.len && bytes_start_with_nocase(host, account) &&
	       (host.at[account.len] == '.' || host.at[account.len] == '-');
}

static bool take_path(struct bytes path, struct arena *arena, struct access_record *record)
{
	struct bytes container = take_segment(&path);
	bool is_at_root = path.len == 0 && record->verb == ACCESS_READ;
	if (!decode(is_at_root ? BYTES_LITERAL("$root") : container, arena, &record->container) ||
	    !decode(is_at_root ? container : path, arena, &record->object))
		return false;
	return record->container.len <= ACCESS_CONTAINER_MAX && text_is_valid(record->container) &&
	       bytes_are_one_line(record->container) && record->object.len <= ACCESS_NAME_MAX;
}

static bool take_version(struct bytes query, struct arena *arena, struct access_record *record)
{
	struct bytes value;
	if (!percent_find_parameter(query, "versionid", &value) && !percent_find_parameter(query, "versionId", &value) &&
	    !percent_find_parameter(query, "snapshot", &value))
		return true;
	return decode(value, arena, &record->version) && record->version.len <= ACCESS_VERSION_MAX &&
	       text_is_valid(record->version) && bytes_are_one_line(record->version);
}

bool log_take_url(struct bytes url, struct bytes account, struct arena *arena, struct access_record *record)
{
	struct bytes rest = url, host = BYTES_NONE, query = BYTES_NONE;
	size_t scheme = bytes_find(url, BYTES_LITERAL("://"));
	if (scheme != BYTES_NOT_FOUND && scheme <= 5) {
		rest = bytes_from(url, scheme + 3);
		host = take_segment(&rest);
	} else if (rest.len > 0 && rest.at[0] == '/')
		rest = bytes_from(rest, 1);
	size_t mark = bytes_find_byte(rest, '?');
	if (mark != BYTES_NOT_FOUND) {
		query = bytes_from(rest, mark + 1);
		rest = bytes_slice(rest, 0, mark);
	}
	/* The host of a static site shows one container and does not name it. */
	if (bytes_find(host, BYTES_LITERAL(".web.")) != BYTES_NOT_FOUND) {
		record->container = BYTES_LITERAL("$web");
		return decode(rest, arena, &record->object) && record->object.len <= ACCESS_NAME_MAX;
	}
	/* Behind an endpoint of somebody's own the account is the path's first segment, as in an object's key it always is. */
	struct bytes below = rest;
	if (account.len > 0 && !host_is_of(host, account) && bytes_equal(take_segment(&below), account))
		rest = below;
	return take_path(rest, arena, record) && take_version(query, arena, record);
}

/* ---- who ---- */

static struct bytes without_port(struct bytes address)
{
	if (address.len > 0 && address.at[0] == '[')
		return bytes_slice(address, 1, bytes_find_byte(bytes_from(address, 1), ']'));
	size_t colon = bytes_find_byte(address, ':');
	bool is_v6 = colon != BYTES_NOT_FOUND && colon != bytes_find_last_byte(address, ':');
	return is_v6 ? address : bytes_slice(address, 0, colon);
}

void log_take_address(struct bytes written, struct arena *arena, struct access_record *record)
{
	struct ip_address address;
	char text[NETWORK_TEXT_SIZE], network[NETWORK_TEXT_SIZE + 8];
	if (!ip_address_parse(without_port(bytes_trim(written)), &address))
		return;
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	if (address.is_v6 && memcmp(address.octets, mapped, sizeof mapped) == 0) {
		memmove(address.octets, address.octets + 12, 4);
		address.is_v6 = false;
		memset(address.octets + 4, 0, 12);
	}
	size_t kept = address.is_v6 ? 6 : 3;
	memset(address.octets + kept, 0, sizeof address.octets - kept);
	snprintf(network, sizeof network, "%s/%u", ip_address_write(&address, text), address.is_v6 ? 48u : 24u);
	record->network = arena_copy(arena, bytes_of_string(network));
}

void log_take_identity(struct bytes request, struct access_record *record)
{
	unsigned char digest[DIGEST_SHA256_SIZE], provider = (unsigned char)log_provider(record->log);
	const struct bytes parts[] = {
		BYTES_LITERAL("tidemark-access-1"),
		bytes_of(&provider, 1),
		request,
		BYTES_LITERAL("\n"),
		record->operation,
		BYTES_LITERAL("\n"),
		record->container,
		BYTES_LITERAL("/"),
		record->object,
	};
	digest_sha256_of(parts, sizeof parts / sizeof *parts, digest);
	memcpy(record->identity, digest, sizeof record->identity);
}

/* ---- what ---- */

enum access_verb log_azure_verb(struct bytes operation)
{
	static const struct {
		const char *name;
		enum access_verb verb;
	} known[] = {
		{"GetBlob", ACCESS_READ},           {"GetWebContent", ACCESS_READ},     {"ReadFile", ACCESS_READ},
		{"QueryBlobContents", ACCESS_READ}, {"ListBlobs", ACCESS_LIST},         {"ListContainers", ACCESS_LIST},
		{"FindBlobsByTags", ACCESS_LIST},   {"ListFilesystemDir", ACCESS_LIST}, {"ListFilesystemFile", ACCESS_LIST},
		{"GetBlockList", ACCESS_LOOK},      {"GetPageRegions", ACCESS_LOOK},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (bytes_equal_string(operation, known[i].name))
			return known[i].verb;
	return bytes_start_with(operation, BYTES_LITERAL("Get")) ? ACCESS_LOOK : ACCESS_CHANGE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path is decoded once, as servers do. It has no place if it then has dot
 * segments, or if decoding it again, or reading \ as /, would uncover some:
 * net resolves those of a redirect before it asks, so that nothing is lost.
 */
#include "scope/place.h"

#include "base/percent.h"
#include "scope/endpoint.h"
#include "scope/target.h"

#include <stdio.h>

static bool is_dots(struct bytes segment)
{
	return bytes_equal_string(segment, ".") || bytes_equal_string(segment, "..");
}

static bool has_dot_segments(struct bytes path)
{
	for (size_t at = 0; at < path.len;) {
		size_t end = at;
		while (end < path.len && path.at[end] != '/' && path.at[end] != '\\')
			end++;
		if (is_dots(bytes_slice(path, at, end - at)))
			return true;
		at = end + 1;
	}
	return false;
}

static bool decode_into(struct bytes encoded, unsigned char *into, struct bytes *ret_decoded)
{
	struct buffer buffer = buffer_with_ceiling(PLACE_PATH_MAX);
	percent_append_decoded(&buffer, encoded);
	bool is_fit = buffer_status(&buffer) == STATUS_OK &&
	              bytes_find_byte(buffer_bytes(&buffer), '\0') == BYTES_NOT_FOUND;
	if (is_fit && buffer.len > 0)
		memcpy(into, buffer.at, buffer.len);
	*ret_decoded = bytes_of(into, is_fit ? buffer.len : 0);
	buffer_free(&buffer);
	return is_fit;
}

/* Would a second decoding, which no server should do, uncover dot segments? */
static bool hides_dot_segments(struct bytes decoded)
{
	struct buffer twice = buffer_with_ceiling(PLACE_PATH_MAX);
	percent_append_decoded(&twice, decoded);
	bool hides = has_dot_segments(buffer_bytes(&twice));
	buffer_free(&twice);
	return hides;
}

static struct bytes take_segment(struct bytes *path)
{
	struct bytes rest = bytes_start_with(*path, BYTES_LITERAL("/")) ? bytes_from(*path, 1) : *path;
	struct bytes segment = bytes_slice(rest, 0, bytes_find_byte(rest, '/'));
	*path = bytes_from(rest, segment.len);
	return segment;
}

/* What the path says: [/ACCOUNT]/CONTAINER[/OBJECT]. */
static void read_path(struct place *place, struct bytes path)
{
	place->account = place->is_path_style ? take_segment(&path) : BYTES_NONE;
	place->container = take_segment(&path);
	place->path = bytes_from(path, 1);
}

struct azure_query {
	struct bytes restype, comp, prefix;   /* still encoded; empty: absent */
};

/* False if a parameter that matters comes twice: servers differ in which one counts. */
static bool read_query(struct bytes query, struct azure_query *ret_query)
{
	*ret_query = (struct azure_query){0};
	const struct {
		struct bytes name;
		struct bytes *value;
	} known[] = {{BYTES_LITERAL("restype"), &ret_query->restype}, {BYTES_LITERAL("comp"), &ret_query->comp},
	             {BYTES_LITERAL("prefix"), &ret_query->prefix}};
	struct bytes name, value;
	while (percent_next_parameter(&query, &name, &value)) {
		struct buffer plain = buffer_with_ceiling(64);
		percent_append_decoded(&plain, bytes_slice(name, 0, 60));
		bool is_twice = false;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
			if (!bytes_equal_nocase(buffer_bytes(&plain), known[i].name))
				continue;
			is_twice = known[i].value->at != NULL;
			*known[i].value = value.at != NULL ? value : BYTES_LITERAL("");
		}
		buffer_free(&plain);
		if (is_twice)
			return false;
	}
	return true;
}

/* Reads names or contents no more than it says: comp absent, or one that tells of properties. */
static bool is_plain_comp(struct bytes comp)
{
	return comp.at == NULL || bytes_equal_string(comp, "metadata");
}

static bool read_object(struct place *place, const struct azure_query *query)
{
	place->kind = PLACE_OBJECT;
	if (place->path.len == 0) { /* /NAME is an object of $root */
		place->path = place->container;
		place->container = BYTES_LITERAL("$root");
	}
	return place->path.len > 0 && is_plain_comp(query->comp);
}

static bool read_kind(struct place *place, struct bytes query_text)
{
	struct azure_query query;
	if (target_carries_signature(query_text) || !read_query(query_text, &query))
		return false;
	if (query.restype.at == NULL)
		return read_object(place, &query);
	if (!bytes_equal_string(query.restype, "container") || place->container.len == 0 || place->path.len > 0)
		return false;
	place->kind = bytes_equal_string(query.comp, "list") ? PLACE_LIST : PLACE_CONTAINER;
	if (place->kind == PLACE_CONTAINER && !is_plain_comp(query.comp) && !bytes_equal_string(query.comp, "acl"))
		return false;
	return decode_into(query.prefix, place->prefix, &place->path);
}

static bool read_host(struct place *place, const struct url *url)
{
	struct endpoint endpoint = endpoint_of_host(url->host);
	place->is_https = bytes_equal_nocase(url->scheme, BYTES_LITERAL("https"));
	if (!place->is_https && !bytes_equal_nocase(url->scheme, BYTES_LITERAL("http")))
		return false;
	if (endpoint.kind != ENDPOINT_AZURE_BLOB && endpoint.kind != ENDPOINT_UNKNOWN)
		return false;
	place->port = url->port != 0 ? url->port : url_default_port(url->scheme);
	place->is_path_style = endpoint.kind == ENDPOINT_UNKNOWN;
	snprintf(place->host, sizeof place->host, "%s", url->host);
	if (endpoint.is_secondary)
		snprintf(place->primary_host, sizeof place->primary_host, "%.*s%s", (int)endpoint.label.len,
		         (const char *)endpoint.label.at, (const char *)endpoint.tail.at);
	else
		snprintf(place->primary_host, sizeof place->primary_host, "%s", url->host);
	return true;
}

bool place_locate(struct bytes text, struct place *ret_place)
{
	struct url url;
	struct bytes decoded;
	if (!url_split(text, URL_STRICT, &url) || url.has_user || url.has_fragment || !read_host(ret_place, &url))
		return false;
	if (!decode_into(url.path, ret_place->decoded, &decoded) || !bytes_start_with(decoded, BYTES_LITERAL("/")))
		return false;
	if (has_dot_segments(decoded) || hides_dot_segments(decoded))
		return false;
	read_path(ret_place, decoded);
	return read_kind(ret_place, url.query);
}

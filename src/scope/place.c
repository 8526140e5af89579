/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path is decoded once, as servers do. It has no place if it then has dot
 * segments, or if decoding it again, or reading \ as /, would uncover some:
 * net resolves those of a redirect before it asks, so that nothing is lost.
 */
#include "scope/place.h"

#include "base/percent.h"
#include "scope/address.h"
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

bool place_decode(struct bytes encoded, unsigned char into[PLACE_PATH_MAX], struct bytes *ret_decoded)
{
	struct buffer buffer = buffer_with_ceiling(PLACE_PATH_MAX);
	percent_append_decoded(&buffer, encoded);
	bool is_fit = buffer_status(&buffer) == STATUS_OK && bytes_find_byte(buffer_bytes(&buffer), '\0') == BYTES_NOT_FOUND;
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

static bool read_host(struct place *place, const struct url *url)
{
	place->is_https = bytes_equal_nocase(url->scheme, BYTES_LITERAL("https"));
	if (!place->is_https && !bytes_equal_nocase(url->scheme, BYTES_LITERAL("http")))
		return false;
	place->port = url->port != 0 ? url->port : url_default_port(url->scheme);
	snprintf(place->host, sizeof place->host, "%s", url->host);
	return true;
}

bool place_locate(struct bytes text, const struct address *address, struct place *ret_place)
{
	struct url url;
	struct bytes decoded;
	if (address->locate == NULL || !url_split(text, URL_STRICT, &url) || url.has_user || url.has_fragment ||
	    target_carries_signature(url.query) || !read_host(ret_place, &url))
		return false;
	if (!place_decode(url.path, ret_place->decoded, &decoded) || !bytes_start_with(decoded, BYTES_LITERAL("/")))
		return false;
	if (has_dot_segments(decoded) || hides_dot_segments(decoded))
		return false;
	ret_place->provider = address->provider;
	return address->locate(&url, decoded, ret_place);
}

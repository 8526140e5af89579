/* SPDX-License-Identifier: Apache-2.0 */
/* Splitting by hand: curl's own parser repairs what ours must refuse. */
#include "scope/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>

static bool has_odd_bytes(struct bytes text, enum url_rules rules)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		bool is_lenient = rules != URL_STRICT && (c == ' ' || c > 0x7f);
		if ((c <= 0x20 || c > 0x7e || c == '\\') && !is_lenient)
			return true;
	}
	return false;
}

static size_t find_any(struct bytes text, const char *stops)
{
	size_t at = 0;
	while (at < text.len && strchr(stops, text.at[at]) == NULL)
		at++;
	return at;
}

static bool read_ipv6(struct bytes inside, char host[URL_HOST_MAX])
{
	char text[INET6_ADDRSTRLEN], shortest[INET6_ADDRSTRLEN];
	struct in6_addr address;
	if (inside.len >= sizeof text)
		return false;
	memcpy(text, inside.at, inside.len);
	text[inside.len] = '\0';
	if (inet_pton(AF_INET6, text, &address) != 1 || inet_ntop(AF_INET6, &address, shortest, sizeof shortest) == NULL)
		return false;
	snprintf(host, URL_HOST_MAX, "[%s]", shortest);
	return true;
}

static bool read_name(struct bytes text, bool wild, char host[URL_HOST_MAX])
{
	if (bytes_end_with(text, BYTES_LITERAL(".")))
		text.len--;
	if (text.len == 0 || text.len >= URL_HOST_MAX || text.at[text.len - 1] == '.')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		if (!isalnum(c) && c != '-' && c != '.' && c != '_' && !(wild && c == '*'))
			return false;
		if (c == '.' && (i == 0 || text.at[i - 1] == '.'))
			return false;
		host[i] = (char)tolower(c);
	}
	host[text.len] = '\0';
	return true;
}

static bool read_port(struct bytes text, bool wild, uint16_t *ret_port)
{
	uint64_t port;
	if (wild && bytes_equal_string(text, "*")) {
		*ret_port = 0;
		return true;
	}
	if (text.len > 5 || !bytes_parse_u64(text, &port) || port == 0 || port > UINT16_MAX)
		return false;
	*ret_port = (uint16_t)port;
	return true;
}

static bool read_authority(struct bytes authority, bool wild, struct url *url)
{
	size_t at = bytes_find_last_byte(authority, '@');
	url->has_user = at != BYTES_NOT_FOUND;
	if (url->has_user)
		authority = bytes_from(authority, at + 1);
	size_t host_end;
	bool is_ipv6 = bytes_start_with(authority, BYTES_LITERAL("["));
	if (is_ipv6) {
		host_end = bytes_find_byte(authority, ']');
		if (host_end == BYTES_NOT_FOUND || !read_ipv6(bytes_slice(authority, 1, host_end - 1), url->host))
			return false;
		host_end++;
	} else {
		host_end = find_any(authority, ":");
		if (!read_name(bytes_slice(authority, 0, host_end), wild, url->host))
			return false;
	}
	url->host_text = bytes_slice(authority, 0, host_end);
	struct bytes rest = bytes_from(authority, host_end);
	url->port = 0;
	return rest.len == 0 || (rest.at[0] == ':' && read_port(bytes_from(rest, 1), wild, &url->port));
}

bool url_split(struct bytes text, enum url_rules rules, struct url *ret_url)
{
	struct url url = {0};
	size_t colon = bytes_find(text, BYTES_LITERAL("://"));
	if (text.len > URL_LENGTH_MAX || colon == BYTES_NOT_FOUND || colon == 0 || has_odd_bytes(text, rules))
		return false;
	url.scheme = bytes_slice(text, 0, colon);
	for (size_t i = 0; i < colon; i++)
		if (!isalnum(url.scheme.at[i]) && url.scheme.at[i] != '+')
			return false;
	struct bytes rest = bytes_from(text, colon + 3);
	size_t end = find_any(rest, "/?#");
	if (!read_authority(bytes_slice(rest, 0, end), rules == URL_PATTERN, &url))
		return false;
	rest = bytes_from(rest, end);
	size_t fragment = bytes_find_byte(rest, '#');
	url.has_fragment = fragment != BYTES_NOT_FOUND;
	rest = bytes_slice(rest, 0, fragment);
	size_t question = bytes_find_byte(rest, '?');
	url.has_query = question != BYTES_NOT_FOUND;
	url.path = bytes_slice(rest, 0, question);
	url.query = url.has_query ? bytes_from(rest, question + 1) : BYTES_NONE;
	*ret_url = url;
	return true;
}

uint16_t url_default_port(struct bytes scheme)
{
	size_t plus = bytes_find_byte(scheme, '+');
	struct bytes carrier = bytes_from(scheme, plus == BYTES_NOT_FOUND ? 0 : plus + 1);
	if (bytes_equal_nocase(carrier, BYTES_LITERAL("https")))
		return 443;
	return bytes_equal_nocase(carrier, BYTES_LITERAL("http")) ? 80 : 0;
}

bool url_host_is_loopback(const char *host)
{
	struct in_addr address;
	if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URLs (RFC 3986; RFC 3987 where text has them) of the schemes below, found at
 * their ://. A URL ends at white space, quotes, brackets that were not opened
 * within it, punctuation at its end, and where another URL of these schemes
 * begins: so they never overlap and the walk is linear. Those of object
 * storage are storage_url with the container's one way of being written.
 * Values hold no signature, token or userinfo (redact.h); nor does raw.
 */
#include "base/text.h"
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/host.h"
#include "detector/redact.h"
#include "detector/storage-host.h"
#include "detector/url.h"

#include <arpa/inet.h>

static bool url_match(struct bytes text, size_t at, struct match *match);

static const struct beside beside[] = {{":", "0-9A-Za-z", "/a"}, {0}};

const struct detector detector_url = {
	.name = "url",
	.version = 4,
	.lane = LANE_TRIGGERS,
	.triggers = ":",
	.beside = beside,
	.rank = RANK_ADDRESS,
	.yields_to = 0,
	.match = url_match,
	.prepare = host_prepare,
};

enum { URL_MAX = 4000 };

enum scheme_kind { WEB, STORAGE_ONLY };

/* Longer before shorter: the first that the letters before :// end with is it. */
static const struct scheme {
	const char *name;
	unsigned port; /* left out of values */
	enum scheme_kind kind;
} schemes[] = {
	{"https", 443, WEB},       {"http", 80, WEB},          {"sftp", 22, WEB},         {"ftps", 990, WEB},
	{"ftp", 21, WEB},          {"wss", 443, WEB},          {"ws", 80, WEB},           {"abfss", 0, STORAGE_ONLY},
	{"abfs", 0, STORAGE_ONLY}, {"wasbs", 0, STORAGE_ONLY}, {"wasb", 0, STORAGE_ONLY}, {"s3a", 0, STORAGE_ONLY},
	{"s3n", 0, STORAGE_ONLY},  {"s3", 0, STORAGE_ONLY},    {"gs", 0, STORAGE_ONLY},   {"az", 0, STORAGE_ONLY},
};

struct url {
	const struct scheme *scheme;
	struct bytes userinfo;
	struct bytes host; /* as written; of an IPv6 address, without its brackets */
	bool is_ipv6;
	unsigned port; /* 0: none, or the scheme's own */
	size_t rest;   /* offset in text: path, query, fragment */
	size_t to;
	float confidence;
};

/* What ends a URL wherever it stands. */
static bool is_end(unsigned char c)
{
	return c <= ' ' || c == 0x7F || c == '"' || c == '<' || c == '>' || c == '`' || c == '{' || c == '}' || c == '|' ||
	       c == '\\' || c == '^';
}

/* Another word's end may be glued to http and https, but s3 and the like are too short for that. */
static const struct scheme *find_scheme(struct bytes text, size_t at)
{
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		struct bytes name = bytes_of_string(schemes[i].name);
		size_t length = name.len;
		if (length > at || !bytes_equal_nocase(bytes_slice(text, at - length, length), name))
			continue;
		unsigned char before = character_before(text, at - length);
		if (i < 2 || (!character_is_alphanumeric(before) && before != '-' && before != '_'))
			return &schemes[i];
	}
	return NULL;
}

/* ;AccountName=: the endpoint's URL is over, the connection string goes on. */
static bool is_connection_word(struct bytes rest)
{
	static const char *const words[] = {
		";accountname=",   ";accountkey=",   ";blobendpoint=",   ";queueendpoint=",
		";tableendpoint=", ";fileendpoint=", ";endpointsuffix=", ";defaultendpointsprotocol=",
		";sharedaccess",   ";entitypath=",
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (bytes_start_with_nocase(rest, bytes_of_string(words[i])))
			return true;
	return false;
}

static bool is_entity(struct bytes rest)
{
	static const char *const ends[] = {"&quot;", "&lt;", "&gt;", "&#39;", "&#34;", "&apos;", "&nbsp;"};
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (bytes_start_with(rest, bytes_of_string(ends[i])))
			return true;
	return false;
}

/* The end before trimming. quote: what the URL was opened with, if that may stand within one. */
static size_t run_end(struct bytes text, size_t from, unsigned char quote)
{
	unsigned round = 0, square = 0;
	size_t at = from;
	while (at < text.len && at - from < URL_MAX && !is_end(text.at[at])) {
		unsigned char c = text.at[at];
		uint32_t code_point;
		size_t length = 1;
		if (c == quote || (c == '&' && is_entity(bytes_from(text, at))) ||
		    (c == ';' && is_connection_word(bytes_from(text, at))))
			break;
		round += c == '(';
		square += c == '[';
		if ((c == ')' && round-- == 0) || (c == ']' && square-- == 0))
			break;
		if (c == ':' && character_at(text, at + 1) == '/' && character_at(text, at + 2) == '/') {
			const struct scheme *next = find_scheme(text, at);
			if (next != NULL && at - strlen(next->name) >= from)
				return at - strlen(next->name);
		}
		if (c >= 0x80) {
			length = text_decode(bytes_from(text, at), &code_point);
			if (!text_is_word(code_point))
				break;
		}
		at += length;
	}
	return at;
}

static size_t trim_end(struct bytes text, size_t from, size_t end)
{
	while (end > from && strchr(".,;:!?'*~([", text.at[end - 1]) != NULL)
		end--;
	return end;
}

size_t url_rest_end(struct bytes text, size_t from)
{
	return trim_end(text, from, run_end(text, from, 0));
}

size_t url_path_length(struct bytes rest)
{
	size_t end = 0;
	while (end < rest.len && rest.at[end] != '?' && rest.at[end] != '#')
		end++;
	return end;
}

/* ---- the authority ---- */

static size_t authority_end(struct bytes text, size_t from, size_t end)
{
	while (from < end && text.at[from] != '/' && text.at[from] != '?' && text.at[from] != '#')
		from++;
	return from;
}

static bool is_address(int family, struct bytes host)
{
	unsigned char address[16];
	char name[INET6_ADDRSTRLEN];
	if (host.len >= sizeof name)
		return false;
	memcpy(name, host.at, host.len);
	name[host.len] = '\0';
	return inet_pton(family, name, address) == 1;
}

/* Letters of any script, digits, dots, hyphens, and underscores, which names within a house have. */
static size_t loose_host_end(struct bytes text, size_t from)
{
	size_t at = from, end;
	for (;;) {
		end = host_run_end(text, at);
		unsigned char next = character_at(text, end);
		if (next != '_' && !(next == '-' && end > from))
			return end;
		at = end + 1;
	}
}

/* A name's confidence, after cutting off a word glued to it (contoso.comPhone), which only an end of the URL allows. */
static float weigh_name(struct url *url, bool has_more)
{
	size_t known = host_known_length(url->host);
	if (known == url->host.len && known > 0)
		return 0.97f;
	if (known > 0 && !has_more) {
		url->to -= url->host.len - known;
		url->rest = url->to;
		url->host.len = known;
		return 0.8f;
	}
	if (host_count_dots(url->host) > 0)
		return character_is_digit(host_last_label(url->host).at[0]) ? 0 : 0.6f;
	return url->host.len > 1 && (has_more || bytes_equal_nocase(url->host, BYTES_LITERAL("localhost"))) ? 0.5f : 0;
}

/* How sure we are of a host; 0: it is none. has_more: a port, path or the like follows it. */
static float weigh_host(struct url *url, bool has_more)
{
	if (url->is_ipv6)
		return 0.9f;
	if (url->host.len == 0)
		return 0;
	if (url->scheme->kind == STORAGE_ONLY)
		return url->host.len >= 3 ? 0.9f : 0;
	return is_address(AF_INET, url->host) ? 0.9f : weigh_name(url, has_more);
}

/* [2001:db8::1] */
static bool read_ipv6(struct bytes text, size_t from, size_t end, struct url *url)
{
	size_t close = bytes_find_byte(bytes_slice(text, from, end - from), ']');
	if (close == BYTES_NOT_FOUND)
		return false;
	url->host = bytes_slice(text, from + 1, close - 1);
	url->is_ipv6 = true;
	url->rest = from + close + 1;
	return is_address(AF_INET6, url->host);
}

/* Reads :PORT at url->rest. */
static bool read_port(struct bytes text, size_t end, struct url *url)
{
	uint64_t port;
	if (url->rest >= end || text.at[url->rest] != ':')
		return false;
	size_t digits = url->rest + 1;
	while (digits < end && character_is_digit(text.at[digits]))
		digits++;
	if (!bytes_parse_u64(bytes_slice(text, url->rest + 1, digits - url->rest - 1), &port) || port > 65535)
		return false;
	url->port = port == url->scheme->port ? 0 : (unsigned)port;
	url->rest = digits;
	return true;
}

/* Fills host and rest. */
static bool read_host(struct bytes text, size_t from, size_t limit, struct url *url)
{
	if (from < limit && text.at[from] == '[')
		return read_ipv6(text, from, limit, url);
	size_t end = loose_host_end(text, from);
	if (end > limit)
		end = limit;
	url->host = bytes_slice(text, from, end - from);
	bool is_rooted = end + 1 == limit && text.at[end] == '.';
	url->rest = is_rooted ? limit : end;
	return true;
}

/* Fills all of it; false if it is no URL. end: where it may reach at most. What follows a host without being a port, a
 * path, a query or a fragment is not the URL's. */
static bool read_authority(struct bytes text, size_t from, size_t end, struct url *url)
{
	size_t limit = authority_end(text, from, end);
	size_t sign = bytes_find_last_byte(bytes_slice(text, from, limit - from), '@');
	if (sign != BYTES_NOT_FOUND) {
		url->userinfo = bytes_slice(text, from, sign);
		from += sign + 1;
	}
	url->to = end;
	if (!read_host(text, from, limit, url))
		return false;
	bool has_port = read_port(text, limit, url);
	if (url->rest < limit)
		url->to = url->rest;
	url->confidence = weigh_host(url, has_port || url->rest < url->to);
	return url->confidence > 0;
}

/* ---- the value ---- */

static bool append_host(struct buffer *into, const struct url *url)
{
	if (!url->is_ipv6)
		return host_append_loosely(into, url->host);
	unsigned char address[16];
	char name[INET6_ADDRSTRLEN];
	memcpy(name, url->host.at, url->host.len);
	name[url->host.len] = '\0';
	if (inet_pton(AF_INET6, name, address) != 1 || inet_ntop(AF_INET6, address, name, sizeof name) == NULL)
		return false;
	buffer_append_format(into, "[%s]", name);
	return true;
}

static void append_rest(struct buffer *into, struct bytes rest)
{
	if (rest.len == 0 || rest.at[0] != '/')
		buffer_append_string(into, "/");
	redact_append(into, rest, REDACT_DROP);
}

static bool append_web(struct buffer *into, const struct url *url, struct bytes host, struct bytes rest)
{
	if (url->scheme->kind == STORAGE_ONLY)
		return false;
	buffer_append_format(into, "%s://", url->scheme->name);
	buffer_append(into, host);
	if (url->port != 0)
		buffer_append_format(into, ":%u", url->port);
	append_rest(into, rest);
	return true;
}

/* Writes the value and tells the kind; false if the host cannot be one after all. */
static bool append_value(const struct url *url, struct bytes text, struct match *match)
{
	struct buffer host = buffer_with_ceiling(2 * HOST_RUN_MAX);
	struct bytes rest = bytes_slice(text, url->rest, url->to - url->rest);
	bool written = append_host(&host, url);
	if (written) {
		match->subkind = storage_host_append(match->value, &(struct storage_url){
									   .scheme = bytes_of_string(url->scheme->name),
									   .userinfo = url->userinfo,
									   .host = buffer_bytes(&host),
									   .path = bytes_slice(rest, 0, url_path_length(rest)),
								   });
		match->kind = match->subkind ? FINDING_STORAGE_URL : FINDING_URL;
		if (match->subkind == NULL)
			written = append_web(match->value, url, buffer_bytes(&host), rest);
	}
	buffer_free(&host);
	return written;
}

/* ---- names of AWS ---- */

/* arn:aws:s3:::BUCKET/KEY */
static bool match_arn(struct bytes text, size_t at, struct match *match)
{
	static const struct {
		const char *begins, *host;
	} partitions[] = {
		{":aws:s3:::", ".s3.amazonaws.com"},
		{":aws-cn:s3:::", ".s3.amazonaws.com.cn"},
		{":aws-us-gov:s3:::", ".s3.amazonaws.com"},
	};
	struct buffer host = buffer_with_ceiling(2 * HOST_RUN_MAX);
	if (at < 3 || !bytes_equal_nocase(bytes_slice(text, at - 3, 3), BYTES_LITERAL("arn")) ||
	    character_is_alphanumeric(character_before(text, at - 3)))
		return false;
	for (size_t i = 0; i < sizeof partitions / sizeof partitions[0]; i++) {
		if (!bytes_start_with_nocase(bytes_from(text, at), bytes_of_string(partitions[i].begins)))
			continue;
		size_t from = at + strlen(partitions[i].begins), end = url_rest_end(text, from);
		struct bytes name = bytes_slice(text, from, end - from);
		struct bytes bucket = bytes_slice(name, 0, bytes_find_byte(name, '/'));
		struct bytes key = bytes_from(name, bucket.len);
		if (bucket.len < 3 || !host_append_loosely(&host, bucket))
			break;
		buffer_append_string(&host, partitions[i].host);
		match->subkind = storage_host_append(match->value, &(struct storage_url){
									   .scheme = BYTES_LITERAL("arn"),
									   .host = buffer_bytes(&host),
									   .path = bytes_slice(key, 0, url_path_length(key)),
								   });
		match->from = at - 3;
		match->to = end;
		match->kind = FINDING_STORAGE_URL;
		match->confidence = 0.9f;
		break;
	}
	buffer_free(&host);
	return match->subkind != NULL;
}

static bool url_match(struct bytes text, size_t at, struct match *match)
{
	if (character_before(text, at) == 'n' && character_at(text, at + 1) == 'a')
		return match_arn(text, at, match);
	if (character_at(text, at + 1) != '/' || character_at(text, at + 2) != '/')
		return false;
	struct url url = {.scheme = find_scheme(text, at)};
	if (url.scheme == NULL)
		return false;
	size_t from = at - strlen(url.scheme->name), authority = at + 3;
	unsigned char opened = character_before(text, from);
	size_t end = run_end(text, authority, opened == '\'' || opened == '*' ? opened : 0);
	end = trim_end(text, authority, end);
	if (!read_authority(text, authority, end, &url))
		return false;
	match->from = from;
	match->to = url.to;
	match->confidence = url.confidence;
	return append_value(&url, text, match);
}

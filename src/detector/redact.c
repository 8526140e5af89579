/* SPDX-License-Identifier: Apache-2.0 */
/* A single walk over the URL: copy up to a separator, look at the name behind it, skip the value if it is a secret. */
#include "detector/redact.h"

#include "detector/character.h"
#include "model/finding.h"

enum { NAME_MAX_LENGTH = 40 };

/* Lower case. Names ending in one of the second list are secret, too: my_api_key, x-amz-signature. */
static const char *const secret_names[] = {
	"accesskey", "auth", "authkey", "authorization", "awsaccesskeyid", "code", "credential", "googleaccessid",
	"hmac",      "jwt",  "key",     "key-pair-id",   "ossaccesskeyid", "pass", "passwd",     "password",
	"pwd",       "q-ak", "sas",     "session",       "sessionid",      "sig",  "ticket",     "token",
};
static const char *const secret_endings[] = {
	"signature",  "credential",       "token",          "secret",     "password",   "apikey", "api_key", "api-key",
	"access_key", "subscription-key", "security-token", "session_id", "sessionkey",
};

/* Length of a percent-encoded byte, encoded once or more (%3D, %253D), or of the byte itself; 0 if it is another. */
static size_t encoded_length(struct bytes url, size_t at, unsigned char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	if (character_at(url, at) == byte)
		return 1;
	if (character_at(url, at) != '%')
		return 0;
	size_t end = at + 1;
	while (character_at(url, end) == '2' && character_at(url, end + 1) == '5')
		end += 2;
	unsigned char high = character_at(url, end), low = character_at(url, end + 1);
	bool is_byte = high == (unsigned char)digits[byte >> 4] &&
	               (low == (unsigned char)digits[byte & 15] || low == (unsigned char)(digits[byte & 15] | 0x20));
	return is_byte ? end + 2 - at : 0;
}

/* Length of a ?, &, # or ; however encoded, and which it is; 0 if none stands there. */
static size_t separator_length(struct bytes url, size_t at, char *ret_separator)
{
	static const char separators[] = "?&#;";
	size_t length = 0;
	unsigned char c = character_at(url, at);
	if (c != '%' && strchr(separators, c) == NULL)
		return 0;
	for (const char *separator = separators; *separator != '\0' && length == 0; separator++) {
		length = encoded_length(url, at, (unsigned char)*separator);
		*ret_separator = *separator;
	}
	if (c == '&' && bytes_start_with(bytes_from(url, at), BYTES_LITERAL("&amp;")))
		return sizeof "&amp;" - 1;
	return length;
}

static bool is_secret_name(struct bytes name)
{
	unsigned char lower[NAME_MAX_LENGTH];
	if (name.len == 0 || name.len > sizeof lower)
		return false;
	for (size_t i = 0; i < name.len; i++)
		lower[i] = character_to_lower(name.at[i]);
	struct bytes folded = bytes_of(lower, name.len);
	for (size_t i = 0; i < sizeof secret_names / sizeof secret_names[0]; i++)
		if (bytes_equal_string(folded, secret_names[i]))
			return true;
	for (size_t i = 0; i < sizeof secret_endings / sizeof secret_endings[0]; i++)
		if (bytes_end_with(folded, bytes_of_string(secret_endings[i])))
			return true;
	return false;
}

/* Where the value behind a secret's name begins; 0 if there is none at at. */
static size_t value_behind(struct bytes url, size_t at)
{
	size_t end = at;
	while (end < url.len && end - at <= NAME_MAX_LENGTH &&
	       (character_is_alphanumeric(url.at[end]) || url.at[end] == '-' || url.at[end] == '_' || url.at[end] == '.'))
		end++;
	size_t equals = encoded_length(url, end, '=');
	return equals > 0 && is_secret_name(bytes_slice(url, at, end - at)) ? end + equals : 0;
}

/* A semicolon may stand in a value: what follows it is cut with it, which is the safe side. */
static size_t value_end(struct bytes url, size_t at)
{
	while (at < url.len && encoded_length(url, at, '&') == 0 && encoded_length(url, at, '#') == 0)
		at++;
	return at;
}

/* Behind ://, the length of userinfo with its @; 0 if there is none. */
static size_t userinfo_length(struct bytes url, size_t from)
{
	size_t end = from;
	for (size_t i = from; i < url.len && url.at[i] != '/' && url.at[i] != '?' && url.at[i] != '#'; i++)
		if (url.at[i] == '@')
			end = i + 1;
	return end - from;
}

/* CONTAINER@ of Hadoop's schemes is no user. */
static bool is_container(struct bytes url, size_t colon, struct bytes userinfo)
{
	struct bytes scheme = bytes_slice(url, 0, colon);
	bool has_containers = bytes_start_with_nocase(scheme, BYTES_LITERAL("abfs")) ||
	                      bytes_start_with_nocase(scheme, BYTES_LITERAL("wasb"));
	return has_containers && scheme.len <= 5 && bytes_find_byte(userinfo, ':') == BYTES_NOT_FOUND;
}

/* Copies :// and what may stay of the userinfo behind it; returns where to go on, or at if there is no :// there. */
static size_t append_userinfo(struct buffer *into, struct bytes url, size_t at, enum redact_style style)
{
	if (url.at[at] != ':' || !bytes_start_with(bytes_from(url, at), BYTES_LITERAL("://")))
		return at;
	size_t length = userinfo_length(url, at + 3);
	struct bytes userinfo = bytes_slice(url, at + 3, length);
	buffer_append_string(into, "://");
	if (is_container(url, at, userinfo))
		buffer_append(into, userinfo);
	else if (length > 0 && style == REDACT_MASK)
		buffer_append_string(into, "***@");
	return at + 3 + length;
}

/* Where a byte stands next that anything begins with: all before it is copied as it is. */
static size_t plain_end(struct bytes url, size_t at)
{
	static const struct character_set marks = {{
		CHARACTER_BIT(':') | CHARACTER_BIT('%') | CHARACTER_BIT('?') | CHARACTER_BIT('&') | CHARACTER_BIT('#') |
			CHARACTER_BIT(';'),
		0,
	}};
	while (at < url.len && !character_in(marks, url.at[at]))
		at++;
	return at;
}

void redact_append(struct buffer *into, struct bytes url, enum redact_style style)
{
	size_t at = 0;
	struct bytes held = BYTES_NONE; /* the ? or # of a dropped parameter, for its successor */
	while (at < url.len) {
		char which = 0;
		size_t plain = plain_end(url, at);
		buffer_append(into, bytes_slice(url, at, plain - at));
		at = plain;
		if (at == url.len)
			break;
		size_t after = append_userinfo(into, url, at, style);
		if (after > at) {
			at = after;
			continue;
		}
		size_t length = separator_length(url, at, &which);
		size_t value = length > 0 ? value_behind(url, at + length) : 0;
		struct bytes here = bytes_slice(url, at, length > 0 ? length : 1);
		if (value == 0) {
			bool follows = which == '&' && held.len > 0;
			buffer_append(into, follows ? held : here);
			held = follows || which == '#' ? BYTES_NONE : held;
		} else if (style == REDACT_MASK) {
			buffer_append(into, bytes_slice(url, at, value - at));
			buffer_append_string(into, "***");
		} else if (which == '?' || which == '#') {
			held = here;
		}
		at = value > 0 ? value_end(url, value) : at + here.len;
	}
}

void redact_stars(unsigned char *text, size_t len)
{
	static const char stars[] = FINDING_STARS;
	static const size_t star[] = {0, 0, 2, 5}; /* of 2, 3 and 4 bytes */
	for (size_t at = 0; at < len;) {
		unsigned char c = text[at];
		size_t bytes = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
		if (c > ' ' && at + bytes <= len)
			memcpy(text + at, bytes == 1 ? "*" : stars + star[bytes - 1], bytes);
		at += bytes;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request carries: the credentials of HTTP's Authorization header
 * (RFC 9110 11.6.2; Basic: RFC 7617; Bearer: RFC 6750), and NAME:PASSWORD
 * behind curl's -u.
 */
#include "base/digest.h"
#include "detector/character.h"
#include "detector/secret.h"

enum { BLANKS_MAX = 4, TOKEN_LEAST = 10, TOKEN_MAX = 2048, USER_MAX = 128, COMMAND_MAX = 400 };

static size_t skip(struct bytes text, size_t at, const char *of)
{
	size_t end = at;
	while (end < text.len && end - at < BLANKS_MAX && strchr(of, text.at[end]) != NULL)
		end++;
	return end;
}

/* Basic: base64 of NAME:PASSWORD, both printable. */
static bool is_basic(struct bytes token)
{
	struct buffer decoded = buffer_with_ceiling(TOKEN_MAX), padded = buffer_with_ceiling(TOKEN_MAX + 4);
	buffer_append(&padded, token);
	while (padded.len % 4 != 0)
		buffer_append_byte(&padded, '=');
	bool is_basic = buffer_status(&padded) == STATUS_OK &&
	                digest_parse_base64(buffer_bytes(&padded), &decoded) == STATUS_OK &&
	                bytes_find_byte(buffer_bytes(&decoded), ':') != BYTES_NOT_FOUND;
	for (size_t i = 0; i < decoded.len && is_basic; i++)
		is_basic = decoded.at[i] >= ' ' && decoded.at[i] != 0x7F;
	buffer_free(&decoded);
	buffer_free(&padded);
	return is_basic;
}

static bool is_scheme(struct bytes word, const char **ret_subkind)
{
	static const struct {
		const char *word, *subkind;
	} schemes[] = {{"basic", "basic-auth"}, {"bearer", "bearer-token"}, {"token", "bearer-token"},
	               {"ssws", "okta-token"},  {"apikey", "bearer-token"}, {"api-token", "bearer-token"},
	               {"key", "bearer-token"}};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		*ret_subkind = schemes[i].subkind;
		if (bytes_equal_nocase(word, bytes_of_string(schemes[i].word)))
			return true;
	}
	*ret_subkind = "bearer-token";
	return false;
}

/* text[at..] is "authorization", "bearer " or "basic ". */
bool secret_read_header(struct bytes text, size_t at, size_t length, struct secret *ret_secret)
{
	const char *subkind;
	size_t from = at + length;
	bool is_named = !is_scheme(bytes_slice(text, at, length - 1), &subkind);
	if (!is_named && character_is_alphanumeric(character_before(text, at)))
		return false;
	if (is_named) {
		from = skip(text, from, " \"'\\");
		if (character_at(text, from) != ':' && character_at(text, from) != '=')
			return false;
		from = skip(text, from + 1, " \"'\\>");
		size_t word = secret_run_end(text, from, SECRET_DASHED, 16);
		if (character_at(text, word) == ' ' && is_scheme(bytes_slice(text, from, word - from), &subkind))
			from = skip(text, word, " ");
	}
	bool is_basic_kind = strcmp(subkind, "basic-auth") == 0;
	size_t to = from;
	while (to < text.len && to - from < TOKEN_MAX &&
	       (secret_is_of(SECRET_BASE64, text.at[to]) || (text.at[to] != '\0' && strchr("-._~|:!@", text.at[to]) != NULL)))
		to++;
	struct bytes token = bytes_slice(text, from, to - from);
	if (token.len < TOKEN_LEAST || bytes_start_with_nocase(token, BYTES_LITERAL("eyj")))
		return false;
	if (is_basic_kind ? !is_basic(token) : !secret_looks_random(token) && !secret_is_example(token))
		return false;
	*ret_secret = (struct secret){from, to, 0, 0, subkind, is_named ? 0.85f : 0.7f, secret_is_example(token)};
	return true;
}

/* Whether the option is that command's: its name stands before it. */
static bool is_of(struct bytes text, size_t at, const char *command)
{
	size_t length = strlen(command);
	for (size_t from = at > COMMAND_MAX ? at - COMMAND_MAX : 0; from + length <= at; from++)
		if (bytes_start_with_nocase(bytes_from(text, from), bytes_of(command, length)))
			return true;
	return false;
}

static bool is_word_of_manuals(struct bytes word)
{
	static const char *const words[] = {"password", "pass",  "passwd", "token", "test", "yyy",    "xxx",
	                                    "secret",   "admin", "pwd",    "key",   "user", "apikey", "api_key"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (bytes_equal_nocase(word, bytes_of_string(words[i])))
			return true;
	return false;
}

bool secret_read_user_option(struct bytes text, size_t at, size_t length, struct secret *ret_secret)
{
	size_t from = skip(text, at + length, " =");
	unsigned char quote = character_at(text, from);
	bool is_quoted = quote == '"' || quote == '\'';
	if (from == at + length && text.at[from - 1] != ' ')
		return false;
	if (!is_of(text, at, "curl"))
		return false;
	from += is_quoted;
	size_t colon = from, to;
	while (colon < text.len && colon - from < USER_MAX && text.at[colon] > ' ' && strchr(":\"'$<>`", text.at[colon]) == NULL)
		colon++;
	colon += is_quoted && character_at(text, colon) == quote; /* "NAME":"PASSWORD" */
	if (character_at(text, colon) != ':')
		return false;
	size_t value = colon + 1;
	if ((!is_quoted || text.at[colon - 1] == quote) &&
	    (character_at(text, value) == '\'' || character_at(text, value) == '"')) {
		quote = text.at[value++];
		is_quoted = true;
	}
	for (to = value; to < text.len && to - value < USER_MAX && text.at[to] > ' '; to++)
		if (is_quoted ? text.at[to] == quote : strchr("\"'`<>", text.at[to]) != NULL)
			break;
	if (to == value && colon > from) { /* KEY: and no password */
		to = colon;
		value = from;
	}
	struct bytes password = bytes_slice(text, value, to - value);
	if (password.len < 4 || strchr("$<[{`(", password.at[0]) != NULL) {
		/* {...}:{...} of somebody who took the braces over. */
		struct bytes inner = bytes_slice(password, 1, password.len > 2 ? password.len - 2 : 0);
		if (password.len < 4 || password.at[0] != '{' || !secret_looks_random(inner))
			return false;
	}
	if (is_word_of_manuals(password))
		return false;
	*ret_secret = (struct secret){value, to, 0, 0, "curl-password", 0.7f, secret_is_example(password)};
	return true;
}

bool secret_read_password_option(struct bytes text, size_t at, size_t length, struct secret *ret_secret)
{
	size_t from = skip(text, at + length, " \"'"), to = from;
	while (to < text.len && to - from < USER_MAX && text.at[to] > ' ' && strchr("\"'`<>;|", text.at[to]) == NULL)
		to++;
	struct bytes password = bytes_slice(text, from, to - from);
	if (password.len < 4 || strchr("$%<[{/-", password.at[0]) != NULL || secret_shape_of(password).lowers == 0)
		return false;
	if (!is_of(text, at, "psexec") && !is_of(text, at, "sshpass") && !is_of(text, at, "docker login"))
		return false;
	*ret_secret = (struct secret){
		from, to, 0, 0, "password", 0.6f, is_word_of_manuals(password) || secret_is_example(password)};
	return true;
}

bool secret_read_argument(struct bytes text, size_t at, size_t nth, struct secret *ret_secret)
{
	for (size_t argument = 1; argument <= nth; argument++) {
		while (at < text.len && text.at[at] <= ' ')
			at++;
		if (character_at(text, at) != '"')
			return false;
		size_t from = ++at;
		while (at < text.len && at - from < USER_MAX && text.at[at] != '"' && text.at[at] != '\n')
			at++;
		if (character_at(text, at) != '"')
			return false;
		struct bytes value = bytes_slice(text, from, at - from);
		if (argument == nth && value.len >= 4 && value.at[0] != '$' && value.at[0] != '{') {
			*ret_secret = (struct secret){
				from, at, 0, 0, "password", 0.6f, is_word_of_manuals(value) || secret_is_example(value)};
			return true;
		}
		if (character_at(text, ++at) != ',')
			return false;
		at++;
	}
	return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets without a word of their own, met at one byte that few texts have:
 * the password of a URL before its @ (RFC 3986 3.2.1), hashes of passwords in
 * crypt's notation at their $ (crypt(5), htpasswd, /etc/shadow, Kerberos),
 * client secrets of Microsoft Entra at the ~ that is their sixth character, and
 * pairs of Facebook and Salesforce at the | or ! between them.
 */
#include "detector/character.h"
#include "detector/secret.h"

static bool secret_mark_match(struct bytes text, size_t at, struct match *match);

static const struct beside beside[] = {
	{"@", "!-~", "0-9A-Za-z[%_*$"},
	{"$", "\x01-/:-@[-`{-\xFF", "0-9akyPH"},
	{"~", "Q", NULL},
	{"|!", "0-9A-Za-z", "0-9A-Za-z_.-"},
	{0},
};

const struct detector detector_secret_mark = {
	.name = "secret-mark",
	.version = 1,
	.lane = LANE_TRIGGERS,
	.triggers = "@$~|!",
	.beside = beside,
	.rank = RANK_SECRET,
	.yields_to = RANK_BIT(RANK_SECRET),
	.match = secret_mark_match,
};

enum { USERINFO_MAX = 256, SCHEME_MAX = 24 };

/* ---- scheme://user:password@ ---- */

static bool is_of_userinfo(unsigned char c)
{
	return c > ' ' && c < 0x7F && strchr("\"'<>`/\\", c) == NULL;
}

static bool is_reference(struct bytes password)
{
	static const char *const words[] = {"password",   "passwd", "pass", "pw", "pwd", "token",
	                                    "secret_key", "...",    "***",  "x",  "xxx"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (bytes_equal_nocase(password, bytes_of_string(words[i])))
			return true;
	return strchr("$<{[%*", password.at[0]) != NULL && !character_is_hexadecimal(character_at(password, 1));
}

static bool read_url_password(struct bytes text, size_t at, struct secret *secret)
{
	size_t from = at;
	if (!character_is_alphanumeric(character_at(text, at + 1)) && strchr("[%_*$", character_at(text, at + 1)) == NULL)
		return false;
	while (from > 0 && at - from < USERINFO_MAX && is_of_userinfo(text.at[from - 1]))
		from--;
	if (from < 3 || !bytes_start_with(bytes_from(text, from - 2), BYTES_LITERAL("//")) || text.at[from - 3] != ':')
		return false;
	struct bytes userinfo = bytes_slice(text, from, at - from);
	/* An @ within the password: the last one before the host is ours. */
	for (size_t next = at + 1; next < text.len && next - at < USERINFO_MAX && is_of_userinfo(text.at[next]) &&
	                           strchr("?#,;", text.at[next]) == NULL;
	     next++)
		if (text.at[next] == '@')
			return false;
	size_t colon = bytes_find_byte(userinfo, ':');
	if (colon == BYTES_NOT_FOUND || colon + 1 == userinfo.len)
		return false;
	struct bytes password = bytes_from(userinfo, colon + 1);
	if (password.len < 3 || is_reference(password) || bytes_find_byte(password, '?') != BYTES_NOT_FOUND)
		return false;
	*secret = (struct secret){from + colon + 1, at, 0, 0, "url-password", 0.8f, secret_is_example(password)};
	return true;
}

/* ---- $id$salt$hash ---- */

static bool is_of_crypt(unsigned char c)
{
	return character_is_alphanumeric(c) || c == '.' || c == '/' || c == '=' || c == ',' || c == '-' || c == '+' || c == '*' ||
	       c == '_' || c == '@';
}

static size_t crypt_run(struct bytes text, size_t at, size_t most, bool has_colons)
{
	size_t end = at;
	while (end < text.len && end - at < most && (is_of_crypt(text.at[end]) || (has_colons && text.at[end] == ':')))
		end++;
	return end;
}

static bool read_hash(struct bytes text, size_t at, struct secret *secret)
{
	/* With the parts behind the name and the least length of the last; sources: crypt(5), Apache's htpasswd, RFC 9106, Cisco. */
	static const struct {
		const char *name;
		size_t parts, least;
	} kinds[] = {
		{"$1$", 2, 22},       {"$apr1$", 2, 22}, {"$2a$", 2, 53},       {"$2b$", 2, 53},      {"$2x$", 2, 53},
		{"$2y$", 2, 53},      {"$5$", 2, 43},    {"$6$", 2, 86},        {"$y$", 3, 40},       {"$7$", 2, 40},
		{"$8$", 2, 40},       {"$9$", 2, 40},    {"$argon2id$", 4, 20}, {"$argon2i$", 4, 20}, {"$krb5asrep$", 3, 64},
		{"$krb5tgs$", 4, 64}, {"$P$B", 1, 30},   {"$H$9", 1, 30},
	};
	unsigned char before = character_before(text, at);
	if (character_is_alphanumeric(before) || before == '$')
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct bytes name = bytes_of_string(kinds[i].name);
		if (!bytes_start_with(bytes_from(text, at), name))
			continue;
		size_t from = at + name.len, end = crypt_run(text, from, DETECTOR_REACH / 2, kinds[i].least == 64),
		       parts = kinds[i].parts;
		if (bytes_start_with(bytes_from(text, from), BYTES_LITERAL("rounds=")))
			parts++;
		for (size_t part = 1; part < parts; part++) {
			if (character_at(text, end) != '$')
				return false;
			from = end + 1;
			end = crypt_run(text, from, DETECTOR_REACH / 2, kinds[i].least == 64);
		}
		struct bytes hash = bytes_slice(text, from, end - from);
		if (hash.len < kinds[i].least || secret_shape_of(hash).variety < 8)
			return false;
		*secret = (struct secret){at,
		                          end,
		                          name.len < SECRET_HEAD ? name.len : SECRET_HEAD,
		                          0,
		                          "password-hash",
		                          0.9f,
		                          hash.len < 60 && secret_is_example(hash)};
		return true;
	}
	return false;
}

/* ---- abc8Q~... ---- */

static bool is_of_entra(unsigned char c)
{
	return secret_is_of(SECRET_URL64_DOT, c) || c == '~';
}

static bool read_entra(struct bytes text, size_t at, struct secret *secret)
{
	if (at < 5 || text.at[at - 1] != 'Q' || !character_is_digit(text.at[at - 2]))
		return false;
	size_t from = at - 5, end = at + 1;
	while (end < text.len && end - at < 40 && is_of_entra(text.at[end]))
		end++;
	while (end > at && text.at[end - 1] == '.' && end - at > 35)
		end--;
	for (size_t i = from; i < at; i++)
		if (!is_of_entra(text.at[i]))
			return false;
	if (end - at < 32 || end - at > 36 || (from > 0 && is_of_entra(text.at[from - 1]) && !secret_begins(text, from)))
		return false;
	struct bytes body = bytes_slice(text, at + 1, end - at - 1);
	if (!secret_looks_random(body) && !secret_is_example(body))
		return false;
	*secret = (struct secret){from, end, 0, 0, "azure-client-secret", 0.9f, secret_is_example(body)};
	return true;
}

/* ---- APP|SECRET of Facebook, ORGANISATION!SESSION of Salesforce ---- */

static bool read_pair(struct bytes text, size_t at, struct secret *secret)
{
	bool is_salesforce = text.at[at] == '!';
	size_t from = at, end = secret_run_end(text, at + 1, is_salesforce ? SECRET_URL64_DOT : SECRET_URL64, 121);
	while (from > 0 && at - from < 17 && secret_is_of(is_salesforce ? SECRET_ALNUM : SECRET_DIGITS, text.at[from - 1]))
		from--;
	struct bytes value = bytes_slice(text, at + 1, end - at - 1);
	bool is_form = is_salesforce ? at - from == 15 && bytes_start_with(bytes_from(text, from), BYTES_LITERAL("00D")) &&
	                                       value.len >= 80
	                             : at - from >= 15 && at - from <= 16 && value.len == 27;
	if (!is_form || !secret_looks_random(value))
		return false;
	*secret = (struct secret){
		at + 1, end, 0, 0, is_salesforce ? "salesforce-session" : "facebook-token", 0.85f, secret_is_example(value)};
	return true;
}

static bool secret_mark_match(struct bytes text, size_t at, struct match *match)
{
	struct secret secret;
	bool is_found = false;
	switch (text.at[at]) {
	case '@': is_found = read_url_password(text, at, &secret); break;
	case '$': is_found = read_hash(text, at, &secret); break;
	case '~': is_found = read_entra(text, at, &secret); break;
	default: is_found = read_pair(text, at, &secret); break;
	}
	if (is_found)
		secret_fill(text, &secret, match);
	return is_found;
}

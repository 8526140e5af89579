/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value whose name says that it is secret: password = ..., "api_key": "...",
 * <Pass>...</Pass>, --token ..., define('DB_PASSWORD', '...'), AccountKey=...
 * of a connection string. The literal met is a part of the name:
 *
 *   export DB_PASSWORD = "..."
 *          ^--name---^   ^-^ value
 *             ^literal
 *
 * Names of what is not secret itself (passwordField, tokenUrl, secretName) end
 * otherwise, and values that stand for others (variables, calls, paths, prose)
 * are no finding.
 */
#include "detector/character.h"
#include "detector/secret.h"

enum {
	NAME_MAX_LENGTH = 64,
	BLANKS_MAX = 24,
	VALUE_MAX_LENGTH = 256,
	PASSWORD_MAX = 128,
	PASSWORD_LEAST = 4,
	TOKEN_LEAST = 8,
	CONTEXT = 200,
	PROSE_MAX = 60,
};

/* What stands between name and value. */
enum sign {
	SIGN_NONE,
	SIGN_ASSIGNS, /* = := => */
	SIGN_COLON,
	SIGN_COMPARES, /* == != */
	SIGN_COMMA,    /* of a call: define('NAME', 'VALUE') */
	SIGN_TAG,      /* <Name>VALUE</Name> */
	SIGN_BLANK,    /* --name VALUE, and .netrc's */
};

struct naming {
	size_t from, to; /* the name */
	bool is_password;
	enum sign sign;
	size_t value;        /* where it begins, behind its quotation mark */
	unsigned char quote; /* 0: none */
	bool is_escaped;     /* \" or &quot; */
	size_t end;
};

/* ---- the name ---- */

static bool is_of_name(unsigned char c)
{
	return character_is_alphanumeric(c) || c == '_' || c == '-' || c == '.';
}

/* What may follow the word within a name: the value is still the secret. */
static bool is_ending(struct bytes rest)
{
	/* clang-format off */
	static const char *const endings[] = {
		"words", "word", "wort", "wd", "phrase", "code", "key", "keys", "base64", "base", "b64", "value", "val", "dev", "prod",
		"production", "staging", "stage", "live", "local", "string", "str", "text", "plain", "encrypted", "enc", "access", "admin", "root",
		"user", "secret", "token", "db", "hash", "md5", "sha1", "sha256", "s", "a", "rd", "id",
	};
	/* clang-format on */
	while (rest.len > 0) {
		size_t length = 0;
		if (strchr("_-.", rest.at[0]) != NULL || character_is_digit(rest.at[0]))
			length = 1;
		for (size_t i = 0; i < sizeof endings / sizeof *endings && length == 0; i++)
			if (bytes_start_with_nocase(rest, bytes_of_string(endings[i])))
				length = strlen(endings[i]);
		/* An id is secret where it is access': SUMO_ACCESSID; names of things are not. */
		if (length == 0 || (length == 2 && bytes_start_with_nocase(rest, BYTES_LITERAL("id"))))
			return false;
		rest = bytes_from(rest, length);
	}
	return true;
}

static bool holds(struct bytes text, const char *word)
{
	struct bytes wanted = bytes_of_string(word);
	for (size_t at = 0; at + wanted.len <= text.len; at++)
		if (character_to_lower(text.at[at]) == wanted.at[0] && bytes_start_with_nocase(bytes_from(text, at), wanted))
			return true;
	return false;
}

static bool read_name(struct bytes text, size_t at, size_t length, struct naming *naming)
{
	struct bytes word = bytes_slice(text, at, length);
	size_t from = at, to = at + length;
	while (from > 0 && at - from < NAME_MAX_LENGTH && is_of_name(text.at[from - 1]))
		from--;
	while (to < text.len && to - at < NAME_MAX_LENGTH && is_of_name(text.at[to]))
		to++;
	/* "token." ends a sentence. */
	while (to > at + length && strchr(".-", text.at[to - 1]) != NULL)
		to--;
	struct bytes name = bytes_slice(text, from, to - from), rest = bytes_slice(text, at + length, to - at - length);
	if (!is_ending(rest) || holds(name, "public") || holds(name, "csrf") || holds(name, "xsrf") ||
	    holds(name, "authenticity") || holds(name, "example"))
		return false;
	naming->is_password = bytes_start_with_nocase(word, BYTES_LITERAL("pass")) ||
	                      bytes_start_with_nocase(word, BYTES_LITERAL("pwd")) || holds(word, "wort") ||
	                      holds(word, "woord") || holds(word, "senha") || holds(word, "contrase");
	/* compass, bypass; but dbpass, userPass. */
	if (bytes_equal_nocase(word, BYTES_LITERAL("pass")) && character_is_lower(character_before(text, at)) &&
	    character_is_lower(text.at[at]) && !bytes_start_with_nocase(rest, BYTES_LITERAL("w")) && !holds(name, "dbpass") &&
	    !holds(name, "userpass") && !holds(name, "ftppass"))
		return false;
	if (bytes_start_with_nocase(rest, BYTES_LITERAL("age")) || bytes_start_with_nocase(rest, BYTES_LITERAL("code")))
		return false;
	if (holds(word, "id") && !holds(name, "sumo"))
		return false;
	naming->from = from;
	naming->to = to;
	return true;
}

/* ---- from the name to the value ---- */

static size_t skip_blanks(struct bytes text, size_t at)
{
	size_t end = at;
	while (end < text.len && end - at < BLANKS_MAX && (text.at[end] == ' ' || text.at[end] == '\t'))
		end++;
	return end;
}

/* A quotation mark at at, however escaped: its length, and which. 0: none. */
static size_t read_quote(struct bytes text, size_t at, unsigned char *ret_quote, bool *ret_is_escaped)
{
	size_t from = at;
	while (character_at(text, at) == '\\' && at - from < 4)
		at++;
	unsigned char c = character_at(text, at);
	*ret_is_escaped = at > from;
	*ret_quote = c;
	if (c == '"' || c == '\'' || c == '`')
		return at + 1 - from;
	*ret_is_escaped = true;
	*ret_quote = '"';
	if (bytes_start_with(bytes_from(text, from), BYTES_LITERAL("&quot;")))
		return sizeof "&quot;" - 1;
	*ret_quote = 0;
	*ret_is_escaped = false;
	return 0;
}

static bool is_machine_before(struct bytes text, size_t at)
{
	size_t from = at > CONTEXT ? at - CONTEXT : 0;
	struct bytes before = bytes_slice(text, from, at - from);
	return bytes_find(before, BYTES_LITERAL("login ")) != BYTES_NOT_FOUND &&
	       (bytes_find(before, BYTES_LITERAL("machine ")) != BYTES_NOT_FOUND ||
	        bytes_find(before, BYTES_LITERAL("default")) != BYTES_NOT_FOUND);
}

/* Behind an "is" on the same line that a quotation mark follows. 0: there is none. */
static size_t behind_is(struct bytes text, size_t at)
{
	unsigned char quote;
	bool is_escaped;
	for (size_t end = at; end < text.len && end - at < PROSE_MAX && strchr("\n\r.;={}", text.at[end]) == NULL; end++)
		if (bytes_start_with(bytes_from(text, end), BYTES_LITERAL("is ")) && character_before(text, end) == ' ')
			return read_quote(text, end + 3, &quote, &is_escaped) > 0 ? end + 3 : 0;
	return 0;
}

static bool read_sign(struct bytes text, struct naming *naming)
{
	unsigned char ignored;
	bool is_escaped;
	size_t at = naming->to, length = read_quote(text, at, &ignored, &is_escaped);
	bool is_name_quoted = length > 0;
	at += length;
	if (character_at(text, at) == ']')
		at++;
	if (character_at(text, at) == ')' && !is_name_quoted)
		return false;
	size_t blank = at;
	at = skip_blanks(text, at);
	struct bytes here = bytes_from(text, at);
	unsigned char c = character_at(text, at), next = character_at(text, at + 1);
	/* <add key="NAME" value="VALUE"/> */
	if (is_name_quoted && bytes_start_with_nocase(here, BYTES_LITERAL("value="))) {
		at += sizeof "value" - 1;
		c = '=';
		next = character_at(text, at + 1);
	}
	if ((c == '=' || c == '!') && next == '=') {
		naming->sign = SIGN_COMPARES;
		at += character_at(text, at + 2) == '=' ? 3 : 2;
	} else if (c == '=' || (c == ':' && next == '=')) {
		naming->sign = SIGN_ASSIGNS;
		at += next == '>' || c == ':' ? 2 : 1;
	} else if (c == ':') {
		naming->sign = SIGN_COLON;
		at++;
	} else if (c == ',' && is_name_quoted) {
		naming->sign = SIGN_COMMA;
		at++;
	} else if ((c == '>' || bytes_start_with(here, BYTES_LITERAL("encoding="))) &&
	           character_before(text, naming->from) == '<') {
		size_t end = bytes_find_byte(bytes_slice(here, 0, 40), '>');
		if (end == BYTES_NOT_FOUND)
			return false;
		naming->sign = SIGN_TAG;
		at += end + 1;
	} else if (naming->is_password && at > blank && (length = behind_is(text, at)) > 0) {
		naming->sign = SIGN_COLON; /* prose: the password (for somebody) is "..." */
		at = length;
	} else if (at > blank && !is_name_quoted) {
		unsigned char before = character_before(text, naming->from);
		bool is_option = text.at[naming->from] == '-' && before <= ' ';
		unsigned char quote;
		if (!is_option && !(naming->is_password && is_machine_before(text, naming->from)) &&
		    !(read_quote(text, at, &quote, &is_escaped) > 0 && (before == ' ' || before == '\t' || before == '\n')))
			return false;
		naming->sign = SIGN_BLANK;
	} else {
		return false;
	}
	naming->value = naming->sign == SIGN_TAG ? at : skip_blanks(text, at);
	/* "Password:" is a label: the mark behind its colon ends what began before it. */
	unsigned char before = character_before(text, naming->from);
	return is_name_quoted || (before != '"' && before != '\'') || character_at(text, naming->value) != before;
}

static bool ends_bare(unsigned char c)
{
	return c <= ' ' || strchr(",;&)}]<>\"'`", c) != NULL;
}

static bool read_value(struct bytes text, struct naming *naming)
{
	size_t from = naming->value, to;
	size_t length = naming->sign == SIGN_TAG ? 0 : read_quote(text, from, &naming->quote, &naming->is_escaped);
	/* A string of one language within another's: '"value"'. */
	if (length == 1 && character_at(text, from + 1) == '"' && naming->quote == '\'') {
		naming->quote = '"';
		length = 2;
	}
	from += length;
	for (to = from; to < text.len && to - from < VALUE_MAX_LENGTH; to++) {
		unsigned char c = text.at[to];
		if (c == '\n' || c == '\r')
			break;
		if (length > 0                 ? c == naming->quote || (naming->is_escaped && (c == '\\' || c == '&'))
		    : naming->sign == SIGN_TAG ? c == '<'
		                               : ends_bare(c))
			break;
	}
	if (length > 0 && character_at(text, to) != naming->quote &&
	    !(naming->is_escaped && (character_at(text, to) == '\\' || character_at(text, to) == '&')))
		return false;
	/* A bare value that a call or an index goes on from is code. */
	if (length == 0 && naming->sign != SIGN_TAG)
		while (to > from && strchr(".:?!", text.at[to - 1]) != NULL && character_at(text, to) <= ' ' &&
		       naming->sign != SIGN_ASSIGNS && naming->sign != SIGN_BLANK)
			to--;
	naming->value = from;
	naming->end = to;
	return to > from && to - from < (naming->is_password ? PASSWORD_MAX : VALUE_MAX_LENGTH);
}

/* ---- what the value is ---- */

/* It stands for another: a variable, a call, a template, a path. */
static bool is_reference(struct bytes value, bool is_quoted)
{
	/* clang-format off */
	static const char *const parts[] = {
		"${", "$(", "{{", "<%", "%{", "#{", "$_", "process.env", "os.environ", "getenv", "env[", "env.", "env(", "config.", "config[",
		"settings.", "params", "request.", "req.", "self.", "this.", "args.", "options.", "secrets.", "vault:", "->", "::", "://", "()",
		"arn:", "keyvault", "kms:", "xoxb-", "xoxp-", "_token", "-token", "_key", "-key", "secret_", "_secret",
	};
	static const char *const starts[] = {
		"/", "./", "../", "~/", "<", "[", "{", "@", "*", "&", "http", "file:", "$", "%", "data.", "new ", "null", "none", "true", "false", "nil",
		"undefined", "string", "function", "return", "required", "optional", "hidden", "text", "input", "bearer", "basic",
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (holds(value, parts[i]))
			return true;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		struct bytes start = bytes_of_string(starts[i]);
		bool is_word = character_is_letter(start.at[0]) && start.at[start.len - 1] != ':' &&
		               start.at[start.len - 1] != '.';
		if (bytes_start_with_nocase(value, start) &&
		    (!is_word || value.len == start.len || !character_is_alphanumeric(value.at[start.len])))
			return start.at[0] != '@' || !is_quoted || value.len < 8;
	}
	size_t bracket = bytes_find_byte(value, '(');
	return !is_quoted && (bracket != BYTES_NOT_FOUND || bytes_find_byte(value, '[') != BYTES_NOT_FOUND);
}

/* An identifier of code: words joined by dots, or one in camels. */
static bool is_identifier(struct bytes value)
{
	struct secret_shape shape = secret_shape_of(value);
	size_t dots = 0, others = 0;
	for (size_t i = 0; i < value.len; i++) {
		dots += value.at[i] == '.' && i > 0 && i + 1 < value.len && character_is_letter(value.at[i - 1]);
		others += !character_is_alphanumeric(value.at[i]) && value.at[i] != '_' && value.at[i] != '.';
	}
	return others == 0 && (dots > 0 ? shape.digits < 3 || value.len < 16 : shape.digits == 0);
}

/* Words and numbers joined by dashes: a name of something. */
static bool is_slug(struct bytes value)
{
	size_t parts = 1, digits = 0, letters = 0;
	for (size_t i = 0; i <= value.len; i++) {
		unsigned char c = i < value.len ? value.at[i] : '-';
		if (c != '-' && c != '_' && c != '.') {
			digits += character_is_digit(c);
			letters += character_is_lower(c);
			if (!character_is_digit(c) && !character_is_lower(c))
				return false;
			continue;
		}
		if (digits > 2 && letters > 0)
			return false;
		parts += i < value.len;
		digits = letters = 0;
	}
	return parts > 1;
}

/* It says what should stand there: password, myPassword, secret. */
static bool is_named_after(struct bytes value)
{
	return value.len <= 24 && (holds(value, "password") || holds(value, "passwd") || holds(value, "secret"));
}

/* NAME=VALUE is the whole line, but for what exports it or makes it a comment. */
static bool is_line_of_its_own(struct bytes text, const struct naming *naming)
{
	size_t from = naming->from, words = 0;
	while (from > 0 && text.at[from - 1] != '\n' && naming->from - from < 20) {
		from--;
		words += text.at[from] > ' ' && strchr("#/;-", text.at[from]) == NULL;
	}
	struct bytes before = bytes_trim(bytes_slice(text, from, naming->from - from));
	bool is_free = words == 0 || bytes_start_with(before, BYTES_LITERAL("export")) ||
	               bytes_start_with_nocase(before, BYTES_LITERAL("set")) ||
	               bytes_start_with_nocase(before, BYTES_LITERAL("env"));
	size_t end = skip_blanks(text, naming->end);
	return is_free && (end >= text.len || text.at[end] == '\n' || text.at[end] == '\r' || text.at[end] == '#');
}

/* Words of forms and of languages, in which no password is written down. */
static bool is_plain_word(struct bytes value)
{
	/* clang-format off */
	static const char *const words[] = {
		"password", "secret", "token", "value", "string", "user", "username", "email", "name", "login", "default", "enabled", "disabled",
		"auto", "manual", "invalid", "missing", "reset", "forgot", "change", "enter", "confirm", "field", "label", "type", "this", "that",
		"with", "will", "must", "should", "please", "wrong", "same", "expired", "protected", "prompt", "always", "never", "unknown", "empty",
		"undefined", "object", "array", "number", "boolean", "char", "varchar", "private", "static", "final", "busybox@", "not-set",
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (bytes_equal_nocase(value, bytes_of_string(words[i])))
			return true;
	return false;
}

/* ...;Password=VALUE;... */
static bool is_of_connection(struct bytes text, const struct naming *naming)
{
	size_t from = naming->from;
	while (from > 0 && text.at[from - 1] == ' ')
		from--;
	return naming->sign == SIGN_ASSIGNS && character_before(text, from) == ';' && naming->end - naming->value >= 4;
}

static bool is_password(struct bytes text, const struct naming *naming, struct bytes value)
{
	struct secret_shape shape = secret_shape_of(value);
	if (value.len < PASSWORD_LEAST)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] <= ' ' || value.at[i] >= 0x80)
			return false;
	size_t letters = shape.uppers + shape.lowers;
	if (is_of_connection(text, naming))
		return true;
	/* A word of forms is one that somebody wrote down where nothing else can be meant. */
	if (shape.digits == 0 && (is_plain_word(value) || is_named_after(value)))
		return naming->sign != SIGN_COMMA && naming->sign != SIGN_COMPARES && is_named_after(value) &&
		       !character_is_upper(value.at[0]) && value.at[0] != '#' &&
		       (naming->quote != 0 || naming->sign == SIGN_TAG || is_line_of_its_own(text, naming)) &&
		       bytes_find_byte(value, '/') == BYTES_NOT_FOUND;
	bool is_mixed = shape.digits > 0 || shape.others > 0;
	if (letters == 0)
		return shape.digits >= 6 && naming->sign != SIGN_COLON && naming->sign != SIGN_COMPARES;
	if (naming->quote != 0 || naming->sign == SIGN_TAG) {
		/* Labels of forms: "Password:", "Contraseña", "Mot". */
		bool is_label = character_is_upper(value.at[0]) && shape.digits == 0 &&
		                (shape.others == 0 || strchr(":?!.*", value.at[value.len - 1]) != NULL);
		return (is_mixed || shape.uppers == 0) && !is_label &&
		       !(shape.digits == 0 && bytes_find_byte(value, '/') != BYTES_NOT_FOUND) && value.at[0] != '.' &&
		       (value.at[0] != '#' || shape.digits > 0);
	}
	if (naming->sign == SIGN_COMPARES || naming->sign == SIGN_COMMA)
		return false;
	bool is_alone = is_line_of_its_own(text, naming);
	if (naming->sign == SIGN_BLANK)
		return value.len >= 6 && value.at[0] != '-' && (is_mixed || is_machine_before(text, naming->from)) &&
		       !is_identifier(value);
	if (shape.digits > 0 && (letters > 0 || shape.others > 0) && value.len >= 6)
		return !is_identifier(value);
	if (naming->sign == SIGN_COLON)
		return is_alone && value.len >= 8 && shape.others > 0 && !is_identifier(value);
	return is_alone ? value.len >= 6 : value.len >= 8 && shape.others > 0 && !is_identifier(value);
}

static bool is_uuid(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? value.at[i] != '-' : !character_is_hexadecimal(value.at[i]))
			return false;
	return value.len == 36;
}

static bool is_token(const struct naming *naming, struct bytes value)
{
	if (value.len < TOKEN_LEAST || naming->sign == SIGN_NONE)
		return false;
	bool is_phrase = naming->quote != 0 && naming->sign != SIGN_COMMA && naming->sign != SIGN_COMPARES && value.len >= 12;
	size_t odd = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] <= ' ' || value.at[i] >= 0x80)
			return false;
		if (secret_is_of(SECRET_TOKEN, value.at[i]))
			continue;
		odd++;
		if (strchr("+/~!#@$*^%", value.at[i]) == NULL && !is_phrase)
			return false;
	}
	/* No path or identifier has such signs within. */
	if (is_phrase && odd > 0 && strchr("#/.", value.at[0]) == NULL && secret_shape_of(value).variety >= 9 &&
	    bytes_find_byte(value, '/') == BYTES_NOT_FOUND)
		return true;
	struct secret_shape shape = secret_shape_of(value);
	if (is_uuid(value) || (value.len >= 16 && shape.variety <= (value.len < 32 ? 4u : 5u) && shape.lowers + shape.uppers > 0))
		return true;
	bool is_short = value.len < 12 && (shape.digits < 4 || shape.uppers == 0 || shape.lowers == 0);
	if (is_slug(value) || (naming->quote == 0 && is_short))
		return false;
	if (shape.digits == 0 || shape.uppers + shape.lowers == 0 || is_identifier(value))
		return false;
	if (naming->sign == SIGN_COMPARES || naming->sign == SIGN_COMMA)
		return value.len >= 20 && secret_looks_random(value);
	return value.len < 16 ? shape.digits >= 2 && shape.variety >= 6 && (naming->quote != 0 || shape.digits >= 3)
	                      : secret_looks_random(value) || secret_is_example(value);
}

struct kind_of_name {
	const char *word, *subkind;
	size_t length; /* of the value; 0: any */
};

static const char *subkind_of(struct bytes name, struct bytes value, bool is_password)
{
	/* clang-format off */
	static const struct kind_of_name kinds[] = {
		{"accountkey", "azure-storage-key", 88}, {"sharedaccesskey", "azure-shared-access-key", 44}, {"sharedaccesssignature", "azure-sas", 0},
		{"aws", "aws-secret-key", 40}, {"secretaccesskey", "aws-secret-key", 40}, {"secret_access_key", "aws-secret-key", 40},
		{"heroku", "heroku-key", 36}, {"twilio", "twilio-token", 32}, {"datadog", "datadog-key", 0}, {"dd_api", "datadog-key", 32},
		{"dd_app", "datadog-key", 40}, {"postmark", "postmark-token", 36}, {"okta", "okta-token", 42}, {"discord", "discord-token", 0},
		{"cloudflare", "cloudflare-token", 0}, {"privatekey", "private-key", 44}, {"presharedkey", "private-key", 44},
		{"client", "client-secret", 0}, {"api", "api-key", 0}, {"token", "token", 0}, {"secret", "secret", 0},
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !is_password; i++)
		if (holds(name, kinds[i].word) && (kinds[i].length == 0 || kinds[i].length == value.len))
			return kinds[i].subkind;
	return is_password ? "password" : "key";
}

bool secret_read_assignment(struct bytes text, size_t at, size_t length, struct secret *ret_secret)
{
	struct naming naming = {0};
	if (!secret_is_of(SECRET_WORD, text.at[at + length - 1]) && text.at[at] != '"')
		length--; /* pwd= */
	if (!read_name(text, at, length, &naming) || !read_sign(text, &naming) || !read_value(text, &naming))
		return false;
	struct bytes name = bytes_slice(text, naming.from, naming.to - naming.from);
	struct bytes value = bytes_slice(text, naming.value, naming.end - naming.value);
	bool is_echo = bytes_equal_nocase(name, value);
	if (naming.is_password ? value.len < PASSWORD_LEAST : !is_token(&naming, value))
		return false;
	if (is_reference(value, naming.quote != 0) ||
	    (is_echo && (!naming.is_password || (naming.quote == 0 && !is_line_of_its_own(text, &naming)))))
		return false;
	if (naming.is_password && !is_password(text, &naming, value))
		return false;
	bool is_strong = !naming.is_password || is_token(&naming, value);
	*ret_secret = (struct secret){naming.value,
	                              naming.end,
	                              0,
	                              0,
	                              subkind_of(name, value, naming.is_password),
	                              is_strong && secret_looks_random(value) ? 0.8f : 0.5f,
	                              is_echo || is_plain_word(value) || is_named_after(value) || secret_is_example(value)};
	return true;
}

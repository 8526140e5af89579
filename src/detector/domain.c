/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bare host names below a known suffix, found at their first dot. A dot with
 * letters around it is far more often a file name, a member of an object, a
 * package or a missing space, and many of those end in what is a top-level
 * domain too. So a name needs evidence by the kind of its suffix: none for
 * com, de and their like; more labels or a service's prefix for others; both
 * for those that are file endings or words of programs. Names within e-mail
 * addresses and URLs are theirs (scan.c drops them). A host that keeps objects
 * is the beginning of a storage address that lacks its scheme.
 */
#include "detector/character.h"
#include "detector/detector.h"
#include "detector/host.h"
#include "detector/storage-host.h"
#include "detector/url.h"
#include "model/cloud-host.h"

#include <stdlib.h>

static bool domain_match(struct bytes text, size_t at, struct match *match);

#define LABEL_BYTES "0-9A-Za-z\x80-\xFF"

static const struct beside beside[] = {{".", LABEL_BYTES, LABEL_BYTES}, {0}};

const struct detector detector_domain = {
	.name = "domain",
	.version = 5,
	.lane = LANE_TRIGGERS,
	.triggers = ".",
	.beside = beside,
	.rank = RANK_NAME,
	.yields_to = RANK_BIT(RANK_ADDRESS),
	.match = domain_match,
	.prepare = host_prepare,
};

enum { LOCAL_LOOK_AHEAD = 64, URN_LOOK_BACK = 128, FOLDED_MAX = 24 };

/* ---- what words say: each list is sorted ---- */

/* Suffixes under which two labels are a host name, whatever stands around them. */
static const char *const trusted_suffixes[] = {
	"ae",  "ar", "at", "au", "bg", "biz", "br",  "ca", "ch",  "cl", "cn", "com", "cz",   "de",  "dk",
	"edu", "ee", "eu", "fi", "fr", "gov", "gr",  "hk", "hr",  "hu", "ie", "il",  "info", "int", "jp",
	"ke",  "kr", "kz", "lt", "lu", "lv",  "mil", "mx", "net", "nl", "nz", "org", "pe",   "pt",  "ro",
	"ru",  "sa", "se", "sg", "sk", "th",  "tr",  "tw", "ua",  "uk", "uy", "vn",  "za",
};

/* Suffixes that are file endings, or words of programs and prose: they need a service's prefix or a telling name. */
static const char *const doubtful_suffixes[] = {
	"ac",      "ai",      "am",        "app",    "as",      "bar",        "be",       "bio",    "black",    "blue",
	"box",     "build",   "by",        "call",   "cam",     "case",       "cat",      "cc",     "cd",       "center",
	"click",   "contact", "cs",        "data",   "date",    "day",        "dev",      "do",     "download", "email",
	"events",  "ext",     "fail",      "family", "fit",     "foo",        "forum",    "global", "green",    "group",
	"guide",   "hm",      "host",      "id",     "in",      "inc",        "ink",      "io",     "is",       "it",
	"java",    "la",      "lib",       "link",   "live",    "map",        "md",       "me",     "media",    "ml",
	"mm",      "mobi",    "mov",       "my",     "name",    "network",    "new",      "news",   "next",     "no",
	"now",     "one",     "open",      "orange", "page",    "parts",      "phone",    "photo",  "pictures", "pl",
	"place",   "plus",    "pm",        "post",   "pro",     "properties", "property", "ps",     "pub",      "py",
	"red",     "report",  "rs",        "run",    "save",    "schule",     "search",   "select", "services", "sh",
	"show",    "so",      "solutions", "space",  "spot",    "st",         "store",    "stream", "style",    "support",
	"systems", "target",  "tc",        "team",   "tf",      "tips",       "to",       "today",  "tools",    "top",
	"us",      "vc",      "video",     "watch",  "website", "win",        "work",     "world",  "zip",      "zone",
};

/* Countries among the doubtful whose names do stand in documents; a first label of some length is enough. */
static const char *const wordy_countries[] = {"be", "in", "io", "it", "no", "pl", "us"};

/* First labels of services. */
static const char *const service_labels[] = {
	"autodiscover", "ftp",  "imap", "intranet", "mail",    "owa", "pop",  "pop3",
	"portal",       "sftp", "smtp", "vpn",      "webmail", "www", "www2",
};

/* First labels of packages, of objects in programs, and of Java's and .NET's own names. */
static const char *const program_labels[] = {
	"android", "androidx", "app",    "com",   "console", "document", "edu",      "event",    "gov",
	"io",      "jakarta",  "java",   "javax", "jquery",  "kotlin",   "location", "math",     "microsoft",
	"module",  "net",      "node",   "org",   "os",      "process",  "request",  "response", "scala",
	"self",    "std",      "string", "sun",   "sys",     "system",   "this",     "window",   "windows",
};

static int compare_words(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

#define IS_IN(word, list) is_in(word, list, sizeof list / sizeof list[0])

static bool is_in(const char *word, const char *const *list, size_t count)
{
	return bsearch(word, list, count, sizeof *list, compare_words) != NULL;
}

/* A label in lower case; an empty string if it is longer than any word of ours. */
static const char *fold(struct bytes label, char into[FOLDED_MAX])
{
	size_t length = label.len < FOLDED_MAX ? label.len : 0;
	for (size_t i = 0; i < length; i++)
		into[i] = (char)character_to_lower(label.at[i]);
	into[length] = '\0';
	return into;
}

/* ---- where it stands ---- */

static bool is_part_of_label(unsigned char c)
{
	return character_is_alphanumeric(c) || c >= 0x80;
}

/* Behind these a name is part of something else: a path, a variable, an address. // is a URL without its scheme. */
static bool may_begin(struct bytes text, size_t from)
{
	unsigned char before = character_before(text, from);
	if (from == 0)
		return true;
	if (before >= 0x80)
		return true;
	if (before == '.') {
		unsigned char second = character_before(text, from - 1);
		return !is_part_of_label(second) && second != ')' && second != ']' && second != '_' && second != '.';
	}
	if (before == '/')
		return from >= 2 && text.at[from - 2] == '/' && (from < 3 || text.at[from - 3] != '/');
	return strchr("@_-$\\%#&*~+^", before) == NULL && !character_is_alphanumeric(before) &&
	       !(before == ':' && from >= 2 && text.at[from - 2] == ':') &&
	       !(before == '>' && from >= 2 && text.at[from - 2] == '-');
}

/* What follows a call, an index, a member, a path of files or the rest of an address. */
static bool may_end(struct bytes text, size_t to)
{
	unsigned char after = character_at(text, to), second = character_at(text, to + 1);
	if (to >= text.len)
		return true;
	if (after == '=' || after == '-' || after == '(' || after == '[' || after == '_' || after == '@' || after == '\\' ||
	    after == '$' || after == '*' || after == '%' || after == '+')
		return false;
	return !(after == ':' && second == ':') && !(after == '.' && (second == '_' || second == '*' || second == '.'));
}

/* first.last+tag@: the beginning of an address that is longer than the name. */
static bool is_local_part(struct bytes text, size_t to)
{
	size_t stop = text.len - to > LOCAL_LOOK_AHEAD ? to + LOCAL_LOOK_AHEAD : text.len;
	for (; to < stop; to++)
		if (!character_is_alphanumeric(text.at[to]) && strchr(".+-_'=&#", text.at[to]) == NULL)
			return text.at[to] == '@';
	return false;
}

/* urn:fdc:peppol.eu:2017 (RFC 8141): an identifier that a standard has given, nobody's host. */
static bool is_in_urn(struct bytes text, size_t from)
{
	size_t stop = from > URN_LOOK_BACK ? from - URN_LOOK_BACK : 0, at = from;
	if (character_before(text, from) != ':')
		return false;
	while (at > stop && (character_is_alphanumeric(text.at[at - 1]) || strchr(":.-_#/%", text.at[at - 1]) != NULL))
		at--;
	return bytes_start_with_nocase(bytes_slice(text, at, from - at), BYTES_LITERAL("urn:"));
}

/* ---- how it is written ---- */

struct writing {
	unsigned upper, lower, digits, hyphens, others;
};

static struct writing look_at(struct bytes name)
{
	struct writing seen = {0};
	for (size_t i = 0; i < name.len; i++) {
		seen.upper += character_is_upper(name.at[i]);
		seen.lower += character_is_lower(name.at[i]);
		seen.digits += character_is_digit(name.at[i]);
		seen.hyphens += name.at[i] == '-';
		seen.others += name.at[i] >= 0x80;
	}
	return seen;
}

/* System.Net and ASP.NET are no hosts, CONTOSO.COM and Contoso.com are. */
static bool is_host_case(struct bytes name, struct bytes suffix)
{
	struct writing all = look_at(name), end = look_at(suffix);
	if (end.upper == 0)
		return true;
	bool is_net = bytes_equal_nocase(suffix, BYTES_LITERAL("net"));
	return all.lower == 0 && name.len - suffix.len > (is_net ? 6 : 4);
}

/* The label before the suffix of one label: enough of a name? */
static bool is_telling(struct bytes name, struct bytes suffix)
{
	struct bytes rest = bytes_slice(name, 0, name.len - suffix.len - 1);
	struct bytes label = host_last_label(rest);
	struct writing seen = look_at(label);
	return label.len >= 2 && (seen.digits < label.len || label.len >= 3);
}

/* 2.0.9-sf.net: a version, numbers up to a number and a hyphen. Pools of addresses are called 1-2-3-4.pool.isp.net. */
static bool begins_with_version(struct bytes name)
{
	size_t at = 0, dots = 0;
	while (at < name.len && (character_is_digit(name.at[at]) || (name.at[at] == '.' && at > 0)))
		dots += name.at[at++] == '.';
	return dots >= 1 && character_at(name, at) == '-' && character_is_digit(name.at[at - 1]);
}

/* How sure we are; 0: it is none. */
static float weigh(struct bytes name)
{
	char first_word[FOLDED_MAX], suffix_word[FOLDED_MAX];
	struct bytes suffix = host_last_label(name);
	struct bytes first = bytes_slice(name, 0, bytes_find_byte(name, '.'));
	const char *begins = fold(first, first_word), *ends = fold(suffix, suffix_word);
	size_t dots = host_count_dots(name);
	struct writing seen = look_at(bytes_slice(name, 0, name.len - suffix.len));
	if (!is_host_case(name, suffix) || !is_telling(name, suffix) || begins_with_version(name) ||
	    IS_IN(begins, program_labels))
		return 0;
	if (dots >= 2 && IS_IN(begins, service_labels))
		return 0.95f;
	if (IS_IN(ends, trusted_suffixes))
		return dots >= 2 ? 0.85f : 0.8f;
	bool is_marked = seen.hyphens > 0 || seen.digits > 0 || seen.others > 0;
	if (seen.upper > 0)
		return 0;
	if (!IS_IN(ends, doubtful_suffixes))
		return dots >= 2 || suffix.len == 2 || seen.hyphens > 0 || seen.others > 0 ? 0.6f : 0;
	if (IS_IN(ends, wordy_countries) && (dots >= 2 || first.len >= 6))
		return 0.55f;
	return dots >= 2 && is_marked ? 0.5f : 0;
}

/* ---- what keeps objects ---- */

/* Turns the match of a host into one of the storage address that begins with it, if it is one. */
static void take_storage(struct bytes text, struct match *match)
{
	struct buffer host = buffer_with_ceiling(2 * HOST_RUN_MAX);
	if (cloud_host_find(buffer_bytes(match->value)) == NULL)
		return;
	buffer_append(&host, buffer_bytes(match->value));
	size_t end = character_at(text, match->to) == '/' ? url_rest_end(text, match->to) : match->to;
	struct bytes rest = bytes_slice(text, match->to, end - match->to);
	struct buffer address = buffer_with_ceiling(match->value->ceiling);
	match->subkind = storage_host_append(&address, &(struct storage_url){
							       .host = buffer_bytes(&host),
							       .path = bytes_slice(rest, 0, url_path_length(rest)),
						       });
	if (match->subkind != NULL) {
		buffer_reset(match->value);
		buffer_append(match->value, buffer_bytes(&address));
		match->kind = FINDING_STORAGE_URL;
		match->to = end;
	}
	buffer_free(&address);
	buffer_free(&host);
}

static bool domain_match(struct bytes text, size_t at, struct match *match)
{
	if (!is_part_of_label(character_before(text, at)) || !is_part_of_label(character_at(text, at + 1)))
		return false;
	size_t from = host_label_start(text, at);
	if (from == at || !may_begin(text, from) || is_in_urn(text, from))
		return false;
	while (from < at && text.at[from] == '-')
		from++;
	size_t run = host_run_end(text, from);
	if (run <= at || !may_end(text, run))
		return false;
	struct bytes name = bytes_slice(text, from, host_known_length(bytes_slice(text, from, run - from)));
	float confidence = name.len > at - from ? weigh(name) : 0;
	if (confidence <= 0 || is_local_part(text, from + name.len) || !host_append(match->value, name))
		return false;
	match->from = from;
	match->to = from + name.len;
	match->kind = FINDING_DOMAIN;
	match->confidence = confidence;
	take_storage(text, match);
	return true;
}

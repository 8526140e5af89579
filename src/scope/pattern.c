/* SPDX-License-Identifier: Apache-2.0 */
/* Part by part: host, port, account, container, name; all must be covered. */
#include "scope/pattern.h"

#include "base/percent.h"
#include "scope/address.h"
#include "scope/glob.h"

/* ---- reading ---- */

static enum status parse_folder(struct bytes path, struct arena *arena, struct pattern *pattern)
{
	while (path.len > 1 && path.at[path.len - 1] == '/')
		path.len--;
	pattern->provider = PROVIDER_FOLDER;
	return percent_decode(path, arena, &pattern->container);
}

static enum status refuse(struct arena *arena, const char **ret_why)
{
	struct buffer why = buffer_with_ceiling(1024);
	buffer_append_string(&why, "no target's form: ");
	address_append_examples(&why, false);
	buffer_append_string(&why, ", https://..., ");
	address_append_examples(&why, true);
	buffer_append_string(&why, ", file:///DIR");
	*ret_why = arena_copy_string(arena, buffer_bytes(&why));
	buffer_free(&why);
	return *ret_why != NULL ? STATUS_USAGE : STATUS_NO_MEMORY;
}

static enum status parse_url(struct bytes written, const struct url *url, struct arena *arena, struct pattern *pattern,
                             const char **ret_why)
{
	const struct address *address = address_of_url(url);
	bool is_any_port = bytes_find(written, BYTES_LITERAL(":*")) != BYTES_NOT_FOUND;
	enum status status = STATUS_USAGE;
	if (address != NULL) {
		pattern->provider = address->provider;
		status = address->read_pattern != NULL ? address->read_pattern(url, is_any_port, arena, pattern) : STATUS_OK;
	}
	return status == STATUS_USAGE ? refuse(arena, ret_why) : status;
}

enum status pattern_parse(struct bytes written, struct arena *arena, struct pattern *ret_pattern, const char **ret_why)
{
	struct pattern pattern = {.is_literal = false};
	struct url url;
	enum status status;
	*ret_why = "not a target";
	if (written.len == 0 || written.len > GLOB_PATTERN_MAX)
		return STATUS_USAGE;
	if (bytes_start_with_nocase(written, BYTES_LITERAL("file:///")))
		status = parse_folder(bytes_from(written, 7), arena, &pattern);
	else if (written.at[0] == '/')
		status = parse_folder(written, arena, &pattern);
	else if (!url_split(written, URL_PATTERN, &url) || url.has_user || url.has_query || url.has_fragment)
		return STATUS_USAGE;
	else
		status = parse_url(written, &url, arena, &pattern, ret_why);
	if (status == STATUS_OK)
		*ret_pattern = pattern;
	return status;
}

/* ---- targets and places ---- */

static struct bytes primary_host(const struct target *target)
{
	if (target->is_custom)
		return target->host;
	/* The canonical URL has it: https://HOST/CONTAINER. */
	struct bytes rest = bytes_from(target->container.url, 8);
	return bytes_slice(rest, 0, bytes_find_byte(rest, '/'));
}

struct pattern pattern_of_target(const struct target *target)
{
	struct pattern pattern = {
		.provider = target->container.provider,
		.is_literal = true,
		.port = target->port,
		.is_https = bytes_equal_string(target->scheme, "https"),
		.host = target->host,
		.account = target->is_path_style ? target->account_name : BYTES_NONE,
		.container = target->container.name,
		.prefix = target->prefix,
	};
	pattern.primary_host = pattern.provider != PROVIDER_FOLDER ? primary_host(target) : BYTES_NONE;
	return pattern;
}

struct pattern_subject pattern_subject_of_target(const struct target *target)
{
	struct pattern pattern = pattern_of_target(target);
	return (struct pattern_subject){
		.provider = pattern.provider,
		.kind = PLACE_LIST,
		.is_https = pattern.is_https,
		.is_path_style = target->is_path_style,
		.port = pattern.port,
		.host = pattern.host,
		.primary_host = pattern.primary_host,
		.account = pattern.account,
		.container = pattern.container,
		.path = pattern.prefix,
	};
}

struct pattern_subject pattern_subject_of_place(const struct place *place)
{
	return (struct pattern_subject){
		.provider = place->provider,
		.kind = place->kind,
		.is_https = place->is_https,
		.is_path_style = place->is_path_style,
		.port = place->port,
		.host = bytes_of_string(place->host),
		.primary_host = bytes_of_string(place->primary_host),
		.account = place->account,
		.container = place->container,
		.path = place->path,
	};
}

/* ---- covering ---- */

static bool covers_part(const struct pattern *pattern, struct bytes part, struct bytes text, char separator)
{
	return pattern->is_literal ? bytes_equal(part, text) : glob_match(part, text, separator);
}

static bool covers_name(const struct pattern *pattern, struct bytes path)
{
	return pattern->is_literal ? bytes_start_with(path, pattern->prefix) : glob_match_beginning(pattern->prefix, path, '/');
}

/* http may rise to https, at the same port or from the one's usual port to the other's. */
static bool covers_scheme(const struct pattern *pattern, const struct pattern_subject *subject,
                          enum pattern_strictness strictness)
{
	bool is_same = pattern->is_https == subject->is_https;
	bool is_port = pattern->port == 0 || pattern->port == subject->port;
	bool rises = !pattern->is_https && subject->is_https;
	if (rises && pattern->port == 80 && subject->port == 443)
		return true;
	if (strictness == PATTERN_ANY_FORM)
		return is_port || (pattern->port == 443 && subject->port == 80);
	return is_port && (is_same || rises);
}

static bool covers_folder(const struct pattern *pattern, const struct pattern_subject *subject)
{
	struct bytes path = pattern->container, text = subject->container;
	struct buffer whole = buffer_with_ceiling(1 << 16);
	buffer_append(&whole, text);
	if (subject->kind == PLACE_OBJECT) {
		buffer_append_byte(&whole, '/');
		buffer_append(&whole, subject->path);
	}
	buffer_append_byte(&whole, '/');
	struct buffer beginning = buffer_with_ceiling(1 << 16);
	buffer_append(&beginning, path);
	if (!bytes_end_with(path, BYTES_LITERAL("/")))
		buffer_append_byte(&beginning, '/');
	bool is_covered = pattern->is_literal ? bytes_start_with(buffer_bytes(&whole), buffer_bytes(&beginning))
	                                      : glob_match_beginning(buffer_bytes(&beginning), buffer_bytes(&whole), '/');
	buffer_free(&whole);
	buffer_free(&beginning);
	return is_covered;
}

bool pattern_covers(const struct pattern *pattern, const struct pattern_subject *subject, enum pattern_strictness strictness)
{
	if (pattern->provider != subject->provider)
		return false;
	if (pattern->provider == PROVIDER_FOLDER)
		return covers_folder(pattern, subject);
	bool is_exact = strictness == PATTERN_SAME_ENDPOINT;
	bool is_custom = pattern->account.len > 0;
	if (is_custom != subject->is_path_style || !covers_scheme(pattern, subject, strictness))
		return false;
	if (!covers_part(pattern, is_exact ? pattern->host : pattern->primary_host,
	                 is_exact ? subject->host : subject->primary_host, '.') ||
	    (is_custom && !covers_part(pattern, pattern->account, subject->account, '/')) ||
	    !covers_part(pattern, pattern->container, subject->container, '/'))
		return false;
	if (subject->kind == PLACE_CONTAINER)
		return strictness == PATTERN_SAME_ENDPOINT || pattern->prefix.len == 0;
	return covers_name(pattern, subject->path);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Folders are read here, containers by their provider's address.h; secrets are looked for before anything else. */
#include "scope/target.h"

#include "base/percent.h"
#include "base/text.h"
#include "scope/address.h"
#include "scope/url.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct parsing {
	bool may_be_gone;            /* a folder */
	struct bytes written, shown; /* shown: fit for an error */
	struct arena *arena;
	struct url url;
	struct failure *reterr;
	struct target target;
};

static enum status refuse(const struct parsing *parsing, enum status status, const char *why)
{
	char where[160];
	snprintf(where, sizeof where, "%.*s", (int)(parsing->shown.len < 150 ? parsing->shown.len : 150),
	         (const char *)parsing->shown.at);
	return fail(parsing->reterr, status, where, "%s", why);
}

static enum status refuse_usage(const struct parsing *parsing, const char *why)
{
	return refuse(parsing, STATUS_USAGE, why);
}

/* why, followed by how targets, or endpoints of one's own, are written. */
static enum status refuse_with_examples(const struct parsing *parsing, enum status status, const char *why, bool is_custom,
                                        const char *rest)
{
	struct buffer text = buffer_with_ceiling(1024);
	buffer_append_string(&text, why);
	address_append_examples(&text, is_custom);
	buffer_append_string(&text, rest);
	status = refuse(parsing, status, buffer_string(&text));
	buffer_free(&text);
	return status;
}

static enum status refuse_later_provider(const struct parsing *parsing)
{
	struct buffer why = buffer_with_ceiling(1024);
	buffer_append_string(&why, "recognised, but this version sweeps ");
	for (const struct address *const *address = address_registry; *address != NULL; address++)
		if ((*address)->read_target != NULL)
			buffer_append_format(&why, "%s ", (*address)->title);
	buffer_append_string(&why, "containers and folders only");
	enum status status = refuse(parsing, STATUS_UNSUPPORTED, buffer_string(&why));
	buffer_free(&why);
	return status;
}

static bool is_among(struct bytes name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (bytes_equal_nocase(name, bytes_of_string(*names)))
			return true;
	return false;
}

static bool is_proof(struct bytes encoded_name)
{
	static const char *const anybodys[] = {"signature", "access_token", NULL};
	struct buffer name = buffer_with_ceiling(64);
	percent_append_decoded(&name, bytes_slice(encoded_name, 0, 3 * 32));
	bool is_one = is_among(buffer_bytes(&name), anybodys);
	for (const struct address *const *address = address_registry; *address != NULL; address++)
		is_one |= is_among(buffer_bytes(&name), (*address)->proofs);
	buffer_free(&name);
	return is_one;
}

/* Every ?, # and & begins a parameter: whoever pasted it may have broken the URL. */
bool target_carries_signature(struct bytes url)
{
	size_t begin = 0, equals = 0;
	for (size_t i = 0; i < url.len; i++) {
		if (strchr("?#&;", url.at[i]) != NULL)
			begin = i + 1;
		else if (url.at[i] == '=' && equals <= begin && is_proof(bytes_slice(url, begin, i - begin)))
			return true;
		if (url.at[i] == '=')
			equals = i + 1;
	}
	return false;
}

static enum status copy_format(struct arena *arena, struct bytes *ret_bytes, struct buffer *text)
{
	enum status status = buffer_status(text);
	if (status == STATUS_OK) {
		*ret_bytes = arena_copy(arena, buffer_bytes(text));
		status = ret_bytes->at == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	buffer_free(text);
	return status;
}

/* ---- folders ---- */

static enum status name_folder(struct parsing *parsing, const char *real)
{
	struct target *target = &parsing->target;
	struct buffer url = buffer_with_ceiling(8 * PATH_MAX);
	buffer_append_string(&url, "file://");
	percent_append_encoded(&url, bytes_of_string(real), true);
	enum status status = copy_format(parsing->arena, &target->container.url, &url);
	target->container.provider = PROVIDER_FOLDER;
	target->container.name = arena_copy(parsing->arena, bytes_of_string(real));
	return status == STATUS_OK && target->container.name.at == NULL ? STATUS_NO_MEMORY : status;
}

/* By the folder that it lay in, if that is there. */
static enum status name_gone_folder(struct parsing *parsing, char *path)
{
	char name[PATH_MAX];
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	char *slash = strrchr(path, '/');
	const char *last = slash != NULL ? slash + 1 : path;
	bool is_odd = *last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
	const char *above = slash == NULL ? "." : slash == path ? "/" : path;
	if (slash != NULL)
		*slash = '\0';
	char *real = is_odd ? NULL : realpath(*above != '\0' ? above : "/", NULL);
	int size = real != NULL ? snprintf(name, sizeof name, "%s/%s", strcmp(real, "/") == 0 ? "" : real, last) : -1;
	free(real);
	if (size <= 0 || (size_t)size >= sizeof name)
		return refuse(parsing, STATUS_ABSENT, "no such folder");
	return name_folder(parsing, name);
}

static enum status parse_folder(struct parsing *parsing, struct bytes path)
{
	struct stat about;
	char *text = arena_copy_string(parsing->arena, path);
	if (text == NULL)
		return STATUS_NO_MEMORY;
	if (path.len == 0 || strlen(text) != path.len)
		return refuse_usage(parsing, "not a path");
	char *real = realpath(text, NULL);
	if (real == NULL && errno == ENOENT && parsing->may_be_gone)
		return name_gone_folder(parsing, text);
	if (real == NULL)
		return errno == EACCES ? refuse(parsing, STATUS_DENIED, "may not be looked at")
		                       : refuse_with_examples(parsing, STATUS_ABSENT, "no such folder, and not a target (as ",
		                                              false, " or file:///DIR)");
	bool is_folder = stat(real, &about) == 0 && S_ISDIR(about.st_mode);
	enum status status = is_folder ? name_folder(parsing, real)
	                               : refuse_usage(parsing, "not a folder; name the folder it lies in");
	free(real);
	return status;
}

static enum status parse_file_url(struct parsing *parsing, struct bytes rest)
{
	struct bytes path;
	if (bytes_start_with_nocase(rest, BYTES_LITERAL("localhost/")))
		rest = bytes_from(rest, 9);
	if (!bytes_start_with(rest, BYTES_LITERAL("/")))
		return refuse_usage(parsing, "write file:///DIR, with three slashes");
	if (percent_decode(rest, parsing->arena, &path) != STATUS_OK)
		return STATUS_NO_MEMORY;
	return parse_folder(parsing, path);
}

/* ---- all of them ---- */

static bool hides_signature(struct parsing *parsing)
{
	struct bytes plain;
	return percent_decode(parsing->written, parsing->arena, &plain) == STATUS_OK &&
	       bytes_find_byte(plain, '?') != BYTES_NOT_FOUND && target_carries_signature(plain);
}

static enum status refuse_scheme(const struct parsing *parsing)
{
	struct buffer why = buffer_with_ceiling(1024);
	buffer_append_string(&why, "not a kind of target: https, ");
	for (const struct address *const *address = address_registry; *address != NULL; address++)
		for (const char *const *scheme = (*address)->schemes; *scheme != NULL; scheme++)
			buffer_append_format(&why, "%s, ", *scheme);
	buffer_append_string(&why, "file, or a folder's path");
	enum status status = refuse_usage(parsing, buffer_string(&why));
	buffer_free(&why);
	return status;
}

static enum status read_address(struct parsing *parsing, const struct address *address)
{
	static const char *const web[] = {"https", "http", NULL};
	struct address_reading reading = {.url = &parsing->url, .arena = parsing->arena, .target = &parsing->target};
	if (address == NULL && is_among(parsing->url.scheme, web))
		return refuse_with_examples(parsing, STATUS_USAGE, "no provider's host; for an endpoint of one's own write ",
		                            true, "");
	if (address == NULL)
		return refuse_scheme(parsing);
	if (address->read_target == NULL)
		return refuse_later_provider(parsing);
	parsing->target.container.provider = address->provider;
	enum status status = address->read_target(&reading);
	return status == STATUS_USAGE ? refuse_usage(parsing, reading.why) : status;
}

static enum status parse_url(struct parsing *parsing)
{
	if (target_carries_signature(parsing->written) || hides_signature(parsing)) {
		parsing->shown = bytes_slice(parsing->shown, 0, bytes_find_byte(parsing->shown, '%'));
		return refuse_usage(parsing, "carries a signature, which is never used; leave away what follows the ?");
	}
	if (!url_split(parsing->written, URL_WRITTEN, &parsing->url))
		return refuse_usage(parsing, "not a URL with a host");
	if (parsing->url.has_user)
		return refuse_usage(parsing, "carries a user name or password");
	if (parsing->url.has_fragment)
		return refuse_usage(parsing, "a target has no fragment; write # within a name as %23");
	return read_address(parsing, address_of_url(&parsing->url));
}

/* What an error may show: no user and password, no query, no fragment. */
static struct bytes cut_secrets(struct bytes written)
{
	size_t colon = bytes_find(written, BYTES_LITERAL("://"));
	size_t at = bytes_find_byte(written, '@'), end = 0;
	if (colon != BYTES_NOT_FOUND && at != BYTES_NOT_FOUND)
		return bytes_slice(written, 0, colon);
	while (end < written.len && written.at[end] != '?' && written.at[end] != '#')
		end++;
	return bytes_slice(written, 0, end);
}

static enum status parse(struct bytes written, bool may_be_gone, struct arena *arena, struct target *ret_target,
                         struct failure *reterr)
{
	written = bytes_trim(written);
	if (written.len == 0 || written.len > URL_LENGTH_MAX)
		return fail(reterr, STATUS_USAGE, "target", written.len == 0 ? "an empty one" : "too long to be one");
	struct parsing parsing = {
		.written = written, .shown = cut_secrets(written), .may_be_gone = may_be_gone, .arena = arena, .reterr = reterr};
	parsing.target.written = arena_copy(arena, written);
	if (parsing.target.written.at == NULL)
		return STATUS_NO_MEMORY;
	enum status status;
	if (bytes_start_with_nocase(written, BYTES_LITERAL("file://")))
		status = parse_file_url(&parsing, bytes_from(written, 7));
	else if (bytes_find(written, BYTES_LITERAL("://")) != BYTES_NOT_FOUND)
		status = parse_url(&parsing);
	else
		status = parse_folder(&parsing, written);
	if (status == STATUS_OK)
		*ret_target = parsing.target;
	return status;
}

enum status target_parse(struct bytes written, struct arena *arena, struct target *ret_target, struct failure *reterr)
{
	return parse(written, false, arena, ret_target, reterr);
}

enum status target_parse_gone(struct bytes written, struct arena *arena, struct target *ret_target, struct failure *reterr)
{
	return parse(written, true, arena, ret_target, reterr);
}

/* What a path would be taken for otherwise, or could not be copied from a screen. */
static bool is_plain_path(struct bytes path)
{
	if (!text_is_valid(path) || bytes_trim(path).len != path.len || bytes_find(path, BYTES_LITERAL("://")) != BYTES_NOT_FOUND)
		return false;
	for (size_t i = 0; i < path.len; i++)
		if (path.at[i] < ' ' || path.at[i] == 0x7f)
			return false;
	return true;
}

void target_append_container(const struct container *container, struct buffer *into)
{
	if (container->provider == PROVIDER_FOLDER) {
		buffer_append(into, is_plain_path(container->name) ? container->name : container->url);
		return;
	}
	for (const struct address *const *address = address_registry; *address != NULL; address++)
		if ((*address)->provider == container->provider && (*address)->append_target != NULL) {
			(*address)->append_target(container, into);
			return;
		}
	buffer_append(into, container->url);
}

void target_append(const struct target *target, struct buffer *into)
{
	target_append_container(&target->container, into);
	if (target->prefix.len > 0) {
		buffer_append_byte(into, '/');
		percent_append_encoded(into, target->prefix, true);
	}
}

enum status target_url(const struct target *target, struct arena *arena, struct bytes *ret_url)
{
	struct buffer url = buffer_with_ceiling(4 * URL_LENGTH_MAX);
	buffer_append(&url, target->container.url);
	if (target->prefix.len > 0) {
		buffer_append_byte(&url, '/');
		percent_append_encoded(&url, target->prefix, true);
	}
	return copy_format(arena, ret_url, &url);
}

bool target_needs_authority(const struct target *target)
{
	return target->container.provider != PROVIDER_FOLDER && !target->is_loopback;
}

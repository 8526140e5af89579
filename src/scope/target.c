/* SPDX-License-Identifier: Apache-2.0 */
/* Written forms, one function each; a table says which scheme is read by which. */
#include "scope/target.h"

#include "base/percent.h"
#include "scope/endpoint.h"
#include "scope/url.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PREFIX_MAX = 4096 };

struct parsing {
	struct bytes written, shown;   /* shown: fit for an error */
	struct arena *arena;
	struct url url;
	struct failure *reterr;
	struct target target;
};

static enum status parse_web(struct parsing *parsing);
static enum status parse_az(struct parsing *parsing);
static enum status parse_custom(struct parsing *parsing);
static enum status refuse_later_provider(struct parsing *parsing);

static const struct {
	const char *scheme;
	enum status (*parse)(struct parsing *parsing);
} forms[] = {
	{"https", parse_web}, {"http", parse_web}, {"az", parse_az}, {"az+http", parse_custom},
	{"az+https", parse_custom}, {"s3", refuse_later_provider}, {"s3+http", refuse_later_provider},
	{"s3+https", refuse_later_provider}, {"gs", refuse_later_provider}, {"gs+http", refuse_later_provider},
	{"gs+https", refuse_later_provider},
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

static enum status refuse_later_provider(struct parsing *parsing)
{
	return refuse(parsing, STATUS_UNSUPPORTED,
	              "recognised, but this version sweeps Azure containers and folders only");
}

static bool is_proof(struct bytes encoded_name)
{
	static const char *const proofs[] = {
		"sig", "signature", "x-amz-signature", "x-amz-credential", "x-amz-security-token", "x-goog-signature",
		"x-goog-credential", "awsaccesskeyid", "googleaccessid", "ossaccesskeyid", "access_token",
	};
	struct buffer name = buffer_with_ceiling(64);
	percent_append_decoded(&name, bytes_slice(encoded_name, 0, 3 * 32));
	bool is_one = false;
	for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++)
		is_one |= bytes_equal_nocase(buffer_bytes(&name), bytes_of_string(proofs[i]));
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

bool target_is_container_name(struct bytes name)
{
	static const char *const special[] = {"$root", "$web", "$logs", "$blobchangefeed"};
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (bytes_equal_string(name, special[i]))
			return true;
	if (name.len < 3 || name.len > 63)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.at[i];
		bool is_hyphen = c == '-' && i > 0 && i + 1 < name.len && name.at[i - 1] != '-';
		if (!is_hyphen && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

/* ---- the path: [ACCOUNT/]CONTAINER[/PREFIX] ---- */

/* Takes one decoded segment off the path. */
static enum status take_segment(struct parsing *parsing, struct bytes *path, struct bytes *ret_segment)
{
	if (bytes_start_with(*path, BYTES_LITERAL("/")))
		*path = bytes_from(*path, 1);
	size_t slash = bytes_find_byte(*path, '/');
	struct bytes encoded = bytes_slice(*path, 0, slash);
	*path = bytes_from(*path, encoded.len);
	return percent_decode(encoded, parsing->arena, ret_segment);
}

/* A listing's URL as a browser shows it may be pasted: its prefix counts, the rest says nothing new. */
static enum status read_query(struct parsing *parsing)
{
	static const char *const known[] = {"restype", "comp", "delimiter", "maxresults", "include", "timeout"};
	struct bytes query = parsing->url.query, name, value;
	while (percent_next_parameter(&query, &name, &value)) {
		bool is_known = name.len == 0;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			is_known |= bytes_equal_nocase(name, bytes_of_string(known[i]));
		if (bytes_equal_nocase(name, BYTES_LITERAL("prefix")) && parsing->target.prefix.len == 0) {
			if (percent_decode(value, parsing->arena, &parsing->target.prefix) != STATUS_OK)
				return STATUS_NO_MEMORY;
		} else if (!is_known) {
			return refuse_usage(parsing, "a target has no query; write ? within a name as %3F");
		}
	}
	return STATUS_OK;
}

static enum status read_container(struct parsing *parsing, struct bytes path)
{
	struct target *target = &parsing->target;
	enum status status = take_segment(parsing, &path, &target->container.name);
	if (status != STATUS_OK)
		return status;
	if (target->container.name.len == 0)
		return refuse_usage(parsing, "names an account but no container");
	if (!target_is_container_name(target->container.name))
		return refuse_usage(parsing, "no container has such a name (3 to 63 of a-z, 0-9 and single hyphens, or $root, "
		                             "$web, $logs)");
	if (percent_decode(bytes_from(path, 1), parsing->arena, &target->prefix) != STATUS_OK)
		return STATUS_NO_MEMORY;
	status = read_query(parsing);
	if (status != STATUS_OK)
		return status;
	if (target->prefix.len > PREFIX_MAX || bytes_find_byte(target->prefix, '\0') != BYTES_NOT_FOUND)
		return refuse_usage(parsing, "no object's name begins like that");
	return STATUS_OK;
}

/* ---- accounts and endpoints ---- */

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

static void append(struct buffer *into, struct bytes a, struct bytes b)
{
	buffer_append(into, a);
	buffer_append(into, b);
}

/* One of Azure's own hosts: https always, the account in the host. */
static enum status use_azure_host(struct parsing *parsing, const struct endpoint *endpoint)
{
	struct target *target = &parsing->target;
	if (!endpoint_is_account_label(endpoint->label, false))
		return refuse_usage(parsing, "no account has such a name (3 to 24 of a-z and 0-9)");
	if (parsing->url.port != 0 && parsing->url.port != url_default_port(parsing->url.scheme))
		return refuse_usage(parsing, "Azure answers at its usual port only; leave it out");
	struct bytes tail = endpoint->kind == ENDPOINT_AZURE_DFS ? BYTES_LITERAL(ENDPOINT_AZURE_SUFFIX) : endpoint->tail;
	struct buffer host = buffer_with_ceiling(URL_HOST_MAX), account = buffer_with_ceiling(URL_HOST_MAX);
	struct buffer url = buffer_with_ceiling(URL_LENGTH_MAX);
	append(&host, endpoint->label, endpoint->is_secondary ? BYTES_LITERAL("-secondary") : BYTES_NONE);
	buffer_append(&host, tail);
	append(&account, endpoint->label, endpoint->is_public ? BYTES_NONE : tail);
	append(&url, BYTES_LITERAL("https://"), endpoint->label);
	append(&url, tail, BYTES_LITERAL("/"));
	buffer_append(&url, target->container.name);
	enum status host_status = copy_format(parsing->arena, &target->host, &host);
	enum status account_status = copy_format(parsing->arena, &target->container.account, &account);
	enum status url_status = copy_format(parsing->arena, &target->container.url, &url);
	target->account_name = arena_copy(parsing->arena, endpoint->label);
	target->scheme = BYTES_LITERAL("https");
	target->port = 443;
	if (host_status != STATUS_OK || account_status != STATUS_OK || url_status != STATUS_OK ||
	    target->account_name.at == NULL)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static enum status parse_azure_host(struct parsing *parsing, struct endpoint endpoint)
{
	enum status status = read_container(parsing, parsing->url.path);
	return status == STATUS_OK ? use_azure_host(parsing, &endpoint) : status;
}

static enum status parse_web(struct parsing *parsing)
{
	struct endpoint endpoint = endpoint_of_host(parsing->url.host);
	switch (endpoint.kind) {
	case ENDPOINT_AZURE_BLOB:
	case ENDPOINT_AZURE_DFS:
		return parse_azure_host(parsing, endpoint);
	case ENDPOINT_AZURE_WEB:
		return refuse_usage(parsing, "a static site; name its container: https://ACCOUNT.blob.core.windows.net/$web");
	case ENDPOINT_AZURE_OTHER:
		return refuse_usage(parsing, "not a blob endpoint; write https://ACCOUNT.blob.core.windows.net/CONTAINER");
	case ENDPOINT_S3:
	case ENDPOINT_GCS:
		return refuse_later_provider(parsing);
	default:
		return refuse_usage(parsing, "no provider's host; for an endpoint of one's own write "
		                             "az+http://HOST:PORT/ACCOUNT/CONTAINER (or az+https)");
	}
}

static enum status parse_az(struct parsing *parsing)
{
	struct endpoint endpoint = endpoint_of_host(parsing->url.host);
	if (endpoint.kind == ENDPOINT_AZURE_BLOB || endpoint.kind == ENDPOINT_AZURE_DFS)
		return parse_azure_host(parsing, endpoint);
	char host[URL_HOST_MAX];
	if (parsing->url.port != 0 || strlen(parsing->url.host) > 64)
		return refuse_usage(parsing, "write az://ACCOUNT/CONTAINER; for an endpoint of one's own "
		                             "az+http://HOST:PORT/ACCOUNT/CONTAINER");
	snprintf(host, sizeof host, "%.64s%s", parsing->url.host, ENDPOINT_AZURE_SUFFIX);
	endpoint = endpoint_of_host(host);
	if (endpoint.kind != ENDPOINT_AZURE_BLOB)
		return refuse_usage(parsing, "no account has such a name (3 to 24 of a-z and 0-9)");
	return parse_azure_host(parsing, endpoint);
}

static bool is_custom_account(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum(name.at[i]) && name.at[i] != '-' && name.at[i] != '_')
			return false;
	return name.len > 0 && name.len <= 64;
}

/* HOST:PORT/ACCOUNT names the account; the URL leaves a default port out. */
static enum status use_custom_host(struct parsing *parsing, const char *scheme)
{
	struct target *target = &parsing->target;
	const struct url *url = &parsing->url;
	uint16_t default_port = url_default_port(bytes_of_string(scheme));
	target->scheme = bytes_of_string(scheme);
	target->port = url->port != 0 ? url->port : default_port;
	target->host = arena_copy(parsing->arena, bytes_of_string(url->host));
	target->is_path_style = target->is_custom = true;
	target->is_loopback = url_host_is_loopback(url->host);
	struct buffer account = buffer_with_ceiling(512), whole = buffer_with_ceiling(URL_LENGTH_MAX);
	buffer_append_format(&account, "%s:%u/", url->host, target->port);
	buffer_append(&account, target->account_name);
	buffer_append_format(&whole, "%s://%s", scheme, url->host);
	if (target->port != default_port)
		buffer_append_format(&whole, ":%u", target->port);
	append(&whole, BYTES_LITERAL("/"), target->account_name);
	append(&whole, BYTES_LITERAL("/"), target->container.name);
	enum status account_status = copy_format(parsing->arena, &target->container.account, &account);
	enum status url_status = copy_format(parsing->arena, &target->container.url, &whole);
	if (target->host.at == NULL || account_status != STATUS_OK || url_status != STATUS_OK)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static enum status parse_custom(struct parsing *parsing)
{
	struct endpoint endpoint = endpoint_of_host(parsing->url.host);
	if (endpoint.kind == ENDPOINT_AZURE_BLOB || endpoint.kind == ENDPOINT_AZURE_DFS)
		return parse_azure_host(parsing, endpoint);
	if (endpoint.kind != ENDPOINT_UNKNOWN)
		return refuse_usage(parsing, "a provider's host that is no blob endpoint");
	struct bytes path = parsing->url.path;
	enum status status = take_segment(parsing, &path, &parsing->target.account_name);
	if (status != STATUS_OK)
		return status;
	if (!is_custom_account(parsing->target.account_name))
		return refuse_usage(parsing, "write az+http://HOST:PORT/ACCOUNT/CONTAINER");
	status = read_container(parsing, path);
	if (status != STATUS_OK)
		return status;
	return use_custom_host(parsing, bytes_end_with(parsing->url.scheme, BYTES_LITERAL("s")) ? "https" : "http");
}

/* ---- folders ---- */

static enum status parse_folder(struct parsing *parsing, struct bytes path)
{
	struct target *target = &parsing->target;
	struct stat about;
	char *text = arena_copy_string(parsing->arena, path);
	if (text == NULL)
		return STATUS_NO_MEMORY;
	if (path.len == 0 || strlen(text) != path.len)
		return refuse_usage(parsing, "not a path");
	char *real = realpath(text, NULL);
	if (real == NULL)
		return refuse(parsing, errno == EACCES ? STATUS_DENIED : STATUS_ABSENT,
		              errno == EACCES ? "may not be looked at"
		                              : "no such folder, and not a target (as az://ACCOUNT/CONTAINER or file:///DIR)");
	enum status status = stat(real, &about) == 0 && S_ISDIR(about.st_mode) ? STATUS_OK : STATUS_USAGE;
	if (status == STATUS_OK) {
		struct buffer url = buffer_with_ceiling(8 * PATH_MAX);
		buffer_append_string(&url, "file://");
		percent_append_encoded(&url, bytes_of_string(real), true);
		status = copy_format(parsing->arena, &target->container.url, &url);
		target->container.provider = PROVIDER_FOLDER;
		target->container.name = arena_copy(parsing->arena, bytes_of_string(real));
		if (target->container.name.at == NULL)
			status = STATUS_NO_MEMORY;
	} else {
		status = refuse_usage(parsing, "not a folder; name the folder it lies in");
	}
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
	parsing->target.container.provider = PROVIDER_AZURE;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (bytes_equal_nocase(parsing->url.scheme, bytes_of_string(forms[i].scheme)))
			return forms[i].parse(parsing);
	return refuse_usage(parsing, "not a kind of target: https, az, az+http, az+https, s3, gs, file, or a folder's path");
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

enum status target_parse(struct bytes written, struct arena *arena, struct target *ret_target, struct failure *reterr)
{
	written = bytes_trim(written);
	if (written.len == 0 || written.len > URL_LENGTH_MAX)
		return fail(reterr, STATUS_USAGE, "target", written.len == 0 ? "an empty one" : "too long to be one");
	struct parsing parsing = {.written = written, .shown = cut_secrets(written), .arena = arena, .reterr = reterr};
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

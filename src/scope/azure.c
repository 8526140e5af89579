/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Azure Blob Storage:
 *   https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX]  and -secondary
 *   az://ACCOUNT/CONTAINER[/PREFIX]
 *   https://ACCOUNT.zNN.blob.storage.azure.net/..., https://ACCOUNT.blob.core.usgovcloudapi.net/... (accounts of
 *     their own: container.account is their host)
 *   az+http://HOST[:PORT]/ACCOUNT/CONTAINER[/PREFIX], az+https (container.account is HOST:PORT/ACCOUNT)
 * A dfs host keeps the same containers as the blob host beside it, and is asked for there.
 */
#include "scope/address.h"

#include "base/percent.h"
#include "model/cloud-host.h"
#include "scope/target.h"

#include <ctype.h>
#include <stdio.h>

static enum status read_target(struct address_reading *reading);
static void append_target(const struct container *container, struct buffer *into);
static enum status read_pattern(const struct url *url, bool is_any_port, struct arena *arena, struct pattern *pattern);
static bool locate(const struct url *url, struct bytes path, struct place *place);

static const char *const schemes[] = {"az", "az+http", "az+https", NULL};
static const char *const proofs[] = {"sig", NULL};

extern const struct address address_azure;
const struct address address_azure = {
	.provider = PROVIDER_AZURE,
	.title = "Azure",
	.schemes = schemes,
	.proofs = proofs,
	.example = "az://ACCOUNT/CONTAINER",
	.custom_example = "az+http://HOST:PORT/ACCOUNT/CONTAINER",
	.read_target = read_target,
	.append_target = append_target,
	.read_pattern = read_pattern,
	.locate = locate,
};

#define PUBLIC_CLOUD "core.windows.net" /* a label alone names an account of it */

enum { PREFIX_MAX = 4096, LABEL_MAX = 64 };

/* ---- hosts ---- */

enum service {
	NOBODYS, /* some host: path style, if anything */
	BLOB,
	DFS,
	WEB,   /* a static site */
	OTHER, /* queues, tables, files; no account's; another provider's */
};

struct endpoint {
	enum service service;
	struct bytes label; /* the account's, -secondary cut */
	bool is_secondary;
	struct bytes zone; /* ".z12", or empty */
	const char *cloud;
};

/* 3..24 of a-z and 0-9; with wild also *, and then of any length. */
static bool is_account_label(struct bytes label, bool wild)
{
	bool has_star = false;
	for (size_t i = 0; i < label.len; i++) {
		unsigned char c = label.at[i];
		has_star |= wild && c == '*';
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(wild && c == '*'))
			return false;
	}
	return has_star || (label.len >= 3 && label.len <= 24);
}

static bool is_zone(struct bytes label)
{
	if (label.len < 2 || label.len > 3 || label.at[0] != 'z')
		return false;
	for (size_t i = 1; i < label.len; i++)
		if (label.at[i] < '0' || label.at[i] > '9')
			return false;
	return true;
}

/* Takes the last label off what stands before a host's end. */
static struct bytes take_label(struct bytes *front)
{
	size_t dot = bytes_find_last_byte(*front, '.');
	struct bytes label = bytes_from(*front, dot == BYTES_NOT_FOUND ? 0 : dot + 1);
	*front = bytes_slice(*front, 0, dot == BYTES_NOT_FOUND ? 0 : dot);
	return label;
}

static enum service service_of(struct bytes label)
{
	if (bytes_equal_string(label, "blob"))
		return BLOB;
	if (bytes_equal_string(label, "dfs"))
		return DFS;
	return bytes_equal_string(label, "web") ? WEB : OTHER;
}

/* host in lower case, and as long-lived as what comes of it. In patterns the label may hold *. */
static struct endpoint endpoint_of(struct bytes host)
{
	const struct bytes secondary = BYTES_LITERAL("-secondary");
	const struct cloud_host *row = cloud_host_find(host);
	if (row == NULL || row->provider == 0)
		return (struct endpoint){.service = NOBODYS};
	if (row->provider != PROVIDER_AZURE)
		return (struct endpoint){.service = OTHER};
	struct bytes front = cloud_host_front(host, row);
	struct endpoint endpoint = {.service = service_of(take_label(&front)), .cloud = row->suffix};
	struct bytes account = front, zone = take_label(&account);
	if (is_zone(zone)) {
		endpoint.zone = bytes_from(front, account.len);
		front = account;
	}
	endpoint.is_secondary = bytes_end_with(front, secondary);
	endpoint.label = bytes_slice(front, 0, front.len - (endpoint.is_secondary ? secondary.len : 0));
	bool has_place = (endpoint.zone.len > 0) == (row->form == CLOUD_ZONE);
	if (endpoint.service <= DFS && !(has_place && is_account_label(endpoint.label, true)))
		endpoint.service = OTHER;
	return endpoint;
}

static bool has_containers(const struct endpoint *endpoint)
{
	return endpoint->service == BLOB || endpoint->service == DFS;
}

static bool is_public(const struct endpoint *endpoint)
{
	return endpoint->zone.len == 0 && strcmp(endpoint->cloud, PUBLIC_CLOUD) == 0;
}

/* The blob host of the account, or its secondary's. */
static void append_host(struct buffer *into, const struct endpoint *endpoint, bool is_secondary)
{
	buffer_append(into, endpoint->label);
	buffer_append_string(into, is_secondary ? "-secondary" : "");
	buffer_append(into, endpoint->zone);
	buffer_append_format(into, ".blob.%s", endpoint->cloud);
}

static enum status keep(struct buffer *text, struct arena *arena, struct bytes *ret_kept)
{
	*ret_kept = buffer_status(text) == STATUS_OK ? arena_copy(arena, buffer_bytes(text)) : BYTES_NONE;
	buffer_free(text);
	return ret_kept->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status keep_host(const struct endpoint *endpoint, bool is_secondary, struct arena *arena, struct bytes *ret_host)
{
	struct buffer host = buffer_with_ceiling(URL_HOST_MAX);
	append_host(&host, endpoint, is_secondary);
	return keep(&host, arena, ret_host);
}

/* ---- targets: [ACCOUNT/]CONTAINER[/PREFIX] ---- */

/* 3..63 of a-z, 0-9 and single hyphens inside, or $root, $web, $logs and their kind. */
static bool is_container_name(struct bytes name)
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

/* A listing's URL as a browser shows it may be pasted: its prefix counts, the rest says nothing new. */
static enum status read_query(struct address_reading *reading)
{
	static const char *const known[] = {"restype", "comp", "delimiter", "maxresults", "include", "timeout"};
	struct bytes query = reading->url->query, name, value;
	while (percent_next_parameter(&query, &name, &value)) {
		bool is_known = name.len == 0;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			is_known |= bytes_equal_nocase(name, bytes_of_string(known[i]));
		if (bytes_equal_nocase(name, BYTES_LITERAL("prefix")) && reading->target->prefix.len == 0) {
			if (percent_decode(value, reading->arena, &reading->target->prefix) != STATUS_OK)
				return STATUS_NO_MEMORY;
		} else if (!is_known) {
			return address_refuse(reading, "a target has no query; write ? within a name as %3F");
		}
	}
	return STATUS_OK;
}

static enum status read_container(struct address_reading *reading, struct bytes path)
{
	struct target *target = reading->target;
	if (percent_decode(address_take_segment(&path), reading->arena, &target->container.name) != STATUS_OK)
		return STATUS_NO_MEMORY;
	if (target->container.name.len == 0)
		return address_refuse(reading, "names an account but no container");
	if (!is_container_name(target->container.name))
		return address_refuse(reading, "no container has such a name (3 to 63 of a-z, 0-9 and single hyphens, or $root, "
		                               "$web, $logs)");
	if (percent_decode(bytes_from(path, 1), reading->arena, &target->prefix) != STATUS_OK)
		return STATUS_NO_MEMORY;
	enum status status = read_query(reading);
	if (status != STATUS_OK)
		return status;
	if (target->prefix.len > PREFIX_MAX || bytes_find_byte(target->prefix, '\0') != BYTES_NOT_FOUND)
		return address_refuse(reading, "no object's name begins like that");
	return STATUS_OK;
}

/* https always, the account in the host. */
static enum status use_own_host(struct address_reading *reading, const struct endpoint *endpoint)
{
	struct target *target = reading->target;
	struct arena *arena = reading->arena;
	if (!is_account_label(endpoint->label, false))
		return address_refuse(reading, "no account has such a name (3 to 24 of a-z and 0-9)");
	if (reading->url->port != 0 && reading->url->port != url_default_port(reading->url->scheme))
		return address_refuse(reading, "Azure answers at its usual port only; leave it out");
	struct bytes primary;
	target->scheme = BYTES_LITERAL("https");
	target->port = 443;
	target->account_name = arena_copy(arena, endpoint->label);
	if (target->account_name.at == NULL || keep_host(endpoint, endpoint->is_secondary, arena, &target->host) != STATUS_OK ||
	    keep_host(endpoint, false, arena, &primary) != STATUS_OK)
		return STATUS_NO_MEMORY;
	target->container.account = is_public(endpoint) ? target->account_name : primary;
	struct buffer url = buffer_with_ceiling(URL_LENGTH_MAX);
	buffer_append_string(&url, "https://");
	buffer_append(&url, primary);
	buffer_append_byte(&url, '/');
	buffer_append(&url, target->container.name);
	return keep(&url, arena, &target->container.url);
}

static enum status read_own_host(struct address_reading *reading, const struct endpoint *endpoint)
{
	enum status status = read_container(reading, reading->url->path);
	return status == STATUS_OK ? use_own_host(reading, endpoint) : status;
}

static enum status read_web(struct address_reading *reading)
{
	struct endpoint endpoint = endpoint_of(bytes_of_string(reading->url->host));
	if (has_containers(&endpoint))
		return read_own_host(reading, &endpoint);
	if (endpoint.service == WEB)
		return address_refuse(reading, "a static site; name its container: https://ACCOUNT.blob.core.windows.net/$web");
	return address_refuse(reading, "not a blob endpoint; write https://ACCOUNT.blob.core.windows.net/CONTAINER");
}

static enum status read_short(struct address_reading *reading)
{
	const struct url *url = reading->url;
	struct endpoint endpoint = endpoint_of(bytes_of_string(url->host));
	if (has_containers(&endpoint))
		return read_own_host(reading, &endpoint);
	if (url->port != 0 || strlen(url->host) > LABEL_MAX)
		return address_refuse(reading, "write az://ACCOUNT/CONTAINER; for an endpoint of one's own "
		                               "az+http://HOST:PORT/ACCOUNT/CONTAINER");
	char host[LABEL_MAX + sizeof ".blob." PUBLIC_CLOUD];
	snprintf(host, sizeof host, "%.*s.blob.%s", LABEL_MAX, url->host, PUBLIC_CLOUD);
	endpoint = endpoint_of(bytes_of_string(host));
	if (endpoint.service != BLOB)
		return address_refuse(reading, "no account has such a name (3 to 24 of a-z and 0-9)");
	return read_own_host(reading, &endpoint);
}

static bool is_custom_account(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum(name.at[i]) && name.at[i] != '-' && name.at[i] != '_')
			return false;
	return name.len > 0 && name.len <= LABEL_MAX;
}

/* HOST:PORT/ACCOUNT names the account; the URL leaves a default port out. */
static enum status use_custom_host(struct address_reading *reading, const char *scheme)
{
	struct target *target = reading->target;
	const struct url *url = reading->url;
	uint16_t default_port = url_default_port(bytes_of_string(scheme));
	target->scheme = bytes_of_string(scheme);
	target->port = url->port != 0 ? url->port : default_port;
	target->host = arena_copy(reading->arena, bytes_of_string(url->host));
	target->is_path_style = target->is_custom = true;
	target->is_loopback = url_host_is_loopback(url->host);
	struct buffer account = buffer_with_ceiling(512), whole = buffer_with_ceiling(URL_LENGTH_MAX);
	buffer_append_format(&account, "%s:%u/", url->host, target->port);
	buffer_append(&account, target->account_name);
	buffer_append_format(&whole, "%s://%s", scheme, url->host);
	if (target->port != default_port)
		buffer_append_format(&whole, ":%u", target->port);
	buffer_append_byte(&whole, '/');
	buffer_append(&whole, target->account_name);
	buffer_append_byte(&whole, '/');
	buffer_append(&whole, target->container.name);
	enum status account_status = keep(&account, reading->arena, &target->container.account);
	enum status url_status = keep(&whole, reading->arena, &target->container.url);
	bool is_whole = target->host.at != NULL && account_status == STATUS_OK && url_status == STATUS_OK;
	return is_whole ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status read_custom(struct address_reading *reading)
{
	struct endpoint endpoint = endpoint_of(bytes_of_string(reading->url->host));
	if (has_containers(&endpoint))
		return read_own_host(reading, &endpoint);
	if (endpoint.service != NOBODYS)
		return address_refuse(reading, "a provider's host that is no blob endpoint");
	struct bytes path = reading->url->path;
	if (percent_decode(address_take_segment(&path), reading->arena, &reading->target->account_name) != STATUS_OK)
		return STATUS_NO_MEMORY;
	if (!is_custom_account(reading->target->account_name))
		return address_refuse(reading, "write az+http://HOST:PORT/ACCOUNT/CONTAINER");
	enum status status = read_container(reading, path);
	if (status != STATUS_OK)
		return status;
	return use_custom_host(reading, bytes_end_with(reading->url->scheme, BYTES_LITERAL("s")) ? "https" : "http");
}

static bool is_short(struct bytes scheme)
{
	return bytes_equal_nocase(scheme, BYTES_LITERAL("az"));
}

static bool is_custom(struct bytes scheme)
{
	return bytes_start_with_nocase(scheme, BYTES_LITERAL("az+"));
}

static enum status read_target(struct address_reading *reading)
{
	if (is_short(reading->url->scheme))
		return read_short(reading);
	return is_custom(reading->url->scheme) ? read_custom(reading) : read_web(reading);
}

/* Accounts of the public cloud have their short form; those of endpoints of one's own are told by their slash. */
static void append_target(const struct container *container, struct buffer *into)
{
	if (is_account_label(container->account, false)) {
		buffer_append_string(into, "az://");
		buffer_append(into, container->account);
		buffer_append_byte(into, '/');
		buffer_append(into, container->name);
		return;
	}
	buffer_append_string(into, bytes_find_byte(container->account, '/') != BYTES_NOT_FOUND ? "az+" : "");
	buffer_append(into, container->url);
}

/* ---- patterns ---- */

/* az://ACCOUNT, https://ACCOUNT.blob.core.windows.net and their kind. */
static enum status read_own_pattern(const struct url *url, const struct endpoint *endpoint, struct arena *arena,
                                    struct pattern *pattern)
{
	pattern->is_https = true;
	pattern->port = 443;
	enum status status = keep_host(endpoint, endpoint->is_secondary, arena, &pattern->host);
	if (status == STATUS_OK)
		status = keep_host(endpoint, false, arena, &pattern->primary_host);
	return status == STATUS_OK ? address_read_pattern_path(url->path, arena, pattern) : status;
}

static enum status read_custom_pattern(const struct url *url, bool is_any_port, struct arena *arena, struct pattern *pattern)
{
	struct bytes path = url->path;
	pattern->is_https = bytes_end_with(url->scheme, BYTES_LITERAL("s"));
	pattern->port = url->port != 0 || is_any_port ? url->port : url_default_port(url->scheme);
	pattern->host = pattern->primary_host = arena_copy(arena, bytes_of_string(url->host));
	if (pattern->host.at == NULL)
		return STATUS_NO_MEMORY;
	enum status status = percent_decode(address_take_segment(&path), arena, &pattern->account);
	pattern->account = address_or_any(pattern->account);
	return status == STATUS_OK ? address_read_pattern_path(path, arena, pattern) : status;
}

static enum status read_pattern(const struct url *url, bool is_any_port, struct arena *arena, struct pattern *pattern)
{
	struct bytes host = bytes_of_string(url->host);
	struct endpoint endpoint = endpoint_of(host), label = {.service = BLOB, .label = host, .cloud = PUBLIC_CLOUD};
	if (has_containers(&endpoint))
		return read_own_pattern(url, &endpoint, arena, pattern);
	if (is_short(url->scheme) && is_account_label(host, true))
		return read_own_pattern(url, &label, arena, pattern);
	return is_custom(url->scheme) ? read_custom_pattern(url, is_any_port, arena, pattern) : STATUS_USAGE;
}

/* ---- URLs ---- */

struct url_query {
	struct bytes restype, comp, prefix; /* still encoded; empty: absent */
};

/* False if a parameter that matters comes twice: servers differ in which one counts. */
static bool split_query(struct bytes query, struct url_query *ret_query)
{
	*ret_query = (struct url_query){0};
	const struct {
		struct bytes name;
		struct bytes *value;
	} known[] = {{BYTES_LITERAL("restype"), &ret_query->restype},
	             {BYTES_LITERAL("comp"), &ret_query->comp},
	             {BYTES_LITERAL("prefix"), &ret_query->prefix}};
	struct bytes name, value;
	while (percent_next_parameter(&query, &name, &value)) {
		struct buffer plain = buffer_with_ceiling(64);
		percent_append_decoded(&plain, bytes_slice(name, 0, 60));
		bool is_twice = false;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
			if (!bytes_equal_nocase(buffer_bytes(&plain), known[i].name))
				continue;
			is_twice = known[i].value->at != NULL;
			*known[i].value = value.at != NULL ? value : BYTES_LITERAL("");
		}
		buffer_free(&plain);
		if (is_twice)
			return false;
	}
	return true;
}

/* Reads names or contents no more than it says: comp absent, or one that tells of properties. */
static bool is_plain_comp(struct bytes comp)
{
	return comp.at == NULL || bytes_equal_string(comp, "metadata");
}

static bool read_object(struct place *place, const struct url_query *query)
{
	place->kind = PLACE_OBJECT;
	if (place->path.len == 0) { /* /NAME is an object of $root */
		place->path = place->container;
		place->container = BYTES_LITERAL("$root");
	}
	return place->path.len > 0 && is_plain_comp(query->comp);
}

static bool read_kind(struct place *place, struct bytes query_text)
{
	struct url_query query;
	if (!split_query(query_text, &query))
		return false;
	if (query.restype.at == NULL)
		return read_object(place, &query);
	if (!bytes_equal_string(query.restype, "container") || place->container.len == 0 || place->path.len > 0)
		return false;
	place->kind = bytes_equal_string(query.comp, "list") ? PLACE_LIST : PLACE_CONTAINER;
	if (place->kind == PLACE_CONTAINER && !is_plain_comp(query.comp) && !bytes_equal_string(query.comp, "acl"))
		return false;
	return place_decode(query.prefix, place->prefix, &place->path);
}

static bool read_host(struct place *place)
{
	struct endpoint endpoint = endpoint_of(bytes_of_string(place->host));
	struct buffer primary = buffer_with_ceiling(URL_HOST_MAX - 1);
	if (endpoint.service != BLOB && endpoint.service != NOBODYS)
		return false;
	place->is_path_style = endpoint.service == NOBODYS;
	if (place->is_path_style)
		buffer_append_string(&primary, place->host);
	else
		append_host(&primary, &endpoint, false);
	bool is_fit = buffer_status(&primary) == STATUS_OK;
	if (is_fit)
		snprintf(place->primary_host, sizeof place->primary_host, "%s", buffer_string(&primary));
	buffer_free(&primary);
	return is_fit;
}

/* [/ACCOUNT]/CONTAINER[/OBJECT] */
static bool locate(const struct url *url, struct bytes path, struct place *place)
{
	if (!read_host(place))
		return false;
	place->account = place->is_path_style ? address_take_segment(&path) : BYTES_NONE;
	place->container = address_take_segment(&path);
	place->path = bytes_from(path, 1);
	return read_kind(place, url->query);
}

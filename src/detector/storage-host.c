/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of hosts, one function each; model/cloud-hosts.txt says whose host has which. */
#include "detector/storage-host.h"

#include "detector/character.h"
#include "detector/redact.h"
#include "model/cloud-host.h"

#define AZURE_PUBLIC "core.windows.net"

static bool is_name(struct bytes name)
{
	if (name.len < 3 || name.len > 222)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!character_is_alphanumeric(name.at[i]) && name.at[i] != '-' && name.at[i] != '.' && name.at[i] != '_')
			return false;
	return character_is_alphanumeric(name.at[0]) && character_is_alphanumeric(name.at[name.len - 1]);
}

static void append_url(struct buffer *into, struct bytes host, struct bytes path)
{
	buffer_append_string(into, "https://");
	buffer_append(into, host);
	if (path.len == 0)
		buffer_append_string(into, "/");
	buffer_append(into, path);
}

/* /BUCKET/KEY into both; the key keeps its slash. */
static bool split_path(struct bytes path, struct bytes *ret_bucket, struct bytes *ret_key)
{
	struct bytes rest = bytes_from(path, 1);
	size_t slash = bytes_find_byte(rest, '/');
	*ret_bucket = bytes_slice(rest, 0, slash);
	*ret_key = slash == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, slash);
	return is_name(*ret_bucket);
}

/* ---- Azure ---- */

static const char *append_azure(struct buffer *into, struct bytes account, struct bytes service, const char *suffix,
                                struct bytes container, struct bytes path)
{
	if (bytes_end_with(account, BYTES_LITERAL("-secondary")))
		account.len -= sizeof "-secondary" - 1;
	if (bytes_equal_string(service, "dfs"))
		service = BYTES_LITERAL("blob");
	buffer_append_string(into, "https://");
	buffer_append(into, account);
	buffer_append_byte(into, '.');
	buffer_append(into, service);
	buffer_append_format(into, ".%s", suffix);
	buffer_append_string(into, container.len > 0 || path.len == 0 ? "/" : "");
	buffer_append(into, container);
	if (container.len == 0 || path.len > 1)
		buffer_append(into, path);
	return "azure";
}

static bool is_azure_account(struct bytes name)
{
	if (name.len < 3 || name.len > 24)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!character_is_lower(name.at[i]) && !character_is_digit(name.at[i]))
			return false;
	return true;
}

static bool keeps_objects(struct bytes service)
{
	static const char *const services[] = {"blob", "dfs", "web", "file"};
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (bytes_equal_string(service, services[i]))
			return true;
	return false;
}

/* abfss://CONTAINER@HOST/KEY, and plain web addresses. */
static const char *append_account(struct buffer *into, const struct storage_url *url, const struct cloud_host *row)
{
	struct bytes front = cloud_host_front(url->host, row), container = BYTES_NONE;
	size_t dot = bytes_find_last_byte(front, '.');
	if (dot == BYTES_NOT_FOUND || dot == 0 || !keeps_objects(bytes_from(front, dot + 1)))
		return NULL;
	bool has_containers = bytes_start_with(url->scheme, BYTES_LITERAL("abfs")) ||
	                      bytes_start_with(url->scheme, BYTES_LITERAL("wasb"));
	if (has_containers && is_name(bytes_from(url->userinfo, character_at(url->userinfo, 0) == '$')))
		container = url->userinfo;
	return append_azure(into, bytes_slice(front, 0, dot), bytes_from(front, dot + 1), row->suffix, container, url->path);
}

/* ---- Google ---- */

static const char *append_google(struct buffer *into, struct bytes bucket, struct bytes key)
{
	if (!is_name(bucket))
		return NULL;
	buffer_append_string(into, "https://storage.googleapis.com/");
	buffer_append(into, bucket);
	buffer_append(into, key);
	return "gcs";
}

/* /b/BUCKET/o/KEY of the JSON interface, behind a prefix. */
static const char *append_google_api(struct buffer *into, struct bytes path, const char *prefix)
{
	struct bytes bucket, key;
	if (!bytes_start_with(path, bytes_of_string(prefix)))
		return NULL;
	if (!split_path(bytes_from(path, strlen(prefix) - 1), &bucket, &key))
		return NULL;
	if (!bytes_start_with(key, BYTES_LITERAL("/o/")))
		return append_google(into, bucket, BYTES_NONE);
	size_t next = bytes_find_byte(bytes_from(key, 3), '/'); /* a key's own slashes are encoded here */
	return append_google(into, bucket, bytes_slice(key, 2, next == BYTES_NOT_FOUND ? key.len : next + 1));
}

static const char *append_api(struct buffer *into, const struct storage_url *url, const struct cloud_host *row)
{
	return bytes_equal_string(url->host, row->suffix) ? append_google_api(into, url->path, row->path) : NULL;
}

static const char *append_path(struct buffer *into, const struct storage_url *url, const struct cloud_host *row)
{
	struct bytes bucket, key;
	if (!bytes_equal_string(url->host, row->suffix) || !split_path(url->path, &bucket, &key))
		return NULL;
	return append_google(into, bucket, key);
}

/* ---- buckets in hosts ---- */

static bool is_marked(struct bytes label, const char *marker)
{
	size_t length = strlen(marker);
	return bytes_start_with(label, bytes_of_string(marker)) && (label.len == length || label.at[length] == '-');
}

/* Where the endpoint begins in a host: behind the bucket's dot, or at 0. False if it is no endpoint of that row. */
static bool find_endpoint(struct bytes host, const struct cloud_host *row, size_t *ret_at)
{
	size_t at = host.len - strlen(row->suffix);
	unsigned labels = 0;
	while (at > 0 && (row->word != NULL || labels < row->labels)) {
		size_t dot = bytes_find_last_byte(bytes_slice(host, 0, at - 1), '.');
		size_t label = dot == BYTES_NOT_FOUND ? 0 : dot + 1;
		struct bytes name = bytes_slice(host, label, at - 1 - label);
		at = label;
		labels++;
		if (row->word != NULL && is_marked(name, row->word)) {
			*ret_at = at;
			return true;
		}
	}
	*ret_at = at;
	return row->word == NULL && labels == row->labels;
}

/* The name of S3's XML, which looks like a bucket called doc. */
static bool is_namespace(const struct storage_url *url)
{
	return bytes_start_with(url->path, BYTES_LITERAL("/doc/2006-03-01")) ||
	       (bytes_start_with(url->host, BYTES_LITERAL("doc.")) && bytes_start_with(url->path, BYTES_LITERAL("/2006-03-01")));
}

static const char *append_bucket_host(struct buffer *into, struct bytes bucket, struct bytes endpoint, struct bytes key)
{
	buffer_append_string(into, "https://");
	buffer_append(into, bucket);
	buffer_append_byte(into, '.');
	buffer_append(into, endpoint);
	buffer_append(into, key.len > 0 ? key : BYTES_LITERAL("/"));
	return "s3";
}

static const char *append_bucket(struct buffer *into, const struct storage_url *url, const struct cloud_host *row)
{
	struct bytes bucket, key = url->path;
	size_t at;
	if (!find_endpoint(url->host, row, &at) || is_namespace(url))
		return NULL;
	if (at == 0) {
		if (!split_path(url->path, &bucket, &key))
			return NULL;
	} else {
		bucket = bytes_slice(url->host, 0, at - 1);
		if (!is_name(bucket))
			return NULL;
	}
	if (row->provider == PROVIDER_GCS)
		return append_google(into, bucket, key);
	append_bucket_host(into, bucket, row->endpoint ? bytes_of_string(row->endpoint) : bytes_from(url->host, at), key);
	return row->provider == PROVIDER_S3 ? "s3" : "other";
}

/* ---- all of them ---- */

/* A native interface of its own shape. */
static const char *append_below(struct buffer *into, const struct storage_url *url, const struct cloud_host *row)
{
	struct bytes front = cloud_host_front(url->host, row);
	struct bytes label = bytes_slice(front, 0, bytes_find_byte(front, '.'));
	if (front.len == 0 || !bytes_start_with(url->path, bytes_of_string(row->path)) ||
	    (row->word != NULL && !bytes_equal_string(label, row->word)))
		return NULL;
	append_url(into, url->host, url->path);
	return "other";
}

static const char *append_by_form(struct buffer *into, const struct storage_url *url, const struct cloud_host *row)
{
	switch (row->form) {
	case CLOUD_ACCOUNT:
	case CLOUD_ZONE: return append_account(into, url, row);
	case CLOUD_LABELS:
	case CLOUD_MARKER: return append_bucket(into, url, row);
	case CLOUD_PATH: return append_path(into, url, row);
	case CLOUD_API: return append_api(into, url, row);
	case CLOUD_BELOW: return append_below(into, url, row);
	case CLOUD_NONE: return NULL;
	}
	return NULL;
}

static const char *append_known(struct buffer *into, const struct storage_url *url)
{
	const char *kind = NULL;
	if (bytes_equal_string(url->scheme, "az") && is_azure_account(url->host))
		return append_azure(into, url->host, BYTES_LITERAL("blob"), AZURE_PUBLIC, BYTES_NONE, url->path);
	if (bytes_equal_string(url->scheme, "gs"))
		return append_google(into, url->host, url->path);
	if (bytes_start_with(url->scheme, BYTES_LITERAL("s3")))
		return is_name(url->host) ? append_bucket_host(into, url->host, BYTES_LITERAL("s3.amazonaws.com"), url->path)
		                          : NULL;
	for (const struct cloud_host *row = cloud_host_find(url->host); kind == NULL && row != NULL; row = cloud_host_next(row))
		kind = append_by_form(into, url, row);
	return kind;
}

/* Secrets may stand in the path, too: /KEY;sig=... */
const char *storage_host_append(struct buffer *into, const struct storage_url *url)
{
	struct storage_url shown = *url;
	struct buffer path = buffer_with_ceiling(SIZE_MAX / 2);
	if (bytes_find_byte(url->path, ';') != BYTES_NOT_FOUND) {
		redact_append(&path, url->path, REDACT_DROP);
		shown.path = buffer_bytes(&path);
	}
	const char *kind = buffer_status(&path) == STATUS_OK ? append_known(into, &shown) : NULL;
	buffer_free(&path);
	return kind;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Host forms of object storage as tables of suffixes. */
#include "detector/storage-host.h"

#include "detector/character.h"

/* A service speaking S3, or much like it. A host is BUCKET.ENDPOINT, or ENDPOINT with the bucket in the path. The
 * endpoint begins at the label that is marker or starts with marker and a hyphen, or it has so many labels before the
 * suffix. */
struct kin {
	const char *suffix;
	const char *marker;
	unsigned labels;
	const char *canonical;   /* endpoint that stands for all regions, or NULL */
	const char *subkind;
};

static const struct kin kin[] = {
	{"amazonaws.com", "s3", 0, "s3.amazonaws.com", "s3"},
	{"amazonaws.com.cn", "s3", 0, "s3.amazonaws.com.cn", "s3"},
	{"cdn.digitaloceanspaces.com", NULL, 1, NULL, "s3"},
	{"digitaloceanspaces.com", NULL, 1, NULL, "s3"},
	{"wasabisys.com", "s3", 0, NULL, "s3"},
	{"linodeobjects.com", NULL, 1, NULL, "s3"},
	{"vultrobjects.com", NULL, 1, NULL, "s3"},
	{"scw.cloud", "s3", 0, NULL, "s3"},
	{"backblazeb2.com", "s3", 0, NULL, "s3"},
	{"r2.cloudflarestorage.com", NULL, 1, NULL, "s3"},
	{"io.cloud.ovh.net", "s3", 0, NULL, "s3"},
	{"your-objectstorage.com", NULL, 1, NULL, "s3"},
	{"cloud-object-storage.appdomain.cloud", "s3", 0, NULL, "s3"},
	{"storage.yandexcloud.net", NULL, 0, NULL, "s3"},
	{"idrivee2.com", "s3", 0, NULL, "s3"},
	{"aliyuncs.com", "oss", 0, NULL, "s3"},
	{"myqcloud.com", "cos", 0, NULL, "s3"},
	{"myhuaweicloud.com", "obs", 0, NULL, "s3"},
	{"r2.dev", NULL, 0, NULL, "other"},
};

static const char *const azure_services[] = {"blob", "dfs", "web", "file"};
static const char *const azure_suffixes[] = {
	".core.windows.net", ".core.usgovcloudapi.net", ".core.chinacloudapi.cn", ".core.cloudapi.de",
	".storage.azure.net",
};

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

/* What stands before .SERVICE.SUFFIX, with the suffix from its dot on and the service; false for other hosts. */
static bool split_azure(struct bytes host, struct bytes *ret_account, const char **ret_service,
                        struct bytes *ret_suffix)
{
	for (size_t i = 0; i < sizeof azure_suffixes / sizeof azure_suffixes[0]; i++) {
		struct bytes suffix = bytes_of_string(azure_suffixes[i]);
		if (!bytes_end_with(host, suffix))
			continue;
		struct bytes before = bytes_slice(host, 0, host.len - suffix.len);
		size_t dot = bytes_find_last_byte(before, '.');
		if (dot == BYTES_NOT_FOUND || dot == 0)
			return false;
		for (size_t k = 0; k < sizeof azure_services / sizeof azure_services[0]; k++)
			if (bytes_equal_string(bytes_from(before, dot + 1), azure_services[k])) {
				*ret_account = bytes_slice(before, 0, dot);
				*ret_service = azure_services[k];
				*ret_suffix = bytes_from(host, before.len);
				return true;
			}
	}
	return false;
}

static const char *append_azure(struct buffer *into, struct bytes account, const char *service, struct bytes suffix,
                                struct bytes container, struct bytes path)
{
	if (bytes_end_with(account, BYTES_LITERAL("-secondary")))
		account.len -= sizeof "-secondary" - 1;
	if (strcmp(service, "dfs") == 0)
		service = "blob";
	buffer_append_string(into, "https://");
	buffer_append(into, account);
	buffer_append_format(into, ".%s", service);
	buffer_append(into, suffix);
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

/* az://ACCOUNT/CONTAINER/KEY, abfss://CONTAINER@HOST/KEY, and plain web addresses. */
static const char *append_if_azure(struct buffer *into, const struct storage_url *url)
{
	struct bytes account, suffix, container = BYTES_NONE;
	const char *service;
	if (bytes_equal_string(url->scheme, "az")) {
		if (!is_azure_account(url->host))
			return NULL;
		return append_azure(into, url->host, "blob", bytes_of_string(azure_suffixes[0]), BYTES_NONE, url->path);
	}
	if (!split_azure(url->host, &account, &service, &suffix))
		return NULL;
	bool has_containers = bytes_start_with(url->scheme, BYTES_LITERAL("abfs")) ||
	                      bytes_start_with(url->scheme, BYTES_LITERAL("wasb"));
	if (has_containers && is_name(bytes_from(url->userinfo, character_at(url->userinfo, 0) == '$')))
		container = url->userinfo;
	return append_azure(into, account, service, suffix, container, url->path);
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

static const char *append_if_google(struct buffer *into, const struct storage_url *url)
{
	static const char *const path_hosts[] = {
		"storage.googleapis.com", "storage.cloud.google.com", "commondatastorage.googleapis.com",
	};
	const struct bytes virtual = BYTES_LITERAL(".storage.googleapis.com");
	struct bytes bucket, key;
	if (bytes_equal_string(url->scheme, "gs"))
		return append_google(into, url->host, url->path);
	if (bytes_equal_string(url->host, "firebasestorage.googleapis.com"))
		return append_google_api(into, url->path, "/v0/b/");
	if (bytes_equal_string(url->host, "storage.googleapis.com") ||
	    bytes_equal_string(url->host, "www.googleapis.com")) {
		const char *subkind = append_google_api(into, url->path, "/storage/v1/b/");
		if (subkind != NULL)
			return subkind;
	}
	for (size_t i = 0; i < sizeof path_hosts / sizeof path_hosts[0]; i++)
		if (bytes_equal_string(url->host, path_hosts[i]))
			return split_path(url->path, &bucket, &key) ? append_google(into, bucket, key) : NULL;
	if (bytes_end_with(url->host, virtual) && url->host.len > virtual.len)
		return append_google(into, bytes_slice(url->host, 0, url->host.len - virtual.len), url->path);
	return NULL;
}

/* ---- S3 and its kin ---- */

static bool is_marked(struct bytes label, const char *marker)
{
	size_t length = strlen(marker);
	return bytes_start_with(label, bytes_of_string(marker)) && (label.len == length || label.at[length] == '-');
}

/* Where the endpoint begins in a host: behind the bucket's dot, or at 0. False if it is no endpoint of that row. */
static bool find_endpoint(struct bytes host, const struct kin *row, size_t *ret_at)
{
	size_t at = host.len - strlen(row->suffix);
	unsigned labels = 0;
	while (at > 0 && (row->marker != NULL || labels < row->labels)) {
		size_t dot = bytes_find_last_byte(bytes_slice(host, 0, at - 1), '.');
		size_t label = dot == BYTES_NOT_FOUND ? 0 : dot + 1;
		struct bytes name = bytes_slice(host, label, at - 1 - label);
		at = label;
		labels++;
		if (row->marker != NULL && is_marked(name, row->marker)) {
			*ret_at = at;
			return true;
		}
	}
	*ret_at = at;
	return row->marker == NULL && labels == row->labels;
}

/* The name of S3's XML, which looks like a bucket called doc. */
static bool is_namespace(const struct storage_url *url)
{
	return bytes_start_with(url->path, BYTES_LITERAL("/doc/2006-03-01")) ||
	       (bytes_start_with(url->host, BYTES_LITERAL("doc.")) &&
	        bytes_start_with(url->path, BYTES_LITERAL("/2006-03-01")));
}

static const char *append_kin(struct buffer *into, const struct storage_url *url, const struct kin *row)
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
	struct bytes endpoint = row->canonical ? bytes_of_string(row->canonical) : bytes_from(url->host, at);
	buffer_append_string(into, "https://");
	buffer_append(into, bucket);
	buffer_append_string(into, ".");
	buffer_append(into, endpoint);
	buffer_append(into, key.len > 0 ? key : BYTES_LITERAL("/"));
	return row->subkind;
}

static bool is_below(struct bytes host, const char *suffix)
{
	size_t length = strlen(suffix);
	return bytes_end_with(host, bytes_of_string(suffix)) &&
	       (host.len == length || host.at[host.len - length - 1] == '.');
}

static const char *append_if_kin(struct buffer *into, const struct storage_url *url)
{
	if (bytes_start_with(url->scheme, BYTES_LITERAL("s3"))) {
		if (!is_name(url->host))
			return NULL;
		buffer_append_string(into, "https://");
		buffer_append(into, url->host);
		buffer_append_string(into, ".s3.amazonaws.com");
		buffer_append(into, url->path.len > 0 ? url->path : BYTES_LITERAL("/"));
		return "s3";
	}
	for (size_t i = 0; i < sizeof kin / sizeof kin[0]; i++)
		if (is_below(url->host, kin[i].suffix))
			return append_kin(into, url, &kin[i]);
	return NULL;
}

/* Native interfaces of their own shape. */
static const char *append_if_other(struct buffer *into, const struct storage_url *url)
{
	bool is_backblaze = bytes_end_with(url->host, BYTES_LITERAL(".backblazeb2.com")) &&
	                    bytes_start_with(url->path, BYTES_LITERAL("/file/"));
	bool is_oracle = bytes_start_with(url->host, BYTES_LITERAL("objectstorage.")) &&
	                 bytes_end_with(url->host, BYTES_LITERAL(".oraclecloud.com")) &&
	                 bytes_start_with(url->path, BYTES_LITERAL("/n/"));
	if (!is_backblaze && !is_oracle)
		return NULL;
	append_url(into, url->host, url->path);
	return "other";
}

const char *storage_host_append(struct buffer *into, const struct storage_url *url)
{
	const char *subkind = append_if_azure(into, url);
	if (subkind == NULL)
		subkind = append_if_google(into, url);
	if (subkind == NULL)
		subkind = append_if_kin(into, url);
	return subkind ? subkind : append_if_other(into, url);
}

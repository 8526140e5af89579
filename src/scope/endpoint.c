/* SPDX-License-Identifier: Apache-2.0 */
/* The table of host names; facts of 2026, from the providers' documentation. */
#include "scope/endpoint.h"

static const struct {
	const char *suffix;
	enum endpoint_kind kind;
	bool is_public;
} suffixes[] = {
	{".blob.core.windows.net", ENDPOINT_AZURE_BLOB, true},
	{".blob.core.usgovcloudapi.net", ENDPOINT_AZURE_BLOB, false},
	{".blob.core.chinacloudapi.cn", ENDPOINT_AZURE_BLOB, false},
	{".blob.core.cloudapi.de", ENDPOINT_AZURE_BLOB, false},
	{".blob.storage.azure.net", ENDPOINT_AZURE_BLOB, false},
	{".dfs.core.windows.net", ENDPOINT_AZURE_DFS, true},
	{".web.core.windows.net", ENDPOINT_AZURE_WEB, true},
	{".web.storage.azure.net", ENDPOINT_AZURE_WEB, false},
	{".core.windows.net", ENDPOINT_AZURE_OTHER, false},
	{".storage.azure.net", ENDPOINT_AZURE_OTHER, false},
	{".amazonaws.com", ENDPOINT_S3, false},
	{".amazonaws.com.cn", ENDPOINT_S3, false},
	{".digitaloceanspaces.com", ENDPOINT_S3, false},
	{".wasabisys.com", ENDPOINT_S3, false},
	{".linodeobjects.com", ENDPOINT_S3, false},
	{".scw.cloud", ENDPOINT_S3, false},
	{".dream.io", ENDPOINT_S3, false},
	{".vultrobjects.com", ENDPOINT_S3, false},
	{".aliyuncs.com", ENDPOINT_S3, false},
	{".myhuaweicloud.com", ENDPOINT_S3, false},
	{".myqcloud.com", ENDPOINT_S3, false},
	{".r2.cloudflarestorage.com", ENDPOINT_S3, false},
	{".backblazeb2.com", ENDPOINT_S3, false},
	{".googleapis.com", ENDPOINT_GCS, false},
	{".storage.cloud.google.com", ENDPOINT_GCS, false},
};

/* The label's zone, if the host is of the DNS-zone kind: LABEL.zNN.blob.storage.azure.net. */
static bool cut_zone(struct bytes *front)
{
	size_t dot = bytes_find_last_byte(*front, '.');
	struct bytes zone = dot == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*front, dot + 1);
	if (zone.len < 2 || zone.len > 3 || zone.at[0] != 'z')
		return false;
	for (size_t i = 1; i < zone.len; i++)
		if (zone.at[i] < '0' || zone.at[i] > '9')
			return false;
	*front = bytes_slice(*front, 0, dot);
	return true;
}

static void read_label(struct endpoint *endpoint, struct bytes host, size_t suffix_len)
{
	struct bytes front = bytes_slice(host, 0, host.len - suffix_len);
	bool is_zone = cut_zone(&front);
	endpoint->tail = bytes_from(host, front.len);
	endpoint->is_public = endpoint->is_public && !is_zone;
	endpoint->is_secondary = bytes_end_with(front, BYTES_LITERAL("-secondary"));
	endpoint->label = bytes_slice(front, 0, front.len - (endpoint->is_secondary ? 10 : 0));
	bool wants_zone = endpoint->kind == ENDPOINT_AZURE_BLOB &&
	                  bytes_end_with(host, BYTES_LITERAL(".blob.storage.azure.net"));
	bool is_account = is_zone == wants_zone && endpoint_is_account_label(endpoint->label, true);
	if (endpoint->kind <= ENDPOINT_AZURE_DFS && !is_account)
		endpoint->kind = ENDPOINT_AZURE_OTHER;
}

struct endpoint endpoint_of_host(const char *host)
{
	struct bytes whole = bytes_of_string(host);
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		struct bytes suffix = bytes_of_string(suffixes[i].suffix);
		if (!bytes_end_with(whole, suffix) && !bytes_equal(whole, bytes_from(suffix, 1)))
			continue;
		struct endpoint endpoint = {.kind = suffixes[i].kind, .is_public = suffixes[i].is_public};
		if (endpoint.kind <= ENDPOINT_AZURE_OTHER) {
			if (whole.len < suffix.len)
				endpoint.kind = ENDPOINT_AZURE_OTHER;
			else
				read_label(&endpoint, whole, suffix.len);
		}
		return endpoint;
	}
	return (struct endpoint){.kind = ENDPOINT_UNKNOWN};
}

bool endpoint_is_account_label(struct bytes label, bool wild)
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

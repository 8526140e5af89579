/* SPDX-License-Identifier: Apache-2.0 */
/* A few dozen rows, looked through each time. */
#include "model/cloud-host.h"

static bool is_below(struct bytes host, struct bytes suffix)
{
	return bytes_end_with(host, suffix) && (host.len == suffix.len || host.at[host.len - suffix.len - 1] == '.');
}

const struct cloud_host *cloud_host_find(struct bytes host)
{
	const struct cloud_host *found = NULL;
	size_t longest = 0;
	for (const struct cloud_host *row = cloud_hosts; row->suffix != NULL; row++) {
		struct bytes suffix = bytes_of_string(row->suffix);
		if (suffix.len > longest && is_below(host, suffix)) {
			found = row;
			longest = suffix.len;
		}
	}
	return found;
}

const struct cloud_host *cloud_host_next(const struct cloud_host *row)
{
	const struct cloud_host *next = row + 1;
	return next->suffix != NULL && strcmp(next->suffix, row->suffix) == 0 ? next : NULL;
}

struct bytes cloud_host_front(struct bytes host, const struct cloud_host *row)
{
	size_t len = strlen(row->suffix);
	return bytes_slice(host, 0, host.len > len ? host.len - len - 1 : 0);
}

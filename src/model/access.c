/* SPDX-License-Identifier: Apache-2.0 */
#include "model/access.h"

static const char *const kind_names[LOG_KIND_COUNT] = {[LOG_AZURE] = "azure_logs",
                                                       [LOG_BLOB_JSON] = "storage_blob_logs",
                                                       [LOG_S3] = "s3_server_access",
                                                       [LOG_CDX] = "cdx",
                                                       [LOG_INDEX_CSV] = "csv"};

enum provider_kind log_provider(enum log_kind kind)
{
	return kind == LOG_S3 ? PROVIDER_S3 : PROVIDER_AZURE;
}

const char *log_kind_name(enum log_kind kind)
{
	return (unsigned)kind < LOG_KIND_COUNT ? kind_names[kind] : NULL;
}

enum log_kind log_kind_from_name(struct bytes name)
{
	for (int kind = 1; kind < LOG_KIND_COUNT; kind++)
		if (bytes_equal_string(name, kind_names[kind]))
			return (enum log_kind)kind;
	return LOG_KIND_COUNT;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which URLs are object storage, and the one way of writing each container:
 *   azure  https://ACCOUNT.blob.core.windows.net/CONTAINER/KEY (also az:, abfs:, wasb:, dfs and -secondary hosts)
 *   s3     https://BUCKET.s3.amazonaws.com/KEY, whatever the region and form; kin: https://BUCKET.ENDPOINT/KEY
 *   gcs    https://storage.googleapis.com/BUCKET/KEY
 *   other  https://HOST/PATH
 * Keys stay as written. Host forms as the providers document them, 2026-11.
 */
#ifndef TIDEMARK_DETECTOR_STORAGE_HOST_H
#define TIDEMARK_DETECTOR_STORAGE_HOST_H

#include "base/buffer.h"

struct storage_url {
	struct bytes scheme;   /* lower case */
	struct bytes userinfo; /* as written */
	struct bytes host;     /* normalised */
	struct bytes path;     /* as written, from its slash, without query and fragment */
};

/** Appends the container's URL and key; returns azure, s3, gcs or other, or NULL with nothing appended. */
const char *storage_host_append(struct buffer *into, const struct storage_url *url);

#endif

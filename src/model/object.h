/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An object as a listing told of it, and where it lives. All bytes are
 * borrowed from whoever made the struct (a page's arena, a wire message).
 */
#ifndef TIDEMARK_MODEL_OBJECT_H
#define TIDEMARK_MODEL_OBJECT_H

#include "base/bytes.h"
#include "base/clock.h"
#include "model/id.h"
#include "model/outcome.h"

/* Stored in catalogs by number: append only. */
enum provider_kind { PROVIDER_AZURE = 1, PROVIDER_S3, PROVIDER_GCS, PROVIDER_FOLDER, PROVIDER_KIND_COUNT };

const char *provider_name(enum provider_kind kind);
/** PROVIDER_KIND_COUNT if there is none of that name. */
enum provider_kind provider_from_name(struct bytes name);

/** One container, however it was written. */
struct container {
	enum provider_kind provider;
	struct bytes account; /* Azure: account, or host:port/account; folder: empty */
	struct bytes name;    /* folder: its real path */
	struct bytes url;     /* canonical, without query or signature; file:///... for a folder */
};

#define OBJECT_SIZE_UNKNOWN UINT64_MAX
#define OBJECT_SIZE_MAX (UINT64_C(1) << 44) /* no provider stores larger ones; who says so is not believed, so sums hold */

struct object {
	struct bytes name;       /* raw bytes as the provider names it, decoded */
	struct bytes version;    /* version id or snapshot; empty for the current object */
	bool is_snapshot;        /* version holds a snapshot's time, not a version id */
	bool is_special;         /* folder: a link, pipe, device or socket */
	bool is_archived;        /* an archive tier: not readable now */
	bool is_deleted;         /* soft-deleted: listed, not readable */
	uint64_t size;           /* bytes, or OBJECT_SIZE_UNKNOWN */
	int64_t modified;        /* or CLOCK_UNKNOWN */
	int64_t created;         /* or CLOCK_UNKNOWN */
	struct bytes etag;       /* without quotes; changes when the contents do */
	struct bytes md5;        /* 16 bytes, or empty */
	struct bytes media_type; /* as the provider says it: evidence only */
	struct bytes tier;
	/* Of a listing alone, and kept nowhere: */
	struct bytes current_version; /* the id that the current object has as a version, where they are kept; else empty */
	uint32_t kept_days;           /* soft-deleted: days until the provider destroys it; 0: fewer, or not told */
};

struct id object_id(const struct container *container, const struct object *object);

#endif

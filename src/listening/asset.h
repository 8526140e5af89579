/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that are part of the program, made by the build from web/ and schema/
 * (tools/embed-assets). One whose name holds its digest never changes, and is kept
 * by browsers for as long as they like.
 */
#ifndef TIDEMARK_LISTENING_ASSET_H
#define TIDEMARK_LISTENING_ASSET_H

#include "base/bytes.h"

struct portal_asset {
	const char *path; /* "/assets/portal.4f1c2a9b.js" */
	const char *type; /* "text/javascript; charset=utf-8" */
	const unsigned char *at;
	size_t len;
	const char *etag; /* with its quotes */
	bool is_hashed;   /* its name holds its digest */
};

extern const struct portal_asset portal_assets[];
extern const size_t portal_asset_count;

/** NULL if there is none of that path. */
const struct portal_asset *asset_find(struct bytes path);
/** Whether an If-None-Match names it. */
bool asset_matches(const struct portal_asset *asset, struct bytes if_none_match);

#endif

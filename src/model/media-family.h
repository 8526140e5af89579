/* SPDX-License-Identifier: Apache-2.0 */
/* What people call kinds of files, in media types: a sheet is any of six. */
#ifndef TIDEMARK_MODEL_MEDIA_FAMILY_H
#define TIDEMARK_MODEL_MEDIA_FAMILY_H

#include "base/bytes.h"

struct media_family {
	const char *name;
	const char *const *types; /* up to a NULL; "image/" means every type that begins so */
};

/** All, up to one without a name. */
extern const struct media_family media_families[];
/** NULL if there is none of that name. */
const struct media_family *media_family_find(struct bytes name);

#endif

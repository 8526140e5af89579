/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of one id. */
#ifndef TIDEMARK_CATALOG_SQLITE_REVISION_H
#define TIDEMARK_CATALOG_SQLITE_REVISION_H

#include "catalog/inside.h"

/** What an id had before this revision is superseded, with all its parts. */
enum status revision_supersede(struct incident *incident, const struct id *id, int64_t revision) MUST_CHECK;

/** Adds a path to the index of names. */
enum status revision_add_name(struct incident *incident, int64_t document, struct bytes path) MUST_CHECK;

#endif

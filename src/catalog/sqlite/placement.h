/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a document is by its place, where its content names nobody as party. */
#ifndef TIDEMARK_CATALOG_SQLITE_PLACEMENT_H
#define TIDEMARK_CATALOG_SQLITE_PLACEMENT_H

#include "catalog/sqlite/store.h"

/** Of a document that was read and is about to be live. */
enum status placement_put(struct store *store, int64_t document, struct bytes path, int64_t content) MUST_CHECK;

/** Another reading took a content's place: it may name a party where the one before named none, or none any more. */
enum status placement_renew(struct store *store, int64_t content) MUST_CHECK;

#endif

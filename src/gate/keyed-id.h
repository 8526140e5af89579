/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document's id as one subject sees it: HMAC-SHA-256 of subject and id under a
 * key of the catalog's, its first 128 bits. The same at every asking; another for
 * every subject, so that two of them cannot compare; and no path can be tried
 * against it, as it could against the catalog's own id.
 */
#ifndef TIDEMARK_GATE_KEYED_ID_H
#define TIDEMARK_GATE_KEYED_ID_H

#include "answer/subject.h"
#include "catalog/catalog.h"
#include "model/id.h"

struct id keyed_id_of(const unsigned char key[CATALOG_GATE_KEY_SIZE], const struct subject *subject, struct id id);

#endif

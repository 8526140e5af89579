/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of objects. */
#ifndef TIDEMARK_CATALOG_SQLITE_PART_H
#define TIDEMARK_CATALOG_SQLITE_PART_H

#include "catalog/inside.h"
#include "model/outcome.h"

struct open_object;

/* As its row has it. */
struct part {
	struct bytes inner_path, note, sha256;
	uint32_t ordinal, parent;
	enum outcome outcome;
	uint64_t unseen_bytes, size;
	int64_t modified, content;   /* content 0: none */
};
/** Puts a part's row, ARRIVING; the same part again replaces it. */
enum status part_put(struct incident *incident, struct open_object *object, const struct part *part) MUST_CHECK;

#endif

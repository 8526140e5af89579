/* SPDX-License-Identifier: Apache-2.0 */
/* One page of a list that goes on: how many rows it may hold, and the cursor behind its last one. */
#ifndef TIDEMARK_ANSWER_PAGING_H
#define TIDEMARK_ANSWER_PAGING_H

#include "base/json.h"

struct paging {
	uint64_t limit, shown;
	struct buffer cursor; /* behind the row at hand: the catalog writes it */
	struct buffer next;   /* behind the last one shown: where another page begins */
	bool has_more;
};

struct paging paging_with_limit(uint64_t limit);
void paging_free(struct paging *paging);

/** False when the page is full; then what was offered begins the next one. */
bool paging_takes_another(struct paging *paging);

/** The member "next": a cursor, or null at the end. */
void paging_write_next(const struct paging *paging, struct json_writer *json);

#endif

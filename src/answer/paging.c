/* SPDX-License-Identifier: Apache-2.0 */
/* Counting rows of a page. */
#include "answer/paging.h"

enum { CURSOR_BYTES = 1 << 16 };

struct paging paging_with_limit(uint64_t limit)
{
	return (struct paging){
		.limit = limit,
		.cursor = buffer_with_ceiling(CURSOR_BYTES),
		.next = buffer_with_ceiling(CURSOR_BYTES),
	};
}

void paging_free(struct paging *paging)
{
	buffer_free(&paging->cursor);
	buffer_free(&paging->next);
}

bool paging_takes_another(struct paging *paging)
{
	if (paging->shown == paging->limit) {
		paging->has_more = true;
		return false;
	}
	if (++paging->shown == paging->limit)
		buffer_append(&paging->next, buffer_bytes(&paging->cursor));
	return true;
}

void paging_write_next(const struct paging *paging, struct json_writer *json)
{
	json_key(json, "next");
	paging->has_more ? json_bytes(json, buffer_bytes(&paging->next)) : json_null(json);
}

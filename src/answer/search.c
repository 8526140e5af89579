/* SPDX-License-Identifier: Apache-2.0 */
/* What a search says of a document beyond what every answer does, and what it says of itself. */
#include "answer/search.h"

enum status search_write_hit(struct incident *incident, const struct document_view *view, struct bytes snippet,
                             struct json_writer *json, struct failure *reterr)
{
	enum status status = hit_write(incident, view, json, reterr);
	json_member_text(json, "note", view->note);
	json_member_text(json, "snippet", snippet);
	json_key(json, "score");
	json_real(json, view->score);
	return status;
}

void search_write_totals(const struct search_totals *totals, const struct paging *paging, struct json_writer *json)
{
	json_member_unsigned(json, "total", totals->total);
	json_key(json, "total_is");
	json_string(json, totals->is_exact ? "exact" : "at_least");
	paging_write_next(paging, json);
	json_member_unsigned(json, "unsearchable", totals->unsearchable);
}

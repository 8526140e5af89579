/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each notice; telling is done from the command line, by a plan. */
#include "catalog/notices.h"
#include "portal/operator-words.h"
#include "portal/operator.h"

#include <stdio.h>

enum { NOTICES_A_PAGE = 100 };

struct notice_page {
	struct operator_call *visit;
	uint64_t skip, passed, shown;
	bool has_more;
};

static void put_foreign(struct operator_call *visit, enum word head, struct bytes foreign)
{
	operator_cell(visit, head, NULL);
	if (foreign.len > 0)
		html_foreign(visit->page.into, foreign);
	HTML(visit->page.into, "</td>");
}

static bool is_bad(const struct notice *notice)
{
	return notice->state == NOTICE_STATE_BOUNCED || notice->state == NOTICE_STATE_REFUSED;
}

static void put_row(struct operator_call *visit, const struct notice *notice)
{
	struct page *page = &visit->page;
	HTML(page->into, "<tr><th scope=\"row\">");
	html_foreign(page->into, notice->name.organisation);
	HTML(page->into, "</th>");
	put_foreign(visit, WORD_OP_NOTICE_TO, notice->name.recipient);
	operator_cell(visit, WORD_OP_NOTICE_FOUND, NULL);
	say(page->into, page->language, operator_word_of_finding(notice->found_by));
	HTML(page->into, "</td>");
	operator_cell(visit, WORD_OP_NOTICE_STATE, is_bad(notice) ? "fault" : NULL);
	say(page->into, page->language, notice->is_unknown ? WORD_OP_NOTICE_UNKNOWN : operator_word_of_notice(notice->state));
	HTML(page->into, "</td>");
	operator_value_cell(visit, WORD_OP_WHEN, said_time(notice->at));
	operator_value_cell(visit, WORD_OP_NOTICE_ATTEMPTS, said_number(notice->attempts));
	put_foreign(visit, WORD_OP_NOTICE_REASON, notice->reason);
	HTML(page->into, "</tr>\n");
}

static enum status show(void *context, const struct notice *notice)
{
	struct notice_page *list = context;
	if (list->passed++ < list->skip)
		return STATUS_OK;
	if (list->shown == NOTICES_A_PAGE) {
		list->has_more = true;
		return STATUS_END;
	}
	list->shown++;
	put_row(list->visit, notice);
	return STATUS_OK;
}

static void put_further(struct operator_call *visit, const struct notice_page *list)
{
	char from[24];
	if (!list->has_more)
		return;
	snprintf(from, sizeof from, "%llu", (unsigned long long)(list->skip + list->shown));
	HTML(visit->page.into, "<p class=\"pages\"><a");
	operator_href(visit, portal_route_path(PORTAL_ROUTE_OPERATOR_NOTICES), "cursor", bytes_of_string(from));
	HTML(visit->page.into, ">");
	say(visit->page.into, visit->page.language, WORD_OP_FURTHER);
	HTML(visit->page.into, "</a></p>\n");
}

static enum status find_any(void *context, const struct notice *notice)
{
	(void)notice;
	*(bool *)context = true;
	return STATUS_END;
}

enum status operator_view_notices(struct operator_call *visit, struct failure *reterr)
{
	static const struct page_column columns[] = {
		{WORD_OP_ORG_NAME, false},      {WORD_OP_NOTICE_TO, false}, {WORD_OP_NOTICE_FOUND, false},
		{WORD_OP_NOTICE_STATE, false},  {WORD_OP_WHEN, false},      {WORD_OP_NOTICE_ATTEMPTS, true},
		{WORD_OP_NOTICE_REASON, false},
	};
	struct notice_page list = {.visit = visit};
	struct bytes cursor = portal_field(visit->call->request, "cursor");
	struct incident *incident = visit->call->desk->incident;
	bool is_any = false;
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	if (cursor.len > 0 && !operator_number(cursor, &list.skip))
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours");
	enum status status = incident_notices(incident, BYTES_NONE, find_any, &is_any, reterr);
	if (status != STATUS_OK)
		return status;
	operator_begin(visit, WORD_OP_NOTICES);
	page_paragraph(&visit->page, is_any ? WORD_OP_NOTICES_ABOUT : WORD_OP_NOTICES_NONE);
	page_paragraph(&visit->page, WORD_OP_NOTICES_DO);
	if (is_any) {
		operator_table_begin(visit, WORD_OP_NOTICES, columns, sizeof columns / sizeof *columns);
		status = incident_notices(incident, BYTES_NONE, show, &list, reterr);
		operator_table_end(visit);
		put_further(visit, &list);
	}
	operator_end(visit);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each notice; telling is done from the command line, by a plan. */
#include "catalog/notices.h"
#include "portal/operator-words.h"
#include "portal/operator.h"

#include <stdio.h>

enum { NOTICES_A_PAGE = 100 };

struct notice_page {
	struct operator_call *operator;
	uint64_t skip, passed, shown;
	bool has_more;
};

static void put_cell(struct page *page, struct bytes foreign)
{
	HTML(page->into, "<td>");
	if (foreign.len > 0)
		html_foreign(page->into, foreign);
	HTML(page->into, "</td>");
}

static bool is_bad(const struct notice *notice)
{
	return notice->state == NOTICE_STATE_BOUNCED || notice->state == NOTICE_STATE_REFUSED;
}

static void put_row(struct page *page, const struct notice *notice)
{
	HTML(page->into, "<tr><th scope=\"row\">");
	html_foreign(page->into, notice->name.organisation);
	HTML(page->into, "</th>");
	put_cell(page, notice->name.recipient);
	HTML(page->into, "<td>");
	say(page->into, page->language, operator_word_of_finding(notice->found_by));
	HTML(page->into, "</td>");
	is_bad(notice) ? HTML(page->into, "<td class=\"fault\">") : HTML(page->into, "<td>");
	say(page->into, page->language, notice->is_unknown ? WORD_OP_NOTICE_UNKNOWN : operator_word_of_notice(notice->state));
	HTML(page->into, "</td><td>");
	say_value(page->into, page->language, said_time(notice->at));
	HTML(page->into, "</td><td class=\"n\">");
	say_value(page->into, page->language, said_number(notice->attempts));
	HTML(page->into, "</td>");
	put_cell(page, notice->reason);
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
	put_row(&list->operator->page, notice);
	return STATUS_OK;
}

static void put_further(struct operator_call *operator, const struct notice_page * list)
{
	char from[24];
	if (!list->has_more)
		return;
	snprintf(from, sizeof from, "%llu", (unsigned long long)(list->skip + list->shown));
	HTML(operator->page.into, "<p class=\"pages\"><a");
	operator_href(operator, portal_route_path(PORTAL_ROUTE_OPERATOR_NOTICES), "cursor", bytes_of_string(from));
	HTML(operator->page.into, ">");
	say(operator->page.into, operator->page.language, WORD_OP_FURTHER);
	HTML(operator->page.into, "</a></p>\n");
}

static enum status find_any(void *context, const struct notice *notice)
{
	(void)notice;
	*(bool *)context = true;
	return STATUS_END;
}

enum status operator_view_notices(struct operator_call *operator, struct failure * reterr)
{
	static const struct page_column columns[] = {
		{WORD_OP_ORG_NAME, false},      {WORD_OP_NOTICE_TO, false}, {WORD_OP_NOTICE_FOUND, false},
		{WORD_OP_NOTICE_STATE, false},  {WORD_OP_WHEN, false},      {WORD_OP_NOTICE_ATTEMPTS, true},
		{WORD_OP_NOTICE_REASON, false},
	};
	struct notice_page list = {.operator= operator};
	struct bytes cursor = portal_field(operator->call->request, "cursor");
	struct incident *incident = operator->call->desk->incident;
	bool is_any = false;
	if (operator_lacks_incident(operator))
		return STATUS_OK;
	if (cursor.len > 0 && !operator_number(cursor, &list.skip))
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours");
	enum status status = incident_notices(incident, BYTES_NONE, find_any, &is_any, reterr);
	if (status != STATUS_OK)
		return status;
	operator_begin(operator, WORD_OP_NOTICES);
	page_paragraph(&operator->page, is_any ? WORD_OP_NOTICES_ABOUT : WORD_OP_NOTICES_NONE);
	page_paragraph(&operator->page, WORD_OP_NOTICES_DO);
	if (is_any) {
		page_table_begin(&operator->page, WORD_OP_NOTICES, columns, sizeof columns / sizeof *columns);
		status = incident_notices(incident, BYTES_NONE, show, &list, reterr);
		page_table_end(&operator->page);
		put_further(operator, & list);
	}
	operator_end(operator);
	return status;
}

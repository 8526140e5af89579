/* SPDX-License-Identifier: Apache-2.0 */
/* Who asked and did what, newest first: the same entries as tidemark journal show. */
#include "portal/operator.h"

#include "base/percent.h"

#include <stdio.h>

enum { ENTRIES_A_PAGE = 50, VERB_MAX = 64 };

struct journal_page {
	struct operator_call *visit;
	uint64_t shown, last;
	bool has_more;
};

static enum status put_entry(void *context, const struct journal_entry *entry)
{
	struct journal_page *list = context;
	struct page *page = &list->visit->page;
	if (list->shown == ENTRIES_A_PAGE) {
		list->has_more = true;
		return STATUS_END;
	}
	list->shown++;
	list->last = entry->sequence;
	HTML(page->into, "<tr>");
	operator_value_cell(list->visit, WORD_OP_JOURNAL_NUMBER, said_number(entry->sequence));
	operator_value_cell(list->visit, WORD_OP_WHEN, said_time(entry->time));
	HTML(page->into, "<th scope=\"row\">");
	html_text(page->into, entry->verb);
	HTML(page->into, "</th>");
	operator_cell(list->visit, WORD_OP_JOURNAL_WHO, "who");
	if (entry->operator_name.len > 0)
		html_foreign(page->into, entry->operator_name);
	HTML(page->into, "</td>");
	operator_value_cell(list->visit, WORD_OP_JOURNAL_OF, said_text(entry->incident));
	operator_cell(list->visit, WORD_OP_JOURNAL_DETAIL, "detail");
	if (entry->detail.len > 0)
		html_foreign(page->into, entry->detail);
	else
		say(page->into, page->language, WORD_OP_JOURNAL_ERASED);
	HTML(page->into, "</td></tr>\n");
	return STATUS_OK;
}

static void put_filter(struct operator_call *visit, struct bytes verb)
{
	struct page *page = &visit->page;
	HTML(page->into, "<form method=\"get\" class=\"filter\" action=\"");
	html_string(page->into, portal_route_path(PORTAL_ROUTE_OPERATOR_JOURNAL));
	HTML(page->into, "\"><div class=\"field\"><label for=\"verb\">");
	say(page->into, page->language, WORD_OP_JOURNAL_VERB);
	HTML(page->into, "</label><input type=\"search\" id=\"verb\" name=\"verb\" value=\"");
	html_text(page->into, verb);
	HTML(page->into, "\"></div>\n");
	if (page->is_language_chosen)
		page_hidden(page, "language", bytes_of_string(language_tags[page->language]));
	page_form_end(page, WORD_OP_JOURNAL_FILTER, false);
}

static void put_further(struct journal_page *list, struct bytes verb)
{
	struct page *page = &list->visit->page;
	if (!list->has_more)
		return;
	HTML(page->into, "<p class=\"pages\"><a href=\"");
	html_string(page->into, portal_route_path(PORTAL_ROUTE_OPERATOR_JOURNAL));
	buffer_append_format(page->into, "?cursor=%llu", (unsigned long long)list->last);
	if (verb.len > 0) {
		HTML(page->into, "&amp;verb=");
		percent_append_encoded(page->into, verb, false);
	}
	if (page->is_language_chosen) {
		HTML(page->into, "&amp;language=");
		buffer_append_string(page->into, language_tags[page->language]);
	}
	HTML(page->into, "\">");
	say(page->into, page->language, WORD_OP_OLDER);
	HTML(page->into, "</a></p>\n");
}

enum status operator_view_journal(struct operator_call *visit, struct failure *reterr)
{
	static const struct page_column columns[] = {
		{WORD_OP_JOURNAL_NUMBER, true}, {WORD_OP_WHEN, false},       {WORD_OP_WHAT, false},
		{WORD_OP_JOURNAL_WHO, false},   {WORD_OP_JOURNAL_OF, false}, {WORD_OP_JOURNAL_DETAIL, false},
	};
	const struct portal_request *request = visit->call->request;
	struct journal_page list = {.visit = visit};
	struct journal_question question = {.since = INT64_MIN,
	                                    .verb = bytes_slice(bytes_trim(portal_field(request, "verb")), 0, VERB_MAX)};
	struct bytes cursor = portal_field(request, "cursor");
	if (cursor.len > 0 && !operator_number(cursor, &question.before))
		return fail(reterr, STATUS_USAGE, "cursor", "is none of ours");
	operator_begin(visit, WORD_OP_JOURNAL);
	page_paragraph(&visit->page, WORD_OP_JOURNAL_ABOUT);
	put_filter(visit, question.verb);
	operator_table_begin(visit, WORD_OP_JOURNAL, columns, sizeof columns / sizeof *columns);
	enum status status = journal_show(visit->call->desk->catalog, &question, put_entry, &list, reterr);
	operator_table_end(visit);
	if (list.shown == 0)
		page_paragraph(&visit->page, WORD_OP_JOURNAL_NONE);
	put_further(&list, question.verb);
	operator_end(visit);
	return status;
}

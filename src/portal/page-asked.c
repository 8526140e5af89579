/* SPDX-License-Identifier: Apache-2.0 */
#include "base/percent.h"
#include "portal/answer-words.h"
#include "portal/pages.h"

static void put_row(struct page *page, const struct asked *asked)
{
	HTML(page->into, "<tr><th scope=\"row\">");
	say_value(page->into, page->language, said_time(asked->at));
	HTML(page->into, "</th><td>");
	if (asked->result >= ASKED_STARTED && asked->result < ASKED_RESULT_END)
		say(page->into, page->language, answer_word_of_result(asked->result));
	HTML(page->into, "</td><td>");
	if (asked->method >= PROOF_DNS && asked->method < PROOF_METHOD_END)
		say(page->into, page->language, answer_word_of_method(asked->method));
	HTML(page->into, "</td><td class=\"short\">");
	if (asked->network.len > 0)
		html_foreign(page->into, asked->network);
	HTML(page->into, "</td></tr>\n");
}

static void put_table(struct page *page, const struct asked_page *asked)
{
	static const struct page_column columns[] = {
		{WORD_ASKED_WHEN, false}, {WORD_ASKED_WHAT, false}, {WORD_ASKED_HOW, false}, {WORD_ASKED_NETWORK, false}};
	page_table_begin(page, WORD_ASKED_TABLE, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < asked->count; i++)
		put_row(page, &asked->items[i]);
	page_table_end(page);
}

static void put_more(struct page *page, struct bytes next)
{
	struct buffer path = buffer_with_ceiling(4096);
	buffer_append_string(&path, "/asked?cursor=");
	percent_append_encoded(&path, next, false);
	HTML(page->into, "<p><a");
	page_href(page, buffer_string(&path));
	HTML(page->into, " rel=\"next\">");
	say(page->into, page->language, WORD_ASKED_MORE);
	HTML(page->into, "</a></p>\n");
	buffer_free(&path);
}

static void put_appeal(struct page *page, const struct asked_appeal *appeal)
{
	static const enum word kinds[] = {[APPEAL_NOT_OURS] = WORD_ANSWER_APPEAL_NOT_OURS,
	                                  [APPEAL_OURS_TOO] = WORD_ANSWER_APPEAL_OURS_TOO,
	                                  [APPEAL_OTHER] = WORD_ANSWER_APPEAL_OTHER};
	HTML(page->into, "<tr><th scope=\"row\">");
	say_value(page->into, page->language, said_number(appeal->nth));
	HTML(page->into, "</th><td>");
	say_value(page->into, page->language, said_time(appeal->made));
	HTML(page->into, "</td><td>");
	if (appeal->kind >= APPEAL_NOT_OURS && appeal->kind < APPEAL_KIND_END)
		say(page->into, page->language, kinds[appeal->kind]);
	HTML(page->into, "</td><td>");
	if (appeal->document.len > 0)
		html_foreign(page->into, appeal->document);
	HTML(page->into, "</td><td>");
	if (appeal->state == APPEAL_OPEN)
		say(page->into, page->language, WORD_ASKED_APPEAL_OPEN);
	else
		SAY(page->into, page->language,
		    appeal->state == APPEAL_GRANTED ? WORD_ASKED_APPEAL_GRANTED : WORD_ASKED_APPEAL_REFUSED,
		    said_time(appeal->decided));
	HTML(page->into, "</td></tr>\n");
}

static void put_appeals(struct page *page, const struct asked_page *asked)
{
	static const struct page_column columns[] = {{WORD_ASKED_APPEAL_NUMBER, false},
	                                             {WORD_ASKED_WHEN, false},
	                                             {WORD_ANSWER_APPEAL_KIND, false},
	                                             {WORD_ANSWER_APPEAL_DOCUMENT, false},
	                                             {WORD_ASKED_APPEAL_STATE, false}};
	page_section_called(page, WORD_ASKED_APPEALS, "appeals");
	page_table_begin(page, WORD_ASKED_APPEALS, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < asked->appeal_count; i++)
		put_appeal(page, &asked->appeals[i]);
	page_table_end(page);
	page_section_end(page);
}

void page_asked(struct page *page, const struct asked_facts *facts)
{
	page_begin(page, WORD_ASKED_TITLE);
	page_heading(page, WORD_ASKED_TITLE);
	HTML(page->into, "<p class=\"lead\">");
	SAY(page->into, page->language, WORD_ASKED_LEAD, said_foreign(facts->subject));
	HTML(page->into, "</p>\n");
	if (facts->asked->count == 0)
		page_paragraph(page, WORD_ASKED_NONE);
	else
		put_table(page, facts->asked);
	if (facts->asked->next.len > 0)
		put_more(page, facts->asked->next);
	if (facts->asked->appeal_count > 0)
		put_appeals(page, facts->asked);
	HTML(page->into, "<p><a");
	page_href(page, "/answer");
	HTML(page->into, ">");
	say(page->into, page->language, WORD_ASKED_BACK);
	HTML(page->into, "</a></p>\n");
	page_end(page);
}

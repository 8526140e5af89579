/* SPDX-License-Identifier: Apache-2.0 */
/* A notice's code tells nothing here: the page is the same for any code, ours or not. */
#include "base/percent.h"
#include "portal/pages.h"

static void put_button(struct page *page, struct bytes code)
{
	struct buffer path = buffer_with_ceiling(4096);
	buffer_append_string(&path, "/notice/");
	percent_append_encoded(&path, code, false);
	page_paragraph(page, WORD_NOTICE_DO);
	page_form_begin(page, buffer_string(&path));
	page_form_end(page, WORD_NOTICE_BUTTON, true);
	buffer_free(&path);
}

void page_notice(struct page *page, const struct notice_facts *facts)
{
	page_begin(page, WORD_NOTICE_TITLE);
	page_heading(page, WORD_NOTICE_TITLE);
	HTML(page->into, "<p class=\"lead\">");
	say(page->into, page->language, WORD_NOTICE_LEAD);
	HTML(page->into, "</p>\n<dl class=\"record\"><div><dt>");
	say(page->into, page->language, WORD_NOTICE_CODE);
	HTML(page->into, "</dt><dd>");
	html_foreign(page->into, facts->code);
	HTML(page->into, "</dd></div></dl>\n");
	if (facts->is_acknowledged) {
		HTML(page->into, "<div class=\"note\" role=\"status\"><p>");
		say(page->into, page->language, WORD_NOTICE_DONE);
		HTML(page->into, "</p></div>\n");
	} else {
		put_button(page, facts->code);
	}
	page_paragraph(page, WORD_NOTICE_NEXT);
	HTML(page->into, "<p><a");
	page_href(page, "/");
	HTML(page->into, ">");
	say(page->into, page->language, WORD_NOTICE_NEXT_GO);
	HTML(page->into, "</a></p>\n");
	page_end(page);
}

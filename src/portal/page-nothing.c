/* SPDX-License-Identifier: Apache-2.0 */
/* What it means that nothing was determined, and what it does not. */
#include "base/clock.h"
#include "portal/pages.h"

static void put_item(struct page *page, enum word word)
{
	HTML(page->into, "<li>");
	say(page->into, page->language, word);
	HTML(page->into, "</li>\n");
}

static void put_unseen(struct page *page, const struct lookup *sums)
{
	HTML(page->into, "<li>");
	SAY(page->into, page->language, WORD_NOTHING_NOT_UNSEEN, said_size(sums->unseen_bytes),
	    said_count(WORD_OBJECTS_ONE, sums->unseen_objects));
	HTML(page->into, "</li>\n");
}

void page_nothing(struct page *page, const struct answer_facts *facts)
{
	const struct lookup *sums = &facts->answer->sums;
	page_heading(page, WORD_NOTHING_TITLE);
	HTML(page->into, "<p class=\"lead\">");
	SAY(page->into, page->language, WORD_NOTHING_SENTENCE, said_foreign(facts->subject->subject.name));
	HTML(page->into, "</p>\n<p class=\"dim\">");
	if (sums->swept_at != CLOCK_UNKNOWN)
		SAY(page->into, page->language, WORD_ANSWER_AS_OF, said_time(sums->swept_at), said_time(facts->as_of));
	else
		SAY(page->into, page->language, WORD_ANSWER_AS_OF_UNKNOWN, said_time(facts->as_of));
	HTML(page->into, "</p>\n");
	page_section(page, WORD_NOTHING_MEANS);
	HTML(page->into, "<ul>\n");
	put_item(page, WORD_NOTHING_MEANS_READ);
	put_item(page, WORD_NOTHING_MEANS_SURE);
	HTML(page->into, "</ul>\n");
	page_section_end(page);
	page_section(page, WORD_NOTHING_NOT);
	HTML(page->into, "<ul>\n");
	if (sums->unseen_objects > 0)
		put_unseen(page, sums);
	put_item(page, WORD_NOTHING_NOT_NAMES);
	put_item(page, WORD_NOTHING_NOT_OTHER);
	HTML(page->into, "</ul>\n");
	page_paragraph(page, WORD_NOTHING_LATER);
	page_section_end(page);
}

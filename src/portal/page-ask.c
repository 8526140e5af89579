/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/pages.h"

static bool is_named(const struct page *page)
{
	return page->host != NULL && (page->host->name.len > 0 || page->host->domain.len > 0);
}

static struct bytes name_of(const struct page *page)
{
	return page->host->name.len > 0 ? page->host->name : page->host->domain;
}

static void put_proved(struct page *page, struct bytes proved)
{
	HTML(page->into, "<div class=\"note\"><p>");
	SAY(page->into, page->language, WORD_ASK_PROVED, said_foreign(proved));
	HTML(page->into, " <a");
	page_href(page, "/answer");
	HTML(page->into, ">");
	say(page->into, page->language, WORD_ASK_PROVED_GO);
	HTML(page->into, "</a></p></div>\n");
}

static void put_field(struct page *page, const struct ask_facts *facts)
{
	HTML(page->into, "<div class=\"field\"><label for=\"subject\">");
	say(page->into, page->language, WORD_ASK_LABEL);
	HTML(page->into, "</label>\n<p class=\"hint\" id=\"subject-hint\">");
	say(page->into, page->language, WORD_ASK_HINT);
	HTML(page->into, "</p>\n");
	if (facts->is_no_subject) {
		HTML(page->into, "<p class=\"fault\" id=\"subject-fault\" role=\"alert\">");
		say(page->into, page->language, WORD_ASK_ERROR_SUBJECT);
		HTML(page->into, "</p>\n");
	}
	HTML(page->into, "<input id=\"subject\" name=\"subject\" type=\"text\" inputmode=\"email\" autocapitalize=\"none\" "
	                 "autocomplete=\"off\" spellcheck=\"false\" required maxlength=\"320\" dir=\"auto\" aria-describedby=\"");
	if (facts->is_no_subject)
		HTML(page->into, "subject-fault ");
	HTML(page->into, "subject-hint\"");
	if (facts->is_no_subject)
		HTML(page->into, " aria-invalid=\"true\" autofocus");
	HTML(page->into, " value=\"");
	html_text(page->into, facts->entered);
	HTML(page->into, "\"></div>\n");
}

static void put_item(struct page *page, enum word word)
{
	HTML(page->into, "<li>");
	say(page->into, page->language, word);
	HTML(page->into, "</li>\n");
}

/* By another channel than this page and the letter that named it. */
static void put_genuine(struct page *page)
{
	page_section(page, WORD_ASK_GENUINE);
	page_paragraph(page, WORD_ASK_GENUINE_DOUBT);
	HTML(page->into, "<ul>\n");
	if (page->host != NULL) {
		HTML(page->into, "<li>");
		if (is_named(page))
			SAY(page->into, page->language, WORD_ASK_GENUINE_CALL, said_text(name_of(page)),
			    said_text(page->host->incident));
		else
			SAY(page->into, page->language, WORD_ASK_GENUINE_CALL_UNNAMED, said_text(page->host->incident));
		HTML(page->into, "</li>\n");
	}
	if (page->host != NULL && page->host->url.len > 0) {
		HTML(page->into, "<li>");
		SAY(page->into, page->language, WORD_ASK_GENUINE_ADDRESS, said_foreign(page->host->url));
		HTML(page->into, "</li>\n");
	}
	put_item(page, WORD_ASK_GENUINE_NEVER);
	HTML(page->into, "</ul>\n");
	page_section_end(page);
}

/* Whoever has a notice types its code, for a notice asks for no click. */
static void put_notice(struct page *page)
{
	page_section(page, WORD_NOTICE_ASK);
	page_paragraph(page, WORD_NOTICE_ASK_ABOUT);
	HTML(page->into, "<form method=\"get\" action=\"/notice\">\n");
	if (page->is_language_chosen)
		page_hidden(page, "language", bytes_of_string(language_tags[page->language]));
	HTML(page->into, "<div class=\"field\"><label for=\"code\">");
	say(page->into, page->language, WORD_NOTICE_ASK_LABEL);
	HTML(page->into, "</label>\n<input id=\"code\" name=\"code\" type=\"text\" autocapitalize=\"none\" autocomplete=\"off\" "
	                 "spellcheck=\"false\" required maxlength=\"100\"></div>\n");
	page_form_end(page, WORD_NOTICE_ASK_BUTTON, false);
	page_section_end(page);
}

void page_ask(struct page *page, const struct ask_facts *facts)
{
	page_begin(page, WORD_ASK_TITLE);
	if (facts->proved.len > 0)
		put_proved(page, facts->proved);
	page_heading(page, WORD_ASK_TITLE);
	HTML(page->into, "<p class=\"lead\">");
	if (is_named(page))
		SAY(page->into, page->language, WORD_ASK_LEAD, said_text(name_of(page)));
	else
		say(page->into, page->language, WORD_ASK_LEAD_UNNAMED);
	HTML(page->into, "</p>\n");
	page_form_begin(page, "/prove");
	put_field(page, facts);
	page_form_end(page, WORD_ASK_BUTTON, true);
	HTML(page->into, "<p class=\"dim\">");
	say(page->into, page->language, WORD_ASK_SAME);
	HTML(page->into, "</p>\n");
	put_genuine(page);
	page_section(page, WORD_ASK_STEPS);
	HTML(page->into, "<ol>\n");
	put_item(page, WORD_ASK_STEPS_PROVE);
	put_item(page, WORD_ASK_STEPS_READ);
	put_item(page, WORD_ASK_STEPS_KEEP);
	HTML(page->into, "</ol>\n");
	page_section_end(page);
	put_notice(page);
	page_end(page);
}

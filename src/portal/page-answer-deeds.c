/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/answer-words.h"
#include "portal/pages.h"

static void put_link(struct page *page, const char *path, enum word words, bool is_download)
{
	HTML(page->into, "<a");
	page_href(page, path);
	is_download ? HTML(page->into, " download>") : HTML(page->into, ">");
	say(page->into, page->language, words);
	HTML(page->into, "</a>");
}

static void put_take(struct page *page)
{
	page_section(page, WORD_ANSWER_TAKE);
	page_paragraph(page, WORD_ANSWER_TAKE_ABOUT);
	HTML(page->into, "<ul class=\"take\"><li>");
	put_link(page, "/answer.csv", WORD_ANSWER_TAKE_CSV, true);
	HTML(page->into, "</li><li>");
	put_link(page, "/answer.json", WORD_ANSWER_TAKE_JSON, true);
	HTML(page->into, "</li><li>");
	put_link(page, "/answer.html", WORD_ANSWER_TAKE_HTML, true);
	HTML(page->into, "</li></ul>\n");
	page_section_end(page);
}

/* ---- doubting it ---- */

static void put_kind(struct page *page, enum appeal_kind kind, enum word words, bool is_chosen)
{
	HTML(page->into, "<label class=\"choice\"><input type=\"radio\" name=\"kind\" value=\"");
	html_string(page->into, appeal_kind_name(kind));
	is_chosen ? HTML(page->into, "\" checked> ") : HTML(page->into, "\"> ");
	say(page->into, page->language, words);
	HTML(page->into, "</label>\n");
}

static void put_fields(struct page *page, const struct answer_facts *facts)
{
	bool has_fault = facts->appeal_fault != APPEAL_FINE;
	HTML(page->into, "<div class=\"field\"><label for=\"document\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_DOCUMENT);
	HTML(page->into, "</label><p class=\"hint\" id=\"document-hint\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_DOCUMENT_HINT);
	HTML(page->into, "</p><input id=\"document\" name=\"document\" type=\"text\" maxlength=\"64\" autocomplete=\"off\" "
	                 "spellcheck=\"false\" aria-describedby=\"document-hint\" value=\"");
	html_text(page->into, facts->document);
	HTML(page->into, "\"></div>\n<div class=\"field\"><label for=\"text-of-appeal\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_TEXT);
	HTML(page->into, "</label><p class=\"hint\" id=\"appeal-hint\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_TEXT_HINT);
	HTML(page->into, "</p>");
	if (has_fault) {
		HTML(page->into, "<p class=\"fault\" id=\"appeal-fault\" role=\"alert\">");
		say(page->into, page->language,
		    facts->appeal_fault == APPEAL_NO_TEXT ? WORD_ANSWER_APPEAL_ERROR_TEXT : WORD_ANSWER_APPEAL_ERROR_MANY);
		HTML(page->into, "</p>");
	}
	HTML(page->into, "<textarea id=\"text-of-appeal\" name=\"text\" rows=\"5\" required maxlength=\"4000\" dir=\"auto\" ");
	has_fault ? HTML(page->into, "aria-invalid=\"true\" aria-describedby=\"appeal-fault appeal-hint\"></textarea></div>\n")
		  : HTML(page->into, "aria-describedby=\"appeal-hint\"></textarea></div>\n");
}

static void put_appeal(struct page *page, const struct answer_facts *facts)
{
	bool is_about_one = facts->document.len > 0, has_any = facts->answer->sums.documents > 0;
	HTML(page->into, "<section id=\"appeal\">\n<h2>");
	say(page->into, page->language, WORD_ANSWER_APPEAL);
	HTML(page->into, "</h2>\n");
	page_paragraph(page, WORD_ANSWER_APPEAL_ABOUT);
	page_form_begin(page, "/appeal");
	HTML(page->into, "<fieldset><legend>");
	say(page->into, page->language, WORD_ANSWER_APPEAL_KIND);
	HTML(page->into, "</legend>\n");
	if (has_any)
		put_kind(page, APPEAL_NOT_OURS, WORD_ANSWER_APPEAL_NOT_OURS, is_about_one);
	put_kind(page, APPEAL_OURS_TOO, WORD_ANSWER_APPEAL_OURS_TOO, !has_any);
	put_kind(page, APPEAL_OTHER, WORD_ANSWER_APPEAL_OTHER, has_any && !is_about_one);
	HTML(page->into, "</fieldset>\n");
	put_fields(page, facts);
	page_form_end(page, WORD_ANSWER_APPEAL_SEND, false);
	page_section_end(page);
}

/* ---- who asked, and leaving ---- */

static void put_asked(struct page *page)
{
	page_section(page, WORD_ANSWER_ASKED);
	page_paragraph(page, WORD_ANSWER_ASKED_ABOUT);
	HTML(page->into, "<p>");
	put_link(page, "/asked", WORD_ANSWER_ASKED_GO, false);
	HTML(page->into, "</p>\n");
	page_section_end(page);
}

static void put_leave(struct page *page, const struct asking_subject *subject)
{
	page_section(page, WORD_ANSWER_LEAVE);
	page_paragraph(page, WORD_ANSWER_LEAVE_ABOUT);
	HTML(page->into, "<p class=\"dim\">");
	SAY(page->into, page->language, WORD_ANSWER_SESSION,
	    said_string(words_of(page->language, answer_word_of_method(subject->method))), said_day(subject->proved),
	    said_time(subject->expires));
	HTML(page->into, "</p>\n");
	page_form_begin(page, "/leave");
	page_form_end(page, WORD_ANSWER_LEAVE, false);
	page_section_end(page);
}

void page_answer_deeds(struct page *page, const struct answer_facts *facts)
{
	if (page->is_alone)
		return;
	put_take(page);
	put_appeal(page, facts);
	put_asked(page);
	put_leave(page, facts->subject);
}

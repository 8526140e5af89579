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
	page_section_called(page, WORD_ANSWER_TAKE, "take");
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

static void put_fault(struct page *page, const struct answer_facts *facts)
{
	static const enum word words[] = {
		[APPEAL_NO_TEXT] = WORD_ANSWER_APPEAL_ERROR_TEXT,
		[APPEAL_NO_DOCUMENT] = WORD_ANSWER_APPEAL_ERROR_DOCUMENT,
		[APPEAL_TOO_MANY] = WORD_ANSWER_APPEAL_ERROR_MANY,
	};
	if (facts->appeal_fault == APPEAL_FINE)
		return;
	HTML(page->into, "<p class=\"fault\" id=\"appeal-fault\" role=\"alert\">");
	say(page->into, page->language, words[facts->appeal_fault]);
	HTML(page->into, "</p>\n");
}

static void put_document(struct page *page, const struct answer_facts *facts)
{
	HTML(page->into, "<div class=\"field\"><label for=\"document\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_DOCUMENT);
	HTML(page->into, "</label><p class=\"hint\" id=\"document-hint\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_DOCUMENT_HINT);
	HTML(page->into, "</p><input id=\"document\" name=\"document\" type=\"text\" maxlength=\"64\" autocomplete=\"off\" "
	                 "spellcheck=\"false\" ");
	facts->appeal_fault == APPEAL_NO_DOCUMENT
		? HTML(page->into, "aria-invalid=\"true\" autofocus aria-describedby=\"appeal-fault document-hint\" value=\"")
		: HTML(page->into, "aria-describedby=\"document-hint\" value=\"");
	html_text(page->into, facts->document);
	HTML(page->into, "\"></div>\n");
}

static void put_text(struct page *page, const struct answer_facts *facts)
{
	HTML(page->into, "<div class=\"field\"><label for=\"text-of-appeal\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_TEXT);
	HTML(page->into, "</label><p class=\"hint\" id=\"appeal-hint\">");
	say(page->into, page->language, WORD_ANSWER_APPEAL_TEXT_HINT);
	HTML(page->into,
	     "</p><textarea id=\"text-of-appeal\" name=\"text\" rows=\"5\" required maxlength=\"4000\" dir=\"auto\" ");
	facts->appeal_fault == APPEAL_NO_TEXT
		? HTML(page->into, "aria-invalid=\"true\" autofocus aria-describedby=\"appeal-fault appeal-hint\">\n")
		: HTML(page->into, "aria-describedby=\"appeal-hint\">\n");
	html_text(page->into, facts->appeal_text);
	HTML(page->into, "</textarea></div>\n");
}

/* Whoever comes from a document means that one; else nothing is presumed but that there may be more. */
static enum appeal_kind likely_kind(const struct answer_facts *facts)
{
	bool is_kind = facts->appeal_kind >= APPEAL_NOT_OURS && facts->appeal_kind < APPEAL_KIND_END;
	if (is_kind)
		return facts->appeal_kind;
	if (facts->answer->sums.documents == 0)
		return APPEAL_OURS_TOO;
	return facts->document.len > 0 ? APPEAL_NOT_OURS : APPEAL_OTHER;
}

static void put_appeal(struct page *page, const struct answer_facts *facts)
{
	enum appeal_kind likely = likely_kind(facts);
	page_section_called(page, WORD_ANSWER_APPEAL, "appeal");
	page_paragraph(page, WORD_ANSWER_APPEAL_ABOUT);
	page_form_begin(page, "/appeal");
	put_fault(page, facts);
	HTML(page->into, "<fieldset><legend>");
	say(page->into, page->language, WORD_ANSWER_APPEAL_KIND);
	HTML(page->into, "</legend>\n");
	if (facts->answer->sums.documents > 0)
		put_kind(page, APPEAL_NOT_OURS, WORD_ANSWER_APPEAL_NOT_OURS, likely == APPEAL_NOT_OURS);
	put_kind(page, APPEAL_OURS_TOO, WORD_ANSWER_APPEAL_OURS_TOO, likely == APPEAL_OURS_TOO);
	put_kind(page, APPEAL_OTHER, WORD_ANSWER_APPEAL_OTHER, likely == APPEAL_OTHER);
	HTML(page->into, "</fieldset>\n");
	if (facts->answer->sums.documents > 0)
		put_document(page, facts);
	put_text(page, facts);
	page_form_end(page, WORD_ANSWER_APPEAL_SEND, false);
	page_section_end(page);
}

/* ---- who asked, and leaving ---- */

static void put_asked(struct page *page)
{
	page_section_called(page, WORD_ANSWER_ASKED, "asked");
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

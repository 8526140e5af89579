/* SPDX-License-Identifier: Apache-2.0 */
/* The documents, what to see of them, and the way from page to page. */
#include "base/percent.h"
#include "portal/answer-words.h"
#include "portal/pages.h"

#include <stdio.h>

enum { PATH_MAX_BYTES = 4096 };

/* ---- the choice ---- */

static void put_option(struct page *page, const char *value, bool is_chosen)
{
	HTML(page->into, "<option value=\"");
	html_string(page->into, value);
	is_chosen ? HTML(page->into, "\" selected>") : HTML(page->into, "\">");
}

static void put_classes(struct page *page, const struct answer_view *view)
{
	HTML(page->into, "<div class=\"field\"><label for=\"class\">");
	say(page->into, page->language, WORD_ANSWER_LIST_CLASS);
	HTML(page->into, "</label><select id=\"class\" name=\"class\">");
	put_option(page, "", view->choice.class == CLASS_COUNT);
	say(page->into, page->language, WORD_ANSWER_LIST_CLASS_ALL);
	HTML(page->into, "</option>");
	for (unsigned class = CLASS_NONE; class < CLASS_COUNT; class ++) {
		if (view->classes[class] == 0)
			continue;
		const char *name = document_class_name((enum document_class) class);
		put_option(page, name != NULL ? name : "none", view->choice.class == (enum document_class) class);
		say(page->into, page->language, answer_word_of_class((enum document_class) class));
		HTML(page->into, "</option>");
	}
	HTML(page->into, "</select></div>\n");
}

static void put_years(struct page *page, const struct answer_view *view)
{
	HTML(page->into, "<div class=\"field\"><label for=\"year\">");
	say(page->into, page->language, WORD_ANSWER_LIST_YEAR);
	HTML(page->into, "</label><select id=\"year\" name=\"year\">");
	put_option(page, "", view->choice.year == ANSWER_NO_YEAR);
	say(page->into, page->language, WORD_ANSWER_LIST_YEAR_ALL);
	HTML(page->into, "</option>");
	for (int i = ANSWER_YEARS - 1; i >= 0; i--) {
		if (view->years[i] == 0)
			continue;
		char year[8];
		snprintf(year, sizeof year, "%d", ANSWER_FIRST_YEAR + i);
		put_option(page, year, view->choice.year == ANSWER_FIRST_YEAR + i);
		html_string(page->into, year);
		HTML(page->into, "</option>");
	}
	HTML(page->into, "</select></div>\n");
}

static bool is_choice_made(const struct answer_choice *choice)
{
	return choice->class != CLASS_COUNT || choice->year != ANSWER_NO_YEAR || choice->text.len > 0;
}

static void put_choice(struct page *page, const struct answer_view *view)
{
	HTML(page->into, "<form method=\"get\" action=\"/answer#documents\" class=\"choice-of\" role=\"search\" aria-label=\"");
	say(page->into, page->language, WORD_ANSWER_LIST_FILTER);
	HTML(page->into, "\">\n");
	if (page->is_language_chosen)
		page_hidden(page, "language", bytes_of_string(language_tags[page->language]));
	put_classes(page, view);
	put_years(page, view);
	HTML(page->into, "<div class=\"field\"><label for=\"text\">");
	say(page->into, page->language, WORD_ANSWER_LIST_TEXT);
	HTML(page->into,
	     "</label><input id=\"text\" name=\"text\" type=\"search\" maxlength=\"200\" dir=\"auto\" placeholder=\"");
	say(page->into, page->language, WORD_ANSWER_LIST_TEXT_HINT);
	HTML(page->into, "\" value=\"");
	html_text(page->into, view->choice.text);
	HTML(page->into, "\"></div>\n<button>");
	say(page->into, page->language, WORD_ANSWER_LIST_APPLY);
	HTML(page->into, "</button>");
	if (is_choice_made(&view->choice)) {
		HTML(page->into, " <a");
		page_href(page, "/answer");
		HTML(page->into, ">");
		say(page->into, page->language, WORD_ANSWER_LIST_CLEAR);
		HTML(page->into, "</a>");
	}
	HTML(page->into, "\n</form>\n");
}

/* ---- from page to page ---- */

static void append_path(struct buffer *into, const struct answer_choice *choice, uint64_t number)
{
	buffer_append_format(into, "/answer?page=%llu", (unsigned long long)number);
	if (choice->class != CLASS_COUNT)
		buffer_append_format(into, "&class=%s",
		                     choice->class == CLASS_NONE ? "none" : document_class_name(choice->class));
	if (choice->year != ANSWER_NO_YEAR)
		buffer_append_format(into, "&year=%d", choice->year);
	if (choice->text.len > 0) {
		buffer_append_string(into, "&text=");
		percent_append_encoded(into, choice->text, false);
	}
}

static void put_page_link(struct page *page, const struct answer_choice *choice, uint64_t number, enum word words)
{
	struct buffer path = buffer_with_ceiling(PATH_MAX_BYTES);
	append_path(&path, choice, number);
	HTML(page->into, "<a");
	page_href(page, buffer_string(&path));
	HTML(page->into, ">");
	say(page->into, page->language, words);
	HTML(page->into, "</a> ");
	buffer_free(&path);
}

static void put_pages(struct page *page, const struct answer_view *view)
{
	uint64_t number = view->choice.page, last = (view->matched + ANSWER_PAGE_DOCUMENTS - 1) / ANSWER_PAGE_DOCUMENTS;
	if (last < 2)
		return;
	HTML(page->into, "<nav class=\"pages\" aria-label=\"");
	say(page->into, page->language, WORD_ANSWER_LIST_PAGES);
	HTML(page->into, "\">");
	if (number > 1)
		put_page_link(page, &view->choice, number > last ? last : number - 1, WORD_ANSWER_LIST_BEFORE);
	if (number < last)
		put_page_link(page, &view->choice, number + 1, WORD_ANSWER_LIST_AFTER);
	HTML(page->into, "</nav>\n");
}

void page_answer_list(struct page *page, const struct answer_facts *facts)
{
	const struct answer_view *view = facts->view;
	page_section_called(page, WORD_ANSWER_LIST, "documents");
	if (!page->is_alone)
		put_choice(page, view);
	if (view->shown_from == 0) {
		page_paragraph(page, WORD_ANSWER_LIST_NONE);
	} else {
		HTML(page->into, "<p class=\"dim\">");
		SAY(page->into, page->language, WORD_ANSWER_LIST_SHOWN, said_number(view->shown_from),
		    said_number(view->shown_to), said_number(view->matched));
		HTML(page->into, "</p>\n<ol class=\"documents\">\n");
		buffer_append(page->into, buffer_bytes(&view->list));
		HTML(page->into, "</ol>\n");
	}
	if (!page->is_alone)
		put_pages(page, view);
	page_section_end(page);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers first, their meaning beside them; each plot with its table. */
#include "base/clock.h"
#include "model/coverage.h"
#include "portal/answer-words.h"
#include "portal/pages.h"

#include <stdio.h>

enum {
	LABELLED_YEARS = 14, /* with more, every fifth has its label */
	HIGHEST = 86,        /* percent: above stands its number */
	/* What is shown at once, and at all; whole answers show all. */
	ADDRESSES_SHOWN = 10,
	ADDRESSES_MAX = 500,
	WATCHED_SHOWN = 24,
	WATCHED_MAX = 1000,
};

static void begin_more(struct page *page, size_t count)
{
	HTML(page->into, "<details class=\"more\"><summary>");
	SAY(page->into, page->language, WORD_ANSWER_MORE, said_number(count));
	HTML(page->into, "</summary>\n");
}

/* ---- figures ---- */

static void begin_figure(struct page *page, enum word name)
{
	HTML(page->into, "<li><span class=\"name\">");
	say(page->into, page->language, name);
	HTML(page->into, "</span> <span class=\"big\">");
}

static void end_figure(struct page *page)
{
	HTML(page->into, "</span></li>\n");
}

static void begin_meaning(struct page *page)
{
	HTML(page->into, "</span> <span class=\"also\">");
}

static void put_addresses_figure(struct page *page, const struct lookup *sums)
{
	begin_figure(page, WORD_ANSWER_FIGURE_ADDRESSES);
	if (!coverage_is_looked_for(&sums->coverage, FINDING_EMAIL)) {
		HTML(page->into, "&ndash;");
		begin_meaning(page);
		say(page->into, page->language, WORD_ANSWER_FIGURE_ADDRESSES_UNKNOWN);
		end_figure(page);
		return;
	}
	say_value(page->into, page->language, said_number(sums->addresses));
	begin_meaning(page);
	SAY(page->into, page->language, WORD_ANSWER_FIGURE_ADDRESSES_ABOUT, said_count(WORD_TIMES_ONE, sums->references));
	end_figure(page);
}

static void put_figures(struct page *page, const struct lookup *sums)
{
	HTML(page->into, "<ul class=\"cards\">\n");
	begin_figure(page, WORD_ANSWER_FIGURE_DOCUMENTS);
	say_value(page->into, page->language, said_number(sums->documents));
	begin_meaning(page);
	SAY(page->into, page->language, WORD_ANSWER_FIGURE_DOCUMENTS_ABOUT, said_number(sums->distinct_documents));
	end_figure(page);
	put_addresses_figure(page, sums);
	begin_figure(page, WORD_ANSWER_FIGURE_PEOPLE);
	say_value(page->into, page->language, said_number(sums->people));
	begin_meaning(page);
	say(page->into, page->language, WORD_ANSWER_FIGURE_PEOPLE_ABOUT);
	end_figure(page);
	begin_figure(page, WORD_ANSWER_FIGURE_UNSEEN);
	say_value(page->into, page->language, said_size(sums->coverage.unseen_bytes));
	begin_meaning(page);
	SAY(page->into, page->language, WORD_ANSWER_FIGURE_UNSEEN_ABOUT,
	    said_count(WORD_OBJECTS_ONE, sums->coverage.unseen_objects));
	end_figure(page);
	HTML(page->into, "</ul>\n");
}

/* ---- by kind ---- */

static void put_bar(struct page *page, uint64_t value, uint64_t most)
{
	HTML(page->into, "<td class=\"plot\"><svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
	                 "aria-hidden=\"true\"><rect height=\"10\" width=\"");
	buffer_append_format(page->into, "%.1f", 1000.0 * (double)value / (double)most);
	HTML(page->into, "\"/></svg></td>");
}

static void put_counted(struct page *page, enum word word, uint64_t value, uint64_t most)
{
	HTML(page->into, "<tr><th scope=\"row\">");
	say(page->into, page->language, word);
	HTML(page->into, "</th><td class=\"n\">");
	say_value(page->into, page->language, said_number(value));
	HTML(page->into, "</td>");
	put_bar(page, value, most);
	HTML(page->into, "</tr>\n");
}

/* Largest first; equal ones in the order of their list. */
static void put_largest_first(struct page *page, const uint64_t *counts, size_t count, enum word first)
{
	uint64_t most = 0;
	for (size_t i = 0; i < count; i++)
		most = counts[i] > most ? counts[i] : most;
	for (uint64_t below = UINT64_MAX, next; below > 0; below = next) {
		next = 0;
		for (size_t i = 0; i < count; i++)
			next = counts[i] < below && counts[i] > next ? counts[i] : next;
		for (size_t i = 0; i < count && next > 0; i++)
			if (counts[i] == next)
				put_counted(page, (enum word)((int)first + (int)i), counts[i], most);
	}
}

static void put_kinds(struct page *page, const struct answer_view *view)
{
	static const struct page_column columns[] = {{WORD_ANSWER_KINDS_HEAD, false}, {WORD_ANSWER_COUNT_HEAD, true}};
	page_section_called(page, WORD_ANSWER_KINDS, "kinds");
	page_table_begin_with_bars(page, WORD_ANSWER_KINDS, columns, 2);
	put_largest_first(page, view->classes, CLASS_COUNT, WORD_CLASS_NONE);
	page_table_end(page);
	page_section_end(page);
}

/* ---- by year ---- */

struct span {
	size_t first, last; /* indexes of years; first > last: none has any */
	uint64_t most;
};

static struct span span_of(const uint64_t *years)
{
	struct span span = {.first = ANSWER_YEARS, .last = 0};
	for (size_t i = 0; i < ANSWER_YEARS; i++) {
		if (years[i] == 0)
			continue;
		span.first = i < span.first ? i : span.first;
		span.last = i;
		span.most = years[i] > span.most ? years[i] : span.most;
	}
	return span;
}

static void put_column(struct page *page, const struct span *span, size_t i, uint64_t value)
{
	bool has_labels = span->last - span->first < LABELLED_YEARS;
	size_t year = ANSWER_FIRST_YEAR + i;
	HTML(page->into, "<div><div><b>");
	if (has_labels && value > 0)
		say_value(page->into, page->language, said_number(value));
	HTML(page->into, "</b><svg viewBox=\"0 0 10 10\" preserveAspectRatio=\"none\" height=\"");
	buffer_append_format(page->into, "%.2f%%", HIGHEST * (double)value / (double)span->most);
	HTML(page->into, "\"><rect width=\"10\" height=\"10\"/></svg></div><span>");
	if (has_labels || year % 5 == 0)
		buffer_append_format(page->into, "%zu", year);
	HTML(page->into, "</span></div>");
}

static void put_columns(struct page *page, const uint64_t *years, const struct span *span)
{
	if (span->first >= span->last)
		return;
	char first[8], last[8];
	snprintf(first, sizeof first, "%zu", ANSWER_FIRST_YEAR + span->first);
	snprintf(last, sizeof last, "%zu", ANSWER_FIRST_YEAR + span->last);
	HTML(page->into, "<figure id=\"years\" class=\"years\"><div class=\"columns\" role=\"img\" aria-label=\"");
	SAY(page->into, page->language, WORD_ANSWER_YEARS_PLOT, said_string(first), said_string(last));
	HTML(page->into, "\">");
	for (size_t i = span->first; i <= span->last; i++)
		put_column(page, span, i, years[i]);
	HTML(page->into, "</div></figure>\n");
}

static void put_year_row(struct page *page, const char *year, uint64_t value)
{
	HTML(page->into, "<tr><th scope=\"row\">");
	if (year != NULL)
		html_string(page->into, year);
	else
		say(page->into, page->language, WORD_ANSWER_YEARS_NONE);
	HTML(page->into, "</th><td class=\"n\">");
	say_value(page->into, page->language, said_number(value));
	HTML(page->into, "</td></tr>\n");
}

static void put_years(struct page *page, const struct answer_view *view)
{
	static const struct page_column columns[] = {{WORD_ANSWER_YEARS_HEAD, false}, {WORD_ANSWER_COUNT_HEAD, true}};
	struct span span = span_of(view->years);
	page_section_called(page, WORD_ANSWER_YEARS, "by-year");
	page_paragraph(page, WORD_ANSWER_YEARS_ABOUT);
	put_columns(page, view->years, &span);
	page_table_begin(page, WORD_ANSWER_YEARS, columns, 2);
	for (size_t i = span.first; i <= span.last && i < ANSWER_YEARS; i++) {
		char year[8];
		snprintf(year, sizeof year, "%zu", ANSWER_FIRST_YEAR + i);
		if (view->years[i] > 0)
			put_year_row(page, year, view->years[i]);
	}
	if (view->years[ANSWER_YEARS] > 0)
		put_year_row(page, NULL, view->years[ANSWER_YEARS]);
	page_table_end(page);
	page_section_end(page);
}

/* ---- people ---- */

static void put_address_rows(struct page *page, const struct answer_view *view, size_t from, size_t to)
{
	static const struct page_column columns[] = {{WORD_ANSWER_ADDRESSES_HEAD, false}, {WORD_ANSWER_COUNT_HEAD, true}};
	page_table_begin(page, WORD_ANSWER_ADDRESSES, columns, 2);
	for (size_t i = from; i < to; i++) {
		HTML(page->into, "<tr><th scope=\"row\">");
		html_foreign(page->into, view->addresses[i].value);
		HTML(page->into, "</th><td class=\"n\">");
		say_value(page->into, page->language, said_number(view->addresses[i].documents));
		HTML(page->into, "</td></tr>\n");
	}
	page_table_end(page);
}

static void put_addresses(struct page *page, const struct answer_view *view)
{
	size_t count = view->address_count;
	size_t first = count < ADDRESSES_SHOWN || page->is_alone ? count : ADDRESSES_SHOWN;
	size_t all = count < ADDRESSES_MAX || page->is_alone ? count : ADDRESSES_MAX;
	if (count == 0)
		return;
	HTML(page->into, "<h3>");
	say(page->into, page->language, WORD_ANSWER_ADDRESSES);
	HTML(page->into, "</h3>\n");
	put_address_rows(page, view, 0, first);
	if (all > first) {
		begin_more(page, count - first);
		put_address_rows(page, view, first, all);
		HTML(page->into, "</details>\n");
	}
	if (count > all)
		PAGE_PARAGRAPH(page, WORD_ANSWER_REST, said_number(count - all));
}

static void put_people(struct page *page, const struct answer_view *view)
{
	static const struct page_column columns[] = {{WORD_ANSWER_PEOPLE_HEAD, false}, {WORD_ANSWER_PEOPLE_RECORDS, true}};
	bool has_any = false;
	for (size_t i = 0; i < ELEMENT_COUNT; i++)
		has_any |= view->elements[i] > 0;
	page_section_called(page, WORD_ANSWER_PEOPLE, "people");
	page_paragraph(page, has_any ? WORD_ANSWER_PEOPLE_ABOUT : WORD_ANSWER_PEOPLE_NONE);
	if (has_any) {
		page_table_begin_with_bars(page, WORD_ANSWER_PEOPLE, columns, 2);
		put_largest_first(page, view->elements, ELEMENT_COUNT, WORD_ELEMENT_NAME);
		page_table_end(page);
	}
	put_addresses(page, view);
	page_section_end(page);
}

/* ---- what to distrust ---- */

static void put_values(struct page *page, const struct portion_list *list, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		html_foreign(page->into, list->items[i]);
		HTML(page->into, " ");
	}
}

static void put_watched(struct page *page, enum finding_kind kind, const struct portion_list *list)
{
	size_t first = list->count < WATCHED_SHOWN || page->is_alone ? list->count : WATCHED_SHOWN;
	size_t all = list->count < WATCHED_MAX || page->is_alone ? list->count : WATCHED_MAX;
	if (list->count == 0)
		return;
	HTML(page->into, "<dt>");
	say(page->into, page->language, answer_word_of_kind(kind));
	HTML(page->into, "</dt><dd class=\"values\">");
	put_values(page, list, 0, first);
	if (all > first) {
		begin_more(page, list->count - first);
		put_values(page, list, first, all);
		HTML(page->into, "</details>\n");
	}
	if (list->count > all)
		PAGE_PARAGRAPH(page, WORD_ANSWER_REST, said_number(list->count - all));
	HTML(page->into, "</dd>\n");
}

static void put_watch(struct page *page, const struct lookup *sums)
{
	size_t count = 0;
	for (size_t kind = 0; kind < FINDING_KIND_COUNT; kind++)
		count += sums->watched[kind].count;
	page_section_called(page, WORD_ANSWER_WATCH, "distrust");
	page_paragraph(page, count > 0 ? WORD_ANSWER_WATCH_ABOUT : WORD_ANSWER_WATCH_NONE);
	if (count > 0) {
		HTML(page->into, "<dl class=\"watch\">\n");
		for (size_t kind = 1; kind < FINDING_KIND_COUNT; kind++)
			put_watched(page, (enum finding_kind)kind, &sums->watched[kind]);
		HTML(page->into, "</dl>\n");
	}
	page_section_end(page);
}

void page_answer_figures(struct page *page, const struct answer_facts *facts)
{
	put_figures(page, &facts->answer->sums);
}

void page_answer_counts(struct page *page, const struct answer_facts *facts)
{
	put_watch(page, &facts->answer->sums);
	put_kinds(page, facts->view);
	put_years(page, facts->view);
	put_people(page, facts->view);
}

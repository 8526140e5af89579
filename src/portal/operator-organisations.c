/* SPDX-License-Identifier: Apache-2.0 */
/* Whose data it is, and how far it is with each: those of government and critical sectors first, then by documents. */
#include "answer/paging.h"
#include "base/clock.h"
#include "base/percent.h"
#include "catalog/questions.h"
#include "model/sector.h"
#include "portal/operator-words.h"
#include "portal/operator.h"
#include "portal/standing.h"

enum { ORGANISATIONS_A_PAGE = 50 };

struct organisation_row {
	struct organisation_summary summary; /* texts in the arena */
	struct standing standing;
};

struct organisation_page {
	struct arena *arena;
	struct organisation_row *rows;
	size_t count;
	struct paging paging;
};

/* ---- gathering ---- */

static enum status copy_row(struct arena *arena, const struct organisation_summary *summary, struct organisation_row *row)
{
	*row = (struct organisation_row){.summary = *summary, .standing = standing_of_none()};
	row->summary.domain = arena_copy(arena, summary->domain);
	row->summary.name = arena_copy(arena, summary->name);
	row->summary.country = arena_copy(arena, summary->country);
	row->summary.sector = arena_copy(arena, summary->sector);
	return row->summary.domain.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status gather(void *context, const struct organisation_summary *summary)
{
	struct organisation_page *page = context;
	if (!paging_takes_another(&page->paging))
		return STATUS_END;
	return copy_row(page->arena, summary, &page->rows[page->count++]);
}

static enum status read_page(struct operator_call *operator, struct organisation_page * list, struct failure *reterr)
{
	struct incident *incident = operator->call->desk->incident;
	struct bytes cursor = portal_field(operator->call->request, "cursor");
	list->rows = arena_allocate(list->arena, ORGANISATIONS_A_PAGE * sizeof *list->rows);
	if (list->rows == NULL)
		return STATUS_NO_MEMORY;
	buffer_append(&list->paging.cursor, cursor);
	enum status status = incident_organisations_by_sector(incident, cursor, gather, list, &list->paging.cursor, reterr);
	for (size_t i = 0; i < list->count && status == STATUS_OK; i++)
		if (organisation_domain(list->rows[i].summary.domain).len > 0)
			status = standing_of(incident, list->rows[i].summary.domain, &list->rows[i].standing, reterr);
	return status;
}

/* ---- showing ---- */

static void put_name(struct operator_call *operator, const struct organisation_summary * summary)
{
	struct page *page = &operator->page;
	struct bytes domain = organisation_domain(summary->domain);
	HTML(page->into, "<th scope=\"row\">");
	if (domain.len > 0) {
		HTML(page->into, "<a href=\"");
		html_string(page->into, portal_route_path(PORTAL_ROUTE_OPERATOR_ORGANISATIONS));
		HTML(page->into, "/");
		percent_append_encoded(page->into, domain, false);
		if (page->is_language_chosen) {
			HTML(page->into, "?language=");
			buffer_append_string(page->into, language_tags[page->language]);
		}
		HTML(page->into, "\">");
		html_text(page->into, domain);
		HTML(page->into, "</a>");
	}
	if (summary->name.len > 0) {
		HTML(page->into, " <span class=\"about\">");
		html_foreign(page->into, summary->name);
		HTML(page->into, "</span>");
	}
	HTML(page->into, "</th>");
}

static void put_sector(struct operator_call *operator, const struct organisation_summary * summary)
{
	struct page *page = &operator->page;
	if (summary->sector.len == 0) {
		operator_none(operator);
		return;
	}
	HTML(page->into, "<td>");
	if (sector_rank_of(summary->sector) != SECTOR_OTHER) {
		HTML(page->into, "<strong>");
		html_text(page->into, summary->sector);
		HTML(page->into, "</strong>");
	} else {
		html_text(page->into, summary->sector);
	}
	HTML(page->into, "</td>");
}

static void put_told(struct operator_call *operator, const struct standing * standing)
{
	struct page *page = &operator->page;
	if (!standing->came_back) {
		operator_day_cell(operator, standing->told);
		return;
	}
	HTML(page->into, "<td class=\"fault\">");
	say(page->into, page->language, WORD_OP_CAME_BACK);
	HTML(page->into, "</td>");
}

static void put_row(struct operator_call *operator, const struct organisation_row * row)
{
	struct page *page = &operator->page;
	HTML(page->into, "<tr>");
	put_name(operator, & row->summary);
	put_sector(operator, & row->summary);
	HTML(page->into, "<td class=\"n\">");
	say_value(page->into, page->language, said_number(row->summary.as_party));
	HTML(page->into, "</td>");
	put_told(operator, & row->standing);
	operator_day_cell(operator, row->standing.reached);
	operator_day_cell(operator, row->standing.proved);
	operator_day_cell(operator, row->standing.answered);
	HTML(page->into, "</tr>\n");
}

static void put_list(struct operator_call *operator, const struct organisation_page * list)
{
	static const struct page_column columns[] = {
		{WORD_OP_ORG_NAME, false},     {WORD_OP_ORG_SECTOR, false},  {WORD_OP_ORG_DOCUMENTS, true},
		{WORD_OP_ORG_TOLD, false},     {WORD_OP_ORG_REACHED, false}, {WORD_OP_ORG_PROVED, false},
		{WORD_OP_ORG_ANSWERED, false},
	};
	struct page *page = &operator->page;
	page_table_begin(page, WORD_OP_ORGANISATIONS, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < list->count; i++)
		put_row(operator, & list->rows[i]);
	page_table_end(page);
	if (!list->paging.has_more)
		return;
	HTML(page->into, "<p class=\"pages\"><a");
	operator_href(operator, portal_route_path(PORTAL_ROUTE_OPERATOR_ORGANISATIONS), "cursor",
	              buffer_bytes(&list->paging.next));
	HTML(page->into, ">");
	say(page->into, page->language, WORD_OP_FURTHER);
	HTML(page->into, "</a></p>\n");
}

enum status operator_view_organisations(struct operator_call *operator, struct failure * reterr)
{
	struct organisation_page list = {.arena = operator->call->arena, .paging = paging_with_limit(ORGANISATIONS_A_PAGE)};
	enum status status = STATUS_OK;
	if (operator_lacks_incident(operator))
		goto out;
	status = read_page(operator, & list, reterr);
	if (status != STATUS_OK)
		goto out;
	operator_begin(operator, WORD_OP_ORGANISATIONS);
	page_paragraph(&operator->page, list.count > 0 ? WORD_OP_ORG_ABOUT : WORD_OP_ORG_NONE);
	if (list.count > 0)
		put_list(operator, & list);
	operator_end(operator);
out:
	paging_free(&list.paging);
	return status;
}

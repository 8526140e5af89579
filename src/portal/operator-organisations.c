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

static enum status read_page(struct operator_call *visit, struct organisation_page *list, struct failure *reterr)
{
	struct incident *incident = visit->call->desk->incident;
	struct bytes cursor = portal_field(visit->call->request, "cursor");
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

static void put_name(struct operator_call *visit, const struct organisation_summary *summary)
{
	struct page *page = &visit->page;
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

static void put_sector(struct operator_call *visit, const struct organisation_summary *summary)
{
	struct page *page = &visit->page;
	if (summary->sector.len == 0) {
		operator_none_cell(visit, WORD_OP_ORG_SECTOR, WORD_OP_ORG_NO_SECTOR);
		return;
	}
	operator_cell(visit, WORD_OP_ORG_SECTOR, NULL);
	if (sector_rank_of(summary->sector, summary->domain) != SECTOR_OTHER) {
		HTML(page->into, "<strong>");
		html_text(page->into, summary->sector);
		HTML(page->into, "</strong>");
	} else {
		html_text(page->into, summary->sector);
	}
	HTML(page->into, "</td>");
}

static void put_told(struct operator_call *visit, const struct standing *standing)
{
	struct page *page = &visit->page;
	if (!standing->came_back) {
		operator_day_cell(visit, WORD_OP_ORG_TOLD, standing->told, WORD_OP_NONE);
		return;
	}
	operator_cell(visit, WORD_OP_ORG_TOLD, "fault");
	say(page->into, page->language, WORD_OP_CAME_BACK);
	HTML(page->into, "</td>");
}

static void put_row(struct operator_call *visit, const struct organisation_row *row)
{
	struct page *page = &visit->page;
	HTML(page->into, "<tr>");
	put_name(visit, &row->summary);
	put_sector(visit, &row->summary);
	operator_value_cell(visit, WORD_OP_ORG_DOCUMENTS, said_number(row->summary.as_party));
	put_told(visit, &row->standing);
	operator_day_cell(visit, WORD_OP_ORG_REACHED, row->standing.reached, WORD_OP_NONE);
	operator_day_cell(visit, WORD_OP_ORG_PROVED, row->standing.proved, WORD_OP_NONE);
	operator_day_cell(visit, WORD_OP_ORG_ANSWERED, row->standing.answered, WORD_OP_NONE);
	HTML(page->into, "</tr>\n");
}

static void put_list(struct operator_call *visit, const struct organisation_page *list)
{
	static const struct page_column columns[] = {
		{WORD_OP_ORG_NAME, false},     {WORD_OP_ORG_SECTOR, false},  {WORD_OP_ORG_DOCUMENTS, true},
		{WORD_OP_ORG_TOLD, false},     {WORD_OP_ORG_REACHED, false}, {WORD_OP_ORG_PROVED, false},
		{WORD_OP_ORG_ANSWERED, false},
	};
	struct page *page = &visit->page;
	operator_table_begin(visit, WORD_OP_ORGANISATIONS, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < list->count; i++)
		put_row(visit, &list->rows[i]);
	operator_table_end(visit);
	if (!list->paging.has_more)
		return;
	HTML(page->into, "<p class=\"pages\"><a");
	operator_href(visit, portal_route_path(PORTAL_ROUTE_OPERATOR_ORGANISATIONS), "cursor", buffer_bytes(&list->paging.next));
	HTML(page->into, ">");
	say(page->into, page->language, WORD_OP_FURTHER);
	HTML(page->into, "</a></p>\n");
}

enum status operator_view_organisations(struct operator_call *visit, struct failure *reterr)
{
	struct organisation_page list = {.arena = visit->call->arena, .paging = paging_with_limit(ORGANISATIONS_A_PAGE)};
	enum status status = STATUS_OK;
	if (operator_lacks_incident(visit))
		goto out;
	status = read_page(visit, &list, reterr);
	if (status != STATUS_OK)
		goto out;
	operator_begin(visit, WORD_OP_ORGANISATIONS);
	page_paragraph(&visit->page, list.count > 0 ? WORD_OP_ORG_ABOUT : WORD_OP_ORG_NONE);
	if (list.count > 0)
		put_list(visit, &list);
	operator_end(visit);
out:
	paging_free(&list.paging);
	return status;
}

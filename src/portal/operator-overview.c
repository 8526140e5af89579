/* SPDX-License-Identifier: Apache-2.0 */
/* The first page: numbers first, what they mean beside them, what is not known in the same size as what is. */
#include "act/duties.h"
#include "base/clock.h"
#include "model/measure.h"
#include "portal/operator-words.h"
#include "portal/operator.h"
#include "portal/overview.h"
#include "portal/roles.h"

/* ---- figures ---- */

static void put_card(struct page *page, enum word name, struct said big, enum word also, struct said more)
{
	HTML(page->into, "<li><span class=\"name\">");
	say(page->into, page->language, name);
	HTML(page->into, "</span><span class=\"big\">");
	say_value(page->into, page->language, big);
	HTML(page->into, "</span><span class=\"also\">");
	SAY(page->into, page->language, also, more);
	HTML(page->into, "</span></li>\n");
}

static void put_cards(struct page *page, const struct overview *overview)
{
	const struct ledger *ledger = &overview->ledger;
	HTML(page->into, "<ul class=\"cards\">\n");
	put_card(page, WORD_OP_MEASURE_DOCUMENTS, said_number(ledger->documents.distinct), WORD_OP_CARD_COPIES,
	         said_number(ledger->documents.references));
	put_card(page, WORD_OP_MEASURE_ORGANISATIONS, said_number(ledger->organisations.distinct), WORD_OP_CARD_PARTY,
	         said_number(ledger->organisations.references));
	if (ledger->has_people)
		put_card(page, WORD_OP_MEASURE_PEOPLE, said_number(ledger->people.distinct), WORD_OP_CARD_RECORDS,
		         said_number(ledger->people.references));
	if (coverage_is_looked_for(&overview->coverage, FINDING_EMAIL))
		put_card(page, WORD_OP_MEASURE_EMAILS, said_number(ledger->emails.distinct), WORD_OP_CARD_MENTIONS,
		         said_number(ledger->emails.references));
	put_card(page, WORD_OP_CARD_UNSEEN, said_number(ledger->unseen.objects), WORD_OP_CARD_UNSEEN_BYTES,
	         said_size(ledger->unseen.bytes));
	HTML(page->into, "</ul>\n");
}

/* ---- how long it stood open ---- */

static void put_lead(struct page *page, const struct overview *overview)
{
	HTML(page->into, "<p class=\"lead\">");
	if (overview->first_seen == CLOCK_UNKNOWN)
		SAY(page->into, page->language, WORD_OP_LEAD_NEVER, said_count(WORD_OP_CONTAINERS_ONE, overview->never_open));
	else
		SAY(page->into, page->language, WORD_OP_LEAD_OPEN,
		    said_count(WORD_OP_CONTAINERS_ONE, overview->open + overview->closed), said_day(overview->first_seen),
		    said_day(overview->last_seen));
	HTML(page->into, "</p>\n");
	if (overview->open > 0) {
		HTML(page->into, "<p class=\"fault\">");
		SAY(page->into, page->language, WORD_OP_LEAD_STILL, said_count(WORD_OP_CONTAINERS_ONE, overview->open));
		HTML(page->into, "</p>\n");
	}
}

struct time_line {
	int64_t from, to;
};

static int64_t end_of(const struct overview_container *container)
{
	return container->closed_at != CLOCK_UNKNOWN ? container->closed_at : container->last_seen;
}

static struct time_line time_line_of(const struct overview *overview)
{
	struct time_line line = {overview->first_seen, overview->last_seen};
	for (size_t i = 0; i < overview->container_count; i++)
		if (overview->containers[i].first_seen != CLOCK_UNKNOWN && end_of(&overview->containers[i]) > line.to)
			line.to = end_of(&overview->containers[i]);
	line.to = line.to > line.from ? line.to : line.from + 1;
	return line;
}

static void put_span(struct page *page, const struct time_line *line, const struct overview_container *container)
{
	double scale = 1000.0 / (double)(line->to - line->from);
	double from = (double)(container->first_seen - line->from) * scale;
	double width = (double)(end_of(container) - container->first_seen) * scale;
	width = width < 6 ? 6 : width;
	from = from > 1000 - width ? 1000 - width : from;
	HTML(page->into,
	     "<td data-head=\"\" class=\"plot\"><svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
	     "aria-hidden=\"true\">");
	if (container->closed_at == CLOCK_UNKNOWN)
		HTML(page->into, "<rect class=\"still\"");
	else
		HTML(page->into, "<rect");
	buffer_append_format(page->into, " x=\"%.1f\" width=\"%.1f\" height=\"10\"/></svg></td>", from, width);
}

static void put_container(struct operator_call *visit, const struct time_line *line, const struct overview_container *container)
{
	struct page *page = &visit->page;
	bool was_open = container->first_seen != CLOCK_UNKNOWN;
	HTML(page->into, "<tr><th scope=\"row\">");
	html_foreign(page->into, container->url);
	HTML(page->into, "</th>");
	if (was_open)
		put_span(page, line, container);
	else
		HTML(page->into, "<td data-head=\"\" class=\"plot\"></td>");
	operator_day_cell(visit, WORD_OP_OPEN_FIRST, container->first_seen, WORD_OP_OPEN_NEVER);
	operator_day_cell(visit, WORD_OP_OPEN_LAST, container->last_seen, WORD_OP_OPEN_NEVER);
	if (was_open && container->closed_at == CLOCK_UNKNOWN) {
		operator_cell(visit, WORD_OP_OPEN_CLOSED, "fault");
		say(page->into, page->language, WORD_OP_OPEN_NOT_CLOSED);
		HTML(page->into, "</td>");
	} else {
		operator_day_cell(visit, WORD_OP_OPEN_CLOSED, container->closed_at, WORD_OP_OPEN_NEVER);
	}
	operator_value_cell(visit, WORD_OP_OPEN_OBJECTS, said_number(container->objects));
	HTML(page->into, "</tr>\n");
}

static void put_exposure(struct operator_call *visit, const struct overview *overview)
{
	static const struct page_column columns[] = {
		{WORD_OP_OPEN_CONTAINER, false}, {WORD_OP_OPEN_LINE, false},   {WORD_OP_OPEN_FIRST, false},
		{WORD_OP_OPEN_LAST, false},      {WORD_OP_OPEN_CLOSED, false}, {WORD_OP_OPEN_OBJECTS, true},
	};
	struct page *page = &visit->page;
	struct time_line line = time_line_of(overview);
	page_section(page, WORD_OP_OPEN);
	page_paragraph(page, WORD_OP_OPEN_ABOUT);
	operator_table_begin(visit, WORD_OP_OPEN, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < overview->container_count; i++)
		put_container(visit, &line, &overview->containers[i]);
	operator_table_end(visit);
	if (overview->containers_left_out > 0)
		PAGE_PARAGRAPH(page, WORD_OP_OPEN_MORE, said_count(WORD_OP_CONTAINERS_ONE, overview->containers_left_out));
	page_section_end(page);
}

/* ---- what waits ---- */

static void put_waiting_line(struct operator_call *visit, enum word one, uint64_t count, enum portal_route route)
{
	struct page *page = &visit->page;
	if (count == 0)
		return;
	HTML(page->into, "<li>");
	if (roles_may(visit->user.role, route)) {
		HTML(page->into, "<a");
		page_href(page, portal_route_path(route));
		HTML(page->into, ">");
		say_value(page->into, page->language, said_count(one, count));
		HTML(page->into, "</a>");
	} else {
		say_value(page->into, page->language, said_count(one, count));
	}
	HTML(page->into, "</li>\n");
}

static void put_waiting(struct operator_call *visit, const struct overview *overview)
{
	struct page *page = &visit->page;
	const struct reach *reach = &overview->reach;
	page_section(page, WORD_OP_WAITS);
	if (overview->proofs_waiting + overview->appeals_open == 0)
		page_paragraph(page, WORD_OP_WAITS_NOTHING);
	if (overview->proofs_waiting + overview->appeals_open + overview->untold > 0) {
		HTML(page->into, "<ul>\n");
		put_waiting_line(visit, WORD_OP_WAITS_PROOFS_ONE, overview->proofs_waiting, PORTAL_ROUTE_OPERATOR_PROOFS);
		put_waiting_line(visit, WORD_OP_WAITS_APPEALS_ONE, overview->appeals_open, PORTAL_ROUTE_OPERATOR_PROOFS);
		put_waiting_line(visit, WORD_OP_WAITS_UNTOLD_ONE, overview->untold, PORTAL_ROUTE_OPERATOR_ORGANISATIONS);
		HTML(page->into, "</ul>\n");
	}
	if (reach->organisations > 0)
		PAGE_PARAGRAPH(page, WORD_OP_WAITS_REACH, said_number(reach->organisations), said_number(reach->reached),
		               said_number(reach->acknowledged), said_number(reach->unreachable), said_number(reach->waiting));
	page_section_end(page);
}

/* ---- deadlines ---- */

/* Of what is not in force, and of what is about nobody who was found, no clock can run. */
static bool is_shown(const struct duty *duty)
{
	return duty->state != DUTY_NOT_DUE && duty->state != DUTY_PROPOSED;
}

static enum status count_duty(void *context, const struct duty *duty)
{
	*(size_t *)context += is_shown(duty);
	return STATUS_OK;
}

static enum status put_duty(void *context, const struct duty *duty)
{
	struct operator_call *visit = context;
	struct page *page = &visit->page;
	if (!is_shown(duty))
		return STATUS_OK;
	HTML(page->into, "<tr><th scope=\"row\" lang=\"en\">");
	html_text(page->into, duty->regime.name);
	HTML(page->into, " <span class=\"about\">");
	html_text(page->into, duty->regime.article);
	HTML(page->into, "</span></th>");
	if (duty->due_at == CLOCK_UNKNOWN)
		operator_none_cell(visit, WORD_OP_DUTY_DUE, WORD_OP_DUTY_NO_CLOCK);
	else
		operator_value_cell(visit, WORD_OP_DUTY_DUE, said_time(duty->due_at));
	operator_cell(visit, WORD_OP_NOTICE_STATE, duty->state == DUTY_OVERDUE ? "fault" : NULL);
	say(page->into, page->language, (enum word)(WORD_OP_DUTY_NOT_DUE + (int)duty->state));
	HTML(page->into, "</td>");
	operator_cell(visit, WORD_OP_DUTY_BASIS, NULL);
	HTML(page->into, "<details><summary>");
	say(page->into, page->language, WORD_OP_DUTY_SHOW);
	HTML(page->into, "</summary><span lang=\"en\">");
	html_text(page->into, buffer_bytes(&duty->basis));
	HTML(page->into, "</span></details></td></tr>\n");
	return STATUS_OK;
}

static enum status put_deadlines(struct operator_call *visit, struct failure *reterr)
{
	static const struct page_column columns[] = {{WORD_OP_DUTY_NAME, false},
	                                             {WORD_OP_DUTY_DUE, false},
	                                             {WORD_OP_NOTICE_STATE, false},
	                                             {WORD_OP_DUTY_BASIS, false}};
	const struct portal_call *call = visit->call;
	struct duty_facts *facts = arena_allocate(call->arena, sizeof *facts);
	size_t count = 0;
	if (facts == NULL)
		return STATUS_NO_MEMORY;
	enum status status = duty_facts_find(call->desk->catalog, call->desk->incident,
	                                     bytes_of_string(call->desk->incident_name), call->arena, facts, reterr);
	if (status == STATUS_OK)
		status = duties_each(facts, count_duty, &count);
	if (status != STATUS_OK)
		return status;
	page_section(&visit->page, WORD_OP_DEADLINES);
	page_paragraph(&visit->page, count > 0 ? WORD_OP_DEADLINES_ABOUT : WORD_OP_DEADLINES_NONE);
	if (count > 0) {
		operator_table_begin(visit, WORD_OP_DEADLINES, columns, sizeof columns / sizeof *columns);
		status = duties_each(facts, put_duty, visit);
		operator_table_end(visit);
	}
	page_section_end(&visit->page);
	return status;
}

/* ---- counts and what was not seen ---- */

struct measure_row {
	enum word name;
	const struct measure *measure;
	bool is_known;
};

static void put_number(struct page *page, bool is_known, uint64_t number)
{
	HTML(page->into, "<td class=\"n\">");
	if (is_known)
		say_value(page->into, page->language, said_number(number));
	else
		say(page->into, page->language, WORD_OP_NOT_KNOWN);
	HTML(page->into, "</td>");
}

static void put_measures(struct page *page, const struct overview *overview)
{
	static const struct page_column columns[] = {
		{WORD_OP_COUNT_WHAT, false},
		{WORD_OP_COUNT_REFERENCES, true},
		{WORD_OP_COUNT_DISTINCT, true},
		{WORD_OP_COUNT_RESOLVED, true},
	};
	const struct ledger *ledger = &overview->ledger;
	const struct coverage *coverage = &overview->coverage;
	const struct measure_row rows[] = {
		{WORD_OP_MEASURE_OBJECTS, &ledger->objects, true},
		{WORD_OP_MEASURE_DOCUMENTS, &ledger->documents, true},
		{WORD_OP_MEASURE_PAGES, &ledger->pages, true},
		{WORD_OP_MEASURE_ORGANISATIONS, &ledger->organisations, true},
		{WORD_OP_MEASURE_COUNTRIES, &ledger->countries, ledger->has_countries},
		{WORD_OP_MEASURE_PEOPLE, &ledger->people, ledger->has_people},
		{WORD_OP_MEASURE_EMAILS, &ledger->emails, coverage_is_looked_for(coverage, FINDING_EMAIL)},
		{WORD_OP_MEASURE_PHONES, &ledger->phones, coverage_is_looked_for(coverage, FINDING_PHONE)},
		{WORD_OP_MEASURE_PROJECTS, &ledger->projects, coverage_is_looked_for(coverage, FINDING_PROJECT)},
		{WORD_OP_MEASURE_INVOICES, &ledger->invoices, coverage_is_looked_for(coverage, FINDING_INVOICE)},
		{WORD_OP_MEASURE_ORDERS, &ledger->orders, coverage_is_looked_for(coverage, FINDING_ORDER)},
		{WORD_OP_MEASURE_CONTRACTS, &ledger->contracts, coverage_is_looked_for(coverage, FINDING_CONTRACT)},
		{WORD_OP_MEASURE_SIGNED, &ledger->signed_documents, true},
	};
	page_section(page, WORD_OP_COUNT);
	page_paragraph(page, WORD_OP_COUNT_ABOUT);
	page_table_begin(page, WORD_OP_COUNT, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		HTML(page->into, "<tr><th scope=\"row\">");
		say(page->into, page->language, rows[i].name);
		HTML(page->into, "</th>");
		put_number(page, rows[i].is_known, rows[i].measure->references);
		put_number(page, rows[i].is_known, rows[i].measure->distinct);
		put_number(page, rows[i].is_known && rows[i].measure->is_resolved, rows[i].measure->resolved);
		HTML(page->into, "</tr>\n");
	}
	page_table_end(page);
	page_section_end(page);
}

static void put_unseen(struct page *page, const struct ledger *ledger)
{
	static const struct page_column columns[] = {
		{WORD_OP_UNSEEN_WHY, false}, {WORD_OP_UNSEEN_OBJECTS, true}, {WORD_OP_UNSEEN_BYTES, true}};
	page_section(page, WORD_OP_UNSEEN);
	if (ledger->unseen.objects == 0) {
		page_paragraph(page, WORD_OP_UNSEEN_NONE);
		page_section_end(page);
		return;
	}
	page_paragraph(page, WORD_OP_UNSEEN_ABOUT);
	page_table_begin(page, WORD_OP_UNSEEN, columns, sizeof columns / sizeof *columns);
	for (enum outcome outcome = OUTCOME_READ + 1; outcome < OUTCOME_COUNT; outcome++) {
		if (ledger->unseen_by_outcome[outcome].objects == 0)
			continue;
		HTML(page->into, "<tr><th scope=\"row\">");
		say(page->into, page->language, operator_word_of_outcome(outcome));
		HTML(page->into, "</th><td class=\"n\">");
		say_value(page->into, page->language, said_number(ledger->unseen_by_outcome[outcome].objects));
		HTML(page->into, "</td><td class=\"n\">");
		say_value(page->into, page->language, said_size(ledger->unseen_by_outcome[outcome].bytes));
		HTML(page->into, "</td></tr>\n");
	}
	page_table_end(page);
	page_section_end(page);
}

enum status operator_view_overview(struct operator_call *visit, struct failure *reterr)
{
	struct page *page = &visit->page;
	struct overview overview;
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	enum status status = overview_read(visit->call->desk->incident, visit->now, visit->call->arena, &overview, reterr);
	if (status != STATUS_OK)
		return status;
	operator_begin(visit, WORD_OP_OVERVIEW);
	put_lead(page, &overview);
	PAGE_PARAGRAPH(page, WORD_OP_SWEPT, said_time(overview.swept_at));
	put_cards(page, &overview);
	put_waiting(visit, &overview);
	status = put_deadlines(visit, reterr);
	put_exposure(visit, &overview);
	put_unseen(page, &overview.ledger);
	put_measures(page, &overview);
	operator_end(visit);
	return status;
}

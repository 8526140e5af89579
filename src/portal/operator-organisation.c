/* SPDX-License-Identifier: Apache-2.0 */
/* One organisation: what of it was found, what it was told by whom, who asked about it, and an invitation for it. */
#include "answer/lookup.h"
#include "base/clock.h"
#include "catalog/register.h"
#include "portal/answer-words.h"
#include "portal/operator-words.h"
#include "portal/operator.h"
#include "portal/roles.h"
#include "portal/standing.h"

enum { ASKED_SHOWN = 20, NOTICES_SHOWN = 50 };

/* ---- facts, a line each ---- */

static void begin_fact(struct page *page, enum word name)
{
	HTML(page->into, "<dt>");
	say(page->into, page->language, name);
	HTML(page->into, "</dt><dd>");
}

static void end_fact(struct page *page)
{
	HTML(page->into, "</dd>\n");
}

static void put_text_fact(struct page *page, enum word name, struct bytes text)
{
	if (text.len == 0)
		return;
	begin_fact(page, name);
	html_foreign(page->into, text);
	end_fact(page);
}

static void put_day_fact(struct page *page, enum word name, int64_t time, enum word otherwise)
{
	begin_fact(page, name);
	if (time == CLOCK_UNKNOWN)
		say(page->into, page->language, otherwise);
	else
		say_value(page->into, page->language, said_time(time));
	end_fact(page);
}

static enum status put_registered(void *context, const struct register_row *row)
{
	struct page *page = context;
	enum word relationship = operator_word_of_relationship(row->relationship);
	put_text_fact(page, WORD_OP_ORG_FULL_NAME, row->name);
	if (relationship != WORD_COUNT) {
		begin_fact(page, WORD_OP_ORG_RELATIONSHIP);
		say(page->into, page->language, relationship);
		end_fact(page);
	}
	put_text_fact(page, WORD_OP_ORG_SECTOR, row->sector);
	put_text_fact(page, WORD_OP_ORG_COUNTRY, row->country);
	put_text_fact(page, WORD_OP_ORG_CONTACT, row->contact);
	return STATUS_OK;
}

static void put_standing(struct page *page, const struct standing *standing)
{
	put_day_fact(page, WORD_OP_ORG_TOLD, standing->told, standing->came_back ? WORD_OP_CAME_BACK : WORD_OP_ORG_NOT_TOLD);
	put_day_fact(page, WORD_OP_ORG_REACHED, standing->reached, WORD_OP_ORG_NOT_REACHED);
	put_day_fact(page, WORD_OP_ORG_PROVED, standing->proved, WORD_OP_ORG_NOT_PROVED);
	put_day_fact(page, WORD_OP_ORG_ANSWERED, standing->answered, WORD_OP_ORG_NOT_ANSWERED);
}

/* ---- what was found ---- */

static void put_found(struct page *page, const struct lookup *lookup)
{
	begin_fact(page, WORD_OP_ORG_DOCUMENTS);
	SAY(page->into, page->language, WORD_OP_ORG_BOTH_WAYS, said_number(lookup->documents),
	    said_number(lookup->distinct_documents));
	end_fact(page);
	begin_fact(page, WORD_OP_MEASURE_EMAILS);
	say_value(page->into, page->language, said_number(lookup->addresses));
	end_fact(page);
	begin_fact(page, WORD_OP_MEASURE_PEOPLE);
	say_value(page->into, page->language, said_number(lookup->people));
	end_fact(page);
	if (lookup->first_date != CLOCK_UNKNOWN) {
		begin_fact(page, WORD_OP_ORG_DATED);
		SAY(page->into, page->language, WORD_OP_ORG_RANGE, said_day(lookup->first_date), said_day(lookup->last_date));
		end_fact(page);
	}
	int64_t until = lookup_exposed_until(lookup);
	put_day_fact(page, WORD_OP_ORG_OPEN_FROM, lookup->exposed_from, WORD_OP_NOT_KNOWN);
	put_day_fact(page, WORD_OP_ORG_OPEN_UNTIL, until, lookup->is_still_open ? WORD_OP_OPEN_NOT_CLOSED : WORD_OP_NOT_KNOWN);
}

static void put_classes(struct page *page, const struct lookup *lookup)
{
	static const struct page_column columns[] = {{WORD_OP_ORG_CLASS, false}, {WORD_OP_ORG_DOCUMENTS, true}};
	if (lookup->documents == 0)
		return;
	page_section(page, WORD_OP_ORG_CLASSES);
	page_table_begin(page, WORD_OP_ORG_CLASSES, columns, 2);
	for (enum document_class class = CLASS_NONE; class < CLASS_COUNT; class ++) {
		if (lookup->classes[class] == 0)
			continue;
		HTML(page->into, "<tr><th scope=\"row\">");
		say(page->into, page->language, answer_word_of_class(class));
		HTML(page->into, "</th><td class=\"n\">");
		say_value(page->into, page->language, said_number(lookup->classes[class]));
		HTML(page->into, "</td></tr>\n");
	}
	page_table_end(page);
	page_section_end(page);
}

/* ---- what it was told ---- */

struct notice_lines {
	struct page *page;
	size_t count;
};

static enum status put_notice(void *context, const struct notice *notice)
{
	struct notice_lines *lines = context;
	struct page *page = lines->page;
	if (lines->count++ == NOTICES_SHOWN)
		return STATUS_END;
	HTML(page->into, "<li>");
	say_value(page->into, page->language, said_time(notice->at));
	HTML(page->into, ": ");
	html_foreign(page->into, notice->name.recipient);
	HTML(page->into, " ");
	say(page->into, page->language, operator_word_of_notice(notice->state));
	if (notice->reason.len > 0) {
		HTML(page->into, " ");
		html_foreign(page->into, notice->reason);
	}
	HTML(page->into, "</li>\n");
	return STATUS_OK;
}

static enum status put_notices(struct operator_call *visit, struct bytes domain, struct failure *reterr)
{
	struct page *page = &visit->page;
	struct notice_lines lines = {page, 0};
	page_section(page, WORD_OP_NOTICES);
	HTML(page->into, "<ul>\n");
	enum status status = incident_notices(visit->call->desk->incident, domain, put_notice, &lines, reterr);
	HTML(page->into, "</ul>\n");
	if (lines.count == 0)
		page_paragraph(page, WORD_OP_ORG_NO_NOTICE);
	page_section_end(page);
	return status;
}

/* ---- who asked ---- */

struct asked_lines {
	struct operator_call *visit;
	size_t count;
};

static enum status put_asked(void *context, const struct asked *asked)
{
	struct asked_lines *lines = context;
	struct page *page = &lines->visit->page;
	if (lines->count++ == ASKED_SHOWN)
		return STATUS_END;
	HTML(page->into, "<tr>");
	operator_value_cell(lines->visit, WORD_OP_WHEN, said_time(asked->at));
	operator_cell(lines->visit, WORD_OP_WHAT, NULL);
	say(page->into, page->language, answer_word_of_result(asked->result));
	HTML(page->into, "</td>");
	operator_cell(lines->visit, WORD_OP_HOW, NULL);
	if (asked->method != 0)
		say(page->into, page->language, answer_word_of_method(asked->method));
	HTML(page->into, "</td>");
	operator_value_cell(lines->visit, WORD_OP_NETWORK, said_text(asked->network));
	HTML(page->into, "</tr>\n");
	return STATUS_OK;
}

static enum status put_who_asked(struct operator_call *visit, struct bytes domain, struct failure *reterr)
{
	static const struct page_column columns[] = {
		{WORD_OP_WHEN, false}, {WORD_OP_WHAT, false}, {WORD_OP_HOW, false}, {WORD_OP_NETWORK, false}};
	struct page *page = &visit->page;
	struct asked_lines lines = {visit, 0};
	page_section(page, WORD_OP_ORG_ASKED);
	operator_table_begin(visit, WORD_OP_ORG_ASKED, columns, 4);
	enum status status = asked_about(visit->call->desk->incident, domain, 0, put_asked, &lines, reterr);
	operator_table_end(visit);
	if (lines.count == 0)
		page_paragraph(page, WORD_OP_ORG_NOBODY_ASKED);
	page_section_end(page);
	return status;
}

/* ---- the page ---- */

static void put_actions(struct operator_call *visit, struct bytes domain)
{
	struct page *page = &visit->page;
	if (roles_may(visit->user.role, PORTAL_ROUTE_OPERATOR_INVITE)) {
		page_section(page, WORD_OP_INVITE);
		operator_put_invitation(visit, domain);
		page_section_end(page);
	}
	if (roles_may(visit->user.role, PORTAL_ROUTE_OPERATOR_REVOKE)) {
		page_section(page, WORD_OP_REVOKE);
		operator_put_revocation(visit, domain);
		page_section_end(page);
	}
}

static enum status put_page(struct operator_call *visit, const struct subject *subject, struct lookup *lookup,
                            struct failure *reterr)
{
	struct incident *incident = visit->call->desk->incident;
	struct page *page = &visit->page;
	struct standing standing;
	enum status status = standing_of(incident, subject->name, &standing, reterr);
	if (status == STATUS_OK)
		status = lookup_answer(incident, lookup, NULL, NULL, reterr);
	if (status != STATUS_OK)
		return status;
	operator_begin(visit, WORD_OP_ORGANISATION);
	HTML(page->into, "<p class=\"lead\">");
	html_foreign(page->into, subject->name);
	HTML(page->into, "</p>\n<dl class=\"facts\">\n");
	status = incident_registered(incident, subject->name, put_registered, page, reterr);
	put_found(page, lookup);
	put_standing(page, &standing);
	HTML(page->into, "</dl>\n");
	put_classes(page, lookup);
	if (status == STATUS_OK)
		status = put_notices(visit, subject->name, reterr);
	if (status == STATUS_OK)
		status = put_who_asked(visit, subject->name, reterr);
	put_actions(visit, subject->name);
	operator_end(visit);
	return status;
}

enum status operator_view_organisation(struct operator_call *visit, struct failure *reterr)
{
	struct subject subject;
	struct failure ignored;
	struct lookup lookup;
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	enum status status = subject_read(visit->call->request->parameter, visit->call->arena, &subject, &ignored);
	if (status == STATUS_USAGE) {
		operator_tell(visit, 404, WORD_OP_ABSENT_TITLE, WORD_OP_ABSENT_ORG, WORD_OP_ABSENT_DO);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return fail(reterr, status, "", "memory is used up");
	lookup_begin(&lookup, &subject);
	status = put_page(visit, &subject, &lookup, reterr);
	lookup_free(&lookup);
	return status;
}

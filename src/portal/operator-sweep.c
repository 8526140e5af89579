/* SPDX-License-Identifier: Apache-2.0 */
/* How far the latest sweep is: as a page, and as JSON for the script that keeps the page's figures up to date. */
#include "base/clock.h"
#include "base/json.h"
#include "catalog/questions.h"
#include "portal/operator-words.h"
#include "portal/operator.h"

enum shown_state { STATE_RUNNING, STATE_INTERRUPTED, STATE_FINISHED };

static enum shown_state state_of(const struct sweep_standing *standing)
{
	return standing->is_finished ? STATE_FINISHED : standing->is_running ? STATE_RUNNING : STATE_INTERRUPTED;
}

static uint64_t waiting(const struct sweep_standing *standing)
{
	return standing->outcomes[OUTCOME_PENDING].objects;
}

/* ---- the page ---- */

static void put_state(struct page *page, const struct sweep_standing *standing)
{
	HTML(page->into, "<p class=\"lead\" id=\"sweep-state\" role=\"status\">");
	switch (state_of(standing)) {
	case STATE_RUNNING: SAY(page->into, page->language, WORD_OP_SWEEP_RUNNING, said_time(standing->started)); break;
	case STATE_INTERRUPTED: SAY(page->into, page->language, WORD_OP_SWEEP_STOPPED, said_time(standing->started)); break;
	case STATE_FINISHED:
		SAY(page->into, page->language, WORD_OP_SWEEP_ENDED, said_time(standing->started), said_time(standing->ended));
		break;
	}
	HTML(page->into, "</p>\n");
}

static void put_card(struct page *page, const char *id, enum word name, struct said big, enum word also, struct said more)
{
	HTML(page->into, "<li><span class=\"name\">");
	say(page->into, page->language, name);
	HTML(page->into, "</span><span class=\"big\" id=\"");
	html_string(page->into, id);
	HTML(page->into, "\">");
	say_value(page->into, page->language, big);
	HTML(page->into, "</span><span class=\"also\">");
	SAY(page->into, page->language, also, more);
	HTML(page->into, "</span></li>\n");
}

static void put_figures(struct page *page, const struct sweep_standing *standing)
{
	uint64_t left = waiting(standing);
	HTML(page->into, "<progress id=\"sweep-progress\" aria-labelledby=\"sweep-state\"");
	buffer_append_format(page->into, " max=\"%llu\" value=\"%llu\"",
	                     (unsigned long long)(standing->listed > 0 ? standing->listed : 1),
	                     (unsigned long long)(standing->listed - left));
	HTML(page->into, "></progress>\n<ul class=\"cards\">\n");
	put_card(page, "sweep-listed", WORD_OP_SWEEP_LISTED, said_number(standing->listed), WORD_OP_SWEEP_LISTED_BYTES,
	         said_size(standing->listed_bytes));
	put_card(page, "sweep-done", WORD_OP_SWEEP_DONE, said_number(standing->listed - left), WORD_OP_SWEEP_DONE_ABOUT,
	         said_number(0));
	put_card(page, "sweep-waiting", WORD_OP_SWEEP_WAITING, said_number(left), WORD_OP_SWEEP_WAITING_BYTES,
	         said_size(standing->outcomes[OUTCOME_PENDING].bytes));
	put_card(page, "sweep-targets", WORD_OP_SWEEP_TARGETS, said_number(standing->targets_listed), WORD_OP_SWEEP_TARGETS_OF,
	         said_number(standing->targets));
	HTML(page->into, "</ul>\n");
}

static void put_outcomes(struct page *page, const struct sweep_standing *standing)
{
	static const struct page_column columns[] = {
		{WORD_OP_SWEEP_OUTCOME, false}, {WORD_OP_UNSEEN_OBJECTS, true}, {WORD_OP_UNSEEN_BYTES, true}};
	page_table_begin(page, WORD_OP_SWEEP_OUTCOMES, columns, 3);
	for (enum outcome outcome = OUTCOME_PENDING; outcome < OUTCOME_COUNT; outcome++) {
		if (standing->outcomes[outcome].objects == 0)
			continue;
		HTML(page->into, "<tr><th scope=\"row\">");
		say(page->into, page->language, operator_word_of_outcome(outcome));
		HTML(page->into, "</th><td class=\"n\">");
		say_value(page->into, page->language, said_number(standing->outcomes[outcome].objects));
		HTML(page->into, "</td><td class=\"n\">");
		say_value(page->into, page->language, said_size(standing->outcomes[outcome].bytes));
		HTML(page->into, "</td></tr>\n");
	}
	page_table_end(page);
}

enum status operator_view_sweep(struct operator_call *visit, struct failure *reterr)
{
	struct page *page = &visit->page;
	struct sweep_standing standing;
	if (operator_lacks_incident(visit))
		return STATUS_OK;
	enum status status = incident_standing(visit->call->desk->incident, &standing, reterr);
	if (status == STATUS_ABSENT) {
		operator_tell(visit, 200, WORD_OP_SWEEP, WORD_OP_NOTHING, WORD_OP_NOTHING_DO);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	operator_begin(visit, WORD_OP_SWEEP);
	state_of(&standing) == STATE_RUNNING ? HTML(page->into, "<div id=\"sweep\" data-live=\"")
					     : HTML(page->into, "<div id=\"sweep\" data-still=\"");
	html_string(page->into, portal_route_path(PORTAL_ROUTE_OPERATOR_SWEEP_STATE));
	HTML(page->into, "\">\n");
	put_state(page, &standing);
	put_figures(page, &standing);
	HTML(page->into, "</div>\n<p><a");
	page_href(page, portal_route_path(PORTAL_ROUTE_OPERATOR_SWEEP));
	HTML(page->into, ">");
	say(page->into, page->language, WORD_OP_SWEEP_AGAIN);
	HTML(page->into, "</a></p>\n");
	if (state_of(&standing) == STATE_INTERRUPTED)
		page_paragraph(page, WORD_OP_SWEEP_GO_ON);
	put_outcomes(page, &standing);
	operator_end(visit);
	return STATUS_OK;
}

/* ---- the state ---- */

static void write_standing(const struct sweep_standing *standing, struct json_writer *json)
{
	static const char *const names[] = {"running", "interrupted", "finished"};
	json_member_unsigned(json, "sweep", standing->sweep);
	json_member_string(json, "state", names[state_of(standing)]);
	json_member_time(json, "started", standing->started);
	json_member_time(json, "ended", standing->is_finished ? standing->ended : CLOCK_UNKNOWN);
	json_member_unsigned(json, "targets", standing->targets);
	json_member_unsigned(json, "targets_listed", standing->targets_listed);
	json_member_unsigned(json, "listed", standing->listed);
	json_member_unsigned(json, "done", standing->listed - waiting(standing));
	json_member_unsigned(json, "waiting", waiting(standing));
	json_key(json, "outcomes");
	json_begin_array(json);
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++) {
		if (standing->outcomes[outcome].objects == 0)
			continue;
		json_begin_object(json);
		json_member_string(json, "outcome", outcome_name(outcome));
		json_member_unsigned(json, "objects", standing->outcomes[outcome].objects);
		json_member_unsigned(json, "bytes", standing->outcomes[outcome].bytes);
		json_end_object(json);
	}
	json_end_array(json);
}

enum status operator_view_sweep_state(struct operator_call *visit, struct failure *reterr)
{
	struct json_writer json = json_writer_into(&visit->body);
	struct sweep_standing standing;
	enum status status = STATUS_ABSENT;
	visit->content = PORTAL_JSON;
	if (visit->call->desk->incident != NULL)
		status = incident_standing(visit->call->desk->incident, &standing, reterr);
	json_begin_object(&json);
	if (status == STATUS_OK)
		write_standing(&standing, &json);
	else
		json_member_string(&json, "state", "none");
	json_end_object(&json);
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

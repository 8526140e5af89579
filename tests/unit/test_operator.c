/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's pages by their handler: who may what, what a form must bring, what is on record, and that hostile text is text. */
#include "contract/backend/leak.h"

#include "base/clock.h"
#include "catalog/proofs.h"
#include "catalog/users.h"
#include "gate/gate.h"
#include "portal/operator.h"
#include "portal/roles.h"
#include "portal/standing.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static const struct leak_object leak[] = {
	{"a.txt", "a letter to bob@contoso.com", "e1", OUTCOME_READ, 1500000000, NULL},
	{"b.txt", "a letter to eve@fabrikam.com", "e1", OUTCOME_READ, 1500000000, NULL},
	{"c.bin", NULL, "e1", OUTCOME_ENCRYPTED, 1500000000, NULL},
};

static char *directory;
static struct desk desk;
static struct arena arena;
static struct sign_in users[USER_ROLE_COUNT];

/* ---- a sink that keeps what is sent ---- */

static struct {
	uint16_t code;
	enum portal_content content;
	char location[PORTAL_HEADER_MAX], cookie[PORTAL_HEADER_MAX];
	bool forgets_cookie;
	uint32_t retry_after;
	struct buffer body;
} kept;

static void keep(char *into, struct bytes text)
{
	snprintf(into, PORTAL_HEADER_MAX, "%.*s", (int)text.len, text.len > 0 ? (const char *)text.at : "");
}

static enum status keep_head(struct sink *sink, const struct portal_reply *head)
{
	(void)sink;
	kept.code = head->code;
	kept.content = head->content;
	kept.forgets_cookie = head->forgets_cookie;
	kept.retry_after = head->retry_after;
	keep(kept.location, head->location);
	keep(kept.cookie, head->cookie);
	return STATUS_OK;
}

static enum status keep_piece(struct sink *sink, struct bytes piece)
{
	(void)sink;
	buffer_append(&kept.body, piece);
	return buffer_status(&kept.body);
}

static enum status keep_end(struct sink *sink)
{
	(void)sink;
	return STATUS_OK;
}

static const struct sink_kind keeping = {keep_head, keep_piece, keep_end};

static int64_t no_time(void)
{
	return 1000;
}

/* ---- asking ---- */

static const struct portal_settings settings = {.incident_name = "default", .operator_name = "owner", .url = "http://127.0.0.1"};

static struct portal_request request_of(enum portal_route route)
{
	return (struct portal_request){
		.door = PORTAL_OPERATORS,
		.route = route,
		.peer = BYTES_LITERAL("192.0.2.1"),
		.language = BYTES_LITERAL("en"),
		.is_same_origin = true,
	};
}

static void give(struct portal_request *request, const char *name, struct bytes value)
{
	request->fields[request->field_count++] = (struct portal_field){bytes_of_string(name), value};
}

static const char *send(const struct portal_request *request)
{
	struct sink sink = {.kind = &keeping, .now = no_time};
	struct portal_call call = {.request = request, .settings = &settings, .desk = &desk, .arena = &arena, .sink = &sink};
	struct failure failure = {.why = ""};
	buffer_reset(&kept.body);
	kept.code = 0;
	if (operator_handle(&call, &failure) != STATUS_OK)
		fail_msg("%s: %s", failure.where, failure.why);
	arena_reset(&arena);
	assert_string_equal(desk.operator_name, "owner");
	return buffer_string(&kept.body);
}

static struct portal_request request_by(enum user_role role, enum portal_route route)
{
	struct portal_request request = request_of(route);
	request.session = PORTAL_COOKIE;
	request.token = bytes_of_string(users[role].token);
	return request;
}

/* What the session's forms bring, taken from a page of it. */
static struct bytes form_of(enum user_role role)
{
	static char token[OPERATOR_FORM_TOKEN_SIZE];
	struct portal_request request = request_by(role, roles_first_page(role));
	const char *at = strstr(send(&request), "name=\"form\" value=\"");
	assert_non_null(at);
	snprintf(token, sizeof token, "%s", at + strlen("name=\"form\" value=\""));
	return bytes_of_string(token);
}

static int set_up(void **state)
{
	struct failure failure;
	struct incident *incident;
	(void)state;
	directory = leak_directory();
	desk = (struct desk){.place = leak_place(directory), .incident_name = "default", .operator_name = "owner"};
	kept.body = buffer_with_ceiling(1 << 22);
	arena = arena_with_ceiling(64u << 20);
	assert_int_equal(desk_open(&desk, CATALOG_CREATE, NULL, &failure), STATUS_OK);
	assert_int_equal(incident_open(desk.catalog, BYTES_LITERAL("default"), INCIDENT_SWEEP, &incident, &failure), STATUS_OK);
	leak_sweep(incident, leak, 3, NULL);
	incident_close(incident);
	assert_int_equal(desk_open_incident(&desk, INCIDENT_READ, &failure), STATUS_OK);
	for (enum user_role role = USER_ADMIN; role < USER_ROLE_COUNT; role++) {
		struct bytes name = bytes_of_string(user_role_name(role));
		bool was_there;
		const struct new_user user = {name, BYTES_LITERAL("a long password"), role, 1};
		const struct sign_in_attempt attempt = {name, BYTES_LITERAL("a long password"), BYTES_LITERAL("192.0.2.1"),
		                                        clock_now()};
		assert_int_equal(catalog_add_user(desk.catalog, &user, &was_there, &failure), STATUS_OK);
		assert_int_equal(sign_in_begin(desk.catalog, &attempt, &users[role], &failure), STATUS_OK);
		assert_int_equal(users[role].verdict, SIGN_IN_RIGHT);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_close(&desk);
	buffer_free(&kept.body);
	arena_free(&arena);
	leak_remove(directory);
	return 0;
}

/* ---- the journal ---- */

struct expected_entry {
	const char *verb, *who;
	unsigned count;
};

static enum status count_entry(void *context, const struct journal_entry *entry)
{
	struct expected_entry *expected = context;
	expected->count += bytes_equal_string(entry->verb, expected->verb) &&
	                   bytes_equal_string(entry->operator_name, expected->who);
	return STATUS_OK;
}

static unsigned count_entries(const char *verb, const char *who)
{
	struct expected_entry expected = {verb, who, 0};
	struct failure failure;
	assert_int_equal(
		journal_show(desk.catalog, &(struct journal_question){.since = INT64_MIN}, count_entry, &expected, &failure),
		STATUS_OK);
	return expected.count;
}

/* ---- roles ---- */

static const struct {
	enum portal_route route;
	const char *roles; /* that may, by their first letters: admin, analYst, notifier, auDitor, helpdesk */
	bool is_post;
} table[] = {
	{PORTAL_ROUTE_OPERATOR_LEAVE, "aynuh", true},         {PORTAL_ROUTE_OPERATOR_OVERVIEW, "aynu", false},
	{PORTAL_ROUTE_OPERATOR_ORGANISATIONS, "aynu", false}, {PORTAL_ROUTE_OPERATOR_ORGANISATION, "aynu", false},
	{PORTAL_ROUTE_OPERATOR_NOTICES, "anu", false},        {PORTAL_ROUTE_OPERATOR_PROOFS, "aynu", false},
	{PORTAL_ROUTE_OPERATOR_DECIDE_PROOF, "an", true},     {PORTAL_ROUTE_OPERATOR_DECIDE_APPEAL, "ay", true},
	{PORTAL_ROUTE_OPERATOR_INVITE, "an", true},           {PORTAL_ROUTE_OPERATOR_SWEEP, "aynu", false},
	{PORTAL_ROUTE_OPERATOR_SWEEP_STATE, "aynu", false},   {PORTAL_ROUTE_OPERATOR_JOURNAL, "au", false},
	{PORTAL_ROUTE_OPERATOR_HELPDESK, "ah", false},        {PORTAL_ROUTE_OPERATOR_ANSWER, "ah", true},
	{PORTAL_ROUTE_OPERATOR_REVOKE, "an", true},
};
static const char letters[] = "aynuh"; /* of the roles, in their order */

static void each_role_may_what_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (table[i].route == PORTAL_ROUTE_OPERATOR_LEAVE)
			continue;
		for (enum user_role role = USER_ADMIN; role < USER_ROLE_COUNT; role++) {
			struct bytes form = form_of(role);
			struct portal_request request = request_by(role, table[i].route);
			bool may = strchr(table[i].roles, letters[role]) != NULL;
			request.parameter = BYTES_LITERAL("contoso.com");
			if (table[i].is_post)
				give(&request, "form", form);
			const char *body = send(&request);
			bool is_refused = strstr(body, "This is not open to you") != NULL;
			bool is_led = table[i].route == PORTAL_ROUTE_OPERATOR_OVERVIEW && role == USER_HELPDESK;
			if (is_led) {
				assert_int_equal(kept.code, 303);
				assert_string_equal(kept.location, "/operator/answer");
				continue;
			}
			if (is_refused == may || (kept.code == 403) == may)
				fail_msg("%s, %s: %u", portal_route_path(table[i].route), user_role_name(role), kept.code);
		}
	}
}

static void every_operator_route_has_its_row(void **state)
{
	(void)state;
	for (enum portal_route route = PORTAL_ROUTE_OPERATOR_SIGN_IN; route <= PORTAL_ROUTE_OPERATOR_ANSWER; route++) {
		size_t at = 0;
		while (at < sizeof table / sizeof *table && table[at].route != route)
			at++;
		bool is_for_nobody = route == PORTAL_ROUTE_OPERATOR_SIGN_IN || route == PORTAL_ROUTE_OPERATOR_ENTER;
		assert_int_equal(at == sizeof table / sizeof *table, is_for_nobody);
		for (enum user_role role = USER_ADMIN; role < USER_ROLE_COUNT; role++)
			assert_int_equal(roles_may(role, route),
			                 !is_for_nobody && strchr(table[at].roles, letters[role]) != NULL);
	}
	assert_false(roles_may(USER_ADMIN, PORTAL_ROUTE_ANSWER));
}

static void who_is_refused_learns_nothing(void **state)
{
	struct portal_request known = request_by(USER_HELPDESK, PORTAL_ROUTE_OPERATOR_ORGANISATION), unknown = known;
	struct portal_request journal = request_by(USER_HELPDESK, PORTAL_ROUTE_OPERATOR_JOURNAL);
	char first[1 << 16];
	(void)state;
	known.parameter = BYTES_LITERAL("contoso.com");
	unknown.parameter = BYTES_LITERAL("nobody.example");
	snprintf(first, sizeof first, "%s", send(&known));
	const char *language = strstr(first, "/operator/organisations/contoso.com");
	assert_non_null(language);
	const char *second = send(&unknown);
	assert_int_equal(kept.code, 403);
	/* But for the echo of its own address. */
	assert_int_equal(strlen(first) - strlen("contoso.com"), strlen(second) - strlen("nobody.example"));
	send(&journal);
	assert_int_equal(kept.code, 403);
	assert_int_equal(count_entries("refused", "helpdesk"), 3);
}

/* ---- sessions and forms ---- */

static void nobody_gets_nowhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct portal_request request = request_of(table[i].route);
		send(&request);
		assert_int_equal(kept.code, 303);
		assert_string_equal(kept.location, "/operator/sign-in");
		assert_int_equal(kept.body.len, 0);
		request.session = PORTAL_BEARER; /* a token of the subjects' kind is none here */
		request.token = bytes_of_string(users[USER_ADMIN].token);
		send(&request);
		assert_int_equal(kept.code, 303);
		request.session = PORTAL_COOKIE;
		request.token = BYTES_LITERAL("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		send(&request);
		assert_int_equal(kept.code, 303);
		assert_true(kept.forgets_cookie);
		request.wants_problem = true;
		send(&request);
		assert_int_equal(kept.code, 401);
	}
}

static void a_form_must_be_of_this_session(void **state)
{
	struct portal_request request = request_by(USER_ADMIN, PORTAL_ROUTE_OPERATOR_INVITE);
	char other[OPERATOR_FORM_TOKEN_SIZE];
	(void)state;
	snprintf(other, sizeof other, "%s", (const char *)form_of(USER_NOTIFIER).at);
	give(&request, "subject", BYTES_LITERAL("contoso.com"));
	give(&request, "ticket", BYTES_LITERAL("T-1"));
	assert_non_null(strstr(send(&request), "This is not open to you"));
	give(&request, "form", bytes_of_string(other));
	assert_non_null(strstr(send(&request), "This is not open to you"));
	request.fields[2].value = form_of(USER_ADMIN);
	request.is_same_origin = false;
	assert_non_null(strstr(send(&request), "This is not open to you"));
	request.is_same_origin = true;
	assert_non_null(strstr(send(&request), "class=\"code\""));
	assert_int_equal(kept.code, 200);
}

static void signing_in_makes_a_token_of_its_own(void **state)
{
	struct portal_request request = request_by(USER_ADMIN, PORTAL_ROUTE_OPERATOR_ENTER), old;
	(void)state;
	give(&request, "name", BYTES_LITERAL("auditor"));
	give(&request, "password", BYTES_LITERAL("a long password"));
	send(&request);
	assert_int_equal(kept.code, 303);
	assert_int_equal(strlen(kept.cookie), SIGN_IN_TOKEN_SIZE - 1);
	assert_string_not_equal(kept.cookie, users[USER_ADMIN].token);
	assert_string_equal(kept.location, "/operator");
	old = request_by(USER_ADMIN, PORTAL_ROUTE_OPERATOR_OVERVIEW);
	send(&old); /* the one that came along has ended */
	assert_int_equal(kept.code, 303);
	assert_int_equal(count_entries("sign-in", "auditor"), 1);
	request.fields[1].value = BYTES_LITERAL("another");
	const char *body = send(&request);
	assert_int_equal(kept.code, 403);
	assert_non_null(strstr(body, "Name or password is wrong"));
	assert_null(strstr(body, "another"));
	assert_int_equal(count_entries("sign-in refused", ""), 1);
	request.is_same_origin = false;
	send(&request);
	assert_int_equal(kept.code, 403);
	assert_int_equal(count_entries("sign-in refused", ""), 1);
}

static void too_many_wrong_passwords_are_made_to_wait(void **state)
{
	struct portal_request request = request_of(PORTAL_ROUTE_OPERATOR_ENTER);
	(void)state;
	give(&request, "name", BYTES_LITERAL("admin"));
	give(&request, "password", BYTES_LITERAL("wrong"));
	for (int i = 0; i < SIGN_IN_MAX_AT_ONE; i++)
		send(&request);
	send(&request);
	assert_int_equal(kept.code, 429);
	assert_true(kept.retry_after > 0 && kept.retry_after <= SIGN_IN_WINDOW);
	send(&request);
	assert_int_equal(count_entries("sign-in refused", ""), SIGN_IN_MAX_AT_ONE);
	assert_int_equal(count_entries("sign-in limited", ""), 1);
}

static void signing_out_ends_the_session(void **state)
{
	struct portal_request request = request_by(USER_HELPDESK, PORTAL_ROUTE_OPERATOR_LEAVE);
	(void)state;
	give(&request, "form", form_of(USER_HELPDESK));
	send(&request);
	assert_int_equal(kept.code, 303);
	assert_true(kept.forgets_cookie);
	struct portal_request again = request_by(USER_HELPDESK, PORTAL_ROUTE_OPERATOR_HELPDESK);
	send(&again);
	assert_int_equal(kept.code, 303);
	assert_int_equal(count_entries("sign-out", "helpdesk"), 1);
}

/* ---- how far it is ---- */

static struct standing standing_after(const struct notice *notices, size_t count)
{
	struct standing standing = standing_of_none();
	for (size_t i = 0; i < count; i++)
		standing_add(&standing, &notices[i]);
	return standing;
}

static void what_came_back_reached_nobody(void **state)
{
	const struct notice sent = {.state = NOTICE_STATE_SENT, .at = 10},
			    unknown = {.state = NOTICE_STATE_SENT, .is_unknown = true, .at = 10};
	const struct notice bounced = {.state = NOTICE_STATE_BOUNCED, .at = 20},
			    planned = {.state = NOTICE_STATE_PLANNED, .at = 5};
	const struct notice said_so = {.state = NOTICE_STATE_ACKNOWLEDGED, .at = 30};
	const struct notice csirt = {.state = NOTICE_STATE_SENT, .found_by = NOTICE_BY_CONTACTS, .at = 10};
	const struct notice escalated[] = {{.state = NOTICE_STATE_ESCALATED, .was_refused = true, .at = 20}, said_so};
	(void)state;
	assert_true(standing_after(&planned, 1).told == CLOCK_UNKNOWN);
	assert_true(standing_after(&csirt, 1).told == CLOCK_UNKNOWN);
	assert_true(standing_after(&sent, 1).told == 10 && standing_after(&sent, 1).reached == 10);
	assert_true(standing_after(&unknown, 1).told == 10 && standing_after(&unknown, 1).reached == CLOCK_UNKNOWN);
	assert_true(standing_after(&bounced, 1).told == CLOCK_UNKNOWN && standing_after(&bounced, 1).came_back);
	assert_true(standing_after(escalated, 2).reached == 30 && !standing_after(escalated, 2).came_back);
}

/* ---- what pages say ---- */

static void the_overview_counts_both_ways_and_says_what_is_unseen(void **state)
{
	struct portal_request request = request_by(USER_AUDITOR, PORTAL_ROUTE_OPERATOR_OVERVIEW);
	(void)state;
	const char *body = send(&request);
	assert_int_equal(kept.code, 200);
	assert_non_null(strstr(body, "<th scope=\"row\">Organisations</th><td class=\"n\">2</td><td class=\"n\">2</td>"));
	assert_non_null(strstr(body, "wants a password or a key"));
	assert_non_null(strstr(body, "2 organisations were not told"));
	assert_int_equal(count_entries("overview", "auditor"), 1);
}

static void organisations_show_how_far_it_is(void **state)
{
	struct portal_request list = request_by(USER_ANALYST, PORTAL_ROUTE_OPERATOR_ORGANISATIONS);
	struct portal_request one = request_by(USER_ANALYST, PORTAL_ROUTE_OPERATOR_ORGANISATION);
	(void)state;
	const char *body = send(&list);
	assert_non_null(strstr(body, "href=\"/operator/organisations/contoso.com\""));
	assert_non_null(strstr(body, "fabrikam.com"));
	one.parameter = BYTES_LITERAL("contoso.com");
	body = send(&one);
	assert_non_null(strstr(body, "not told yet"));
	assert_non_null(strstr(body, "1, of which 1 different"));
	assert_null(strstr(body, "fabrikam"));
	one.parameter = BYTES_LITERAL("<script>");
	assert_null(strstr(send(&one), "<script>alert"));
	assert_int_equal(kept.code, 404);
	assert_int_equal(count_entries("organisations", "analyst"), 3);
}

static void an_appeal_is_decided_with_a_reason(void **state)
{
	const struct appeal appeal = {
		.subject = BYTES_LITERAL("contoso.com"),
		.kind = APPEAL_OURS_TOO,
		.text = BYTES_LITERAL("<b>this</b> \xe2\x80\xae too"),
		.made = clock_now(),
	};
	struct failure failure;
	uint64_t number = 0;
	char parameter[24];
	(void)state;
	assert_int_equal(appeal_make(desk.incident, &appeal, BYTES_LITERAL("192.0.2.7"), &number, &failure), STATUS_OK);
	struct portal_request list = request_by(USER_ANALYST, PORTAL_ROUTE_OPERATOR_PROOFS);
	const char *body = send(&list);
	assert_non_null(strstr(body, "&lt;b&gt;this&lt;/b&gt; \\u{202E} too"));
	assert_null(strstr(body, "<b>this"));
	struct portal_request request = request_by(USER_ANALYST, PORTAL_ROUTE_OPERATOR_DECIDE_APPEAL);
	snprintf(parameter, sizeof parameter, "%llu", (unsigned long long)number);
	request.parameter = bytes_of_string(parameter);
	give(&request, "form", form_of(USER_ANALYST));
	give(&request, "decision", BYTES_LITERAL("refuse"));
	assert_non_null(strstr(send(&request), "A decision needs a reason"));
	give(&request, "why", BYTES_LITERAL("read by hand"));
	send(&request);
	assert_int_equal(kept.code, 303);
	send(&request);
	assert_int_equal(kept.code, 409);
	assert_non_null(strstr(send(&list), "read by hand"));
}

static enum status keep_id(void *context, const struct minimised *document)
{
	id_format(document->id, context);
	return STATUS_OK;
}

static unsigned count_answer(char id[ID_TEXT_SIZE])
{
	struct gate_question question = {.subject = {SUBJECT_ORGANISATION, BYTES_LITERAL("contoso.com"), false},
	                                 .limit = UINT64_MAX};
	struct gate_answer answer;
	struct failure failure;
	assert_int_equal(gate_ask(desk.catalog, desk.incident, &question, keep_id, id, &answer, &failure), STATUS_OK);
	unsigned documents = (unsigned)answer.sums.documents;
	gate_answer_free(&answer);
	return documents;
}

static void a_document_that_is_not_theirs_is_withheld_on_record(void **state)
{
	struct failure failure;
	uint64_t nth = 0;
	char id[ID_TEXT_SIZE] = "";
	(void)state;
	unsigned before = count_answer(id);
	assert_true(before > 0);
	const struct appeal appeal = {
		.subject = BYTES_LITERAL("contoso.com"),
		.kind = APPEAL_NOT_OURS,
		.document = bytes_of_string(id),
		.text = BYTES_LITERAL("of a namesake"),
		.made = clock_now(),
	};
	assert_int_equal(appeal_make(desk.incident, &appeal, BYTES_LITERAL("192.0.2.7"), &nth, &failure), STATUS_OK);
	struct portal_request request = request_by(USER_ANALYST, PORTAL_ROUTE_OPERATOR_DECIDE_APPEAL);
	request.parameter = BYTES_LITERAL("1");
	give(&request, "form", form_of(USER_ANALYST));
	give(&request, "decision", BYTES_LITERAL("grant"));
	give(&request, "why", BYTES_LITERAL("it is a namesake's"));
	send(&request);
	assert_int_equal(kept.code, 303);
	assert_int_equal(count_answer(id), before - 1);
	assert_int_equal(count_entries("review withhold", "analyst"), 1);
}

/* Shown, and it might prove too much. */
static void make_one_wait(struct challenge_made *made)
{
	const struct challenge_plea plea = {
		.subject = BYTES_LITERAL("contoso.com"),
		.method = PROOF_DNS,
		.peer = BYTES_LITERAL("198.51.100.9"),
		.now = clock_now(),
		.open_max = 5,
		.per_hour_max = 20,
	};
	struct challenge challenge;
	struct failure failure;
	uint32_t wait;
	char token[PROOF_SECRET_TEXT_SIZE];
	assert_int_equal(challenge_make(desk.incident, &plea, made, &wait, &failure), STATUS_OK);
	const struct challenge_check check = {
		.id = bytes_of_string(made->id),
		.peer = plea.peer,
		.now = plea.now,
		.per_hour_max = 20,
		.at_once_max = 4,
		.lease_seconds = 30,
	};
	assert_int_equal(challenge_take(desk.incident, &check, &arena, &challenge, &wait, &failure), STATUS_OK);
	assert_int_equal(challenge_settle(desk.incident, &check, VERDICT_WAIT, token, &failure), STATUS_OK);
}

static void a_proof_that_waits_is_decided_by_whoever_may(void **state)
{
	struct portal_request list = request_by(USER_NOTIFIER, PORTAL_ROUTE_OPERATOR_PROOFS);
	struct portal_request looking = request_by(USER_ANALYST, PORTAL_ROUTE_OPERATOR_PROOFS);
	struct portal_request request = request_by(USER_NOTIFIER, PORTAL_ROUTE_OPERATOR_DECIDE_PROOF);
	struct challenge_made made;
	struct challenge challenge;
	struct failure failure;
	char parameter[24];
	(void)state;
	make_one_wait(&made);
	const char *action = strstr(send(&list), "action=\"/operator/proofs/");
	assert_non_null(action);
	assert_non_null(strstr(buffer_string(&kept.body), "198.51.100.0/24"));
	assert_null(strstr(buffer_string(&kept.body), "198.51.100.9"));
	snprintf(parameter, sizeof parameter, "%llu", strtoull(action + strlen("action=\"/operator/proofs/"), NULL, 10));
	assert_null(strstr(send(&looking), "action=\"/operator/proofs/"));
	assert_non_null(strstr(buffer_string(&kept.body), "198.51.100.0/24"));
	request.parameter = bytes_of_string(parameter);
	give(&request, "form", form_of(USER_NOTIFIER));
	give(&request, "decision", BYTES_LITERAL("grant"));
	give(&request, "why", BYTES_LITERAL("called back at the number of the contract"));
	send(&request);
	assert_int_equal(kept.code, 303);
	assert_int_equal(challenge_show(desk.incident, bytes_of_string(made.id), clock_now(), &arena, &challenge, &failure),
	                 STATUS_OK);
	assert_int_equal(challenge.state, CHALLENGE_GRANTED);
	send(&request);
	assert_int_equal(kept.code, 409);
}

static void a_right_to_read_is_taken_away_with_a_reason(void **state)
{
	struct portal_request page = request_by(USER_NOTIFIER, PORTAL_ROUTE_OPERATOR_ORGANISATION);
	struct portal_request looking = request_by(USER_ANALYST, PORTAL_ROUTE_OPERATOR_ORGANISATION);
	struct portal_request request = request_by(USER_NOTIFIER, PORTAL_ROUTE_OPERATOR_REVOKE);
	(void)state;
	page.parameter = looking.parameter = BYTES_LITERAL("contoso.com");
	assert_non_null(strstr(send(&page), "action=\"/operator/revocations\""));
	assert_null(strstr(send(&looking), "action=\"/operator/revocations\""));
	give(&request, "form", form_of(USER_NOTIFIER));
	give(&request, "subject", BYTES_LITERAL("contoso.com"));
	assert_non_null(strstr(send(&request), "needs a reason"));
	assert_int_equal(count_entries("proof revoke", "notifier"), 0);
	give(&request, "why", BYTES_LITERAL("a former employee had the mailbox"));
	send(&request);
	assert_int_equal(kept.code, 303);
	assert_string_equal(kept.location, "/operator/organisations/contoso.com");
	assert_int_equal(count_entries("proof revoke", "notifier"), 1);
}

static void the_helpdesk_answers_only_who_has_proved(void **state)
{
	struct portal_request request = request_by(USER_HELPDESK, PORTAL_ROUTE_OPERATOR_ANSWER);
	(void)state;
	give(&request, "form", form_of(USER_HELPDESK));
	give(&request, "subject", BYTES_LITERAL("contoso.com"));
	assert_non_null(strstr(send(&request), "Say how the asker is known"));
	give(&request, "ticket", BYTES_LITERAL("T-17"));
	assert_non_null(strstr(send(&request), "Nobody has proved to be that subject"));
	assert_int_equal(kept.code, 403);
	assert_null(strstr(buffer_string(&kept.body), "a.txt"));
}

static void an_empty_catalog_says_what_to_do(void **state)
{
	(void)state;
	incident_close(desk.incident);
	desk.incident = NULL;
	const enum portal_route routes[] = {PORTAL_ROUTE_OPERATOR_OVERVIEW, PORTAL_ROUTE_OPERATOR_ORGANISATIONS,
	                                    PORTAL_ROUTE_OPERATOR_NOTICES,  PORTAL_ROUTE_OPERATOR_PROOFS,
	                                    PORTAL_ROUTE_OPERATOR_SWEEP,    PORTAL_ROUTE_OPERATOR_HELPDESK};
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		struct portal_request request = request_by(USER_ADMIN, routes[i]);
		assert_non_null(strstr(send(&request), "tidemark sweep TARGET"));
		assert_int_equal(kept.code, 200);
	}
	struct portal_request state_of_sweep = request_by(USER_ADMIN, PORTAL_ROUTE_OPERATOR_SWEEP_STATE);
	assert_string_equal(send(&state_of_sweep), "{\"state\":\"none\"}");
	assert_int_equal(kept.content, PORTAL_JSON);
}

static void languages_are_chosen_and_kept(void **state)
{
	struct portal_request request = request_by(USER_ADMIN, PORTAL_ROUTE_OPERATOR_ORGANISATIONS);
	(void)state;
	give(&request, "language", BYTES_LITERAL("de"));
	const char *body = send(&request);
	assert_non_null(strstr(body, "<html lang=\"de\">"));
	assert_non_null(strstr(body, "Benachrichtigt"));
	assert_non_null(strstr(body, "href=\"/operator/organisations/contoso.com?language=de\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_role_may_what_the_table_says),
		cmocka_unit_test(every_operator_route_has_its_row),
		CASE(who_is_refused_learns_nothing),
		CASE(nobody_gets_nowhere),
		CASE(a_form_must_be_of_this_session),
		CASE(signing_in_makes_a_token_of_its_own),
		CASE(too_many_wrong_passwords_are_made_to_wait),
		CASE(signing_out_ends_the_session),
		cmocka_unit_test(what_came_back_reached_nobody),
		CASE(the_overview_counts_both_ways_and_says_what_is_unseen),
		CASE(organisations_show_how_far_it_is),
		CASE(an_appeal_is_decided_with_a_reason),
		CASE(a_document_that_is_not_theirs_is_withheld_on_record),
		CASE(a_proof_that_waits_is_decided_by_whoever_may),
		CASE(a_right_to_read_is_taken_away_with_a_reason),
		CASE(the_helpdesk_answers_only_who_has_proved),
		CASE(an_empty_catalog_says_what_to_do),
		CASE(languages_are_chosen_and_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

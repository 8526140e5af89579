/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and out. Each success has a token of its own, whatever came along; an
 * older session that was shown with it ends. Wrong names and wrong passwords are
 * one, and every attempt is on record: over the limit by the hour.
 */
#include "base/clock.h"
#include "base/json.h"
#include "catalog/users.h"
#include "portal/operator.h"
#include "portal/roles.h"

#include <stdio.h>

/* ---- the page ---- */

static enum status note_one(void *context, const struct user *user)
{
	(void)user;
	*(bool *)context = true;
	return STATUS_END;
}

static void put_field(struct page *page, const char *name, const char *kind, enum word label, struct bytes value)
{
	HTML(page->into, "<div class=\"field\"><label for=\"");
	html_string(page->into, name);
	HTML(page->into, "\">");
	say(page->into, page->language, label);
	HTML(page->into, "</label><input id=\"");
	html_string(page->into, name);
	HTML(page->into, "\" name=\"");
	html_string(page->into, name);
	HTML(page->into, "\" type=\"");
	html_string(page->into, kind);
	HTML(page->into, "\" autocomplete=\"");
	html_string(page->into, strcmp(kind, "password") == 0 ? "current-password" : "username");
	HTML(page->into, "\" value=\"");
	html_text(page->into, value);
	HTML(page->into, "\" required></div>\n");
}

static void put_form(struct page *page, struct bytes name)
{
	page_form_begin(page, portal_route_path(PORTAL_ROUTE_OPERATOR_ENTER));
	put_field(page, "name", "text", WORD_OP_SIGN_IN_NAME, name);
	put_field(page, "password", "password", WORD_OP_SIGN_IN_PASSWORD, BYTES_NONE);
	page_form_end(page, WORD_OP_SIGN_IN_BUTTON, true);
}

static void begin_page(struct operator_call *visit)
{
	operator_begin(visit, WORD_OP_SIGN_IN);
}

static enum status send_page(struct operator_call *visit, uint16_t code, uint32_t retry_after)
{
	struct portal_reply reply = {.code = code, .content = PORTAL_HTML, .retry_after = retry_after};
	operator_end(visit);
	enum status status = buffer_status(&visit->body);
	return status == STATUS_OK ? reply_whole(visit->call->sink, &reply, buffer_bytes(&visit->body)) : status;
}

enum status operator_show_sign_in(struct operator_call *visit, struct failure *reterr)
{
	bool has_users = false;
	enum status status = catalog_users(visit->call->desk->catalog, visit->now, note_one, &has_users, reterr);
	if (status != STATUS_OK)
		return status;
	begin_page(visit);
	if (!has_users)
		page_paragraph(&visit->page, WORD_OP_SIGN_IN_NOBODY);
	put_form(&visit->page, BYTES_NONE);
	page_paragraph(&visit->page, WORD_OP_SIGN_IN_ABOUT);
	return send_page(visit, 200, 0);
}

/* ---- the record ---- */

static enum status record(struct operator_call *visit, const char *verb, struct bytes name, struct failure *reterr)
{
	struct desk *desk = visit->call->desk;
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "name", bytes_slice(name, 0, USER_NAME_MAX));
	if (visit->user.name[0] != '\0')
		json_member_string(&json, "role", user_role_name(visit->user.role));
	json_member_text(&json, "address", visit->call->request->peer);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	/* Of the catalog, whatever incident is open: users are. */
	if (status == STATUS_OK)
		status = journal_append(desk->catalog, verb, BYTES_NONE, bytes_of_string(visit->user.name), buffer_bytes(&detail),
		                        reterr);
	buffer_free(&detail);
	return status;
}

static enum status record_hours(struct operator_call *visit, struct failure *reterr)
{
	struct catalog *catalog = visit->call->desk->catalog;
	int64_t hour = 0;
	uint64_t attempts = 0;
	char detail[128], time[CLOCK_TEXT_SIZE];
	enum status status;
	while ((status = sign_in_take_hour(catalog, visit->now, &hour, &attempts, reterr)) == STATUS_OK) {
		int length = snprintf(detail, sizeof detail, "{\"hour\":\"%s\",\"attempts\":%llu}", clock_format(hour, time),
		                      (unsigned long long)attempts);
		status = journal_append(catalog, "sign-in limited", BYTES_NONE, BYTES_NONE, bytes_of(detail, (size_t)length),
		                        reterr);
		if (status != STATUS_OK)
			break;
	}
	return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* ---- signing in ---- */

static enum status let_in(struct operator_call *visit, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	enum status status = record(visit, "sign-in", bytes_of_string(visit->user.name), reterr);
	if (status == STATUS_OK && request->session == PORTAL_COOKIE)
		status = sign_in_end(visit->call->desk->catalog, request->token, reterr);
	if (status != STATUS_OK)
		return status;
	struct portal_reply reply = {.cookie = bytes_of_string(visit->user.token)};
	return operator_answer_with(visit, reply, portal_route_path(roles_first_page(visit->user.role)));
}

static enum status turn_away(struct operator_call *visit, struct bytes name, struct failure *reterr)
{
	enum status status = record(visit, "sign-in refused", name, reterr);
	if (status != STATUS_OK)
		return status;
	begin_page(visit);
	HTML(visit->page.into, "<p class=\"fault\" role=\"alert\">");
	say(visit->page.into, visit->page.language, WORD_OP_SIGN_IN_WRONG);
	HTML(visit->page.into, "</p>\n");
	put_form(&visit->page, name);
	return send_page(visit, 403, 0);
}

static enum status make_wait(struct operator_call *visit, struct bytes name, const struct sign_in *found, struct failure *reterr)
{
	enum status status = found->is_first_over ? record(visit, "sign-in limited", name, reterr) : STATUS_OK;
	if (status != STATUS_OK)
		return status;
	begin_page(visit);
	HTML(visit->page.into, "<p class=\"fault\" role=\"alert\">");
	SAY(visit->page.into, visit->page.language, WORD_OP_SIGN_IN_TOO_MANY,
	    said_count(WORD_OP_MINUTES_ONE, (found->wait + 59) / 60));
	HTML(visit->page.into, "</p>\n");
	return send_page(visit, 429, found->wait);
}

enum status operator_enter(struct operator_call *visit, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	struct sign_in found;
	const struct sign_in_attempt attempt = {
		.name = portal_field(request, "name"),
		.password = portal_field(request, "password"),
		.address = request->peer,
		.now = visit->now,
	};
	if (!request->is_same_origin) {
		operator_tell(visit, 403, WORD_OP_REFUSED_TITLE, WORD_OP_REFUSED, WORD_OP_REFUSED_DO);
		return reply_whole(visit->call->sink, &(struct portal_reply){.code = 403, .content = PORTAL_HTML},
		                   buffer_bytes(&visit->body));
	}
	enum status status = record_hours(visit, reterr);
	if (status == STATUS_OK)
		status = sign_in_begin(visit->call->desk->catalog, &attempt, &found, reterr);
	if (status != STATUS_OK)
		return status;
	switch (found.verdict) {
	case SIGN_IN_WRONG: return turn_away(visit, attempt.name, reterr);
	case SIGN_IN_TOO_MANY: return make_wait(visit, attempt.name, &found, reterr);
	case SIGN_IN_RIGHT: visit->user = found; break;
	}
	return let_in(visit, reterr);
}

enum status operator_leave(struct operator_call *visit, struct failure *reterr)
{
	enum status status = record(visit, "sign-out", bytes_of_string(visit->user.name), reterr);
	if (status == STATUS_OK)
		status = sign_in_end(visit->call->desk->catalog, visit->call->request->token, reterr);
	if (status != STATUS_OK)
		return status;
	return operator_answer_with(visit, (struct portal_reply){.forgets_cookie = true},
	                            portal_route_path(PORTAL_ROUTE_OPERATOR_SIGN_IN));
}

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

static void begin_page(struct operator_call *operator)
{
	operator_begin(operator, WORD_OP_SIGN_IN);
}

static enum status send_page(struct operator_call *operator, uint16_t code, uint32_t retry_after)
{
	struct portal_reply reply = {.code = code, .content = PORTAL_HTML, .retry_after = retry_after};
	operator_end(operator);
	enum status status = buffer_status(&operator->body);
	return status == STATUS_OK ? reply_whole(operator->call->sink, &reply, buffer_bytes(&operator->body)) : status;
}

enum status operator_show_sign_in(struct operator_call *operator, struct failure * reterr)
{
	bool has_users = false;
	enum status status = catalog_users(operator->call->desk->catalog, operator->now, note_one, &has_users, reterr);
	if (status != STATUS_OK)
		return status;
	begin_page(operator);
	if (!has_users)
		page_paragraph(&operator->page, WORD_OP_SIGN_IN_NOBODY);
	put_form(&operator->page, BYTES_NONE);
	page_paragraph(&operator->page, WORD_OP_SIGN_IN_ABOUT);
	return send_page(operator, 200, 0);
}

/* ---- the record ---- */

static enum status record(struct operator_call *operator, const char * verb, struct bytes name, struct failure *reterr)
{
	struct desk *desk = operator->call->desk;
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_text(&json, "name", bytes_slice(name, 0, USER_NAME_MAX));
	if (operator->user.name[0] != '\0')
		json_member_string(&json, "role", user_role_name(operator->user.role));
	json_member_text(&json, "address", operator->call->request->peer);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	/* Of the catalog, whatever incident is open: users are. */
	if (status == STATUS_OK)
		status = journal_append(desk->catalog, verb, BYTES_NONE, bytes_of_string(operator->user.name),
		                        buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status record_hours(struct operator_call *operator, struct failure * reterr)
{
	struct catalog *catalog = operator->call->desk->catalog;
	int64_t hour = 0;
	uint64_t attempts = 0;
	char detail[128], time[CLOCK_TEXT_SIZE];
	enum status status;
	while ((status = sign_in_take_hour(catalog, operator->now, &hour, &attempts, reterr)) == STATUS_OK) {
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

static enum status let_in(struct operator_call *operator, struct failure * reterr)
{
	const struct portal_request *request = operator->call->request;
	enum status status = record(operator, "sign-in", bytes_of_string(operator->user.name), reterr);
	if (status == STATUS_OK && request->session == PORTAL_COOKIE)
		status = sign_in_end(operator->call->desk->catalog, request->token, reterr);
	if (status != STATUS_OK)
		return status;
	struct portal_reply reply = {.cookie = bytes_of_string(operator->user.token)};
	return operator_answer_with(operator, reply, portal_route_path(roles_first_page(operator->user.role)));
}

static enum status turn_away(struct operator_call *operator, struct bytes name, struct failure *reterr)
{
	enum status status = record(operator, "sign-in refused", name, reterr);
	if (status != STATUS_OK)
		return status;
	begin_page(operator);
	HTML(operator->page.into, "<p class=\"fault\" role=\"alert\">");
	say(operator->page.into, operator->page.language, WORD_OP_SIGN_IN_WRONG);
	HTML(operator->page.into, "</p>\n");
	put_form(&operator->page, name);
	return send_page(operator, 403, 0);
}

static enum status make_wait(struct operator_call *operator, struct bytes name, const struct sign_in *found,
                             struct failure *reterr)
{
	enum status status = found->is_first_over ? record(operator, "sign-in limited", name, reterr) : STATUS_OK;
	if (status != STATUS_OK)
		return status;
	begin_page(operator);
	HTML(operator->page.into, "<p class=\"fault\" role=\"alert\">");
	SAY(operator->page.into, operator->page.language, WORD_OP_SIGN_IN_TOO_MANY,
	    said_count(WORD_OP_MINUTES_ONE, (found->wait + 59) / 60));
	HTML(operator->page.into, "</p>\n");
	return send_page(operator, 429, found->wait);
}

enum status operator_enter(struct operator_call *operator, struct failure * reterr)
{
	const struct portal_request *request = operator->call->request;
	struct sign_in found;
	const struct sign_in_attempt attempt = {
		.name = portal_field(request, "name"),
		.password = portal_field(request, "password"),
		.address = request->peer,
		.now = operator->now,
	};
	if (!request->is_same_origin) {
		operator_tell(operator, 403, WORD_OP_REFUSED_TITLE, WORD_OP_REFUSED, WORD_OP_REFUSED_DO);
		return reply_whole(operator->call->sink, &(struct portal_reply){.code = 403, .content = PORTAL_HTML},
		                   buffer_bytes(&operator->body));
	}
	enum status status = record_hours(operator, reterr);
	if (status == STATUS_OK)
		status = sign_in_begin(operator->call->desk->catalog, &attempt, &found, reterr);
	if (status != STATUS_OK)
		return status;
	switch (found.verdict) {
	case SIGN_IN_WRONG: return turn_away(operator, attempt.name, reterr);
	case SIGN_IN_TOO_MANY: return make_wait(operator, attempt.name, &found, reterr);
	case SIGN_IN_RIGHT: operator->user = found; break;
	}
	return let_in(operator, reterr);
}

enum status operator_leave(struct operator_call *operator, struct failure * reterr)
{
	enum status status = record(operator, "sign-out", bytes_of_string(operator->user.name), reterr);
	if (status == STATUS_OK)
		status = sign_in_end(operator->call->desk->catalog, operator->call->request->token, reterr);
	if (status != STATUS_OK)
		return status;
	return operator_answer_with(operator,(struct portal_reply){.forgets_cookie = true},
	                            portal_route_path(PORTAL_ROUTE_OPERATOR_SIGN_IN));
}

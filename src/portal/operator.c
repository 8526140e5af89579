/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/operator.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/percent.h"
#include "portal/roles.h"

#include <assert.h>

enum { PAGE_MAX = 8 << 20, DETAIL_FIELD_MAX = 256 };

static const struct {
	enum portal_route route;
	operator_view *view;
	enum word in_navigation; /* WORD_COUNT: not */
} views[] = {
	{PORTAL_ROUTE_OPERATOR_OVERVIEW, operator_view_overview, WORD_OP_NAV_OVERVIEW},
	{PORTAL_ROUTE_OPERATOR_ORGANISATIONS, operator_view_organisations, WORD_OP_NAV_ORGANISATIONS},
	{PORTAL_ROUTE_OPERATOR_ORGANISATION, operator_view_organisation, WORD_COUNT},
	{PORTAL_ROUTE_OPERATOR_NOTICES, operator_view_notices, WORD_OP_NAV_NOTICES},
	{PORTAL_ROUTE_OPERATOR_PROOFS, operator_view_proofs, WORD_OP_NAV_PROOFS},
	{PORTAL_ROUTE_OPERATOR_DECIDE_PROOF, operator_view_decide_proof, WORD_COUNT},
	{PORTAL_ROUTE_OPERATOR_DECIDE_APPEAL, operator_view_decide_appeal, WORD_COUNT},
	{PORTAL_ROUTE_OPERATOR_INVITE, operator_view_invite, WORD_COUNT},
	{PORTAL_ROUTE_OPERATOR_REVOKE, operator_view_revoke, WORD_COUNT},
	{PORTAL_ROUTE_OPERATOR_SWEEP, operator_view_sweep, WORD_OP_NAV_SWEEP},
	{PORTAL_ROUTE_OPERATOR_SWEEP_STATE, operator_view_sweep_state, WORD_COUNT},
	{PORTAL_ROUTE_OPERATOR_HELPDESK, operator_view_helpdesk, WORD_OP_NAV_HELPDESK},
	{PORTAL_ROUTE_OPERATOR_ANSWER, operator_view_answer, WORD_COUNT},
	{PORTAL_ROUTE_OPERATOR_JOURNAL, operator_view_journal, WORD_OP_NAV_JOURNAL},
};

static operator_view *view_of(enum portal_route route)
{
	for (size_t i = 0; i < sizeof views / sizeof *views; i++)
		if (views[i].route == route)
			return views[i].view;
	return NULL;
}

/* ---- pages ---- */

static void put_navigation(struct operator_call *visit)
{
	struct page *page = &visit->page;
	HTML(page->into, "<nav class=\"operator\" aria-label=\"");
	say(page->into, page->language, WORD_OP_NAV);
	HTML(page->into, "\"><div><ul>");
	for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
		if (views[i].in_navigation == WORD_COUNT || !roles_may(visit->user.role, views[i].route))
			continue;
		HTML(page->into, "<li><a");
		page_href(page, portal_route_path(views[i].route));
		if (views[i].route == visit->call->request->route)
			HTML(page->into, " aria-current=\"page\"");
		HTML(page->into, ">");
		say(page->into, page->language, views[i].in_navigation);
		HTML(page->into, "</a></li>");
	}
	HTML(page->into, "</ul><div class=\"who\"><span>");
	html_foreign(page->into, bytes_of_string(visit->user.name));
	HTML(page->into, " ");
	say(page->into, page->language, (enum word)(WORD_OP_ROLE_ADMIN + (int)visit->user.role));
	HTML(page->into, "</span>");
	page_form_begin(page, portal_route_path(PORTAL_ROUTE_OPERATOR_LEAVE));
	page_form_end(page, WORD_OP_SIGN_OUT, false);
	HTML(page->into, "</div></div></nav>\n");
}

void operator_begin_main(struct operator_call *visit, enum word title)
{
	page_begin_head(&visit->page, title);
	if (visit->user.name[0] != '\0')
		put_navigation(visit);
	page_begin_main(&visit->page);
}

void operator_begin(struct operator_call *visit, enum word title)
{
	operator_begin_main(visit, title);
	page_heading(&visit->page, title);
}

void operator_end(struct operator_call *visit)
{
	page_end(&visit->page);
}

void operator_tell(struct operator_call *visit, uint16_t code, enum word title, enum word what_happened, enum word what_to_do)
{
	buffer_reset(&visit->body);
	visit->code = code;
	operator_begin(visit, title);
	page_paragraph(&visit->page, what_happened);
	page_paragraph(&visit->page, what_to_do);
	operator_end(visit);
}

bool operator_lacks_incident(struct operator_call *visit)
{
	if (visit->call->desk->incident != NULL)
		return false;
	operator_tell(visit, 200, WORD_OP_NOTHING_TITLE, WORD_OP_NOTHING, WORD_OP_NOTHING_DO);
	return true;
}

void operator_href(struct operator_call *visit, const char *path, const char *field, struct bytes value)
{
	struct page *page = &visit->page;
	HTML(page->into, " href=\"");
	html_string(page->into, path);
	HTML(page->into, "?");
	html_string(page->into, field);
	HTML(page->into, "=");
	percent_append_encoded(page->into, value, false);
	if (page->is_language_chosen) {
		HTML(page->into, "&amp;language=");
		buffer_append_string(page->into, language_tags[page->language]);
	}
	HTML(page->into, "\"");
}

/* With the head of its column beside it, for where a row stands as lines of its own. */
void operator_cell(struct operator_call *visit, enum word head, const char *class)
{
	struct page *page = &visit->page;
	HTML(page->into, "<td data-head=\"");
	say(page->into, page->language, head);
	if (class != NULL) {
		HTML(page->into, "\" class=\"");
		html_string(page->into, class);
	}
	HTML(page->into, "\">");
}

void operator_none_cell(struct operator_call *visit, enum word head, enum word none)
{
	operator_cell(visit, head, NULL);
	HTML(visit->page.into, "<span class=\"none\">");
	say(visit->page.into, visit->page.language, none);
	HTML(visit->page.into, "</span></td>");
}

void operator_value_cell(struct operator_call *visit, enum word head, struct said value)
{
	operator_cell(visit, head, value.kind == SAID_NUMBER || value.kind == SAID_SIZE ? "n" : NULL);
	say_value(visit->page.into, visit->page.language, value);
	HTML(visit->page.into, "</td>");
}

void operator_day_cell(struct operator_call *visit, enum word head, int64_t time, enum word none)
{
	if (time == CLOCK_UNKNOWN)
		operator_none_cell(visit, head, none);
	else
		operator_value_cell(visit, head, said_day(time));
}

void operator_table_begin(struct operator_call *visit, enum word caption, const struct page_column *columns, size_t count)
{
	HTML(visit->page.into, "<div class=\"stack\">");
	page_table_begin(&visit->page, caption, columns, count);
}

void operator_table_end(struct operator_call *visit)
{
	page_table_end(&visit->page);
	HTML(visit->page.into, "</div>\n");
}

bool operator_number(struct bytes text, uint64_t *ret_number)
{
	return bytes_parse_u64(text, ret_number);
}

/* ---- replies ---- */

static struct bytes with_language(struct operator_call *visit, const char *path)
{
	struct buffer whole = buffer_with_ceiling(PORTAL_HEADER_MAX);
	buffer_append_string(&whole, path);
	if (visit->page.is_language_chosen) {
		buffer_append_string(&whole, "?language=");
		buffer_append_string(&whole, language_tags[visit->page.language]);
	}
	struct bytes copy = buffer_status(&whole) == STATUS_OK ? arena_copy(visit->call->arena, buffer_bytes(&whole))
	                                                       : bytes_of_string(path);
	buffer_free(&whole);
	return copy;
}

enum status operator_answer_with(struct operator_call *visit, struct portal_reply reply, const char *path)
{
	reply.code = 303;
	reply.content = PORTAL_HTML;
	reply.location = with_language(visit, path);
	return reply_whole(visit->call->sink, &reply, BYTES_NONE);
}

enum status operator_go(struct operator_call *visit, const char *path)
{
	return operator_answer_with(visit, (struct portal_reply){.code = 303}, path);
}

static enum status send(struct operator_call *visit)
{
	struct portal_reply reply = {.code = visit->code, .content = visit->content};
	enum status status = buffer_status(&visit->body);
	return status == STATUS_OK ? reply_whole(visit->call->sink, &reply, buffer_bytes(&visit->body)) : status;
}

/* ---- admission ---- */

static enum status refuse(struct operator_call *visit)
{
	const struct portal_request *request = visit->call->request;
	if (request->wants_problem)
		return reply_problem(visit->call->sink, request, 403, "Not for this user", NULL);
	operator_tell(visit, 403, WORD_OP_REFUSED_TITLE, WORD_OP_REFUSED, WORD_OP_REFUSED_DO);
	return send(visit);
}

static enum status send_to_sign_in(struct operator_call *visit)
{
	const struct portal_request *request = visit->call->request;
	if (request->wants_problem)
		return reply_problem(visit->call->sink, request, 401, "Sign in first", NULL);
	return operator_answer_with(visit, (struct portal_reply){.forgets_cookie = request->token.len > 0},
	                            portal_route_path(PORTAL_ROUTE_OPERATOR_SIGN_IN));
}

/* Of the session's token, and tells nothing of it. */
static void make_form_token(struct operator_call *visit)
{
	unsigned char mac[DIGEST_SHA256_SIZE];
	digest_hmac_sha256(visit->call->request->token, BYTES_LITERAL("tidemark-form-1"), mac);
	digest_format_base32(bytes_of(mac, sizeof mac), visit->form_token);
	visit->form_token[OPERATOR_FORM_TOKEN_SIZE - 1] = '\0';
	visit->page.form_token = bytes_of_string(visit->form_token);
}

static bool is_form_of_ours(const struct operator_call *visit)
{
	const struct portal_request *request = visit->call->request;
	struct bytes given = portal_field(request, "form");
	unsigned char difference = given.len != OPERATOR_FORM_TOKEN_SIZE - 1;
	for (size_t i = 0; i < given.len && i < OPERATOR_FORM_TOKEN_SIZE - 1; i++)
		difference |= (unsigned char)(given.at[i] ^ (unsigned char)visit->form_token[i]);
	return request->is_same_origin && difference == 0;
}

/* What was asked, without what is secret: a form's values are told by who acts on them. */
static enum status put_on_record(struct operator_call *visit, const char *verb, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	struct buffer detail = buffer_with_ceiling(1 << 16);
	struct json_writer json = json_writer_into(&detail);
	json_begin_object(&json);
	json_member_string(&json, "page", portal_route_path(request->route));
	if (request->parameter.len > 0)
		json_member_text(&json, "of", request->parameter);
	for (size_t i = 0; i < request->field_count && portal_route_method(request->route) == PORTAL_GET; i++) {
		if (!bytes_equal_string(request->fields[i].name, "verb") &&
		    !bytes_equal_string(request->fields[i].name, "cursor"))
			continue;
		json_key(&json, bytes_equal_string(request->fields[i].name, "verb") ? "verb" : "cursor");
		json_bytes(&json, bytes_slice(request->fields[i].value, 0, DETAIL_FIELD_MAX));
	}
	json_member_string(&json, "role", user_role_name(visit->user.role));
	json_member_text(&json, "address", request->peer);
	json_end_object(&json);
	enum status status = buffer_status(&detail);
	if (status == STATUS_OK)
		status = desk_record(visit->call->desk, verb, buffer_bytes(&detail), reterr);
	buffer_free(&detail);
	return status;
}

static enum status refuse_on_record(struct operator_call *visit, struct failure *reterr)
{
	enum status status = put_on_record(visit, "refused", reterr);
	return status == STATUS_OK ? refuse(visit) : status;
}

static enum status ask_view(struct operator_call *visit, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	const struct role_row *row = roles_row(request->route);
	operator_view *view = view_of(request->route);
	bool is_post = portal_route_method(request->route) == PORTAL_POST;
	if (!roles_may(visit->user.role, request->route)) {
		if (request->route == PORTAL_ROUTE_OPERATOR_OVERVIEW)
			return operator_go(visit, portal_route_path(roles_first_page(visit->user.role)));
		return refuse_on_record(visit, reterr);
	}
	if (is_post && !is_form_of_ours(visit))
		return refuse_on_record(visit, reterr);
	if (request->route == PORTAL_ROUTE_OPERATOR_LEAVE)
		return operator_leave(visit, reterr);
	assert(view != NULL);
	enum status status = row->verb != NULL ? put_on_record(visit, row->verb, reterr) : STATUS_OK;
	if (status == STATUS_OK)
		status = view(visit, reterr);
	if (status != STATUS_OK || visit->call->sink->has_begun)
		return status;
	return send(visit);
}

static enum status admit(struct operator_call *visit, struct failure *reterr)
{
	const struct portal_request *request = visit->call->request;
	if (request->route == PORTAL_ROUTE_OPERATOR_SIGN_IN)
		return operator_show_sign_in(visit, reterr);
	if (request->route == PORTAL_ROUTE_OPERATOR_ENTER)
		return operator_enter(visit, reterr);
	enum status status = STATUS_ABSENT;
	if (request->session == PORTAL_COOKIE)
		status = sign_in_find(visit->call->desk->catalog, request->token, visit->now, &visit->user, reterr);
	if (status == STATUS_ABSENT)
		return send_to_sign_in(visit);
	if (status != STATUS_OK)
		return status;
	make_form_token(visit);
	visit->call->desk->operator_name = visit->user.name;
	return ask_view(visit, reterr);
}

static void choose_language(struct page *page, const struct portal_request *request)
{
	struct bytes chosen = portal_field(request, "language");
	page->is_language_chosen = chosen.len > 0 && language_is_tag(chosen);
	page->language = language_of_tag(page->is_language_chosen ? chosen : request->language);
}

/* The path as it stands in a link, its parameter escaped again. */
static const char *path_of(struct portal_call *call)
{
	const struct portal_request *request = call->request;
	const char *path = portal_route_path(request->route), *star = strchr(path, '*');
	if (portal_route_method(request->route) == PORTAL_POST)
		return NULL;
	if (star == NULL)
		return path;
	struct buffer whole = buffer_with_ceiling(4096);
	buffer_append(&whole, bytes_of(path, (size_t)(star - path)));
	percent_append_encoded(&whole, request->parameter, false);
	const char *copy = buffer_status(&whole) == STATUS_OK ? arena_copy_string(call->arena, buffer_bytes(&whole)) : NULL;
	buffer_free(&whole);
	return copy;
}

enum status operator_handle(struct portal_call *call, struct failure *reterr)
{
	const char *operator_name = call->desk->operator_name;
	const struct page_host host = {.incident = bytes_of_string(call->settings->incident_name),
	                               .url = bytes_of_string(call->settings->url)};
	struct operator_call visit = {
		.call = call, .now = clock_now(), .code = 200, .content = PORTAL_HTML, .body = buffer_with_ceiling(PAGE_MAX)};
	visit.page = (struct page){.into = &visit.body, .host = &host, .side = PAGE_OF_OPERATORS, .path = path_of(call)};
	if (call->request->door != PORTAL_OPERATORS)
		return fail(reterr, STATUS_ABSENT, "", "no page of this door");
	choose_language(&visit.page, call->request);
	enum status status = admit(&visit, reterr);
	call->desk->operator_name = operator_name;
	buffer_free(&visit.body);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/page-call.h"

#include "base/percent.h"
#include "catalog/register.h"
#include "portal/stream.h"
#include "portal/subject-api.h"

enum { PAGE_CEILING = 128 << 20 };

/* ---- who runs this ---- */

struct naming {
	struct page_host *host;
	struct arena *arena;
};

/* The first row that is the owner's own. */
static enum status find_name(void *context, const struct register_row *row)
{
	struct naming *naming = context;
	if (naming->host->domain.len > 0 || row->domain_count == 0)
		return STATUS_OK;
	naming->host->domain = arena_copy(naming->arena, row->domains[0]);
	naming->host->name = arena_copy(naming->arena, row->name);
	return naming->host->domain.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status find_host(struct page_call *here, struct failure *reterr)
{
	struct portal_call *call = here->call;
	struct naming naming = {&here->host, call->arena};
	struct buffer cursor = buffer_with_ceiling(1 << 16);
	enum status status = STATUS_OK;
	here->host = (struct page_host){.incident = bytes_of_string(call->settings->incident_name),
	                                .url = bytes_of_string(call->settings->url)};
	if (call->desk->incident != NULL) {
		incident_case_number(call->desk->incident, here->case_number);
		here->host.incident = bytes_of_string(here->case_number);
		status = incident_register(call->desk->incident, RELATIONSHIP_OWN, BYTES_NONE, find_name, &naming, &cursor,
		                           reterr);
	}
	buffer_free(&cursor);
	return status;
}

/* ---- beginning and ending ---- */

enum status page_call_begin(struct page_call *here, struct portal_call *call, const char *path, struct failure *reterr)
{
	const struct portal_request *request = call->request;
	struct bytes chosen = portal_field(request, "language");
	bool is_chosen = chosen.len > 0 && language_is_tag(chosen);
	*here = (struct page_call){
		.call = call,
		.asking = asking_of_call(call),
		.session = page_session_read(request->token),
		.html = buffer_with_ceiling(PAGE_CEILING),
	};
	here->page = (struct page){
		.into = &here->html,
		.host = &here->host,
		.language = language_of_tag(is_chosen ? chosen : request->language),
		.is_language_chosen = is_chosen,
		.path = path,
	};
	here->asking.is_german = here->page.language == LANGUAGE_DE;
	if (request->token.len > 0) {
		page_session_form_token(request->token, here->form_token);
		here->page.form_token = bytes_of(here->form_token, sizeof here->form_token);
	}
	return path != NULL ? find_host(here, reterr) : STATUS_OK;
}

void page_call_end(struct page_call *here)
{
	buffer_free(&here->html);
}

bool page_call_has_form(const struct page_call *here)
{
	const struct portal_request *request = here->call->request;
	return request->is_same_origin &&
	       (request->token.len == 0 || bytes_equal(portal_field(request, "form"), here->page.form_token));
}

/* ---- replying ---- */

static enum status reply(struct page_call *here, const struct portal_reply *head)
{
	enum status status = buffer_status(&here->html);
	if (status != STATUS_OK)
		return status;
	here->call->sink->is_on_schedule = here->html.len < STREAM_SMALL;
	return reply_whole(here->call->sink, head, buffer_bytes(&here->html));
}

enum status page_call_reply(struct page_call *here, uint16_t code)
{
	return reply(here, &(struct portal_reply){.code = code, .content = PORTAL_HTML});
}

enum status page_call_reply_file(struct page_call *here, const char *file_name)
{
	return reply(here, &(struct portal_reply){.code = 200, .content = PORTAL_HTML, .file_name = bytes_of_string(file_name)});
}

static enum status go(struct page_call *here, const char *path, struct bytes cookie, bool forgets)
{
	struct buffer location = buffer_with_ceiling(PORTAL_HEADER_MAX);
	const char *fragment = strchr(path, '#');
	struct bytes whole = bytes_of_string(path);
	size_t length = fragment != NULL ? (size_t)(fragment - path) : whole.len;
	buffer_append(&location, bytes_slice(whole, 0, length));
	if (here->page.is_language_chosen)
		buffer_append_format(&location, "%clanguage=%s", strchr(path, '?') != NULL ? '&' : '?',
		                     language_tags[here->page.language]);
	buffer_append(&location, bytes_from(whole, length));
	const struct portal_reply head = {.code = 303,
	                                  .content = PORTAL_HTML,
	                                  .location = buffer_bytes(&location),
	                                  .cookie = cookie,
	                                  .forgets_cookie = forgets};
	here->call->sink->is_on_schedule = true;
	enum status status = buffer_status(&location);
	if (status == STATUS_OK)
		status = reply_whole(here->call->sink, &head, BYTES_NONE);
	buffer_free(&location);
	return status;
}

enum status page_call_go(struct page_call *here, const char *path, struct bytes cookie)
{
	return go(here, path, cookie, false);
}

enum status page_call_go_without(struct page_call *here, const char *path)
{
	return go(here, path, BYTES_NONE, true);
}

/* ---- refusing ---- */

static enum status refuse_as(struct page_call *here, uint16_t code, enum page_error error, bool forgets)
{
	struct portal_reply head = {.code = code, .content = PORTAL_HTML, .forgets_cookie = forgets};
	head.retry_after = error == ERROR_OFTEN ? here->asking.retry_after : 0;
	buffer_reset(&here->html);
	here->page.path = NULL;
	page_error(&here->page, error, here->asking.retry_after);
	return reply(here, &head);
}

enum status page_call_refuse(struct page_call *here, enum status status)
{
	if (here->call->sink->has_begun)
		return status;
	switch (status) {
	case STATUS_DENIED:
	case STATUS_ABSENT: return refuse_as(here, 401, ERROR_SESSION, true);
	case STATUS_USAGE: return refuse_as(here, 400, ERROR_FORM, false);
	case STATUS_BUSY: return refuse_as(here, 429, ERROR_OFTEN, false);
	default: return status;
	}
}

enum status page_call_refuse_form(struct page_call *here)
{
	return refuse_as(here, 403, ERROR_FORM, false);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "listening/reply.h"

#include "base/json.h"
#include "portal-assets.h"
#include "base/text.h"

#include <stdio.h>

enum { PAGE_MAX = 4096, STREAM_BLOCK = 32 << 10 };

bool reply_can_begin(const struct reply *reply)
{
	return reply->has_head && !reply->is_queued && (reply->is_over || reply->pieces.len > REPLY_WHOLE_MAX);
}

/* ---- headers ---- */

static const struct {
	const char *name, *value;
} headers_of_all[] = {
	{"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
         "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
	/* Under no-referrer a browser says of its own forms that they come from nowhere (Origin: null). */
	{"Referrer-Policy", "same-origin"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
};

static const char *const content_types[PORTAL_CONTENT_COUNT] = {
	[PORTAL_JSON] = "application/json",           [PORTAL_PROBLEM] = "application/problem+json",
	[PORTAL_HTML] = "text/html; charset=utf-8",   [PORTAL_CSV] = "text/csv; charset=utf-8; header=present",
	[PORTAL_PLAIN] = "text/plain; charset=utf-8", [PORTAL_PROMETHEUS] = "text/plain; version=0.0.4; charset=utf-8",
};

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
	return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_common(const struct door_place *place, struct MHD_Response *response, const char *type, const char *caching)
{
	bool is_done = add(response, "Cache-Control", caching) && (type == NULL || add(response, "Content-Type", type));
	for (size_t i = 0; i < sizeof headers_of_all / sizeof *headers_of_all; i++)
		is_done = is_done && add(response, headers_of_all[i].name, headers_of_all[i].value);
	if (door_is_secure(place))
		is_done = is_done && add(response, "Strict-Transport-Security", "max-age=31536000");
	return is_done;
}

static bool add_cookie(const struct door_place *place, struct MHD_Response *response, const struct portal_reply *head)
{
	char cookie[PORTAL_HEADER_MAX + 256];
	bool is_secure = door_is_secure(place);
	if (head->cookie.len == 0 && !head->forgets_cookie)
		return true;
	snprintf(cookie, sizeof cookie, "%s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s", door_cookie_name(place, is_secure),
	         (int)head->cookie.len, (const char *)head->cookie.at, is_secure ? "; Secure" : "",
	         head->cookie.len == 0 ? "; Max-Age=0" : "");
	return add(response, "Set-Cookie", cookie);
}

static bool add_text(struct MHD_Response *response, const char *name, const char *before, struct bytes text, const char *behind)
{
	char value[PORTAL_HEADER_MAX + 64];
	if (text.len == 0)
		return true;
	snprintf(value, sizeof value, "%s%.*s%s", before, (int)text.len, (const char *)text.at, behind);
	return add(response, name, value);
}

static struct MHD_Response *dress(const struct door_place *place, struct MHD_Response *response, const struct portal_reply *head)
{
	char seconds[16];
	if (response == NULL)
		return NULL;
	bool is_done = add_common(place, response, content_types[head->content], "no-store") &&
	               add_cookie(place, response, head) && add_text(response, "Location", "", head->location, "") &&
	               add_text(response, "Content-Disposition", "attachment; filename=\"", head->file_name, "\"");
	if (head->retry_after > 0) {
		snprintf(seconds, sizeof seconds, "%u", head->retry_after);
		is_done = is_done && add(response, "Retry-After", seconds);
	}
	if (head->code == 401)
		is_done = is_done && add(response, "WWW-Authenticate", "Bearer");
	if (is_done)
		return response;
	MHD_destroy_response(response);
	return NULL;
}

/* ---- kinds of it ---- */

static struct MHD_Response *from_bytes(struct bytes body, enum MHD_ResponseMemoryMode mode)
{
	return MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)(body.len > 0 ? body.at : (const unsigned char *)""),
	                                       mode);
}

struct MHD_Response *reply_make(const struct door_place *place, const struct portal_reply *head, struct bytes body)
{
	return dress(place, from_bytes(body, MHD_RESPMEM_MUST_COPY), head);
}

struct MHD_Response *reply_make_stream(const struct door_place *place, const struct portal_reply *head,
                                       MHD_ContentReaderCallback read, void *context)
{
	return dress(place, MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read, context, NULL), head);
}

struct MHD_Response *reply_make_asset(const struct door_place *place, const struct portal_asset *asset, bool is_known)
{
	struct bytes body = is_known ? BYTES_NONE : bytes_of(asset->at, asset->len);
	struct MHD_Response *response = from_bytes(body, MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		return NULL;
	if (add_common(place, response, is_known ? NULL : asset->type,
	               asset->is_hashed ? "public, max-age=31536000, immutable" : "no-cache") &&
	    add(response, "ETag", asset->etag))
		return response;
	MHD_destroy_response(response);
	return NULL;
}

/* ---- refusals ---- */

static void write_problem(const struct refusal *refusal, struct buffer *into)
{
	struct json_writer json = json_writer_into(into);
	json_begin_object(&json);
	json_key(&json, "type");
	json_string(&json, "about:blank");
	json_key(&json, "title");
	json_string(&json, refusal->title);
	json_key(&json, "status");
	json_unsigned(&json, refusal->code);
	if (refusal->detail != NULL)
		json_member_string(&json, "detail", refusal->detail);
	json_end_object(&json);
	buffer_append_byte(into, '\n');
}

/* All its words are our own. */
static void write_page(const struct refusal *refusal, struct buffer *into)
{
	buffer_append_format(into,
	                     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                     "<link rel=\"stylesheet\" href=\"" PORTAL_ASSET_STYLE
	                     "\">\n<title>%s</title>\n</head>\n<body>\n<main>\n<h1>%s</h1>\n"
	                     "<p>%s</p>\n<p><a href=\"/\">Begin again</a></p>\n</main>\n</body>\n</html>\n",
	                     refusal->title, refusal->title, refusal->detail != NULL ? refusal->detail : "");
}

struct MHD_Response *reply_make_refusal(const struct door_place *place, const struct refusal *refusal, bool wants_problem)
{
	const struct portal_reply head = {
		.code = refusal->code,
		.content = wants_problem ? PORTAL_PROBLEM : PORTAL_HTML,
		.location = bytes_of_string(refusal->location),
		.retry_after = refusal->code == 429   ? 60
	                       : refusal->code == 503 ? 5
	                                              : 0,
	};
	struct buffer body = buffer_with_ceiling(PAGE_MAX);
	wants_problem ? write_problem(refusal, &body) : write_page(refusal, &body);
	struct MHD_Response *response = reply_make(place, &head, buffer_bytes(&body));
	buffer_free(&body);
	if (response != NULL && refusal->allow != NULL && !add(response, "Allow", refusal->allow)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}

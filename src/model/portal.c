/* SPDX-License-Identifier: Apache-2.0 */
#include "model/portal.h"

static const struct {
	enum portal_door door;
	enum portal_method method;
	const char *path, *name;
} routes[] = {
#define ROUTE(name, door, method, path) {PORTAL_##door, PORTAL_##method, path, #name},
	PORTAL_ROUTES(ROUTE)
#undef ROUTE
};

enum portal_door portal_route_door(enum portal_route route)
{
	return routes[route].door;
}

enum portal_method portal_route_method(enum portal_route route)
{
	return routes[route].method;
}

const char *portal_route_path(enum portal_route route)
{
	return routes[route].path;
}

const char *portal_route_name(enum portal_route route)
{
	return routes[route].name;
}

/* ---- replies ---- */

static bool is_made_of(struct bytes text, const char *others)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_plain && (c == '\0' || strchr(others, c) == NULL))
			return false;
	}
	return text.len <= PORTAL_HEADER_MAX;
}

/* One slash alone at its beginning: two would name another host. */
static bool is_path(struct bytes location)
{
	return location.len == 0 || (location.at[0] == '/' && !bytes_start_with(location, BYTES_LITERAL("//")) &&
	                             is_made_of(location, "/-._~%?&=+:@,;!$'()*"));
}

bool portal_reply_is_sound(const struct portal_reply *reply)
{
	return reply->code >= 200 && reply->code <= 599 && (unsigned)reply->content < PORTAL_CONTENT_COUNT &&
	       is_path(reply->location) && is_made_of(reply->file_name, "-._") && is_made_of(reply->cookie, "-._~");
}

/* ---- fields ---- */

struct bytes portal_field(const struct portal_request *request, const char *name)
{
	for (size_t i = 0; i < request->field_count; i++)
		if (bytes_equal_string(request->fields[i].name, name))
			return request->fields[i].value;
	return BYTES_NONE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "listening/route.h"

static struct bytes take_segment(struct bytes *path)
{
	struct bytes rest = bytes_from(*path, 1);
	size_t end = bytes_find_byte(rest, '/');
	struct bytes segment = bytes_slice(rest, 0, end);
	*path = bytes_from(rest, segment.len);
	return segment;
}

/* Segment by segment; a star takes one that is not empty. */
static bool matches(struct bytes row, struct bytes path, struct bytes *ret_parameter)
{
	*ret_parameter = BYTES_NONE;
	while (row.len > 0 && path.len > 0) {
		struct bytes wanted = take_segment(&row), segment = take_segment(&path);
		if (bytes_equal_string(wanted, "*") && segment.len > 0)
			*ret_parameter = segment;
		else if (!bytes_equal(wanted, segment))
			return false;
	}
	return row.len == 0 && path.len == 0;
}

static bool is_reading(struct bytes method)
{
	return bytes_equal_string(method, "GET") || bytes_equal_string(method, "HEAD");
}

static struct refusal refuse_method(bool may_get, bool may_post)
{
	struct refusal refusal = refuse(405, PORTAL_FIGURE_WRONG_METHOD, "Method not allowed", NULL);
	refusal.allow = may_get && may_post ? "GET, HEAD, POST" : may_get ? "GET, HEAD" : "POST";
	return refusal;
}

/* Where people end up who type an address by hand. */
static struct refusal redirect(enum portal_door door, struct bytes path)
{
	struct refusal refusal = refuse(308, PORTAL_FIGURE_NO_ROUTE, "Permanent redirect", NULL);
	if (door == PORTAL_OPERATORS && (bytes_equal_string(path, "/") || bytes_equal_string(path, "/operator/"))) {
		refusal.location = "/operator";
		return refusal;
	}
	return refuse(404, PORTAL_FIGURE_NO_ROUTE, "Not found", NULL);
}

struct refusal route_find(enum portal_door door, struct bytes method, struct bytes path, struct route_found *ret_found)
{
	bool may_get = false, may_post = false;
	for (enum portal_route route = 0; route < PORTAL_ROUTE_COUNT; route++) {
		struct bytes parameter;
		if (portal_route_door(route) != door || !matches(bytes_of_string(portal_route_path(route)), path, &parameter))
			continue;
		bool gets = portal_route_method(route) == PORTAL_GET;
		if (gets ? is_reading(method) : bytes_equal_string(method, "POST")) {
			*ret_found = (struct route_found){.route = route, .parameter = parameter};
			return REFUSAL_NONE;
		}
		may_get |= gets;
		may_post |= !gets;
	}
	const struct portal_asset *asset = asset_find(path);
	if (asset != NULL && is_reading(method)) {
		*ret_found = (struct route_found){.asset = asset};
		return REFUSAL_NONE;
	}
	if (asset != NULL || may_get || may_post)
		return refuse_method(may_get || asset != NULL, may_post);
	return redirect(door, path);
}

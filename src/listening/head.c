/* SPDX-License-Identifier: Apache-2.0 */
#include "listening/head.h"

#include "base/percent.h"
#include "base/text.h"
#include "listening/form.h"

#include <arpa/inet.h>
#include <stdio.h>

/* ---- the door ---- */

bool door_place_read(struct bytes url, struct door_place *place)
{
	if (url.len == 0)
		return true;
	size_t colon = bytes_find(url, BYTES_LITERAL("://"));
	place->scheme = bytes_slice(url, 0, colon);
	place->authority = colon == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(url, colon + 3);
	bool is_web = bytes_equal_string(place->scheme, "https") || bytes_equal_string(place->scheme, "http");
	for (size_t i = 0; i < place->authority.len; i++) {
		unsigned char c = place->authority.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("-.:[]", c) != NULL)))
			return false;
	}
	return is_web && place->authority.len > 0;
}

bool door_is_secure(const struct door_place *place)
{
	return place->is_tls || bytes_equal_string(place->scheme, "https");
}

bool door_is_behind_proxy(const struct door_place *place)
{
	return !place->is_tls && bytes_equal_string(place->scheme, "https");
}

/* Cookies know no port: each door's is another. */
const char *door_cookie_name(const struct door_place *place, bool is_secure)
{
	static const char *const names[2][2] = {
		[PORTAL_SUBJECTS] = {"tidemark", "__Host-tidemark"},
		[PORTAL_OPERATORS] = {"tidemark-operator", "__Host-tidemark-operator"},
	};
	return names[place->door][is_secure];
}

/* ---- headers ---- */

/* The nth of that name, from 0; NULL. */
static const struct header *find(const struct head *head, const char *name, size_t nth)
{
	for (size_t i = 0; i < head->header_count; i++)
		if (bytes_equal_nocase(head->headers[i].name, bytes_of_string(name)) && nth-- == 0)
			return &head->headers[i];
	return NULL;
}

static struct bytes value_of(const struct head *head, const char *name)
{
	const struct header *header = find(head, name, 0);
	return header != NULL ? bytes_trim(header->value) : BYTES_NONE;
}

static bool is_token(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_plain && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
			return false;
	}
	return name.len > 0;
}

static struct refusal check_headers(const struct head *head)
{
	for (size_t i = 0; i < head->header_count; i++)
		if (!is_token(head->headers[i].name))
			return refuse_malformed("A header has a name that is none.");
	if (find(head, "host", 0) == NULL || find(head, "host", 1) != NULL)
		return refuse_malformed("A request has one Host.");
	const struct header *coding = find(head, "transfer-encoding", 0);
	if (find(head, "content-length", 1) != NULL || find(head, "transfer-encoding", 1) != NULL ||
	    (coding != NULL && find(head, "content-length", 0) != NULL))
		return refuse_malformed("A body has one length.");
	if (coding != NULL && !bytes_equal_nocase(bytes_trim(coding->value), BYTES_LITERAL("chunked")))
		return refuse_malformed("A body comes whole or in chunks.");
	return REFUSAL_NONE;
}

/* ---- whose host, whose page ---- */

static bool ends_in_port(struct bytes authority, uint16_t port, struct bytes *ret_host)
{
	char text[8];
	snprintf(text, sizeof text, ":%u", port);
	if (!bytes_end_with(authority, bytes_of_string(text)))
		return false;
	*ret_host = bytes_slice(authority, 0, authority.len - strlen(text));
	return true;
}

/* A number, never a name: no name can be made to point at us that way. */
static bool is_number(struct bytes host)
{
	char text[64];
	unsigned char address[16];
	bool is_six = host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']';
	struct bytes bare = is_six ? bytes_slice(host, 1, host.len - 2) : host;
	if (bare.len == 0 || bare.len >= sizeof text || bytes_find_byte(bare, 0) != BYTES_NOT_FOUND)
		return false;
	memcpy(text, bare.at, bare.len);
	text[bare.len] = '\0';
	return inet_pton(is_six ? AF_INET6 : AF_INET, text, address) == 1;
}

static struct bytes host_of_url(const struct door_place *place)
{
	size_t colon = bytes_find_last_byte(place->authority, ':');
	size_t bracket = bytes_find_last_byte(place->authority, ']');
	bool has_port = colon != BYTES_NOT_FOUND && (bracket == BYTES_NOT_FOUND || colon > bracket);
	return has_port ? bytes_slice(place->authority, 0, colon) : place->authority;
}

/* By its URL; on the machine itself by number or as localhost; an operator by number, or by the URL's host at its own port. */
static bool is_ours(const struct door_place *place, const struct head *head, struct bytes authority)
{
	struct bytes host;
	if (place->door == PORTAL_SUBJECTS && place->authority.len > 0 && bytes_equal_nocase(authority, place->authority))
		return true;
	if (!ends_in_port(authority, place->port, &host))
		return false;
	if (head->is_loopback && (is_number(host) || bytes_equal_nocase(host, BYTES_LITERAL("localhost"))))
		return true;
	return place->door == PORTAL_OPERATORS && (is_number(host) || bytes_equal_nocase(host, host_of_url(place)));
}

/* With an absolute target, its authority counts (RFC 9112 3.2.2). */
static struct refusal find_authority(const struct head *head, struct bytes *target, struct bytes *ret_authority)
{
	*ret_authority = value_of(head, "host");
	if (target->len > 0 && target->at[0] == '/')
		return REFUSAL_NONE;
	size_t scheme = bytes_start_with_nocase(*target, BYTES_LITERAL("http://"))    ? 7
	                : bytes_start_with_nocase(*target, BYTES_LITERAL("https://")) ? 8
	                                                                              : 0;
	struct bytes rest = bytes_from(*target, scheme);
	size_t slash = bytes_find_byte(rest, '/');
	if (scheme == 0 || slash == BYTES_NOT_FOUND)
		return refuse_malformed("What is asked for is no path.");
	*ret_authority = bytes_slice(rest, 0, slash);
	*target = bytes_from(rest, slash);
	return REFUSAL_NONE;
}

static bool is_same_origin(const struct door_place *place, const struct head *head, struct bytes authority)
{
	const struct header *origin = find(head, "origin", 0), *site = find(head, "sec-fetch-site", 0);
	bool is_by_url = place->authority.len > 0 && bytes_equal_nocase(authority, place->authority);
	struct bytes scheme = is_by_url ? place->scheme : place->is_tls ? BYTES_LITERAL("https") : BYTES_LITERAL("http");
	if (origin != NULL) {
		struct bytes said = bytes_trim(origin->value), colon = BYTES_LITERAL("://");
		if (said.len != scheme.len + colon.len + authority.len || !bytes_start_with_nocase(said, scheme) ||
		    !bytes_start_with(bytes_from(said, scheme.len), colon) ||
		    !bytes_equal_nocase(bytes_from(said, scheme.len + colon.len), authority))
			return false;
	}
	return site == NULL || bytes_equal_string(bytes_trim(site->value), "same-origin") ||
	       bytes_equal_string(bytes_trim(site->value), "none");
}

/* ---- who asks ---- */

struct bytes head_peer(const struct door_place *place, const struct head *head)
{
	const struct header *forwarded = NULL, *next;
	for (size_t i = 0; (next = find(head, "x-forwarded-for", i)) != NULL; i++)
		forwarded = next;
	if (forwarded == NULL || !head->is_loopback || !door_is_behind_proxy(place))
		return head->peer;
	size_t comma = bytes_find_last_byte(forwarded->value, ',');
	struct bytes last = bytes_trim(bytes_from(forwarded->value, comma == BYTES_NOT_FOUND ? 0 : comma + 1));
	char bracketed[PORTAL_PEER_MAX + 3];
	if (last.len > PORTAL_PEER_MAX || bytes_find_byte(last, 0) != BYTES_NOT_FOUND)
		return head->peer;
	snprintf(bracketed, sizeof bracketed, "[%.*s]", (int)last.len, (const char *)last.at);
	return is_number(last) || is_number(bytes_of_string(bracketed)) ? last : head->peer;
}

static bool is_session_token(struct bytes token)
{
	for (size_t i = 0; i < token.len; i++) {
		unsigned char c = token.at[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_plain && (c == '\0' || strchr("-._~+/=", c) == NULL))
			return false;
	}
	return token.len > 0 && token.len <= PORTAL_TOKEN_MAX;
}

/* One that is there twice is not believed: somebody may have put the other. */
static struct bytes find_cookie(const struct head *head, const char *name)
{
	struct bytes found = BYTES_NONE;
	const struct header *header;
	size_t count = 0;
	for (size_t nth = 0; (header = find(head, "cookie", nth)) != NULL; nth++) {
		struct bytes rest = header->value;
		while (rest.len > 0) {
			size_t end = bytes_find_byte(rest, ';');
			struct bytes pair = bytes_trim(bytes_slice(rest, 0, end));
			size_t equals = bytes_find_byte(pair, '=');
			rest = bytes_from(rest, end == BYTES_NOT_FOUND ? rest.len : end + 1);
			if (equals == BYTES_NOT_FOUND || !bytes_equal_string(bytes_slice(pair, 0, equals), name))
				continue;
			found = bytes_from(pair, equals + 1);
			count++;
		}
	}
	return count == 1 ? found : BYTES_NONE;
}

static void read_session(const struct door_place *place, const struct head *head, struct portal_request *request)
{
	struct bytes authorization = value_of(head, "authorization");
	struct bytes bearer = bytes_start_with_nocase(authorization, BYTES_LITERAL("Bearer "))
	                              ? bytes_trim(bytes_from(authorization, sizeof "Bearer " - 1))
	                              : BYTES_NONE;
	struct bytes cookie = find_cookie(head, door_cookie_name(place, door_is_secure(place)));
	if (is_session_token(bearer)) {
		request->session = PORTAL_BEARER;
		request->token = bearer;
	} else if (authorization.len == 0 && is_session_token(cookie)) {
		request->session = PORTAL_COOKIE;
		request->token = cookie;
	}
}

/* ---- language and media ---- */

/* A quality in thousandths: "0.8" is 800; what is none is 1000. */
static unsigned read_quality(struct bytes parameters)
{
	size_t at = bytes_find(parameters, BYTES_LITERAL("q="));
	struct bytes text = at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(parameters, at + 2);
	unsigned quality = 0, digits = 0;
	if (text.len == 0 || text.at[0] != '0')
		return 1000;
	for (size_t i = 2; i < text.len && digits < 3 && text.at[i] >= '0' && text.at[i] <= '9'; i++, digits++)
		quality = quality * 10 + text.at[i] - '0';
	while (digits++ < 3)
		quality *= 10;
	return quality;
}

static struct bytes best_language(struct bytes accepted)
{
	static const char *const known[] = {"en", "de"};
	const char *best = known[0];
	unsigned best_quality = 0;
	while (accepted.len > 0) {
		size_t end = bytes_find_byte(accepted, ',');
		struct bytes range = bytes_trim(bytes_slice(accepted, 0, end));
		accepted = bytes_from(accepted, end == BYTES_NOT_FOUND ? accepted.len : end + 1);
		size_t semicolon = bytes_find_byte(range, ';');
		struct bytes tag = bytes_trim(bytes_slice(range, 0, semicolon));
		unsigned quality = semicolon == BYTES_NOT_FOUND ? 1000 : read_quality(bytes_from(range, semicolon));
		for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
			bool is_of_it = bytes_equal_nocase(bytes_slice(tag, 0, 2), bytes_of_string(known[i])) &&
			                (tag.len == 2 || tag.at[2] == '-');
			if (is_of_it && quality > best_quality) {
				best_quality = quality;
				best = known[i];
			}
		}
	}
	return bytes_of_string(best);
}

static enum head_media read_media(const struct head *head)
{
	struct bytes type = value_of(head, "content-type");
	type = bytes_trim(bytes_slice(type, 0, bytes_find_byte(type, ';')));
	if (type.len == 0)
		return MEDIA_NONE;
	if (bytes_equal_nocase(type, BYTES_LITERAL("application/x-www-form-urlencoded")))
		return MEDIA_FORM;
	return bytes_equal_nocase(type, BYTES_LITERAL("application/json")) ? MEDIA_JSON : MEDIA_OTHER;
}

static bool accepts(struct bytes accepted, const char *type)
{
	return bytes_find(accepted, bytes_of_string(type)) != BYTES_NOT_FOUND;
}

static bool wants_problem(const struct head *head, struct bytes path, enum head_media media)
{
	struct bytes accepted = value_of(head, "accept");
	return bytes_start_with(path, BYTES_LITERAL("/api/")) || media == MEDIA_JSON ||
	       ((accepts(accepted, "application/json") || accepts(accepted, "application/problem+json")) &&
	        !accepts(accepted, "text/html"));
}

/* ---- all of it ---- */

static bool is_plain_target(struct bytes target)
{
	for (size_t i = 0; i < target.len; i++)
		if (target.at[i] <= ' ' || target.at[i] >= 0x7F || target.at[i] == '#' || target.at[i] == '\\')
			return false;
	return target.len > 0;
}

/* Metrics are for who runs this: never for what a proxy passes on, whether it says so or not. */
static bool is_for_machine_alone(const struct door_place *place, const struct head *head, struct bytes authority,
                                 enum portal_route route)
{
	bool is_metrics = route == PORTAL_ROUTE_METRICS || route == PORTAL_ROUTE_OPERATOR_METRICS;
	bool is_passed_on = find(head, "x-forwarded-for", 0) != NULL || find(head, "forwarded", 0) != NULL ||
	                    find(head, "via", 0) != NULL ||
	                    (door_is_behind_proxy(place) && bytes_equal_nocase(authority, place->authority));
	return is_metrics && (!head->is_loopback || is_passed_on);
}

static struct refusal keep(const struct door_place *place, const struct head *head, const struct route_found *found,
                           struct bytes query, struct arena *arena, struct head_reading *reading)
{
	struct portal_request *request = &reading->request;
	read_session(place, head, request);
	request->peer = head_peer(place, head);
	request->token = arena_copy(arena, request->token);
	request->peer = arena_copy(arena, request->peer);
	if (request->token.at == NULL || request->peer.at == NULL)
		return refuse(503, PORTAL_FIGURE_BUSY, "Busy", NULL);
	if (found->parameter.len > 0) {
		if (percent_decode(found->parameter, arena, &request->parameter) != STATUS_OK)
			return refuse(503, PORTAL_FIGURE_BUSY, "Busy", NULL);
		if (!text_is_valid(request->parameter) || bytes_find_byte(request->parameter, 0) != BYTES_NOT_FOUND ||
		    request->parameter.len > PORTAL_PARAMETER_MAX)
			return refuse(404, PORTAL_FIGURE_NO_ROUTE, "Not found", NULL);
	}
	enum status status = form_add_encoded(query, arena, request);
	if (status == STATUS_TOO_LARGE)
		return refuse(413, PORTAL_FIGURE_TOO_LARGE, "Too large", "There are more or longer fields than are read.");
	return status == STATUS_OK ? REFUSAL_NONE : refuse_malformed("The query cannot be read.");
}

struct refusal head_read(const struct door_place *place, const struct head *head, struct arena *arena,
                         struct head_reading *ret_reading)
{
	struct bytes target = head->target, authority;
	struct route_found found;
	struct head_reading *reading = ret_reading;
	*reading = (struct head_reading){.media = read_media(head)};
	reading->request.door = place->door;
	reading->request.language = best_language(value_of(head, "accept-language"));
	struct refusal refusal = check_headers(head);
	if (refusal.code == 0 && !is_plain_target(target))
		refusal = refuse_malformed("What is asked for is no path.");
	if (refusal.code == 0)
		refusal = find_authority(head, &target, &authority);
	size_t mark = bytes_find_byte(target, '?');
	struct bytes path = bytes_slice(target, 0, mark);
	reading->request.wants_problem = wants_problem(head, path, reading->media);
	if (refusal.code == 0 && !is_ours(place, head, authority))
		refusal = refuse(421, PORTAL_FIGURE_WRONG_HOST, "Misdirected request",
		                 "This is not the host that was asked for.");
	if (refusal.code == 0)
		refusal = route_find(place->door, head->method, path, &found);
	if (refusal.code != 0)
		return refusal;
	if (found.asset == NULL && is_for_machine_alone(place, head, authority, found.route))
		return refuse(404, PORTAL_FIGURE_NO_ROUTE, "Not found", NULL);
	reading->asset = found.asset;
	reading->if_none_match = arena_copy(arena, value_of(head, "if-none-match"));
	reading->request.route = found.route;
	reading->request.is_same_origin = is_same_origin(place, head, authority);
	struct bytes query = mark == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(target, mark + 1);
	return found.asset != NULL ? REFUSAL_NONE : keep(place, head, &found, query, arena, reading);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd parses, within a memory of a fixed size for each connection; what it found is read, handed on, and answered here. */
#define _GNU_SOURCE
#include "listening/front.h"

#include "base/clock.h"
#include "listening/form.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CONNECTION_MEMORY = 24 << 10, /* of its head and what is read at once */
	HEADERS_MAX = 100,
	ARENA_MAX = 256 << 10,
	SPARE_CONNECTIONS = 64, /* for those that are cut off and not gone yet */
	TOLD_LEAST = 16 << 10,
	EVENTS = 64
};

/* ---- states ---- */

static void unlink_visit(struct visit *visit)
{
	struct front *front = visit->front;
	visit->before != NULL ? (visit->before->next = visit->next) : (front->first[visit->state] = visit->next);
	visit->next != NULL ? (visit->next->before = visit->before) : (front->last[visit->state] = visit->before);
	visit->before = visit->next = NULL;
}

static void link_visit(struct visit *visit, enum visit_state state)
{
	struct front *front = visit->front;
	visit->state = state;
	visit->since = clock_monotonic();
	visit->before = front->last[state];
	visit->before != NULL ? (visit->before->next = visit) : (front->first[state] = visit);
	front->last[state] = visit;
}

static void enter(struct visit *visit, enum visit_state state)
{
	unlink_visit(visit);
	link_visit(visit, state);
}

/* The library sees the end of it in its next round. */
static void shut(struct visit *visit, enum portal_figure why)
{
	if (visit->is_shut)
		return;
	visit->is_shut = true;
	visit->front->figures[why]++;
	shutdown(visit->descriptor, SHUT_RDWR);
}

/* ---- waiting ---- */

static void suspend(struct visit *visit)
{
	struct epoll_event hang_up = {.data.ptr = visit};
	MHD_suspend_connection(visit->connection);
	visit->is_suspended = true;
	epoll_ctl(visit->front->watch, EPOLL_CTL_ADD, visit->descriptor, &hang_up);
}

static void resume(struct visit *visit)
{
	if (!visit->is_suspended)
		return;
	visit->is_suspended = false;
	epoll_ctl(visit->front->watch, EPOLL_CTL_DEL, visit->descriptor, NULL);
	MHD_resume_connection(visit->connection);
}

/* ---- tidemark ---- */

static void send_frame(struct front *front)
{
	if (!front->is_lost && wire_send(front->socket, &front->writer, -1) != STATUS_OK)
		front->is_lost = true;
}

static struct visit *find_under_way(const struct front *front, uint64_t number)
{
	for (size_t i = 0; i < front->under_way_count; i++)
		if (front->under_way[i]->number == number)
			return front->under_way[i];
	return NULL;
}

static void forget_number(struct visit *visit)
{
	struct front *front = visit->front;
	for (size_t i = 0; i < front->under_way_count; i++)
		if (front->under_way[i] == visit)
			front->under_way[i] = front->under_way[--front->under_way_count];
	visit->number = 0;
}

/* Where the end of the reply has not come, tidemark makes it for nobody. */
static void give_up(struct visit *visit)
{
	struct front *front = visit->front;
	if (visit->number == 0)
		return;
	portal_put_number(&front->writer, PORTAL_CANCEL, visit->number);
	send_frame(front);
	front->figures[PORTAL_FIGURE_GONE]++;
	forget_number(visit);
}

static void tell_figures(struct front *front)
{
	front->figures[PORTAL_FIGURE_UNDER_WAY] = front->under_way_count;
	portal_put_figures(&front->writer, front->figures);
	send_frame(front);
}

/* Whether tidemark will take it: one request that it would not costs itself, and not the door. */
static bool write_request(struct visit *visit)
{
	struct front *front = visit->front;
	struct wire_writer *writer = &front->writer;
	struct portal_request taken;
	visit->reading.request.number = front->last_number + 1;
	portal_put_request(writer, &visit->reading.request);
	struct wire_reader reader = {.rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
	return !writer->overflowed && portal_get_request(&reader, &taken) == STATUS_OK;
}

static void hand_on(struct visit *visit)
{
	struct front *front = visit->front;
	enum portal_route route = visit->reading.request.route;
	if (route == PORTAL_ROUTE_METRICS || route == PORTAL_ROUTE_OPERATOR_METRICS) {
		tell_figures(front);
		portal_put_request(&front->writer, &visit->reading.request);
	}
	visit->number = ++front->last_number;
	front->under_way[front->under_way_count++] = visit;
	front->figures[PORTAL_FIGURE_HANDED_ON]++;
	send_frame(front);
}

/* ---- what goes back ---- */

static enum MHD_Result queue_response(struct visit *visit, unsigned code, struct MHD_Response *response)
{
	if (response == NULL)
		return MHD_NO;
	if (visit->front->is_draining && MHD_add_response_header(response, "Connection", "close") != MHD_YES) {
		MHD_destroy_response(response);
		return MHD_NO;
	}
	enter(visit, VISIT_REPLIES);
	visit->reply.is_queued = true;
	enum MHD_Result result = MHD_queue_response(visit->connection, code, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse_visit(struct visit *visit, const struct refusal *refusal)
{
	struct front *front = visit->front;
	front->figures[refusal->figure] += refusal->code != 308;
	return queue_response(visit, refusal->code,
	                      reply_make_refusal(&front->place, refusal, visit->reading.request.wants_problem));
}

static void tell_taken(struct visit *visit, bool is_all)
{
	struct front *front = visit->front;
	struct reply *reply = &visit->reply;
	if (reply->untold == 0 || visit->number == 0 || (!is_all && reply->untold < TOLD_LEAST))
		return;
	portal_put_took(&front->writer, visit->number, (uint32_t)reply->untold);
	reply->untold = 0;
	send_frame(front);
}

/* As much as is there and fits; waits for more where there is none. */
static ssize_t read_body(void *context, uint64_t position, char *into, size_t size)
{
	struct visit *visit = context;
	struct reply *reply = &visit->reply;
	struct bytes rest = bytes_from(buffer_bytes(&reply->pieces), reply->taken);
	(void)position;
	if (visit->is_shut || reply->is_cut)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (rest.len == 0 && reply->is_over)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (rest.len == 0) {
		suspend(visit);
		return 0;
	}
	size_t length = rest.len < size ? rest.len : size;
	memcpy(into, rest.at, length);
	reply->taken += length;
	reply->untold += length;
	if (reply->taken == reply->pieces.len) {
		buffer_reset(&reply->pieces);
		reply->taken = 0;
	}
	tell_taken(visit, reply->pieces.len == 0);
	enter(visit, VISIT_REPLIES);
	return (ssize_t)length;
}

static enum MHD_Result begin_reply(struct visit *visit)
{
	struct front *front = visit->front;
	struct reply *reply = &visit->reply;
	struct MHD_Response *response;
	if (reply->is_cut)
		return MHD_NO;
	if (reply->is_over && reply->pieces.len <= REPLY_WHOLE_MAX)
		response = reply_make(&front->place, &reply->head, buffer_bytes(&reply->pieces));
	else
		response = reply_make_stream(&front->place, &reply->head, read_body, visit);
	return queue_response(visit, reply->head.code, response);
}

enum status front_reply(struct front *front, uint64_t number, const struct portal_reply *head)
{
	struct visit *visit = find_under_way(front, number);
	if (visit == NULL)
		return number <= front->last_number ? STATUS_OK : STATUS_MALFORMED;
	if (visit->reply.has_head)
		return STATUS_MALFORMED;
	visit->reply.has_head = true;
	visit->reply.head = *head;
	visit->reply.head.location = arena_copy(&visit->arena, head->location);
	visit->reply.head.file_name = arena_copy(&visit->arena, head->file_name);
	visit->reply.head.cookie = arena_copy(&visit->arena, head->cookie);
	return STATUS_OK;
}

/* Something has come for it: it goes on where it waited for that. */
static void go_on(struct visit *visit)
{
	if (reply_can_begin(&visit->reply) || visit->reply.is_queued || visit->reply.is_cut)
		resume(visit);
}

enum status front_body(struct front *front, uint64_t number, struct bytes piece)
{
	struct visit *visit = find_under_way(front, number);
	if (visit == NULL)
		return number <= front->last_number ? STATUS_OK : STATUS_MALFORMED;
	struct reply *reply = &visit->reply;
	if (!reply->has_head)
		return STATUS_MALFORMED;
	if (reply->taken > 0) {
		buffer_consume(&reply->pieces, reply->taken);
		reply->taken = 0;
	}
	buffer_append(&reply->pieces, piece);
	reply->is_cut = reply->is_cut || buffer_status(&reply->pieces) == STATUS_NO_MEMORY;
	go_on(visit);
	return buffer_status(&reply->pieces) == STATUS_TOO_LARGE ? STATUS_MALFORMED : STATUS_OK;
}

enum status front_end(struct front *front, uint64_t number, bool is_cut)
{
	struct visit *visit = find_under_way(front, number);
	if (visit == NULL)
		return number <= front->last_number ? STATUS_OK : STATUS_MALFORMED;
	if (!visit->reply.has_head && !is_cut)
		return STATUS_MALFORMED;
	visit->reply.is_over = true;
	visit->reply.is_cut |= is_cut;
	forget_number(visit);
	go_on(visit);
	return STATUS_OK;
}

/* ---- what comes in ---- */

struct collecting {
	struct header *headers;
	size_t count;
	bool is_too_many;
};

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                      const char *value, size_t value_size)
{
	struct collecting *collecting = context;
	(void)kind;
	if (collecting->count == HEADERS_MAX) {
		collecting->is_too_many = true;
		return MHD_NO;
	}
	collecting->headers[collecting->count++] = (struct header){bytes_of(name, name_size), bytes_of(value, value_size)};
	return MHD_YES;
}

static struct refusal ask_crowd(struct visit *visit, const struct head *head)
{
	struct front *front = visit->front;
	struct bytes peer = head_peer(&front->place, head);
	struct crowd_key key = peer.at == head->peer.at ? visit->key : crowd_key_of_text(peer, visit->key);
	if (crowd_ask(front->crowd, key, clock_monotonic()))
		return REFUSAL_NONE;
	return refuse(429, PORTAL_FIGURE_ADDRESS_RATE, "Too many requests", "Ask again in a minute.");
}

static struct refusal read_head(struct visit *visit, const char *method)
{
	struct header headers[HEADERS_MAX];
	struct collecting collecting = {.headers = headers};
	MHD_get_connection_values_n(visit->connection, MHD_HEADER_KIND, collect_header, &collecting);
	const struct head head = {
		.method = bytes_of_string(method),
		.target = visit->target,
		.peer = bytes_of_string(visit->peer),
		.is_loopback = visit->is_loopback,
		.headers = headers,
		.header_count = collecting.count,
	};
	if (collecting.is_too_many)
		return refuse(431, PORTAL_FIGURE_TOO_LARGE, "Too many headers", NULL);
	struct refusal refusal = head_read(&visit->front->place, &head, &visit->arena, &visit->reading);
	/* After its reading, so that the refusal comes in the form that it asks for. */
	struct refusal crowded = ask_crowd(visit, &head);
	return crowded.code != 0 ? crowded : refusal;
}

static bool has_body(struct visit *visit)
{
	return MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL ||
	       MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, "Content-Length") != NULL;
}

static uint64_t announced_size(struct visit *visit)
{
	const char *text = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, "Content-Length");
	uint64_t size = 0;
	return text != NULL && bytes_parse_u64(bytes_of_string(text), &size) ? size : 0;
}

static const struct refusal too_large = {
	.code = 413,
	.figure = PORTAL_FIGURE_TOO_LARGE,
	.title = "Too large",
	.detail = "A request has at most 32 KiB.",
};

static struct refusal check_announced(struct visit *visit, const char *method)
{
	bool is_post = strcmp(method, "POST") == 0;
	if (!is_post && has_body(visit) &&
	    (announced_size(visit) > 0 ||
	     MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL))
		return refuse_malformed("Only POST has a body.");
	return announced_size(visit) > PORTAL_BODY_MAX ? too_large : REFUSAL_NONE;
}

static enum MHD_Result take_head(struct visit *visit, const char *method)
{
	struct front *front = visit->front;
	front->figures[PORTAL_FIGURE_REQUESTS]++;
	struct refusal refusal = read_head(visit, method);
	if (refusal.code == 0)
		refusal = check_announced(visit, method);
	if (refusal.code == 0 && front->is_draining)
		refusal = refuse(503, PORTAL_FIGURE_BUSY, "Ending", "It is being ended.");
	/* What has no body is refused behind its head, and the connection stays. */
	if (refusal.code != 0 && has_body(visit))
		return refuse_visit(visit, &refusal);
	visit->refusal = refusal;
	enter(visit, VISIT_BODY);
	return MHD_YES;
}

static enum MHD_Result take_body(struct visit *visit, const char *data, size_t *size)
{
	buffer_append(&visit->body, bytes_of(data, *size));
	*size = 0;
	if (buffer_status(&visit->body) == STATUS_OK)
		return MHD_YES;
	/* In the midst of a body nothing can be answered; the end of the connection is the answer. */
	visit->front->figures[PORTAL_FIGURE_TOO_LARGE]++;
	return MHD_NO;
}

static struct refusal read_fields(struct visit *visit)
{
	struct head_reading *reading = &visit->reading;
	struct bytes body = buffer_bytes(&visit->body);
	enum status status = STATUS_OK;
	if (body.len == 0)
		return REFUSAL_NONE;
	if (reading->media == MEDIA_FORM)
		status = form_add_encoded(body, &visit->arena, &reading->request);
	else if (reading->media == MEDIA_JSON)
		status = form_add_json(body, &visit->arena, &reading->request);
	else
		return refuse(415, PORTAL_FIGURE_WRONG_MEDIA, "Unsupported media type",
		              "Send application/x-www-form-urlencoded or application/json.");
	if (status == STATUS_TOO_LARGE)
		return too_large;
	return status == STATUS_OK ? REFUSAL_NONE : refuse_malformed("The body is no form, and no JSON object of strings.");
}

static enum MHD_Result answer(struct visit *visit)
{
	struct front *front = visit->front;
	struct head_reading *reading = &visit->reading;
	if (visit->refusal.code != 0)
		return refuse_visit(visit, &visit->refusal);
	if (reading->asset != NULL) {
		bool is_known = asset_matches(reading->asset, reading->if_none_match);
		front->figures[PORTAL_FIGURE_ASSETS]++;
		return queue_response(visit, is_known ? 304 : 200, reply_make_asset(&front->place, reading->asset, is_known));
	}
	struct refusal refusal = read_fields(visit);
	if (refusal.code == 0 && front->under_way_count == PORTAL_UNDER_WAY_MAX)
		refusal = refuse(503, PORTAL_FIGURE_BUSY, "Busy", "Ask again in a few seconds.");
	if (refusal.code == 0 && !write_request(visit))
		refusal = refuse_malformed("It cannot be handed on.");
	if (refusal.code != 0)
		return refuse_visit(visit, &refusal);
	enter(visit, VISIT_WAITS);
	suspend(visit);
	hand_on(visit);
	return MHD_YES;
}

/* Called for the head, for every piece of the body, behind it, and whenever what waited goes on. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **request)
{
	struct visit *visit = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	(void)context, (void)url, (void)version, (void)request;
	if (visit == NULL || visit->is_shut)
		return MHD_NO;
	switch (visit->state) {
	case VISIT_HEAD: return take_head(visit, method);
	case VISIT_BODY: return *size > 0 ? take_body(visit, data, size) : answer(visit);
	case VISIT_WAITS: return begin_reply(visit);
	default: *size = 0; return MHD_YES;
	}
}

/* ---- connections ---- */

static void *on_target(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct visit *visit = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	(void)context;
	if (visit == NULL)
		return NULL;
	visit->has_asked = true;
	visit->target = arena_copy(&visit->arena, bytes_of_string(uri));
	return NULL;
}

static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context, (void)connection;
	return strlen(text);
}

/* What the library has refused before there was a head to read. */
static void count_unread(struct visit *visit)
{
	const union MHD_ConnectionInfo *reply = MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_HTTP_STATUS);
	unsigned code = reply != NULL ? reply->http_status : 0;
	if (visit->state != VISIT_HEAD || visit->is_shut || code < 400)
		return;
	visit->front->figures[code == 413 || code == 414 || code == 431 ? PORTAL_FIGURE_TOO_LARGE : PORTAL_FIGURE_MALFORMED]++;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how)
{
	struct visit *visit = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	(void)context, (void)request, (void)how;
	if (visit == NULL)
		return;
	count_unread(visit);
	give_up(visit);
	arena_reset(&visit->arena);
	buffer_free(&visit->body);
	buffer_free(&visit->reply.pieces);
	visit->reply = (struct reply){.pieces = visit->reply.pieces};
	visit->target = BYTES_NONE;
	visit->reading = (struct head_reading){.media = MEDIA_NONE};
	visit->refusal = REFUSAL_NONE;
	enter(visit, VISIT_HEAD);
	if (visit->front->is_draining)
		shut(visit, PORTAL_FIGURE_CROWDED_OUT);
}

static void read_peer(struct visit *visit, const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;
		memcpy(&six, address, sizeof six);
		visit->is_loopback = IN6_IS_ADDR_LOOPBACK(&six.sin6_addr) ||
		                     (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr) && six.sin6_addr.s6_addr[12] == 127);
		inet_ntop(AF_INET6, &six.sin6_addr, visit->peer, sizeof visit->peer);
		if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
			inet_ntop(AF_INET, six.sin6_addr.s6_addr + 12, visit->peer, sizeof visit->peer);
		return;
	}
	struct sockaddr_in four;
	memcpy(&four, address, sizeof four);
	visit->is_loopback = (ntohl(four.sin_addr.s_addr) >> 24) == 127;
	inet_ntop(AF_INET, &four.sin_addr, visit->peer, sizeof visit->peer);
}

/* All are one address where a proxy stands before us: it has limits of its own. */
static bool counts_address(const struct visit *visit)
{
	return !(visit->is_loopback && door_is_behind_proxy(&visit->front->place));
}

static void make_room(struct front *front, struct visit *newcomer)
{
	struct visit *oldest = front->first[VISIT_HEAD];
	while (oldest != NULL && (oldest->is_shut || oldest == newcomer))
		oldest = oldest->next;
	shut(oldest != NULL ? oldest : newcomer, PORTAL_FIGURE_CROWDED_OUT);
}

static void welcome(struct front *front, struct MHD_Connection *connection, void **socket_context)
{
	struct visit *visit = calloc(1, sizeof *visit);
	*socket_context = visit;
	if (visit == NULL)
		return;
	visit->front = front;
	visit->connection = connection;
	visit->descriptor = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	visit->arena = arena_with_ceiling(ARENA_MAX);
	visit->body = buffer_with_ceiling(PORTAL_BODY_MAX);
	visit->reply.pieces = buffer_with_ceiling(PORTAL_WINDOW);
	const struct sockaddr *address = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
	read_peer(visit, address);
	visit->key = crowd_key_of(address);
	link_visit(visit, VISIT_HEAD);
	front->figures[PORTAL_FIGURE_ACCEPTED]++;
	front->figures[PORTAL_FIGURE_OPEN]++;
	visit->is_counted = counts_address(visit) && crowd_enter(front->crowd, visit->key, visit->since);
	if (counts_address(visit) && !visit->is_counted)
		shut(visit, PORTAL_FIGURE_ADDRESS_CONNECTIONS);
	else if (front->figures[PORTAL_FIGURE_OPEN] > front->connections)
		make_room(front, visit);
}

static bool has_spoken(const struct visit *visit)
{
	struct tcp_info about = {.tcpi_bytes_received = 0};
	socklen_t size = sizeof about;
	return getsockopt(visit->descriptor, IPPROTO_TCP, TCP_INFO, &about, &size) == 0 &&
	       about.tcpi_bytes_received > 1; /* its end is one */
}

/* One that said something, and no line of a request, is refused by the library without a word to us. */
static void see_off(struct visit *visit)
{
	struct front *front = visit->front;
	if (!visit->has_asked && !visit->is_shut && has_spoken(visit))
		front->figures[PORTAL_FIGURE_MALFORMED]++;
	give_up(visit);
	unlink_visit(visit);
	front->figures[PORTAL_FIGURE_OPEN]--;
	if (visit->is_counted)
		crowd_leave(front->crowd, visit->key);
	arena_free(&visit->arena);
	buffer_free(&visit->body);
	buffer_free(&visit->reply.pieces);
	free(visit);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		welcome(context, connection, socket_context);
	else if (*socket_context != NULL)
		see_off(*socket_context);
}

/* ---- the round ---- */

/* Who waits and is gone altogether, not just done with sending. */
static void notice_gone(struct front *front)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(front->watch, events, EVENTS, 0);
	for (int i = 0; i < count; i++) {
		struct visit *visit = events[i].data.ptr;
		give_up(visit);
		visit->is_shut = true;
		resume(visit);
	}
}

static void cut_off_slow(struct front *front, enum visit_state state, int64_t patience, enum portal_figure figure)
{
	int64_t limit = clock_monotonic() - patience;
	for (struct visit *visit = front->first[state]; visit != NULL && visit->since <= limit; visit = visit->next)
		if (!visit->is_suspended)
			shut(visit, figure);
}

void front_run(struct front *front)
{
	notice_gone(front);
	MHD_run(front->daemon);
	cut_off_slow(front, VISIT_HEAD, HEAD_MS, PORTAL_FIGURE_SLOW_HEAD);
	cut_off_slow(front, VISIT_BODY, BODY_MS, PORTAL_FIGURE_SLOW_BODY);
	cut_off_slow(front, VISIT_REPLIES, REPLY_MS, PORTAL_FIGURE_SLOW_READER);
}

int front_descriptor(const struct front *front)
{
	return MHD_get_daemon_info(front->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int front_patience(const struct front *front)
{
	MHD_UNSIGNED_LONG_LONG milliseconds = 0;
	if (MHD_get_timeout(front->daemon, &milliseconds) != MHD_YES || milliseconds > 1000)
		return 1000;
	return (int)milliseconds;
}

/* ---- beginning and end ---- */

enum status front_start(struct front *front, int listening_socket, const char *certificate, const char *key,
                        struct failure *reterr)
{
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (char[]){"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"}},
		{MHD_OPTION_END, 0, NULL},
	};
	struct MHD_OptionItem none = {MHD_OPTION_END, 0, NULL};
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (certificate != NULL ? MHD_USE_TLS : 0);
	front->watch = epoll_create1(EPOLL_CLOEXEC);
	front->daemon = front->watch < 0
	                        ? NULL
	                        : MHD_start_daemon(flags, 0, NULL, NULL, on_request, front, MHD_OPTION_LISTEN_SOCKET,
	                                           listening_socket, MHD_OPTION_CONNECTION_LIMIT,
	                                           front->connections + SPARE_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	                                           (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
	                                           MHD_OPTION_URI_LOG_CALLBACK, on_target, front, MHD_OPTION_UNESCAPE_CALLBACK,
	                                           leave_encoded, front, MHD_OPTION_NOTIFY_COMPLETED, on_completed, front,
	                                           MHD_OPTION_NOTIFY_CONNECTION, on_connection, front, MHD_OPTION_ARRAY,
	                                           certificate != NULL ? tls : &none, MHD_OPTION_END);
	if (front->daemon != NULL)
		return STATUS_OK;
	close(listening_socket);
	return fail(reterr, STATUS_USAGE, "tidemark-portal", "%s",
	            certificate != NULL ? "the TLS certificate and key do not go together, or are none"
	                                : "HTTP could not be started");
}

void front_stop(struct front *front)
{
	for (enum visit_state state = 0; state < VISIT_STATE_COUNT; state++)
		for (struct visit *visit = front->first[state]; visit != NULL; visit = visit->next)
			resume(visit);
	if (front->daemon != NULL)
		MHD_stop_daemon(front->daemon);
	if (front->watch >= 0)
		close(front->watch);
	front->daemon = NULL;
	front->watch = -1;
}

void front_drain(struct front *front)
{
	int listening_socket = MHD_quiesce_daemon(front->daemon);
	if (listening_socket >= 0)
		close(listening_socket);
	front->is_draining = true;
	for (struct visit *visit = front->first[VISIT_HEAD]; visit != NULL; visit = visit->next)
		shut(visit, PORTAL_FIGURE_CROWDED_OUT);
}

bool front_is_quiet(const struct front *front)
{
	return front->first[VISIT_BODY] == NULL && front->first[VISIT_WAITS] == NULL && front->first[VISIT_REPLIES] == NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blob Batch (docs: "Blob Batch"): many requests in the parts of one body, each
 * signed by itself, and their replies in the parts of another. The n-th part
 * has the Content-ID n, both ways.
 */
#include "base/percent.h"
#include "provider/azure-act.h"
#include "provider/azure.h"
#include "provider/http.h"

enum { BODY_MAX = 4 << 20, PART_HEADERS_MAX = 32 };

/* ---- asking ---- */

/* Behind the host: a part names no other. */
static struct bytes path_of(struct bytes url)
{
	size_t host = bytes_find(url, BYTES_LITERAL("://"));
	struct bytes rest = bytes_from(url, host == BYTES_NOT_FOUND ? 0 : host + 3);
	size_t slash = bytes_find_byte(rest, '/');
	return slash == BYTES_NOT_FOUND ? BYTES_LITERAL("/") : bytes_from(rest, slash);
}

static void append_header(struct buffer *body, struct bytes name, struct bytes value)
{
	buffer_append(body, name);
	buffer_append_string(body, ": ");
	buffer_append(body, value);
	buffer_append_string(body, "\r\n");
}

/* A part has no version of its own: it has the batch's. */
static void drop_version(struct request *request)
{
	size_t kept = 0;
	for (size_t i = 0; i < request->header_count; i++)
		if (!bytes_equal_nocase(request->headers[i].name, BYTES_LITERAL("x-ms-version")))
			request->headers[kept++] = request->headers[i];
	request->header_count = kept;
}

static void append_part(struct buffer *body, const struct request *request, size_t index, const char *boundary)
{
	struct bytes path = path_of(request->url);
	buffer_append_format(
		body, "--%s\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: %zu\r\n\r\n%s ",
		boundary, index, request->method);
	buffer_append(body, path);
	if (request->secret_query.len > 0) {
		buffer_append_byte(body, bytes_find_byte(path, '?') == BYTES_NOT_FOUND ? '?' : '&');
		buffer_append(body, request->secret_query);
	}
	buffer_append_string(body, " HTTP/1.1\r\n");
	for (size_t i = 0; i < request->header_count; i++)
		append_header(body, request->headers[i].name, request->headers[i].value);
	if (request->authorization.len > 0)
		append_header(body, BYTES_LITERAL("Authorization"), request->authorization);
	buffer_append_string(body, "Content-Length: 0\r\n\r\n");
}

static enum status append_step(struct buffer *body, const struct target *target, const struct terms *terms,
                               const struct act_step *step, const struct credential *credential, struct bytes bearer,
                               const struct occasion *occasion, size_t index)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct request request;
	const struct occasion unnamed = {.now = occasion->now};
	enum status status = azure_ask_step(target, terms, step, &arena, &request);
	if (status == STATUS_OK) {
		drop_version(&request);
		status = azure_sign(&request, target, credential, &unnamed, &arena);
	}
	if (status == STATUS_OK) {
		if (bearer.len > 0)
			request.authorization = bearer;
		append_part(body, &request, index, occasion->request_id);
	}
	arena_free(&arena);
	return status;
}

static enum status finish_batch(const struct target *target, const struct terms *terms, struct buffer *body, const char *boundary,
                                struct arena *arena, struct request *ret_request)
{
	struct buffer url = buffer_with_ceiling(HTTP_URL_MAX), type = buffer_with_ceiling(256);
	struct request request = {.method = NULL};
	azure_append_container(&url, target);
	buffer_append_string(&url, "?restype=container&comp=batch");
	buffer_append_format(body, "--%s--\r\n", boundary);
	buffer_append_format(&type, "multipart/mixed; boundary=%s", boundary);
	enum status status = azure_finish(&url, "POST", terms, arena, &request);
	if (status == STATUS_OK)
		status = buffer_status(body);
	struct bytes kept_body = arena_copy(arena, buffer_bytes(body)), kept_type = arena_copy(arena, buffer_bytes(&type));
	buffer_free(&type);
	if (status == STATUS_OK && (kept_body.at == NULL || kept_type.at == NULL))
		status = STATUS_NO_MEMORY;
	if (status != STATUS_OK)
		return status;
	request.body = kept_body;
	request_add_header(&request, "Content-Type", kept_type);
	*ret_request = request;
	return STATUS_OK;
}

/* The request's id, new and at random, is the boundary: no name of an object is it. */
enum status azure_ask_batch(const struct target *target, const struct terms *terms, const struct act_step *steps, size_t count,
                            const struct credential *credential, struct bytes bearer, const struct occasion *occasion,
                            struct arena *arena, struct request *ret_request)
{
	struct buffer body = buffer_with_ceiling(BODY_MAX);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = append_step(&body, target, terms, &steps[i], credential, bearer, occasion, i);
	if (status == STATUS_OK)
		status = finish_batch(target, terms, &body, occasion->request_id, arena, ret_request);
	buffer_free(&body);
	return status;
}

/* ---- reading ---- */

static struct bytes take_line(struct bytes *rest)
{
	size_t end = bytes_find_byte(*rest, '\n');
	struct bytes line = bytes_slice(*rest, 0, end);
	*rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*rest, end + 1);
	while (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* Headers up to the empty line behind them. */
static size_t take_headers(struct bytes *rest, struct header headers[PART_HEADERS_MAX])
{
	size_t count = 0;
	while (rest->len > 0) {
		struct bytes line = take_line(rest);
		size_t colon = bytes_find_byte(line, ':');
		if (line.len == 0)
			break;
		if (colon != BYTES_NOT_FOUND && count < PART_HEADERS_MAX)
			headers[count++] = (struct header){bytes_slice(line, 0, colon), bytes_trim(bytes_from(line, colon + 1))};
	}
	return count;
}

struct batch_reading {
	size_t count;
	bool *has_come;
	void (*each)(void *context, size_t index, const struct reply *reply);
	void *context;
};

/* Part headers, a status line, headers, a body. A part that is none, or comes again, is passed over: its step then has no answer. */
static void read_part(struct batch_reading *reading, struct bytes part)
{
	struct header headers[PART_HEADERS_MAX];
	struct reply reply = {.headers = headers};
	uint64_t index, status;
	reply.header_count = take_headers(&part, headers);
	if (!bytes_parse_u64(bytes_trim(reply_header(&reply, "content-id")), &index) || index >= reading->count ||
	    reading->has_come[index])
		return;
	struct bytes line = take_line(&part);
	size_t blank = bytes_find_byte(line, ' ');
	if (!bytes_start_with(line, BYTES_LITERAL("HTTP/1.")) || blank == BYTES_NOT_FOUND ||
	    !bytes_parse_u64(bytes_slice(line, blank + 1, 3), &status) || status < 200 || status > 599)
		return;
	reply.status = (unsigned)status;
	reply.header_count = take_headers(&part, headers);
	reply.body = bytes_trim(part);
	reading->has_come[index] = true;
	reading->each(reading->context, (size_t)index, &reply);
}

static struct bytes find_boundary(const struct reply *reply)
{
	struct bytes type = reply_header(reply, "content-type");
	size_t at = bytes_find(type, BYTES_LITERAL("boundary="));
	struct bytes boundary = at == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(type, at + strlen("boundary="));
	boundary = bytes_trim(bytes_slice(boundary, 0, bytes_find_byte(boundary, ';')));
	bool is_quoted = boundary.len >= 2 && boundary.at[0] == '"' && boundary.at[boundary.len - 1] == '"';
	return is_quoted ? bytes_slice(boundary, 1, boundary.len - 2) : boundary;
}

enum status azure_read_batch(const struct reply *reply, size_t count, struct arena *arena,
                             void (*each)(void *context, size_t index, const struct reply *reply), void *context)
{
	struct bytes boundary = find_boundary(reply), rest = reply->body;
	struct buffer mark = buffer_with_ceiling(256);
	struct batch_reading reading = {count, arena_allocate(arena, count * sizeof(bool)), each, context};
	buffer_append_string(&mark, "--");
	buffer_append(&mark, boundary);
	enum status status = reading.has_come == NULL ? STATUS_NO_MEMORY
	                     : boundary.len == 0      ? STATUS_MALFORMED
	                                              : buffer_status(&mark);
	size_t at = status == STATUS_OK ? bytes_find(rest, buffer_bytes(&mark)) : BYTES_NOT_FOUND;
	if (status == STATUS_OK && at == BYTES_NOT_FOUND)
		status = STATUS_MALFORMED;
	while (at != BYTES_NOT_FOUND) {
		rest = bytes_from(rest, at + mark.len);
		if (bytes_start_with(rest, BYTES_LITERAL("--")))
			break;
		take_line(&rest);
		at = bytes_find(rest, buffer_bytes(&mark));
		read_part(&reading, bytes_slice(rest, 0, at));
	}
	buffer_free(&mark);
	return status;
}

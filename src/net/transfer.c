/* SPDX-License-Identifier: Apache-2.0 */
/* curl's side: what every handle is set to, and the callbacks it makes. */
#include "net/call.h"

#include <stdlib.h>

enum { HEAD_MAX = 64 * 1024 };

/* ---- callbacks ---- */

static struct bytes cut_line_end(struct bytes line)
{
	while (line.len > 0 && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
		line.len--;
	return line;
}

static unsigned read_status(struct bytes line)
{
	size_t blank = bytes_find_byte(line, ' ');
	uint64_t status;
	if (blank == BYTES_NOT_FOUND || !bytes_parse_u64(bytes_slice(line, blank + 1, 3), &status))
		return 0;
	return (unsigned)status;
}

/* Splits the collected lines; the first one is the status line. False if there is no status. */
static bool split_head(struct call *call)
{
	struct bytes rest = buffer_bytes(&call->head);
	unsigned status = 0;
	size_t count = 0;
	for (bool is_first = true; rest.len > 0; is_first = false) {
		size_t end = bytes_find_byte(rest, '\n');
		struct bytes line = cut_line_end(bytes_slice(rest, 0, end));
		rest = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, end + 1);
		size_t colon = bytes_find_byte(line, ':');
		if (is_first)
			status = read_status(line);
		else if (colon != BYTES_NOT_FOUND && count < CALL_HEADERS_MAX)
			call->headers[count++] = (struct header){bytes_slice(line, 0, colon),
			                                         bytes_trim(bytes_from(line, colon + 1))};
	}
	call->reply = (struct reply){.status = status, .headers = call->headers, .header_count = count};
	return status >= 100;
}

static size_t stop(struct call *call, enum status status)
{
	call->stopped = status;
	return 0;
}

/* One line at a time; an empty one ends a head. Heads of 1xx replies are forgotten, but not for ever. */
static size_t on_header(char *at, size_t size, size_t count, void *context)
{
	struct call *call = context;
	struct bytes line = bytes_of(at, size * count);
	call->was_heard = true;
	if (call->is_cancelled || call->reply.status != 0)
		return call->is_cancelled ? 0 : line.len; /* trailers */
	if (bytes_start_with(line, BYTES_LITERAL("HTTP/")))
		buffer_reset(&call->head);
	buffer_append(&call->head, line);
	if (buffer_status(&call->head) != STATUS_OK)
		return stop(call, STATUS_MALFORMED);
	if (cut_line_end(line).len > 0)
		return line.len;
	if (!split_head(call))
		return stop(call, STATUS_MALFORMED);
	if (call->reply.status < 200) {
		call->reply = (struct reply){0};
		call->interim += call->head.len;
		return call->interim <= HEAD_MAX ? line.len : stop(call, STATUS_TIMED_OUT);
	}
	call->stopped = call_take_head(call);
	return call->stopped == STATUS_OK ? line.len : 0;
}

static size_t on_body(char *at, size_t size, size_t count, void *context)
{
	struct call *call = context;
	call->was_heard = true;
	if (call->is_cancelled)
		return 0;
	call->stopped = call_take_body(call, bytes_of(at, size * count));
	return call->stopped == STATUS_OK && !call->is_enough ? size * count : 0;
}

/* ---- handles ---- */

CURL *transfer_new_handle(const struct net_settings *settings, const char *user_agent)
{
	CURL *easy = curl_easy_init();
	if (easy == NULL)
		return NULL;
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, settings->proxy != NULL ? settings->proxy : "");
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_milliseconds);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a name service that says nothing is not waited for */
	curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	if (settings->ca_bundle != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_bundle);
	return easy;
}

static enum status add_header(struct curl_slist **list, struct bytes name, struct bytes value)
{
	struct buffer line = buffer_with_ceiling(HEAD_MAX);
	enum status status = STATUS_NO_MEMORY;
	if (!bytes_are_one_line(name) || !bytes_are_one_line(value))
		return STATUS_MALFORMED;
	buffer_append(&line, name);
	buffer_append_string(&line, ": ");
	buffer_append(&line, value);
	if (buffer_status(&line) == STATUS_OK) {
		struct curl_slist *longer = curl_slist_append(*list, buffer_string(&line));
		if (longer != NULL) {
			*list = longer;
			status = STATUS_OK;
		}
	}
	buffer_free(&line);
	return status;
}

static enum status set_headers(struct call *call, bool with_secrets)
{
	enum status status = STATUS_OK;
	curl_slist_free_all(call->sent_headers);
	call->sent_headers = NULL;
	for (size_t i = 0; i < call->request.header_count && status == STATUS_OK; i++)
		status = add_header(&call->sent_headers, call->request.headers[i].name, call->request.headers[i].value);
	if (status == STATUS_OK && with_secrets && call->request.authorization.len > 0)
		status = add_header(&call->sent_headers, BYTES_LITERAL("Authorization"), call->request.authorization);
	if (status == STATUS_OK)
		curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->sent_headers);
	return status;
}

static enum status set_url(struct call *call, bool with_secrets)
{
	struct buffer url = buffer_with_ceiling(256 * 1024);
	buffer_append(&url, call->url);
	if (with_secrets && call->request.secret_query.len > 0) {
		buffer_append_byte(&url, bytes_find_byte(call->url, '?') == BYTES_NOT_FOUND ? '?' : '&');
		buffer_append(&url, call->request.secret_query);
	}
	enum status status = buffer_status(&url);
	if (status == STATUS_OK && !bytes_are_one_line(buffer_bytes(&url)))
		status = STATUS_MALFORMED;
	if (status == STATUS_OK && curl_easy_setopt(call->easy, CURLOPT_URL, buffer_string(&url)) != CURLE_OK)
		status = STATUS_NO_MEMORY;
	buffer_free(&url);
	return status;
}

enum status transfer_prepare(struct call *call, bool with_secrets)
{
	bool is_head = strcmp(call->request.method, "HEAD") == 0;
	enum status status = set_url(call, with_secrets);
	if (status == STATUS_OK)
		status = set_headers(call, with_secrets);
	if (status != STATUS_OK)
		return status;
	curl_easy_setopt(call->easy, CURLOPT_NOBODY, is_head ? 1L : 0L);
	if (!is_head)
		curl_easy_setopt(call->easy, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(call->easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
	call->head.ceiling = HEAD_MAX;
	buffer_reset(&call->head);
	buffer_reset(&call->body);
	call->reply = (struct reply){0};
	call->stopped = STATUS_OK;
	call->interim = 0;
	call->is_streaming = call->is_enough = false;
	return STATUS_OK;
}

enum status transfer_resolve(struct bytes url, struct bytes location, struct arena *arena, struct bytes *ret_url)
{
	char *base = arena_copy_string(arena, url), *relative = arena_copy_string(arena, location), *whole = NULL;
	CURLU *parser = curl_url();
	enum status status = STATUS_NO_MEMORY;
	if (parser != NULL && base != NULL && relative != NULL) {
		status = STATUS_MALFORMED;
		if (curl_url_set(parser, CURLUPART_URL, base, 0) == CURLUE_OK &&
		    curl_url_set(parser, CURLUPART_URL, relative, 0) == CURLUE_OK &&
		    curl_url_set(parser, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
		    curl_url_get(parser, CURLUPART_URL, &whole, 0) == CURLUE_OK) {
			*ret_url = arena_copy(arena, bytes_of_string(whole));
			status = ret_url->at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
		}
	}
	curl_free(whole);
	curl_url_cleanup(parser);
	return status;
}

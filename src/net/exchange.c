/* SPDX-License-Identifier: Apache-2.0 */
#include "net/exchange.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LOCATION_MAX = 8192, HEAD_MAX = 64 << 10, LINE_MAX_BYTES = 64 << 10, ADDRESSES_MAX = 16 };

/* One under way. */
struct running_exchange {
	struct exchange_outcome *outcome;
	size_t head; /* bytes of it */
	bool is_too_large;
};

enum status exchange_prepare(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? STATUS_OK : STATUS_BROKEN;
}

/* ---- places ---- */

static bool copy_host(const char *host, char into[256])
{
	size_t length = strlen(host);
	if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
		host++;
		length -= 2;
	}
	length -= length > 1 && host[length - 1] == '.';
	if (length == 0 || length > 253)
		return false;
	for (size_t i = 0; i < length; i++) {
		char c = (char)(host[i] >= 'A' && host[i] <= 'Z' ? host[i] | 0x20 : host[i]);
		bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		/* Nothing that means something else to whoever looks it up, as a backslash does. */
		if (!is_word && (c == '\0' || strchr("-_.:", c) == NULL))
			return false;
		into[i] = c;
	}
	into[length] = '\0';
	return true;
}

static bool read_parts(CURLU *parser, struct web_place *place)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	uint64_t number = 0;
	bool is_read = curl_url_get(parser, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	               curl_url_get(parser, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	               curl_url_get(parser, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	               bytes_parse_u64(bytes_of_string(port), &number) && number > 0 && number <= UINT16_MAX &&
	               copy_host(host, place->host);
	if (is_read) {
		place->is_https = strcmp(scheme, "https") == 0;
		place->port = (uint16_t)number;
		is_read = place->is_https || strcmp(scheme, "http") == 0;
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	return is_read;
}

bool web_place_read(struct bytes url, struct web_place *ret_place)
{
	struct web_place place = {.port = 0};
	struct buffer text = buffer_with_ceiling(LOCATION_MAX);
	CURLU *parser = curl_url();
	buffer_append(&text, url);
	bool is_read = parser != NULL && buffer_status(&text) == STATUS_OK && bytes_find_byte(url, 0) == BYTES_NOT_FOUND &&
	               curl_url_set(parser, CURLUPART_URL, buffer_string(&text), CURLU_DISALLOW_USER) == CURLUE_OK &&
	               read_parts(parser, &place);
	curl_url_cleanup(parser);
	buffer_free(&text);
	if (is_read)
		*ret_place = place;
	return is_read;
}

/* ---- what curl brings ---- */

static size_t on_head(char *at, size_t size, size_t count, void *context)
{
	struct running_exchange *running = context;
	(void)at;
	running->head += size * count;
	running->is_too_large |= running->head > HEAD_MAX;
	return running->is_too_large ? 0 : size * count;
}

static size_t on_reply(char *at, size_t size, size_t count, void *context)
{
	struct running_exchange *running = context;
	buffer_append(&running->outcome->body, bytes_of(at, size * count));
	running->is_too_large |= buffer_status(&running->outcome->body) != STATUS_OK;
	return running->is_too_large ? 0 : size * count;
}

/* ---- what curl is told ---- */

static enum status add_line(struct curl_slist **list, struct buffer *line)
{
	struct curl_slist *longer = NULL;
	if (buffer_status(line) == STATUS_OK && bytes_are_one_line(buffer_bytes(line)))
		longer = curl_slist_append(*list, buffer_string(line));
	buffer_free(line);
	*list = longer != NULL ? longer : *list;
	return longer != NULL ? STATUS_OK : STATUS_BROKEN;
}

static enum status list_headers(const struct exchange *exchange, struct curl_slist **ret_list)
{
	struct buffer line = buffer_with_ceiling(LINE_MAX_BYTES);
	enum status status = STATUS_OK;
	if (strcmp(exchange->method, "POST") == 0) { /* curl would wait for a word before it sends a body */
		buffer_append_string(&line, "Expect:");
		status = add_line(ret_list, &line);
	}
	for (size_t i = 0; i < exchange->header_count && status == STATUS_OK; i++) {
		buffer_append(&line, exchange->headers[i].name);
		buffer_append_string(&line, ": ");
		buffer_append(&line, exchange->headers[i].value);
		status = add_line(ret_list, &line);
	}
	return status;
}

/* "HOST:PORT:ADDRESS,ADDRESS". */
static enum status pin_addresses(const struct exchange *exchange, struct curl_slist **ret_list)
{
	struct web_place place;
	struct buffer line = buffer_with_ceiling(LINE_MAX_BYTES);
	if (exchange->address_count == 0)
		return STATUS_OK;
	if (!web_place_read(exchange->url, &place))
		return STATUS_BROKEN;
	buffer_append_format(&line, "%s:%u:", place.host, place.port);
	for (size_t i = 0; i < exchange->address_count && i < ADDRESSES_MAX; i++) {
		char text[NETWORK_TEXT_SIZE];
		const struct ip_address *address = &exchange->addresses[i];
		buffer_append_format(&line, address->is_v6 ? "%s[%s]" : "%s%s", i > 0 ? "," : "",
		                     ip_address_write(address, text));
	}
	return add_line(ret_list, &line);
}

static void set_limits(CURL *easy, const struct exchange *exchange)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(exchange->milliseconds > 0 ? exchange->milliseconds : 1));
	curl_easy_setopt(easy, CURLOPT_USERAGENT, exchange->user_agent);
}

static void set_authorities(CURL *easy, struct bytes authorities)
{
	struct curl_blob blob = {.data = (void *)(uintptr_t)authorities.at, .len = authorities.len, .flags = CURL_BLOB_NOCOPY};
	if (authorities.len == 0)
		return;
	curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}

static enum status set_request(CURL *easy, const struct exchange *exchange)
{
	struct buffer url = buffer_with_ceiling(LOCATION_MAX);
	buffer_append(&url, exchange->url);
	bool is_set = buffer_status(&url) == STATUS_OK && bytes_are_one_line(exchange->url) &&
	              curl_easy_setopt(easy, CURLOPT_URL, buffer_string(&url)) == CURLE_OK;
	buffer_free(&url);
	if (strcmp(exchange->method, "POST") == 0) {
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body.at != NULL ? (const char *)exchange->body.at : "");
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.len);
	}
	return is_set ? STATUS_OK : STATUS_BROKEN;
}

/* ---- what became of it ---- */

static enum exchange_end end_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK: return EXCHANGE_REPLIED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY: return EXCHANGE_NO_ADDRESS;
	case CURLE_COULDNT_CONNECT:
	case CURLE_INTERFACE_FAILED: return EXCHANGE_NO_CONNECTION;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR: return EXCHANGE_CERTIFICATE;
	case CURLE_OPERATION_TIMEDOUT: return EXCHANGE_TIMED_OUT;
	default: return EXCHANGE_NO_SENSE;
	}
}

static void conclude(CURL *easy, CURLcode code, const struct running_exchange *running)
{
	struct exchange_outcome *outcome = running->outcome;
	long status = 0, sent = 0;
	char *location = NULL;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
	curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
	outcome->end = running->is_too_large ? EXCHANGE_TOO_LARGE : end_of(code);
	outcome->was_sent = sent > 0;
	outcome->status = status >= 100 && status <= 999 ? (unsigned)status : 0;
	if (outcome->end == EXCHANGE_REPLIED)
		buffer_append_string(&outcome->location, location != NULL ? location : "");
	else
		snprintf(outcome->why, sizeof outcome->why, "%s", curl_easy_strerror(code));
}

static enum status perform(CURL *easy, const struct exchange *exchange, struct exchange_outcome *outcome)
{
	struct running_exchange running = {.outcome = outcome};
	struct curl_slist *headers = NULL, *pins = NULL;
	set_limits(easy, exchange);
	set_authorities(easy, exchange->authorities);
	enum status status = set_request(easy, exchange);
	if (status == STATUS_OK)
		status = list_headers(exchange, &headers);
	if (status == STATUS_OK)
		status = pin_addresses(exchange, &pins);
	if (status == STATUS_OK) {
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(easy, CURLOPT_RESOLVE, pins);
		curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
		curl_easy_setopt(easy, CURLOPT_HEADERDATA, &running);
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_reply);
		curl_easy_setopt(easy, CURLOPT_WRITEDATA, &running);
		conclude(easy, curl_easy_perform(easy), &running);
	}
	curl_slist_free_all(headers);
	curl_slist_free_all(pins);
	return status;
}

enum status exchange_perform(const struct exchange *exchange, struct exchange_outcome *ret_outcome)
{
	struct exchange_outcome outcome = {
		.body = buffer_with_ceiling(exchange->reply_max),
		.location = buffer_with_ceiling(LOCATION_MAX),
	};
	CURL *easy = curl_easy_init();
	if (easy == NULL)
		return STATUS_NO_MEMORY;
	enum status status = perform(easy, exchange, &outcome);
	curl_easy_cleanup(easy);
	if (status != STATUS_OK)
		exchange_free(&outcome);
	else
		*ret_outcome = outcome;
	return status;
}

void exchange_free(struct exchange_outcome *outcome)
{
	buffer_free(&outcome->body);
	buffer_free(&outcome->location);
}

/* ---- authorities ---- */

enum status exchange_read_authorities(struct buffer *into)
{
	const char *path = curl_version_info(CURLVERSION_NOW)->cainfo;
	int file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t got = 0;
	if (file < 0)
		return STATUS_ABSENT;
	do {
		unsigned char piece[16384];
		got = read(file, piece, sizeof piece);
		if (got > 0)
			buffer_append(into, bytes_of(piece, (size_t)got));
	} while (got > 0 && buffer_status(into) == STATUS_OK);
	close(file);
	return got < 0 || into->len == 0 ? STATUS_ABSENT : buffer_status(into);
}

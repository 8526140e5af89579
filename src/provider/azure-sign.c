/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proving who asks. Shared Key: an HMAC over verb, headers and resource.
 * A shared access signature goes behind the URL as it was given, in the
 * request's secret part, so that no URL that is shown or stored ever holds it.
 */
#include "provider/azure.h"

#include "base/digest.h"
#include "base/percent.h"

#include <ctype.h>
#include <stdlib.h>
#include <time.h>

enum { PARAMETERS_MAX = 32 };

struct signed_parameter {
	struct bytes name, value; /* decoded; name in lower case */
};

static struct bytes header_of(const struct request *request, const char *name)
{
	struct reply as_reply = {.headers = request->headers, .header_count = request->header_count};
	return reply_header(&as_reply, name);
}

/* ---- the string to sign ---- */

static int compare_headers(const void *a, const void *b)
{
	return bytes_compare(((const struct header *)a)->name, ((const struct header *)b)->name);
}

static void append_lower(struct buffer *into, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		buffer_append_byte(into, (unsigned char)tolower(text.at[i]));
}

/* All x-ms- headers by name; ours are written in lower case. */
static void append_own_headers(struct buffer *into, const struct request *request)
{
	struct header own[REQUEST_HEADERS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < request->header_count; i++)
		if (bytes_start_with_nocase(request->headers[i].name, BYTES_LITERAL("x-ms-")))
			own[count++] = request->headers[i];
	qsort(own, count, sizeof *own, compare_headers);
	for (size_t i = 0; i < count; i++) {
		append_lower(into, own[i].name);
		buffer_append_byte(into, ':');
		buffer_append(into, bytes_trim(own[i].value));
		buffer_append_byte(into, '\n');
	}
}

static int compare_parameters(const void *a, const void *b)
{
	const struct signed_parameter *x = a, *y = b;
	int order = bytes_compare(x->name, y->name);
	return order != 0 ? order : bytes_compare(x->value, y->value);
}

/* Cuts a part that was appended to scratch out of it; scratch does not move any more by then. */
struct span {
	size_t from, len;
};

static size_t split_query(struct bytes query, struct buffer *scratch, struct span names[PARAMETERS_MAX],
                          struct span values[PARAMETERS_MAX])
{
	struct bytes name, value;
	size_t count = 0;
	while (count < PARAMETERS_MAX && percent_next_parameter(&query, &name, &value)) {
		names[count].from = scratch->len;
		percent_append_decoded(scratch, name);
		names[count].len = scratch->len - names[count].from;
		values[count].from = scratch->len;
		percent_append_decoded(scratch, value);
		values[count].len = scratch->len - values[count].from;
		count++;
	}
	return count;
}

/* "\nname:value", names in lower case and sorted; values of one name joined by commas. */
static void append_query(struct buffer *into, struct bytes query)
{
	struct span names[PARAMETERS_MAX], values[PARAMETERS_MAX];
	struct signed_parameter parameters[PARAMETERS_MAX];
	struct buffer scratch = buffer_with_ceiling(64 * 1024);
	size_t count = split_query(query, &scratch, names, values);
	if (buffer_status(&scratch) != STATUS_OK)
		count = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < names[i].len; k++)
			scratch.at[names[i].from + k] = (unsigned char)tolower(scratch.at[names[i].from + k]);
		parameters[i].name = bytes_slice(buffer_bytes(&scratch), names[i].from, names[i].len);
		parameters[i].value = bytes_slice(buffer_bytes(&scratch), values[i].from, values[i].len);
	}
	qsort(parameters, count, sizeof *parameters, compare_parameters);
	for (size_t i = 0; i < count; i++) {
		bool is_further = i > 0 && bytes_equal(parameters[i].name, parameters[i - 1].name);
		buffer_append_byte(into, is_further ? ',' : '\n');
		if (!is_further) {
			buffer_append(into, parameters[i].name);
			buffer_append_byte(into, ':');
		}
		buffer_append(into, parameters[i].value);
	}
	buffer_free(&scratch);
}

static void append_resource(struct buffer *into, struct bytes url, struct bytes account)
{
	size_t host = bytes_find(url, BYTES_LITERAL("://"));
	struct bytes rest = bytes_from(url, host == BYTES_NOT_FOUND ? 0 : host + 3);
	size_t slash = bytes_find_byte(rest, '/');
	rest = slash == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(rest, slash);
	size_t question = bytes_find_byte(rest, '?');
	buffer_append_byte(into, '/');
	buffer_append(into, account);
	buffer_append(into, bytes_slice(rest, 0, question));
	if (question != BYTES_NOT_FOUND)
		append_query(into, bytes_from(rest, question + 1));
}

void azure_append_string_to_sign(struct buffer *into, const struct request *request, struct bytes account)
{
	static const char *const signed_headers[] = {
		"Content-Encoding",  "Content-Language", "Content-Length", "Content-MD5",         "Content-Type", "Date",
		"If-Modified-Since", "If-Match",         "If-None-Match",  "If-Unmodified-Since", "Range",
	};
	buffer_append_string(into, request->method);
	buffer_append_byte(into, '\n');
	for (size_t i = 0; i < sizeof signed_headers / sizeof *signed_headers; i++) {
		bool is_length = strcmp(signed_headers[i], "Content-Length") == 0;
		if (is_length && request->body.len > 0)
			buffer_append_format(into, "%zu", request->body.len);
		else
			buffer_append(into, header_of(request, signed_headers[i]));
		buffer_append_byte(into, '\n');
	}
	append_own_headers(into, request);
	append_resource(into, request->url, account);
}

/* ---- signing ---- */

static struct bytes keep(struct arena *arena, struct buffer *text)
{
	struct bytes kept = buffer_status(text) == STATUS_OK ? arena_copy(arena, buffer_bytes(text)) : BYTES_NONE;
	buffer_free(text);
	return kept;
}

static struct bytes http_date(int64_t now, struct arena *arena)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct buffer text = buffer_with_ceiling(64);
	time_t seconds = (time_t)now;
	struct tm tm;
	if (gmtime_r(&seconds, &tm) == NULL)
		return BYTES_NONE;
	buffer_append_format(&text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	                     tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return keep(arena, &text);
}

static enum status sign_with_key(struct request *request, const struct credential *credential, const struct target *target,
                                 const struct occasion *occasion, struct arena *arena)
{
	unsigned char mac[DIGEST_SHA256_SIZE];
	struct buffer text = buffer_with_ceiling(256 * 1024), value = buffer_with_ceiling(1024);
	struct bytes date = http_date(occasion->now, arena);
	if (date.at == NULL)
		return STATUS_NO_MEMORY;
	request_add_header(request, "x-ms-date", date);
	azure_append_string_to_sign(&text, request, target->account_name);
	enum status status = buffer_status(&text);
	digest_hmac_sha256(credential->key, buffer_bytes(&text), mac);
	buffer_free(&text);
	buffer_append_string(&value, "SharedKey ");
	buffer_append(&value, target->account_name);
	buffer_append_byte(&value, ':');
	digest_append_base64(&value, bytes_of(mac, sizeof mac));
	request->authorization = keep(arena, &value);
	if (status == STATUS_OK && request->authorization.at == NULL)
		status = STATUS_NO_MEMORY;
	return status;
}

enum status azure_sign(struct request *request, const struct target *target, const struct credential *credential,
                       const struct occasion *occasion, struct arena *arena)
{
	if (occasion->request_id != NULL) {
		struct bytes id = arena_copy(arena, bytes_of_string(occasion->request_id));
		if (id.at == NULL)
			return STATUS_NO_MEMORY;
		request_add_header(request, "x-ms-client-request-id", id);
	}
	if (!credential_fits(credential, target))
		return STATUS_OK;
	if (credential->kind == CREDENTIAL_SHARED_KEY)
		return sign_with_key(request, credential, target, occasion, arena);
	request->secret_query = arena_copy(arena, credential->query);
	return request->secret_query.at != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

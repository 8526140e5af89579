/* SPDX-License-Identifier: Apache-2.0 */
/* Wording and reading, apart from what any one provider has of its own. */
#include "provider/http.h"

#include "base/digest.h"
#include "base/percent.h"

enum { ETAG_MAX = 256 };

/* ---- wording ---- */

void http_append_host(struct buffer *url, const struct target *target)
{
	unsigned usual_port = bytes_equal_string(target->scheme, "https") ? 443 : 80;
	buffer_append(url, target->scheme);
	buffer_append_string(url, "://");
	buffer_append(url, target->host);
	if (target->port != usual_port)
		buffer_append_format(url, ":%u", target->port);
}

void http_append_parameter(struct buffer *url, const char *name, struct bytes value)
{
	buffer_append_format(url, "&%s=", name);
	percent_append_encoded(url, value, false);
}

enum status http_request(struct buffer *url, const char *method, struct arena *arena, struct request *ret_request)
{
	enum status status = buffer_status(url);
	struct request request = {.method = method, .url = arena_copy(arena, buffer_bytes(url))};
	buffer_free(url);
	if (status == STATUS_OK && request.url.at == NULL)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		*ret_request = request;
	return status;
}

static enum status add_header(struct request *request, const char *name, struct buffer *value, struct arena *arena)
{
	struct bytes kept = buffer_status(value) == STATUS_OK ? arena_copy(arena, buffer_bytes(value)) : BYTES_NONE;
	buffer_free(value);
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	request_add_header(request, name, kept);
	return STATUS_OK;
}

enum status http_add_range(struct request *request, const struct object_part *part, struct arena *arena)
{
	struct buffer range = buffer_with_ceiling(64);
	bool is_open = part->length == OBJECT_SIZE_UNKNOWN || part->length > UINT64_MAX - part->offset;
	if (part->is_head || part->length == 0 || (part->offset == 0 && is_open))
		return STATUS_OK;
	buffer_append_format(&range, "bytes=%llu-", (unsigned long long)part->offset);
	if (!is_open)
		buffer_append_format(&range, "%llu", (unsigned long long)(part->offset + part->length - 1));
	return add_header(request, "Range", &range, arena);
}

enum status http_add_condition(struct request *request, struct bytes etag, struct arena *arena)
{
	if (etag.len == 0)
		return STATUS_OK;
	struct buffer quoted = buffer_with_ceiling(4096);
	buffer_append_byte(&quoted, '"');
	buffer_append(&quoted, etag);
	buffer_append_byte(&quoted, '"');
	return add_header(request, "If-Match", &quoted, arena);
}

bool http_has_dot_segment(struct bytes name)
{
	while (name.len > 0) {
		struct bytes segment = bytes_slice(name, 0, bytes_find_byte(name, '/'));
		if (bytes_equal_string(segment, ".") || bytes_equal_string(segment, ".."))
			return true;
		name = bytes_from(name, segment.len + 1);
	}
	return false;
}

/* ---- reading ---- */

struct bytes http_without_quotes(struct bytes etag)
{
	bool is_quoted = etag.len >= 2 && etag.at[0] == '"' && etag.at[etag.len - 1] == '"';
	return is_quoted ? bytes_slice(etag, 1, etag.len - 2) : etag;
}

static void read_size(const struct reply *reply, struct object *object)
{
	uint64_t first, last, size;
	bool is_told = reply->status == 206 ? reply_content_range(reply, &first, &last, &size)
	                                    : bytes_parse_u64(bytes_trim(reply_header(reply, "content-length")), &size);
	if (is_told && size <= OBJECT_SIZE_MAX)
		object->size = size;
}

enum status http_read_head(const struct reply *reply, struct arena *arena, struct object *object)
{
	struct bytes etag = http_without_quotes(reply_header(reply, "etag"));
	int64_t modified = clock_parse_rfc5322(reply_header(reply, "last-modified"));
	read_size(reply, object);
	if (modified != CLOCK_UNKNOWN)
		object->modified = modified;
	if (etag.len == 0 || etag.len > ETAG_MAX)
		return STATUS_OK;
	struct bytes kept = arena_copy(arena, etag);
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	object->etag = kept;
	return STATUS_OK;
}

enum status http_read_md5(struct bytes text, struct arena *arena, struct bytes *ret_md5)
{
	struct buffer raw = buffer_with_ceiling(256);
	bool is_one = digest_parse_base64(bytes_trim(text), &raw) == STATUS_OK && raw.len == DIGEST_MD5_SIZE;
	struct bytes md5 = is_one ? arena_copy(arena, buffer_bytes(&raw)) : BYTES_NONE;
	buffer_free(&raw);
	if (is_one && md5.at == NULL)
		return STATUS_NO_MEMORY;
	*ret_md5 = md5;
	return STATUS_OK;
}

struct http_meaning http_mean(unsigned status)
{
	switch (status) {
	case 401: return (struct http_meaning){REFUSAL_PRIVATE_OR_ABSENT, STATUS_DENIED};
	case 403: return (struct http_meaning){REFUSAL_DENIED, STATUS_DENIED};
	case 404: return (struct http_meaning){REFUSAL_PRIVATE_OR_ABSENT, STATUS_ABSENT};
	case 412: return (struct http_meaning){REFUSAL_CHANGED, STATUS_CHANGED};
	case 416: return (struct http_meaning){REFUSAL_RANGE, STATUS_CHANGED};
	case 429:
	case 503: return (struct http_meaning){REFUSAL_BUSY, STATUS_BUSY};
	case 408:
	case 500:
	case 502:
	case 504: return (struct http_meaning){REFUSAL_PASSING, STATUS_UNREACHABLE};
	case 501: return (struct http_meaning){REFUSAL_UNSUPPORTED, STATUS_UNSUPPORTED};
	default: return (struct http_meaning){REFUSAL_OTHER, STATUS_DENIED};
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and building headers. */
#include "net/message.h"

#include <assert.h>

void request_add_header(struct request *request, const char *name, struct bytes value)
{
	assert(request->header_count < REQUEST_HEADERS_MAX);
	request->headers[request->header_count++] = (struct header){bytes_of_string(name), value};
}

struct bytes reply_header(const struct reply *reply, const char *name)
{
	struct bytes wanted = bytes_of_string(name);
	for (size_t i = 0; i < reply->header_count; i++)
		if (bytes_equal_nocase(reply->headers[i].name, wanted))
			return reply->headers[i].value;
	return BYTES_NONE;
}

bool reply_content_range(const struct reply *reply, uint64_t *ret_first, uint64_t *ret_last, uint64_t *ret_total)
{
	struct bytes text = reply_header(reply, "content-range");
	if (!bytes_start_with_nocase(text, BYTES_LITERAL("bytes ")))
		return false;
	text = bytes_trim(bytes_from(text, 6));
	size_t hyphen = bytes_find_byte(text, '-'), slash = bytes_find_byte(text, '/');
	if (hyphen == BYTES_NOT_FOUND || slash == BYTES_NOT_FOUND || slash < hyphen)
		return false;
	uint64_t first, last, total = UINT64_MAX;
	struct bytes total_text = bytes_from(text, slash + 1);
	if (!bytes_parse_u64(bytes_slice(text, 0, hyphen), &first) ||
	    !bytes_parse_u64(bytes_slice(text, hyphen + 1, slash - hyphen - 1), &last) ||
	    (!bytes_equal_string(total_text, "*") && !bytes_parse_u64(total_text, &total)))
		return false;
	if (first > last || (total != UINT64_MAX && last >= total))
		return false;
	*ret_first = first;
	*ret_last = last;
	*ret_total = total;
	return true;
}

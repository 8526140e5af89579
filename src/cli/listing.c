/* SPDX-License-Identifier: Apache-2.0 */
/* Counting rows of a page. */
#include "cli/listing.h"

void listing_begin(struct listing *listing, struct session *session, const struct output_list *list)
{
	*listing = (struct listing){
		.session = session, .limit = settings_number(session->settings, "limit"), .cursor = buffer_with_ceiling(1 << 16),
		.next = buffer_with_ceiling(1 << 16),
	};
	output_begin_list(session->output, list);
}

struct bytes listing_cursor(const struct listing *listing)
{
	return bytes_of_string(settings_text(listing->session->settings, "cursor"));
}

bool listing_takes_another(struct listing *listing)
{
	if (listing->shown == listing->limit) {
		listing->has_more = true;
		return false;
	}
	if (++listing->shown == listing->limit)
		buffer_append(&listing->next, buffer_bytes(&listing->cursor));
	return true;
}

void listing_end(struct listing *listing)
{
	struct output *output = listing->session->output;
	output_end_list(output);
	struct json_writer *json = output_members(output);
	json_key(json, "next");
	listing->has_more ? json_bytes(json, buffer_bytes(&listing->next)) : json_null(json);
	if (listing->has_more)
		output_note(output, "more: --cursor %s", buffer_string(&listing->next));
	buffer_free(&listing->cursor);
	buffer_free(&listing->next);
}

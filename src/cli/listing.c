/* SPDX-License-Identifier: Apache-2.0 */
/* A page of a list, from its options to its last line. */
#include "cli/listing.h"

void listing_begin(struct listing *listing, struct session *session, const struct output_list *list)
{
	*listing = (struct listing){session, paging_with_limit(settings_number(session->settings, "limit"))};
	output_begin_list(session->output, list);
}

struct bytes listing_cursor(const struct listing *listing)
{
	return bytes_of_string(settings_text(listing->session->settings, "cursor"));
}

void listing_end(struct listing *listing)
{
	struct output *output = listing->session->output;
	output_end_list(output);
	paging_write_next(&listing->paging, output_members(output));
	if (listing->paging.has_more)
		output_note(output, "more: --cursor %s", buffer_string(&listing->paging.next));
	paging_free(&listing->paging);
}

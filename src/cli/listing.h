/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that page through a list have in common: --limit, --cursor, "next". */
#ifndef TIDEMARK_CLI_LISTING_H
#define TIDEMARK_CLI_LISTING_H

#include "answer/paging.h"
#include "cli/session.h"

#define LISTING_OPTIONS \
	{.name = "limit", \
	 .kind = OPTION_UNSIGNED, \
	 .value = "N", \
	 .low = 1, \
	 .standard = "1000", \
	 .unit = "rows", \
	 .help = "at most so many; there is no upper bound"}, \
	{ \
		.name = "cursor", .kind = OPTION_TEXT, .value = "C", .is_not_configured = true, \
		.help = "go on where an earlier answer's next points" \
	}

struct listing {
	struct session *session;
	struct paging paging;
};

void listing_begin(struct listing *listing, struct session *session, const struct output_list *list);
/** Where the person wants to go on; empty: at the start. */
struct bytes listing_cursor(const struct listing *listing);
/** Ends the list and says where it goes on. */
void listing_end(struct listing *listing);

#endif

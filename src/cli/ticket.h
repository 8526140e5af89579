/* SPDX-License-Identifier: Apache-2.0 */
/* --ticket T: why something is done, for the record, by commands that do nothing without it. */
#ifndef TIDEMARK_CLI_TICKET_H
#define TIDEMARK_CLI_TICKET_H

#include "base/bytes.h"
#include "base/status.h"

struct session;

#define TICKET_OPTION(text) \
	{ \
		.name = "ticket", .kind = OPTION_TEXT, .value = "T", .is_not_configured = true, .help = text \
	}

/** USAGE where there is none, or it is too long. */
enum status ticket_read(struct session *session, struct bytes *ret_ticket, struct failure *reterr) MUST_CHECK;

#endif

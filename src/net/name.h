/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a name exists, as the name service says it: "there is none" (NXDOMAIN,
 * RFC 8020) is an answer, and quite another thing than a resolver that fails.
 * Blocks for some seconds at most.
 */
#ifndef TIDEMARK_NET_NAME_H
#define TIDEMARK_NET_NAME_H

#include "base/bytes.h"

#include <netinet/in.h>

enum name_state {
	NAME_UNKNOWN, /* nobody answered, or with a failure */
	NAME_FOUND,   /* there is such a name, if perhaps without an address */
	NAME_ABSENT   /* the name service says that there is none */
};

struct name_answer {
	enum name_state state;
	const char *code; /* static: NOERROR, NXDOMAIN, SERVFAIL, ..., or no_answer */
};

/** Asks for the host's address. What the host file or another source of the system knows is found, too; names below .invalid
 *  are absent whoever is asked (RFC 6761 6.4). server: whom to ask instead of the system's resolvers, or NULL. */
struct name_answer name_look_up(const char *host, const struct sockaddr_in *server);

/** Below .invalid: absent, whatever a resolver says. */
bool name_is_reserved(const char *host);

/** Whether it is an address rather than a name, or localhost: nothing to look up. */
bool name_is_address(const char *host);

#endif

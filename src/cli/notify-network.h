/* SPDX-License-Identifier: Apache-2.0 */
/* What notify asks the name service and the web: security.txt of organisations, and how the sender's own domain stands. */
#ifndef TIDEMARK_CLI_NOTIFY_NETWORK_H
#define TIDEMARK_CLI_NOTIFY_NETWORK_H

#include "cli/session.h"
#include "process/prover.h"

#define NOTIFY_NETWORK_OPTIONS \
	{.name = "resolver", \
	 .kind = OPTION_LIST, \
	 .value = "HOST:PORT", \
	 .help = "who is asked for names; given again, all must agree; without it, the zones' own servers"}, \
		{.name = "proof-allow", \
	         .kind = OPTION_LIST, \
	         .value = "CIDR", \
	         .help = "addresses that names may lead to though they are not public"}, \
	{ \
		.name = "proof-ca", .kind = OPTION_PATH, .value = "FILE", \
		.help = "authorities of web sites, instead of the system's" \
	}

struct notify_network {
	struct prove_setup setup;
	struct buffer authorities;
};

enum status notify_network_read(struct session *session, struct notify_network *network, struct failure *reterr) MUST_CHECK;
void notify_network_free(struct notify_network *network);

/** Appends the text of an organisation's security.txt; nothing where there is none, or nobody answers: then said with --verbose. */
enum status notify_network_security_txt(struct notify_network *network, struct bytes domain, struct buffer *into,
                                        struct failure *reterr) MUST_CHECK;

/* One record of the sender's own domain. */
struct notify_standing {
	const char *state; /* "found", "missing", "unsigned" (of DKIM: no key was given), "unknown": nobody answers */
	char record[512];  /* as it stands there, hostile; or why it is not known */
};

struct notify_sender_standing {
	struct notify_standing spf, dkim, dmarc;
};

/** selector: NULL where nothing is signed. Names that no public name service knows are not asked for. */
enum status notify_network_check_sender(struct notify_network *network, struct bytes domain, const char *selector,
                                        struct notify_sender_standing *ret_standing, struct failure *reterr) MUST_CHECK;

#endif

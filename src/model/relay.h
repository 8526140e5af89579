/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's own mail server, as `--smtp` names it: smtp://[USER@]HOST[:PORT]
 * (STARTTLS) or smtps://... (TLS from the first byte). A password never stands in
 * a URL.
 */
#ifndef TIDEMARK_MODEL_RELAY_H
#define TIDEMARK_MODEL_RELAY_H

#include "base/bytes.h"

struct relay {
	bool is_tls;             /* from the first byte */
	struct bytes user, host; /* user may be empty; host without brackets. Borrowed from the URL */
	uint16_t port;
};

/** False for anything else: other schemes, a password, a path, control bytes. Ports: 25 and 465 where none is named. */
bool relay_parse(struct bytes url, struct relay *ret_relay);

/** An address that can stand in an envelope (RFC 5321 4.1.2, RFC 6531): one @, no blank, no control, no bracket, at most
 *  254 bytes. It needs SMTPUTF8 where is not ASCII. */
bool relay_may_carry(struct bytes address);

#endif

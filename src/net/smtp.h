/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail to one server (RFC 5321), for one recipient. libcurl connects, asks
 * for TLS and proves who we are; the envelope and the message are our own
 * dialogue, so that how it ended is known to the byte: what was refused, and
 * whether they may have it though nothing was heard (RFC 5321 4.2.5).
 */
#ifndef TIDEMARK_NET_SMTP_H
#define TIDEMARK_NET_SMTP_H

#include "base/bytes.h"
#include "base/status.h"
#include "model/sending.h"

#define SMTP_WORDS_SIZE 501

struct smtp {
	const char *host; /* without brackets */
	unsigned short port;
	bool is_tls;               /* from the first byte */
	bool may_be_plain;         /* without TLS where none is offered */
	bool is_certificate_taken; /* whoever it names, whoever signed it: of this machine's own servers */
	const char *user, *password;
	struct bytes from, to;    /* addresses that can stand in an envelope (model/relay.h) */
	struct bytes message;     /* lines end with CRLF, the last one too */
	struct bytes authorities; /* PEM, instead of the system's; may be empty */
	int64_t milliseconds;     /* for all of it */
	/* Asked when all but the dot that ends the message has gone: until that is said they have nothing (RFC 5321 4.1.1.4), and
	 * false keeps it so. NULL: it is said at once. */
	bool (*may_end)(void *context);
	void *context;
};

struct smtp_outcome {
	enum send_verdict verdict;
	enum send_stage stage;
	unsigned code;
	bool is_encrypted;
	char words[SMTP_WORDS_SIZE]; /* of the last reply, all its lines, or why there is none: any bytes but NUL */
};

/** NO_MEMORY or BROKEN where nothing could be tried. */
enum status smtp_send(const struct smtp *smtp, struct smtp_outcome *ret_outcome) MUST_CHECK;

#endif

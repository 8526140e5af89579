/* SPDX-License-Identifier: Apache-2.0 */
/* What became of something that was sent, and how far it came: what the verdict is about. */
#ifndef TIDEMARK_MODEL_SENDING_H
#define TIDEMARK_MODEL_SENDING_H

enum send_verdict {
	SEND_ACCEPTED,    /* they have it */
	SEND_REFUSED,     /* for good: SMTP 5yz; an HTTP status that asks for something else */
	SEND_LATER,       /* SMTP 4yz; HTTP 408, 425, 429, 5xx: they have it not, and may take it another time */
	SEND_UNREACHABLE, /* they have it not: nobody there, no TLS, or it broke off before its end */
	SEND_UNKNOWN,     /* it was all said, and nothing heard: they may have it or not */
	SEND_VERDICT_COUNT
};

enum send_stage {
	SEND_AT_NAME, /* its host has no address */
	SEND_AT_CONNECTION,
	SEND_AT_TLS,      /* none offered, or its certificate does not hold */
	SEND_AT_GREETING, /* greeting and EHLO */
	SEND_AT_LOGIN,
	SEND_AT_SENDER,    /* MAIL FROM */
	SEND_AT_RECIPIENT, /* RCPT TO */
	SEND_AT_BODY,      /* DATA and what follows; a request's head and body */
	SEND_AT_END,       /* behind the last byte */
	SEND_STAGE_COUNT
};

/** As "accepted", "recipient": for the journal and the operator. */
const char *send_verdict_name(enum send_verdict verdict);
const char *send_stage_name(enum send_stage stage);

#endif

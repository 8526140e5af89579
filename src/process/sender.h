/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail to the operator's own mail server, or one POST to one URL, in a
 * process of its own (tidemark-fetch in its role `send`). Blocks; from any thread.
 *
 * The verdict says whether they have it: ACCEPTED and UNKNOWN must never be sent
 * again by itself, REFUSED not before something is changed, LATER and UNREACHABLE
 * may. Also a process that ended or fell silent over it is a verdict: UNKNOWN where
 * the end of it was handed over, else UNREACHABLE.
 */
#ifndef TIDEMARK_PROCESS_SENDER_H
#define TIDEMARK_PROCESS_SENDER_H

#include "model/relay.h"
#include "process/fetcher.h"
#include "wire/send-messages.h"

struct sender_result {
	enum send_verdict verdict;
	enum send_stage stage;
	unsigned code; /* SMTP's or HTTP's; 0: no reply */
	bool is_encrypted;
	char words[SEND_WORDS_MAX + 1]; /* theirs, hostile: escape where they are shown. UTF-8, cut between characters */
};

struct sender_mail {
	struct relay relay;    /* relay_parse of --smtp URL */
	struct bytes password; /* $TIDEMARK_SMTP_PASSWORD; may be empty */
	struct bytes from, to; /* the envelope: relay_may_carry holds for both; from may be empty */
	struct bytes message;  /* RFC 5322, whole and signed: lines end with CRLF, none over 998 bytes, at most SEND_BODY_MAX.
	                         * Bytes over 127 go to servers with 8BITMIME alone, others refuse: better encode them. */
	bool may_be_plain; /* without TLS where the server offers none. To the machine itself always, and by any certificate */
	struct bytes authorities;      /* PEM, instead of the system's; may be empty */
	uint32_t milliseconds;         /* for all of it; 0: SEND_MILLISECONDS */
	const struct fetch_wait *wait; /* may be NULL; interrupted once it was handed over, the verdict is UNKNOWN */
	/* Called when all of it has gone but its end: they do not have it yet, and get it only if this is OK; else that is what
	 * sender_mail returns. So what is put down here before it returns holds, whoever is killed when. NULL: it goes. */
	enum status (*hand_over)(void *context, struct failure *reterr);
	void *context;
};

/** USAGE, and nothing was sent: the envelope or the message is not as above. ABSENT: there is no tidemark-fetch. CRASHED: it was lost before
 *  it had been told all: nothing was sent. */
enum status sender_mail(const struct sender_mail *mail, struct sender_result *ret_result, struct failure *reterr) MUST_CHECK;

struct sender_post {
	struct bytes url;                  /* https; http to the machine itself alone */
	const struct send_header *headers; /* Content-Type is application/json unless named */
	size_t header_count;
	struct bytes body;
	struct bytes authorities;
	uint32_t milliseconds;
	const struct fetch_wait *wait;
};

/** As sender_mail. 2xx ACCEPTED; a redirect is not followed, and REFUSED. */
enum status sender_post(const struct sender_post *post, struct sender_result *ret_result, struct failure *reterr) MUST_CHECK;

#endif

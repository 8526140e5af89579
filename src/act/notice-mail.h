/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A notice as a message (RFC 5322, 2045, 2047): text and page as alternatives, in
 * quoted-printable, so that any server carries it. Its Message-ID is made of the
 * notice, the same however often it is written, so that bounces find back and
 * whoever sees it twice sees one.
 */
#ifndef TIDEMARK_ACT_NOTICE_MAIL_H
#define TIDEMARK_ACT_NOTICE_MAIL_H

#include "act/notice-text.h"

struct notice_envelope {
	struct bytes from, to;  /* addresses that notice_may_go_to holds of */
	struct bytes from_name; /* who; may be empty */
	const char *message;    /* incident_notice_message */
	int64_t date;
};

/** Appends the message, lines ended by CRLF. */
enum status notice_mail_append(const struct notice_envelope *envelope, const struct notice_text *text,
                               struct buffer *into) MUST_CHECK;

/** An address that a notice can go to: as an envelope carries it, in ASCII, at a domain. */
bool notice_may_go_to(struct bytes address);
/** What stands behind the @; empty if there is none. */
struct bytes notice_domain_of(struct bytes address);

#endif

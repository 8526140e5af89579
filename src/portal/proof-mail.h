/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mail that brings a code: what it is for, who runs this, until when it holds, and that nobody need open a link. Nothing of
 * it is the asker's but the subject's name, and a name that could add a header or a recipient is refused whole.
 */
#ifndef TIDEMARK_PORTAL_PROOF_MAIL_H
#define TIDEMARK_PORTAL_PROOF_MAIL_H

#include "base/buffer.h"

struct proof_letter {
	struct bytes from, to; /* addresses */
	struct bytes subject;  /* that is to be proved */
	struct bytes host;     /* where the code is entered, as people see it: no scheme, no path */
	struct bytes case_number;
	const char *code; /* 32 letters */
	int64_t expires, now;
	bool is_german;
};

/** An address that can stand in a header and an envelope alone: ASCII, one @, no blank, quote, bracket, comma or control. */
bool proof_mail_may_go_to(struct bytes address);

/** RFC 5322, lines ended by CRLF. MALFORMED, nothing appended, where an address or name could say more than it should. */
enum status proof_mail_write(const struct proof_letter *letter, struct buffer *into) MUST_CHECK;

#endif

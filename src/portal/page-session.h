/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the subject's cookie says: that somebody is on the way to prove something
 * (the ids of what was begun, one a method), or the token of who has proved it.
 * Nothing of it is kept on this side; whoever has it is that session.
 *
 *   nothing ──POST /prove──> PROVING: "p-d<id>h<id>m<id>" ──shown──> PROVED: a token ──leave──> nothing
 */
#ifndef TIDEMARK_PORTAL_PAGE_SESSION_H
#define TIDEMARK_PORTAL_PAGE_SESSION_H

#include "base/buffer.h"
#include "model/proof.h"

enum page_session_state { SESSION_NONE, SESSION_PROVING, SESSION_PROVED };

struct page_session {
	enum page_session_state state;
	struct bytes token;                 /* of PROVED */
	struct bytes ids[PROOF_METHOD_END]; /* of PROVING, by method; empty: not begun */
};

/** Borrowed from the cookie. What is no cookie of ours is none. */
struct page_session page_session_read(struct bytes cookie);
/** The cookie of one who is proving. Where there is no room for all, an invitation is left out: it is used at once. */
void page_session_write(const struct page_session *session, struct buffer *into);
/** The id of any method that was begun; empty if there is none. */
struct bytes page_session_any(const struct page_session *session);

/* What a form of the session gives back, so that nobody else's page can send it: derived from the cookie, and does not tell it. */
enum { FORM_TOKEN_LENGTH = 32 };
void page_session_form_token(struct bytes cookie, char into[FORM_TOKEN_LENGTH]);

#endif

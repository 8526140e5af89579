/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's pages, behind one door: who asks is signed in, its role may ask
 * that, a form is one of ours, and the question is on record; only then is a view
 * asked. One handler for all routes whose names begin with OPERATOR_ but health
 * and metrics.
 *
 *   request ──> session ──> role ──> form ──> journal ──> view ──> page
 *                 │           │        │
 *                 └─ sign in  └────────┴─ 403, in the same words
 */
#ifndef TIDEMARK_PORTAL_OPERATOR_H
#define TIDEMARK_PORTAL_OPERATOR_H

#include "catalog/sign-ins.h"
#include "portal/handler.h"
#include "portal/page.h"

#define OPERATOR_FORM_TOKEN_SIZE 53

struct operator_call {
	struct portal_call *call;
	struct sign_in user; /* who asks */
	int64_t now;
	char form_token[OPERATOR_FORM_TOKEN_SIZE];
	struct buffer body;
	struct page page; /* of body */
	uint16_t code;    /* of the reply, 200 unless the view says otherwise */
	enum portal_content content;
};

/** Writes a page into body, or answers by itself (operator_go). */
typedef enum status operator_view(struct operator_call *visit, struct failure *reterr);

enum status operator_handle(struct portal_call *call, struct failure *reterr) MUST_CHECK;

/* ---- for views ---- */

/** Head, navigation of what the role may see, the beginning of <main>; then its heading. */
void operator_begin_main(struct operator_call *visit, enum word title);
void operator_begin(struct operator_call *visit, enum word title);
void operator_end(struct operator_call *visit);
/** A whole page that says what happened and what to do. */
void operator_tell(struct operator_call *visit, uint16_t code, enum word title, enum word what_happened, enum word what_to_do);
/** 303 to a path of this door. */
enum status operator_go(struct operator_call *visit, const char *path) MUST_CHECK;
/** The same, with what else the reply says: cookies. */
enum status operator_answer_with(struct operator_call *visit, struct portal_reply reply, const char *path) MUST_CHECK;
/** As operator_tell, for nothing was swept yet, if so. */
bool operator_lacks_incident(struct operator_call *visit);
/** " href" of a path of this door with one field behind it. */
void operator_href(struct operator_call *visit, const char *path, const char *field, struct bytes value);
/** A number of the request's field or parameter; false if it is none. */
bool operator_number(struct bytes text, uint64_t *ret_number);

/* A table whose rows stand as lines of their own where there is no room for columns: its cells know their heads. */
void operator_table_begin(struct operator_call *visit, enum word caption, const struct page_column *columns, size_t count);
void operator_table_end(struct operator_call *visit);
/** "<td ...>"; class may be NULL. */
void operator_cell(struct operator_call *visit, enum word head, const char *class);
void operator_value_cell(struct operator_call *visit, enum word head, struct said value);
/** What is not known, or has not happened. */
void operator_none_cell(struct operator_call *visit, enum word head, enum word none);
/** A day, or that. */
void operator_day_cell(struct operator_call *visit, enum word head, int64_t time, enum word none);

/** The form of an invitation, for one subject or, where it is empty, for one that is asked for: operator-invite.c. */
void operator_put_invitation(struct operator_call *visit, struct bytes subject);
/** The form that takes the right to read away from all who have it for that subject: operator-revoke.c. */
void operator_put_revocation(struct operator_call *visit, struct bytes subject);
/** A field of a form with its label; the input's id is its name behind prefix. */
void operator_put_field(struct operator_call *visit, const char *prefix, const char *name, enum word label, struct bytes value);

/* ---- the views, a file each ---- */

operator_view operator_view_overview, operator_view_organisations, operator_view_organisation, operator_view_notices,
	operator_view_proofs, operator_view_decide_proof, operator_view_decide_appeal, operator_view_invite, operator_view_revoke,
	operator_view_sweep, operator_view_sweep_state, operator_view_journal, operator_view_helpdesk, operator_view_answer;

/** For who has no session: operator-sign-in.c. */
enum status operator_show_sign_in(struct operator_call *visit, struct failure *reterr) MUST_CHECK;
enum status operator_enter(struct operator_call *visit, struct failure *reterr) MUST_CHECK;
enum status operator_leave(struct operator_call *visit, struct failure *reterr) MUST_CHECK;

#endif

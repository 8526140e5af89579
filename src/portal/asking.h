/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a stranger and a proved subject may do, for the API and for the pages alike: begin a proof, check it, read the answer,
 * read who asked, appeal. Everything stands in the journal before it is given back. Plain structs in and out; results lie in
 * the asking's arena.
 *
 * Failures are the same for every subject: USAGE (malformed: say what), BUSY (too often: retry_after), DENIED (a token that
 * gives no right, alike for all), ABSENT (no such proof).
 */
#ifndef TIDEMARK_PORTAL_ASKING_H
#define TIDEMARK_PORTAL_ASKING_H

#include "answer/desk.h"
#include "base/arena.h"
#include "catalog/proofs.h"
#include "gate/gate.h"
#include "gate/verify.h"

/* Looks into the world; a test puts its own in its place. */
enum sighting { SIGHTING_NOT_SEEN, SIGHTING_SEEN, SIGHTING_WRONG, SIGHTING_REFUSED, SIGHTING_UNREACHABLE };
typedef enum status asking_look(void *context, enum proof_method method, struct bytes domain, const char *token,
                                enum sighting *ret_sighting, struct failure *reterr);

struct asking {
	struct desk *desk; /* catalog open to append, incident open to read */
	struct arena *arena;
	struct bytes peer;
	bool is_german;
	int64_t now;
	unsigned proofs_open, proofs_per_hour, looks_at_once;
	asking_look *look;
	void *look_context;
	bool is_mail_sent;    /* else nobody is told that a code is on its way */
	uint32_t retry_after; /* set with BUSY */
};

/* ---- proving ---- */

struct proof_plea {
	struct bytes subject;       /* as written */
	struct bytes method;        /* "dns", "http", "mail", "invitation" */
	struct bytes code, mailbox; /* may be empty */
};
struct proof_begun {
	struct bytes id;      /* the asker's secret */
	struct bytes subject; /* as written */
	enum proof_method method;
	struct verify_record record;
	int64_t expires;
};
enum status asking_begin_proof(struct asking *asking, const struct proof_plea *plea, struct proof_begun *ret_begun,
                               struct failure *reterr) MUST_CHECK;

enum proof_state { PROOF_PENDING, PROOF_PROVED, PROOF_EXPIRED };
struct proof_checked {
	enum proof_state state;
	bool awaits_operator;   /* shown, and the operator is to decide: pending */
	bool was_looked;        /* else nobody could look just now: pending */
	enum sighting sighting; /* of dns and http: SEEN when proved; of a code: WRONG or NOT_SEEN */
	enum proof_method method;
	struct bytes subject; /* in its form */
	struct bytes token;   /* given once; empty unless just proved */
	int64_t expires;      /* of the token */
};
enum status asking_check_proof(struct asking *asking, struct bytes id, struct bytes code, struct proof_checked *ret_checked,
                               struct failure *reterr) MUST_CHECK;

/** What is still to be done for a proof that was begun, to be shown again: nothing is checked. expires CLOCK_UNKNOWN once it is over. */
enum status asking_show_proof(struct asking *asking, struct bytes id, struct proof_begun *ret_begun,
                              struct failure *reterr) MUST_CHECK;

/* ---- the proved subject ---- */

struct asking_subject {
	struct subject subject;
	enum proof_method method;
	int64_t proved, expires;
};
/** Whose token it is: DENIED, in the same words, for every one that is nobody's. */
enum status asking_know(struct asking *asking, struct bytes token, struct asking_subject *ret_subject,
                        struct failure *reterr) MUST_CHECK;
/** Gives its right up. */
enum status asking_leave(struct asking *asking, struct bytes token, struct failure *reterr) MUST_CHECK;

/** The gate's answer, on record before each is called. limit UINT64_MAX: all. The answer is the caller's to free, whatever the
 *  status. */
enum status asking_answer(struct asking *asking, const struct asking_subject *subject, uint64_t limit, struct bytes cursor,
                          gate_visitor *each, void *context, struct gate_answer *ret_answer, struct failure *reterr) MUST_CHECK;

/* The operator reads the answer to somebody who calls. */
struct helpdesk_question {
	struct subject subject;
	struct bytes ticket, operator_name;
	uint64_t limit;
	struct bytes cursor;
	int64_t now;
};
/** DENIED, on record, unless the subject was proved, or used an invitation, within 30 days. */
enum status asking_may_help(struct desk *desk, const struct helpdesk_question *asked, struct failure *reterr) MUST_CHECK;
/** After that: as asking_answer. */
enum status asking_helpdesk(struct desk *desk, const struct helpdesk_question *asked, gate_visitor *each, void *context,
                            struct gate_answer *ret_answer, struct failure *reterr) MUST_CHECK;

/* What became of an appeal, for its subject: no operator, and none of the reasons that are for the record. */
struct asked_appeal {
	uint64_t nth; /* of this subject */
	enum appeal_kind kind;
	enum appeal_state state;
	struct bytes document; /* an id of the subject's answer; may be empty */
	int64_t made, decided; /* decided: CLOCK_UNKNOWN while it is open */
};

enum { ASKED_APPEALS_MAX = 100 };

struct asked_page {
	const struct asked *items; /* newest first */
	size_t count;
	const struct asked_appeal *appeals; /* its newest ones, newest first, whatever page was asked for */
	size_t appeal_count;
	struct bytes next; /* cursor; empty at the end */
};
enum status asking_asked(struct asking *asking, const struct asking_subject *subject, uint64_t limit, struct bytes cursor,
                         struct asked_page *ret_page, struct failure *reterr) MUST_CHECK;

struct appeal_plea {
	struct bytes kind;     /* "not_ours", "ours_too", "other" */
	struct bytes document; /* an id of the subject's answer; may be empty */
	struct bytes text;
};
enum status asking_appeal(struct asking *asking, const struct asking_subject *subject, const struct appeal_plea *plea,
                          uint64_t *ret_nth, struct failure *reterr) MUST_CHECK;

#endif

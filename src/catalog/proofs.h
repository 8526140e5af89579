/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asked to be told of an incident, and how they showed who they are: challenges, proofs, invitations, appeals, and the
 * record of them that a subject may read. It lies in tidemark.db, so that it can be written while a sweep goes on, and is
 * sealed with the incident's key: erased with it. Of what gives its holder a right only digests are kept.
 *
 * Each function is one transaction, with its entry in the journal: durable when it returns, and whole or not at all after a
 * kill; CHANGED where the incident was erased since it was opened. Any number of threads (a handle each) and processes may call them at once. What is counted for an address is
 * counted for an IPv6 network of 64 bits as for one IPv4 address.
 */
#ifndef TIDEMARK_CATALOG_PROOFS_H
#define TIDEMARK_CATALOG_PROOFS_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "model/id.h"
#include "model/proof.h"

#define PROOF_SECRET_TEXT_SIZE 33    /* 160 bits in base32, and its NUL */
#define INVITATION_CODE_TEXT_SIZE 27 /* 128 bits */

enum {
	PROOF_SECONDS = 30 * 86400,
	CHALLENGE_SECONDS = 86400,
	CHALLENGE_MAIL_SECONDS = 3600,
	CHALLENGE_WAITING_SECONDS = 14 * 86400, /* for the operator to decide */
	INVITATION_SECONDS = 14 * 86400,
	WRONG_CODES_MAX = 10,
	MAILS_A_DAY = 3, /* to a domain; a person: to the address */
	APPEAL_TEXT_MAX = 4000,
	TICKET_MAX = 1000,
};

/* ---- challenges ---- */

struct challenge_plea {
	struct bytes subject; /* in its form (answer/subject.h) */
	enum proof_method method;
	struct bytes peer;       /* the asker's address, as text */
	struct bytes code;       /* of an invitation, if it came along; else empty */
	struct bytes mailbox;    /* of a mail to a domain: the asker's choice; else empty */
	struct bytes mail_scope; /* what MAILS_A_DAY is counted for; empty: no mail */
	bool is_german;
	int64_t now;
	unsigned open_max, per_hour_max;
};

struct challenge_made {
	char id[PROOF_SECRET_TEXT_SIZE];    /* the asker's secret */
	char token[PROOF_SECRET_TEXT_SIZE]; /* to be published; tells nothing of the id */
	int64_t expires;
};

/** Reads nothing of the incident but its key. BUSY, the same for all subjects, when the address has asked too often, and
 *  *ret_retry_after then says after how many seconds it may again. */
enum status challenge_make(struct incident *incident, const struct challenge_plea *plea, struct challenge_made *ret_made,
                           uint32_t *ret_retry_after, struct failure *reterr) MUST_CHECK;

struct challenge {
	enum challenge_state state; /* never OPEN once expired: then is_expired */
	bool is_expired;
	enum proof_method method;
	struct bytes subject, mailbox; /* in the arena */
	char token[PROOF_SECRET_TEXT_SIZE];
	int64_t expires;
	bool is_looked_at; /* by this call: challenge_settle must follow */
	bool is_wrong;     /* the code that came */
	bool is_right; /* the code that came with it, or with its plea, is the one of the mail or an invitation for the subject */
};

struct challenge_check {
	struct bytes id;   /* as shown; any bytes */
	struct bytes code; /* empty: none came */
	struct bytes peer;
	int64_t now;
	unsigned per_hour_max;  /* checks from one address */
	unsigned at_once_max;   /* that look into the world, of all; half of them from one address */
	unsigned lease_seconds; /* how long one may look */
};

/** Takes a challenge up for a check: nobody else looks at it meanwhile. A wrong code is counted and on record by then. ABSENT if no
 *  challenge has that id; BUSY as above, or when too many look at once or another looks at this one (retry after 1). */
enum status challenge_take(struct incident *incident, const struct challenge_check *check, struct arena *arena,
                           struct challenge *ret_challenge, uint32_t *ret_retry_after, struct failure *reterr) MUST_CHECK;

/** As it stands, without taking it up. ABSENT if no challenge has that id. */
enum status challenge_show(struct incident *incident, struct bytes id, int64_t now, struct arena *arena,
                           struct challenge *ret_challenge, struct failure *reterr) MUST_CHECK;

enum challenge_verdict { VERDICT_NOT_YET, VERDICT_PROVED, VERDICT_WAIT };
/** Ends the check. With PROVED the token is made, the challenge spent, an invitation used up: of any number at once one gets it;
 *  CHANGED for the others. token empty for any other verdict. */
enum status challenge_settle(struct incident *incident, const struct challenge_check *check, enum challenge_verdict verdict,
                             char ret_token[PROOF_SECRET_TEXT_SIZE], struct failure *reterr) MUST_CHECK;

/* Those that wait for the operator, for his pages. */
struct waiting_challenge {
	uint64_t number;
	struct bytes subject, network;
	enum proof_method method;
	int64_t made, expires;
};
typedef enum status waiting_visitor(void *context, const struct waiting_challenge *waiting);
enum status challenges_waiting(struct incident *incident, int64_t now, waiting_visitor *each, void *context,
                               struct failure *reterr) MUST_CHECK;
/** On record with why. ABSENT if none of that number waits. */
enum status challenge_decide(struct incident *incident, uint64_t number, bool is_granted, struct bytes operator_name,
                             struct bytes why, int64_t now, struct failure *reterr) MUST_CHECK;

/* ---- mail to be sent ---- */

struct proof_mail {
	uint64_t number;
	struct bytes subject, mailbox; /* in the arena; mailbox empty: to the address itself */
	bool is_german;
	char code[PROOF_SECRET_TEXT_SIZE];
	int64_t expires;
};
/** The next one due, lent for lease_seconds; ABSENT if there is none. Whoever took it says proof_mail_done, or it is due again. */
enum status proof_mail_take(struct incident *incident, int64_t now, unsigned lease_seconds, struct arena *arena,
                            struct proof_mail *ret_mail, struct failure *reterr) MUST_CHECK;
enum status proof_mail_done(struct incident *incident, uint64_t number, struct failure *reterr) MUST_CHECK;

/* ---- proofs ---- */

struct proven {
	struct bytes subject; /* in the arena */
	enum proof_method method;
	int64_t made, expires;
};
/** Whose token it is. DENIED alike for every one that gives no right: unknown, expired, revoked, no token at all; these are
 *  counted by the hour. */
enum status proof_find(struct incident *incident, struct bytes token, int64_t now, struct arena *arena, struct proven *ret_proven,
                       struct failure *reterr) MUST_CHECK;
/** By its token (the subject leaves); or by an operator all of a subject, with what is under way or was made to become one. */
enum status proof_revoke(struct incident *incident, struct bytes token, int64_t now, struct failure *reterr) MUST_CHECK;
enum status proofs_revoke(struct incident *incident, struct bytes subject, struct bytes operator_name, struct bytes why,
                          int64_t now, struct failure *reterr) MUST_CHECK;
/** Whether a proof is good, or was made with an invitation, at any time since. */
enum status proof_is_there(struct incident *incident, struct bytes subject, int64_t since, int64_t now, bool *ret_is_there,
                           struct failure *reterr) MUST_CHECK;

/* ---- invitations ---- */

/** On record with the ticket, and seen by the subject as asked. */
enum status invitation_make(struct incident *incident, struct bytes subject, struct bytes ticket, struct bytes operator_name,
                            int64_t now, char ret_code[INVITATION_CODE_TEXT_SIZE], int64_t *ret_expires,
                            struct failure *reterr) MUST_CHECK;

/* ---- answers ---- */

/* A distinct answer is on record once with its documents, then by its digest. */
struct telling_record {
	const char *verb;                                  /* "answer" */
	struct bytes subject, operator_name, ticket, door; /* "portal", "helpdesk"; ticket may be empty */
	const struct id *documents;
	size_t document_count;
	enum asked_result result;
	enum proof_method method; /* 0: none */
	struct bytes peer;        /* empty: none */
	int64_t now;
};
enum status record_telling(struct incident *incident, const struct telling_record *record, struct failure *reterr) MUST_CHECK;

/* ---- who asked ---- */

/** That the subject itself reads this: on record before it is told. */
enum status record_reading(struct incident *incident, struct bytes subject, enum proof_method method, struct bytes peer,
                           int64_t now, struct failure *reterr) MUST_CHECK;

struct asked {
	uint64_t nth; /* of its subject, from 1 */
	int64_t at;
	enum proof_method method; /* 0: none */
	enum asked_result result;
	struct bytes network; /* /24 or /48; empty: none */
};
typedef enum status asked_visitor(void *context, const struct asked *asked);
/** Newest first, those before a number (0: all). END from each stops. */
enum status asked_about(struct incident *incident, struct bytes subject, uint64_t before, asked_visitor *each, void *context,
                        struct failure *reterr) MUST_CHECK;

/* ---- appeals ---- */

struct appeal {
	uint64_t number;                      /* of all, for the operator */
	uint64_t nth;                         /* of its subject, from 1 */
	struct bytes subject, document, text; /* document: the subject's own id of it; may be empty */
	enum appeal_kind kind;
	enum appeal_state state;
	struct bytes decision; /* why */
	int64_t made, decided;
};
typedef enum status appeal_visitor(void *context, const struct appeal *appeal);
/** On record. BUSY when the subject has APPEALS_OPEN_MAX open already. */
enum { APPEALS_OPEN_MAX = 100 };
enum status appeal_make(struct incident *incident, const struct appeal *appeal, struct bytes peer, uint64_t *ret_nth,
                        struct failure *reterr) MUST_CHECK;
/** Oldest first. subject empty: of all. */
enum status appeals(struct incident *incident, struct bytes subject, appeal_visitor *each, void *context,
                    struct failure *reterr) MUST_CHECK;
/** On record. ABSENT if none of that number is open. What becomes of the document is a review (catalog/reviews.h). */
enum status appeal_decide(struct incident *incident, uint64_t number, bool is_granted, struct bytes operator_name,
                          struct bytes why, int64_t now, struct failure *reterr) MUST_CHECK;

/* ---- the operator's view of a subject ---- */

struct subject_state {
	uint64_t asked;           /* times somebody began */
	int64_t proved, answered; /* the last time; CLOCK_UNKNOWN: never */
};
enum status subject_state_of(struct incident *incident, struct bytes subject, struct subject_state *ret_state,
                             struct failure *reterr) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices, planned and sent. A plan names for each organisation that the gate
 * would answer every recipient in the order they are turned to; government and
 * critical infrastructure stand first. What is known is counted when a notice is
 * planned and again when it is sent: where that is not the same, it is left, and
 * planned anew.
 *
 *   one organisation:  1st recipient ─refused, bounced─> 2nd ─> ... ─> its country's CSIRT
 *                      (of the first ranks the CSIRT is told at once, beside the organisation)
 */
#ifndef TIDEMARK_ACT_NOTIFY_H
#define TIDEMARK_ACT_NOTIFY_H

#include "act/notice-mail.h"
#include "act/plan.h"
#include "act/recipients.h"
#include "model/sector.h"

#define NOTIFY_REASON 512

/* ---- planning ---- */

struct notify_planning {
	struct catalog *catalog;
	struct incident *incident;
	struct bytes incident_name;
	const struct contacts *contacts; /* may be NULL */
	struct notice_sender sender;
	const struct bytes *only; /* domains, lower case; none: every organisation */
	size_t only_count;
	/* Appends an organisation's security.txt, or nothing. NULL: nobody is asked. */
	enum status (*look_up)(void *context, struct bytes domain, struct buffer *into, struct failure *reterr);
	/* Before each organisation; false: INTERRUPTED. May be NULL. */
	bool (*goes_on)(void *context, uint64_t done, uint64_t all);
	void *context;
};

struct notify_planned {
	struct plan_head head;
	uint64_t organisations, notices;
	uint64_t ranks[SECTOR_GOVERNMENT + 1]; /* organisations of each */
	uint64_t left;                         /* asked for by name, and nothing of them was determined */
	uint64_t without_domain;               /* owners that are known by name alone: no notice can go to them */
};

/** Writes the plan, and puts down what it plans in the catalog, which is open to append. */
enum status notify_plan(const struct notify_planning *planning, const struct plan_sink *sink, struct notify_planned *ret_planned,
                        struct failure *reterr) MUST_CHECK;

/* ---- a step of a plan ---- */

struct notify_step {
	struct plan_step step;
	struct notice_name name;
	enum notice_finding found_by;
	enum notice_variant variant;
	struct notice_languages languages;
	struct bytes country, sector;
	bool is_alongside;      /* sent whatever becomes of the others */
	bool is_left;           /* planned to be left */
	struct bytes addressee; /* of a letter; a plan's steps have none */
};

/** The next one, its texts good until another is asked for: as plan_next, and MALFORMED where it is no notice. */
enum status notify_next(struct plan *plan, struct notify_step *ret_step, struct failure *reterr) MUST_CHECK;
/** Who says it, as the plan has it; borrowed from the plan. */
struct notice_sender notify_sender_of(const struct plan *plan);

/** The notice of a step as it stands now, composed. CHANGED where what is known is not what was planned. */
enum status notify_compose_step(struct catalog *catalog, struct incident *incident, const struct notify_step *step,
                                const struct notice_sender *sender, struct notice_text *ret_text,
                                struct failure *reterr) MUST_CHECK;

/* ---- sending ---- */

struct notify_outcome {
	enum notice_event event;    /* SENT, REFUSED, DEFERRED; HANDED_OVER: it may have gone out, nobody knows */
	bool is_end;                /* of the run: the operator's own server takes nothing */
	char reason[NOTIFY_REASON]; /* theirs, hostile; escape where it is shown */
};

/** Brings one message to one address. Before the message itself goes it calls hand_over, and nothing goes unless that says OK. */
typedef enum status notify_carrier(void *context, struct bytes to, struct bytes message,
                                   enum status (*hand_over)(void *handing, struct failure *reterr), void *handing,
                                   struct notify_outcome *ret_outcome, struct failure *reterr);

/* What became of a step in this run. */
struct notify_told {
	const struct notify_step *step;
	enum notice_state state;
	bool is_new;     /* in this run; else it was so before */
	bool is_unknown; /* it may have gone out, and nobody knows */
	const char *reason;
};

struct notify_sending {
	struct catalog *catalog;
	struct incident *incident;
	struct plan *plan;
	struct bytes from;
	bool is_again;         /* what may have gone out is sent once more */
	uint32_t pace;         /* milliseconds at least between two messages to one domain */
	notify_carrier *carry; /* NULL: nothing is mailed */
	/* Puts a DKIM-Signature in front, where one is to be. May be NULL. */
	enum status (*sign)(void *context, struct bytes message, struct buffer *into, struct failure *reterr);
	/* Puts what is about to be told on record; nothing is told unless OK. */
	enum status (*record)(void *context, const struct notify_step *step, struct failure *reterr);
	void (*told)(void *context, const struct notify_told *told); /* may be NULL */
	bool (*pause)(void *context, uint32_t milliseconds);         /* false: interrupted */
	void *context;
};

struct notify_sent {
	uint64_t done;      /* sent in this run */
	uint64_t before;    /* told before this run */
	uint64_t left;      /* known is something else than was planned */
	uint64_t refused;   /* recipients; the next one was turned to */
	uint64_t deferred;  /* not taken now */
	uint64_t unknown;   /* may have gone out */
	uint64_t exhausted; /* organisations with nobody left to turn to */
};

/** Goes through the plan once. *ret_sent counts, whatever is returned. INTERRUPTED. */
enum status notify_send(const struct notify_sending *sending, struct notify_sent *ret_sent, struct failure *reterr) MUST_CHECK;

#endif

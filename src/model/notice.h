/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices: what one recipient is told of one organisation's part in an incident,
 * and what is known of each since. A notice is named by whom it is about, whom it
 * goes to, by which way, and its edition: a digest of what it tells. So nobody is
 * told the same thing twice, whatever plans are made, and who has more to be told
 * is told again.
 *
 *   (none) ─BEGUN─> ─HANDED_OVER─> ─SENT─> ─BOUNCED─> ─ESCALATED (the next recipient's turn)
 *             │           │          └──────────────> ─ACKNOWLEDGED, from any of these
 *             │           └─ nothing more: unknown whether it went; not repeated unless asked for
 *             └─ nothing more, or DEFERRED: nothing went; begun again.  REFUSED, too, ends in ESCALATED
 */
#ifndef TIDEMARK_MODEL_NOTICE_H
#define TIDEMARK_MODEL_NOTICE_H

#include "base/bytes.h"
#include "base/status.h"

/* Stored in catalogs by number: append only. */
enum notice_channel { NOTICE_MAIL, NOTICE_LETTER, NOTICE_CHANNEL_COUNT };
enum notice_finding {
	NOTICE_BY_REGISTER,
	NOTICE_BY_SECURITY_TXT,
	NOTICE_BY_ROLE,
	NOTICE_BY_CONTACTS, /* the operator's file names it as a country's or a sector's CSIRT */
	NOTICE_FINDING_COUNT
};
enum notice_event {
	NOTICE_BEGUN,       /* an attempt: nothing was handed over yet */
	NOTICE_HANDED_OVER, /* from here on it may have gone out */
	NOTICE_SENT,        /* a server took it */
	NOTICE_DEFERRED,    /* a server would not take it now */
	NOTICE_REFUSED,     /* a server would not take it at all */
	NOTICE_BOUNCED,     /* it was taken, and came back */
	NOTICE_DELIVERED,   /* a server says that it lies in the mailbox */
	NOTICE_ACKNOWLEDGED,
	NOTICE_ESCALATED, /* the next recipient was turned to in its place */
	NOTICE_WRITTEN,   /* a letter, to be posted by the operator */
	NOTICE_EVENT_COUNT
};
enum notice_state {
	NOTICE_STATE_PLANNED,
	NOTICE_STATE_SENT,
	NOTICE_STATE_REFUSED,
	NOTICE_STATE_BOUNCED,
	NOTICE_STATE_ACKNOWLEDGED,
	NOTICE_STATE_ESCALATED,
	NOTICE_STATE_COUNT
};

#define NOTICE_EDITION_SIZE 16
#define NOTICE_ADDRESS_MAX 254

struct notice_name {
	struct bytes organisation; /* a domain */
	struct bytes recipient;    /* an address; a letter's: the organisation's name */
	enum notice_channel channel;
	unsigned char edition[NOTICE_EDITION_SIZE];
};

/* One notice as it stands. */
struct notice {
	struct notice_name name;
	enum notice_finding found_by;
	struct bytes language; /* it begins in; "en", "de" */
	enum notice_state state;
	bool is_unknown;   /* handed over, and no answer was seen: it may have gone out; its state is sent */
	bool was_refused;  /* before it was escalated: refused or bounced */
	bool is_delivered; /* a server said so */
	bool is_written;   /* a letter: it lies in a folder */
	int64_t at;        /* of the latest event */
	int64_t begun;     /* of the first */
	uint32_t attempts;
	struct bytes reason; /* of the latest event that has one: a server's words, ours */
};
typedef enum status notice_visitor(void *context, const struct notice *notice);

/* What the operator decided about telling people and authorities. */
enum notice_decided {
	NOTICE_DECIDE_AWARE,
	NOTICE_DECIDE_AUTHORITY_TOLD,
	NOTICE_DECIDE_PEOPLE_TOLD,
	NOTICE_DECIDE_TELL,
	NOTICE_DECIDE_NOT
};

struct notice_decision {
	struct bytes regime;
	enum notice_decided what;
	int64_t at;   /* the event's own time */
	int64_t made; /* when it was put down */
	struct bytes operator_name, why;
};
typedef enum status notice_decision_visitor(void *context, const struct notice_decision *decision);

/* As answers and plans write them. */
const char *notice_state_name(enum notice_state state);
const char *notice_channel_name(enum notice_channel channel);
const char *notice_finding_name(enum notice_finding finding);
/** The counts above where there is none of that name. */
enum notice_finding notice_finding_from_name(struct bytes name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One step as the program that acts is given it, and what it answers. A permit
 * ties both to one step of one plan for one target: whoever has neither the
 * plan's hash nor the very step makes none that holds.
 */
#ifndef TIDEMARK_MODEL_ACT_H
#define TIDEMARK_MODEL_ACT_H

#include "base/bytes.h"
#include "model/plan.h"
#include "model/verdict.h"

#define ACT_BATCH_MAX 256

enum act_verb {
	/* These ask and change nothing: */
	ACT_LOOK_CONTAINER = 1, /* level, lease, hold, policies */
	ACT_LOOK_SERVICE,       /* static site, soft delete */
	ACT_LOOK_ACCOUNT,       /* the flag that lets containers be public */
	ACT_LOOK_OBJECT,        /* etag, lease, hold, tier of this version */
	/* These change: */
	ACT_CLOSE_CONTAINER, /* nothing is public; stored access policies stay */
	ACT_REOPEN_CONTAINER,
	ACT_CLOSE_SITE,
	ACT_REOPEN_SITE,
	ACT_CLOSE_ACCOUNT, /* no container of the account can be public */
	ACT_REOPEN_ACCOUNT,
	ACT_DELETE,             /* this version, this snapshot, or the current object alone */
	ACT_DELETE_PERMANENTLY, /* one that is soft-deleted: past recovery, where the provider offers that */
	ACT_UNDELETE,           /* all soft-deleted versions and snapshots of the object come back */
	ACT_SET_TIER,
	ACT_VERB_COUNT
};

struct act_step {
	uint64_t number;
	enum act_verb verb;
	struct bytes object, version;
	bool is_snapshot;   /* version is a snapshot's time */
	struct bytes etag;  /* only while it has this one; empty: whatever it is now */
	struct bytes value; /* REOPEN: what to go back to, as `before` told it; SET_TIER: the tier */
	bool is_again;      /* it may have been done already: look before it is done */
	unsigned char permit[PLAN_DIGEST_SIZE];
};

enum act_result {
	ACT_DONE = 1, /* it was done, or an unanswered request turned out to have done it */
	ACT_WAS_SO,   /* it was so already; nothing was changed */
	ACT_CHANGED,  /* it is not what the plan saw: left alone */
	ACT_ABSENT,   /* there is no such thing any more */
	ACT_LEASED,   /* somebody holds a lease on it */
	ACT_HELD,     /* a legal hold or a policy of immutability keeps it */
	ACT_HAS_SNAPSHOTS,
	ACT_DENIED,      /* the credential may not */
	ACT_UNSUPPORTED, /* the provider does not offer that there */
	ACT_BUSY,        /* throttled to the end of patience */
	ACT_UNREACHABLE, /* nobody answered, and nothing tells whether it was done */
	ACT_RESULT_COUNT
};

/* What was found there; of what was not asked for ANSWER_NOT_ESTABLISHED, empty, or the like. */
struct act_found {
	struct bytes level; /* of a container: "container", "blob", or empty: private */
	bool is_looked;     /* the container's level is known */
	enum answer is_leased, is_held;
	enum answer has_site, account_allows; /* static site on; containers of the account may be public */
	enum answer may_delete_permanently;
	uint32_t retention_days; /* soft-deleted objects are kept so long; 0: soft delete is off, or not known */
	enum answer has_soft_delete;
	struct bytes tier;
	int64_t modified; /* or CLOCK_UNKNOWN */
	uint64_t size;    /* or OBJECT_SIZE_UNKNOWN */
};

struct act_answer {
	uint64_t number;
	unsigned char permit[PLAN_DIGEST_SIZE];
	enum act_result result;
	uint32_t status;          /* of HTTP, the last one; 0: there was none */
	struct bytes code;        /* the provider's word, as LeaseIdMissing; may be empty */
	struct bytes why;         /* for a person; may be empty */
	struct bytes before;      /* CLOSE: how it was, for REOPEN */
	struct bytes etag;        /* as it is now, where that is known */
	enum answer is_permanent; /* DELETE: whether bytes of it are kept somewhere; NO: soft-deleted */
	uint32_t requests;        /* that were sent for it */
	struct act_found found;
};

/** "delete": as plans write it, and the reverse; ACT_VERB_COUNT if there is none. "tier:NAME" is SET_TIER. */
const char *act_verb_name(enum act_verb verb);
enum act_verb act_verb_from_action(struct bytes action);
static inline bool act_verb_changes(enum act_verb verb)
{
	return verb >= ACT_CLOSE_CONTAINER && verb < ACT_VERB_COUNT;
}
/** Whether a provider may take several of them in one request. */
static inline bool act_verb_goes_in_batches(enum act_verb verb)
{
	return verb == ACT_DELETE || verb == ACT_SET_TIER;
}

/** What a step comes to in its plan: DONE, WAS_SO are DONE; what is not as planned or is kept is LEFT; the rest FAILED. */
enum step_state act_state(enum act_result result);
/** In words, as "left alone: it has changed since it was planned". */
const char *act_result_says(enum act_result result);

/** target: as written. */
void act_permit(const unsigned char plan_hash[PLAN_DIGEST_SIZE], struct bytes target, const struct act_step *step,
                unsigned char into[PLAN_DIGEST_SIZE]);

#endif

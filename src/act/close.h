/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Closing: which doors of containers stand open and the smallest change that
 * shuts each; that change; and the proof from outside. Closed is said only where
 * a stranger was refused, by an answer, again and again alike, and never of a
 * server that is busy, silent or breaks off.
 */
#ifndef TIDEMARK_ACT_CLOSE_H
#define TIDEMARK_ACT_CLOSE_H

#include "act/carry.h"
#include "model/target.h"
#include "scope/scope.h"

struct close_setting {
	struct catalog *catalog;
	struct incident *incident;
	struct bytes incident_name;
	struct secrets secrets;
	struct bytes operator_name;
	double rate;
	uint32_t patience;       /* milliseconds */
	struct scope scope;      /* deny entries always win */
	struct bytes scope_yaml; /* the scope file's text, for who asks as a stranger; may be empty */
	bool with_account;       /* shut the whole account to strangers, too */
	const struct fetch_wait *wait;
	struct arena *arena; /* of what is given back */
	/** What a person may want to know meanwhile. */
	void (*say)(void *context, struct bytes target, const char *what);
	void *context;
};

/* ---- planning ---- */

enum close_door { CLOSE_CONTAINER, CLOSE_SITE, CLOSE_ACCOUNT, CLOSE_DOOR_COUNT };

/* One door of one target, open or not. */
struct close_finding {
	struct bytes target; /* the container as target_append_container writes it */
	enum close_door door;
	enum answer is_open;
	bool is_planned;
	struct bytes how; /* what strangers can do there; or why it is not known; or why it is not planned */
	struct plan_step step;
};

struct close_survey {
	struct close_finding *findings;
	size_t count;
	size_t open, planned;
	size_t targets, unknown; /* targets of which the container's own door could not be judged */
};

const char *close_door_name(enum close_door door);

/** Looks at all targets: as their owner, and as a stranger. DENIED as carry_check says. */
enum status close_survey(const struct close_setting *setting, const char *const *written, size_t count,
                         struct close_survey *ret_survey, struct failure *reterr) MUST_CHECK;
/** Writes the plan of what it found. */
enum status close_write(const struct close_setting *setting, const struct close_survey *survey, const struct plan_sink *sink,
                        int64_t now, struct plan_head *ret_head, struct failure *reterr) MUST_CHECK;
/** Whether a step's why says that a stranger got in when it was planned. */
bool close_saw_stranger(struct bytes why);
/** The members of "blast". */
void close_put_blast(const struct close_setting *setting, const struct close_survey *survey, struct json_writer *json);

/* ---- proving ---- */

struct close_proof {
	struct bytes target;
	enum answer is_closed;  /* NOT_ESTABLISHED: nothing proves either */
	struct verdict verdict; /* the last one */
	unsigned probes;
	bool is_recorded; /* in the incident's exposures */
	struct bytes why; /* where it is not closed */
};

/** Whether one verdict may count towards "closed", and of what it was made: the same of verdicts that agree. */
enum answer close_judge(const struct verdict *verdict, bool is_site, unsigned char into[PLAN_DIGEST_SIZE]);

/** Probes a target as a stranger, until the answers agree or patience ends, and puts what was found on record. A firewall's
 *  refusals count only where one from here got in before (close_saw_stranger): whom it lets in finds the door as it is.
 *  INTERRUPTED. */
enum status close_prove(const struct close_setting *setting, struct bytes target, bool is_site, bool got_in_before,
                        struct close_proof *ret_proof, struct failure *reterr) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy: how long what is kept. An object's facts in, a decision with its
 * reasons out; nothing is looked up here and nothing done.
 *
 * Rules are asked in their order, the first that matches decides; a hold always
 * wins. Every document in an object has a vote, and an object goes only with
 * everything in it: what keeps most decides. An archive is its members. What a rule asks and nobody knows
 * (the class of what was not read) is no match, and no miss: a hold then holds,
 * and where a rule might have decided otherwise nothing is done.
 */
#ifndef TIDEMARK_ACT_POLICY_H
#define TIDEMARK_ACT_POLICY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/retention.h"

#define POLICY_RULES_MAX 1000
#define POLICY_DIGEST_LENGTH 32

enum policy_action { POLICY_DELETE, POLICY_TIER, POLICY_REPORT, POLICY_ACTION_COUNT };
enum policy_time { POLICY_DATED, POLICY_CREATED, POLICY_MODIFIED, POLICY_LAST_READ, POLICY_TIME_COUNT };
enum policy_unit { POLICY_DAYS, POLICY_MONTHS };

/* Every condition that is given must hold; of a list, one. */
struct policy_match {
	struct bytes container;                 /* a glob on its name */
	const struct bytes *paths, *exceptions; /* globs on the object's name; without / and **, on its last part */
	size_t path_count, exception_count;
	uint64_t classes; /* a bit (1 << class) each; 0: any */
	unsigned elements, relationships;
	const struct bytes *organisations; /* domains, in lower case */
	size_t organisation_count;
	const struct retained_tag *tags; /* all of them must be there */
	size_t tag_count;
	bool has_size;
	int64_t low, high; /* bytes, inclusive */
	bool has_age;
	enum policy_time by;
	uint32_t over; /* older than so many units */
	enum policy_unit unit;
};

struct policy_rule {
	struct bytes name;
	struct policy_match match;
	enum policy_action action;
	struct bytes tier; /* of POLICY_TIER */
};

struct policy_hold {
	struct bytes name;
	struct policy_match match;
	int64_t until; /* CLOCK_UNKNOWN: without an end */
};

struct policy {
	const struct policy_rule *rules;
	size_t rule_count;
	const struct policy_hold *holds;
	size_t hold_count;
	bool needs_second; /* a second person's approval */
	unsigned undo_days;
	char digest[POLICY_DIGEST_LENGTH + 1]; /* of the file's bytes, hexadecimal */
};

/** RETAINED_... that it asks for. */
unsigned policy_facts(const struct policy *policy);

enum policy_answer { POLICY_NO, POLICY_UNKNOWN, POLICY_YES };

/** One condition of a match, as it stands with an object and a document in it. */
typedef void policy_condition_visitor(void *context, const char *condition, enum policy_answer answer, const char *why);

/** Whether it matches at that time. each (may be NULL) is told every condition given, with a reason for a person. */
enum policy_answer policy_match_document(const struct policy_match *match, int64_t at, const struct retained_object *object,
                                         const struct retained_document *document, policy_condition_visitor *each, void *context);

/** Later than this a document is not old enough: at, less the age. */
int64_t policy_cutoff(const struct policy_match *match, int64_t at);

/* What is decided, by how much it keeps: of two documents in one object the greater counts. */
enum policy_verdict {
	POLICY_GOES,      /* deleted */
	POLICY_MOVES,     /* to a tier */
	POLICY_REPORTED,  /* told, and left */
	POLICY_STAYS,     /* no rule matches */
	POLICY_DIVIDED,   /* its documents go to several tiers */
	POLICY_UNDECIDED, /* a rule might match that decides otherwise */
	POLICY_HELD
};
const char *policy_verdict_name(enum policy_verdict verdict);

struct policy_decision {
	enum policy_verdict verdict;
	const struct policy_rule *rule; /* that decided; of POLICY_UNDECIDED the one that might. NULL: none */
	const struct policy_hold *hold; /* of POLICY_HELD */
	bool is_certain;                /* of a hold: it matches, not only cannot be ruled out */
};

/** Of one document alone. */
struct policy_decision policy_decide(const struct policy *policy, int64_t at, const struct retained_object *object,
                                     const struct retained_document *document);

/** An archive that was read has no vote: its members have theirs. */
bool policy_abstains(const struct retained_document *document);

/* Of an object, document by document. */
struct policy_vote {
	struct policy_decision decision;
	uint64_t documents;
};
static inline struct policy_vote policy_vote_begin(void)
{
	return (struct policy_vote){.decision = {.verdict = POLICY_GOES}};
}
void policy_vote_add(struct policy_vote *vote, const struct policy_decision *decision);
/** An object of which nothing is known stays. */
struct policy_decision policy_vote_end(const struct policy_vote *vote);

/** Why, in words: "rule 'old invoices'", "hold 'lawsuit' until 2027-01-01", "rule 'invoices' might match: ... was not read". */
void policy_append_reason(const struct policy_decision *decision, struct buffer *into);

#endif

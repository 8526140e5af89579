/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watching: looks at targets as a stranger, again and again; what changed at their
 * doors and among their names; and telling it. Open is said by one answer that let
 * a stranger in. Shut is said only where several looks in a row were refused, all
 * alike; a server that is busy, silent or breaks off changes nothing.
 */
#ifndef TIDEMARK_ACT_WATCH_H
#define TIDEMARK_ACT_WATCH_H

#include "act/watch-schedule.h"
#include "catalog/watches.h"
#include "model/relay.h"
#include "model/target.h"
#include "process/fetcher.h"

/* ---- one verdict against what was known: pure ---- */

/* Doors that a verdict found open or shut; of the others it established nothing. */
struct watch_view {
	unsigned open, shut;
	enum verdict_kind kind;
	uint64_t words; /* of the answers, one after the other: the same of looks that were answered alike */
};

struct watch_view watch_view_of(const struct verdict *verdict);
/** Whether every question was refused, all in the same words, as an account's firewall refuses: which says nothing of others, unless
 *  somebody vouches that no firewall stands between. */
bool watch_is_walled(const struct verdict *verdict);
/** What several looks in a row say together: shut is what each of them found shut, answered alike; nothing where one differs. */
struct watch_view watch_agree(const struct watch_view *first, const struct watch_view *second);

struct watch_step {
	enum watch_event event; /* WATCH_NONE: nothing changed */
	unsigned opened, closed;
	struct watch_state after;
};
struct watch_step watch_compare(const struct watch_state *before, const struct watch_view *view, int64_t at);

/* Digests of names, 8 bytes each, sorted. */
#define WATCH_NAMES_MAX 1000000u
void watch_compare_names(struct bytes before, struct bytes after, struct watch_names *names);

/* ---- looking ---- */

struct watch_setting {
	struct incident *incident;
	struct watching *watching;
	struct bytes incident_name, operator_name;
	struct bytes scope_yaml; /* may be empty */
	struct secrets secrets;  /* of the owner: to ask what he sees where a firewall refuses strangers; none: nobody asks */
	double rate;
	uint32_t patience; /* milliseconds */
	const struct fetch_wait *wait;
	unsigned channels; /* 1 << enum watch_channel, by which changes are told */
};

struct watch_target {
	const char *written;
	struct target target;
	unsigned known_doors; /* that the incident's exposures have open */
	bool is_reached;      /* another target of its account has just answered a stranger: no firewall stands between */
	uint32_t held;        /* milliseconds that the round got nowhere before it (base/patience.h) */
};

struct watch_result {
	const struct watch_target *target;
	struct verdict verdict;               /* the last one, in the arena */
	bool is_judged, is_open;              /* by this look */
	bool is_walled;                       /* refused as by a firewall, and nobody vouched */
	struct watch_state state;             /* after it */
	struct watch_change change, contents; /* event WATCH_NONE: there is none */
	struct watch_names names;
	char ids[2][27]; /* of their alerts */
};

/** Looks at a target and keeps what was seen, with the alerts that follow. result is made where it lies, and good with OK alone.
 *  INTERRUPTED. */
enum status watch_look(const struct watch_setting *setting, const struct watch_target *target, struct arena *arena,
                       struct watch_result *result, struct failure *reterr) MUST_CHECK;

/* ---- telling ---- */

struct watch_ways {
	const char *webhook; /* NULL: none; likewise below */
	struct bytes webhook_secret;
	struct bytes authorities; /* of webhook and mail server, instead of the system's */
	const char *mail;
	struct bytes mail_from, mail_password;
	struct relay relay;
	const char *syslog;   /* the socket's path */
	char *const *command; /* words, ended by NULL */
	const struct fetch_wait *wait;
	uint32_t milliseconds; /* for one of them */
	struct watch_backoff backoff[WATCH_CHANNEL_COUNT];
	uint64_t sent, failed;
	/** Why one could not be told. */
	void (*warn)(void *context, enum watch_channel channel, const char *why);
	void *context;
};

/** Tells what waits and is due, until it is all told or a way fails, which is then left alone for a while. */
enum status watch_tell(struct watching *watching, struct watch_ways *ways, struct failure *reterr) MUST_CHECK;
/** The next moment of the monotonic clock at which something is due again; INT64_MAX: nothing waits for it. */
int64_t watch_tell_due(const struct watch_ways *ways, const uint64_t waiting[WATCH_CHANNEL_COUNT]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what was answered to a verdict: pure, so that every row of the table
 * can be tested without a server.
 */
#ifndef TIDEMARK_PROBING_CONCLUDE_H
#define TIDEMARK_PROBING_CONCLUDE_H

#include "base/arena.h"
#include "model/verdict.h"
#include "provider/provider.h"

/** How the questions of one kind ended. */
enum finding_out {
	OUT_NOT_ASKED = 0,
	OUT_GRANTED,    /* 2xx */
	OUT_REFUSED,    /* an answer, see reason */
	OUT_BUSY,       /* throttled to the end */
	OUT_REDIRECTED, /* out of scope */
	OUT_SILENT      /* nothing answered: no name, no connection, no reply */
};

struct reaction {
	enum finding_out out;
	enum refusal_reason reason; /* of OUT_REFUSED */
};

enum public_level { LEVEL_UNKNOWN = 0, LEVEL_BLOB, LEVEL_CONTAINER };

struct reactions {
	bool has_no_name; /* the name service says that there is no such host */
	struct reaction list, properties, object, versions, snapshots, deleted, acl;
	enum public_level told_level; /* as the container's properties said */
	uint64_t retry_after;         /* seconds it asked to be left alone, more than was waited for; 0: it did not */
	bool is_never_writable;       /* the provider knows no access level that would allow it */
};

/** What became of the question for a static site. */
enum site_state {
	SITE_NOT_ASKED = 0, /* nothing of the account answered */
	SITE_NONE,          /* the provider has no such thing */
	SITE_NOT_IN_SCOPE,
	SITE_NAMELESS,   /* none of the names it could have exists */
	SITE_UNRESOLVED, /* the resolver failed */
	SITE_ASKED
};

struct site {
	enum site_state state;
	struct reaction answer; /* of SITE_ASKED */
	unsigned status;        /* of HTTP */
};

/** What became of the question for the second region's host. */
enum secondary_state {
	SECONDARY_NOT_ASKED = 0, /* nothing of the account answered */
	SECONDARY_NONE,          /* the provider has none, or the target is at it */
	SECONDARY_NOT_IN_SCOPE,
	SECONDARY_NAMELESS,
	SECONDARY_UNRESOLVED,
	SECONDARY_ASKED
};

/** What was seen of names that list other containers. */
struct inventories {
	bool is_log_container;
	struct bytes example; /* the first of them; empty: none */
	bool is_whole;        /* all names were looked through */
};

/** Fills secondary and secondary_why. */
void conclude_secondary(enum secondary_state state, struct reaction answer, const struct reactions *reactions,
                        struct verdict *verdict);

/** Fills inventories and inventories_why; after conclude_verdict. NO_MEMORY. */
enum status conclude_inventories(const struct inventories *seen, struct arena *arena, struct verdict *verdict) MUST_CHECK;

/** Fills static_site and static_site_why. */
void conclude_site(const struct site *site, const struct reactions *reactions, struct verdict *verdict);

/** Fills kind, anonymous and advice. */
void conclude_verdict(const struct reactions *reactions, struct verdict *verdict);

#endif

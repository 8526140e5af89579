/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sweep and the catalog tell one another: what is to be swept, what was
 * listed and known of it, what waits, what came of it, and the figures in the end.
 * All bytes are borrowed until the call they are passed to returns, unless said.
 */
#ifndef TIDEMARK_MODEL_SWEEP_H
#define TIDEMARK_MODEL_SWEEP_H

#include "base/arena.h"
#include "base/status.h"
#include "model/document-class.h"
#include "model/record.h"
#include "model/sample.h"

/** Whose a place is by its path alone (object name, and behind !/ the inner path; raw). Allocated in arena. */
typedef enum status sweep_owners(struct bytes path, struct arena *arena, const struct attribution **ret_owners,
                                 size_t *ret_count);

struct sweep_target {
	struct container container;
	struct bytes prefix;
	struct bytes written;
	bool is_anonymous; /* a stranger's requests: what they see is exposed */
};

struct sweep_plan {
	const struct sweep_target *targets;
	size_t target_count;
	struct bytes
		settings; /* canonical text of what decides which objects are read how; a sweep is continued only under the same */
	struct bytes rules_version;
	struct bytes formats; /* with what rules_version begins: by what documents are read; the rest needs their texts alone */
	uint64_t kinds;       /* of findings that these rules look for: FINDING_KIND_BIT each */
	struct bytes authority;
	struct sample sample;           /* as settings has it */
	bool is_anonymous;              /* of all targets */
	bool lists_versions;            /* the listings hold versions and snapshots: one they no longer have is gone */
	enum document_class redo_class; /* to look for in what is known; CLASS_NONE: none */
	bool renews;                    /* kept texts are looked through again in it: to look for in what is known */
	sweep_owners *owners_of_place;  /* asked of documents that were read and name no party; NULL: nobody's */
	int64_t keep_until;             /* texts and findings of objects seen now expire then */
};

struct sweep_state {
	uint64_t sweep;     /* number, from 1 */
	bool is_continued;  /* an unfinished sweep of the same plan goes on */
	bool is_older_copy; /* the incident is one that was put back: what was swept since is lost */
};

/* ---- listing ---- */

/* What earlier sweeps left of a listed object, and how far that is still so. Zeroed: it was never listed. */
struct known_object {
	uint64_t revision; /* the latest, from 1; 0: none */
	enum outcome outcome;
	bool is_listed;              /* by this very sweep */
	bool is_same;                /* size, etag and time are as listed now */
	bool was_read;               /* it was fetched, or that was tried: its outcome is not a listing's */
	bool has_bytes, has_content; /* it came whole; something of it was read */
	bool is_as_set;              /* its outcome is of a sweep of these settings */
	bool is_of_class;            /* it or a part of it is of the plan's redo_class */
	bool is_renewed;             /* all texts of it (of that class) were looked through again by this very sweep */
};

/* What becomes of a listed object's rows; decided by sweep/plan.c from what is known. */
enum fate {
	FATE_NOTHING, /* this sweep has it already */
	FATE_KEPT,    /* it is as it was, outcome and documents */
	FATE_DECIDED, /* never looked into; its outcome is now the listing's */
	FATE_AWAITED, /* never looked into; it waits to be read from now on */
	FATE_NEW,     /* a new revision: of what is new, or has changed */
	FATE_REDO     /* a new revision though it has not changed: it is to be read again */
};

/* How the listing of a target ended. Stored in catalogs by number: append only, the more that was listed the lower. */
enum listing_end { LISTING_UNKNOWN = 0, LISTING_COMPLETE, LISTING_PARTIAL, LISTING_REFUSED, LISTING_UNREACHABLE };

struct listed_object {
	struct id id;
	struct object object;
	enum outcome outcome; /* PENDING: to be read; LISTED_ONLY, EXCLUDED, ARCHIVED, OVER_BUDGET, SPECIAL, ...: final */
	struct bytes note;
	bool is_left_out; /* by the sample: EXCLUDED */
	struct known_object known;
	enum fate fate;
};

/* An object waiting to be read. All bytes in the arena given. */
struct pending_object {
	struct id id;
	size_t target;
	struct object object;
	enum outcome previous; /* its outcome in an earlier sweep; PENDING if none */
};

/* ---- reading ---- */

enum entry_kind {
	ENTRY_VERSION,  /* the object is no longer as listed: its row holds what was fetched (size, time, etag, md5) */
	ENTRY_RESTART,  /* the documents that came of it so far are void: it is read again from its beginning */
	ENTRY_DOCUMENT, /* one document of it; behind the object's own (ordinal 0) it begins a new attempt by itself */
	ENTRY_END       /* its reading is over; where its own document did not come, this says what its row says */
};

/* Something that came of reading one pending object. */
struct sweep_entry {
	enum entry_kind kind;
	struct id object;
	union {
		const struct object *fetched;
		const struct document_record *document;
		const struct object_record *end;
	};
};

/* ---- how far it is ---- */

/* The latest sweep as its rows tell, while somebody is at it or not. */
struct sweep_standing {
	uint64_t sweep;
	int64_t started, ended;
	bool is_finished; /* else it goes on with the same command */
	bool is_complete; /* every target was listed to its end */
	bool is_running;  /* a process holds the incident for it, */
	long pid;         /* this one */
	uint64_t targets, targets_listed;
	uint64_t listed, listed_bytes; /* objects, so far */
	struct {
		uint64_t objects, bytes;
	} outcomes[OUTCOME_COUNT]; /* of those; OUTCOME_PENDING: they wait to be read */
};

/* ---- the end ---- */

struct sweep_summary {
	uint64_t sweep;
	struct {
		uint64_t listed, read, unchanged, skipped, failed;
	} objects;
	uint64_t documents;
	struct {
		uint64_t listed, fetched, unseen;
	} bytes;
	struct {
		uint64_t objects, bytes;
	} outcomes[OUTCOME_COUNT];
	struct {
		uint64_t documents, bytes;
	} inner[OUTCOME_COUNT];                /* parts of objects */
	uint64_t findings[FINDING_KIND_COUNT]; /* references */
	uint64_t allowed[FINDING_KIND_COUNT];  /* the same of what is allowed, and among none of them */
	uint64_t twins;                        /* objects adopted, not read again */
	struct {
		uint64_t documents, altered;
	} renewed; /* documents whose kept text was looked through again; of which something else came out */
	struct {
		uint64_t fresh, changed, gone;
	} changes; /* objects, since the last finished sweep before */
	bool is_complete;
	int64_t started, ended;
};

#endif

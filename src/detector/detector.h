/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A detector finds one kind of entity (or a family of kinds) in text. It is
 * called at its trigger bytes, where digits begin, or at its literals, all
 * sought at once, and validates backwards and forwards from there in linear
 * time; what it says of their neighbours keeps it from being called in vain. One file per kind; its const struct heads the file; its
 * name in meson.build registers it.
 */
#ifndef TIDEMARK_DETECTOR_DETECTOR_H
#define TIDEMARK_DETECTOR_DETECTOR_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"
#include "model/finding.h"

/* The longest thing a detector may look at around its trigger, in bytes. */
#define DETECTOR_REACH 4096

struct match {
	size_t from, to; /* bytes in the text given */
	enum finding_kind kind;
	const char *subkind; /* static, or NULL */
	float confidence;
	struct buffer *value; /* in: empty; out: normalised value */
	size_t literal;       /* in: which of its literals stands at the trigger */
	bool is_example;      /* a manual's or a test's, of no use to anybody (FINDING_EXAMPLE_RULE) */
	size_t head, tail;    /* of a secret: bytes at its ends that may be shown; all others are stars */
};

/* How candidates are found. */
enum lane {
	LANE_TRIGGERS, /* at each of its trigger bytes, if beside does not refuse it (byte-lane.h); they are ASCII and no digits */
	LANE_DIGITS,   /* where a run of ASCII digits begins, if it wants it (digit-run.h); it has no trigger bytes */
	LANE_LITERALS, /* at the first byte of each of its literals; where several begin, once for each (literals.h) */
};

/* Bytes that have to stand beside a trigger; a match anywhere else is none, so nobody need ask. */
struct beside {
	const char *triggers;        /* some of the detector's */
	const char *before, *behind; /* bytes, and ranges of them ("0-9A-Z"); NULL: any. Outside of the text stands a space. */
};

/* Four bytes or more (LITERAL_LEAST). Case is that of ASCII. */
struct literal {
	const char *text;
	bool is_any_case;
};

/* Whose word counts where matches overlap: see yields_to. */
enum rank {
	RANK_NAME,
	RANK_NUMBER,
	RANK_ADDRESS,
	RANK_SECRET,
	RANK_PROVED,   /* by check digits */
	RANK_LABELLED, /* by the words before it */
	RANK_SHAPED,   /* by its form alone */
	RANK_COUNT
};

#define RANK_BIT(rank) (1u << (rank))

struct digit_run;

struct detector {
	const char *name; /* the file's name, "email"; with the version it makes the rule: "email/1" */
	unsigned version; /* raise it when results change */
	enum lane lane;
	const char *triggers;        /* of LANE_TRIGGERS: bytes, as a string */
	const struct beside *beside; /* of LANE_TRIGGERS: rows, the last without triggers; may be NULL */
	/** Of LANE_DIGITS: false where match would find nothing at that run, for a few instructions. May be NULL. */
	bool (*wants)(struct digit_run *run);
	const struct literal *literals; /* of LANE_LITERALS */
	size_t literal_count;
	enum rank rank;
	/* A RANK_BIT each: a match that begins within one of such a rank is dropped; of its own rank, one that lies within. */
	unsigned yields_to;
	const char *data[3]; /* SHA-256 of the data it goes by, which enters the rules' version, too; then NULL */
	/** Is there an entity around text[at], which is a trigger byte, a run's first digit or where a literal begins? text is
	 *  valid UTF-8 and may be cut at both ends only further than DETECTOR_REACH from at, or at the document's own ends.
	 *  False, or *match filled. Must not find the same span from two different triggers. */
	bool (*match)(struct bytes text, size_t at, struct match *match);
	/** Once per process before it is sealed. May be NULL. */
	enum status (*prepare)(void);
};

extern const struct detector *const detector_registry[];

enum status detector_prepare_all(void) MUST_CHECK;

/* ---- scanning a document's text as it grows ---- */

/** Stars each secret that stands in a text by itself: a title, a name, a value. Same bytes, same code points. What only its
 *  document tells for one, who keeps the document knows (SECRET of what was found). */
void scan_mask_secrets(unsigned char *text, size_t len);

/** Called for every finding, ordered by its start per block; finding and its bytes are good during the call. Spans are
 *  code points of the whole document. The raw text of a secret has stars, and as many bytes as were read; its value is the secret
 *  itself. */
typedef enum status detector_found(void *context, const struct finding *finding);

struct scan;

enum status scan_start(detector_found *found, void *context, struct scan **ret_scan) MUST_CHECK;
/** Feeds the next piece of valid UTF-8, never cut within a sequence. Pieces may be of any size: findings at seams are
 *  found once, whatever the cuts. */
enum status scan_feed(struct scan *scan, struct bytes text) MUST_CHECK;
/** Whether what is fed from now on was carved (model/finding.h); at first it was not. */
enum status scan_turn(struct scan *scan, bool is_carved_next) MUST_CHECK;
/** Ends the document, and makes the scan ready for another. */
enum status scan_finish(struct scan *scan) MUST_CHECK;
void scan_free(struct scan *scan);

#endif

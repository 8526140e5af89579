/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a stranger was able to do with one target, and the evidence for it.
 * Bytes are borrowed from the arena the verdict was made in.
 */
#ifndef TIDEMARK_MODEL_VERDICT_H
#define TIDEMARK_MODEL_VERDICT_H

#include "model/target.h"

/* Stored in catalogs by number: append only. */
enum verdict_kind {
	VERDICT_LISTABLE = 1,
	VERDICT_READABLE,
	VERDICT_PRIVATE_OR_ABSENT,
	VERDICT_ABSENT,
	VERDICT_ACCOUNT_OFF,
	VERDICT_UNREACHABLE,
	VERDICT_THROTTLED,
	VERDICT_UNKNOWN,
	VERDICT_KIND_COUNT
};

/** As JSON's null, false and true. */
enum answer { ANSWER_NOT_ESTABLISHED = 0, ANSWER_NO, ANSWER_YES };

/* Of which address a row of evidence is. */
enum evidence_place { EVIDENCE_OF_CONTAINER = 0, EVIDENCE_OF_SITE, EVIDENCE_OF_SECONDARY, EVIDENCE_PLACE_COUNT };

struct evidence {
	const char *method; /* GET or HEAD; DNS where the name service was asked: then url is of RFC 4501 (dns:NAME?type=A) */
	struct bytes url;   /* never with a signature */
	unsigned status;    /* of HTTP; 0 when nothing answered */
	struct bytes code;  /* the provider's error code, or ours where nothing answered; may be empty */
	int64_t at;
	enum evidence_place place;
};

#define VERDICT_EVIDENCE_MAX 32

struct verdict {
	enum verdict_kind kind;
	struct {
		enum answer list, read, versions, snapshots, deleted, acl, write;
	} anonymous;
	enum answer static_site;
	struct bytes static_site_why; /* what that was concluded from, or why it was not established */
	enum answer secondary;        /* listed to a stranger at the host of the account's second region */
	struct bytes secondary_why;
	enum answer inventories; /* it holds inventories or logs, which name what lies in other containers */
	struct bytes inventories_why;
	bool is_walled;      /* a firewall was among those who refused */
	struct bytes tenant; /* empty: not known */
	int64_t observed_at;
	struct bytes vantage;
	const struct evidence *evidence;
	size_t evidence_count;
	struct bytes advice; /* a sentence or two for a person */
};

/** As the interface writes it: "private-or-absent". */
const char *verdict_name(enum verdict_kind kind);
/** Listable, readable, listed at the second region, or an open static site: exit code 3. */
bool verdict_is_open(const struct verdict *verdict);

/** Whether it says what a stranger can do; else why not is its advice. */
bool verdict_is_judged(const struct verdict *verdict);

/** Whether its parts agree: kind with the answers, and both with having evidence at all. */
bool verdict_is_sound(const struct verdict *verdict);

#define VERDICT_WALLED_ADVICE \
	"A stranger here is refused by the account's firewall: other places may be let in. This is no proof of safety."

/** For all targets of one run, once each has its verdict: a firewall's refusals mean unreachable only if nothing of that
 *  account answered; where another target of it did, they mean private-or-absent. accounts: container.account of each. */
void verdict_reconsider(struct verdict *verdicts, const struct bytes *accounts, size_t count);

#endif

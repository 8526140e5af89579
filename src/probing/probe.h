/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a stranger can do with a container, found out by asking as a stranger:
 * list, read, versions, snapshots, deleted, access list. Nothing is written,
 * no contents are read, and no name is guessed: those are tried that evidence
 * tells of, and one that cannot exist. Every
 * answer is kept as evidence; a passing fault is asked again before it counts.
 *
 * A refusal is never proof of safety: missing, private and blob-level
 * containers answer alike, and a verdict holds for this vantage only.
 */
#ifndef TIDEMARK_PROBING_PROBE_H
#define TIDEMARK_PROBING_PROBE_H

#include "base/arena.h"
#include "model/verdict.h"
#include "net/name.h"
#include "net/net.h"

struct probe_settings {
	struct bytes vantage;      /* where we ask from, in the operator's words; empty: "this machine" */
	unsigned char random[16];  /* makes the name that cannot exist */
	bool may_ask_site;         /* the scope lets the account's static site be asked; net's allow callback, too */
	bool may_ask_secondary;    /* likewise, the host of its second region */
	const struct bytes *known; /* names of objects that evidence tells of */
	size_t known_count;
	const struct sockaddr_in *name_server; /* asked instead of the system's; NULL: those */
};

/** The same container at the host of the account's second region; END where the provider has none, or it is that one. */
enum status probe_secondary(const struct target *target, struct arena *arena, struct target *ret_secondary) MUST_CHECK;

/** Asks all questions of one target and draws the verdict. net's allow callback must have the target in scope.
 *  UNSUPPORTED for a folder, or a provider without a web: reterr says so. Refusals and silence are verdicts, not
 *  failures. All bytes of the verdict go into arena. */
enum status probe_target(struct net *net, const struct target *target, const struct probe_settings *settings, struct arena *arena,
                         struct verdict *ret_verdict, struct failure *reterr) MUST_CHECK;

#endif

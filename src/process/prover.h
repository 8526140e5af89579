/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question to the name service or the web, in a process of its own
 * (tidemark-fetch in its role `prove`): started, asked, ended. Blocks, for little
 * longer than the question's own time, whatever anybody out there does; from any
 * thread.
 */
#ifndef TIDEMARK_PROCESS_PROVER_H
#define TIDEMARK_PROCESS_PROVER_H

#include "process/fetcher.h"
#include "wire/prove-messages.h"

struct prover_plan {
	struct prove_setup setup; /* resolvers and networks by ip_end_parse and ip_network_parse of model/network.h */
	struct prove_question question;
	struct bytes trust_anchor;     /* text of --trust-anchor FILE; empty: the root's, of dns-root-data. A resolver at
	                                * 127.0.0.0/8 or ::1 that has no keys of the root is then taken as it is, not validated */
	struct bytes authorities;      /* PEM of --proof-ca FILE, trusted instead of the system's; empty: the system's */
	const struct fetch_wait *wait; /* may be NULL */
};

/** Texts of the answer lie in arena. What goes wrong out there is a verdict, never a status. USAGE: the question, anchors or
 *  authorities make no sense. ABSENT: there is no tidemark-fetch. CRASHED: it ended, lied or fell silent; what it was
 *  asked is then as unknown as before. INTERRUPTED once wait says so. */
enum status prover_ask(const struct prover_plan *plan, struct arena *arena, struct prove_answer *ret_answer,
                       struct failure *reterr) MUST_CHECK;

/** "not_seen", "seen", "seen_wrong", "refused", "unreachable"; "" for no reason, else as "bogus", "disagreement", "leaves",
 *  "wildcard", "closed_address", "certificate", ... For the journal and the operator, never for whoever asks. */
const char *prove_verdict_name(enum prove_verdict verdict);
const char *prove_reason_name(enum prove_reason reason);

#endif

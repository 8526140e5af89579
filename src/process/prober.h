/* SPDX-License-Identifier: Apache-2.0 */
/* One probe in a fetch program of its own: started, asked, ended. */
#ifndef TIDEMARK_PROCESS_PROBER_H
#define TIDEMARK_PROCESS_PROBER_H

#include "base/arena.h"
#include "model/verdict.h"
#include "process/fetcher.h"
#include "wire/fetch-messages.h"

struct prober_plan {
	const char *written;
	struct bytes scope_yaml;       /* may be empty */
	struct fetch_setup setup;      /* without credentials */
	struct fetch_probe known;      /* names that evidence tells of; may have none */
	const struct fetch_wait *wait; /* may be NULL */
};

/** Probes one target as a stranger. The verdict lies in arena. UNSUPPORTED for a folder; TIMED_OUT when it comes to no end
 *  within patience; INTERRUPTED once wait says so, however long the server takes; ABSENT if there is no
 *  tidemark-fetch. What goes wrong over there is never a status of ours. */
enum status prober_probe(const struct prober_plan *plan, struct arena *arena, struct verdict *ret_verdict,
                         struct failure *reterr) MUST_CHECK;

#endif

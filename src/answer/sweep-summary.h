/* SPDX-License-Identifier: Apache-2.0 */
/* The summary of a sweep, as members of an object: the answer of tidemark sweep, and what the journal keeps of it. */
#ifndef TIDEMARK_ANSWER_SWEEP_SUMMARY_H
#define TIDEMARK_ANSWER_SWEEP_SUMMARY_H

#include "base/json.h"
#include "catalog/sweeps.h"

struct sweep_summary_head {
	const char *incident;
	const struct bytes *targets; /* as written */
	size_t target_count;
	struct bytes authority;
};

void sweep_summary_write(const struct sweep_summary_head *head, const struct sweep_summary *summary, struct json_writer *json);

/** Some object was not fully read. */
bool sweep_summary_is_partial(const struct sweep_summary *summary);

#endif

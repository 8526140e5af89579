/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What access logs prove was taken, as members of an object: the answer of
 * tidemark reads, but for its objects. Where no log reaches it is unknown who
 * took what, and that is said with its reason: nothing here says that nobody did.
 */
#ifndef TIDEMARK_ANSWER_READS_H
#define TIDEMARK_ANSWER_READS_H

#include "base/arena.h"
#include "base/json.h"
#include "catalog/questions.h"
#include "catalog/reads.h"

struct reads_unknown {
	const struct container *container; /* NULL: of all there is */
	int64_t from, until;               /* CLOCK_UNKNOWN: from ever, for ever */
	const char *why;
};

/** The time of each container that no log covers. */
enum status reads_each_unknown(struct incident *incident, enum status (*each)(void *context, const struct reads_unknown *unknown),
                               void *context, struct failure *reterr) MUST_CHECK;

/** coverage, anonymous, signed, own, listings, refused, organisations and unknown; at most so many networks. */
enum status reads_write(struct incident *incident, const struct reads_sums *sums, uint64_t networks, struct json_writer *json,
                        struct failure *reterr) MUST_CHECK;
void reads_write_object(const struct reads_object *object, struct json_writer *json);

#endif

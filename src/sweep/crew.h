/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threads of one target's sweep: the lister and the lanes. They share
 * nothing but queues; each gets one struct and keeps it. Private to sweep/.
 */
#ifndef TIDEMARK_SWEEP_CREW_H
#define TIDEMARK_SWEEP_CREW_H

#include "journey.h"
#include "provider/provider.h"
#include "sweep/letter.h"
#include "sweep/novelty.h"
#include "sweep/sweep.h"

#include <pthread.h>
#include <stdatomic.h>

struct lister {
	pthread_t thread;
	bool is_started;
	struct fetcher *fetcher;
	struct planner planner;
	struct buffer cursor; /* where it goes on */
	int64_t told_at;      /* when the writer last heard of it */
	uint32_t include;
	bool wants_versions;
	struct queue *to_writer;
	const atomic_bool *is_stopping;
};

struct lane_thread {
	pthread_t thread;
	bool is_started;
	size_t number;
	struct journey journey;
	struct zygote *zygote;   /* of all lanes */
	struct novelty *novelty; /* of all lanes */
	bool keeps_text;
	struct queue *objects; /* of all lanes */
	struct queue *to_writer, *answers;
};

/** Thread functions; they report their end by LETTER_LISTED and LETTER_LANE_ENDED. */
void *lister_run(void *lister);
void *lane_run(void *lane);

#endif

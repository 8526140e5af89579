/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers of one lane, one at a time, forked by a tidemark-extract that has
 * prepared all they need: exec and preparation are paid once, not for every
 * worker. The zygote itself never sees a byte of anybody's object.
 */
#ifndef TIDEMARK_PROCESS_ZYGOTE_H
#define TIDEMARK_PROCESS_ZYGOTE_H

#include "process/spawn.h"

struct zygote {
	struct child child;     /* tidemark-extract as it was started */
	struct child worker;    /* the fork that reads; its parent, which alone can reap it, is the zygote */
};

#define ZYGOTE_NONE ((struct zygote){CHILD_NONE, CHILD_NONE})

/** A sealed worker that has said READY, in zygote->worker; starts the zygote where there is none. There may be no worker
 *  yet. BROKEN or ABSENT if none could be had. */
enum status zygote_fork(struct zygote *zygote, struct failure *reterr) MUST_CHECK;

/** Kills the worker; no process is left of it afterwards. Harmless without one. */
void zygote_kill_worker(struct zygote *zygote);
/** As zygote_kill_worker, but lets it end by itself. */
void zygote_finish_worker(struct zygote *zygote);
/** Ends both. Harmless for ZYGOTE_NONE. */
void zygote_finish(struct zygote *zygote);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers, forked by one tidemark-extract that has prepared all they need: exec
 * and preparation are paid once, not for every worker. The zygote itself never
 * sees a byte of anybody's object. Lanes share it; each has one worker at a time.
 */
#ifndef TIDEMARK_PROCESS_ZYGOTE_H
#define TIDEMARK_PROCESS_ZYGOTE_H

#include "base/bytes.h"
#include "model/custom-rule.h"
#include "process/spawn.h"

#include <stdbool.h>

struct zygote;

/** Starts nothing yet. rules: the owner's own, for its workers, which must outlive it; NULL: none. */
enum status zygote_new(const struct custom_rules *rules, struct zygote **ret_zygote) MUST_CHECK;

/** What its workers seek besides: a lexicon (words/lexicon.h), which every process that is started for it is given. Before the
 *  first zygote_fork. */
enum status zygote_give_register(struct zygote *zygote, struct bytes lexicon, struct failure *reterr) MUST_CHECK;

/** A sealed worker that has said READY; its parent, which alone can reap it, is the zygote, started where there is none.
 *  BROKEN or ABSENT if none could be had. From any thread. */
enum status zygote_fork(struct zygote *zygote, struct process *ret_worker, struct failure *reterr) MUST_CHECK;

/** Kills the worker; no process is left of it afterwards. False if it had fallen with its zygote, which somebody else ended:
 *  that says nothing of what it was reading. Harmless for PROCESS_NONE. From any thread. */
bool zygote_kill_worker(struct zygote *zygote, struct process *worker);
/** Lets it end by itself. */
void zygote_finish_worker(struct zygote *zygote, struct process *worker);

/** Once all workers are ended. Harmless for NULL. */
void zygote_free(struct zygote *zygote);

#endif

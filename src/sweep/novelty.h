/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether bytes are new: known to no incident row and being read by no lane. The
 * catalog knows, but its writer may be busy storing; most bytes are new, and for
 * those a lane need not wait. It may take new bytes for known (then the writer is
 * asked after all), never the other way round. A million digests at most are
 * kept, 16 MiB; beyond that nothing counts as new any more.
 */
#ifndef TIDEMARK_SWEEP_NOVELTY_H
#define TIDEMARK_SWEEP_NOVELTY_H

#include "base/queue.h"

#include <stdbool.h>

#define NOVELTY_MAX (1u << 20)

struct novelty;

enum status novelty_new(struct novelty **ret_novelty) MUST_CHECK;
void novelty_free(struct novelty *novelty);

/** Bytes with this SHA-256 are known. */
void novelty_learn(struct novelty *novelty, const unsigned char sha256[32]);
/** Not all that is known could be learned: nothing counts as new any more. */
void novelty_give_up(struct novelty *novelty);

/** If nobody had such bytes before, they are the caller's to read, known from now on, and claim has been pushed (urgently)
 *  to the queue before anybody else can be told that they are known. Else, and where the push failed (its status), claim
 *  stays the caller's. From any thread. */
enum status novelty_claim(struct novelty *novelty, const unsigned char sha256[32], struct queue *queue, void *claim,
                          bool *ret_is_new) MUST_CHECK;

#endif

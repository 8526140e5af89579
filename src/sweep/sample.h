/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --sample N: which objects are the sample. Those with the N lowest ids of all
 * that would be read, so a second run, and anyone else, draws the same ones. It
 * takes a listing of its own, and memory for N ids.
 */
#ifndef TIDEMARK_SWEEP_SAMPLE_H
#define TIDEMARK_SWEEP_SAMPLE_H

#include "process/fetcher.h"
#include "sweep/plan.h"

/** Lists the target once and sets planner->sample_below. The listing's own failures as fetcher_list. */
enum status sample_draw(struct fetcher *fetcher, uint32_t include, struct planner *planner, struct failure *reterr) MUST_CHECK;

#endif

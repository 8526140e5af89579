/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far notices have come: not how many were sent, but whom they reached. An
 * organisation is
 *
 *   acknowledged   it said so, by one of its notices' codes
 *   reached        that, or: a server took a notice for it and none has come back since. Nobody can say that it was read
 *   unreachable    every recipient that was found for it refused, or its message came back
 *
 * and else is waited for: nothing was sent yet, or nobody knows whether it was.
 * What its CSIRT was told reaches the CSIRT, not the organisation.
 */
#ifndef TIDEMARK_ACT_REACH_H
#define TIDEMARK_ACT_REACH_H

#include "catalog/catalog.h"
#include "model/notice.h"

struct reach {
	uint64_t organisations, reached, acknowledged, unreachable, waiting;
};

/** Calls each (may be NULL) per notice that is of today: what was planned and never begun is left out where the same recipient is
 *  planned for anew. */
enum status reach_find(struct incident *incident, notice_visitor *each, void *context, struct reach *ret_reach,
                       struct failure *reterr) MUST_CHECK;

#endif

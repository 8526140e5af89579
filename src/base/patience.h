/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long strangers may keep us waiting. Patience is the longest that a request
 * or a target may hold without useful progress. What keeps failing gets ever less
 * of it: a request half of what its target has left, a target four fifths of what
 * its run has left. So one that is silent costs its neighbours nothing, and any
 * number of them end within three times patience. Milliseconds.
 */
#ifndef TIDEMARK_BASE_PATIENCE_H
#define TIDEMARK_BASE_PATIENCE_H

#include <stdint.h>

#define PATIENCE_STANDARD INT64_C(120000)

/** What a target has, in a run that was held so long since its last useful progress; 0: it need not be asked. */
int64_t patience_for_target(int64_t patience, int64_t held);
/** What a request has, of a target that has so much left; 0: it need not be sent. At most patience. */
int64_t patience_for_request(int64_t patience, int64_t left);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop of tidemark-extract: one job after another over one socket, each
 * read by the emitter and answered in frames.
 */
#ifndef TIDEMARK_READING_WORKER_H
#define TIDEMARK_READING_WORKER_H

#include "base/status.h"

/** Everything formats, detectors and attribution will ever need, before sealing. */
enum status worker_prepare(void) MUST_CHECK;

/** Says READY, then serves jobs until the peer closes: OK. Anything else is a fault of ours or of the protocol. */
enum status worker_serve(int socket) MUST_CHECK;

#endif

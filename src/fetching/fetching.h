/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop of tidemark-fetch: it is told one target and its scope, then lists
 * it, probes it, and hands out its objects as sealed memory, to as many lanes
 * as it was given sockets. The only holder of the sweep's credentials.
 */
#ifndef TIDEMARK_FETCHING_FETCHING_H
#define TIDEMARK_FETCHING_FETCHING_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct fetching;

/** Takes the set-up from the control socket, up to and including SETUP_END. Answers FAILED itself when the target is not
 *  one or not in scope. */
enum status fetching_accept(int control, struct fetching **ret_fetching) MUST_CHECK;
/** The directory of a folder target, or -1. */
int fetching_directory(const struct fetching *fetching);
/** Of a web target: the ports of TCP that it may be asked at, as scope_list_ports has them. */
enum status fetching_list_ports(struct fetching *fetching, const uint16_t **ret_ports, size_t *ret_count) MUST_CHECK;
/** Says READY and serves until the control socket closes: OK. */
enum status fetching_serve(struct fetching *fetching) MUST_CHECK;
void fetching_free(struct fetching *fetching);

#endif

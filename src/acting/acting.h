/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop of tidemark-act: it is told one target, its credential and the hash
 * of a plan, then does what it is given a permit for, a step or a batch at a
 * time, and answers. A request that changes something and was not answered is
 * looked at before it is repeated.
 */
#ifndef TIDEMARK_ACTING_ACTING_H
#define TIDEMARK_ACTING_ACTING_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct acting;

/** Takes the set-up from the control socket. Answers FAILED itself when it makes no sense. */
enum status acting_accept(int control, struct acting **ret_acting) MUST_CHECK;
/** The ports of TCP that it may be asked at. */
void acting_list_ports(const struct acting *acting, const uint16_t **ret_ports, size_t *ret_count);
/** Says READY and serves until the control socket closes: OK. */
enum status acting_serve(struct acting *acting) MUST_CHECK;
void acting_free(struct acting *acting);

#endif

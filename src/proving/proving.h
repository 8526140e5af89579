/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The role `prove` of tidemark-fetch: it is told whom to ask and whom to trust,
 * answers one question of the name service or the web, and ends.
 */
#ifndef TIDEMARK_PROVING_PROVING_H
#define TIDEMARK_PROVING_PROVING_H

#include "base/status.h"

#include <stdint.h>

struct proving;

/** Takes set-up and question from the control socket, and reads what files they need: after it, none is. Answers FAILED itself
 *  where they make no sense. */
enum status proving_accept(int control, struct proving **ret_proving) MUST_CHECK;
/** The ports of TCP it will ask at, besides that of the name service. */
const uint16_t *proving_ports(const struct proving *proving, size_t *ret_count);
/** Asks, and says what came of it. */
enum status proving_answer(struct proving *proving) MUST_CHECK;
void proving_free(struct proving *proving);

#endif

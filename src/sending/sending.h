/* SPDX-License-Identifier: Apache-2.0 */
/* The role `send` of tidemark-fetch: it is handed one mail or one POST, sends it, says what came of it, and ends. */
#ifndef TIDEMARK_SENDING_SENDING_H
#define TIDEMARK_SENDING_SENDING_H

#include "base/status.h"

#include <stdint.h>

struct sending;

/** Takes all of it from the control socket. Answers FAILED itself where it makes no sense. */
enum status sending_accept(int control, struct sending **ret_sending) MUST_CHECK;
/** The only port of TCP it will connect to, besides that of the name service. */
uint16_t sending_port(const struct sending *sending);
/** Sends, and says what came of it. */
enum status sending_perform(struct sending *sending) MUST_CHECK;
void sending_free(struct sending *sending);

#endif

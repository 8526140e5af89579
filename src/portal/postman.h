/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mails the codes of proofs, one after the other, behind all replies: so no reply waits for a mail server, and none tells
 * whether there is a contact in the register that gets the code, too. What it took and did not end is due again.
 */
#ifndef TIDEMARK_PORTAL_POSTMAN_H
#define TIDEMARK_PORTAL_POSTMAN_H

#include "answer/desk.h"
#include "base/arena.h"
#include "portal/settings.h"

struct fetch_wait;
struct postman;

/** USAGE where --smtp is no URL of a mail server. */
enum status postman_check(const struct portal_settings *settings, struct failure *reterr) MUST_CHECK;
/** A thread of its own with a desk of its own; *ret_postman NULL where no mail is sent. settings outlive it. */
enum status postman_start(const struct portal_settings *settings, struct postman **ret_postman,
                          struct failure *reterr) MUST_CHECK;
/** Breaks off what it is about, and waits for it. NULL is free. */
void postman_stop(struct postman *postman);

/** Sends the next mail that is due. ABSENT if none is. */
enum status postman_send_next(struct desk *desk, const struct portal_settings *settings, const struct fetch_wait *wait,
                              struct arena *arena, struct failure *reterr) MUST_CHECK;

#endif

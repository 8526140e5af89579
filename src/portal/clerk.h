/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that answers what comes through one door, at a desk of its own. */
#ifndef TIDEMARK_PORTAL_CLERK_H
#define TIDEMARK_PORTAL_CLERK_H

#include "base/queue.h"
#include "portal/settings.h"

struct clerk;

/** Takes errands from requests until that is closed, and then puts itself into done. DENIED and the like where its catalog does
 *  not open. */
enum status clerk_hire(const struct portal_settings *settings, struct queue *requests, struct queue *done,
                       struct clerk **ret_clerk, struct failure *reterr) MUST_CHECK;
/** Once it is done. */
void clerk_dismiss(struct clerk *clerk);

#endif

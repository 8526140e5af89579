/* SPDX-License-Identifier: Apache-2.0 */
/* That a notice has arrived, said by whoever has its code: it opens nothing, and proves nothing of who that is. */
#ifndef TIDEMARK_PORTAL_NOTICE_API_H
#define TIDEMARK_PORTAL_NOTICE_API_H

#include "portal/handler.h"

/** 200, once and again; the same, at the same time, for a code that no notice has: else codes could be tried. A slip of the pen is
 *  told by the letters that check a code, which anybody can make: 404. */
enum status portal_acknowledge(struct portal_call *call, struct failure *reterr);

#endif

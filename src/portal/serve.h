/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The portal as a whole: two doors, each with its cell, and clerks who answer. A
 * door's clerks are its own, so that no crowd of strangers keeps an operator waiting.
 */
#ifndef TIDEMARK_PORTAL_SERVE_H
#define TIDEMARK_PORTAL_SERVE_H

#include "portal/settings.h"

/* Who runs it. */
struct serve_watch {
	void *context;
	bool (*is_ended)(void *context); /* asked a few times a second */
	/* Once both doors listen: their addresses, "http://127.0.0.1:8900". */
	void (*answers)(void *context, const char *subjects, const char *operators);
	void (*warns)(void *context, const char *what); /* of cells that had to be started again */
};

/** Until watch says so; then what is under way is finished, for at most five seconds. The settings' url is filled in where there is
 *  none. USAGE, ABSENT, DENIED for what cannot be begun. */
enum status serve_run(const struct portal_settings *settings, const struct serve_watch *watch, struct failure *reterr) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ctrl-C (and SIGTERM). Asked once: a flag, which the command looks at; asked
 * twice: the process ends at once with 130. State survives both, as it
 * survives kill -9.
 */
#ifndef TIDEMARK_CLI_INTERRUPT_H
#define TIDEMARK_CLI_INTERRUPT_H

#include <stdbool.h>

/** Signals end the process with 130 at once. */
void interrupt_end_at_once(void);
/** The first signal only sets the flag. */
void interrupt_catch(void);
/** Whether a signal came; safe in any thread. */
bool interrupt_is_asked(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The one mutable static of this floor: a signal handler has no other place to write to. */
#define _GNU_SOURCE
#include "cli/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

enum { INTERRUPTED = 130 };

/* Lock-free: any thread may be the one that takes the signal. */
static atomic_int asked;

static void take_signal(int signal)
{
	(void)signal;
	if (atomic_exchange(&asked, 1) != 0)
		_exit(INTERRUPTED);
}

static void end_at_once(int signal)
{
	(void)signal;
	_exit(INTERRUPTED);
}

static void install(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

void interrupt_end_at_once(void)
{
	install(end_at_once);
}

void interrupt_catch(void)
{
	install(take_signal);
}

bool interrupt_is_asked(void)
{
	return atomic_load(&asked) != 0;
}

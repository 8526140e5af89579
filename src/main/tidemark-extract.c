/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark-extract: reads one document at a time in a cell of its own.
 *
 * Started by tidemark, it prepares everything that reading will ever need, seals
 * itself and then only forks workers (it is their zygote). A worker's powers are
 * its socket and memory: it seals itself further before it says READY, and serves
 * jobs.
 */
#define _GNU_SOURCE
#include "reading/forking.h"
#include "reading/worker.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SOCKET = 3 };

static int refuse_to_start(const char *why)
{
	fprintf(stderr, "tidemark-extract: %s\n", why);
	return 1;
}

static int live_as_worker(int socket)
{
	struct failure failure = {0};
	const struct sandbox_powers powers = {.role = SANDBOX_EXTRACT, .directory = -1};
	if (sandbox_die_with_starter() != STATUS_OK)
		return refuse_to_start("could not tie its life to its parent's");
	if (sandbox_seal(&powers, &failure) != STATUS_OK)
		return refuse_to_start(failure.why);
	return worker_serve(socket) == STATUS_OK ? 0 : 1;
}

static int live_as_zygote(void)
{
	struct failure failure = {.why = ""};
	const struct sandbox_powers powers = {.role = SANDBOX_ZYGOTE, .directory = -1};
	if (sandbox_seal(&powers, &failure) != STATUS_OK)
		return refuse_to_start(failure.why);
	return forking_serve(SOCKET, live_as_worker) == STATUS_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("tidemark-extract " TIDEMARK_VERSION);
		return 0;
	}
	if (fcntl(SOCKET, F_GETFD) < 0)
		return refuse_to_start("is started by tidemark, which hands it its work");
	/* Whichever lane started it ends before it: its life is tied to its socket alone. */
	if (sandbox_prepare_child() != STATUS_OK)
		return refuse_to_start("could not give up what no child needs");
	clearenv();
	setenv("TZ", "UTC", 1);
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return refuse_to_start("the locale C.UTF-8 is missing");
	if (worker_prepare() != STATUS_OK)
		return refuse_to_start("could not prepare its formats");
	return live_as_zygote();
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark-portal: the only program that strangers speak to.
 *
 * Powers: the socket on descriptor 3; one listening socket, bound before it is
 * sealed; the key of its TLS. It opens no file, connects nowhere, sees neither
 * the catalog nor its key, and keeps nothing: what is asked goes on to tidemark
 * as a route and bounded fields.
 */
#define _GNU_SOURCE
#include "listening/listening.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOCKET = 3 };

static int refuse_to_start(const char *why)
{
	fprintf(stderr, "tidemark-portal: %s\n", why);
	return 1;
}

int main(int argc, char **argv)
{
	const struct sandbox_powers powers = {.role = SANDBOX_LISTEN, .directory = -1};
	struct failure failure = {.why = ""};
	struct listening *listening;
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("tidemark-portal " TIDEMARK_VERSION);
		return 0;
	}
	if (fcntl(SOCKET, F_GETFD) < 0)
		return refuse_to_start("is started by tidemark serve, which hands it its door");
	if (sandbox_prepare_child() != STATUS_OK || sandbox_die_with_starter() != STATUS_OK)
		return refuse_to_start("could not tie its life to its parent's");
	clearenv();
	setlocale(LC_ALL, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	if (listening_accept(SOCKET, &listening) != STATUS_OK)
		return 1;
	if (sandbox_seal(&powers, &failure) != STATUS_OK) {
		listening_free(listening);
		return refuse_to_start(failure.why);
	}
	enum status status = listening_serve(listening);
	listening_free(listening);
	return status == STATUS_OK ? 0 : 1;
}

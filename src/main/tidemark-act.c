/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark-act: the only program that can ask a provider to change anything.
 *
 * Powers: the socket on descriptor 3; sockets to the ports of one target and of
 * the hosts that tell its credential; that credential, as bytes. It does what
 * it has a permit for, a step or a batch at a time; it lists nothing, reads no
 * contents, never sees the catalog or a key, writes nothing, runs nothing.
 */
#define _GNU_SOURCE
#include "acting/acting.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <locale.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOCKET = 3 };

static int refuse_to_start(const char *why)
{
	fprintf(stderr, "tidemark-act: %s\n", why);
	return 1;
}

/* The resolver loads its modules on first use: now, while it may. */
static void warm_resolver(void)
{
	struct addrinfo *found = NULL;
	if (getaddrinfo("localhost", "80", NULL, &found) == 0)
		freeaddrinfo(found);
}

static enum status seal(const struct acting *acting, struct failure *reterr)
{
	struct sandbox_powers powers = {.role = SANDBOX_ACT, .directory = -1};
	warm_resolver();
	acting_list_ports(acting, &powers.ports, &powers.port_count);
	return sandbox_seal(&powers, reterr);
}

int main(int argc, char **argv)
{
	struct failure failure = {.why = ""};
	struct acting *acting;
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("tidemark-act " TIDEMARK_VERSION);
		return 0;
	}
	if (fcntl(SOCKET, F_GETFD) < 0)
		return refuse_to_start("is started by tidemark, which hands it its work");
	if (sandbox_prepare_child() != STATUS_OK || sandbox_die_with_starter() != STATUS_OK)
		return refuse_to_start("could not tie its life to its parent's");
	clearenv();
	setlocale(LC_ALL, "C.UTF-8");
	if (acting_accept(SOCKET, &acting) != STATUS_OK)
		return 1;
	if (seal(acting, &failure) != STATUS_OK) {
		acting_free(acting);
		return refuse_to_start(failure.why);
	}
	enum status status = acting_serve(acting);
	acting_free(acting);
	return status == STATUS_OK ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark-fetch: the only program that speaks to strangers' servers, and the
 * only one that opens a folder's files.
 *
 * Powers: the socket on descriptor 3; sockets to hosts in scope, or one
 * directory; the sweep's credentials, as bytes. It never sees the catalog or a
 * key, writes nothing, runs nothing.
 */
#define _GNU_SOURCE
#include "fetching/fetching.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <locale.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOCKET = 3 };

/* What resolving names and checking certificates reads. */
static const char *const readable_paths[] = {
	"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services",
	"/etc/protocols", "/etc/ssl", "/usr/lib/ssl", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates", NULL,
};

static int refuse_to_start(const char *why)
{
	fprintf(stderr, "tidemark-fetch: %s\n", why);
	return 1;
}

/* The resolver loads its modules on first use: now, while it may. */
static void warm_resolver(void)
{
	struct addrinfo *found = NULL;
	if (getaddrinfo("localhost", "80", NULL, &found) == 0)
		freeaddrinfo(found);
}

int main(int argc, char **argv)
{
	struct failure failure = {.why = ""};
	struct fetching *fetching;
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("tidemark-fetch " TIDEMARK_VERSION);
		return 0;
	}
	if (fcntl(SOCKET, F_GETFD) < 0)
		return refuse_to_start("is started by tidemark, which hands it its work");
	if (sandbox_prepare_child() != STATUS_OK || sandbox_die_with_starter() != STATUS_OK)
		return refuse_to_start("could not tie its life to its parent's");
	clearenv();
	setlocale(LC_ALL, "C.UTF-8");
	if (fetching_accept(SOCKET, &fetching) != STATUS_OK)
		return 1;
	bool is_folder = fetching_directory(fetching) >= 0;
	if (!is_folder)
		warm_resolver();
	const struct sandbox_powers powers = {
		.role = is_folder ? SANDBOX_WALK : SANDBOX_FETCH, .readable_paths = is_folder ? NULL : readable_paths,
		.directory = fetching_directory(fetching),
	};
	if (sandbox_seal(&powers, &failure) != STATUS_OK) {
		fetching_free(fetching);
		return refuse_to_start(failure.why);
	}
	enum status status = fetching_serve(fetching);
	fetching_free(fetching);
	return status == STATUS_OK ? 0 : 1;
}

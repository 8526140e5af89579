/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tidemark-fetch: the only program that speaks to strangers' servers, and the
 * only one that opens a folder's files.
 *
 * Powers: the socket on descriptor 3; sockets to the ports in scope, or one
 * directory; the sweep's credentials, as bytes. As `prove` and `send`, its only
 * argument: one question of the name service or the web, and one mail or POST,
 * instead of all that. It never sees the catalog or a key, writes nothing, runs
 * nothing.
 */
#define _GNU_SOURCE
#include "fetching/fetching.h"
#include "proving/proving.h"
#include "sandbox/sandbox.h"
#include "sending/sending.h"
#include "wire/fetch-messages.h"

#include <fcntl.h>
#include <locale.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOCKET = 3 };

_Static_assert(FETCH_WHOLE_MAX <= SANDBOX_FILE_MAX, "an object that is held whole must fit its cell's limit");

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

/* A folder's has no sockets, a web target's no directory. */
static enum status seal(struct fetching *fetching, struct failure *reterr)
{
	struct sandbox_powers powers = {.role = SANDBOX_WALK, .directory = fetching_directory(fetching)};
	if (powers.directory < 0) {
		powers.role = SANDBOX_FETCH;
		warm_resolver();
		if (fetching_list_ports(fetching, &powers.ports, &powers.port_count) != STATUS_OK)
			return fail(reterr, STATUS_NO_MEMORY, "sandbox", "no memory for its ports");
	}
	return sandbox_seal(&powers, reterr);
}

static int fetch(void)
{
	struct failure failure = {.why = ""};
	struct fetching *fetching;
	if (fetching_accept(SOCKET, &fetching) != STATUS_OK)
		return 1;
	if (seal(fetching, &failure) != STATUS_OK) {
		fetching_free(fetching);
		return refuse_to_start(failure.why);
	}
	enum status status = fetching_serve(fetching);
	fetching_free(fetching);
	return status == STATUS_OK ? 0 : 1;
}

static int prove(void)
{
	struct failure failure = {.why = ""};
	struct proving *proving;
	if (proving_accept(SOCKET, &proving) != STATUS_OK)
		return 1;
	struct sandbox_powers powers = {.role = SANDBOX_PROVE, .directory = -1};
	powers.ports = proving_ports(proving, &powers.port_count);
	enum status status = sandbox_seal(&powers, &failure);
	int code = status == STATUS_OK ? 0 : refuse_to_start(failure.why);
	if (status == STATUS_OK && proving_answer(proving) != STATUS_OK)
		code = 1;
	proving_free(proving);
	return code;
}

static int send_one(void)
{
	struct failure failure = {.why = ""};
	struct sending *sending;
	if (sending_accept(SOCKET, &sending) != STATUS_OK)
		return 1;
	warm_resolver();
	uint16_t port = sending_port(sending);
	struct sandbox_powers powers = {.role = SANDBOX_SEND, .directory = -1, .ports = &port, .port_count = 1};
	enum status status = sandbox_seal(&powers, &failure);
	int code = status == STATUS_OK ? 0 : refuse_to_start(failure.why);
	if (status == STATUS_OK && sending_perform(sending) != STATUS_OK)
		code = 1;
	sending_free(sending);
	return code;
}

/* NULL: there is none of that name. */
static int (*find_role(const char *name))(void)
{
	static const struct {
		const char *name;
		int (*play)(void);
	} roles[] = {{"", fetch}, {"prove", prove}, {"send", send_one}};
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (strcmp(name, roles[i].name) == 0)
			return roles[i].play;
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("tidemark-fetch " TIDEMARK_VERSION);
		return 0;
	}
	int (*play)(void) = find_role(argc == 2 ? argv[1] : "");
	if (argc > 2 || play == NULL || fcntl(SOCKET, F_GETFD) < 0)
		return refuse_to_start("is started by tidemark, which hands it its work");
	if (sandbox_prepare_child() != STATUS_OK || sandbox_die_with_starter() != STATUS_OK)
		return refuse_to_start("could not tie its life to its parent's");
	clearenv();
	setlocale(LC_ALL, "C.UTF-8");
	return play();
}

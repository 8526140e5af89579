/* SPDX-License-Identifier: Apache-2.0 */
/* Where the fake lies: below $TIDEMARK_SOURCE_ROOT, else the working directory. */
#define _GNU_SOURCE
#include "scope/target.h"
#include "tests/system/fake.h"

#include <assert.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void write_scenario(const char *json, char path[64])
{
	snprintf(path, 64, "/tmp/tidemark-scenario-XXXXXX");
	int file = mkstemp(path);
	assert(file >= 0);
	size_t len = strlen(json);
	if (write(file, json, len) != (ssize_t)len)
		abort();
	close(file);
}

/* One process serves all fakes of a program; it ends with its input. */
static struct {
	FILE *orders, *answers;
} fakes;

static const char *root_folder(void)
{
	const char *root = getenv("TIDEMARK_SOURCE_ROOT");
	return root != NULL ? root : ".";
}

static void run_node(int orders, int answers)
{
	char program[512];
	snprintf(program, sizeof program, "%s/tests/fake-azure/fake-azure.mjs", root_folder());
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(orders, STDIN_FILENO);
	dup2(answers, STDOUT_FILENO);
	execlp("node", "node", program, "--serve", (char *)NULL);
	_exit(127);
}

static void start_server(void)
{
	int orders[2], answers[2];
	if (pipe2(orders, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0)
		abort();
	if (fork() == 0)
		run_node(orders[0], answers[1]);
	close(orders[0]);
	close(answers[1]);
	fakes.orders = fdopen(orders[1], "w");
	fakes.answers = fdopen(answers[0], "r");
}

struct fake fake_start(const char *scenario)
{
	struct fake fake = {.port = 0};
	char path[64] = "";
	if (fakes.orders == NULL)
		start_server();
	if (scenario[0] == '{') {
		write_scenario(scenario, path);
		fprintf(fakes.orders, "%s\n", path);
	} else {
		fprintf(fakes.orders, "%s/tests/fake-azure/scenarios/%s.json\n", root_folder(), scenario);
	}
	fflush(fakes.orders);
	if (fscanf(fakes.answers, " {\"port\":%d}", &fake.port) != 1) {
		fprintf(stderr, "the fake did not start: %s\n", scenario);
		abort();
	}
	if (path[0] != '\0')
		unlink(path);
	return fake;
}

void fake_stop(struct fake *fake)
{
	fprintf(fakes.orders, "stop %d\n", fake->port);
	fflush(fakes.orders);
}

struct target fake_target(const struct fake *fake, const char *account_and_container, struct arena *arena)
{
	char written[256];
	struct target target = {.port = 0};
	struct failure failure = {.why = ""};
	snprintf(written, sizeof written, "az+http://127.0.0.1:%d/%s", fake->port, account_and_container);
	if (target_parse(bytes_of_string(written), arena, &target, &failure) != STATUS_OK) {
		fprintf(stderr, "%s: %s\n", written, failure.why);
		abort();
	}
	return target;
}

static void answer(struct raw_server *server, int connection)
{
	char request[8192];
	size_t got = 0;
	for (ssize_t n; got < sizeof request - 1 && (n = read(connection, request + got, sizeof request - 1 - got)) > 0;) {
		got += (size_t)n;
		request[got] = '\0';
		if (strstr(request, "\r\n\r\n") != NULL)
			break;
	}
	for (size_t sent = 0; sent < server->length;) {
		ssize_t n = send(connection, server->answer + sent, server->length - sent, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		sent += (size_t)n;
	}
	server->served++;
	close(connection);
}

static void *serve(void *context)
{
	struct raw_server *server = context;
	for (int connection; (connection = accept(server->socket, NULL, NULL)) >= 0;)
		answer(server, connection);
	return NULL;
}

void raw_start(struct raw_server *server, const char *answer_bytes, size_t length)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof address;
	*server = (struct raw_server){.answer = answer_bytes, .length = length};
	server->socket = socket(AF_INET, SOCK_STREAM, 0);
	if (server->socket < 0 || bind(server->socket, (struct sockaddr *)&address, size) != 0 ||
	    listen(server->socket, 16) != 0 || getsockname(server->socket, (struct sockaddr *)&address, &size) != 0)
		abort();
	server->port = ntohs(address.sin_port);
	pthread_create(&server->thread, NULL, serve, server);
}

void raw_stop(struct raw_server *server)
{
	shutdown(server->socket, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->socket);
}

/* The name asked for, dots put back; 12 bytes of header lie before it. */
static void read_question(const unsigned char *query, size_t len, char name[256])
{
	size_t at = 12, used = 0;
	while (at < len && query[at] != 0 && used + query[at] + 1 < 256) {
		memcpy(name + used, query + at + 1, query[at]);
		used += query[at];
		at += 1 + query[at];
		name[used++] = '.';
	}
	name[used > 0 ? used - 1 : 0] = '\0';
}

static bool knows(const struct name_service *service, const char *name)
{
	for (const char *const *known = service->known; known != NULL && *known != NULL; known++)
		if (strcasecmp(*known, name) == 0)
			return true;
	return false;
}

static void *serve_names(void *context)
{
	struct name_service *service = context;
	unsigned char message[512];
	struct sockaddr_in from;
	socklen_t size = sizeof from;
	ssize_t len;
	while ((len = recvfrom(service->socket, message, sizeof message, 0, (struct sockaddr *)&from, &size)) >= 12) {
		char name[256] = "";
		read_question(message, (size_t)len, name);
		service->asked++;
		int code = service->code != 0 ? service->code : knows(service, name) ? 0 : 3;
		message[2] |= 0x80; /* a reply */
		message[3] = (unsigned char)(0x80 | (code & 15));
		if (code >= 0 && sendto(service->socket, message, (size_t)len, 0, (struct sockaddr *)&from, size) < 0)
			abort();
		size = sizeof from;
	}
	return NULL;
}

void name_service_start(struct name_service *service, const char *const *known, int code)
{
	socklen_t size = sizeof service->address;
	*service = (struct name_service){.known = known, .code = code};
	service->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	service->socket = socket(AF_INET, SOCK_DGRAM, 0);
	if (service->socket < 0 || bind(service->socket, (struct sockaddr *)&service->address, size) != 0 ||
	    getsockname(service->socket, (struct sockaddr *)&service->address, &size) != 0)
		abort();
	pthread_create(&service->thread, NULL, serve_names, service);
}

void name_service_stop(struct name_service *service)
{
	/* An empty datagram ends it: shutting a datagram socket down wakes nobody. */
	if (sendto(service->socket, "", 0, 0, (struct sockaddr *)&service->address, sizeof service->address) != 0)
		abort();
	pthread_join(service->thread, NULL);
	close(service->socket);
}

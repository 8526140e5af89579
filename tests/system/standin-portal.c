/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tidemark-portal that was taken over: it stands beside tidemark under that name
 * and, as the subjects' door, lies as the file "mode" beside it says. What comes back
 * to it after its lie goes into the file "heard". The operators' door it leaves to
 * the real one, which lies beside it as "tidemark-portal-real".
 */
#define _GNU_SOURCE
#include "wire/portal-messages.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <signal.h>
#include <unistd.h>

enum { CONTROL = 3 };

static char mode[64], folder[PATH_MAX];
static unsigned char frame[WIRE_FRAME_MAX];
static struct wire_writer writer;

static bool is(const char *name)
{
	return strcmp(mode, name) == 0;
}

static const char *beside(const char *name)
{
	static char path[PATH_MAX + 32];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void read_mode(void)
{
	ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
	folder[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
	FILE *file = fopen(beside("mode"), "re");
	if (file == NULL || fscanf(file, "%63s", mode) != 1)
		mode[0] = '\0';
	if (file != NULL)
		fclose(file);
}

static void note(const char *word, uint64_t number)
{
	FILE *file = fopen(beside("heard"), "ae");
	if (file == NULL)
		return;
	fprintf(file, "%s %llu\n", word, (unsigned long long)number);
	fclose(file);
}

static void say(void)
{
	if (wire_send(CONTROL, &writer, -1) != STATUS_OK)
		exit(0);
}

/* ---- set-up ---- */

static bool is_operators(void)
{
	ssize_t length = recv(CONTROL, frame, sizeof frame, MSG_PEEK);
	return length > 6 && frame[1] == PORTAL_SETUP && load_le32(frame + 2) == PORTAL_OPERATORS;
}

static void take_setup(void)
{
	struct wire_reader reader;
	do {
		if (wire_receive(CONTROL, -1, frame, &reader) != STATUS_OK)
			exit(1);
		wire_drop(&reader);
	} while (reader.type != PORTAL_SETUP_END);
}

/* ---- lies ---- */

static struct portal_request honest(uint64_t number)
{
	return (struct portal_request){
		.number = number,
		.door = PORTAL_SUBJECTS,
		.route = PORTAL_ROUTE_HEALTH,
		.peer = BYTES_LITERAL("127.0.0.1"),
		.language = BYTES_LITERAL("en"),
		.is_same_origin = true,
	};
}

static void ask(const struct portal_request *request)
{
	portal_put_request(&writer, request);
	say();
}

static void raw(unsigned char type, size_t length)
{
	wire_begin(&writer, type);
	for (size_t i = 0; i < length; i++)
		wire_put_u8(&writer, (uint8_t)i);
	say();
}

static void ask_many(uint64_t count, enum portal_route route)
{
	for (uint64_t i = 2; i < count; i++) {
		struct portal_request request = honest(i);
		request.route = route;
		ask(&request);
	}
}

static void lie(void)
{
	struct portal_request request = honest(2);
	if (is("operators-route")) {
		request.route = PORTAL_ROUTE_OPERATOR_HEALTH;
		ask(&request);
	} else if (is("operators-door")) {
		request.route = PORTAL_ROUTE_OPERATOR_HEALTH;
		request.door = PORTAL_OPERATORS;
		ask(&request);
	} else if (is("number-again")) {
		request.number = 1;
		ask(&request);
	} else if (is("number-of-none")) {
		portal_put_number(&writer, PORTAL_CANCEL, 77);
		say();
	} else if (is("token-of-none")) {
		request.token = BYTES_LITERAL("abc");
		ask(&request);
	} else if (is("not-text")) {
		request.session = PORTAL_BEARER;
		request.token = BYTES_LITERAL("\xff\xfe");
		ask(&request);
	} else if (is("parameter-of-none")) {
		request.parameter = BYTES_LITERAL("x");
		ask(&request);
	} else if (is("field-twice")) {
		request.fields[0] = request.fields[1] = (struct portal_field){BYTES_LITERAL("a"), BYTES_LITERAL("b")};
		request.field_count = 2;
		ask(&request);
	} else if (is("no-peer")) {
		request.peer = BYTES_NONE;
		ask(&request);
	} else if (is("language")) {
		request.language = BYTES_LITERAL("xx");
		ask(&request);
	} else if (is("ready-again")) {
		portal_put_ready(&writer, 1);
		say();
	} else if (is("unknown")) {
		raw(200, 10);
	} else if (is("oversized")) {
		raw(PORTAL_CANCEL, 4096);
	} else if (is("large")) {
		raw(PORTAL_REQUEST, WIRE_FRAME_MAX - 2);
	} else if (is("took-nothing")) {
		ask(&request);
		portal_put_took(&writer, 2, PORTAL_WINDOW);
		say();
	} else if (is("descriptor")) {
		portal_put_request(&writer, &request);
		if (wire_send(CONTROL, &writer, 2) != STATUS_OK)
			exit(0);
	} else if (is("flood")) {
		ask_many(100000, PORTAL_ROUTE_HEALTH);
	} else if (is("deaf")) {
		/* Replies of some KiB, more of them than a socket holds. */
		ask_many(500, PORTAL_ROUTE_METRICS);
		for (;;)
			pause();
	}
}

/* One honest request first, so that it is known to have been believed until then. */
static void serve(void)
{
	struct wire_reader reader;
	struct portal_request first = honest(1);
	bool has_lied = false;
	ask(&first);
	while (wire_receive(CONTROL, -1, frame, &reader) == STATUS_OK) {
		uint64_t number = wire_get_u64(&reader);
		wire_drop(&reader);
		if (reader.type == PORTAL_END && !has_lied) {
			note("lied", number);
			has_lied = true;
			lie();
		} else if (has_lied && reader.type == PORTAL_REPLY) {
			note("reply", number);
		}
	}
}

int main(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	read_mode();
	if (is_operators())
		execl(beside("tidemark-portal-real"), "tidemark-portal", NULL);
	take_setup();
	portal_put_ready(&writer, 9);
	say();
	serve();
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Servers of tests on the loopback: the labelled fake of Azure (node), a
 * thread that answers with bytes of ours, whatever it is asked, and a name
 * service that knows some names.
 */
#ifndef TIDEMARK_TESTS_SYSTEM_FAKE_H
#define TIDEMARK_TESTS_SYSTEM_FAKE_H

#include "base/arena.h"
#include "model/target.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>

struct fake {
	int port;
};

/** Starts it with a scenario of tests/fake-azure/scenarios, or, if it begins with {, with that JSON. Asserts success. */
struct fake fake_start(const char *scenario);
void fake_stop(struct fake *fake);

/** az+http://127.0.0.1:PORT/ACCOUNT/CONTAINER. */
struct target fake_target(const struct fake *fake, const char *account_and_container, struct arena *arena);

struct raw_server {
	pthread_t thread;
	int socket, port;
	const char *answer;
	size_t length;
	int served;
};

/** Answers every connection's first request with these bytes and closes it. */
void raw_start(struct raw_server *server, const char *answer, size_t length);
void raw_stop(struct raw_server *server);

struct name_service {
	pthread_t thread;
	int socket, asked; /* asked is the thread's until it is stopped */
	struct sockaddr_in address;
	const char *const *known; /* NULL-ended: NOERROR without an address; all others are NXDOMAIN */
	int code;                 /* if not 0, the answer to everything; -1: none at all */
};

void name_service_start(struct name_service *service, const char *const *known, int code);
void name_service_stop(struct name_service *service);

#endif

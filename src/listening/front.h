/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The side of the strangers: connections of one door, what they ask, and what goes
 * back to them. The other side, listening.c, brings replies by the number of their
 * request.
 */
#ifndef TIDEMARK_LISTENING_FRONT_H
#define TIDEMARK_LISTENING_FRONT_H

#include "listening/visit.h"
#include "wire/portal-messages.h"

struct front {
	struct door_place place;
	int socket; /* to tidemark */
	int watch;  /* an epoll of connections that wait */
	struct MHD_Daemon *daemon;
	struct crowd *crowd;
	uint32_t connections; /* that there may be */
	struct visit *first[VISIT_STATE_COUNT], *last[VISIT_STATE_COUNT];
	struct visit *under_way[PORTAL_UNDER_WAY_MAX]; /* in no order */
	size_t under_way_count;
	uint64_t last_number;
	uint64_t figures[PORTAL_FIGURE_COUNT];
	bool is_draining;
	bool is_lost; /* tidemark is */
	struct wire_writer writer;
};

/** certificate and key: PEM as C strings, or NULL. The listening socket is the front's from then on. */
enum status front_start(struct front *front, int listening_socket, const char *certificate, const char *key,
                        struct failure *reterr) MUST_CHECK;
void front_stop(struct front *front);

/** Does what can be done now; the descriptor becomes readable when there is more. */
void front_run(struct front *front);
int front_descriptor(const struct front *front);
/** Milliseconds after which to run it all the same. */
int front_patience(const struct front *front);

/* What tidemark says of a request; of one that is over there is nothing to do. MALFORMED where it makes no sense. */
enum status front_reply(struct front *front, uint64_t number, const struct portal_reply *head) MUST_CHECK;
enum status front_body(struct front *front, uint64_t number, struct bytes piece) MUST_CHECK;
enum status front_end(struct front *front, uint64_t number, bool is_cut) MUST_CHECK;

/** Takes no more of anything; what is under way goes on. */
void front_drain(struct front *front);
/** Whether nothing is. */
bool front_is_quiet(const struct front *front);

#endif

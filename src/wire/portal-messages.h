/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tidemark and tidemark-portal say to each other over one socket.
 *
 *   tidemark                              tidemark-portal
 *   SETUP
 *   CERTIFICATE, KEY (+ sealed memory)
 *   SETUP_END                             READY (the port) or FAILED
 *                                         FIGURES? REQUEST
 *   REPLY, BODY*, END  or CUT             TOOK* or CANCEL
 *   DRAIN                                 (finishes what is under way, and ends)
 *
 * A request has a number, larger than all before it, and replies of several are
 * under way at once. TOOK tells how much of a body has left for the stranger: more
 * than PORTAL_WINDOW bytes of one are never sent beyond that. CANCEL says that the
 * stranger has gone, and may cross with the end of the reply. CUT ends a reply that
 * cannot be finished: the connection is closed, so that no part looks whole.
 */
#ifndef TIDEMARK_WIRE_PORTAL_MESSAGES_H
#define TIDEMARK_WIRE_PORTAL_MESSAGES_H

#include "model/portal-figure.h"
#include "model/portal.h"
#include "wire/permit.h"

enum portal_message {
	PORTAL_SETUP = 1,
	PORTAL_CERTIFICATE,
	PORTAL_KEY,
	PORTAL_SETUP_END,
	PORTAL_REPLY,
	PORTAL_BODY,
	PORTAL_END,
	PORTAL_CUT,
	PORTAL_DRAIN,
	PORTAL_READY = 32,
	PORTAL_FAILED,
	PORTAL_REQUEST,
	PORTAL_CANCEL,
	PORTAL_TOOK,
	PORTAL_TELLS_FIGURES,
};

/* What either side waits for. */
enum portal_state {
	/* tidemark, of the cell: */
	PORTAL_COMES_UP,
	PORTAL_HAS_FAILED, /* nothing */
	PORTAL_LISTENS,
	/* the cell, of tidemark: */
	PORTAL_AWAITS_SETUP,
	PORTAL_AWAITS_KEYS,
	PORTAL_SERVES,
	PORTAL_FINISHES, /* drained: replies still come */
	PORTAL_STATE_COUNT
};
extern const struct permit_table portal_permits;

enum {
	PORTAL_WINDOW = 128 << 10, /* bytes of a body sent and not taken */
	PORTAL_PIECE_MAX = WIRE_CHUNK,
	PORTAL_UNDER_WAY_MAX = 512,      /* requests of a cell without the end of their reply; more is answered 503 by it */
	PORTAL_PEM_MAX = 256 << 10,      /* bytes of a certificate's or key's file */
	PORTAL_CONNECTIONS_MAX = 100000, /* that a cell may be told to hold */
	PORTAL_URL_MAX = 512
};

struct portal_setup {
	enum portal_door door;
	struct bytes listen; /* "127.0.0.1:8900", "[::1]:0" */
	struct bytes url;    /* as people reach this door; empty: by its address alone */
	uint32_t connections, connections_per_address, requests_per_minute;
};

void portal_put_setup(struct wire_writer *writer, const struct portal_setup *setup);
enum status portal_get_setup(struct wire_reader *reader, struct portal_setup *ret_setup) MUST_CHECK;

/** CERTIFICATE or KEY: PEM of so many bytes, in the sealed memory beside it. */
void portal_put_pem(struct wire_writer *writer, enum portal_message type, uint32_t size);
enum status portal_get_pem(struct wire_reader *reader, uint32_t *ret_size) MUST_CHECK;

void portal_put_ready(struct wire_writer *writer, uint16_t port);
enum status portal_get_ready(struct wire_reader *reader, uint16_t *ret_port) MUST_CHECK;
void portal_put_failed(struct wire_writer *writer, struct bytes why);
enum status portal_get_failed(struct wire_reader *reader, struct bytes *ret_why) MUST_CHECK;

void portal_put_request(struct wire_writer *writer, const struct portal_request *request);
/** Texts borrow from the frame. MALFORMED also for a route of another door than it says, a session without token or the other
 *  way round, a parameter where the route has none, a field without a name or named twice. */
enum status portal_get_request(struct wire_reader *reader, struct portal_request *ret_request) MUST_CHECK;

void portal_put_reply(struct wire_writer *writer, uint64_t number, const struct portal_reply *reply);
/** MALFORMED where portal_reply_is_sound says no. */
enum status portal_get_reply(struct wire_reader *reader, uint64_t *ret_number, struct portal_reply *ret_reply) MUST_CHECK;

void portal_put_body(struct wire_writer *writer, uint64_t number, struct bytes piece);
enum status portal_get_body(struct wire_reader *reader, uint64_t *ret_number, struct bytes *ret_piece) MUST_CHECK;

void portal_put_took(struct wire_writer *writer, uint64_t number, uint32_t bytes);
enum status portal_get_took(struct wire_reader *reader, uint64_t *ret_number, uint32_t *ret_bytes) MUST_CHECK;

/** END, CUT or CANCEL. */
void portal_put_number(struct wire_writer *writer, enum portal_message type, uint64_t number);
enum status portal_get_number(struct wire_reader *reader, uint64_t *ret_number) MUST_CHECK;

void portal_put_figures(struct wire_writer *writer, const uint64_t figures[PORTAL_FIGURE_COUNT]);
enum status portal_get_figures(struct wire_reader *reader, uint64_t ret_figures[PORTAL_FIGURE_COUNT]) MUST_CHECK;

/** SETUP_END or DRAIN. */
void portal_put_empty(struct wire_writer *writer, enum portal_message type);

#endif

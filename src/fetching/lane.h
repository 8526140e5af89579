/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One lane's asking: which object, where its bytes go. And what all files of
 * fetching/ share. Private to this folder.
 */
#ifndef TIDEMARK_FETCHING_LANE_H
#define TIDEMARK_FETCHING_LANE_H

#include "base/digest.h"
#include "fetching/fetching.h"
#include "net/net.h"
#include "provider/folder.h"
#include "provider/provider.h"
#include "scope/scope.h"
#include "wire/fetch-messages.h"

#define FETCHING_LANES_MAX 256

struct lane {
	struct fetching *fetching;
	int socket;
	bool is_busy;
	struct arena arena; /* the object of the last GET */
	struct object object;
	struct object_part part; /* what is being asked for */
	bool is_window;
	uint64_t whole_max; /* a larger object is not held, but read by windows */
	uint64_t size;      /* of a windowed object */
	int memfd;          /* -1: none */
	struct digest *digest;
	uint64_t received;
	uint64_t told;        /* of received, by PROGRESS */
	int64_t told_at;      /* when that was, or when it was asked for */
	struct arena scratch; /* of the running call: its refusal */
	struct refusal refusal;
	struct terms asked_terms; /* those of the last attempt */
	enum status trouble;      /* of ours, while the body came */
};

struct fetching {
	int control, directory;
	struct arena arena; /* set-up: target, scope, credential */
	struct fetch_setup setup;
	struct target target;
	struct scope scope;
	struct credential credential;
	const struct provider *provider;
	struct terms terms;
	struct net *net;          /* NULL for a folder */
	struct folder_walk *walk; /* stands behind walk_cursor */
	struct buffer walk_cursor;
	struct buffer scope_text;
	bool is_listing;
	struct fetch_list list; /* the running listing; cursor in list_arena */
	struct arena list_arena;
	struct buffer marked_cursor; /* one that this listing led to */
	uint64_t pages;              /* since its beginning */
	struct refusal list_refusal;
	struct terms list_terms; /* those of its last attempt */
	struct lane lanes[FETCHING_LANES_MAX];
	size_t lane_count;
	unsigned char frame[WIRE_FRAME_MAX];
	struct wire_writer writer;
};

/** Whether the static site of the target's account may be asked. */
bool permit_site(const struct fetching *fetching);
/** For net: whether this may be sent. context: struct fetching. */
bool permit_request(void *context, const char *method, struct bytes url);

/** Starts or does what a lane asks; the answer goes to its socket, now or later. */
enum status web_get(struct lane *lane) MUST_CHECK;
enum status web_list(struct fetching *fetching) MUST_CHECK;
enum status web_probe(struct fetching *fetching, const struct fetch_probe *known) MUST_CHECK;
enum status tree_get(struct lane *lane) MUST_CHECK;
enum status tree_list(struct fetching *fetching) MUST_CHECK;

/** The memory a lane's bytes go to. */
enum status lane_open_memory(struct lane *lane) MUST_CHECK;
enum status lane_take(struct lane *lane, struct bytes piece) MUST_CHECK;
/** Bytes so far, of what takes long: whoever waits is told now and then. */
enum status lane_tell_progress(struct lane *lane, uint64_t received) MUST_CHECK;
/** Seals it and sends GOT or WINDOW. whole: every byte of the object came. */
enum status lane_answer(struct lane *lane, bool whole, const char *note) MUST_CHECK;
enum status lane_answer_windowed(struct lane *lane, uint64_t size, const unsigned char *sha256) MUST_CHECK;
enum status lane_answer_failed(struct lane *lane, enum status status, struct bytes why) MUST_CHECK;
void lane_close_memory(struct lane *lane);

/** Sends a page in as many frames as it takes. */
enum status fetching_send_page(struct fetching *fetching, const struct page *page) MUST_CHECK;
enum status fetching_send_failed(struct fetching *fetching, enum status status, struct bytes where, struct bytes why) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the head of a request, as the library that parses HTTP has cut it, to what is
 * handed on of it: who is asked for, by whom, in which language, from which page.
 * What could be read in two ways is refused: a body of two lengths, two hosts, a
 * host that is not ours.
 */
#ifndef TIDEMARK_LISTENING_HEAD_H
#define TIDEMARK_LISTENING_HEAD_H

#include "base/arena.h"
#include "listening/refusal.h"
#include "listening/route.h"
#include "model/portal.h"

/* What a door knows of itself. */
struct door_place {
	enum portal_door door;
	bool is_tls;
	struct bytes scheme, authority; /* as people reach it, by --url; empty: by its address alone */
	uint16_t port;                  /* it listens at */
};

/** "https://leak.example.com:8443" in two; false if it is no such URL. "" has both empty. */
bool door_place_read(struct bytes url, struct door_place *place);
/** Whether what ends TLS stands before it and passes strangers on, naming them in X-Forwarded-For. */
bool door_is_behind_proxy(const struct door_place *place);
const char *door_cookie_name(const struct door_place *place, bool is_secure);
/** Whether people reach it by https, here or at the proxy before it. */
bool door_is_secure(const struct door_place *place);

struct header {
	struct bytes name, value;
};

struct head {
	struct bytes method, target; /* "GET", "/answer?page=2" */
	struct bytes peer;           /* the address that connected */
	bool is_loopback;            /* that is */
	const struct header *headers;
	size_t header_count;
};

enum head_media { MEDIA_NONE, MEDIA_FORM, MEDIA_JSON, MEDIA_OTHER };

struct head_reading {
	struct portal_request request; /* its fields are those of the query; number 0 */
	const struct portal_asset *asset;
	struct bytes if_none_match;
	enum head_media media; /* of its body */
};

/** Reads it; what is kept lies in arena. The reading's request has wants_problem and language whatever is refused. */
struct refusal head_read(const struct door_place *place, const struct head *head, struct arena *arena,
                         struct head_reading *ret_reading);

/** Who asks, behind a proxy too: what limits of an address go by. Borrowed from head. */
struct bytes head_peer(const struct door_place *place, const struct head *head);

#endif

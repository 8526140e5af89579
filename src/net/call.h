/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of net: one call and its transfer.
 *
 *   WAITING --(due, admitted)--> RUNNING --reply--> OVER
 *      ^                            |
 *      +------ again, later --------+
 *
 * call.c decides, transfer.c speaks with curl, net.c owns the loop. Only
 * net.c frees calls, and only where no callback of curl is running.
 */
#ifndef TIDEMARK_NET_CALL_H
#define TIDEMARK_NET_CALL_H

#include "base/digest.h"
#include "net/governor.h"
#include "net/net.h"

#include <curl/curl.h>

#define CALL_HEADERS_MAX 128
#define CALL_REDIRECTS_MAX 5

enum call_state { CALL_WAITING, CALL_RUNNING, CALL_OVER };

struct call {
	struct call *next;
	struct net *net;
	uint64_t id;
	struct net_call is; /* as the caller gave it */
	struct governor *governor;
	enum call_state state;
	bool is_cancelled;
	int64_t due; /* WAITING: not before */
	/* this attempt */
	CURL *easy;
	struct curl_slist *sent_headers;
	struct arena arena; /* what word() made */
	struct request request;
	struct bytes url;                      /* asked now; after redirects another one */
	struct bytes left[CALL_REDIRECTS_MAX]; /* what redirected, in the arena */
	unsigned redirects;
	struct buffer head; /* raw header lines of the reply */
	struct header headers[CALL_HEADERS_MAX];
	struct reply reply;  /* status 0: no whole head yet */
	struct buffer body;  /* collected, or of a refusal */
	bool is_streaming;   /* this reply's body goes to take() */
	bool has_begun;      /* begin() knows of the body that is being received */
	uint64_t skip;       /* bytes to drop: the reply starts before where we are */
	enum status stopped; /* what a callback of ours ended the transfer with */
	size_t interim;      /* bytes of heads that were not the reply's */
	bool is_enough;      /* of a refusal's body */
	int64_t since;       /* RUNNING: when it was sent, or last got on */
	bool was_heard;      /* since heard was set */
	int64_t heard;       /* when something last came of it */
	int64_t sent, took;  /* its beginning; how long it was under way */
	/* over all attempts */
	unsigned attempts, other_attempts, resumptions, agains;
	int64_t allowed, held;    /* patience, and how much of it is spent until since */
	uint64_t marked;          /* bytes of the body when it last got on */
	unsigned busy_attempts;   /* since the account last answered somebody */
	uint64_t answered_before; /* the governor's count at our last busy reply */
	uint64_t received, received_before;
	uint64_t base, expected; /* of the streamed body: its start in the object; its length or UINT64_MAX */
	char etag[256];
	struct digest *digest; /* NULL: not checked */
	unsigned char wanted_md5[DIGEST_MD5_SIZE], first_md5[DIGEST_MD5_SIZE];
	bool has_wrong_md5, md5_differs;
	bool is_unanswered; /* a write that was sent, and nothing that is an answer came */
	enum status result; /* OVER; while WAITING, what the last attempt came to */
	uint64_t retry_after;
	char why[160];
};

/* ---- call.c ---- */

/** WAITING to RUNNING, or to OVER. */
void call_start(struct call *call);
/** The transfer ended with that curl code: to WAITING or OVER. */
void call_end_transfer(struct call *call, CURLcode code, const char *curl_says, int64_t now);
/** The head of a reply is whole: should its body come? Sets is_streaming. Called by transfer.c. */
enum status call_take_head(struct call *call);
/** A piece of body. */
enum status call_take_body(struct call *call, struct bytes piece);
/** Milliseconds it may still hold. */
int64_t call_patience(const struct call *call, int64_t now);
/** Milliseconds after which its silence is a fault. */
int64_t call_stall(struct call *call, int64_t now);
/** It held too long. */
void call_give_up(struct call *call, int64_t now);
/** Its account asked to be left alone for so many milliseconds: nobody need hear that twice. */
void call_leave_alone(struct call *call, int64_t pause);
void call_finish(struct call *call, enum status status, const char *why);
/** Frees what it holds, not the struct. */
void call_clear(struct call *call);

/* ---- transfer.c ---- */

/** A handle with everything set that all requests share; NULL when memory ended. */
CURL *transfer_new_handle(const struct net_settings *settings, const char *user_agent);
/** Gives call->request for call->url to its handle. secrets: whether they go along. */
enum status transfer_prepare(struct call *call, bool with_secrets) MUST_CHECK;
/** Location against url: absolute, dot segments resolved, no fragment; into arena. */
enum status transfer_resolve(struct bytes url, struct bytes location, struct arena *arena, struct bytes *ret_url) MUST_CHECK;

/* ---- net.c ---- */

struct net {
	struct net_settings settings;
	char *user_agent;
	CURLM *multi;
	struct call *calls; /* in the order they were added */
	struct call **end;
	size_t count;
	uint64_t last_id;
	struct governor *governors;
	CURL **idle;
	size_t idle_count;
	unsigned running;
	int64_t left;    /* patience of all calls together */
	int64_t counted; /* until when left is reckoned up */
	bool is_held;    /* what goes by now is a server's doing */
};

/** Nothing useful came for so long that nothing more is asked. */
bool net_is_spent(const struct net *net);

/** A handle to use, or NULL when memory ended; and back. */
CURL *net_take_handle(struct net *net);
void net_give_handle(struct net *net, CURL *handle);
uint64_t net_random(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP calls: one curl-multi loop in one thread, the only opener of outbound
 * sockets. A call is one question carried through to its end: worded anew for
 * every attempt, held back by its account's governor, retried while that makes
 * sense, resumed after a reset, followed through redirects that are in scope.
 *
 * A call that gets nowhere ends within patience, all calls together within twice
 * patience, whatever a server does meanwhile: what it sends by drops, what it
 * asks us to wait, and attempts in vain count alike. Our own rate does not.
 *
 * Invariants: nothing is sent that the allow callback did not permit, redirects
 * included; secrets of a request never follow a redirect; proxies of the
 * environment, .netrc, cookies, decompression and all protocols but http and
 * https are off; no body grows past its ceiling. Not for several threads.
 */
#ifndef TIDEMARK_NET_NET_H
#define TIDEMARK_NET_NET_H

#include "base/arena.h"
#include "base/buffer.h"
#include "net/message.h"

#include <poll.h>
#include <stdint.h>

struct net;

/* Strings must outlive the net. */
struct net_settings {
	const char *user_agent;         /* see net_user_agent */
	const char *proxy;              /* NULL: none, whatever the environment says */
	const char *ca_bundle;          /* NULL: curl's default */
	double rate;                    /* requests a second and account; 0: no limit */
	unsigned connections;           /* at once, and per account; 0: 32 */
	unsigned connect_milliseconds;  /* 0: 10,000 */
	unsigned stall_seconds;         /* of silence; 0: three quarters of patience, once a reply has begun 30 at most */
	unsigned busy_attempts;         /* when busy, while the account answers nobody else; 0: 8 */
	unsigned other_attempts;        /* on resets, time-outs and broken replies; 0: 4 */
	unsigned back_off_milliseconds; /* the first one; doubled up to 30 s, with jitter; 0: 500 */
	int64_t patience;               /* milliseconds, see base/patience.h; 0: PATIENCE_STANDARD */
	int64_t held;                   /* milliseconds without useful progress before this net was made */
	/** Asked before every request, and again for every redirect: may this be sent? url is absolute and without
	 *  secrets. Mandatory. */
	bool (*allow)(void *context, const char *method, struct bytes url);
	void *allow_context;
};

/** "tidemark/VERSION (+https://tidemark.invalid/; OPERATOR)"; operator may be empty. */
void net_user_agent(struct buffer *into, const char *version, struct bytes operator_name);

enum status net_new(const struct net_settings *settings, struct net **ret_net) MUST_CHECK;
/** Drops all calls without calling done. */
void net_free(struct net *net);

/** Where an attempt starts from. */
struct net_attempt {
	unsigned number;        /* 0 for the first */
	uint64_t received;      /* body bytes that take() already has: ask for what follows them */
	struct bytes etag;      /* of the reply they came from, without quotes, for If-Match; empty at first */
	const char *request_id; /* 36 letters (RFC 9562), new for each attempt */
	int64_t now;
};

/** What judge makes of a reply. */
enum net_judgement {
	NET_BY_STATUS, /* by its status: 2xx final; 429, 503 busy; 408, 500, 502, 504 passing; else final */
	NET_FINAL,     /* the answer, whatever its status; redirects with Location are then not followed */
	NET_BUSY,      /* slow down the account and ask again */
	NET_PASSING,   /* ask again a few times */
	NET_AGAIN      /* word it anew at once (another version, another region); at most 8 times */
};

struct net_outcome {
	/* OK: a final reply came, which may be a refusal: see reply. Otherwise: UNREACHABLE, TIMED_OUT, TRUNCATED, BUSY
	 * (in the end; reply is the last one), REDIRECTED (out of scope, or in circles), CHANGED (another etag),
	 * TOO_LARGE (the ceiling), MALFORMED (not HTTP), DENIED (not in scope: nothing was sent), or what word, begin
	 * or take returned. */
	enum status status;
	struct reply reply; /* the last one; status 0 if there was none. Good during done() only */
	struct bytes url;   /* last asked, after redirects; without secrets */
	uint64_t received;  /* body bytes, over all attempts */
	unsigned attempts;
	int64_t milliseconds; /* the last attempt took */
	uint64_t retry_after; /* seconds it asked us to wait, which is why the call ended; 0: it did not */
	bool is_unanswered;   /* of a write: it was sent, and whether it was carried out is not known */
	bool md5_differs;     /* a whole body came twice alike, yet not as its Content-MD5 says */
	char why[160];        /* for a person; empty if status is OK */
};

struct net_call {
	void *context;
	/** Who is slowed down together: the account, as "azure:contoso". Copied. */
	struct bytes governor;
	/** Words the request of this attempt (and signs it); its bytes go into arena. Any status but OK ends the call. */
	enum status (*word)(void *context, const struct net_attempt *attempt, struct arena *arena, struct request *ret_request);
	/** May be NULL: all by status. Called when a reply is whole; not for 2xx replies whose body is streamed. */
	enum net_judgement (*judge)(void *context, const struct reply *reply);
	/** Status and headers of a 2xx reply to a streamed call came, its first byte follows. Not called when an attempt
	 *  resumes; called anew when one starts from its beginning. May be NULL. Any status but OK ends the call. */
	enum status (*begin)(void *context, const struct reply *reply);
	/** Streams a 2xx body; NULL: the body is collected into outcome->reply.body. Any status but OK ends the call. */
	enum status (*take)(void *context, struct bytes piece);
	/** The body starts over from its first byte (its MD5 was wrong). NULL: it cannot, MD5 is not tried again. */
	void (*restart)(void *context);
	/** Always the last thing that is called. It may add and cancel calls. */
	void (*done)(void *context, const struct net_outcome *outcome);
	uint64_t body_ceiling; /* bytes; past it the call ends TOO_LARGE. 0: 1 MiB */
	bool check_md5;        /* of 200 replies with Content-MD5: they are the whole of it */
	/** It changes something: not to be repeated once it was sent and nobody knows what came of it. Then the call ends, with
	 *  is_unanswered, for its caller to look. Busy replies were not carried out and are asked again as ever. Redirects are
	 *  not followed. */
	bool is_write;
};

/** Takes the call over (the struct is copied); it starts within net_wait. *ret_id (may be NULL) names it for
 *  net_cancel, never 0. May be called in any callback. */
enum status net_add(struct net *net, const struct net_call *call, uint64_t *ret_id) MUST_CHECK;
/** Ends a call without done(); an id that is over is ignored. */
void net_cancel(struct net *net, uint64_t id);
/** Something useful came: the target has all its patience again. 64 KiB of a streamed body say so themselves. */
void net_note_progress(struct net *net);
/** Calls not done yet. */
size_t net_count(const struct net *net);

/** Carries the calls on: waits until something happened on a call or on one of the caller's own descriptors (poll's
 *  events and revents), at most milliseconds (-1: as long as it takes), runs whatever callbacks are due, and returns.
 *  With no calls it is poll. BROKEN if the loop itself failed; INTERRUPTED never: a signal just returns early. */
enum status net_wait(struct net *net, struct pollfd *extra, size_t extra_count, int milliseconds) MUST_CHECK;

/** One call to its end, others going on meanwhile. */
enum status net_perform(struct net *net, const struct net_call *call) MUST_CHECK;

#endif

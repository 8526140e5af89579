/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request of HTTP and its reply, bounded in time and bytes, without anything
 * beside: no retries, no redirects, no cookies, no proxy, nothing decompressed.
 * Where addresses are given it connects to those and looks up no name, so that
 * who checked them cannot be led elsewhere by a second answer.
 */
#ifndef TIDEMARK_NET_EXCHANGE_H
#define TIDEMARK_NET_EXCHANGE_H

#include "base/buffer.h"
#include "model/network.h"
#include "net/message.h"

/* Who is asked, of a URL. */
struct web_place {
	bool is_https;
	char host[256]; /* in lower case, without brackets or a final dot */
	uint16_t port;
};

/** False for what is no http or https URL, names a user, or has a host of other than ASCII's letters, digits, hyphens,
 *  underscores, dots and an address's colons. */
bool web_place_read(struct bytes url, struct web_place *ret_place);

struct exchange {
	const char *method; /* "GET" or "POST", static */
	struct bytes url;
	const struct ip_address *addresses; /* none: the system's name service is asked */
	size_t address_count;
	const struct header *headers;
	size_t header_count;
	struct bytes body;        /* of POST */
	struct bytes authorities; /* PEM, trusted instead of the system's; empty: the system's */
	const char *user_agent;
	size_t reply_max;     /* bytes of its body */
	int64_t milliseconds; /* for all of it */
};

enum exchange_end {
	EXCHANGE_REPLIED,
	EXCHANGE_NO_ADDRESS,
	EXCHANGE_NO_CONNECTION,
	EXCHANGE_CERTIFICATE,
	EXCHANGE_NO_SENSE, /* neither TLS nor HTTP, or it broke off */
	EXCHANGE_TOO_LARGE,
	EXCHANGE_TIMED_OUT
};

struct exchange_outcome {
	enum exchange_end end;
	bool was_sent;          /* some of the request at least */
	unsigned status;        /* of the reply, whole or not; 0: none */
	struct buffer body;     /* the caller's to free, as is location */
	struct buffer location; /* where a redirect leads, absolute; empty: it is none */
	char why[160];          /* for a person; empty if there is a reply */
};

/** NO_MEMORY or BROKEN where nothing could be tried. */
enum status exchange_perform(const struct exchange *exchange, struct exchange_outcome *ret_outcome) MUST_CHECK;
void exchange_free(struct exchange_outcome *outcome);

/** The authorities of TLS that the system has, as libcurl was built to find them: ABSENT if there are none. To be called while
 *  files can be opened. */
enum status exchange_read_authorities(struct buffer *into) MUST_CHECK;

/** Wakes libraries that look at files when they are first used. */
enum status exchange_prepare(void) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request and a reply of HTTP as plain data. What proves who asks is kept
 * apart from what is asked: a URL here never holds a signature, and the two
 * secret members are sent with the first hop only, never along a redirect,
 * never shown, never stored.
 */
#ifndef TIDEMARK_NET_MESSAGE_H
#define TIDEMARK_NET_MESSAGE_H

#include "base/bytes.h"
#include "base/status.h"

#define REQUEST_HEADERS_MAX 16

struct header {
	struct bytes name, value;
};

struct request {
	const char *method; /* "GET", "HEAD", "PUT", "POST", "PATCH" or "DELETE", static */
	struct bytes url;   /* absolute, percent-encoded, without fragment */
	struct header headers[REQUEST_HEADERS_MAX];
	size_t header_count;
	struct bytes body;          /* of PUT, POST and PATCH; sent with the first hop only */
	struct bytes authorization; /* secret: the value of Authorization; may be empty */
	struct bytes secret_query;  /* secret: put behind the URL's query, as sv=...&sig=...; may be empty */
};

struct reply {
	unsigned status;
	const struct header *headers;
	size_t header_count;
	struct bytes body; /* collected bodies and refusals; empty where the body was streamed */
};

/** Asserts that there is room; name and value must outlive the request. */
void request_add_header(struct request *request, const char *name, struct bytes value);

/** The value of the first header of that name, in any case; empty if there is none. */
struct bytes reply_header(const struct reply *reply, const char *name);

/** Content-Range (RFC 9110 14.4): "bytes 0-99/1234". False if the reply has none or it makes no sense;
 *  *ret_total is UINT64_MAX for an unknown total. */
bool reply_content_range(const struct reply *reply, uint64_t *ret_first, uint64_t *ret_last, uint64_t *ret_total);

#endif

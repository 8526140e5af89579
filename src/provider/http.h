/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What requests and replies of every provider of the web kind have in common
 * (RFC 9110): hosts and parameters of URLs, ranges, conditions; what heads tell
 * of an object; what a bare status means.
 */
#ifndef TIDEMARK_PROVIDER_HTTP_H
#define TIDEMARK_PROVIDER_HTTP_H

#include "base/buffer.h"
#include "provider/provider.h"

#define HTTP_URL_MAX (64 * 1024)

/* ---- wording ---- */

/** SCHEME://HOST, with the port if it is not the scheme's usual one. */
void http_append_host(struct buffer *url, const struct target *target);
/** &name=value, the value encoded. */
void http_append_parameter(struct buffer *url, const char *name, struct bytes value);

/** The request for a URL, which is moved into the arena and freed, whatever comes of it. TOO_LARGE, NO_MEMORY. */
enum status http_request(struct buffer *url, const char *method, struct arena *arena, struct request *ret_request) MUST_CHECK;
/** Range for a part that is not the whole. NO_MEMORY. */
enum status http_add_range(struct request *request, const struct object_part *part, struct arena *arena) MUST_CHECK;
/** If-Match, if there is an etag (without quotes). NO_MEMORY. */
enum status http_add_condition(struct request *request, struct bytes etag, struct arena *arena) MUST_CHECK;

/** Whether a name has segments that clients and servers take out of a path: it cannot be asked for by URL. */
bool http_has_dot_segment(struct bytes name);

/* ---- reading ---- */

/** An etag as listings write it; headers have quotes around it. */
struct bytes http_without_quotes(struct bytes etag);

/** Size, time and etag of an object, from Content-Range or Content-Length, Last-Modified and ETag: each becomes object's
 *  only if it is told; bytes lie in arena. NO_MEMORY is its only failure. */
enum status http_read_head(const struct reply *reply, struct arena *arena, struct object *object) MUST_CHECK;
/** An MD5 in base64, or empty if text is none; in arena. NO_MEMORY. */
enum status http_read_md5(struct bytes text, struct arena *arena, struct bytes *ret_md5) MUST_CHECK;

struct http_meaning {
	enum refusal_reason reason;
	enum status status;
};

/** What a status other than 2xx means where no word of the provider says more. */
struct http_meaning http_mean(unsigned status);

#endif

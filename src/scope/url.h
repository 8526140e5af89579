/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A URL taken apart (RFC 3986 3), strictly: what two readers could read
 * differently is refused. All parts point into the URL given, still encoded.
 */
#ifndef TIDEMARK_SCOPE_URL_H
#define TIDEMARK_SCOPE_URL_H

#include "base/bytes.h"

#define URL_LENGTH_MAX 32768
#define URL_HOST_MAX 256

struct url {
	struct bytes scheme;     /* as written, without :// */
	struct bytes host_text;  /* as written */
	char host[URL_HOST_MAX]; /* lower case, no final dot; an IPv6 address in its shortest form in brackets */
	uint16_t port;           /* 0: none written */
	struct bytes path;       /* with its leading slash; may be empty */
	struct bytes query;      /* without its question mark; may be empty */
	bool has_query, has_fragment, has_user;
};

enum url_rules {
	URL_STRICT,  /* as it goes over a wire */
	URL_WRITTEN, /* as a person writes it: blanks and any UTF-8 in its path */
	URL_PATTERN  /* likewise, with * for parts of the host or the port (0: any) */
};

/** False if it is no URL with a host, or holds bytes its rules do not allow. has_user is reported, not refused, so that
 *  the caller can say why. */
bool url_split(struct bytes text, enum url_rules rules, struct url *ret_url);

/** 443 for https, 80 for http, also behind a plus ("az+http"), else 0. */
uint16_t url_default_port(struct bytes scheme);

/** 127.0.0.0/8 in its usual form, [::1] or localhost. */
bool url_host_is_loopback(const char *host);

#endif

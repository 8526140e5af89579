/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which part of which container a URL asks for, read as strictly as can be: a
 * URL that two servers could read differently has no place. What host, path
 * and query mean is the provider's to say (address.h).
 */
#ifndef TIDEMARK_SCOPE_PLACE_H
#define TIDEMARK_SCOPE_PLACE_H

#include "model/object.h"
#include "scope/url.h"

#define PLACE_PATH_MAX 16384

enum place_kind {
	PLACE_CONTAINER, /* its properties or access list: no names, no contents */
	PLACE_LIST,      /* names that begin with path */
	PLACE_OBJECT     /* the object path */
};

struct address;

struct place {
	enum provider_kind provider;
	enum place_kind kind;
	bool is_https;
	uint16_t port;
	char host[URL_HOST_MAX];         /* as asked */
	char primary_host[URL_HOST_MAX]; /* of several for the same data, the one that stands for them */
	bool is_path_style;
	struct bytes account; /* path style: the first segment, else empty */
	struct bytes container;
	struct bytes path; /* decoded, dot segments resolved */
	unsigned char decoded[PLACE_PATH_MAX];
	unsigned char prefix[PLACE_PATH_MAX];
};

/** As that provider reads it. False: no place, so never in scope. account, container and path point into the place: do
 *  not copy it. */
bool place_locate(struct bytes url, const struct address *address, struct place *ret_place);

/** Decoded once, into memory of a place. False if that does not hold it, or it holds a NUL. */
bool place_decode(struct bytes encoded, unsigned char into[PLACE_PATH_MAX], struct bytes *ret_decoded);

#endif

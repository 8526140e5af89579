/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How one provider's containers are named: in the targets that a person
 * writes, in the patterns of a scope file, in URLs as they go over a wire. One
 * file per provider, its const struct on top; its name in meson.build
 * registers it. What is the same for all is read by target.c, pattern.c and
 * place.c, which call these.
 */
#ifndef TIDEMARK_SCOPE_ADDRESS_H
#define TIDEMARK_SCOPE_ADDRESS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/target.h"
#include "scope/pattern.h"
#include "scope/place.h"
#include "scope/url.h"

/** A target as far as it is read. */
struct address_reading {
	const struct url *url;
	struct arena *arena; /* all of the target lies there */
	struct target *target;
	const char *why; /* it is refused; static */
};

struct address {
	enum provider_kind provider;
	const char *title;          /* for a person */
	const char *const *schemes; /* of its own, in lower case; ended by NULL */
	const char *const *proofs;  /* parameters that prove a right, in lower case; ended by NULL */
	/* What follows is NULL where targets are recognised, but not swept by this version: a pattern of it covers nothing,
	 * a URL has no place. */
	const char *example;        /* "az://ACCOUNT/CONTAINER" */
	const char *custom_example; /* likewise, at an endpoint of one's own */
	/** Whatever has one of its schemes, and the web addresses of its hosts; no user, no fragment. USAGE with why. */
	enum status (*read_target)(struct address_reading *reading);
	/** A container, so that read_target reads the same one. */
	void (*append_target)(const struct container *container, struct buffer *into);
	/** Likewise, with stars. is_any_port: url->port 0 stands for all. USAGE: no form of this provider. */
	enum status (*read_pattern)(const struct url *url, bool is_any_port, struct arena *arena, struct pattern *pattern);
	/** The rest of a place whose host, port and scheme stand: hosts of its own and, read as an endpoint of one's own,
	 *  nobody's. path: decoded, without dot segments. False: no place of it. */
	bool (*locate)(const struct url *url, struct bytes path, struct place *place);
};

/** Generated: every provider, ended by NULL. */
extern const struct address *const address_registry[];

/** Whose scheme, or else whose host it is; NULL: nobody's. */
const struct address *address_of_url(const struct url *url);

/** Refuses a target: why is static. */
enum status address_refuse(struct address_reading *reading, const char *why);

/** Takes one segment off a path that may begin with a slash; it is still as it was. */
struct bytes address_take_segment(struct bytes *path);

/** [CONTAINER[/PREFIX]] of a pattern, decoded; what is not there covers everything. NO_MEMORY. */
enum status address_read_pattern_path(struct bytes path, struct arena *arena, struct pattern *pattern) MUST_CHECK;
/** A part of a pattern that is not there covers everything. */
struct bytes address_or_any(struct bytes part);

/** "az://ACCOUNT/CONTAINER, ...": the examples of all that are swept, or those for endpoints of one's own. */
void address_append_examples(struct buffer *into, bool is_custom);

#endif

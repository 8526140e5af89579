/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be touched, and on whose authority. A URL is in scope if it lies
 * within a target of this run (same scheme, http rising to https; host, port,
 * account, container, prefix) or within an allow entry, and within no deny
 * entry. Loopback is no exception. It is compared after percent-decoding and
 * removing dot segments; what is ambiguous is out. Only GET and HEAD, only
 * requests of a container or an object, never of a whole account.
 *
 * The scope file (YAML):
 *   allow:
 *     - target: az://contoso/backup-*      globs: one star within a name, two across slashes
 *       authority: order of 2022-08-01, J. Doe
 *       depth: full                        names, peek or full
 *   deny:
 *     - az://contoso/payroll/private/      a bare pattern, or target: as above
 */
#ifndef TIDEMARK_SCOPE_SCOPE_H
#define TIDEMARK_SCOPE_SCOPE_H

#include "base/arena.h"
#include "model/target.h"

#define SCOPE_ROWS_MAX 100000
#define SCOPE_TEXT_MAX 4096 /* of an authority */

enum depth { DEPTH_UNSET = 0, DEPTH_NAMES, DEPTH_PEEK, DEPTH_FULL };

const char *depth_name(enum depth depth);
/** DEPTH_UNSET if there is none of that name. */
enum depth depth_from_name(struct bytes name);

struct scope_row;
struct scope {
	struct arena *arena;                      /* all of it lies there */
	struct scope_row *allow, *deny, *targets; /* lists, in the order given */
};

/** A scope that allows nothing yet. */
struct scope scope_new(struct arena *arena);

/** Adds the rows of a scope file. USAGE with the line; name: what reterr->where says. */
enum status scope_read(struct scope *scope, struct bytes yaml, const char *name, struct failure *reterr) MUST_CHECK;

/** Adds a target of this run. USAGE if a deny entry covers it. */
enum status scope_add_target(struct scope *scope, const struct target *target, struct failure *reterr) MUST_CHECK;

/** Whether that may be sent. url without our secrets; one that carries a signature or a password is out. */
bool scope_allows_url(const struct scope *scope, const char *method, struct bytes url);

/** Whether the objects of another container of the target's account may be asked for at hosts of their own (a static site's):
 *  an allow entry covers the container, and no deny entry does. */
bool scope_allows_site(const struct scope *scope, const struct target *target, const char *container);

/** Whether an object of a target in scope may be read: no deny entry covers it. A listing may tell of objects that
 *  may not be. */
bool scope_allows_object(const struct scope *scope, const struct target *target, struct bytes object_name);

/** The ports of TCP at which there is anything that may be asked, each once, in rising order; in arena. NULL: at any. */
enum status scope_list_ports(const struct scope *scope, struct arena *arena, const uint16_t **ret_ports,
                             size_t *ret_count) MUST_CHECK;

/** The first allow entry that covers the whole target and gives an authority: its text and depth. False if none. */
bool scope_find_authority(const struct scope *scope, const struct target *target, struct bytes *ret_authority,
                          enum depth *ret_depth);

#endif

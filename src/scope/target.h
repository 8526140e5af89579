/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person writes for a target, made into a struct target. All written
 * forms of one container give the same container, and so the same ids:
 * file:///DIR, a path that exists, and what each provider's file beside this
 * one lists at its head (address.h).
 * Names are percent-decoded. A query is refused, but for the one of a pasted
 * listing (restype, comp, prefix). Expanding - and @FILE is the command line's.
 */
#ifndef TIDEMARK_SCOPE_TARGET_H
#define TIDEMARK_SCOPE_TARGET_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/target.h"

/** All its bytes go into arena. USAGE: not a target, or it carries a signature or a password (which reterr never
 *  shows); UNSUPPORTED: of a provider this version does not sweep; ABSENT: a folder that is not there; NO_MEMORY. */
enum status target_parse(struct bytes written, struct arena *arena, struct target *ret_target, struct failure *reterr) MUST_CHECK;

/** The same of what was swept once: a folder need not be there any more, if the one it lay in is. */
enum status target_parse_gone(struct bytes written, struct arena *arena, struct target *ret_target,
                              struct failure *reterr) MUST_CHECK;

/** A container, and a target, as target_parse reads the same one again: az://ACCOUNT/CONTAINER, az+http://HOST:PORT/ACCOUNT/CONTAINER,
 *  a folder's path. */
void target_append_container(const struct container *container, struct buffer *into);
void target_append(const struct target *target, struct buffer *into);

/** The container's URL and the prefix, as a person may open or paste it; in arena. */
enum status target_url(const struct target *target, struct arena *arena, struct bytes *ret_url) MUST_CHECK;

/** Whether a stranger needs authority to read contents there: all but loopback and folders. */
bool target_needs_authority(const struct target *target);

/** Whether a query or URL carries what proves a right: sig=, X-Amz-Signature=, and their kin. */
bool target_carries_signature(struct bytes url);

#endif

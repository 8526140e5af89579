/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a subject can be proved by, and what that proves. Pure but for verify_needs_decision,
 * which asks the incident, and is asked only after something was shown.
 *
 *   - A domain as registered is proved by a record, a file, or a code to one of four role
 *     addresses; it covers what lies below it, never its parent, a public suffix or a
 *     look-alike. Who proves a host below a domain, or a suffix, has proved that alone, and
 *     of that nothing is known.
 *   - An address is proved by a code sent to it.
 *   - An invitation proves what the operator made it for.
 *   - Providers of mail and of space for anybody are no owners of what their users have:
 *     nothing but the operator's word makes such a domain a subject.
 */
#ifndef TIDEMARK_GATE_VERIFY_H
#define TIDEMARK_GATE_VERIFY_H

#include "answer/subject.h"
#include "base/buffer.h"
#include "catalog/catalog.h"
#include "model/proof.h"

/* Mailboxes of a domain that a code may go to. */
extern const char *const verify_mailboxes[]; /* ended by NULL; the first is used where none is named */
bool verify_is_mailbox(struct bytes name);

/** Whether that method can ever show that the subject is somebody's; the same words are told whether or not. */
bool verify_is_provable(const struct subject *subject, enum proof_method method);
/** Whether the domain is a provider's, whose users are not its own. */
bool verify_is_providers(const struct subject *subject);
/** The subject's domain: itself, or what stands behind the address's @. */
struct bytes verify_domain(const struct subject *subject);
/** Appends the registrable domain it lies in; false if there is none. */
bool verify_registered_domain(const struct subject *subject, struct buffer *into);

/* Evidence of a domain older than this may be of whoever had it before. */
enum { VERIFY_YEARS = 2 };

/** Whether what was shown might prove too much, so that the operator decides. */
enum status verify_needs_decision(struct catalog *catalog, struct incident *incident, const struct subject *subject,
                                  enum proof_method method, int64_t now, bool *ret_needs, struct failure *reterr) MUST_CHECK;

/* ---- instructions ---- */

struct verify_record {
	struct bytes name, value; /* what to publish and where; empty for mail and invitation */
	struct bytes text;        /* in words */
};
/** In arena. The words are the same for every domain, and for every address. */
enum status verify_instruct(const struct subject *subject, enum proof_method method, const char *token, struct bytes mailbox,
                            bool is_german, struct arena *arena, struct verify_record *ret_record) MUST_CHECK;

#endif

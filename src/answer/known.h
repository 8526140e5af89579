/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an incident knows of a container, for who probes it: names of objects to
 * ask for, and signatures that its documents hold. A signature opens what it is
 * for to whoever has it: it is told, and never used, nor kept anywhere.
 */
#ifndef TIDEMARK_ANSWER_KNOWN_H
#define TIDEMARK_ANSWER_KNOWN_H

#include "base/arena.h"
#include "base/json.h"
#include "catalog/questions.h"
#include "model/target.h"

#define KNOWN_NAMES_MAX 4
#define KNOWN_SIGNATURES_MAX 100

/* A shared access signature as its URL says it; what it does not say is empty. */
struct known_signature {
	struct bytes url;                                     /* of what it stands behind, without it */
	struct bytes permissions, resource, services, policy; /* sp; sr, or an account's srt; ss; si */
	struct bytes starts, expires;                         /* as written */
	bool is_of_account, is_expired, is_by_user;           /* is_by_user: signed by a user's delegated key */
	struct id document;
	struct bytes path; /* of that document */
};

struct known {
	struct bytes names[KNOWN_NAMES_MAX];
	size_t name_count;
	struct known_signature *signatures;
	size_t signature_count;
	bool has_more; /* signatures, than are told */
};

/** All of it lies in arena. now: which of the signatures have expired. */
enum status known_find(struct incident *incident, const struct target *target, int64_t now, struct arena *arena,
                       struct known *ret_known, struct failure *reterr) MUST_CHECK;

/** The member "signatures": an array; known NULL: null, nobody looked. */
void known_write_signatures(const struct known *known, const struct target *target, struct json_writer *json);

/** A sentence on those that have not expired; nothing where there is none. */
void known_append_advice(const struct known *known, struct buffer *into);

#endif

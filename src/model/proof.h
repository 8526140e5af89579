/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How somebody shows that a subject is theirs: by which method, how far it came, and
 * what of it stands on record. Numbers are stored in catalogs: append only.
 */
#ifndef TIDEMARK_MODEL_PROOF_H
#define TIDEMARK_MODEL_PROOF_H

#include "base/bytes.h"
#include "base/status.h"

enum proof_method { PROOF_DNS = 1, PROOF_HTTP, PROOF_MAIL, PROOF_INVITATION, PROOF_METHOD_END };

/*
 *   OPEN ──seen──> PROVED                 a token was given, once
 *    │ └──seen, and it might prove too much──> WAITING ──the operator──> GRANTED ──its asker──> PROVED
 *    │                                            └────────────────────> REFUSED
 *    ├── a newer one of its asker ──> REPLACED
 *    └── too many wrong codes ──> ENDED
 *
 * Any is over at its expiry; WAITING and GRANTED last longer than OPEN.
 */
enum challenge_state {
	CHALLENGE_OPEN = 1,
	CHALLENGE_WAITING,
	CHALLENGE_GRANTED,
	CHALLENGE_PROVED,
	CHALLENGE_REPLACED,
	CHALLENGE_REFUSED,
	CHALLENGE_ENDED
};

/* What happened that a subject may see in "who asked": time, method, this, and the network. */
enum asked_result {
	ASKED_STARTED = 1, /* somebody began to prove it */
	ASKED_NOT_PROVED,  /* and could not show it yet */
	ASKED_WRONG_CODE,
	ASKED_WAITING, /* shown, and the operator is to decide */
	ASKED_REFUSED, /* by the operator */
	ASKED_PROVED,
	ASKED_ANSWERED, /* read the answer */
	ASKED_READ,     /* read who asked */
	ASKED_APPEALED,
	ASKED_INVITED,  /* the operator made an invitation */
	ASKED_HELPDESK, /* the operator read the answer to somebody */
	ASKED_REVOKED,
	ASKED_GRANTED, /* by the operator: the next check proves it */
	ASKED_RESULT_END
};

enum appeal_kind { APPEAL_NOT_OURS = 1, APPEAL_OURS_TOO, APPEAL_OTHER, APPEAL_KIND_END };
enum appeal_state { APPEAL_OPEN = 1, APPEAL_GRANTED, APPEAL_REFUSED };

/* Names as the interface has them; of a name none has: _END. */
const char *proof_method_name(enum proof_method method);
enum proof_method proof_method_of(struct bytes name);
const char *asked_result_name(enum asked_result result);
const char *appeal_kind_name(enum appeal_kind kind);
const char *appeal_state_name(enum appeal_state state);
enum appeal_kind appeal_kind_of(struct bytes name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a proof looks like, and wording what was made of it. */
#ifndef TIDEMARK_PROVING_VERDICT_H
#define TIDEMARK_PROVING_VERDICT_H

#include "wire/prove-messages.h"

/* Before the token, in a record and on a page. */
#define VERDICT_PROOF "tidemark-proof="

static inline void verdict_refuse(struct prove_answer *answer, enum prove_reason reason)
{
	answer->verdict = PROVE_REFUSED;
	answer->reason = reason;
}

static inline void verdict_give_up(struct prove_answer *answer, enum prove_reason reason)
{
	answer->verdict = PROVE_UNREACHABLE;
	answer->reason = reason;
}

/** SEEN, SEEN_WRONG, or NOT_SEEN where text is no proof at all. */
static inline enum prove_verdict verdict_on(struct bytes text, struct bytes token)
{
	const struct bytes before = BYTES_LITERAL(VERDICT_PROOF);
	text = bytes_trim(text);
	if (!bytes_start_with(text, before))
		return PROVE_NOT_SEEN;
	return bytes_equal(bytes_from(text, before.len), token) ? PROVE_SEEN : PROVE_SEEN_WRONG;
}

#endif

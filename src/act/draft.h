/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form for an authority, filled from the ledger: each field with what it rests
 * on, and what nobody here can know marked as unknown. It is a draft: whoever
 * signs it answers for it. Made again later it is the update that says more.
 */
#ifndef TIDEMARK_ACT_DRAFT_H
#define TIDEMARK_ACT_DRAFT_H

#include "act/duties.h"

struct draft_field {
	const char *name, *label; /* as in JSON; for eyes */
	const char *article;      /* which asks for it; NULL: none was read */
	struct bytes value;       /* empty: unknown */
	struct bytes basis;       /* what it rests on, or who has to say it */
};

/** Calls each per field, in order. */
enum status draft_each(struct incident *incident, const struct regime *regime, const struct duty_facts *facts,
                       enum status (*each)(void *context, const struct draft_field *field), void *context,
                       struct failure *reterr) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that were kept are looked through again: which of them, by which rules,
 * and what came of each. All bytes are borrowed until the call they are passed
 * to returns, unless said.
 */
#ifndef TIDEMARK_MODEL_RENEWAL_H
#define TIDEMARK_MODEL_RENEWAL_H

#include "model/document-class.h"
#include "model/sweep.h"

/* Live documents whose contents were read by known formats and are kept whole; of those, what these members ask for. What the
 * rules have looked through already is passed over. Borrowed until the renewal ends. */
struct renewal_plan {
	struct bytes detection;             /* the rules, as in struct sweep_plan's rules_version behind formats and a point */
	uint64_t kinds;                     /* of findings that they look for */
	struct bytes formats;               /* read by these; empty: by whichever */
	const struct sweep_target *targets; /* that stand in one of these; none: anywhere */
	size_t target_count;
	enum document_class class;                              /* of that class; CLASS_NONE: of any */
	bool (*wants)(void *context, struct bytes object_name); /* of an object of such a name; NULL: of any */
	void *context;
	sweep_owners *owners_of_place; /* as of a sweep */
};

/* What came of one content. */
struct renewed {
	unsigned char content_key[32];
	const struct document_record *record; /* all that is to be kept of it */
	bool is_starred;                      /* its text, title or author show less than those that were kept */
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a stranger may do with one target, as members of an object and in words: an item of the answer of tidemark probe. */
#ifndef TIDEMARK_ANSWER_PROBED_H
#define TIDEMARK_ANSWER_PROBED_H

#include "answer/known.h"
#include "base/json.h"
#include "model/verdict.h"

struct probed {
	const char *written; /* as the person wrote it */
	const struct target *target;
	const char *url; /* of container and prefix, without query */
	const struct verdict *verdict;
	const struct known *known; /* what an incident knows of it; NULL: nobody looked */
};

void probed_write(const struct probed *probed, struct json_writer *json);

/** What the verdict means, in a sentence without its full stop. */
const char *probed_meaning(const struct verdict *verdict);
/** Appends what to do: the verdict's advice, what an incident knows, and the commands. */
void probed_append_advice(struct buffer *into, const struct probed *probed);
/** Appends a sentence on the target, and what to do. */
void probed_append_message(struct buffer *into, const struct probed *probed);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What its owner types to shut a door: the exact command of the Azure CLI, quoted for a shell. */
#ifndef TIDEMARK_ANSWER_REMEDY_H
#define TIDEMARK_ANSWER_REMEDY_H

#include "base/buffer.h"
#include "model/verdict.h"

#define REMEDY_MAX 2

/** The nth command against what a verdict found open, from 0; false, and nothing appended, past the last. */
bool remedy_append(struct buffer *into, const struct target *target, const struct verdict *verdict, size_t nth);

/** The command that revokes a signature: by its stored access policy where it names one, else by the key it was made with. */
void remedy_append_for_signature(struct buffer *into, const struct target *target, struct bytes policy, bool is_by_user);

#endif

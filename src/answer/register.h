/* SPDX-License-Identifier: Apache-2.0 */
/* An organisation of the register, as members of an object: an item of the answer of tidemark register list. */
#ifndef TIDEMARK_ANSWER_REGISTER_H
#define TIDEMARK_ANSWER_REGISTER_H

#include "base/json.h"
#include "model/register.h"

void register_write_row(const struct register_row *row, struct json_writer *json);

/** The terms of a kind, "; " between two. */
void register_append_terms(const struct register_row *row, enum register_term_kind kind, struct buffer *into);

#endif

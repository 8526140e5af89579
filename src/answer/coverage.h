/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an answer about kinds of findings says of itself: whether anybody looked
 * for them, and how many documents were not looked through.
 */
#ifndef TIDEMARK_ANSWER_COVERAGE_H
#define TIDEMARK_ANSWER_COVERAGE_H

#include "base/buffer.h"
#include "base/json.h"
#include "model/coverage.h"

/** The members looked_for and not_looked_through. kinds: a set; of several, those that were looked for least. Empty: the answer
 *  is about none, and not_looked_through is null. */
void coverage_write(const struct coverage *coverage, uint64_t kinds, struct json_writer *json);
/** The second alone. */
void coverage_write_missing(const struct coverage *coverage, enum finding_kind kind, struct json_writer *json);
bool coverage_has_all(const struct coverage *coverage, uint64_t kinds);

/** What a table says for "none" where nobody looked. */
extern const char coverage_nobody_looked[];
/** A sentence for below a table; empty where all was looked through. Says what to do. */
void coverage_append_note(const struct coverage *coverage, uint64_t kinds, struct buffer *into);

#endif

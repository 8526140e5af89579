/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what the operator's pages name by lists of the model. */
#ifndef TIDEMARK_PORTAL_OPERATOR_WORDS_H
#define TIDEMARK_PORTAL_OPERATOR_WORDS_H

#include "model/notice.h"
#include "model/outcome.h"
#include "model/proof.h"
#include "model/register.h"
#include "portal/words.h"

/** Why something of that outcome was not seen, and for READ that it was. */
enum word operator_word_of_outcome(enum outcome outcome);
enum word operator_word_of_notice(enum notice_state state);
enum word operator_word_of_finding(enum notice_finding finding);
enum word operator_word_of_appeal(enum appeal_kind kind);
/** Of UNKNOWN: WORD_COUNT. */
enum word operator_word_of_relationship(enum relationship relationship);

#endif

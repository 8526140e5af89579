/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what an answer names by lists of the model: classes, kinds, elements, methods, and the gate's reasons. */
#ifndef TIDEMARK_PORTAL_ANSWER_WORDS_H
#define TIDEMARK_PORTAL_ANSWER_WORDS_H

#include "model/document-class.h"
#include "model/finding.h"
#include "model/person.h"
#include "model/proof.h"
#include "portal/words.h"

enum word answer_word_of_class(enum document_class class);
enum word answer_word_of_kind(enum finding_kind kind);
enum word answer_word_of_element(enum person_element element);
enum word answer_word_of_method(enum proof_method method);
enum word answer_word_of_result(enum asked_result result);
/** The gate's reason (struct minimised's why) in a language; as it is where there is none. */
const char *answer_reason_in(enum language language, const char *why);

#endif

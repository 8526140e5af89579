/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sketch of a document (model/sketch.h): made of its text as it was read, by
 * the words that search cuts it into, in one pass. Pure.
 */
#ifndef TIDEMARK_UNDERSTANDING_SIMILARITY_H
#define TIDEMARK_UNDERSTANDING_SIMILARITY_H

#include "base/status.h"
#include "model/finding.h"
#include "model/sketch.h"

/* A text of fewer words has no sketch: that it stands elsewhere, too, says nothing. */
#define SIMILARITY_WORDS_LEAST 20

/** ABSENT for a text too short. */
enum status similarity_sketch(const unsigned char key[FINDING_SECRET_KEY_SIZE], struct bytes text,
                              struct sketch *ret_sketch) MUST_CHECK;
/** Notes what was found in it: kinds and values, each once, in whatever order. */
enum status similarity_note_findings(const unsigned char key[FINDING_SECRET_KEY_SIZE], const struct finding *findings,
                                     size_t count, struct sketch *sketch) MUST_CHECK;

/** Raised when sketches change; part of rules_version. */
extern const unsigned similarity_version;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document that was read before, looked through again by the rules of today:
 * its text as it was kept, and what a format once told of it. No format is asked.
 */
#ifndef TIDEMARK_READING_RENEWAL_H
#define TIDEMARK_READING_RENEWAL_H

#include "reading/emitter.h"

/** Hands the document on as if it were an object: findings, owners, class and what follows from them are new; findings whose
 *  words the text does not show any more are those it came with. It has another outcome than before if it could not be looked
 *  through to its end. */
enum status renewal_read(const struct document_record *told, const struct extract_job *job,
                         const struct emitter_sink *sink) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the reading of one object or document ended. Every object ends in
 * exactly one of these; the names are fixed by the interface.
 */
#ifndef TIDEMARK_MODEL_OUTCOME_H
#define TIDEMARK_MODEL_OUTCOME_H

#include "base/bytes.h"
#include "base/status.h"

/* Stored in catalogs by number: append only. */
enum outcome {
	OUTCOME_PENDING = 0, /* known from a listing, its reading not finished: never shown as a result */
	OUTCOME_READ = 1,
	/* skipped */
	OUTCOME_LISTED_ONLY,
	OUTCOME_EXCLUDED,
	OUTCOME_ARCHIVED,
	OUTCOME_OVER_BUDGET,
	OUTCOME_NEEDS_OCR,
	OUTCOME_SPECIAL,
	/* failed */
	OUTCOME_DENIED,
	OUTCOME_ABSENT,
	OUTCOME_CHANGED,
	OUTCOME_REDIRECTED,
	OUTCOME_TRUNCATED,
	OUTCOME_TIMED_OUT,
	OUTCOME_UNREACHABLE,
	OUTCOME_ENCRYPTED,
	OUTCOME_MALFORMED,
	OUTCOME_UNSUPPORTED,
	OUTCOME_TOO_LARGE,
	OUTCOME_BOMB,
	OUTCOME_CRASHED,
	OUTCOME_COUNT
};

enum outcome_group { OUTCOME_GROUP_PENDING, OUTCOME_GROUP_READ, OUTCOME_GROUP_SKIPPED, OUTCOME_GROUP_FAILED };

const char *outcome_name(enum outcome outcome);
/** OUTCOME_COUNT if there is none of that name. */
enum outcome outcome_from_name(struct bytes name);
enum outcome_group outcome_group(enum outcome outcome);
/** In words, for a person: "it wants a password or a key". */
const char *outcome_meaning(enum outcome outcome);
/** Whether a sweep with such an object was done only in part (exit code 4). */
bool outcome_is_partial(enum outcome outcome);
/** What a status met while fetching or reading is recorded as. Statuses of our own
 *  faults have no outcome: asserts that status is not one of them. */
enum outcome outcome_of_status(enum status status);

#endif

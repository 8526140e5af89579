/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker may say of one job, counted. An honest worker never meets these
 * bounds; who passes one has been taken over, and is believed nothing more.
 *
 * Not counted here: processor time, and the bytes of what is said. When a message
 * may come at all, the table of permits says.
 */
#ifndef TIDEMARK_PROCESS_TALLY_H
#define TIDEMARK_PROCESS_TALLY_H

#include "wire/extract-messages.h"

struct tally {
	uint64_t size; /* of the object */
	bool is_windowed;
	bool is_log;     /* records are told, and one document of no text */
	bool is_renewal; /* one document is told, and no other */
	int64_t began;   /* clock_monotonic */
	uint64_t progresses, windows, accesses;
	uint32_t highest;                             /* ordinal so far */
	unsigned char seen[RECORD_PARTS_MAX / 8 + 1]; /* ordinals, up to the highest */
};

/** A job begins, at now; the tally was zeroed at first. */
void tally_begin(struct tally *tally, const struct extract_job *job, int64_t now);

/* Each takes one message that was permitted (wire/permit.h). MALFORMED: no honest worker says that, or that often. */
enum status tally_progress(struct tally *tally, int64_t now) MUST_CHECK;
enum status tally_want(struct tally *tally, uint64_t offset) MUST_CHECK;
enum status tally_access(struct tally *tally) MUST_CHECK;
enum status tally_document(struct tally *tally, const struct document_record *record) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers an honest worker stays far below. */
#include "process/tally.h"

enum {
	PROGRESSES_AT_ONCE = 64, /* said while nobody listened, or by a clock that is not ours */
	WINDOWS_AT_FIRST = 1024,
	WINDOWS_PER_WINDOW = 32, /* how often a reader that leaps about comes back, at most */
};

void tally_begin(struct tally *tally, const struct extract_job *job, int64_t now)
{
	memset(tally->seen, 0, tally->highest / 8 + 1);
	tally->size = job->size;
	tally->is_windowed = job->is_windowed;
	tally->is_renewal = job->is_renewal;
	tally->is_log = job->is_log;
	tally->began = now;
	tally->progresses = tally->windows = tally->accesses = 0;
	tally->highest = 0;
}

static enum status allowed(bool is_allowed)
{
	return is_allowed ? STATUS_OK : STATUS_MALFORMED;
}

enum status tally_progress(struct tally *tally, int64_t now)
{
	uint64_t due = (uint64_t)(now - tally->began) / EXTRACT_PROGRESS_MS;
	tally->progresses++;
	return allowed(tally->progresses <= PROGRESSES_AT_ONCE + due);
}

enum status tally_want(struct tally *tally, uint64_t offset)
{
	uint64_t windows = tally->size / EXTRACT_WINDOW_SIZE + 1;
	tally->windows++;
	return allowed(tally->is_windowed && offset < tally->size && offset % EXTRACT_WINDOW_SIZE == 0 &&
	               tally->windows <= WINDOWS_AT_FIRST + windows * WINDOWS_PER_WINDOW);
}

enum status tally_access(struct tally *tally)
{
	tally->accesses++;
	return allowed(tally->is_log && tally->accesses <= tally->size / ACCESS_LINE_MIN);
}

enum status tally_document(struct tally *tally, const struct document_record *record)
{
	unsigned char *byte = &tally->seen[record->ordinal / 8], bit = (unsigned char)(1u << record->ordinal % 8);
	if ((*byte & bit) || ((tally->is_renewal || tally->is_log) && record->ordinal > 0))
		return STATUS_MALFORMED;
	*byte |= bit;
	if (record->ordinal > tally->highest)
		tally->highest = record->ordinal;
	return STATUS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One row per outcome: its name, its group, and whether it makes a sweep partial. */
#include "model/outcome.h"

#include <assert.h>

static const struct {
	const char *name;
	enum outcome_group group;
	bool is_partial;
} rows[OUTCOME_COUNT] = {
	[OUTCOME_PENDING] = {"pending", OUTCOME_GROUP_PENDING, true},
	[OUTCOME_READ] = {"read", OUTCOME_GROUP_READ, false},
	[OUTCOME_LISTED_ONLY] = {"listed_only", OUTCOME_GROUP_SKIPPED, false},
	[OUTCOME_EXCLUDED] = {"excluded", OUTCOME_GROUP_SKIPPED, false},
	[OUTCOME_ARCHIVED] = {"archived", OUTCOME_GROUP_SKIPPED, true},
	[OUTCOME_OVER_BUDGET] = {"over_budget", OUTCOME_GROUP_SKIPPED, true},
	[OUTCOME_NEEDS_OCR] = {"needs_ocr", OUTCOME_GROUP_SKIPPED, false},
	[OUTCOME_SPECIAL] = {"special", OUTCOME_GROUP_SKIPPED, false},
	[OUTCOME_DENIED] = {"denied", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_ABSENT] = {"absent", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_CHANGED] = {"changed", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_REDIRECTED] = {"redirected", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_TRUNCATED] = {"truncated", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_TIMED_OUT] = {"timed_out", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_UNREACHABLE] = {"unreachable", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_ENCRYPTED] = {"encrypted", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_MALFORMED] = {"malformed", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_UNSUPPORTED] = {"unsupported", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_TOO_LARGE] = {"too_large", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_BOMB] = {"bomb", OUTCOME_GROUP_FAILED, true},
	[OUTCOME_CRASHED] = {"crashed", OUTCOME_GROUP_FAILED, true},
};

const char *outcome_name(enum outcome outcome)
{
	return (unsigned)outcome < OUTCOME_COUNT ? rows[outcome].name : "unknown";
}

enum outcome outcome_from_name(struct bytes name)
{
	for (enum outcome i = OUTCOME_READ; i < OUTCOME_COUNT; i++)
		if (bytes_equal_string(name, rows[i].name))
			return i;
	return OUTCOME_COUNT;
}

enum outcome_group outcome_group(enum outcome outcome)
{
	assert((unsigned)outcome < OUTCOME_COUNT);
	return rows[outcome].group;
}

bool outcome_is_partial(enum outcome outcome)
{
	assert((unsigned)outcome < OUTCOME_COUNT);
	return rows[outcome].is_partial;
}

enum outcome outcome_of_status(enum status status)
{
	static const enum outcome outcomes[STATUS_COUNT] = {
		[STATUS_OK] = OUTCOME_READ, [STATUS_END] = OUTCOME_READ, [STATUS_BUSY] = OUTCOME_TIMED_OUT,
		[STATUS_TIMED_OUT] = OUTCOME_TIMED_OUT, [STATUS_UNREACHABLE] = OUTCOME_UNREACHABLE,
		[STATUS_TRUNCATED] = OUTCOME_TRUNCATED, [STATUS_ABSENT] = OUTCOME_ABSENT,
		[STATUS_DENIED] = OUTCOME_DENIED, [STATUS_REDIRECTED] = OUTCOME_REDIRECTED,
		[STATUS_CHANGED] = OUTCOME_CHANGED, [STATUS_MALFORMED] = OUTCOME_MALFORMED,
		[STATUS_UNSUPPORTED] = OUTCOME_UNSUPPORTED, [STATUS_ENCRYPTED] = OUTCOME_ENCRYPTED,
		[STATUS_ARCHIVED] = OUTCOME_ARCHIVED, [STATUS_TOO_LARGE] = OUTCOME_TOO_LARGE,
		[STATUS_BOMB] = OUTCOME_BOMB, [STATUS_CRASHED] = OUTCOME_CRASHED,
		[STATUS_NEEDS_OCR] = OUTCOME_NEEDS_OCR,
	};
	assert(!status_is_ours(status));
	return outcomes[status];
}

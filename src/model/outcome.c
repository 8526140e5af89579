/* SPDX-License-Identifier: Apache-2.0 */
/* One row per outcome: its name, its group, whether it makes a sweep partial, and what it means. */
#include "model/outcome.h"

#include <assert.h>

/* clang-format off */
static const struct {
	const char *name;
	enum outcome_group group;
	bool is_partial;
	const char *means;
} rows[OUTCOME_COUNT] = {
	[OUTCOME_PENDING] = {"pending", OUTCOME_GROUP_PENDING, true,
		"it waits to be read"},
	[OUTCOME_READ] = {"read", OUTCOME_GROUP_READ, false,
		"all of it that a reader of its format can see was seen"},
	[OUTCOME_LISTED_ONLY] = {"listed_only", OUTCOME_GROUP_SKIPPED, false,
		"its name is known, its contents were not asked for (--depth names)"},
	[OUTCOME_EXCLUDED] = {"excluded", OUTCOME_GROUP_SKIPPED, false,
		"left out by --include, --exclude, --sample or --max-object"},
	[OUTCOME_ARCHIVED] = {"archived", OUTCOME_GROUP_SKIPPED, true,
		"it lies in an archive tier, from where only its owner can bring it back"},
	[OUTCOME_OVER_BUDGET] = {"over_budget", OUTCOME_GROUP_SKIPPED, true,
		"--bytes-budget was used up before its turn"},
	[OUTCOME_NEEDS_OCR] = {"needs_ocr", OUTCOME_GROUP_SKIPPED, false,
		"a picture of text, or text whose letters cannot be told"},
	[OUTCOME_SPECIAL] = {"special", OUTCOME_GROUP_SKIPPED, false,
		"a link, pipe, socket or device: never opened"},
	[OUTCOME_DENIED] = {"denied", OUTCOME_GROUP_FAILED, true,
		"the server, or the folder, did not let us read it"},
	[OUTCOME_ABSENT] = {"absent", OUTCOME_GROUP_FAILED, true,
		"it was listed, and was gone when it was asked for"},
	[OUTCOME_CHANGED] = {"changed", OUTCOME_GROUP_FAILED, true,
		"it changed while it was read; the next sweep reads it"},
	[OUTCOME_REDIRECTED] = {"redirected", OUTCOME_GROUP_FAILED, true,
		"the server sent us to a place that is not in scope"},
	[OUTCOME_TRUNCATED] = {"truncated", OUTCOME_GROUP_FAILED, true,
		"it ends before its end; what stands before was read"},
	[OUTCOME_TIMED_OUT] = {"timed_out", OUTCOME_GROUP_FAILED, true,
		"it took longer than --patience or --object-time allows; what came was read"},
	[OUTCOME_UNREACHABLE] = {"unreachable", OUTCOME_GROUP_FAILED, true,
		"the server did not answer; the next sweep asks again"},
	[OUTCOME_ENCRYPTED] = {"encrypted", OUTCOME_GROUP_FAILED, true,
		"it wants a password or a key"},
	[OUTCOME_MALFORMED] = {"malformed", OUTCOME_GROUP_FAILED, true,
		"it is damaged; what could be made out was read"},
	[OUTCOME_UNSUPPORTED] = {"unsupported", OUTCOME_GROUP_FAILED, true,
		"there is no reader for its format; strings were carved from it"},
	[OUTCOME_TOO_LARGE] = {"too_large", OUTCOME_GROUP_FAILED, true,
		"it is larger than a reader of its format may take"},
	[OUTCOME_BOMB] = {"bomb", OUTCOME_GROUP_FAILED, true,
		"more comes out of it than an object of its size may hold; what came was read"},
	[OUTCOME_CRASHED] = {"crashed", OUTCOME_GROUP_FAILED, true,
		"it cost its reader its life, twice"},
};
/* clang-format on */

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

const char *outcome_meaning(enum outcome outcome)
{
	return (unsigned)outcome < OUTCOME_COUNT ? rows[outcome].means : "unknown";
}

bool outcome_is_partial(enum outcome outcome)
{
	assert((unsigned)outcome < OUTCOME_COUNT);
	return rows[outcome].is_partial;
}

enum outcome outcome_of_status(enum status status)
{
	static const enum outcome outcomes[STATUS_COUNT] = {
		[STATUS_OK] = OUTCOME_READ,
		[STATUS_END] = OUTCOME_READ,
		[STATUS_BUSY] = OUTCOME_TIMED_OUT,
		[STATUS_TIMED_OUT] = OUTCOME_TIMED_OUT,
		[STATUS_UNREACHABLE] = OUTCOME_UNREACHABLE,
		[STATUS_TRUNCATED] = OUTCOME_TRUNCATED,
		[STATUS_ABSENT] = OUTCOME_ABSENT,
		[STATUS_DENIED] = OUTCOME_DENIED,
		[STATUS_REDIRECTED] = OUTCOME_REDIRECTED,
		[STATUS_CHANGED] = OUTCOME_CHANGED,
		[STATUS_MALFORMED] = OUTCOME_MALFORMED,
		[STATUS_UNSUPPORTED] = OUTCOME_UNSUPPORTED,
		[STATUS_ENCRYPTED] = OUTCOME_ENCRYPTED,
		[STATUS_ARCHIVED] = OUTCOME_ARCHIVED,
		[STATUS_TOO_LARGE] = OUTCOME_TOO_LARGE,
		[STATUS_BOMB] = OUTCOME_BOMB,
		[STATUS_CRASHED] = OUTCOME_CRASHED,
		[STATUS_NEEDS_OCR] = OUTCOME_NEEDS_OCR,
	};
	assert(!status_is_ours(status));
	return outcomes[status];
}

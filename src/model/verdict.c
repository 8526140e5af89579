/* SPDX-License-Identifier: Apache-2.0 */
/* Names of verdicts. */
#include "model/verdict.h"

static const char *const names[VERDICT_KIND_COUNT] = {
	[VERDICT_LISTABLE] = "listable", [VERDICT_READABLE] = "readable",
	[VERDICT_PRIVATE_OR_ABSENT] = "private-or-absent", [VERDICT_ABSENT] = "absent",
	[VERDICT_ACCOUNT_OFF] = "account-off", [VERDICT_UNREACHABLE] = "unreachable",
	[VERDICT_THROTTLED] = "throttled", [VERDICT_UNKNOWN] = "unknown",
};

const char *verdict_name(enum verdict_kind kind)
{
	return (unsigned)kind < VERDICT_KIND_COUNT && names[kind] != NULL ? names[kind] : "unknown";
}

enum verdict_kind verdict_from_name(struct bytes name)
{
	for (enum verdict_kind kind = VERDICT_LISTABLE; kind < VERDICT_KIND_COUNT; kind++)
		if (bytes_equal_string(name, names[kind]))
			return kind;
	return VERDICT_KIND_COUNT;
}

bool verdict_is_open(const struct verdict *verdict)
{
	return verdict->kind == VERDICT_LISTABLE || verdict->kind == VERDICT_READABLE ||
	       verdict->static_site == ANSWER_YES;
}

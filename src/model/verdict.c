/* SPDX-License-Identifier: Apache-2.0 */
/* Names of verdicts, and what several of one account say of each other. */
#include "model/verdict.h"

static const char *const names[VERDICT_KIND_COUNT] = {
	[VERDICT_LISTABLE] = "listable",
	[VERDICT_READABLE] = "readable",
	[VERDICT_PRIVATE_OR_ABSENT] = "private-or-absent",
	[VERDICT_ABSENT] = "absent",
	[VERDICT_ACCOUNT_OFF] = "account-off",
	[VERDICT_UNREACHABLE] = "unreachable",
	[VERDICT_THROTTLED] = "throttled",
	[VERDICT_UNKNOWN] = "unknown",
};

const char *verdict_name(enum verdict_kind kind)
{
	return (unsigned)kind < VERDICT_KIND_COUNT && names[kind] != NULL ? names[kind] : "unknown";
}

bool verdict_is_judged(const struct verdict *verdict)
{
	switch (verdict->kind) {
	case VERDICT_UNREACHABLE:
	case VERDICT_THROTTLED:
	case VERDICT_UNKNOWN: return verdict_is_open(verdict);
	default: return true;
	}
}

bool verdict_is_open(const struct verdict *verdict)
{
	return verdict->kind == VERDICT_LISTABLE || verdict->kind == VERDICT_READABLE || verdict->static_site == ANSWER_YES ||
	       verdict->secondary == ANSWER_YES;
}

static bool has_reply(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->evidence_count; i++)
		if (verdict->evidence[i].status != 0)
			return true;
	return false;
}

bool verdict_is_sound(const struct verdict *verdict)
{
	bool lists = verdict->anonymous.list == ANSWER_YES, reads = verdict->anonymous.read == ANSWER_YES;
	bool is_open = lists || reads || verdict->static_site == ANSWER_YES || verdict->secondary == ANSWER_YES;
	bool is_told = verdict->kind == VERDICT_PRIVATE_OR_ABSENT || verdict->kind == VERDICT_ACCOUNT_OFF;
	return verdict->kind > 0 && verdict->kind < VERDICT_KIND_COUNT && (verdict->kind == VERDICT_LISTABLE) == lists &&
	       (verdict->kind == VERDICT_READABLE) == (reads && !lists) && (!(is_open || is_told) || has_reply(verdict)) &&
	       (verdict->kind != VERDICT_ABSENT || verdict->evidence_count > 0);
}

/* Unreachable although the first question was replied to: it was a firewall, and nothing else. */
static bool is_walled(const struct verdict *verdict)
{
	size_t first = 0;
	while (first < verdict->evidence_count && strcmp(verdict->evidence[first].method, "DNS") == 0)
		first++;
	return verdict->kind == VERDICT_UNREACHABLE && first < verdict->evidence_count && verdict->evidence[first].status != 0;
}

static bool is_answered(const struct verdict *verdict)
{
	return verdict->kind != VERDICT_UNREACHABLE && verdict->kind != VERDICT_THROTTLED && has_reply(verdict);
}

static bool has_answered_sibling(const struct verdict *verdicts, const struct bytes *accounts, size_t count, size_t which)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(accounts[i], accounts[which]) && is_answered(&verdicts[i]))
			return true;
	return false;
}

void verdict_reconsider(struct verdict *verdicts, const struct bytes *accounts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_walled(&verdicts[i]) && has_answered_sibling(verdicts, accounts, count, i)) {
			verdicts[i].kind = VERDICT_PRIVATE_OR_ABSENT;
			verdicts[i].advice = BYTES_LITERAL(VERDICT_WALLED_ADVICE);
		}
	}
}

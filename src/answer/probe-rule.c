/* SPDX-License-Identifier: Apache-2.0 */
/* Rules by verdict. */
#include "answer/probe-rule.h"

const struct probe_rule probe_rules[PROBE_RULE_COUNT] = {
	[PROBE_RULE_LISTABLE] = {"listable", "error", "fail", "Anyone can list the container.", 5},
	[PROBE_RULE_READABLE] = {"readable", "error", "fail", "Anyone who knows a name can read objects of the container.", 4},
	[PROBE_RULE_STATIC_SITE] = {"static-site", "warning", "fail", "The account serves a static site to anyone.", 3},
	[PROBE_RULE_SECONDARY] = {"secondary", "error", "fail", "The account's second region lists the container to anyone.", 5},
	[PROBE_RULE_CLOSED] = {"closed", "none", "pass", "A stranger is refused.", 1},
	[PROBE_RULE_NOT_ESTABLISHED] = {"not-established", "none", "open", "What a stranger can do was not established.", 0},
};

/* What another address of it shows comes before what the container's own does not. */
static enum probe_rule_kind beside(const struct verdict *verdict, enum probe_rule_kind otherwise)
{
	if (verdict->secondary == ANSWER_YES)
		return PROBE_RULE_SECONDARY;
	return verdict->static_site == ANSWER_YES ? PROBE_RULE_STATIC_SITE : otherwise;
}

enum probe_rule_kind probe_rule_of(const struct verdict *verdict)
{
	switch (verdict->kind) {
	case VERDICT_LISTABLE: return PROBE_RULE_LISTABLE;
	case VERDICT_READABLE: return PROBE_RULE_READABLE;
	case VERDICT_PRIVATE_OR_ABSENT:
	case VERDICT_ABSENT:
	case VERDICT_ACCOUNT_OFF: return beside(verdict, PROBE_RULE_CLOSED);
	default: return beside(verdict, PROBE_RULE_NOT_ESTABLISHED);
	}
}

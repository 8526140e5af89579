/* SPDX-License-Identifier: Apache-2.0 */
/* The few things a verdict can find, as programs that gather findings want them named and weighed. */
#ifndef TIDEMARK_ANSWER_PROBE_RULE_H
#define TIDEMARK_ANSWER_PROBE_RULE_H

#include "model/verdict.h"

struct probe_rule {
	const char *id, *level, *kind, *about; /* level and kind: of SARIF */
	unsigned severity;                     /* of OCSF: 1 informational .. 5 critical, 0 unknown */
};

enum probe_rule_kind {
	PROBE_RULE_LISTABLE,
	PROBE_RULE_READABLE,
	PROBE_RULE_STATIC_SITE,
	PROBE_RULE_SECONDARY,
	PROBE_RULE_CLOSED,
	PROBE_RULE_NOT_ESTABLISHED,
	PROBE_RULE_COUNT
};

extern const struct probe_rule probe_rules[PROBE_RULE_COUNT];

enum probe_rule_kind probe_rule_of(const struct verdict *verdict);

#endif

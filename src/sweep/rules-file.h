/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of the owner's own rules and of what is allowed (YAML; schema/rules.json):
 *
 *     rules:
 *       - {name: apollo, kind: project, literals: [Apollo, Artemis]}
 *       - {name: staff, kind: national_id, pattern: '\bS-\d{6}\b', keyword: [staff, Personalnummer], within: 40,
 *          normalise: upper, confidence: 0.8}
 *     allow:
 *       - {kind: email, value: noreply@contoso.com, why: of our own}
 *       - {path: "*.sample", why: made up}
 *
 * Whatever is not known, or not bounded, is refused with its line.
 */
#ifndef TIDEMARK_SWEEP_RULES_FILE_H
#define TIDEMARK_SWEEP_RULES_FILE_H

#include "base/arena.h"
#include "model/custom-rule.h"

#define RULES_FILE_MAX (1u << 20)

/** USAGE with the line in reterr; name: what its where says. All lies in the arena; what the bytes hold is copied. */
enum status rules_file_read(struct bytes yaml, const char *name, struct arena *arena, struct custom_rules *ret_rules,
                            struct failure *reterr) MUST_CHECK;

#endif

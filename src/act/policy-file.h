/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy as its owner writes it (YAML; schema/retention-policy.json):
 *
 *     rules:
 *       - name: old invoices
 *         match: {path: "*.pdf", except: ["open-*"], class: [invoice], age: {by: dated, over: 24mo}}
 *         action: delete
 *     holds:
 *       - {name: lawsuit, match: {organisation: [contoso.com]}, until: 2027-06-30}
 *     approval: second
 *     undo_days: 14
 *
 * Whatever is not known, or not bounded, is refused with its line and the
 * nearest name.
 */
#ifndef TIDEMARK_ACT_POLICY_FILE_H
#define TIDEMARK_ACT_POLICY_FILE_H

#include "act/policy.h"

#define POLICY_FILE_MAX (1u << 20)

/** USAGE with the line in reterr; name: what its where says. All lies in the arena; what the bytes hold is copied. */
enum status policy_file_read(struct bytes yaml, const char *name, struct arena *arena, struct policy *ret_policy,
                             struct failure *reterr) MUST_CHECK;

/** The same again, in the form that policy_file_read takes; a policy that came from elsewhere is written by this. */
void policy_file_append(const struct policy *policy, struct buffer *into);

#endif

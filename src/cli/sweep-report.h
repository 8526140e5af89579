/* SPDX-License-Identifier: Apache-2.0 */
/* The summary of a sweep: shown and journalled. */
#ifndef TIDEMARK_CLI_SWEEP_REPORT_H
#define TIDEMARK_CLI_SWEEP_REPORT_H

#include "cli/sweep-plan.h"

/** Which rules found what a sweep finds: versions of formats, and behind a point those of detectors and attribution, with digests
 *  of their lists. */
void sweep_report_rules_version(const struct custom_rules *own, struct buffer *into);
/** Its beginning: by what documents are read. */
struct bytes sweep_report_formats_version(void);
/** What stands behind the point: by what texts are looked through, own rules by the digest of their file. */
void sweep_report_detection_version(const struct custom_rules *own, struct buffer *into);
enum status sweep_report_show(struct session *session, const struct sweep_intent *intent, const struct sweep_summary *summary,
                              bool was_interrupted) MUST_CHECK;
enum status sweep_report_journal(struct session *session, const struct sweep_intent *intent, const struct sweep_summary *summary,
                                 struct failure *reterr) MUST_CHECK;

#endif

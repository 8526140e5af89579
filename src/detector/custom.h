/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner's own rules (model/custom-rule.h): taken one by one before the worker
 * is sealed, then carried over a document's text as it grows. They stand beside
 * the detectors and yield to none: what both say, both say. Text is looked
 * through in blocks that lie at fixed places of the document; work is at most the
 * states of all patterns times its length.
 */
#ifndef TIDEMARK_DETECTOR_CUSTOM_H
#define TIDEMARK_DETECTOR_CUSTOM_H

#include "base/status.h"
#include "detector/detector.h"
#include "model/custom-rule.h"

/** Once, before all rules. */
enum status custom_take_digest(const char digest[CUSTOM_DIGEST_LENGTH + 1]) MUST_CHECK;
/** Copied and compiled. MALFORMED: too many, or a pattern that is none. */
enum status custom_take_rule(const struct custom_rule *rule) MUST_CHECK;
enum status custom_take_allowed(const struct allowed *allowed) MUST_CHECK;
/** For tests: there are no rules. */
void custom_forget(void);

struct custom_scan;

/** *ret_scan NULL: there are no rules. found: as of scan_start; from and to of what it stands at, in bytes of the document. */
typedef enum status custom_found(void *context, const struct finding *finding, uint64_t from_byte, uint64_t to_byte);
enum status custom_scan_start(custom_found *found, void *context, struct custom_scan **ret_scan) MUST_CHECK;
/** As scan_feed and scan_finish; NULL is nothing to look for. */
enum status custom_scan_feed(struct custom_scan *scan, struct bytes text) MUST_CHECK;
enum status custom_scan_finish(struct custom_scan *scan) MUST_CHECK;
void custom_scan_free(struct custom_scan *scan);

/** Whether what was found is allowed. path: the document's. value: of a secret itself; or where only its digest is known that, and
 *  is_digest is asked whether a value has it. */
struct allowed_question {
	enum finding_kind kind;
	struct bytes value, raw, path;
	bool (*is_digest)(void *context, struct bytes value, struct bytes digest); /* NULL: value is the value */
	void *context;
};
bool custom_allows(const struct allowed_question *question);

#endif

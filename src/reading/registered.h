/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the owner's register lists, sought in a document's text once it is whole.
 * The register comes to the zygote as a lexicon (words/lexicon.h), which is
 * looked at there once and stands in all its workers; without one nothing is
 * sought. What text is too long to be kept is not looked through for it.
 *
 * A name is an organisation_name whose value is the register's own name of it,
 * and takes the place of what was guessed of the same words. Within a longer
 * name it is doubtful: "Contoso" in "Contoso Energy Ltd".
 */
#ifndef TIDEMARK_READING_REGISTERED_H
#define TIDEMARK_READING_REGISTERED_H

#include "base/bytes.h"
#include "base/status.h"
#include "model/finding.h"
#include "model/register.h"
#include "model/layout.h"

/** Raised when what is found changes; part of rules_version. */
extern const unsigned registered_version;

#define REGISTERED_NUMBER "number" /* the subkind of what is a number */

/** Before a process is sealed. */
enum status registered_prepare(void) MUST_CHECK;

/** What is sought from now on; borrows the block. MALFORMED, and nothing is sought, for one that is none. */
enum status registered_use(struct bytes block) MUST_CHECK;

bool registered_has_names(void);

struct registered_question {
	struct bytes text;        /* valid UTF-8 */
	struct finding *findings; /* by their beginnings; those that give way lose their kind (0) */
	size_t finding_count;
	const struct carved_span *carved; /* of the text, in order */
	size_t carved_count;
};

/** For each mention; finding and mention are of the same place. Any status but OK ends it and is returned. */
typedef enum status registered_found(void *context, const struct finding *finding, const struct register_mention *mention);

/** By their beginnings. */
enum status registered_find(const struct registered_question *question, registered_found *found, void *context) MUST_CHECK;

#endif

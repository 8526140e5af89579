/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a document is: from its findings, its schema and its signatures to
 * organisations, each named by its registrable domain (public suffix list,
 * libpsl) or, where only a name is known, by that (model/finding.h), with a role,
 * the part it plays, a confidence and a reason. Pure: no input but its arguments and the lists
 * loaded by attribute_prepare. Free-mail providers are never organisations;
 * infrastructure (storage hosts, schema URLs) is a mention at most.
 *
 * A content says the same wherever it stands; a place says something of its own:
 * so there are two questions, and the second is asked where the content names no
 * party.
 */
#ifndef TIDEMARK_UNDERSTANDING_ATTRIBUTE_H
#define TIDEMARK_UNDERSTANDING_ATTRIBUTE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "model/fact.h"
#include "model/finding.h"
#include "model/register.h"

struct stated_parties;

struct attribution_input {
	const struct finding *findings;
	size_t finding_count;
	struct bytes media_type;
	struct bytes text; /* the document's text, for the lines around a finding */
	const struct fact *facts;
	size_t fact_count;
	/* Who its own schema says takes part, and that of a part within it (stated-party.h); either may be NULL. */
	const struct stated_parties *stated, *embedded;
	const struct register_mention *mentions; /* of what the register lists */
	size_t mention_count;
};

/** Loads the suffix list before sealing. */
enum status attribute_prepare(void) MUST_CHECK;

/** Organisations by falling confidence, allocated in arena with all they point to. */
enum status attribute_document(const struct attribution_input *input, struct arena *arena,
                               const struct attribution **ret_organisations, size_t *ret_count) MUST_CHECK;

/** Who owns the place: folders of path (raw bytes: an object's name, with its inner path behind !/) that are called like a
 *  domain. Weak evidence, for people misfile: parties of low confidence, the outermost first, at most PLACE_OWNERS_MAX. What
 *  they point to is allocated in arena. */
#define PLACE_OWNERS_MAX 2
enum status attribute_place(struct bytes path, struct arena *arena, const struct attribution **ret_organisations,
                            size_t *ret_count) MUST_CHECK;

/** The registrable domain of a host name or address part after @, lower-case A-labels, appended to into; ABSENT if it
 *  has none (an IP address, a public suffix itself, a name without a known suffix). */
enum status attribute_registrable_domain(struct bytes host, struct buffer *into) MUST_CHECK;
/** The whole host in lower-case A-labels, appended to into; ABSENT if it is no host name. */
enum status attribute_host(struct bytes host, struct buffer *into) MUST_CHECK;
bool attribute_is_freemail(struct bytes domain);

/** Raised when attribution changes; part of rules_version. */
extern const unsigned attribute_version;

#endif

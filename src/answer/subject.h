/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose answer: an organisation by its registrable domain, or a person by an
 * address. A tenant (NAME.onmicrosoft.com) is an organisation of its own; look-
 * alikes, parents and a brand's other domains are others.
 */
#ifndef TIDEMARK_ANSWER_SUBJECT_H
#define TIDEMARK_ANSWER_SUBJECT_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

enum subject_kind { SUBJECT_ORGANISATION, SUBJECT_PERSON };

struct subject {
	enum subject_kind kind;
	struct bytes name;   /* registrable domain in A-labels, or address; lower case */
	bool is_registrable; /* it is known to be that, and is not looked for again in the list of suffixes */
};

/** The subject as written, brought to its form, in arena. USAGE if it is neither a domain under a known suffix nor an address. */
enum status subject_read(struct bytes written, struct arena *arena, struct subject *ret_subject,
                         struct failure *reterr) MUST_CHECK;
/** As somebody asks who says to be it: not brought up to the domain it lies below, for a proof of that proves no more. A public
 *  suffix or a host below a domain is a subject of whom nothing is known. USAGE only for what is neither a host name nor an
 *  address. */
enum status subject_read_as_asked(struct bytes written, struct arena *arena, struct subject *ret_subject,
                                  struct failure *reterr) MUST_CHECK;
const char *subject_kind_name(enum subject_kind kind);

/** Whether an address is an organisation's, by its domain, or a person's own. */
bool subject_has_address(const struct subject *subject, struct bytes address);
/** Whether a host lies at or below an organisation's domain; a person has none. */
bool subject_has_host(const struct subject *subject, struct bytes host);

#endif

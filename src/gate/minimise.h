/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One document as its subject may see it. Nothing of the document is in it but
 * what was put there, member by member, because it is the subject's, both
 * parties', the owner's or nobody's: what is not, is empty or absent. So there is
 * nothing to paint over, and whoever writes an answer out cannot tell more.
 */
#ifndef TIDEMARK_GATE_MINIMISE_H
#define TIDEMARK_GATE_MINIMISE_H

#include "answer/portion.h"
#include "gate/words.h"

struct minimised_cell {
	const char *column;
	struct bytes text;           /* empty: not shown */
	enum person_element element; /* in its place, where it is sensitive; ELEMENT_COUNT: it is not */
};
struct minimised_row {
	struct minimised_cell *cells;
	size_t cell_count;
};

struct minimised {
	struct id id;                             /* the subject's own name for it (keyed-id.h) */
	struct bytes path, container, url, title; /* empty: null */
	struct bytes class;
	int64_t dated, modified;
	enum { SIGNED_UNKNOWN, SIGNED_NOT, SIGNED } signing;
	const struct bytes *signers;
	size_t signer_count;
	bool has_size, has_sha256, has_copies;
	uint64_t size, copies;
	unsigned char sha256[32];
	struct {
		int64_t first_seen, last_seen, closed_at;
	} exposed;
	bool is_sure;
	const char *why; /* a phrase of ours */
	struct portion_list values[FINDING_KIND_COUNT];
	struct minimised_row *rows;
	size_t row_count;
	uint64_t elements[ELEMENT_COUNT]; /* records of the subject's people, or the subject's own, that hold one */
	struct {
		bool is_taken; /* wholly, by strangers, as access logs prove; else it is unknown */
		uint64_t networks;
		int64_t first, last;
	} reads;
	unsigned others; /* 0, 1, 10, 100 or 1000: at least so many findings of others */
};

/** What of a document is a subject's, as the subject may see it; words know the subject's and the owner's. Lies in arena. */
enum status minimise(const struct subject *subject, const struct document_view *view, const struct portion *portion,
                     bool is_confirmed, struct id id, struct words *words, struct arena *arena,
                     struct minimised *ret_document) MUST_CHECK;

#endif

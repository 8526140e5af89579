/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An answer as a page shows it: its documents go by once, are counted by year and
 * element, and those of the page that was asked for are laid out. What is laid
 * out is what the gate said, no more.
 */
#ifndef TIDEMARK_PORTAL_ANSWER_VIEW_H
#define TIDEMARK_PORTAL_ANSWER_VIEW_H

#include "base/arena.h"
#include "base/hash.h"
#include "gate/gate.h"
#include "model/document-class.h"
#include "portal/page.h"

enum {
	ANSWER_PAGE_DOCUMENTS = 25,
	ANSWER_FIRST_YEAR = 1970,
	ANSWER_YEARS = 200, /* what is dated outside of them has no year */
	ANSWER_NO_YEAR = 0,
};

/* What somebody wants to see of it; nothing of it changes what is counted. */
struct answer_choice {
	enum document_class class; /* CLASS_COUNT: any */
	int year;                  /* ANSWER_NO_YEAR: any */
	struct bytes text;         /* in its names and what is the subject's; empty: any */
	uint64_t page;             /* from 1 */
	bool is_whole;             /* all on one page, whatever was chosen */
};

struct answer_address {
	struct bytes value;
	uint64_t documents;
};

struct answer_view {
	struct page *page;
	struct answer_choice choice;
	struct buffer list; /* the documents laid out */
	uint64_t matched, shown_from, shown_to;
	uint64_t years[ANSWER_YEARS + 1]; /* the last: no year */
	uint64_t classes[CLASS_COUNT];
	uint64_t elements[ELEMENT_COUNT];
	struct answer_address *addresses;
	size_t address_count, address_capacity;
	struct hash_table address_index;
	struct arena arena;
};

void answer_view_begin(struct answer_view *view, struct page *page, const struct answer_choice *choice);
void answer_view_free(struct answer_view *view);

/** A gate_visitor, whose context is the view. */
enum status answer_view_add(void *view, const struct minimised *document);
/** Addresses in order: those in most documents first. To be called once, behind the last document. */
void answer_view_sort(struct answer_view *view);

/** The year a time lies in, as an index of years. */
size_t answer_year_of(int64_t dated);

#endif

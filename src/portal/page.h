/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all pages have alike: head, the line of who runs this, the way past it,
 * the foot with its languages; and the pieces that they are made of. A page needs
 * no script. What a browser loads besides it is ours, by a name that has its
 * digest; a page that is kept as a file (is_alone) has its style within it, and
 * nothing to follow.
 */
#ifndef TIDEMARK_PORTAL_PAGE_H
#define TIDEMARK_PORTAL_PAGE_H

#include "base/html.h"
#include "portal/say.h"

/* Who runs this, and for which case. */
struct page_host {
	struct bytes name;     /* of the owner, as its register has it; empty: not written there */
	struct bytes domain;   /* likewise */
	struct bytes incident; /* its case number, as notices have it */
	struct bytes url;      /* where this is reached; empty: not set */
};

enum page_side { PAGE_OF_SUBJECTS, PAGE_OF_OPERATORS };

struct page {
	struct buffer *into;
	const struct page_host *host; /* NULL: nothing is known of it */
	enum language language;
	bool is_language_chosen; /* by the person, not by the browser: links keep it */
	struct bytes form_token; /* what each form of this session gives back; may be empty */
	const char *path;        /* of this page; for its links to other languages; NULL: it has none */
	enum page_side side;
	bool is_alone;
};

/** Up to <main>: title is the page's own, in plain words. */
void page_begin(struct page *page, enum word title);
/** The same where the operator's navigation, or anything else, stands between the head and <main>: page_begin is these two. */
void page_begin_head(struct page *page, enum word title);
void page_begin_main(struct page *page);
void page_end(struct page *page);

/* <name>words</name>, escaped. */
void page_heading(struct page *page, enum word word); /* h1 */
void page_section(struct page *page, enum word word); /* h2; the section begins before it, ends by page_section_end */
/** The same, to be led to by "#id". */
void page_section_called(struct page *page, enum word word, const char *id);
void page_section_end(struct page *page);
void page_paragraph(struct page *page, enum word word);
#define PAGE_PARAGRAPH(page, word, ...) \
	do { \
		HTML((page)->into, "<p>"); \
		SAY((page)->into, (page)->language, (word), __VA_ARGS__); \
		HTML((page)->into, "</p>\n"); \
	} while (0)

/** A path of this door as a link's target, with the language if it was chosen: href="...". */
void page_href(struct page *page, const char *path);
/** <form method="post" action="path"> with the session's token and the language within it. */
void page_form_begin(struct page *page, const char *path);
/** The one button that stands out, or one beside it, and the end of its form. */
void page_form_end(struct page *page, enum word button, bool is_main);
/** <input type="hidden">. */
void page_hidden(struct page *page, const char *name, struct bytes value);

/** A table that may be wider than a phone: caption and heads are words; rows by the caller until page_table_end. A head that
 *  begins a column of numbers has is_number at its place. */
struct page_column {
	enum word head;
	bool is_number;
};
void page_table_begin(struct page *page, enum word caption, const struct page_column *columns, size_t count);
/** With a column of bars at its end, which has no head. */
void page_table_begin_with_bars(struct page *page, enum word caption, const struct page_column *columns, size_t count);
void page_table_end(struct page *page);

#endif

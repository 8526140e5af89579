/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML into text as a reader of the page sees it, fed piece by piece: blocks
 * are lines, cells are parted by tabs, white space is collapsed outside of pre.
 * What the page does not show (links, comments, scripts, values of attributes)
 * is kept apart and follows at the end; past its ceiling it is put out early.
 * A mark that a piece cuts waits in carry, at most HTML_TAG_MAX of it.
 */
#ifndef TIDEMARK_FORMAT_TEXT_HTML_READER_H
#define TIDEMARK_FORMAT_TEXT_HTML_READER_H

#include "base/buffer.h"
#include "format/format.h"

#define HTML_TAG_MAX ((size_t)16 << 20)

/* Words on their way: blanks are put before the next word, if there is one. */
struct html_writer {
	struct buffer text;
	bool has_line; /* something stands in the current line */
	bool needs_space;
};

/* How far a tag was searched for its end. */
struct html_tag_scan {
	size_t at;
	unsigned char quote; /* 0 outside of quotes */
	bool after_equals;
};

struct html_reader {
	struct emitter *emitter;
	struct buffer *shown, *unshown; /* where text goes instead of the emitter; NULL: to the emitter */
	struct html_writer body, title;
	struct buffer hidden;
	struct buffer value; /* of the attribute looked at */
	struct buffer carry;
	struct html_tag_scan scan;
	char until[16]; /* what ends the hidden text ("-->", "</script"); empty in visible text */
	unsigned pre_depth, data_count;
	size_t link_end; /* length of the body's text when a link ended */
	bool in_title, has_hidden;
};

void html_reader_start(struct html_reader *html, struct emitter *emitter);
/** The same for a page within a document: what it shows and what it does not (its title too) are appended to two buffers.
 *  Parts still go to the emitter. */
void html_reader_start_into(struct html_reader *html, struct emitter *emitter, struct buffer *shown, struct buffer *unshown);
void html_reader_free(struct html_reader *html);

/** The charset that a meta element near the start of a page names (HTML 5, 13.2.3.2); empty if there is none. */
struct bytes html_find_charset(struct bytes head);

/** Reads the next piece; with is_last all that is left. What the emitter returned, or NO_MEMORY. */
enum status html_reader_feed(struct html_reader *html, struct bytes piece, bool is_last) MUST_CHECK;

/** Emits what is left, then what the page does not show. */
enum status html_reader_finish(struct html_reader *html) MUST_CHECK;

/* ---- for html-tags.c ---- */

/** Ends the visible line. */
void html_reader_end_line(struct html_reader *html);
/** From here on all is hidden up to a mark, which has to fit html->until. */
void html_reader_begin_hidden(struct html_reader *html, const char *until);
/** Keeps a line that the page does not show. */
enum status html_reader_hide_line(struct html_reader *html, struct bytes line) MUST_CHECK;
/** Ends the title and emits it. */
enum status html_reader_end_title(struct html_reader *html) MUST_CHECK;

/* ---- html-tags.c ---- */

/** Acts on a whole tag, from < to >. */
enum status html_tag_read(struct html_reader *html, struct bytes tag) MUST_CHECK;

/** Whether a word is the name of an element of HTML. */
bool html_tag_is_known(struct bytes name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results on standard output, in the format asked for, from one description.
 * A command writes members of one JSON object, and for eyes and spreadsheets
 * cells or fields; of what the format does not show nothing is kept. Lists are
 * streamed: no list is ever held whole (a table holds back its first rows to
 * find its widths). Text from a leak is escaped in tables, guarded in CSV.
 *
 * Order of calls:  members* ( list | page )* members* finish
 *   list:  begin_list ( begin_item end_item )* end_list
 *   page:  begin_page ( field | heading | text | list without member )*
 *
 * json   {members, "member":[item, ...], members}
 * jsonl  one item a line; without a list the object on one line
 * csv    header and rows of the list; without a list field,value rows of the page
 * table  columns, pages of "field: value", and notes
 * A reader that went away is no error: writing then does nothing, end_item says END, and the run ends quietly.
 */
#ifndef TIDEMARK_CLI_OUTPUT_H
#define TIDEMARK_CLI_OUTPUT_H

#include "base/json.h"
#include "cli/cell.h"

struct output;
struct progress;

enum output_format { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV };

struct output_settings {
	enum output_format format;
	bool is_coloured;
	bool is_quiet;             /* no notes */
	unsigned width;            /* columns of the terminal; 0: no terminal, so no value is cut */
	struct progress *progress; /* whose line is taken away before anything is written; may be NULL */
};

/** Writes to descriptor, which stays the caller's. NO_MEMORY. */
enum status output_new(int descriptor, const struct output_settings *settings, struct output **ret_output) MUST_CHECK;
void output_free(struct output *output);

enum output_format output_get_format(const struct output *output);
/** Whether JSON is shown at all: where it costs to make, it may be left out otherwise. */
bool output_wants_json(const struct output *output);
/** Items as JSON lines where JSON or a table was asked for; before anything else. For answers of many lines
 *  to many questions. */
void output_use_lines(struct output *output);

/** The writer of the one object's members, outside of lists. Good until the next call of this file. */
struct json_writer *output_members(struct output *output);

struct output_list {
	const char *member; /* in JSON; NULL: a list within a page, for eyes only */
	const struct column *columns;
	size_t column_count;         /* at most COLUMN_MAX */
	const char *nothing;         /* what a table says of an empty list; NULL: nothing */
	const struct marker *marker; /* NULL: nothing is marked */
};

/** list must live until end_list. */
void output_begin_list(struct output *output, const struct output_list *list);
/** The writer of this item's members: its object is already begun. */
struct json_writer *output_begin_item(struct output *output);
/** cells: column_count of them; borrowed. END once nobody reads, or writing failed: stop, and let
 *  output_finish tell. */
enum status output_end_item(struct output *output, const struct cell *cells) MUST_CHECK;
void output_end_list(struct output *output);

/** A page for eyes; title may be empty. In CSV its fields are rows. */
void output_begin_page(struct output *output, struct bytes title);
/** name: as in JSON (snake_case); label: for eyes. */
void output_field(struct output *output, const char *name, const char *label, struct cell cell);
/** Between fields, tables only. */
void output_heading(struct output *output, const char *heading);
/** A sentence to the person unless quiet: below a table, beside CSV and JSON lines on standard error; JSON
 *  says it by its members. */
void output_note(struct output *output, const char *format, ...) PRINTF_LIKE(2, 3);

/** Bytes as they are, in any format and instead of all else: show --text, SARIF, man pages. On a terminal
 *  they are escaped but for line ends and tabs. */
void output_raw(struct output *output, struct bytes bytes);

/** Writes what is held back, for who reads along. */
void output_flush(struct output *output);

/** Ends the object and writes everything. NO_SPACE or BROKEN if standard output failed at any time. */
enum status output_finish(struct output *output, struct failure *reterr) MUST_CHECK;

#endif

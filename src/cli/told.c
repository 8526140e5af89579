/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/told.h"

static const struct column columns[] = {
	{.name = "id"},
	{.name = "path", .may_shrink = true, .keeps_end = true},
	{.name = "class"},
	{.name = "dated", .rank = 1},
	{.name = "size", .align = COLUMN_RIGHT, .rank = 2},
	{.name = "addresses", .align = COLUMN_RIGHT},
	{.name = "rows", .align = COLUMN_RIGHT},
	{.name = "others", .align = COLUMN_RIGHT, .rank = 2},
	{.name = "confidence"},
	{.name = "why", .rank = 4, .may_shrink = true},
};
const struct output_list told_list = {
	.member = "documents",
	.columns = columns,
	.column_count = sizeof columns / sizeof *columns,
	.nothing = "Nothing of theirs was determined.",
};

enum status told_document(void *context, const struct minimised *document)
{
	struct output *output = context;
	char id[ID_TEXT_SIZE];
	gate_write_document(document, output_begin_item(output));
	const struct cell cells[] = {
		cell_toned(cell_string(id_format(document->id, id)), TONE_DIM),
		cell_toned(cell_text(document->path), TONE_STRONG),
		cell_text(document->class),
		cell_time(document->dated),
		document->has_size ? cell_size(document->size) : cell_text(BYTES_NONE),
		cell_unsigned(document->values[FINDING_EMAIL].count),
		cell_unsigned(document->row_count),
		cell_unsigned(document->others),
		cell_string(document->is_sure ? "sure" : "likely"),
		cell_string(document->why),
	};
	return output_end_item(output, cells);
}

void told_note_sums(struct output *output, const struct lookup *lookup)
{
	output_note(output,
	            "%llu documents (%llu distinct), %llu of their addresses mentioned %llu times; %llu objects "
	            "were not read",
	            (unsigned long long)lookup->documents, (unsigned long long)lookup->distinct_documents,
	            (unsigned long long)lookup->addresses, (unsigned long long)lookup->references,
	            (unsigned long long)lookup->unseen_objects);
}

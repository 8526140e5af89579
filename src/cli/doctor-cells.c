/* SPDX-License-Identifier: Apache-2.0 */
/* One row per cell and power. tools/check-cells makes the page of ARCHITECTURE.md from the same rows. */
#include "cli/doctor-cells.h"

#include "sandbox/inventory.h"

static const struct column columns[] = {
	{.name = "cell"},
	{.name = "layer"},
	{.name = "verdict"},
	{.name = "what"},
	{.name = "when", .may_shrink = true},
	{.name = "why", .may_shrink = true},
	{.name = "is_held", .title = "HELD"},
};

static const struct output_list list = {
	.member = "powers",
	.columns = columns,
	.column_count = sizeof columns / sizeof *columns,
};

struct telling {
	struct output *output;
	unsigned unheld;
};

static bool tell_power(void *context, const struct sandbox_entry *entry)
{
	struct telling *telling = context;
	struct json_writer *json = output_begin_item(telling->output);
	json_key(json, "cell");
	json_string(json, entry->cell);
	json_key(json, "layer");
	json_string(json, entry->layer);
	json_key(json, "verdict");
	json_string(json, entry->verdict);
	json_key(json, "what");
	json_string(json, entry->what);
	json_key(json, "when");
	if (entry->when.len > 0)
		json_bytes(json, entry->when);
	else
		json_null(json);
	json_key(json, "why");
	json_string(json, entry->why);
	json_key(json, "is_held");
	json_boolean(json, entry->is_held);
	telling->unheld += !entry->is_held;
	const struct cell cells[] = {
		cell_string(entry->cell),
		cell_string(entry->layer),
		cell_string(entry->verdict),
		cell_string(entry->what),
		cell_text(entry->when),
		cell_string(entry->why),
		cell_toned(cell_boolean(entry->is_held), entry->is_held ? TONE_GOOD : TONE_BAD),
	};
	return output_end_item(telling->output, cells) != STATUS_END;
}

void doctor_tell_cells(struct session *session)
{
	struct telling telling = {.output = session->output};
	output_begin_list(session->output, &list);
	sandbox_tell(tell_power, &telling);
	output_end_list(session->output);
	if (telling.unheld > 0)
		output_note(session->output, "%u of these this kernel does not hold: see tidemark doctor", telling.unheld);
	struct json_writer *json = output_members(session->output);
	json_key(json, "unheld");
	json_unsigned(json, telling.unheld);
}

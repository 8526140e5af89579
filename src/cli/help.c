/* SPDX-License-Identifier: Apache-2.0 */
/* --help: sentences wrapped to the width, names in one column, help in the next. */
#include "cli/help.h"

#include "base/text.h"
#include "cli/planned.h"

#include <ctype.h>

enum { WIDTH_LEAST = 80, INDENT = 2, HELP_COLUMN = 30, SUMMARY_COLUMN = 18 };

const struct help_exit_code help_exit_codes[] = {
	{0, "done; an empty answer is an answer"},
	{1, "failed; probe: no target could be judged"},
	{2, "wrong usage"},
	{3, "probe: something is open"},
	{4, "done in part: some objects not fully read, or some targets not listed or judged; the summary says which"},
	{130, "interrupted; what was done is kept"},
	{0, NULL},
};

const char *help_group_title(enum command_group group)
{
	static const char *const titles[COMMAND_GROUP_COUNT] = {
		[COMMAND_FINDS] = "Find and read",
		[COMMAND_ANSWERS] = "Search and answer",
		[COMMAND_KEEPS] = "Keep and check",
		[COMMAND_HELPS] = "Help",
	};
	return titles[group];
}

static void append_blanks(struct buffer *into, size_t count)
{
	while (count-- > 0)
		buffer_append_byte(into, ' ');
}

/* Words of one paragraph, from column at on, further lines indented by indent. */
static void append_wrapped(struct buffer *into, struct bytes words, size_t at, size_t indent, unsigned width)
{
	bool is_first = true;
	while ((words = bytes_trim(words)).len > 0) {
		size_t len = bytes_find_byte(words, ' ');
		struct bytes word = bytes_slice(words, 0, len);
		size_t columns = text_width(word);
		if (!is_first && at + 1 + columns > width) {
			buffer_append_byte(into, '\n');
			append_blanks(into, indent);
			at = indent;
		} else if (!is_first) {
			buffer_append_byte(into, ' ');
			at++;
		}
		buffer_append(into, word);
		at += columns;
		is_first = false;
		words = bytes_from(words, word.len);
	}
	buffer_append_byte(into, '\n');
}

static void append_paragraphs(struct buffer *into, const char *text, unsigned width)
{
	struct bytes rest = bytes_of_string(text);
	while (rest.len > 0) {
		size_t end = bytes_find(rest, BYTES_LITERAL("\n\n"));
		buffer_append_byte(into, '\n');
		append_wrapped(into, bytes_slice(rest, 0, end), 0, 0, width);
		rest = bytes_from(rest, end == BYTES_NOT_FOUND ? rest.len : end + 2);
	}
}

static void append_entry(struct buffer *into, struct bytes name, struct bytes about, size_t column, unsigned width)
{
	append_blanks(into, INDENT);
	buffer_append(into, name);
	size_t at = INDENT + text_width(name);
	if (at + 2 > column) {
		buffer_append_byte(into, '\n');
		at = 0;
	}
	append_blanks(into, column - at);
	append_wrapped(into, about, column, column, width);
}

static void append_row(struct buffer *into, const struct option *row, unsigned width)
{
	struct buffer name = buffer_with_ceiling(4096), about = buffer_with_ceiling(64 * 1024);
	if (row->letter != 0)
		buffer_append_format(&name, "-%c, ", row->letter);
	buffer_append_format(&name, "--%s", row->name);
	if (row->kind != OPTION_FLAG)
		buffer_append_format(&name, " %s", option_value_name(row));
	option_append_help(row, &about);
	append_entry(into, buffer_bytes(&name), buffer_bytes(&about), HELP_COLUMN, width);
	buffer_free(&name);
	buffer_free(&about);
}

/* shadowed: rows that replace those of the same name; may be NULL. */
static void append_rows(struct buffer *into, const char *heading, const struct option *rows, const struct option *shadowed,
                        unsigned width)
{
	if (rows == NULL || rows->name == NULL)
		return;
	buffer_append_format(into, "\n%s:\n", heading);
	for (; rows->name != NULL; rows++)
		if (option_find(shadowed, rows->name, strlen(rows->name)) == NULL)
			append_row(into, rows, width);
}

static void append_command_line(struct buffer *into, const struct command *command, unsigned width)
{
	append_entry(into, bytes_of_string(command->name), bytes_of_string(command->summary), SUMMARY_COLUMN, width);
}

void help_append_overall(struct buffer *into, const struct command *const *registry, unsigned width)
{
	width = width < WIDTH_LEAST ? WIDTH_LEAST : width;
	buffer_append_string(into, "Usage: tidemark COMMAND [OPTION]... [OPERAND]...\n");
	append_paragraphs(into, "Finds open cloud containers, sweeps what they expose, searches, counts and answers.", width);
	for (unsigned group = 0; group < COMMAND_GROUP_COUNT; group++) {
		bool is_headed = false;
		for (const struct command *const *at = registry; *at != NULL; at++) {
			if ((unsigned)(*at)->group != group)
				continue;
			if (!is_headed)
				buffer_append_format(into, "\n%s:\n", help_group_title((enum command_group)group));
			is_headed = true;
			append_command_line(into, *at, width);
		}
	}
	append_rows(into, "Options of all commands", option_global_rows, NULL, width);
	buffer_append_string(into, "\nExit codes:\n");
	for (const struct help_exit_code *code = help_exit_codes; code->means != NULL; code++) {
		char number[8];
		struct buffer text = buffer_with_ceiling(sizeof number);
		buffer_append_format(&text, "%d", code->code);
		append_entry(into, buffer_bytes(&text), bytes_of_string(code->means), 8, width);
		buffer_free(&text);
	}
	buffer_append_string(into, "\nNot built yet, and refused by name:\n");
	for (const struct planned_command *planned = planned_commands; planned->name != NULL; planned++)
		append_entry(into, bytes_of_string(planned->name), bytes_of_string(planned->summary), SUMMARY_COLUMN, width);
	buffer_append_string(into, "\nTopics:\n");
	for (const struct topic *topic = topics; topic->name != NULL; topic++)
		append_entry(into, bytes_of_string(topic->name), bytes_of_string(topic->summary), SUMMARY_COLUMN, width);
	append_paragraphs(
		into,
		"tidemark COMMAND --help says more about a command, tidemark help TOPIC about a topic. A first try: tidemark sweep "
		"DIR, then tidemark search WORD.",
		width);
}

static void append_usage(struct buffer *into, const struct command *parent, const struct command *command)
{
	const char *before = parent != NULL ? parent->name : "", *gap = parent != NULL ? " " : "";
	if (command->execute != NULL)
		buffer_append_format(into, "Usage: tidemark %s%s%s [OPTION]...%s%s\n", before, gap, command->name,
		                     command->operands != NULL ? " " : "", command->operands != NULL ? command->operands : "");
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL; sub++)
		buffer_append_format(into, "%s tidemark %s %s [OPTION]...%s%s\n",
		                     sub == command->subcommands && command->execute == NULL ? "Usage:" : "      ", command->name,
		                     (*sub)->name, (*sub)->operands != NULL ? " " : "",
		                     (*sub)->operands != NULL ? (*sub)->operands : "");
}

static void append_examples(struct buffer *into, const struct command_example *examples, unsigned width)
{
	if (examples == NULL || examples->line == NULL)
		return;
	buffer_append_string(into, "\nExamples:\n");
	for (; examples->line != NULL; examples++) {
		buffer_append_format(into, "  tidemark %s\n", examples->line);
		append_blanks(into, 6);
		append_wrapped(into, bytes_of_string(examples->about), 6, 6, width);
	}
}

void help_append_command(struct buffer *into, const struct command *parent, const struct command *command, unsigned width)
{
	width = width < WIDTH_LEAST ? WIDTH_LEAST : width;
	append_usage(into, parent, command);
	buffer_append_byte(into, '\n');
	size_t start = into->len;
	append_wrapped(into, bytes_of_string(command->summary), 0, 0, width);
	if (into->len > start)
		into->at[start] = (unsigned char)toupper(into->at[start]);
	buffer_truncate(into, into->len - 1);
	buffer_append_string(into, ".\n");
	if (command->description != NULL)
		append_paragraphs(into, command->description, width);
	if (command->operand_help != NULL)
		append_paragraphs(into, command->operand_help, width);
	if (command->subcommands != NULL)
		buffer_append_string(into, "\nSubcommands:\n");
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL; sub++)
		append_command_line(into, *sub, width);
	append_rows(into, "Options", command->options, NULL, width);
	append_rows(into, "Options of all commands", option_global_rows, command->options, width);
	append_examples(into, command->examples, width);
	if (command->see_also != NULL) {
		buffer_append_string(into, "\nSee also: ");
		append_wrapped(into, bytes_of_string(command->see_also), 10, 10, width);
	}
}

/* ---- topics ---- */

struct topic_text {
	struct buffer *into;
	unsigned width;
};

static void write_heading(void *context, const char *heading)
{
	struct topic_text *text = context;
	buffer_append_format(text->into, "\n%s:\n", heading);
}

static void write_paragraph(void *context, const char *paragraph)
{
	struct topic_text *text = context;
	append_paragraphs(text->into, paragraph, text->width);
}

static void write_term(void *context, const char *term, const char *means)
{
	struct topic_text *text = context;
	append_entry(text->into, bytes_of_string(term), bytes_of_string(means), SUMMARY_COLUMN + 4, text->width);
}

void help_append_topic(struct buffer *into, const struct topic *topic, unsigned width)
{
	struct topic_text text = {into, width < WIDTH_LEAST ? WIDTH_LEAST : width};
	buffer_append_format(into, "%s: %s\n", topic->name, topic->summary);
	topic->write(&(struct topic_page){write_heading, write_paragraph, write_term, &text});
}

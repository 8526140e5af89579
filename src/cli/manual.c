/* SPDX-License-Identifier: Apache-2.0 */
/* Man pages: man(7) macros, no date, so that one source gives one page. */
#include "cli/help.h"

#include <ctype.h>

/* Nothing of ours is taken for a request or an escape; a hyphen is a minus, so that options can be copied. */
static void append_escaped(struct buffer *into, const char *text)
{
	bool at_start = into->len == 0 || into->at[into->len - 1] == '\n';
	for (; *text != '\0'; text++) {
		if (at_start && (*text == '.' || *text == '\''))
			buffer_append_string(into, "\\&");
		if (*text == '\\')
			buffer_append_string(into, "\\e");
		else if (*text == '-')
			buffer_append_string(into, "\\-");
		else
			buffer_append_byte(into, (unsigned char)*text);
		at_start = *text == '\n';
	}
}

static void append_sentence(struct buffer *into, const char *text)
{
	size_t start = into->len;
	append_escaped(into, text);
	if (into->len > start)
		into->at[start] = (unsigned char)toupper(into->at[start]);
	buffer_append_string(into, ".\n");
}

static void append_upper(struct buffer *into, const char *text)
{
	for (; *text != '\0'; text++)
		buffer_append_byte(into, (unsigned char)toupper((unsigned char)*text));
}

static void append_paragraphs(struct buffer *into, const char *text)
{
	struct bytes rest = bytes_of_string(text);
	while (rest.len > 0) {
		size_t end = bytes_find(rest, BYTES_LITERAL("\n\n"));
		struct buffer part = buffer_with_ceiling(64 * 1024);
		buffer_append(&part, bytes_slice(rest, 0, end));
		buffer_append_string(into, ".PP\n");
		append_escaped(into, buffer_string(&part));
		buffer_append_byte(into, '\n');
		buffer_free(&part);
		rest = bytes_from(rest, end == BYTES_NOT_FOUND ? rest.len : end + 2);
	}
}

static void append_rows(struct buffer *into, const struct option *rows, const struct option *shadowed)
{
	struct buffer about = buffer_with_ceiling(64 * 1024);
	for (; rows != NULL && rows->name != NULL; rows++) {
		if (option_find(shadowed, rows->name, strlen(rows->name)) != NULL)
			continue;
		buffer_append_string(into, ".TP\n");
		if (rows->letter != 0)
			buffer_append_format(into, "\\fB\\-%c\\fR, ", rows->letter);
		buffer_append_string(into, "\\fB\\-\\-");
		append_escaped(into, rows->name);
		buffer_append_string(into, "\\fR");
		if (rows->kind != OPTION_FLAG) {
			buffer_append_string(into, " \\fI");
			append_escaped(into, option_value_name(rows));
			buffer_append_string(into, "\\fR");
		}
		buffer_append_byte(into, '\n');
		buffer_reset(&about);
		option_append_help(rows, &about);
		append_sentence(into, buffer_string(&about));
	}
	buffer_free(&about);
}

static void append_synopsis(struct buffer *into, const struct command *parent, const struct command *command)
{
	buffer_append_string(into, ".br\n.B tidemark ");
	if (parent != NULL)
		buffer_append_format(into, "%s ", parent->name);
	append_escaped(into, command->name);
	buffer_append_string(into, "\n[\\fIOPTION\\fR]...");
	if (command->operands != NULL) {
		buffer_append_string(into, " \\fI");
		append_escaped(into, command->operands);
		buffer_append_string(into, "\\fR");
	}
	buffer_append_byte(into, '\n');
}

static void append_subcommand(struct buffer *into, const struct command *command)
{
	buffer_append_string(into, ".SS ");
	append_escaped(into, command->name);
	if (command->operands != NULL) {
		buffer_append_byte(into, ' ');
		append_escaped(into, command->operands);
	}
	buffer_append_byte(into, '\n');
	append_sentence(into, command->summary);
	if (command->description != NULL)
		append_paragraphs(into, command->description);
	append_rows(into, command->options, NULL);
}

static void append_examples(struct buffer *into, const struct command_example *examples)
{
	if (examples == NULL || examples->line == NULL)
		return;
	buffer_append_string(into, ".SH EXAMPLES\n");
	for (; examples->line != NULL; examples++) {
		buffer_append_string(into, ".TP\n.B tidemark ");
		append_escaped(into, examples->line);
		buffer_append_byte(into, '\n');
		append_sentence(into, examples->about);
	}
}

static void append_exit_status(struct buffer *into)
{
	buffer_append_string(into, ".SH EXIT STATUS\n");
	for (const struct help_exit_code *code = help_exit_codes; code->means != NULL; code++) {
		buffer_append_format(into, ".TP\n%d\n", code->code);
		append_sentence(into, code->means);
	}
}

static void append_name(struct buffer *into, const char *name, unsigned section, const char *summary)
{
	buffer_append_string(into, ".TH TIDEMARK");
	if (name[0] != '\0') {
		buffer_append_string(into, "\\-");
		append_upper(into, name);
	}
	buffer_append_format(into, " %u \"\" \"tidemark " TIDEMARK_VERSION "\" \"Tidemark\"\n.SH NAME\ntidemark", section);
	if (name[0] != '\0') {
		buffer_append_string(into, "\\-");
		append_escaped(into, name);
	}
	buffer_append_string(into, " \\- ");
	append_escaped(into, summary);
	buffer_append_byte(into, '\n');
}

static void append_head(struct buffer *into, const char *name, const char *summary)
{
	append_name(into, name, 1, summary);
	buffer_append_string(into, ".SH SYNOPSIS\n");
}

static void append_see_also(struct buffer *into, const char *names)
{
	struct bytes rest = bytes_of_string(names);
	buffer_append_string(into, ".SH SEE ALSO\n.BR tidemark (1)");
	while (rest.len > 0) {
		size_t end = bytes_find_byte(rest, ',');
		struct bytes name = bytes_trim(bytes_slice(rest, 0, end));
		buffer_append_format(into, ",\n.BR tidemark\\-%.*s (1)", (int)name.len, (const char *)name.at);
		rest = bytes_from(rest, end == BYTES_NOT_FOUND ? rest.len : end + 1);
	}
	buffer_append_byte(into, '\n');
}

static void append_overview(struct buffer *into, const struct command *const *registry)
{
	append_head(into, "", "find open cloud containers, sweep what they expose, search, count and answer");
	buffer_append_string(into, ".B tidemark\n\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIOPERAND\\fR]...\n.SH COMMANDS\n");
	for (; *registry != NULL; registry++) {
		buffer_append_string(into, ".TP\n.BR tidemark\\-");
		append_escaped(into, (*registry)->name);
		buffer_append_string(into, " (1)\n");
		append_sentence(into, (*registry)->summary);
	}
	buffer_append_string(into, ".SH TOPICS\n");
	for (const struct topic *topic = topics; topic->name != NULL; topic++) {
		buffer_append_string(into, ".TP\n.BR tidemark\\-");
		append_escaped(into, topic->name);
		buffer_append_string(into, " (7)\n");
		append_sentence(into, topic->summary);
	}
	buffer_append_string(into, ".SH OPTIONS\n");
	append_rows(into, option_global_rows, NULL);
	append_exit_status(into);
	buffer_append_string(into, ".SH FILES\n.TP\n.I $XDG_CONFIG_HOME/tidemark/config.yaml\nSettings of the user.\n.TP\n"
	                           ".I /etc/tidemark/config.yaml\nSettings of the machine.\n.TP\n.I $XDG_DATA_HOME/tidemark\n"
	                           "The catalog; its key lies beside it, in \\fItidemark.key\\fR.\n");
}

void manual_append_page(struct buffer *into, const struct command *const *registry, const struct command *command)
{
	if (command == NULL) {
		append_overview(into, registry);
		return;
	}
	append_head(into, command->name, command->summary);
	if (command->execute != NULL)
		append_synopsis(into, NULL, command);
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL; sub++)
		append_synopsis(into, command, *sub);
	buffer_append_string(into, ".SH DESCRIPTION\n");
	append_sentence(into, command->summary);
	if (command->description != NULL)
		append_paragraphs(into, command->description);
	if (command->operand_help != NULL)
		append_paragraphs(into, command->operand_help);
	if (command->subcommands != NULL)
		buffer_append_string(into, ".SH SUBCOMMANDS\n");
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL; sub++)
		append_subcommand(into, *sub);
	if (command->options != NULL && command->options->name != NULL)
		buffer_append_string(into, ".SH OPTIONS\n");
	append_rows(into, command->options, NULL);
	buffer_append_string(into, ".SH OPTIONS OF ALL COMMANDS\n");
	append_rows(into, option_global_rows, command->options);
	append_examples(into, command->examples);
	append_exit_status(into);
	append_see_also(into, command->see_also != NULL ? command->see_also : "");
}

/* ---- topics ---- */

static void write_heading(void *into, const char *heading)
{
	buffer_append_string(into, ".SS ");
	append_escaped(into, heading);
	buffer_append_byte(into, '\n');
}

static void write_paragraph(void *into, const char *paragraph)
{
	append_paragraphs(into, paragraph);
}

static void write_term(void *into, const char *term, const char *means)
{
	buffer_append_string(into, ".TP\n.B ");
	append_escaped(into, term);
	buffer_append_byte(into, '\n');
	append_sentence(into, means);
}

void manual_append_topic(struct buffer *into, const struct topic *topic)
{
	append_name(into, topic->name, 7, topic->summary);
	buffer_append_string(into, ".SH DESCRIPTION\n");
	topic->write(&(struct topic_page){write_heading, write_paragraph, write_term, into});
	append_see_also(into, "");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over the words; each is an option, a command, a subcommand or an operand. */
#include "cli/arguments.h"

#include "base/suggestion.h"
#include "cli/planned.h"

#include <stdio.h>

struct parser {
	char *const *words;
	int next, count;
	const struct command *const *registry;
	struct arguments *result;
	bool is_ended; /* -- was met */
	struct failure *reterr;
};

static enum status refuse(struct parser *parser, const char *word, const char *why)
{
	return fail(parser->reterr, STATUS_USAGE, word, "%s", why);
}

/* ---- commands and operands ---- */

static enum status refuse_command(struct parser *parser, const char *word, const struct command *const *among, const char *what,
                                  const char *help)
{
	if (planned_has(parser->result->command != NULL ? parser->result->command->name : NULL, word))
		return fail(parser->reterr, STATUS_USAGE, word, "is not built yet; tidemark --help lists what is");
	struct suggestion suggestion = suggestion_for(word);
	for (; among != NULL && *among != NULL; among++)
		suggestion_consider(&suggestion, (*among)->name);
	if (suggestion.nearest != NULL)
		return fail(parser->reterr, STATUS_USAGE, word, "there is no such %s; did you mean %s?", what,
		            suggestion.nearest);
	return fail(parser->reterr, STATUS_USAGE, word, "there is no such %s; %s lists them", what, help);
}

static enum status take_command(struct parser *parser, const char *word)
{
	parser->result->command = command_find(parser->registry, word);
	if (parser->result->command != NULL)
		return STATUS_OK;
	return refuse_command(parser, word, parser->registry, "command", "tidemark --help");
}

static bool awaits_subcommand(const struct parser *parser)
{
	const struct arguments *result = parser->result;
	return result->command->subcommands != NULL && result->parent == NULL && result->operand_count == 0 && !parser->is_ended;
}

static enum status take_word(struct parser *parser, const char *word)
{
	struct arguments *result = parser->result;
	if (result->command == NULL)
		return take_command(parser, word);
	if (awaits_subcommand(parser)) {
		const struct command *found = command_find(result->command->subcommands, word);
		if (found != NULL) {
			result->parent = result->command;
			result->command = found;
			return STATUS_OK;
		}
		char help[64];
		snprintf(help, sizeof help, "tidemark %s --help", result->command->name);
		if (result->command->operands_max == 0)
			return refuse_command(parser, word, result->command->subcommands, "subcommand", help);
	}
	if (result->parent == NULL && result->operand_count == 0 && !parser->is_ended && planned_has(result->command->name, word))
		return fail(parser->reterr, STATUS_USAGE, word, "is not built yet; tidemark --help lists what is");
	result->operands[result->operand_count++] = word;
	return STATUS_OK;
}

/* ---- options ---- */

static void take_option(struct parser *parser, const struct option *row, const char *value)
{
	struct arguments *result = parser->result;
	result->given[result->given_count++] = (struct argument){.name = row->name, .value = value};
	if (row->kind == OPTION_FLAG && strcmp(row->name, "help") == 0)
		result->wants_help = true;
	if (row->kind == OPTION_FLAG && strcmp(row->name, "version") == 0)
		result->wants_version = true;
}

static void consider_rows(struct suggestion *suggestion, const struct option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		suggestion_consider(suggestion, rows->name);
}

/* Whether some command or subcommand has it: then it stands in the wrong place. */
static const struct command *find_owner(const struct command *const *commands, const char *name, size_t len)
{
	for (; commands != NULL && *commands != NULL; commands++) {
		if (option_find((*commands)->options, name, len) != NULL)
			return *commands;
		const struct command *below = find_owner((*commands)->subcommands, name, len);
		if (below != NULL)
			return below;
	}
	return NULL;
}

static enum status refuse_option(struct parser *parser, const char *word, const char *name, size_t len)
{
	const struct command *command = parser->result->command;
	char written[64];
	snprintf(written, sizeof written, "%.*s", (int)(len < 48 ? len : 48), name);
	const struct command *owner = find_owner(command == NULL ? parser->registry : command->subcommands, name, len);
	if (owner != NULL)
		return fail(parser->reterr, STATUS_USAGE, word, "is an option of %s; write it behind that word", owner->name);
	struct suggestion suggestion = suggestion_for(written);
	consider_rows(&suggestion, option_global_rows);
	consider_rows(&suggestion, command != NULL ? command->options : NULL);
	if (suggestion.nearest != NULL)
		return fail(parser->reterr, STATUS_USAGE, word, "there is no such option; did you mean --%s?",
		            suggestion.nearest);
	return fail(parser->reterr, STATUS_USAGE, word, "there is no such option; tidemark%s%s --help lists them",
	            command != NULL ? " " : "", command != NULL ? command->name : "");
}

static enum status take_next_as_value(struct parser *parser, const struct option *row, const char *word)
{
	if (parser->next >= parser->count)
		return fail(parser->reterr, STATUS_USAGE, word, "needs a value: %s", option_value_name(row));
	take_option(parser, row, parser->words[parser->next++]);
	return STATUS_OK;
}

static enum status take_long(struct parser *parser, const char *word)
{
	const char *name = word + 2;
	size_t len = strcspn(name, "=");
	const struct option *row = command_option(parser->result->command, name, len);
	if (row == NULL)
		return refuse_option(parser, word, name, len);
	if (name[len] == '=' && row->kind == OPTION_FLAG && row->is_not_configured)
		return refuse(parser, word, "takes no value");
	if (name[len] == '=') {
		take_option(parser, row, name + len + 1);
		return STATUS_OK;
	}
	if (row->kind != OPTION_FLAG)
		return take_next_as_value(parser, row, word);
	take_option(parser, row, NULL);
	return STATUS_OK;
}

static enum status take_short(struct parser *parser, const char *word)
{
	const struct command *command = parser->result->command;
	const struct option *row = command_option_letter(command, word[1]);
	bool is_alone = word[2] == '\0';
	if (row != NULL && row->kind == OPTION_FLAG && is_alone) {
		take_option(parser, row, NULL);
		return STATUS_OK;
	}
	if (row != NULL && row->kind != OPTION_FLAG) {
		if (is_alone)
			return take_next_as_value(parser, row, word);
		take_option(parser, row, word + 2);
		return STATUS_OK;
	}
	if (command != NULL && command->takes_dash_words)
		return take_word(parser, word);
	return refuse_option(parser, word, word + 1, strcspn(word + 1, "="));
}

static enum status take_any(struct parser *parser, const char *word)
{
	if (parser->is_ended || word[0] != '-' || word[1] == '\0')
		return take_word(parser, word);
	if (strcmp(word, "--") == 0) {
		parser->is_ended = true;
		return STATUS_OK;
	}
	return word[1] == '-' ? take_long(parser, word) : take_short(parser, word);
}

/* ---- the whole ---- */

static enum status refuse_without_subcommand(struct parser *parser)
{
	const struct command *command = parser->result->command;
	struct buffer names = buffer_with_ceiling(4096);
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL; sub++)
		buffer_append_format(&names, "%s%s",
		                     sub == command->subcommands ? ""
		                     : sub[1] == NULL            ? " or "
		                                                 : ", ",
		                     (*sub)->name);
	enum status status = fail(parser->reterr, STATUS_USAGE, "SUBCOMMAND", "is missing: %s", buffer_string(&names));
	buffer_free(&names);
	return status;
}

static enum status check_operands(struct parser *parser)
{
	const struct arguments *result = parser->result;
	const struct command *command = result->command;
	if (command == NULL)
		return STATUS_OK;
	if (command->execute == NULL)
		return refuse_without_subcommand(parser);
	if (result->operand_count < command->operands_min)
		return fail(parser->reterr, STATUS_USAGE, command->operands, "is missing; write tidemark %s%s%s %s",
		            result->parent != NULL ? result->parent->name : "", result->parent != NULL ? " " : "", command->name,
		            command->operands);
	if (result->operand_count > command->operands_max)
		return refuse(parser, result->operands[command->operands_max], "is one word too many");
	return STATUS_OK;
}

enum status arguments_parse(int argc, char *const *argv, const struct command *const *registry, struct arena *arena,
                            struct arguments *arguments, struct failure *reterr)
{
	size_t room = argc > 0 ? (size_t)argc : 1;
	struct arguments result = {
		.given = arena_allocate(arena, room * sizeof *result.given),
		.operands = arena_allocate(arena, room * sizeof *result.operands),
	};
	struct parser parser = {
		.words = argv,
		.next = 1,
		.count = argc,
		.registry = registry,
		.result = &result,
		.reterr = reterr,
	};
	if (result.given == NULL || result.operands == NULL)
		return fail(reterr, STATUS_NO_MEMORY, "", "no memory for the command line");
	enum status status = STATUS_OK;
	while (status == STATUS_OK && parser.next < parser.count)
		status = take_any(&parser, argv[parser.next++]);
	if (status == STATUS_OK && !result.wants_help && !result.wants_version)
		status = check_operands(&parser);
	*arguments = result;
	return status;
}

const char *arguments_command_line(const struct arguments *arguments, struct arena *arena)
{
	if (arguments->command == NULL)
		return NULL;
	if (arguments->parent == NULL)
		return arguments->command->name;
	struct buffer line = buffer_with_ceiling(256);
	buffer_append_format(&line, "%s %s", arguments->parent->name, arguments->command->name);
	const char *copy = arena_copy_string(arena, buffer_bytes(&line));
	buffer_free(&line);
	return copy;
}

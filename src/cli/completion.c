/* SPDX-License-Identifier: Apache-2.0 */
/* One bash function without helpers: words so far, then what may stand here. */
#include "cli/help.h"

static void append_names(struct buffer *into, const struct option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		buffer_append_format(into, " --%s", rows->name);
}

static void append_value_patterns(struct buffer *into, const struct option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (rows->kind != OPTION_FLAG)
			buffer_append_format(into, "|--%s", rows->name);
}

/* Options that take a value are passed over with it, so that the command is found. */
static void append_word_loop(struct buffer *into, const struct command *const *registry)
{
	buffer_append_string(into, "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tcase ${COMP_WORDS[i]} in\n\t\t--%");
	append_value_patterns(into, option_global_rows);
	for (; *registry != NULL; registry++) {
		append_value_patterns(into, (*registry)->options);
		for (const struct command *const *sub = (*registry)->subcommands; sub != NULL && *sub != NULL; sub++)
			append_value_patterns(into, (*sub)->options);
	}
	buffer_append_string(into, ") ((i++)) ;;\n\t\t-*) ;;\n"
	                           "\t\t*) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; elif [[ -z $sub ]]; then "
	                           "sub=${COMP_WORDS[i]}; fi ;;\n\t\tesac\n\tdone\n");
}

static void append_choices(struct buffer *into, const char *choices)
{
	for (; *choices != '\0'; choices++)
		buffer_append_byte(into, *choices == '|' ? ' ' : (unsigned char)*choices);
}

static void append_value_cases(struct buffer *into, const char *command, const struct option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++) {
		if (rows->kind == OPTION_FLAG)
			continue;
		buffer_append_format(into, "\t%s:--%s) ", command, rows->name);
		if (rows->kind == OPTION_PATH) {
			buffer_append_string(into, "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$cur\"))");
		} else if (rows->kind == OPTION_CHOICE) {
			buffer_append_string(into, "COMPREPLY=($(compgen -W '");
			append_choices(into, rows->choices);
			buffer_append_string(into, "' -- \"$cur\"))");
		} else {
			buffer_append_string(into, "COMPREPLY=()");
		}
		buffer_append_string(into, "; return ;;\n");
	}
}

static void append_command_cases(struct buffer *into, const struct command *command)
{
	append_value_cases(into, command->name, command->options);
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL; sub++)
		append_value_cases(into, command->name, (*sub)->options);
}

static void append_word_case(struct buffer *into, const struct command *command)
{
	buffer_append_format(into, "\t%s) words+='", command->name);
	append_names(into, command->options);
	for (const struct command *const *sub = command->subcommands; sub != NULL && *sub != NULL; sub++)
		append_names(into, (*sub)->options);
	buffer_append_string(into, "'");
	if (command->subcommands != NULL) {
		buffer_append_string(into, "; [[ -z $sub ]] && words+='");
		for (const struct command *const *sub = command->subcommands; *sub != NULL; sub++)
			buffer_append_format(into, " %s", (*sub)->name);
		buffer_append_string(into, "'");
	}
	buffer_append_string(into, " ;;\n");
}

void completion_append_bash(struct buffer *into, const struct command *const *registry)
{
	buffer_append_string(into, "# bash completion for tidemark, made from its option rows\n_tidemark()\n{\n"
	                           "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= sub= i words=\n"
	                           "\tCOMPREPLY=()\n");
	append_word_loop(into, registry);
	buffer_append_string(into, "\tcase $command:$prev in\n");
	for (const struct command *const *at = registry; *at != NULL; at++)
		append_command_cases(into, *at);
	append_value_cases(into, "*", option_global_rows);
	buffer_append_string(into, "\tesac\n\twords='");
	append_names(into, option_global_rows);
	buffer_append_string(into, "'\n\tcase $command in\n\t'') words+='");
	for (const struct command *const *at = registry; *at != NULL; at++)
		buffer_append_format(into, " %s", (*at)->name);
	buffer_append_string(into, "' ;;\n");
	for (const struct command *const *at = registry; *at != NULL; at++)
		append_word_case(into, *at);
	buffer_append_string(into, "\tesac\n\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	                           "\telse\n\t\tCOMPREPLY=($(compgen -X '-*' -W \"$words\" -- \"$cur\"))\n\tfi\n"
	                           "\tif [[ -n $command && ${#COMPREPLY[@]} -eq 0 && $cur != -* ]]; then\n"
	                           "\t\tcompopt -o filenames 2>/dev/null\n\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\n"
	                           "complete -F _tidemark tidemark\n");
}

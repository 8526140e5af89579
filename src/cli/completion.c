/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bash: one function without helpers: words so far, then what may stand here. zsh runs the same function. fish: a
 * line for each word and option. What only the catalog knows (names of incidents) is asked of tidemark itself.
 */
#include "cli/help.h"

#include "answer/question.h"
#include "model/document-class.h"
#include "model/media-family.h"
#include "model/outcome.h"

#include <stdio.h>

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

/* One a line. */
#define INCIDENTS "tidemark incidents --format csv 2>/dev/null | tail -n +2 | cut -d, -f1"

static void append_value_cases(struct buffer *into, const char *command, const struct option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++) {
		if (rows->kind == OPTION_FLAG)
			continue;
		buffer_append_format(into, "\t%s:--%s) ", command, rows->name);
		if (strcmp(rows->name, "incident") == 0) {
			buffer_append_string(into, "COMPREPLY=($(compgen -W \"$(" INCIDENTS ")\" -- \"$cur\"))");
		} else if (rows->kind == OPTION_PATH) {
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

/* ---- queries ---- */

static void append_outcomes(struct buffer *into)
{
	for (enum outcome outcome = OUTCOME_READ; outcome < OUTCOME_COUNT; outcome++)
		buffer_append_format(into, "%s ", outcome_name(outcome));
	buffer_append_string(into, "unread failed skipped");
}

static void append_classes(struct buffer *into)
{
	for (enum document_class class = CLASS_INVOICE; class < CLASS_COUNT; class ++)
		buffer_append_format(into, "%s%s", class > CLASS_INVOICE ? " " : "", document_class_name(class));
}

static void append_families(struct buffer *into)
{
	for (const struct media_family *family = media_families; family->name != NULL; family++)
		buffer_append_format(into, "%s%s", family > media_families ? " " : "", family->name);
}

/* The closed lists that stand behind fields of a query. */
static const struct {
	const char *field;
	void (*append)(struct buffer *into);
} closed_fields[] = {{"outcome", append_outcomes}, {"class", append_classes}, {"type", append_families}};
enum { CLOSED_FIELDS = sizeof closed_fields / sizeof *closed_fields };

static void append_field_names(struct buffer *into)
{
	char name[64];
	for (size_t i = 0; question_field_at(i, name, sizeof name) != NULL; i++)
		buffer_append_format(into, " %.*s", (int)(strcspn(name, ":") + 1), name);
}

/* A colon parts words in bash as it comes: then what is behind it is the word, else it is given back with the field. */
static void append_query_case(struct buffer *into)
{
	buffer_append_string(into, "\tif [[ $command == search ]]; then\n\t\tlocal word=${COMP_LINE:0:$COMP_POINT} field= rest=\n"
	                           "\t\tword=${word##*[ \\'\\\"]}\n\t\tcase $word in\n");
	for (size_t i = 0; i < CLOSED_FIELDS; i++) {
		buffer_append_format(into, "\t\t%s:*) field=%s rest='", closed_fields[i].field, closed_fields[i].field);
		closed_fields[i].append(into);
		buffer_append_string(into, "' ;;\n");
	}
	buffer_append_string(into,
	                     "\t\tesac\n\t\tif [[ -n $field ]]; then\n\t\t\tlocal before=\n"
	                     "\t\t\t[[ $COMP_WORDBREAKS == *:* ]] || before=$field:\n"
	                     "\t\t\tCOMPREPLY=($(compgen -P \"$before\" -W \"$rest\" -- \"${word#*:}\"))\n\t\t\treturn\n\t\tfi\n"
	                     "\t\twords+='");
	append_field_names(into);
	buffer_append_string(into, "'\n\t\t[[ -n $word && $cur != -* ]] && compopt -o nospace 2>/dev/null\n\tfi\n");
}

/* ---- shells ---- */

void completion_append_bash(struct buffer *into, const struct command *const *registry)
{
	buffer_append_string(into,
	                     "# bash completion for tidemark, made from its option rows\n_tidemark()\n{\n"
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
	buffer_append_string(into, "\tesac\n");
	append_query_case(into);
	buffer_append_string(into, "\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	                           "\telse\n\t\tCOMPREPLY=($(compgen -X '-*' -W \"$words\" -- \"$cur\"))\n\tfi\n"
	                           "\tif [[ -n $command && ${#COMPREPLY[@]} -eq 0 && $cur != -* ]]; then\n"
	                           "\t\tcompopt -o filenames 2>/dev/null\n\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\n"
	                           "complete -F _tidemark tidemark\n");
}

/* Its way to bash's completion knows no compopt, and autoloading runs a file once before what it defines. */
void completion_append_zsh(struct buffer *into, const struct command *const *registry)
{
	buffer_append_string(into, "#compdef tidemark\nautoload -U +X bashcompinit && bashcompinit\n");
	completion_append_bash(into, registry);
	buffer_append_string(into, "_tidemark_words()\n{\n"
	                           "\tif (( ${words[(I)search]} > 1 )) && [[ ${words[CURRENT]} != (-*|*:*) ]]; then\n"
	                           "\t\t_bash_complete -o nospace -F _tidemark\n"
	                           "\telse\n\t\t_bash_complete -F _tidemark\n\tfi\n}\n"
	                           "compdef _tidemark_words tidemark\n"
	                           "if [[ ${funcstack[1]} == _tidemark ]]; then _tidemark_words; fi\n");
}

/* Within single quotes fish takes only these two otherwise. */
static void append_fish_quoted(struct buffer *into, const char *text)
{
	buffer_append_byte(into, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			buffer_append_byte(into, '\\');
		buffer_append_byte(into, (unsigned char)*text);
	}
	buffer_append_byte(into, '\'');
}

static void append_fish_options(struct buffer *into, const char *command, const struct option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++) {
		buffer_append_string(into, "complete -c tidemark");
		if (command != NULL)
			buffer_append_format(into, " -n '__fish_seen_subcommand_from %s'", command);
		buffer_append_format(into, " -l %s", rows->name);
		if (rows->letter != 0)
			buffer_append_format(into, " -s %c", rows->letter);
		if (strcmp(rows->name, "incident") == 0) {
			buffer_append_string(into, " -x -a '(" INCIDENTS ")'");
		} else if (rows->kind == OPTION_CHOICE) {
			buffer_append_string(into, " -x -a '");
			append_choices(into, rows->choices);
			buffer_append_byte(into, '\'');
		} else if (rows->kind == OPTION_PATH) {
			buffer_append_string(into, " -r -F");
		} else if (rows->kind != OPTION_FLAG) {
			buffer_append_string(into, " -x");
		}
		buffer_append_string(into, " -d ");
		append_fish_quoted(into, rows->help);
		buffer_append_byte(into, '\n');
	}
}

static void append_fish_query(struct buffer *into)
{
	struct buffer values = buffer_with_ceiling(16 * 1024);
	append_field_names(&values);
	buffer_append_format(into, "complete -c tidemark -n '__fish_seen_subcommand_from search' -f -a '%s'\n",
	                     buffer_string(&values));
	for (size_t i = 0; i < CLOSED_FIELDS; i++) {
		buffer_reset(&values);
		closed_fields[i].append(&values);
		buffer_append_string(into, "complete -c tidemark -n '__fish_seen_subcommand_from search' -f -a '");
		for (struct bytes rest = buffer_bytes(&values); rest.len > 0;) {
			struct bytes value = bytes_slice(rest, 0, bytes_find_byte(rest, ' '));
			buffer_append_format(into, "%s:%.*s ", closed_fields[i].field, (int)value.len, (const char *)value.at);
			rest = bytes_from(rest, value.len < rest.len ? value.len + 1 : rest.len);
		}
		buffer_append_string(into, "'\n");
	}
	buffer_free(&values);
}

void completion_append_fish(struct buffer *into, const struct command *const *registry)
{
	buffer_append_string(into, "# fish completion for tidemark, made from its option rows\n");
	append_fish_options(into, NULL, option_global_rows);
	struct buffer commands = buffer_with_ceiling(16 * 1024);
	for (const struct command *const *at = registry; *at != NULL; at++)
		buffer_append_format(&commands, " %s", (*at)->name);
	for (; *registry != NULL; registry++) {
		buffer_append_format(into, "complete -c tidemark -n 'not __fish_seen_subcommand_from%s' -f -a %s -d ",
		                     buffer_string(&commands), (*registry)->name);
		append_fish_quoted(into, (*registry)->summary);
		buffer_append_byte(into, '\n');
		append_fish_options(into, (*registry)->name, (*registry)->options);
		for (const struct command *const *sub = (*registry)->subcommands; sub != NULL && *sub != NULL; sub++) {
			buffer_append_format(into, "complete -c tidemark -n '__fish_seen_subcommand_from %s' -a %s -d ",
			                     (*registry)->name, (*sub)->name);
			append_fish_quoted(into, (*sub)->summary);
			buffer_append_byte(into, '\n');
			append_fish_options(into, (*sub)->name, (*sub)->options);
		}
	}
	append_fish_query(into);
	buffer_free(&commands);
}

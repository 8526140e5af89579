/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command is one const struct on top of cmd-NAME.c; help, man pages,
 * completion and dispatch read nothing else. The registry is made from the
 * list of commands in meson.build: the struct of cmd-NAME.c is named
 * command_NAME, with _ for -. Subcommands are commands too, in the same file.
 */
#ifndef TIDEMARK_CLI_COMMAND_H
#define TIDEMARK_CLI_COMMAND_H

#include "base/status.h"
#include "cli/option.h"

struct session;

enum command_catalog {
	COMMAND_WITHOUT_CATALOG, /* opens none, or later by session_open_catalog */
	COMMAND_READS_CATALOG,   /* must be there. With journal: appends, or reads and warns where that cannot be */
	COMMAND_WRITES_CATALOG   /* must be there, opened to append */
};

enum command_group { COMMAND_FINDS, COMMAND_ANSWERS, COMMAND_KEEPS, COMMAND_HELPS };

struct command_example {
	const char *line;  /* without "tidemark "; NULL ends the examples */
	const char *about; /* what it is for, no full stop */
};

#define COMMAND_ANY_NUMBER 0xFFFFFFFFu

struct command {
	const char *name;
	enum command_group group;
	const char *summary;     /* one line, no full stop, begins with a verb */
	const char *description; /* paragraphs, an empty line between them; may be NULL */
	const char *operands;    /* as usage shows them: "TARGET..."; NULL: none */
	unsigned operands_min, operands_max;
	const char *operand_help;                 /* a sentence on the operands; may be NULL */
	const struct option *options;             /* ended by a row without name; one named like a global row wins */
	const struct command_example *examples;   /* may be NULL */
	const char *see_also;                     /* names of commands: "sweep, search"; may be NULL */
	const struct command *const *subcommands; /* ended by NULL; may be NULL */
	enum command_catalog catalog;
	bool opens_incident;        /* the one --incident names, to read; ABSENT if it is not there */
	const char *journal;        /* verb under which a run is journalled before it answers; NULL: not */
	bool takes_dash_words;      /* words with one dash that are no option are operands (search -word) */
	bool catches_interrupt;     /* asks interrupt_is_asked(); else Ctrl-C ends it at once with 130 */
	bool ignores_configuration; /* reads no configuration file */
	/* Answers through session->output. Any status but OK is shown as an error and becomes the exit code: USAGE 2,
	 * INTERRUPTED 130, others 1; session->exit_code counts with OK. NULL: only subcommands can be run. */
	enum status (*execute)(struct session *session, struct failure *reterr);
};

/* Made by the build: all commands in the order of meson.build, then NULL. */
extern const struct command *const command_registry[];

/** NULL if there is none of that name. */
const struct command *command_find(const struct command *const *commands, const char *name);
/** The row the command knows under that name: its own, or one of all commands; NULL if there is none. */
const struct option *command_option(const struct command *command, const char *name, size_t len);
const struct option *command_option_letter(const struct command *command, char letter);

#endif

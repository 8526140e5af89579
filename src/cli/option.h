/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Option rows: the master copy of what a command can be told. One row yields
 * parsing, validation, --help, the man page, shell completion and the key of
 * the configuration file. Anything unstated in a row is zero and means "no".
 *
 * Quantities: a size is bytes, or a number with k, M, G, T (powers of 1024;
 * KiB, MiB, ... are the same), kB, MB, GB, TB (powers of 1000). A rate is a
 * number, per second, or with /s or /min. A share is a count, or a percentage.
 */
#ifndef TIDEMARK_CLI_OPTION_H
#define TIDEMARK_CLI_OPTION_H

#include "base/arena.h"
#include "base/buffer.h"

enum option_kind {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_CHOICE,   /* one of choices */
	OPTION_UNSIGNED, /* low .. high */
	OPTION_SIZE,     /* bytes, low .. high */
	OPTION_SHARE,    /* N, or P% */
	OPTION_RATE,     /* per second, above 0, at most high */
	OPTION_DAYS,     /* low .. high; 90 or 90d */
	OPTION_PATH,     /* not empty; ~/ is the home directory in a configuration file */
	OPTION_LIST      /* text, may be given again and again */
};

struct option {
	const char *name; /* without its dashes; NULL ends the rows */
	char letter;      /* -q; 0: none */
	enum option_kind kind;
	const char *value;          /* how help names the value: DIR, SIZE; NULL for flags and choices */
	const char *choices;        /* table|json|jsonl|csv */
	uint64_t low, high;         /* inclusive; high 0: no upper bound */
	const char *standard;       /* the default, as a person would write it; NULL: unset */
	const char *unit;           /* of the value, for help: "requests a second" */
	const char *environment;    /* a variable that gives the value; NULL: none */
	bool is_not_configured;     /* may not stand in a configuration file */
	bool is_planned;            /* named by the interface, not built yet: refused by name */
	const char *planned_choice; /* likewise one choice of it */
	const char *help;           /* a sentence without its full stop */
};

/** N things, or P percent of them. */
struct share {
	bool is_percent;
	double percent; /* above 0, at most 100 */
	uint64_t count; /* above 0 */
};

/** A value as its row reads it; which member counts is the row's kind. */
struct option_value {
	const char *text; /* as given; of text, choices and paths the value itself */
	bool flag;
	uint64_t number; /* unsigned, size, days */
	double rate;
	struct share share;
};

/** USAGE, with the allowed values, the bounds or a near miss in reterr->why; reterr->where is --name. text
 *  is borrowed. */
enum status option_read(const struct option *row, const char *text, struct option_value *ret_value,
                        struct failure *reterr) MUST_CHECK;

/** The row of that name or letter among rows; NULL if there is none. rows may be NULL. */
const struct option *option_find(const struct option *rows, const char *name, size_t len);
const struct option *option_find_letter(const struct option *rows, char letter);

/** The options of every command. */
extern const struct option option_global_rows[];

/** "[low .. high]", "[default: x]" and so on after the sentence, into a buffer. */
void option_append_help(const struct option *row, struct buffer *into);
/** What stands behind the name in help: "DIR", "auto|always|never", or empty for a flag. */
const char *option_value_name(const struct option *row);

/** Sizes as above, without bounds. False if it is none or does not fit. */
bool option_parse_size(struct bytes text, uint64_t *ret_size);

#endif

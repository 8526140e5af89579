/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings of one run: for every row of the command and of all commands a
 * checked value. They win in this order: flag, environment, --config,
 * $XDG_CONFIG_HOME/tidemark/config.yaml, /etc/tidemark/config.yaml, default.
 * Immutable once resolved. Getters take the row's name; asking for a row the
 * command does not have, or for another kind than it is, is our mistake.
 */
#ifndef TIDEMARK_CLI_SETTINGS_H
#define TIDEMARK_CLI_SETTINGS_H

#include "cli/command.h"
#include "cli/option.h"

enum origin { ORIGIN_UNSET, ORIGIN_DEFAULT, ORIGIN_CONFIGURATION, ORIGIN_ENVIRONMENT, ORIGIN_FLAG };

struct settings;

/** Where the value came from; UNSET if it has none. */
enum origin settings_origin(const struct settings *settings, const char *name);
static inline bool settings_has(const struct settings *settings, const char *name)
{
	return settings_origin(settings, name) != ORIGIN_UNSET;
}

bool settings_flag(const struct settings *settings, const char *name);
/** Text, a choice or a path; NULL if unset. */
const char *settings_text(const struct settings *settings, const char *name);
bool settings_is(const struct settings *settings, const char *name, const char *value);
/** An unsigned, a size or days; 0 if unset. */
uint64_t settings_number(const struct settings *settings, const char *name);
/** Per second; 0 if unset. */
double settings_rate(const struct settings *settings, const char *name);
/** False if unset. */
bool settings_share(const struct settings *settings, const char *name, struct share *ret_share);
/** Values of a list row, in the order given. */
size_t settings_list_count(const struct settings *settings, const char *name);
const char *settings_list_at(const struct settings *settings, const char *name, size_t index);

size_t settings_operand_count(const struct settings *settings);
const char *settings_operand(const struct settings *settings, size_t index);
/** All operands with one space between them, as search reads them; lives as long as the settings. */
const char *settings_operands_joined(const struct settings *settings);

/* ---- for dispatch and tests ---- */

struct arguments;

/** Resolves what arguments say for their command. USAGE for bad values, ABSENT or DENIED for a
 *  configuration file; registry says which keys those may have. All of it lies in arena, which must outlive
 *  it. */
enum status settings_resolve(const struct arguments *arguments, const struct command *const *registry, struct arena *arena,
                             const struct settings **ret_settings, struct failure *reterr) MUST_CHECK;

/** The command's own options and operands as they were given, as members of a JSON object: what the journal
 *  keeps. */
struct json_writer;
void settings_describe(const struct settings *settings, struct json_writer *json);

#endif

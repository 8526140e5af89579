/* SPDX-License-Identifier: Apache-2.0 */
/* Which files are read, which of their keys are known, and which value wins. */
#include "cli/configuration.h"

#include "base/suggestion.h"
#include "cli/input-file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CONFIGURATION_SYSTEM "/etc/tidemark/config.yaml"

/* ---- keys ---- */

static bool is_row_below(const struct command *command, struct bytes key, const struct option **ret_row)
{
	*ret_row = command_option(command, (const char *)key.at, key.len);
	for (const struct command *const *sub = command->subcommands; *ret_row == NULL && sub != NULL && *sub != NULL; sub++)
		*ret_row = command_option(*sub, (const char *)key.at, key.len);
	return *ret_row != NULL && !(*ret_row)->is_not_configured;
}

static enum status refuse_key(const struct yaml_node *node, const char *path, struct suggestion *suggestion,
                              struct failure *reterr)
{
	if (suggestion->nearest != NULL)
		return fail(reterr, STATUS_USAGE, path, "line %u: nothing is set by '%s'; did you mean %s?", node->line,
		            suggestion->written, suggestion->nearest);
	return fail(reterr, STATUS_USAGE, path, "line %u: nothing is set by '%s'; keys are options of tidemark --help",
	            node->line, suggestion->written);
}

static void consider_rows(struct suggestion *suggestion, const struct option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (!rows->is_not_configured)
			suggestion_consider(suggestion, rows->name);
}

static void copy_key(struct bytes key, char into[64])
{
	snprintf(into, 64, "%.*s", (int)(key.len < 60 ? key.len : 60), (const char *)key.at);
}

static enum status check_section(const struct yaml_node *section, const struct command *command, const char *path,
                                 struct failure *reterr)
{
	const struct option *row;
	char written[64];
	for (const struct yaml_node *node = section->first; node != NULL; node = node->next) {
		if (is_row_below(command, node->key, &row))
			continue;
		copy_key(node->key, written);
		struct suggestion suggestion = suggestion_for(written);
		consider_rows(&suggestion, command->options);
		consider_rows(&suggestion, option_global_rows);
		return refuse_key(node, path, &suggestion, reterr);
	}
	return STATUS_OK;
}

static enum status check_top(const struct yaml_node *node, const char *path, const struct command *const *registry,
                             struct failure *reterr)
{
	char written[64];
	copy_key(node->key, written);
	const struct command *command = command_find(registry, written);
	const struct option *row = option_find(option_global_rows, (const char *)node->key.at, node->key.len);
	if (command != NULL && node->kind == YAML_MAPPING)
		return check_section(node, command, path, reterr);
	if (row != NULL && !row->is_not_configured)
		return STATUS_OK;
	if (command != NULL)
		return fail(reterr, STATUS_USAGE, path, "line %u: below %s stand its options, one a line", node->line, written);
	struct suggestion suggestion = suggestion_for(written);
	consider_rows(&suggestion, option_global_rows);
	for (; *registry != NULL; registry++)
		suggestion_consider(&suggestion, (*registry)->name);
	return refuse_key(node, path, &suggestion, reterr);
}

enum status configuration_check(const struct yaml_node *root, const char *path, const struct command *const *registry,
                                struct failure *reterr)
{
	if (yaml_is_null(root))
		return STATUS_OK;
	if (root->kind != YAML_MAPPING)
		return fail(reterr, STATUS_USAGE, path, "line %u: a configuration is lines of key: value", root->line);
	enum status status = STATUS_OK;
	for (const struct yaml_node *node = root->first; status == STATUS_OK && node != NULL; node = node->next)
		status = check_top(node, path, registry, reterr);
	return status;
}

/* ---- files ---- */

/* A home of somebody else's (sudo, setpriv) is no home: what cannot be reached there is not ours. */
enum need { NEED_GIVEN, NEED_USERS, NEED_SYSTEM };

static bool may_be_missing(enum need need, enum status status)
{
	return (status == STATUS_ABSENT && need != NEED_GIVEN) || (status == STATUS_DENIED && need == NEED_USERS);
}

static enum status read_file(const char *path, enum need need, const struct command *const *registry, struct arena *arena,
                             const struct yaml_node **ret_root, struct failure *reterr)
{
	struct buffer text = buffer_with_ceiling(YAML_SIZE_MAX);
	const struct yaml_node *root = NULL;
	enum status status = input_file_read(path, YAML_SIZE_MAX, &text, reterr);
	if (may_be_missing(need, status))
		status = STATUS_OK;
	else if (status == STATUS_OK)
		status = yaml_parse(buffer_bytes(&text), path, arena, &root, reterr);
	if (status == STATUS_OK)
		status = configuration_check(root, path, registry, reterr);
	buffer_free(&text);
	if (status == STATUS_OK)
		*ret_root = root;
	return status;
}

/* NULL: the person has no home. *ret_status NO_MEMORY when memory ended. */
static const char *users_path(struct arena *arena, enum status *ret_status)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buffer path = buffer_with_ceiling(64 * 1024);
	if (base != NULL && base[0] == '/')
		buffer_append_format(&path, "%s/tidemark/config.yaml", base);
	else if (home != NULL && home[0] == '/')
		buffer_append_format(&path, "%s/.config/tidemark/config.yaml", home);
	const char *copy = path.len > 0 ? arena_copy_string(arena, buffer_bytes(&path)) : NULL;
	if (path.failed != STATUS_OK || (path.len > 0 && copy == NULL))
		*ret_status = STATUS_NO_MEMORY;
	buffer_free(&path);
	return copy;
}

enum status configuration_read(const char *given, const struct command *const *registry, struct arena *arena,
                               struct configuration *ret_configuration, struct failure *reterr)
{
	enum status status = STATUS_OK;
	struct configuration result = {.files = {{given, NULL}, {NULL, NULL}, {CONFIGURATION_SYSTEM, NULL}}};
	result.files[1].path = users_path(arena, &status);
	for (size_t i = 0; status == STATUS_OK && i < CONFIGURATION_FILES; i++)
		if (result.files[i].path != NULL)
			status = read_file(result.files[i].path, (enum need)i, registry, arena, &result.files[i].root, reterr);
	if (status == STATUS_OK)
		*ret_configuration = result;
	return status;
}

static const struct yaml_node *find_in(const struct yaml_node *root, const struct command *command, const struct option *row)
{
	const struct yaml_node *section = command != NULL ? yaml_find(root, command->name) : NULL;
	const struct yaml_node *found = NULL;
	if (section != NULL && section->kind == YAML_MAPPING)
		found = yaml_find(section, row->name);
	if (yaml_is_null(found) && option_find(option_global_rows, row->name, strlen(row->name)) != NULL) {
		found = yaml_find(root, row->name);
		if (found != NULL && found->kind == YAML_MAPPING)
			found = NULL; /* catalog: and scope: may also be a command's section */
	}
	return yaml_is_null(found) ? NULL : found;
}

const struct yaml_node *configuration_find(const struct configuration *configuration, const struct command *command,
                                           const struct option *row, const char **ret_path)
{
	if (row->is_not_configured)
		return NULL;
	for (size_t i = 0; i < CONFIGURATION_FILES; i++) {
		const struct yaml_node *found = find_in(configuration->files[i].root, command, row);
		if (found != NULL) {
			*ret_path = configuration->files[i].path;
			return found;
		}
	}
	return NULL;
}

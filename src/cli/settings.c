/* SPDX-License-Identifier: Apache-2.0 */
/* One setting per row: where its value comes from, checked by its row. */
#include "cli/settings.h"

#include "base/json.h"
#include "base/mask.h"
#include "cli/arguments.h"
#include "cli/configuration.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct setting {
	const struct option *row;
	enum origin origin;
	bool is_own; /* the command's row, not one of all commands */
	struct option_value value;
	const char **items; /* of a list */
	size_t count;
};

struct settings {
	const struct arguments *arguments;
	const struct setting *all;
	size_t count;
	const char *joined;
};

struct resolving {
	const struct arguments *arguments;
	const struct configuration *configuration;
	struct arena *arena;
	struct failure *reterr;
};

/* ---- where a value comes from ---- */

static size_t count_given(const struct arguments *arguments, const char *name)
{
	size_t count = 0;
	for (size_t i = 0; i < arguments->given_count; i++)
		count += strcmp(arguments->given[i].name, name) == 0;
	return count;
}

static enum status no_memory(struct failure *reterr)
{
	return fail(reterr, STATUS_NO_MEMORY, "", "no memory for the settings");
}

/* The texts given for a row, in order, into setting->items. */
static enum status collect_given(const struct resolving *resolving, struct setting *setting)
{
	const struct arguments *arguments = resolving->arguments;
	setting->count = count_given(arguments, setting->row->name);
	if (setting->count == 0)
		return STATUS_OK;
	setting->items = arena_allocate(resolving->arena, setting->count * sizeof *setting->items);
	if (setting->items == NULL)
		return no_memory(resolving->reterr);
	size_t at = 0;
	for (size_t i = 0; i < arguments->given_count; i++)
		if (strcmp(arguments->given[i].name, setting->row->name) == 0)
			setting->items[at++] = arguments->given[i].value != NULL ? arguments->given[i].value : "true";
	setting->origin = ORIGIN_FLAG;
	return STATUS_OK;
}

static enum status set_single(const struct resolving *resolving, struct setting *setting, enum origin origin, const char *text)
{
	setting->items = arena_allocate(resolving->arena, sizeof *setting->items);
	if (setting->items == NULL)
		return no_memory(resolving->reterr);
	setting->items[0] = text;
	setting->count = 1;
	setting->origin = origin;
	return STATUS_OK;
}

static enum status refuse_node(const struct resolving *resolving, const struct setting *setting, const char *path,
                               const struct yaml_node *node, const char *wanted)
{
	return fail(resolving->reterr, STATUS_USAGE, path, "line %u: %s must be %s", node->line, setting->row->name, wanted);
}

/* ~/ at the start of a path is the home directory: no shell has looked at a file's words. */
static const char *expand_home(const struct resolving *resolving, const struct option *row, struct bytes text)
{
	const char *home = getenv("HOME");
	if (row->kind != OPTION_PATH || home == NULL || !bytes_start_with(text, BYTES_LITERAL("~/")))
		return arena_copy_string(resolving->arena, text);
	struct buffer path = buffer_with_ceiling(1u << 20);
	buffer_append_string(&path, home);
	buffer_append(&path, bytes_from(text, 1));
	const char *copy = path.failed == STATUS_OK ? arena_copy_string(resolving->arena, buffer_bytes(&path)) : NULL;
	buffer_free(&path);
	return copy;
}

static enum status take_scalar(const struct resolving *resolving, const struct setting *setting, const char *path,
                               const struct yaml_node *node, const char **ret_text)
{
	bool flag;
	if (node->kind != YAML_SCALAR)
		return refuse_node(resolving, setting, path, node, "one value");
	if (setting->row->kind == OPTION_FLAG) {
		if (!yaml_as_boolean(node, &flag))
			return refuse_node(resolving, setting, path, node, "true or false");
		*ret_text = flag ? "true" : "false";
		return STATUS_OK;
	}
	const char *text = expand_home(resolving, setting->row, node->text);
	if (text == NULL)
		return no_memory(resolving->reterr);
	*ret_text = text;
	return STATUS_OK;
}

static enum status take_sequence(const struct resolving *resolving, struct setting *setting, const char *path,
                                 const struct yaml_node *node)
{
	setting->items = arena_allocate(resolving->arena, (node->count + 1) * sizeof *setting->items);
	if (setting->items == NULL)
		return no_memory(resolving->reterr);
	enum status status = STATUS_OK;
	for (const struct yaml_node *item = node->first; status == STATUS_OK && item != NULL; item = item->next)
		status = take_scalar(resolving, setting, path, item, &setting->items[setting->count++]);
	setting->origin = ORIGIN_CONFIGURATION;
	return status;
}

/* A value from a file is checked here, where its line is known. */
static enum status take_configured(const struct resolving *resolving, struct setting *setting)
{
	const struct arguments *arguments = resolving->arguments;
	const struct command *section = arguments->parent != NULL ? arguments->parent : arguments->command;
	const char *path, *text;
	const struct yaml_node *node = configuration_find(resolving->configuration, section, setting->row, &path);
	if (node == NULL)
		return STATUS_OK;
	if (setting->row->kind == OPTION_LIST && node->kind == YAML_SEQUENCE)
		return take_sequence(resolving, setting, path, node);
	enum status status = take_scalar(resolving, setting, path, node, &text);
	if (status != STATUS_OK)
		return status;
	struct failure why = {.why = ""};
	if (option_read(setting->row, text, &setting->value, &why) != STATUS_OK)
		return fail(resolving->reterr, STATUS_USAGE, path, "line %u: %s: %s", node->line, setting->row->name, why.why);
	return set_single(resolving, setting, ORIGIN_CONFIGURATION, text);
}

static enum status take_environment(const struct resolving *resolving, struct setting *setting)
{
	const char *name = setting->row->environment, *text = name != NULL ? getenv(name) : NULL;
	if (text == NULL || text[0] == '\0')
		return STATUS_OK;
	return set_single(resolving, setting, ORIGIN_ENVIRONMENT, text);
}

static enum status find_value(const struct resolving *resolving, struct setting *setting)
{
	enum status status = collect_given(resolving, setting);
	if (status == STATUS_OK && setting->origin == ORIGIN_UNSET)
		status = take_environment(resolving, setting);
	if (status == STATUS_OK && setting->origin == ORIGIN_UNSET)
		status = take_configured(resolving, setting);
	if (status == STATUS_OK && setting->origin == ORIGIN_UNSET && setting->row->standard != NULL)
		status = set_single(resolving, setting, ORIGIN_DEFAULT, setting->row->standard);
	return status;
}

/* The last one given counts, but all are checked. */
static enum status check_value(const struct resolving *resolving, struct setting *setting)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; status == STATUS_OK && i < setting->count; i++)
		status = option_read(setting->row, setting->items[i], &setting->value, resolving->reterr);
	if (status == STATUS_USAGE && setting->origin == ORIGIN_ENVIRONMENT && resolving->reterr != NULL)
		snprintf(resolving->reterr->where, sizeof resolving->reterr->where, "$%s", setting->row->environment);
	return status;
}

/* ---- all of them ---- */

static size_t count_rows(const struct option *rows)
{
	size_t count = 0;
	while (rows != NULL && rows[count].name != NULL)
		count++;
	return count;
}

static size_t gather_rows(const struct command *command, struct setting *into)
{
	size_t count = 0;
	for (const struct option *row = command->options; row != NULL && row->name != NULL; row++)
		into[count++] = (struct setting){.row = row, .is_own = true};
	for (const struct option *row = option_global_rows; row->name != NULL; row++)
		if (option_find(command->options, row->name, strlen(row->name)) == NULL)
			into[count++] = (struct setting){.row = row};
	return count;
}

static const char *join_operands(const struct arguments *arguments, struct arena *arena)
{
	struct buffer joined = buffer_with_ceiling(64u << 20);
	for (size_t i = 0; i < arguments->operand_count; i++) {
		if (i > 0)
			buffer_append_byte(&joined, ' ');
		buffer_append_string(&joined, arguments->operands[i]);
	}
	const char *copy = joined.failed == STATUS_OK ? arena_copy_string(arena, buffer_bytes(&joined)) : NULL;
	buffer_free(&joined);
	return copy;
}

static const char *config_given(const struct arguments *arguments)
{
	const char *path = NULL;
	for (size_t i = 0; i < arguments->given_count; i++)
		if (strcmp(arguments->given[i].name, "config") == 0)
			path = arguments->given[i].value;
	return path;
}

enum status settings_resolve(const struct arguments *arguments, const struct command *const *registry, struct arena *arena,
                             const struct settings **ret_settings, struct failure *reterr)
{
	const struct command *command = arguments->command;
	struct configuration configuration = {.files = {{NULL, NULL}}};
	struct resolving resolving = {arguments, &configuration, arena, reterr};
	struct settings *settings = arena_allocate(arena, sizeof *settings);
	size_t most = count_rows(command->options) + count_rows(option_global_rows);
	struct setting *all = arena_allocate(arena, most * sizeof *all);
	const char *joined = join_operands(arguments, arena);
	if (settings == NULL || all == NULL || joined == NULL)
		return no_memory(reterr);
	enum status status = STATUS_OK;
	if (!command->ignores_configuration)
		status = configuration_read(config_given(arguments), registry, arena, &configuration, reterr);
	*settings = (struct settings){.arguments = arguments, .all = all, .count = gather_rows(command, all), .joined = joined};
	for (size_t i = 0; status == STATUS_OK && i < settings->count; i++) {
		status = find_value(&resolving, &all[i]);
		if (status == STATUS_OK)
			status = check_value(&resolving, &all[i]);
	}
	if (status == STATUS_OK)
		*ret_settings = settings;
	return status;
}

/* ---- getters ---- */

static const struct setting *find(const struct settings *settings, const char *name)
{
	size_t at = 0;
	while (at < settings->count && strcmp(settings->all[at].row->name, name) != 0)
		at++;
	if (at == settings->count)
		abort(); /* the command has no row of that name */
	return &settings->all[at];
}

enum origin settings_origin(const struct settings *settings, const char *name)
{
	return find(settings, name)->origin;
}

bool settings_flag(const struct settings *settings, const char *name)
{
	const struct setting *setting = find(settings, name);
	assert(setting->row->kind == OPTION_FLAG);
	return setting->value.flag;
}

const char *settings_text(const struct settings *settings, const char *name)
{
	return find(settings, name)->value.text;
}

bool settings_is(const struct settings *settings, const char *name, const char *value)
{
	const char *text = settings_text(settings, name);
	return text != NULL && strcmp(text, value) == 0;
}

uint64_t settings_number(const struct settings *settings, const char *name)
{
	const struct setting *setting = find(settings, name);
	assert(setting->row->kind == OPTION_UNSIGNED || setting->row->kind == OPTION_SIZE || setting->row->kind == OPTION_DAYS);
	return setting->value.number;
}

double settings_rate(const struct settings *settings, const char *name)
{
	const struct setting *setting = find(settings, name);
	assert(setting->row->kind == OPTION_RATE);
	return setting->value.rate;
}

bool settings_share(const struct settings *settings, const char *name, struct share *ret_share)
{
	const struct setting *setting = find(settings, name);
	assert(setting->row->kind == OPTION_SHARE);
	if (setting->origin == ORIGIN_UNSET)
		return false;
	*ret_share = setting->value.share;
	return true;
}

size_t settings_list_count(const struct settings *settings, const char *name)
{
	return find(settings, name)->count;
}

const char *settings_list_at(const struct settings *settings, const char *name, size_t index)
{
	const struct setting *setting = find(settings, name);
	assert(index < setting->count);
	return setting->items[index];
}

size_t settings_operand_count(const struct settings *settings)
{
	return settings->arguments->operand_count;
}

const char *settings_operand(const struct settings *settings, size_t index)
{
	assert(index < settings->arguments->operand_count);
	return settings->arguments->operands[index];
}

const char *settings_operands_joined(const struct settings *settings)
{
	return settings->joined;
}

/* It goes on record as typed, and may have been refused: a secret that stood in it does not. */
static void describe_text(const char *text, struct json_writer *json)
{
	struct buffer room = buffer_with_ceiling(SIZE_MAX / 2);
	if (text == NULL)
		json_null(json);
	else
		json_bytes(json, mask_typed(bytes_of_string(text), &room));
	buffer_free(&room);
}

static void describe_setting(const struct setting *setting, struct json_writer *json)
{
	json_key(json, setting->row->name);
	if (setting->row->kind != OPTION_LIST) {
		describe_text(setting->value.text, json);
		return;
	}
	json_begin_array(json);
	for (size_t i = 0; i < setting->count; i++)
		describe_text(setting->items[i], json);
	json_end_array(json);
}

void settings_describe(const struct settings *settings, struct json_writer *json)
{
	json_key(json, "operands");
	json_begin_array(json);
	for (size_t i = 0; i < settings->arguments->operand_count; i++)
		describe_text(settings->arguments->operands[i], json);
	json_end_array(json);
	json_key(json, "options");
	json_begin_object(json);
	for (size_t i = 0; i < settings->count; i++)
		if (settings->all[i].is_own && settings->all[i].origin >= ORIGIN_CONFIGURATION)
			describe_setting(&settings->all[i], json);
	json_end_object(json);
}

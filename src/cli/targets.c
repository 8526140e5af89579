/* SPDX-License-Identifier: Apache-2.0 */
/* Files of lines, and operands that stand for them. */
#include "cli/targets.h"

#include "cli/input-file.h"

enum { LINE_MAX_BYTES = 32768, LIST_BYTES = 64 << 20 };

/* ---- lines ---- */

struct gathering {
	struct arena *arena;
	const char **lines;
	size_t count, room;
	struct failure *reterr;
};

static enum status add_line(struct gathering *gathering, const char *line)
{
	if (gathering->count == TARGETS_MAX)
		return fail(gathering->reterr, STATUS_USAGE, "", "more than %u lines; split the list", TARGETS_MAX);
	if (gathering->count == gathering->room) {
		size_t room = gathering->room > 0 ? gathering->room * 2 : 64;
		const char **lines = arena_allocate(gathering->arena, room * sizeof *lines);
		if (lines == NULL)
			return fail(gathering->reterr, STATUS_NO_MEMORY, "", "no memory for the list");
		if (gathering->count > 0)
			memcpy(lines, gathering->lines, gathering->count * sizeof *lines);
		gathering->lines = lines;
		gathering->room = room;
	}
	gathering->lines[gathering->count++] = line;
	return STATUS_OK;
}

static enum status take_line(struct gathering *gathering, const char *path, size_t number, struct bytes line)
{
	line = bytes_trim(line);
	if (line.len == 0 || line.at[0] == '#')
		return STATUS_OK;
	if (line.len > LINE_MAX_BYTES || bytes_find_byte(line, 0) != BYTES_NOT_FOUND)
		return fail(gathering->reterr, STATUS_USAGE, path, "line %zu is %s", number,
		            line.len > LINE_MAX_BYTES ? "too long" : "not text");
	const char *copy = arena_copy_string(gathering->arena, line);
	if (copy == NULL)
		return fail(gathering->reterr, STATUS_NO_MEMORY, path, "no memory for the list");
	return add_line(gathering, copy);
}

static enum status take_file(struct gathering *gathering, const char *path)
{
	struct buffer text = buffer_with_ceiling(LIST_BYTES);
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	enum status status = input_file_read(path, LIST_BYTES, &text, gathering->reterr);
	struct bytes rest = buffer_bytes(&text);
	if (bytes_start_with(rest, BYTES_LITERAL("\xEF\xBB\xBF")))
		rest = bytes_from(rest, 3);
	for (size_t number = 1; status == STATUS_OK && rest.len > 0; number++) {
		size_t end = bytes_find_byte(rest, '\n');
		status = take_line(gathering, name, number, bytes_slice(rest, 0, end));
		rest = bytes_from(rest, end == BYTES_NOT_FOUND ? rest.len : end + 1);
	}
	buffer_free(&text);
	return status;
}

enum status targets_read_lines(const char *path, struct arena *arena, struct target_list *ret_lines, struct failure *reterr)
{
	struct gathering gathering = {.arena = arena, .reterr = reterr};
	enum status status = take_file(&gathering, path);
	if (status == STATUS_OK && gathering.count == 0)
		status = fail(reterr, STATUS_USAGE, path, "has no line to take");
	if (status == STATUS_OK)
		*ret_lines = (struct target_list){gathering.lines, gathering.count};
	return status;
}

static enum status take_operand(struct gathering *gathering, const char *operand)
{
	if (strcmp(operand, "-") == 0)
		return take_file(gathering, operand);
	if (operand[0] == '@')
		return take_file(gathering, operand + 1);
	if (operand[0] == '\0')
		return fail(gathering->reterr, STATUS_USAGE, "TARGET", "is empty");
	return add_line(gathering, operand);
}

enum status targets_expand(const struct settings *settings, struct arena *arena, struct target_list *ret_targets,
                           struct failure *reterr)
{
	struct gathering gathering = {.arena = arena, .reterr = reterr};
	enum status status = STATUS_OK;
	for (size_t i = 0; status == STATUS_OK && i < settings_operand_count(settings); i++)
		status = take_operand(&gathering, settings_operand(settings, i));
	if (status == STATUS_OK && gathering.count == 0)
		status = fail(reterr, STATUS_USAGE, "TARGET", "none is named, and no list names one");
	if (status == STATUS_OK)
		*ret_targets = (struct target_list){gathering.lines, gathering.count};
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts a log into its records, and finds out whose it is: the first record that
 * one of the readers understands, of the first few, says it for the whole file.
 */
#include "logs/logs.h"

#include "logs/line.h"

enum { TRIED = 16, LINE_MAX_BYTES = 64 << 10, LINE_MEMORY = 4 << 20 };

static const struct log_form {
	enum log_kind kind;
	log_line_reader *read;
	bool is_json, has_head;
} forms[] = {
	{LOG_AZURE, azure_log_line, false, false},    {LOG_BLOB_JSON, blob_json_line, true, false},
	{LOG_S3, s3_log_line, false, false},          {LOG_CDX, cdx_line, false, false},
	{LOG_INDEX_CSV, index_csv_line, false, true},
};

/* ---- cutting ---- */

static bool take_line(struct bytes *log, struct bytes *ret_record)
{
	if (log->len == 0)
		return false;
	size_t end = bytes_find_byte(*log, '\n');
	*ret_record = bytes_trim(bytes_slice(*log, 0, end));
	*log = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*log, end + 1);
	return true;
}

/* To the brace that closes the one at its beginning; all of it where none does. */
static size_t end_of_object(struct bytes log)
{
	size_t depth = 0;
	bool is_string = false;
	for (size_t i = 0; i < log.len; i++) {
		unsigned char c = log.at[i];
		if (is_string) {
			i += c == '\\';
			is_string = c != '"';
		} else if (c == '"')
			is_string = true;
		else if (c == '{')
			depth++;
		else if (c == '}' && --depth == 0)
			return i + 1;
	}
	return log.len;
}

/* {"records":[...]}: its objects count, and not itself. */
static bool skip_wrapper(struct bytes *log)
{
	struct bytes rest = bytes_trim(bytes_slice(*log, 1, 64));
	if (!bytes_start_with(rest, BYTES_LITERAL("\"records\"")))
		return false;
	size_t array = bytes_find_byte(*log, '[');
	*log = array == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*log, array + 1);
	return true;
}

static bool take_object(struct bytes *log, struct bytes *ret_record)
{
	do {
		size_t begin = bytes_find_byte(*log, '{');
		*log = begin == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*log, begin);
	} while (log->len > 0 && skip_wrapper(log));
	if (log->len == 0)
		return false;
	size_t end = end_of_object(*log);
	*ret_record = bytes_slice(*log, 0, end);
	*log = bytes_from(*log, end);
	return true;
}

static bool take(const struct log_form *form, struct bytes *log, struct bytes *ret_record)
{
	return form->is_json ? take_object(log, ret_record) : take_line(log, ret_record);
}

/* ---- reading ---- */

static bool is_remark(const struct log_form *form, struct bytes line)
{
	return line.len == 0 || (!form->is_json && line.at[0] == '#');
}

static bool understand(const struct log_form *form, struct bytes line, struct bytes head, struct arena *arena,
                       struct access_record *ret_record)
{
	arena_reset(arena);
	return !is_remark(form, line) && line.len >= ACCESS_LINE_MIN && line.len <= LINE_MAX_BYTES &&
	       form->read(line, head, arena, ret_record);
}

/* Behind the first line, where that names the columns. */
static struct bytes skip_head(const struct log_form *form, struct bytes log, struct bytes *ret_head)
{
	struct bytes rest = log;
	if (form->is_json || !take_line(&rest, ret_head))
		*ret_head = BYTES_NONE;
	return form->has_head ? rest : log;
}

static const struct log_form *recognise(struct bytes log, struct arena *arena)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct bytes head, line, rest = skip_head(&forms[i], log, &head);
		struct access_record record;
		for (size_t tried = 0; tried < TRIED && take(&forms[i], &rest, &line); tried++)
			if (understand(&forms[i], line, head, arena, &record))
				return &forms[i];
	}
	return NULL;
}

static enum status read_all(const struct log_form *form, struct bytes log, struct arena *arena, const struct log_sink *sink,
                            struct log_figures *figures)
{
	struct access_record record;
	struct bytes head, line;
	enum status status = STATUS_OK;
	log = skip_head(form, log, &head);
	while (status == STATUS_OK && take(form, &log, &line)) {
		if (is_remark(form, line))
			continue;
		if (understand(form, line, head, arena, &record)) {
			figures->records++;
			status = sink->each(sink->context, &record);
		} else {
			figures->unread++;
			figures->unread_bytes += line.len;
		}
		if (status == STATUS_OK)
			status = sink->progress(sink->context);
	}
	return status;
}

enum status log_read(struct bytes log, const struct log_sink *sink, struct log_figures *ret_figures)
{
	struct arena arena = arena_with_ceiling(LINE_MEMORY);
	struct bytes mark = BYTES_LITERAL("\xEF\xBB\xBF");
	struct bytes rest = bytes_start_with(log, mark) ? bytes_from(log, mark.len) : log;
	const struct log_form *form = recognise(rest, &arena);
	struct log_figures figures = {.kind = form != NULL ? form->kind : LOG_KIND_COUNT};
	enum status status = form != NULL ? read_all(form, rest, &arena, sink, &figures) : STATUS_UNSUPPORTED;
	arena_free(&arena);
	if (status == STATUS_OK)
		*ret_figures = figures;
	return status;
}

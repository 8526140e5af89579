/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An SQLite write-ahead log by itself: what was written since it was begun, as
 * its last commit left it. It holds pages, and their rows without the names of
 * tables and columns; those stand in the database beside it, another document.
 */
#include "format/database/sqlite-parts.h"

#include <inttypes.h>

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_sqlite_wal = {
	.name = "sqlite-wal",
	.version = 1,
	.media_type = "application/vnd.sqlite3-wal",
	.bid = bid,
	.extract = extract,
};

enum { BID = 56, VERSION = 3007000, LEAF_TABLE = 0x0D, LEAF_INDEX = 0x0A };

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return head.len >= 32 && (load_be32(head.at) & ~1u) == 0x377F0682 && load_be32(head.at + 4) == VERSION ? BID : 0;
}

/* All leaves of one kind, each a tree of its own. What they continue on may lie in the database. */
static enum status read_leaves(struct sqlite_file *file, unsigned char type, struct sqlite_rows *rows)
{
	enum status status = STATUS_OK;
	for (uint32_t frame = 1; frame <= file->page_count && status == STATUS_OK; frame++) {
		uint32_t page;
		unsigned char this_type;
		status = sqlite_log_page(file, frame, &page, &this_type);
		if (status == STATUS_OK && page != 0 && this_type == type)
			status = sqlite_walk(file, page, type == LEAF_INDEX, sqlite_rows_found, rows);
	}
	return status;
}

static enum status read_part(struct sqlite_file *file, const char *name, unsigned char type, enum status *how)
{
	static const struct sqlite_table table = {.is_index = false};
	struct sqlite_rows rows = sqlite_rows_of(file, &table);
	bool is_wanted = false;
	sqlite_begin_walk(file);
	enum status status = emit_part_begin(
		file->emitter, &(struct part){.name = bytes_of_string(name), .media_type = "text/tab-separated-values"},
		&is_wanted);
	if (status == STATUS_OK && is_wanted) {
		status = sqlite_rows_begin(&rows);
		if (status == STATUS_OK)
			status = read_leaves(file, type, &rows);
		if (status == STATUS_OK)
			status = sqlite_rows_end(&rows);
		if (status == STATUS_OK) {
			enum status part_how = sqlite_judge_walk(file);
			emit_note(file->emitter, "rows of a log: the names of their tables and columns stand in the database");
			*how = part_how == STATUS_OK ? *how : part_how;
			status = emit_count(file->emitter, FACT_SEEN, "rows", rows.rows);
			if (status == STATUS_OK)
				status = emit_part_end(file->emitter, file->pages * file->page_size, part_how);
		}
	}
	sqlite_rows_free(&rows);
	return status;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct sqlite_file file;
	enum status how = STATUS_OK, status = sqlite_open_log(&file, source, emitter);
	if (status == STATUS_MALFORMED || status == STATUS_TRUNCATED)
		emit_note(emitter, "the header of this write-ahead log makes no sense");
	if (status == STATUS_OK)
		status = read_part(&file, "table/rows", LEAF_TABLE, &how);
	if (status == STATUS_OK)
		status = read_part(&file, "table/keys", LEAF_INDEX, &how);
	if (status == STATUS_OK) {
		uint64_t read = sqlite_log_size(&file);
		if (read < source->size) {
			emit_note(emitter, "what stands behind its last commit was not read");
			emit_unseen(emitter, source->size - read);
		}
		status = how;
	}
	sqlite_close(&file);
	return status;
}

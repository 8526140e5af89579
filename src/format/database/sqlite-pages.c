/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages and trees. A walk keeps one page a level; who comes to a page that was
 * taken before, in whatever tree, has met damage. Cells of one page may not
 * hold more bytes than the page: so no page is worth more than itself.
 */
#include "format/database/sqlite-parts.h"

#include <stdlib.h>

enum { HEADER = 100, LEAF_TABLE = 0x0D, LEAF_INDEX = 0x0A, INNER_TABLE = 0x05, INNER_INDEX = 0x02, VARINT_MAX = 9 };

/* ---- the file ---- */

enum status sqlite_open(struct sqlite_file *file, struct source *source, struct emitter *emitter)
{
	struct bytes head;
	*file = (struct sqlite_file){.source = source, .emitter = emitter};
	enum status status = source_view(source, 0, HEADER, &head);
	if (status != STATUS_OK)
		return status;
	if (head.len < HEADER)
		return STATUS_TRUNCATED;
	uint32_t page_size = load_be16(head.at + 16), encoding = load_be32(head.at + 56);
	page_size = page_size == 1 ? SQLITE_PAGE_MAX : page_size;
	if (page_size < 512 || (page_size & (page_size - 1)) != 0 || page_size - head.at[20] < 480)
		return STATUS_MALFORMED;
	uint64_t pages = source->size / page_size + (source->size % page_size != 0);
	file->page_size = page_size;
	file->usable = page_size - head.at[20];
	file->page_count = pages < UINT32_MAX ? (uint32_t)pages : UINT32_MAX - 1;
	file->free_count = load_be32(head.at + 36);
	file->text = encoding == SQLITE_UTF16_LITTLE || encoding == SQLITE_UTF16_BIG ? (enum sqlite_text)encoding : SQLITE_UTF8;
	file->has_log = head.at[18] == 2 || head.at[19] == 2;
	file->taken = calloc(file->page_count / 8 + 1, 1);
	return file->taken != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

void sqlite_close(struct sqlite_file *file)
{
	for (size_t i = 0; i < SQLITE_DEPTH_MAX; i++)
		free(file->levels[i].copy);
	free(file->overflow.copy);
	free(file->taken);
}

/* Views of a source that is not mapped move: such a page is copied. */
static enum status load_page(struct sqlite_file *file, uint32_t number, struct sqlite_page *page)
{
	enum status status = source_view(file->source, (uint64_t)(number - 1) * file->page_size, file->page_size, &page->at);
	if (status != STATUS_OK || file->source->mapped != NULL)
		return status;
	if (page->copy == NULL)
		page->copy = malloc(file->page_size);
	if (page->copy == NULL)
		return STATUS_NO_MEMORY;
	if (page->at.len > 0)
		memcpy(page->copy, page->at.at, page->at.len);
	page->at.at = page->copy;
	return STATUS_OK;
}

/* Takes a page that nobody took. False: it is none of the file's, was taken, or is cut; counted. */
static bool take_page(struct sqlite_file *file, uint32_t number, struct sqlite_page *page, enum status *status)
{
	if (number > file->page_count) {
		file->missing++;
		return false;
	}
	if (number == 0 || (file->taken[number / 8] & 1u << number % 8) != 0) {
		file->damaged++;
		return false;
	}
	file->taken[number / 8] |= (unsigned char)(1u << number % 8);
	file->pages++;
	*status = load_page(file, number, page);
	if (*status == STATUS_OK)
		*status = emit_progress(file->emitter);
	if (*status != STATUS_OK)
		return false;
	if (page->at.len < file->page_size) {
		file->missing++;
		return false;
	}
	return true;
}

/* ---- payloads ---- */

static bool break_payload(struct sqlite_payload *payload)
{
	payload->is_broken = true;
	payload->here = BYTES_NONE;
	return false;
}

static bool turn_page(struct sqlite_payload *payload, enum status *status)
{
	struct sqlite_file *file = payload->file;
	if (payload->next == 0) {
		file->damaged++;
		return break_payload(payload);
	}
	if (!take_page(file, payload->next, &file->overflow, status))
		return break_payload(payload);
	payload->next = load_be32(file->overflow.at.at);
	payload->here = bytes_slice(file->overflow.at, 4, file->usable - 4);
	return true;
}

struct bytes sqlite_payload_view(struct sqlite_payload *payload, size_t length, enum status *status)
{
	if (length > payload->left) {
		payload->file->damaged += !payload->is_broken;
		break_payload(payload);
	}
	if (payload->is_broken || length == 0 || (payload->here.len == 0 && !turn_page(payload, status)))
		return BYTES_NONE;
	struct bytes part = bytes_slice(payload->here, 0, length);
	payload->here = bytes_from(payload->here, part.len);
	payload->left -= part.len;
	return part;
}

bool sqlite_payload_read(struct sqlite_payload *payload, void *into, size_t length, enum status *status)
{
	unsigned char *at = into;
	while (length > 0) {
		struct bytes part = sqlite_payload_view(payload, length, status);
		if (part.len == 0)
			return false;
		memcpy(at, part.at, part.len);
		at += part.len;
		length -= part.len;
	}
	return !payload->is_broken;
}

bool sqlite_payload_skip(struct sqlite_payload *payload, uint64_t length, enum status *status)
{
	while (length > 0) {
		struct bytes part = sqlite_payload_view(payload, length < SIZE_MAX ? (size_t)length : SIZE_MAX, status);
		if (part.len == 0)
			return false;
		length -= part.len;
	}
	return !payload->is_broken;
}

/* ---- cells ---- */

/* A number of 1 to 9 bytes, big end first, seven bits each but the last (section 1.6). Bytes it takes, or 0. */
static size_t read_varint(struct bytes at, uint64_t *ret_value)
{
	uint64_t value = 0;
	for (size_t i = 0; i < VARINT_MAX && i < at.len; i++) {
		value = i == VARINT_MAX - 1 ? value << 8 | at.at[i] : value << 7 | (at.at[i] & 0x7F);
		if (i == VARINT_MAX - 1 || (at.at[i] & 0x80) == 0) {
			*ret_value = value;
			return i + 1;
		}
	}
	return 0;
}

/* Bytes of a payload that lie in the cell itself (section 1.6). */
static uint64_t local_size(const struct sqlite_file *file, uint64_t size, bool is_table)
{
	uint64_t usable = file->usable, most = is_table ? usable - 35 : (usable - 12) * 64 / 255 - 23;
	if (size <= most)
		return size;
	uint64_t least = (usable - 12) * 32 / 255 - 23, fitting = least + (size - least) % (usable - 4);
	return fitting <= most ? fitting : least;
}

struct level {
	struct bytes page;
	size_t start;               /* of the page's header: 100 in the first page */
	unsigned char type;
	unsigned next, count;       /* cells */
	bool child_is_read;         /* of the next cell */
	uint64_t spent;             /* bytes of cells so far */
};

static bool is_inner(const struct level *level)
{
	return level->type == INNER_TABLE || level->type == INNER_INDEX;
}

static bool begin_level(struct sqlite_file *file, unsigned depth, uint32_t number, bool is_index, struct level *level,
                        enum status *status)
{
	if (!take_page(file, number, &file->levels[depth], status))
		return false;
	size_t start = number == 1 ? HEADER : 0;
	*level = (struct level){.page = file->levels[depth].at, .start = start, .type = file->levels[depth].at.at[start]};
	level->count = load_be16(level->page.at + start + 3);
	bool is_of_kind = is_index ? level->type == LEAF_INDEX || level->type == INNER_INDEX
	                           : level->type == LEAF_TABLE || level->type == INNER_TABLE;
	size_t header = start + (is_inner(level) ? 12 : 8);
	if (!is_of_kind || header + 2 * (size_t)level->count > file->usable) {
		file->damaged++;
		return false;
	}
	return true;
}

/* The bytes from the cell's beginning to the end of the page; empty if it lies nowhere. */
static struct bytes find_cell(const struct sqlite_file *file, const struct level *level, unsigned index)
{
	size_t header = level->start + (is_inner(level) ? 12 : 8), at = load_be16(level->page.at + header + 2 * index);
	/* A page of 65,536 bytes has places up to that; a cell lies behind the list of cells. */
	if (at < header + 2 * (size_t)level->count || at >= file->usable)
		return BYTES_NONE;
	return bytes_slice(level->page, at, file->usable - at);
}

static bool read_cell(struct sqlite_file *file, struct level *level, struct sqlite_payload *ret_payload, int64_t *ret_rowid)
{
	struct bytes cell = find_cell(file, level, level->next);
	struct bytes rest = bytes_from(cell, is_inner(level) ? 4 : 0);
	uint64_t size = 0, rowid = 0;
	size_t length = read_varint(rest, &size);
	rest = bytes_from(rest, length);
	bool is_whole = length > 0, is_table = level->type == LEAF_TABLE;
	if (is_whole && is_table) {
		length = read_varint(rest, &rowid);
		rest = bytes_from(rest, length);
		is_whole = length > 0;
	}
	uint64_t local = local_size(file, size, is_table);
	bool has_more = size > local;
	if (!is_whole || size > INT32_MAX || local + (has_more ? 4 : 0) > rest.len)
		return false;
	level->spent += local + 2;
	if (level->spent > file->page_size)
		return false;
	*ret_payload = (struct sqlite_payload){.file = file, .here = bytes_slice(rest, 0, (size_t)local), .left = size,
	                                       .next = has_more ? load_be32(rest.at + local) : 0};
	*ret_rowid = (int64_t)rowid;
	return true;
}

/* ---- walking ---- */

static uint32_t child_of(struct sqlite_file *file, const struct level *level)
{
	if (level->next == level->count)
		return load_be32(level->page.at + level->start + 8);
	struct bytes cell = find_cell(file, level, level->next);
	return cell.len >= 4 ? load_be32(cell.at) : 0;
}

static enum status give_record(struct sqlite_file *file, struct level *level, sqlite_record_found *found, void *context)
{
	struct sqlite_payload payload;
	int64_t rowid;
	if (level->type == INNER_TABLE)
		return STATUS_OK;
	if (!read_cell(file, level, &payload, &rowid)) {
		file->damaged++;
		return STATUS_OK;
	}
	return found(context, &payload, rowid);
}

enum status sqlite_walk(struct sqlite_file *file, uint32_t root, bool is_index, sqlite_record_found *found, void *context)
{
	struct level levels[SQLITE_DEPTH_MAX];
	enum status status = STATUS_OK;
	unsigned depth = begin_level(file, 0, root, is_index, &levels[0], &status);
	while (depth > 0 && status == STATUS_OK) {
		struct level *level = &levels[depth - 1];
		if (is_inner(level) && !level->child_is_read && level->next <= level->count) {
			level->child_is_read = true;
			if (depth == SQLITE_DEPTH_MAX)
				file->damaged++;
			else
				depth += begin_level(file, depth, child_of(file, level), is_index, &levels[depth], &status);
		} else if (level->next < level->count) {
			status = give_record(file, level, found, context);
			level->next++;
			level->child_is_read = false;
		} else {
			depth--;
		}
	}
	return status;
}

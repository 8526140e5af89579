/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages and trees. A walk keeps one page a level; who comes to a page that was
 * taken before, in whatever tree, has met damage. Cells of one page may not
 * hold more bytes than the page: so no page is worth more than itself.
 */
#include "format/database/sqlite-parts.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	HEADER = 100,
	LOG_HEADER = 32,
	FRAME_HEADER = 24,
	LEAF_TABLE = 0x0D,
	LEAF_INDEX = 0x0A,
	INNER_TABLE = 0x05,
	INNER_INDEX = 0x02,
	VARINT_MAX = 9
};

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
	hash_table_free(&file->frames);
}

static uint64_t hash_of_page(uint32_t number)
{
	return hash_of(0, bytes_of(&number, sizeof number));
}

static uint64_t frame_offset(const struct sqlite_file *file, uint32_t frame)
{
	return LOG_HEADER + (uint64_t)(frame - 1) * (FRAME_HEADER + file->page_size);
}

/* Views of a source that is not mapped move: such a page is copied. */
static enum status load_page(struct sqlite_file *file, uint32_t slot, struct sqlite_page *page)
{
	uint64_t offset = file->is_log ? frame_offset(file, slot) + FRAME_HEADER : (uint64_t)(slot - 1) * file->page_size;
	enum status status = source_view(file->source, offset, file->page_size, &page->at);
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

/* Where a page lies: its number, in a log its frame's; 0 where it is not. */
static uint32_t find_slot(const struct sqlite_file *file, uint32_t number)
{
	if (!file->is_log)
		return number <= file->page_count ? number : 0;
	const uint64_t *frame = hash_table_find(&file->frames, hash_of_page(number));
	return frame != NULL ? (uint32_t)*frame : 0;
}

/* Takes a page that nobody took. False: it is none of the file's, was taken, or is cut; counted. */
static bool take_page(struct sqlite_file *file, uint32_t number, struct sqlite_page *page, enum status *status)
{
	uint32_t slot = find_slot(file, number);
	if (number != 0 && slot == 0) {
		file->missing++;
		return false;
	}
	if (number == 0 || (file->taken[slot / 8] & 1u << slot % 8) != 0) {
		file->damaged++;
		return false;
	}
	file->taken[slot / 8] |= (unsigned char)(1u << slot % 8);
	file->pages++;
	*status = load_page(file, slot, page);
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

/* ---- logs ---- */

struct checksum {
	uint32_t a, b;
	bool is_big_endian;
};

/* Section 4.2; length is a multiple of eight. */
static void sum_up(struct checksum *sum, struct bytes bytes)
{
	for (size_t i = 0; i + 8 <= bytes.len; i += 8) {
		sum->a += (sum->is_big_endian ? load_be32(bytes.at + i) : load_le32(bytes.at + i)) + sum->b;
		sum->b += (sum->is_big_endian ? load_be32(bytes.at + i + 4) : load_le32(bytes.at + i + 4)) + sum->a;
	}
}

/* Whether a frame is of this log and whole: what stood in the file before it was begun anew is not. */
static bool is_sound_frame(struct checksum *sum, const unsigned char salts[8], struct bytes frame)
{
	if (memcmp(frame.at + 8, salts, 8) != 0)
		return false;
	sum_up(sum, bytes_slice(frame, 0, 8));
	sum_up(sum, bytes_from(frame, FRAME_HEADER));
	return sum->a == load_be32(frame.at + 16) && sum->b == load_be32(frame.at + 20);
}

/* Enters the frames from first to last, later ones over earlier ones. */
static enum status enter_frames(struct sqlite_file *file, uint32_t first, uint32_t last)
{
	for (uint32_t frame = first; frame <= last; frame++) {
		struct bytes head;
		enum status status = source_view(file->source, frame_offset(file, frame), 4, &head);
		if (status != STATUS_OK || head.len < 4)
			return status == STATUS_OK ? STATUS_CHANGED : status;
		bool is_new;
		uint64_t *entry = hash_table_enter(&file->frames, hash_of_page(load_be32(head.at)), &is_new);
		if (entry == NULL)
			return STATUS_NO_MEMORY;
		*entry = frame;
	}
	return STATUS_OK;
}

static enum status read_frames(struct sqlite_file *file, struct checksum sum, const unsigned char salts[8])
{
	enum status status = STATUS_OK;
	for (uint32_t frame = 1; frame < UINT32_MAX && status == STATUS_OK; frame++) {
		struct bytes view;
		status = source_view(file->source, frame_offset(file, frame), FRAME_HEADER + file->page_size, &view);
		if (status != STATUS_OK || view.len < FRAME_HEADER + file->page_size || !is_sound_frame(&sum, salts, view))
			break;
		/* Only what was committed counts. */
		if (load_be32(view.at + 4) != 0) {
			status = enter_frames(file, file->page_count + 1, frame);
			file->page_count = frame;
		}
		if (status == STATUS_OK)
			status = emit_progress(file->emitter);
	}
	return status;
}

/* How texts are encoded stands in the first page, where that is among them. */
static enum status find_encoding(struct sqlite_file *file)
{
	struct bytes head;
	uint32_t slot = find_slot(file, 1);
	if (slot == 0)
		return STATUS_OK;
	enum status status = source_view(file->source, frame_offset(file, slot) + FRAME_HEADER, HEADER, &head);
	if (status == STATUS_OK && head.len == HEADER) {
		uint32_t encoding = load_be32(head.at + 56);
		file->usable = file->page_size - head.at[20] >= 480 ? file->page_size - head.at[20] : file->page_size;
		file->text = encoding == SQLITE_UTF16_LITTLE || encoding == SQLITE_UTF16_BIG ? (enum sqlite_text)encoding
		                                                                             : SQLITE_UTF8;
	}
	return status;
}

enum status sqlite_open_log(struct sqlite_file *file, struct source *source, struct emitter *emitter)
{
	struct bytes head;
	*file = (struct sqlite_file){.source = source, .emitter = emitter, .is_log = true, .text = SQLITE_UTF8};
	enum status status = source_view(source, 0, LOG_HEADER, &head);
	if (status != STATUS_OK)
		return status;
	if (head.len < LOG_HEADER)
		return STATUS_TRUNCATED;
	uint32_t page_size = load_be32(head.at + 8);
	struct checksum sum = {.is_big_endian = (load_be32(head.at) & 1) != 0};
	sum_up(&sum, bytes_slice(head, 0, 24));
	if (page_size < 512 || page_size > SQLITE_PAGE_MAX || (page_size & (page_size - 1)) != 0 ||
	    sum.a != load_be32(head.at + 24) || sum.b != load_be32(head.at + 28))
		return STATUS_MALFORMED;
	unsigned char salts[8];
	memcpy(salts, head.at + 16, sizeof salts);
	file->page_size = file->usable = page_size;
	status = read_frames(file, sum, salts);
	if (status == STATUS_OK)
		status = find_encoding(file);
	if (status != STATUS_OK)
		return status;
	file->taken = calloc(file->page_count / 8 + 1, 1);
	return file->taken != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status sqlite_log_page(struct sqlite_file *file, uint32_t frame, uint32_t *ret_page, unsigned char *ret_type)
{
	struct bytes head;
	enum status status = source_view(file->source, frame_offset(file, frame), FRAME_HEADER + HEADER + 1, &head);
	if (status != STATUS_OK)
		return status;
	if (head.len < FRAME_HEADER + HEADER + 1)
		return STATUS_CHANGED;
	uint32_t page = load_be32(head.at);
	*ret_type = head.at[FRAME_HEADER + (page == 1 ? HEADER : 0)];
	*ret_page = find_slot(file, page) == frame ? page : 0;
	return STATUS_OK;
}

uint64_t sqlite_log_size(const struct sqlite_file *file)
{
	return frame_offset(file, file->page_count + 1);
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

struct tree_level {
	struct bytes page;
	size_t start; /* of the page's header: 100 in the first page */
	unsigned char type;
	unsigned next, count; /* cells */
	bool child_is_read;   /* of the next cell */
	uint64_t spent;       /* bytes of cells so far */
};

static bool is_inner(const struct tree_level *level)
{
	return level->type == INNER_TABLE || level->type == INNER_INDEX;
}

static bool begin_level(struct sqlite_file *file, unsigned depth, uint32_t number, bool is_index, struct tree_level *level,
                        enum status *status)
{
	if (!take_page(file, number, &file->levels[depth], status))
		return false;
	size_t start = number == 1 ? HEADER : 0;
	*level = (struct tree_level){.page = file->levels[depth].at, .start = start, .type = file->levels[depth].at.at[start]};
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
static struct bytes find_cell(const struct sqlite_file *file, const struct tree_level *level, unsigned index)
{
	size_t header = level->start + (is_inner(level) ? 12 : 8), at = load_be16(level->page.at + header + 2 * index);
	/* A page of 65,536 bytes has places up to that; a cell lies behind the list of cells. */
	if (at < header + 2 * (size_t)level->count || at >= file->usable)
		return BYTES_NONE;
	return bytes_slice(level->page, at, file->usable - at);
}

static bool read_cell(struct sqlite_file *file, struct tree_level *level, struct sqlite_payload *ret_payload, int64_t *ret_rowid)
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
	*ret_payload = (struct sqlite_payload){.file = file,
	                                       .here = bytes_slice(rest, 0, (size_t)local),
	                                       .left = size,
	                                       .next = has_more ? load_be32(rest.at + local) : 0};
	*ret_rowid = (int64_t)rowid;
	return true;
}

/* ---- walking ---- */

static uint32_t child_of(struct sqlite_file *file, const struct tree_level *level)
{
	if (level->next == level->count)
		return load_be32(level->page.at + level->start + 8);
	struct bytes cell = find_cell(file, level, level->next);
	return cell.len >= 4 ? load_be32(cell.at) : 0;
}

static enum status give_record(struct sqlite_file *file, struct tree_level *level, sqlite_record_found *found, void *context)
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
	struct tree_level levels[SQLITE_DEPTH_MAX];
	enum status status = STATUS_OK;
	unsigned depth = begin_level(file, 0, root, is_index, &levels[0], &status);
	while (depth > 0 && status == STATUS_OK) {
		struct tree_level *level = &levels[depth - 1];
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

void sqlite_begin_walk(struct sqlite_file *file)
{
	file->pages = file->damaged = file->missing = 0;
}

enum status sqlite_judge_walk(const struct sqlite_file *file)
{
	if (file->missing > 0 && file->damaged == 0 && !file->is_log) {
		emit_note(file->emitter, "%" PRIu64 " pages lie behind the end of the file: their rows are missing",
		          file->missing);
		return STATUS_TRUNCATED;
	}
	if (file->damaged > 0) {
		emit_note(file->emitter, "damaged in %" PRIu64 " places: the rows that were there are missing",
		          file->damaged + file->missing);
		return STATUS_MALFORMED;
	}
	return STATUS_OK;
}

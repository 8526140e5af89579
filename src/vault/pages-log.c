/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The write-ahead log: 32 clear bytes, then frames of 4120, each header sealed
 * together with its page. SQLite writes the two apart, so a header waits in
 * memory for its page:
 *
 *   header, then its page      sealed and written at once
 *   a page alone               the frame is read, opened and sealed again
 *   a header alone, right after its frame was read whole
 *                              (checksums made anew) sealed again with the page in hand
 *   a header alone otherwise   sealed again with the page on disk before the next call
 *
 * Recovery reads whole frames: one that does not open reads as zeros, which
 * SQLite takes for the log's end. Any other read of it fails.
 */
#include "vault/pages-vfs.h"

#include "base/bytes.h"

static sqlite3_int64 offset_of(uint64_t frame)
{
	return SEALING_LOG_HEADER + (sqlite3_int64)(frame - 1) * SEALING_FRAME;
}

/* Into record. SHORT_READ when the log ends before the frame does. */
static int read_frame(struct pages_file *file, uint64_t frame)
{
	sqlite3_file *beneath = pages_file_beneath(&file->base);
	int code = beneath->pMethods->xRead(beneath, file->record, SEALING_FRAME, offset_of(frame));
	if (code != SQLITE_OK)
		return code;
	return sealing_open(&file->owner->sealing, SEALING_LOG, frame, file->record, SEALING_FRAME_PLAIN) ? SQLITE_OK
	                                                                                                  : SQLITE_IOERR_DATA;
}

static int seal_frame(struct pages_file *file, uint64_t frame)
{
	sealing_seal(&file->owner->sealing, SEALING_LOG, frame, file->record, SEALING_FRAME_PLAIN, file->record);
	return pages_file_write_beneath(file, file->record, SEALING_FRAME, offset_of(frame));
}

/* A header that waits before the log's end belongs to the page on disk; one behind it never got a page. */
static int settle_pending(struct pages_file *file)
{
	uint64_t frame = file->pending;
	if (frame == 0)
		return SQLITE_OK;
	file->pending = 0;
	file->in_hand = 0;
	int code = read_frame(file, frame);
	if (code == SQLITE_IOERR_SHORT_READ)
		return SQLITE_OK;
	if (code == SQLITE_IOERR_DATA)
		return pages_vfs_note_damage(file->owner, "wal", frame);
	if (code != SQLITE_OK)
		return code;
	memcpy(file->record, file->pending_header, SEALING_FRAME_HEADER);
	return seal_frame(file, frame);
}

static int read_whole_frame(struct pages_file *file, uint64_t frame, unsigned char *into)
{
	int code = read_frame(file, frame);
	if (code == SQLITE_OK) {
		memcpy(into, file->record, SEALING_FRAME);
		file->in_hand = frame;
		return SQLITE_OK;
	}
	memset(into, 0, SEALING_FRAME);
	return code == SQLITE_IOERR_DATA ? SQLITE_OK : code;
}

static int read_part(struct pages_file *file, uint64_t frame, int within, void *into, int amount)
{
	int code = read_frame(file, frame);
	if (code == SQLITE_OK)
		memcpy(into, file->record + within, (size_t)amount);
	else
		memset(into, 0, (size_t)amount);
	return code == SQLITE_IOERR_DATA ? pages_vfs_note_damage(file->owner, "wal", frame) : code;
}

static int read_log(sqlite3_file *file, void *into, int amount, sqlite3_int64 offset)
{
	struct pages_file *ours = (struct pages_file *)file;
	sqlite3_file *beneath = pages_file_beneath(file);
	int code = settle_pending(ours);
	ours->in_hand = 0;
	if (code != SQLITE_OK)
		return code;
	if (offset + amount <= SEALING_LOG_HEADER)
		return beneath->pMethods->xRead(beneath, into, amount, offset);
	if (offset < SEALING_LOG_HEADER)
		return SQLITE_IOERR_READ;
	uint64_t frame = (uint64_t)(offset - SEALING_LOG_HEADER) / SEALING_FRAME + 1;
	int within = (int)(offset - offset_of(frame));
	if (within == 0 && amount == SEALING_FRAME)
		return read_whole_frame(ours, frame, into);
	return within + amount <= SEALING_FRAME ? read_part(ours, frame, within, into, amount) : SQLITE_IOERR_READ;
}

static int write_log_header(struct pages_file *file, const unsigned char *header)
{
	int code = settle_pending(file);
	file->in_hand = 0;
	if (code != SQLITE_OK)
		return code;
	bool is_ours = (load_be32(header) | 1) == 0x377f0683 && load_be32(header + 8) == SEALING_PAGE;
	return is_ours ? pages_file_write_beneath(file, header, SEALING_LOG_HEADER, 0) : SQLITE_IOERR_WRITE;
}

static int write_header(struct pages_file *file, uint64_t frame, const void *header)
{
	if (file->in_hand == frame) {
		file->in_hand = 0;
		memcpy(file->record, header, SEALING_FRAME_HEADER);
		return seal_frame(file, frame);
	}
	int code = settle_pending(file);
	if (code != SQLITE_OK)
		return code;
	file->in_hand = 0;
	file->pending = frame;
	memcpy(file->pending_header, header, SEALING_FRAME_HEADER);
	return SQLITE_OK;
}

/* The header that the page goes with, into record. */
static int find_header(struct pages_file *file, uint64_t frame)
{
	if (file->pending == frame) {
		memcpy(file->record, file->pending_header, SEALING_FRAME_HEADER);
		file->pending = 0;
		return SQLITE_OK;
	}
	int code = settle_pending(file);
	if (code == SQLITE_OK)
		code = read_frame(file, frame);
	return code == SQLITE_IOERR_DATA ? pages_vfs_note_damage(file->owner, "wal", frame) : code;
}

static int write_page(struct pages_file *file, uint64_t frame, const unsigned char *page)
{
	file->in_hand = 0;
	int code = find_header(file, frame);
	if (code != SQLITE_OK)
		return code;
	if (!pages_page_is_ours(page, load_be32(file->record) == 1, true))
		return SQLITE_IOERR_WRITE;
	memcpy(file->record + SEALING_FRAME_HEADER, page, SEALING_PAGE);
	return seal_frame(file, frame);
}

static int write_log(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset)
{
	struct pages_file *ours = (struct pages_file *)file;
	if (offset == 0 && amount == SEALING_LOG_HEADER)
		return write_log_header(ours, bytes);
	if (offset < SEALING_LOG_HEADER)
		return SQLITE_IOERR_WRITE;
	uint64_t frame = (uint64_t)(offset - SEALING_LOG_HEADER) / SEALING_FRAME + 1;
	int within = (int)(offset - offset_of(frame));
	if (within == 0 && amount == SEALING_FRAME_HEADER)
		return write_header(ours, frame, bytes);
	if (within == SEALING_FRAME_HEADER && amount == SEALING_PAGE)
		return write_page(ours, frame, bytes);
	return SQLITE_IOERR_WRITE;
}

static int truncate_log(sqlite3_file *file, sqlite3_int64 size)
{
	sqlite3_file *beneath = pages_file_beneath(file);
	int code = settle_pending((struct pages_file *)file);
	((struct pages_file *)file)->in_hand = 0;
	return code == SQLITE_OK ? beneath->pMethods->xTruncate(beneath, size) : code;
}

static int sync_log(sqlite3_file *file, int flags)
{
	int code = settle_pending((struct pages_file *)file);
	return code == SQLITE_OK ? pages_file_sync(file, flags) : code;
}

/* A part of a frame does not count. */
static int size_log(sqlite3_file *file, sqlite3_int64 *ret_size)
{
	sqlite3_file *beneath = pages_file_beneath(file);
	sqlite3_int64 size;
	int code = settle_pending((struct pages_file *)file);
	if (code == SQLITE_OK)
		code = beneath->pMethods->xFileSize(beneath, &size);
	if (code != SQLITE_OK)
		return code;
	*ret_size = size < SEALING_LOG_HEADER ? size : size - (size - SEALING_LOG_HEADER) % SEALING_FRAME;
	return SQLITE_OK;
}

static int close_log(sqlite3_file *file)
{
	int settled = settle_pending((struct pages_file *)file);
	int closed = pages_file_close(file);
	return settled != SQLITE_OK ? settled : closed;
}

const sqlite3_io_methods pages_log_methods = {
	.iVersion = 1,
	.xClose = close_log,
	.xRead = read_log,
	.xWrite = write_log,
	.xTruncate = truncate_log,
	.xSync = sync_log,
	.xFileSize = size_log,
	.xLock = pages_file_lock,
	.xUnlock = pages_file_unlock,
	.xCheckReservedLock = pages_file_check_reserved_lock,
	.xFileControl = pages_file_control,
	.xSectorSize = pages_file_sector_size,
	.xDeviceCharacteristics = pages_file_characteristics,
};

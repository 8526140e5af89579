/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main file: page n sealed at (n - 1) * 4096. What SQLite would leave as a
 * gap becomes sealed zero pages, so that raw zeros are never a page.
 */
#include "vault/pages-vfs.h"

#include "base/bytes.h"

static int read_page(struct pages_file *file, uint64_t number, unsigned char *page)
{
	sqlite3_file *beneath = pages_file_beneath(&file->base);
	int code = beneath->pMethods->xRead(beneath, page, SEALING_PAGE, (sqlite3_int64)(number - 1) * SEALING_PAGE);
	if (code == SQLITE_IOERR_SHORT_READ)
		memset(page, 0, SEALING_PAGE); /* a part of a page is none */
	if (code != SQLITE_OK)
		return code;
	return sealing_open(&file->owner->sealing, SEALING_MAIN, number, page, SEALING_PAGE_PLAIN) ? SQLITE_OK
	                                                                                           : SQLITE_IOERR_DATA;
}

/* SQLite looks at the header before it recovers the log, in which a torn page 1 lies whole, and while another
 * connection may be writing that page. These are the facts about geometry, which never change. */
static void write_geometry(unsigned char header[100])
{
	memset(header, 0, 100);
	memcpy(header, "SQLite format 3", 16);
	header[16] = SEALING_PAGE >> 8;
	header[18] = header[19] = 2; /* WAL */
	header[20] = SEALING_TRAILER;
	header[21] = 64;
	header[22] = header[23] = 32;
}

static int read_part(struct pages_file *file, void *into, int amount, uint64_t number, int within)
{
	int code = read_page(file, number, file->record);
	if (code == SQLITE_IOERR_DATA && number == 1 && within + amount <= 100) {
		write_geometry(file->record);
		code = SQLITE_OK;
	}
	if (code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ)
		memcpy(into, file->record + within, (size_t)amount);
	return code;
}

static int read_main(sqlite3_file *file, void *into, int amount, sqlite3_int64 offset)
{
	struct pages_file *ours = (struct pages_file *)file;
	uint64_t number = (uint64_t)offset / SEALING_PAGE + 1;
	int within = (int)(offset % SEALING_PAGE), code = SQLITE_IOERR_READ;
	if (amount == SEALING_PAGE && within == 0)
		code = read_page(ours, number, into);
	else if (within + amount <= SEALING_PAGE)
		code = read_part(ours, into, amount, number, within);
	return code == SQLITE_IOERR_DATA ? pages_vfs_note_damage(ours->owner, "main", number) : code;
}

static int count_pages(struct pages_file *file, uint64_t *ret_count)
{
	sqlite3_file *beneath = pages_file_beneath(&file->base);
	sqlite3_int64 size;
	int code = beneath->pMethods->xFileSize(beneath, &size);
	if (code == SQLITE_OK)
		*ret_count = (uint64_t)size / SEALING_PAGE;
	return code;
}

static int seal_page(struct pages_file *file, uint64_t number, const unsigned char *page)
{
	sealing_seal(&file->owner->sealing, SEALING_MAIN, number, page, SEALING_PAGE_PLAIN, file->record);
	return pages_file_write_beneath(file, file->record, SEALING_PAGE, (sqlite3_int64)(number - 1) * SEALING_PAGE);
}

/* Sealed zeros from behind the last page up to number - 1. */
static int fill_gap(struct pages_file *file, uint64_t number)
{
	static const unsigned char zeros[SEALING_PAGE];
	uint64_t count;
	int code = count_pages(file, &count);
	while (code == SQLITE_OK && ++count < number)
		code = seal_page(file, count, zeros);
	return code;
}

static int write_main(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset)
{
	struct pages_file *ours = (struct pages_file *)file;
	uint64_t number = (uint64_t)offset / SEALING_PAGE + 1;
	if (amount != SEALING_PAGE || offset % SEALING_PAGE != 0 || !pages_page_is_ours(bytes, number == 1, !ours->is_copy))
		return SQLITE_IOERR_WRITE;
	int code = fill_gap(ours, number);
	if (code != SQLITE_OK)
		return code;
	if (number != 1)
		return seal_page(ours, number, bytes);
	memcpy(ours->record, bytes, SEALING_PAGE);
	ours->record[18] = ours->record[19] = 2; /* a copy, too, will be opened with a log */
	return seal_page(ours, 1, ours->record);
}

static int truncate_main(sqlite3_file *file, sqlite3_int64 size)
{
	sqlite3_file *beneath = pages_file_beneath(file);
	uint64_t pages = ((uint64_t)size + SEALING_PAGE - 1) / SEALING_PAGE;
	int code = fill_gap((struct pages_file *)file, pages + 1);
	if (code != SQLITE_OK)
		return code;
	return beneath->pMethods->xTruncate(beneath, (sqlite3_int64)pages * SEALING_PAGE);
}

static int size_main(sqlite3_file *file, sqlite3_int64 *ret_size)
{
	uint64_t count;
	int code = count_pages((struct pages_file *)file, &count);
	if (code == SQLITE_OK)
		*ret_size = (sqlite3_int64)count * SEALING_PAGE;
	return code;
}

const sqlite3_io_methods pages_main_methods = {
	.iVersion = 2, /* 3 would offer mmap */
	.xClose = pages_file_close,
	.xRead = read_main,
	.xWrite = write_main,
	.xTruncate = truncate_main,
	.xSync = pages_file_sync,
	.xFileSize = size_main,
	.xLock = pages_file_lock,
	.xUnlock = pages_file_unlock,
	.xCheckReservedLock = pages_file_check_reserved_lock,
	.xFileControl = pages_file_control,
	.xSectorSize = pages_file_sector_size,
	.xDeviceCharacteristics = pages_file_characteristics,
	.xShmMap = pages_file_shm_map,
	.xShmLock = pages_file_shm_lock,
	.xShmBarrier = pages_file_shm_barrier,
	.xShmUnmap = pages_file_shm_unmap,
};

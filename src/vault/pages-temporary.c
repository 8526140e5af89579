/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temporary files: sorters, statement journals, the new database of a VACUUM.
 * Nameless from birth (O_TMPFILE, or unlinked at once; a memory file where the
 * directory cannot be written), sealed in blocks of 4096 under a key that dies
 * with the file. One block may wait in memory; blocks never written are made
 * as sealed zeros, so a block below count always opens.
 */
#define _GNU_SOURCE
#include "vault/pages-vfs.h"

#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = SEALING_PAGE, RECORD = BLOCK + SEALING_TRAILER };

#define NO_BLOCK UINT64_MAX

struct temporary {
	struct sealing sealing;
	int handle;
	uint64_t size;    /* bytes that SQLite knows of */
	uint64_t count;   /* blocks on disk */
	uint64_t waiting; /* number of the block in memory, or NO_BLOCK */
	bool is_changed;  /* the block in memory is newer than on disk */
	unsigned char block[BLOCK];
	unsigned char record[RECORD];
};

struct temporary_file {
	sqlite3_file base;
	struct temporary *temporary;
};

static struct temporary *temporary_of(sqlite3_file *file)
{
	return ((struct temporary_file *)file)->temporary;
}

static int write_record(struct temporary *temporary, uint64_t number)
{
	const unsigned char *at = temporary->record;
	size_t left = RECORD;
	off_t offset = (off_t)(number * RECORD);
	while (left > 0) {
		ssize_t written = pwrite(temporary->handle, at, left, offset);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? SQLITE_FULL : SQLITE_IOERR_WRITE;
		at += written;
		left -= (size_t)written;
		offset += written;
	}
	return SQLITE_OK;
}

static int seal_block(struct temporary *temporary, uint64_t number, const unsigned char *block)
{
	sealing_seal(&temporary->sealing, SEALING_TEMPORARY, number, block, BLOCK, temporary->record);
	int code = write_record(temporary, number);
	if (code == SQLITE_OK && number >= temporary->count)
		temporary->count = number + 1;
	return code;
}

static int put_block(struct temporary *temporary, uint64_t number, const unsigned char *block)
{
	static const unsigned char zeros[BLOCK];
	int code = SQLITE_OK;
	while (code == SQLITE_OK && temporary->count < number)
		code = seal_block(temporary, temporary->count, zeros);
	return code == SQLITE_OK ? seal_block(temporary, number, block) : code;
}

static int get_block(struct temporary *temporary, uint64_t number, unsigned char *block)
{
	if (number >= temporary->count) {
		memset(block, 0, BLOCK);
		return SQLITE_OK;
	}
	size_t done = 0;
	while (done < RECORD) {
		ssize_t got = pread(temporary->handle, temporary->record + done, RECORD - done, (off_t)(number * RECORD + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return SQLITE_IOERR_READ;
		done += (size_t)got;
	}
	if (!sealing_open(&temporary->sealing, SEALING_TEMPORARY, number, temporary->record, BLOCK))
		return SQLITE_IOERR_DATA;
	memcpy(block, temporary->record, BLOCK);
	return SQLITE_OK;
}

static int flush_block(struct temporary *temporary)
{
	if (!temporary->is_changed)
		return SQLITE_OK;
	int code = put_block(temporary, temporary->waiting, temporary->block);
	if (code == SQLITE_OK)
		temporary->is_changed = false;
	return code;
}

static void forget_waiting(struct temporary *temporary)
{
	temporary->waiting = NO_BLOCK;
	temporary->is_changed = false;
}

/* Makes number the block in memory. */
static int fetch_block(struct temporary *temporary, uint64_t number)
{
	if (temporary->waiting == number)
		return SQLITE_OK;
	int code = flush_block(temporary);
	if (code != SQLITE_OK)
		return code;
	temporary->waiting = NO_BLOCK;
	code = get_block(temporary, number, temporary->block);
	if (code == SQLITE_OK)
		temporary->waiting = number;
	return code;
}

static int read_some(struct temporary *temporary, unsigned char *into, size_t len, uint64_t offset)
{
	while (len > 0) {
		uint64_t number = offset / BLOCK;
		size_t within = (size_t)(offset % BLOCK), part = len < BLOCK - within ? len : BLOCK - within;
		int code;
		if (part == BLOCK && number != temporary->waiting) {
			code = get_block(temporary, number, into);
		} else {
			code = fetch_block(temporary, number);
			if (code == SQLITE_OK)
				memcpy(into, temporary->block + within, part);
		}
		if (code != SQLITE_OK)
			return code;
		into += part;
		len -= part;
		offset += part;
	}
	return SQLITE_OK;
}

static int read_temporary(sqlite3_file *file, void *into, int amount, sqlite3_int64 offset)
{
	struct temporary *temporary = temporary_of(file);
	uint64_t from = (uint64_t)offset;
	size_t len = (size_t)amount, there = len;
	if (from >= temporary->size)
		there = 0;
	else if (temporary->size - from < len)
		there = (size_t)(temporary->size - from);
	memset((unsigned char *)into + there, 0, len - there);
	int code = read_some(temporary, into, there, from);
	return code == SQLITE_OK && there < len ? SQLITE_IOERR_SHORT_READ : code;
}

static int write_part(struct temporary *temporary, uint64_t number, size_t within, const unsigned char *bytes, size_t len)
{
	if (len == BLOCK) {
		if (temporary->waiting == number)
			forget_waiting(temporary);
		return put_block(temporary, number, bytes);
	}
	int code = fetch_block(temporary, number);
	if (code != SQLITE_OK)
		return code;
	memcpy(temporary->block + within, bytes, len);
	temporary->is_changed = true;
	return SQLITE_OK;
}

static int write_temporary(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset)
{
	struct temporary *temporary = temporary_of(file);
	const unsigned char *at = bytes;
	size_t left = (size_t)amount;
	uint64_t to = (uint64_t)offset;
	while (left > 0) {
		size_t within = (size_t)(to % BLOCK), part = left < BLOCK - within ? left : BLOCK - within;
		int code = write_part(temporary, to / BLOCK, within, at, part);
		if (code != SQLITE_OK)
			return code;
		at += part;
		left -= part;
		to += part;
		if (to > temporary->size)
			temporary->size = to;
	}
	return SQLITE_OK;
}

/* What is cut off must read as zeros should the file grow again. */
static int cut_block(struct temporary *temporary, uint64_t number, size_t within)
{
	int code = fetch_block(temporary, number);
	if (code != SQLITE_OK)
		return code;
	memset(temporary->block + within, 0, BLOCK - within);
	temporary->is_changed = true;
	return SQLITE_OK;
}

static int drop_blocks_from(struct temporary *temporary, uint64_t number)
{
	if (temporary->waiting != NO_BLOCK && temporary->waiting >= number)
		forget_waiting(temporary);
	if (number >= temporary->count)
		return SQLITE_OK;
	if (ftruncate(temporary->handle, (off_t)(number * RECORD)) != 0)
		return SQLITE_IOERR_TRUNCATE;
	temporary->count = number;
	return SQLITE_OK;
}

static int truncate_temporary(sqlite3_file *file, sqlite3_int64 size)
{
	struct temporary *temporary = temporary_of(file);
	uint64_t to = (uint64_t)size;
	size_t within = (size_t)(to % BLOCK);
	int code = SQLITE_OK;
	if (to < temporary->size && within > 0)
		code = cut_block(temporary, to / BLOCK, within);
	if (to < temporary->size && code == SQLITE_OK)
		code = drop_blocks_from(temporary, to / BLOCK + (within > 0));
	if (code == SQLITE_OK)
		temporary->size = to;
	return code;
}

static int size_temporary(sqlite3_file *file, sqlite3_int64 *ret_size)
{
	*ret_size = (sqlite3_int64)temporary_of(file)->size;
	return SQLITE_OK;
}

static int close_temporary(sqlite3_file *file)
{
	struct temporary *temporary = temporary_of(file);
	close(temporary->handle);
	sealing_end(&temporary->sealing);
	free(temporary);
	return SQLITE_OK;
}

/* Nobody else ever sees the file, and nothing of it outlives the process. */
static int do_nothing(sqlite3_file *file, int unused)
{
	(void)file, (void)unused;
	return SQLITE_OK;
}

static int check_reserved_lock(sqlite3_file *file, int *ret_is_held)
{
	(void)file;
	*ret_is_held = 0;
	return SQLITE_OK;
}

static int control(sqlite3_file *file, int operation, void *argument)
{
	(void)file, (void)argument;
	return operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE ? SQLITE_OK : SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *file)
{
	(void)file;
	return SEALING_PAGE;
}

static int characteristics(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods temporary_methods = {
	.iVersion = 1,
	.xClose = close_temporary,
	.xRead = read_temporary,
	.xWrite = write_temporary,
	.xTruncate = truncate_temporary,
	.xSync = do_nothing,
	.xFileSize = size_temporary,
	.xLock = do_nothing,
	.xUnlock = do_nothing,
	.xCheckReservedLock = check_reserved_lock,
	.xFileControl = control,
	.xSectorSize = sector_size,
	.xDeviceCharacteristics = characteristics,
};

static int open_unlinked(int directory)
{
	char name[64];
	uint64_t random;
	sqlite3_randomness((int)sizeof random, &random);
	snprintf(name, sizeof name, ".tidemark-%016llx", (unsigned long long)random);
	int handle = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (handle >= 0)
		unlinkat(directory, name, 0);
	return handle;
}

static int open_nameless(int directory)
{
	int handle = -1;
	errno = EACCES;
	if (directory >= 0)
		handle = openat(directory, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (handle < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT || errno == EINVAL))
		handle = open_unlinked(directory);
	if (handle < 0 && (errno == EACCES || errno == EPERM || errno == EROFS))
		handle = memfd_create("tidemark-temporary", MFD_CLOEXEC);
	return handle;
}

int pages_temporary_open(struct pages_vfs *vfs, sqlite3_file *file)
{
	struct temporary *temporary = malloc(sizeof *temporary);
	if (temporary == NULL)
		return SQLITE_NOMEM;
	int handle = open_nameless(vfs->directory);
	if (handle < 0) {
		int code = errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL : SQLITE_CANTOPEN;
		free(temporary);
		return code;
	}
	temporary->handle = handle;
	temporary->size = temporary->count = 0;
	temporary->waiting = NO_BLOCK;
	temporary->is_changed = false;
	sealing_start_throwaway(&temporary->sealing);
	((struct temporary_file *)file)->temporary = temporary;
	file->pMethods = &temporary_methods;
	return SQLITE_OK;
}

int pages_temporary_file_size(void)
{
	return (int)sizeof(struct temporary_file);
}

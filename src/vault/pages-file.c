/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the main file and the log share: closing, writing with an honest "disk
 * full", locks and -shm handed down as they come, and the file controls, where
 * every pragma that would lead out of the sealed geometry is refused.
 */
#include "vault/pages-vfs.h"

#include "base/bytes.h"

#include <errno.h>
#include <stdlib.h>

static const sqlite3_io_methods *methods_beneath(sqlite3_file *file)
{
	return pages_file_beneath(file)->pMethods;
}

int pages_file_close(sqlite3_file *file)
{
	int code = methods_beneath(file)->xClose(pages_file_beneath(file));
	struct pages_file *ours = (struct pages_file *)file;
	free(ours->record);
	ours->record = NULL;
	return code;
}

/* The unix VFS calls only a write's ENOSPC full. */
static int tell_full(sqlite3_file *beneath, int code)
{
	int error = 0;
	if (code != SQLITE_IOERR_WRITE && code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC)
		return code;
	beneath->pMethods->xFileControl(beneath, SQLITE_FCNTL_LAST_ERRNO, &error);
	return error == ENOSPC || error == EFBIG || error == EDQUOT ? SQLITE_FULL : code;
}

int pages_file_write_beneath(struct pages_file *file, const void *bytes, int amount, sqlite3_int64 offset)
{
	sqlite3_file *beneath = pages_file_beneath(&file->base);
	return tell_full(beneath, beneath->pMethods->xWrite(beneath, bytes, amount, offset));
}

/* Where a disk gives out space late, a flush is what finds it full. */
int pages_file_sync(sqlite3_file *file, int flags)
{
	sqlite3_file *beneath = pages_file_beneath(file);
	return tell_full(beneath, beneath->pMethods->xSync(beneath, flags));
}

static int refuse(char **pragma, const char *why)
{
	pragma[0] = sqlite3_mprintf("sealed pages: %s", why);
	return SQLITE_ERROR;
}

/* pragma: [0] the answer, [1] the name, [2] the value or NULL. */
static int control_pragma(char **pragma)
{
	struct bytes name = bytes_of_string(pragma[1]), value = bytes_of_string(pragma[2]);
	if (pragma[2] == NULL)
		return SQLITE_NOTFOUND;
	if (bytes_equal_nocase(name, BYTES_LITERAL("journal_mode")) && !bytes_equal_nocase(value, BYTES_LITERAL("wal")))
		return refuse(pragma, "the journal is a write-ahead log");
	if (bytes_equal_nocase(name, BYTES_LITERAL("page_size")) && !bytes_equal_string(value, "4096"))
		return refuse(pragma, "a page has 4096 bytes");
	if (bytes_equal_nocase(name, BYTES_LITERAL("temp_store")) && !bytes_equal_nocase(value, BYTES_LITERAL("file")))
		return refuse(pragma, "temporary files are files");
	if (bytes_equal_nocase(name, BYTES_LITERAL("temp_store_directory")))
		return refuse(pragma, "temporary files lie beside the database");
	if (!bytes_equal_nocase(name, BYTES_LITERAL("mmap_size")))
		return SQLITE_NOTFOUND;
	pragma[0] = sqlite3_mprintf("0");
	return SQLITE_OK;
}

int pages_file_control(sqlite3_file *file, int operation, void *argument)
{
	switch (operation) {
	case SQLITE_FCNTL_PRAGMA: return control_pragma(argument);
	case SQLITE_FCNTL_SIZE_HINT:
	case SQLITE_FCNTL_CHUNK_SIZE: return SQLITE_OK;
	case SQLITE_FCNTL_MMAP_SIZE: *(sqlite3_int64 *)argument = 0; return SQLITE_OK;
	case SQLITE_FCNTL_BEGIN_ATOMIC_WRITE:
	case SQLITE_FCNTL_COMMIT_ATOMIC_WRITE:
	case SQLITE_FCNTL_ROLLBACK_ATOMIC_WRITE:
	case SQLITE_FCNTL_TEMPFILENAME: return SQLITE_NOTFOUND;
	case SQLITE_FCNTL_VFSNAME:
		*(char **)argument = sqlite3_mprintf("%s", ((struct pages_file *)file)->owner->name);
		return SQLITE_OK;
	default: return methods_beneath(file)->xFileControl(pages_file_beneath(file), operation, argument);
	}
}

int pages_file_sector_size(sqlite3_file *file)
{
	return methods_beneath(file)->xSectorSize(pages_file_beneath(file));
}

/* Without POWERSAFE_OVERWRITE frames would arrive split; atomic writes would be a lie. */
int pages_file_characteristics(sqlite3_file *file)
{
	const struct pages_file *ours = (const struct pages_file *)file;
	int unchanging = ours->owner->is_unchanging && !ours->is_copy ? SQLITE_IOCAP_IMMUTABLE : 0;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE | unchanging;
}

int pages_file_lock(sqlite3_file *file, int level)
{
	return methods_beneath(file)->xLock(pages_file_beneath(file), level);
}

int pages_file_unlock(sqlite3_file *file, int level)
{
	return methods_beneath(file)->xUnlock(pages_file_beneath(file), level);
}

int pages_file_check_reserved_lock(sqlite3_file *file, int *ret_is_held)
{
	return methods_beneath(file)->xCheckReservedLock(pages_file_beneath(file), ret_is_held);
}

int pages_file_shm_map(sqlite3_file *file, int region, int size, int is_extending, void volatile **ret_at)
{
	/* It grows by writing one byte of each page; what failed there is remembered nowhere. */
	int code = methods_beneath(file)->xShmMap(pages_file_beneath(file), region, size, is_extending, ret_at);
	return code == SQLITE_IOERR_SHMSIZE ? SQLITE_FULL : code;
}

int pages_file_shm_lock(sqlite3_file *file, int first, int count, int flags)
{
	return methods_beneath(file)->xShmLock(pages_file_beneath(file), first, count, flags);
}

void pages_file_shm_barrier(sqlite3_file *file)
{
	methods_beneath(file)->xShmBarrier(pages_file_beneath(file));
}

int pages_file_shm_unmap(sqlite3_file *file, int is_deleting)
{
	return methods_beneath(file)->xShmUnmap(pages_file_beneath(file), is_deleting);
}

bool pages_page_is_ours(const unsigned char *page, bool is_first, bool is_wal_demanded)
{
	static const unsigned char zeros[SEALING_TRAILER];
	if (memcmp(page + SEALING_PAGE_PLAIN, zeros, sizeof zeros) != 0)
		return false;
	if (!is_first)
		return true;
	return load_be16(page + 16) == SEALING_PAGE && page[20] == SEALING_TRAILER &&
	       (!is_wal_demanded || (page[18] == 2 && page[19] == 2));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening: the first page is made by hand and appears whole (so there is never
 * a rollback journal), the key is tried before SQLite reads anything, then the
 * connection is set. Order matters: an empty main file would have SQLite
 * delete the log.
 */
#define _GNU_SOURCE
#include "vault/pages.h"

#include "base/bytes.h"
#include "vault/pages-vfs.h"
#include "vault/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(PAGES_IDENTITY_SIZE == SEALING_IDENTITY, "one size of identity");

enum { BUSY_MILLISECONDS = 5000 };

enum status pages_status(int sqlite_code)
{
	switch (sqlite_code) {
	case SQLITE_IOERR_DATA:
	case SQLITE_IOERR_SHORT_READ:
	case SQLITE_IOERR_CORRUPTFS: return STATUS_MALFORMED;
	case SQLITE_IOERR_NOMEM: return STATUS_NO_MEMORY;
	case SQLITE_IOERR_ACCESS: return STATUS_DENIED;
	default: break;
	}
	switch (sqlite_code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW: return STATUS_OK;
	case SQLITE_DONE: return STATUS_END;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL: return STATUS_BUSY;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH: return STATUS_DENIED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return STATUS_MALFORMED;
	case SQLITE_FULL: return STATUS_NO_SPACE;
	case SQLITE_NOMEM: return STATUS_NO_MEMORY;
	case SQLITE_INTERRUPT: return STATUS_INTERRUPTED;
	case SQLITE_TOOBIG: return STATUS_TOO_LARGE;
	default: return STATUS_BROKEN;
	}
}

static enum status fail_by_sqlite(struct failure *reterr, sqlite3 *database, const char *path)
{
	int code = sqlite3_extended_errcode(database), error = sqlite3_system_errno(database);
	enum status status = pages_status(code);
	if ((code & 0xff) == SQLITE_CANTOPEN && whole_file_status(error) == STATUS_NO_SPACE)
		status = STATUS_NO_SPACE;
	if (status == STATUS_NO_SPACE)
		return fail(reterr, status, path, "no space is left; make room and try again");
	if (status == STATUS_MALFORMED)
		return fail(reterr, status, path, "the key opens this catalog, but the file is damaged (%s)",
		            sqlite3_errmsg(database));
	if ((code & 0xff) == SQLITE_CANTOPEN && error != 0)
		return fail(reterr, status, path, "cannot be opened: %s", strerror(error));
	return fail(reterr, status == STATUS_OK ? STATUS_BROKEN : status, path, "%s", sqlite3_errmsg(database));
}

/* An empty database as SQLite itself would begin it (file format, 1.3 and 1.6), but with a log from the first. */
static void write_first_page(unsigned char page[SEALING_PAGE])
{
	memset(page, 0, SEALING_PAGE);
	memcpy(page, "SQLite format 3", 16);
	page[16] = SEALING_PAGE >> 8;
	page[18] = page[19] = 2;
	page[20] = SEALING_TRAILER;
	page[21] = 64;
	page[22] = page[23] = 32;
	page[31] = 1;     /* pages */
	page[100] = 0x0d; /* a table's leaf without cells */
	page[105] = SEALING_PAGE_PLAIN >> 8;
	page[106] = SEALING_PAGE_PLAIN & 0xff;
}

static bool has_file_beside(const char *path, const char *suffix, bool is_empty_enough)
{
	char name[PATH_MAX];
	struct stat about;
	int length = snprintf(name, sizeof name, "%s%s", path, suffix);
	bool can_be = length > 0 && (size_t)length < sizeof name;
	return can_be && stat(name, &about) == 0 && (about.st_size > 0 || !is_empty_enough);
}

static enum status create_first_page(const char *path, struct sealing *sealing, struct failure *reterr)
{
	unsigned char page[SEALING_PAGE];
	bool is_new;
	if (access(path, F_OK) == 0)
		return STATUS_OK;
	if (has_file_beside(path, "-wal", true) && access(path, F_OK) != 0)
		return fail(reterr, STATUS_MALFORMED, path, "its write-ahead log is there, the database itself is not");
	write_first_page(page);
	sealing_seal(sealing, SEALING_MAIN, 1, page, SEALING_PAGE_PLAIN, page);
	return whole_file_create(path, bytes_of(page, sizeof page), &is_new, reterr);
}

/* Nobody in this directory can write, and there is no log to be read with it. */
static enum status note_unchanging(struct pages_vfs *vfs, const char *path, struct failure *reterr)
{
	char *directory = whole_file_directory_of(path);
	if (directory == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	bool is_writable = faccessat(AT_FDCWD, directory, W_OK, AT_EACCESS) == 0;
	free(directory);
	vfs->is_unchanging = !is_writable && !has_file_beside(path, "-wal", true) && !has_file_beside(path, "-shm", false);
	return STATUS_OK;
}

static enum status run(sqlite3 *database, const char *path, const char *sql, struct failure *reterr)
{
	return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : fail_by_sqlite(reterr, database, path);
}

static enum status try_key(struct pages_vfs *vfs, sqlite3 *database, const char *path, struct failure *reterr)
{
	sqlite3_file *file = NULL;
	if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || file == NULL ||
	    file->pMethods != &pages_main_methods)
		return fail(reterr, STATUS_BROKEN, path, "SQLite did not open it through this VFS");
	const char *log_path = sqlite3_filename_wal(sqlite3_db_filename(database, "main"));
	return pages_check_key(pages_file_beneath(file), log_path, &vfs->sealing, path, reterr);
}

/* The first statement reads page 1, and recovers the log after a crash. */
static enum status set_connection(sqlite3 *database, const char *path, enum pages_mode mode, struct failure *reterr)
{
	int reserve = SEALING_TRAILER;
	sqlite3_extended_result_codes(database, 1); /* or FTS5 and VACUUM would drop what they cannot know */
	sqlite3_busy_timeout(database, BUSY_MILLISECONDS);
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (mode != PAGES_READ && sqlite3_db_readonly(database, "main") == 1)
		return fail(reterr, STATUS_DENIED, path, "may be read, but not written");
	enum status status = run(database, path,
	                         "PRAGMA temp_store = file; PRAGMA mmap_size = 0; PRAGMA secure_delete = on;"
	                         "SELECT count(*) FROM sqlite_schema",
	                         reterr);
	if (status == STATUS_OK && mode != PAGES_READ)
		status = run(database, path, "PRAGMA journal_mode = wal", reterr);
	sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
	return status;
}

static enum status open_with(struct pages_vfs *vfs, const char *path, enum pages_mode mode, sqlite3 **ret_database,
                             struct failure *reterr)
{
	sqlite3 *database = NULL;
	int flags = mode == PAGES_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	enum status status;
	int code = sqlite3_open_v2(path, &database, flags | SQLITE_OPEN_NOMUTEX, vfs->name);
	if (code == SQLITE_OK)
		status = pages_vfs_give_to(vfs, database, path, reterr);
	else
		status = fail_by_sqlite(reterr, database, path);
	if (status != STATUS_OK) {
		sqlite3_close(database);
		pages_vfs_free(vfs);
		return status;
	}
	status = try_key(vfs, database, path, reterr);
	if (status == STATUS_OK)
		status = set_connection(database, path, mode, reterr);
	if (status == STATUS_OK)
		*ret_database = database;
	else
		sqlite3_close(database);
	return status;
}

static enum status prepare(struct pages_vfs *vfs, const char *path, enum pages_mode mode, struct failure *reterr)
{
	if (mode == PAGES_CREATE)
		return create_first_page(path, &vfs->sealing, reterr);
	if (access(path, F_OK) != 0)
		return whole_file_fail(reterr, path, errno, "cannot be opened");
	return mode == PAGES_READ ? note_unchanging(vfs, path, reterr) : STATUS_OK;
}

/* Never something that SQLite takes for a URI or for "in memory"; links followed, so that log, temporary files and
 * database lie in one directory. */
static char *as_plain_name(const char *path)
{
	char *plain, *real;
	if (asprintf(&plain, "%s%s", path[0] == '/' ? "" : "./", path) < 0)
		return NULL;
	real = realpath(plain, NULL);
	if (real == NULL)
		return plain;
	free(plain);
	return real;
}

enum status pages_open(const char *path, const struct vault_key *key, const unsigned char file_identity[PAGES_IDENTITY_SIZE],
                       enum pages_mode mode, sqlite3 **ret_database, struct failure *reterr)
{
	struct pages_vfs *vfs;
	char *plain = as_plain_name(path);
	if (plain == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	enum status status = pages_vfs_new(plain, key, file_identity, &vfs, reterr);
	if (status == STATUS_OK) {
		status = prepare(vfs, plain, mode, reterr);
		if (status == STATUS_OK)
			status = open_with(vfs, plain, mode, ret_database, reterr);
		else
			pages_vfs_free(vfs);
	}
	free(plain);
	return status;
}

static enum status vacuum_into(sqlite3 *database, const char *path, struct failure *reterr)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(database, "VACUUM INTO ?1", -1, &statement, NULL) != SQLITE_OK)
		return fail_by_sqlite(reterr, database, path);
	sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
	sqlite3_step(statement);
	return sqlite3_finalize(statement) == SQLITE_OK ? STATUS_OK : fail_by_sqlite(reterr, database, path);
}

static enum status settle_copy(const char *path, struct failure *reterr)
{
	int handle = open(path, O_RDONLY | O_CLOEXEC);
	int code = handle < 0 ? -1 : fsync(handle), error = errno;
	if (handle >= 0)
		close(handle);
	if (code != 0)
		return whole_file_fail(reterr, path, error, "cannot be flushed to disk");
	return whole_file_settle_directory(path, reterr);
}

/* VACUUM INTO takes an empty file for none, so the name is ours before it begins. */
static enum status reserve_name(const char *path, struct failure *reterr)
{
	int handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), error = errno;
	if (handle >= 0) {
		close(handle);
		return STATUS_OK;
	}
	if (error == EEXIST)
		return fail(reterr, STATUS_DENIED, path, "there is a file already");
	return whole_file_fail(reterr, path, error, "cannot be created");
}

static enum status copy_to(sqlite3 *database, const char *path, struct failure *reterr)
{
	enum status status = reserve_name(path, reterr);
	if (status != STATUS_OK)
		return status;
	status = vacuum_into(database, path, reterr);
	if (status == STATUS_OK)
		status = settle_copy(path, reterr);
	if (status != STATUS_OK)
		unlink(path);
	return status;
}

enum status pages_copy(sqlite3 *database, const char *path, struct failure *reterr)
{
	char *plain = as_plain_name(path);
	if (plain == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	enum status status = pages_vfs_of(database) == NULL
	                             ? fail(reterr, STATUS_BROKEN, path, "only sealed databases are copied")
	                             : copy_to(database, plain, reterr);
	free(plain);
	return status;
}

bool pages_find_damage(sqlite3 *database, struct pages_place *ret_place)
{
	const struct pages_vfs *vfs = pages_vfs_of(database);
	if (vfs == NULL || vfs->damage.file == NULL)
		return false;
	*ret_place = vfs->damage;
	return true;
}

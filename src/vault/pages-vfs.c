/* SPDX-License-Identifier: Apache-2.0 */
/* Which file SQLite may open, as what; the VFS's birth, and its end with the connection. */
#define _GNU_SOURCE
#include "vault/pages-vfs.h"

#include "base/bytes.h"
#include "vault/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	NAMELESS = SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TRANSIENT_DB | SQLITE_OPEN_TEMP_JOURNAL | SQLITE_OPEN_SUBJOURNAL,
	ENCODING = SQLITE_UTF8
};

static int open_beneath(struct pages_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	struct pages_file *ours = (struct pages_file *)file;
	sqlite3_file *beneath = pages_file_beneath(file);
	memset(ours, 0, sizeof *ours);
	memset(beneath, 0, (size_t)vfs->beneath->szOsFile);
	ours->owner = vfs;
	ours->record = malloc(SEALING_FRAME);
	if (ours->record == NULL)
		return SQLITE_NOMEM;
	int code = vfs->beneath->xOpen(vfs->beneath, name, beneath, flags, ret_flags);
	if (code == SQLITE_OK)
		return SQLITE_OK;
	if (beneath->pMethods != NULL)
		beneath->pMethods->xClose(beneath);
	free(ours->record);
	return code;
}

/* A copy's file is ours alone (0600) from its first moment; one that is there already is left as it is. */
static void create_privately(const char *name)
{
	int handle = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (handle >= 0)
		close(handle);
}

static int open_main(struct pages_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	if (vfs->main_name == NULL && (vfs->main_name = strdup(name)) == NULL)
		return SQLITE_NOMEM;
	bool is_copy = strcmp(name, vfs->main_name) != 0;
	if ((flags & SQLITE_OPEN_CREATE) != 0)
		create_privately(name);
	int code = open_beneath(vfs, name, file, flags, ret_flags);
	if (code != SQLITE_OK)
		return code;
	((struct pages_file *)file)->is_copy = is_copy;
	file->pMethods = &pages_main_methods;
	return SQLITE_OK;
}

static int open_log(struct pages_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	int code = open_beneath(vfs, name, file, flags, ret_flags);
	if (code == SQLITE_OK)
		file->pMethods = &pages_log_methods;
	return code;
}

/* Only what VACUUM INTO writes may have a rollback journal, and it is as passing as any temporary file: a copy that
 * was not finished is no copy. */
static int open_journal(struct pages_vfs *vfs, const char *name, sqlite3_file *file)
{
	const char *database = sqlite3_filename_database(name);
	if (vfs->main_name == NULL || strcmp(database, vfs->main_name) == 0)
		return SQLITE_CANTOPEN;
	return pages_temporary_open(vfs, file);
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	struct pages_vfs *ours = vfs->pAppData;
	int code = SQLITE_CANTOPEN;
	file->pMethods = NULL;
	if ((flags & NAMELESS) != 0 || name == NULL)
		code = pages_temporary_open(ours, file);
	else if ((flags & SQLITE_OPEN_MAIN_DB) != 0)
		return open_main(ours, name, file, flags, ret_flags);
	else if ((flags & SQLITE_OPEN_WAL) != 0)
		return open_log(ours, name, file, flags, ret_flags);
	else if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0)
		code = open_journal(ours, name, file);
	if (code == SQLITE_OK && ret_flags != NULL)
		*ret_flags = flags;
	return code;
}

/* No journal ever has a name here: one that lies there is somebody else's, to be neither rolled back nor removed. */
static bool names_journal(const char *name)
{
	return bytes_end_with(bytes_of_string(name), BYTES_LITERAL("-journal"));
}

static int check_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_is_so)
{
	struct pages_vfs *ours = vfs->pAppData;
	if (!names_journal(name))
		return ours->beneath->xAccess(ours->beneath, name, flags, ret_is_so);
	*ret_is_so = 0;
	return SQLITE_OK;
}

static int remove_file(sqlite3_vfs *vfs, const char *name, int is_durable)
{
	struct pages_vfs *ours = vfs->pAppData;
	return names_journal(name) ? SQLITE_OK : ours->beneath->xDelete(ours->beneath, name, is_durable);
}

static int make_name_full(sqlite3_vfs *vfs, const char *name, int size, char *into)
{
	struct pages_vfs *ours = vfs->pAppData;
	return ours->beneath->xFullPathname(ours->beneath, name, size, into);
}

/* The rest of the unix VFS asks nothing of its first argument. */
static sqlite3_vfs describe(struct pages_vfs *ours, const sqlite3_vfs *beneath)
{
	int size = (int)sizeof(struct pages_file) + beneath->szOsFile;
	sqlite3_vfs vfs = *beneath;
	vfs.iVersion = 2;
	vfs.szOsFile = size > pages_temporary_file_size() ? size : pages_temporary_file_size();
	vfs.pNext = NULL;
	vfs.zName = ours->name;
	vfs.pAppData = ours;
	vfs.xOpen = open_file;
	vfs.xAccess = check_access;
	vfs.xDelete = remove_file;
	vfs.xFullPathname = make_name_full;
	return vfs;
}

static enum status open_directory(struct pages_vfs *vfs, const char *path, struct failure *reterr)
{
	char *directory = whole_file_directory_of(path);
	if (directory == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	vfs->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = errno;
	free(directory);
	if (vfs->directory >= 0 || error == EACCES) /* one may pass through it without reading it */
		return STATUS_OK;
	return whole_file_fail(reterr, path, error, "its directory cannot be opened");
}

static enum status prepare(struct pages_vfs *vfs, const char *path, struct failure *reterr)
{
	sqlite3_vfs *beneath = sqlite3_vfs_find("unix");
	if (beneath == NULL)
		return fail(reterr, STATUS_BROKEN, path, "this SQLite has no unix VFS");
	enum status status = open_directory(vfs, path, reterr);
	if (status != STATUS_OK)
		return status;
	snprintf(vfs->name, sizeof vfs->name, "tidemark-%p", (void *)vfs);
	vfs->beneath = beneath;
	vfs->vfs = describe(vfs, beneath);
	return sqlite3_vfs_register(&vfs->vfs, 0) == SQLITE_OK ? STATUS_OK
	                                                       : fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
}

enum status pages_vfs_new(const char *path, const struct vault_key *key, const unsigned char *identity,
                          struct pages_vfs **ret_vfs, struct failure *reterr)
{
	enum status status = vault_start();
	if (status != STATUS_OK)
		return fail(reterr, status, path, "the machine gives no randomness");
	struct pages_vfs *vfs = calloc(1, sizeof *vfs);
	if (vfs == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	vfs->directory = -1;
	sealing_start(&vfs->sealing, key, identity);
	status = prepare(vfs, path, reterr);
	if (status == STATUS_OK)
		*ret_vfs = vfs;
	else
		pages_vfs_free(vfs);
	return status;
}

void pages_vfs_free(struct pages_vfs *vfs)
{
	if (vfs->vfs.xOpen != NULL)
		sqlite3_vfs_unregister(&vfs->vfs);
	if (vfs->directory >= 0)
		close(vfs->directory);
	sealing_end(&vfs->sealing);
	free(vfs->main_name);
	free(vfs);
}

static int compare(void *unused, int a_size, const void *a, int b_size, const void *b)
{
	(void)unused;
	return bytes_compare(bytes_of(a, (size_t)a_size), bytes_of(b, (size_t)b_size));
}

static void end_with_connection(void *vfs)
{
	struct pages_vfs *ours = vfs;
	if (ours->belongs_to_connection)
		pages_vfs_free(ours);
}

/* A closing connection tells collations of its end, after it has closed its files. Nobody sorts by this one. */
enum status pages_vfs_give_to(struct pages_vfs *vfs, sqlite3 *database, const char *path, struct failure *reterr)
{
	if (sqlite3_create_collation_v2(database, "tidemark_sealed_pages", ENCODING, vfs, compare, end_with_connection) !=
	    SQLITE_OK)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	vfs->belongs_to_connection = true;
	return STATUS_OK;
}

struct pages_vfs *pages_vfs_of(sqlite3 *database)
{
	sqlite3_vfs *vfs = NULL;
	if (sqlite3_file_control(database, "main", SQLITE_FCNTL_VFS_POINTER, &vfs) != SQLITE_OK || vfs == NULL)
		return NULL;
	return vfs->xOpen == open_file ? vfs->pAppData : NULL;
}

int pages_vfs_note_damage(struct pages_vfs *vfs, const char *file, uint64_t number)
{
	if (vfs->damage.file == NULL)
		vfs->damage = (struct pages_place){.file = file, .number = number};
	return SQLITE_IOERR_DATA;
}

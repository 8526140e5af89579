/* SPDX-License-Identifier: Apache-2.0 */
/* Written under a passing name beside it, flushed, then linked: link() never replaces. */
#define _GNU_SOURCE
#include "vault/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum status whole_file_status(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR: return STATUS_ABSENT;
	case EACCES:
	case EPERM:
	case EROFS:
	case ELOOP:
	case EISDIR: return STATUS_DENIED;
	case ENOSPC:
	case EDQUOT:
	case EFBIG: return STATUS_NO_SPACE;
	case ENOMEM: return STATUS_NO_MEMORY;
	default: return STATUS_BROKEN;
	}
}

enum status whole_file_fail(struct failure *reterr, const char *path, int error, const char *deed)
{
	enum status status = whole_file_status(error);
	if (status == STATUS_NO_SPACE)
		return fail(reterr, status, path, "no space is left; make room and try again");
	return fail(reterr, status, path, "%s: %s", deed, strerror(error));
}

char *whole_file_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

enum status whole_file_settle_directory(const char *path, struct failure *reterr)
{
	char *directory = whole_file_directory_of(path);
	if (directory == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	int handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum status status = STATUS_OK;
	if (handle < 0 || fsync(handle) != 0)
		status = whole_file_fail(reterr, directory, errno, "cannot be flushed to disk");
	if (handle >= 0)
		close(handle);
	free(directory);
	return status;
}

static bool write_all(int handle, struct bytes contents)
{
	while (contents.len > 0) {
		ssize_t written = write(handle, contents.at, contents.len);
		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0)
			contents = bytes_from(contents, (size_t)written);
	}
	return fsync(handle) == 0;
}

/* Not every file system has links; renaming without replacing is the second choice. */
static bool give_name(const char *passing, const char *path)
{
	if (link(passing, path) == 0)
		return true;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
		return false;
	return renameat2(AT_FDCWD, passing, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
}

static enum status fill_and_name(int handle, const char *passing, const char *path, struct bytes contents, bool *ret_is_new,
                                 struct failure *reterr)
{
	if (!write_all(handle, contents))
		return whole_file_fail(reterr, path, errno, "cannot be written");
	bool is_new = give_name(passing, path);
	if (!is_new && errno != EEXIST)
		return whole_file_fail(reterr, path, errno, "cannot be created");
	enum status status = is_new ? whole_file_settle_directory(path, reterr) : STATUS_OK;
	if (status == STATUS_OK)
		*ret_is_new = is_new;
	return status;
}

enum status whole_file_create(const char *path, struct bytes contents, bool *ret_is_new, struct failure *reterr)
{
	char *passing;
	if (asprintf(&passing, "%s.XXXXXX", path) < 0)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	int handle = mkostemp(passing, O_CLOEXEC);
	enum status status;
	if (handle < 0) {
		status = whole_file_fail(reterr, path, errno, "cannot be created");
	} else {
		status = fill_and_name(handle, passing, path, contents, ret_is_new, reterr);
		close(handle);
		unlink(passing);
	}
	free(passing);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Written in place: nothing is made beside what was named. */
#define _GNU_SOURCE
#include "cli/output-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status refuse(const char *path, const char *deed, struct failure *reterr)
{
	int error = errno;
	if (error == ENOSPC || error == EDQUOT || error == EFBIG)
		return fail(reterr, STATUS_NO_SPACE, path, "no space is left; make room and try again");
	return fail(reterr, STATUS_DENIED, path, "cannot be %s: %s; name another file", deed, strerror(error));
}

enum status output_file_begin(struct output_file *file, const char *path, struct failure *reterr)
{
	*file = (struct output_file){.path = path};
	file->descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
	if (file->descriptor < 0)
		return refuse(path, "made", reterr);
	/* One that was there may be open to others. */
	struct stat about;
	if (fstat(file->descriptor, &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 077) != 0 &&
	    fchmod(file->descriptor, 0600) != 0) {
		enum status status = refuse(path, "kept from others", reterr);
		close(file->descriptor);
		return status;
	}
	return STATUS_OK;
}

enum status output_file_write(void *context, struct bytes piece, struct failure *reterr)
{
	const struct output_file *file = context;
	while (piece.len > 0) {
		ssize_t written = write(file->descriptor, piece.at, piece.len);
		if (written < 0 && errno != EINTR)
			return refuse(file->path, "written", reterr);
		if (written > 0)
			piece = bytes_from(piece, (size_t)written);
	}
	return STATUS_OK;
}

enum status output_file_end(struct output_file *file, enum status status, struct failure *reterr)
{
	struct stat about;
	bool is_regular = fstat(file->descriptor, &about) == 0 && S_ISREG(about.st_mode);
	if (status == STATUS_OK && is_regular && fsync(file->descriptor) != 0)
		status = refuse(file->path, "written", reterr);
	close(file->descriptor);
	if (status != STATUS_OK && is_regular)
		unlink(file->path);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/input-file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024 };

static enum status refuse_file(const char *path, struct failure *reterr)
{
	enum status status = errno == ENOENT || errno == ENOTDIR ? STATUS_ABSENT
	                     : errno == EACCES || errno == EPERM ? STATUS_DENIED
	                                                         : STATUS_BROKEN;
	return fail(reterr, status, path, "could not be read: %s", strerror(errno));
}

static enum status read_descriptor(int descriptor, const char *path, size_t max, struct buffer *into, struct failure *reterr)
{
	for (;;) {
		unsigned char *room = buffer_extend(into, READ_SIZE);
		if (room == NULL && into->failed == STATUS_NO_MEMORY)
			return fail(reterr, STATUS_NO_MEMORY, path, "no memory for this file");
		if (room == NULL)
			return fail(reterr, STATUS_USAGE, path, "is larger than %zu bytes", max);
		ssize_t got = read(descriptor, room, READ_SIZE);
		buffer_truncate(into, into->len - READ_SIZE + (got > 0 ? (size_t)got : 0));
		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return refuse_file(path, reterr);
	}
	if (into->len > max)
		return fail(reterr, STATUS_USAGE, path, "is larger than %zu bytes", max);
	return STATUS_OK;
}

enum status input_file_read(const char *path, size_t max, struct buffer *into, struct failure *reterr)
{
	struct buffer whole = buffer_with_ceiling(max + READ_SIZE);
	bool is_standard = strcmp(path, "-") == 0;
	int descriptor = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return refuse_file(path, reterr);
	enum status status = read_descriptor(descriptor, is_standard ? "standard input" : path, max, &whole, reterr);
	if (!is_standard)
		close(descriptor);
	if (status == STATUS_OK) {
		buffer_append(into, buffer_bytes(&whole));
		status = buffer_status(into);
	}
	buffer_free(&whole);
	return status;
}

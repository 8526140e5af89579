/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/sealed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static enum status copy_bytes(int from, const char *path, uint64_t max, struct digest *digest, struct sealed_file *file,
                              struct failure *reterr)
{
	char piece[1 << 14];
	for (;;) {
		ssize_t got = read(from, piece, sizeof piece);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(reterr, STATUS_DENIED, path, "cannot be read: %s", strerror(errno));
		if (got == 0)
			return STATUS_OK;
		file->size += (uint64_t)got;
		if (file->size > max)
			return fail(reterr, STATUS_USAGE, path, "is larger than %llu MiB; give it in parts",
			            (unsigned long long)(max >> 20));
		digest_update(digest, bytes_of(piece, (size_t)got));
		if (write(file->memory, piece, (size_t)got) != got)
			return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	}
}

static enum status copy_and_seal(int from, const char *path, uint64_t max, struct sealed_file *file, struct failure *reterr)
{
	struct digest *digest = NULL;
	enum status status = digest_start(DIGEST_SHA256, &digest);
	if (status == STATUS_OK)
		status = copy_bytes(from, path, max, digest, file, reterr);
	if (status == STATUS_OK)
		digest_finish(digest, file->sha256);
	digest_free(digest);
	if (status == STATUS_OK &&
	    fcntl(file->memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		status = fail(reterr, STATUS_BROKEN, path, "memory could not be sealed");
	return status;
}

enum status sealed_file_open(const char *path, uint64_t max, struct sealed_file *ret_file, struct failure *reterr)
{
	bool is_input = strcmp(path, "-") == 0;
	struct sealed_file file = {.memory = -1};
	int from = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (from < 0)
		return fail(reterr, errno == ENOENT ? STATUS_ABSENT : STATUS_DENIED, path, "cannot be opened: %s",
		            strerror(errno));
	file.memory = memfd_create("tidemark", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	enum status status = file.memory < 0 ? fail(reterr, STATUS_NO_MEMORY, path, "memory is used up")
	                                     : copy_and_seal(from, path, max, &file, reterr);
	if (!is_input)
		close(from);
	if (status == STATUS_OK)
		*ret_file = file;
	else
		sealed_file_close(&file);
	return status;
}

void sealed_file_close(struct sealed_file *file)
{
	if (file->memory >= 0)
		close(file->memory);
	file->memory = -1;
}

enum status sealed_file_job(const struct sealed_file *file, uint64_t seconds, struct extract_job *ret_job, struct failure *reterr)
{
	struct extract_job job = {.size = file->size, .allowance = allowance_of_size(file->size, seconds)};
	if (getrandom(job.identity, sizeof job.identity, 0) != (ssize_t)sizeof job.identity ||
	    getrandom(job.secret_key, sizeof job.secret_key, 0) != (ssize_t)sizeof job.secret_key)
		return fail(reterr, STATUS_BROKEN, "random numbers", "the system gives none");
	*ret_job = job;
	return STATUS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk is a stack of open directories, each with its entries read and sorted.
 * Resuming descends along the cursor's names, so it needs no memory of the past.
 */
#define _GNU_SOURCE
#include "provider/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEPTH_MAX = 512, NAMES_MAX = 1 << 30, ETAG_SIZE = 80, PATH_KEPT = PROVIDER_NAME_MAX - NAME_MAX - 1 };

struct directory {
	int descriptor;
	size_t path_length; /* of its path and slash within walk->path */
	struct arena names;
	struct bytes *entries; /* sorted, in names */
	size_t count, next;
};

struct folder_walk {
	struct directory stack[DEPTH_MAX];
	size_t depth;
	struct buffer path;
	struct buffer prefix;
};

static enum status status_of_errno(int error)
{
	switch (error) {
	case EACCES:
	case EPERM: return STATUS_DENIED;
	case ENOENT:
	case ENOTDIR: return STATUS_ABSENT;
	case ELOOP:
	case EXDEV:
	case ENXIO:
	case ENODEV: return STATUS_UNSUPPORTED;
	case ENOMEM:
	case EMFILE:
	case ENFILE: return STATUS_NO_MEMORY;
	case EAGAIN:
	case EBUSY:
	case ETXTBSY: return STATUS_BUSY;
	default: return STATUS_UNREACHABLE; /* EIO and its like: the medium */
	}
}

static int open_beneath(int directory, const char *path, uint64_t flags)
{
	struct open_how how = {
		.flags = flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

static void describe(const struct stat *about, char etag[ETAG_SIZE])
{
	snprintf(etag, ETAG_SIZE, "%llx-%llx.%lx-%llx.%lx", (unsigned long long)about->st_size,
	         (unsigned long long)about->st_mtim.tv_sec, (unsigned long)about->st_mtim.tv_nsec,
	         (unsigned long long)about->st_ctim.tv_sec, (unsigned long)about->st_ctim.tv_nsec);
}

/* ---- reading one directory ---- */

static int compare_names(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static enum status add_name(struct directory *directory, size_t *capacity, const char *name)
{
	if (directory->count == *capacity) {
		size_t grown = *capacity ? 2 * *capacity : 64;
		struct bytes *entries = realloc(directory->entries, grown * sizeof *entries);
		if (entries == NULL)
			return STATUS_NO_MEMORY;
		directory->entries = entries;
		*capacity = grown;
	}
	struct bytes copy = arena_copy(&directory->names, bytes_of_string(name));
	if (copy.at == NULL)
		return STATUS_NO_MEMORY;
	directory->entries[directory->count++] = copy;
	return STATUS_OK;
}

static enum status read_names(struct directory *directory)
{
	size_t capacity = 0;
	enum status status = STATUS_OK;
	int copy = fcntl(directory->descriptor, F_DUPFD_CLOEXEC, 0);
	DIR *stream = copy >= 0 ? fdopendir(copy) : NULL;
	if (stream == NULL) {
		status = status_of_errno(errno);
		if (copy >= 0)
			close(copy);
		return status;
	}
	const struct dirent *entry;
	while (status == STATUS_OK && (errno = 0, entry = readdir(stream)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			status = add_name(directory, &capacity, entry->d_name);
	if (status == STATUS_OK && errno != 0)
		status = status_of_errno(errno);
	closedir(stream);
	if (directory->count > 0)
		qsort(directory->entries, directory->count, sizeof *directory->entries, compare_names);
	return status;
}

static void leave_directory(struct folder_walk *walk)
{
	struct directory *directory = &walk->stack[--walk->depth];
	close(directory->descriptor);
	free(directory->entries);
	arena_free(&directory->names);
}

/* Takes the descriptor over. walk->path already names the directory, slash included. */
static enum status enter_directory(struct folder_walk *walk, int descriptor)
{
	if (walk->depth == DEPTH_MAX) {
		close(descriptor);
		return STATUS_TOO_LARGE;
	}
	struct directory *directory = &walk->stack[walk->depth++];
	*directory = (struct directory){
		.descriptor = descriptor,
		.path_length = walk->path.len,
		.names = arena_with_ceiling(NAMES_MAX),
	};
	enum status status = read_names(directory);
	if (status != STATUS_OK)
		leave_directory(walk);
	return status;
}

/* ---- the walk ---- */

static struct directory *top(struct folder_walk *walk)
{
	return &walk->stack[walk->depth - 1];
}

/* Whether anything under path (a directory, with its slash) can begin with the prefix. */
static bool may_hold_prefix(const struct folder_walk *walk)
{
	struct bytes path = buffer_bytes(&walk->path), prefix = buffer_bytes(&walk->prefix);
	return bytes_start_with(path, prefix) || bytes_start_with(prefix, path);
}

/* Moves every directory on the cursor's path to behind the cursor. */
static enum status descend_to(struct folder_walk *walk, struct bytes cursor)
{
	while (cursor.len > 0) {
		struct directory *directory = top(walk);
		size_t slash = bytes_find_byte(cursor, '/');
		struct bytes name = bytes_slice(cursor, 0, slash);
		while (directory->next < directory->count && bytes_compare(directory->entries[directory->next], name) < 0)
			directory->next++;
		if (directory->next == directory->count || !bytes_equal(directory->entries[directory->next], name))
			return STATUS_OK;
		directory->next++;
		if (slash == BYTES_NOT_FOUND)
			return STATUS_OK;
		int descriptor = open_beneath(directory->descriptor, (const char *)directory->entries[directory->next - 1].at,
		                              O_DIRECTORY);
		if (descriptor < 0)
			return STATUS_OK;
		buffer_append(&walk->path, name);
		buffer_append_byte(&walk->path, '/');
		enum status status = enter_directory(walk, descriptor);
		if (status != STATUS_OK)
			return status == STATUS_NO_MEMORY ? status : STATUS_OK;
		cursor = bytes_from(cursor, slash + 1);
	}
	return STATUS_OK;
}

enum status folder_walk_start(int directory, struct bytes prefix, struct bytes cursor, struct folder_walk **ret_walk)
{
	struct folder_walk *walk = calloc(1, sizeof *walk);
	if (walk == NULL)
		return STATUS_NO_MEMORY;
	walk->path = buffer_with_ceiling(PATH_KEPT + NAME_MAX + 1);
	walk->prefix = buffer_with_ceiling(PROVIDER_NAME_MAX);
	buffer_append(&walk->prefix, prefix);
	enum status status = buffer_status(&walk->prefix);
	int root = status == STATUS_OK ? open_beneath(directory, ".", O_DIRECTORY) : -1;
	if (status == STATUS_OK)
		status = root < 0 ? status_of_errno(errno) : enter_directory(walk, root);
	if (status == STATUS_OK)
		status = descend_to(walk, cursor);
	if (status != STATUS_OK) {
		folder_walk_free(walk);
		return status;
	}
	*ret_walk = walk;
	return STATUS_OK;
}

void folder_walk_free(struct folder_walk *walk)
{
	if (walk == NULL)
		return;
	while (walk->depth > 0)
		leave_directory(walk);
	buffer_free(&walk->path);
	buffer_free(&walk->prefix);
	free(walk);
}

/* The object for the entry that walk->path names now. */
static enum status add_object(struct folder_walk *walk, const struct stat *about, struct arena *arena, struct page *page)
{
	struct object *object = &page->objects[page->count];
	char etag[ETAG_SIZE];
	*object = (struct object){.size = OBJECT_SIZE_UNKNOWN, .modified = CLOCK_UNKNOWN, .created = CLOCK_UNKNOWN};
	object->name = arena_copy(arena, buffer_bytes(&walk->path));
	if (object->name.at == NULL)
		return STATUS_NO_MEMORY;
	object->is_special = !S_ISREG(about->st_mode) && !S_ISDIR(about->st_mode);
	object->modified = about->st_mtim.tv_sec;
	if (S_ISREG(about->st_mode))
		object->size = (uint64_t)about->st_size;
	else if (object->is_special)
		object->size = 0;
	describe(about, etag);
	object->etag = arena_copy(arena, bytes_of_string(etag));
	page->count++;
	return STATUS_OK;
}

/* No provider names it longer: it is listed, and reading it says absent. Not so that it names a folder, or none. */
static void cut_path(struct buffer *path)
{
	buffer_truncate(path, PATH_KEPT);
	unsigned char *last = &path->at[PATH_KEPT - 1];
	if (*last == '/' || *last == '.')
		*last = '?';
}

/* One entry: a file becomes an object, a directory is entered. */
static enum status visit_entry(struct folder_walk *walk, struct bytes name, struct arena *arena, struct page *page)
{
	struct directory *directory = top(walk);
	struct stat about;
	buffer_truncate(&walk->path, directory->path_length);
	buffer_append(&walk->path, name);
	if (walk->path.len > PATH_KEPT)
		cut_path(&walk->path);
	if (fstatat(directory->descriptor, (const char *)name.at, &about, AT_SYMLINK_NOFOLLOW) != 0)
		return STATUS_OK; /* went away while we walked */
	if (S_ISDIR(about.st_mode) && walk->path.len < PATH_KEPT) {
		buffer_append_byte(&walk->path, '/');
		if (!may_hold_prefix(walk))
			return STATUS_OK;
		int descriptor = open_beneath(directory->descriptor, (const char *)name.at, O_DIRECTORY);
		enum status status = descriptor < 0 ? status_of_errno(errno) : enter_directory(walk, descriptor);
		if (status == STATUS_OK || status == STATUS_NO_MEMORY || status == STATUS_ABSENT)
			return status == STATUS_ABSENT ? STATUS_OK : status;
		buffer_truncate(&walk->path, walk->path.len - 1);
	}
	if (!bytes_start_with(buffer_bytes(&walk->path), buffer_bytes(&walk->prefix)))
		return STATUS_OK;
	return add_object(walk, &about, arena, page);
}

enum status folder_walk_page(struct folder_walk *walk, size_t max, struct arena *arena, struct page *ret_page)
{
	struct page page = {.objects = arena_allocate(arena, max * sizeof *page.objects)};
	if (page.objects == NULL)
		return STATUS_NO_MEMORY;
	while (page.count < max && walk->depth > 0) {
		struct directory *directory = top(walk);
		if (directory->next == directory->count) {
			leave_directory(walk);
			continue;
		}
		enum status status = visit_entry(walk, directory->entries[directory->next++], arena, &page);
		if (status != STATUS_OK)
			return status;
	}
	page.is_last = walk->depth == 0;
	if (page.count > 0)
		page.next = page.objects[page.count - 1].name;
	*ret_page = page;
	return STATUS_OK;
}

/* ---- opening ---- */

/* Paths longer than the kernel takes at once are opened name by name. */
static int open_long(int directory, char *path)
{
	int at = directory;
	for (char *slash; strlen(path) >= 4096 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		*slash = '\0';
		int next = open_beneath(at, path, O_DIRECTORY);
		if (at != directory)
			close(at);
		if (next < 0)
			return -1;
		at = next;
	}
	int descriptor = open_beneath(at, path, O_NOFOLLOW);
	int error = errno;
	if (at != directory)
		close(at);
	errno = error;
	return descriptor;
}

enum status folder_check(int descriptor, const struct object *object)
{
	struct stat about;
	char etag[ETAG_SIZE];
	if (fstat(descriptor, &about) != 0)
		return status_of_errno(errno);
	describe(&about, etag);
	return bytes_equal_string(object->etag, etag) ? STATUS_OK : STATUS_CHANGED;
}

enum status folder_describe(int descriptor, struct arena *arena, struct object *object)
{
	struct stat about;
	char etag[ETAG_SIZE];
	if (fstat(descriptor, &about) != 0)
		return status_of_errno(errno);
	describe(&about, etag);
	struct bytes kept = arena_copy(arena, bytes_of_string(etag));
	if (kept.at == NULL)
		return STATUS_NO_MEMORY;
	object->etag = kept;
	object->size = (uint64_t)about.st_size;
	object->modified = about.st_mtim.tv_sec;
	return STATUS_OK;
}

enum status folder_open(int directory, const struct object *object, int *ret_descriptor, uint64_t *ret_size)
{
	struct stat about;
	char path[PROVIDER_NAME_MAX + 1];
	if (object->name.len == 0 || object->name.len > PROVIDER_NAME_MAX || bytes_find_byte(object->name, 0) != BYTES_NOT_FOUND)
		return STATUS_ABSENT;
	memcpy(path, object->name.at, object->name.len);
	path[object->name.len] = '\0';
	int descriptor = open_long(directory, path);
	if (descriptor < 0)
		return status_of_errno(errno);
	enum status status = STATUS_OK;
	if (fstat(descriptor, &about) != 0)
		status = status_of_errno(errno);
	else if (!S_ISREG(about.st_mode))
		status = S_ISDIR(about.st_mode) ? STATUS_DENIED : STATUS_UNSUPPORTED;
	else if (object->etag.len > 0)
		status = folder_check(descriptor, object);
	if (status != STATUS_OK) {
		close(descriptor);
		return status;
	}
	*ret_descriptor = descriptor;
	*ret_size = (uint64_t)about.st_size;
	return STATUS_OK;
}

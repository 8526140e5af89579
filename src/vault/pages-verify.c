/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the raw files page by page. The main file is opened through SQLite's
 * unix VFS: opening and closing it by hand would drop the locks that other
 * connections of this process hold on it. A page that does not open is read
 * again after a moment: a writer may have been at it.
 */
#define _GNU_SOURCE
#include "vault/pages-vfs.h"

#include "base/bytes.h"
#include "vault/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAMPLES = 64, TRIES = 4, PAUSE_MILLISECONDS = 5 };

enum page_finding { SOUND, DAMAGED, GONE };

struct walk {
	sqlite3_file *main;
	int log; /* -1: there is none */
	const struct sealing *sealing;
	uint64_t pages, frames;
	struct pages_tally tally;
	void (*on_damage)(void *context, struct pages_place place);
	void *context;
	unsigned char record[SEALING_FRAME];
};

static enum status start_walk(struct walk *walk, const char *path, const char *log_path, struct failure *reterr)
{
	sqlite3_int64 size;
	struct stat about;
	if (walk->main->pMethods->xFileSize(walk->main, &size) != SQLITE_OK)
		return fail(reterr, STATUS_BROKEN, path, "its size cannot be read");
	walk->pages = (uint64_t)size / SEALING_PAGE;
	walk->frames = 0;
	walk->log = open(log_path, O_RDONLY | O_CLOEXEC);
	int error = errno;
	if (walk->log < 0 && error != ENOENT)
		return whole_file_fail(reterr, log_path, error, "cannot be opened");
	if (walk->log >= 0 && fstat(walk->log, &about) == 0 && about.st_size > SEALING_LOG_HEADER)
		walk->frames = (uint64_t)(about.st_size - SEALING_LOG_HEADER) / SEALING_FRAME;
	return STATUS_OK;
}

static void end_walk(struct walk *walk)
{
	if (walk->log >= 0)
		close(walk->log);
}

static enum page_finding try_page(struct walk *walk, uint64_t number)
{
	int code = walk->main->pMethods->xRead(walk->main, walk->record, SEALING_PAGE,
	                                       (sqlite3_int64)(number - 1) * SEALING_PAGE);
	if (code == SQLITE_IOERR_SHORT_READ)
		return GONE;
	return code == SQLITE_OK && sealing_open(walk->sealing, SEALING_MAIN, number, walk->record, SEALING_PAGE_PLAIN) ? SOUND
	                                                                                                                : DAMAGED;
}

static enum page_finding try_frame(struct walk *walk, uint64_t number)
{
	off_t offset = SEALING_LOG_HEADER + (off_t)(number - 1) * SEALING_FRAME;
	ssize_t got = pread(walk->log, walk->record, SEALING_FRAME, offset);
	if (got >= 0 && got < SEALING_FRAME)
		return GONE;
	return got == SEALING_FRAME && sealing_open(walk->sealing, SEALING_LOG, number, walk->record, SEALING_FRAME_PLAIN)
	               ? SOUND
	               : DAMAGED;
}

/* SQLite file format, 4.2: the sums of words in the byte order that the magic's last bit names. */
static bool log_header_is_sound(const unsigned char *header)
{
	uint32_t magic = load_be32(header), a = 0, b = 0;
	bool is_big_endian = (magic & 1) != 0;
	for (size_t at = 0; at < 24; at += 8) {
		a += (is_big_endian ? load_be32(header + at) : load_le32(header + at)) + b;
		b += (is_big_endian ? load_be32(header + at + 4) : load_le32(header + at + 4)) + a;
	}
	return (magic | 1) == 0x377f0683 && load_be32(header + 8) == SEALING_PAGE && load_be32(header + 24) == a &&
	       load_be32(header + 28) == b;
}

static enum page_finding try_log_header(struct walk *walk, uint64_t number)
{
	(void)number;
	if (pread(walk->log, walk->record, SEALING_LOG_HEADER, 0) != SEALING_LOG_HEADER)
		return GONE;
	return log_header_is_sound(walk->record) ? SOUND : DAMAGED;
}

static void report(struct walk *walk, const char *file, uint64_t number)
{
	walk->tally.damaged++;
	if (walk->on_damage != NULL)
		walk->on_damage(walk->context, (struct pages_place){.file = file, .number = number});
}

static enum page_finding examine(struct walk *walk, enum page_finding (*attempt)(struct walk *, uint64_t), const char *file,
                                 uint64_t number)
{
	enum page_finding finding = attempt(walk, number);
	for (int tries = 1; finding == DAMAGED && tries < TRIES; tries++) {
		sqlite3_sleep(PAUSE_MILLISECONDS);
		finding = attempt(walk, number);
	}
	if (finding == DAMAGED)
		report(walk, file, number);
	return finding;
}

/* How many pages page 1, lying open in record, counts; 0 where it does not know. */
static uint64_t counted_pages(const unsigned char *page)
{
	return memcmp(page + 24, page + 92, 4) == 0 ? load_be32(page + 28) : 0;
}

static void walk_main(struct walk *walk)
{
	uint64_t counted = 0;
	for (uint64_t number = 1; number <= walk->pages; number++) {
		if (examine(walk, try_page, "main", number) == SOUND && number == 1)
			counted = counted_pages(walk->record);
	}
	walk->tally.main_pages = walk->pages;
	if (walk->frames > 0)
		return; /* the last pages may lie in the log alone */
	for (uint64_t number = walk->pages + 1; number <= counted; number++)
		report(walk, "main", number);
}

static void walk_log(struct walk *walk)
{
	if (walk->log < 0)
		return;
	examine(walk, try_log_header, "wal", 0);
	for (uint64_t number = 1; number <= walk->frames; number++)
		examine(walk, try_frame, "wal", number);
	walk->tally.wal_frames = walk->frames;
}

static bool any_opens(struct walk *walk, enum page_finding (*attempt)(struct walk *, uint64_t), uint64_t count)
{
	uint64_t stride = count / SAMPLES + 1;
	for (uint64_t number = 1; number <= count; number += stride)
		if (attempt(walk, number) == SOUND)
			return true;
	return false;
}

static bool is_unsealed(struct walk *walk)
{
	static const char magic[16] = "SQLite format 3";
	return walk->main->pMethods->xRead(walk->main, walk->record, sizeof magic, 0) == SQLITE_OK &&
	       memcmp(walk->record, magic, sizeof magic) == 0;
}

static enum status check_key(struct walk *walk, const char *path, struct failure *reterr)
{
	if (walk->pages == 0)
		return fail(reterr, STATUS_MALFORMED, path, "too short for a sealed database");
	if (any_opens(walk, try_page, walk->pages) || any_opens(walk, try_frame, walk->frames))
		return STATUS_OK;
	if (is_unsealed(walk))
		return fail(reterr, STATUS_MALFORMED, path, "an ordinary SQLite database, not a sealed one");
	return fail(reterr, STATUS_DENIED, path, "the key does not open this catalog");
}

enum status pages_check_key(sqlite3_file *main, const char *log_path, const struct sealing *sealing, const char *path,
                            struct failure *reterr)
{
	struct walk walk = {.main = main, .log = -1, .sealing = sealing};
	enum status status = start_walk(&walk, path, log_path, reterr);
	if (status == STATUS_OK)
		status = check_key(&walk, path, reterr);
	end_walk(&walk);
	return status;
}

static enum status walk_all(struct walk *walk, const char *path, const char *log_path, struct pages_tally *ret_tally,
                            struct failure *reterr)
{
	enum status status = start_walk(walk, path, log_path, reterr);
	if (status == STATUS_OK)
		status = check_key(walk, path, reterr);
	if (status == STATUS_OK) {
		walk_main(walk);
		walk_log(walk);
		if (ret_tally != NULL)
			*ret_tally = walk->tally;
		if (walk->tally.damaged > 0)
			status = fail(reterr, STATUS_MALFORMED, path, "%llu of its pages do not open",
			              (unsigned long long)walk->tally.damaged);
	}
	end_walk(walk);
	return status;
}

/* The unix VFS wants a name of SQLite's own making and a file of its own size. */
static enum status open_and_walk(sqlite3_vfs *unix_vfs, const char *name, struct walk *walk, struct pages_tally *ret_tally,
                                 struct failure *reterr)
{
	enum status status;
	walk->main = calloc(1, (size_t)unix_vfs->szOsFile);
	if (walk->main == NULL)
		return fail(reterr, STATUS_NO_MEMORY, name, "memory is used up");
	int code = unix_vfs->xOpen(unix_vfs, name, walk->main, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY, NULL);
	if (code == SQLITE_OK)
		status = walk_all(walk, name, sqlite3_filename_wal(name), ret_tally, reterr);
	else
		status = fail(reterr, pages_status(code), name, "cannot be opened");
	if (walk->main->pMethods != NULL)
		walk->main->pMethods->xClose(walk->main);
	free(walk->main);
	return status;
}

static enum status name_and_walk(sqlite3_vfs *unix_vfs, const char *path, struct walk *walk, struct pages_tally *ret_tally,
                                 struct failure *reterr)
{
	char *real = realpath(path, NULL), *log = NULL;
	int error = errno;
	if (real == NULL)
		return whole_file_fail(reterr, path, error, "cannot be opened");
	if (asprintf(&log, "%s-wal", real) < 0)
		log = NULL;
	const char *name = log != NULL ? sqlite3_create_filename(real, "", log, 0, NULL) : NULL;
	enum status status = name != NULL ? open_and_walk(unix_vfs, name, walk, ret_tally, reterr)
	                                  : fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	sqlite3_free_filename((char *)(uintptr_t)name);
	free(log);
	free(real);
	return status;
}

enum status pages_verify(const char *path, const struct vault_key *key, const unsigned char file_identity[PAGES_IDENTITY_SIZE],
                         void (*on_damage)(void *context, struct pages_place place), void *context, struct pages_tally *ret_tally,
                         struct failure *reterr)
{
	enum status status = vault_start();
	sqlite3_vfs *unix_vfs = sqlite3_vfs_find("unix");
	if (status != STATUS_OK || unix_vfs == NULL)
		return fail(reterr, STATUS_BROKEN, path, "no randomness, or a SQLite without its unix VFS");
	struct sealing sealing;
	sealing_start(&sealing, key, file_identity);
	struct walk walk = {.log = -1, .sealing = &sealing, .on_damage = on_damage, .context = context};
	status = name_and_walk(unix_vfs, path, &walk, ret_tally, reterr);
	sealing_end(&sealing);
	return status;
}

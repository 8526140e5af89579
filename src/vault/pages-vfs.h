/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VFS under one connection. Each connection has a VFS of its own, a shim
 * over SQLite's "unix": so a file that SQLite opens without a name still knows
 * its key and its directory, and no key ever stands in a file name. Locks and
 * the -shm are the unix VFS's, untouched. Internal to vault/.
 */
#ifndef TIDEMARK_VAULT_PAGES_VFS_H
#define TIDEMARK_VAULT_PAGES_VFS_H

#include "vault/pages.h"
#include "vault/sealing.h"

struct pages_vfs {
	sqlite3_vfs vfs; /* what SQLite sees; pAppData leads back here */
	sqlite3_vfs *beneath;
	char name[32];
	struct sealing sealing;
	int directory;      /* of the database; -1: temporary files go to memory */
	char *main_name;    /* the database's, as SQLite spells it; NULL until it is opened */
	bool is_unchanging; /* nobody can write it: read without locks */
	bool belongs_to_connection;
	struct pages_place damage; /* the first; file is NULL while there is none */
};

/* One file of the main database or of its log; the unix VFS's own file lies right behind it. */
struct pages_file {
	sqlite3_file base;
	struct pages_vfs *owner;
	bool is_copy;          /* a main file beside the connection's own: what VACUUM INTO writes */
	unsigned char *record; /* SEALING_FRAME bytes to work in */
	/* of a log */
	uint64_t pending; /* the frame whose header waits for its page; 0: none */
	unsigned char pending_header[SEALING_FRAME_HEADER];
	uint64_t in_hand; /* the frame that record holds, read whole by the last call; 0: none */
};

extern const sqlite3_io_methods pages_main_methods, pages_log_methods;

/** Makes and registers a VFS for the database at path. */
enum status pages_vfs_new(const char *path, const struct vault_key *key, const unsigned char *identity,
                          struct pages_vfs **ret_vfs, struct failure *reterr) MUST_CHECK;
void pages_vfs_free(struct pages_vfs *vfs);
/** From now on the VFS ends with its connection. */
enum status pages_vfs_give_to(struct pages_vfs *vfs, sqlite3 *database, const char *path, struct failure *reterr) MUST_CHECK;
/** The connection's VFS, or NULL if it is none of ours. */
struct pages_vfs *pages_vfs_of(sqlite3 *database);

/** Remembers the first place that did not open; returns SQLite's code for it. */
int pages_vfs_note_damage(struct pages_vfs *vfs, const char *file, uint64_t number);

static inline sqlite3_file *pages_file_beneath(sqlite3_file *file)
{
	return (sqlite3_file *)((struct pages_file *)file + 1);
}

/* Calls that both kinds of file share. */
int pages_file_close(sqlite3_file *file);
int pages_file_write_beneath(struct pages_file *file, const void *bytes, int amount, sqlite3_int64 offset);
int pages_file_sync(sqlite3_file *file, int flags);
int pages_file_control(sqlite3_file *file, int operation, void *argument);
int pages_file_sector_size(sqlite3_file *file);
int pages_file_characteristics(sqlite3_file *file);
int pages_file_lock(sqlite3_file *file, int level);
int pages_file_unlock(sqlite3_file *file, int level);
int pages_file_check_reserved_lock(sqlite3_file *file, int *ret_is_held);
int pages_file_shm_map(sqlite3_file *file, int region, int size, int is_extending, void volatile **ret_at);
int pages_file_shm_lock(sqlite3_file *file, int first, int count, int flags);
void pages_file_shm_barrier(sqlite3_file *file);
int pages_file_shm_unmap(sqlite3_file *file, int is_deleting);

/** True for 4096 bytes that may be stored: zeros in the reserved end, and as page 1 a header of our geometry. */
bool pages_page_is_ours(const unsigned char *page, bool is_first, bool is_wal_demanded);

/** Opens a nameless temporary file, under a key of its own, into file (pages_temporary_file_size bytes). */
int pages_temporary_open(struct pages_vfs *vfs, sqlite3_file *file);
int pages_temporary_file_size(void);

/** Whether the key opens anything of the database whose main file lies open in the unix VFS. OK as soon as one page
 *  or frame opens; MALFORMED: it is no sealed database; DENIED: nothing opens. path: what failures say. */
enum status pages_check_key(sqlite3_file *main, const char *log_path, const struct sealing *sealing, const char *path,
                            struct failure *reterr) MUST_CHECK;

#endif

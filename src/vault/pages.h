/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed pages: a SQLite database whose main file, write-ahead log and
 * temporary files hold nothing but sealed pages (XChaCha20-Poly1305, a random
 * nonce each, page number and file identity as associated data). Above it lie
 * ordinary tables, indexes and FTS5 (set pgsz=4010: its default overflows a
 * page that has 40 bytes less).
 *
 * Threat model. Protects a stolen directory: without the key it shows sizes,
 * times of change and which pages changed. Every changed byte of a page is
 * noticed when the page is read. NOT noticed: an old copy of a page put back
 * (replay), commits cut off by a damaged frame in the midst of the log, a
 * forged -shm. The -shm and the log's first 32 bytes stay clear: page
 * numbers, salts and one 64-bit checksum over the log, no text.
 *
 * Always WAL, 4096-byte pages, 40 bytes reserved: no other journal mode, page
 * size or mmap is let through. Temporary files lie sealed under throw-away
 * keys and without a name beside the database; where that directory cannot be
 * written they are sealed in memory.
 */
#ifndef TIDEMARK_VAULT_PAGES_H
#define TIDEMARK_VAULT_PAGES_H

#include "base/status.h"
#include "vault/key.h"

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#define PAGES_IDENTITY_SIZE 16

enum pages_mode {
	PAGES_READ,
	PAGES_WRITE,
	PAGES_CREATE /* as PAGES_WRITE, but makes an empty database (0600) if there is none */
};

/**
 * One connection; close it with sqlite3_close or sqlite3_close_v2, which also
 * wipes the key's copy. Any number of connections, databases and keys may be
 * open in a process; each connection is used by one thread at a time and not
 * across fork. Set: WAL, secure_delete, temporary files on disk, no mmap,
 * a busy time-out of 5 s, DEFENSIVE; synchronous stays FULL.
 *
 * ABSENT: no such file. DENIED: the key does not open it, or permissions.
 * MALFORMED: the key is right and the file damaged, or it is no sealed
 * database. BUSY, NO_SPACE, NO_MEMORY, BROKEN as pages_status.
 *
 * PAGES_READ in a directory that cannot be written reads the main file as
 * unchanging while there is no log beside it.
 */
enum status pages_open(const char *path, const struct vault_key *key, const unsigned char file_identity[PAGES_IDENTITY_SIZE],
                       enum pages_mode mode, sqlite3 **ret_database, struct failure *reterr) MUST_CHECK;

/** A compacted, durable copy of a consistent moment (VACUUM INTO) at a path where nothing is yet, under the same
 *  key and identity. DENIED when something is there. A failed copy is removed. */
enum status pages_copy(sqlite3 *database, const char *path, struct failure *reterr) MUST_CHECK;

/** What a SQLite result code comes to; give it sqlite3_extended_errcode where there is one. OK and ROW are OK, DONE
 *  is END, a page that does not open is MALFORMED. */
enum status pages_status(int sqlite_code);

struct pages_place {
	const char *file; /* "main" or "wal" */
	uint64_t number;  /* page or frame, from 1; frame 0 is the log's header */
};

/** The first place that this connection could not open since pages_open, if any. Look after each batch: a damaged
 *  frame lets commits go on while checkpoints fail. */
bool pages_find_damage(sqlite3 *database, struct pages_place *ret_place);

struct pages_tally {
	uint64_t main_pages, wal_frames, damaged;
};

/**
 * Opens every page of the main file and of the log, also free ones, and calls
 * on_damage (may be NULL) for each that does not open or is missing. Safe
 * beside readers and writers in this and other processes. OK: all is well.
 * MALFORMED: something was reported; *ret_tally (may be NULL) is set in both
 * cases. ABSENT, DENIED as pages_open. A log's tail shorter than a frame
 * belongs to nothing and is not looked at; a frame that a crash tore is named
 * until the database is next written and closed.
 */
enum status pages_verify(const char *path, const struct vault_key *key, const unsigned char file_identity[PAGES_IDENTITY_SIZE],
                         void (*on_damage)(void *context, struct pages_place place), void *context, struct pages_tally *ret_tally,
                         struct failure *reterr) MUST_CHECK;

#endif

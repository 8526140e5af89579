/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The geometry of sealed pages, and the sealing of one record. A record is
 * sealed bytes, then nonce 24, then tag 16, and takes exactly the place that
 * SQLite's own page or frame would take:
 *
 *   main file   page    4056 sealed + 40                      = 4096
 *   log         frame   24 (its header) + 4056 sealed + 40    = 4120, behind 32 clear bytes
 *   temporary   block   4096 sealed + 40                      = 4136
 *
 * Kind, number and file identity are associated data. Internal to vault/.
 */
#ifndef TIDEMARK_VAULT_SEALING_H
#define TIDEMARK_VAULT_SEALING_H

#include "base/status.h"
#include "vault/key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEALING_TRAILER = VAULT_SEAL_OVERHEAD,
	SEALING_PAGE = 4096,
	SEALING_PAGE_PLAIN = SEALING_PAGE - SEALING_TRAILER,
	SEALING_LOG_HEADER = 32,
	SEALING_FRAME_HEADER = 24,
	SEALING_FRAME = SEALING_FRAME_HEADER + SEALING_PAGE,
	SEALING_FRAME_PLAIN = SEALING_FRAME - SEALING_TRAILER,
	SEALING_IDENTITY = 16
};

enum sealing_kind { SEALING_MAIN = 1, SEALING_LOG = 2, SEALING_TEMPORARY = 3 };

struct sealing_nonces;

struct sealing {
	struct vault_key key;
	unsigned char identity[SEALING_IDENTITY];
	struct sealing_nonces *nonces; /* NULL: each nonce is asked of the kernel */
};

/** Derives the pages' key. End with sealing_end, which wipes it. */
void sealing_start(struct sealing *sealing, const struct vault_key *key, const unsigned char identity[SEALING_IDENTITY]);
/** Under a key that nobody else ever sees. */
void sealing_start_throwaway(struct sealing *sealing);
void sealing_end(struct sealing *sealing);

/** plain (len bytes, may be record itself) into record (len + SEALING_TRAILER bytes). */
void sealing_seal(struct sealing *sealing, enum sealing_kind kind, uint64_t number, const unsigned char *plain, size_t len,
                  unsigned char *record);
/** In place; the trailer then reads as zeros. False, with the record worthless, when it does not open. */
bool sealing_open(const struct sealing *sealing, enum sealing_kind kind, uint64_t number, unsigned char *record,
                  size_t len) MUST_CHECK;

#endif

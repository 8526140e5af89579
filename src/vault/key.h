/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: made, derived, wrapped under one another, kept in a file, erased; and
 * small blobs sealed under them. XChaCha20-Poly1305 (IETF) with random nonces
 * and keyed BLAKE2b, both libsodium's.
 *
 * One key may wrap, seal blobs and seal pages at once: each use works under a
 * key of its own derived from it, so a blob never opens as a wrapped key.
 * Whoever holds a struct vault_key wipes it when done.
 */
#ifndef TIDEMARK_VAULT_KEY_H
#define TIDEMARK_VAULT_KEY_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"

#define VAULT_KEY_SIZE 32
#define VAULT_SEAL_OVERHEAD 40 /* bytes that a seal adds: nonce 24, tag 16 */

struct vault_key {
	unsigned char bytes[VAULT_KEY_SIZE];
};

struct wrapped_key {
	unsigned char bytes[VAULT_KEY_SIZE + VAULT_SEAL_OVERHEAD];
};

/** Once before anything else of this folder; calling it again is free, from any thread. BROKEN without randomness. */
enum status vault_start(void) MUST_CHECK;

void vault_key_generate(struct vault_key *ret_key);
void vault_key_wipe(struct vault_key *key);

/** The same child for the same parent and purpose; neither tells the parent nor a sibling. */
void vault_key_derive(const struct vault_key *parent, const char *purpose, struct vault_key *ret_key);

/** associated: what the wrapped key belongs to (an incident's id, say); the same bytes must come with vault_unwrap. */
void vault_wrap(const struct vault_key *parent, const struct vault_key *child, struct bytes associated,
                struct wrapped_key *ret_wrapped);
/** DENIED when parent or associated are others, or the wrapped bytes were changed. */
enum status vault_unwrap(const struct vault_key *parent, const struct wrapped_key *wrapped, struct bytes associated,
                         struct vault_key *ret_child) MUST_CHECK;

/** Appends plain.len + VAULT_SEAL_OVERHEAD bytes. NO_MEMORY, TOO_LARGE as the buffer says. */
enum status vault_seal(const struct vault_key *key, struct bytes associated, struct bytes plain, struct buffer *into) MUST_CHECK;
/** Appends the plain bytes. DENIED when key or associated are others, or the sealed bytes were changed;
 *  MALFORMED when there are too few of them. Nothing is appended unless OK. */
enum status vault_open(const struct vault_key *key, struct bytes associated, struct bytes sealed, struct buffer *into) MUST_CHECK;

/** Exactly 32 bytes in a regular file of this user or root, that nobody but its owner may touch. ABSENT when missing, DENIED
 *  when unreadable, another's, or open to group or others, MALFORMED when of another size. */
enum status vault_key_file_read(const char *path, struct vault_key *ret_key, struct failure *reterr) MUST_CHECK;

/** The same, of a key that a service manager has handed over: its group may read it too (systemd gives it to a service's
 *  user by an access list, whose mask stands where the group's rights do), in a directory that others cannot enter. */
enum status vault_key_credential_read(const char *path, struct vault_key *ret_key, struct failure *reterr) MUST_CHECK;

/** Makes a new key and its file (0600), durable before it returns and never half-written. DENIED when the file
 *  exists: a key is never overwritten. */
enum status vault_key_file_create(const char *path, struct vault_key *ret_key, struct failure *reterr) MUST_CHECK;

#endif

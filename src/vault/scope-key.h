/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scope key: what two parties count an incident with, so that their counts
 * can be compared (docs/counting.md). It leaves the catalog as a file of one
 * line, "tidemark-scope-key-1 " and the key in base32: unlike the catalog's own
 * key, so that neither is ever taken for the other.
 */
#ifndef TIDEMARK_VAULT_SCOPE_KEY_H
#define TIDEMARK_VAULT_SCOPE_KEY_H

#include "vault/key.h"

#define SCOPE_KEY_ID_SIZE 16

/** What tells one scope key from another, and nothing of the key. */
void scope_key_id(const struct vault_key *key, unsigned char into[SCOPE_KEY_ID_SIZE]);

/** Makes the file (0600), durable before it returns; DENIED when there is one already. */
enum status scope_key_file_create(const char *path, const struct vault_key *key, struct failure *reterr) MUST_CHECK;
/** ABSENT, DENIED as vault_key_file_read; MALFORMED when it is no such file. */
enum status scope_key_file_read(const char *path, struct vault_key *ret_key, struct failure *reterr) MUST_CHECK;

#endif

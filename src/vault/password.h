/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords, as a text that tells whether one is right and nothing else:
 * Argon2id (RFC 9106), libsodium's, with a salt and its costs in the text.
 * Each takes 64 MiB and some tenths of a second, by purpose.
 */
#ifndef TIDEMARK_VAULT_PASSWORD_H
#define TIDEMARK_VAULT_PASSWORD_H

#include "base/bytes.h"
#include "base/status.h"

#define VAULT_PASSWORD_TEXT_SIZE 128 /* with its NUL */

/** NO_MEMORY where there is not enough of it for that. */
enum status vault_password_hash(struct bytes password, char ret_text[VAULT_PASSWORD_TEXT_SIZE]) MUST_CHECK;

/** DENIED for a wrong one, after the same work; a text that is none of these is as wrong. NO_MEMORY. */
enum status vault_password_check(struct bytes password, const char text[VAULT_PASSWORD_TEXT_SIZE]) MUST_CHECK;

/** Random bytes that nobody can guess. */
void vault_random(unsigned char *into, size_t size);
/** Overwritten, whatever the compiler thinks of it. */
void vault_wipe(void *at, size_t size);

#endif

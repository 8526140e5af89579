/* SPDX-License-Identifier: Apache-2.0 */
/* Three passes over 64 MiB: more than RFC 9106 asks of a machine short of memory, and a few at a time fit anywhere. */
#include "vault/password.h"

#include <errno.h>
#include <sodium.h>

enum { PASSES = 3, MEMORY = 64 << 20 };

_Static_assert(crypto_pwhash_argon2id_STRBYTES == VAULT_PASSWORD_TEXT_SIZE, "one size of text");

enum status vault_password_hash(struct bytes password, char ret_text[VAULT_PASSWORD_TEXT_SIZE])
{
	const char *text = password.len > 0 ? (const char *)password.at : "";
	return crypto_pwhash_argon2id_str(ret_text, text, password.len, PASSES, MEMORY) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status vault_password_check(struct bytes password, const char text[VAULT_PASSWORD_TEXT_SIZE])
{
	errno = 0;
	if (crypto_pwhash_argon2id_str_verify(text, password.len > 0 ? (const char *)password.at : "", password.len) == 0)
		return STATUS_OK;
	return errno == ENOMEM ? STATUS_NO_MEMORY : STATUS_DENIED;
}

void vault_random(unsigned char *into, size_t size)
{
	randombytes_buf(into, size);
}

void vault_wipe(void *at, size_t size)
{
	sodium_memzero(at, size);
}

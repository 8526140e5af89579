/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519, whole messages. */
#include "vault/signing.h"

#include <sodium.h>

_Static_assert(crypto_sign_SEEDBYTES == VAULT_KEY_SIZE && crypto_sign_PUBLICKEYBYTES == VAULT_PUBLIC_KEY_SIZE &&
                       crypto_sign_BYTES == VAULT_SIGNATURE_SIZE,
               "sizes of Ed25519");

void vault_sign(const struct vault_key *seed, struct bytes message, unsigned char ret_public_key[VAULT_PUBLIC_KEY_SIZE],
                unsigned char ret_signature[VAULT_SIGNATURE_SIZE])
{
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
	crypto_sign_seed_keypair(ret_public_key, secret, seed->bytes);
	crypto_sign_detached(ret_signature, NULL, message.at, message.len, secret);
	sodium_memzero(secret, sizeof secret);
}

bool vault_is_signed(struct bytes message, const unsigned char public_key[VAULT_PUBLIC_KEY_SIZE],
                     const unsigned char signature[VAULT_SIGNATURE_SIZE])
{
	return crypto_sign_verify_detached(signature, message.at, message.len, public_key) == 0;
}

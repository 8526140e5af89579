/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of ours: Ed25519 (RFC 8032), libsodium's. A signing key is any
 * struct vault_key, its seed; the same seed and message give the same signature.
 */
#ifndef TIDEMARK_VAULT_SIGNING_H
#define TIDEMARK_VAULT_SIGNING_H

#include "vault/key.h"

#define VAULT_PUBLIC_KEY_SIZE 32
#define VAULT_SIGNATURE_SIZE 64

/** Signs, and tells the public key that the signature is checked with. */
void vault_sign(const struct vault_key *seed, struct bytes message, unsigned char ret_public_key[VAULT_PUBLIC_KEY_SIZE],
                unsigned char ret_signature[VAULT_SIGNATURE_SIZE]);

/** False, too, for a public key that is none. */
bool vault_is_signed(struct bytes message, const unsigned char public_key[VAULT_PUBLIC_KEY_SIZE],
                     const unsigned char signature[VAULT_SIGNATURE_SIZE]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nonces come from a pool that the kernel empties in a forked child
 * (MADV_WIPEONFORK): a pool of zeros says that nothing is left in it.
 */
#define _GNU_SOURCE
#include "vault/sealing.h"

#include "base/bytes.h"

#include <sodium.h>
#include <sys/mman.h>

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	ASSOCIATED = SEALING_IDENTITY + 16,
	POOL = 4096
};

_Static_assert(NONCE + TAG == SEALING_TRAILER, "a trailer is a nonce and a tag");

struct sealing_nonces {
	size_t left;
	unsigned char bytes[POOL - sizeof(size_t)];
};

static struct sealing_nonces *map_nonces(void)
{
	void *pool = mmap(NULL, POOL, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pool == MAP_FAILED)
		return NULL;
	if (madvise(pool, POOL, MADV_WIPEONFORK) == 0)
		return pool;
	munmap(pool, POOL);
	return NULL;
}

static void take_nonce(struct sealing_nonces *pool, unsigned char *into)
{
	if (pool == NULL) {
		randombytes_buf(into, NONCE);
		return;
	}
	if (pool->left == 0) {
		randombytes_buf(pool->bytes, sizeof pool->bytes);
		pool->left = sizeof pool->bytes / NONCE;
	}
	pool->left--;
	memcpy(into, pool->bytes + pool->left * NONCE, NONCE);
}

static void associate(const struct sealing *sealing, enum sealing_kind kind, uint64_t number, unsigned char into[ASSOCIATED])
{
	memcpy(into, sealing->identity, SEALING_IDENTITY);
	store_le64(into + SEALING_IDENTITY, (uint64_t)kind);
	store_le64(into + SEALING_IDENTITY + 8, number);
}

void sealing_start(struct sealing *sealing, const struct vault_key *key, const unsigned char identity[SEALING_IDENTITY])
{
	vault_key_derive(key, "pages", &sealing->key);
	memcpy(sealing->identity, identity, SEALING_IDENTITY);
	sealing->nonces = map_nonces();
}

void sealing_start_throwaway(struct sealing *sealing)
{
	*sealing = (struct sealing){.nonces = NULL};
	vault_key_generate(&sealing->key);
}

void sealing_end(struct sealing *sealing)
{
	vault_key_wipe(&sealing->key);
	if (sealing->nonces != NULL)
		munmap(sealing->nonces, POOL);
	sealing->nonces = NULL;
}

void sealing_seal(struct sealing *sealing, enum sealing_kind kind, uint64_t number, const unsigned char *plain, size_t len,
                  unsigned char *record)
{
	unsigned char associated[ASSOCIATED], *nonce = record + len;
	associate(sealing, kind, number, associated);
	take_nonce(sealing->nonces, nonce);
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(record, nonce + NONCE, NULL, plain, len, associated,
	                                                    sizeof associated, NULL, nonce, sealing->key.bytes);
}

bool sealing_open(const struct sealing *sealing, enum sealing_kind kind, uint64_t number, unsigned char *record, size_t len)
{
	unsigned char associated[ASSOCIATED], *nonce = record + len;
	associate(sealing, kind, number, associated);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(record, NULL, record, len, nonce + NONCE, associated,
	                                                        sizeof associated, nonce, sealing->key.bytes) != 0)
		return false;
	memset(nonce, 0, SEALING_TRAILER);
	return true;
}

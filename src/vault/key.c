/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and small seals. A sealed blob is nonce 24, then the sealed bytes, then tag 16. */
#define _GNU_SOURCE
#include "vault/key.h"

#include "vault/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };

_Static_assert(NONCE + TAG == VAULT_SEAL_OVERHEAD, "a seal adds a nonce and a tag");
_Static_assert(VAULT_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one size of key");

enum status vault_start(void)
{
	return sodium_init() < 0 ? STATUS_BROKEN : STATUS_OK;
}

void vault_key_generate(struct vault_key *ret_key)
{
	randombytes_buf(ret_key->bytes, sizeof ret_key->bytes);
}

void vault_key_wipe(struct vault_key *key)
{
	sodium_memzero(key->bytes, sizeof key->bytes);
}

void vault_key_derive(const struct vault_key *parent, const char *purpose, struct vault_key *ret_key)
{
	static const unsigned char domain[] = "tidemark-key-1"; /* its NUL parts it from the purpose */
	struct vault_key child;
	crypto_generichash_state state;
	crypto_generichash_init(&state, parent->bytes, sizeof parent->bytes, sizeof child.bytes);
	crypto_generichash_update(&state, domain, sizeof domain);
	crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose));
	crypto_generichash_final(&state, child.bytes, sizeof child.bytes);
	sodium_memzero(&state, sizeof state);
	*ret_key = child;
	vault_key_wipe(&child);
}

/* plain.len + VAULT_SEAL_OVERHEAD bytes into sealed. */
static void seal_for(const char *purpose, const struct vault_key *key, struct bytes associated, struct bytes plain,
                     unsigned char *sealed)
{
	struct vault_key child;
	vault_key_derive(key, purpose, &child);
	randombytes_buf(sealed, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, plain.at, plain.len, associated.at, associated.len, NULL,
	                                           sealed, child.bytes);
	vault_key_wipe(&child);
}

/* sealed.len - VAULT_SEAL_OVERHEAD bytes into plain. */
static bool open_for(const char *purpose, const struct vault_key *key, struct bytes associated, struct bytes sealed,
                     unsigned char *plain)
{
	struct vault_key child;
	vault_key_derive(key, purpose, &child);
	bool opens = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed.at + NONCE, sealed.len - NONCE,
	                                                        associated.at, associated.len, sealed.at, child.bytes) == 0;
	vault_key_wipe(&child);
	return opens;
}

void vault_wrap(const struct vault_key *parent, const struct vault_key *child, struct bytes associated,
                struct wrapped_key *ret_wrapped)
{
	seal_for("wrap", parent, associated, bytes_of(child->bytes, sizeof child->bytes), ret_wrapped->bytes);
}

enum status vault_unwrap(const struct vault_key *parent, const struct wrapped_key *wrapped, struct bytes associated,
                         struct vault_key *ret_child)
{
	struct vault_key child;
	struct bytes sealed = bytes_of(wrapped->bytes, sizeof wrapped->bytes);
	if (!open_for("wrap", parent, associated, sealed, child.bytes))
		return STATUS_DENIED;
	*ret_child = child;
	vault_key_wipe(&child);
	return STATUS_OK;
}

enum status vault_seal(const struct vault_key *key, struct bytes associated, struct bytes plain, struct buffer *into)
{
	if (plain.len > SIZE_MAX - VAULT_SEAL_OVERHEAD)
		return STATUS_TOO_LARGE;
	unsigned char *room = buffer_extend(into, plain.len + VAULT_SEAL_OVERHEAD);
	if (room == NULL)
		return buffer_status(into);
	seal_for("blob", key, associated, plain, room);
	return STATUS_OK;
}

enum status vault_open(const struct vault_key *key, struct bytes associated, struct bytes sealed, struct buffer *into)
{
	if (sealed.len < VAULT_SEAL_OVERHEAD)
		return STATUS_MALFORMED;
	size_t before = into->len;
	unsigned char *room = buffer_extend(into, sealed.len - VAULT_SEAL_OVERHEAD);
	if (room == NULL)
		return buffer_status(into);
	if (open_for("blob", key, associated, sealed, room))
		return STATUS_OK;
	buffer_truncate(into, before);
	return STATUS_DENIED;
}

/* Of those, what none may have who is not its owner. */
enum { RIGHTS_OF_FILE = 077, RIGHTS_OF_CREDENTIAL = 077 & ~S_IRGRP };

static enum status check_key_file(int handle, const char *path, mode_t forbidden, struct failure *reterr)
{
	struct stat about;
	if (fstat(handle, &about) != 0)
		return fail(reterr, STATUS_BROKEN, path, "cannot be examined: %s", strerror(errno));
	if (!S_ISREG(about.st_mode))
		return fail(reterr, STATUS_DENIED, path, "a key is a regular file; this is not one");
	if (about.st_uid != geteuid() && about.st_uid != 0)
		return fail(
			reterr, STATUS_DENIED, path,
			"it belongs to another user (%u), who may change it; a key is its reader's own or root's: run chown on it",
			(unsigned)about.st_uid);
	if ((about.st_mode & forbidden) != 0)
		return fail(reterr, STATUS_DENIED, path,
		            "others than its owner may touch this key (mode %03o); run: chmod 600 on it",
		            (unsigned)about.st_mode & 0777);
	if (about.st_size != VAULT_KEY_SIZE)
		return fail(reterr, STATUS_MALFORMED, path, "a key has %d bytes; this file has %lld", VAULT_KEY_SIZE,
		            (long long)about.st_size);
	return STATUS_OK;
}

static enum status read_key(int handle, const char *path, struct vault_key *ret_key, struct failure *reterr)
{
	struct vault_key key;
	ssize_t count;
	do
		count = read(handle, key.bytes, sizeof key.bytes);
	while (count < 0 && errno == EINTR);
	enum status status = STATUS_OK;
	if (count < 0)
		status = fail(reterr, STATUS_BROKEN, path, "cannot be read: %s", strerror(errno));
	else if (count != VAULT_KEY_SIZE)
		status = fail(reterr, STATUS_MALFORMED, path, "a key has %d bytes; this file has fewer", VAULT_KEY_SIZE);
	else
		*ret_key = key;
	vault_key_wipe(&key);
	return status;
}

static enum status read_key_file(const char *path, mode_t forbidden, struct vault_key *ret_key, struct failure *reterr)
{
	int handle = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (handle < 0)
		return whole_file_fail(reterr, path, errno, "the key cannot be opened");
	enum status status = check_key_file(handle, path, forbidden, reterr);
	if (status == STATUS_OK)
		status = read_key(handle, path, ret_key, reterr);
	close(handle);
	return status;
}

enum status vault_key_file_read(const char *path, struct vault_key *ret_key, struct failure *reterr)
{
	return read_key_file(path, RIGHTS_OF_FILE, ret_key, reterr);
}

enum status vault_key_credential_read(const char *path, struct vault_key *ret_key, struct failure *reterr)
{
	struct stat about;
	char *directory = whole_file_directory_of(path);
	if (directory == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	bool is_private = stat(directory, &about) == 0 && (about.st_mode & S_IRWXO) == 0;
	free(directory);
	return read_key_file(path, is_private ? RIGHTS_OF_CREDENTIAL : RIGHTS_OF_FILE, ret_key, reterr);
}

enum status vault_key_file_create(const char *path, struct vault_key *ret_key, struct failure *reterr)
{
	struct vault_key key;
	bool is_new;
	vault_key_generate(&key);
	enum status status = whole_file_create(path, bytes_of(key.bytes, sizeof key.bytes), &is_new, reterr);
	if (status == STATUS_OK && !is_new)
		status = fail(reterr, STATUS_DENIED, path, "there is a file already; a key is never overwritten");
	if (status == STATUS_OK)
		*ret_key = key;
	vault_key_wipe(&key);
	return status;
}

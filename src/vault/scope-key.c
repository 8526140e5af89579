/* SPDX-License-Identifier: Apache-2.0 */
/* One line with a key in it. The id is an HMAC under the key, so that it follows from it and leads nowhere. */
#define _GNU_SOURCE
#include "vault/scope-key.h"

#include "base/digest.h"
#include "vault/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "tidemark-scope-key-1 "
enum { LETTERS = (8 * VAULT_KEY_SIZE + 4) / 5, LINE = sizeof HEAD - 1 + LETTERS + 1 };

void scope_key_id(const struct vault_key *key, unsigned char into[SCOPE_KEY_ID_SIZE])
{
	unsigned char digest[DIGEST_SHA256_SIZE];
	digest_hmac_sha256(bytes_of(key->bytes, sizeof key->bytes), BYTES_LITERAL("tidemark-scope-key-id"), digest);
	memcpy(into, digest, SCOPE_KEY_ID_SIZE);
}

enum status scope_key_file_create(const char *path, const struct vault_key *key, struct failure *reterr)
{
	char line[LINE + 1] = HEAD;
	bool is_new;
	digest_format_base32(bytes_of(key->bytes, sizeof key->bytes), line + sizeof HEAD - 1);
	line[LINE - 1] = '\n';
	enum status status = whole_file_create(path, bytes_of(line, LINE), &is_new, reterr);
	sodium_memzero(line, sizeof line);
	if (status == STATUS_OK && !is_new)
		return fail(reterr, STATUS_DENIED, path, "there is a file already; a key is never written over one");
	return status;
}

static enum status check(int handle, const char *path, struct failure *reterr)
{
	struct stat about;
	if (fstat(handle, &about) != 0)
		return fail(reterr, STATUS_BROKEN, path, "cannot be examined: %s", strerror(errno));
	if (!S_ISREG(about.st_mode))
		return fail(reterr, STATUS_DENIED, path, "a key is a regular file; this is not one");
	if ((about.st_mode & 077) != 0)
		return fail(reterr, STATUS_DENIED, path,
		            "others than its owner may touch this key (mode %03o); run: chmod 600 on it",
		            (unsigned)about.st_mode & 0777);
	return STATUS_OK;
}

static enum status parse(struct bytes line, const char *path, struct vault_key *ret_key, struct failure *reterr)
{
	struct bytes head = BYTES_LITERAL(HEAD), letters = bytes_trim(bytes_from(line, head.len));
	if (bytes_start_with(line, head) && letters.len == LETTERS &&
	    digest_parse_base32(letters, ret_key->bytes, sizeof ret_key->bytes) == STATUS_OK)
		return STATUS_OK;
	return fail(reterr, STATUS_MALFORMED, path, "is no scope key; 'tidemark scope key export FILE' makes one");
}

enum status scope_key_file_read(const char *path, struct vault_key *ret_key, struct failure *reterr)
{
	char line[LINE + 64];
	struct vault_key key;
	int handle = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (handle < 0)
		return whole_file_fail(reterr, path, errno, "the key cannot be opened");
	enum status status = check(handle, path, reterr);
	ssize_t got = status == STATUS_OK ? read(handle, line, sizeof line) : 0;
	if (status == STATUS_OK)
		status = parse(bytes_of(line, got > 0 ? (size_t)got : 0), path, &key, reterr);
	close(handle);
	sodium_memzero(line, sizeof line);
	if (status == STATUS_OK)
		*ret_key = key;
	vault_key_wipe(&key);
	return status;
}

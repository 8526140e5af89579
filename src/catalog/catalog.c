/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening: the key file and tidemark.db.
 *
 * Order of making, so that a crash in between costs nothing: key file, then
 * tidemark.db, then an incident's row with its wrapped key, then its folder. A
 * key without a catalog is used again; an incident's row without its folder
 * has not been swept yet.
 */
#include "catalog/inside.h"

#include "base/clock.h"
#include "catalog/path.h"
#include "catalog/sqlite/schema.h"

#include <errno.h>
#include <string.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* As mkdir -p; the last one is ours alone. */
static enum status make_directories(const char *path, struct failure *reterr)
{
	char *copy = strdup(path);
	if (copy == NULL)
		return fail(reterr, STATUS_NO_MEMORY, path, "memory is used up");
	for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	free(copy);
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return STATUS_OK;
	if (errno == ENOSPC)
		return fail(reterr, STATUS_NO_SPACE, path, "no space for the catalog; make room and try again");
	return fail(reterr, STATUS_DENIED, path, "cannot make the catalog's directory (%s)", strerror(errno));
}

static enum status read_key_file(const struct catalog_place *place, struct vault_key *ret_key, struct failure *reterr)
{
	return place->key_is_credential ? vault_key_credential_read(place->key_file, ret_key, reterr)
	                                : vault_key_file_read(place->key_file, ret_key, reterr);
}

static enum status read_key(const struct catalog_place *place, struct vault_key *ret_key, struct failure *reterr)
{
	enum status status = read_key_file(place, ret_key, reterr);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_DENIED, place->key_file,
		            "the key of this catalog is missing; without it nothing in the catalog can be "
		            "read: put it back");
	return status;
}

/* Two first sweeps at once: the later one takes the key the earlier has made. */
static enum status read_or_make_key(const struct catalog_place *place, struct vault_key *ret_key, bool *ret_made,
                                    struct failure *reterr)
{
	enum status status = read_key_file(place, ret_key, reterr);
	if (status != STATUS_ABSENT)
		return status;
	status = vault_key_file_create(place->key_file, ret_key, reterr);
	if (status == STATUS_OK && ret_made != NULL)
		*ret_made = true;
	if (status == STATUS_DENIED && file_exists(place->key_file))
		status = read_key_file(place, ret_key, reterr);
	return status;
}

static enum status find_key(const struct catalog_place *place, const char *file, enum catalog_mode mode,
                            struct vault_key *ret_key, bool *ret_made, struct failure *reterr)
{
	if (file_exists(file))
		return read_key(place, ret_key, reterr);
	/* Whether there is one cannot be told where nobody lets us look. */
	if (errno != ENOENT && errno != ENOTDIR)
		return fail(reterr, STATUS_DENIED, place->directory,
		            "cannot be looked into (%s); ask whose it is, or name another with --catalog", strerror(errno));
	if (mode != CATALOG_CREATE)
		return fail(reterr, STATUS_ABSENT, place->directory,
		            "there is no catalog here; 'tidemark sweep TARGET' makes one");
	enum status status = make_directories(place->directory, reterr);
	if (status == STATUS_OK)
		status = read_or_make_key(place, ret_key, ret_made, reterr);
	return status;
}

static enum status note_creation(struct database *database)
{
	sqlite3_stmt *note = database_take(database, "INSERT OR IGNORE INTO fact (name, value) VALUES ('created', ?1)");
	bind_integer(note, 1, clock_now());
	return database_run(database, note);
}

static enum status open_catalog_file(struct catalog *catalog, const char *file, struct failure *reterr)
{
	static const enum pages_mode modes[] = {
		[CATALOG_READ] = PAGES_READ,
		[CATALOG_APPEND] = PAGES_WRITE,
		[CATALOG_CREATE] = PAGES_CREATE,
	};
	struct vault_key key;
	vault_key_derive(&catalog->key, CATALOG_FILE, &key);
	enum status status = schema_open(&catalog->database, file, &key, IDENTITY_OF_CATALOG, modes[catalog->mode],
	                                 &schema_of_catalog, NULL, NULL, reterr);
	vault_key_wipe(&key);
	if (status == STATUS_OK && catalog->mode == CATALOG_CREATE)
		status = database_tell(&catalog->database, note_creation(&catalog->database), reterr);
	return status;
}

enum status catalog_open(const struct catalog_place *place, enum catalog_mode mode, struct catalog **ret_catalog,
                         bool *ret_made_key, struct failure *reterr)
{
	bool made = false;
	struct catalog *catalog = calloc(1, sizeof *catalog);
	char *file = path_join(place->directory, CATALOG_FILE);
	enum status status = catalog == NULL || file == NULL ? STATUS_NO_MEMORY : vault_start();
	if (status != STATUS_OK) {
		fail(reterr, status, place->directory, "no memory or no randomness");
		goto out;
	}
	catalog->mode = mode;
	catalog->backend = backend_of_name(place->backend);
	catalog->directory = strdup(place->directory);
	if (catalog->backend == NULL) {
		status = fail(reterr, STATUS_UNSUPPORTED, place->backend, "this program knows no such backend");
		goto out;
	}
	status = catalog->directory == NULL ? fail(reterr, STATUS_NO_MEMORY, file, "memory is used up")
	                                    : find_key(place, file, mode, &catalog->key, &made, reterr);
	if (status == STATUS_OK)
		status = open_catalog_file(catalog, file, reterr);
out:
	free(file);
	if (status != STATUS_OK) {
		catalog_close(catalog);
		return status;
	}
	*ret_catalog = catalog;
	if (ret_made_key != NULL)
		*ret_made_key = made;
	return STATUS_OK;
}

void catalog_close(struct catalog *catalog)
{
	if (catalog == NULL)
		return;
	database_close(&catalog->database);
	vault_key_wipe(&catalog->key);
	free(catalog->directory);
	free(catalog);
}

_Static_assert(VAULT_KEY_SIZE == CATALOG_GATE_KEY_SIZE, "a key derived is a key for digests");

void catalog_gate_key(const struct catalog *catalog, unsigned char into[CATALOG_GATE_KEY_SIZE])
{
	struct vault_key key;
	vault_key_derive(&catalog->key, "gate", &key);
	memcpy(into, key.bytes, sizeof key.bytes);
	vault_key_wipe(&key);
}

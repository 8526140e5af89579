/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of tidemark.db that say where incidents lie, each with its wrapped key. */
#include "catalog/place.h"

#include "base/clock.h"
#include "base/digest.h"
#include "catalog/inside.h"
#include "catalog/path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum status read_incident_place(struct catalog *catalog, sqlite3_stmt *row, struct incident_place *ret_place)
{
	struct bytes folder = column_bytes(row, 1), identity = column_bytes(row, 2), blob = column_bytes(row, 3);
	struct incident_place place = {.number = sqlite3_column_int64(row, 0)};
	struct wrapped_key wrapped;
	char name[64];
	if (identity.len != PAGES_IDENTITY_SIZE || blob.len != sizeof wrapped.bytes || folder.len == 0 ||
	    folder.len >= sizeof name)
		return STATUS_MALFORMED;
	memcpy(place.identity, identity.at, PAGES_IDENTITY_SIZE);
	memcpy(wrapped.bytes, blob.at, sizeof wrapped.bytes);
	memcpy(name, folder.at, folder.len);
	name[folder.len] = '\0';
	place.folder = path_join(catalog->directory, name);
	if (place.folder == NULL)
		return STATUS_NO_MEMORY;
	enum status status = vault_unwrap(&catalog->key, &wrapped, identity, &place.key);
	if (status == STATUS_OK)
		*ret_place = place;
	else
		free(place.folder);
	return status;
}

enum status find_incident(struct catalog *catalog, struct bytes name, struct incident_place *ret_place, struct failure *reterr)
{
	sqlite3_stmt *find = database_take(
		&catalog->database,
		"SELECT number, folder, identity, wrapped_key FROM incident WHERE name = ?1 AND erased IS NULL");
	char shown[sizeof reterr->where];
	bind_text(find, 1, name);
	enum status status = database_step(&catalog->database, find);
	if (status == STATUS_OK)
		status = read_incident_place(catalog, find, ret_place);
	else if (status == STATUS_END)
		status = STATUS_ABSENT;
	database_give(&catalog->database, find);
	if (status != STATUS_ABSENT)
		return database_tell(&catalog->database, status, reterr);
	snprintf(shown, sizeof shown, "%.*s", (int)(name.len < 128 ? name.len : 128), name.len > 0 ? (const char *)name.at : "");
	return fail(reterr, STATUS_ABSENT, shown, "the catalog has no such incident; 'tidemark incidents' lists them");
}

enum status gather_incidents(struct catalog *catalog, struct buffer *names, struct failure *reterr)
{
	struct database *database = &catalog->database;
	sqlite3_stmt *list = database_take(database, "SELECT name FROM incident WHERE erased IS NULL ORDER BY name");
	enum status status;
	while ((status = database_step(database, list)) == STATUS_OK) {
		buffer_append(names, column_bytes(list, 0));
		buffer_append_byte(names, '\0');
	}
	database_give(database, list);
	return database_tell(database, status != STATUS_END ? status : buffer_status(names), reterr);
}

void incident_place_free(struct incident_place *place)
{
	free(place->folder);
	vault_key_wipe(&place->key);
	*place = (struct incident_place){.number = 0};
}

static enum status insert_incident(struct catalog *catalog, struct bytes name)
{
	struct vault_key random, key;
	struct wrapped_key wrapped;
	struct buffer folder = buffer_with_ceiling(64);
	vault_key_generate(&random);
	vault_key_generate(&key);
	struct bytes identity = bytes_of(random.bytes, PAGES_IDENTITY_SIZE);
	digest_append_base32(&folder, identity);
	vault_wrap(&catalog->key, &key, identity, &wrapped);
	vault_key_wipe(&key);
	if (buffer_status(&folder) != STATUS_OK)
		return buffer_status(&folder);
	sqlite3_stmt *insert = database_take(&catalog->database,
	                                     "INSERT OR IGNORE INTO incident (name, folder, identity, wrapped_key, created)"
	                                     " VALUES (?1, ?2, ?3, ?4, ?5)");
	bind_text(insert, 1, name);
	bind_text(insert, 2, buffer_bytes(&folder));
	bind_blob(insert, 3, identity);
	bind_blob(insert, 4, bytes_of(wrapped.bytes, sizeof wrapped.bytes));
	bind_integer(insert, 5, clock_now());
	enum status status = database_run(&catalog->database, insert);
	buffer_free(&folder);
	return status;
}

enum status find_or_make_incident(struct catalog *catalog, struct bytes name, struct incident_place *ret_place,
                                  struct failure *reterr)
{
	enum status status = find_incident(catalog, name, ret_place, reterr);
	if (status == STATUS_ABSENT) {
		status = database_tell(&catalog->database, insert_incident(catalog, name), reterr);
		if (status == STATUS_OK)
			status = find_incident(catalog, name, ret_place, reterr);
	}
	if (status == STATUS_OK && mkdir(ret_place->folder, 0700) != 0 && errno != EEXIST) {
		status = fail(reterr, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_DENIED, ret_place->folder,
		              "cannot make the incident's folder (%s)", strerror(errno));
		incident_place_free(ret_place);
	}
	return status;
}

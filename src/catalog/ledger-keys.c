/* SPDX-License-Identifier: Apache-2.0 */
/* A key taken in stands among the facts of tidemark.db, under the incident's identity. */
#include "catalog/ledger-keys.h"

#include "base/digest.h"
#include "catalog/inside.h"

static void name_fact(const struct incident *incident, struct buffer *name)
{
	buffer_append_string(name, "scope key of ");
	digest_append_base32(name, bytes_of(incident->place.identity, sizeof incident->place.identity));
}

static enum status unwrap(const struct incident *incident, struct bytes blob, struct vault_key *ret_key)
{
	struct wrapped_key wrapped;
	if (blob.len != sizeof wrapped.bytes)
		return STATUS_MALFORMED;
	memcpy(wrapped.bytes, blob.at, sizeof wrapped.bytes);
	return vault_unwrap(&incident->place.key, &wrapped, BYTES_LITERAL("scope key"), ret_key);
}

enum status incident_scope_key(struct incident *incident, struct vault_key *ret_key, struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct buffer name = buffer_with_ceiling(128);
	name_fact(incident, &name);
	sqlite3_stmt *find = database_take(database, "SELECT value FROM fact WHERE name = ?1");
	bind_text(find, 1, buffer_bytes(&name));
	enum status status = buffer_status(&name) != STATUS_OK ? buffer_status(&name) : database_step(database, find);
	if (status == STATUS_OK)
		status = unwrap(incident, column_bytes(find, 0), ret_key);
	database_give(database, find);
	buffer_free(&name);
	if (status != STATUS_END)
		return database_tell(database, status, reterr);
	vault_key_derive(&incident->place.key, "scope", ret_key);
	return STATUS_OK;
}

enum status incident_take_scope_key(struct incident *incident, const struct vault_key *key, struct failure *reterr)
{
	struct database *database = &incident->catalog->database;
	struct buffer name = buffer_with_ceiling(128);
	struct wrapped_key wrapped;
	name_fact(incident, &name);
	vault_wrap(&incident->place.key, key, BYTES_LITERAL("scope key"), &wrapped);
	enum status status = buffer_status(&name);
	if (status == STATUS_OK) {
		sqlite3_stmt *insert = database_take(database, "INSERT OR REPLACE INTO fact (name, value) VALUES (?1, ?2)");
		bind_text(insert, 1, buffer_bytes(&name));
		bind_blob(insert, 2, bytes_of(wrapped.bytes, sizeof wrapped.bytes));
		status = database_run(database, insert);
	}
	buffer_free(&name);
	return database_tell(database, status, reterr);
}

void incident_signing_key(const struct incident *incident, struct vault_key *ret_key)
{
	vault_key_derive(&incident->catalog->key, "manifest", ret_key);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Carrying out the migrations that tools/embed-sql put into catalog-migrations.h. */
#include "catalog/sqlite/schema.h"

#include "catalog-migrations.h"

#include <stdio.h>
#include <stdlib.h>

const struct schema schema_of_catalog = {
	catalog_migrations, sizeof catalog_migrations / sizeof *catalog_migrations,
};
const struct schema schema_of_incident = {
	incident_migrations, sizeof incident_migrations / sizeof *incident_migrations,
};

enum status schema_version(struct database *database, unsigned *ret_version)
{
	int64_t version;
	enum status status =
		database_read_integer(database, database_take(database, "PRAGMA user_version"), 0, &version);
	if (status == STATUS_OK)
		*ret_version = (unsigned)version;
	return status;
}

static enum status refuse_newer(const struct database *database, unsigned version,
                                const struct schema *schema, struct failure *reterr)
{
	return fail(reterr, STATUS_UNSUPPORTED, database->path,
	            "was written by a newer tidemark (schema %u, this one knows %u); use that version",
	            version, schema->count);
}

enum status schema_check(struct database *database, const struct schema *schema, bool *ret_is_older,
                         struct failure *reterr)
{
	unsigned version = 0;
	enum status status = schema_version(database, &version);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	if (version > schema->count)
		return refuse_newer(database, version, schema, reterr);
	if (version == 0)
		return fail(reterr, STATUS_ABSENT, database->path,
		            "holds nothing yet; the first sweep fills it");
	*ret_is_older = version < schema->count;
	return STATUS_OK;
}

static enum status keep_copy(struct database *database, unsigned version, struct failure *reterr)
{
	size_t size = strlen(database->path) + 32;
	char *path = malloc(size);
	if (path == NULL)
		return fail(reterr, STATUS_NO_MEMORY, database->path, "memory is used up");
	snprintf(path, size, "%s.before-%u", database->path, version + 1);
	remove(path);
	enum status status = pages_copy(database->handle, path, reterr);
	free(path);
	return status;
}

static enum status run_statements(struct database *database, const char *const *statements)
{
	enum status status = STATUS_OK;
	for (; *statements != NULL && status == STATUS_OK; statements++)
		status = database_execute(database, *statements);
	return status;
}

/* Another process may have done the step while this one waited for the lock. */
static enum status take_step(struct database *database, const struct schema *schema, unsigned from)
{
	char pragma[48];
	unsigned version = 0;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = schema_version(database, &version);
	if (status == STATUS_OK && version == from) {
		snprintf(pragma, sizeof pragma, "PRAGMA user_version = %u", from + 1);
		status = run_statements(database, schema->migrations[from].statements);
		if (status == STATUS_OK)
			status = database_execute(database, pragma);
	}
	if (status == STATUS_OK)
		status = database_commit(database);
	if (status != STATUS_OK)
		database_roll_back(database);
	return status;
}

enum status schema_upgrade(struct database *database, const struct schema *schema, struct failure *reterr)
{
	unsigned version = 0;
	enum status status = schema_version(database, &version);
	if (status == STATUS_OK && version > schema->count)
		return refuse_newer(database, version, schema, reterr);
	if (status == STATUS_OK && version > 0 && version < schema->count) {
		status = keep_copy(database, version, reterr);
		if (status != STATUS_OK)
			return status;
	}
	for (; status == STATUS_OK && version < schema->count; version++)
		status = take_step(database, schema, version);
	return database_tell(database, status, reterr);
}

/* ---- opening ---- */

static enum status open_once(struct database *database, const char *path, const struct vault_key *key,
                             const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode,
                             enum status (*prepare)(struct database *, void *), void *context,
                             struct failure *reterr)
{
	enum status status = database_open(database, path, key, identity, mode, reterr);
	if (status != STATUS_OK || prepare == NULL)
		return status;
	status = prepare(database, context);
	if (status != STATUS_OK) {
		database_tell(database, status, reterr);
		database_close(database);
	}
	return status;
}

enum status schema_open(struct database *database, const char *path, const struct vault_key *key,
                        const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode,
                        const struct schema *schema, enum status (*prepare)(struct database *, void *),
                        void *context, struct failure *reterr)
{
	bool is_older = false;
	enum status status = open_once(database, path, key, identity, mode, prepare, context, reterr);
	if (status != STATUS_OK)
		return status;
	if (mode == PAGES_CREATE)
		status = schema_upgrade(database, schema, reterr);
	else
		status = schema_check(database, schema, &is_older, reterr);
	if (status == STATUS_OK && is_older && mode == PAGES_READ) {
		database_close(database);
		status = open_once(database, path, key, identity, PAGES_WRITE, prepare, context, reterr);
		if (status != STATUS_OK)
			return status;
	}
	if (status == STATUS_OK && is_older)
		status = schema_upgrade(database, schema, reterr);
	if (status != STATUS_OK)
		database_close(database);
	return status;
}

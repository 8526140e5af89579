/* SPDX-License-Identifier: Apache-2.0 */
/* Carrying out the migrations that tools/embed-sql put into catalog-migrations.h. */
#include "catalog/sqlite/schema.h"

#include "catalog-migrations.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const struct schema schema_of_catalog = {
	catalog_migrations,
	sizeof catalog_migrations / sizeof *catalog_migrations,
};
const struct schema schema_of_incident = {
	incident_migrations,
	sizeof incident_migrations / sizeof *incident_migrations,
};

enum status schema_version(struct database *database, unsigned *ret_version)
{
	int64_t version;
	enum status status = database_read_integer(database, database_take(database, "PRAGMA user_version"), 0, &version);
	if (status == STATUS_OK)
		*ret_version = (unsigned)version;
	return status;
}

static unsigned newest(const struct schema *schema)
{
	return schema->migrations[schema->count - 1].version;
}

/* UNSUPPORTED for what no migration leads on from. */
static enum status check_known(const struct database *database, unsigned version, const struct schema *schema,
                               struct failure *reterr)
{
	if (version > newest(schema))
		return fail(reterr, STATUS_UNSUPPORTED, database->path,
		            "was written by a newer tidemark (schema %u, this one knows %u); use that version", version,
		            newest(schema));
	if (version > 0 && version < schema->migrations[0].version)
		return fail(reterr, STATUS_UNSUPPORTED, database->path,
		            "was made by an earlier build of tidemark (schema %u, this one reads %u and later); name another "
		            "--catalog and sweep again",
		            version, schema->migrations[0].version);
	return STATUS_OK;
}

enum status schema_check(struct database *database, const struct schema *schema, bool *ret_is_older, struct failure *reterr)
{
	unsigned version = 0;
	enum status status = schema_version(database, &version);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = check_known(database, version, schema, reterr);
	if (status != STATUS_OK)
		return status;
	if (version == 0)
		return fail(reterr, STATUS_ABSENT, database->path, "holds nothing yet; the first sweep fills it");
	*ret_is_older = version < newest(schema);
	return STATUS_OK;
}

static enum status keep_copy(struct database *database, unsigned next, struct failure *reterr)
{
	size_t size = strlen(database->path) + 32;
	char *path = malloc(size);
	if (path == NULL)
		return fail(reterr, STATUS_NO_MEMORY, database->path, "memory is used up");
	snprintf(path, size, "%s.before-%u", database->path, next);
	remove(path);
	enum status status = pages_copy(database->handle, path, reterr);
	free(path);
	return status;
}

enum status schema_forget_copies(const char *path, const struct schema *schema)
{
	size_t size = strlen(path) + 32;
	char *copy = malloc(size);
	enum status status = copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	for (size_t i = 0; i < schema->count && status == STATUS_OK; i++) {
		snprintf(copy, size, "%s.before-%u", path, schema->migrations[i].version);
		if (remove(copy) != 0 && errno != ENOENT)
			status = STATUS_DENIED;
	}
	free(copy);
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
static enum status take_step(struct database *database, const struct migration *step, unsigned from)
{
	char pragma[48];
	unsigned version = 0;
	enum status status = database_begin(database);
	if (status == STATUS_OK)
		status = schema_version(database, &version);
	if (status == STATUS_OK && version == from) {
		snprintf(pragma, sizeof pragma, "PRAGMA user_version = %u", step->version);
		status = run_statements(database, step->statements);
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
	size_t next = 0;
	enum status status = schema_version(database, &version);
	if (status != STATUS_OK)
		return database_tell(database, status, reterr);
	status = check_known(database, version, schema, reterr);
	while (next < schema->count && schema->migrations[next].version <= version)
		next++;
	if (status == STATUS_OK && version > 0 && next < schema->count)
		status = keep_copy(database, schema->migrations[next].version, reterr);
	if (status != STATUS_OK)
		return status;
	for (; status == STATUS_OK && next < schema->count; next++) {
		status = take_step(database, &schema->migrations[next], version);
		version = schema->migrations[next].version;
	}
	return database_tell(database, status, reterr);
}

/* ---- opening ---- */

static enum status open_once(struct database *database, const char *path, const struct vault_key *key,
                             const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode,
                             enum status (*prepare)(struct database *, void *), void *context, struct failure *reterr)
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
                        const unsigned char identity[PAGES_IDENTITY_SIZE], enum pages_mode mode, const struct schema *schema,
                        enum status (*prepare)(struct database *, void *), void *context, struct failure *reterr)
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

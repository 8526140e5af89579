/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a catalog is whole: every page of every file opens, the tables hold
 * together, and rows that must agree do. All damage is told, not the first alone.
 */
#include "catalog/incident.h"
#include "catalog/inside.h"
#include "catalog/names.h"
#include "catalog/path.h"
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/word-index.h"
#include "catalog/turn.h"

#include <stdio.h>
#include <stdlib.h>

struct verifying {
	struct catalog *catalog;
	enum status (*each)(void *, const struct damage *);
	void *context;
	char file[160];              /* the one being looked at */
	uint64_t pages;
	bool found_any;
	enum status stopped;         /* what each returned */
};

static void report(struct verifying *verifying, uint64_t page, const char *what)
{
	struct damage damage = {bytes_of_string(verifying->file), page, bytes_of_string(what)};
	verifying->found_any = true;
	if (verifying->stopped == STATUS_OK)
		verifying->stopped = verifying->each(verifying->context, &damage);
}

static void report_page(void *context, struct pages_place place)
{
	char what[96];
	snprintf(what, sizeof what, "a page of the %s does not open",
	         strcmp(place.file, "wal") == 0 ? "log" : "file");
	report(context, place.number, what);
}

static enum status verify_pages(struct verifying *verifying, const char *path, const struct vault_key *key,
                                const unsigned char identity[PAGES_IDENTITY_SIZE], struct failure *reterr)
{
	struct pages_tally tally = {0};
	enum status status = pages_verify(path, key, identity, report_page, verifying, &tally, reterr);
	verifying->pages += tally.main_pages + tally.wal_frames;
	return status == STATUS_MALFORMED ? STATUS_OK : status;
}

/* "ok", or what is wrong. A page that there was no memory for is told of as a page that could not be had, with
 * an error code: that is no damage. */
static enum status take_finding(struct verifying *verifying, const char *text)
{
	const char *code = text != NULL ? strstr(text, "error code=") : NULL;
	if (text == NULL || (code != NULL && pages_status(atoi(strchr(code, '=') + 1)) == STATUS_NO_MEMORY))
		return STATUS_NO_MEMORY;
	if (strcmp(text, "ok") != 0)
		report(verifying, 0, text);
	return STATUS_OK;
}

static enum status verify_structure(struct verifying *verifying, struct database *database)
{
	sqlite3_stmt *rows = database_prepare(database, "PRAGMA integrity_check(20)");
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = take_finding(verifying, (const char *)sqlite3_column_text(rows, 0));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

struct agreement {
	const char *sql;             /* counts what breaks it */
	const char *what;
};

static const struct agreement agreements[] = {
	{
		"SELECT count(*) FROM document d"
		" WHERE content IS NOT NULL AND NOT EXISTS (SELECT 1 FROM content c WHERE c.number = d.content)",
         "documents without the content they name"},
	{
		"SELECT count(*) FROM document d"
		" WHERE NOT EXISTS (SELECT 1 FROM document o WHERE o.number = d.object AND o.ordinal = 0)",
         "parts without their object"},
	{
		"SELECT count(*) FROM document d"
		" WHERE NOT EXISTS (SELECT 1 FROM container k WHERE k.number = d.container)",
         "documents without their container"},
	{
		"SELECT count(*) FROM placement p"
		" WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.number = p.document AND d.content IS NOT NULL"
		" AND NOT EXISTS (SELECT 1 FROM attribution a WHERE a.content = d.content AND a.role = 2))",
         "places that own what has an owner of its own"},
	{
		"SELECT count(*) FROM content c"
		" WHERE text_bytes > 0 AND NOT is_expired"
		" AND NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.number = c.number * 2048)",
         "contents without the text they have"},
	{
		"SELECT count(*) FROM content c"
		" WHERE (text_bytes > 0 OR title IS NOT NULL) AND NOT is_expired"
		" AND NOT EXISTS (SELECT 1 FROM words_docsize w WHERE w.id = c.number)",
         "contents missing from the index of words"},
	{"SELECT count(*) FROM finding f WHERE NOT EXISTS (SELECT 1 FROM entity e WHERE e.number = f.entity)",
         "findings without their entity"},
	{
		"SELECT count(*)"
		" FROM (SELECT content, entity, count(*) AS mentions FROM finding GROUP BY 1, 2 EXCEPT"
		" SELECT content, entity, mentions FROM occurrence)",
         "findings that are counted otherwise"},
	{
		"SELECT (SELECT count(*) FROM occurrence) - (SELECT count(*)"
		" FROM (SELECT 1 FROM finding GROUP BY content, entity))",
         "counts of findings that are not there"},
	{"SELECT count(*) FROM (SELECT 1 FROM document WHERE state = 1 GROUP BY id HAVING count(*) > 1)",
         "places that are live twice"},
};

static enum status verify_agreements(struct verifying *verifying, struct database *database)
{
	char what[160];
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof agreements / sizeof *agreements && status == STATUS_OK; i++) {
		int64_t count = 0;
		status = database_read_integer(database, database_prepare(database, agreements[i].sql), 0,
		                               &count);
		if (status == STATUS_OK && count != 0) {
			snprintf(what, sizeof what, "%lld %s", (long long)(count < 0 ? -count : count),
			         agreements[i].what);
			report(verifying, 0, what);
		}
	}
	return status;
}

static enum status verify_census(struct verifying *verifying, struct database *database)
{
	bool differs = false;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return status;
	status = census_check(database, &differs);
	database_end_reading(database);
	if (status == STATUS_OK && differs)
		report(verifying, 0, "the count of live documents is not what is there");
	return status;
}

static enum status verify_indexes(struct verifying *verifying, struct database *database)
{
	enum status status = word_index_verify(database);
	if (status == STATUS_OK)
		status = names_verify(database);
	if (status == STATUS_MALFORMED) {
		report(verifying, 0, "an index of words or names is damaged");
		status = STATUS_OK;
	}
	return status == STATUS_BUSY ? STATUS_OK : status;
}

/* incident: NULL if it has no database. */
static enum status verify_turn(struct verifying *verifying, const struct incident_place *place, struct bytes name,
                               struct database *incident)
{
	char words[TURN_WORDS], file[sizeof verifying->file];
	bool is_catalog = false;
	enum status status = turn_compare(verifying->catalog, place->number, name, incident, words, &is_catalog);
	if (status != STATUS_OK || words[0] == '\0')
		return status;
	memcpy(file, verifying->file, sizeof file);
	if (is_catalog)
		snprintf(verifying->file, sizeof verifying->file, "%s", CATALOG_FILE);
	report(verifying, 0, words);
	memcpy(verifying->file, file, sizeof file);
	return STATUS_OK;
}

/* One that was never swept has no database, and need not. */
static enum status verify_absence(struct verifying *verifying, const struct incident_place *place, struct bytes name,
                                  struct failure *reterr)
{
	enum status status = verify_turn(verifying, place, name, NULL);
	return database_tell(&verifying->catalog->database, status, reterr);
}

static enum status verify_tables(struct verifying *verifying, const struct incident_place *place, struct bytes name,
                                 struct failure *reterr)
{
	struct incident *incident = NULL;
	bool may_write = verifying->catalog->mode != CATALOG_READ;
	enum status status = open_incident_at(verifying->catalog, place, may_write ? PAGES_WRITE : PAGES_READ,
	                                      &incident, reterr);
	if (status != STATUS_OK)
		return status;
	struct database *database = &incident->database;
	status = verify_structure(verifying, database);
	if (status == STATUS_OK)
		status = verify_turn(verifying, place, name, database);
	if (status == STATUS_OK)
		status = verify_agreements(verifying, database);
	if (status == STATUS_OK)
		status = verify_census(verifying, database);
	if (status == STATUS_OK && may_write)
		status = verify_indexes(verifying, database);
	database_tell(database, status, reterr);
	incident_close(incident);
	return status;
}

/* What cannot be read on is damage as well; the other incidents are still looked at. */
static enum status settle(struct verifying *verifying, enum status status, const struct failure *failure)
{
	if (status == STATUS_MALFORMED) {
		if (!verifying->found_any)
			report(verifying, 0, failure->why);
		return STATUS_OK;
	}
	return status;
}

static enum status verify_incident(struct verifying *verifying, struct bytes name, struct failure *reterr)
{
	struct incident_place place = {.number = 0};
	enum status status = find_incident(verifying->catalog, name, &place, reterr);
	if (status != STATUS_OK)
		return status == STATUS_ABSENT ? STATUS_OK : status; /* purged meanwhile */
	const char *folder = strrchr(place.folder, '/') + 1;
	char *path = path_join(place.folder, INCIDENT_FILE);
	snprintf(verifying->file, sizeof verifying->file, "%s/" INCIDENT_FILE, folder);
	status = path == NULL ? fail(reterr, STATUS_NO_MEMORY, place.folder, "memory is used up")
	                      : verify_pages(verifying, path, &place.key, place.identity, reterr);
	if (status == STATUS_OK)
		status = settle(verifying, verify_tables(verifying, &place, name, reterr), reterr);
	if (status == STATUS_ABSENT)
		status = verify_absence(verifying, &place, name, reterr);
	free(path);
	incident_place_free(&place);
	return status;
}

static enum status verify_catalog_file(struct verifying *verifying, struct failure *reterr)
{
	struct vault_key key;
	struct catalog *catalog = verifying->catalog;
	char *path = path_join(catalog->directory, CATALOG_FILE);
	snprintf(verifying->file, sizeof verifying->file, "%s", CATALOG_FILE);
	if (path == NULL)
		return fail(reterr, STATUS_NO_MEMORY, catalog->directory, "memory is used up");
	vault_key_derive(&catalog->key, CATALOG_FILE, &key);
	enum status status = verify_pages(verifying, path, &key, IDENTITY_OF_CATALOG, reterr);
	vault_key_wipe(&key);
	free(path);
	if (status == STATUS_OK)
		status = database_tell(&catalog->database, verify_structure(verifying, &catalog->database),
		                       reterr);
	return settle(verifying, status, reterr);
}

static enum status verify_journal(struct verifying *verifying, struct failure *reterr)
{
	uint64_t entries = 0, bad = 0;
	unsigned char head[32];
	char what[96];
	enum status status = journal_verify(verifying->catalog, &entries, &bad, head, reterr);
	if (status == STATUS_MALFORMED && bad > 0) {
		snprintf(what, sizeof what, "journal entry %llu does not follow from the one before it",
		         (unsigned long long)bad);
		report(verifying, 0, what);
		return STATUS_OK;
	}
	return settle(verifying, status, reterr);
}

static enum status visit_incidents(struct verifying *verifying,
                                   enum status (*visit)(struct verifying *, struct bytes, struct failure *),
                                   struct failure *reterr)
{
	struct buffer names = buffer_with_ceiling(1u << 24);
	enum status status = gather_incidents(verifying->catalog, &names, reterr);
	for (size_t at = 0; at < names.len && status == STATUS_OK;) {
		struct bytes name = bytes_of_string((const char *)names.at + at);
		status = visit(verifying, name, reterr);
		at += name.len + 1;
	}
	buffer_free(&names);
	return settle(verifying, status, reterr);
}

enum status catalog_verify(struct catalog *catalog, enum status (*each)(void *, const struct damage *),
                           void *context, uint64_t *ret_pages, struct failure *reterr)
{
	struct failure failure = {{0}, {0}};
	struct verifying verifying = {.catalog = catalog, .each = each, .context = context};
	enum status status = verify_catalog_file(&verifying, &failure);
	if (status == STATUS_OK)
		status = verify_journal(&verifying, &failure);
	if (status == STATUS_OK)
		status = visit_incidents(&verifying, verify_incident, &failure);
	*ret_pages = verifying.pages;
	if (status != STATUS_OK)
		return fail(reterr, status, failure.where, "%s", failure.why);
	if (verifying.found_any)
		return fail(reterr, STATUS_MALFORMED, catalog->directory,
		            "the catalog is damaged; restore it from a backup");
	return STATUS_OK;
}

/* ---- the journal's view of the incidents ---- */

static enum status compare_incident(struct verifying *verifying, struct bytes name, struct failure *reterr)
{
	struct incident_place place = {.number = 0};
	struct incident *incident = NULL;
	enum status status = find_incident(verifying->catalog, name, &place, reterr);
	if (status != STATUS_OK)
		return status == STATUS_ABSENT ? STATUS_OK : status;
	snprintf(verifying->file, sizeof verifying->file, "%s/" INCIDENT_FILE, strrchr(place.folder, '/') + 1);
	status = open_incident_at(verifying->catalog, &place, PAGES_READ, &incident, reterr);
	if (status == STATUS_OK)
		status = database_tell(&incident->database, verify_turn(verifying, &place, name, &incident->database), reterr);
	else if (status == STATUS_ABSENT)
		status = verify_absence(verifying, &place, name, reterr);
	incident_close(incident);
	incident_place_free(&place);
	return settle(verifying, status, reterr);
}

enum status journal_compare(struct catalog *catalog, enum status (*each)(void *, const struct damage *), void *context,
                            struct failure *reterr)
{
	struct failure failure = {{0}, {0}};
	struct verifying verifying = {.catalog = catalog, .each = each, .context = context};
	enum status status = visit_incidents(&verifying, compare_incident, &failure);
	if (status != STATUS_OK)
		return fail(reterr, status, failure.where, "%s", failure.why);
	if (verifying.found_any)
		return fail(reterr, STATUS_MALFORMED, catalog->directory,
		            "journal and incidents are not of one time; restore a backup of both");
	return STATUS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a catalog is whole: tidemark.db, the journal's chain, and each incident
 * by itself and by what the journal knows of it. All damage is told, not the first
 * alone.
 */
#include "catalog/incident.h"
#include "catalog/inside.h"
#include "catalog/path.h"
#include "catalog/sqlite/checking.h"
#include "catalog/turn.h"

#include <stdio.h>
#include <stdlib.h>

struct catalog_verifying {
	struct catalog *catalog;
	enum status (*each)(void *, const struct damage *);
	void *context;
	char file[160];     /* what is being looked at */
	const char *folder; /* of the incident that is */
	uint64_t pages;
	bool found_any;
	enum status stopped; /* what each returned */
};

static void report(struct catalog_verifying *verifying, uint64_t page, const char *what)
{
	struct damage damage = {bytes_of_string(verifying->file), page, bytes_of_string(what)};
	verifying->found_any = true;
	if (verifying->stopped == STATUS_OK)
		verifying->stopped = verifying->each(verifying->context, &damage);
}

/* What lies in an incident's folder: file is relative to that. */
static void report_in_folder(void *context, const char *file, uint64_t page, const char *what)
{
	struct catalog_verifying *verifying = context;
	snprintf(verifying->file, sizeof verifying->file, "%.100s/%.50s", verifying->folder, file);
	report(verifying, page, what);
}

static void report_in_file(void *context, const char *file, uint64_t page, const char *what)
{
	struct catalog_verifying *verifying = context;
	snprintf(verifying->file, sizeof verifying->file, "%.100s", file);
	report(verifying, page, what);
}

static void look_at(struct catalog_verifying *verifying, const struct incident_place *place)
{
	verifying->folder = strrchr(place->folder, '/') + 1;
	snprintf(verifying->file, sizeof verifying->file, "%.100s/%.50s", verifying->folder, verifying->catalog->backend->file);
}

/* incident: NULL if nothing is stored of it. */
static enum status verify_turn(struct catalog_verifying *verifying, const struct incident_place *place, struct bytes name,
                               struct incident *incident, struct failure *reterr)
{
	char words[TURN_WORDS];
	bool is_catalog = false;
	enum status status = turn_compare(verifying->catalog, place->number, name, incident, words, &is_catalog, reterr);
	if (status != STATUS_OK || words[0] == '\0')
		return status;
	look_at(verifying, place);
	if (is_catalog)
		snprintf(verifying->file, sizeof verifying->file, "%s", CATALOG_FILE);
	report(verifying, 0, words);
	return STATUS_OK;
}

/* One that was never swept has nothing stored, and need not. */
static enum status compare_turns(struct catalog_verifying *verifying, const struct incident_place *place, struct bytes name,
                                 struct failure *reterr)
{
	struct incident *incident = NULL;
	enum status status = open_incident_at(verifying->catalog, place, STORE_READ, &incident, reterr);
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = verify_turn(verifying, place, name, incident, reterr);
	incident_close(incident);
	return status;
}

/* What cannot be read on is damage as well; the other incidents are still looked at. */
static enum status settle(struct catalog_verifying *verifying, enum status status, const struct failure *failure)
{
	if (status == STATUS_MALFORMED) {
		if (!verifying->found_any)
			report(verifying, 0, failure->why);
		return STATUS_OK;
	}
	return status;
}

static enum status verify_incident(struct catalog_verifying *verifying, struct bytes name, struct failure *reterr)
{
	struct catalog *catalog = verifying->catalog;
	struct incident_place place = {.number = 0};
	uint64_t pages = 0;
	enum status status = find_incident(catalog, name, &place, reterr);
	if (status != STATUS_OK)
		return status == STATUS_ABSENT ? STATUS_OK : status; /* purged meanwhile */
	struct store_place at = store_place_of(&place);
	look_at(verifying, &place);
	status = catalog->backend->verify(&at, catalog->mode != CATALOG_READ, report_in_folder, verifying, &pages, reterr);
	verifying->pages += pages;
	if (status == STATUS_OK || status == STATUS_ABSENT)
		status = compare_turns(verifying, &place, name, reterr);
	status = settle(verifying, status, reterr);
	incident_place_free(&place);
	return status;
}

static enum status verify_catalog_file(struct catalog_verifying *verifying, struct failure *reterr)
{
	const struct checking checking = {report_in_file, verifying, CATALOG_FILE};
	struct vault_key key;
	struct catalog *catalog = verifying->catalog;
	char *path = path_join(catalog->directory, CATALOG_FILE);
	snprintf(verifying->file, sizeof verifying->file, "%s", CATALOG_FILE);
	if (path == NULL)
		return fail(reterr, STATUS_NO_MEMORY, catalog->directory, "memory is used up");
	vault_key_derive(&catalog->key, CATALOG_FILE, &key);
	enum status status = checking_pages(&checking, path, &key, IDENTITY_OF_CATALOG, &verifying->pages, reterr);
	vault_key_wipe(&key);
	free(path);
	if (status == STATUS_OK)
		status = database_tell(&catalog->database, checking_structure(&checking, &catalog->database), reterr);
	return settle(verifying, status, reterr);
}

static enum status verify_journal(struct catalog_verifying *verifying, struct failure *reterr)
{
	uint64_t entries = 0, bad = 0;
	unsigned char head[32];
	char what[96];
	enum status status = journal_verify(verifying->catalog, &entries, &bad, head, reterr);
	if (status == STATUS_MALFORMED && bad > 0) {
		snprintf(what, sizeof what, "journal entry %llu does not follow from the one before it", (unsigned long long)bad);
		report(verifying, 0, what);
		return STATUS_OK;
	}
	return settle(verifying, status, reterr);
}

static enum status visit_incidents(struct catalog_verifying *verifying,
                                   enum status (*visit)(struct catalog_verifying *, struct bytes, struct failure *),
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

enum status catalog_verify(struct catalog *catalog, enum status (*each)(void *, const struct damage *), void *context,
                           uint64_t *ret_pages, struct failure *reterr)
{
	struct failure failure = {{0}, {0}};
	struct catalog_verifying verifying = {.catalog = catalog, .each = each, .context = context};
	enum status status = verify_catalog_file(&verifying, &failure);
	if (status == STATUS_OK)
		status = verify_journal(&verifying, &failure);
	if (status == STATUS_OK)
		status = visit_incidents(&verifying, verify_incident, &failure);
	*ret_pages = verifying.pages;
	if (status != STATUS_OK)
		return fail(reterr, status, failure.where, "%s", failure.why);
	if (verifying.found_any)
		return fail(reterr, STATUS_MALFORMED, catalog->directory, "the catalog is damaged; restore it from a backup");
	return STATUS_OK;
}

/* ---- the journal's view of the incidents ---- */

static enum status compare_incident(struct catalog_verifying *verifying, struct bytes name, struct failure *reterr)
{
	struct incident_place place = {.number = 0};
	enum status status = find_incident(verifying->catalog, name, &place, reterr);
	if (status != STATUS_OK)
		return status == STATUS_ABSENT ? STATUS_OK : status;
	look_at(verifying, &place);
	status = settle(verifying, compare_turns(verifying, &place, name, reterr), reterr);
	incident_place_free(&place);
	return status;
}

enum status journal_compare(struct catalog *catalog, enum status (*each)(void *, const struct damage *), void *context,
                            struct failure *reterr)
{
	struct failure failure = {{0}, {0}};
	struct catalog_verifying verifying = {.catalog = catalog, .each = each, .context = context};
	enum status status = visit_incidents(&verifying, compare_incident, &failure);
	if (status != STATUS_OK)
		return fail(reterr, status, failure.where, "%s", failure.why);
	if (verifying.found_any)
		return fail(reterr, STATUS_MALFORMED, catalog->directory,
		            "journal and incidents are not of one time; restore a backup of both");
	return STATUS_OK;
}

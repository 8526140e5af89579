/* SPDX-License-Identifier: Apache-2.0 */
/* Pages are opened here one by one; what holds them together SQLite checks itself. */
#include "catalog/sqlite/checking.h"

#include <stdio.h>
#include <stdlib.h>

void checking_tell(const struct checking *checking, const char *what)
{
	checking->each(checking->context, checking->file, 0, what);
}

static void report_page(void *context, struct pages_place place)
{
	const struct checking *checking = context;
	char what[96];
	snprintf(what, sizeof what, "a page of the %s does not open", strcmp(place.file, "wal") == 0 ? "log" : "file");
	checking->each(checking->context, checking->file, place.number, what);
}

enum status checking_pages(const struct checking *checking, const char *path, const struct vault_key *key,
                           const unsigned char identity[PAGES_IDENTITY_SIZE], uint64_t *pages, struct failure *reterr)
{
	struct checking context = *checking;
	struct pages_tally tally = {0};
	enum status status = pages_verify(path, key, identity, report_page, &context, &tally, reterr);
	*pages += tally.main_pages + tally.wal_frames;
	return status == STATUS_MALFORMED ? STATUS_OK : status;
}

/* "ok", or what is wrong. A page that there was no memory for is told of as a page that could not be had, with
 * an error code: that is no damage. */
static enum status take_finding(const struct checking *checking, const char *text)
{
	const char *code = text != NULL ? strstr(text, "error code=") : NULL;
	if (text == NULL || (code != NULL && pages_status(atoi(strchr(code, '=') + 1)) == STATUS_NO_MEMORY))
		return STATUS_NO_MEMORY;
	if (strcmp(text, "ok") != 0)
		checking_tell(checking, text);
	return STATUS_OK;
}

enum status checking_structure(const struct checking *checking, struct database *database)
{
	sqlite3_stmt *rows = database_prepare(database, "PRAGMA integrity_check(20)");
	enum status status;
	while ((status = database_step(database, rows)) == STATUS_OK) {
		status = take_finding(checking, (const char *)sqlite3_column_text(rows, 0));
		if (status != STATUS_OK)
			break;
	}
	database_give(database, rows);
	return status == STATUS_END ? STATUS_OK : status;
}

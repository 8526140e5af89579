/* SPDX-License-Identifier: Apache-2.0 */
/* Pages first, by us; then what lies in them. */
#include "catalog/sqlite/verifying.h"

#include "catalog/names.h"
#include "catalog/path.h"
#include "catalog/sqlite/census.h"
#include "catalog/sqlite/checking.h"
#include "catalog/sqlite/numbers.h"
#include "catalog/sqlite/opening.h"
#include "catalog/sqlite/word-index.h"

#include <stdio.h>
#include <stdlib.h>

struct agreement {
	const char *sql; /* counts what breaks it */
	const char *what;
};

/* clang-format off */
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
		" AND NOT EXISTS (SELECT 1 FROM attribution a WHERE a.content = d.content AND a.role = " SQL_PARTY "))",
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
	{"SELECT count(*) FROM (SELECT 1 FROM document WHERE state = " SQL_LIVE " GROUP BY id HAVING count(*) > 1)",
         "places that are live twice"},
};
/* clang-format on */

static enum status verify_agreements(const struct checking *checking, struct database *database)
{
	char what[160];
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof agreements / sizeof *agreements && status == STATUS_OK; i++) {
		int64_t count = 0;
		status = database_read_integer(database, database_prepare(database, agreements[i].sql), 0, &count);
		if (status == STATUS_OK && count != 0) {
			snprintf(what, sizeof what, "%lld %s", (long long)(count < 0 ? -count : count), agreements[i].what);
			checking_tell(checking, what);
		}
	}
	return status;
}

static enum status verify_census(const struct checking *checking, struct database *database)
{
	bool differs = false;
	enum status status = database_begin_reading(database);
	if (status != STATUS_OK)
		return status;
	status = census_check(database, &differs);
	database_end_reading(database);
	if (status == STATUS_OK && differs)
		checking_tell(checking, "the count of live documents is not what is there");
	return status;
}

static enum status verify_indexes(const struct checking *checking, struct database *database)
{
	enum status status = word_index_verify(database);
	if (status == STATUS_OK)
		status = names_verify(database);
	if (status == STATUS_MALFORMED) {
		checking_tell(checking, "an index of words or names is damaged");
		status = STATUS_OK;
	}
	return status == STATUS_BUSY ? STATUS_OK : status;
}

static enum status verify_tables(const struct checking *checking, const struct store_place *place, bool may_write,
                                 struct failure *reterr)
{
	struct store store;
	enum status status = opening_open(&store, place, may_write ? PAGES_WRITE : PAGES_READ, reterr);
	if (status != STATUS_OK)
		return status;
	struct database *database = &store.database;
	status = checking_structure(checking, database);
	if (status == STATUS_OK)
		status = verify_agreements(checking, database);
	if (status == STATUS_OK)
		status = verify_census(checking, database);
	if (status == STATUS_OK && may_write)
		status = verify_indexes(checking, database);
	database_tell(database, status, reterr);
	opening_close(&store);
	return status;
}

enum status verifying_make(const struct store_place *place, bool may_write, damage_visitor *each, void *context,
                           uint64_t *ret_pages, struct failure *reterr)
{
	const struct checking checking = {each, context, STORE_FILE};
	char *path = path_join(place->folder, STORE_FILE);
	*ret_pages = 0;
	enum status status = path == NULL ? fail(reterr, STATUS_NO_MEMORY, place->folder, "memory is used up")
	                                  : checking_pages(&checking, path, place->key, place->identity, ret_pages, reterr);
	free(path);
	return status == STATUS_OK ? verify_tables(&checking, place, may_write, reterr) : status;
}

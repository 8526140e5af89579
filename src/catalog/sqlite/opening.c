/* SPDX-License-Identifier: Apache-2.0 */
/* Functions and tokenizers belong to a connection: they are made known before its tables are looked at. */
#include "catalog/sqlite/opening.h"

#include "catalog/names.h"
#include "catalog/path.h"
#include "catalog/sqlite/leaves.h"
#include "catalog/sqlite/match.h"
#include "catalog/sqlite/reads.h"
#include "catalog/sqlite/relevance.h"
#include "catalog/sqlite/schema.h"
#include "catalog/sqlite/sector.h"
#include "catalog/sqlite/total.h"
#include "catalog/sqlite/word-index.h"

#include <stdlib.h>

static enum status register_functions(struct database *database, void *fold)
{
	enum status status = word_index_register(database, fold);
	if (status == STATUS_OK)
		status = names_register(database, fold);
	if (status == STATUS_OK)
		status = match_register(database->handle, fold);
	if (status == STATUS_OK)
		status = relevance_register(database);
	if (status == STATUS_OK)
		status = total_register(database->handle);
	if (status == STATUS_OK)
		status = sector_register(database->handle);
	if (status == STATUS_OK)
		status = leaves_register(database->handle);
	if (status == STATUS_OK)
		status = reads_register(database->handle);
	if (status == STATUS_OK)
		status = database_execute(database, "PRAGMA cache_size = -16384");
	return status;
}

enum status opening_open(struct store *store, const struct store_place *place, enum pages_mode mode, struct failure *reterr)
{
	*store = (struct store){.fold = NULL};
	char *file = path_join(place->folder, STORE_FILE);
	enum status status = file == NULL ? STATUS_NO_MEMORY : fold_new(&store->fold);
	if (status != STATUS_OK)
		fail(reterr, status, place->folder, "memory is used up");
	else
		status = schema_open(&store->database, file, place->key, place->identity, mode, &schema_of_incident,
		                     register_functions, store->fold, reterr);
	free(file);
	if (status != STATUS_OK)
		fold_free(store->fold);
	return status;
}

void opening_close(struct store *store)
{
	database_close(&store->database);
	fold_free(store->fold);
}

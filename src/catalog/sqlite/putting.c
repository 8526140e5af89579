/* SPDX-License-Identifier: Apache-2.0 */
/* Entries in their order, in the batch that is open. What comes for an object that has ended is passed over. */
#include "catalog/sqlite/putting.h"

#include "catalog/sqlite/batch.h"
#include "catalog/sqlite/finishing.h"
#include "catalog/sqlite/open-object.h"
#include "catalog/sqlite/storing.h"

static enum status put_document(struct store *store, struct open_object *object, const struct document_record *record)
{
	enum status status = storing_document(store, object, record);
	return status == STATUS_OK ? batch_count(store, 1, record->text.len + record->finding_count * 64) : status;
}

static enum status put_entry(struct store *store, const struct sweep_entry *entry)
{
	struct open_object *object = NULL;
	enum status status = batch_start(store);
	if (status == STATUS_OK)
		status = open_object_find(store, &entry->object, &object);
	if (status != STATUS_OK)
		return status;
	switch (entry->kind) {
	case ENTRY_VERSION: return storing_version(store, object, entry->fetched);
	case ENTRY_RESTART: return storing_restart(store, object);
	case ENTRY_DOCUMENT: return put_document(store, object, entry->document);
	case ENTRY_END: return finishing_end(store, object, entry->end);
	}
	return STATUS_BROKEN;
}

enum status putting_put(struct store *store, const struct sweep_entry *entries, size_t count, struct failure *reterr)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; i < count && (status == STATUS_OK || status == STATUS_END); i++)
		status = put_entry(store, &entries[i]);
	if (status == STATUS_ABSENT)
		return fail(reterr, STATUS_BROKEN, store->database.path,
		            "something was to be put for an object that was never listed");
	return batch_tell(store, status, reterr);
}

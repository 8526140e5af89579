/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch ends by rows, by bytes or by the time the first of it has waited, whichever is first.
 */
#include "catalog/sqlite/batch.h"

#include "base/clock.h"
#include "catalog/sqlite/writer.h"

#define BATCH_ROWS 5000
#define BATCH_BYTES (32u << 20)
#define BATCH_MILLISECONDS 2000

enum status batch_start(struct store *store)
{
	struct writer *writer = store->writer;
	if (!store->database.in_transaction)
		writer->batch_started = clock_monotonic();
	return database_begin(&store->database);
}

enum status batch_commit(struct store *store)
{
	struct pages_place place;
	enum status status = database_commit(&store->database);
	store->writer->batch_rows = 0;
	store->writer->batch_bytes = 0;
	if (status == STATUS_OK && pages_find_damage(store->database.handle, &place))
		status = STATUS_MALFORMED;
	return status;
}

static bool has_waited(const struct store *store)
{
	return store->database.in_transaction && clock_monotonic() - store->writer->batch_started >= BATCH_MILLISECONDS;
}

enum status batch_count(struct store *store, size_t rows, size_t bytes)
{
	struct writer *writer = store->writer;
	writer->batch_rows += rows;
	writer->batch_bytes += bytes;
	if (writer->batch_rows < BATCH_ROWS && writer->batch_bytes < BATCH_BYTES && !has_waited(store))
		return STATUS_OK;
	return batch_commit(store);
}

enum status batch_tell(struct store *store, enum status status, struct failure *reterr)
{
	return database_tell(&store->database, database_note_failure(&store->database, status), reterr);
}

enum status batch_checkpoint(struct store *store, bool only_if_due, struct failure *reterr)
{
	if (only_if_due && !has_waited(store))
		return STATUS_OK;
	return batch_tell(store, batch_commit(store), reterr);
}

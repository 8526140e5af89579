/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch ends by rows, by bytes or by the time the first of it has waited, whichever is first.
 */
#include "catalog/sqlite/batch.h"

#include "base/clock.h"
#include "catalog/sqlite/writer.h"
#include "catalog/sweeps.h"

#define BATCH_ROWS 5000
#define BATCH_BYTES (32u << 20)
#define BATCH_MILLISECONDS 2000

enum status batch_start(struct incident *incident)
{
	struct writer *writer = incident->writer;
	if (!incident->database.in_transaction)
		writer->batch_started = clock_monotonic();
	return database_begin(&incident->database);
}

enum status batch_commit(struct incident *incident)
{
	struct pages_place place;
	enum status status = database_commit(&incident->database);
	incident->writer->batch_rows = 0;
	incident->writer->batch_bytes = 0;
	if (status == STATUS_OK && pages_find_damage(incident->database.handle, &place))
		status = STATUS_MALFORMED;
	return status;
}

static bool has_waited(const struct incident *incident)
{
	return incident->database.in_transaction &&
	       clock_monotonic() - incident->writer->batch_started >= BATCH_MILLISECONDS;
}

enum status batch_count(struct incident *incident, size_t rows, size_t bytes)
{
	struct writer *writer = incident->writer;
	writer->batch_rows += rows;
	writer->batch_bytes += bytes;
	if (writer->batch_rows < BATCH_ROWS && writer->batch_bytes < BATCH_BYTES && !has_waited(incident))
		return STATUS_OK;
	return batch_commit(incident);
}

enum status batch_tell(struct incident *incident, enum status status, struct failure *reterr)
{
	return database_tell(&incident->database, database_note_failure(&incident->database, status), reterr);
}

enum status sweep_checkpoint(struct incident *incident, struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	return status != STATUS_OK ? status
	                           : batch_tell(incident, batch_commit(incident), reterr);
}

enum status sweep_checkpoint_if_due(struct incident *incident, struct failure *reterr)
{
	enum status status = writer_check(incident, reterr);
	return status != STATUS_OK || !has_waited(incident) ? status : sweep_checkpoint(incident, reterr);
}

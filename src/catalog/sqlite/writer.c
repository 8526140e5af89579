/* SPDX-License-Identifier: Apache-2.0 */
/* A writer is made with the handle and begins no sweep by itself. */
#include "catalog/sqlite/writer.h"

#include "catalog/sqlite/chunks.h"

#include <stdlib.h>
#include <zstd.h>

void open_object_free(struct open_object *object)
{
	buffer_free(&object->account);
	buffer_free(&object->container_name);
	buffer_free(&object->name);
	buffer_free(&object->version);
	buffer_free(&object->note);
}

#define SCRATCH_MAX (1u << 20)

enum status writer_new(struct incident *incident, struct failure *reterr)
{
	struct writer *writer = calloc(1, sizeof *writer);
	ZSTD_CCtx *compressor = ZSTD_createCCtx();
	if (writer == NULL || compressor == NULL) {
		free(writer);
		ZSTD_freeCCtx(compressor);
		return fail(reterr, STATUS_NO_MEMORY, incident->place.folder, "memory is used up");
	}
	writer->compressor = compressor;
	writer->scratch = arena_with_ceiling(SCRATCH_MAX);
	writer->compressed = buffer_with_ceiling(ZSTD_COMPRESSBOUND(CHUNK_SIZE));
	for (size_t i = 0; i < LABELS_CACHED; i++)
		writer->labels[i].text = buffer_with_ceiling(1024);
	incident->writer = writer;
	enum status status = database_execute(&incident->database,
		"PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000");
	return database_tell(&incident->database, status, reterr);
}

void writer_free(struct incident *incident)
{
	struct writer *writer = incident->writer;
	if (writer == NULL)
		return;
	if (incident->database.failed == STATUS_OK)
		(void)!database_commit(&incident->database);
	database_roll_back(&incident->database);
	for (size_t i = 0; i < writer->open_count; i++)
		open_object_free(&writer->open[i]);
	for (size_t i = 0; i < LABELS_CACHED; i++)
		buffer_free(&writer->labels[i].text);
	ZSTD_freeCCtx(writer->compressor);
	buffer_free(&writer->compressed);
	arena_free(&writer->scratch);
	free(writer->open);
	free(writer->targets);
	free(writer);
	incident->writer = NULL;
}

enum status writer_check(const struct incident *incident, struct failure *reterr)
{
	if (incident->writer != NULL && incident->writer->sweep > 0)
		return STATUS_OK;
	return fail(reterr, STATUS_BROKEN, incident->place.folder, "no sweep was begun");
}

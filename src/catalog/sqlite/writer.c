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

enum status writer_new(struct store *store, struct failure *reterr)
{
	struct writer *writer = calloc(1, sizeof *writer);
	ZSTD_CCtx *compressor = ZSTD_createCCtx();
	if (writer == NULL || compressor == NULL) {
		free(writer);
		ZSTD_freeCCtx(compressor);
		return fail(reterr, STATUS_NO_MEMORY, store->database.path, "memory is used up");
	}
	writer->compressor = compressor;
	writer->scratch = arena_with_ceiling(SCRATCH_MAX);
	writer->compressed = buffer_with_ceiling(ZSTD_COMPRESSBOUND(CHUNK_SIZE));
	writer->successions = buffer_with_ceiling(SIZE_MAX / 2);
	for (size_t i = 0; i < LABELS_CACHED; i++)
		writer->labels[i].text = buffer_with_ceiling(1024);
	store->writer = writer;
	enum status status = database_execute(&store->database, "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000");
	return database_tell(&store->database, status, reterr);
}

void writer_free(struct store *store)
{
	struct writer *writer = store->writer;
	if (writer == NULL)
		return;
	if (store->database.failed == STATUS_OK)
		(void)!database_commit(&store->database);
	database_roll_back(&store->database);
	for (size_t i = 0; i < writer->open_count; i++)
		open_object_free(&writer->open[i]);
	for (size_t i = 0; i < LABELS_CACHED; i++)
		buffer_free(&writer->labels[i].text);
	ZSTD_freeCCtx(writer->compressor);
	buffer_free(&writer->compressed);
	buffer_free(&writer->successions);
	arena_free(&writer->scratch);
	free(writer->open);
	free(writer->targets);
	free(writer);
	store->writer = NULL;
}

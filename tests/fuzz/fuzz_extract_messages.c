/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tidemark believes of tidemark-extract, and back. The input is frames of
 * a type, a little-endian length of two bytes, and so many bytes of fields; a
 * document that is accepted must survive being sent and gathered once more.
 */
#include "base/text.h"
#include "wire/extract-messages.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 64 << 20, SMALL_MAX = 60000 };

static void assert_text(struct bytes text)
{
	assert(text_is_valid(text) && bytes_find_byte(text, 0) == BYTES_NOT_FOUND);
}

static void assert_believable(const struct document_record *record)
{
	assert_text(record->text);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (field_is_bytes(&field_table[i]))
			assert_text(field_get_bytes(&field_table[i], &record->fields));
		else if (field_table[i].kind == FIELD_SIZE)
			assert(field_get_size(&field_table[i], &record->fields) <= field_table[i].maximum);
	}
	assert(record->outcome > OUTCOME_PENDING && record->outcome < OUTCOME_COUNT);
	for (size_t i = 0; i < record->finding_count; i++) {
		const struct finding *finding = &record->findings[i];
		assert(finding->kind > 0 && finding->kind < FINDING_KIND_COUNT && finding->value.len > 0);
		assert(finding->from < finding->to && finding->confidence >= 0 && finding->confidence <= 1);
		assert(text_is_valid(finding->value) && text_is_valid(finding->raw) && text_is_valid(finding->rule));
	}
	for (size_t i = 0; i < record->organisation_count; i++)
		assert(record->organisations[i].domain.len > 0 && record->organisations[i].confidence <= 1);
	for (size_t i = 0; i < record->fact_count; i++) {
		const struct fact *fact = &record->facts[i];
		assert(fact->kind > 0 && fact->kind < FACT_KIND_COUNT && fact->name.len > 0 && fact->confidence <= 1);
		assert(fact->from < fact->to || fact->to == 0);
		assert_text(fact->value);
	}
}

/* Gathers frames until one is refused. */
static void gather_frames(struct bytes input)
{
	struct arena arena = arena_with_ceiling(ARENA_MAX);
	struct extract_gathering gathering = {.arena = &arena};
	unsigned char state = EXTRACT_READS;
	enum status status = STATUS_OK;
	while (input.len >= 3 && status == STATUS_OK) {
		const struct document_record *record;
		size_t length = load_le16(input.at + 1);
		struct wire_reader reader = {.type = input.at[0], .rest = bytes_slice(input, 3, length), .descriptor = -1};
		if (reader.type == EXTRACT_DOCUMENT)
			arena_reset(&arena);
		status = permit_message(&extract_permits, &state, &reader);
		record = NULL;
		if (status == STATUS_OK && reader.type != EXTRACT_BEGIN && reader.type != EXTRACT_PROGRESS &&
		    reader.type != EXTRACT_WANT)
			status = extract_gather(&gathering, &reader, &record);
		if (status == STATUS_OK && record != NULL)
			assert_believable(record);
		assert(status == STATUS_OK || record == NULL);
		input = bytes_from(input, 3 + length);
	}
	extract_gathering_free(&gathering);
	arena_free(&arena);
}

static struct wire_reader reader_over(const struct wire_writer *writer)
{
	return (struct wire_reader){
		.type = writer->frame[1], .rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
}

/* A job that is accepted reads the same after being written again. */
static void check_job(struct bytes fields, struct wire_writer *writer)
{
	struct wire_reader reader = {.type = EXTRACT_JOB, .rest = fields, .descriptor = -1};
	struct extract_job job, again;
	unsigned char state = EXTRACT_IDLES;
	if (permit_message(&extract_permits, &state, &reader) != STATUS_OK)
		return;
	if (extract_get_job(&reader, &job) != STATUS_OK)
		return;
	assert(job.skip_count <= EXTRACT_SKIP_MAX);
	extract_put_job(writer, &job);
	assert(!writer->overflowed);
	reader = reader_over(writer);
	assert(extract_get_job(&reader, &again) == STATUS_OK);
	assert(again.size == job.size && again.skip_count == job.skip_count && bytes_equal(again.name, job.name));
	for (size_t i = 0; i < job.skip_count; i++)
		assert(bytes_equal(again.skips[i].inner_path, job.skips[i].inner_path));
}

static void check_others(struct bytes fields)
{
	struct wire_reader reader = {.rest = fields, .descriptor = -1};
	struct wire_reader second = reader, third = reader;
	uint64_t offset;
	uint32_t length = 0;
	enum status window_status;
	struct bytes path = BYTES_NONE;
	if (extract_get_window(&reader, &offset, &length, &window_status) == STATUS_OK)
		assert(length <= EXTRACT_WINDOW_SIZE && window_status < STATUS_COUNT);
	if (extract_get_begin(&second, &path) == STATUS_OK)
		assert(path.len <= EXTRACT_PATH_MAX);
	if (extract_get_want(&third, &offset) == STATUS_OK)
		assert(fields.len == 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct wire_writer *writer = malloc(sizeof *writer);
	if (writer == NULL)
		return 0;
	gather_frames(input);
	if (size >= 3 && size <= SMALL_MAX) {
		check_job(bytes_from(input, 3), writer);
		check_others(bytes_from(input, 3));
	}
	free(writer);
	return 0;
}

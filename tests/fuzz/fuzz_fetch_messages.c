/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames between tidemark and tidemark-fetch: the first byte names the
 * message, the rest are its fields. What is accepted must read the same after
 * being written again.
 */
#include "base/text.h"
#include "wire/fetch-messages.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OBJECTS_MAX = 4096 };

static struct wire_reader reader_over(const struct wire_writer *writer)
{
	return (struct wire_reader){
		.type = writer->frame[1], .rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
}

static void assert_same_object(const struct object *a, const struct object *b)
{
	assert(bytes_equal(a->name, b->name) && bytes_equal(a->version, b->version) && bytes_equal(a->etag, b->etag));
	assert(a->size == b->size && a->modified == b->modified && a->created == b->created && bytes_equal(a->md5, b->md5));
	assert(bytes_equal(a->current_version, b->current_version) && a->kept_days == b->kept_days);
	assert(a->is_snapshot == b->is_snapshot && a->is_special == b->is_special && a->is_deleted == b->is_deleted);
}

static void check_objects(struct wire_reader *reader, struct wire_writer *writer)
{
	struct object object, again;
	size_t count = 0;
	while (count++ < OBJECTS_MAX && fetch_get_object(reader, &object) == STATUS_OK) {
		assert(object.name.len > 0 && object.name.len <= FETCH_NAME_MAX && object.md5.len <= 16);
		assert(fetch_put_objects(writer, &object, 1) == 1 && !writer->overflowed);
		struct wire_reader second = reader_over(writer);
		assert(fetch_get_object(&second, &again) == STATUS_OK && fetch_get_object(&second, &again) == STATUS_END);
		second = reader_over(writer);
		assert(fetch_get_object(&second, &again) == STATUS_OK);
		assert_same_object(&object, &again);
	}
}

static void check_get(struct wire_reader *reader, struct wire_writer *writer)
{
	struct fetch_get get, again;
	if (fetch_get_get(reader, &get) != STATUS_OK)
		return;
	fetch_put_get(writer, &get);
	struct wire_reader second = reader_over(writer);
	assert(fetch_get_get(&second, &again) == STATUS_OK && again.length == get.length);
	assert_same_object(&get.object, &again.object);
}

static void check_got(struct wire_reader *reader, struct wire_writer *writer)
{
	struct fetch_got got, again;
	if (fetch_get_got(reader, &got) != STATUS_OK)
		return;
	assert(text_is_valid(got.note) && got.fetched <= got.size && got.size <= OBJECT_SIZE_MAX);
	fetch_put_got(writer, &got);
	struct wire_reader second = reader_over(writer);
	assert(fetch_get_got(&second, &again) == STATUS_OK);
	assert(again.size == got.size && again.fetched == got.fetched && again.has_sha256 == got.has_sha256);
	assert(!got.has_sha256 || memcmp(got.sha256, again.sha256, 32) == 0);
}

static void check_verdict(struct wire_reader *reader, struct wire_writer *writer)
{
	struct arena arena = arena_with_ceiling(16 << 20);
	struct verdict verdict, again;
	if (fetch_get_verdict(reader, &arena, &verdict) == STATUS_OK) {
		assert(verdict_is_sound(&verdict) && verdict.kind < VERDICT_KIND_COUNT &&
		       verdict.evidence_count <= VERDICT_EVIDENCE_MAX);
		assert(text_is_valid(verdict.advice) && text_is_valid(verdict.tenant));
		fetch_put_verdict(writer, &verdict);
		struct wire_reader second = reader_over(writer);
		assert(!writer->overflowed && fetch_get_verdict(&second, &arena, &again) == STATUS_OK);
		assert(again.kind == verdict.kind && again.evidence_count == verdict.evidence_count);
	}
	arena_free(&arena);
}

static void check_small(struct wire_reader *reader)
{
	struct fetch_setup setup;
	struct fetch_list list;
	struct fetch_failed failed;
	struct fetch_probe probe;
	struct bytes bytes;
	uint64_t offset;
	uint32_t length;
	bool is_last;
	switch (reader->type) {
	case FETCH_SETUP:
		if (fetch_get_setup(reader, &setup) == STATUS_OK) {
			assert(text_is_valid(setup.operator_name) && setup.rate >= 0 && setup.secrets.count <= SECRETS_MAX);
			for (size_t i = 0; i < setup.secrets.count; i++)
				assert(setup.secrets.at[i].name.len > 0 && setup.secrets.at[i].value.len <= SECRET_VALUE_MAX);
		}
		break;
	case FETCH_SCOPE:
		if (fetch_get_scope(reader, &bytes) == STATUS_OK)
			assert(bytes.len <= WIRE_CHUNK);
		break;
	case FETCH_TARGET:
		if (fetch_get_target(reader, &bytes) == STATUS_OK)
			assert(bytes.len <= FETCH_NAME_MAX);
		break;
	case FETCH_LIST:
		if (fetch_get_list(reader, &list) == STATUS_OK)
			assert(list.cursor.len <= WIRE_CHUNK);
		break;
	case FETCH_PROBE:
		if (fetch_get_probe(reader, &probe) == STATUS_OK) {
			assert(probe.count <= FETCH_PROBE_NAMES_MAX);
			for (size_t i = 0; i < probe.count; i++)
				assert(probe.names[i].len > 0 && probe.names[i].len <= FETCH_NAME_MAX);
		}
		break;
	case FETCH_PAGE_END:
		if (fetch_get_page_end(reader, &bytes, &is_last) == STATUS_OK)
			assert(bytes.len <= WIRE_CHUNK);
		break;
	case FETCH_RANGE:
		if (fetch_get_range(reader, &offset) == STATUS_OK)
			assert(reader->rest.len == 0);
		break;
	case FETCH_WINDOW:
		if (fetch_get_window(reader, &offset, &length) == STATUS_OK)
			assert(length <= FETCH_WINDOW_SIZE);
		break;
	case FETCH_FAILED:
		if (fetch_get_failed(reader, &failed) == STATUS_OK)
			assert(failed.status > STATUS_END && failed.status < STATUS_COUNT && text_is_valid(failed.why));
		break;
	case FETCH_PROGRESS:
		if (fetch_get_progress(reader, &offset) == STATUS_OK)
			assert(reader->rest.len == 0);
		break;
	default: break;
	}
}

/* What no state permits nobody decodes. */
static bool is_ever_permitted(const struct wire_reader *given)
{
	bool is_permitted = false;
	for (unsigned state = 0; state < FETCH_STATE_COUNT; state++)
		for (int with = 0; with <= 1; with++) {
			unsigned char at = (unsigned char)state;
			struct wire_reader reader = *given;
			reader.descriptor = with ? dup(STDERR_FILENO) : -1;
			is_permitted |= permit_message(&fetch_permits, &at, &reader) == STATUS_OK;
			wire_drop(&reader);
		}
	return is_permitted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_writer *writer = malloc(sizeof *writer);
	if (writer == NULL || size == 0 || size > WIRE_FRAME_MAX) {
		free(writer);
		return 0;
	}
	struct wire_reader reader = {.type = data[0], .rest = bytes_of(data + 1, size - 1), .descriptor = -1};
	if (!is_ever_permitted(&reader)) {
		free(writer);
		return 0;
	}
	switch (reader.type) {
	case FETCH_OBJECTS: check_objects(&reader, writer); break;
	case FETCH_GET: check_get(&reader, writer); break;
	case FETCH_GOT: check_got(&reader, writer); break;
	case FETCH_VERDICT: check_verdict(&reader, writer); break;
	default: check_small(&reader); break;
	}
	free(writer);
	return 0;
}

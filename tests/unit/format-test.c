/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of formats share: see its header. */
#include "format-test.h"

#include <stdio.h>

#define SAMPLE_MAX (1u << 20)

struct buffer load_golden(const char *path)
{
	char whole[512];
	const char *root = getenv("TIDEMARK_SOURCE_ROOT");
	struct buffer sample = buffer_with_ceiling(SAMPLE_MAX);
	snprintf(whole, sizeof whole, "%s/tests/golden/%s", root != NULL ? root : ".", path);
	FILE *file = fopen(whole, "rb");
	if (file == NULL)
		fail_msg("no sample %s: set TIDEMARK_SOURCE_ROOT", whole);
	unsigned char *room = buffer_extend(&sample, SAMPLE_MAX - 1);
	buffer_truncate(&sample, fread(room, 1, SAMPLE_MAX - 1, file));
	fclose(file);
	return sample;
}

int bid_for(const struct format *format, struct bytes bytes, const char *name)
{
	struct source source = source_of_bytes(bytes);
	source.name = bytes_of_string(name);
	return format->bid(bytes_slice(bytes, 0, FORMAT_HEAD_SIZE), &source);
}

enum status read_as(struct emitter *emitter, const struct format *format, struct bytes bytes, bool is_mapped)
{
	recording_emitter_start(emitter);
	return recording_emitter_read(emitter, format, bytes, is_mapped);
}

void assert_contains(const char *text, const char *part)
{
	assert_in_order(text, &part, 1);
}

void assert_once(const char *text, const char *part)
{
	assert_contains(text, part);
	if (strstr(strstr(text, part) + 1, part) != NULL)
		fail_msg("\"%s\" twice in \"%s\"", part, text);
}

void assert_in_order(const char *text, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *found = strstr(text, parts[i]);
		if (found == NULL)
			fail_msg("no \"%s\" in \"%s\"", parts[i], text);
		text = found + strlen(parts[i]);
	}
}

void assert_child(const struct emitter *emitter, const char *name, struct bytes bytes, enum status how)
{
	const struct recorded_child *child = recording_emitter_child(emitter, name);
	if (child == NULL)
		fail_msg("no part %s", name);
	assert_int_equal(child->bytes.len, bytes.len);
	assert_memory_equal(buffer_string(&child->bytes), bytes.at, bytes.len);
	assert_int_equal(child->how, how);
}

void assert_child_text(const struct emitter *emitter, const char *name, const char *text, enum status how)
{
	assert_child(emitter, name, bytes_of_string(text), how);
}

void assert_obeys(const struct format *format, struct bytes bytes)
{
	bool was_refused = true;
	for (size_t allowed = 0; was_refused; allowed++) {
		struct emitter emitter;
		recording_emitter_start(&emitter);
		emitter.calls_allowed = allowed;
		emitter.refusal = STATUS_INTERRUPTED;
		enum status status = recording_emitter_read(&emitter, format, bytes, true);
		was_refused = emitter.is_stopped;
		assert_int_equal(emitter.calls_after_stop, 0);
		if (was_refused)
			assert_int_equal(status, STATUS_INTERRUPTED);
		recording_emitter_free(&emitter);
	}
}

static void assert_no_fault(const struct format *format, struct bytes bytes, bool is_mapped)
{
	struct emitter emitter;
	assert_false(status_is_ours(read_as(&emitter, format, bytes, is_mapped)));
	recording_emitter_free(&emitter);
}

void assert_survives(const struct format *format, struct buffer *sample, size_t step)
{
	for (size_t at = 0; at < sample->len; at += step) {
		sample->at[at] ^= 0x24;
		assert_no_fault(format, buffer_bytes(sample), at % 2 == 0);
		sample->at[at] ^= 0x24;
		assert_no_fault(format, bytes_slice(buffer_bytes(sample), 0, at), true);
	}
}

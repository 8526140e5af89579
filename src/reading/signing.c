/* SPDX-License-Identifier: Apache-2.0 */
/* The ranges of a signed part as one run of bytes, read as often as there are digests to make. */
#include "reading/signing.h"

#include "understanding/signature.h"

struct run {
	const struct signed_part *part;
	struct emitter *emitter;
	size_t range;
	uint64_t at; /* within that */
	unsigned char last;
	enum status failed;
};

static void rewind_run(void *context)
{
	struct run *run = context;
	run->range = 0;
	run->at = 0;
	run->last = 0;
}

/* The views of a source are its format's: who reads it besides takes copies. */
static enum status read_source(struct source *source, uint64_t from, unsigned char *into, size_t length, size_t *ret_got)
{
	if (source->mapped == NULL)
		return source->read_at(source, from, into, length, ret_got);
	memcpy(into, source->mapped + from, length);
	*ret_got = length;
	return STATUS_OK;
}

/* Every line ended by CR LF. The bytes lie in the upper half of what they are written to: none is overtaken. */
static size_t end_lines(struct run *run, struct bytes from, unsigned char *into)
{
	size_t length = 0;
	for (size_t i = 0; i < from.len; i++) {
		unsigned char byte = from.at[i];
		if (byte == '\n' && run->last != '\r')
			into[length++] = '\r';
		into[length++] = run->last = byte;
	}
	return length;
}

static enum status read_run(void *context, unsigned char *into, size_t size, size_t *ret_got)
{
	struct run *run = context;
	const struct signed_part *part = run->part;
	while (run->range < part->range_count) {
		uint64_t from = part->ranges[run->range].from + run->at, to = part->ranges[run->range].to;
		if (from >= to) {
			run->range++;
			run->at = 0;
			continue;
		}
		size_t room = part->has_lines ? size / 2 : size, got = 0;
		unsigned char *raw = into + (size - room);
		enum status status = emit_progress(run->emitter);
		if (status == STATUS_OK)
			status = run->failed = read_source(part->source, from, raw, to - from < room ? (size_t)(to - from) : room,
			                                   &got);
		if (status == STATUS_OK && got == 0)
			status = run->failed = STATUS_TRUNCATED;
		if (status != STATUS_OK)
			return status;
		run->at += got;
		*ret_got = part->has_lines ? end_lines(run, bytes_of(raw, got), into) : got;
		return STATUS_OK;
	}
	*ret_got = 0;
	return STATUS_OK;
}

/* In order and within the source: no byte is read twice for one digest. */
static bool is_readable(const struct signed_part *part)
{
	uint64_t end = 0;
	if (part->source == NULL || part->range_count == 0 || part->range_count > SIGNED_RANGES_MAX)
		return false;
	for (size_t i = 0; i < part->range_count; i++) {
		if (part->ranges[i].from < end || part->ranges[i].to < part->ranges[i].from ||
		    part->ranges[i].to > part->source->size)
			return false;
		end = part->ranges[i].to;
	}
	return true;
}

static void look_beyond(const struct signed_part *part, struct signature *signatures, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (part->is_altered)
			signatures[i].intact = SIGNATURE_FALSE;
		else if (part->is_unchecked && signatures[i].intact == SIGNATURE_TRUE)
			signatures[i].intact = SIGNATURE_UNKNOWN;
	}
}

enum status signing_check(const struct signed_part *part, struct emitter *emitter, struct arena *arena,
                          struct signature **ret_signatures, size_t *ret_count)
{
	struct run run = {.part = part, .emitter = emitter, .failed = STATUS_OK};
	struct signature_input input = {
		.kind = part->kind,
		.message = part->message,
		.certificate = part->certificate,
		.context = &run,
		.is_sha1_enclosed = part->is_sha1_enclosed,
		.claimed = part->claimed,
		.covers = arena_copy(arena, bytes_of_string(part->covers)),
	};
	if (is_readable(part)) {
		input.rewind = rewind_run;
		input.read = read_run;
	}
	enum status status = signature_check(&input, arena, ret_signatures, ret_count);
	if (status != STATUS_OK && run.failed != STATUS_OK && !status_is_ours(run.failed)) {
		/* What cannot be read of the source costs the answer, not the signature. */
		input.read = NULL;
		status = signature_check(&input, arena, ret_signatures, ret_count);
	}
	if (status == STATUS_OK)
		look_beyond(part, *ret_signatures, *ret_count);
	return status;
}

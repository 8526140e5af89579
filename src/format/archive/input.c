/* SPDX-License-Identifier: Apache-2.0 */
/* libarchive's callbacks over a source, and its errors in our words. */
#define _GNU_SOURCE

#include "format/archive/input.h"

#include "format/carve.h"

#include <errno.h>
#include <string.h>

enum { BLOCK_SIZE = 256 << 10, RETRIES_MAX = 8, HOLES_MAX = 16 << 20 };

static la_ssize_t read_block(struct archive *archive, void *context, const void **ret_block)
{
	struct archive_input *input = context;
	struct bytes view;
	enum status status = source_view(input->source, input->at, BLOCK_SIZE, &view);
	if (status == STATUS_OK && view.len > input->allowance)
		status = STATUS_BOMB;
	if (status != STATUS_OK) {
		input->failed = status;
		archive_set_error(archive, EIO, "the source could not be read");
		return ARCHIVE_FATAL;
	}
	input->allowance -= view.len;
	input->at += view.len;
	input->met_end |= view.len == 0;
	*ret_block = view.at;
	return (la_ssize_t)view.len;
}

static la_int64_t skip_bytes(struct archive *archive, void *context, la_int64_t request)
{
	struct archive_input *input = context;
	(void)archive;
	uint64_t left = input->source->size > input->at ? input->source->size - input->at : 0;
	uint64_t skipped = request > 0 && (uint64_t)request < left ? (uint64_t)request : left;
	if (request <= 0)
		return 0;
	input->at += skipped;
	return (la_int64_t)skipped;
}

static la_int64_t seek_to(struct archive *archive, void *context, la_int64_t offset, int whence)
{
	struct archive_input *input = context;
	int64_t size = (int64_t)input->source->size, at;
	int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (int64_t)input->at : size;
	if (__builtin_add_overflow(base, offset, &at) || at < 0) {
		archive_set_error(archive, EINVAL, "seek outside of the source");
		return ARCHIVE_FATAL;
	}
	input->met_end |= at > size;
	input->at = at > size ? (uint64_t)size : (uint64_t)at;
	return (la_int64_t)input->at;
}

int archive_input_open(struct archive *archive, struct archive_input *input, bool is_seekable)
{
	archive_read_set_read_callback(archive, read_block);
	archive_read_set_skip_callback(archive, skip_bytes);
	if (is_seekable)
		archive_read_set_seek_callback(archive, seek_to);
	archive_read_set_callback_data(archive, input);
	return archive_read_open1(archive);
}

enum status archive_input_status(struct archive *archive, const struct archive_input *input)
{
	/* libarchive's error numbers say little; its sentences say which it was. */
	static const struct {
		const char *word;
		enum status status;
	} words[] = {
		{"allocate", STATUS_NO_MEMORY},        {"encrypt", STATUS_ENCRYPTED},
		{"passphrase", STATUS_ENCRYPTED},      {"truncated", STATUS_TRUNCATED},
		{"premature", STATUS_TRUNCATED},       {"unsupported", STATUS_UNSUPPORTED},
		{"not supported", STATUS_UNSUPPORTED}, {"not implemented", STATUS_UNSUPPORTED},
		{"codec", STATUS_UNSUPPORTED},
	};
	const char *error = archive_error_string(archive);
	if (input->failed != STATUS_OK)
		return input->failed;
	if (archive_errno(archive) == ENOMEM)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; error != NULL && i < sizeof words / sizeof *words; i++)
		if (strcasestr(error, words[i].word) != NULL)
			return words[i].status;
	return input->met_end ? STATUS_TRUNCATED : STATUS_MALFORMED;
}

static enum status skip_zeros(struct source *source, uint64_t *offset, struct emitter *emitter)
{
	enum status status = STATUS_OK;
	while (status == STATUS_OK && *offset < source->size) {
		struct bytes view;
		status = source_view(source, *offset, BLOCK_SIZE, &view);
		size_t zeros = 0;
		while (status == STATUS_OK && zeros < view.len && view.at[zeros] == 0)
			zeros++;
		*offset += zeros;
		if (status == STATUS_OK && zeros < view.len)
			return STATUS_OK;
		if (status == STATUS_OK)
			status = emit_progress(emitter);
	}
	return status;
}

enum status archive_emit_rest(struct source *source, uint64_t from, struct emitter *emitter)
{
	size_t room = CARVE_TEXT_MAX;
	enum status status = skip_zeros(source, &from, emitter);
	if (status != STATUS_OK || from >= source->size)
		return status;
	emit_note(emitter, "%llu bytes behind its end: strings only", (unsigned long long)(source->size - from));
	emit_unseen(emitter, source->size - from);
	status = emit_line_end(emitter);
	return status == STATUS_OK ? carve_emit(source, from, source->size - from, emitter, &room) : status;
}

/* A hole: archives may leave zeros out, by the terabyte. There is nothing to read in them, so they are only
 * filled while *budget lasts. */
static enum status emit_hole(struct emitter *emitter, uint64_t count, uint64_t *budget)
{
	static const unsigned char zeros[64 << 10];
	enum status status = STATUS_OK;
	if (count > *budget) {
		emit_note(emitter, "holes in sparse members were shortened to %d bytes", HOLES_MAX);
		count = *budget;
	}
	*budget -= count;
	while (count > 0 && status == STATUS_OK) {
		size_t length = count < sizeof zeros ? (size_t)count : sizeof zeros;
		status = emit_child_bytes(emitter, bytes_of(zeros, length));
		count -= length;
	}
	return status;
}

/* The next block; ARCHIVE_EOF at the end. Asked again a few times where libarchive says that may help. */
static int take_block(struct archive *archive, struct bytes *ret_block, la_int64_t *ret_offset)
{
	const void *block = NULL;
	size_t length = 0;
	int code = ARCHIVE_RETRY;
	errno = 0;
	for (int tries = 0; code == ARCHIVE_RETRY && tries < RETRIES_MAX; tries++)
		code = archive_read_data_block(archive, &block, &length, ret_offset);
	*ret_block = bytes_of(block, block != NULL ? length : 0);
	return code;
}

enum status archive_input_emit_data(struct archive *archive, struct archive_input *input, struct emitter *emitter,
                                    uint64_t expected_size, enum status *ret_how)
{
	uint64_t done = 0, hole_budget = HOLES_MAX;
	bool has_holes = false, is_damaged = false;
	input->passed = 0;
	for (;;) {
		struct bytes block;
		la_int64_t offset = (la_int64_t)done;
		int code = take_block(archive, &block, &offset);
		enum status status = STATUS_OK;
		if (code == ARCHIVE_EOF)
			break;
		if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
			*ret_how = archive_input_status(archive, input);
			return code == ARCHIVE_FATAL ? STATUS_END : STATUS_OK;
		}
		is_damaged |= code == ARCHIVE_WARN;
		if (offset > 0 && (uint64_t)offset > done) {
			has_holes = true;
			status = emit_hole(emitter, (uint64_t)offset - done, &hole_budget);
			done = (uint64_t)offset;
		}
		if (status == STATUS_OK && block.len > 0)
			status = emit_child_bytes(emitter, block);
		else if (status == STATUS_OK)
			status = emit_progress(emitter);
		if (status != STATUS_OK)
			return status;
		done += block.len;
		input->passed = done;
	}
	*ret_how = is_damaged ? STATUS_MALFORMED : STATUS_OK;
	if (has_holes && expected_size > done)
		return emit_hole(emitter, expected_size - done, &hole_budget);
	return STATUS_OK;
}

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

/* ---- faults ---- */

/* libarchive's error numbers say little; its sentences say which it was. */
struct fault {
	const char *word;   /* that stands in its sentence, in any case; of several rows the first counts */
	enum status status; /* OK: TRUNCATED where it wanted more than there is, else MALFORMED */
	const char *note;
	bool keeps_detail; /* what its sentence gives in brackets or behind a colon is told, too */
};

static const char note_ends[] = "ends before what is in it does", note_damaged[] = "what is packed in it is damaged",
		  note_wrong[] = "is damaged: what it says of its members cannot be";

/* clang-format off */
static const struct fault faults[] = {
	{"allocate",           STATUS_NO_MEMORY,   "needs more memory than reading it may take",                   false},
	{"encrypt",            STATUS_ENCRYPTED,   "needs a password",                                             false},
	{"passphrase",         STATUS_ENCRYPTED,   "needs a password",                                             false},
	{"truncated",          STATUS_TRUNCATED,   note_ends,                                                      true},
	{"premature",          STATUS_TRUNCATED,   note_ends,                                                      false},
	{"multivolume",        STATUS_UNSUPPORTED, "one volume of several, which are read together alone",         false},
	{"unsupported",        STATUS_UNSUPPORTED, "holds what is packed in a way that is not read",               true},
	{"not supported",      STATUS_UNSUPPORTED, "holds what is packed in a way that is not read",               true},
	{"not implemented",    STATUS_UNSUPPORTED, "holds what is packed in a way that is not read",               true},
	{"codec",              STATUS_UNSUPPORTED, "holds what is packed in a way that is not read",               true},
	{"bad crc",            STATUS_OK,          "what is packed in it does not have the checksum it should",    true},
	{"bad authentication", STATUS_OK,          "what is packed in it does not have the checksum it should",    false},
	{"header crc",         STATUS_OK,          "a header in it is damaged",                                    false},
	{"header sum",         STATUS_OK,          "a header in it is damaged",                                    false},
	{"crc error",          STATUS_OK,          "what is packed in it does not have the checksum it should",    true},
	{"crc32 error",        STATUS_OK,          "what is packed in it does not have the checksum it should",    false},
	{"checksum",           STATUS_OK,          "what is packed in it does not have the checksum it should",    true},
	{"wrong size",         STATUS_OK,          "what is packed in it does not have the size it should",        true},
	{"size error",         STATUS_OK,          "what is packed in it does not have the size it should",        false},
	{"volume",             STATUS_OK,          "a header in it is damaged",                                    true},
	{"header",             STATUS_OK,          "a header in it is damaged",                                    true},
	{"directory",          STATUS_OK,          "its directory is damaged",                                     false},
	{"decompression",      STATUS_OK,          note_damaged,                                                   false},
	{"compressed data",    STATUS_OK,          note_damaged,                                                   false},
	{"corrupted",          STATUS_OK,          note_damaged,                                                   false},
	{"data error",         STATUS_OK,          note_damaged,                                                   false},
	{"bad lzh data",       STATUS_OK,          note_damaged,                                                   false},
	{"bad rar",            STATUS_OK,          note_damaged,                                                   false},
	{"invalid lzma",       STATUS_OK,          note_damaged,                                                   false},
	{"lzx",                STATUS_OK,          note_damaged,                                                   false},
	{"cfdata",             STATUS_OK,          note_damaged,                                                   true},
	{"huffman",            STATUS_OK,          note_damaged,                                                   false},
	{"bitstream",          STATUS_OK,          note_damaged,                                                   false},
	{"invalid symbol",     STATUS_OK,          note_damaged,                                                   false},
	{"ppmd",               STATUS_OK,          note_damaged,                                                   false},
	{"too large",          STATUS_OK,          "a header in it is damaged",                                    true},
	{"damaged",            STATUS_OK,          note_wrong,                                                     false},
	{"malformed",          STATUS_OK,          note_wrong,                                                     false},
	{"invalid",            STATUS_OK,          note_wrong,                                                     true},
	{"bad ",               STATUS_OK,          note_wrong,                                                     false},
};
/* clang-format on */

static const struct fault *find_fault(const char *sentence)
{
	for (size_t i = 0; sentence != NULL && i < sizeof faults / sizeof *faults; i++)
		if (strcasestr(sentence, faults[i].word) != NULL)
			return &faults[i];
	return NULL;
}

enum status archive_input_status(struct archive *archive, const struct archive_input *input)
{
	const struct fault *fault = find_fault(archive_error_string(archive));
	if (input->failed != STATUS_OK)
		return input->failed;
	if (archive_errno(archive) == ENOMEM)
		return STATUS_NO_MEMORY;
	if (fault != NULL && fault->status != STATUS_OK)
		return fault->status;
	return input->met_end ? STATUS_TRUNCATED : STATUS_MALFORMED;
}

/* What stands in brackets at a sentence's end, or behind its first colon; empty if nothing does. */
static struct bytes detail_of(const char *sentence)
{
	struct bytes whole = bytes_of_string(sentence);
	size_t open = bytes_find_byte(whole, '('), colon = bytes_find_byte(whole, ':');
	if (open != BYTES_NOT_FOUND && whole.at[whole.len - 1] == ')')
		return bytes_slice(whole, open + 1, whole.len - open - 2);
	return colon != BYTES_NOT_FOUND ? bytes_trim(bytes_from(whole, colon + 1)) : BYTES_NONE;
}

/* Where all that can be said of a fault is how it ended; NULL where not even that says anything. */
static const char *word_status(enum status status)
{
	switch (status) {
	case STATUS_NO_MEMORY: return faults[0].note;
	case STATUS_TRUNCATED: return note_ends;
	case STATUS_ENCRYPTED: return "needs a password";
	default: return NULL;
	}
}

void archive_input_note(struct archive *archive, enum status status, struct emitter *emitter)
{
	const char *sentence = archive_error_string(archive);
	const struct fault *fault = find_fault(sentence);
	/* Of what was cut it is no news that its rest is damaged. */
	bool fits = fault != NULL && (fault->status == status || (fault->status == STATUS_OK && status == STATUS_MALFORMED));
	const char *note = fits ? fault->note : word_status(status);
	struct bytes detail = fits && fault->keeps_detail ? detail_of(sentence) : BYTES_NONE;
	if (note == NULL && sentence != NULL)
		emit_note(emitter, "could not be read; libarchive says: %s", sentence);
	else if (note != NULL && detail.len > 0)
		emit_note(emitter, "%s (%.*s)", note, (int)detail.len, (const char *)detail.at);
	else if (note != NULL)
		emit_note(emitter, "%s", note);
}

/* ---- what stands behind ---- */

enum status archive_skip_zeros(struct source *source, uint64_t *offset, struct emitter *emitter)
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
	enum status status = archive_skip_zeros(source, &from, emitter);
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

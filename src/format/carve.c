/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carving strings. Each view is walked once; a run that touches its end is
 * looked at again from the run's start in the next view, unless it is the
 * whole view. So a run is whole, and every byte is read at most twice.
 */
#include "format/carve.h"

#include "base/buffer.h"
#include "base/text.h"

enum { RUN_MIN = 6, STEP = RUN_MIN, RUN_MAX = 1 << 16, VIEW = 1 << 20 };

struct carved_run {
	size_t start, len; /* bytes */
	bool is_wide;
};

static bool is_narrow_letter(unsigned char c)
{
	return (c >= 0x20 && c < 0x7F) || c == '\t';
}

static bool is_wide_letter(const unsigned char *at)
{
	uint16_t c = load_le16(at);
	/* A low byte of zero is the tail of something else. */
	if (c < 0x7F || (c & 0xFF) == 0)
		return c < 0x7F && is_narrow_letter((unsigned char)c);
	return (c >= 0xC0 && c < 0x250) || (c >= 0x370 && c < 0x530);
}

static size_t narrow_length(struct bytes view, size_t start)
{
	size_t end = start;
	while (end < view.len && end - start < RUN_MAX && is_narrow_letter(view.at[end]))
		end++;
	return end - start;
}

static size_t wide_length(struct bytes view, size_t start)
{
	size_t end = start;
	while (end + 2 <= view.len && end - start < RUN_MAX && is_wide_letter(view.at + end))
		end += 2;
	return end - start;
}

/* Whether no run begins in the STEP bytes from at on. A narrow one would hold the last of them; a wide one the pair that
 * begins there, or the pair before. */
static bool is_barren(struct bytes view, size_t at)
{
	const unsigned char *last = view.at + at + STEP - 1;
	return !is_narrow_letter(*last) && !is_wide_letter(last) && !is_wide_letter(last - 1);
}

/* The next run from *at on, which moves behind it. False at the end of the view. */
static bool find_run(struct bytes view, size_t *at, struct carved_run *ret_run)
{
	while (*at < view.len) {
		while (*at + 4 * STEP < view.len && is_barren(view, *at))
			*at += STEP;
		if (!is_narrow_letter(view.at[*at]) && (*at + 1 >= view.len || view.at[*at + 1] > 5)) {
			++*at;
			continue;
		}
		size_t narrow = narrow_length(view, *at);
		size_t wide = narrow < RUN_MIN ? wide_length(view, *at) : 0;
		bool is_wide = wide >= 2 * RUN_MIN || (wide > narrow && *at + wide + 2 > view.len);
		*ret_run = (struct carved_run){.start = *at, .len = is_wide ? wide : narrow, .is_wide = is_wide};
		if (narrow >= RUN_MIN || is_wide || *at + narrow == view.len) {
			*at += ret_run->len;
			return true;
		}
		*at += narrow > 0 ? narrow : 1;
	}
	return false;
}

/* One letter over and over is what empty space is filled with. */
static bool is_filler(struct bytes text, size_t unit)
{
	return memcmp(text.at, text.at + unit, text.len - unit) == 0;
}

static void append_run(struct bytes view, const struct carved_run *run, struct buffer *lines)
{
	struct bytes text = bytes_slice(view, run->start, run->len);
	size_t unit = run->is_wide ? 2 : 1;
	if (run->len < RUN_MIN * unit || is_filler(text, unit))
		return;
	if (run->is_wide)
		text_append_utf16(lines, text, false);
	else
		buffer_append(lines, text);
	buffer_append_byte(lines, '\n');
}

/* Appends the runs of one view. Returns how far it was read: to its end, or to a run that goes on behind it. */
static size_t carve_view(struct bytes view, bool is_last, size_t room, struct buffer *lines)
{
	size_t at = 0;
	struct carved_run run;
	while (lines->len < room && find_run(view, &at, &run)) {
		bool touches_end = run.start + run.len + (run.is_wide ? 2 : 1) > view.len;
		if (touches_end && !is_last && run.start > 0 && run.len < RUN_MAX)
			return run.start;
		append_run(view, &run, lines);
	}
	return view.len;
}

void carve_append(struct buffer *lines, struct bytes bytes)
{
	struct buffer found = buffer_with_ceiling(4 * (size_t)VIEW);
	carve_view(bytes_slice(bytes, 0, VIEW), true, lines->ceiling - lines->len, &found);
	buffer_append(lines, bytes_slice(buffer_bytes(&found), 0, lines->ceiling - lines->len));
	buffer_free(&found);
}

enum status carve_emit(struct source *source, uint64_t offset, uint64_t length, struct emitter *emitter, size_t *room)
{
	struct buffer lines = buffer_with_ceiling(4 * (size_t)VIEW);
	enum status status = STATUS_OK;
	uint64_t end = length > source->size - offset ? source->size : offset + length;
	while (status == STATUS_OK && offset<end && * room> 0) {
		struct bytes view;
		size_t wanted = end - offset < VIEW ? (size_t)(end - offset) : VIEW;
		status = source_view(source, offset, wanted, &view);
		if (status != STATUS_OK || view.len == 0)
			break;
		buffer_reset(&lines);
		offset += carve_view(view, offset + view.len >= end, *room, &lines);
		struct bytes text = bytes_slice(buffer_bytes(&lines), 0, *room);
		*room -= text.len;
		status = buffer_status(&lines);
		if (status == STATUS_OK)
			status = text.len > 0 ? emit_carved(emitter, text) : emit_progress(emitter);
	}
	buffer_free(&lines);
	return status;
}

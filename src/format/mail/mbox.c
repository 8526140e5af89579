/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MBOX (RFC 4155): messages one after the other, each behind an envelope line
 * "From sender date". Every message becomes a part, 1.eml, 2.eml, ..., passed
 * on line by line in constant memory, with the '>' taken off quoted "From "
 * lines. Envelopes are known by their time and year, so that a line of prose
 * which begins with "From " does not cut a message in two; those that have
 * neither, by the empty line before them and the fields behind.
 */
#include "format/format.h"
#include "format/mail/header.h"

#include <stdio.h>

enum { VIEW_SIZE = 256 << 10, LINE_MAX_SEEN = 1024, BID_REACH = 1 << 20 };

static int bid_for_mailbox(struct bytes head, struct source *source);
static enum status read_mailbox(struct source *source, struct emitter *emitter);

extern const struct format format_mbox;
const struct format format_mbox = {
	.name = "mbox",
	.version = 4,
	.media_type = "application/mbox",
	.bid = bid_for_mailbox,
	.extract = read_mailbox,
	.prepare = mail_header_prepare,
};

/* Length of the line at the start of view, its break included. */
static size_t line_length(struct bytes view)
{
	size_t newline = bytes_find_byte(view, '\n');
	return newline == BYTES_NOT_FOUND ? view.len : newline + 1;
}

static struct bytes first_line(struct bytes view)
{
	return bytes_trim(bytes_slice(view, 0, line_length(view)));
}

/* Whether view begins with an envelope that a header follows, or none at all. follows_blank: it stands behind an empty line,
 * or first. */
static bool begins_message(struct bytes view, bool follows_blank)
{
	if (!bytes_start_with(view, BYTES_LITERAL("From ")))
		return false;
	struct bytes next = bytes_from(view, line_length(view));
	if (!mail_is_envelope(view))
		return follows_blank && mail_is_bare_envelope(first_line(view), next);
	bool is_blank = next.len > 0 && (next.at[0] == '\n' || next.at[0] == '\r');
	return is_blank || bytes_start_with(next, BYTES_LITERAL(">From ")) || mail_field_name_length(next) > 0;
}

/* Whether what stands at at is preceded by an empty line of view. */
static bool is_behind_blank(struct bytes view, size_t at)
{
	if (at > 0 && view.at[at - 1] == '\n')
		at -= at > 1 && view.at[at - 2] == '\r' ? 2 : 1;
	return at == 0 || view.at[at - 1] == '\n';
}

/* Offset of the next message in view behind from, or BYTES_NOT_FOUND. */
static size_t find_message(struct bytes view, size_t from)
{
	for (;;) {
		size_t at = bytes_find(bytes_from(view, from), BYTES_LITERAL("\nFrom "));
		if (at == BYTES_NOT_FOUND)
			return BYTES_NOT_FOUND;
		from += at + 1;
		if (begins_message(bytes_from(view, from), is_behind_blank(view, from)))
			return from;
	}
}

static int bid_for_mailbox(struct bytes head, struct source *source)
{
	struct bytes view;
	if (!begins_message(head, true))
		return 0;
	/* A single message under an envelope is eml's. */
	if (source_view(source, 0, BID_REACH, &view) != STATUS_OK)
		return 0;
	bool has_more = source->size > view.len || find_message(view, 0) != BYTES_NOT_FOUND;
	if (mail_head_score(bytes_from(head, line_length(head))) > 0)
		return has_more ? 90 : 40;
	return has_more ? 35 : 0;
}

/* ---- reading ---- */

struct mailbox {
	struct source *source;
	struct emitter *emitter;
	uint64_t at;
	unsigned count;
	bool is_open;         /* a message's part is */
	bool is_line_start;   /* at at */
	bool is_blank_before; /* the line before at is empty, or there is none */
};

static enum status end_message(struct mailbox *mailbox)
{
	if (!mailbox->is_open)
		return STATUS_OK;
	mailbox->is_open = false;
	return emit_child_end(mailbox->emitter, STATUS_OK);
}

static enum status begin_message(struct mailbox *mailbox)
{
	char name[32];
	enum status status = end_message(mailbox);
	if (status != STATUS_OK)
		return status;
	snprintf(name, sizeof name, "%u.eml", ++mailbox->count);
	mailbox->is_open = true;
	return emit_child_begin(mailbox->emitter, &(struct child){.name = bytes_of_string(name), .modified = CLOCK_UNKNOWN});
}

static enum status emit_lines(struct mailbox *mailbox, struct bytes lines)
{
	if (lines.len == 0)
		return STATUS_OK;
	if (mailbox->is_open)
		return emit_child_bytes(mailbox->emitter, lines);
	emit_unseen(mailbox->emitter, lines.len);
	return STATUS_OK;
}

/* Start of the line that view[at], "From ", stands on behind nothing but '>'; BYTES_NOT_FOUND if there is
 * more. */
static size_t line_start_before(const struct mailbox *mailbox, struct bytes view, size_t at, size_t from)
{
	while (at > from && view.at[at - 1] == '>')
		at--;
	bool is_start = at > 0 ? view.at[at - 1] == '\n' : mailbox->is_line_start;
	return is_start ? at : BYTES_NOT_FOUND;
}

/* Passes on the first len bytes of view, cutting at envelopes and unquoting. What stands behind len is only
 * looked at. */
static enum status read_lines(struct mailbox *mailbox, struct bytes view, size_t len)
{
	size_t done = 0, from = 0, at;
	enum status status = STATUS_OK;
	while ((at = bytes_find(bytes_from(view, from), BYTES_LITERAL("From "))) != BYTES_NOT_FOUND && from + at < len) {
		at += from;
		size_t start = line_start_before(mailbox, view, at, from);
		from = at + 5;
		bool follows_blank = at > 1 ? is_behind_blank(view, at) : mailbox->is_blank_before;
		bool is_envelope = start == at && begins_message(bytes_from(view, at), follows_blank);
		if (start == BYTES_NOT_FOUND || (start == at && !is_envelope))
			continue;
		status = emit_lines(mailbox, bytes_slice(view, done, start - done));
		done = is_envelope ? at + line_length(bytes_from(view, at)) : start + 1;
		if (status == STATUS_OK && is_envelope)
			status = begin_message(mailbox);
		if (status != STATUS_OK)
			return status;
	}
	return done < len ? emit_lines(mailbox, bytes_slice(view, done, len - done)) : STATUS_OK;
}

/* How much of view can be judged: whole lines with enough behind them to see an envelope and the line after
 * it. */
static size_t judged_length(struct bytes view, bool is_last)
{
	if (is_last || view.len <= LINE_MAX_SEEN)
		return view.len;
	size_t limit = view.len - LINE_MAX_SEEN;
	size_t newline = bytes_find_last_byte(bytes_slice(view, 0, limit), '\n');
	return newline == BYTES_NOT_FOUND ? limit : newline + 1;
}

static enum status read_mailbox(struct source *source, struct emitter *emitter)
{
	struct mailbox mailbox = {.source = source, .emitter = emitter, .is_line_start = true, .is_blank_before = true};
	enum status status = STATUS_OK;
	while (status == STATUS_OK) {
		struct bytes view;
		status = source_view(source, mailbox.at, VIEW_SIZE, &view);
		if (status != STATUS_OK || view.len == 0)
			break;
		size_t len = judged_length(view, mailbox.at + view.len >= source->size);
		status = read_lines(&mailbox, view, len);
		mailbox.is_line_start = view.at[len - 1] == '\n';
		mailbox.is_blank_before = mailbox.is_line_start && is_behind_blank(view, len);
		mailbox.at += len;
	}
	if (status == STATUS_OK)
		status = end_message(&mailbox);
	if (status != STATUS_OK)
		return status;
	return mailbox.count > 0 ? STATUS_OK : STATUS_MALFORMED;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EML: one mail message in a file, as it went over the wire (RFC 5322), or
 * behind the byte count of Apple Mail (.emlx). Recognised by fields that only
 * mail has in that form. A file with an mbox envelope and a single message is
 * one too; with more messages it is mbox's.
 */
#include "format/format.h"
#include "format/mail/header.h"
#include "format/mail/message.h"

static int bid_for_message(struct bytes head, struct source *source);
static enum status read_message(struct source *source, struct emitter *emitter);

extern const struct format format_eml;
const struct format format_eml = {
	.name = "eml",
	.version = 4,
	.media_type = "message/rfc822",
	.bid = bid_for_message,
	.extract = read_message,
	.prepare = mail_header_prepare,
};

/* Where the message lies in its file: past blank lines, a byte order mark, a byte count. */
struct extent {
	uint64_t from, to;
};

static bool is_number(struct bytes line, uint64_t *ret_number)
{
	return line.len > 0 && line.len < 12 && bytes_parse_u64(line, ret_number);
}

static struct extent find_message(struct bytes head, uint64_t size)
{
	size_t at = bytes_start_with(head, BYTES_LITERAL("\xEF\xBB\xBF")) ? 3 : 0;
	uint64_t length;
	while (at < head.len && strchr("\r\n\t ", head.at[at]) != NULL && head.at[at] != '\0')
		at++;
	size_t newline = bytes_find_byte(bytes_from(head, at), '\n');
	if (newline != BYTES_NOT_FOUND && is_number(bytes_trim(bytes_slice(head, at, newline)), &length)) {
		uint64_t from = at + newline + 1;
		return (struct extent){from, length < size - from ? from + length : size};
	}
	return (struct extent){at, size};
}

/* Without the envelope lines in front. */
static struct bytes skip_envelope(struct bytes head)
{
	while (bytes_start_with(head, BYTES_LITERAL("From ")) || bytes_start_with(head, BYTES_LITERAL(">From "))) {
		size_t newline = bytes_find_byte(head, '\n');
		if (newline == BYTES_NOT_FOUND)
			return BYTES_NONE;
		head = bytes_from(head, newline + 1);
	}
	return head;
}

static int bid_for_message(struct bytes head, struct source *source)
{
	struct extent extent = find_message(head, source->size);
	struct bytes fields = skip_envelope(bytes_from(head, (size_t)extent.from));
	int score = mail_head_score(fields);
	return score < 20 ? 0 : score < 80 ? 50 + score / 4 : 85;
}

static enum status read_message(struct source *source, struct emitter *emitter)
{
	struct bytes head;
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	if (status != STATUS_OK)
		return status;
	struct extent extent = find_message(head, source->size);
	return mail_message_read(source, extent.from, extent.to, emitter);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nobody else reads: recognised by its first bytes, strings carved, every
 * byte counted as unseen. It bids on everything, so that no document is met
 * with silence: highest for what it knows for certain, last for the rest.
 */
#include "format/carve.h"
#include "format/text/charset-table.h"
#include "format/text/charset.h"
#include "format/format.h"
#include "format/magic-table.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_magic = {
	.name = "magic",
	.version = 2,
	.media_type = "application/octet-stream",
	.bid = bid,
	.extract = extract,
	.prepare = charset_prepare,
};

enum { BID_LAST = 1, BID_OTHERS = 4, BID_WEAK = 10, BID_HIGHEST = 48, DENSE_ENDS = 1 << 18 };

/* ---- recognising ---- */

static bool matches_at(struct bytes head, struct source *source, size_t offset, struct bytes pattern)
{
	struct bytes there = bytes_slice(head, offset, pattern.len);
	if (there.len == pattern.len)
		return memcmp(there.at, pattern.at, pattern.len) == 0;
	if (offset + pattern.len <= head.len || offset + pattern.len > source->size)
		return false;
	return source_view(source, offset, pattern.len, &there) == STATUS_OK && bytes_equal(there, pattern);
}

/* Of a dBASE table: version, a date, lengths that fit each other (dBASE III, level 3 header). */
static bool is_dbase(struct bytes head)
{
	if (head.len < 68 || (head.at[0] & 0x07) != 3 || head.at[2] < 1 || head.at[2] > 12 || head.at[3] < 1 || head.at[3] > 31)
		return false;
	unsigned header = load_le16(head.at + 8), record = load_le16(head.at + 10);
	return header >= 65 && record >= 2 && (header % 32 == 1 || header % 32 == 0 || header % 32 == 8) &&
	       (head.at[32] == '_' || (head.at[32] >= 'A' && head.at[32] <= 'z'));
}

static const struct magic dbase_magic = {
	.pattern = "\3\0\0\0\0\0", .len = 6, .media_type = "application/vnd.dbf", .what = "a dBASE table"};

static size_t pattern_length(const struct magic *magic)
{
	return (size_t)magic->len + magic->second_len;
}

/* Two or three bytes prove little: they count only where the document is no text, which the caller says. */
static const struct magic *find_magic(struct bytes head, struct source *source, bool is_text)
{
	for (size_t i = 0; i < magic_count; i++) {
		const struct magic *magic = &magic_table[i];
		if (is_text && pattern_length(magic) < 4)
			continue;
		if (!matches_at(head, source, magic->offset, bytes_of(magic->pattern, magic->len)))
			continue;
		if (magic->second_len == 0 ||
		    matches_at(head, source, magic->second_offset, bytes_of(magic->second, magic->second_len)))
			return magic;
	}
	return !is_text && is_dbase(head) ? &dbase_magic : NULL;
}

static int bid(struct bytes head, struct source *source)
{
	if (source->size == 0)
		return BID_HIGHEST;
	bool is_text = charset_sniff(head, source->declared_charset) != NULL;
	const struct magic *magic = find_magic(head, source, is_text);
	if (magic == NULL)
		return BID_LAST;
	if (magic->flags & MAGIC_OTHERS)
		return BID_OTHERS;
	size_t length = pattern_length(magic);
	return length < 4 ? BID_WEAK : length < 6 ? (int)length * 8 : BID_HIGHEST;
}

/* ---- OLE2: which program wrote it stands in the names of its streams ([MS-CFB] 2.6) ---- */

struct ole_kind {
	const char *stream, *media_type, *what;
	unsigned flags;
};

static const struct ole_kind ole_kinds[] = {
	{"EncryptedPackage", "application/encrypted", "an Office document under a password", MAGIC_ENCRYPTED},
	{"DRMContent", "application/encrypted", "an Office document under rights management", MAGIC_ENCRYPTED},
	{"WordDocument", "application/msword", "a Word document", 0},
	{"Workbook", "application/vnd.ms-excel", "an Excel workbook", 0},
	{"Book", "application/vnd.ms-excel", "an Excel workbook", 0},
	{"PowerPoint Document", "application/vnd.ms-powerpoint", "a PowerPoint presentation", 0},
	{"__properties_version1.0", "application/vnd.ms-outlook", "an Outlook message", 0},
	{"VisioDocument", "application/vnd.visio", "a Visio drawing", 0},
	{"Quill", "application/vnd.ms-publisher", "a Publisher document", 0},
	{"CONTENTS", "application/vnd.ms-works", "a Works document", 0},
	{"HwpSummaryInformation", "application/x-hwp", "a Hangul document", 0},
	{"Props", "application/vnd.ms-project", "a Project plan", 0},
	{"Catalog", "application/x-thumbs-db", "a thumbnail store", 0},
};

/* The rank in ole_kinds of a directory entry's name, or the count of kinds. */
static size_t rank_entry(const unsigned char *entry)
{
	const size_t kinds = sizeof ole_kinds / sizeof ole_kinds[0];
	unsigned size = load_le16(entry + 64);
	for (size_t i = 0; i < kinds && size >= 2 && size <= 64; i++) {
		size_t length = strlen(ole_kinds[i].stream), at = 0;
		size_t skip = entry[0] < 0x20 && entry[1] == 0 ? 1 : 0;
		while (at < length && load_le16(entry + 2 * (at + skip)) == (unsigned char)ole_kinds[i].stream[at])
			at++;
		if (at == length && size == 2 * (length + skip + 1))
			return i;
	}
	return kinds;
}

/* Looks at the beginning of the directory, wherever its first sector lies; NULL if no name there tells. */
static const struct ole_kind *find_ole_kind(struct source *source)
{
	const size_t kinds = sizeof ole_kinds / sizeof ole_kinds[0];
	size_t best = kinds;
	struct bytes view;
	if (source_view(source, 0, 512, &view) != STATUS_OK || view.len < 512)
		return NULL;
	unsigned shift = load_le16(view.at + 30);
	if (shift != 9 && shift != 12)
		return NULL;
	uint64_t directory = ((uint64_t)load_le32(view.at + 48) + 1) << shift;
	if (source_view(source, directory, 1u << 14, &view) != STATUS_OK)
		return NULL;
	for (size_t at = 0; at + 128 <= view.len; at += 128) {
		size_t rank = rank_entry(view.at + at);
		best = rank < best ? rank : best;
	}
	return best < kinds ? &ole_kinds[best] : NULL;
}

/* ---- reading ---- */

static enum status carve(struct source *source, bool is_dense, struct emitter *emitter)
{
	size_t room = CARVE_TEXT_MAX;
	if (!is_dense || source->size <= 2 * DENSE_ENDS)
		return carve_emit(source, 0, source->size, emitter, &room);
	enum status status = carve_emit(source, 0, DENSE_ENDS, emitter, &room);
	if (status == STATUS_OK)
		status = carve_emit(source, source->size - DENSE_ENDS, DENSE_ENDS, emitter, &room);
	return status;
}

static enum status extract_known(struct source *source, const struct magic *magic, struct emitter *emitter)
{
	const char *media_type = magic->media_type, *what = magic->what;
	unsigned flags = magic->flags;
	bool is_ole = strcmp(media_type, "application/x-ole-storage") == 0;
	const struct ole_kind *kind = is_ole ? find_ole_kind(source) : NULL;
	if (kind != NULL) {
		media_type = kind->media_type;
		what = kind->what;
		flags = kind->flags;
	}
	bool is_locked = flags & MAGIC_ENCRYPTED;
	emit_note(emitter, is_locked ? "%s: encrypted" : "%s: not read, strings only", what);
	enum status status = emit_media_type(emitter, media_type);
	if (status == STATUS_OK)
		status = carve(source, flags & MAGIC_DENSE, emitter);
	return status != STATUS_OK ? status : is_locked ? STATUS_ENCRYPTED : STATUS_UNSUPPORTED;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	unsigned char copy[FORMAT_HEAD_SIZE];
	struct bytes head;
	if (source->size == 0)
		return emit_media_type(emitter, "application/x-empty");
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	if (status != STATUS_OK)
		return status;
	if (head.len > 0)
		memcpy(copy, head.at, head.len);
	head.at = copy;
	emit_unseen(emitter, source->size);
	bool is_text = charset_sniff(head, source->declared_charset) != NULL;
	const struct magic *magic = find_magic(head, source, is_text);
	if (magic != NULL)
		return extract_known(source, magic, emitter);
	emit_note(emitter, "of no known type: strings only");
	status = carve(source, false, emitter);
	return status == STATUS_OK ? STATUS_UNSUPPORTED : status;
}

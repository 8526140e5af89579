/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A single compressed file: gzip (all its members), bzip2, xz, lzma, lzip,
 * zstd, lz4 and compress. It has one part, named as the file without the
 * ending that says how it is compressed. Only the decompressor that its
 * signature names is enabled, and never an external program. What is compressed
 * twice goes through the emitter twice, so that depth is counted.
 */
#include "base/buffer.h"
#include "format/archive/input.h"
#include "format/archive/lz4-end.h"
#include "format/archive/salvage.h"
#include "format/format.h"

/* Of compress, whose layers libarchive undoes all at once. */
enum { LAYERS_MAX = 3 };

static int bid_for_compressed(struct bytes head, struct source *source);
static enum status read_compressed(struct source *source, struct emitter *emitter);

extern const struct format format_compressed;
const struct format format_compressed = {
	.name = "compressed",
	.version = 3,
	.media_type = "application/gzip",
	.bid = bid_for_compressed,
	.extract = read_compressed,
};

/* ---- which compression ---- */

static bool is_gzip(struct bytes head)
{
	return head.len >= 10 && head.at[0] == 0x1F && head.at[1] == 0x8B && head.at[2] == 8 && (head.at[3] & 0xE0) == 0;
}

static bool is_bzip2(struct bytes head)
{
	static const unsigned char block[] = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59}, end[] = {0x17, 0x72, 0x45, 0x38, 0x50, 0x90};
	struct bytes first = bytes_slice(head, 4, 6);
	return bytes_start_with(head, BYTES_LITERAL("BZh")) && head.len >= 10 && head.at[3] >= '1' && head.at[3] <= '9' &&
	       (bytes_equal(first, bytes_of(block, 6)) || bytes_equal(first, bytes_of(end, 6)));
}

static bool is_xz(struct bytes head)
{
	return bytes_start_with(head, bytes_of("\xFD"
	                                       "7zXZ\0",
	                                       6));
}

static bool is_lzip(struct bytes head)
{
	return bytes_start_with(head, BYTES_LITERAL("LZIP")) && head.len > 5 && head.at[4] <= 1;
}

static bool is_zstd(struct bytes head)
{
	if (head.len < 4)
		return false;
	uint32_t magic = load_le32(head.at);
	return magic == 0xFD2FB528u || (magic >= 0x184D2A50u && magic <= 0x184D2A5Fu && head.len > 8);
}

static bool is_lz4(struct bytes head)
{
	return head.len >= 7 && (load_le32(head.at) == 0x184D2204u || load_le32(head.at) == 0x184C2102u);
}

static bool is_compress(struct bytes head)
{
	return head.len >= 4 && head.at[0] == 0x1F && head.at[1] == 0x9D && (head.at[2] & 0x60) == 0 &&
	       (head.at[2] & 0x1F) >= 9 && (head.at[2] & 0x1F) <= 16;
}

/* No signature: properties, a dictionary of a usual size, a length that is unknown or not absurd
 * (lzma-file-format 1.1). */
static bool is_lzma(struct bytes head)
{
	if (head.len < 14 || head.at[0] != 0x5D || head.at[13] != 0)
		return false;
	uint32_t dictionary = load_le32(head.at + 1);
	uint64_t length = load_le64(head.at + 5);
	uint32_t low = dictionary & (~dictionary + 1);
	bool is_usual = dictionary >= 4096 && (dictionary == low || dictionary == 3 * (uint64_t)low);
	return is_usual && (length == UINT64_MAX || length < (UINT64_C(1) << 40));
}

static const struct compression {
	const char *media_type;
	int bid;
	bool (*matches)(struct bytes head);
	int filter;                             /* appended, so that exactly one layer is undone */
	int (*enable)(struct archive *archive); /* for the one that libarchive can not append */
	enum salvage_kind salvage;              /* how it is read where it is cut */
} compressions[] = {
	{"application/gzip", 70, is_gzip, ARCHIVE_FILTER_GZIP, NULL, SALVAGE_GZIP},
	{"application/x-bzip2", 80, is_bzip2, ARCHIVE_FILTER_BZIP2, NULL, SALVAGE_BZIP2},
	{"application/x-xz", 80, is_xz, ARCHIVE_FILTER_XZ, NULL, SALVAGE_XZ},
	{"application/x-lzip", 60, is_lzip, ARCHIVE_FILTER_LZIP, NULL, SALVAGE_XZ},
	{"application/zstd", 70, is_zstd, ARCHIVE_FILTER_ZSTD, NULL, SALVAGE_ZSTD},
	{"application/x-lz4", 70, is_lz4, ARCHIVE_FILTER_LZ4, NULL, SALVAGE_NONE},
	{"application/x-compress", 50, is_compress, 0, archive_read_support_filter_compress, SALVAGE_NONE},
	{"application/x-lzma", 40, is_lzma, ARCHIVE_FILTER_LZMA, NULL, SALVAGE_XZ},
};

static const struct compression *recognise(struct bytes head)
{
	for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++)
		if (compressions[i].matches(head))
			return &compressions[i];
	return NULL;
}

static int bid_for_compressed(struct bytes head, struct source *source)
{
	(void)source;
	const struct compression *compression = recognise(head);
	return compression != NULL ? compression->bid : 0;
}

/* ---- its part's name ---- */

static struct bytes last_of_path(struct bytes name)
{
	size_t slash = bytes_find_last_byte(name, '/');
	return slash == BYTES_NOT_FOUND ? name : bytes_from(name, slash + 1);
}

/* "x.csv.gz" is "x.csv", "x.tgz" is "x.tar"; a name that does not say it is compressed stays as it is. */
static void append_inner_name(struct bytes name, struct buffer *into)
{
	static const struct {
		const char *ending, *instead;
	} endings[] = {
		{"gz", ""},       {"bz2", ""},      {"xz", ""},      {"lz", ""},      {"lzma", ""},     {"zst", ""},
		{"lz4", ""},      {"z", ""},        {"gzip", ""},    {"bz", ""},      {"zstd", ""},     {"tgz", ".tar"},
		{"tbz", ".tar"},  {"tbz2", ".tar"}, {"txz", ".tar"}, {"tlz", ".tar"}, {"tzst", ".tar"}, {"taz", ".tar"},
		{"svgz", ".svg"}, {"emz", ".emf"},  {"wmz", ".wmf"},
	};
	size_t dot = bytes_find_last_byte(name, '.');
	struct bytes ending = dot == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(name, dot + 1);
	for (size_t i = 0; i < sizeof endings / sizeof *endings && dot != BYTES_NOT_FOUND && dot > 0; i++) {
		if (!bytes_equal_nocase(ending, bytes_of_string(endings[i].ending)))
			continue;
		buffer_append(into, bytes_slice(name, 0, dot));
		buffer_append_string(into, endings[i].instead);
		return;
	}
	buffer_append(into, name);
}

/* ---- reading ---- */

/* end: where the stream ended; 0: where libarchive says, but for the four bytes more that it takes of LZ4. */
static enum status emit_rest(struct archive *archive, const struct compression *compression, struct archive_input *input,
                             uint64_t end, struct emitter *emitter)
{
	uint64_t read = (uint64_t)archive_filter_bytes(archive, -1);
	enum status status = STATUS_OK;
	if (compression->filter == ARCHIVE_FILTER_LZ4) {
		status = lz4_end_find(input->source, emitter, &end);
		if (end + 4 < read)
			end = 0;
	}
	return status == STATUS_OK ? archive_emit_rest(input->source, end > 0 ? end : read, emitter) : status;
}

/* how: what became of the stream before anything came of it; entry is NULL where nothing did. */
static enum status emit_content(struct archive *archive, const struct compression *compression, struct archive_input *input,
                                struct archive_entry *entry, enum status how, struct emitter *emitter)
{
	struct buffer name = buffer_with_ceiling(64 << 10), shown_name = buffer_with_ceiling(64 << 10);
	struct child child = {.modified = CLOCK_UNKNOWN};
	append_inner_name(last_of_path(input->source->name), &name);
	append_inner_name(last_of_path(input->source->shown_name), &shown_name);
	if (name.len == 0)
		buffer_append_string(&name, entry ? archive_entry_pathname(entry) : "data");
	child.name = buffer_bytes(&name);
	child.shown_name = buffer_bytes(&shown_name);
	if (entry != NULL && archive_entry_mtime_is_set(entry) && archive_entry_mtime(entry) > 0)
		child.modified = archive_entry_mtime(entry);
	enum status status = emit_child_begin(emitter, &child);
	if (status == STATUS_OK && entry != NULL)
		status = archive_input_emit_data(archive, input, emitter, 0, &how);
	if (input->failed != STATUS_OK)
		status = input->failed;
	uint64_t end = 0;
	bool is_hurt = how == STATUS_TRUNCATED || how == STATUS_MALFORMED;
	if (is_hurt && (status == STATUS_OK || status == STATUS_END))
		status = salvage_emit(input->source, compression->salvage, input->passed, emitter, &end);
	/* Whole, and something else behind it. */
	if (end > 0)
		how = STATUS_OK;
	if (how != STATUS_OK && input->failed == STATUS_OK)
		archive_input_note(archive, how, emitter);
	if (status == STATUS_OK || status == STATUS_END)
		status = emit_child_end(emitter, how);
	if (status == STATUS_OK && how == STATUS_OK)
		status = emit_rest(archive, compression, input, end, emitter);
	buffer_free(&name);
	buffer_free(&shown_name);
	return status == STATUS_OK ? how : status;
}

/* A stream that is broken before its first block is whole. */
static enum status emit_broken(struct archive *archive, const struct compression *compression, struct archive_input *input,
                               struct emitter *emitter)
{
	enum status status = archive_input_status(archive, input);
	if (input->failed != STATUS_OK || (status != STATUS_TRUNCATED && status != STATUS_MALFORMED)) {
		if (input->failed == STATUS_OK)
			archive_input_note(archive, status, emitter);
		return status;
	}
	return emit_content(archive, compression, input, NULL, status, emitter);
}

static int enable(const struct compression *compression, struct archive *archive)
{
	if (compression->enable != NULL)
		return compression->enable(archive);
	return archive_read_append_filter(archive, compression->filter);
}

static enum status read_stream(struct archive *archive, const struct compression *compression, struct archive_input *input,
                               struct emitter *emitter)
{
	struct archive_entry *entry = NULL;
	/* Raw takes any content for one member; empty is for no content at all. */
	if (enable(compression, archive) != ARCHIVE_OK || archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_support_format_empty(archive) != ARCHIVE_OK)
		return STATUS_UNSUPPORTED;
	int code = archive_input_open(archive, input, false);
	/* A stream that is broken from its first byte on looks empty, but for the error it leaves. */
	if (code != ARCHIVE_OK || archive_errno(archive) != 0)
		return emit_broken(archive, compression, input, emitter);
	if (archive_filter_count(archive) > LAYERS_MAX + 1) {
		emit_note(emitter, "compressed more than %d times over", LAYERS_MAX);
		return STATUS_BOMB;
	}
	code = archive_read_next_header(archive, &entry);
	if (code == ARCHIVE_EOF)
		entry = NULL;
	else if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
		return emit_broken(archive, compression, input, emitter);
	return emit_content(archive, compression, input, entry, STATUS_OK, emitter);
}

static enum status read_compressed(struct source *source, struct emitter *emitter)
{
	struct bytes head;
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	if (status != STATUS_OK)
		return status;
	const struct compression *compression = recognise(head);
	if (compression == NULL)
		return STATUS_MALFORMED;
	status = emit_media_type(emitter, compression->media_type);
	if (status != STATUS_OK)
		return status;
	struct archive *archive = archive_read_new();
	struct archive_input input = {.source = source, .allowance = UINT64_MAX};
	if (archive == NULL)
		return STATUS_NO_MEMORY;
	status = read_stream(archive, compression, &input, emitter);
	archive_read_free(archive);
	return status;
}

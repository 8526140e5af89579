/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a zip's directory from its end, or its local headers from its start
 * when the end is missing. Offsets are relative to where the archive begins,
 * which is later than the file where something was put before it.
 */
#include "format/archive/zip-parts.h"

#include <stdlib.h>
#include <zlib.h>

#define DIRECTORY_SIZE_MAX (64u << 20)
#define PARTS_MAX 500000
#define END_SIZE 22
#define END_REACH (END_SIZE + 65535)
#define LOCATOR_SIZE 20
#define END64_SIZE 56
#define ENTRY_SIZE 46
#define LOCAL_SIZE ZIP_HEADER_SIZE
#define PIECE_SIZE (32u << 10)
#define INPUT_SIZE (64u << 10)
/* Small, since each local header found asks for a view of its own. */
#define SCAN_SIZE 4096
#define LOCAL_NAME_MAX 512

enum { METHOD_STORED = 0, METHOD_DEFLATED = 8 };
enum { FLAG_ENCRYPTED = 1 << 0, FLAG_STRONGLY_ENCRYPTED = 1 << 6, FLAG_UTF8 = 1 << 11 };

/* ---- names in natural order ---- */

static unsigned char fold(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + 32) : byte;
}

static size_t digits_at(struct bytes name, size_t at)
{
	size_t len = 0;
	while (at + len < name.len && name.at[at + len] >= '0' && name.at[at + len] <= '9')
		len++;
	return len;
}

/* Runs of digits compare by length first; zeros in front make a name later, never equal. */
static int compare_names(struct bytes a, struct bytes b)
{
	size_t i = 0;
	while (i < a.len && i < b.len) {
		size_t a_digits = digits_at(a, i), b_digits = digits_at(b, i);
		if (a_digits != b_digits && a_digits > 0 && b_digits > 0)
			return a_digits < b_digits ? -1 : 1;
		size_t end = i + (a_digits > 0 && b_digits > 0 ? a_digits : 1);
		for (; i < end; i++)
			if (fold(a.at[i]) != fold(b.at[i]))
				return fold(a.at[i]) < fold(b.at[i]) ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int compare_parts(const void *left, const void *right)
{
	const struct zip_part *a = left, *b = right;
	int order = compare_names(a->name, b->name);
	return order != 0 ? order : (a->header_offset > b->header_offset) - (a->header_offset < b->header_offset);
}

static int compare_to_name(const void *name, const void *part)
{
	return compare_names(*(const struct bytes *)name, ((const struct zip_part *)part)->name);
}

const struct zip_part *zip_parts_find(const struct zip_parts *parts, struct bytes name)
{
	if (parts->count == 0)
		return NULL;
	return bsearch(&name, parts->at, parts->count, sizeof *parts->at, compare_to_name);
}

static enum status add_part(struct zip_parts *parts, const struct zip_part *part)
{
	if (parts->count == PARTS_MAX)
		return STATUS_BOMB;
	if (parts->count == parts->capacity) {
		size_t capacity = parts->capacity ? parts->capacity * 2 : 64;
		struct zip_part *grown = realloc(parts->at, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		parts->at = grown;
		parts->capacity = capacity;
	}
	parts->at[parts->count++] = *part;
	return STATUS_OK;
}

/* ---- the directory ---- */

struct zip_directory {
	uint64_t offset, size, end, count;
};

static bool is_end_record(struct bytes tail, size_t at)
{
	return memcmp(tail.at + at, "PK\5\6", 4) == 0 && load_le16(tail.at + at + 20) <= tail.len - at - END_SIZE;
}

/* The ZIP64 end record, whose place the locator before the end record tells. */
static enum status widen_directory(struct source *source, uint64_t end_offset, struct zip_directory *directory)
{
	struct bytes view;
	if (end_offset < LOCATOR_SIZE)
		return STATUS_OK;
	enum status status = source_view(source, end_offset - LOCATOR_SIZE, LOCATOR_SIZE, &view);
	if (status != STATUS_OK || view.len < LOCATOR_SIZE || memcmp(view.at, "PK\6\7", 4) != 0)
		return status;
	uint64_t offset = load_le64(view.at + 8);
	status = source_view(source, offset, END64_SIZE, &view);
	if (status != STATUS_OK || view.len < END64_SIZE || memcmp(view.at, "PK\6\6", 4) != 0)
		return status;
	*directory = (struct zip_directory){load_le64(view.at + 48), load_le64(view.at + 40), offset, load_le64(view.at + 32)};
	return STATUS_OK;
}

static enum status find_directory(struct source *source, struct zip_directory *ret_directory)
{
	struct bytes tail;
	uint64_t start = source->size > END_REACH ? source->size - END_REACH : 0;
	enum status status = source_view(source, start, END_REACH, &tail);
	if (status != STATUS_OK)
		return status;
	for (size_t at = tail.len >= END_SIZE ? tail.len - END_SIZE + 1 : 0; at-- > 0;) {
		if (!is_end_record(tail, at))
			continue;
		struct zip_directory found = {load_le32(tail.at + at + 16), load_le32(tail.at + at + 12), start + at,
		                              load_le16(tail.at + at + 10)};
		*ret_directory = found;
		return widen_directory(source, start + at, ret_directory);
	}
	return STATUS_MALFORMED;
}

enum status zip_parts_declared(struct source *source, uint64_t *ret_count)
{
	struct zip_directory directory;
	enum status status = find_directory(source, &directory);
	if (status == STATUS_OK)
		*ret_count = directory.count;
	return status == STATUS_MALFORMED ? STATUS_ABSENT : status;
}

static enum status load_directory(struct source *source, uint64_t offset, size_t size, struct buffer *into)
{
	*into = buffer_with_ceiling(DIRECTORY_SIZE_MAX);
	while (size > 0) {
		struct bytes view;
		enum status status = source_view(source, offset, size < INPUT_SIZE ? size : INPUT_SIZE, &view);
		if (status != STATUS_OK)
			return status;
		if (view.len == 0)
			return STATUS_MALFORMED;
		buffer_append(into, view);
		offset += view.len;
		size -= view.len;
	}
	return buffer_status(into);
}

/* The ZIP64 extra field holds, in this order, those values whose plain fields are all ones. */
static void widen_entry(struct bytes extra, struct zip_part *part)
{
	uint64_t *const fields[] = {&part->size, &part->packed_size, &part->header_offset};
	while (extra.len >= 4) {
		struct bytes field = bytes_slice(extra, 4, load_le16(extra.at + 2));
		for (size_t i = 0; load_le16(extra.at) == 1 && i < 3; i++)
			if (*fields[i] == UINT32_MAX && field.len >= 8) {
				*fields[i] = load_le64(field.at);
				field = bytes_from(field, 8);
			}
		extra = bytes_from(extra, 4u + load_le16(extra.at + 2));
	}
}

/* Reads the entry at the start of *left and moves past it; false at the end. */
static bool take_entry(struct bytes *left, struct zip_part *part, struct bytes *ret_extra)
{
	const unsigned char *at = left->at;
	if (left->len < ENTRY_SIZE || memcmp(at, "PK\1\2", 4) != 0)
		return false;
	size_t name_len = load_le16(at + 28), extra_len = load_le16(at + 30), comment_len = load_le16(at + 32);
	if (left->len - ENTRY_SIZE < name_len + extra_len)
		return false;
	*part = (struct zip_part){
		.name = bytes_slice(*left, ENTRY_SIZE, name_len),
		.header_offset = load_le32(at + 42),
		.packed_size = load_le32(at + 20),
		.size = load_le32(at + 24),
		.crc32 = load_le32(at + 16),
		.method = load_le16(at + 10),
		.flags = load_le16(at + 8),
	};
	*ret_extra = bytes_slice(*left, ENTRY_SIZE + name_len, extra_len);
	widen_entry(*ret_extra, part);
	*left = bytes_from(*left, ENTRY_SIZE + name_len + extra_len + comment_len);
	return true;
}

static void straighten_name(struct zip_parts *parts, struct bytes name)
{
	unsigned char *at = parts->names.at + (name.at - parts->names.at);
	for (size_t i = 0; i < name.len; i++)
		if (at[i] == '\\')
			at[i] = '/';
}

/* The directory's bytes, to be freed whatever comes back; what offsets in it have to be raised by. MALFORMED if there is none. */
static enum status open_directory(struct source *source, struct buffer *into, uint64_t *ret_shift)
{
	struct zip_directory directory = {0};
	enum status status = find_directory(source, &directory);
	if (status != STATUS_OK)
		return status;
	if (directory.size > directory.end || directory.size > DIRECTORY_SIZE_MAX)
		return STATUS_MALFORMED;
	uint64_t start = directory.end - directory.size;
	*ret_shift = directory.offset <= start ? start - directory.offset : 0;
	return load_directory(source, start, (size_t)directory.size, into);
}

static enum status list_directory(struct source *source, struct zip_parts *parts)
{
	uint64_t shift = 0;
	struct zip_part part;
	enum status status = open_directory(source, &parts->names, &shift);
	struct bytes left = buffer_bytes(&parts->names), extra;
	while (status == STATUS_OK && take_entry(&left, &part, &extra)) {
		straighten_name(parts, part.name);
		part.header_offset += shift;
		if (part.header_offset < source->size && part.name.len > 0)
			status = add_part(parts, &part);
	}
	if (status == STATUS_OK && parts->count == 0)
		return STATUS_MALFORMED;
	return status;
}

/* ---- without a directory ---- */

/* Offset of the next local header at or after from; the size of the source if there is none. */
static enum status find_local_header(struct source *source, uint64_t from, uint64_t *ret_offset)
{
	while (from < source->size) {
		struct bytes view;
		enum status status = source_view(source, from, SCAN_SIZE, &view);
		if (status != STATUS_OK)
			return status;
		size_t at = bytes_find(view, BYTES_LITERAL("PK\3\4"));
		if (at != BYTES_NOT_FOUND) {
			*ret_offset = from + at;
			return STATUS_OK;
		}
		if (view.len < 4)
			break;
		from += view.len - 3;
	}
	*ret_offset = source->size;
	return STATUS_OK;
}

/* The member whose local header is at offset; it is taken to reach to the next one. Names are kept as offsets into
 *  parts->names until all are read, because the buffer moves. */
static enum status add_local(struct source *source, struct zip_parts *parts, uint64_t offset, uint64_t next)
{
	struct bytes view;
	enum status status = source_view(source, offset, LOCAL_SIZE + LOCAL_NAME_MAX, &view);
	if (status != STATUS_OK || view.len < LOCAL_SIZE)
		return status;
	struct bytes name = bytes_slice(view, LOCAL_SIZE, load_le16(view.at + 26));
	if (name.len == 0)
		return STATUS_OK;
	struct zip_part part = {
		.name = {NULL, name.len},
		.header_offset = offset,
		.packed_size = next - offset,
		.method = load_le16(view.at + 8),
		.flags = load_le16(view.at + 6),
		.is_guessed = true,
	};
	buffer_append(&parts->names, name);
	status = buffer_status(&parts->names);
	return status == STATUS_OK ? add_part(parts, &part) : status;
}

static enum status list_local_headers(struct source *source, struct zip_parts *parts)
{
	uint64_t offset, next;
	buffer_free(&parts->names);
	parts->names = buffer_with_ceiling(DIRECTORY_SIZE_MAX);
	parts->count = 0;
	parts->is_damaged = true;
	enum status status = find_local_header(source, 0, &offset);
	while (status == STATUS_OK && offset < source->size) {
		status = find_local_header(source, offset + 4, &next);
		if (status == STATUS_OK)
			status = add_local(source, parts, offset, next);
		offset = next;
	}
	size_t at = 0;
	for (size_t i = 0; i < parts->count; i++) {
		parts->at[i].name.at = parts->names.at + at;
		at += parts->at[i].name.len;
		straighten_name(parts, parts->at[i].name);
	}
	return status == STATUS_OK && parts->count == 0 ? STATUS_MALFORMED : status;
}

enum status zip_parts_open(struct source *source, struct zip_parts *parts)
{
	*parts = (struct zip_parts){.names = buffer_with_ceiling(DIRECTORY_SIZE_MAX)};
	enum status status = list_directory(source, parts);
	if (status == STATUS_MALFORMED)
		status = list_local_headers(source, parts);
	if (status == STATUS_OK)
		qsort(parts->at, parts->count, sizeof *parts->at, compare_parts);
	return status;
}

/* ---- names alone ---- */

static enum status visit_directory(struct source *source, zip_parts_take_name *take, void *context)
{
	struct buffer directory = buffer_with_ceiling(0);
	uint64_t shift = 0, count = 0;
	struct zip_part part;
	enum status status = open_directory(source, &directory, &shift);
	struct bytes left = buffer_bytes(&directory), extra;
	for (; status == STATUS_OK && take_entry(&left, &part, &extra); count++)
		status = take(context,
		              &(struct zip_name){part.name, extra, (part.flags & FLAG_UTF8) != 0, part.header_offset + shift});
	buffer_free(&directory);
	return status == STATUS_OK && count == 0 ? STATUS_MALFORMED : status;
}

static enum status visit_local_headers(struct source *source, zip_parts_take_name *take, void *context)
{
	uint64_t offset = 0;
	enum status status = find_local_header(source, 0, &offset);
	for (int count = 0; status == STATUS_OK && offset < source->size && count < PARTS_MAX; count++) {
		struct bytes view;
		status = source_view(source, offset, LOCAL_SIZE + LOCAL_NAME_MAX, &view);
		if (status == STATUS_OK && view.len >= LOCAL_SIZE) {
			struct bytes name = bytes_slice(view, LOCAL_SIZE, load_le16(view.at + 26));
			bool is_utf8 = (load_le16(view.at + 6) & FLAG_UTF8) != 0;
			status = take(context, &(struct zip_name){name, BYTES_NONE, is_utf8, offset});
		}
		if (status == STATUS_OK)
			status = find_local_header(source, offset + 4, &offset);
	}
	return status;
}

enum status zip_parts_visit_names(struct source *source, zip_parts_take_name *take, void *context)
{
	enum status status = visit_directory(source, take, context);
	return status == STATUS_MALFORMED ? visit_local_headers(source, take, context) : status;
}

void zip_parts_free(struct zip_parts *parts)
{
	free(parts->at);
	buffer_free(&parts->names);
	*parts = (struct zip_parts){0};
}

/* ---- unpacking ---- */

struct unpacking {
	struct source *source;
	const struct zip_part *part;
	uint64_t *budget;
	zip_parts_take *take;
	void *context;
	uint64_t offset, left; /* of the packed bytes */
	uint32_t crc32;
};

static enum status pass_piece(struct unpacking *unpacking, struct bytes piece)
{
	if (unpacking->budget != NULL) {
		if (piece.len > *unpacking->budget)
			return STATUS_BOMB;
		*unpacking->budget -= piece.len;
	}
	unpacking->crc32 = (uint32_t)crc32(unpacking->crc32, piece.at, (uInt)piece.len);
	return unpacking->take(unpacking->context, piece);
}

/* The next packed bytes; none at the end of the member or of the source. */
static enum status take_input(struct unpacking *unpacking, struct bytes *ret_input)
{
	size_t wanted = unpacking->left < INPUT_SIZE ? (size_t)unpacking->left : INPUT_SIZE;
	enum status status = source_view(unpacking->source, unpacking->offset, wanted, ret_input);
	if (status != STATUS_OK)
		return status;
	unpacking->offset += ret_input->len;
	unpacking->left -= ret_input->len;
	return STATUS_OK;
}

static enum status copy_stored(struct unpacking *unpacking)
{
	while (unpacking->left > 0) {
		struct bytes input;
		enum status status = take_input(unpacking, &input);
		if (status == STATUS_OK)
			status = input.len > 0 ? pass_piece(unpacking, input) : STATUS_MALFORMED;
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* All that this input yields. END when the deflated stream is complete. */
static enum status inflate_input(struct unpacking *unpacking, z_stream *stream, struct bytes input)
{
	unsigned char piece[PIECE_SIZE];
	stream->next_in = (unsigned char *)(uintptr_t)input.at;
	stream->avail_in = (uInt)input.len;
	for (;;) {
		stream->next_out = piece;
		stream->avail_out = sizeof piece;
		int result = inflate(stream, Z_NO_FLUSH);
		if (result == Z_MEM_ERROR)
			return STATUS_NO_MEMORY;
		enum status status = STATUS_OK;
		if (stream->avail_out < sizeof piece)
			status = pass_piece(unpacking, bytes_of(piece, sizeof piece - stream->avail_out));
		if (status != STATUS_OK)
			return status;
		if (result == Z_STREAM_END)
			return STATUS_END;
		if (result != Z_OK && result != Z_BUF_ERROR)
			return STATUS_MALFORMED;
		if (stream->avail_out > 0)
			return STATUS_OK;
	}
}

static enum status inflate_part(struct unpacking *unpacking)
{
	z_stream stream = {0};
	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return STATUS_NO_MEMORY;
	enum status status = STATUS_OK;
	while (status == STATUS_OK) {
		struct bytes input;
		status = take_input(unpacking, &input);
		if (status == STATUS_OK)
			status = input.len > 0 ? inflate_input(unpacking, &stream, input) : STATUS_MALFORMED;
	}
	inflateEnd(&stream);
	return status == STATUS_END ? STATUS_OK : status;
}

enum status zip_parts_read(struct source *source, const struct zip_part *part, uint64_t *budget, zip_parts_take *take,
                           void *context)
{
	struct bytes header;
	enum status status = source_view(source, part->header_offset, LOCAL_SIZE, &header);
	if (status != STATUS_OK)
		return status;
	if (header.len < LOCAL_SIZE || memcmp(header.at, "PK\3\4", 4) != 0)
		return STATUS_MALFORMED;
	if (part->flags & (FLAG_ENCRYPTED | FLAG_STRONGLY_ENCRYPTED))
		return STATUS_ENCRYPTED;
	if (part->method != METHOD_STORED && part->method != METHOD_DEFLATED)
		return STATUS_UNSUPPORTED;
	size_t skipped = (size_t)LOCAL_SIZE + load_le16(header.at + 26) + load_le16(header.at + 28);
	if (part->is_guessed && part->packed_size < skipped)
		return STATUS_MALFORMED;
	struct unpacking unpacking = {source,
	                              part,
	                              budget,
	                              take,
	                              context,
	                              part->header_offset + skipped,
	                              part->packed_size - (part->is_guessed ? skipped : 0),
	                              0};
	status = part->method == METHOD_STORED ? copy_stored(&unpacking) : inflate_part(&unpacking);
	if (status == STATUS_OK && !part->is_guessed && unpacking.crc32 != part->crc32)
		return STATUS_MALFORMED;
	return status;
}

/* ---- the kind ---- */

struct keeping_type {
	char *type;
	size_t len;
};

static enum status keep_type(void *context, struct bytes piece)
{
	struct keeping_type *keeping = context;
	piece = bytes_slice(piece, 0, ZIP_TYPE_SIZE - keeping->len);
	if (piece.len > 0)
		memcpy(keeping->type + keeping->len, piece.at, piece.len);
	keeping->len += piece.len;
	return keeping->len < ZIP_TYPE_SIZE ? STATUS_OK : STATUS_END;
}

struct bytes zip_parts_type(struct bytes head, struct source *source, char type[static ZIP_TYPE_SIZE])
{
	const struct bytes name = BYTES_LITERAL("mimetype");
	struct keeping_type keeping = {type, 0};
	if (head.len < LOCAL_SIZE || memcmp(head.at, "PK\3\4", 4) != 0 || load_le16(head.at + 26) != name.len ||
	    !bytes_start_with(bytes_from(head, LOCAL_SIZE), name))
		return BYTES_NONE;
	const struct zip_part part = {
		.method = load_le16(head.at + 8),
		.flags = load_le16(head.at + 6),
		.packed_size = source->size,
		.is_guessed = true,
	};
	enum status status = zip_parts_read(source, &part, NULL, keep_type, &keeping);
	if (status == STATUS_ENCRYPTED || status == STATUS_UNSUPPORTED)
		return BYTES_NONE;
	/* Its size may stand behind it only: no kind has letters as the next header has. */
	size_t len = 0;
	while (len < keeping.len && ((type[len] >= 'a' && type[len] <= 'z') || (type[len] >= '0' && type[len] <= '9') ||
	                             (type[len] != '\0' && strchr("./+-", type[len]) != NULL)))
		len++;
	uint32_t size = load_le32(head.at + 22);
	return bytes_of(type, size > 0 && size < len ? size : len);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Office Open XML (ECMA-376): Word documents, workbooks, presentations, their
 * templates and macro-enabled kinds, and what text Visio drawings have. The
 * document is recognised by its parts, whatever it is called. After the main
 * part every part of a readable type that nobody named is read too, so that
 * nothing hides in an orphan; parts that are no XML become children.
 */
#include "format/office/ooxml-parts.h"
#include "format/office/package-signatures.h"

static int ooxml_bid(struct bytes head, struct source *source);
static enum status ooxml_extract(struct source *source, struct emitter *emitter);

extern const struct format format_ooxml;
const struct format format_ooxml = {
	.name = "ooxml",
	.version = 6,
	.media_type = "application/vnd.openxmlformats-officedocument",
	.bid = ooxml_bid,
	.extract = ooxml_extract,
};

#define RELATED_DEPTH_MAX 4
#define MEDIA_TYPE_SIZE 128
#define TYPES_CEILING (256u << 10)

static enum status read_signatures(struct ooxml *ooxml, size_t part)
{
	return package_emit_signatures(&ooxml->package, "ooxml", part);
}

struct reader {
	const char *type_end;
	enum status (*read)(struct ooxml *ooxml, size_t part);
};

/* In the order in which parts are read. Main parts are read before, by main_readers. */
static const struct reader readers[] = {
	{"core-properties+xml", ooxml_read_properties},
	{"extended-properties+xml", ooxml_read_properties},
	{"custom-properties+xml", ooxml_read_properties},
	{"commentAuthors+xml", ooxml_read_attributes},
	{"powerpoint.authors+xml", ooxml_read_attributes},
	{"person+xml", ooxml_read_attributes},
	{".slide+xml", ooxml_read_flow},
	{".notesSlide+xml", ooxml_read_flow},
	{".header+xml", ooxml_read_flow},
	{".footer+xml", ooxml_read_flow},
	{".footnotes+xml", ooxml_read_flow},
	{".endnotes+xml", ooxml_read_flow},
	{".comments+xml", ooxml_read_flow},
	{".threadedcomments+xml", ooxml_read_flow},
	{".document.glossary+xml", ooxml_read_flow},
	{".drawing+xml", ooxml_read_flow},
	{".chart+xml", ooxml_read_flow},
	{".chartex+xml", ooxml_read_flow},
	{".chartshapes+xml", ooxml_read_flow},
	{".diagramData+xml", ooxml_read_flow},
	{"visio.page+xml", ooxml_read_flow},
	{".externalLink+xml", ooxml_read_flow},
	{".people+xml", ooxml_read_attributes},
	{".settings+xml", ooxml_read_attributes},
	{".connections+xml", ooxml_read_attributes},
	{".pivotCacheDefinition+xml", ooxml_read_attributes},
	{".pivotCacheRecords+xml", ooxml_read_attributes},
	{"digital-signature-xmlsignature+xml", read_signatures},
};

#define READER_COUNT (sizeof readers / sizeof *readers)
#define FIRST_AFTER_MAIN 6

/* By what the type of the main part holds; its name serves where the type is lost. */
static const struct main_reader {
	const char *type, *other_type, *name;
	enum status (*read)(struct ooxml *ooxml, size_t part);
} main_readers[] = {
	{"ms-excel.sheet.binary", "ms-excel.sheet.binary", "xl/workbook.bin", NULL},
	{"wordprocessingml", "ms-word", "word/document.xml", ooxml_read_flow},
	{"spreadsheetml", "ms-excel", "xl/workbook.xml", ooxml_read_workbook},
	{"presentationml", "ms-powerpoint", "ppt/presentation.xml", ooxml_read_presentation},
	{"ms-visio", "ms-visio", "visio/document.xml", NULL},
};

#define MAIN_READER_COUNT (sizeof main_readers / sizeof *main_readers)

/* ---- recognising ---- */

static const unsigned char ole_magic[8] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
#define ENCRYPTED_STREAM BYTES_LITERAL("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e")
#define OLE_DIRECTORY_REACH (64u << 10)

/* An encrypted document is an OLE2 file with a stream of that name (MS-OFFCRYPTO 2.3.4.4). Its directory is short;
 * where it begins the header tells (MS-CFB 2.2). */
static bool is_encrypted_package(struct bytes head, struct source *source)
{
	struct bytes view;
	if (head.len < 512 || memcmp(head.at, ole_magic, sizeof ole_magic) != 0)
		return false;
	unsigned shift = load_le16(head.at + 30);
	uint64_t sector = load_le32(head.at + 48);
	if (shift < 7 || shift > 20)
		return false;
	if (source_view(source, (sector + 1) << shift, OLE_DIRECTORY_REACH, &view) != STATUS_OK)
		return false;
	return bytes_find(view, ENCRYPTED_STREAM) != BYTES_NOT_FOUND;
}

static bool has_known_folder(const struct zip_parts *parts)
{
	static const char *const folders[] = {"word/", "xl/", "ppt/", "visio/"};
	for (size_t i = 0; i < parts->count; i++)
		for (size_t j = 0; j < sizeof folders / sizeof *folders; j++)
			if (bytes_start_with_nocase(parts->at[i].name, bytes_of_string(folders[j])))
				return true;
	return false;
}

static enum status keep_piece(void *context, struct bytes piece)
{
	buffer_append(context, piece);
	return buffer_status(context);
}

/* Folders may have any name: then the list of types decides. */
static bool has_known_types(struct source *source, const struct zip_part *types)
{
	struct buffer text = buffer_with_ceiling(TYPES_CEILING);
	bool is_known = false;
	if (zip_parts_read(source, types, NULL, keep_piece, &text) != STATUS_NO_MEMORY)
		for (size_t i = 0; i < MAIN_READER_COUNT; i++)
			is_known |= bytes_find(buffer_bytes(&text), bytes_of_string(main_readers[i].type)) != BYTES_NOT_FOUND;
	buffer_free(&text);
	return is_known;
}

static int ooxml_bid(struct bytes head, struct source *source)
{
	struct zip_parts parts = {0};
	int bid = 0;
	if (is_encrypted_package(head, source))
		return 96;
	if (!bytes_start_with(head, BYTES_LITERAL("PK\3\4")))
		return 0;
	if (zip_parts_open(source, &parts) == STATUS_OK) {
		const struct zip_part *types = zip_parts_find(&parts, BYTES_LITERAL("[Content_Types].xml"));
		if (types != NULL && (has_known_folder(&parts) || has_known_types(source, types)))
			bid = 90;
	}
	zip_parts_free(&parts);
	return bid;
}

/* ---- parts ---- */

static const struct reader *find_reader(const struct ooxml *ooxml, size_t part)
{
	for (size_t i = 0; i < READER_COUNT; i++)
		if (ooxml_has_type(ooxml, part, readers[i].type_end))
			return &readers[i];
	return NULL;
}

enum status ooxml_read_part(struct ooxml *ooxml, size_t part)
{
	const struct reader *reader = find_reader(ooxml, part);
	if (reader == NULL || ooxml->parts[part].is_done)
		return STATUS_OK;
	ooxml->parts[part].is_done = true;
	return reader->read(ooxml, part);
}

static enum status read_related(struct ooxml *ooxml, size_t part, unsigned depth)
{
	struct ooxml_relations relations;
	enum status status = ooxml_read_relations(ooxml, part, &relations);
	for (size_t i = 0; status == STATUS_OK && i < relations.count; i++) {
		size_t other = relations.at[i].is_external ? OOXML_NO_PART : ooxml_find_part(ooxml, relations.at[i].target);
		if (other == OOXML_NO_PART || ooxml->parts[other].is_done || ooxml_has_type(ooxml, other, ".slide+xml"))
			continue;
		status = ooxml_read_part(ooxml, other);
		if (status == STATUS_OK && ooxml->parts[other].is_done && depth < RELATED_DEPTH_MAX)
			status = read_related(ooxml, other, depth + 1);
	}
	return status;
}

enum status ooxml_read_related(struct ooxml *ooxml, size_t part)
{
	return read_related(ooxml, part, 0);
}

static enum status read_all_of(struct ooxml *ooxml, const struct reader *reader)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; status == STATUS_OK && i < ooxml->package.zip.count; i++)
		if (!ooxml->parts[i].is_done && ooxml_has_type(ooxml, i, reader->type_end)) {
			ooxml->parts[i].is_done = true;
			status = reader->read(ooxml, i);
		}
	return status;
}

static enum status read_all_targets(struct ooxml *ooxml)
{
	enum status status = ooxml_end_line(ooxml);
	for (size_t i = 0; status == STATUS_OK && i < ooxml->package.zip.count; i++)
		if (bytes_end_with(ooxml->package.zip.at[i].name, BYTES_LITERAL(".rels"))) {
			ooxml->parts[i].is_done = true;
			status = ooxml_read_targets(ooxml, i);
		}
	return status;
}

/* ---- children ---- */

static bool ends_with_any(struct bytes name, const char *const *ends, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bytes end = bytes_of_string(ends[i]);
		if (name.len >= end.len && bytes_equal_nocase(bytes_from(name, name.len - end.len), end))
			return true;
	}
	return false;
}

/* XML parts are layout unless a reader knows them; customXml is data that people put in. */
static bool is_child(const struct ooxml *ooxml, size_t part)
{
	static const char *const layout[] = {".xml", ".rels", ".vml", ".odttf", ".fntdata", "/"};
	struct bytes name = ooxml->package.zip.at[part].name;
	if (ooxml->parts[part].is_done)
		return false;
	if (bytes_start_with_nocase(name, BYTES_LITERAL("customXml/item")))
		return bytes_find(name, BYTES_LITERAL("Props")) == BYTES_NOT_FOUND;
	if (bytes_find(name, BYTES_LITERAL("/printerSettings")) != BYTES_NOT_FOUND)
		return false;
	return !ends_with_any(name, layout, sizeof layout / sizeof *layout);
}

static enum status emit_children(struct ooxml *ooxml)
{
	enum status status = ooxml_end_line(ooxml);
	for (size_t i = 0; status == STATUS_OK && i < ooxml->package.zip.count; i++)
		if (is_child(ooxml, i))
			status = package_emit_child(&ooxml->package, i);
	return status;
}

/* ---- the whole ---- */

/* "....document.main+xml" is the part; the document is without ".main+xml", and with ".12" if it has macros. */
static enum status emit_type(struct ooxml *ooxml, const char *type)
{
	char media_type[MEDIA_TYPE_SIZE];
	struct bytes whole = bytes_of_string(type);
	const struct bytes end = BYTES_LITERAL(".main+xml"), macro = BYTES_LITERAL("acroEnabled");
	if (!bytes_end_with(whole, end) || whole.len - end.len + sizeof ".12" > sizeof media_type)
		return STATUS_OK;
	struct bytes base = bytes_slice(whole, 0, whole.len - end.len);
	memcpy(media_type, base.at, base.len);
	strcpy(media_type + base.len, bytes_end_with(base, macro) ? ".12" : "");
	return emit_media_type(ooxml->package.emitter, media_type);
}

static size_t find_main(struct ooxml *ooxml, enum status *status)
{
	struct ooxml_relations relations;
	*status = ooxml_read_relations(ooxml, OOXML_NO_PART, &relations);
	for (size_t i = 0; *status == STATUS_OK && i < relations.count; i++)
		if (strcmp(relations.at[i].kind, "officeDocument") == 0 || strcmp(relations.at[i].kind, "document") == 0) {
			size_t part = ooxml_find_part(ooxml, relations.at[i].target);
			if (part != OOXML_NO_PART)
				return part;
		}
	for (size_t i = 0; i < MAIN_READER_COUNT; i++) {
		size_t part = ooxml_find_part(ooxml, main_readers[i].name);
		if (part != OOXML_NO_PART)
			return part;
	}
	return OOXML_NO_PART;
}

static const struct main_reader *find_main_reader(const struct ooxml *ooxml, size_t part)
{
	for (size_t i = 0; i < MAIN_READER_COUNT; i++) {
		const struct main_reader *reader = &main_readers[i];
		const char *type = ooxml->parts[part].type;
		if (strstr(type, reader->type) != NULL || strstr(type, reader->other_type) != NULL ||
		    bytes_equal_nocase(ooxml->package.zip.at[part].name, bytes_of_string(reader->name)))
			return reader;
	}
	return NULL;
}

/* UNSUPPORTED is kept aside: what is around an unreadable main part is read all the same. */
static enum status read_main(struct ooxml *ooxml, enum status *outcome)
{
	enum status status;
	size_t part = find_main(ooxml, &status);
	if (status != STATUS_OK)
		return status;
	const struct main_reader *reader = part != OOXML_NO_PART ? find_main_reader(ooxml, part) : NULL;
	if (reader == NULL) {
		emit_note(ooxml->package.emitter, "ooxml: its main part is missing or of no kind we know");
		*outcome = STATUS_MALFORMED;
		return STATUS_OK;
	}
	status = emit_type(ooxml, ooxml->parts[part].type);
	ooxml->parts[part].is_done = true;
	unsigned damaged_before = ooxml->package.damaged_parts;
	if (status == STATUS_OK && bytes_end_with(ooxml->package.zip.at[part].name, BYTES_LITERAL(".bin"))) {
		emit_note(ooxml->package.emitter, "ooxml: sheets are in the binary form (xlsb)");
		*outcome = STATUS_UNSUPPORTED;
		return STATUS_OK;
	}
	if (status == STATUS_OK && reader->read != NULL)
		status = reader->read(ooxml, part);
	if (ooxml->package.damaged_parts > damaged_before)
		*outcome = ooxml->package.has_encrypted_parts ? STATUS_ENCRYPTED : STATUS_MALFORMED;
	return status;
}

static enum status read_package(struct ooxml *ooxml, struct source *source, struct emitter *emitter)
{
	enum status outcome = STATUS_OK;
	enum status status = ooxml_open(ooxml, source, emitter);
	if (status == STATUS_OK && ooxml->package.zip.is_damaged)
		emit_note(ooxml->package.emitter, "ooxml: the archive's directory is missing, read without it");
	for (size_t i = 0; status == STATUS_OK && i < FIRST_AFTER_MAIN; i++)
		status = read_all_of(ooxml, &readers[i]);
	if (status == STATUS_OK)
		status = read_main(ooxml, &outcome);
	for (size_t i = FIRST_AFTER_MAIN; status == STATUS_OK && i < READER_COUNT; i++)
		status = read_all_of(ooxml, &readers[i]);
	if (status == STATUS_OK)
		status = read_all_targets(ooxml);
	if (status == STATUS_OK)
		status = emit_children(ooxml);
	return status == STATUS_OK ? outcome : status;
}

static enum status ooxml_extract(struct source *source, struct emitter *emitter)
{
	struct ooxml ooxml = {0};
	struct bytes head;
	enum status status = source_view(source, 0, FORMAT_HEAD_SIZE, &head);
	if (status != STATUS_OK)
		return status;
	if (bytes_start_with(head, bytes_of(ole_magic, sizeof ole_magic))) {
		emit_note(emitter, "ooxml: needs a password");
		emit_unseen(emitter, source->size);
		return STATUS_ENCRYPTED;
	}
	status = read_package(&ooxml, source, emitter);
	if (status == STATUS_BOMB)
		emit_note(emitter, "ooxml: more is in it than an honest document holds");
	ooxml_close(&ooxml);
	return status;
}

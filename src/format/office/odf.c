/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenDocument (ODF 1.3, ISO/IEC 26300): texts, spreadsheets, presentations and
 * their kin, and what OpenOffice.org 1 wrote before. The member mimetype says
 * which (part 2, 3.3), or else the manifest. Objects within are parts of the
 * document; members that are no XML become children. The same as one file is
 * odf-flat.c's.
 */
#include "format/office/odf-parts.h"
#include "format/office/package-signatures.h"

#include "base/text.h"

#include <stdlib.h>

static int odf_bid(struct bytes head, struct source *source);
static enum status odf_extract(struct source *source, struct emitter *emitter);

extern const struct format format_odf;
const struct format format_odf = {
	.name = "odf",
	.version = 3,
	.media_type = "application/vnd.oasis.opendocument",
	.bid = odf_bid,
	.extract = odf_extract,
};

#define VALUE_CEILING (64u << 10)
#define NAME_SIZE 128
#define OBJECTS_MAX 1000

#define ODF "application/vnd.oasis.opendocument."
#define BEFORE_ODF "application/vnd.sun.xml."

/* clang-format off */
static const char *const kinds[] = {
	ODF "text", ODF "text-template", ODF "text-master", ODF "text-master-template", ODF "text-web",
	ODF "spreadsheet", ODF "spreadsheet-template", ODF "presentation", ODF "presentation-template",
	ODF "graphics", ODF "graphics-template", ODF "chart", ODF "chart-template", ODF "image", ODF "image-template",
	ODF "formula", ODF "formula-template", ODF "base", ODF "database",
	BEFORE_ODF "writer", BEFORE_ODF "writer.template", BEFORE_ODF "writer.global", BEFORE_ODF "calc", BEFORE_ODF "calc.template",
	BEFORE_ODF "impress", BEFORE_ODF "impress.template", BEFORE_ODF "draw", BEFORE_ODF "draw.template", BEFORE_ODF "math",
};
/* clang-format on */

const char *odf_find_kind(struct bytes type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (bytes_equal_string(bytes_trim(type), kinds[i]))
			return kinds[i];
	return NULL;
}

/* ---- recognising ---- */

static bool is_ours(struct bytes type)
{
	return bytes_start_with(type, BYTES_LITERAL(ODF)) || bytes_start_with(type, BYTES_LITERAL(BEFORE_ODF));
}

static int odf_bid(struct bytes head, struct source *source)
{
	char type[ZIP_TYPE_SIZE];
	int flat = odf_flat_bid(head, source);
	if (flat > 0)
		return flat;
	if (is_ours(zip_parts_type(head, source, type)))
		return 92;
	/* Without its mark: any other zip that has a manifest (a program of Java) has no content.xml. */
	if (!bytes_start_with(head, BYTES_LITERAL("PK\3\4")) ||
	    (bytes_find(head, BYTES_LITERAL("content.xml")) == BYTES_NOT_FOUND &&
	     bytes_find(head, BYTES_LITERAL("META-INF/manifest.xml")) == BYTES_NOT_FOUND))
		return 0;
	struct zip_parts parts = {0};
	bool has_both = zip_parts_open(source, &parts) == STATUS_OK &&
	                zip_parts_find(&parts, BYTES_LITERAL("META-INF/manifest.xml")) != NULL &&
	                zip_parts_find(&parts, BYTES_LITERAL("content.xml")) != NULL;
	zip_parts_free(&parts);
	return has_both ? 80 : 0;
}

/* ---- the manifest (part 2, 4) ---- */

struct reading_manifest {
	struct odf *odf;
	size_t part;      /* of the entry at hand, or PACKAGE_NO_PART */
	bool is_package;  /* the entry is the whole, encrypted as one member */
	const char *root; /* the whole's kind */
};

static enum status on_manifest_start(void *context, const char *name, const char *const *attributes)
{
	struct reading_manifest *reading = context;
	struct odf *odf = reading->odf;
	const char *local = xml_local_name(name);
	if (strcmp(local, "encryption-data") == 0) {
		odf->is_package_encrypted |= reading->is_package;
		if (reading->part != PACKAGE_NO_PART)
			odf->parts[reading->part].is_encrypted = true;
	}
	if (strcmp(local, "file-entry") != 0)
		return STATUS_OK;
	struct bytes path = bytes_of_string(xml_attribute(attributes, "full-path"));
	const char *kind = odf_find_kind(bytes_of_string(xml_attribute(attributes, "media-type")));
	reading->is_package = bytes_equal_string(path, "encrypted-package");
	if (bytes_equal_string(path, "/") && kind != NULL)
		reading->root = kind;
	reading->part = package_find(&odf->package, path);
	/* An object's folder has its kind; its text is in its content.xml. */
	if (kind != NULL && path.len > 1 && path.at[path.len - 1] == '/') {
		struct buffer content = buffer_with_ceiling(VALUE_CEILING);
		buffer_append(&content, path);
		buffer_append_string(&content, "content.xml");
		size_t part = package_find(&odf->package, buffer_bytes(&content));
		if (part != PACKAGE_NO_PART)
			odf->parts[part].media_type = kind;
		buffer_free(&content);
	}
	return STATUS_OK;
}

static enum status on_manifest_end(void *context, const char *name)
{
	struct reading_manifest *reading = context;
	if (strcmp(xml_local_name(name), "file-entry") == 0)
		reading->part = PACKAGE_NO_PART;
	return STATUS_OK;
}

/* Gives the whole's kind, where it does. */
static enum status read_manifest(struct odf *odf, const char **ret_kind)
{
	static const struct xml_events events = {.start = on_manifest_start, .end = on_manifest_end};
	struct reading_manifest reading = {.odf = odf, .part = PACKAGE_NO_PART};
	size_t part = package_find(&odf->package, BYTES_LITERAL("META-INF/manifest.xml"));
	if (part == PACKAGE_NO_PART)
		return STATUS_OK;
	odf->parts[part].is_done = true;
	enum status status = package_parse(&odf->package, part, &events, &reading);
	if (status == STATUS_OK && reading.root != NULL)
		*ret_kind = reading.root;
	return status;
}

/* ---- meta.xml (part 3, 4.3) ---- */

struct reading_meta {
	struct odf *odf;
	char property[NAME_SIZE]; /* of a value that people defined */
	struct buffer value, author;
	bool has_author; /* who made it; else who changed it last is named */
	unsigned depth;
	bool is_within; /* the properties; all of a meta.xml is */
};

/* A flat file is read no further than its properties. */
static enum status enter_meta(struct reading_meta *reading, const char *name)
{
	reading->depth++;
	if (reading->odf->pass == ODF_PACKAGE)
		reading->is_within = true;
	else if (reading->depth == 2)
		reading->is_within = strcmp(xml_local_name(name), "meta") == 0;
	return reading->depth == 2 && strcmp(xml_local_name(name), "body") == 0 ? STATUS_END : STATUS_OK;
}

static enum status on_meta_start(void *context, const char *name, const char *const *attributes)
{
	struct reading_meta *reading = context;
	enum status status = enter_meta(reading, name);
	buffer_reset(&reading->value);
	reading->property[0] = '\0';
	if (status != STATUS_OK || !reading->is_within || strcmp(xml_local_name(name), "user-defined") != 0)
		return status;
	struct bytes property = bytes_of_string(xml_attribute(attributes, "name"));
	size_t len = property.len < NAME_SIZE ? property.len : text_valid_length(bytes_slice(property, 0, NAME_SIZE - 1));
	if (len > 0)
		memcpy(reading->property, property.at, len);
	reading->property[len] = '\0';
	return STATUS_OK;
}

static enum status on_meta_text(void *context, struct bytes text)
{
	struct reading_meta *reading = context;
	if (!reading->is_within)
		return STATUS_OK;
	buffer_append(&reading->value, text);
	return buffer_status(&reading->value) == STATUS_NO_MEMORY ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status emit_meta(struct reading_meta *reading, const char *name, struct bytes value)
{
	static const char *const told[] = {"subject", "description", "keyword", "printed-by", "generator"};
	struct emitter *emitter = reading->odf->package.emitter;
	if (reading->property[0] != '\0')
		return emit_metadata(emitter, METADATA_OTHER, reading->property, value);
	if (strcmp(name, "creation-date") == 0) {
		int64_t when = clock_parse_rfc3339(value);
		return when != CLOCK_UNKNOWN ? emit_created(emitter, when) : STATUS_OK;
	}
	if (strcmp(name, "title") == 0)
		return emit_metadata(emitter, METADATA_TITLE, "title", value);
	if (strcmp(name, "language") == 0)
		return emit_metadata(emitter, METADATA_LANGUAGE, "language", value);
	if (strcmp(name, "initial-creator") == 0) {
		reading->has_author = true;
		return emit_metadata(emitter, METADATA_AUTHOR, "initial-creator", value);
	}
	if (strcmp(name, "creator") == 0 && reading->author.len == 0) {
		buffer_append(&reading->author, value);
		return buffer_status(&reading->author);
	}
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (strcmp(name, told[i]) == 0)
			return emit_metadata(emitter, METADATA_OTHER, name, value);
	return STATUS_OK;
}

static enum status on_meta_end(void *context, const char *name)
{
	struct reading_meta *reading = context;
	struct bytes value = bytes_trim(buffer_bytes(&reading->value));
	enum status status = STATUS_OK;
	if (value.len > 0 && buffer_status(&reading->value) == STATUS_OK)
		status = emit_meta(reading, xml_local_name(name), value);
	buffer_reset(&reading->value);
	reading->property[0] = '\0';
	bool is_end = --reading->depth == 1 && reading->is_within && reading->odf->pass != ODF_PACKAGE;
	return status == STATUS_OK && is_end ? STATUS_END : status;
}

enum status odf_read_properties(struct odf *odf, size_t part)
{
	static const struct xml_events events = {on_meta_start, on_meta_end, on_meta_text};
	struct reading_meta reading = {
		.odf = odf,
		.value = buffer_with_ceiling(VALUE_CEILING),
		.author = buffer_with_ceiling(VALUE_CEILING),
	};
	enum status status = package_parse(&odf->package, part, &events, &reading);
	if (status == STATUS_END)
		status = STATUS_OK;
	if (status == STATUS_OK && reading.author.len > 0)
		status = emit_metadata(odf->package.emitter, reading.has_author ? METADATA_OTHER : METADATA_AUTHOR, "creator",
		                       buffer_bytes(&reading.author));
	buffer_free(&reading.value);
	buffer_free(&reading.author);
	return status;
}

static enum status read_meta(struct odf *odf)
{
	size_t part = package_find(&odf->package, BYTES_LITERAL("meta.xml"));
	if (part == PACKAGE_NO_PART || odf->parts[part].is_encrypted)
		return STATUS_OK;
	odf->parts[part].is_done = true;
	return odf_read_properties(odf, part);
}

/* ---- parts and children ---- */

static enum status read_once(struct odf *odf, size_t part)
{
	if (part == PACKAGE_NO_PART || odf->parts[part].is_done || odf->parts[part].is_encrypted)
		return STATUS_OK;
	odf->parts[part].is_done = true;
	return odf_read_flow(odf, part);
}

static bool is_object(const struct odf *odf, size_t part)
{
	return bytes_end_with(odf->package.zip.at[part].name, BYTES_LITERAL("/content.xml")) && !odf->parts[part].is_done;
}

/* A document within: its folder's name, its own kind. */
static enum status read_object(struct odf *odf, size_t part)
{
	const struct zip_part *member = &odf->package.zip.at[part];
	struct emitter *emitter = odf->package.emitter;
	struct bytes folder = package_folder_of(member->name);
	const char *kind = odf->parts[part].media_type;
	const struct part object = {
		.name = bytes_slice(folder, 0, folder.len - 1),
		.media_type = kind != NULL ? kind : format_odf.media_type,
	};
	bool is_wanted = false, is_encrypted = odf->parts[part].is_encrypted;
	unsigned damaged_before = odf->package.damaged_parts;
	odf->parts[part].is_done = true;
	enum status status = package_end_line(&odf->package);
	if (status == STATUS_OK)
		status = emit_part_begin(emitter, &object, &is_wanted);
	if (status != STATUS_OK || !is_wanted)
		return status;
	if (!is_encrypted)
		status = odf_read_flow(odf, part);
	if (status == STATUS_OK)
		status = package_end_line(&odf->package);
	if (status != STATUS_OK)
		return status;
	bool is_damaged = odf->package.damaged_parts > damaged_before;
	return emit_part_end(emitter, member->packed_size,
	                     is_encrypted ? STATUS_ENCRYPTED
	                     : is_damaged ? STATUS_MALFORMED
	                                  : STATUS_OK);
}

static enum status read_objects(struct odf *odf)
{
	enum status status = STATUS_OK;
	size_t count = 0;
	for (size_t i = 0; status == STATUS_OK && i < odf->package.zip.count; i++)
		if (is_object(odf, i))
			status = count++ < OBJECTS_MAX ? read_object(odf, i) : STATUS_BOMB;
	return status;
}

/* XML is layout, but for the programs of macros; pictures of objects, settings and fonts are, too. */
static bool is_child(const struct odf *odf, size_t part)
{
	static const char *const layout[] = {"ObjectReplacements/", "Configurations2/", "Fonts/", "layout-cache", "mimetype"};
	static const char *const macros[] = {"Basic/", "Dialogs/", "Scripts/"};
	struct bytes name = odf->package.zip.at[part].name;
	if (odf->parts[part].is_done || name.at[name.len - 1] == '/' || bytes_end_with(name, BYTES_LITERAL(".rdf")))
		return false;
	for (size_t i = 0; i < sizeof layout / sizeof *layout; i++)
		if (bytes_start_with(name, bytes_of_string(layout[i])))
			return false;
	if (!bytes_end_with(name, BYTES_LITERAL(".xml")))
		return true;
	for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
		if (bytes_start_with(name, bytes_of_string(macros[i])))
			return true;
	return false;
}

static enum status emit_children(struct odf *odf)
{
	enum status status = package_end_line(&odf->package);
	for (size_t i = 0; status == STATUS_OK && i < odf->package.zip.count; i++)
		if (is_child(odf, i))
			status = odf->parts[i].is_encrypted ? package_emit_locked_child(&odf->package, i)
			                                    : package_emit_child(&odf->package, i);
	return status;
}

/* ---- the whole ---- */

/* kind: as the manifest has it, where the first member does not say. */
static enum status emit_kind(struct odf *odf, const char *kind)
{
	char type[ZIP_TYPE_SIZE];
	struct bytes head;
	enum status status = source_view(odf->package.source, 0, FORMAT_HEAD_SIZE, &head);
	if (status != STATUS_OK)
		return status;
	const char *said = odf_find_kind(zip_parts_type(head, odf->package.source, type));
	if (said != NULL)
		kind = said;
	return kind != NULL ? emit_media_type(odf->package.emitter, kind) : STATUS_OK;
}

static enum status read_encrypted(struct odf *odf)
{
	emit_note(odf->package.emitter, "odf: needs a password");
	emit_unseen(odf->package.emitter, odf->package.source->size);
	enum status status = read_meta(odf);
	return status == STATUS_OK ? STATUS_ENCRYPTED : status;
}

static enum status read_content(struct odf *odf)
{
	size_t content = package_find(&odf->package, BYTES_LITERAL("content.xml"));
	if (odf->is_package_encrypted || (content != PACKAGE_NO_PART && odf->parts[content].is_encrypted))
		return read_encrypted(odf);
	enum status status = read_meta(odf);
	unsigned damaged_before = odf->package.damaged_parts;
	if (status == STATUS_OK)
		status = read_once(odf, content);
	bool is_whole = content != PACKAGE_NO_PART && odf->package.damaged_parts == damaged_before;
	if (content == PACKAGE_NO_PART)
		emit_note(odf->package.emitter, "odf: its content is missing");
	if (status == STATUS_OK)
		status = read_once(odf, package_find(&odf->package, BYTES_LITERAL("styles.xml")));
	if (status == STATUS_OK && odf->has_rows)
		status = emit_count(odf->package.emitter, FACT_SEEN, "rows", odf->rows);
	if (status == STATUS_OK)
		status = read_objects(odf);
	if (status == STATUS_OK)
		status = emit_children(odf);
	return status != STATUS_OK || is_whole ? status : odf->package.has_encrypted_parts ? STATUS_ENCRYPTED : STATUS_MALFORMED;
}

/* Of the document, of its macros, of the whole package (ODF 1.3 part 2, 5.2). */
static enum status read_signatures(struct odf *odf)
{
	static const char *const names[] = {"META-INF/documentsignatures.xml", "META-INF/macrosignatures.xml",
	                                    "META-INF/packagesignatures.xml"};
	enum status status = STATUS_OK;
	for (size_t i = 0; i < sizeof names / sizeof *names && status == STATUS_OK; i++) {
		size_t part = package_find(&odf->package, bytes_of_string(names[i]));
		if (part != PACKAGE_NO_PART)
			status = package_emit_signatures(&odf->package, "odf", part);
	}
	return status;
}

static enum status odf_extract(struct source *source, struct emitter *emitter)
{
	struct odf odf = {0};
	const char *kind = NULL;
	struct bytes head;
	enum status status = source_view(source, 0, 2, &head);
	if (status != STATUS_OK)
		return status;
	if (!bytes_start_with(head, BYTES_LITERAL("PK")))
		return odf_flat_extract(source, emitter);
	status = package_open(&odf.package, "odf", source, emitter);
	if (status == STATUS_OK) {
		odf.parts = calloc(odf.package.zip.count, sizeof *odf.parts);
		status = odf.parts != NULL ? read_manifest(&odf, &kind) : STATUS_NO_MEMORY;
	}
	if (status == STATUS_OK && odf.package.zip.is_damaged)
		emit_note(emitter, "odf: the archive's directory is missing, read without it");
	if (status == STATUS_OK)
		status = emit_kind(&odf, kind);
	if (status == STATUS_OK)
		status = read_content(&odf);
	if (status == STATUS_OK)
		status = read_signatures(&odf);
	if (status == STATUS_BOMB)
		emit_note(emitter, "odf: more is in it than an honest document holds");
	package_close(&odf.package);
	free(odf.parts);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flat OpenDocument (ODF 1.3 part 3, 3.1.2): what a package has files for stands
 * in one office:document, whose office:mimetype says what it is. It is read in
 * the order of a package: the properties, the body, then headers and footers of
 * the styles; a pass for each. Pictures and macros are children, named after
 * their frame or module. From where the XML breaks off, strings are read.
 */
#include "format/carve.h"
#include "format/office/odf-parts.h"

enum { BID = 92, LOOK_SIZE = 16 << 10, NAME_CEILING = 4096, PIECE_SIZE = 4096 };

/* clang-format off */
/* Those that have a type of their own as one file, as the shared-mime-info of freedesktop.org has them. */
static const struct {
	const char *kind, *flat;
} flat_kinds[] = {
	{"application/vnd.oasis.opendocument.text",         "application/vnd.oasis.opendocument.text-flat-xml"},
	{"application/vnd.oasis.opendocument.spreadsheet",  "application/vnd.oasis.opendocument.spreadsheet-flat-xml"},
	{"application/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation-flat-xml"},
	{"application/vnd.oasis.opendocument.graphics",     "application/vnd.oasis.opendocument.graphics-flat-xml"},
};
/* clang-format on */

/* ---- recognising ---- */

static enum status take_root(void *context, const char *name, const char *const *attributes)
{
	const char **kind = context;
	if (strcmp(xml_local_name(name), "document") == 0)
		*kind = odf_find_kind(bytes_of_string(xml_attribute(attributes, "mimetype")));
	return STATUS_END;
}

/* What the first element says it is; NULL if it is nothing of ours. */
static const char *kind_of_root(struct bytes text)
{
	static const struct xml_events events = {.start = take_root};
	struct xml_parser *parser;
	const char *kind = NULL;
	if (xml_start(&events, &kind, NULL, &parser) != STATUS_OK)
		return NULL;
	enum status status = xml_feed(parser, text);
	xml_free(parser);
	return status == STATUS_END ? kind : NULL;
}

static const char *find_kind(struct source *source)
{
	struct bytes look;
	return source_view(source, 0, LOOK_SIZE, &look) == STATUS_OK ? kind_of_root(look) : NULL;
}

int odf_flat_bid(struct bytes head, struct source *source)
{
	struct bytes text = head;
	if (bytes_start_with(text, BYTES_LITERAL("\xEF\xBB\xBF")))
		text = bytes_from(text, 3);
	text = bytes_trim(text);
	if (text.len == 0 || text.at[0] != '<' || bytes_find(head, BYTES_LITERAL("opendocument")) == BYTES_NOT_FOUND)
		return 0;
	return find_kind(source) != NULL ? BID : 0;
}

/* ---- what stands in it as text and is none ---- */

static bool is(const char *element, const char *name)
{
	return strcmp(element, name) == 0;
}

bool odf_flat_reads(struct odf *odf, const char *section)
{
	bool is_body = odf->pass == ODF_FLAT_BODY;
	odf->is_seen_before = !is_body && is(section, "automatic-styles");
	if (is(section, "automatic-styles"))
		return true;
	return is_body ? is(section, "body") || is(section, "scripts") : is(section, "styles") || is(section, "master-styles");
}

static enum status keep_name(struct odf *odf, const char *folder, const char *const *attributes)
{
	const char *name = xml_attribute(attributes, "name");
	struct buffer *into = &odf->inlay.name;
	buffer_reset(into);
	if (name == NULL || name[0] == '\0')
		return STATUS_OK;
	buffer_append_string(into, folder);
	buffer_append_string(into, name);
	if (buffer_status(into) == STATUS_TOO_LARGE)
		buffer_reset(into);
	return buffer_status(into);
}

enum status odf_flat_begin_inlay(struct odf *odf, const char *element, const char *const *attributes, unsigned depth)
{
	if (is(element, "frame"))
		return keep_name(odf, "", attributes);
	if (is(element, "module"))
		return keep_name(odf, "Basic/", attributes);
	bool is_base64 = is(element, "binary-data");
	if ((!is_base64 && !is(element, "source-code")) || odf->is_seen_before)
		return STATUS_OK;
	struct bytes name = buffer_bytes(&odf->inlay.name);
	const struct child child = {
		.name = name.len > 0 ? name
	                : is_base64  ? BYTES_LITERAL("picture")
	                             : BYTES_LITERAL("Basic/module"),
		.modified = CLOCK_UNKNOWN,
	};
	enum status status = package_flush(&odf->package);
	if (status == STATUS_OK)
		status = emit_child_begin(odf->package.emitter, &child);
	odf->inlay.since = depth;
	odf->inlay.is_base64 = is_base64;
	odf->inlay.bits = odf->inlay.bit_count = 0;
	return status;
}

/* Its value as a digit of base64 (RFC 4648, 4); 64 for what is none. */
static uint32_t digit_of(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

enum status odf_flat_put_inlay(struct odf *odf, struct bytes text)
{
	struct odf_inlay *inlay = &odf->inlay;
	unsigned char piece[PIECE_SIZE];
	size_t length = 0;
	enum status status = STATUS_OK;
	if (!inlay->is_base64)
		return emit_child_bytes(odf->package.emitter, text);
	for (size_t i = 0; i < text.len && status == STATUS_OK; i++) {
		uint32_t digit = digit_of(text.at[i]);
		if (digit == 64)
			continue;
		inlay->bits = (inlay->bits << 6 | digit) & 0xFFFF;
		inlay->bit_count += 6;
		if (inlay->bit_count < 8)
			continue;
		inlay->bit_count -= 8;
		piece[length++] = (unsigned char)(inlay->bits >> inlay->bit_count);
		if (length == sizeof piece) {
			status = emit_child_bytes(odf->package.emitter, bytes_of(piece, length));
			length = 0;
		}
	}
	return status == STATUS_OK && length > 0 ? emit_child_bytes(odf->package.emitter, bytes_of(piece, length)) : status;
}

enum status odf_flat_end_inlay(struct odf *odf, enum status how)
{
	odf->inlay.since = 0;
	return emit_child_end(odf->package.emitter, how);
}

/* ---- the whole ---- */

static enum status emit_kind(struct odf *odf)
{
	const char *kind = find_kind(odf->package.source);
	if (kind == NULL)
		return STATUS_MALFORMED;
	for (size_t i = 0; i < sizeof flat_kinds / sizeof *flat_kinds; i++)
		if (strcmp(kind, flat_kinds[i].kind) == 0)
			kind = flat_kinds[i].flat;
	return emit_media_type(odf->package.emitter, kind);
}

/* What no pass came to. */
static enum status emit_broken(struct odf *odf)
{
	struct package *package = &odf->package;
	uint64_t left = package->source->size > package->broken_at ? package->source->size - package->broken_at : 0;
	size_t room = CARVE_TEXT_MAX;
	emit_note(package->emitter, left > 0 ? "odf: not well-formed: strings only from there" : "odf: ends before its XML does");
	emit_unseen(package->emitter, left);
	enum status status = package_end_line(package);
	if (status == STATUS_OK)
		status = carve_emit(package->source, package->broken_at, left, package->emitter, &room);
	return status == STATUS_OK ? STATUS_MALFORMED : status;
}

static enum status read_passes(struct odf *odf)
{
	static const enum odf_pass passes[] = {ODF_FLAT_BODY, ODF_FLAT_STYLES};
	odf->pass = ODF_FLAT_META;
	enum status status = odf_read_properties(odf, PACKAGE_WHOLE);
	for (size_t i = 0; status == STATUS_OK && i < sizeof passes / sizeof *passes; i++) {
		odf->pass = passes[i];
		status = odf_read_flow(odf, PACKAGE_WHOLE);
	}
	if (status == STATUS_OK && odf->has_rows)
		status = emit_count(odf->package.emitter, FACT_SEEN, "rows", odf->rows);
	if (status == STATUS_OK)
		status = package_end_line(&odf->package);
	return status == STATUS_OK && odf->package.broken_at != UINT64_MAX ? emit_broken(odf) : status;
}

enum status odf_flat_extract(struct source *source, struct emitter *emitter)
{
	struct odf odf = {
		.package = package_of_whole("odf", source, emitter),
		.inlay.name = buffer_with_ceiling(NAME_CEILING),
	};
	enum status status = emit_kind(&odf);
	if (status == STATUS_OK)
		status = read_passes(&odf);
	if (status == STATUS_BOMB)
		emit_note(emitter, "odf: more is in it than an honest document holds");
	buffer_free(&odf.inlay.name);
	package_close(&odf.package);
	return status;
}

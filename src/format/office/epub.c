/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EPUB 2 and 3 (EPUB 3.3; OPF 2.0.1): META-INF/container.xml names the package
 * document, which names the chapters and their order. They are one text, as a
 * reader turns the pages; chapters that no order names follow, and then what
 * their pages do not show. Pictures and whatever else is no layout are children.
 */
#include "base/arena.h"
#include "base/percent.h"
#include "format/office/package.h"
#include "format/text/charset.h"
#include "format/text/html-reader.h"

#include <stdlib.h>

static int epub_bid(struct bytes head, struct source *source);
static enum status epub_extract(struct source *source, struct emitter *emitter);

extern const struct format format_epub;
const struct format format_epub = {
	.name = "epub",
	.version = 1,
	.media_type = "application/epub+zip",
	.bid = epub_bid,
	.extract = epub_extract,
	.prepare = charset_prepare,
};

#define ARENA_CEILING (64u << 20)
#define VALUE_CEILING (64u << 10)
#define NAME_MAX_LEN 1024
#define UNSHOWN_FULL (4u << 20)
#define ITEMS_MAX (1u << 20)
#define IDPF_FONT "http://www.idpf.org/2008/embedding"
#define ADOBE_FONT "http://ns.adobe.com/pdf/enc#RC"

struct item {
	const char *id;
	size_t part;
};

struct epub_part {
	bool is_page, is_done, is_encrypted;
};

struct epub {
	struct package package;
	struct epub_part *parts; /* beside package.zip.at */
	struct arena arena;
	const char *package_document; /* its name, NULL if none is given */
	struct bytes folder;          /* that its references are relative to */
	struct item *items, *order;   /* all that it lists; pages in reading order, by id */
	size_t item_count, item_capacity, order_count, order_capacity;
	struct buffer value; /* of the element at hand */
	bool is_in_metadata;
	bool is_font; /* the encryption at hand only hides a font */
	bool has_locked_pages;
	struct buffer shown, unshown;
};

static int epub_bid(struct bytes head, struct source *source)
{
	char type[ZIP_TYPE_SIZE];
	if (bytes_equal_string(zip_parts_type(head, source, type), "application/epub+zip"))
		return 92;
	if (!bytes_start_with(head, BYTES_LITERAL("PK\3\4")) || bytes_find(head, BYTES_LITERAL("META-INF/")) == BYTES_NOT_FOUND)
		return 0;
	struct zip_parts parts = {0};
	bool has_container = zip_parts_open(source, &parts) == STATUS_OK &&
	                     zip_parts_find(&parts, BYTES_LITERAL("META-INF/container.xml")) != NULL;
	zip_parts_free(&parts);
	return has_container ? 80 : 0;
}

/* ---- where things are ---- */

/* A reference as written: percent-encoded, with a fragment or without. */
static size_t find_target(struct epub *epub, struct bytes folder, const char *reference)
{
	struct buffer decoded = buffer_with_ceiling(NAME_MAX_LEN), name = buffer_with_ceiling(NAME_MAX_LEN);
	struct bytes target = bytes_of_string(reference);
	size_t fragment = bytes_find_byte(target, '#');
	percent_append_decoded(&decoded, fragment != BYTES_NOT_FOUND ? bytes_slice(target, 0, fragment) : target);
	package_append_target(&name, folder, buffer_bytes(&decoded));
	size_t part = name.len > 0 && buffer_status(&name) == STATUS_OK ? package_find(&epub->package, buffer_bytes(&name))
	                                                                : PACKAGE_NO_PART;
	buffer_free(&decoded);
	buffer_free(&name);
	return part;
}

static enum status on_container_start(void *context, const char *name, const char *const *attributes)
{
	struct epub *epub = context;
	const char *path = xml_attribute(attributes, "full-path");
	if (epub->package_document != NULL || path == NULL || strcmp(xml_local_name(name), "rootfile") != 0)
		return STATUS_OK;
	epub->package_document = arena_copy_string(&epub->arena, bytes_of_string(path));
	return epub->package_document != NULL ? STATUS_OK : STATUS_BOMB;
}

/* Fonts are hidden by methods that keep nothing secret; what is encrypted by any other is. */
static enum status on_encryption_start(void *context, const char *name, const char *const *attributes)
{
	struct epub *epub = context;
	const char *local = xml_local_name(name);
	const char *method = xml_attribute(attributes, "Algorithm"), *reference = xml_attribute(attributes, "URI");
	if (strcmp(local, "EncryptedData") == 0)
		epub->is_font = false;
	else if (strcmp(local, "EncryptionMethod") == 0 && method != NULL)
		epub->is_font = strcmp(method, IDPF_FONT) == 0 || strcmp(method, ADOBE_FONT) == 0;
	if (strcmp(local, "CipherReference") != 0 || reference == NULL || epub->is_font)
		return STATUS_OK;
	size_t part = find_target(epub, BYTES_NONE, reference);
	if (part != PACKAGE_NO_PART)
		epub->parts[part].is_encrypted = true;
	return STATUS_OK;
}

/* A part of the frame, where it stands there. */
static enum status read_frame(struct epub *epub, const char *name, const struct xml_events *events)
{
	size_t part = package_find(&epub->package, bytes_of_string(name));
	if (part == PACKAGE_NO_PART || epub->parts[part].is_done)
		return STATUS_OK;
	epub->parts[part].is_done = true;
	return package_parse(&epub->package, part, events, epub);
}

/* ---- the package document ---- */

static enum status add_item(struct item **items, size_t *count, size_t *capacity, struct item item)
{
	if (*count == *capacity) {
		size_t wanted = *capacity > 0 ? *capacity * 2 : 64;
		struct item *grown = wanted <= ITEMS_MAX ? realloc(*items, wanted * sizeof *grown) : NULL;
		if (grown == NULL)
			return wanted <= ITEMS_MAX ? STATUS_NO_MEMORY : STATUS_BOMB;
		*items = grown;
		*capacity = wanted;
	}
	(*items)[(*count)++] = item;
	return STATUS_OK;
}

static enum status list_item(struct epub *epub, const char *const *attributes)
{
	const char *id = xml_attribute(attributes, "id"), *reference = xml_attribute(attributes, "href");
	const char *type = xml_attribute(attributes, "media-type");
	size_t part = id != NULL && reference != NULL ? find_target(epub, epub->folder, reference) : PACKAGE_NO_PART;
	if (part == PACKAGE_NO_PART)
		return STATUS_OK;
	bool is_page = type != NULL && (strcmp(type, "application/xhtml+xml") == 0 || strcmp(type, "text/html") == 0);
	epub->parts[part].is_page |= is_page;
	struct item item = {arena_copy_string(&epub->arena, bytes_of_string(id)), part};
	return item.id == NULL ? STATUS_BOMB : add_item(&epub->items, &epub->item_count, &epub->item_capacity, item);
}

static enum status order_item(struct epub *epub, const char *const *attributes)
{
	const char *id = xml_attribute(attributes, "idref");
	if (id == NULL)
		return STATUS_OK;
	struct item item = {arena_copy_string(&epub->arena, bytes_of_string(id)), PACKAGE_NO_PART};
	return item.id == NULL ? STATUS_BOMB : add_item(&epub->order, &epub->order_count, &epub->order_capacity, item);
}

static enum status on_package_start(void *context, const char *name, const char *const *attributes)
{
	struct epub *epub = context;
	const char *local = xml_local_name(name);
	buffer_reset(&epub->value);
	if (strcmp(local, "metadata") == 0)
		epub->is_in_metadata = true;
	if (strcmp(local, "item") == 0)
		return list_item(epub, attributes);
	return strcmp(local, "itemref") == 0 ? order_item(epub, attributes) : STATUS_OK;
}

static enum status on_package_text(void *context, struct bytes text)
{
	struct epub *epub = context;
	if (epub->is_in_metadata)
		buffer_append(&epub->value, text);
	return buffer_status(&epub->value) == STATUS_NO_MEMORY ? STATUS_NO_MEMORY : STATUS_OK;
}

/* EPUB 3 says in meta elements what is for programs: when it was last changed, which picture is its cover. */
static enum status on_package_end(void *context, const char *name)
{
	static const char *const told[] = {"contributor", "description", "identifier", "publisher", "rights",
	                                   "source",      "subject",     "coverage",   "relation",  "date"};
	struct epub *epub = context;
	struct emitter *emitter = epub->package.emitter;
	const char *local = xml_local_name(name);
	struct bytes value = bytes_trim(buffer_bytes(&epub->value));
	enum status status = STATUS_OK;
	if (strcmp(local, "metadata") == 0)
		epub->is_in_metadata = false;
	if (!epub->is_in_metadata || value.len == 0 || buffer_status(&epub->value) != STATUS_OK)
		return STATUS_OK;
	if (strcmp(local, "title") == 0)
		status = emit_metadata(emitter, METADATA_TITLE, local, value);
	else if (strcmp(local, "creator") == 0)
		status = emit_metadata(emitter, METADATA_AUTHOR, local, value);
	else if (strcmp(local, "language") == 0)
		status = emit_metadata(emitter, METADATA_LANGUAGE, local, value);
	for (size_t i = 0; i < sizeof told / sizeof *told && status == STATUS_OK; i++)
		if (strcmp(local, told[i]) == 0)
			status = emit_metadata(emitter, METADATA_OTHER, told[i], value);
	buffer_reset(&epub->value);
	return status;
}

static int compare_items(const void *left, const void *right)
{
	return strcmp(((const struct item *)left)->id, ((const struct item *)right)->id);
}

static enum status read_frames(struct epub *epub)
{
	static const struct xml_events container = {.start = on_container_start}, encryption = {.start = on_encryption_start};
	static const struct xml_events package = {on_package_start, on_package_end, on_package_text};
	enum status status = read_frame(epub, "META-INF/container.xml", &container);
	if (status == STATUS_OK)
		status = read_frame(epub, "META-INF/encryption.xml", &encryption);
	/* A container that is lost: any package document will do. */
	for (size_t i = 0; epub->package_document == NULL && status == STATUS_OK && i < epub->package.zip.count; i++)
		if (bytes_end_with(epub->package.zip.at[i].name, BYTES_LITERAL(".opf")))
			epub->package_document = arena_copy_string(&epub->arena, epub->package.zip.at[i].name);
	if (status != STATUS_OK || epub->package_document == NULL)
		return status;
	epub->folder = package_folder_of(bytes_of_string(epub->package_document));
	status = read_frame(epub, epub->package_document, &package);
	if (epub->item_count > 0)
		qsort(epub->items, epub->item_count, sizeof *epub->items, compare_items);
	return status;
}

/* ---- pages ---- */

struct epub_page {
	struct epub *epub;
	struct html_reader html;
	struct charset_stream *decoder;
	struct buffer decoded;
};

static enum status open_decoder(struct epub_page *page, struct bytes first)
{
	const char *charset = charset_guess(first, BYTES_NONE);
	return charset_stream_open(bytes_of_string(charset != NULL ? charset : "utf-8"), &page->decoder);
}

static enum status put_shown(struct epub *epub)
{
	enum status status = buffer_status(&epub->shown);
	if (status == STATUS_OK && epub->shown.len > 0)
		status = emit_text(epub->package.emitter, buffer_bytes(&epub->shown));
	buffer_reset(&epub->shown);
	return status;
}

static enum status take_page_piece(void *context, struct bytes piece)
{
	struct epub_page *page = context;
	enum status status = page->decoder == NULL ? open_decoder(page, piece) : STATUS_OK;
	buffer_reset(&page->decoded);
	if (status == STATUS_OK)
		status = charset_stream_feed(page->decoder, piece, &page->decoded);
	if (status == STATUS_OK)
		status = html_reader_feed(&page->html, buffer_bytes(&page->decoded), false);
	if (status == STATUS_OK)
		status = put_shown(page->epub);
	return status == STATUS_OK ? emit_progress(page->epub->package.emitter) : status;
}

static enum status put_unshown(struct epub *epub)
{
	struct emitter *emitter = epub->package.emitter;
	if (epub->unshown.len == 0)
		return STATUS_OK;
	enum status status = emit_line_end(emitter);
	if (status == STATUS_OK)
		status = emit_text(emitter, BYTES_LITERAL("-- not shown on the page --\n"));
	if (status == STATUS_OK)
		status = emit_text(emitter, buffer_bytes(&epub->unshown));
	buffer_reset(&epub->unshown);
	return status == STATUS_OK ? emit_line_end(emitter) : status;
}

static enum status read_page(struct epub *epub, size_t part)
{
	struct epub_page page = {.epub = epub, .decoded = buffer_with_ceiling(SIZE_MAX / 4)};
	epub->parts[part].is_done = true;
	if (epub->parts[part].is_encrypted) {
		epub->has_locked_pages = true;
		emit_unseen(epub->package.emitter, epub->package.zip.at[part].packed_size);
		return STATUS_OK;
	}
	html_reader_start_into(&page.html, epub->package.emitter, &epub->shown, &epub->unshown);
	enum status status = package_read(&epub->package, part, take_page_piece, &page);
	if (status == STATUS_OK)
		status = html_reader_finish(&page.html);
	charset_stream_close(page.decoder);
	html_reader_free(&page.html);
	buffer_free(&page.decoded);
	if (status == STATUS_OK)
		status = put_shown(epub);
	if (status == STATUS_OK && epub->unshown.len > UNSHOWN_FULL)
		status = put_unshown(epub);
	if (status == STATUS_OK)
		status = emit_line_end(epub->package.emitter);
	return status == STATUS_OK ? emit_text(epub->package.emitter, BYTES_LITERAL("\n")) : status;
}

static enum status read_pages(struct epub *epub)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; status == STATUS_OK && i < epub->order_count && epub->item_count > 0; i++) {
		const struct item *item = bsearch(&epub->order[i], epub->items, epub->item_count, sizeof *epub->items,
		                                  compare_items);
		if (item != NULL && !epub->parts[item->part].is_done && epub->parts[item->part].is_page)
			status = read_page(epub, item->part);
	}
	for (size_t i = 0; status == STATUS_OK && i < epub->package.zip.count; i++) {
		struct bytes name = epub->package.zip.at[i].name;
		bool is_page = epub->parts[i].is_page || bytes_end_with(name, BYTES_LITERAL(".xhtml")) ||
		               bytes_end_with(name, BYTES_LITERAL(".html")) || bytes_end_with(name, BYTES_LITERAL(".htm"));
		if (is_page && !epub->parts[i].is_done)
			status = read_page(epub, i);
	}
	return status == STATUS_OK ? put_unshown(epub) : status;
}

/* ---- children ---- */

static bool is_child(const struct epub *epub, size_t part)
{
	static const char *const layout[] = {"mimetype", "/",     ".opf",   ".ncx",  ".css", ".otf",
	                                     ".ttf",     ".woff", ".woff2", ".smil", ".xpgt"};
	struct bytes name = epub->package.zip.at[part].name;
	if (epub->parts[part].is_done || bytes_start_with(name, BYTES_LITERAL("META-INF/")))
		return false;
	for (size_t i = 0; i < sizeof layout / sizeof *layout; i++)
		if (bytes_end_with(name, bytes_of_string(layout[i])))
			return false;
	return true;
}

static enum status emit_children(struct epub *epub)
{
	enum status status = STATUS_OK;
	for (size_t i = 0; status == STATUS_OK && i < epub->package.zip.count; i++)
		if (is_child(epub, i))
			status = epub->parts[i].is_encrypted ? package_emit_locked_child(&epub->package, i)
			                                     : package_emit_child(&epub->package, i);
	return status;
}

/* ---- the whole ---- */

static enum status read_book(struct epub *epub)
{
	enum status status = read_frames(epub);
	if (status == STATUS_OK && epub->package_document == NULL)
		emit_note(epub->package.emitter, "epub: nothing says in which order it is read");
	if (status == STATUS_OK)
		status = read_pages(epub);
	if (status == STATUS_OK)
		status = emit_children(epub);
	if (status != STATUS_OK)
		return status;
	if (epub->has_locked_pages || epub->package.has_encrypted_parts) {
		emit_note(epub->package.emitter, "epub: pages are encrypted");
		return STATUS_ENCRYPTED;
	}
	return epub->package.damaged_parts > 0 ? STATUS_MALFORMED : STATUS_OK;
}

static enum status epub_extract(struct source *source, struct emitter *emitter)
{
	struct epub epub = {
		.arena = arena_with_ceiling(ARENA_CEILING),
		.value = buffer_with_ceiling(VALUE_CEILING),
		.shown = buffer_with_ceiling(SIZE_MAX / 4),
		.unshown = buffer_with_ceiling(SIZE_MAX / 4),
	};
	enum status status = package_open(&epub.package, "epub", source, emitter);
	if (status == STATUS_OK) {
		epub.parts = calloc(epub.package.zip.count, sizeof *epub.parts);
		status = epub.parts != NULL ? read_book(&epub) : STATUS_NO_MEMORY;
	}
	if (status == STATUS_BOMB)
		emit_note(emitter, "epub: more is in it than an honest document holds");
	package_close(&epub.package);
	free(epub.parts);
	free(epub.items);
	free(epub.order);
	arena_free(&epub.arena);
	buffer_free(&epub.value);
	buffer_free(&epub.shown);
	buffer_free(&epub.unshown);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Packages of XML parts: see the header. */
#include "format/office/package.h"

#define BUDGET_FLOOR (UINT64_C(128) << 20)
#define BUDGET_CEILING (UINT64_C(4) << 30)
#define BUDGET_RATIO 250
#define TEXT_CEILING (8u << 20)
#define FLUSH_SIZE (16u << 10)
#define PIECE_SIZE 512

struct package package_of_whole(const char *format, struct source *source, struct emitter *emitter)
{
	return (struct package){
		.format = format,
		.source = source,
		.emitter = emitter,
		.text = buffer_with_ceiling(TEXT_CEILING),
		.broken_at = UINT64_MAX,
	};
}

enum status package_open(struct package *package, const char *format, struct source *source, struct emitter *emitter)
{
	uint64_t size = source->size < BUDGET_CEILING ? source->size : BUDGET_CEILING;
	*package = package_of_whole(format, source, emitter);
	package->budget = size * BUDGET_RATIO > BUDGET_FLOOR ? size * BUDGET_RATIO : BUDGET_FLOOR;
	if (package->budget > BUDGET_CEILING)
		package->budget = BUDGET_CEILING;
	return zip_parts_open(source, &package->zip);
}

void package_close(struct package *package)
{
	zip_parts_free(&package->zip);
	buffer_free(&package->text);
}

size_t package_find(const struct package *package, struct bytes name)
{
	if (name.len > 0 && name.at[0] == '/')
		name = bytes_from(name, 1);
	const struct zip_part *part = zip_parts_find(&package->zip, name);
	return part == NULL ? PACKAGE_NO_PART : (size_t)(part - package->zip.at);
}

/* ---- reading parts ---- */

/* zip_parts_read gives back the emitter's refusal or what is wrong with the member: the former must not be answered. */
static bool is_members_fault(enum status status)
{
	return status == STATUS_MALFORMED || status == STATUS_ENCRYPTED || status == STATUS_UNSUPPORTED;
}

static void lose_part(struct package *package, enum status status)
{
	package->damaged_parts++;
	if (status == STATUS_ENCRYPTED)
		package->has_encrypted_parts = true;
	emit_note(package->emitter, "%s: parts are %s", package->format,
	          status == STATUS_ENCRYPTED     ? "encrypted"
	          : status == STATUS_UNSUPPORTED ? "packed by a method not supported"
	                                         : "damaged");
}

enum status package_read(struct package *package, size_t part, zip_parts_take *take, void *context)
{
	enum status status = zip_parts_read(package->source, &package->zip.at[part], &package->budget, take, context);
	if (!is_members_fault(status))
		return status;
	lose_part(package, status);
	return STATUS_OK;
}

struct feeding {
	struct package *package;
	struct xml_parser *parser;
};

static enum status feed_piece(void *context, struct bytes piece)
{
	struct feeding *feeding = context;
	enum status status = xml_feed(feeding->parser, piece);
	return status == STATUS_OK ? emit_progress(feeding->package->emitter) : status;
}

/* Pieces are small: what is broken costs the piece it is in. */
static enum status feed_whole(struct feeding *feeding)
{
	struct package *package = feeding->package;
	struct bytes view;
	uint64_t at = 0;
	enum status status = STATUS_OK;
	for (; status == STATUS_OK; at += view.len) {
		status = source_view(package->source, at, PIECE_SIZE, &view);
		if (status != STATUS_OK || view.len == 0)
			break;
		status = feed_piece(feeding, view);
		if (status != STATUS_OK)
			break;
	}
	if (status == STATUS_OK)
		status = xml_finish(feeding->parser);
	if (status == STATUS_MALFORMED && at < package->broken_at)
		package->broken_at = at;
	return status;
}

enum status package_parse(struct package *package, size_t part, const struct xml_events *events, void *context)
{
	struct feeding feeding = {.package = package};
	enum status status = xml_start(events, context, NULL, &feeding.parser);
	if (status != STATUS_OK)
		return status;
	if (part == PACKAGE_WHOLE) {
		status = feed_whole(&feeding);
		xml_free(feeding.parser);
		return status == STATUS_MALFORMED ? STATUS_OK : status;
	}
	status = zip_parts_read(package->source, &package->zip.at[part], &package->budget, feed_piece, &feeding);
	if (status == STATUS_OK)
		status = xml_finish(feeding.parser);
	xml_free(feeding.parser);
	if (!is_members_fault(status))
		return status;
	lose_part(package, status);
	return STATUS_OK;
}

static enum status pass_piece(void *context, struct bytes piece)
{
	return emit_child_bytes(context, piece);
}

enum status package_emit_child(struct package *package, size_t part)
{
	const struct zip_part *member = &package->zip.at[part];
	const struct child child = {
		.name = member->name,
		.modified = CLOCK_UNKNOWN,
		.expected_size = member->size,
	};
	enum status status = emit_child_begin(package->emitter, &child);
	if (status != STATUS_OK)
		return status;
	status = zip_parts_read(package->source, member, NULL, pass_piece, package->emitter);
	if (status != STATUS_OK && !is_members_fault(status))
		return status;
	return emit_child_end(package->emitter, status);
}

enum status package_emit_locked_child(struct package *package, size_t part)
{
	const struct child child = {.name = package->zip.at[part].name, .modified = CLOCK_UNKNOWN};
	enum status status = emit_child_begin(package->emitter, &child);
	return status == STATUS_OK ? emit_child_end(package->emitter, STATUS_ENCRYPTED) : status;
}

/* ---- text on its way ---- */

enum status package_flush(struct package *package)
{
	if (package->text.len == 0)
		return STATUS_OK;
	enum status status = emit_text(package->emitter, buffer_bytes(&package->text));
	buffer_reset(&package->text);
	return status;
}

enum status package_put(struct package *package, struct bytes text)
{
	buffer_append(&package->text, text);
	enum status status = buffer_status(&package->text);
	return status == STATUS_OK && package->text.len >= FLUSH_SIZE ? package_flush(package) : status;
}

enum status package_end_line(struct package *package)
{
	enum status status = package_flush(package);
	return status == STATUS_OK ? emit_line_end(package->emitter) : status;
}

/* ---- names ---- */

struct bytes package_folder_of(struct bytes name)
{
	size_t slash = bytes_find_last_byte(bytes_slice(name, 0, name.len > 0 ? name.len - 1 : 0), '/');
	return slash == BYTES_NOT_FOUND ? BYTES_NONE : bytes_slice(name, 0, slash + 1);
}

void package_append_target(struct buffer *name, struct bytes folder, struct bytes target)
{
	if (target.len > 0 && target.at[0] == '/') {
		folder = BYTES_NONE;
		target = bytes_from(target, 1);
	}
	for (;;) {
		if (bytes_start_with(target, BYTES_LITERAL("./"))) {
			target = bytes_from(target, 2);
		} else if (bytes_start_with(target, BYTES_LITERAL("../"))) {
			target = bytes_from(target, 3);
			folder = package_folder_of(folder);
		} else {
			break;
		}
	}
	buffer_append(name, folder);
	buffer_append(name, target);
}

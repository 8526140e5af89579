/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The package under an OOXML document (ECMA-376-2, Open Packaging
 * Conventions): parts are members of a zip, [Content_Types].xml gives their
 * types, X/_rels/Y.rels the relations of X/Y.
 */
#include "format/office/ooxml-parts.h"

#include <stdlib.h>

#define ARENA_CEILING (64u << 20)
#define NAME_MAX_LEN 1024
#define DEFAULTS_MAX 128
/* Looked up for each comment; an author beyond is left unnamed. */
#define AUTHORS_MAX 1024

/* ---- parts and types ---- */

enum status ooxml_parse(struct ooxml *ooxml, size_t part, const struct xml_events *events, void *context)
{
	return package_parse(&ooxml->package, part, events, context);
}

size_t ooxml_find_part(const struct ooxml *ooxml, const char *name)
{
	return package_find(&ooxml->package, bytes_of_string(name));
}

bool ooxml_has_type(const struct ooxml *ooxml, size_t part, const char *type_end)
{
	return bytes_end_with(bytes_of_string(ooxml->parts[part].type), bytes_of_string(type_end));
}

size_t ooxml_find_type(const struct ooxml *ooxml, const char *type_end)
{
	for (size_t i = 0; i < ooxml->package.zip.count; i++)
		if (ooxml_has_type(ooxml, i, type_end))
			return i;
	return OOXML_NO_PART;
}

struct typing {
	struct ooxml *ooxml;
	unsigned defaults;
};

static bool has_extension(struct bytes name, struct bytes extension)
{
	if (name.len <= extension.len || name.at[name.len - extension.len - 1] != '.')
		return false;
	return bytes_equal_nocase(bytes_from(name, name.len - extension.len), extension);
}

/* The type of all parts of an extension that have none of their own yet. */
static void type_by_extension(struct ooxml *ooxml, const char *extension, const char *type)
{
	for (size_t i = 0; i < ooxml->package.zip.count; i++)
		if (ooxml->parts[i].type[0] == '\0' && has_extension(ooxml->package.zip.at[i].name, bytes_of_string(extension)))
			ooxml->parts[i].type = type;
}

static enum status on_type_start(void *context, const char *name, const char *const *attributes)
{
	struct typing *typing = context;
	struct ooxml *ooxml = typing->ooxml;
	const char *type = xml_attribute(attributes, "ContentType");
	const char *part_name = xml_attribute(attributes, "PartName"), *extension = xml_attribute(attributes, "Extension");
	if (type == NULL || (part_name == NULL && extension == NULL))
		return STATUS_OK;
	const char *kept = arena_copy_string(&ooxml->arena, bytes_of_string(type));
	if (kept == NULL)
		return STATUS_BOMB;
	if (strcmp(xml_local_name(name), "Default") == 0 && extension != NULL && ++typing->defaults <= DEFAULTS_MAX)
		type_by_extension(ooxml, extension, kept);
	size_t part = part_name != NULL ? ooxml_find_part(ooxml, part_name) : OOXML_NO_PART;
	if (part != OOXML_NO_PART)
		ooxml->parts[part].type = kept;
	return STATUS_OK;
}

enum status ooxml_open(struct ooxml *ooxml, struct source *source, struct emitter *emitter)
{
	static const struct xml_events events = {.start = on_type_start};
	struct typing typing = {.ooxml = ooxml};
	ooxml->arena = arena_with_ceiling(ARENA_CEILING);
	enum status status = package_open(&ooxml->package, "ooxml", source, emitter);
	if (status != STATUS_OK)
		return status;
	ooxml->parts = calloc(ooxml->package.zip.count, sizeof *ooxml->parts);
	if (ooxml->parts == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < ooxml->package.zip.count; i++)
		ooxml->parts[i].type = "";
	size_t types = ooxml_find_part(ooxml, "[Content_Types].xml");
	if (types == OOXML_NO_PART)
		return STATUS_OK;
	ooxml->parts[types].is_done = true;
	return ooxml_parse(ooxml, types, &events, &typing);
}

void ooxml_close(struct ooxml *ooxml)
{
	package_close(&ooxml->package);
	free(ooxml->parts);
	free(ooxml->authors);
	arena_free(&ooxml->arena);
}

/* ---- relations ---- */

struct relating {
	struct ooxml *ooxml;
	struct bytes folder; /* that targets are relative to */
	struct ooxml_relations *relations;
};

static char *resolve_target(struct arena *arena, struct bytes folder, struct bytes target)
{
	struct buffer name = buffer_with_ceiling(NAME_MAX_LEN);
	package_append_target(&name, folder, target);
	char *kept = arena_copy_string(arena, buffer_bytes(&name));
	buffer_free(&name);
	return kept;
}

static enum status add_relation(struct relating *relating, const struct ooxml_relation *relation)
{
	struct ooxml_relations *relations = relating->relations;
	if (relations->count == relations->capacity) {
		size_t capacity = relations->capacity ? relations->capacity * 2 : 16;
		struct ooxml_relation *grown = arena_allocate(&relating->ooxml->arena, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_BOMB;
		if (relations->count > 0)
			memcpy(grown, relations->at, relations->count * sizeof *grown);
		relations->at = grown;
		relations->capacity = capacity;
	}
	relations->at[relations->count++] = *relation;
	return STATUS_OK;
}

static enum status on_relation_start(void *context, const char *name, const char *const *attributes)
{
	struct relating *relating = context;
	struct arena *arena = &relating->ooxml->arena;
	const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target"), *mode = xml_attribute(attributes, "TargetMode");
	if (strcmp(xml_local_name(name), "Relationship") != 0 || id == NULL || type == NULL || target == NULL)
		return STATUS_OK;
	const char *slash = strrchr(type, '/');
	struct ooxml_relation relation = {
		.id = arena_copy_string(arena, bytes_of_string(id)),
		.kind = arena_copy_string(arena, bytes_of_string(slash != NULL ? slash + 1 : type)),
		.is_external = mode != NULL && strcmp(mode, "External") == 0,
	};
	relation.target = relation.is_external ? arena_copy_string(arena, bytes_of_string(target))
	                                       : resolve_target(arena, relating->folder, bytes_of_string(target));
	if (relation.id == NULL || relation.kind == NULL || relation.target == NULL)
		return STATUS_BOMB;
	return add_relation(relating, &relation);
}

static int compare_relations(const void *left, const void *right)
{
	return strcmp(((const struct ooxml_relation *)left)->id, ((const struct ooxml_relation *)right)->id);
}

static int compare_to_id(const void *id, const void *relation)
{
	return strcmp(id, ((const struct ooxml_relation *)relation)->id);
}

static enum status order_relations(struct ooxml *ooxml, struct ooxml_relations *relations)
{
	if (relations->count == 0)
		return STATUS_OK;
	size_t size = relations->count * sizeof *relations->at;
	relations->by_id = arena_allocate(&ooxml->arena, size);
	if (relations->by_id == NULL)
		return STATUS_BOMB;
	memcpy(relations->by_id, relations->at, size);
	qsort(relations->by_id, relations->count, sizeof *relations->by_id, compare_relations);
	return STATUS_OK;
}

/* The folder of the part that "word/_rels/document.xml.rels" belongs to: "word/". */
enum status ooxml_parse_relations(struct ooxml *ooxml, size_t rels, struct ooxml_relations *ret_relations)
{
	static const struct xml_events events = {.start = on_relation_start};
	struct ooxml_relations relations = {0};
	struct bytes folder = package_folder_of(ooxml->package.zip.at[rels].name);
	struct relating relating = {ooxml, package_folder_of(folder), &relations};
	enum status status = ooxml_parse(ooxml, rels, &events, &relating);
	if (status == STATUS_OK)
		status = order_relations(ooxml, &relations);
	if (status == STATUS_OK)
		*ret_relations = relations;
	return status;
}

enum status ooxml_read_relations(struct ooxml *ooxml, size_t part, struct ooxml_relations *ret_relations)
{
	struct bytes name = part == OOXML_NO_PART ? BYTES_NONE : ooxml->package.zip.at[part].name;
	struct bytes folder = package_folder_of(name);
	struct buffer rels_name = buffer_with_ceiling(NAME_MAX_LEN);
	buffer_append(&rels_name, folder);
	buffer_append_string(&rels_name, "_rels/");
	buffer_append(&rels_name, bytes_from(name, folder.len));
	buffer_append_string(&rels_name, ".rels");
	size_t rels = ooxml_find_part(ooxml, buffer_string(&rels_name));
	buffer_free(&rels_name);
	*ret_relations = (struct ooxml_relations){0};
	return rels == OOXML_NO_PART ? STATUS_OK : ooxml_parse_relations(ooxml, rels, ret_relations);
}

const struct ooxml_relation *ooxml_find_relation(const struct ooxml_relations *relations, const char *id)
{
	if (id == NULL || relations->count == 0)
		return NULL;
	return bsearch(id, relations->by_id, relations->count, sizeof *relations->by_id, compare_to_id);
}

/* ---- text on its way ---- */

enum status ooxml_flush(struct ooxml *ooxml)
{
	return package_flush(&ooxml->package);
}

enum status ooxml_put(struct ooxml *ooxml, struct bytes text)
{
	return package_put(&ooxml->package, text);
}

enum status ooxml_put_string(struct ooxml *ooxml, const char *text)
{
	return ooxml_put(ooxml, bytes_of_string(text));
}

enum status ooxml_end_line(struct ooxml *ooxml)
{
	return package_end_line(&ooxml->package);
}

/* ---- authors ---- */

static struct ooxml_author *find_author(const struct ooxml *ooxml, const char *id)
{
	for (size_t i = 0; id != NULL && i < ooxml->author_count; i++)
		if (strcmp(ooxml->authors[i].id, id) == 0)
			return &ooxml->authors[i];
	return NULL;
}

/* A known id gets the new name: parts of comments number their authors each from 0. */
enum status ooxml_add_author(struct ooxml *ooxml, const char *id, struct bytes name)
{
	if (ooxml->authors == NULL)
		ooxml->authors = calloc(AUTHORS_MAX, sizeof *ooxml->authors);
	if (ooxml->authors == NULL)
		return STATUS_NO_MEMORY;
	struct ooxml_author *author = find_author(ooxml, id);
	if (author == NULL && ooxml->author_count == AUTHORS_MAX)
		return STATUS_OK;
	struct ooxml_author added = {arena_copy_string(&ooxml->arena, bytes_of_string(id)),
	                             arena_copy_string(&ooxml->arena, name)};
	if (added.id == NULL || added.name == NULL)
		return STATUS_BOMB;
	*(author != NULL ? author : &ooxml->authors[ooxml->author_count++]) = added;
	return STATUS_OK;
}

const char *ooxml_find_author(const struct ooxml *ooxml, const char *id)
{
	const struct ooxml_author *author = find_author(ooxml, id);
	return author != NULL ? author->name : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Presentations (ECMA-376-1 19): slides as the presentation lists them, each
 * followed by its notes, comments, charts and diagrams. Masters and layouts
 * are not read: what they show on slides is placeholders' prompts.
 */
#include "format/office/ooxml-parts.h"

struct presentation {
	struct ooxml *ooxml;
	struct ooxml_relations relations;
	size_t *slides;
	size_t count, capacity;
};

static enum status add_slide(struct presentation *presentation, size_t part)
{
	if (presentation->count == presentation->capacity) {
		size_t capacity = presentation->capacity ? presentation->capacity * 2 : 64;
		size_t *grown = arena_allocate(&presentation->ooxml->arena, capacity * sizeof *grown);
		if (grown == NULL)
			return STATUS_BOMB;
		if (presentation->count > 0)
			memcpy(grown, presentation->slides, presentation->count * sizeof *grown);
		presentation->slides = grown;
		presentation->capacity = capacity;
	}
	presentation->slides[presentation->count++] = part;
	return STATUS_OK;
}

/* r:id is looked for by its prefix, since the element has an id of its own. */
static const char *relation_id(const char *const *attributes)
{
	for (; attributes[0] != NULL; attributes += 2)
		if (strchr(attributes[0], ':') != NULL && strcmp(xml_local_name(attributes[0]), "id") == 0)
			return attributes[1];
	return NULL;
}

static enum status on_start(void *context, const char *name, const char *const *attributes)
{
	struct presentation *presentation = context;
	if (strcmp(xml_local_name(name), "sldId") != 0)
		return STATUS_OK;
	const struct ooxml_relation *relation = ooxml_find_relation(&presentation->relations, relation_id(attributes));
	size_t part = relation != NULL ? ooxml_find_part(presentation->ooxml, relation->target) : OOXML_NO_PART;
	return part != OOXML_NO_PART ? add_slide(presentation, part) : STATUS_OK;
}

enum status ooxml_read_presentation(struct ooxml *ooxml, size_t part)
{
	static const struct xml_events events = {.start = on_start};
	struct presentation presentation = {.ooxml = ooxml};
	enum status status = ooxml_read_relations(ooxml, part, &presentation.relations);
	if (status == STATUS_OK)
		status = ooxml_parse(ooxml, part, &events, &presentation);
	for (size_t i = 0; status == STATUS_OK && i < presentation.count; i++) {
		status = ooxml_read_part(ooxml, presentation.slides[i]);
		if (status == STATUS_OK)
			status = ooxml_read_related(ooxml, presentation.slides[i]);
		if (status == STATUS_OK)
			status = emit_text(ooxml->package.emitter, BYTES_LITERAL("\n"));
	}
	return status;
}

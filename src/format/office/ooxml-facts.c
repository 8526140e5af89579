/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an OOXML document says beside its text: properties (ECMA-376-2 11,
 * ECMA-376-1 22.2 and 22.3), attributes that hold people's words (connection
 * strings, names of commenters, values cached from elsewhere), and targets
 * outside of the document.
 */
#include "format/office/ooxml-parts.h"

#include "base/text.h"

#define VALUE_CEILING (64u << 10)
#define NAME_SIZE 128

/* ---- properties ---- */

struct properties {
	struct ooxml *ooxml;
	bool is_application;      /* app.xml, which counts pages and lists fonts too */
	char property[NAME_SIZE]; /* of a custom one */
	struct buffer value;
};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static enum status on_property_start(void *context, const char *name, const char *const *attributes)
{
	struct properties *properties = context;
	buffer_reset(&properties->value);
	if (strcmp(xml_local_name(name), "property") != 0)
		return STATUS_OK;
	const char *property = xml_attribute(attributes, "name");
	size_t len = property != NULL ? strlen(property) : 0;
	if (len >= NAME_SIZE)
		len = text_valid_length(bytes_of(property, NAME_SIZE - 1));
	if (len > 0)
		memcpy(properties->property, property, len);
	properties->property[len] = '\0';
	return STATUS_OK;
}

static enum status on_property_text(void *context, struct bytes text)
{
	struct properties *properties = context;
	buffer_append(&properties->value, text);
	return buffer_status(&properties->value) == STATUS_NO_MEMORY ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status emit_property(struct properties *properties, const char *name, struct bytes value)
{
	static const char *const application[] = {"Template", "Manager", "Company", "Application", "HyperlinkBase"};
	struct emitter *emitter = properties->ooxml->package.emitter;
	if (properties->property[0] != '\0')
		return emit_metadata(emitter, METADATA_OTHER, properties->property, value);
	if (properties->is_application && !is_one_of(name, application, sizeof application / sizeof *application))
		return STATUS_OK;
	if (strcmp(name, "created") == 0) {
		int64_t when = clock_parse_rfc3339(value);
		return when != CLOCK_UNKNOWN ? emit_created(emitter, when) : STATUS_OK;
	}
	enum metadata kind = strcmp(name, "title") == 0      ? METADATA_TITLE
	                     : strcmp(name, "creator") == 0  ? METADATA_AUTHOR
	                     : strcmp(name, "language") == 0 ? METADATA_LANGUAGE
	                                                     : METADATA_OTHER;
	return emit_metadata(emitter, kind, name, value);
}

static enum status on_property_end(void *context, const char *name)
{
	struct properties *properties = context;
	const char *local = xml_local_name(name);
	struct bytes value = bytes_trim(buffer_bytes(&properties->value));
	enum status status = STATUS_OK;
	if (value.len > 0 && buffer_status(&properties->value) == STATUS_OK)
		status = emit_property(properties, local, value);
	buffer_reset(&properties->value);
	if (strcmp(local, "property") == 0)
		properties->property[0] = '\0';
	return status;
}

enum status ooxml_read_properties(struct ooxml *ooxml, size_t part)
{
	static const struct xml_events events = {on_property_start, on_property_end, on_property_text};
	struct properties properties = {
		.ooxml = ooxml,
		.is_application = ooxml_has_type(ooxml, part, "extended-properties+xml"),
		.value = buffer_with_ceiling(VALUE_CEILING),
	};
	enum status status = ooxml_flush(ooxml);
	if (status == STATUS_OK)
		status = ooxml_parse(ooxml, part, &events, &properties);
	buffer_free(&properties.value);
	return status;
}

/* ---- attributes ---- */

static const struct ooxml_telling {
	const char *element, *attribute;
} tellings[] = {
	{"person", "author"},
	{"person", "displayName"},
	{"presenceInfo", "userId"},
	{"person", "userId"},
	{"cmAuthor", "name"},
	{"author", "name"},
	{"author", "userId"},
	{"docVar", "name"},
	{"docVar", "val"},
	{"connectString", "val"},
	{"query", "val"},
	{"documentProtection", "edit"},
	{"connection", "name"},
	{"connection", "description"},
	{"connection", "odcFile"},
	{"connection", "sourceFile"},
	{"dbPr", "connection"},
	{"dbPr", "command"},
	{"webPr", "url"},
	{"textPr", "sourceFile"},
	{"worksheetSource", "sheet"},
	{"cacheField", "name"},
	{"s", "v"},
	{"d", "v"},
};

/* Comments refer to their authors by id. */
static enum status learn_author(struct ooxml *ooxml, const char *element, const char *const *attributes)
{
	const char *id = xml_attribute(attributes, "id");
	const char *name = xml_attribute(attributes, strcmp(element, "person") == 0 ? "displayName" : "name");
	bool is_author = strcmp(element, "person") == 0 || strcmp(element, "cmAuthor") == 0 || strcmp(element, "author") == 0;
	return is_author && id != NULL && name != NULL ? ooxml_add_author(ooxml, id, bytes_of_string(name)) : STATUS_OK;
}

static enum status on_telling_start(void *context, const char *name, const char *const *attributes)
{
	struct ooxml *ooxml = context;
	const char *element = xml_local_name(name);
	enum status status = learn_author(ooxml, element, attributes);
	for (size_t i = 0; status == STATUS_OK && i < sizeof tellings / sizeof *tellings; i++) {
		if (strcmp(tellings[i].element, element) != 0)
			continue;
		const char *value = xml_attribute(attributes, tellings[i].attribute);
		if (value == NULL || value[0] == '\0')
			continue;
		status = ooxml_put_string(ooxml, value);
		if (status == STATUS_OK)
			status = ooxml_put_string(ooxml, "\n");
	}
	return status;
}

enum status ooxml_read_attributes(struct ooxml *ooxml, size_t part)
{
	static const struct xml_events events = {.start = on_telling_start};
	enum status status = ooxml_end_line(ooxml);
	if (status == STATUS_OK)
		status = ooxml_parse(ooxml, part, &events, ooxml);
	return status == STATUS_OK ? ooxml_end_line(ooxml) : status;
}

/* ---- targets ---- */

enum status ooxml_read_targets(struct ooxml *ooxml, size_t rels)
{
	struct ooxml_relations relations = {0};
	const char *last = "";
	enum status status = ooxml_parse_relations(ooxml, rels, &relations);
	for (size_t i = 0; status == STATUS_OK && i < relations.count; i++) {
		const struct ooxml_relation *relation = &relations.at[i];
		if (!relation->is_external || strcmp(relation->target, last) == 0)
			continue;
		last = relation->target;
		status = ooxml_put_string(ooxml, relation->target);
		if (status == STATUS_OK)
			status = ooxml_put_string(ooxml, "\n");
	}
	return status == STATUS_OK ? ooxml_flush(ooxml) : status;
}

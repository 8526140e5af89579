/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One Office Open XML document (ECMA-376, strict or transitional) while it is
 * being read. Parts are known by their content type, not their name; elements
 * and attributes by their local name, since prefixes and namespaces vary.
 */
#ifndef TIDEMARK_FORMAT_OFFICE_OOXML_PARTS_H
#define TIDEMARK_FORMAT_OFFICE_OOXML_PARTS_H

#include "base/arena.h"
#include "format/office/package.h"

struct ooxml_part {
	const char *type; /* its content type, "" if none is declared */
	bool is_done;     /* read, or none of our business */
};

struct ooxml_author {
	const char *id, *name;
};

struct ooxml {
	struct package package;
	struct ooxml_part *parts; /* beside package.zip.at */
	struct arena arena;
	struct ooxml_author *authors; /* of comments */
	size_t author_count;
};

struct ooxml_relation {
	const char *id;
	const char *kind;   /* the last segment of its type: "hyperlink", "slide" */
	const char *target; /* a part's name, or what an external one says */
	bool is_external;
};

struct ooxml_relations {
	struct ooxml_relation *at;    /* as listed */
	struct ooxml_relation *by_id; /* the same, in order of ids */
	size_t count, capacity;
};

#define OOXML_NO_PART PACKAGE_NO_PART

/* ---- ooxml-package.c: parts, types, relations ---- */

/** Lists the parts and learns their types. */
enum status ooxml_open(struct ooxml *ooxml, struct source *source, struct emitter *emitter) MUST_CHECK;
void ooxml_close(struct ooxml *ooxml);
/** The part of that name, or OOXML_NO_PART. */
size_t ooxml_find_part(const struct ooxml *ooxml, const char *name);
/** The first part whose type ends so, or OOXML_NO_PART. */
size_t ooxml_find_type(const struct ooxml *ooxml, const char *type_end);
bool ooxml_has_type(const struct ooxml *ooxml, size_t part, const char *type_end);
/** Pushes a part through a parser. A damaged part is counted and noted, and is OK. */
enum status ooxml_parse(struct ooxml *ooxml, size_t part, const struct xml_events *events, void *context) MUST_CHECK;
/** A part's relations; none is OK. They live in the arena. */
enum status ooxml_read_relations(struct ooxml *ooxml, size_t part, struct ooxml_relations *ret_relations) MUST_CHECK;
/** The same, the .rels part itself given. */
enum status ooxml_parse_relations(struct ooxml *ooxml, size_t rels, struct ooxml_relations *ret_relations) MUST_CHECK;
const struct ooxml_relation *ooxml_find_relation(const struct ooxml_relations *relations, const char *id);

/** Gathers text; ooxml_flush hands it on and must be called before anything else is emitted. */
enum status ooxml_put(struct ooxml *ooxml, struct bytes text) MUST_CHECK;
enum status ooxml_put_string(struct ooxml *ooxml, const char *text) MUST_CHECK;
enum status ooxml_flush(struct ooxml *ooxml) MUST_CHECK;
/** Flushes and ends the line. */
enum status ooxml_end_line(struct ooxml *ooxml) MUST_CHECK;

enum status ooxml_add_author(struct ooxml *ooxml, const char *id, struct bytes name) MUST_CHECK;
/** NULL if not known. */
const char *ooxml_find_author(const struct ooxml *ooxml, const char *id);

/* ---- ooxml-flow.c: running text of all three kinds ---- */

enum status ooxml_read_flow(struct ooxml *ooxml, size_t part) MUST_CHECK;

/* ---- ooxml-facts.c: what is not running text ---- */

/** Core, application and custom properties. */
enum status ooxml_read_properties(struct ooxml *ooxml, size_t part) MUST_CHECK;
/** Attributes that hold words of people: connection strings, names, cached values. */
enum status ooxml_read_attributes(struct ooxml *ooxml, size_t part) MUST_CHECK;
/** Targets outside of the document, of one .rels part. */
enum status ooxml_read_targets(struct ooxml *ooxml, size_t rels) MUST_CHECK;

/* ---- ooxml-sheet.c, ooxml-sheet-style.c: workbooks ---- */

/** Rows of all sheets in the workbook's order, each with its comments and drawings. */
enum status ooxml_read_workbook(struct ooxml *ooxml, size_t workbook) MUST_CHECK;

/* Which cell styles show numbers as dates. */
struct ooxml_styles {
	uint8_t *looks; /* per style: enum ooxml_look */
	size_t count, capacity;
};
enum ooxml_look { OOXML_LOOK_NUMBER, OOXML_LOOK_DATE, OOXML_LOOK_TIME };
enum status ooxml_read_styles(struct ooxml *ooxml, size_t part, struct ooxml_styles *ret_styles) MUST_CHECK;
/** A serial day number as a date or time of day; false if it is out of range. */
bool ooxml_format_serial(double serial, enum ooxml_look look, bool from_1904, char into[40]);

/* ---- ooxml-slides.c ---- */

/** Slides in the presentation's order, each with its notes, comments and charts. */
enum status ooxml_read_presentation(struct ooxml *ooxml, size_t presentation) MUST_CHECK;

/* ---- ooxml.c ---- */

/** Reads a part by its type, once; parts of types without readers are left alone. */
enum status ooxml_read_part(struct ooxml *ooxml, size_t part) MUST_CHECK;
/** Reads all parts that this one names and that have readers, and those that they name. */
enum status ooxml_read_related(struct ooxml *ooxml, size_t part) MUST_CHECK;

#endif

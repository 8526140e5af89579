/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What documents that are a zip of XML parts share: the members by name, text
 * gathered on its way to the emitter, and one budget of unpacked XML for the
 * whole document, 128 MiB or 250 times its size if that is more. XML is pushed
 * through a parser piece by piece, so memory does not grow with a part.
 */
#ifndef TIDEMARK_FORMAT_OFFICE_PACKAGE_H
#define TIDEMARK_FORMAT_OFFICE_PACKAGE_H

#include "base/xml.h"
#include "format/archive/zip-parts.h"

struct package {
	const char *format; /* the beginning of notes: "ooxml" */
	struct source *source;
	struct emitter *emitter;
	struct zip_parts zip;
	struct buffer text; /* on its way to the emitter */
	uint64_t budget;    /* bytes of XML that may still be unpacked */
	unsigned damaged_parts;
	uint64_t broken_at; /* of a source that is XML itself and not well-formed: nothing from this offset on was read */
	bool has_encrypted_parts;
};

#define PACKAGE_NO_PART SIZE_MAX
#define PACKAGE_WHOLE (SIZE_MAX - 1) /* for package_parse: the source itself, which is no zip but one XML file */

/** A package that has no parts but the whole. */
struct package package_of_whole(const char *format, struct source *source, struct emitter *emitter);
/** What zip_parts_open says. The package is to be closed whatever comes back. */
enum status package_open(struct package *package, const char *format, struct source *source, struct emitter *emitter) MUST_CHECK;
void package_close(struct package *package);

/** The member of that name, with or without a slash in front, or PACKAGE_NO_PART. */
size_t package_find(const struct package *package, struct bytes name);

/** Hands on what a member unpacks to. A damaged one is counted and noted, and is OK. */
enum status package_read(struct package *package, size_t part, zip_parts_take *take, void *context) MUST_CHECK;
/** Pushes a member through a parser; damaged ones as above. */
enum status package_parse(struct package *package, size_t part, const struct xml_events *events, void *context) MUST_CHECK;
/** A member as a child of the document. */
enum status package_emit_child(struct package *package, size_t part) MUST_CHECK;
/** The same of one that the document itself says is encrypted. */
enum status package_emit_locked_child(struct package *package, size_t part) MUST_CHECK;

/** Gathers text; package_flush hands it on and must be called before anything else is emitted. */
enum status package_put(struct package *package, struct bytes text) MUST_CHECK;
enum status package_flush(struct package *package) MUST_CHECK;
/** Flushes and ends the line. */
enum status package_end_line(struct package *package) MUST_CHECK;

/** Appends a part's name from a target as written: relative to folder ("" or "a/") unless it begins with a slash. */
void package_append_target(struct buffer *name, struct bytes folder, struct bytes target);
/** The folder a name lies in, with its slash: "a/" of "a/b" and of "a/b/"; empty if it lies in none. */
struct bytes package_folder_of(struct bytes name);

#endif

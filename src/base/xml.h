/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML as events (expat), for listings and documents alike. Safe for hostile
 * input: no external entity is ever fetched, entities built of other entities
 * are refused (STATUS_BOMB), depth is bounded, attributes are too, and the cost
 * is in proportion to the length whatever the pieces. Names arrive as written,
 * with their prefix; xml_local_name cuts it.
 */
#ifndef TIDEMARK_BASE_XML_H
#define TIDEMARK_BASE_XML_H

#include "base/bytes.h"
#include "base/status.h"

#include <stdint.h>

#define XML_DEPTH_MAX 1024
#define XML_ATTRIBUTES_MAX 16384 /* of one element: as many as a sheet has columns; more are MALFORMED */

struct xml_events {
	/* Attributes: name, value, name, value, NULL. Any status but OK stops the parse and is returned. */
	enum status (*start)(void *context, const char *name, const char *const *attributes);
	enum status (*end)(void *context, const char *name);
	/* Any number of pieces for one run of text; valid UTF-8. */
	enum status (*text)(void *context, struct bytes text);
};

struct xml_parser;

/** events may have NULL members. charset: NULL, or a name that overrides the declaration. */
enum status xml_start(const struct xml_events *events, void *context, const char *charset,
                      struct xml_parser **ret_parser) MUST_CHECK;
/** Feeds the next piece. MALFORMED, BOMB, NO_MEMORY, or what an event returned; it sticks. */
enum status xml_feed(struct xml_parser *parser, struct bytes piece) MUST_CHECK;
/** Says that there is no more. */
enum status xml_finish(struct xml_parser *parser) MUST_CHECK;
/** Line of the first error, 1-based. */
unsigned long xml_line(const struct xml_parser *parser);
/** What is wrong there, as "not well-formed": for a person. */
const char *xml_reason(const struct xml_parser *parser);
/** What came before the piece at hand and made no event yet: the beginning of an unfinished token. Good until the
 *  next call. */
struct bytes xml_unread(const struct xml_parser *parser);
/** Bytes the parser went over, those of unfinished tokens each time anew: for tests. */
uint64_t xml_looked_at(const struct xml_parser *parser);
void xml_free(struct xml_parser *parser);

/** The whole of one document at once. */
enum status xml_parse(struct bytes document, const struct xml_events *events, void *context) MUST_CHECK;

/** The name behind its prefix. */
const char *xml_local_name(const char *name);
/** An attribute's value by local name, or NULL. */
const char *xml_attribute(const char *const *attributes, const char *local_name);

#endif

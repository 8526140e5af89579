/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wrapper of expat that refuses declared entities, unbounded depth and
 * unbounded attributes. expat looks at an unfinished token from its beginning
 * each time it is given more; so a long one that did not end is given on only
 * when it has doubled, and its cost stays in proportion to its length.
 */
#include "base/xml.h"

#include "base/buffer.h"
#include "base/xml-token.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>

enum { PIECE_MAX = 1 << 20, HELD_LEAST = 1 << 15, XML_DECLARED_MAX = 1024, XML_UNWRITTEN_ALLOWANCE = 1 << 16 };

struct xml_parser {
	XML_Parser expat;
	const struct xml_events *events;
	void *context;
	enum status status;
	bool has_too_many; /* attributes, and that is why it stopped */
	unsigned long error_line;
	unsigned depth;
	unsigned declared;       /* attributes, by the document's own declarations */
	uint64_t fed, looked_at; /* bytes */
	uint64_t unwritten;      /* attributes given by declarations, written nowhere */
	struct xml_token token;
	struct buffer held; /* the unfinished token, of which so much was given on: */
	size_t passed;
};

static void stop(struct xml_parser *parser, enum status status)
{
	if (parser->status == STATUS_OK) {
		parser->status = status;
		parser->error_line = XML_GetCurrentLineNumber(parser->expat);
		XML_StopParser(parser->expat, XML_FALSE);
	}
}

static void stop_for_attributes(struct xml_parser *parser, enum status status)
{
	parser->has_too_many = parser->has_too_many || parser->status == STATUS_OK;
	stop(parser, status);
}

/* Declared defaults come with every element: a few bytes each time, thousands of attributes. */
static void count_attributes(struct xml_parser *parser, const XML_Char **attributes)
{
	size_t written = (size_t)XML_GetSpecifiedAttributeCount(parser->expat) / 2;
	if (written > XML_ATTRIBUTES_MAX)
		stop_for_attributes(parser, STATUS_MALFORMED);
	for (size_t i = 2 * written; parser->declared > 0 && attributes[i] != NULL; i += 2)
		parser->unwritten++;
	if (parser->unwritten > parser->fed + XML_UNWRITTEN_ALLOWANCE)
		stop_for_attributes(parser, STATUS_BOMB);
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct xml_parser *parser = data;
	if (parser->status != STATUS_OK)
		return;
	count_attributes(parser, attributes);
	if (++parser->depth > XML_DEPTH_MAX)
		stop(parser, STATUS_BOMB);
	else if (parser->status != STATUS_OK)
		return;
	else if (parser->events->start != NULL) {
		enum status status = parser->events->start(parser->context, name, (const char *const *)attributes);
		if (status != STATUS_OK)
			stop(parser, status);
	}
}

static void on_end(void *data, const XML_Char *name)
{
	struct xml_parser *parser = data;
	if (parser->status != STATUS_OK)
		return;
	parser->depth--;
	enum status status = parser->events->end ? parser->events->end(parser->context, name) : STATUS_OK;
	if (status != STATUS_OK)
		stop(parser, status);
}

static void on_text(void *data, const XML_Char *text, int length)
{
	struct xml_parser *parser = data;
	if (parser->status != STATUS_OK || parser->events->text == NULL)
		return;
	enum status status = parser->events->text(parser->context, bytes_of(text, (size_t)length));
	if (status != STATUS_OK)
		stop(parser, status);
}

static void on_entity(void *data, const XML_Char *name, int is_parameter, const XML_Char *value, int length, const XML_Char *base,
                      const XML_Char *system_id, const XML_Char *public_id, const XML_Char *notation)
{
	(void)name, (void)is_parameter, (void)base, (void)system_id, (void)public_id, (void)notation;
	if (value != NULL && length > 0 && memchr(value, '&', (size_t)length) != NULL) /* no NUL ends it */
		stop(data, STATUS_BOMB); /* entities built of entities: how documents explode */
}

/* expat compares each with those before it, and looks through them all at every element. */
static void on_declared_attribute(void *data, const XML_Char *element, const XML_Char *name, const XML_Char *type,
                                  const XML_Char *value, int is_required)
{
	struct xml_parser *parser = data;
	(void)element, (void)name, (void)type, (void)value, (void)is_required;
	if (++parser->declared > XML_DECLARED_MAX)
		stop_for_attributes(parser, STATUS_MALFORMED);
}

enum status xml_start(const struct xml_events *events, void *context, const char *charset, struct xml_parser **ret_parser)
{
	struct xml_parser *parser = calloc(1, sizeof *parser);
	if (parser == NULL)
		return STATUS_NO_MEMORY;
	parser->expat = XML_ParserCreate(charset);
	if (parser->expat == NULL) {
		free(parser);
		return STATUS_NO_MEMORY;
	}
	parser->events = events;
	parser->context = context;
	parser->held = buffer_with_ceiling(SIZE_MAX / 4);
	XML_SetUserData(parser->expat, parser);
	XML_SetElementHandler(parser->expat, on_start, on_end);
	XML_SetCharacterDataHandler(parser->expat, on_text);
	XML_SetEntityDeclHandler(parser->expat, on_entity);
	XML_SetAttlistDeclHandler(parser->expat, on_declared_attribute);
	*ret_parser = parser;
	return STATUS_OK;
}

static enum status status_of_error(enum XML_Error error)
{
	switch (error) {
	case XML_ERROR_NO_MEMORY: return STATUS_NO_MEMORY;
	case XML_ERROR_AMPLIFICATION_LIMIT_BREACH: return STATUS_BOMB;
	default: return STATUS_MALFORMED;
	}
}

static enum status give(struct xml_parser *parser, struct bytes piece, bool is_last)
{
	if (parser->status != STATUS_OK)
		return parser->status;
	parser->looked_at += parser->passed + piece.len;
	if (XML_Parse(parser->expat, (const char *)piece.at, (int)piece.len, is_last) == XML_STATUS_ERROR &&
	    parser->status == STATUS_OK) {
		parser->status = status_of_error(XML_GetErrorCode(parser->expat));
		parser->error_line = XML_GetCurrentLineNumber(parser->expat);
	}
	return parser->status;
}

static enum status hold(struct xml_parser *parser, struct bytes piece)
{
	buffer_append(&parser->held, piece);
	if (buffer_status(&parser->held) != STATUS_OK)
		parser->status = STATUS_NO_MEMORY;
	return parser->status;
}

/* What is held and then the piece, in one, so that an unfinished token is looked at once. */
static enum status give_with_held(struct xml_parser *parser, struct bytes piece)
{
	size_t before = parser->held.len;
	if (before == parser->passed)
		return give(parser, piece, false);
	enum status status = hold(parser, piece);
	if (status == STATUS_OK)
		status = give(parser, bytes_from(buffer_bytes(&parser->held), parser->passed), false);
	buffer_truncate(&parser->held, before);
	return status;
}

static enum status feed(struct xml_parser *parser, struct bytes piece)
{
	xml_token_pass(&parser->token, piece);
	parser->fed += piece.len;
	if (parser->token.attributes_most > XML_ATTRIBUTES_MAX) {
		stop_for_attributes(parser, STATUS_MALFORMED);
		return parser->status;
	}
	size_t unfinished = parser->token.length;
	bool is_same = parser->held.len > 0 && unfinished == parser->held.len + piece.len;
	if (is_same && parser->passed >= HELD_LEAST && unfinished < 2 * parser->passed)
		return hold(parser, piece);
	enum status status = give_with_held(parser, piece);
	if (status != STATUS_OK)
		return status;
	if (!is_same)
		buffer_reset(&parser->held);
	status = hold(parser, is_same ? piece : bytes_from(piece, piece.len - unfinished));
	parser->passed = parser->held.len;
	return status;
}

enum status xml_feed(struct xml_parser *parser, struct bytes piece)
{
	enum status status = parser->status;
	while (status == STATUS_OK && piece.len > 0) {
		struct bytes head = bytes_slice(piece, 0, PIECE_MAX);
		status = feed(parser, head);
		piece = bytes_from(piece, head.len);
	}
	return status;
}

enum status xml_finish(struct xml_parser *parser)
{
	enum status status = give(parser, bytes_from(buffer_bytes(&parser->held), parser->passed), false);
	parser->passed = parser->held.len;
	return status == STATUS_OK ? give(parser, BYTES_LITERAL(""), true) : status;
}

struct bytes xml_unread(const struct xml_parser *parser)
{
	return buffer_bytes(&parser->held);
}

uint64_t xml_looked_at(const struct xml_parser *parser)
{
	return parser->looked_at;
}

const char *xml_reason(const struct xml_parser *parser)
{
	return parser->has_too_many ? "more attributes than are read" : "not well-formed";
}

unsigned long xml_line(const struct xml_parser *parser)
{
	return parser->error_line;
}

void xml_free(struct xml_parser *parser)
{
	if (parser == NULL)
		return;
	XML_ParserFree(parser->expat);
	buffer_free(&parser->held);
	free(parser);
}

enum status xml_parse(struct bytes document, const struct xml_events *events, void *context)
{
	struct xml_parser *parser;
	enum status status = xml_start(events, context, NULL, &parser);
	if (status != STATUS_OK)
		return status;
	status = xml_feed(parser, document);
	if (status == STATUS_OK)
		status = xml_finish(parser);
	xml_free(parser);
	return status;
}

const char *xml_local_name(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

const char *xml_attribute(const char *const *attributes, const char *local_name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
		if (strcmp(xml_local_name(attributes[0]), local_name) == 0)
			return attributes[1];
	return NULL;
}

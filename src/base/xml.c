/* SPDX-License-Identifier: Apache-2.0 */
/* A wrapper of expat that refuses declared entities and unbounded depth. */
#include "base/xml.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>

struct xml_parser {
	XML_Parser expat;
	const struct xml_events *events;
	void *context;
	enum status status;
	unsigned long error_line;
	unsigned depth;
};

static void stop(struct xml_parser *parser, enum status status)
{
	if (parser->status == STATUS_OK) {
		parser->status = status;
		parser->error_line = XML_GetCurrentLineNumber(parser->expat);
		XML_StopParser(parser->expat, XML_FALSE);
	}
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct xml_parser *parser = data;
	if (parser->status != STATUS_OK)
		return;
	if (++parser->depth > XML_DEPTH_MAX)
		stop(parser, STATUS_BOMB);
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

static void on_entity(void *data, const XML_Char *name, int is_parameter, const XML_Char *value, int length,
                      const XML_Char *base, const XML_Char *system_id, const XML_Char *public_id,
                      const XML_Char *notation)
{
	(void)name, (void)is_parameter, (void)base, (void)system_id, (void)public_id, (void)notation;
	if (value != NULL && length > 0 && memchr(value, '&', (size_t)length) != NULL) /* no NUL ends it */
		stop(data, STATUS_BOMB); /* entities built of entities: how documents explode */
}

enum status xml_start(const struct xml_events *events, void *context, const char *charset,
                      struct xml_parser **ret_parser)
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
	XML_SetUserData(parser->expat, parser);
	XML_SetElementHandler(parser->expat, on_start, on_end);
	XML_SetCharacterDataHandler(parser->expat, on_text);
	XML_SetEntityDeclHandler(parser->expat, on_entity);
	*ret_parser = parser;
	return STATUS_OK;
}

static enum status status_of_error(enum XML_Error error)
{
	switch (error) {
	case XML_ERROR_NO_MEMORY:
		return STATUS_NO_MEMORY;
	case XML_ERROR_AMPLIFICATION_LIMIT_BREACH:
		return STATUS_BOMB;
	default:
		return STATUS_MALFORMED;
	}
}

static enum status feed(struct xml_parser *parser, struct bytes piece, bool is_last)
{
	if (parser->status != STATUS_OK)
		return parser->status;
	if (XML_Parse(parser->expat, (const char *)piece.at, (int)piece.len, is_last) == XML_STATUS_ERROR &&
	    parser->status == STATUS_OK) {
		parser->status = status_of_error(XML_GetErrorCode(parser->expat));
		parser->error_line = XML_GetCurrentLineNumber(parser->expat);
	}
	return parser->status;
}

enum status xml_feed(struct xml_parser *parser, struct bytes piece)
{
	enum status status = parser->status;
	while (status == STATUS_OK && piece.len > 0) {
		struct bytes head = bytes_slice(piece, 0, INT_MAX / 2);
		status = feed(parser, head, false);
		piece = bytes_from(piece, head.len);
	}
	return status;
}

enum status xml_finish(struct xml_parser *parser)
{
	return feed(parser, BYTES_LITERAL(""), true);
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

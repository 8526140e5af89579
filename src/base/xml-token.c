/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of what cannot matter are skipped by memchr; tags are looked at byte by byte. */
#include "base/xml-token.h"

/* The one byte that matters here, or 0 where more than one does. */
static unsigned char awaited(const struct xml_token *token)
{
	switch (token->place) {
	case XML_TEXT: return '<';
	case XML_TAG_VALUE:
	case XML_DECLARATION_VALUE: return token->quote;
	case XML_INSTRUCTION: return token->matched == 0 ? '?' : 0;
	case XML_COMMENT: return token->matched == 0 ? '-' : 0;
	case XML_CDATA: return token->matched == 0 ? ']' : 0;
	default: return 0;
	}
}

static void enter(struct xml_token *token, enum xml_place place)
{
	token->place = place;
	token->matched = 0;
	token->declared = 0;
}

static void pass_tag(struct xml_token *token, unsigned char c)
{
	if (c == '>') {
		enter(token, XML_TEXT);
	} else if (c == '"' || c == '\'') {
		token->quote = c;
		token->place = XML_TAG_VALUE;
	} else if (c == '=' && ++token->attributes > token->attributes_most) {
		token->attributes_most = token->attributes;
	}
}

static void pass_declaration(struct xml_token *token, unsigned char c)
{
	token->declared += token->declared < 2;
	if (c == '-' && token->declared == 2 && token->matched == 1)
		enter(token, XML_COMMENT);
	else if (c == '-' && token->declared == 1)
		token->matched = 1;
	else if (c == '[')
		enter(token, token->declared == 1 ? XML_CDATA : XML_TEXT);
	else if (c == '>')
		enter(token, XML_TEXT);
	else if (c == '"' || c == '\'') {
		token->quote = c;
		token->place = XML_DECLARATION_VALUE;
	}
}

/* Looks for count bytes mark, then '>'. */
static void pass_to_end(struct xml_token *token, unsigned char c, unsigned char mark, unsigned count)
{
	if (c == mark)
		token->matched += token->matched < count;
	else if (c == '>' && token->matched == count)
		enter(token, XML_TEXT);
	else
		token->matched = 0;
}

static void pass_byte(struct xml_token *token, unsigned char c)
{
	switch (token->place) {
	case XML_TEXT:
		if (c == '<')
			enter(token, XML_OPENED);
		break;
	case XML_OPENED:
		enter(token, c == '?' ? XML_INSTRUCTION : c == '!' ? XML_DECLARATION : XML_TAG);
		token->attributes = 0;
		if (token->place == XML_TAG)
			pass_tag(token, c);
		break;
	case XML_TAG: pass_tag(token, c); break;
	case XML_TAG_VALUE:
	case XML_DECLARATION_VALUE:
		if (c == token->quote)
			token->place = token->place == XML_TAG_VALUE ? XML_TAG : XML_DECLARATION;
		break;
	case XML_INSTRUCTION: pass_to_end(token, c, '?', 1); break;
	case XML_DECLARATION: pass_declaration(token, c); break;
	case XML_COMMENT: pass_to_end(token, c, '-', 2); break;
	case XML_CDATA: pass_to_end(token, c, ']', 2); break;
	}
}

void xml_token_pass(struct xml_token *token, struct bytes piece)
{
	size_t begun = token->length; /* of it, before the piece at hand or what is left of it */
	for (size_t at = 0; at < piece.len; at++) {
		unsigned char wanted = awaited(token);
		if (wanted != 0 && piece.at[at] != wanted) {
			const unsigned char *found = memchr(piece.at + at, wanted, piece.len - at);
			if (found == NULL)
				break;
			at = (size_t)(found - piece.at);
		}
		if (token->place == XML_TEXT)
			begun = (size_t)0 - at; /* so that adding the piece's length gives the token's */
		pass_byte(token, piece.at[at]);
	}
	bool is_unfinished = token->place != XML_TEXT && token->place != XML_CDATA;
	token->length = is_unfinished ? begun + piece.len : 0;
}

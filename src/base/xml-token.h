/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in its markup an XML document stands, seen from its bytes alone and
 * before a parser sees them: how much of a tag, comment, instruction or
 * declaration has come, and how many attributes. Right for well-formed text in
 * UTF-8 and what shares ASCII with it; in other charsets a guess. Text and
 * CDATA are never unfinished: a parser hands them on as they come.
 */
#ifndef TIDEMARK_BASE_XML_TOKEN_H
#define TIDEMARK_BASE_XML_TOKEN_H

#include "base/bytes.h"

/*
 * TEXT ── < ──> OPENED ──────────> TAG <── quote ──> TAG_VALUE
 *                 │ ?─> INSTRUCTION
 *                 └ !─> DECLARATION <── quote ──> DECLARATION_VALUE
 *                        │ --─> COMMENT    [─> CDATA, or the subset of a DOCTYPE: TEXT
 */
enum xml_place {
	XML_TEXT,
	XML_OPENED,
	XML_TAG,
	XML_TAG_VALUE,
	XML_INSTRUCTION,
	XML_DECLARATION,
	XML_DECLARATION_VALUE,
	XML_COMMENT,
	XML_CDATA
};

struct xml_token {
	enum xml_place place;
	unsigned char quote;
	unsigned matched;       /* bytes of a mark of several, as far as they came last */
	unsigned declared;      /* bytes behind <!, up to what tells one declaration from another */
	size_t length;          /* of the unfinished token, 0: none */
	size_t attributes;      /* of the tag at hand */
	size_t attributes_most; /* of any tag so far */
};

/** All zeros is the beginning of a document. */
void xml_token_pass(struct xml_token *token, struct bytes piece);

#endif

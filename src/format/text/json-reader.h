/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that turns JSON into lines, fed piece by piece. Every scalar
 * becomes a line "key/key: value", strings unescaped. Keys are joined by
 * slashes, since dots would make domain names of them; a key that is no plain
 * word stands on a line of its own, once. Of nested keys the last three are
 * shown, so that deep documents do not balloon; beyond JSON_READER_DEPTH_MAX
 * levels none are, and what stands there is not checked.
 *
 * What may come next:
 *   TOP ── { ──> KEY ── "key" ──> COLON ── : ──> VALUE ── value ──> COMMA ── , ──> KEY
 *    └──── [ ──> ITEM ── value ──> COMMA ── , ──> ITEM         } or ] ──> the outer level's COMMA, or TOP
 */
#ifndef TIDEMARK_FORMAT_TEXT_JSON_READER_H
#define TIDEMARK_FORMAT_TEXT_JSON_READER_H

#include "base/buffer.h"
#include "format/format.h"

#define JSON_READER_DEPTH_MAX 1000

enum json_expectation {
	JSON_EXPECTS_TOP,
	JSON_EXPECTS_KEY,
	JSON_EXPECTS_COLON,
	JSON_EXPECTS_VALUE,
	JSON_EXPECTS_ITEM,
	JSON_EXPECTS_COMMA,
};

enum json_lexeme {
	JSON_NONE,
	JSON_STRING,
	JSON_ESCAPE,
	JSON_UNICODE,
	JSON_LITERAL,
	JSON_SLASH,
	JSON_LINE_COMMENT,
	JSON_BLOCK_COMMENT,
	JSON_BLOCK_STAR,
};

struct json_level;
struct json_reader {
	struct emitter *emitter; /* NULL: only checks */
	struct buffer out, path, key, literal;
	struct json_level *levels; /* level 0 is the top */
	size_t depth;
	size_t beyond;    /* levels open beyond the deepest that is kept */
	bool is_too_deep; /* there were some */
	enum json_expectation expects;
	enum json_lexeme lexeme;
	bool is_refused;            /* by the emitter, whose status was returned */
	bool is_key;                /* of the string being read */
	bool has_key, is_plain_key; /* of the value being read */
	unsigned hex_digits;
	uint32_t code_unit, high_surrogate;
	uint64_t documents, tokens; /* finished: outermost values; values and keys */
};

enum status json_reader_start(struct json_reader *json, struct emitter *emitter) MUST_CHECK;
/** Also after a start that failed. */
void json_reader_finish(struct json_reader *json);

/** Reads a piece, taking off *piece what was read. Tolerates comments, trailing commas and several documents in a row.
 *  MALFORMED: what is left of *piece is no JSON. */
enum status json_reader_feed(struct json_reader *json, struct bytes *piece) MUST_CHECK;

/** Between documents, at least one of which is finished. */
bool json_reader_is_complete(const struct json_reader *json);

/** Emits what was read so far, a key or number that is not finished included. */
enum status json_reader_flush_unfinished(struct json_reader *json) MUST_CHECK;

#endif

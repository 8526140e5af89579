/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words with their blanks filled, in the way of their language: 12 March 2021 and
 * 12. März 2021, 1,234 and 1.234, "64 documents", 2.1 GB. All of it escaped.
 */
#ifndef TIDEMARK_PORTAL_SAY_H
#define TIDEMARK_PORTAL_SAY_H

#include "base/buffer.h"
#include "portal/words.h"

/* What fills a blank. */
struct said {
	enum { SAID_TEXT, SAID_FOREIGN, SAID_NUMBER, SAID_COUNT, SAID_SIZE, SAID_DAY, SAID_TIME } kind;
	struct bytes text;
	uint64_t number;
	int64_t time;
	enum word one; /* of a count: the word for one; for more, and none, the key behind it */
};

static inline struct said said_text(struct bytes text)
{
	return (struct said){.kind = SAID_TEXT, .text = text};
}
static inline struct said said_string(const char *text)
{
	return (struct said){.kind = SAID_TEXT, .text = bytes_of_string(text)};
}
/** From a leak or from whoever asks: boxed. */
static inline struct said said_foreign(struct bytes text)
{
	return (struct said){.kind = SAID_FOREIGN, .text = text};
}
static inline struct said said_number(uint64_t number)
{
	return (struct said){.kind = SAID_NUMBER, .number = number};
}
/** "1 document" or "64 documents": one's words, and those of the key behind it, have {1}. */
static inline struct said said_count(enum word one, uint64_t number)
{
	return (struct said){.kind = SAID_COUNT, .number = number, .one = one};
}
static inline struct said said_size(uint64_t bytes)
{
	return (struct said){.kind = SAID_SIZE, .number = bytes};
}
static inline struct said said_day(int64_t time)
{
	return (struct said){.kind = SAID_DAY, .time = time};
}
/** Day and hour, with the zone. */
static inline struct said said_time(int64_t time)
{
	return (struct said){.kind = SAID_TIME, .time = time};
}

void say_filled(struct buffer *into, enum language language, enum word word, const struct said *values, size_t count);

/** Appends the words, escaped, blanks filled by what follows. */
#define SAY(into, language, word, ...) \
	say_filled((into), (language), (word), (const struct said[]){__VA_ARGS__}, \
	           sizeof((const struct said[]){__VA_ARGS__}) / sizeof(struct said))
/** Words that have no blanks. */
void say(struct buffer *into, enum language language, enum word word);
/** One value by itself. */
void say_value(struct buffer *into, enum language language, struct said value);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions over UTF-8 in time linear in the text (Thompson's
 * construction: all possible states at once, never a way back). Understood:
 *
 *     . [a-z] [^a-z] \d \w \s \D \W \S     one code point; . is any but a newline
 *     x* x+ x? x{m} x{m,} x{m,n}           and with a ? behind, which changes nothing here
 *     (x) (?:x) (?i) (?i:x) x|y            groups do not capture
 *     ^ $ \b \B                            ends of the text, edges of words
 *     \. \/ \t \n \r \f \v \xHH \x{H..} \uHHHH
 *
 * References back and looking around cannot be had in linear time: USAGE says so.
 * Case is folded one code point to one (no sharp s). Invalid bytes match . and negated classes.
 */
#ifndef TIDEMARK_REGEX_REGEX_H
#define TIDEMARK_REGEX_REGEX_H

#include "base/bytes.h"
#include "base/status.h"

#define REGEX_PATTERN_MAX 4096
#define REGEX_STATES_MAX 4096 /* what a pattern may unfold into */

struct regex; /* used by one thread at a time */

/** USAGE with the reason and the place in reterr; NO_MEMORY. */
enum status regex_compile(struct bytes pattern, struct regex **ret_regex, struct failure *reterr) MUST_CHECK;
/** Whether it matches anywhere in text. Work: at most states times length. NO_MEMORY. */
enum status regex_find(struct regex *regex, struct bytes text, bool *ret_found) MUST_CHECK;

/** from, to: bytes. False: it is enough. */
typedef bool regex_match(void *context, size_t from, size_t to);
/** Calls each, in order, for every longest match that begins within [from, to) of text and is no longer than max_length; those
 *  that lie within one that began earlier are none, nor are empty ones. Here ^ and $ are ends of lines. Work: at most states times
 *  length, whatever the text. NO_MEMORY. */
enum status regex_each(struct regex *regex, struct bytes text, size_t from, size_t to, size_t max_length, regex_match *each,
                       void *context) MUST_CHECK;
void regex_free(struct regex *regex);

#endif

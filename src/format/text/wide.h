/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-16 within other text: logs are appended to by programs of two minds, and
 * files are joined. Where it begins is told by its zeros, where it ends by a
 * line that is ASCII or UTF-8 without any.
 */
#ifndef TIDEMARK_FORMAT_TEXT_WIDE_H
#define TIDEMARK_FORMAT_TEXT_WIDE_H

#include "base/bytes.h"

struct wide_start {
	size_t at;
	bool is_big_endian;
};

/** Where UTF-16 begins in text that is otherwise of bytes; false if nowhere. */
bool wide_find_start(struct bytes text, struct wide_start *ret_start);

/** How far text goes on as UTF-16, in whole units. Past the last WIDE_LOOKAHEAD bytes it is only sure where text is_last;
 *  where it is not, the answer stops at a line's end before them, if there is one. */
#define WIDE_LOOKAHEAD 256
size_t wide_length(struct bytes text, bool is_big_endian, bool is_last);

/** Whether text begins with a line of plain bytes, which read as UTF-16 would be Chinese. */
bool wide_is_narrow_line(struct bytes text, bool is_big_endian);

/** Whether a unit stands in no text: a control, a private or no character. Surrogates are not looked at. */
bool wide_is_wrong(uint16_t unit);

#endif

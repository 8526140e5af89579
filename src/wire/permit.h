/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be heard when: a row for each message in each state of a
 * conversation in which it may come, and no other may. Asked before anything of
 * a frame is decoded, by whoever receives it.
 */
#ifndef TIDEMARK_WIRE_PERMIT_H
#define TIDEMARK_WIRE_PERMIT_H

#include "wire/wire.h"

enum permit_descriptor { PERMIT_NO_DESCRIPTOR, PERMIT_A_DESCRIPTOR, PERMIT_EITHER };

struct permit {
	unsigned char state, type;
	unsigned char next; /* the state behind it */
	enum permit_descriptor descriptor;
	size_t maximum; /* bytes of its fields */
};

/* Of a message whose fields have bounds of their own. */
#define PERMIT_FRAME (WIRE_FRAME_MAX - 2)

struct permit_table {
	const struct permit *rows;
	size_t count;
};

/** OK, and *state is the one behind the message. Else MALFORMED: the state stays, and what came with it is closed. */
enum status permit_message(const struct permit_table *table, unsigned char *state, struct wire_reader *reader) MUST_CHECK;

#endif

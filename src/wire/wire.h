/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames between the programs: the trust boundary. One frame is one
 * SOCK_SEQPACKET message: a byte of version, a byte of type, then fields, at
 * most WIRE_FRAME_MAX in all, with at most one descriptor beside it. Fields
 * are little-endian numbers and byte runs behind a 32-bit length. Reading is
 * sticky: after the first error every getter returns nothing, and wire_end
 * says whether all was well and nothing was left over.
 */
#ifndef TIDEMARK_WIRE_WIRE_H
#define TIDEMARK_WIRE_WIRE_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/status.h"

#define WIRE_VERSION 4
#define WIRE_FRAME_MAX (128u << 10)
/* The most bytes of text or window put into one frame. */
#define WIRE_CHUNK (64u << 10)

struct wire_writer {
	size_t len;
	bool overflowed;
	unsigned char frame[WIRE_FRAME_MAX];
};

void wire_begin(struct wire_writer *writer, unsigned char type);
void wire_put_u8(struct wire_writer *writer, uint8_t value);
void wire_put_u32(struct wire_writer *writer, uint32_t value);
void wire_put_u64(struct wire_writer *writer, uint64_t value);
void wire_put_bytes(struct wire_writer *writer, struct bytes bytes);
/** Bytes still free in the frame. */
size_t wire_room(const struct wire_writer *writer);

struct wire_reader {
	struct bytes rest;
	unsigned char type;
	bool failed;
	int descriptor; /* came with the frame, the reader's to close; -1 if none */
};

uint8_t wire_get_u8(struct wire_reader *reader);
uint32_t wire_get_u32(struct wire_reader *reader);
uint64_t wire_get_u64(struct wire_reader *reader);
/** Seconds as wire_put_u64 took them; one that cannot be written as a date (clock_limit) is CLOCK_UNKNOWN. */
int64_t wire_get_time(struct wire_reader *reader);
/** At most max bytes, else the reader fails. Borrowed from the frame. */
struct bytes wire_get_bytes(struct wire_reader *reader, size_t max);
/** As wire_get_bytes, and it must be valid UTF-8 without NUL. */
struct bytes wire_get_text(struct wire_reader *reader, size_t max);
/** A number that must be below limit. */
uint32_t wire_get_enum(struct wire_reader *reader, uint32_t limit);
/** OK if every field was there and nothing is left; else MALFORMED. */
enum status wire_end(struct wire_reader *reader) MUST_CHECK;

/** Two connected ends, both close-on-exec. */
enum status wire_pair(int ret_ends[2]) MUST_CHECK;

/** Writes the frame behind its length to a file; the next one stands behind it. BROKEN if it cannot be written. */
enum status wire_write(int fd, const struct wire_writer *writer) MUST_CHECK;
/** Takes the first of such frames off bytes, which must outlive the reader. END: there is none. MALFORMED as wire_receive. */
enum status wire_take(struct bytes *bytes, struct wire_reader *ret_reader) MUST_CHECK;

/** Sends the frame with descriptor (-1 for none), waiting as long as it takes. CRASHED if the peer is gone; BROKEN if the
 *  frame overflowed. */
enum status wire_send(int fd, const struct wire_writer *writer, int descriptor) MUST_CHECK;

/** As wire_send, but TIMED_OUT once the peer has taken nothing for so many milliseconds. */
enum status wire_send_within(int fd, int milliseconds, const struct wire_writer *writer, int descriptor) MUST_CHECK;

/** As wire_send, to a peer that must have read all it was sent before: BUSY, at once, if it has not. So one that does not
 *  read holds neither its sender nor more than one descriptor. */
enum status wire_hand(int fd, const struct wire_writer *writer, int descriptor) MUST_CHECK;

/** Whether something waits to be received: a frame, or the peer's end. */
bool wire_has_something(int fd);

/** Waits at most milliseconds (-1: for ever) for a frame into frame[WIRE_FRAME_MAX]. TIMED_OUT; END when the peer closed;
 *  MALFORMED for a wrong version, a cut frame or more than one descriptor; CRASHED if the peer is gone. */
enum status wire_receive(int fd, int milliseconds, unsigned char *frame, struct wire_reader *ret_reader) MUST_CHECK;

/** Closes the descriptor that came with the frame, if it was not taken. */
void wire_drop(struct wire_reader *reader);
/** Takes the descriptor: it is the caller's now; -1 if none came. */
int wire_take_descriptor(struct wire_reader *reader);

/** Whether descriptor is readable memory of exactly so many bytes that nobody can write, grow or shrink any more. To be asked
 *  of whatever a cell hands over, before it is mapped, read or handed on. */
bool wire_is_sealed_memory(int descriptor, uint64_t size);

#endif

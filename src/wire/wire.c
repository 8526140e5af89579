/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding, decoding and moving frames. */
#define _GNU_SOURCE
#include "wire/wire.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

void wire_begin(struct wire_writer *writer, unsigned char type)
{
	writer->frame[0] = WIRE_VERSION;
	writer->frame[1] = type;
	writer->len = 2;
	writer->overflowed = false;
}

size_t wire_room(const struct wire_writer *writer)
{
	return WIRE_FRAME_MAX - writer->len;
}

static void put(struct wire_writer *writer, const void *at, size_t len)
{
	if (writer->overflowed || len > wire_room(writer)) {
		writer->overflowed = true;
		return;
	}
	if (len > 0)
		memcpy(writer->frame + writer->len, at, len);
	writer->len += len;
}

void wire_put_u8(struct wire_writer *writer, uint8_t value)
{
	put(writer, &value, 1);
}

void wire_put_u32(struct wire_writer *writer, uint32_t value)
{
	unsigned char bytes[4];
	store_le32(bytes, value);
	put(writer, bytes, sizeof bytes);
}

void wire_put_u64(struct wire_writer *writer, uint64_t value)
{
	unsigned char bytes[8];
	store_le64(bytes, value);
	put(writer, bytes, sizeof bytes);
}

void wire_put_bytes(struct wire_writer *writer, struct bytes bytes)
{
	if (bytes.len > WIRE_FRAME_MAX) {
		writer->overflowed = true;
		return;
	}
	wire_put_u32(writer, (uint32_t)bytes.len);
	put(writer, bytes.at, bytes.len);
}

static struct bytes take(struct wire_reader *reader, size_t len)
{
	if (reader->failed || len > reader->rest.len) {
		reader->failed = true;
		return BYTES_NONE;
	}
	struct bytes taken = bytes_slice(reader->rest, 0, len);
	reader->rest = bytes_from(reader->rest, len);
	return taken;
}

uint8_t wire_get_u8(struct wire_reader *reader)
{
	struct bytes b = take(reader, 1);
	return b.len ? b.at[0] : 0;
}

uint32_t wire_get_u32(struct wire_reader *reader)
{
	struct bytes b = take(reader, 4);
	return b.len ? load_le32(b.at) : 0;
}

uint64_t wire_get_u64(struct wire_reader *reader)
{
	struct bytes b = take(reader, 8);
	return b.len ? load_le64(b.at) : 0;
}

int64_t wire_get_time(struct wire_reader *reader)
{
	return clock_limit((int64_t)wire_get_u64(reader));
}

struct bytes wire_get_bytes(struct wire_reader *reader, size_t max)
{
	size_t len = wire_get_u32(reader);
	if (len > max)
		reader->failed = true;
	return take(reader, len);
}

struct bytes wire_get_text(struct wire_reader *reader, size_t max)
{
	struct bytes text = wire_get_bytes(reader, max);
	if (!text_is_valid(text) || bytes_find_byte(text, 0) != BYTES_NOT_FOUND) {
		reader->failed = true;
		return BYTES_NONE;
	}
	return text;
}

uint32_t wire_get_enum(struct wire_reader *reader, uint32_t limit)
{
	uint32_t value = wire_get_u32(reader);
	if (value >= limit) {
		reader->failed = true;
		return 0;
	}
	return value;
}

enum status wire_end(struct wire_reader *reader)
{
	return reader->failed || reader->rest.len > 0 ? STATUS_MALFORMED : STATUS_OK;
}

enum status wire_pair(int ret_ends[2])
{
	int ends[2], size = 4 * (int)WIRE_FRAME_MAX;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return STATUS_BROKEN;
	for (int i = 0; i < 2; i++) {
		/* The kernel caps it; half of what it grants still holds a frame. */
		setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
		ret_ends[i] = ends[i];
	}
	return STATUS_OK;
}

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(2 * sizeof(int))];
};

static void attach(struct msghdr *message, union control *control, int descriptor)
{
	memset(control, 0, sizeof *control);
	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(sizeof(int));
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
}

static enum status wait_for(int fd, short events, int milliseconds)
{
	struct pollfd ready = {.fd = fd, .events = events};
	int count;
	do
		count = poll(&ready, 1, milliseconds);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return STATUS_BROKEN;
	return count == 0 ? STATUS_TIMED_OUT : STATUS_OK;
}

/* BUSY where it would have to wait. */
static enum status send_frame(int fd, const struct wire_writer *writer, int descriptor, int flags)
{
	struct iovec piece = {.iov_base = (void *)(uintptr_t)writer->frame, .iov_len = writer->len};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	union control control;
	ssize_t sent;
	if (writer->overflowed)
		return STATUS_BROKEN;
	if (descriptor >= 0)
		attach(&message, &control, descriptor);
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL | flags);
	while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return STATUS_OK;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return STATUS_BUSY;
	return errno == ENOBUFS || errno == ENOMEM ? STATUS_NO_MEMORY : STATUS_CRASHED;
}

enum status wire_send_within(int fd, int milliseconds, const struct wire_writer *writer, int descriptor)
{
	enum status status;
	while ((status = send_frame(fd, writer, descriptor, milliseconds < 0 ? 0 : MSG_DONTWAIT)) == STATUS_BUSY) {
		status = wait_for(fd, POLLOUT, milliseconds);
		if (status != STATUS_OK)
			break;
	}
	return status;
}

enum status wire_hand(int fd, const struct wire_writer *writer, int descriptor)
{
	int unread = 0;
	if (ioctl(fd, SIOCOUTQ, &unread) == 0 && unread > 0)
		return STATUS_BUSY;
	return send_frame(fd, writer, descriptor, MSG_DONTWAIT);
}

bool wire_has_something(int fd)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	return poll(&readable, 1, 0) != 0;
}

enum status wire_send(int fd, const struct wire_writer *writer, int descriptor)
{
	return wire_send_within(fd, -1, writer, descriptor);
}

/* The one descriptor a frame may carry; more than one, or a cut control message, is a protocol error. */
static enum status collect_descriptor(struct msghdr *message, int *ret_descriptor)
{
	enum status status = message->msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? STATUS_MALFORMED : STATUS_OK;
	int found = -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int descriptor;
			memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
			if (found < 0) {
				found = descriptor;
			} else {
				close(descriptor);
				status = STATUS_MALFORMED;
			}
		}
	}
	if (status != STATUS_OK && found >= 0) {
		close(found);
		found = -1;
	}
	*ret_descriptor = found;
	return status;
}

enum status wire_receive(int fd, int milliseconds, unsigned char *frame, struct wire_reader *ret_reader)
{
	struct iovec piece = {.iov_base = frame, .iov_len = WIRE_FRAME_MAX};
	union control control;
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	enum status status = milliseconds < 0 ? STATUS_OK : wait_for(fd, POLLIN, milliseconds);
	if (status != STATUS_OK)
		return status;
	ssize_t got;
	do
		got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == ECONNRESET ? STATUS_CRASHED : STATUS_BROKEN;
	int descriptor;
	status = collect_descriptor(&message, &descriptor);
	if (status != STATUS_OK)
		return status;
	if (got < 2 || frame[0] != WIRE_VERSION) {
		if (descriptor >= 0)
			close(descriptor);
		return got == 0 ? STATUS_END : STATUS_MALFORMED;
	}
	*ret_reader = (struct wire_reader){
		.rest = bytes_of(frame + 2, (size_t)got - 2),
		.type = frame[1],
		.descriptor = descriptor,
	};
	return STATUS_OK;
}

void wire_drop(struct wire_reader *reader)
{
	if (reader->descriptor >= 0)
		close(reader->descriptor);
	reader->descriptor = -1;
}

int wire_take_descriptor(struct wire_reader *reader)
{
	int descriptor = reader->descriptor;
	reader->descriptor = -1;
	return descriptor;
}

bool wire_is_sealed_memory(int descriptor, uint64_t size)
{
	const int wanted = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	int seals = fcntl(descriptor, F_GET_SEALS), flags = fcntl(descriptor, F_GETFL);
	struct stat about;
	/* Files of tmpfs have seals too, but F_SEAL_SEAL from the first, so never the others. */
	return seals >= 0 && (seals & wanted) == wanted && flags >= 0 && (flags & O_ACCMODE) != O_WRONLY &&
	       fstat(descriptor, &about) == 0 && about.st_size >= 0 && (uint64_t)about.st_size == size;
}

/* ---- frames in memory ---- */

enum status wire_write(int fd, const struct wire_writer *writer)
{
	unsigned char length[4];
	store_le32(length, (uint32_t)writer->len);
	struct iovec pieces[2] = {{length, sizeof length}, {(void *)(uintptr_t)writer->frame, writer->len}};
	size_t all = sizeof length + writer->len;
	if (writer->overflowed)
		return STATUS_BROKEN;
	return writev(fd, pieces, 2) == (ssize_t)all ? STATUS_OK : STATUS_BROKEN;
}

enum status wire_take(struct bytes *bytes, struct wire_reader *ret_reader)
{
	if (bytes->len == 0)
		return STATUS_END;
	uint32_t length = bytes->len >= 4 ? load_le32(bytes->at) : 0;
	struct bytes frame = bytes_slice(*bytes, 4, length);
	if (length < 2 || length > WIRE_FRAME_MAX || frame.len != length || frame.at[0] != WIRE_VERSION)
		return STATUS_MALFORMED;
	*bytes = bytes_from(*bytes, 4 + (size_t)length);
	*ret_reader = (struct wire_reader){.rest = bytes_from(frame, 2), .type = frame.at[1], .descriptor = -1};
	return STATUS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "process/syslog.h"

#include "base/buffer.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { FACILITY_DAEMON = 3, LINE_MAX_BYTES = 1 << 20, SEND_SECONDS = 5 };

static void append_line(struct buffer *into, enum syslog_severity severity, struct bytes text)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t now = time(NULL);
	struct tm parts = {0};
	localtime_r(&now, &parts);
	buffer_append_format(into, "<%d>%s %2d %02d:%02d:%02d tidemark[%ld]: ", FACILITY_DAEMON * 8 + (int)severity,
	                     months[parts.tm_mon], parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, (long)getpid());
	buffer_append(into, text);
}

static int connect_as(const struct sockaddr_un *address, int type)
{
	const struct timeval patience = {.tv_sec = SEND_SECONDS};
	int socket_ = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (socket_ < 0)
		return -1;
	setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(socket_, (const struct sockaddr *)address, sizeof *address) == 0)
		return socket_;
	int why = errno;
	close(socket_);
	errno = why;
	return -1;
}

static bool send_whole(int socket_, struct bytes line)
{
	while (line.len > 0) {
		ssize_t sent = send(socket_, line.at, line.len, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		line = bytes_from(line, (size_t)sent);
	}
	return true;
}

enum status syslog_send(const char *path, enum syslog_severity severity, struct bytes text, struct failure *reterr)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct buffer line = buffer_with_ceiling(LINE_MAX_BYTES);
	if (strlen(path) >= sizeof address.sun_path)
		return fail(reterr, STATUS_UNREACHABLE, path, "is too long for the path of a socket");
	memcpy(address.sun_path, path, strlen(path));
	append_line(&line, severity, text);
	int socket_ = connect_as(&address, SOCK_DGRAM);
	if (socket_ < 0 && errno == EPROTOTYPE) {
		socket_ = connect_as(&address, SOCK_STREAM);
		buffer_append_byte(&line, '\0');
	}
	enum status status = buffer_status(&line);
	if (status == STATUS_OK && (socket_ < 0 || !send_whole(socket_, buffer_bytes(&line))))
		status = fail(reterr, STATUS_UNREACHABLE, path, "the log does not take it (%s)", strerror(errno));
	if (socket_ >= 0)
		close(socket_);
	buffer_free(&line);
	return status;
}

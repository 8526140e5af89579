/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While nothing is shown, Ctrl-C ends the line as a byte of it and is no signal: so no way out of here leaves a terminal
 * that shows nothing.
 */
#define _GNU_SOURCE
#include "cli/password.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { CTRL_C = 3 };

/* Byte by byte: what stands behind the line is somebody else's. The length, or -1 for a line that is too long. */
static ssize_t read_line(char *into, size_t size)
{
	size_t length = 0;
	char byte;
	ssize_t got;
	while ((got = read(STDIN_FILENO, &byte, 1)) == 1 || (got < 0 && errno == EINTR)) {
		if (got < 0)
			continue;
		if (byte == '\n' || byte == CTRL_C)
			break;
		if (length + 1 >= size)
			return -1;
		into[length++] = byte;
	}
	into[length] = '\0';
	if (got == 1 && byte == CTRL_C)
		return -2;
	if (length > 0 && into[length - 1] == '\r')
		into[--length] = '\0';
	return (ssize_t)length;
}

static enum status tell(ssize_t length, const char *text, struct failure *reterr)
{
	if (length == -2)
		return fail(reterr, STATUS_INTERRUPTED, "", "interrupted");
	if (length >= 0 && strlen(text) != (size_t)length)
		return fail(reterr, STATUS_USAGE, "password", "must hold no zero byte");
	return user_check_password(bytes_of(text, length < 0 ? USER_PASSWORD_MAX + 1 : (size_t)length), reterr);
}

static enum status read_hidden(const char *question, char *into, size_t size, ssize_t *ret_length, struct failure *reterr)
{
	struct termios shown, hidden;
	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return fail(reterr, STATUS_BROKEN, "the terminal", "cannot be asked: %s", strerror(errno));
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	hidden.c_cc[VEOL] = CTRL_C;
	/* Asked once nothing is shown any more: what is typed before is forgotten. */
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	fputs(question, stderr);
	fflush(stderr);
	*ret_length = read_line(into, size);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fputc('\n', stderr);
	return STATUS_OK;
}

static enum status ask(const char *question, char *into, size_t size, struct failure *reterr)
{
	ssize_t length = 0;
	enum status status = read_hidden(question, into, size, &length, reterr);
	return status == STATUS_OK ? tell(length, into, reterr) : status;
}

static enum status ask_twice(char into[USER_PASSWORD_MAX + 2], struct failure *reterr)
{
	char again[USER_PASSWORD_MAX + 2] = "";
	enum status status = ask("Password: ", into, sizeof again, reterr);
	if (status == STATUS_OK)
		status = ask("Once more: ", again, sizeof again, reterr);
	bool is_same = strcmp(into, again) == 0;
	explicit_bzero(again, sizeof again);
	if (status == STATUS_OK && !is_same)
		return fail(reterr, STATUS_USAGE, "password", "the two are not the same; nothing was changed");
	return status;
}

enum status password_read(char into[USER_PASSWORD_MAX + 2], struct failure *reterr)
{
	if (isatty(STDIN_FILENO))
		return ask_twice(into, reterr);
	ssize_t length = read_line(into, USER_PASSWORD_MAX + 2);
	return tell(length, into, reterr);
}

enum status password_ask(char into[USER_PASSWORD_MAX + 2], struct failure *reterr)
{
	ssize_t length = 0;
	enum status status = STATUS_OK;
	if (isatty(STDIN_FILENO))
		status = read_hidden("Password: ", into, USER_PASSWORD_MAX + 2, &length, reterr);
	else
		length = read_line(into, USER_PASSWORD_MAX + 2);
	if (status == STATUS_OK && length == -2)
		status = fail(reterr, STATUS_INTERRUPTED, "", "interrupted");
	if (status == STATUS_OK && (length < 0 || strlen(into) != (size_t)length))
		explicit_bzero(into, USER_PASSWORD_MAX + 2);
	return status;
}

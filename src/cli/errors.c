/* SPDX-License-Identifier: Apache-2.0 */
/* One line, one write. */
#include "cli/errors.h"

#include "base/text.h"

#include <unistd.h>

/* What a status says where nothing better was said. */
static const char *words_for(enum status status)
{
	switch (status) {
	case STATUS_NO_MEMORY: return "not enough memory; end other programs, or lower --jobs";
	case STATUS_NO_SPACE: return "no space left; free some and run the same command again";
	case STATUS_INTERRUPTED: return "interrupted; the same command goes on where it stopped";
	case STATUS_BUSY: return "another run holds it; wait for it to end";
	case STATUS_ABSENT: return "there is no such thing";
	case STATUS_DENIED: return "not permitted";
	case STATUS_MALFORMED: return "is not in a form that can be read";
	default: return status_name(status);
	}
}

void errors_append_line(struct buffer *into, const char *what, const char *where, const char *why)
{
	const char *const parts[] = {what, where, why};
	buffer_append_string(into, "tidemark");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i] == NULL || parts[i][0] == '\0')
			continue;
		buffer_append_string(into, ": ");
		text_append_escaped(into, bytes_of_string(parts[i]));
	}
	buffer_append_byte(into, '\n');
}

void errors_say(const char *what, const char *where, const char *why)
{
	struct buffer line = buffer_with_ceiling(1u << 20);
	errors_append_line(&line, what, where, why);
	ssize_t written = write(STDERR_FILENO, line.at, line.len);
	(void)written; /* nobody is left to be told */
	buffer_free(&line);
}

void errors_show(const char *what, enum status status, const struct failure *failure)
{
	errors_say(what, failure->where, failure->why[0] != '\0' ? failure->why : words_for(status));
}

enum exit_code errors_exit_code(enum status status)
{
	switch (status) {
	case STATUS_OK:
	case STATUS_END: return EXIT_DONE;
	case STATUS_USAGE: return EXIT_WRONG_USAGE;
	case STATUS_INTERRUPTED: return EXIT_INTERRUPTED;
	default: return EXIT_FAILED;
	}
}

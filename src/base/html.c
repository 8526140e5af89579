/* SPDX-License-Identifier: Apache-2.0 */
#include "base/html.h"

#include "base/text.h"

enum { TEXT_MAX = 1 << 20 }; /* of one text, escaped */

static void append_safe(struct buffer *into, struct bytes safe)
{
	for (size_t i = 0; i < safe.len; i++) {
		switch (safe.at[i]) {
		case '&': HTML(into, "&amp;"); break;
		case '<': HTML(into, "&lt;"); break;
		case '>': HTML(into, "&gt;"); break;
		case '"': HTML(into, "&quot;"); break;
		case '\'': HTML(into, "&#39;"); break;
		default: buffer_append_byte(into, safe.at[i]);
		}
	}
}

/* First what would hide or turn text is written out, then what would be taken for HTML. */
void html_text(struct buffer *into, struct bytes text)
{
	struct buffer safe = buffer_with_ceiling(TEXT_MAX);
	text_append_escaped(&safe, text);
	append_safe(into, buffer_bytes(&safe));
	if (buffer_status(&safe) == STATUS_NO_MEMORY)
		into->failed = STATUS_NO_MEMORY;
	else if (buffer_status(&safe) != STATUS_OK)
		HTML(into, "...");
	buffer_free(&safe);
}

void html_string(struct buffer *into, const char *text)
{
	html_text(into, bytes_of_string(text));
}

void html_foreign(struct buffer *into, struct bytes text)
{
	HTML(into, "<bdi class=\"foreign\">");
	html_text(into, text);
	HTML(into, "</bdi>");
}

void html_foreign_lines(struct buffer *into, struct bytes text)
{
	HTML(into, "<pre class=\"foreign\" dir=\"auto\">");
	while (text.len > 0) {
		size_t end = bytes_find_byte(text, '\n');
		html_text(into, bytes_slice(text, 0, end));
		if (end == BYTES_NOT_FOUND)
			break;
		HTML(into, "\n");
		text = bytes_from(text, end + 1);
	}
	HTML(into, "</pre>");
}

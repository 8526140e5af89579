/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain text in any charset, of any size, decoded and otherwise untouched.
 * What begins as text and goes on as something else is read as far as it is
 * text; strings are carved from the rest.
 */
#include "format/text/charset-table.h"
#include "format/text/charset.h"
#include "format/format.h"
#include "format/text/text-stream.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_text = {
	.name = "text",
	.version = 2,
	.media_type = "text/plain",
	.bid = bid,
	.extract = extract,
	.prepare = charset_prepare,
};

enum { BID_VALID = 9, BID_GUESSED = 6 };

static int bid(struct bytes head, struct source *source)
{
	const char *charset = head.len > 0 ? charset_sniff(head, source->declared_charset) : NULL;
	if (charset == NULL)
		return 0;
	return strncmp(charset, "utf-", 4) == 0 ? BID_VALID : BID_GUESSED;
}

/* ---- better media types, by the first line, else by the name ---- */

struct kind {
	const char *mark, *media_type;
};

static const struct kind kinds_by_line[] = {
	{"BEGIN:VCALENDAR", "text/calendar"},
	{"BEGIN:VCARD", "text/vcard"},
	{"WEBVTT", "text/vtt"},
	{"-----BEGIN ", "application/x-pem-file"},
	{"#!/", "text/x-script"},
	{"%!PS-", "application/postscript"},
	{"diff --git ", "text/x-diff"},
	{"WARC/", "application/warc"},
};

static const struct kind kinds_by_name[] = {
	{".md", "text/markdown"}, {".sql", "application/sql"}, {".yaml", "application/yaml"},
	{".yml", "application/yaml"}, {".log", "text/x-log"}, {".ini", "text/x-ini"}, {".css", "text/css"},
	{".js", "text/javascript"}, {".ldif", "text/x-ldif"}, {".tex", "text/x-tex"},
};

static bool ends_with_nocase(struct bytes name, const char *suffix)
{
	size_t length = strlen(suffix);
	return name.len >= length && bytes_equal_nocase(bytes_from(name, name.len - length), bytes_of_string(suffix));
}

static const char *find_media_type(struct bytes beginning, struct bytes name)
{
	for (size_t i = 0; i < sizeof kinds_by_line / sizeof kinds_by_line[0]; i++)
		if (bytes_start_with(beginning, bytes_of_string(kinds_by_line[i].mark)))
			return kinds_by_line[i].media_type;
	for (size_t i = 0; i < sizeof kinds_by_name / sizeof kinds_by_name[0]; i++)
		if (ends_with_nocase(name, kinds_by_name[i].mark))
			return kinds_by_name[i].media_type;
	return NULL;
}

/* ---- reading ---- */

static enum status emit_kind(struct source *source, struct emitter *emitter)
{
	struct bytes head;
	enum status status = source_view(source, 0, 64, &head);
	if (status != STATUS_OK)
		return status;
	const char *media_type = find_media_type(head, source->name);
	return media_type ? emit_media_type(emitter, media_type) : STATUS_OK;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct text_stream stream = text_stream_over(source, source->declared_charset);
	enum status status = emit_kind(source, emitter);
	if (status == STATUS_OK)
		status = text_stream_emit_rest(&stream, emitter);
	text_stream_close(&stream);
	return status;
}

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

/* ---- better media types, by the first line: the same bytes are of the same type whatever their names ---- */

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
	{"-- MySQL dump ", "application/sql"},
	{"--\n-- PostgreSQL database dump", "application/sql"},
	{"CREATE TABLE ", "application/sql"},
	{"INSERT INTO ", "application/sql"},
	{"dn: ", "text/x-ldif"},
	{"version: 1\ndn: ", "text/x-ldif"},
	{"\\documentclass", "text/x-tex"},
};

static const char *find_media_type(struct bytes beginning)
{
	for (size_t i = 0; i < sizeof kinds_by_line / sizeof kinds_by_line[0]; i++)
		if (bytes_start_with(beginning, bytes_of_string(kinds_by_line[i].mark)))
			return kinds_by_line[i].media_type;
	return NULL;
}

/* ---- reading ---- */

static enum status emit_kind(struct source *source, struct emitter *emitter)
{
	struct bytes head;
	enum status status = source_view(source, 0, 64, &head);
	if (status != STATUS_OK)
		return status;
	const char *media_type = find_media_type(head);
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

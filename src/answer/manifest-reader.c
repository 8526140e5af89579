/* SPDX-License-Identifier: Apache-2.0 */
/* One piece of the file at a time. */
#include "answer/manifest-reader.h"

void manifest_reader_begin(struct manifest_reader *reader, const struct manifest_source *source, uint64_t offset)
{
	reader->source = source;
	reader->offset = offset;
	reader->at = reader->len = 0;
	reader->failed = STATUS_OK;
	reader->why = "";
}

uint64_t manifest_reader_offset(const struct manifest_reader *reader)
{
	return reader->offset - (reader->len - reader->at);
}

bool manifest_reader_refuse(struct manifest_reader *reader, const char *why)
{
	if (reader->failed == STATUS_OK) {
		reader->failed = STATUS_MALFORMED;
		reader->why = why;
	}
	return false;
}

enum status manifest_reader_end(const struct manifest_reader *reader, struct failure *reterr)
{
	if (reader->failed == STATUS_OK)
		return STATUS_OK;
	if (reader->failed != STATUS_MALFORMED)
		return fail(reterr, reader->failed, reader->source->name, "cannot be read");
	return fail(reterr, STATUS_MALFORMED, reader->source->name, "is no manifest: byte %llu: %s",
	            (unsigned long long)manifest_reader_offset(reader), reader->why);
}

/* The next byte, whatever it is; -1 at the end. */
static int look(struct manifest_reader *reader)
{
	if (reader->failed != STATUS_OK)
		return -1;
	if (reader->at < reader->len)
		return reader->piece[reader->at];
	size_t got = 0;
	reader->failed = reader->source->read_at(reader->source->context, reader->offset, reader->piece, sizeof reader->piece,
	                                         &got);
	if (reader->failed != STATUS_OK || got == 0)
		return -1;
	reader->offset += got;
	reader->at = 0;
	reader->len = got;
	return reader->piece[0];
}

static int take(struct manifest_reader *reader)
{
	int byte = look(reader);
	if (byte >= 0)
		reader->at++;
	return byte;
}

int manifest_reader_peek(struct manifest_reader *reader)
{
	int byte;
	while ((byte = look(reader)) == ' ' || byte == '\n' || byte == '\r' || byte == '\t')
		reader->at++;
	return byte;
}

bool manifest_reader_takes(struct manifest_reader *reader, char wanted)
{
	if (manifest_reader_peek(reader) != wanted)
		return false;
	reader->at++;
	return true;
}

bool manifest_reader_expect(struct manifest_reader *reader, char wanted)
{
	return manifest_reader_takes(reader, wanted) || manifest_reader_refuse(reader, "another sign is due here");
}

bool manifest_reader_takes_null(struct manifest_reader *reader)
{
	if (manifest_reader_peek(reader) != 'n')
		return false;
	for (const char *letter = "null"; *letter != '\0'; letter++)
		if (take(reader) != *letter)
			return manifest_reader_refuse(reader, "null is due here");
	return true;
}

bool manifest_reader_text(struct manifest_reader *reader, char *into, size_t max)
{
	size_t length = 0;
	if (!manifest_reader_expect(reader, '"'))
		return false;
	for (int byte; (byte = take(reader)) != '"';) {
		if (byte < ' ' || byte >= 0x7F || byte == '\\')
			return manifest_reader_refuse(reader, "a string of plain ASCII is due here");
		if (length == max)
			return manifest_reader_refuse(reader, "a string is too long");
		into[length++] = (char)byte;
	}
	into[length] = '\0';
	return true;
}

static int digit_of(int byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

bool manifest_reader_hex(struct manifest_reader *reader, unsigned char *into, size_t size)
{
	if (!manifest_reader_expect(reader, '"'))
		return false;
	for (size_t i = 0; i < size; i++) {
		int high = digit_of(take(reader)), low = digit_of(take(reader));
		if (high < 0 || low < 0)
			return manifest_reader_refuse(reader, "hexadecimal digits in lower case are due here");
		into[i] = (unsigned char)(high << 4 | low);
	}
	return take(reader) == '"' || manifest_reader_refuse(reader, "a string of hexadecimal digits is too long");
}

bool manifest_reader_number(struct manifest_reader *reader, uint64_t *ret_number)
{
	uint64_t number = 0;
	unsigned digits = 0;
	manifest_reader_peek(reader);
	for (int byte; (byte = look(reader)) >= '0' && byte <= '9'; reader->at++) {
		if (++digits > 18 || (digits > 1 && number == 0))
			return manifest_reader_refuse(reader, "a number is too long");
		number = 10 * number + (uint64_t)(byte - '0');
	}
	if (digits == 0)
		return manifest_reader_refuse(reader, "a number is due here");
	*ret_number = number;
	return true;
}

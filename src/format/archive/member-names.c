/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the charsets of two bytes a character's second one may be that of \, which
 * libarchive, where it takes a name for one of DOS, has made / of. None has /
 * for a second byte: so every / becomes \ again before such a name is decoded.
 */
#include "format/archive/member-names.h"

#include "base/text.h"
#include "format/text/charset.h"

enum {
	SAMPLE_MAX = 16 << 10, /* bytes of names that a charset is told by */
	SHOWN_MAX = 256 << 10, /* three bytes for each of the longest name */
	NAME_MAX_SHOWN = 64 << 10
};

struct member_names member_names_new(enum paths paths, const char *otherwise)
{
	return (struct member_names){
		.paths = paths,
		.otherwise = otherwise,
		.sample = buffer_with_ceiling(SAMPLE_MAX),
		.shown = buffer_with_ceiling(SHOWN_MAX),
	};
}

void member_names_free(struct member_names *names)
{
	buffer_free(&names->sample);
	buffer_free(&names->shown);
}

static void replace(struct buffer *text, size_t from, unsigned char before, unsigned char after)
{
	for (size_t i = from; i < text->len; i++)
		if (text->at[i] == before)
			text->at[i] = after;
}

/* As it was written. */
static void append_written(const struct member_names *names, struct buffer *into, struct bytes name)
{
	size_t from = into->len;
	buffer_append(into, name);
	if (names->paths == PATHS_OF_DOS)
		replace(into, from, '/', '\\');
}

bool member_names_note(struct member_names *names, struct bytes name)
{
	struct buffer *sample = &names->sample;
	if (text_is_valid(name))
		return true;
	if (name.len >= sample->ceiling - sample->len)
		return false;
	append_written(names, sample, name);
	buffer_append_byte(sample, '\n');
	return buffer_status(sample) == STATUS_OK;
}

enum status member_names_tell(struct member_names *names)
{
	if (names->sample.len > 0)
		names->charset = charset_guess_names(buffer_bytes(&names->sample), names->otherwise);
	return buffer_status(&names->sample);
}

struct bytes member_names_show(struct member_names *names, struct bytes name)
{
	struct buffer written = buffer_with_ceiling(NAME_MAX_SHOWN);
	buffer_reset(&names->shown);
	if (names->charset == NULL || text_is_valid(name))
		return BYTES_NONE;
	append_written(names, &written, name);
	enum status status = buffer_status(&written);
	if (status == STATUS_OK)
		status = charset_append_decoded(&names->shown, bytes_of_string(names->charset), buffer_bytes(&written));
	buffer_free(&written);
	if (status != STATUS_OK || buffer_status(&names->shown) != STATUS_OK)
		return BYTES_NONE;
	bool is_of_unix = names->paths == PATHS_OF_UNIX || (names->paths == PATHS_OF_EITHER &&
	                                                    bytes_find_byte(buffer_bytes(&names->shown), '/') != BYTES_NOT_FOUND);
	if (!is_of_unix)
		replace(&names->shown, 0, '\\', '/');
	return buffer_bytes(&names->shown);
}

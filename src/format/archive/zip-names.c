/* SPDX-License-Identifier: Apache-2.0 */
/* One look through the directory, before any member is read. */
#include "format/archive/zip-names.h"

#include "base/text.h"
#include "format/archive/zip-parts.h"
#include "format/text/charset.h"

#include <stdlib.h>
#include <zlib.h>

enum {
	SAMPLE_MAX = 16 << 10, /* bytes of names that a charset is told by */
	RENAMED_MAX = 8 << 20, /* bytes of names that stand for a stale Unicode path */
	SHOWN_MAX = 256 << 10, /* three bytes for each of the longest name */
	UNICODE_PATH = 0x7075, /* Info-ZIP: a version, the checksum of the header's name, the name as UTF-8 */
	UNICODE_PATH_NAME = 5,
};

struct looking {
	struct zip_names *names;
	struct buffer sample;
};

/* The Unicode path among extra fields; *ret_is_stale: it was made for another name. Empty if there is none. */
static struct bytes find_unicode_path(const struct zip_name *name, bool *ret_is_stale)
{
	for (struct bytes extra = name->extra; extra.len >= 4; extra = bytes_from(extra, 4u + load_le16(extra.at + 2))) {
		struct bytes field = bytes_slice(extra, 4, load_le16(extra.at + 2));
		if (load_le16(extra.at) != UNICODE_PATH || field.len <= UNICODE_PATH_NAME || field.at[0] != 1)
			continue;
		*ret_is_stale = load_le32(field.at + 1) != crc32(0, name->raw.at, (uInt)name->raw.len);
		return bytes_from(field, UNICODE_PATH_NAME);
	}
	return BYTES_NONE;
}

/* Where the header's name stands is kept as an offset and a length. */
static enum status keep_stale(struct zip_names *names, struct bytes path, struct bytes name)
{
	bool is_new;
	if (name.len > names->renamed.ceiling - names->renamed.len)
		return STATUS_OK;
	uint64_t *place = hash_table_enter(&names->stale, hash_of(0, path), &is_new);
	if (place == NULL)
		return STATUS_NO_MEMORY;
	if (is_new) {
		*place = (uint64_t)names->renamed.len << 16 | name.len;
		buffer_append(&names->renamed, name);
	}
	return buffer_status(&names->renamed);
}

static enum status look_at_name(void *context, const struct zip_name *name)
{
	struct looking *looking = context;
	struct buffer *sample = &looking->sample;
	bool is_stale = false;
	struct bytes path = find_unicode_path(name, &is_stale);
	if (is_stale && !bytes_equal(path, name->raw)) {
		enum status status = keep_stale(looking->names, path, name->raw);
		if (status != STATUS_OK)
			return status;
	}
	if ((path.len > 0 && !is_stale) || name->is_utf8 || text_is_valid(name->raw) ||
	    name->raw.len >= sample->ceiling - sample->len)
		return STATUS_OK;
	buffer_append(sample, name->raw);
	buffer_append_byte(sample, '\n');
	return buffer_status(sample);
}

enum status zip_names_open(struct source *source, struct zip_names *names)
{
	struct source own = *source;
	struct looking looking = {names, buffer_with_ceiling(SAMPLE_MAX)};
	*names = (struct zip_names){
		.renamed = buffer_with_ceiling(RENAMED_MAX),
		.shown = buffer_with_ceiling(SHOWN_MAX),
	};
	own.view = NULL;
	enum status status = zip_parts_visit_names(&own, look_at_name, &looking);
	if (status == STATUS_OK && looking.sample.len > 0)
		names->charset = charset_guess_names(buffer_bytes(&looking.sample));
	buffer_free(&looking.sample);
	free(own.view);
	return status == STATUS_MALFORMED ? STATUS_OK : status;
}

void zip_names_free(struct zip_names *names)
{
	hash_table_free(&names->stale);
	buffer_free(&names->renamed);
	buffer_free(&names->shown);
}

struct bytes zip_names_find(const struct zip_names *names, struct bytes name)
{
	const uint64_t *place = names->stale.count > 0 ? hash_table_find(&names->stale, hash_of(0, name)) : NULL;
	return place != NULL ? bytes_slice(buffer_bytes(&names->renamed), (size_t)(*place >> 16), *place & 0xFFFF) : name;
}

/* As DOS writes paths, where it wrote this one. */
static void straighten(struct buffer *path)
{
	if (bytes_find_byte(buffer_bytes(path), '/') != BYTES_NOT_FOUND)
		return;
	for (size_t i = 0; i < path->len; i++)
		if (path->at[i] == '\\')
			path->at[i] = '/';
}

struct bytes zip_names_show(struct zip_names *names, struct bytes name)
{
	buffer_reset(&names->shown);
	if (names->charset == NULL || text_is_valid(name))
		return BYTES_NONE;
	if (charset_append_decoded(&names->shown, bytes_of_string(names->charset), name) != STATUS_OK)
		return BYTES_NONE;
	straighten(&names->shown);
	return buffer_status(&names->shown) == STATUS_OK ? buffer_bytes(&names->shown) : BYTES_NONE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One look through the directory, before any member is read. */
#include "format/archive/zip-names.h"

#include "base/text.h"
#include "format/archive/zip-parts.h"

#include <stdlib.h>
#include <zlib.h>

enum {
	RENAMED_MAX = 8 << 20, /* bytes of names that stand for a stale Unicode path */
	FALSE_MAX = 64 << 10,  /* names that are not what their headers say */
	UNICODE_PATH = 0x7075, /* Info-ZIP: a version, the checksum of the header's name, the name as UTF-8 */
	UNICODE_PATH_NAME = 5,
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

/* Only headers that stand where the directory says: whatever else lies there stays as it is. */
static enum status keep_false_claim(struct zip_names *names, struct source *source, const struct zip_name *name)
{
	struct bytes header;
	bool is_new;
	enum status status = source_view(source, name->header_offset, ZIP_HEADER_SIZE + name->raw.len, &header);
	if (status != STATUS_OK || names->false_claims.count == FALSE_MAX)
		return status;
	if (!bytes_start_with(header, BYTES_LITERAL("PK\3\4")) || !bytes_equal(bytes_from(header, ZIP_HEADER_SIZE), name->raw))
		return STATUS_OK;
	uint64_t place = name->header_offset + ZIP_FLAGS_HIGH;
	buffer_append(&names->false_places, bytes_of((const void *)&place, sizeof place));
	bool is_kept = hash_table_enter(&names->false_claims, hash_of(0, name->raw), &is_new) != NULL;
	return is_kept ? buffer_status(&names->false_places) : STATUS_NO_MEMORY;
}

struct names_looking {
	struct zip_names *names;
	struct source *source;
};

static enum status look_at_name(void *context, const struct zip_name *name)
{
	const struct names_looking *looking = context;
	bool is_stale = false;
	struct bytes path = find_unicode_path(name, &is_stale);
	if (is_stale && !bytes_equal(path, name->raw)) {
		enum status status = keep_stale(looking->names, path, name->raw);
		if (status != STATUS_OK)
			return status;
	}
	if (name->is_utf8)
		return text_is_valid(name->raw) ? STATUS_OK : keep_false_claim(looking->names, looking->source, name);
	if (path.len == 0 || is_stale)
		member_names_note(&looking->names->members, name->raw);
	return buffer_status(&looking->names->members.sample);
}

static int compare_places(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

enum status zip_names_open(struct source *source, struct zip_names *names)
{
	struct source visited = *source, looked_at = *source;
	struct names_looking looking = {names, &looked_at};
	*names = (struct zip_names){
		.members = member_names_new(PATHS_OF_EITHER, "ibm437"),
		.renamed = buffer_with_ceiling(RENAMED_MAX),
		.false_places = buffer_with_ceiling((FALSE_MAX + 1) * sizeof(uint64_t)),
	};
	visited.view = looked_at.view = NULL;
	enum status status = zip_parts_visit_names(&visited, look_at_name, &looking);
	if (status == STATUS_OK)
		status = member_names_tell(&names->members);
	if (names->false_places.len > 0)
		qsort(names->false_places.at, names->false_places.len / sizeof(uint64_t), sizeof(uint64_t), compare_places);
	free(visited.view);
	free(looked_at.view);
	return status == STATUS_MALFORMED ? STATUS_OK : status;
}

void zip_names_free(struct zip_names *names)
{
	hash_table_free(&names->stale);
	buffer_free(&names->renamed);
	hash_table_free(&names->false_claims);
	buffer_free(&names->false_places);
	member_names_free(&names->members);
}

/* ---- without false claims ---- */

static void unclaim(const struct zip_names *names, uint64_t offset, unsigned char *bytes, size_t length)
{
	const uint64_t *places = (const void *)names->false_places.at;
	size_t count = names->false_places.len / sizeof *places, low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (places[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && places[low] - offset < length; low++)
		bytes[places[low] - offset] &= (unsigned char)~ZIP_FLAG_UTF8_HIGH;
}

static enum status read_unclaimed(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got)
{
	const struct zip_unclaimed *unclaimed = source->context;
	enum status status = unclaimed->whole->read_at(unclaimed->whole, offset, into, length, ret_got);
	if (status == STATUS_OK)
		unclaim(unclaimed->names, offset, into, *ret_got);
	return status;
}

struct source *zip_names_unclaim(const struct zip_names *names, struct source *source, struct zip_unclaimed *ret_unclaimed)
{
	*ret_unclaimed = (struct zip_unclaimed){*source, source, names};
	ret_unclaimed->source.view = NULL;
	if (names->false_places.len == 0)
		return source;
	ret_unclaimed->source.mapped = NULL;
	ret_unclaimed->source.read_at = read_unclaimed;
	ret_unclaimed->source.context = ret_unclaimed;
	return &ret_unclaimed->source;
}

/* ---- asking ---- */

struct bytes zip_names_find(const struct zip_names *names, struct bytes name)
{
	const uint64_t *place = names->stale.count > 0 ? hash_table_find(&names->stale, hash_of(0, name)) : NULL;
	return place != NULL ? bytes_slice(buffer_bytes(&names->renamed), (size_t)(*place >> 16), *place & 0xFFFF) : name;
}

struct bytes zip_names_show(struct zip_names *names, struct bytes name)
{
	bool is_claimed = names->false_claims.count > 0 && hash_table_find(&names->false_claims, hash_of(0, name)) != NULL;
	return is_claimed ? BYTES_NONE : member_names_show(&names->members, name);
}

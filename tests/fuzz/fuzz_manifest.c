/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as another party's manifest, read a few at a time. One that is taken
 * says of its leaves what is in it, and is equal to itself when compared.
 */
#include "answer/manifest-file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
	if (!is_so)
		abort();
}

static enum status read_at(void *context, uint64_t offset, unsigned char *into, size_t room, size_t *ret_got)
{
	const struct bytes *whole = context;
	struct bytes rest = offset < whole->len ? bytes_from(*whole, (size_t)offset) : BYTES_NONE;
	struct bytes piece = bytes_slice(rest, 0, room < 7 ? room : 7);
	if (piece.len > 0)
		memcpy(into, piece.at, piece.len);
	*ret_got = piece.len;
	return STATUS_OK;
}

static void compare_with_itself(const struct manifest_source *source, const struct manifest_file *file)
{
	struct manifest_overlap overlaps[MEASURE_COUNT];
	demand(manifest_file_compare(source, file, source, file, overlaps, NULL) == STATUS_OK);
	for (unsigned measure = 0; measure < MEASURE_COUNT; measure++) {
		demand(overlaps[measure].is_known == file->counted[measure].is_counted);
		demand(overlaps[measure].only_a == 0 && overlaps[measure].only_b == 0);
		demand(overlaps[measure].both == file->counted[measure].size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes whole = bytes_of(data, size);
	const struct manifest_source source = {"manifest", read_at, &whole};
	struct failure failure = {.why = ""};
	struct manifest_file file;
	enum status status = manifest_file_read(&source, &file, &failure);
	demand(status == STATUS_OK || (status == STATUS_MALFORMED && failure.why[0] != '\0'));
	if (status != STATUS_OK)
		return 0;
	(void)!manifest_file_holds(&file);
	(void)!manifest_is_signed(&file.told);
	if (file.has_leaves)
		compare_with_itself(&source, &file);
	return 0;
}

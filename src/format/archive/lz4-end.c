/* SPDX-License-Identifier: Apache-2.0 */
/* From size to size: see the header. */
#include "format/archive/lz4-end.h"

enum { FLAG_BLOCK_SUM = 1 << 4, FLAG_SIZE = 1 << 3, FLAG_SUM = 1 << 2, FLAG_DICTIONARY = 1 << 0 };
enum { HEAD_SIZE = 7, SUM_SIZE = 4, BLOCKS_BETWEEN_SIGNS = 1 << 12 };

#define FRAME 0x184D2204u
#define SKIPPED 0x184D2A50u /* and fifteen more */
#define BLOCK_SIZE_MASK 0x7FFFFFFFu

/* END where the source ends before them. */
static enum status take_word(struct source *source, uint64_t *at, uint32_t *ret_word)
{
	struct bytes view;
	enum status status = source_view(source, *at, 4, &view);
	if (status != STATUS_OK || view.len < 4)
		return status == STATUS_OK ? STATUS_END : status;
	*ret_word = load_le32(view.at);
	*at += 4;
	return STATUS_OK;
}

static enum status pass_blocks(struct source *source, struct emitter *emitter, unsigned flags, uint64_t *at)
{
	uint32_t size = 1;
	enum status status = STATUS_OK;
	for (unsigned count = 1; status == STATUS_OK && size != 0; count++) {
		status = take_word(source, at, &size);
		if (status == STATUS_OK && size != 0)
			*at += (size & BLOCK_SIZE_MASK) + (flags & FLAG_BLOCK_SUM ? (uint64_t)SUM_SIZE : 0);
		if (status == STATUS_OK && count % BLOCKS_BETWEEN_SIGNS == 0)
			status = emit_progress(emitter);
	}
	return status;
}

/* Moves *at behind a frame; END where no whole one stands there. */
static enum status pass_frame(struct source *source, struct emitter *emitter, uint64_t *at)
{
	struct bytes view;
	uint32_t magic, size;
	enum status status = take_word(source, at, &magic);
	if (status == STATUS_OK && magic >= SKIPPED && magic < SKIPPED + 16) {
		status = take_word(source, at, &size);
		*at += status == STATUS_OK ? size : 0;
		return status == STATUS_OK && *at > source->size ? STATUS_END : status;
	}
	if (status == STATUS_OK && magic != FRAME)
		return STATUS_END;
	if (status == STATUS_OK)
		status = source_view(source, *at, 1, &view);
	if (status != STATUS_OK || view.len == 0)
		return status == STATUS_OK ? STATUS_END : status;
	unsigned flags = view.at[0];
	*at += HEAD_SIZE - 4 + (flags & FLAG_SIZE ? 8u : 0) + (flags & FLAG_DICTIONARY ? 4u : 0);
	status = pass_blocks(source, emitter, flags, at);
	if (status == STATUS_OK)
		*at += flags & FLAG_SUM ? (uint64_t)SUM_SIZE : 0;
	return status == STATUS_OK && *at > source->size ? STATUS_END : status;
}

enum status lz4_end_find(struct source *source, struct emitter *emitter, uint64_t *ret_end)
{
	uint64_t at = 0;
	enum status status = STATUS_OK;
	*ret_end = 0;
	while (status == STATUS_OK) {
		status = pass_frame(source, emitter, &at);
		if (status == STATUS_OK) {
			*ret_end = at;
			status = emit_progress(emitter);
		}
	}
	return status == STATUS_END ? STATUS_OK : status;
}

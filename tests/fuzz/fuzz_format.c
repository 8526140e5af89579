/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the format that FUZZED_FORMAT names (the build makes one program
 * for each of the registry): mapped and by views alike, and no call after a
 * refusal. So many calls are allowed and then refused: bombs are no finding
 * here, going on is.
 */
#include "recording-emitter.h"

#include <stdlib.h>

extern const struct format FUZZED_FORMAT;

enum { CALLS_MAX = 500 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void prepare_once(void)
{
	static bool is_prepared;
	if (is_prepared)
		return;
	require(FUZZED_FORMAT.prepare == NULL || FUZZED_FORMAT.prepare() == STATUS_OK);
	is_prepared = true;
}

static void bid_for(struct bytes bytes)
{
	struct source mapped = source_of_bytes(bytes), viewed = recording_unmapped_source(&bytes);
	struct bytes head = bytes_slice(bytes, 0, FORMAT_HEAD_SIZE);
	int bid = FUZZED_FORMAT.bid(head, &mapped);
	require(bid >= 0 && bid <= 100 && FUZZED_FORMAT.bid(head, &viewed) == bid);
	free(viewed.view);
}

static enum status read_into(struct emitter *emitter, struct bytes bytes, bool is_mapped)
{
	recording_emitter_start(emitter);
	emitter->calls_allowed = CALLS_MAX;
	enum status status = recording_emitter_read(emitter, &FUZZED_FORMAT, bytes, is_mapped);
	require(emitter->calls_after_stop == 0);
	require(!emitter->is_stopped || status == emitter->refusal);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emitter mapped, viewed;
	struct bytes bytes = bytes_of(data, size);
	prepare_once();
	bid_for(bytes);
	enum status by_map = read_into(&mapped, bytes, true), by_view = read_into(&viewed, bytes, false);
	/* Views may cut what is emitted otherwise: where a refusal falls is their own. */
	if (!mapped.is_stopped && !viewed.is_stopped) {
		require(by_map == by_view && mapped.child_count == viewed.child_count);
		require(bytes_equal(buffer_bytes(&mapped.text), buffer_bytes(&viewed.text)));
	}
	recording_emitter_free(&mapped);
	recording_emitter_free(&viewed);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a compressed file, mapped and by views alike, under a small budget of calls:
 * bombs are no finding here, going on after the budget is.
 */
#include "../unit/recording-emitter.h"

#include <stdlib.h>

extern const struct format format_compressed;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status read_within_budget(struct emitter *emitter, struct bytes bytes, bool is_mapped)
{
	recording_emitter_start(emitter);
	emitter->calls_allowed = 500;
	enum status status = recording_emitter_read(emitter, &format_compressed, bytes, is_mapped);
	if (emitter->calls_after_stop > 0 || (emitter->is_stopped && status != emitter->refusal))
		abort();
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emitter mapped, viewed;
	enum status by_map = read_within_budget(&mapped, bytes_of(data, size), true);
	enum status by_view = read_within_budget(&viewed, bytes_of(data, size), false);
	if (by_map != by_view || mapped.child_count != viewed.child_count)
		abort();
	recording_emitter_free(&mapped);
	recording_emitter_free(&viewed);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A format that never ends and never says a word, for tests of the watch over
 * workers. Built only with -Dtest_formats=true.
 */
#include "format/format.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_looping = {
	.name = "looping",
	.media_type = "application/x-tidemark-test-loop",
	.bid = bid,
	.extract = extract,
};

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return bytes_start_with(head, BYTES_LITERAL("TIDEMARK-TEST-LOOP\n")) ? 100 : 0;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	volatile uint64_t turns = source->size;
	(void)emitter;
	while (turns != UINT64_MAX)
		turns = (turns + 1) & UINT32_MAX;
	return STATUS_OK;
}

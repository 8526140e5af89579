/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A format that dies, for tests of what a dying worker costs: a wild read, as
 * a bug in a parser would make. Built only with -Dtest_formats=true.
 */
#include "format/format.h"

#include <stdlib.h>

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_crashing = {
	.name = "crashing",
	.media_type = "application/x-tidemark-test-crash",
	.bid = bid,
	.extract = extract,
};

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return bytes_start_with(head, BYTES_LITERAL("TIDEMARK-TEST-CRASH\n")) ? 100 : 0;
}

/* The text goes out first: nothing of a part that was not finished may be kept. */
static enum status extract(struct source *source, struct emitter *emitter)
{
	volatile const unsigned char *volatile nowhere = (const unsigned char *)(uintptr_t)64;
	enum status status = emit_text(emitter, BYTES_LITERAL("last words before the crash\n"));
	if (status != STATUS_OK)
		return status;
	if (source->size > 0 && *nowhere == 0)
		return STATUS_MALFORMED;
	abort();
}

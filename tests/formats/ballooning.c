/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A format that takes memory and touches it until there is no more, for tests
 * of the limit a worker lives under. Without such a limit it stops by itself.
 * Built only with -Dtest_formats=true.
 */
#include "format/format.h"

#include <stdlib.h>

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_ballooning = {
	.name = "ballooning",
	.media_type = "application/x-tidemark-test-balloon",
	.bid = bid,
	.extract = extract,
};

enum { PIECE = 8 << 20, PIECES_MAX = 256, PAGE = 4096 };

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return bytes_start_with(head, BYTES_LITERAL("TIDEMARK-TEST-BALLOON\n")) ? 100 : 0;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	unsigned char *pieces[PIECES_MAX];
	size_t count = 0;
	enum status status = STATUS_OK;
	(void)source;
	while (count < PIECES_MAX && status == STATUS_OK && (pieces[count] = malloc(PIECE)) != NULL) {
		volatile unsigned char *piece = pieces[count++];
		for (size_t at = 0; at < PIECE; at += PAGE)
			piece[at] = 1;
		status = emit_progress(emitter);
	}
	while (count > 0)
		free(pieces[--count]);
	return status == STATUS_OK ? STATUS_NO_MEMORY : status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A format that never ends and always has something to say, for tests of the
 * processor time an object may take: silence is not what ends it. With the word
 * "deaf" behind its mark it goes on when it is told to stop. Built only with
 * -Dtest_formats=true.
 */
#include "format/format.h"

static int bid(struct bytes head, struct source *source);
static enum status extract(struct source *source, struct emitter *emitter);

const struct format format_chattering = {
	.name = "chattering",
	.media_type = "application/x-tidemark-test-chatter",
	.bid = bid,
	.extract = extract,
};

#define MARK BYTES_LITERAL("TIDEMARK-TEST-CHATTER")

enum { TURNS = 1 << 20 };

static int bid(struct bytes head, struct source *source)
{
	(void)source;
	return bytes_start_with(head, MARK) ? 100 : 0;
}

static enum status extract(struct source *source, struct emitter *emitter)
{
	struct bytes head;
	enum status status = source_view(source, 0, 256, &head);
	if (status != STATUS_OK)
		return status;
	bool is_deaf = bytes_find(head, BYTES_LITERAL("deaf")) != BYTES_NOT_FOUND;
	status = emit_text(emitter, BYTES_LITERAL("first words, to anna@contoso.com\n"));
	for (volatile uint64_t turns = 1; status == STATUS_OK || is_deaf; turns++)
		if (turns % TURNS == 0)
			status = emit_text(emitter, BYTES_LITERAL("and more\n"));
	return status;
}

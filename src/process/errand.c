/* SPDX-License-Identifier: Apache-2.0 */
#include "process/errand.h"

#include "base/clock.h"

#include <stdlib.h>

enum { LOOK_MS = 200 };

static const char program[] = "tidemark-fetch";

enum status errand_start(const char *role, int64_t milliseconds, struct errand **ret_errand, struct failure *reterr)
{
	struct errand *errand = calloc(1, sizeof *errand);
	if (errand == NULL)
		return STATUS_NO_MEMORY;
	errand->until = clock_monotonic() + milliseconds;
	enum status status = spawn_start_as(program, role, &errand->process, reterr);
	if (status == STATUS_OK)
		*ret_errand = errand;
	else
		free(errand);
	return status;
}

static int64_t time_left(const struct errand *errand)
{
	int64_t left = errand->until - clock_monotonic();
	return left > 0 ? left : 0;
}

enum status errand_say(struct errand *errand)
{
	enum status status = wire_send_within(errand->process.socket, (int)time_left(errand), &errand->writer, -1);
	explicit_bzero(errand->writer.frame, errand->writer.len);
	return status == STATUS_TIMED_OUT ? STATUS_CRASHED : status;
}

static enum status lose(struct errand *errand, enum status status, struct failure *reterr)
{
	char words[PROCESS_WORDS_SIZE];
	spawn_words(&errand->process, words);
	const char *what = status == STATUS_TIMED_OUT   ? "did not answer in time"
	                   : status == STATUS_MALFORMED ? "broke the protocol"
	                                                : "ended unexpectedly";
	spawn_kill(&errand->process);
	return fail(reterr, STATUS_CRASHED, program, "tidemark-fetch %s%s%s", what, words[0] != '\0' ? "; it said: " : "", words);
}

enum status errand_hear(struct errand *errand, const struct permit_table *permits, unsigned char state,
                        const struct fetch_wait *wait, struct wire_reader *ret_reader, struct failure *reterr)
{
	enum status status;
	do {
		int64_t left = time_left(errand);
		bool is_over = left == 0;
		if (wait != NULL && left > LOOK_MS)
			left = LOOK_MS;
		status = wire_receive(errand->process.socket, (int)left, errand->frame, ret_reader);
		if (status == STATUS_TIMED_OUT && wait != NULL && wait->is_interrupted(wait->context))
			return STATUS_INTERRUPTED;
		if (status == STATUS_TIMED_OUT && is_over)
			return lose(errand, status, reterr);
	} while (status == STATUS_TIMED_OUT);
	/* One that refuses what it is told leaves some of it unread: the reset is told before its last word. */
	if (status == STATUS_CRASHED)
		status = wire_receive(errand->process.socket, 0, errand->frame, ret_reader);
	if (status == STATUS_OK)
		status = permit_message(permits, &state, ret_reader);
	return status == STATUS_OK ? STATUS_OK : lose(errand, status, reterr);
}

enum status errand_disbelieve(struct failure *reterr)
{
	return fail(reterr, STATUS_CRASHED, program, "tidemark-fetch broke the protocol: an answer that makes no sense");
}

void errand_dismiss(struct errand *errand)
{
	if (errand == NULL)
		return;
	enum status ended = spawn_end(&errand->process);
	(void)ended;
	explicit_bzero(errand, sizeof *errand);
	free(errand);
}

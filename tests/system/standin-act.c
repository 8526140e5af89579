/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tidemark-act that was taken over: it stands beside tidemark under that name,
 * speaks the protocol, asks nobody anything, and lies as the file "mode" beside
 * it says. Whatever the mode, it answers looks as if all were shut and nothing
 * kept, and says of changes that they were done.
 */
#define _GNU_SOURCE
#include "wire/act-messages.h"

#include "base/clock.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONTROL = 3, FLOOD = 100000 };

static char mode[64];
static unsigned char frame[WIRE_FRAME_MAX];
static struct wire_writer writer;
static struct act_step steps[ACT_BATCH_MAX];
static size_t count;

static bool is(const char *name)
{
	return strcmp(mode, name) == 0;
}

static void read_mode(void)
{
	char folder[PATH_MAX], path[PATH_MAX + 8];
	ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
	folder[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
	snprintf(path, sizeof path, "%s/mode", folder);
	FILE *file = fopen(path, "re");
	if (file == NULL || fscanf(file, "%63s", mode) != 1)
		mode[0] = '\0';
	if (file != NULL)
		fclose(file);
}

static void say(int descriptor)
{
	if (wire_send(CONTROL, &writer, descriptor) != STATUS_OK)
		exit(0);
}

static void say_empty(enum act_message type)
{
	act_put_empty(&writer, type);
	say(-1);
}

/* ---- answers ---- */

static struct act_answer answer_to(const struct act_step *step)
{
	struct act_answer answer = {
		.number = step->number,
		.result = ACT_DONE,
		.status = 200,
		.requests = 1,
		.before = BYTES_LITERAL("container"),
		.etag = BYTES_LITERAL("e"),
		.is_permanent = ANSWER_YES,
		.found =
			{
				.is_looked = true,
				.is_leased = ANSWER_NO,
				.is_held = ANSWER_NO,
				.has_site = ANSWER_NO,
				.account_allows = ANSWER_NO,
				.has_soft_delete = ANSWER_NO,
				.may_delete_permanently = ANSWER_YES,
				.modified = CLOCK_UNKNOWN,
				.size = OBJECT_SIZE_UNKNOWN,
			},
	};
	memcpy(answer.permit, step->permit, sizeof answer.permit);
	return answer;
}

/* What is no lie in its numbers, but in their sense. */
static void twist(struct act_answer *answer)
{
	if (is("number"))
		answer->number++;
	if (is("permit"))
		answer->permit[0] ^= 1;
	if (is("open"))
		answer->found.level = BYTES_LITERAL("container");
	if (is("wasso"))
		answer->result = ACT_WAS_SO;
	if (is("absent"))
		answer->result = ACT_ABSENT;
	if (is("result"))
		answer->result = ACT_RESULT_COUNT;
	if (is("status"))
		answer->status = 100000;
	if (is("answers"))
		answer->is_permanent = (enum answer)7;
	if (is("requests"))
		answer->requests = UINT32_MAX;
	if (is("words"))
		answer->why = answer->code = BYTES_LITERAL("\x1b[31mso it is said\x1b[0m");
}

static void put(size_t index)
{
	struct act_answer answer = answer_to(&steps[index]);
	twist(&answer);
	act_put_answer(&writer, &answer);
}

static void tell(size_t index)
{
	put(index);
	say(-1);
}

static void go(void)
{
	if (is("die"))
		exit(1);
	if (is("mute"))
		for (;;)
			pause();
	if (is("ready"))
		say_empty(ACT_READY);
	if (is("descriptor")) {
		put(0);
		say(STDERR_FILENO);
	}
	for (size_t i = 0; i < count; i++)
		tell(is("backwards") ? count - 1 - i : is("first") ? 0 : i);
	for (size_t i = 0; i < FLOOD && is("flood"); i++)
		tell(0);
	count = 0;
}

int main(void)
{
	struct wire_reader reader;
	read_mode();
	if (is("failed")) {
		act_put_failed(&writer,
		               &(struct act_failed){STATUS_DENIED, BYTES_LITERAL("where"), BYTES_LITERAL("\x1b[31mso\x1b[0m")});
		say(-1);
	}
	while (wire_receive(CONTROL, -1, frame, &reader) == STATUS_OK) {
		struct act_step step;
		if (reader.type == ACT_TARGET)
			say_empty(ACT_READY);
		if (reader.type == ACT_STEP && count < ACT_BATCH_MAX && act_get_step(&reader, &step) == STATUS_OK)
			steps[count++] = step;
		if (reader.type == ACT_GO)
			go();
		wire_drop(&reader);
	}
	return 0;
}

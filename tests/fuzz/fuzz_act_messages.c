/* SPDX-License-Identifier: Apache-2.0 */
/* Frames between tidemark and tidemark-act: what is accepted keeps its bounds, and reads the same after being written again. */
#include "base/text.h"
#include "model/object.h"
#include "wire/act-messages.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_reader reader_over(const struct wire_writer *writer)
{
	return (struct wire_reader){
		.type = writer->frame[1], .rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
}

static void check_step(struct wire_reader *reader, struct wire_writer *writer)
{
	struct act_step step, again;
	if (act_get_step(reader, &step) != STATUS_OK)
		return;
	assert(step.verb > 0 && step.verb < ACT_VERB_COUNT && text_is_valid(step.version) && text_is_valid(step.value));
	act_put_step(writer, &step);
	struct wire_reader second = reader_over(writer);
	assert(act_get_step(&second, &again) == STATUS_OK && again.verb == step.verb && bytes_equal(again.object, step.object));
	assert(again.is_again == step.is_again && memcmp(again.permit, step.permit, sizeof step.permit) == 0);
}

static void check_answer(struct wire_reader *reader, struct wire_writer *writer)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct act_answer answer, again;
	if (act_get_answer(reader, &arena, &answer) == STATUS_OK) {
		assert(answer.result > 0 && answer.result < ACT_RESULT_COUNT && text_is_valid(answer.why));
		assert(answer.found.size <= OBJECT_SIZE_MAX || answer.found.size == OBJECT_SIZE_UNKNOWN);
		act_put_answer(writer, &answer);
		struct wire_reader second = reader_over(writer);
		assert(act_get_answer(&second, &arena, &again) == STATUS_OK && again.result == answer.result);
		assert(bytes_equal(again.before, answer.before) && bytes_equal(again.found.level, answer.found.level));
	}
	arena_free(&arena);
}

static void check_small(struct wire_reader *reader)
{
	struct act_setup setup;
	struct act_failed failed;
	struct bytes written;
	switch (reader->type) {
	case ACT_SETUP:
		if (act_get_setup(reader, &setup) == STATUS_OK)
			assert(setup.secrets.count <= SECRETS_MAX && text_is_valid(setup.operator_name));
		break;
	case ACT_TARGET:
		if (act_get_target(reader, &written) == STATUS_OK)
			assert(text_is_valid(written));
		break;
	case ACT_FAILED:
		if (act_get_failed(reader, &failed) == STATUS_OK)
			assert(failed.status > STATUS_END && failed.status < STATUS_COUNT && text_is_valid(failed.why));
		break;
	default: break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_writer *writer = malloc(sizeof *writer);
	if (writer != NULL && size > 0 && size <= WIRE_FRAME_MAX) {
		struct wire_reader reader = {.type = data[0], .rest = bytes_of(data + 1, size - 1), .descriptor = -1};
		switch (reader.type) {
		case ACT_STEP: check_step(&reader, writer); break;
		case ACT_ANSWER: check_answer(&reader, writer); break;
		default: check_small(&reader);
		}
	}
	free(writer);
	return 0;
}

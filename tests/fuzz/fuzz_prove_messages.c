/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames of the role `prove`: the first byte names the message, the rest are its
 * fields. What is accepted is in bounds, makes sense, and reads the same after
 * being written again.
 */
#include "base/text.h"
#include "wire/prove-messages.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_reader reader_over(const struct wire_writer *writer)
{
	assert(!writer->overflowed);
	return (struct wire_reader){
		.type = writer->frame[1], .rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
}

static void check_setup(struct wire_reader *reader, struct wire_writer *writer)
{
	struct prove_setup setup, again;
	if (prove_get_setup(reader, &setup) != STATUS_OK)
		return;
	assert(setup.resolver_count <= PROVE_RESOLVERS_MAX && setup.allowed_count <= PROVE_NETWORKS_MAX);
	prove_put_setup(writer, &setup);
	struct wire_reader second = reader_over(writer);
	assert(prove_get_setup(&second, &again) == STATUS_OK && memcmp(&setup, &again, sizeof setup) == 0);
}

static void check_question(struct wire_reader *reader, struct wire_writer *writer)
{
	struct prove_question question, again;
	if (prove_get_question(reader, &question) != STATUS_OK)
		return;
	assert(question.method < PROVE_METHOD_COUNT && question.name.len <= PROVE_NAME_MAX &&
	       question.token.len <= PROVE_TOKEN_MAX);
	assert(bytes_find_byte(question.name, '.') != BYTES_NOT_FOUND && bytes_find_byte(question.name, 0) == BYTES_NOT_FOUND);
	prove_put_question(writer, &question);
	struct wire_reader second = reader_over(writer);
	assert(prove_get_question(&second, &again) == STATUS_OK);
	assert(bytes_equal(question.name, again.name) && bytes_equal(question.token, again.token));
}

static void check_answer(struct wire_reader *reader, struct wire_writer *writer)
{
	struct arena arena = arena_with_ceiling(1 << 20);
	struct prove_answer answer, again;
	if (prove_get_answer(reader, &arena, &answer) == STATUS_OK) {
		assert(answer.verdict <= PROVE_UNREACHABLE && answer.reason < PROVE_REASON_COUNT &&
		       answer.text_count <= PROVE_TEXTS_MAX);
		assert(answer.verdict == PROVE_SEEN || (answer.text_count == 0 && answer.page.len == 0));
		assert((answer.reason == PROVE_NO_REASON) == (answer.verdict < PROVE_REFUSED));
		assert(answer.page.len <= PROVE_PAGE_MAX && text_is_valid(answer.page));
		for (size_t i = 0; i < answer.text_count; i++)
			assert(answer.texts[i].len <= PROVE_TEXT_MAX && text_is_valid(answer.texts[i]));
		prove_put_answer(writer, &answer);
		struct wire_reader second = reader_over(writer);
		assert(prove_get_answer(&second, &arena, &again) == STATUS_OK);
		assert(again.verdict == answer.verdict && again.reason == answer.reason &&
		       again.text_count == answer.text_count && bytes_equal(again.page, answer.page));
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_writer *writer = malloc(sizeof *writer);
	struct bytes text;
	if (writer == NULL || size == 0 || size > WIRE_FRAME_MAX) {
		free(writer);
		return 0;
	}
	struct wire_reader reader = {.type = data[0], .rest = bytes_of(data + 1, size - 1), .descriptor = -1};
	switch (reader.type) {
	case PROVE_SETUP: check_setup(&reader, writer); break;
	case PROVE_QUESTION: check_question(&reader, writer); break;
	case PROVE_ANSWER: check_answer(&reader, writer); break;
	case PROVE_FAILED:
		if (prove_get_failed(&reader, &text) == STATUS_OK)
			assert(text_is_valid(text));
		break;
	default:
		if (prove_get_piece(&reader, &text) == STATUS_OK)
			assert(text.len <= WIRE_CHUNK && text_is_valid(text));
		break;
	}
	free(writer);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames of the role `send`: the first byte names the message, the rest are its
 * fields. What is accepted holds no second line, is in bounds, and reads the same
 * after being written again.
 */
#include "base/text.h"
#include "model/relay.h"
#include "wire/send-messages.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_reader reader_over(const struct wire_writer *writer)
{
	assert(!writer->overflowed);
	return (struct wire_reader){
		.type = writer->frame[1], .rest = bytes_of(writer->frame + 2, writer->len - 2), .descriptor = -1};
}

static void assert_one_line(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		assert(text.at[i] >= 0x20);
}

static void check_mail(struct wire_reader *reader, struct wire_writer *writer)
{
	struct send_mail mail, again;
	if (send_get_mail(reader, &mail) != STATUS_OK)
		return;
	assert_one_line(mail.host);
	assert_one_line(mail.user);
	assert_one_line(mail.password);
	assert(relay_may_carry(mail.to) && (mail.from.len == 0 || relay_may_carry(mail.from)));
	send_put_mail(writer, &mail);
	struct wire_reader second = reader_over(writer);
	assert(send_get_mail(&second, &again) == STATUS_OK && bytes_equal(mail.to, again.to) && mail.port == again.port);
}

static void check_header(struct wire_reader *reader, struct wire_writer *writer)
{
	struct send_header header, again;
	if (send_get_header(reader, &header) != STATUS_OK)
		return;
	assert(header.name.len > 0 && bytes_find_byte(header.name, ':') == BYTES_NOT_FOUND);
	assert_one_line(header.name);
	assert_one_line(header.value);
	send_put_header(writer, &header);
	struct wire_reader second = reader_over(writer);
	assert(send_get_header(&second, &again) == STATUS_OK && bytes_equal(header.value, again.value));
}

static void check_result(struct wire_reader *reader, struct wire_writer *writer)
{
	struct send_result result, again;
	if (send_get_result(reader, &result) != STATUS_OK)
		return;
	assert(result.verdict < SEND_VERDICT_COUNT && result.stage < SEND_STAGE_COUNT && result.code <= 999);
	assert(result.words.len <= SEND_WORDS_MAX && text_is_valid(result.words));
	send_put_result(writer, &result);
	struct wire_reader second = reader_over(writer);
	assert(send_get_result(&second, &again) == STATUS_OK && again.verdict == result.verdict && again.stage == result.stage);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_writer *writer = malloc(sizeof *writer);
	struct send_post post;
	struct bytes text;
	if (writer == NULL || size == 0 || size > WIRE_FRAME_MAX) {
		free(writer);
		return 0;
	}
	struct wire_reader reader = {.type = data[0], .rest = bytes_of(data + 1, size - 1), .descriptor = -1};
	switch (reader.type) {
	case SEND_MAIL: check_mail(&reader, writer); break;
	case SEND_POST:
		if (send_get_post(&reader, &post) == STATUS_OK)
			assert_one_line(post.url);
		break;
	case SEND_HEADER: check_header(&reader, writer); break;
	case SEND_SENT: check_result(&reader, writer); break;
	case SEND_FAILED:
		if (send_get_failed(&reader, &text) == STATUS_OK)
			assert(text_is_valid(text));
		break;
	default:
		if (send_get_piece(&reader, &text) == STATUS_OK)
			assert(text.len <= WIRE_CHUNK);
		break;
	}
	free(writer);
	return 0;
}

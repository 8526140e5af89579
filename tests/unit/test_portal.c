/* SPDX-License-Identifier: Apache-2.0 */
/* Replies on the schedule, under a clock of the test's; what may stand in a header; shares of an address. */
#include "listening/crowd.h"
#include "listening/head.h"
#include "portal/sink.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- the schedule ---- */

static int64_t told_time;

static int64_t tell_time(void)
{
	return told_time;
}

static void test_replies_leave_at_50_or_the_next_200(void **state)
{
	static const struct {
		int64_t took, leaves;
	} rows[] = {{0, 50},    {1, 50},    {49, 50},   {50, 50},   {51, 200},
	            {199, 200}, {200, 200}, {201, 400}, {400, 400}, {1999, 2000}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(sink_departure(1000, 1000 + rows[i].took), 1000 + rows[i].leaves);
}

/* Keeps what it is given, and until when. */
struct recording_sink {
	struct sink sink;
	unsigned begun, pieces, ended;
	int64_t leave_at;
	size_t bytes;
};

static enum status record_begin(struct sink *sink, const struct portal_reply *head)
{
	struct recording_sink *recording = (struct recording_sink *)sink;
	assert_true(head->code == 200);
	recording->begun++;
	recording->leave_at = sink->leave_at;
	return STATUS_OK;
}

static enum status record_piece(struct sink *sink, struct bytes piece)
{
	struct recording_sink *recording = (struct recording_sink *)sink;
	assert_true(piece.len <= SINK_PIECE_MAX);
	recording->pieces++;
	recording->bytes += piece.len;
	return STATUS_OK;
}

static enum status record_end(struct sink *sink)
{
	((struct recording_sink *)sink)->ended++;
	return STATUS_OK;
}

static const struct sink_kind recording_kind = {record_begin, record_piece, record_end};

static struct recording_sink new_recording(bool is_on_schedule)
{
	return (struct recording_sink){
		.sink = {.kind = &recording_kind, .now = tell_time, .asked = told_time, .is_on_schedule = is_on_schedule}};
}

static void test_a_scheduled_reply_is_made_whole_first(void **state)
{
	const struct portal_reply head = {.code = 200};
	static unsigned char body[SINK_SCHEDULED_MAX + 1];
	(void)state;
	told_time = 5000;
	struct recording_sink recording = new_recording(true);
	assert_int_equal(reply_begin(&recording.sink, &head), STATUS_OK);
	assert_int_equal(reply_write(&recording.sink, bytes_of(body, 100000)), STATUS_OK);
	assert_int_equal(recording.begun, 0);
	told_time = 5130;
	assert_int_equal(reply_end(&recording.sink), STATUS_OK);
	assert_int_equal(recording.leave_at, 5200);
	assert_int_equal(recording.bytes, 100000);
	assert_int_equal(recording.pieces, 2);
	assert_int_equal(recording.ended, 1);
	recording = new_recording(true);
	assert_int_equal(reply_begin(&recording.sink, &head), STATUS_OK);
	assert_int_equal(reply_write(&recording.sink, bytes_of(body, sizeof body)), STATUS_TOO_LARGE);
	buffer_free(&recording.sink.scheduled);
}

static void test_other_replies_flow(void **state)
{
	static unsigned char body[3 * SINK_PIECE_MAX];
	(void)state;
	struct recording_sink recording = new_recording(false);
	assert_int_equal(reply_begin(&recording.sink, &(struct portal_reply){.code = 200}), STATUS_OK);
	assert_int_equal(recording.begun, 1);
	assert_int_equal(reply_write(&recording.sink, bytes_of(body, sizeof body)), STATUS_OK);
	assert_int_equal(recording.pieces, 3);
	assert_int_equal(reply_begin(&recording.sink, &(struct portal_reply){.code = 200}), STATUS_MALFORMED);
	assert_int_equal(reply_end(&recording.sink), STATUS_OK);
	assert_int_equal(recording.leave_at, 0);
}

/* ---- headers ---- */

static void test_nothing_breaks_a_header(void **state)
{
	static const struct {
		const char *location, *file_name, *cookie;
		bool is_sound;
	} rows[] = {
		{"", "", "", true},
		{"/answer?page=2&a=%20", "", "", true},
		{"", "your-part.csv", "abc_DEF.~-", true},
		{"//evil.example", "", "", false},
		{"https://evil.example", "", "", false},
		{"answer", "", "", false},
		{"/\r\nSet-Cookie: a=b", "", "", false},
		{"/\\evil.example", "", "", false},
		{"/a b", "", "", false},
		{"/\xc3\xa4", "", "", false},
		{"", "a\"; b", "", false},
		{"", "../passwd", "", false},
		{"", "", "a; Domain=b", false},
		{"", "", "a\nb", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct portal_reply reply = {
			.code = 303,
			.location = bytes_of_string(rows[i].location),
			.file_name = bytes_of_string(rows[i].file_name),
			.cookie = bytes_of_string(rows[i].cookie),
		};
		if (portal_reply_is_sound(&reply) != rows[i].is_sound)
			fail_msg("%s %s %s", rows[i].location, rows[i].file_name, rows[i].cookie);
	}
	assert_false(portal_reply_is_sound(&(struct portal_reply){.code = 99}));
	assert_false(portal_reply_is_sound(&(struct portal_reply){.code = 600}));
}

static void test_urls_of_a_door(void **state)
{
	static const struct {
		const char *url;
		bool is_one;
	} rows[] = {
		{"", true},
		{"https://leak.example", true},
		{"http://[::1]:8900", true},
		{"https://leak.example:8443", true},
		{"https://", false},
		{"ftp://leak.example", false},
		{"https://Leak.example", false},
		{"https://leak.example/x", false},
		{"https://user@leak.example", false},
		{"leak.example", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct door_place place = {.door = PORTAL_SUBJECTS};
		if (door_place_read(bytes_of_string(rows[i].url), &place) != rows[i].is_one)
			fail_msg("%s", rows[i].url);
	}
}

/* ---- addresses ---- */

static struct crowd_key key_of(const char *address)
{
	const struct crowd_key none = {.network = {0}};
	struct crowd_key key = crowd_key_of_text(bytes_of_string(address), none);
	assert_true(key.network[0] != 0);
	return key;
}

static void test_an_address_has_its_share(void **state)
{
	struct crowd *crowd;
	(void)state;
	assert_int_equal(crowd_new(10, 2, 60, &crowd), STATUS_OK);
	struct crowd_key one = key_of("192.0.2.1"), other = key_of("192.0.2.2");
	assert_true(crowd_enter(crowd, one, 1000) && crowd_enter(crowd, one, 1000));
	assert_false(crowd_enter(crowd, one, 1000));
	assert_true(crowd_enter(crowd, other, 1000));
	crowd_leave(crowd, one);
	assert_true(crowd_enter(crowd, one, 1000));
	for (int i = 0; i < 60; i++)
		assert_true(crowd_ask(crowd, one, 1000));
	assert_false(crowd_ask(crowd, one, 1999));
	assert_true(crowd_ask(crowd, one, 2000));
	assert_false(crowd_ask(crowd, one, 2000));
	assert_true(crowd_ask(crowd, other, 2000));
	/* Never more than a minute's worth is saved. */
	for (int i = 0; i < 60; i++)
		assert_true(crowd_ask(crowd, one, 10000000));
	assert_false(crowd_ask(crowd, one, 10000000));
	crowd_free(crowd);
}

static void test_a_network_of_ipv6_is_one_address(void **state)
{
	(void)state;
	struct crowd_key one = key_of("2001:db8:1:2::1"), near = key_of("2001:db8:1:2:ffff::9"), far = key_of("2001:db8:1:3::1");
	assert_memory_equal(&one, &near, sizeof one);
	assert_memory_not_equal(&one, &far, sizeof one);
	struct crowd_key mapped = key_of("::ffff:192.0.2.1"), four = key_of("192.0.2.1");
	assert_memory_equal(&mapped, &four, sizeof four);
}

/* Whoever has many addresses drives out what has nothing open, and nobody else. */
static void test_the_table_of_addresses_stays_small(void **state)
{
	struct crowd *crowd;
	(void)state;
	assert_int_equal(crowd_new(10, 2, 60, &crowd), STATUS_OK);
	struct crowd_key stays = key_of("192.0.2.1");
	assert_true(crowd_enter(crowd, stays, 1) && crowd_enter(crowd, stays, 1));
	for (uint32_t i = 0; i < 200000; i++) {
		struct crowd_key key = {.network = {4}};
		uint32_t address = htonl(0x0A000000 + i);
		memcpy(key.network + 1, &address, sizeof address);
		assert_true(crowd_ask(crowd, key, 2 + i));
	}
	assert_false(crowd_enter(crowd, stays, 300000));
	crowd_free(crowd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies_leave_at_50_or_the_next_200),
		cmocka_unit_test(test_a_scheduled_reply_is_made_whole_first),
		cmocka_unit_test(test_other_replies_flow),
		cmocka_unit_test(test_nothing_breaks_a_header),
		cmocka_unit_test(test_urls_of_a_door),
		cmocka_unit_test(test_an_address_has_its_share),
		cmocka_unit_test(test_a_network_of_ipv6_is_one_address),
		cmocka_unit_test(test_the_table_of_addresses_stays_small),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

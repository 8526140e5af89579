/* SPDX-License-Identifier: Apache-2.0 */
/* fetching, asked over its sockets as a sweep asks: what it hands out of objects that are not as listed. */
#include "fetching/fetching.h"
#include "tests/system/fake.h"
#include "wire/fetch-messages.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { LANES = 8 };

struct house {
	pthread_t thread;
	int control, served;    /* our end of the control, and fetching's */
	int lanes[LANES], lane; /* our ends; lane is the first */
	struct wire_writer writer;
	unsigned char frame[WIRE_FRAME_MAX];
	struct arena arena;
};

static void *serve(void *context)
{
	struct house *house = context;
	struct fetching *fetching;
	if (fetching_accept(house->served, &fetching) != STATUS_OK || fetching_serve(fetching) != STATUS_OK)
		abort();
	fetching_free(fetching);
	return NULL;
}

static void send_frame(struct house *house, int descriptor)
{
	assert_int_equal(wire_send(house->control, &house->writer, descriptor), STATUS_OK);
}

static void add_lane(struct house *house, int nth)
{
	int lane[2];
	assert_int_equal(wire_pair(lane), STATUS_OK);
	house->lanes[nth] = lane[0];
	fetch_put_empty(&house->writer, FETCH_LANE);
	send_frame(house, lane[1]);
	close(lane[1]);
}

static struct house *start(const char *target, int directory)
{
	struct house *house = calloc(1, sizeof *house);
	int control[2];
	struct wire_reader reader;
	assert_int_equal(wire_pair(control), STATUS_OK);
	house->control = control[0];
	house->served = control[1];
	house->arena = arena_with_ceiling(16 << 20);
	assert_int_equal(pthread_create(&house->thread, NULL, serve, house), 0);
	fetch_put_setup(&house->writer, &(struct fetch_setup){.rate = 0});
	send_frame(house, directory);
	fetch_put_target(&house->writer, bytes_of_string(target));
	send_frame(house, -1);
	for (int i = 0; i < LANES; i++)
		add_lane(house, i);
	house->lane = house->lanes[0];
	fetch_put_empty(&house->writer, FETCH_SETUP_END);
	send_frame(house, -1);
	assert_int_equal(wire_receive(house->control, 60000, house->frame, &reader), STATUS_OK);
	assert_int_equal(reader.type, FETCH_READY);
	return house;
}

static void stop(struct house *house)
{
	close(house->control);
	for (int i = 0; i < LANES; i++)
		close(house->lanes[i]);
	pthread_join(house->thread, NULL);
	close(house->served);
	arena_free(&house->arena);
	free(house);
}

/* The only object of the listing, as listed. */
static struct object list_one(struct house *house)
{
	struct wire_reader reader;
	struct object object, listed = {.size = 0};
	bool is_last = false;
	fetch_put_list(&house->writer, &(struct fetch_list){.include = 0});
	send_frame(house, -1);
	while (!is_last) {
		struct bytes next;
		assert_int_equal(wire_receive(house->control, 60000, house->frame, &reader), STATUS_OK);
		if (reader.type == FETCH_PAGE_END) {
			assert_int_equal(fetch_get_page_end(&reader, &next, &is_last), STATUS_OK);
			continue;
		}
		assert_int_equal(reader.type, FETCH_OBJECTS);
		while (fetch_get_object(&reader, &object) == STATUS_OK) {
			listed = object;
			listed.name = arena_copy(&house->arena, object.name);
			listed.etag = arena_copy(&house->arena, object.etag);
			listed.md5 = listed.media_type = listed.tier = listed.version = BYTES_NONE;
		}
	}
	assert_true(listed.name.len > 0);
	return listed;
}

/* What came of the question in the writer: OK, or the status of FAILED. */
static enum status ask(struct house *house, enum fetch_message wanted, struct wire_reader *ret_reader)
{
	struct fetch_failed failed;
	assert_int_equal(wire_send(house->lane, &house->writer, -1), STATUS_OK);
	do
		assert_int_equal(wire_receive(house->lane, 60000, house->frame, ret_reader), STATUS_OK);
	while (ret_reader->type == FETCH_PROGRESS);
	if (ret_reader->type == FETCH_FAILED) {
		assert_int_equal(fetch_get_failed(ret_reader, &failed), STATUS_OK);
		return failed.status;
	}
	assert_int_equal(ret_reader->type, wanted);
	return STATUS_OK;
}

struct received {
	enum status status;
	struct fetch_got got;
	char contents[64]; /* its beginning */
};

static struct received get(struct house *house, const struct object *object, uint64_t length)
{
	struct wire_reader reader;
	struct received answer = {.status = STATUS_OK};
	fetch_put_get(&house->writer, &(struct fetch_get){.object = *object, .length = length});
	answer.status = ask(house, FETCH_GOT, &reader);
	if (answer.status != STATUS_OK)
		return answer;
	int memory = wire_take_descriptor(&reader);
	assert_int_equal(fetch_get_got(&reader, &answer.got), STATUS_OK);
	answer.got.etag = arena_copy(&house->arena, answer.got.etag);
	assert_int_equal(answer.got.is_windowed, memory < 0);
	if (memory >= 0) {
		assert_true(pread(memory, answer.contents, sizeof answer.contents - 1, 0) >= 0);
		close(memory);
	}
	return answer;
}

static enum status get_window(struct house *house, uint64_t offset, uint32_t *ret_length)
{
	struct wire_reader reader;
	uint64_t got_offset;
	fetch_put_range(&house->writer, offset);
	enum status status = ask(house, FETCH_WINDOW, &reader);
	if (status != STATUS_OK)
		return status;
	wire_drop(&reader);
	assert_int_equal(fetch_get_window(&reader, &got_offset, ret_length), STATUS_OK);
	assert_int_equal(got_offset, offset);
	return STATUS_OK;
}

/* ---- folders ---- */

struct folder {
	char path[64];
	int directory;
};

static struct folder make_folder(void)
{
	struct folder folder = {"/tmp/tidemark-fetching-XXXXXX", -1};
	assert_non_null(mkdtemp(folder.path));
	folder.directory = open(folder.path, O_RDONLY | O_DIRECTORY);
	return folder;
}

static void put_file(const struct folder *folder, const char *contents, off_t size)
{
	int file = openat(folder->directory, "file", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	size_t length = strlen(contents);
	assert_int_equal(write(file, contents, length), length);
	assert_int_equal(size > 0 ? ftruncate(file, size) : 0, 0);
	close(file);
}

static void remove_folder(const struct folder *folder)
{
	unlinkat(folder->directory, "file", 0);
	close(folder->directory);
	rmdir(folder->path);
}

static void a_file_is_handed_out_as_it_is_now(void **state)
{
	(void)state;
	struct folder folder = make_folder();
	put_file(&folder, "as listed", 0);
	struct house *house = start(folder.path, folder.directory);
	struct object listed = list_one(house);
	struct received answer = get(house, &listed, OBJECT_SIZE_UNKNOWN);
	assert_true(bytes_equal(answer.got.etag, listed.etag) && answer.got.modified == listed.modified);
	put_file(&folder, "as it is now", 0);
	answer = get(house, &listed, OBJECT_SIZE_UNKNOWN);
	assert_int_equal(answer.status, STATUS_OK);
	assert_string_equal(answer.contents, "as it is now");
	assert_int_equal(answer.got.size, strlen("as it is now"));
	assert_true(answer.got.has_sha256 && answer.got.etag.len > 0 && !bytes_equal(answer.got.etag, listed.etag));
	unlinkat(folder.directory, "file", 0);
	assert_int_equal(get(house, &listed, OBJECT_SIZE_UNKNOWN).status, STATUS_ABSENT);
	stop(house);
	remove_folder(&folder);
}

static void a_large_file_must_stay_what_it_was_when_it_was_opened(void **state)
{
	(void)state;
	struct folder folder = make_folder();
	uint32_t length;
	put_file(&folder, "small", 0);
	struct house *house = start(folder.path, folder.directory);
	struct object listed = list_one(house);
	put_file(&folder, "large", (off_t)FETCH_WHOLE_MAX + 1);
	struct received answer = get(house, &listed, OBJECT_SIZE_UNKNOWN);
	assert_int_equal(answer.status, STATUS_OK);
	assert_true(answer.got.is_windowed && answer.got.size == FETCH_WHOLE_MAX + 1);
	assert_int_equal(get_window(house, 0, &length), STATUS_OK);
	assert_int_equal(length, FETCH_WINDOW_SIZE);
	assert_int_equal(get_window(house, FETCH_WHOLE_MAX, &length), STATUS_OK);
	assert_int_equal(length, 1);
	put_file(&folder, "other", (off_t)FETCH_WHOLE_MAX + 1);
	assert_int_equal(get_window(house, 0, &length), STATUS_CHANGED);
	stop(house);
	remove_folder(&folder);
}

/* ---- servers ---- */

static struct house *start_web(int port)
{
	char target[96];
	snprintf(target, sizeof target, "az+http://127.0.0.1:%d/acme/open", port);
	return start(target, -1);
}

static void a_blob_is_handed_out_as_it_is_now(void **state)
{
	(void)state;
	struct fake fake = fake_start("{\"accounts\":{\"acme\":{\"containers\":{\"open\":{\"public\":\"container\",\"blobs\":["
	                              "{\"name\":\"a\",\"text\":\"as listed\",\"becomes\":{\"after\":1,\"text\":\"as it is now\","
	                              "\"modified\":\"Wed, 05 Jun 2019 09:00:00 GMT\"}}]}}}}}");
	struct house *house = start_web(fake.port);
	struct object listed = list_one(house);
	struct received answer = get(house, &listed, OBJECT_SIZE_UNKNOWN);
	assert_string_equal(answer.contents, "as listed");
	assert_true(bytes_equal(answer.got.etag, listed.etag) && answer.got.modified == listed.modified);
	answer = get(house, &listed, OBJECT_SIZE_UNKNOWN);
	assert_string_equal(answer.contents, "as it is now");
	assert_int_equal(answer.got.size, strlen("as it is now"));
	assert_int_equal(answer.got.modified, clock_parse_rfc3339(BYTES_LITERAL("2019-06-05T09:00:00Z")));
	assert_int_equal(answer.got.md5.len, 16);
	assert_true(answer.got.etag.len > 0 && !bytes_equal(answer.got.etag, listed.etag));
	answer = get(house, &listed, 5);
	assert_string_equal(answer.contents, "as it");
	assert_true(answer.got.size == strlen("as it is now") && !answer.got.has_sha256);
	stop(house);
	fake_stop(&fake);
}

static struct received get_of(const char *reply, uint64_t listed_size, uint64_t length, enum status *ret_window)
{
	struct raw_server server;
	uint32_t window_length;
	raw_start(&server, reply, strlen(reply));
	struct house *house = start_web(server.port);
	const struct object object = {.name = BYTES_LITERAL("a"), .size = listed_size, .modified = 1, .created = 1};
	struct received answer = get(house, &object, length);
	*ret_window = answer.status == STATUS_OK && answer.got.is_windowed ? get_window(house, 0, &window_length) : STATUS_END;
	stop(house);
	raw_stop(&server);
	answer.got.etag = answer.got.md5 = BYTES_NONE; /* they were the house's */
	return answer;
}

/* To the head, to the object and to the window: always the same reply. */
static void odd_replies_cost_the_object_only(void **state)
{
	(void)state;
	static const uint64_t all = OBJECT_SIZE_UNKNOWN, large = FETCH_WHOLE_MAX + 10;
	static const struct {
		const char *reply;
		uint64_t listed_size, length;
		enum status status, window;
		uint64_t size;
	} rows[] = {
		/* No range where one was asked for; a range of something else, too short, or from elsewhere. */
		{"HTTP/1.1 200 OK\r\nContent-Length: 67108874\r\nConnection: close\r\n\r\nabc", large, all, STATUS_OK,
	         STATUS_MALFORMED, large},
		{"HTTP/1.1 206 P\r\nContent-Length: 3\r\nContent-Range: bytes 0-2/67108875\r\n\r\nabc", large, all, STATUS_OK,
	         STATUS_TRUNCATED, 67108875},
		{"HTTP/1.1 206 P\r\nContent-Length: 3\r\nContent-Range: bytes 7-9/67108875\r\n\r\nabc", large, all, STATUS_OK,
	         STATUS_MALFORMED, 67108875},
		/* Said to be small, and is not: windows of it. */
		{"HTTP/1.1 200 OK\r\nContent-Length: 67108874\r\nConnection: close\r\n\r\nabc", 3, all, STATUS_OK,
	         STATUS_MALFORMED, large},
		{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999\r\n\r\nabc", 3, all, STATUS_TOO_LARGE, STATUS_END, 0},
		/* A part of what is empty; a part, and all comes. */
		{"HTTP/1.1 416 R\r\nContent-Length: 0\r\nContent-Range: bytes */0\r\n\r\n", 9, 1024, STATUS_OK, STATUS_END, 0},
		{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef", 9, 3, STATUS_OK, STATUS_END, 6},
		{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef", OBJECT_SIZE_UNKNOWN, all, STATUS_OK, STATUS_END, 6},
		{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdef", OBJECT_SIZE_UNKNOWN, 3, STATUS_OK, STATUS_END, 3},
		{"HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n", large, all, STATUS_ABSENT, STATUS_END, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum status window;
		struct received answer = get_of(rows[i].reply, rows[i].listed_size, rows[i].length, &window);
		if (answer.status != rows[i].status || window != rows[i].window || answer.got.size != rows[i].size)
			print_error("%s -> %s, window %s, size %llu\n", rows[i].reply, status_name(answer.status),
			            status_name(window), (unsigned long long)answer.got.size);
		assert_int_equal(answer.status, rows[i].status);
		assert_int_equal(window, rows[i].window);
		assert_int_equal(answer.got.size, rows[i].size);
	}
}

/* One old version for all lanes, whichever of them is refused first; and each of them steps down no further than it has to. */
static void lanes_that_are_refused_together_step_down_together(void **state)
{
	(void)state;
	struct fake fake = fake_start(
		"{\"maxVersion\":\"2017-11-09\",\"accounts\":{\"acme\":{\"containers\":{\"open\":{\"public\":"
		"\"container\",\"blobs\":[{\"name\":\"a\",\"text\":\"old\"}]}}}}}");
	struct house *house = start_web(fake.port);
	const struct object object = {.name = BYTES_LITERAL("a"), .size = 3, .modified = 1, .created = 1};
	fetch_put_get(&house->writer, &(struct fetch_get){.object = object, .length = OBJECT_SIZE_UNKNOWN});
	for (int i = 0; i < LANES; i++)
		assert_int_equal(wire_send(house->lanes[i], &house->writer, -1), STATUS_OK);
	for (int i = 0; i < LANES; i++) {
		struct wire_reader reader;
		assert_int_equal(wire_receive(house->lanes[i], 60000, house->frame, &reader), STATUS_OK);
		assert_int_equal(reader.type, FETCH_GOT);
		wire_drop(&reader);
	}
	stop(house);
	fake_stop(&fake);
}

static enum status list_behind(struct house *house, const char *cursor)
{
	struct wire_reader reader;
	struct fetch_failed failed = {.status = STATUS_OK};
	fetch_put_list(&house->writer, &(struct fetch_list){.cursor = bytes_of_string(cursor)});
	send_frame(house, -1);
	assert_int_equal(wire_receive(house->control, 60000, house->frame, &reader), STATUS_OK);
	if (reader.type == FETCH_FAILED)
		assert_int_equal(fetch_get_failed(&reader, &failed), STATUS_OK);
	return failed.status;
}

/* The server leads to b from wherever one comes. */
static void a_listing_in_circles_is_left(void **state)
{
	(void)state;
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Length: 86\r\n\r\n"
				   "<EnumerationResults><Blobs></Blobs><NextMarker>b</NextMarker>"
				   "</EnumerationResults>     ";
	struct raw_server server;
	raw_start(&server, page, sizeof page - 1);
	struct house *house = start_web(server.port);
	assert_int_equal(list_behind(house, ""), STATUS_OK);
	assert_int_equal(list_behind(house, "b"), STATUS_MALFORMED);
	assert_int_equal(list_behind(house, ""), STATUS_OK);
	assert_int_equal(list_behind(house, "c"), STATUS_MALFORMED);
	stop(house);
	raw_stop(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_handed_out_as_it_is_now),
		cmocka_unit_test(a_large_file_must_stay_what_it_was_when_it_was_opened),
		cmocka_unit_test(a_blob_is_handed_out_as_it_is_now),
		cmocka_unit_test(odd_replies_cost_the_object_only),
		cmocka_unit_test(lanes_that_are_refused_together_step_down_together),
		cmocka_unit_test(a_listing_in_circles_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* provider/http: what the providers share, on requests and replies of nobody in particular. */
#include "provider/http.h"
#include "target-kit.h"

static void hosts_leave_out_a_usual_port(void **state)
{
	static const struct {
		const char *scheme;
		uint16_t port;
		const char *wanted;
	} rows[] = {
		{"https", 443, "https://h"},
		{"http", 80, "http://h"},
		{"https", 80, "https://h:80"},
		{"http", 443, "http://h:443"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target target = {
			.scheme = bytes_of_string(rows[i].scheme), .host = BYTES_LITERAL("h"), .port = rows[i].port};
		struct buffer url = buffer_with_ceiling(256);
		http_append_host(&url, &target);
		assert_string_equal(buffer_string(&url), rows[i].wanted);
		http_append_parameter(&url, "a", BYTES_LITERAL("b/c&d"));
		assert_true(bytes_end_with(buffer_bytes(&url), BYTES_LITERAL("&a=b%2Fc%26d")));
		buffer_free(&url);
	}
}

static void a_url_that_is_too_long_is_no_request(void **state)
{
	struct buffer url = buffer_with_ceiling(4);
	struct request request = {.method = "before"};
	(void)state;
	buffer_append_string(&url, "https://h/");
	assert_int_equal(http_request(&url, "GET", &arena, &request), STATUS_TOO_LARGE);
	assert_string_equal(request.method, "before");
}

static const char *range_of(uint64_t offset, uint64_t length, bool is_head)
{
	struct request request = {.method = "GET"};
	const struct object_part part = {.offset = offset, .length = length, .is_head = is_head};
	assert_int_equal(http_add_range(&request, &part, &arena), STATUS_OK);
	return request.header_count == 0 ? "" : arena_copy_string(&arena, request.headers[0].value);
}

static void ranges_are_of_parts_only(void **state)
{
	(void)state;
	assert_string_equal(range_of(0, 10, false), "bytes=0-9");
	assert_string_equal(range_of(5, OBJECT_SIZE_UNKNOWN, false), "bytes=5-");
	assert_string_equal(range_of(5, UINT64_MAX - 5, false), "bytes=5-18446744073709551614");
	assert_string_equal(range_of(0, OBJECT_SIZE_UNKNOWN, false), "");
	assert_string_equal(range_of(7, 0, false), "");
	assert_string_equal(range_of(7, 7, true), "");
}

static void conditions_quote_the_etag(void **state)
{
	struct request request = {.method = "GET"};
	(void)state;
	assert_int_equal(http_add_condition(&request, BYTES_NONE, &arena), STATUS_OK);
	assert_int_equal(request.header_count, 0);
	assert_int_equal(http_add_condition(&request, BYTES_LITERAL("0x1"), &arena), STATUS_OK);
	assert_text(request.headers[0].name, "If-Match");
	assert_text(request.headers[0].value, "\"0x1\"");
	assert_text(http_without_quotes(BYTES_LITERAL("\"0x1\"")), "0x1");
	assert_text(http_without_quotes(BYTES_LITERAL("\"")), "\"");
	assert_text(http_without_quotes(BYTES_LITERAL("W/\"1\"")), "W/\"1\"");
}

static void dot_segments_are_seen(void **state)
{
	static const char *const with[] = {".", "..", "a/..", "../a", "a/./b"};
	static const char *const without[] = {"", "a", "...", "a/.b", "a..b/c.", ".a/b"};
	(void)state;
	for (size_t i = 0; i < sizeof with / sizeof *with; i++)
		assert_true(http_has_dot_segment(bytes_of_string(with[i])));
	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		assert_false(http_has_dot_segment(bytes_of_string(without[i])));
}

static struct object read_head(unsigned status, const char *name, const char *value)
{
	const struct header header = {bytes_of_string(name), bytes_of_string(value)};
	const struct reply reply = {.status = status, .headers = &header, .header_count = 1};
	struct object object = {.size = 7, .modified = 8, .etag = BYTES_LITERAL("before")};
	assert_int_equal(http_read_head(&reply, &arena, &object), STATUS_OK);
	return object;
}

static void a_head_tells_what_it_tells_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(read_head(200, "Content-Length", " 12 ").size, 12);
	assert_int_equal(read_head(206, "Content-Length", "12").size, 7);
	assert_int_equal(read_head(206, "Content-Range", "bytes 0-9/1234").size, 1234);
	assert_int_equal(read_head(206, "Content-Range", "bytes 0-9/*").size, 7);
	assert_int_equal(read_head(206, "Content-Range", "bytes 9-0/5").size, 7);
	assert_int_equal(read_head(200, "Content-Length", "99999999999999999").size, 7);
	assert_int_equal(read_head(200, "Last-Modified", "Mon, 01 Aug 2022 12:00:00 GMT").modified, 1659355200);
	assert_int_equal(read_head(200, "Last-Modified", "yesterday").modified, 8);
	assert_text(read_head(200, "ETag", "\"0x1\"").etag, "0x1");
	assert_text(read_head(200, "ETag", "").etag, "before");
	struct object none = read_head(200, "X", "y");
	assert_true(none.size == 7 && none.modified == 8 && bytes_equal_string(none.etag, "before"));
}

static void an_md5_is_sixteen_bytes_of_base64(void **state)
{
	static const char *const others[] = {"", "x", "1B2M2Y8AsgTpgAmY7PhC", "1B2M2Y8AsgTpgAmY7PhCfg==AAAA",
	                                     "not base64 at all!!!!!!!"};
	struct bytes md5 = BYTES_NONE;
	(void)state;
	assert_int_equal(http_read_md5(BYTES_LITERAL(" 1B2M2Y8AsgTpgAmY7PhCfg== "), &arena, &md5), STATUS_OK);
	assert_int_equal(md5.len, 16);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_int_equal(http_read_md5(bytes_of_string(others[i]), &arena, &md5), STATUS_OK);
		assert_int_equal(md5.len, 0);
	}
}

static void a_bare_status_means_something(void **state)
{
	(void)state;
	assert_int_equal(http_mean(401).reason, REFUSAL_PRIVATE_OR_ABSENT);
	assert_int_equal(http_mean(404).status, STATUS_ABSENT);
	assert_int_equal(http_mean(429).reason, REFUSAL_BUSY);
	assert_int_equal(http_mean(503).status, STATUS_BUSY);
	assert_int_equal(http_mean(504).reason, REFUSAL_PASSING);
	for (unsigned status = 300; status < 700; status++)
		assert_int_not_equal(http_mean(status).status, STATUS_OK);
}

#define HTTP_TEST(test) cmocka_unit_test_setup_teardown(test, make_arena, free_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(hosts_leave_out_a_usual_port),
		HTTP_TEST(a_url_that_is_too_long_is_no_request),
		HTTP_TEST(ranges_are_of_parts_only),
		HTTP_TEST(conditions_quote_the_etag),
		HTTP_TEST(dot_segments_are_seen),
		HTTP_TEST(a_head_tells_what_it_tells_and_no_more),
		HTTP_TEST(an_md5_is_sixteen_bytes_of_base64),
		HTTP_TEST(a_bare_status_means_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One description, four formats: what is written, what is escaped, what happens when nobody reads. */
#define _GNU_SOURCE
#include "base/clock.h"
#include "base/text.h"
#include "cli/errors.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/table.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define HOSTILE "a\x1b[31m\xE2\x80\xAE\xFF\nb\xC2\x9B\xE2\x80\x8B"

/* ---- helpers ---- */

static const struct column columns[] = {
	{.name = "path", .may_shrink = true, .keeps_end = true},
	{.name = "size", .align = COLUMN_RIGHT},
	{.name = "first_seen", .rank = 3},
	{.name = "hash", .rank = COLUMN_CSV_ONLY},
};

static const struct output_list list = {
	.member = "hits",
	.columns = columns,
	.column_count = 4,
	.nothing = "No hits.",
};

struct sink {
	int descriptor;
	struct output *output;
	char *text;
};

static struct sink open_sink(enum output_format format, unsigned width, bool is_coloured)
{
	const struct output_settings settings = {.format = format, .width = width, .is_coloured = is_coloured};
	struct sink sink = {.descriptor = memfd_create("sink", MFD_CLOEXEC)};
	assert_true(sink.descriptor >= 0);
	assert_int_equal(output_new(sink.descriptor, &settings, &sink.output), STATUS_OK);
	return sink;
}

static const char *finish(struct sink *sink)
{
	struct failure failure = {.why = ""};
	assert_int_equal(output_finish(sink->output, &failure), STATUS_OK);
	off_t size = lseek(sink->descriptor, 0, SEEK_END);
	sink->text = calloc(1, (size_t)size + 1);
	assert_int_equal(pread(sink->descriptor, sink->text, (size_t)size, 0), size);
	return sink->text;
}

static void close_sink(struct sink *sink)
{
	output_free(sink->output);
	close(sink->descriptor);
	free(sink->text);
}

static enum status put_hit(struct output *output, const char *path, uint64_t size)
{
	struct json_writer *json = output_begin_item(output);
	json_key(json, "path");
	json_string(json, path);
	json_key(json, "size");
	json_unsigned(json, size);
	const struct cell cells[] = {
		cell_string(path),
		cell_size(size),
		cell_time(CLOCK_UNKNOWN),
		cell_toned(cell_string("00ff"), TONE_BAD),
	};
	return output_end_item(output, cells);
}

static void put_total(struct output *output, const char *name, uint64_t total)
{
	struct json_writer *json = output_members(output);
	json_key(json, name);
	json_unsigned(json, total);
}

static const char *two_hits(struct sink *sink)
{
	put_total(sink->output, "total", 2);
	output_begin_list(sink->output, &list);
	assert_int_equal(put_hit(sink->output, "a,\"b\"", 2048), STATUS_OK);
	assert_int_equal(put_hit(sink->output, "=1+1", 3), STATUS_OK);
	output_end_list(sink->output);
	put_total(sink->output, "unsearchable", 7);
	return finish(sink);
}

/* ---- lists ---- */

static void json_holds_members_around_the_list(void **state)
{
	struct sink sink = open_sink(OUTPUT_JSON, 0, false);
	(void)state;
	assert_string_equal(two_hits(&sink), "{\"total\":2,\"hits\":[\n{\"path\":\"a,\\\"b\\\"\",\"size\":2048},\n"
	                                     "{\"path\":\"=1+1\",\"size\":3}\n],\"unsearchable\":7}\n");
	close_sink(&sink);
}

static void json_lines_are_items_only(void **state)
{
	struct sink sink = open_sink(OUTPUT_JSONL, 0, false);
	(void)state;
	assert_string_equal(two_hits(&sink), "{\"path\":\"a,\\\"b\\\"\",\"size\":2048}\n{\"path\":\"=1+1\",\"size\":3}\n");
	close_sink(&sink);
}

static void csv_is_exact_quoted_and_guarded(void **state)
{
	struct sink sink = open_sink(OUTPUT_CSV, 0, false);
	(void)state;
	assert_string_equal(two_hits(&sink), "path,size,first_seen,hash\r\n\"a,\"\"b\"\"\",2048,,00ff\r\n'=1+1,3,,00ff\r\n");
	close_sink(&sink);
}

static void a_table_is_aligned(void **state)
{
	struct sink sink = open_sink(OUTPUT_TABLE, 0, false);
	(void)state;
	assert_string_equal(two_hits(&sink), "PATH      SIZE  FIRST SEEN\na,\"b\"  2.0 KiB  -\n=1+1       3 B  -\n");
	close_sink(&sink);
}

static void an_empty_list_is_an_answer(void **state)
{
	static const char *const wanted[] = {
		[OUTPUT_TABLE] = "No hits.\n",
		[OUTPUT_JSON] = "{\"hits\":[]}\n",
		[OUTPUT_JSONL] = "",
		[OUTPUT_CSV] = "path,size,first_seen,hash\r\n",
	};
	(void)state;
	for (unsigned format = 0; format < 4; format++) {
		struct sink sink = open_sink((enum output_format)format, 0, false);
		output_begin_list(sink.output, &list);
		output_end_list(sink.output);
		assert_string_equal(finish(&sink), wanted[format]);
		close_sink(&sink);
	}
}

static void hostile_text_obeys_nobody(void **state)
{
	struct sink sink = open_sink(OUTPUT_TABLE, 60, true);
	(void)state;
	output_begin_list(sink.output, &list);
	assert_int_equal(put_hit(sink.output, HOSTILE, 1), STATUS_OK);
	output_end_list(sink.output);
	output_begin_page(sink.output, BYTES_LITERAL(HOSTILE));
	output_field(sink.output, "title", "Title", cell_string(HOSTILE));
	output_note(sink.output, "%s", HOSTILE);
	const char *text = finish(&sink);
	assert_null(strstr(text, "\x1b[31m"));
	assert_null(strstr(text, "\xE2\x80\xAE"));
	assert_null(strstr(text, "\xC2\x9B"));
	assert_null(strstr(text, "\xE2\x80\x8B"));
	assert_null(strstr(text, "\xFF"));
	assert_non_null(strstr(text, "a\\u{1B}[31m"));
	assert_true(text_is_valid(bytes_of_string(text)));
	close_sink(&sink);
}

static void every_guarded_beginning_gets_an_apostrophe(void **state)
{
	static const char *const cases[][2] = {
		{"=a", "'=a"},
		{"+1", "'+1"},
		{"-1", "'-1"},
		{"@x", "'@x"},
		{"\tx", "'\tx"},
		{"\rx", "\"'\rx\""},
		{"a=b", "a=b"},
		{"a\nb", "\"a\nb\""},
		{"\xFF", "\xEF\xBF\xBD"},
		{"  =a", "'  =a"},
		{" \t\r\n-a", "\"' \t\r\n-a\""},
		{"\nx", "\"'\nx\""},
		{"\xC2\xA0@a", "'\xC2\xA0@a"},
		{"\xEF\xBB\xBF=a", "'\xEF\xBB\xBF=a"},
		{"\xEF\xBC\x9D"
	         "a",
	         "'\xEF\xBC\x9D"
	         "a"},
		{"\xE2\x80\x8B+a", "'\xE2\x80\x8B+a"},
		{"  a=b", "\"  a=b\""},
	};
	struct buffer text = buffer_with_ceiling(4096);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cell cell = cell_string(cases[i][0]);
		buffer_reset(&text);
		cell_append_for_csv(&cell, false, &text);
		assert_string_equal(buffer_string(&text), cases[i][1]);
	}
	buffer_free(&text);
}

/* In a pipe CSV is data; on a terminal nothing in it is obeyed, and the guard stays. */
static void nobody_is_shown_a_signature(void **state)
{
	(void)state;
	static const char text[] = "w?sv=1&sig=ab%3D", shown[] = "w?sv=1&sig=*****";
	struct buffer into = buffer_with_ceiling(4096);
	const struct cell cell = cell_string(text);
	for (int way = 0; way < 5; way++) {
		buffer_reset(&into);
		if (way == 0)
			cell_append_for_eyes(&cell, &into);
		else if (way <= 2)
			cell_append_for_csv(&cell, way == 2, &into);
		else if (way == 3)
			errors_append_line(&into, "show", text, text);
		else
			progress_append_line(
				&into, &(struct progress_figures){.unit = "objects", .current = bytes_of_string(text)}, 0, 0, 80);
		assert_true(bytes_find(buffer_bytes(&into), bytes_of_string(shown)) != BYTES_NOT_FOUND);
		assert_true(bytes_find(buffer_bytes(&into), BYTES_LITERAL("ab%3D")) == BYTES_NOT_FOUND);
	}
	buffer_free(&into);
}

static void csv_is_escaped_on_a_terminal_and_whole_in_a_pipe(void **state)
{
	static const char hostile[] = "=\x1b]0;x\x07\xC2\x9B"
				      "31m\xE2\x80\xAE\r\n\xE2\x80\x8B";
	static const char *const wanted[] = {
		"\"'=\x1b]0;x\x07\xC2\x9B"
		"31m\xE2\x80\xAE\r\n\xE2\x80\x8B\",1,,00ff\r\n",
		"'=\\u{1B}]0;x\\u{7}\\u{9B}31m\\u{202E}\\u{D}\\u{A}\\u{200B},1,,00ff\r\n",
	};
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct sink sink = open_sink(OUTPUT_CSV, i == 1 ? 80 : 0, false),
			    page = open_sink(OUTPUT_CSV, i == 1 ? 80 : 0, false);
		output_begin_list(sink.output, &list);
		assert_int_equal(put_hit(sink.output, hostile, 1), STATUS_OK);
		output_end_list(sink.output);
		assert_string_equal(strstr(finish(&sink), "\r\n") + 2, wanted[i]);
		output_begin_page(page.output, BYTES_NONE);
		output_field(page.output, "title", "title", cell_string("\x1b"));
		assert_string_equal(finish(&page), i == 1 ? "field,value\r\ntitle,\\u{1B}\r\n" : "field,value\r\ntitle,\x1b\r\n");
		close_sink(&sink);
		close_sink(&page);
	}
}

static void a_narrow_terminal_leaves_out_and_cuts(void **state)
{
	struct sink sink = open_sink(OUTPUT_TABLE, 24, false);
	(void)state;
	output_begin_list(sink.output, &list);
	assert_int_equal(put_hit(sink.output, "2021/invoices/contoso-offer.pdf", 2048), STATUS_OK);
	output_end_list(sink.output);
	assert_string_equal(finish(&sink), "PATH                SIZE\n\xE2\x80\xA6toso-offer.pdf  2.0 KiB\n");
	close_sink(&sink);
}

static void without_a_terminal_nothing_is_cut(void **state)
{
	char path[301] = "";
	struct sink sink = open_sink(OUTPUT_TABLE, 0, false);
	(void)state;
	memset(path, 'p', 300);
	output_begin_list(sink.output, &list);
	assert_int_equal(put_hit(sink.output, path, 1), STATUS_OK);
	assert_int_equal(put_hit(sink.output, "short", 1), STATUS_OK);
	output_end_list(sink.output);
	const char *text = finish(&sink);
	assert_non_null(strstr(text, path));
	assert_true(strlen(text) < 520);
	close_sink(&sink);
}

/* Widths of lines, in columns: the shortest and the longest. */
static void measure_lines(const char *text, size_t *ret_least, size_t *ret_most)
{
	*ret_least = SIZE_MAX;
	*ret_most = 0;
	for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		size_t width = text_width(bytes_of(text, (size_t)(end - text)));
		*ret_least = width < *ret_least ? width : *ret_least;
		*ret_most = width > *ret_most ? width : *ret_most;
	}
}

/* In a column that may shrink and in one that may not. */
static void one_long_value_does_not_pad_every_row(void **state)
{
	static const struct column both[] = {
		{.name = "name"}, {.name = "path", .may_shrink = true}, {.name = "size", .align = COLUMN_RIGHT}};
	static const struct output_list long_list = {.member = "hits", .columns = both, .column_count = 3};
	char letters[1025];
	(void)state;
	memset(letters, 'n', 1024);
	letters[1024] = '\0';
	for (unsigned i = 0; i < 4; i++) {
		unsigned width = i < 2 ? 0 : 100;
		struct sink sink = open_sink(OUTPUT_TABLE, width, false);
		size_t least, most;
		output_begin_list(sink.output, &long_list);
		for (unsigned row = 0; row < 10; row++) {
			const struct cell cells[] = {
				cell_string(row == 5 && i % 2 == 0 ? letters : "contoso.com"),
				cell_string(row == 5 && i % 2 == 1 ? letters : "a.txt"),
				cell_size(7),
			};
			(void)output_begin_item(sink.output);
			assert_int_equal(output_end_item(sink.output, cells), STATUS_OK);
		}
		output_end_list(sink.output);
		measure_lines(finish(&sink), &least, &most);
		if (width > 0)
			assert_true(most <= width);
		else
			assert_true(least < 40 && most > 1024 && strstr(sink.text, letters) != NULL);
		close_sink(&sink);
	}
}

static void a_pipe_gets_every_column(void **state)
{
	static const struct column many[] = {
		{.name = "a", .rank = 1},
		{.name = "b", .rank = 2},
		{.name = "c", .rank = 3},
		{.name = "d", .rank = COLUMN_CSV_ONLY},
	};
	static const struct output_list wide = {.member = "hits", .columns = many, .column_count = 4};
	struct sink sink = open_sink(OUTPUT_TABLE, 0, false);
	char text[71] = "";
	(void)state;
	memset(text, 'x', 70);
	const struct cell cells[] = {cell_string(text), cell_string(text), cell_string("last"), cell_string("only in CSV")};
	output_begin_list(sink.output, &wide);
	(void)output_begin_item(sink.output);
	assert_int_equal(output_end_item(sink.output, cells), STATUS_OK);
	output_end_list(sink.output);
	assert_non_null(strstr(finish(&sink), "last\n"));
	assert_null(strstr(sink.text, "only in CSV"));
	close_sink(&sink);
}

/* Finds each "ab". */
static size_t find_ab(const void *context, struct bytes shown, struct mark marks[MARKS_MAX])
{
	size_t count = 0, at = 0;
	for (size_t found;
	     count < MARKS_MAX && (found = bytes_find(bytes_from(shown, at), bytes_of_string(context))) != BYTES_NOT_FOUND;
	     at += found + 2)
		marks[count++] = (struct mark){at + found, at + found + 2};
	return count;
}

static void a_narrow_terminal_gets_two_lines_a_row(void **state)
{
	static const struct column both[] = {
		{.name = "path", .may_shrink = true, .keeps_end = true, .is_below = true, .is_marked = true},
		{.name = "id"},
		{.name = "said", .may_shrink = true, .is_below = true, .is_marked = true},
	};
	static const char wanted[] = "ab";
	const struct marker marker = {find_ab, wanted};
	const struct output_list two = {.member = "hits", .columns = both, .column_count = 3, .marker = &marker};
	const struct cell rows[][3] = {
		{cell_string("a/long/path/that/has/no/room/to/the/end.ab"), cell_string("one"),
	         cell_string("what stands far in front of it, and of all that is looked for, until ab at last and more behind")},
		{cell_string("b"), cell_string("two"), CELL_EMPTY},
		{CELL_EMPTY, cell_string("three"), CELL_EMPTY},
		{cell_string("a/name-that-leaves-no-room-for-a-folder.ab"), cell_string("four"),
	         cell_string("ab alone, and then a long way on two more of them that stand together, ab and ab, at last")},
	};
	static const struct {
		unsigned width;
		bool is_coloured;
		const char *text;
	} cases[] = {
		{40, false,
	         "ID\n  PATH  SAID\none\n  \u2026/to/the/end.ab  \u2026ntil ab at last and\u2026\ntwo\n  b\nthree\nfour\n  \u2026om-for-a-folder.ab  \u2026er, ab and ab, \u2026\n"},
		{0, false,
	         "PATH                                        ID     SAID\n"
	         "a/long/path/that/has/no/room/to/the/end.ab  one    what stands far in front of it, and of all that is looked "
	         "for, until ab at last and more behind\n"
	         "b                                           two    -\n"
	         "-                                           three  -\n"
	         "a/name-that-leaves-no-room-for-a-folder.ab  four   ab alone, and then a long way on two more of them that "
	         "stand together, ab and ab, at last\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sink sink = open_sink(OUTPUT_TABLE, cases[i].width, cases[i].is_coloured);
		output_begin_list(sink.output, &two);
		for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
			(void)output_begin_item(sink.output);
			assert_int_equal(output_end_item(sink.output, rows[r]), STATUS_OK);
		}
		output_end_list(sink.output);
		assert_string_equal(finish(&sink), cases[i].text);
		close_sink(&sink);
	}
	struct sink coloured = open_sink(OUTPUT_TABLE, 40, true);
	output_begin_list(coloured.output, &two);
	(void)output_begin_item(coloured.output);
	assert_int_equal(output_end_item(coloured.output, rows[0]), STATUS_OK);
	output_end_list(coloured.output);
	assert_non_null(strstr(finish(&coloured), "/end.\x1b[1mab\x1b[0m  \u2026ntil \x1b[1mab\x1b[0m at last"));
	close_sink(&coloured);
}

static void a_long_table_streams_under_its_first_widths(void **state)
{
	struct sink sink = open_sink(OUTPUT_TABLE, 0, false);
	char path[16];
	size_t lines = 0;
	(void)state;
	output_begin_list(sink.output, &list);
	for (int i = 0; i < 5000; i++) {
		snprintf(path, sizeof path, "p%06d", i);
		assert_int_equal(put_hit(sink.output, path, 5), STATUS_OK);
	}
	output_end_list(sink.output);
	for (const char *at = finish(&sink); (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, 5001);
	assert_non_null(strstr(sink.text, "\np004999   5 B  -\n"));
	close_sink(&sink);
}

/* ---- pages ---- */

static const char *one_page(struct sink *sink)
{
	static const struct column inner_columns[] = {{.name = "kind"}};
	static const struct output_list inner = {.columns = inner_columns, .column_count = 1};
	put_total(sink->output, "size", 2048);
	output_begin_page(sink->output, BYTES_LITERAL("offer.pdf"));
	output_field(sink->output, "size", "Size", cell_size(2048));
	output_field(sink->output, "signed", "Signed by", CELL_EMPTY);
	output_heading(sink->output, "Findings");
	output_begin_list(sink->output, &inner);
	(void)output_begin_item(sink->output);
	assert_int_equal(output_end_item(sink->output, (const struct cell[]){cell_string("email")}), STATUS_OK);
	output_end_list(sink->output);
	return finish(sink);
}

static void a_page_is_fields(void **state)
{
	static const char *const wanted[] = {
		[OUTPUT_TABLE] = "offer.pdf\nSize:      2.0 KiB\nSigned by: -\n\nFindings\nKIND\nemail\n",
		[OUTPUT_JSON] = "{\"size\":2048}\n",
		[OUTPUT_JSONL] = "{\"size\":2048}\n",
		[OUTPUT_CSV] = "field,value\r\nsize,2048\r\nsigned,\r\n",
	};
	(void)state;
	for (unsigned format = 0; format < 4; format++) {
		struct sink sink = open_sink((enum output_format)format, 0, false);
		assert_string_equal(one_page(&sink), wanted[format]);
		close_sink(&sink);
	}
}

static void raw_bytes_pass_but_on_a_terminal(void **state)
{
	struct sink piped = open_sink(OUTPUT_TABLE, 0, false), shown = open_sink(OUTPUT_TABLE, 80, false);
	(void)state;
	output_raw(piped.output, BYTES_LITERAL("x\x1b[2J\n"));
	assert_string_equal(finish(&piped), "x\x1b[2J\n");
	output_raw(shown.output, BYTES_LITERAL("x\x1b[2J\n"));
	assert_string_equal(finish(&shown), "x\\u{1B}[2J\n");
	close_sink(&piped);
	close_sink(&shown);
}

static void long_text_is_whole(void **state)
{
	enum { LENGTH = 300001 };
	char *text = malloc(LENGTH + 1);
	struct sink sink = open_sink(OUTPUT_TABLE, 80, false);
	(void)state;
	for (size_t i = 0; i + 3 <= LENGTH; i += 3)
		memcpy(text + i, "\xE2\x82\xAC", 3);
	text[LENGTH - LENGTH % 3] = '\0';
	output_raw(sink.output, bytes_of_string(text));
	assert_memory_equal(finish(&sink), text, strlen(text));
	close_sink(&sink);
	free(text);
}

/* ---- ends ---- */

static void a_reader_that_went_away_ends_the_run_quietly(void **state)
{
	const struct output_settings settings = {.format = OUTPUT_JSONL};
	struct failure failure = {.why = ""};
	struct output *output;
	int ends[2];
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	assert_int_equal(output_new(ends[1], &settings, &output), STATUS_OK);
	output_begin_list(output, &list);
	enum status status = STATUS_OK;
	for (int i = 0; i < 100000 && status == STATUS_OK; i++)
		status = put_hit(output, "some/path/that/is/long", 1);
	assert_int_equal(status, STATUS_END);
	output_end_list(output);
	assert_int_equal(output_finish(output, &failure), STATUS_OK);
	output_free(output);
	close(ends[1]);
}

static void a_full_disk_is_an_error(void **state)
{
	const struct output_settings settings = {.format = OUTPUT_JSON};
	struct failure failure = {.why = ""};
	struct output *output;
	(void)state;
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	if (full < 0)
		skip();
	assert_int_equal(output_new(full, &settings, &output), STATUS_OK);
	put_total(output, "total", 1);
	assert_int_equal(output_finish(output, &failure), STATUS_NO_SPACE);
	assert_string_equal(failure.where, "standard output");
	output_free(output);
	close(full);
}

/* ---- errors and progress ---- */

static void an_error_is_one_line(void **state)
{
	struct buffer line = buffer_with_ceiling(4096);
	(void)state;
	errors_append_line(&line, "show", "x\ny", "there is no such id; copy it from search");
	assert_string_equal(buffer_string(&line), "tidemark: show: x\\u{A}y: there is no such id; copy it from search\n");
	buffer_reset(&line);
	errors_append_line(&line, NULL, "", "why");
	assert_string_equal(buffer_string(&line), "tidemark: why\n");
	buffer_free(&line);
	assert_int_equal(errors_exit_code(STATUS_USAGE), 2);
	assert_int_equal(errors_exit_code(STATUS_ABSENT), 1);
	assert_int_equal(errors_exit_code(STATUS_INTERRUPTED), 130);
	assert_int_equal(errors_exit_code(STATUS_END), 0);
}

static void assert_progress(const struct progress_figures *figures, double rate, double byte_rate, unsigned width,
                            const char *expected)
{
	struct buffer line = buffer_with_ceiling(4096);
	progress_append_line(&line, figures, rate, byte_rate, width);
	assert_string_equal(buffer_string(&line), expected);
	assert_true(text_width(buffer_bytes(&line)) <= width);
	buffer_free(&line);
}

static void progress_says_share_rate_and_time_left(void **state)
{
	struct progress_figures figures = {
		.unit = "objects",
		.done = 250,
		.total = 1000,
		.is_total_final = true,
		.failed = 3,
		.current = BYTES_LITERAL("2021/a\x1b.pdf"),
	};
	(void)state;
	assert_progress(&figures, 10, 2 << 20, 200,
	                "25%, 250 of 1000 objects, 10/s, 2.0 MiB/s, 1:15 left, 3 failed: 2021/a\\u{1B}.pdf");
	/* Of many small objects and a few huge ones the huge ones take the time. */
	figures.bytes = 1 << 20;
	figures.bytes_total = (1 << 20) + (UINT64_C(1) << 30);
	assert_progress(&figures, 10, 2 << 20, 200,
	                "25%, 250 of 1000 objects, 10/s, 2.0 MiB/s, 8:32 left, 3 failed: 2021/a\\u{1B}.pdf");
	figures.is_total_final = false;
	assert_progress(&figures, 0, 0, 80, "250 of 1000 objects listed so far, 3 failed: 2021/a\\u{1B}.pdf");
	figures.total = 0;
	assert_progress(&figures, 0, 0, 80, "250 objects, 3 failed: 2021/a\\u{1B}.pdf");
}

static void progress_leaves_out_first_what_says_least(void **state)
{
	const struct progress_figures figures = {
		.unit = "objects",
		.done = 250,
		.total = 1000,
		.is_total_final = true,
		.failed = 3,
		.current = BYTES_LITERAL("2021/reports/of/the/board/minutes.pdf"),
	};
	static const struct {
		unsigned width;
		const char *line;
	} cases[] = {
		{80, "25%, 250 of 1000 objects, 10/s, 2.0 MiB/s, 1:15 left, 3 failed: …ard/minutes.pdf"},
		{70, "25%, 250 of 1000 objects, 10/s, 1:15 left, 3 failed: …oard/minutes.pdf"},
		{60, "25%, 250 of 1000 objects, 1:15 left, 3 failed: …/minutes.pdf"},
		{40, "25%, 1:15 left, 3 failed: …d/minutes.pdf"},
		{20, "25%, 3 failed"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_progress(&figures, 10, 2 << 20, cases[i].width, cases[i].line);
}

static void sizes_are_told_in_three_digits(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{0, "0 B"},
		{1023, "1023 B"},
		{1024, "1.0 KiB"},
		{10240, "10 KiB"},
		{1048575, "1.0 MiB"},
		{UINT64_C(5) << 40, "5.0 TiB"},
		{INT64_MAX - 1, "8.0 EiB"},
		{INT64_MAX, "\xE2\x89\xA5"
	                    "8.0 EiB"},
	};
	struct buffer text = buffer_with_ceiling(64);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buffer_reset(&text);
		cell_append_human_size(&text, cases[i].bytes);
		assert_string_equal(buffer_string(&text), cases[i].text);
	}
	buffer_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_holds_members_around_the_list),
		cmocka_unit_test(json_lines_are_items_only),
		cmocka_unit_test(csv_is_exact_quoted_and_guarded),
		cmocka_unit_test(a_table_is_aligned),
		cmocka_unit_test(an_empty_list_is_an_answer),
		cmocka_unit_test(hostile_text_obeys_nobody),
		cmocka_unit_test(every_guarded_beginning_gets_an_apostrophe),
		cmocka_unit_test(nobody_is_shown_a_signature),
		cmocka_unit_test(csv_is_escaped_on_a_terminal_and_whole_in_a_pipe),
		cmocka_unit_test(one_long_value_does_not_pad_every_row),
		cmocka_unit_test(a_pipe_gets_every_column),
		cmocka_unit_test(a_narrow_terminal_leaves_out_and_cuts),
		cmocka_unit_test(without_a_terminal_nothing_is_cut),
		cmocka_unit_test(a_narrow_terminal_gets_two_lines_a_row),
		cmocka_unit_test(a_long_table_streams_under_its_first_widths),
		cmocka_unit_test(a_page_is_fields),
		cmocka_unit_test(raw_bytes_pass_but_on_a_terminal),
		cmocka_unit_test(long_text_is_whole),
		cmocka_unit_test(a_reader_that_went_away_ends_the_run_quietly),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(an_error_is_one_line),
		cmocka_unit_test(progress_says_share_rate_and_time_left),
		cmocka_unit_test(progress_leaves_out_first_what_says_least),
		cmocka_unit_test(sizes_are_told_in_three_digits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

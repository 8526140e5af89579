/* SPDX-License-Identifier: Apache-2.0 */
/* A table that was written, and the way back from its text to row and column. */
#include "format-test.h"
#include "format/table.h"
#include "model/table.h"

enum { ROWS = 5, COLUMNS = 4 };

static const char *const cells[ROWS][COLUMNS] = {
	{"name", "e-mail", "", "notes"},
	{"Anna", "anna@contoso.com", "x", "two\nlines, \"quoted\""},
	{"", "", "", "\"begins with one"},
	{"", "", "", ""},
	{"tab\there", " \"blank first", "a\"b", "Z\xC3\xBCrich\r\n"},
};

static struct emitter write_cells(void)
{
	struct emitter emitter;
	recording_emitter_start(&emitter);
	struct table table = table_over(&emitter);
	assert_int_equal(emit_text(&emitter, BYTES_LITERAL("Sheet 1\n")), STATUS_OK);
	assert_int_equal(table_begin(&table, true), STATUS_OK);
	for (size_t row = 0; row < ROWS; row++) {
		for (size_t column = 0; column < COLUMNS; column++)
			table_put(&table, bytes_of_string(cells[row][column]));
		assert_int_equal(table_end_record(&table), STATUS_OK);
	}
	assert_int_equal(table_end(&table), STATUS_OK);
	assert_int_equal(emit_text(&emitter, BYTES_LITERAL("behind it\n")), STATUS_OK);
	table_free(&table);
	return emitter;
}

static void test_reads_as_what_it_says(void **state)
{
	(void)state;
	struct emitter emitter = write_cells();
	assert_string_equal(recording_emitter_text(&emitter),
	                    "Sheet 1\nname\te-mail\t\tnotes\n"
	                    "Anna\tanna@contoso.com\tx\t\"two\nlines, \"\"quoted\"\"\"\n\t\t\t\"\"\"begins with one\"\n\n"
	                    "\"tab\there\"\t\" \"\"blank first\"\ta\"b\t\"Z\xC3\xBCrich\r\n\"\nbehind it\n");
	recording_emitter_free(&emitter);
}

/* Every word is found in its row and column, and the table in the text around it. */
static void test_every_place_is_found(void **state)
{
	(void)state;
	struct emitter emitter = write_cells();
	struct bytes text = buffer_bytes(&emitter.text);
	assert_int_equal(emitter.table_count, 1);
	const struct table_span *span = &emitter.tables[0];
	assert_true(span->has_header && span->delimiter == '\t');
	assert_true(bytes_start_with(bytes_from(text, (size_t)span->from), BYTES_LITERAL("name\t")));
	assert_true(bytes_equal_string(bytes_from(text, (size_t)span->to), "behind it\n"));
	static const struct {
		const char *word;
		uint64_t row;
		uint32_t column;
	} places[] = {
		{"name", 0, 0}, {"e-mail", 0, 1}, {"notes", 0, 3}, {"Anna", 1, 0},   {"anna@", 1, 1},  {"contoso.com", 1, 1},
		{"x\t", 1, 2},  {"two", 1, 3},    {"lines", 1, 3}, {"quoted", 1, 3}, {"begins", 2, 3}, {"tab", 4, 0},
		{"here", 4, 0}, {"blank", 4, 1},  {"a\"b", 4, 2},  {"rich", 4, 3},
	};
	struct table_cursor cursor = table_cursor_over(text, span);
	size_t at = 0;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		at += bytes_find(bytes_from(cursor.text, at), bytes_of_string(places[i].word));
		struct table_place place = table_cursor_seek(&cursor, at);
		if (place.row != places[i].row || place.column != places[i].column)
			fail_msg("%s is at %llu, %u", places[i].word, (unsigned long long)place.row, place.column);
	}
	recording_emitter_free(&emitter);
}

static void test_gaps_keep_rows_and_columns(void **state)
{
	(void)state;
	struct emitter emitter;
	recording_emitter_start(&emitter);
	struct table table = table_over(&emitter);
	assert_int_equal(table_begin(&table, false), STATUS_OK);
	table_skip_to(&table, 2);
	table_put(&table, BYTES_LITERAL("c"));
	table_skip_to(&table, 1);
	table_put(&table, BYTES_LITERAL("d"));
	assert_int_equal(table_end_record(&table), STATUS_OK);
	assert_int_equal(table_skip_to_record(&table, 3), STATUS_OK);
	table_skip_to(&table, 16383);
	table_put(&table, BYTES_LITERAL("far"));
	assert_int_equal(table_end_record(&table), STATUS_OK);
	assert_int_equal(table_skip_to_record(&table, 1 << 20), STATUS_OK);
	table_put(&table, BYTES_LITERAL("deep"));
	assert_int_equal(table_end_record(&table), STATUS_OK);
	assert_int_equal(table_end(&table), STATUS_OK);
	const char *text = recording_emitter_text(&emitter);
	assert_true(bytes_start_with(bytes_of_string(text), BYTES_LITERAL("\t\tc\td\n\n\n\t")));
	assert_int_equal(strspn(strstr(text, "\n\n\n") + 3, "\t"), TABLE_GAP_MAX);
	assert_int_equal(strspn(strstr(text, "far") + 3, "\n"), TABLE_GAP_MAX + 1);
	recording_emitter_free(&emitter);
	table_free(&table);
}

/* What a CSV file calls a table is read by the same rules. */
static void test_other_delimiters(void **state)
{
	(void)state;
	struct bytes text = BYTES_LITERAL("a;b\r\n\"x;\"\"\ny\";z\r\n");
	struct table_cursor cursor = table_cursor_over(text, &(struct table_span){.to = text.len, .delimiter = ';'});
	struct table_place place = table_cursor_seek(&cursor, bytes_find_byte(text, 'y'));
	assert_int_equal(place.row, 1);
	assert_int_equal(place.column, 0);
	place = table_cursor_seek(&cursor, bytes_find_byte(text, 'z'));
	assert_int_equal(place.row, 1);
	assert_int_equal(place.column, 1);
	assert_int_equal(table_cursor_seek(&cursor, 1000).row, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_as_what_it_says),
		cmocka_unit_test(test_every_place_is_found),
		cmocka_unit_test(test_gaps_keep_rows_and_columns),
		cmocka_unit_test(test_other_delimiters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

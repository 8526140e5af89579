/* SPDX-License-Identifier: Apache-2.0 */
/* format/ooxml: what documents, workbooks and presentations say, in which order, and what broken ones come to. */
#include "format-test.h"
#include "format/office/ooxml-parts.h"

#include <stdio.h>

extern const struct format format_ooxml;

/* The sample of that case, in a buffer to be freed. */
static struct buffer load_sample(const char *name)
{
	char path[128];
	snprintf(path, sizeof path, "ooxml/%s", name);
	return load_golden(path);
}

static void read_sample(struct emitter *emitter, const char *name, enum status outcome)
{
	struct buffer sample = load_sample(name);
	assert_int_equal(read_as(emitter, &format_ooxml, buffer_bytes(&sample), true), outcome);
	buffer_free(&sample);
}

static int bid_of(const char *name)
{
	struct buffer sample = load_sample(name);
	int bid = bid_for(&format_ooxml, buffer_bytes(&sample), "");
	buffer_free(&sample);
	return bid;
}

/* ---- recognising ---- */

static void is_recognised_by_its_parts(void **state)
{
	(void)state;
	assert_in_range(bid_of("letter/input.docx"), 80, 100);
	assert_in_range(bid_of("book/input.xlsm"), 80, 100);
	assert_in_range(bid_of("deck/input.pptx"), 80, 100);
	assert_in_range(bid_of("strict/input.docx"), 80, 100);
	assert_in_range(bid_of("truncated/input.docx"), 80, 100);
	assert_in_range(bid_of("locked/input.docx"), 80, 100);
	assert_int_equal(bid_for(&format_ooxml, BYTES_LITERAL("PK\3\4"), ""), 0);
}

static void names_the_kind_it_is(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "book/input.xlsm", STATUS_OK);
	assert_string_equal(emitter.media_type, "application/vnd.ms-excel.sheet.macroEnabled.12");
	recording_emitter_free(&emitter);
	read_sample(&emitter, "letter/input.docx", STATUS_OK);
	assert_string_equal(emitter.media_type, "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
	recording_emitter_free(&emitter);
}

/* ---- documents ---- */

static void shows_a_document_and_all_around_it(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"Dear reader, \n",
		"Price [- 100 -]120 euro\tnet\nnext line\n",
		"[- moved away -]\n",
		"A1\nA1 more\tB1\nA2\tB2\n",
		"In a text box\n",
		"field result\n",
		"HYPERLINK \"https://field.example/x\"",
		"a link\n",
		"A map of the site\n",
		"Top secret\nDRAFT MARK\n",
		"Foot of page\n",
		"A footnote\n",
		"An endnote\n",
		"Frank Critic: Too dear\n",
		"frank@critics.example\n",
		"https://link.example/offer?a=1&b=2\n",
	};
	struct emitter emitter;
	read_sample(&emitter, "letter/input.docx", STATUS_OK);
	assert_in_order(recording_emitter_text(&emitter), parts, sizeof parts / sizeof *parts);
	assert_once(recording_emitter_text(&emitter), "In a text box");
	assert_null(strstr(recording_emitter_text(&emitter), "PAGE"));
	recording_emitter_free(&emitter);
}

static void takes_properties(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "letter/input.docx", STATUS_OK);
	assert_string_equal(buffer_string(&emitter.title), "Offer");
	assert_string_equal(buffer_string(&emitter.author), "Dana Writer");
	assert_string_equal(buffer_string(&emitter.language), "en-US");
	assert_int_equal(emitter.created, clock_from_civil(2021, 2, 3, 4, 5, 6));
	assert_contains(buffer_string(&emitter.metadata), "lastModifiedBy: Erin Editor\n");
	assert_contains(buffer_string(&emitter.metadata), "Company: Plan Ltd\n");
	assert_contains(buffer_string(&emitter.metadata), "Project code: PX-77\n");
	assert_null(strstr(buffer_string(&emitter.metadata), "Pages"));
	recording_emitter_free(&emitter);
}

static void hands_on_what_is_no_text(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "letter/input.docx", STATUS_OK);
	assert_int_equal(emitter.child_count, 2);
	const struct recorded_child *child = recording_emitter_child(&emitter, "word/embeddings/oleObject1.bin");
	assert_non_null(child);
	assert_string_equal(buffer_string(&child->bytes), "embedded object");
	assert_non_null(recording_emitter_child(&emitter, "word/media/image1.png"));
	recording_emitter_free(&emitter);
	read_sample(&emitter, "book/input.xlsm", STATUS_OK);
	assert_int_equal(emitter.child_count, 1);
	assert_non_null(recording_emitter_child(&emitter, "xl/vbaProject.bin"));
	recording_emitter_free(&emitter);
}

static void reads_strict_names_without_prefixes(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "strict/input.docx", STATUS_OK);
	assert_string_equal(recording_emitter_text(&emitter), "Strict and without prefixes\n");
	recording_emitter_free(&emitter);
}

static void takes_the_first_choice_it_understands(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "choices/input.docx", STATUS_OK);
	assert_string_equal(recording_emitter_text(&emitter),
	                    "understood one\nfallback two\nsecond choice three\nfallback four\nboth understood five\n"
	                    "fallback six\nshadowed seven\nback again eight\n");
	recording_emitter_free(&emitter);
}

/* ---- workbooks ---- */

static void shows_sheets_in_order_and_hidden_ones(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"Second first\n42\n",
		"Data (hidden sheet)\nName\tRich text\tBorn\n",
		"Gina Inline\t12.5\t1982-02-18\t2020-01-01\n",
		"TRUE\tGina Inline!\t#N/A\t0.1\t12:00:00\t2020-01-01T18:00:00\t",
		"HYPERLINK(\"https://formula.example/\",\"go\")\n",
		"Left  head Page   & more\n",
		"Jack Old: legacy note\n",
		"Kim Person: threaded note\n",
		"shape note\nbox on sheet\n",
		"Chart title\nQuarter one\n",
		"Deep (very hidden sheet)\ndeeply hidden\n",
		"SalaryRange: Data!$A$1:$B$9\n",
	};
	struct emitter emitter;
	read_sample(&emitter, "book/input.xlsm", STATUS_OK);
	assert_in_order(recording_emitter_text(&emitter), parts, sizeof parts / sizeof *parts);
	assert_null(strstr(recording_emitter_text(&emitter), "phonetic"));
	recording_emitter_free(&emitter);
}

/* Empty cells and rows keep their places; escapes are what they stand for; what may be chosen in a cell is read. */
static void keeps_rows_columns_and_lists(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "form/input.xlsx", STATUS_OK);
	assert_string_equal(recording_emitter_text(&emitter), "Form\nName\t\t\tE-mail\n\n\n"
	                                                      "\t\"Street\nTown\nklara@fabrikam.com\"\t\tann@contoso.com\n"
	                                                      "keeps _x0041_ and _x00g1_, not \xF0\x9F\x93\xA7 nor @, _x\t\t7\n"
	                                                      "ask dora@litware.com\nbob@adatum.com,other\n\n");
	assert_int_equal(emitter.table_count, 1);
	struct bytes text = buffer_bytes(&emitter.text);
	struct table_cursor cursor = table_cursor_over(text, &emitter.tables[0]);
	struct table_place place = table_cursor_seek(&cursor, bytes_find(cursor.text, BYTES_LITERAL("ann@")));
	assert_int_equal(place.row, 3);
	assert_int_equal(place.column, 3);
	recording_emitter_free(&emitter);
}

static void shows_what_a_workbook_keeps_beside_its_sheets(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "book/input.xlsm", STATUS_OK);
	assert_contains(recording_emitter_text(&emitter), "Server=db.example;Pwd=hunter2\n");
	assert_contains(recording_emitter_text(&emitter), "Deleted region\n");
	assert_contains(recording_emitter_text(&emitter), "kim@book.example\n");
	assert_contains(recording_emitter_text(&emitter), "mailto:hal@book.example\n");
	recording_emitter_free(&emitter);
}

static void assert_serial(double serial, enum ooxml_look look, bool from_1904, const char *expected)
{
	char written[40] = "";
	assert_int_equal(ooxml_format_serial(serial, look, from_1904, written), expected != NULL);
	if (expected != NULL)
		assert_string_equal(written, expected);
}

static void writes_serial_days_as_dates(void **state)
{
	(void)state;
	assert_serial(1, OOXML_LOOK_DATE, false, "1900-01-01");
	assert_serial(59, OOXML_LOOK_DATE, false, "1900-02-28");
	assert_serial(61, OOXML_LOOK_DATE, false, "1900-03-01");
	assert_serial(43831, OOXML_LOOK_DATE, false, "2020-01-01");
	assert_serial(42369, OOXML_LOOK_DATE, true, "2020-01-01");
	assert_serial(43831.25, OOXML_LOOK_DATE, false, "2020-01-01T06:00:00");
	assert_serial(0.75, OOXML_LOOK_DATE, false, "18:00:00");
	assert_serial(1.5, OOXML_LOOK_TIME, false, "36:00:00");
	assert_serial(2958465, OOXML_LOOK_DATE, false, "9999-12-31");
	assert_serial(2958466, OOXML_LOOK_DATE, false, NULL);
	assert_serial(-1, OOXML_LOOK_DATE, false, NULL);
}

/* ---- presentations ---- */

static void shows_slides_as_they_are_listed(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"Listed first\n",
		"Speak slowly\n",
		"Lee Commenter: Is this right?\n",
		"Smart art\n",
		"(hidden slide)\nListed last\n",
		"Orphan slide\n",
		"https://deck.example/\n",
	};
	struct emitter emitter;
	read_sample(&emitter, "deck/input.pptx", STATUS_OK);
	assert_in_order(recording_emitter_text(&emitter), parts, sizeof parts / sizeof *parts);
	assert_once(recording_emitter_text(&emitter), "Smart art");
	assert_null(strstr(recording_emitter_text(&emitter), "Click to edit"));
	recording_emitter_free(&emitter);
}

/* ---- outcomes ---- */

static void assert_outcome(const char *name, enum status outcome)
{
	struct emitter emitter;
	read_sample(&emitter, name, outcome);
	assert_string_not_equal(emitter.note, "");
	recording_emitter_free(&emitter);
}

static void says_what_it_cannot_read(void **state)
{
	(void)state;
	assert_outcome("locked/input.docx", STATUS_ENCRYPTED);
	assert_outcome("binary/input.xlsb", STATUS_UNSUPPORTED);
	assert_outcome("no-main/input.docx", STATUS_MALFORMED);
	assert_outcome("entities/input.docx", STATUS_BOMB);
	assert_outcome("bomb/input.docx", STATUS_BOMB);
}

static void reads_what_damage_left(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "truncated/input.docx", STATUS_OK);
	assert_contains(recording_emitter_text(&emitter), "A footnote\n");
	assert_contains(emitter.note, "directory");
	recording_emitter_free(&emitter);
	read_sample(&emitter, "damaged-body/input.docx", STATUS_MALFORMED);
	assert_contains(recording_emitter_text(&emitter), "A footnote\n");
	assert_int_equal(emitter.child_count, 2);
	recording_emitter_free(&emitter);
}

/* ---- whatever the bytes and the emitter ---- */

static void obey_refusals(const char *name)
{
	struct buffer sample = load_sample(name);
	assert_obeys(&format_ooxml, buffer_bytes(&sample));
	buffer_free(&sample);
}

static void obeys_refusals_at_once(void **state)
{
	(void)state;
	obey_refusals("letter/input.docx");
	obey_refusals("book/input.xlsm");
	obey_refusals("deck/input.pptx");
}

static void survive_cuts_and_flips(const char *name)
{
	struct buffer sample = load_sample(name);
	assert_survives(&format_ooxml, &sample, 23);
	buffer_free(&sample);
}

static void survives_cuts_and_flips(void **state)
{
	(void)state;
	survive_cuts_and_flips("letter/input.docx");
	survive_cuts_and_flips("book/input.xlsm");
	survive_cuts_and_flips("deck/input.pptx");
	survive_cuts_and_flips("locked/input.docx");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_recognised_by_its_parts),
		cmocka_unit_test(names_the_kind_it_is),
		cmocka_unit_test(shows_a_document_and_all_around_it),
		cmocka_unit_test(takes_properties),
		cmocka_unit_test(hands_on_what_is_no_text),
		cmocka_unit_test(reads_strict_names_without_prefixes),
		cmocka_unit_test(takes_the_first_choice_it_understands),
		cmocka_unit_test(shows_sheets_in_order_and_hidden_ones),
		cmocka_unit_test(keeps_rows_columns_and_lists),
		cmocka_unit_test(shows_what_a_workbook_keeps_beside_its_sheets),
		cmocka_unit_test(writes_serial_days_as_dates),
		cmocka_unit_test(shows_slides_as_they_are_listed),
		cmocka_unit_test(says_what_it_cannot_read),
		cmocka_unit_test(reads_what_damage_left),
		cmocka_unit_test(obeys_refusals_at_once),
		cmocka_unit_test(survives_cuts_and_flips),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* format/pdf: what of a PDF is text, what is metadata, what is a part, and what damaged and hostile ones come to. */
#include "format-test.h"

#include <stdio.h>

extern const struct format format_pdf;

/* The sample of that case, in a buffer to be freed. */
static struct buffer load_sample(const char *name)
{
	char path[128];
	snprintf(path, sizeof path, "pdf/%s/input.pdf", name);
	return load_golden(path);
}

static void read_sample(struct emitter *emitter, const char *name, enum status outcome)
{
	struct buffer sample = load_sample(name);
	assert_int_equal(read_as(emitter, &format_pdf, buffer_bytes(&sample), true), outcome);
	buffer_free(&sample);
}

static void assert_reads(const char *name, enum status outcome, const char *text)
{
	struct emitter emitter;
	read_sample(&emitter, name, outcome);
	assert_string_equal(recording_emitter_text(&emitter), text);
	recording_emitter_free(&emitter);
}

static int bid_of(const char *text)
{
	return bid_for(&format_pdf, bytes_of_string(text), "");
}

/* ---- recognising ---- */

static void bids_by_what_was_verified(void **state)
{
	(void)state;
	assert_int_equal(bid_of("%PDF-1.7\n"), 64);
	assert_int_equal(bid_of("%PDF-x"), 40);
	assert_in_range(bid_of("rubbish\n%PDF-1.4\n"), 20, 39);
	assert_in_range(bid_of("Subject: how %PDF-1.4 begins"), 1, 20);
	assert_int_equal(bid_of("PDF-1.7"), 0);
	assert_int_equal(bid_of(""), 0);
}

/* ---- what is in one ---- */

static void shows_pages_in_order_with_their_notes(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "everything", STATUS_OK);
	const char *text = recording_emitter_text(&emitter);
	assert_contains(text, "First page of the plan\nWrite to ada@plan.example\n");
	assert_contains(text, "Bob Reviewer: Please check this\n");
	assert_contains(text, "Hidden remark\n");
	assert_true(strstr(text, "Bob Reviewer") < strstr(text, "Second page"));
	assert_once(text, "https://links.example/first\n");
	recording_emitter_free(&emitter);
}

static void shows_fields_of_pages_and_those_of_none(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "everything", STATUS_OK);
	const char *text = recording_emitter_text(&emitter);
	assert_once(text, "person: Carol Field\n");
	assert_once(text, "orphan: not in the form\n");
	assert_once(text, "choice: Monthly\n");
	assert_once(text, "group.unseen: no page shows this\n");
	assert_contains(text, "Caption of XFA\n");
	assert_contains(text, "XFA value\n");
	assert_null(strstr(text, "ignored.script"));
	recording_emitter_free(&emitter);
}

static void shows_bookmarks_once_though_they_go_round(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "everything", STATUS_OK);
	assert_once(recording_emitter_text(&emitter),
	            "Chapter one\nChapter two\nSection\nhttps://links.example/outline\n");
	recording_emitter_free(&emitter);
}

static void takes_metadata_from_info_and_xmp_once(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "everything", STATUS_OK);
	const char *metadata = buffer_string(&emitter.metadata);
	assert_string_equal(buffer_string(&emitter.title), "Annual plan");
	assert_string_equal(buffer_string(&emitter.author), "Ada Example");
	assert_string_equal(buffer_string(&emitter.language), "en-GB");
	assert_int_equal(emitter.created, clock_from_civil(2019, 3, 4, 4, 6, 7));
	assert_once(metadata, "Annual plan\n");
	assert_contains(metadata, "ModDate: 2019-04-05T06:07:08Z\n");
	assert_contains(metadata, "Department: Treasury\n");
	assert_contains(metadata, "dc:creator: Second Author\n");
	assert_contains(metadata, "xmp:CreatorTool: Pen and ruler\n");
	recording_emitter_free(&emitter);
}

static void hands_on_attachments_each_once(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "everything", STATUS_OK);
	assert_int_equal(emitter.child_count, 3);
	assert_child_text(&emitter, "pinned.txt", "pinned to a page", STATUS_OK);
	assert_child_text(&emitter, "data.xml", "<data>1</dat", STATUS_OK);
	assert_child_text(&emitter, "folder/b.bin", "compressed attachment", STATUS_OK);
	assert_int_equal(recording_emitter_child(&emitter, "data.xml")->modified,
	                 clock_from_civil(2018, 1, 1, 0, 0, 0));
	recording_emitter_free(&emitter);
}

static void shows_layers_that_are_off(void **state)
{
	(void)state;
	assert_reads("hidden-layer", STATUS_OK, "On a hidden layer\n\n");
}

/* Drawn from left to right, last letter first; the number beside it is in order. */
static void turns_right_to_left_writing_into_reading_order(void **state)
{
	(void)state;
	assert_reads("right-to-left", STATUS_OK, "2019 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\n\n");
}

/* ---- outcomes ---- */

static void says_what_needs_ocr(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "scan", STATUS_NEEDS_OCR);
	assert_string_equal(buffer_string(&emitter.title), "Scanned");
	recording_emitter_free(&emitter);
	assert_reads("blank", STATUS_OK, "");
	assert_reads("no-pages", STATUS_OK, "");
}

static void says_what_is_encrypted(void **state)
{
	(void)state;
	assert_reads("locked", STATUS_ENCRYPTED, "");
	assert_reads("foreign-handler", STATUS_ENCRYPTED, "");
	assert_reads("owner-locked", STATUS_OK, "Opens without a password\n\n");
}

static void repairs_what_it_can(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "no-xref", STATUS_OK);
	assert_string_equal(recording_emitter_text(&emitter), "Survives repair\n\n");
	assert_contains(emitter.note, "repair");
	recording_emitter_free(&emitter);
	assert_reads("direct-page", STATUS_OK, "Page within its parent\n\n");
	assert_reads("rubbish", STATUS_MALFORMED, "");
}

static void ends_where_page_trees_do_not(void **state)
{
	(void)state;
	assert_reads("false-count", STATUS_OK, "One of very many\n\n");
	assert_reads("page-cycle", STATUS_OK, "Round and round\n\n");
}

/* Looking for what is left of such a file, MuPDF takes back a byte that it never got. */
static void ends_with_a_file_that_ends_behind_its_header(void **state)
{
	(void)state;
	for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
		struct emitter emitter;
		assert_int_equal(read_as(&emitter, &format_pdf, BYTES_LITERAL("%PDF-eer"), is_mapped), STATUS_MALFORMED);
		assert_string_equal(recording_emitter_text(&emitter), "");
		recording_emitter_free(&emitter);
	}
}

/* ---- whatever the bytes and the emitter ---- */

static void obeys_refusals_at_once(void **state)
{
	(void)state;
	struct buffer sample = load_sample("everything");
	assert_obeys(&format_pdf, buffer_bytes(&sample));
	buffer_free(&sample);
}

static void survives_cuts_and_flips(void **state)
{
	(void)state;
	struct buffer sample = load_sample("everything");
	assert_survives(&format_pdf, &sample, 41);
	buffer_free(&sample);
}

static enum status fail_to_read(struct source *source, uint64_t offset, void *into, size_t length,
                                size_t *ret_got)
{
	(void)source, (void)offset, (void)into, (void)length, (void)ret_got;
	return STATUS_UNREACHABLE;
}

static void passes_on_why_its_source_failed(void **state)
{
	(void)state;
	struct emitter emitter;
	struct source source = {.size = 1000, .read_at = fail_to_read};
	recording_emitter_start(&emitter);
	assert_int_equal(format_pdf.extract(&source, &emitter), STATUS_UNREACHABLE);
	recording_emitter_free(&emitter);
	free(source.view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bids_by_what_was_verified),
		cmocka_unit_test(shows_pages_in_order_with_their_notes),
		cmocka_unit_test(shows_fields_of_pages_and_those_of_none),
		cmocka_unit_test(shows_bookmarks_once_though_they_go_round),
		cmocka_unit_test(takes_metadata_from_info_and_xmp_once),
		cmocka_unit_test(hands_on_attachments_each_once),
		cmocka_unit_test(shows_layers_that_are_off),
		cmocka_unit_test(turns_right_to_left_writing_into_reading_order),
		cmocka_unit_test(says_what_needs_ocr),
		cmocka_unit_test(says_what_is_encrypted),
		cmocka_unit_test(repairs_what_it_can),
		cmocka_unit_test(ends_where_page_trees_do_not),
		cmocka_unit_test(ends_with_a_file_that_ends_behind_its_header),
		cmocka_unit_test(obeys_refusals_at_once),
		cmocka_unit_test(survives_cuts_and_flips),
		cmocka_unit_test(passes_on_why_its_source_failed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

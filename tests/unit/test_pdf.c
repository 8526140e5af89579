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
	assert_once(recording_emitter_text(&emitter), "Chapter one\nChapter two\nSection\nhttps://links.example/outline\n");
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
	assert_int_equal(recording_emitter_child(&emitter, "data.xml")->modified, clock_from_civil(2018, 1, 1, 0, 0, 0));
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

/* ---- made here: a page of one font ---- */

struct maker {
	struct buffer file;
	size_t places[8];
	unsigned count; /* of objects */
};

static void add_object(struct maker *maker, const char *body)
{
	assert_true(maker->count < sizeof maker->places / sizeof *maker->places);
	maker->places[maker->count++] = maker->file.len;
	buffer_append_format(&maker->file, "%u 0 obj\n%s\nendobj\n", maker->count, body);
}

/* A map to Unicode as one writer makes them: NUL for one ligature, an arrow for another, and what is right beside. */
static const char false_map[] =
	"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /F def\n1 begincodespacerange <00> <FF> "
	"endcodespacerange\n4 beginbfchar <80> <0000> <81> <21B5> <82> <00E9> <83> <2713> endbfchar\nendcmap end end\n";

/* Helvetica at 10 points with these entries of its dictionary besides, and a page that is drawn so. 6 0 R is the map above. */
static struct buffer make_page(const char *font, const char *contents)
{
	struct maker maker = {.file = buffer_with_ceiling(1u << 20)};
	struct buffer body = buffer_with_ceiling(1u << 20);
	buffer_append_string(&maker.file, "%PDF-1.7\n");
	add_object(&maker, "<</Type/Catalog/Pages 2 0 R>>");
	add_object(&maker, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	add_object(&maker, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>");
	buffer_append_format(&body, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica%s>>", font);
	add_object(&maker, buffer_string(&body));
	buffer_reset(&body);
	buffer_append_format(&body, "<</Length %zu>>\nstream\n%s\nendstream", strlen(contents), contents);
	add_object(&maker, buffer_string(&body));
	buffer_reset(&body);
	buffer_append_format(&body, "<</Length %zu>>\nstream\n%s\nendstream", strlen(false_map), false_map);
	add_object(&maker, buffer_string(&body));
	size_t table = maker.file.len;
	buffer_append_format(&maker.file, "xref\n0 %u\n0000000000 65535 f \n", maker.count + 1);
	for (unsigned i = 0; i < maker.count; i++)
		buffer_append_format(&maker.file, "%010zu 00000 n \n", maker.places[i]);
	buffer_append_format(&maker.file, "trailer\n<</Size %u/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", maker.count + 1, table);
	buffer_free(&body);
	assert_int_equal(buffer_status(&maker.file), STATUS_OK);
	return maker.file;
}

static void assert_page_reads(const char *font, const char *contents, enum status outcome, const char *text)
{
	struct buffer page = make_page(font, contents);
	struct emitter emitter;
	assert_int_equal(read_as(&emitter, &format_pdf, buffer_bytes(&page), true), outcome);
	assert_string_equal(recording_emitter_text(&emitter), text);
	if (outcome == STATUS_OK)
		assert_string_equal(emitter.note, "");
	else
		assert_contains(emitter.note, "pdf: ");
	recording_emitter_free(&emitter);
	buffer_free(&page);
}

static void assert_names_mean(const char *names, const char *text)
{
	char font[256], expected[64];
	snprintf(font, sizeof font, "/Encoding<</Differences[128%s]>>", names);
	snprintf(expected, sizeof expected, "-%s-\n\n", text);
	assert_page_reads(font, "BT /F 10 Tf 50 700 Td (-\\200\\201-) Tj ET", STATUS_OK, expected);
}

/* Adobe Glyph List Specification, section 2, its own examples among them. */
static void knows_what_composed_names_mean(void **state)
{
	(void)state;
	assert_names_mean("/f_i/t_t", "fitt");
	assert_names_mean("/f_f_i/T_h", "ffiTh");
	assert_names_mean("/f_i.liga/a.sc", "fia");
	assert_names_mean("/uni00660069/uni0041", "fiA");
	assert_names_mean("/uni20AC0308/u1F600", "\xe2\x82\xac\xcc\x88\xf0\x9f\x98\x80");
	assert_names_mean("/Lcommaaccent_uni20AC0308_u1040C.alternate/foo_b", "\xc4\xbb\xe2\x82\xac\xcc\x88\xf0\x90\x90\x8c"
	                                                                      "b");
	assert_names_mean("/uniD801DC0C_x/one", "x1");
	/* A presentation form of lam and alef. */
	assert_names_mean("/uniFEFB/u00041", "\xd9\x84\xd8\xa7"
	                                     "A");
}

/* A font's own map stands before its names. */
static void asks_names_only_for_what_a_font_does_not_say(void **state)
{
	(void)state;
	const char *contents = "BT /F 10 Tf 50 700 Td (\\200) Tj ET";
	assert_page_reads("/Encoding<</Differences[128/f_i]>>/ToUnicode/Identity-H", contents, STATUS_OK, "\xc2\x80\n\n");
}

/* But not where it has nothing for a glyph, or a sign for a ligature: é is the map's, and so is a sign that is called one. */
static void asks_names_where_a_font_says_what_cannot_be(void **state)
{
	(void)state;
	assert_page_reads("/Encoding<</Differences[128/ffi/ff/a/check]>>/ToUnicode 6 0 R",
	                  "BT /F 10 Tf 50 700 Td (di\\200cult e\\201orts \\202\\203) Tj ET", STATUS_OK,
	                  "difficult efforts \xC3\xA9\xE2\x9C\x93\n\n");
}

static void reads_replacements_for_what_they_cover(void **state)
{
	(void)state;
	assert_page_reads("", "BT /F 10 Tf 50 700 Td (o) Tj /Span<</ActualText(ffi)>>BDC (?) Tj EMC (ce) Tj ET", STATUS_OK,
	                  "office\n\n");
	assert_page_reads("", "BT /F 10 Tf 50 700 Td /Span<</ActualText<FEFF20AC0020FB010035>>>BDC [(a)-300(b)] TJ EMC (c) Tj ET",
	                  STATUS_OK, "\xe2\x82\xac fi5c\n\n");
	assert_page_reads(
		"", "BT /F 10 Tf 2 Tr 50 700 Td (a) Tj /Span<</ActualText()>>BDC /Inner BMC (b c) Tj EMC (d) Tj EMC (e) Tj ET",
		STATUS_OK, "ae\n\n");
	assert_page_reads("", "/Figure<</ActualText(Fabrikam Ltd)>>BDC 0 0 9 9 re f EMC BT /F 10 Tf 50 700 Td (below) Tj ET",
	                  STATUS_OK, "below\nFabrikam Ltd\n\n");
}

/* A private glyph within a word or a number is an ornament; between them it stands for a blank. */
static void lets_no_icon_tear_what_it_stands_in(void **state)
{
	(void)state;
	const char *names = "/Encoding<</Differences[128/uniE000/uniF0E0/uF0001 132/oneoldstyle/Asmall]>>";
	assert_page_reads(names, "BT /F 10 Tf 50 700 Td (993\\200548\\201900 fac\\202tuur) Tj ET", STATUS_OK,
	                  "993548900 factuur\n\n");
	assert_page_reads(names, "BT /F 10 Tf 50 700 Td (\\200 ada@x.example\\201\\2000612-\\201) Tj ET", STATUS_OK,
	                  "ada@x.example 0612-\n\n");
	assert_page_reads(names, "BT /F 10 Tf 50 700 Td (\\204\\205) Tj ET", STATUS_OK, "1a\n\n");
	assert_page_reads("/BaseFont/ABCDEF+Wingdings-Regular", "BT /F 10 Tf 50 700 Td (n) Tj ET", STATUS_NEEDS_OCR, "\n");
	assert_page_reads("/BaseFont/ZapfDingbats", "BT /F 10 Tf 50 700 Td (4n) Tj ET", STATUS_NEEDS_OCR, "\n");
}

/* "x y text" each: drawn at that place, in that order. */
static void assert_layout(const char *const *drawn, size_t count, const char *text)
{
	struct buffer contents = buffer_with_ceiling(1u << 20);
	buffer_append_string(&contents, "BT /F 10 Tf ");
	for (size_t i = 0; i < count; i++) {
		char place[2][8];
		int taken = 0;
		assert_int_equal(sscanf(drawn[i], "%7s %7s %n", place[0], place[1], &taken), 2);
		buffer_append_format(&contents, "1 0 0 1 %s %s Tm (%s) Tj ", place[0], place[1], drawn[i] + taken);
	}
	buffer_append_string(&contents, "ET");
	assert_page_reads("", buffer_string(&contents), STATUS_OK, text);
	buffer_free(&contents);
}

#define ASSERT_LAYOUT(text, ...) \
	assert_layout((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), text)

static void puts_labels_before_values(void **state)
{
	(void)state;
	ASSERT_LAYOUT("Invoice: 993548900\nCustomer: 6669263\n\n", "110 700 993548900", "65 700 Invoice:", "110 688 6669263",
	              "57 688 Customer:");
	/* All labels, then all values. */
	ASSERT_LAYOUT("Number\t4711\nDue\t2021-01-31\n\n", "50 700 Number", "50 688 Due", "150 700 4711", "150 688 2021-01-31");
	ASSERT_LAYOUT("From:\tAda\nTo:\tBob\n\n", "50 700 From:", "50 688 To:", "150 700 Ada", "150 688 Bob");
}

static void keeps_cells_of_a_row_on_a_line(void **state)
{
	(void)state;
	ASSERT_LAYOUT("Article\tCount\tPrice\nTablet\t1\t399,00\nCover of leather\t21%\t69,99\nSerial 4711\nTotal\t468,99\n\n",
	              "50 700 Article", "200 700 Count", "300 700 Price", "300 688 399,00", "200 688 1", "50 688 Tablet",
	              "50 676 Cover of leather", "200 676 21%", "300 676 69,99", "55 664 Serial 4711", "50 652 Total",
	              "300 652 468,99");
	/* Column by column. */
	ASSERT_LAYOUT("1\tred\t10\n2\tblue\t20\n\n", "50 700 1", "50 688 2", "150 700 red", "150 688 blue", "250 700 10",
	              "250 688 20");
	ASSERT_LAYOUT("Ada\tlead\tLeeds\nBob\tclerk\tYork\n\n", "50 700 Ada", "50 688 Bob", "150 700 lead", "150 688 clerk",
	              "250 700 Leeds", "250 688 York");
}

static void reads_columns_one_after_the_other(void **state)
{
	(void)state;
	/* Line by line over both columns, below a title over both. */
	ASSERT_LAYOUT("A title that goes from the left column into the right one, over both of them\n"
	              "Prose in a column goes on in the\nnext line of the same column, not\nin that of its neighbour.\n"
	              "This is another column which says\nwhat has nothing to do with the\nfirst one beside it.\n\n",
	              "50 730 A title that goes from the left column into the right one, over both of them",
	              "50 700 Prose in a column goes on in the", "300 700 This is another column which says",
	              "50 688 next line of the same column, not", "300 688 what has nothing to do with the",
	              "50 676 in that of its neighbour.", "300 676 first one beside it.");
	/* Two addresses, each drawn whole. */
	ASSERT_LAYOUT("Ada Loh\nHigh Street\nLeeds\nFabrikam Ltd\nMain Street\nYork\n\n", "50 700 Ada Loh", "50 688 High Street",
	              "50 676 Leeds", "300 700 Fabrikam Ltd", "300 688 Main Street", "300 676 York");
}

static void joins_what_was_drawn_apart(void **state)
{
	(void)state;
	ASSERT_LAYOUT("993548\nbelow\n\n", "50 700 993", "50 600 below", "66.68 700 548");
	ASSERT_LAYOUT("drawn twice\nonce\n\n", "50 700 drawn twice", "50 600 once", "50.3 700 drawn twice");
	ASSERT_LAYOUT("over under\nonce\n\n", "50 700 over", "50 600 once", "53 700 under");
}

/* Each direction by itself. */
static void reads_turned_writing_apart(void **state)
{
	(void)state;
	assert_page_reads("",
	                  "BT /F 10 Tf 0 1 -1 0 212 400 Tm (17) Tj 1 0 0 1 50 700 Tm (level) Tj 0 1 -1 0 200 400 Tm (two) Tj "
	                  "0 1 -1 0 200 300 Tm (One:) Tj 0 1 -1 0 212 300 Tm (Ten:) Tj 1 0 0 1 90 700 Tm (too) Tj ET",
	                  STATUS_OK, "One:\ttwo\nTen:\t17\nlevel\ttoo\n\n");
}

/* ---- outcomes ---- */

static void says_when_letters_have_no_meaning(void **state)
{
	(void)state;
	const char *names = "/Encoding<</Differences[97/g1/g2/g3/uniE000/uniF8FE]>>";
	assert_page_reads(names, "BT /F 10 Tf 50 700 Td (ab xde) Tj ET", STATUS_NEEDS_OCR, "\xef\xbf\xbd\xef\xbf\xbd x\n\n");
	assert_page_reads(names, "BT /F 10 Tf 50 700 Td (vwxyabde) Tj ET", STATUS_OK, "vwxy\xef\xbf\xbd\xef\xbf\xbd\n\n");
}

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

static enum status fail_to_read(struct source *source, uint64_t offset, void *into, size_t length, size_t *ret_got)
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
		cmocka_unit_test(knows_what_composed_names_mean),
		cmocka_unit_test(asks_names_only_for_what_a_font_does_not_say),
		cmocka_unit_test(asks_names_where_a_font_says_what_cannot_be),
		cmocka_unit_test(reads_replacements_for_what_they_cover),
		cmocka_unit_test(lets_no_icon_tear_what_it_stands_in),
		cmocka_unit_test(puts_labels_before_values),
		cmocka_unit_test(keeps_cells_of_a_row_on_a_line),
		cmocka_unit_test(reads_columns_one_after_the_other),
		cmocka_unit_test(joins_what_was_drawn_apart),
		cmocka_unit_test(reads_turned_writing_apart),
		cmocka_unit_test(says_when_letters_have_no_meaning),
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

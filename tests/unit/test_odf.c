/* SPDX-License-Identifier: Apache-2.0 */
/* format/odf and format/epub: what texts, sheets, slides and books say, in which order, and what broken ones come to. */
#include "format-test.h"

extern const struct format format_odf, format_epub;

static const struct format *format_of(const char *name)
{
	return strncmp(name, "epub/", 5) == 0 ? &format_epub : &format_odf;
}

static void read_sample(struct emitter *emitter, const char *name, enum status outcome)
{
	struct buffer sample = load_golden(name);
	assert_int_equal(read_as(emitter, format_of(name), buffer_bytes(&sample), false), outcome);
	buffer_free(&sample);
}

static const char *const samples[] = {
	"odf/letter/input.odt",        "odf/book/input.ods",
	"odf/deck/input.odp",          "odf/locked/input.odt",
	"odf/sealed/input.odt",        "odf/no-mark/input.zip",
	"odf/truncated/input.odt",     "epub/book/input.epub",
	"epub/locked/input.epub",      "odf/flat-letter/input.fodt",
	"odf/flat-book/input.fods",    "odf/flat-deck/input.fodp",
	"odf/flat-drawing/input.fodg", "odf/flat-truncated/input.fodt",
	"odf/flat-broken/input.fodt",
};
#define SAMPLE_COUNT (sizeof samples / sizeof *samples)

/* ---- recognising ---- */

static void is_recognised_by_what_it_says_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct buffer sample = load_golden(samples[i]);
		const struct format *ours = format_of(samples[i]);
		assert_in_range(bid_for(ours, buffer_bytes(&sample), ""), 80, 100);
		assert_int_equal(bid_for(ours == &format_odf ? &format_epub : &format_odf, buffer_bytes(&sample), ""), 0);
		buffer_free(&sample);
	}
	struct buffer other = load_golden("ooxml/letter/input.docx");
	assert_int_equal(bid_for(&format_odf, buffer_bytes(&other), ""), 0);
	assert_int_equal(bid_for(&format_epub, buffer_bytes(&other), ""), 0);
	buffer_free(&other);
}

static void names_the_kind_it_is(void **state)
{
	static const char *const kinds[] = {"application/vnd.oasis.opendocument.text",
	                                    "application/vnd.oasis.opendocument.spreadsheet",
	                                    "application/vnd.oasis.opendocument.presentation"};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct emitter emitter;
		read_sample(&emitter, samples[i], STATUS_OK);
		assert_string_equal(emitter.media_type, kinds[i]);
		recording_emitter_free(&emitter);
	}
	struct emitter emitter;
	read_sample(&emitter, "odf/no-mark/input.zip", STATUS_OK);
	assert_string_equal(emitter.media_type, kinds[0]);
	recording_emitter_free(&emitter);
}

/* ---- texts ---- */

static void shows_a_text_in_reading_order(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "odf/letter/input.odt", STATUS_OK);
	assert_string_equal(recording_emitter_text(&emitter),
	                    "[- old@deleted.example -]\nOffer of spring\nDear reader,\nwe offer   much for 100 euro.\n"
	                    "first\nsecond\nSee the offer, or below.\nMap\nA map of the site\n"
	                    "A1\nA1 more\tB1\nA2\tB2\nIn a text box\nSigned Offer of spring\n"
	                    "A footnote to note@foot.example\nFrank Critic: Too dear\nfrank@critics.example\n"
	                    "https://link.example/offer?a=1&b=2\nTop secret\nFoot of page 3\n");
	recording_emitter_free(&emitter);
}

static void takes_properties(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "odf/letter/input.odt", STATUS_OK);
	assert_string_equal(buffer_string(&emitter.title), "Offer of spring");
	assert_string_equal(buffer_string(&emitter.author), "Dana Writer");
	assert_string_equal(buffer_string(&emitter.language), "en-GB");
	assert_int_equal(emitter.created, clock_from_civil(2021, 2, 3, 4, 5, 6));
	assert_contains(buffer_string(&emitter.metadata), "Project code: PX-77\n");
	assert_contains(buffer_string(&emitter.metadata), "creator: Erin Editor\n");
	recording_emitter_free(&emitter);
}

static void hands_on_what_is_no_text(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "odf/letter/input.odt", STATUS_OK);
	assert_int_equal(emitter.child_count, 2);
	assert_non_null(recording_emitter_child(&emitter, "Pictures/map.png"));
	assert_non_null(recording_emitter_child(&emitter, "Basic/Standard/Module1.xml"));
	const struct recorded_part *object = recording_emitter_part(&emitter, "Object 1");
	assert_non_null(object);
	assert_string_equal(buffer_string(&object->text), "Inner\ninner@object.example\n\n");
	recording_emitter_free(&emitter);
}

/* ---- sheets ---- */

static void keeps_rows_and_columns(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"\"Adatum\";\"Litware\"\nWho it is for\n",
		"Prices\nName\tSum\tDate\tSame\tSame\tSame\n\n\n",
		"Gina Inline\t1,234.50 €\t1982-02-18\t\t\t4915121234567\t00123\t0.125\n",
		"twice\ttwice\t\t\"two lines\nand \"\"quotes\"\"\"\ntwice\t",
		"go of:=HYPERLINK(\"https://formula.example/\";\"go\")\n",
		"Jack Old: note on a cell\nbox on sheet\n",
		"Deep (hidden sheet)\ndeeply@hidden.example\n",
	};
	struct emitter emitter;
	read_sample(&emitter, "odf/book/input.ods", STATUS_OK);
	assert_in_order(recording_emitter_text(&emitter), parts, sizeof parts / sizeof *parts);
	assert_int_equal(emitter.table_count, 2);
	assert_contains(buffer_string(&emitter.facts), "rows 9\n");
	recording_emitter_free(&emitter);
}

/* Forty rows that each stand for a million, of a cell that stands for a million. */
static void repeats_within_bounds(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "../fuzz/seeds/odf/repeats.ods", STATUS_OK);
	assert_in_range(emitter.text.len, 32 << 10, 128 << 10);
	assert_contains(recording_emitter_text(&emitter), "a@much.example\ta@much.example\ta@much.example\t");
	assert_contains(buffer_string(&emitter.facts), "rows 1048576\n");
	recording_emitter_free(&emitter);
}

/* ---- slides, books ---- */

static void shows_slides_with_their_notes(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "odf/deck/input.odp", STATUS_OK);
	assert_string_equal(recording_emitter_text(&emitter), "Shown first\nSpeak slowly\nLee Commenter: Is this right?\n\n"
	                                                      "(hidden slide)\nHidden one, ask\nmailto:ask@deck.example\n\n");
	recording_emitter_free(&emitter);
}

static void reads_a_book_in_its_order(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"Chapter one\nGrüße an anna@one.example\n",
		"Chapter two\nends with a link.\n",
		"Nobody lists me\n",
		"-- not shown on the page --\n",
		"https://two.example/x\n",
	};
	struct emitter emitter;
	read_sample(&emitter, "epub/book/input.epub", STATUS_OK);
	assert_in_order(recording_emitter_text(&emitter), parts, sizeof parts / sizeof *parts);
	assert_once(recording_emitter_text(&emitter), "Chapter one");
	assert_string_equal(buffer_string(&emitter.title), "The long report");
	assert_string_equal(buffer_string(&emitter.author), "Ana Author");
	assert_int_equal(emitter.child_count, 1);
	assert_non_null(recording_emitter_child(&emitter, "OEBPS/images/p.png"));
	recording_emitter_free(&emitter);
	read_sample(&emitter, "epub/no-order/input.epub", STATUS_OK);
	assert_contains(recording_emitter_text(&emitter), "anna@one.example");
	recording_emitter_free(&emitter);
}

/* ---- outcomes ---- */

static void says_what_is_encrypted(void **state)
{
	(void)state;
	static const char *const locked[] = {"odf/locked/input.odt", "odf/sealed/input.odt", "epub/locked/input.epub"};
	for (size_t i = 0; i < 3; i++) {
		struct emitter emitter;
		read_sample(&emitter, locked[i], STATUS_ENCRYPTED);
		assert_string_not_equal(emitter.note, "");
		assert_true(emitter.unseen > 0);
		assert_int_equal(emitter.child_count, 0);
		recording_emitter_free(&emitter);
	}
	/* What only hides a font is no encryption. */
	struct emitter emitter;
	read_sample(&emitter, "epub/locked/input.epub", STATUS_ENCRYPTED);
	assert_contains(recording_emitter_text(&emitter), "Nobody lists me\n");
	recording_emitter_free(&emitter);
	read_sample(&emitter, "odf/locked/input.odt", STATUS_ENCRYPTED);
	assert_string_equal(buffer_string(&emitter.title), "Offer of spring");
	recording_emitter_free(&emitter);
}

static void reads_what_damage_left(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "odf/truncated/input.odt", STATUS_OK);
	assert_contains(recording_emitter_text(&emitter), "note@foot.example");
	assert_contains(emitter.note, "directory");
	recording_emitter_free(&emitter);
}

/* ---- as one file ---- */

#define FLAT(body) \
	"<?xml version='1.0'?><o:document xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0' " \
	"o:mimetype='application/vnd.oasis.opendocument.text'>" body "</o:document>"

/* The same text, properties and rows as the package has. */
static void reads_a_flat_file_as_its_package(void **state)
{
	static const struct {
		const char *packed, *flat, *type;
	} pairs[] = {
		{"odf/letter/input.odt", "odf/flat-letter/input.fodt", "application/vnd.oasis.opendocument.text-flat-xml"},
		{"odf/book/input.ods", "odf/flat-book/input.fods", "application/vnd.oasis.opendocument.spreadsheet-flat-xml"},
		{"odf/deck/input.odp", "odf/flat-deck/input.fodp", "application/vnd.oasis.opendocument.presentation-flat-xml"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct emitter packed, flat;
		read_sample(&packed, pairs[i].packed, STATUS_OK);
		read_sample(&flat, pairs[i].flat, STATUS_OK);
		assert_string_equal(flat.media_type, pairs[i].type);
		assert_string_equal(recording_emitter_text(&flat), recording_emitter_text(&packed));
		assert_string_equal(buffer_string(&flat.title), buffer_string(&packed.title));
		assert_string_equal(buffer_string(&flat.author), buffer_string(&packed.author));
		assert_string_equal(buffer_string(&flat.metadata), buffer_string(&packed.metadata));
		assert_string_equal(buffer_string(&flat.facts), buffer_string(&packed.facts));
		assert_int_equal(flat.created, packed.created);
		/* The sheet within the letter is a part of its package. */
		assert_int_equal(flat.table_count, packed.table_count - packed.part_count);
		recording_emitter_free(&packed);
		recording_emitter_free(&flat);
	}
}

static void hands_on_what_stands_in_a_flat_file(void **state)
{
	(void)state;
	struct emitter emitter;
	read_sample(&emitter, "odf/flat-letter/input.fodt", STATUS_OK);
	const struct recorded_child *picture = recording_emitter_child(&emitter, "Map");
	assert_non_null(picture);
	assert_true(bytes_start_with(buffer_bytes(&picture->bytes), BYTES_LITERAL("\x89PNG\r\n")));
	assert_true(bytes_end_with(buffer_bytes(&picture->bytes), BYTES_LITERAL("IEND\xAE\x42\x60\x82")));
	assert_int_equal(picture->how, STATUS_OK);
	assert_child_text(&emitter, "Basic/Module1", "Sub Main\n  MailTo \"bo@fabrikam.example\"\nEnd Sub", STATUS_OK);
	assert_int_equal(emitter.child_count, 2);
	recording_emitter_free(&emitter);
}

static void knows_a_flat_file_by_its_root_alone(void **state)
{
	static const char *const others[] = {
		"<a><o:document xmlns:o='opendocument' o:mimetype='application/vnd.oasis.opendocument.text'/></a>",
		"<o:document xmlns:o='opendocument' o:mimetype='application/xml'/>", "<o:document xmlns:o='opendocument'/>",
		"<!-- opendocument -->", "opendocument"};
	(void)state;
	assert_int_equal(bid_for(&format_odf, BYTES_LITERAL(FLAT("")), ""), 92);
	assert_int_equal(bid_for(&format_odf, BYTES_LITERAL("\xEF\xBB\xBF" FLAT("")), ""), 92);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(bid_for(&format_odf, bytes_of_string(others[i]), ""), 0);
}

/* What breaks off within a picture ends that, and all that stands behind is read for its strings. */
static void reads_the_strings_behind_a_break(void **state)
{
	(void)state;
	struct emitter emitter;
	struct buffer flat = buffer_with_ceiling(1 << 20);
	buffer_append_string(&flat, FLAT("<o:body><t:p xmlns:t='t'>before</t:p><o:binary-data>QUJD"));
	buffer_truncate(&flat, flat.len - strlen("</o:document>"));
	for (int i = 0; i < 2000; i++)
		buffer_append_byte(&flat, ' ');
	buffer_append_string(&flat, "</o:body>behind@its.example");
	assert_int_equal(read_as(&emitter, &format_odf, buffer_bytes(&flat), true), STATUS_MALFORMED);
	assert_child_text(&emitter, "picture", "ABC", STATUS_MALFORMED);
	assert_in_order(recording_emitter_text(&emitter), (const char *const[]){"before", "behind@its.example"}, 2);
	assert_contains(buffer_string(&emitter.carved), "behind@its.example");
	assert_null(strstr(buffer_string(&emitter.carved), "before"));
	assert_true(emitter.unseen > 0 && emitter.unseen < 1000);
	assert_contains(emitter.note, "not well-formed");
	recording_emitter_free(&emitter);
	buffer_free(&flat);
}

/* A root of its own in each object, a picture in each picture, letters that are no base64: all in one pass after the other. */
static void reads_hostile_flat_files_to_their_end(void **state)
{
	static const char *const pieces[] = {"<o:document><o:meta><d:title xmlns:d='d'>t</d:title></o:meta>", "<o:binary-data>A",
	                                     "<o:source-code>", "<o:frame o:name='n'>"};
	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct emitter emitter;
		struct buffer flat = buffer_with_ceiling(32 << 20);
		buffer_append_string(&flat, FLAT("<o:body>"));
		buffer_truncate(&flat, flat.len - strlen("</o:document>"));
		for (int j = 0; j < 1000; j++)
			buffer_append_string(&flat, pieces[i]);
		for (int j = 0; j < 8 << 20; j++)
			buffer_append_byte(&flat, (unsigned char)"QUJD!\xC3\xA4 "[j % 8]);
		enum status status = read_as(&emitter, &format_odf, buffer_bytes(&flat), false);
		assert_int_equal(status, STATUS_MALFORMED);
		recording_emitter_free(&emitter);
		buffer_free(&flat);
	}
}

/* ---- whatever the bytes and the emitter ---- */

static void obeys_refusals_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct buffer sample = load_golden(samples[i]);
		assert_obeys(format_of(samples[i]), buffer_bytes(&sample));
		buffer_free(&sample);
	}
}

static void survives_cuts_and_flips(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct buffer sample = load_golden(samples[i]);
		assert_survives(format_of(samples[i]), &sample, 23);
		buffer_free(&sample);
	}
}

static int prepare(void **state)
{
	(void)state;
	return format_epub.prepare() == STATUS_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_recognised_by_what_it_says_it_is),
		cmocka_unit_test(names_the_kind_it_is),
		cmocka_unit_test(shows_a_text_in_reading_order),
		cmocka_unit_test(takes_properties),
		cmocka_unit_test(hands_on_what_is_no_text),
		cmocka_unit_test(keeps_rows_and_columns),
		cmocka_unit_test(repeats_within_bounds),
		cmocka_unit_test(shows_slides_with_their_notes),
		cmocka_unit_test(reads_a_book_in_its_order),
		cmocka_unit_test(says_what_is_encrypted),
		cmocka_unit_test(reads_what_damage_left),
		cmocka_unit_test(reads_a_flat_file_as_its_package),
		cmocka_unit_test(hands_on_what_stands_in_a_flat_file),
		cmocka_unit_test(knows_a_flat_file_by_its_root_alone),
		cmocka_unit_test(reads_the_strings_behind_a_break),
		cmocka_unit_test(reads_hostile_flat_files_to_their_end),
		cmocka_unit_test(obeys_refusals_at_once),
		cmocka_unit_test(survives_cuts_and_flips),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}

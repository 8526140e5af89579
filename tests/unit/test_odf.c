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
	"odf/letter/input.odt",    "odf/book/input.ods",   "odf/deck/input.odp",
	"odf/locked/input.odt",    "odf/sealed/input.odt", "odf/no-mark/input.zip",
	"odf/truncated/input.odt", "epub/book/input.epub", "epub/locked/input.epub",
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
		cmocka_unit_test(obeys_refusals_at_once),
		cmocka_unit_test(survives_cuts_and_flips),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}

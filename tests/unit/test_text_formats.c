/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text, CSV, JSON, XML, HTML and magic: who bids highest, what text comes of
 * it, and that mapped and unmapped sources, and refusals of the emitter, are
 * all the same to a format.
 */
#include "format-test.h"
#include "base/text.h"
#include "format/text/charset.h"

#include <stdio.h>

extern const struct format format_text, format_csv, format_json, format_xml, format_html, format_magic;

static const struct format *const formats[] = {&format_text, &format_csv, &format_json, &format_xml, &format_html, &format_magic};

#define BYTES(text) BYTES_LITERAL(text)

static const struct format *highest_bidder(struct bytes bytes, const char *name)
{
	const struct format *best = NULL;
	for (size_t i = 0, highest = 0; i < sizeof formats / sizeof formats[0]; i++) {
		int bid = bid_for(formats[i], bytes, name);
		assert_in_range(bid, 0, 100);
		if ((size_t)bid > highest) {
			highest = (size_t)bid;
			best = formats[i];
		}
	}
	return best;
}

/* The format that bids highest reads the bytes: its name, outcome and text are these. */
static void assert_reads(struct bytes bytes, const char *format_name, enum status outcome, const char *text)
{
	const struct format *format = highest_bidder(bytes, "");
	struct emitter mapped, viewed;
	assert_non_null(format);
	assert_string_equal(format->name, format_name);
	assert_int_equal(read_as(&mapped, format, bytes, true), outcome);
	assert_int_equal(read_as(&viewed, format, bytes, false), outcome);
	if (text != NULL)
		assert_string_equal(recording_emitter_text(&mapped), text);
	assert_true(bytes_equal(buffer_bytes(&mapped.text), buffer_bytes(&viewed.text)));
	recording_emitter_free(&mapped);
	recording_emitter_free(&viewed);
}

static void assert_bids(struct bytes bytes, const char *name, const char *format_name)
{
	const struct format *format = highest_bidder(bytes, name);
	assert_string_equal(format ? format->name : "(nobody)", format_name);
}

/* ---- who reads what ---- */

static void test_recognises(void **state)
{
	(void)state;
	assert_bids(BYTES(""), "", "magic");
	assert_bids(BYTES("Hello, world.\n"), "", "text");
	assert_bids(BYTES("M\xFCller"), "", "text");
	assert_bids(BYTES("[section]\nkey=value\n"), "", "text");
	assert_bids(BYTES("[1] Knuth, [2] Hopcroft\n"), "", "text");
	assert_bids(BYTES("{not json}"), "", "text");
	assert_bids(BYTES("#include <stdio.h>\nint main(void);\n"), "", "text");
	assert_bids(BYTES("From: a@b.example\n\n<html><body>x</body></html>"), "", "text");
	assert_bids(BYTES("a,b,c\n1,2,3\n4,5,6\n7,8,9\n"), "", "csv");
	/* Names decide nothing: a twin of the same bytes has another. */
	assert_bids(BYTES("a;b\n"), "list.csv", "text");
	/* Few records are a table where no delimiter has a blank behind it, as it has in prose. */
	assert_bids(BYTES("name;mail\nAnna;anna@its.example\nBert;bert@its.example\n"), "", "csv");
	assert_bids(BYTES("name, she said\nwell, he said\nso, they said\n"), "list.csv", "text");
	assert_bids(BYTES("| a | b |\n|---|---|\n| 1 | 2 |\n"), "", "text");
	assert_bids(BYTES("{}"), "", "json");
	assert_bids(BYTES(" [1, 2]\n"), "x.csv", "json");
	assert_bids(BYTES("{\"a\":1}\n{\"a\":2}\n"), "", "json");
	assert_bids(BYTES("<?xml version=\"1.0\"?><a/>"), "", "xml");
	assert_bids(BYTES("<customer><name>x</name></customer>"), "", "xml");
	assert_bids(BYTES("\xFF\xFE<\0v\0/\0>\0"), "", "xml");
	assert_bids(BYTES("<!DOCTYPE html>\n<p>x"), "", "html");
	assert_bids(BYTES("<!-- x --><HTML><p>x"), "", "html");
	assert_bids(BYTES("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>"), "", "html");
	assert_bids(BYTES("<div><p>x</p></div>"), "", "html");
	assert_bids(BYTES("{\\rtf1 x}"), "", "magic");
	assert_bids(BYTES("\x89PNG\r\n\x1A\n\0\0\0\r"), "", "magic");
	assert_bids(BYTES("MZ was here"), "", "text");
	assert_bids(BYTES("MZ\x90\0\3\0\0\0\4\0"), "", "magic");
	assert_bids(BYTES("\1\2\3\4\5\6\7"), "", "magic");
}

static void test_gives_way_to_formats_of_their_own(void **state)
{
	const struct bytes theirs[] = {BYTES("PK\3\4\x14\0\0\0\x08\0"), BYTES("\x1F\x8B\x08\0\0\0\0\0"),
	                               BYTES("%PDF-1.4\n\xE2\xE3")};
	(void)state;
	for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++) {
		struct source source = source_of_bytes(theirs[i]);
		assert_in_range(format_magic.bid(theirs[i], &source), 1, 9);
	}
}

/* ---- text and CSV ---- */

static void test_text_is_decoded_and_otherwise_untouched(void **state)
{
	(void)state;
	assert_reads(BYTES("a \t\r\nb\n\n"), "text", STATUS_OK, "a \t\r\nb\n\n");
	assert_reads(BYTES("\xEF\xBB\xBFM\xC3\xBCller"), "text", STATUS_OK, "Müller");
	assert_reads(BYTES("M\xFCller \x80"), "text", STATUS_OK, "Müller €");
	assert_reads(BYTES("\xFF\xFEM\0\xFC\0"), "text", STATUS_OK, "Mü");
	assert_reads(BYTES("M\0\xFC\0l\0l\0e\0r\0"), "text", STATUS_OK, "Müller");
	assert_reads(BYTES("a,b\n1,2\n3,4\n5,6\n7,8\n9,\"1\n0\"\n"), "csv", STATUS_OK, NULL);
}

/* The first byte above ASCII comes after megabytes, and lies across the seam of two views. */
static void test_text_decides_its_charset_when_it_must(void **state)
{
	struct buffer text = buffer_with_ceiling(8 << 20);
	(void)state;
	while (text.len < (3u << 20))
		buffer_append_string(&text, "All of this is plain ASCII, line by line by line.\n");
	size_t ascii = text.len;
	buffer_append_string(&text, "Stra\xDF"
	                            "e und B\xFC"
	                            "cher\n");
	struct emitter emitter;
	assert_int_equal(read_as(&emitter, &format_text, buffer_bytes(&text), false), STATUS_OK);
	assert_string_equal(recording_emitter_text(&emitter) + ascii, "Straße und Bücher\n");
	recording_emitter_free(&emitter);

	buffer_truncate(&text, SOURCE_VIEW_MAX - 1);
	buffer_append_string(&text, "üüü");
	assert_int_equal(read_as(&emitter, &format_text, buffer_bytes(&text), true), STATUS_OK);
	assert_true(bytes_equal(buffer_bytes(&emitter.text), buffer_bytes(&text)));
	recording_emitter_free(&emitter);
	buffer_free(&text);
}

/* UTF-8 of the basic plane as UTF-16. */
static void append_wide(struct buffer *file, const char *text, bool is_big_endian)
{
	struct bytes left = bytes_of_string(text);
	uint32_t c;
	for (size_t length; (length = text_decode(left, &c)) > 0; left = bytes_from(left, length)) {
		buffer_append_byte(file, (unsigned char)(is_big_endian ? c >> 8 : c));
		buffer_append_byte(file, (unsigned char)(is_big_endian ? c : c >> 8));
	}
}

static void test_text_changes_its_charset_on_the_way(void **state)
{
	(void)state;
	for (int is_big_endian = 0; is_big_endian < 2; is_big_endian++) {
		for (int shift = 0; shift < 2; shift++) {
			struct buffer file = buffer_with_ceiling(1 << 20), text = buffer_with_ceiling(1 << 20);
			static const struct {
				bool is_wide;
				const char *text;
			} regions[] = {
				{false, "starts in ASCII, a1@contoso.example\r\n"},
				{true, "Żółć wide a2@contoso.example\r\nМосква, улица\r\nand on\r\n"},
				{false, "Größe in UTF-8, a3@contoso.example\r\nx\r\n"},
				{true, "Örjan a4@contoso.example\r\n"},
				{false, "ends in ASCII, a5@contoso.example\r\n"},
			};
			buffer_append_string(&file, shift ? "-" : "");
			buffer_append_string(&text, shift ? "-" : "");
			for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
				if (regions[i].is_wide)
					append_wide(&file, regions[i].text, is_big_endian);
				else
					buffer_append_string(&file, regions[i].text);
				buffer_append_string(&text, regions[i].text);
			}
			assert_reads(buffer_bytes(&file), "text", STATUS_OK, buffer_string(&text));
			buffer_free(&file);
			buffer_free(&text);
		}
	}
	assert_reads(BYTES("\xFF\xFEw\0i\0d\0e\0\r\0\n\0then plain ASCII\n"), "text", STATUS_OK, "wide\r\nthen plain ASCII\n");
	assert_reads(BYTES("Stra\xDF"
	                   "e in M\xFCnchen\r\n\xFF\xFEw\0i\0d\0e\0\r\0\n\0"),
	             "text", STATUS_OK, "Straße in München\r\nwide\r\n");
	assert_reads(BYTES("Stra\xC3\x9F"
	                   "e in UTF-8\r\nStra\0\0\0\0\xC3\x9F"
	                   "e\r\n"),
	             "magic", STATUS_UNSUPPORTED, NULL);
}

/* Both kinds of region are longer than what is decoded at once, and pieces end in the midst of lines and letters. */
static void test_text_changes_its_charset_across_views(void **state)
{
	struct buffer file = buffer_with_ceiling(64 << 20), text = buffer_with_ceiling(64 << 20);
	(void)state;
	for (unsigned region = 0; region < 6; region++) {
		for (unsigned line = 0; line < 20000; line++) {
			char one[80];
			snprintf(one, sizeof one, "line %u of region %u: 東京都千代田区 Größe\n", line, region);
			buffer_append_string(&text, one);
			if (region % 2)
				append_wide(&file, one, region == 3);
			else
				buffer_append_string(&file, one);
		}
	}
	assert_reads(buffer_bytes(&file), "text", STATUS_OK, buffer_string(&text));
	buffer_free(&file);
	buffer_free(&text);
}

static void test_text_with_ill_formed_bytes_stays_utf8(void **state)
{
	struct buffer file = buffer_with_ceiling(1 << 20);
	(void)state;
	assert_reads(BYTES("Z\xC3\xBCrich, Gr\xC3\xB6\xC3\x9F"
	                   "e \xE2\x80\x93 caf\xE9."),
	             "text", STATUS_OK, "Zürich, Größe – caf\xEF\xBF\xBD.");
	for (int i = 0; i < 400; i++)
		buffer_append_string(&file, "<p>Überblick für Zürich</p>\n");
	buffer_append(&file, BYTES("<p>\xC0\x80 caf\xE9</p>"));
	const struct format *readers[] = {&format_html, &format_xml, &format_csv, &format_text};
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		struct emitter emitter;
		enum status status = read_as(&emitter, readers[i], buffer_bytes(&file), true);
		assert_true(status == STATUS_OK || status == STATUS_MALFORMED);
		assert_contains(recording_emitter_text(&emitter), "Überblick für Zürich");
		assert_null(strstr(recording_emitter_text(&emitter), "Ã"));
		recording_emitter_free(&emitter);
	}
	buffer_free(&file);
}

static void test_text_that_goes_on_as_something_else(void **state)
{
	struct buffer text = buffer_with_ceiling(8 << 20);
	struct emitter emitter;
	(void)state;
	for (int i = 0; i < 5000; i++)
		buffer_append_string(&text, "#!/bin/sh reads itself\n");
	size_t length = text.len;
	for (unsigned i = 0; i < 5000; i++)
		buffer_append_byte(&text, (unsigned char)(i * i * 7 + i * 31));
	assert_int_equal(read_as(&emitter, &format_text, buffer_bytes(&text), true), STATUS_UNSUPPORTED);
	assert_true(emitter.text.len >= length - 600);
	assert_in_range(emitter.unseen, 5000, 6000);
	assert_string_not_equal(emitter.note, "");
	recording_emitter_free(&emitter);
	buffer_free(&text);
}

/* ---- JSON ---- */

static void test_json_shows_a_line_for_each_value(void **state)
{
	(void)state;
	assert_reads(BYTES("{\"a\":{\"b\":[1,\"x\\ny\",true],\"c\":null},\"d\":\"\\u00e9\\ud83d\\ude00\"}"), "json", STATUS_OK,
	             "a/b: 1\nx\ny\ntrue\na/c: null\nd: é😀\n");
	assert_reads(BYTES("[{\"a\":1},{\"a\":2}]"), "json", STATUS_OK, "a: 1\na: 2\n");
	assert_reads(BYTES("{\"list\":[[1],[2],[]],\"none\":{}}"), "json", STATUS_OK, "list: 1\n2\nnone: \n");
	assert_reads(BYTES("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}"), "json", STATUS_OK, "b/c/d/e: 1\n");
	assert_reads(BYTES("{\"joe@b.example\":{\"k\":1},\"x y\":2}"), "json", STATUS_OK, "joe@b.example:\nk: 1\nx y: 2\n");
	assert_reads(BYTES("[\"\\ud800\",\"\\udc00x\",\"\\ud800\\u0041\"]"), "json", STATUS_OK,
	             "\xEF\xBF\xBD\n\xEF\xBF\xBDx\n\xEF\xBF\xBD"
	             "A\n");
	assert_reads(BYTES("// c1\n{\"a\":1, /* c2 */ }"), "json", STATUS_OK, " c1\na: 1\n c2 \n");
}

static void test_json_that_is_cut_or_wrong_is_shown(void **state)
{
	struct buffer text = buffer_with_ceiling(1 << 20);
	(void)state;
	assert_reads(BYTES("{\"a\":\"one\",\"b\":\"tw"), "json", STATUS_OK, "a: one\nb: tw");
	assert_reads(BYTES("{\"a\":\"one\",\"bee"), "json", STATUS_OK, "a: one\nbee");
	assert_reads(BYTES("{\"a\":1,\"b\":23"), "json", STATUS_OK, "a: 1\nb: 23");
	buffer_append_string(&text, "[1");
	while (text.len < 5000)
		buffer_append_string(&text, ",1");
	buffer_append_string(&text, ",2]\nError: ask ops@contoso.example, \"quoted\"\n");
	struct emitter emitter;
	assert_ptr_equal(highest_bidder(buffer_bytes(&text), ""), &format_json);
	assert_int_equal(read_as(&emitter, &format_json, buffer_bytes(&text), true), STATUS_OK);
	const char *end = strstr(recording_emitter_text(&emitter), "2\nE");
	assert_non_null(end);
	assert_string_equal(end, "2\nError: ask ops@contoso.example, \"quoted\"\n");
	assert_string_not_equal(emitter.note, "");
	recording_emitter_free(&emitter);
	buffer_free(&text);
}

static void test_json_too_deep_is_a_bomb_whose_strings_are_kept(void **state)
{
	struct buffer text = buffer_with_ceiling(1 << 20);
	(void)state;
	buffer_append_string(&text, "{\"first\":1,\"deep\":");
	for (int i = 0; i < 1001; i++)
		buffer_append_byte(&text, '[');
	assert_reads(buffer_bytes(&text), "json", STATUS_BOMB, "first: 1\n");
	buffer_append_string(&text, "{\"k\\u0065y\": \"anna@contoso.com\", \"n\": [2, {}]}, 3");
	for (int i = 0; i < 1001; i++)
		buffer_append_byte(&text, ']');
	buffer_append_string(&text, ", \"last\": 4}");
	assert_reads(buffer_bytes(&text), "json", STATUS_BOMB, "first: 1\nkey\nanna@contoso.com\nn\n2\n3\nlast: 4\n");
	buffer_free(&text);
}

static void test_json_lines_have_their_media_type(void **state)
{
	struct emitter emitter;
	(void)state;
	assert_int_equal(read_as(&emitter, &format_json, BYTES("{\"a\":1}\n{\"a\":2}"), true), STATUS_OK);
	assert_string_equal(emitter.media_type, "application/x-ndjson");
	recording_emitter_free(&emitter);
}

/* ---- XML ---- */

/* Whose name it is stands in the path; prose and kinds that are known are shown as ever. */
static void test_xml_that_is_data_is_led_by_its_paths(void **state)
{
	(void)state;
	static const char invoice[] =
		"<Invoice xmlns:cbc='urn:x'><cbc:ID>TOSL108</cbc:ID><Supplier kind='s'><Party><Name>Contoso</Name><EMail>a@contoso.com"
		"</EMail></Party></Supplier><Customer><Party><Name>Fabrikam</Name></Party></Customer></Invoice>";
	assert_reads(BYTES(invoice), "xml", STATUS_OK,
	             "Invoice/ID: TOSL108\nInvoice/Supplier/@kind: s\nInvoice/Supplier/Party/Name: Contoso\n"
	             "Invoice/Supplier/Party/EMail: a@contoso.com\nInvoice/Customer/Party/Name: Fabrikam\n");
	assert_reads(BYTES("<report><Name>One</Name><Name>Two</Name><Name>Three</Name><para>with <em>words</em></para></report>"),
	             "xml", STATUS_OK, "Name: One\nName: Two\nName: Three\npara: with\nwords\n");
	assert_reads(BYTES("<rss><title>One</title><title>Two</title><title>Three</title></rss>"), "xml", STATUS_OK,
	             "title: One\ntitle: Two\ntitle: Three\n");
}

static void test_xml_shows_text_attributes_and_comments(void **state)
{
	(void)state;
	assert_reads(BYTES("<?xml version='1.0' encoding='ISO-8859-1'?><r xmlns='urn:x' id='5'><!--c--><Name>J\xFCrg\n  X</Name>"
	                   "b<p>a</p><q><![CDATA[<&>]]></q></r>"),
	             "xml", STATUS_OK, "id: 5\nName: Jürg X\nb\na\n<&>\n-- comments --\nc\n");
	assert_reads(BYTES("\xFF\xFE<\0v\0>\0\xFC\0<\0/\0v\0>\0"), "xml", STATUS_OK, "ü\n");
	assert_reads(BYTES("<v><w>one</w>"), "xml", STATUS_OK, "one\n");
}

static void test_xml_that_is_wrong_is_shown(void **state)
{
	(void)state;
	assert_reads(BYTES("<?xml version='1.0'?><a>x & y@z.example</b>"), "xml", STATUS_OK,
	             "<?xml version='1.0'?><a>x & y@z.example</b>");
}

/* A fault far into a tag: the tag stands there from its beginning, whatever pieces it came in. */
static void test_a_long_tag_that_is_wrong_is_shown_whole(void **state)
{
	struct buffer document = buffer_with_ceiling(1 << 20);
	(void)state;
	buffer_append_string(&document, "<?xml version='1.0'?><r><v>one</v><w ");
	while (document.len < 40000)
		buffer_append_byte(&document, ' ');
	size_t tag = document.len;
	buffer_append_string(&document, "x='anna@contoso.com ");
	for (size_t i = 0; i < 30000; i++)
		buffer_append_string(&document, "word ");
	buffer_append_string(&document, "' y=z/></r>");
	struct emitter emitter;
	assert_int_equal(read_as(&emitter, &format_xml, buffer_bytes(&document), true), STATUS_OK);
	assert_once(recording_emitter_text(&emitter), buffer_string(&document) + tag);
	assert_once(recording_emitter_text(&emitter), "one");
	recording_emitter_free(&emitter);
	buffer_free(&document);
}

static void test_xml_with_too_many_attributes_is_shown(void **state)
{
	struct buffer document = buffer_with_ceiling(4 << 20);
	struct emitter emitter;
	(void)state;
	buffer_append_string(&document, "<?xml version='1.0'?><r><v>one</v><w");
	for (size_t i = 0; i < 40000; i++)
		buffer_append_format(&document, " a%zu='v%zu'", i, i);
	buffer_append_string(&document, "/></r>");
	assert_int_equal(read_as(&emitter, &format_xml, buffer_bytes(&document), true), STATUS_OK);
	assert_contains(emitter.note, "more attributes than are read");
	assert_once(recording_emitter_text(&emitter), " a0='v0'");
	assert_once(recording_emitter_text(&emitter), " a39999='v39999'");
	recording_emitter_free(&emitter);
	buffer_free(&document);
}

static void test_xml_entities_that_grow_are_a_bomb(void **state)
{
	(void)state;
	assert_reads(BYTES("<?xml version='1.0'?><!DOCTYPE z [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><z>&b;</z>"), "xml",
	             STATUS_BOMB, "");
}

/* ---- HTML ---- */

static void test_html_shows_the_page_then_the_rest(void **state)
{
	(void)state;
	assert_reads(BYTES("<html><body><p>One <b>t</b>wo\n three<br>four<script>var a='x@y.example';</script>"
	                   "<a href='mailto:q&#64;y.example'>five</a><!-- six --></body></html>"),
	             "html", STATUS_OK,
	             "One two three\nfourfive\n-- not shown on the page --\nvar a='x@y.example';\nmailto:q@y.example\n six \n");
	assert_reads(BYTES("<table><tr><td>a<td>b</tr><tr><td>c</td></tr></table>"), "html", STATUS_OK, "a\tb\nc\n");
	assert_reads(BYTES("<p>5 < 6 &amp; 7 &lt; &copy 8 &bogus; &#150; &nbsp;x"), "html", STATUS_OK,
	             "5 < 6 & 7 < © 8 &bogus; – x\n");
	assert_reads(BYTES("<pre>a\n  b</pre><p>c"), "html", STATUS_OK, "a\n  b\nc\n");
	assert_reads(BYTES("<p>a</p><a href=\"u"), "html", STATUS_OK, "a\n<a href=\"u\n");
	assert_reads(BYTES("<p>a<script>never closed x@y.example"), "html", STATUS_OK,
	             "a\n-- not shown on the page --\nnever closed x@y.example\n");
	assert_reads(BYTES("<p><a>x@y.example</a><a>z@y.example</a>"), "html", STATUS_OK, "x@y.example z@y.example\n");
}

static void test_html_metadata_and_parts(void **state)
{
	struct emitter emitter;
	(void)state;
	assert_int_equal(read_as(&emitter, &format_html,
	                         BYTES("<html lang=de><head><meta charset=windows-1252><title>B\xFC"
	                               "cher &amp; \n mehr</title>"
	                               "<meta name=Author content='A. B'><meta property='article:published_time' "
	                               "content='2021-02-03'></head><img src='data:text/plain;base64,"
	                               "SGVsbG8gdG8gYWxsIG9mIHlvdQ=='>"),
	                         true),
	                 STATUS_OK);
	assert_string_equal(buffer_string(&emitter.title), "Bücher & mehr");
	assert_string_equal(buffer_string(&emitter.author), "A. B");
	assert_string_equal(buffer_string(&emitter.language), "de");
	assert_int_equal(emitter.created, 1612310400);
	const struct recorded_child *child = recording_emitter_child(&emitter, "data-1");
	assert_non_null(child);
	assert_string_equal(buffer_string(&child->bytes), "Hello to all of you");
	recording_emitter_free(&emitter);
}

/* Marks that a view's end cuts are read like any other. */
static void test_html_across_views(void **state)
{
	static const char mark[] = "<a href='http://x.example/'>y</a> &eacute;<!-- z --><script>w</script>";
	(void)state;
	for (size_t back = 1; back < sizeof mark; back++) {
		struct buffer page = buffer_with_ceiling(4 << 20);
		struct emitter emitter;
		buffer_append_string(&page, "<html><p>");
		memset(buffer_extend(&page, SOURCE_VIEW_MAX - page.len - back), 'm', SOURCE_VIEW_MAX - 9 - back);
		buffer_append_string(&page, mark);
		assert_int_equal(read_as(&emitter, &format_html, buffer_bytes(&page), false), STATUS_OK);
		assert_string_equal(recording_emitter_text(&emitter) + SOURCE_VIEW_MAX - 9 - back,
		                    "y é\n-- not shown on the page --\nhttp://x.example/\n z \nw\n");
		recording_emitter_free(&emitter);
		buffer_free(&page);
	}
}

/* ---- magic ---- */

static void test_magic_carves_strings_and_says_so(void **state)
{
	struct emitter emitter;
	(void)state;
	assert_int_equal(read_as(&emitter, &format_magic,
	                         BYTES("\x89PNG\r\n\x1A\n\0\0\0short\0password=x\0\1M\0\xFC\0l\0l\0e\0r\0\0\0"), true),
	                 STATUS_UNSUPPORTED);
	assert_string_equal(emitter.media_type, "image/png");
	assert_string_equal(recording_emitter_text(&emitter), "password=x\nMüller\n");
	assert_int_equal(emitter.unseen, 43);
	assert_string_not_equal(emitter.note, "");
	recording_emitter_free(&emitter);
}

static void test_magic_outcomes(void **state)
{
	(void)state;
	assert_reads(BYTES(""), "magic", STATUS_OK, "");
	assert_reads(BYTES("Salted__\1\2\3\4\0\0\xFF\xFE"), "magic", STATUS_ENCRYPTED, NULL);
	assert_reads(BYTES("\1\2\3\0secret@x.example\0"), "magic", STATUS_UNSUPPORTED, "secret@x.example\n");
}

static void test_magic_carves_across_views(void **state)
{
	struct buffer file = buffer_with_ceiling(4 << 20);
	struct emitter emitter;
	(void)state;
	memset(buffer_extend(&file, SOURCE_VIEW_MAX - 4), 1, SOURCE_VIEW_MAX - 4);
	buffer_append_string(&file, "across@views.example");
	memset(buffer_extend(&file, SOURCE_VIEW_MAX - 21), 1, SOURCE_VIEW_MAX - 21);
	buffer_append(&file, BYTES("w\0i\0d\0e\0r\0 \0t\0h\0a\0n\0"));
	assert_int_equal(read_as(&emitter, &format_magic, buffer_bytes(&file), false), STATUS_UNSUPPORTED);
	assert_string_equal(recording_emitter_text(&emitter), "across@views.example\nwider than\n");
	recording_emitter_free(&emitter);
	buffer_free(&file);
}

/* ---- all ---- */

static void test_all_obey_the_emitter(void **state)
{
	(void)state;
	assert_obeys(&format_text, BYTES("BEGIN:VCARD\nN:x\n"));
	assert_obeys(&format_csv, BYTES("a\tb\tc\n1\t2\t3\n4\t5\t6\n"));
	assert_obeys(&format_json, BYTES("{\"a\":1}{\"b\":2} wrong"));
	assert_obeys(&format_xml, BYTES("<svg><a b='c'>d</a><!-- e --></svg>"));
	assert_obeys(&format_xml, BYTES("<a>x & y</a>"));
	assert_obeys(&format_html, BYTES("<?xml?><html lang=x><title>t</title><meta name=a content=b><p>x<img src='data:text/"
	                                 "plain,Hello%20to%20all%20of%20you'><!-- c -->"));
	assert_obeys(&format_magic, BYTES("\x89PNG\r\n\x1A\n\0\0\0password=x\0"));
}

static int prepare(void **state)
{
	(void)state;
	return charset_prepare() == STATUS_OK ? 0 : 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recognises),
		cmocka_unit_test(test_gives_way_to_formats_of_their_own),
		cmocka_unit_test(test_text_is_decoded_and_otherwise_untouched),
		cmocka_unit_test(test_text_decides_its_charset_when_it_must),
		cmocka_unit_test(test_text_changes_its_charset_on_the_way),
		cmocka_unit_test(test_text_changes_its_charset_across_views),
		cmocka_unit_test(test_text_with_ill_formed_bytes_stays_utf8),
		cmocka_unit_test(test_text_that_goes_on_as_something_else),
		cmocka_unit_test(test_json_shows_a_line_for_each_value),
		cmocka_unit_test(test_json_that_is_cut_or_wrong_is_shown),
		cmocka_unit_test(test_json_too_deep_is_a_bomb_whose_strings_are_kept),
		cmocka_unit_test(test_json_lines_have_their_media_type),
		cmocka_unit_test(test_xml_that_is_data_is_led_by_its_paths),
		cmocka_unit_test(test_xml_shows_text_attributes_and_comments),
		cmocka_unit_test(test_xml_that_is_wrong_is_shown),
		cmocka_unit_test(test_a_long_tag_that_is_wrong_is_shown_whole),
		cmocka_unit_test(test_xml_with_too_many_attributes_is_shown),
		cmocka_unit_test(test_xml_entities_that_grow_are_a_bomb),
		cmocka_unit_test(test_html_shows_the_page_then_the_rest),
		cmocka_unit_test(test_html_metadata_and_parts),
		cmocka_unit_test(test_html_across_views),
		cmocka_unit_test(test_magic_carves_strings_and_says_so),
		cmocka_unit_test(test_magic_outcomes),
		cmocka_unit_test(test_magic_carves_across_views),
		cmocka_unit_test(test_all_obey_the_emitter),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}

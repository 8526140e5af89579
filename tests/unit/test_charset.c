/* SPDX-License-Identifier: Apache-2.0 */
/* Charsets: names, decoding whole and in pieces, guessing. */
#include "base/text.h"
#include "format/text/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define BYTES(text) BYTES_LITERAL(text)

static void assert_decodes(const char *charset, struct bytes text, const char *expected)
{
	struct buffer decoded = buffer_with_ceiling(1 << 20);
	assert_int_equal(charset_append_decoded(&decoded, bytes_of_string(charset), text), STATUS_OK);
	assert_string_equal(buffer_string(&decoded), expected);
	buffer_free(&decoded);
}

static void test_decodes_by_name_and_alias(void **state)
{
	(void)state;
	assert_decodes("utf-8", BYTES("M\xC3\xBCller"), "Müller");
	assert_decodes("ISO-8859-1", BYTES("M\xFCller \x80"), "Müller €");
	assert_decodes("iso_8859-1:1987", BYTES("\xE9"), "é");
	assert_decodes("Windows-1252", BYTES("\x93x\x94"), "“x”");
	assert_decodes("cp1250", BYTES("\xB3\xF3\x64\xBC"), "łódĽ");
	assert_decodes("KOI8-R", BYTES("\xED\xCF\xD3\xCB\xD7\xC1"), "Москва");
	assert_decodes("x-sjis", BYTES("\x93\xFA\x96\x7B"), "日本");
	assert_decodes("Shift_JIS", BYTES("\x87\x40"), "①");
	assert_decodes("EUC-JP", BYTES("\xC6\xFC\xCB\xDC"), "日本");
	assert_decodes("ISO-2022-JP", BYTES("\033$BF|K\\\033(B."), "日本.");
	assert_decodes("gb2312", BYTES("\xD6\xD0\xCE\xC4"), "中文");
	assert_decodes("GB18030", BYTES("\x81\x30\x81\x30"), "\xC2\x80");
	assert_decodes("big5", BYTES("\xA4\xA4\xA4\xE5"), "中文");
	assert_decodes("ks_c_5601-1987", BYTES("\xC7\xD1\xB1\xDB"), "한글");
	assert_decodes("utf-7", BYTES("Hi +AOk-"), "Hi é");
	assert_decodes("UTF-16", BYTES("\xFF\xFEH\0i\0"), "Hi");
	assert_decodes("UTF-16", BYTES("\xFE\xFF\0H\0i"), "Hi");
	assert_decodes("UTF-16LE", BYTES("\xFF\xFEH\0i\0"), "Hi");
	assert_decodes("utf-32be", BYTES("\0\1\xF6\0"), "😀");
}

static void test_keeps_going_past_what_does_not_convert(void **state)
{
	(void)state;
	assert_decodes("utf-8", BYTES("a\xFFz"), "a\xEF\xBF\xBDz");
	assert_decodes("utf-8", BYTES("a\0z"), "a\xEF\xBF\xBDz");
	assert_decodes("utf-8", BYTES("a\xE2\x82"), "a\xEF\xBF\xBD");
	assert_decodes("windows-1252", BYTES("a\x81z"), "a\xEF\xBF\xBDz");
	assert_decodes("shift_jis",
	               BYTES("\x93\xFA\xFF"
	                     "a"),
	               "日\xEF\xBF\xBD"
	               "a");
	assert_decodes("utf-16le",
	               BYTES("\x3D\xD8"
	                     "a\0"),
	               "\xEF\xBF\xBD"
	               "a");
	assert_decodes("utf-16le", BYTES("a\0b"), "a\xEF\xBF\xBD");
}

static void test_refuses_unknown_names(void **state)
{
	struct buffer decoded = buffer_with_ceiling(1 << 20);
	(void)state;
	assert_int_equal(charset_append_decoded(&decoded, BYTES("klingon-1"), BYTES("x")), STATUS_UNSUPPORTED);
	assert_int_equal(charset_append_decoded(&decoded, BYTES(""), BYTES("x")), STATUS_UNSUPPORTED);
	assert_int_equal(charset_append_decoded(&decoded, BYTES("--"), BYTES("x")), STATUS_UNSUPPORTED);
	assert_int_equal(decoded.len, 0);
}

/* Cutting a text anywhere, into any two or into single bytes, must not change what it says. */
static void assert_streams(const char *charset, struct bytes text)
{
	struct buffer whole = buffer_with_ceiling(1 << 20), pieces = buffer_with_ceiling(1 << 20);
	assert_int_equal(charset_append_decoded(&whole, bytes_of_string(charset), text), STATUS_OK);
	for (size_t cut = 0; cut <= text.len + 1; cut++) {
		struct charset_stream *stream;
		size_t step = cut <= text.len ? cut : 1;
		buffer_reset(&pieces);
		assert_int_equal(charset_stream_open(bytes_of_string(charset), &stream), STATUS_OK);
		for (size_t at = 0; at<text.len; at += step> 0 ? step : text.len)
			assert_int_equal(charset_stream_feed(stream, bytes_slice(text, at, step > 0 ? step : text.len), &pieces),
			                 STATUS_OK);
		assert_int_equal(charset_stream_finish(stream, &pieces), STATUS_OK);
		charset_stream_close(stream);
		assert_true(bytes_equal(buffer_bytes(&pieces), buffer_bytes(&whole)));
	}
	buffer_free(&whole);
	buffer_free(&pieces);
}

static void test_streams_as_it_decodes_whole(void **state)
{
	(void)state;
	assert_streams("utf-8", BYTES("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80z"));
	assert_streams("windows-1251", BYTES("\xCF\xF0\xE8 x"));
	assert_streams("shift_jis", BYTES("\x93\xFA"
	                                  "a\x96\x7B\x83\x5C"));
	assert_streams("iso-2022-jp", BYTES("x\033$BF|K\\\033(B.\033$BF|\033(B"));
	assert_streams("gb18030", BYTES("\xD6\xD0\x81\x30\x81\x30"
	                                "a\xCE\xC4"));
	assert_streams("utf-16", BYTES("\xFE\xFF\0H\xD8\x3D\xDE\0\0i"));
	assert_streams("utf-16le", BYTES("H\0\x3D\xD8\0\xDEi\0"));
	assert_streams("utf-32le", BYTES("H\0\0\0\0\xF6\1\0"));
	assert_streams("utf-7", BYTES("Hi +AOkA6Q- there"));
}

static void assert_guessed(struct bytes sample, const char *declared, const char *expected)
{
	const char *charset = charset_guess(sample, bytes_of_string(declared));
	if (expected == NULL)
		assert_null(charset);
	else
		assert_string_equal(charset ? charset : "(binary)", expected);
}

static void test_guesses(void **state)
{
	(void)state;
	assert_guessed(BYTES("plain"), "", "utf-8");
	assert_guessed(BYTES("M\xC3\xBCller"), "", "utf-8");
	assert_guessed(BYTES("cut \xE2\x82"), "", "utf-8");
	assert_guessed(BYTES("\xEF\xBB\xBFx"), "", "utf-8");
	assert_guessed(BYTES("\xFF\xFEx\0"), "", "utf-16le");
	assert_guessed(BYTES("\xFE\xFF\0x"), "", "utf-16be");
	assert_guessed(BYTES("\xFF\xFE\0\0x\0\0\0"), "", "utf-32le");
	assert_guessed(BYTES("H\0e\0l\0l\0o\0"), "", "utf-16le");
	assert_guessed(BYTES("\0H\0e\0l\0l\0o"), "", "utf-16be");
	assert_guessed(BYTES("\x1B$BF|K\\\x1B(B"), "", "iso-2022-jp");
	assert_guessed(BYTES("Stra\xDF"
	                     "e und B\xFC"
	                     "cher"),
	               "", "windows-1252");
	assert_guessed(BYTES("\x93\xFA\x96\x7B\x8C\xEA\x82\xCC\x95\xB6\x8F\xCD\x82\xC5\x82\xB7\x81\x42"), "", "shift_jis");
	assert_guessed(BYTES("\xF0\xD2\xC9\xD7\xC5\xD4, \xCB\xC1\xCB \xC4\xC5\xCC\xC1? \xF7\xD3\xA3 \xC8\xCF\xD2\xCF\xDB\xCF, "
	                     "\xD3\xD0\xC1\xD3\xC9\xC2\xCF."),
	               "", "koi8-r");
	assert_guessed(BYTES("\1\2\3\4\5\6\7\0\1\2"), "", NULL);
	assert_guessed(BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "", NULL);
	assert_guessed(BYTES("+AOk-"), "", "utf-8");
	assert_guessed(BYTES(""), "", "utf-8");
}

/* clang-format off */
static void test_guesses_by_names_of_files(void **state)
{
	static const struct {
		const char *charset, *names;
	} known[] = {
		/* Prüfung.txt */
		{"ibm437", "Pr\x81" "fung.txt"},
		/* Año nuevo/Mañana.txt café.doc */
		{"ibm437", "A\xA4o nuevo/Ma\xA4" "ana.txt\ncaf\x82.doc"},
		/* Árbol/Ção.txt ÑANDÚ.txt */
		{"ibm850", "\xB5rbol/\x80\xC6o.txt\n\xA5" "AND\xE9.txt"},
		/* Søknad på støtte.doc Årsrapport.xls */
		{"ibm850", "S\x9Bknad p\x86 st\x9Btte.doc\n\x8Frsrapport.xls"},
		/* Facture n°5 été.pdf */
		{"ibm437", "Facture n\xF8" "5 \x82t\x82.pdf"},
		/* Договор.txt Приложение к договору.txt */
		{"ibm866", "\x84\xAE\xA3\xAE\xA2\xAE\xE0.txt\n\x8F\xE0\xA8\xAB\xAE\xA6\xA5\xAD\xA8\xA5 \xAA \xA4\xAE\xA3\xAE\xA2\xAE\xE0\xE3.txt"},
		/* ДОГОВОР.doc */
		{"ibm866", "\x84\x8E\x83\x8E\x82\x8E\x90.doc"},
		/* Счёт за март.pdf Договор.doc */
		{"windows-1251", "\xD1\xF7\xB8\xF2 \xE7\xE0 \xEC\xE0\xF0\xF2.pdf\n\xC4\xEE\xE3\xEE\xE2\xEE\xF0.doc"},
		/* Договор поставки.txt Отчет.txt */
		{"koi8-r", "\xE4\xCF\xC7\xCF\xD7\xCF\xD2 \xD0\xCF\xD3\xD4\xC1\xD7\xCB\xC9.txt\n\xEF\xD4\xDE\xC5\xD4.txt"},
		/* 見積書.xlsx */
		{"shift_jis", "\x8C\xA9\x90\xCF\x8F\x91.xlsx"},
		/* 契約書/ソフト表.txt */
		{"shift_jis", "\x8C_\x96\xF1\x8F\x91/\x83\x5C\x83t\x83g\x95\x5C.txt"},
		/* ｾｲｷｭｳｼｮ.txt */
		{"shift_jis", "\xBE\xB2\xB7\xAD\xB3\xBC\xAE.txt"},
		/* 合同.doc */
		{"gb18030", "\xBA\xCF\xCD\xAC.doc"},
		/* 采购合同(2020).pdf 员工名单.xls */
		{"gb18030", "\xB2\xC9\xB9\xBA\xBA\xCF\xCD\xAC(2020).pdf\n\xD4\xB1\xB9\xA4\xC3\xFB\xB5\xA5.xls"},
		/* 合約書.doc 報價單.xls */
		{"big5", "\xA6X\xAC\xF9\xAE\xD1.doc\n\xB3\xF8\xBB\xF9\xB3\xE6.xls"},
		/* 계약서.hwp */
		{"euc-kr", "\xB0\xE8\xBE\xE0\xBC\xAD.hwp"},
		/* 견적서 최종.xls 직원명단.xlsx */
		{"euc-kr", "\xB0\xDF\xC0\xFB\xBC\xAD \xC3\xD6\xC1\xBE.xls\n\xC1\xF7\xBF\xF8\xB8\xED\xB4\xDC.xlsx"},
		/* 見積書.xls 契約書一覧.txt */
		{"euc-jp", "\xB8\xAB\xC0\xD1\xBD\xF1.xls\n\xB7\xC0\xCC\xF3\xBD\xF1\xB0\xEC\xCD\xF7.txt"},
		/* Příloha č. 1.doc Smlouva o dílo.pdf */
		{"ibm852", "P\xFD\xA1loha \x9F. 1.doc\nSmlouva o d\xA1lo.pdf"},
		/* Załącznik.pdf Umowa o pracę.doc */
		{"ibm852", "Za\x88\xA5" "cznik.pdf\nUmowa o prac\xA9.doc"},
		/* Příloha č. 1.doc Žádost.pdf */
		{"windows-1250", "P\xF8\xEDloha \xE8. 1.doc\n\x8E\xE1" "dost.pdf"},
		/* Załącznik.pdf Umowa o pracę.doc */
		{"windows-1250", "Za\xB3\xB9" "cznik.pdf\nUmowa o prac\xEA.doc"},
		/* Prüfung.txt Größe.txt */
		{"windows-1252", "Pr\xFC" "fung.txt\nGr\xF6\xDF" "e.txt"},
		/* l’offre d’été.doc */
		{"windows-1252", "l\x92offre d\x92\xE9t\xE9.doc"},
		/* yazılım sözleşmesi.doc İş planı.xls */
		{"ibm857", "yaz\x8Dl\x8Dm s\x94zle\x9Fmesi.doc\n\x98\x9F plan\x8D.xls"},
		/* yazılım sözleşmesi.doc İş planı.xls */
		{"windows-1254", "yaz\xFDl\xFDm s\xF6zle\xFEmesi.doc\n\xDD\xFE plan\xFD.xls"},
		/* Σύμβαση.doc Τιμολόγιο.pdf */
		{"windows-1253", "\xD3\xFD\xEC\xE2\xE1\xF3\xE7.doc\n\xD4\xE9\xEC\xEF\xEB\xFC\xE3\xE9\xEF.pdf"},
		/* חוזה.doc הצעת מחיר.pdf */
		{"windows-1255", "\xE7\xE5\xE6\xE4.doc\n\xE4\xF6\xF2\xFA \xEE\xE7\xE9\xF8.pdf"},
		/* חוזה.doc הצעת מחיר.pdf */
		{"ibm862", "\x87\x85\x86\x84.doc\n\x84\x96\x92\x9A \x8E\x87\x89\x98.pdf"},
		/* عقد العمل.doc فاتورة.pdf */
		{"windows-1256", "\xDA\xDE\xCF \xC7\xE1\xDA\xE3\xE1.doc\n\xDD\xC7\xCA\xE6\xD1\xC9.pdf"},
		/* สัญญา.doc ใบเสนอราคา.pdf */
		{"windows-874", "\xCA\xD1\xAD\xAD\xD2.doc\n\xE3\xBA\xE0\xCA\xB9\xCD\xC3\xD2\xA4\xD2.pdf"},
		/* Prüfung.txt Größe.txt */
		{"macintosh", "Pr\x9F" "fung.txt\nGr\x9A\xA7" "e.txt"},
		/* nothing speaks for any: as the standard of zips has it */
		{"ibm437", "\xAB.txt"}, {"ibm437", "a.txt"}, {"ibm437", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const char *guessed = charset_guess_names(bytes_of_string(known[i].names), "ibm437");
		if (strcmp(guessed, known[i].charset) != 0)
			fail_msg("%s (row %zu) is guessed as %s", known[i].charset, i, guessed);
	}
}
/* clang-format on */

/* Any bytes, and more of them than are looked at. */
static void test_guesses_by_whatever_names_are(void **state)
{
	struct buffer names = buffer_with_ceiling(8 << 20);
	uint32_t random = 1;
	(void)state;
	for (size_t i = 0; i < 4 << 20; i++) {
		random = random * 1664525u + 1013904223u;
		buffer_append_byte(&names, (unsigned char)(random >> 24));
	}
	assert_non_null(charset_guess_names(buffer_bytes(&names), "ibm437"));
	memset(names.at, 0x81, names.len);
	assert_non_null(charset_guess_names(buffer_bytes(&names), "ibm437"));
	buffer_free(&names);
}

/* The same words in each of them; the bytes tell which. */
static void test_weighs_dos_and_mac_by_their_words(void **state)
{
	(void)state;
	assert_guessed(BYTES("\x9A"
	                     "bersicht f\x81r M\x81nchen: Gr\x94\xE1"
	                     "e, K\x84ufer"),
	               "", "ibm850");
	assert_guessed(BYTES("J\x94rg M\x81ller"), "", "ibm850");
	assert_guessed(BYTES("R\x82"
	                     "f\x82rence du march\x82 cr\x82\x82 \x85 Gen\x8Ave"),
	               "", "ibm850");
	assert_guessed(BYTES("\x86"
	                     "bersicht f\x9Fr M\x9Fnchen: Gr\x9A\xA7"
	                     "e, K\x8Aufer"),
	               "", "macintosh");
	assert_guessed(BYTES("\xD2R\x8E"
	                     "f\x8Erence du march\x8E\xD3 cr\x8E\x8E \x88 Gen\x8Fve"),
	               "", "macintosh");
	/* Frames of both kinds, which code page 850 has letters for. */
	assert_guessed(BYTES("\xD5\xCD\xCD\xCD\xCD\xD1\xCD\xCD\xCD\xCD\xB8\n\xB3"
	                     "f\x81r\xB3"
	                     "M\x81ller\xB3\n"
	                     "\xD4\xCD\xCD\xCD\xCD\xCF\xCD\xCD\xCD\xCD\xBE\n"),
	               "", "ibm437");
}

static void test_weighs_nothing_against_windows(void **state)
{
	(void)state;
	assert_guessed(BYTES("\xDC"
	                     "bersicht f\xFCr M\xFCnchen: Gr\xF6\xDF"
	                     "e, K\xE4ufer"),
	               "", "windows-1252");
	assert_guessed(BYTES("R\xE9"
	                     "f\xE9rence du march\xE9 cr\xE9\xE9 \xE0 Gen\xE8ve"),
	               "", "windows-1252");
	assert_guessed(BYTES("\x93"
	                     "But industry analysts say\x85\x94 Here\x92s more."),
	               "", "windows-1252");
	assert_guessed(BYTES("Plugtests\xAE, Marc\xA0Weingarten, 10 \x80, 5 m\xB2, \xA7 7"), "", "windows-1252");
}

static void test_a_few_ill_formed_bytes_do_not_decide(void **state)
{
	(void)state;
	assert_guessed(BYTES("Z\xC3\xBCrich, Gr\xC3\xB6\xC3\x9F"
	                     "e \xE2\x80\x93 caf\xE9."),
	               "", "utf-8");
	assert_guessed(BYTES("Z\xC3\xBCrich und caf\xE9."), "utf-8", "utf-8");
	assert_guessed(BYTES("Z\xFCrich, Gr\xF6\xDF"
	                     "e, M\xC3\xBCller."),
	               "", "windows-1252");
	assert_guessed(BYTES("caf\xE9 cr\xE8me"), "utf-8", "windows-1252");
}

static void test_believes_what_is_declared_unless_contradicted(void **state)
{
	(void)state;
	assert_guessed(BYTES("\xB3\xF3\x64\xBC"), "iso-8859-2", "iso-8859-2");
	assert_guessed(BYTES("plain"), "koi8-r", "koi8-r");
	assert_guessed(BYTES("M\xC3\xBCller und S\xC3\xB6hne"), "iso-8859-1", "utf-8");
	assert_guessed(BYTES("M\xFCller und S\xF6hne"), "utf-8", "windows-1252");
	assert_guessed(BYTES("plain ASCII"), "utf-16", "utf-8");
	assert_guessed(BYTES("+AOk-"), "utf-7", "utf-7");
	assert_guessed(BYTES("\xEF\xBB\xBFx"), "windows-1252", "utf-8");
	assert_guessed(BYTES("M\xFCller"), "no-such-charset", "windows-1252");
}

static int prepare(void **state)
{
	(void)state;
	return charset_prepare() == STATUS_OK && charset_prepare() == STATUS_OK ? 0 : 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decodes_by_name_and_alias),
		cmocka_unit_test(test_keeps_going_past_what_does_not_convert),
		cmocka_unit_test(test_refuses_unknown_names),
		cmocka_unit_test(test_streams_as_it_decodes_whole),
		cmocka_unit_test(test_guesses),
		cmocka_unit_test(test_guesses_by_names_of_files),
		cmocka_unit_test(test_guesses_by_whatever_names_are),
		cmocka_unit_test(test_weighs_dos_and_mac_by_their_words),
		cmocka_unit_test(test_weighs_nothing_against_windows),
		cmocka_unit_test(test_a_few_ill_formed_bytes_do_not_decide),
		cmocka_unit_test(test_believes_what_is_declared_unless_contradicted),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}

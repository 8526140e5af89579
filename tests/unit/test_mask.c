/* SPDX-License-Identifier: Apache-2.0 */
/* mask: a signature is starred in every spelling, over every seam, and nothing else is. */
#include "base/mask.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define TAIL "Nzg5MGFiY2RlZmdoaWo"
#define SIGNATURE "Zm9vYmFyYmF6cXV4MTIzNDU2" TAIL "01%3D"
#define HEX "aaaabbbbccccddddeeeeffff0000111122223333444455556666777788881234"

static void check(const char *text, const char *masked)
{
	struct buffer into = buffer_with_ceiling(4096), room = buffer_with_ceiling(4096);
	buffer_append_string(&into, text);
	mask_signatures(into.at, into.len);
	assert_string_equal(buffer_string(&into), masked);
	struct bytes shown = mask_shown(bytes_of_string(text), &room);
	assert_true(bytes_equal_string(shown, masked));
	assert_int_equal(shown.at == (const unsigned char *)text, strcmp(text, masked) == 0);
	/* What is masked is masked for good. */
	struct bytes again = mask_shown(buffer_bytes(&into), &room);
	assert_ptr_equal(again.at, into.at);
	buffer_free(&into);
	buffer_free(&room);
}

static void parameters_lose_any_value(void **state)
{
	(void)state;
	check("see https://a/b?sv=2020&sig=ab%2Bc%3D&se=1 and write", "see https://a/b?sv=2020&sig=*********&se=1 and write");
	check("<a href=\"https://a/b?Signature=xyz\">x</a>", "<a href=\"https://a/b?Signature=***\">x</a>");
	check("?X-Amz-Signature=x&amp;X-Amz-Security-Token=ab\nX-Goog-Signature=y",
	      "?X-Amz-Signature=*&amp;X-Amz-Security-Token=**\nX-Goog-Signature=y");
	check("a%3Fsig%3Dxyz%26se%3D1", "a%3Fsig%3D***%26se%3D1");
	check("SharedAccessSignature=sv=1&sig=\xc3\xbc"
	      "x",
	      "SharedAccessSignature=sv=1&sig=\xc3\xbc*");
	check("a;SharedAccessSignature=sv=2020-08-04&sig=xyz", "a;SharedAccessSignature=sv=2020-08-04&sig=***");
	check("x;AccountKey=ab+/cd==;EndpointSuffix=core.windows.net", "x;AccountKey=********;EndpointSuffix=core.windows.net");
	check("(see ?sig=abc, ?sig=abc). ?sig=abc.pdf {?sig=abc}", "(see ?sig=***, ?sig=***). ?sig=***.pdf {?sig=***}");
}

static void other_words_keep_theirs(void **state)
{
	(void)state;
	static const char *const kept[] = {
		"?key=1&code=2; design=3 sig=4 &sig",
		"?sig=",
		"",
		"sig",
		"=",
		"&=",
		"\\",
		"%",
		"%3D",
		"design=" SIGNATURE,
		"signature = computeSignatureOf2Things(x)",
		"sig: see chapter 12 of the handbook",
		"\"signature\": \"Ann Lee, 12 May 2020\"",
		"<div data-signature=\"some-long-class-name-12\">",
		"signature=550e8400-e29b-41d4-a716-446655440000",
		"Signature: ____________________ 12345",
		"int sig = SIGTERM; signature=abcdefghijklmnopqrstuvwxyz",
		"?a=1\nsi\ng=x",
		"the sig\nnature=12",
	};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		check(kept[i], kept[i]);
}

/* Each with the signature's tail in it before, and without it after; %s stands for nothing else. */
static void every_spelling_is_known(void **state)
{
	(void)state;
	static const char *const spellings[] = {
		"?sv=1&sig=" SIGNATURE,
		"?sv=1&amp;sig=" SIGNATURE,
		"?sv=1&amp;amp;sig=" SIGNATURE,
		"?sv=1&#38;sig=" SIGNATURE,
		"?sv=1&#x26;sig&#x3D;" SIGNATURE,
		"?sv=1&#38;sig&#61;" SIGNATURE,
		"?sv=1\\u0026sig=" SIGNATURE,
		"?sv=1\\u0026sig\\u003d" SIGNATURE,
		"?sv=1\\x26sig\\x3d" SIGNATURE,
		"?sv=1\\\\u0026sig\\\\u003D" SIGNATURE,
		"?sv=1u0026sig=" SIGNATURE,
		"?sv=1\\046sig\\075" SIGNATURE,
		"%3Fsv%3D1%26sig%3D" SIGNATURE,
		"%253Fsv%253D1%2526sig%253D" SIGNATURE,
		"?sv=1&SIG=" SIGNATURE,
		"?sv=1^&sig=Zm9vYmFyYmF6cXV4MTIzNDU2" TAIL "09%%3D",
		"sig=" SIGNATURE,
		"'sig' => '" SIGNATURE "'",
		"{\"sig\":\"" SIGNATURE "\"}",
		"{\"a\":\"{\\\"sig\\\": \\\"" SIGNATURE "\\\"}\"}",
		"sig: " SIGNATURE,
		"&quot;sig&quot;:&quot;" SIGNATURE "&quot;",
		"?sig=Zm9v\\/" TAIL "\\u003d",
		"?sig=Zm9v%2F" TAIL "%3D",
		"?sig=Zm9v/" TAIL "=",
		"?sig=Zm9v&#x2F;" TAIL "&#61;",
		"SharedAccessSignature sr=x&sig=" SIGNATURE,
		"https://c.blob.core.windows.net/c;sig=" SIGNATURE,
		"#sig=" SIGNATURE,
		"AccountKey=" SIGNATURE,
		"\"AccountKey\" : \"" SIGNATURE "\"",
		"SharedAccessKey=" SIGNATURE,
		"\\nsig=" SIGNATURE,
		"%0Asig=" SIGNATURE,
		"w.txt?sv=1&sig=" SIGNATURE ".pdf",
	};
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		struct buffer into = buffer_with_ceiling(4096);
		buffer_append_string(&into, spellings[i]);
		mask_signatures(into.at, into.len);
		if (bytes_find(buffer_bytes(&into), BYTES_LITERAL(TAIL)) != BYTES_NOT_FOUND)
			fail_msg("%s became %s", spellings[i], buffer_string(&into));
		assert_int_equal(into.len, strlen(spellings[i]));
		buffer_free(&into);
	}
}

static void lines_end_within_them(void **state)
{
	(void)state;
	check("a?sv=1&sig=Zm9vYmFyYmF6\r\ncXV4MTIz%3D\r\nMore text12", "a?sv=1&sig=************\r\n***********\r\nMore text12");
	check("> a?sv=1&sig=Zm9vYmFyYmF6\n> cXV4\n> MTIz%3D x", "> a?sv=1&sig=************\n> cXV4\n> MTIz%3D x");
	check("a?sv=1&si\ng=Zm9vYmFy%3D\nx", "a?sv=1&si\ng=***********\nx");
	check("a?sv=1&si=\r\ng=3DZm9vYmFyYmF6Y=\r\ncXV4MTIz%3D", "a?sv=1&si=\r\ng=****************\r\n***********");
	check("a?sv=1&sig=\nZm9vYmFyYmF6cXV4MTIz", "a?sv=1&sig=\n********************");
	check("a?sv=1&sig=Zm9vYmFyYmF6\\ncXV4MTIz\\u003d\"", "a?sv=1&sig=************\\n**************\"");
	check("a?sig=" HEX "\nabcdef0123456789",
	      "a?sig=****************************************************************\nabcdef0123456789");
	check("a?sig=Zm9vYmFyYmF6\nRegards, Ann\nAbc12345x", "a?sig=************\nRegards, Ann\nAbc12345x");
	check("a?sig=" SIGNATURE "\nAbc12345x", "a?sig=************************************************\nAbc12345x");
}

/* Whatever comes: of the same length, valid if it was, and the walk ends. */
static void any_bytes_will_do(void **state)
{
	(void)state;
	static const char *const pieces[] = {
		"sig",
		"=",
		"&",
		"%26",
		"%3D",
		"\\u003d",
		"\\",
		"\n",
		"ignature",
		"25",
		"\xc3\xbc",
		"&#61;",
		"Zm9vYmFyYmF6cXV4MTIz",
		"\"",
		":",
		"u0026",
		"26",
		" ",
		"\r\n> ",
	};
	struct buffer into = buffer_with_ceiling(1 << 16);
	srand(20);
	for (unsigned round = 0; round < 20000; round++) {
		buffer_reset(&into);
		for (int i = rand() % 24; i >= 0; i--)
			buffer_append_string(&into, pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
		size_t length = into.len;
		unsigned char *exact = malloc(length);
		memcpy(exact, into.at, length);
		mask_signatures(exact, length);
		assert_true(text_is_valid(bytes_of(exact, length)));
		free(exact);
	}
	buffer_free(&into);
}

/* Runs of what an escape, a name or a line is made of cost no more than others: a quadratic walk would not end today. */
static void long_runs_cost_their_length(void **state)
{
	(void)state;
	static const char *const runs[] = {"\\",   "25",   "%",   "&",  "sig=",   "&sig=",           "=",    "\"", " ", "\n",
	                                   "sig:", "g\n=", "\\n", "&#", "sig%3D", "&sig=Abc12345\n", "%2525"};
	enum { LENGTH = 4 << 20 };
	unsigned char *text = malloc(LENGTH);
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		for (size_t at = 0, length = strlen(runs[i]); at < LENGTH; at++)
			text[at] = (unsigned char)runs[i][at % length];
		mask_signatures(text, LENGTH);
	}
	free(text);
}

static void typed_secrets_are_starred(void **state)
{
	static const struct {
		const char *typed, *kept;
	} cases[] = {
		{"smtp://anna:sesame@mail.example.com:25", "smtp://anna:******@mail.example.com:25"},
		{"smtps://anna@x:a:b/c?d@e@mail.example.com", "smtps://anna@x:*********@mail.example.com"},
		{"https://:\xc3\xbc@h/", "https://:**@h/"},
		{"https://h/c?sv=1&sig=abc%3D", "https://h/c?sv=1&sig=******"},
		{"smtp://anna@mail.example.com:25", "smtp://anna@mail.example.com:25"},
		{"https://h:8443/a", "https://h:8443/a"},
		{"anna:sesame@example.com", "anna:sesame@example.com"},
		{"", ""},
	};
	struct buffer room = buffer_with_ceiling(4096);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (!bytes_equal_string(mask_typed(bytes_of_string(cases[i].typed), &room), cases[i].kept))
			fail_msg("%s: %s", cases[i].typed, buffer_string(&room));
	buffer_free(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_lose_any_value), cmocka_unit_test(other_words_keep_theirs),
		cmocka_unit_test(every_spelling_is_known),   cmocka_unit_test(lines_end_within_them),
		cmocka_unit_test(any_bytes_will_do),         cmocka_unit_test(long_runs_cost_their_length),
		cmocka_unit_test(typed_secrets_are_starred),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

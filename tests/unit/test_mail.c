/* SPDX-License-Identifier: Apache-2.0 */
/* format/eml and format/mbox: what is text, what is a part, what is no mail, and what hostile mail comes to. */
#include "format-test.h"
#include "format/mail/header.h"

extern const struct format format_eml, format_mbox;

static int bid_of(const struct format *format, const char *text, const char *name)
{
	return bid_for(format, bytes_of_string(text), name);
}

static void read_message(struct emitter *emitter, const char *message)
{
	assert_int_equal(read_as(emitter, &format_eml, bytes_of_string(message), true), STATUS_OK);
}

/* ---- fields ---- */

static void shows_fields_decoded(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, "Received: from relay.example.net by mx; Mon, 1 Aug 2022 10:00:01 +0200\r\n"
	                       "From: =?iso-8859-1?q?J=FCrgen?= <j@example.org>\r\n"
	                       "To: \"=?utf-8?B?w4RubmU=?=\"\r\n\t<anne@example.com>, b@example.net\r\n"
	                       "Subject: =?koi8-r?B?8PLJ18XU?= =?koi8-r?B?8PLJ18XU?=\r\n"
	                       "Date: Mon, 1 Aug 2022 10:00:00 +0200\r\n"
	                       "X-Envelope: <bounce@example.org>\r\n"
	                       "X-Loop: no address here\r\n"
	                       "DKIM-Signature: d=example.org; i=@example.org\r\n"
	                       "Organization: caf\xC3\xA9\r\n\r\nHello.\r\n");
	const char *text = recording_emitter_text(&emitter);
	assert_contains(text, "To: \"Änne\"\t<anne@example.com>, b@example.net\n");
	static const char *const order[] = {"From: Jürgen <j@example.org>\nTo: ", "Date: Mon, ",
	                                    "Subject: ПРиветПРивет\n\nHello.",    "\n\nReceived: from relay.example.net by mx; ",
	                                    "X-Envelope: <bounce@example.org>\n", "Organization: café\n"};
	assert_true(bytes_start_with(bytes_of_string(text), BYTES_LITERAL("From: ")));
	assert_in_order(text, order, sizeof order / sizeof order[0]);
	assert_once(text, "ПРиветПРивет");
	assert_null(strstr(text, "DKIM"));
	assert_null(strstr(text, "X-Loop"));
	assert_string_equal(buffer_string(&emitter.title), "ПРиветПРивет");
	assert_string_equal(buffer_string(&emitter.author), "Jürgen <j@example.org>");
	assert_string_equal(buffer_string(&emitter.metadata), "");
	assert_int_equal(emitter.created, clock_from_civil(2022, 8, 1, 8, 0, 0));
	recording_emitter_free(&emitter);
}

static void reads_dates_as_people_write_them(void **state)
{
	(void)state;
	const int64_t noon = clock_from_civil(2002, 8, 1, 12, 0, 0);
	assert_int_equal(mail_value_parse_date(BYTES_LITERAL("Thu, 1 Aug 2002 14:00:00 +0200")), noon);
	assert_int_equal(mail_value_parse_date(BYTES_LITERAL("1 Aug 02 07:00 EST")), noon);
	assert_int_equal(mail_value_parse_date(BYTES_LITERAL("Thu, 1 Aug 2002 12:00:00 GMT (comment)")), noon);
	assert_int_equal(mail_value_parse_date(BYTES_LITERAL("2002-08-01T12:00:00Z")), noon);
	assert_int_equal(mail_value_parse_date(BYTES_LITERAL("some day")), CLOCK_UNKNOWN);
	assert_int_equal(mail_value_parse_date(BYTES_NONE), CLOCK_UNKNOWN);
}

static void mends_fields_that_were_folded_badly(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, "From: a@example.org\nSubject: a long\nsubject\nTo: b@example.com\n\nbody\n");
	assert_string_equal(buffer_string(&emitter.title), "a long subject");
	assert_contains(recording_emitter_text(&emitter), "To: b@example.com\n");
	recording_emitter_free(&emitter);
	read_message(&emitter, "From: a@example.org\nSubject: x\nA body without its blank line,\nwrite to c@example.com\n");
	assert_contains(recording_emitter_text(&emitter), "A body without its blank line,\nwrite to c@example.com\n");
	recording_emitter_free(&emitter);
}

static void reads_the_first_mebibyte_of_fields(void **state)
{
	(void)state;
	struct buffer message = buffer_with_ceiling(8u << 20);
	struct emitter emitter;
	buffer_append_string(&message, "From: a@example.org\nMIME-Version: 1.0\n");
	while (message.len < 3u << 20)
		buffer_append_string(&message, "X-More: someone@example.com\n");
	buffer_append_string(&message, "\nThe body.\n");
	assert_int_equal(read_as(&emitter, &format_eml, buffer_bytes(&message), true), STATUS_OK);
	assert_contains(recording_emitter_text(&emitter), "The body.");
	assert_true(emitter.unseen > 1u << 20);
	assert_contains(emitter.note, "first MiB");
	recording_emitter_free(&emitter);
	buffer_free(&message);
}

/* ---- bodies and parts ---- */

#define HEAD "From: a@example.org\nMIME-Version: 1.0\n"

static void puts_plain_bodies_into_the_text(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, HEAD
	             "Content-Type: multipart/alternative; boundary=\"in ner\"\n\npreamble p@example.org\n"
	             "--in ner\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
	             "Gr=FC=DFe aus K=F6ln, a long=\n line\n"
	             "--in ner\nContent-Type: TEXT/HTML; charset=utf-8\n\n<p>hi</p>\n--in ner--\nepilogue\n");
	const char *text = recording_emitter_text(&emitter);
	assert_contains(text, "Grüße aus Köln, a long line\n");
	assert_contains(text, "preamble p@example.org\n");
	assert_contains(text, "epilogue\n");
	assert_null(strstr(text, "hi"));
	assert_int_equal(emitter.child_count, 0);
	assert_string_equal(emitter.note, "");
	recording_emitter_free(&emitter);
}

#define FORMS(plain, page) \
	HEAD "Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n" plain \
	     "\n--a\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html; charset=iso-8859-1\n\n" page \
	     "\n--r\nContent-Type: image/png; name=logo.png\n\npng\n--r--\n--a--\n"

static void takes_the_better_of_two_forms(void **state)
{
	(void)state;
	struct emitter emitter;
	/* The page's links are kept that the plain form lacks, once. */
	read_message(
		&emitter,
		FORMS("The offer stands until May, write to a@example.com (see https://example.com/x).",
	              "<style>p {}</style><p>The offer stands until May, <a href='mailto:a@example.com?subject=x'>write</a>, "
	              "<a href='https://example.com/x'>see</a> or <a href='mailto:b@example.com'>B</a>.</p>"));
	const char *text = recording_emitter_text(&emitter);
	assert_once(text, "The offer stands until May");
	assert_once(text, "a@example.com");
	assert_once(text, "https://example.com/x");
	assert_contains(text, "\n-- in another form of the message --\nb@example.com\n");
	assert_null(strstr(text, "p {}"));
	assert_int_equal(emitter.child_count, 1);
	recording_emitter_free(&emitter);
	/* A plain form that leaves everything out. */
	read_message(
		&emitter,
		FORMS("Your program shows no HTML: help@example.net",
	              "<title>Offer</title><p>The offer for K\xF6ln stands until May; please answer in time, or it goes to the next "
	              "on our long list of customers.</p><a href='https://example.com/y'>Yes</a>"));
	text = recording_emitter_text(&emitter);
	static const char *const order[] = {"The offer for Köln stands until May",
	                                    "\n-- in another form of the message --\nhelp@example.net\n",
	                                    "\n-- not shown on the page --\nOffer\n", "https://example.com/y"};
	assert_in_order(text, order, sizeof order / sizeof order[0]);
	assert_null(strstr(text, "shows no HTML"));
	recording_emitter_free(&emitter);
}

static void reads_pages_as_bodies(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(
		&emitter, HEAD
		"X-Sender: x@example.net\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
		"<meta charset=3Dkoi8-r><p>=F0=D2=C9=D7=C5=D4,<br>w<b>ri</b>te to c&#64;example.com</p><a href=3D\"https://example.com/z\">z</a>\n");
	static const char *const order[] = {
		"From: a@example.org\n\nПривет,\nwrite to c@example.com\nz\n\nX-Sender: x@example.net\n",
		"-- not shown on the page --\nhttps://example.com/z\n"};
	assert_in_order(recording_emitter_text(&emitter), order, sizeof order / sizeof order[0]);
	assert_int_equal(emitter.child_count, 0);
	recording_emitter_free(&emitter);
}

static void joins_lines_that_flow(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter,
	             HEAD "Content-Type: text/plain; format=flowed\n\n"
	                  "The northern \nregion,\n> quoted \n> on\n>> deeper \n> less\n-- \nAnna\n  stuffed \nand the end ");
	assert_contains(recording_emitter_text(&emitter),
	                "\n\nThe northern region,\n> quoted on\n>> deeper \n> less\n-- \nAnna\n stuffed and the end \n");
	recording_emitter_free(&emitter);
	read_message(&emitter, HEAD "Content-Type: text/plain; charset=utf-8; format=\"Flowed\"; DelSp=Yes\n\n"
	                            "anna.lee@ \r\nexample.com and https://example.com/a/ \r\nb.pdf  \r\nend\r\n");
	assert_contains(recording_emitter_text(&emitter), "\n\nanna.lee@example.com and https://example.com/a/b.pdf end\n");
	recording_emitter_free(&emitter);
}

static void believes_no_lie_about_encodings(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(
		&emitter, HEAD
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nHello, this is plain: lie@example.com\n"
		"--b\nContent-Type: a/b; name=x.html\nContent-Transfer-Encoding: base64\n\n<p>Hello, you</p>\n"
		"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nFrom: c@example.com\nSubject: in it\n\nx\n"
		"--b\nContent-Type: a/b; name=uu.txt\nContent-Transfer-Encoding: x-uuencode\n\nno such file\n"
		"--b\nContent-Type: a/b; name=true.txt\nContent-Transfer-Encoding: base64\n\n SGVs\n bG8=\n\nA list's footer.\n--b--\n");
	assert_contains(recording_emitter_text(&emitter), "Hello, this is plain: lie@example.com\n");
	assert_contains(emitter.note, "says that it is base64");
	assert_child_text(&emitter, "x.html", "<p>Hello, you</p>", STATUS_OK);
	assert_child_text(&emitter, "1.eml", "From: c@example.com\nSubject: in it\n\nx", STATUS_OK);
	assert_child_text(&emitter, "uu.txt", "no such file", STATUS_OK);
	recording_emitter_free(&emitter);
}

#define UU_FILE "begin 644 list.csv\n?;F%M92QM86EL\"E@L;&EE+G-I>$!A9&%T=6TN8V]M\"@  \n`\nend\n"

static void finds_files_in_bodies(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter,
	             HEAD "\nbegin with this\nbegin 644 nothing\nnot data at all, that is long enough to be seen\n\n" UU_FILE
	                  "after it\nbegin 600 cut.txt\n#0V%T\nthat was all");
	const char *text = recording_emitter_text(&emitter);
	assert_contains(text, "begin 644 nothing\nnot data at all, that is long enough to be seen\n\nafter it\nthat was all");
	assert_null(strstr(text, "list.csv"));
	assert_child_text(&emitter, "list.csv", "name,mail\nX,lie.six@adatum.com\n", STATUS_OK);
	assert_child_text(&emitter, "cut.txt", "Cat", STATUS_TRUNCATED);
	recording_emitter_free(&emitter);
}

/* Bodies larger than a piece, with a file over the seam of two. */
static void finds_files_over_seams(void **state)
{
	(void)state;
	struct buffer message = buffer_with_ceiling(16u << 20);
	struct emitter emitter;
	buffer_append_string(&message, HEAD "\n");
	while (message.len < (4u << 20) - 60)
		buffer_append_string(&message, "a line of the body\n");
	buffer_append_string(&message, UU_FILE);
	while (message.len < 9u << 20)
		buffer_append_string(&message, "a line of the body\n");
	buffer_append_string(&message, "the last\n");
	assert_int_equal(read_as(&emitter, &format_eml, buffer_bytes(&message), false), STATUS_OK);
	assert_child_text(&emitter, "list.csv", "name,mail\nX,lie.six@adatum.com\n", STATUS_OK);
	assert_int_equal(emitter.child_count, 1);
	assert_contains(recording_emitter_text(&emitter), "\nthe last\n");
	recording_emitter_free(&emitter);
	buffer_free(&message);
}

static void undoes_transfer_encodings(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, HEAD
	             "Content-Type: multipart/mixed; boundary=b\n\n"
	             "--b\nContent-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: BASE64\n\nSABlAGwAbABvAA==\n"
	             "--b\nContent-Type: a/b; name=base\nContent-Transfer-Encoding: base64\n\nAA\nEC*Aw==\n"
	             "--b\nContent-Type: a/b; name=uu\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n#0V%T\n`\nend\n"
	             "--b\nContent-Type: a/b; name=odd\nContent-Transfer-Encoding: x-nobody\n\n=41\n--b--\n");
	assert_contains(recording_emitter_text(&emitter), "Hello\n");
	assert_true(bytes_equal(buffer_bytes(&recording_emitter_child(&emitter, "base")->bytes), BYTES_LITERAL("\0\1\2\3")));
	assert_child_text(&emitter, "uu", "Cat", STATUS_OK);
	assert_child_text(&emitter, "odd", "=41", STATUS_OK);
	assert_contains(emitter.note, "unknown transfer encoding");
	recording_emitter_free(&emitter);
}

static void names_parts(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(
		&emitter, HEAD
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: a/b; name*0*=utf-8''%e2%82%ac; name*1=\".pdf\"\n\n1\n"
		"--b\nContent-Type: a/b; name=\"=?utf-8?B?w6QueGxz?=\"\n\n2\n"
		"--b\nContent-Type: a/b; name=worse.txt\nContent-Disposition: attachment; filename=\"a \\\"b\\\".txt\";\n"
		" modification-date=\"Thu, 1 Aug 2002 14:00:00 +0200\"\n\n3\n"
		"--b\nContent-Type: a/b\nContent-Disposition: attachment; filename*0=\"=?UTF-8?Q?=C3=BCbers\";\n filename*1=\"icht.txt?=\"\n\n5\n"
		"--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\n4\n"
		"--b\nContent-Type: text/plain; name=../../etc/notes\n\n5\n--b--\n");
	assert_child_text(&emitter, "€.pdf", "1", STATUS_OK);
	assert_child_text(&emitter, "ä.xls", "2", STATUS_OK);
	assert_child_text(&emitter, "a \"b\".txt", "3", STATUS_OK);
	assert_int_equal(emitter.children[2].modified, clock_from_civil(2002, 8, 1, 12, 0, 0));
	assert_int_equal(emitter.children[1].modified, CLOCK_UNKNOWN);
	assert_child_text(&emitter, "übersicht.txt", "5", STATUS_OK);
	assert_child_text(&emitter, "part-5", "4", STATUS_OK);
	assert_child_text(&emitter, "../../etc/notes", "5", STATUS_OK);
	assert_int_equal(emitter.child_count, 6);
	recording_emitter_free(&emitter);
}

static void passes_attached_messages_on(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, HEAD
	             "Content-Type: multipart/mixed; boundary=b\n\n"
	             "--b\nContent-Type: message/rfc822\n\nFrom: c@example.com\n\ninner\n"
	             "--b\nContent-Type: message/rfc822; name=told.eml\nContent-Transfer-Encoding: base64\n\nRnJvbTogeA0KDQo=\n"
	             "--b\nContent-Type: multipart/digest; boundary=d\n\n--d\n\nFrom: d@example.com\n\none\n--d--\n"
	             "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; lost@example.net\n--b--\n");
	assert_child_text(&emitter, "1.eml", "From: c@example.com\n\ninner", STATUS_OK);
	assert_child_text(&emitter, "told.eml", "From: x\r\n\r\n", STATUS_OK);
	assert_child_text(&emitter, "3.eml", "From: d@example.com\n\none", STATUS_OK);
	assert_contains(recording_emitter_text(&emitter), "lost@example.net");
	recording_emitter_free(&emitter);
}

static void says_what_is_encrypted(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, HEAD
	             "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n"
	             "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
	             "--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n--b--\n");
	assert_int_equal(emitter.child_count, 1);
	assert_child_text(&emitter, "encrypted.asc", "-----BEGIN PGP MESSAGE-----", STATUS_ENCRYPTED);
	recording_emitter_free(&emitter);
	/* By its own word, and by the object identifier it begins with. */
	read_message(&emitter, HEAD "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nxx\n");
	assert_int_equal(emitter.children[0].how, STATUS_ENCRYPTED);
	recording_emitter_free(&emitter);
	read_message(&emitter,
	             HEAD "Content-Type: application/x-pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
	                  "MIAGCSqGSIb3DQEHA6CAMIACAQA=\n");
	assert_int_equal(emitter.children[0].how, STATUS_ENCRYPTED);
	recording_emitter_free(&emitter);
	read_message(&emitter, HEAD "Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
	                            "MIAGCSqGSIb3DQEHAqCAMIACAQA=\n");
	assert_int_equal(emitter.children[0].how, STATUS_OK);
	recording_emitter_free(&emitter);
}

static void reads_through_signatures(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, HEAD "Content-Type: multipart/signed; boundary=s; micalg=sha-256\n\n"
	                            "--s\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nsigned words\n--m--\n\n"
	                            "--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nsig\n--s--\n");
	assert_contains(recording_emitter_text(&emitter), "signed words\n");
	assert_child_text(&emitter, "smime.p7s", "sig", STATUS_OK);
	recording_emitter_free(&emitter);
}

static void reads_text_in_charsets_nobody_knows(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, HEAD "Content-Type: text/plain; charset=x-martian\n\nna\xEFve\n");
	assert_contains(recording_emitter_text(&emitter), "naïve");
	assert_contains(emitter.note, "x-martian");
	recording_emitter_free(&emitter);
	/* The semicolon is missing; the type alone would not be understood. */
	read_message(&emitter, HEAD "Content-Type: text/html charset=koi8-r\n\n<p>\xF0\n");
	assert_contains(recording_emitter_text(&emitter), "П");
	recording_emitter_free(&emitter);
}

static void reads_what_is_there_of_broken_multiparts(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, HEAD "Content-Type: multipart/mixed; boundary=o\n\n"
	                            "--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nnever closed\n"
	                            "--o\nContent-Type: a/b; name=after\n\nstill here\n--o");
	assert_contains(recording_emitter_text(&emitter), "never closed\n");
	assert_child_text(&emitter, "after", "still here", STATUS_OK);
	assert_contains(emitter.note, "ends before");
	recording_emitter_free(&emitter);
	read_message(&emitter, HEAD "Content-Type: multipart/mixed\n\n--x\nplain after all\n");
	assert_contains(recording_emitter_text(&emitter), "--x\nplain after all\n");
	recording_emitter_free(&emitter);
	read_message(&emitter, HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: a/b; name=cut\n\nhalf");
	assert_child_text(&emitter, "cut", "half", STATUS_OK);
	recording_emitter_free(&emitter);
}

/* A boundary may fall anywhere on the reader's window; lines like it, and line breaks, must come through. */
static void finds_boundaries_wherever_they_lie(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 40; shift++) {
		struct buffer message = buffer_with_ceiling(1u << 20), body = buffer_with_ceiling(1u << 20);
		buffer_append_string(&message, HEAD "Content-Type: multipart/mixed; boundary=bound\n\n"
		                                    "--bound\nContent-Type: a/b; name=first\n\n");
		while (message.len + body.len < (256u << 10) + shift - 24)
			buffer_append_byte(&body, 'x');
		buffer_append_string(&body, "\r\n--bounds\r\n--boun\r\n\r\n");
		buffer_append(&message, buffer_bytes(&body));
		buffer_append_string(&message, "\r\n--bound\r\nContent-Type: a/b; name=second\r\n\r\ntwo\r\n--bound--\r\n");
		for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
			struct emitter emitter;
			assert_int_equal(read_as(&emitter, &format_eml, buffer_bytes(&message), is_mapped), STATUS_OK);
			assert_child_text(&emitter, "first", buffer_string(&body), STATUS_OK);
			assert_child_text(&emitter, "second", "two", STATUS_OK);
			recording_emitter_free(&emitter);
		}
		buffer_free(&message);
		buffer_free(&body);
	}
}

/* ---- hostile ---- */

static void calls_nesting_and_floods_of_parts_bombs(void **state)
{
	(void)state;
	struct buffer message = buffer_with_ceiling(8u << 20);
	struct emitter emitter;
	buffer_append_string(&message, HEAD);
	for (int i = 0; i < 150; i++)
		buffer_append_format(&message, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	assert_int_equal(read_as(&emitter, &format_eml, buffer_bytes(&message), true), STATUS_BOMB);
	recording_emitter_free(&emitter);
	buffer_reset(&message);
	buffer_append_string(&message, HEAD "Content-Type: multipart/mixed; boundary=b\n\n");
	for (int i = 0; i < 150000; i++)
		buffer_append_string(&message, "--b\n\nx\n");
	assert_int_equal(read_as(&emitter, &format_eml, buffer_bytes(&message), true), STATUS_BOMB);
	recording_emitter_free(&emitter);
	buffer_free(&message);
}

static void stops_as_soon_as_the_emitter_refuses(void **state)
{
	(void)state;
	static const char message[] =
		"From a@example.org Thu Aug  1 10:00:00 2002\n" HEAD
		"Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\ntext\n--b\nContent-Type: text/html\n\n<p>\n"
		"--b\nContent-Type: message/rfc822\n\nFrom: x\n\ny\n--b--\nafter\n"
		"From b@example.org Thu Aug  1 10:00:00 2002\nSubject: two\n\n>From here\n";
	const struct format *const formats[] = {&format_eml, &format_mbox};
	struct emitter emitter;
	for (size_t f = 0; f < 2; f++) {
		assert_int_equal(read_as(&emitter, formats[f], bytes_of_string(message), true), STATUS_OK);
		recording_emitter_free(&emitter);
		assert_obeys(formats[f], bytes_of_string(message));
	}
}

/* ---- what is mail ---- */

static void knows_mail_by_its_fields(void **state)
{
	(void)state;
	assert_true(bid_of(&format_eml, "Received: from a by b; Mon, 1 Aug 2022 10:00:00 +0200\nFrom: a@b.cc\n\nx", "") > 40);
	assert_true(bid_of(&format_eml, "Message-ID: <a@b>\nSubject: x\n\n", "") > 40);
	assert_true(bid_of(&format_eml, "From: a@b.cc\nTo: d@e.ff\nSubject: x\n\nbody", "") > 40);
	assert_true(bid_of(&format_eml, "from: a@b.cc\nmime-version: 1.0\n\nbody", "") > 40);
	assert_true(bid_of(&format_eml, "\n\nMIME-Version: 1.0\nContent-Type: text/plain\n\nbody", "") > 40);
	assert_true(bid_of(&format_eml, "71\nReturn-Path: <a@b.cc>\nFrom: a@b.cc\n\nbody", "") > 40);
	/* A name decides nothing: a twin of the same bytes has another. */
	assert_int_equal(bid_of(&format_eml, "Hello: there\n\nbody", "x.eml"), 0);
	assert_int_equal(bid_of(&format_eml, "{\"from\": 1}\n", "x.eml"), 0);
}

static void leaves_other_text_alone(void **state)
{
	(void)state;
	static const char *const others[] = {
		"",
		"\n",
		"From: here to eternity, said she.\nAnd: went.\n",
		"HTTP/1.1 200 OK\r\nDate: Mon, 1 Aug 2022 10:00:00 GMT\r\nContent-Type: text/html\r\n\r\n<html>",
		"Date: Mon, 1 Aug 2022 10:00:00 GMT\r\nContent-Type: text/html\r\nServer: x\r\n\r\n<html>",
		"from: a@example.org\nto: b@example.org\nsubject: c\nbody: d\n",
		"name: ci\non: push\njobs:\n  build:\n    steps: []\n",
		"BEGIN:VCARD\r\nVERSION:3.0\r\nEMAIL:a@example.org\r\nEND:VCARD\r\n",
		"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nORGANIZER:mailto:a@example.org\r\n",
		"Package: tidemark\nMaintainer: A <a@example.org>\nDescription: x\n",
		"User-agent: *\nDisallow: /\n",
		"{\"from\": \"a@example.org\"}",
		"To,From,Subject\na,b,c\n",
		"2022-08-01 10:00:00 INFO from: a@example.org to: b@example.org\n",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_int_equal(bid_of(&format_eml, others[i], "x.txt"), 0);
		assert_int_equal(bid_of(&format_mbox, others[i], "x.txt"), 0);
	}
}

static void reads_apple_mail(void **state)
{
	(void)state;
	struct emitter emitter;
	read_message(&emitter, "40      \nFrom: a@example.org\nSubject: x\n\nbody.\n<?xml version=\"1.0\"?><plist/>");
	assert_contains(recording_emitter_text(&emitter), "body.");
	assert_null(strstr(recording_emitter_text(&emitter), "plist"));
	recording_emitter_free(&emitter);
}

/* ---- mbox ---- */

static void splits_mailboxes_at_envelopes_alone(void **state)
{
	(void)state;
	static const char mailbox[] =
		"From a@example.org Thu Aug  1 10:00:00 2002\nSubject: one\n\nFrom here on it is prose.\n>From the quoted line\n"
		">>From twice\n> From as it is\n\n"
		"From b@example.org  Fri Aug  2 10:00:00 2002 +0200\r\nSubject: two\r\n\r\nFrom then: 12:30 is no envelope\r\n\r\n"
		"From c@example.org Sat Aug  3 10:00:00 2002\n\nno fields at all\n";
	for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
		struct emitter emitter;
		assert_int_equal(read_as(&emitter, &format_mbox, bytes_of_string(mailbox), is_mapped), STATUS_OK);
		assert_int_equal(emitter.child_count, 3);
		assert_child_text(&emitter, "1.eml",
		                  "Subject: one\n\nFrom here on it is prose.\nFrom the quoted line\n>From twice\n"
		                  "> From as it is\n\n",
		                  STATUS_OK);
		assert_child_text(&emitter, "2.eml", "Subject: two\r\n\r\nFrom then: 12:30 is no envelope\r\n\r\n", STATUS_OK);
		assert_child_text(&emitter, "3.eml", "\nno fields at all\n", STATUS_OK);
		recording_emitter_free(&emitter);
	}
	assert_true(bid_of(&format_mbox, mailbox, "") > bid_of(&format_eml, mailbox, ""));
}

/* Envelopes that were written without a date, and lines that only look like them. */
static void splits_mailboxes_without_dates(void **state)
{
	(void)state;
	static const char mailbox[] =
		"From \nFrom: a@example.org\nSubject: one\n\nFrom \nhere: on\n\nFrom b@example.org it came, she said\nTo: x\nSubject: y\n\n"
		"From\nFrom: c@example.org\nSubject: no blank behind From\n\n"
		"From b@example.org\r\nFrom: b@example.org\r\nSubject: two\r\n\r\nbody\r\n"
		"From c@example.org\r\nFrom: c@example.org\r\nSubject: no empty line before\r\n\r\n"
		"From MAILER-DAEMON\nReceived: from x by y\nTo: d@example.org\n\nthree\n";
	for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
		struct emitter emitter;
		assert_int_equal(read_as(&emitter, &format_mbox, bytes_of_string(mailbox), is_mapped), STATUS_OK);
		assert_int_equal(emitter.child_count, 3);
		assert_child_text(&emitter, "3.eml", "Received: from x by y\nTo: d@example.org\n\nthree\n", STATUS_OK);
		recording_emitter_free(&emitter);
	}
	assert_true(bid_of(&format_mbox, mailbox, "") > bid_of(&format_eml, mailbox, ""));
	static const char single[] = "From \nFrom: a@example.org\nTo: b@example.org\nSubject: one\n\nbody\n";
	assert_true(bid_of(&format_mbox, single, "") < bid_of(&format_eml, single, ""));
}

static void leaves_a_single_message_to_eml(void **state)
{
	(void)state;
	static const char message[] = "From a@example.org Thu Aug  1 10:00:00 2002\nFrom: a@example.org\nTo: b@example.org\n"
				      "Subject: one\n\nbody\n";
	struct emitter emitter;
	assert_true(bid_of(&format_mbox, message, "") < bid_of(&format_eml, message, ""));
	read_message(&emitter, message);
	assert_string_equal(buffer_string(&emitter.title), "one");
	recording_emitter_free(&emitter);
}

/* Messages longer than the window, so that envelopes and quoted lines fall on its edges. */
static void splits_mailboxes_wherever_envelopes_lie(void **state)
{
	(void)state;
	static const char envelope[] = "From a@example.org Thu Aug  1 10:00:00 2002\nSubject: x\n\n";
	for (size_t shift = 0; shift < 2200; shift += 17) {
		struct buffer mailbox = buffer_with_ceiling(2u << 20);
		struct emitter emitter;
		buffer_append_string(&mailbox, envelope);
		while (mailbox.len < (255u << 10) + shift)
			buffer_append_byte(&mailbox, mailbox.len % 64 == 0 ? '\n' : 'x');
		buffer_append_string(&mailbox, "\n>>From quoted\n");
		buffer_append_string(&mailbox, envelope);
		assert_int_equal(read_as(&emitter, &format_mbox, buffer_bytes(&mailbox), false), STATUS_OK);
		assert_int_equal(emitter.child_count, 2);
		assert_true(bytes_end_with(buffer_bytes(&emitter.children[0].bytes), BYTES_LITERAL("x\n>From quoted\n")) ||
		            bytes_end_with(buffer_bytes(&emitter.children[0].bytes), BYTES_LITERAL("\n\n>From quoted\n")));
		assert_string_equal(buffer_string(&emitter.children[1].bytes), "Subject: x\n\n");
		recording_emitter_free(&emitter);
		buffer_free(&mailbox);
	}
}

static int prepare(void **state)
{
	(void)state;
	return format_eml.prepare() == STATUS_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_fields_decoded),
		cmocka_unit_test(reads_dates_as_people_write_them),
		cmocka_unit_test(mends_fields_that_were_folded_badly),
		cmocka_unit_test(reads_the_first_mebibyte_of_fields),
		cmocka_unit_test(puts_plain_bodies_into_the_text),
		cmocka_unit_test(takes_the_better_of_two_forms),
		cmocka_unit_test(reads_pages_as_bodies),
		cmocka_unit_test(joins_lines_that_flow),
		cmocka_unit_test(believes_no_lie_about_encodings),
		cmocka_unit_test(finds_files_in_bodies),
		cmocka_unit_test(finds_files_over_seams),
		cmocka_unit_test(undoes_transfer_encodings),
		cmocka_unit_test(names_parts),
		cmocka_unit_test(passes_attached_messages_on),
		cmocka_unit_test(says_what_is_encrypted),
		cmocka_unit_test(reads_through_signatures),
		cmocka_unit_test(reads_text_in_charsets_nobody_knows),
		cmocka_unit_test(reads_what_is_there_of_broken_multiparts),
		cmocka_unit_test(finds_boundaries_wherever_they_lie),
		cmocka_unit_test(calls_nesting_and_floods_of_parts_bombs),
		cmocka_unit_test(stops_as_soon_as_the_emitter_refuses),
		cmocka_unit_test(knows_mail_by_its_fields),
		cmocka_unit_test(leaves_other_text_alone),
		cmocka_unit_test(reads_apple_mail),
		cmocka_unit_test(splits_mailboxes_at_envelopes_alone),
		cmocka_unit_test(splits_mailboxes_without_dates),
		cmocka_unit_test(leaves_a_single_message_to_eml),
		cmocka_unit_test(splits_mailboxes_wherever_envelopes_lie),
	};
	return cmocka_run_group_tests(tests, prepare, NULL);
}

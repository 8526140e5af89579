/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

#include "words/person-words.h"

extern const struct detector detector_person;

static void finds_names_before_addresses(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"From: Helen Park <helen.park@contoso.com>", "Helen Park"},
		{"To: \"Anna  Bergström\" <anna@contoso.com>, Tom Fry <tom@fabrikam.com>\n", "Anna Bergström Tom Fry"},
		{"Cc: Bergstrom, Anna <a.bergstrom@contoso.com>; Fry, Tom <tf@fabrikam.com>", "Anna Bergstrom Tom Fry"},
		{"\"Park, Helen\" <hp@contoso.com>", "Helen Park"},
		{"Dr. Jürgen von der Au <j.vonderau@contoso.com>", "Jürgen von der Au"},
		{"ANNA-LENA MÜLLER <am@contoso.com>", "Anna-Lena Müller"},
		{"[mailto] Helen J. O'Neill <mailto:helen@contoso.com>", "Helen J. O'Neill"},
		{"helen park <helen.park@contoso.com>", "helen park"},
		{"Helen <helen@contoso.com>", "Helen"},
	};
	CHECK_EXAMPLES(FINDING_PERSON, examples);
}

static void leaves_posts_and_firms(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Contoso Support <support@contoso.com> Billing Team <b@contoso.com>", ""},
		{"GitHub <noreply@github.com> info <info@contoso.com> Helen <office@contoso.com>", ""},
		{"Fabrikam GmbH <post@fabrikam.de> Contoso Ltd. <x@contoso.com>", ""},
		{"if (a < b) vector<int> Helen Park <br> Helen Park <http://contoso.com> Helen Park <a b@c.com>", ""},
		{"FoRK <fork@contoso.com> News.com Daily <news.com@contoso.com> xxxx xxxxx <xxxx@contoso.com>", ""},
		{"Helen Park via Lists <list@contoso.com>", ""},
		{"x1 y2 <a@contoso.com> ### <a@contoso.com> <a@contoso.com>", ""},
	};
	CHECK_EXAMPLES(FINDING_PERSON, examples);
}

static void finds_names_behind_labels(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Contact: Helen Park E-mail: helen@contoso.com", "Helen Park"},
		{"Contact\tHelen Park\tE-mail\thelen@contoso.com\n", "Helen Park"},
		{"Ansprechpartnerin: Frau Dr. Katrin Schäfer\nTel: 1", "Katrin Schäfer"},
		{"Nom complet : Amélie de la Tour, Paris", "Amélie de la Tour"},
		{"Persona de contacto: Íñigo Pérez García (Madrid)", "Íñigo Pérez García"},
		{"Prepared by: H. Park.", "H. Park"},
		{"contact: Helen Park <helen@contoso.com>", "Helen Park"},
	};
	CHECK_EXAMPLES(FINDING_PERSON, examples);
}

static void leaves_what_is_no_name(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Contact: Contoso Ltd.", ""},
		{"Contact: sales department\nContact: see below\nOwner: root\nAuthor: 2019", ""},
		{"Contact\tContact Person\tPhone Number\n", ""},
		{"Time: Helen Park\nSubject: Helen Park\nhttp://helen", ""},
		{"Contact: Helen", ""},
		{"Owner: The United States of America", ""},
	};
	CHECK_EXAMPLES(FINDING_PERSON, examples);
}

/* Megabytes of what makes it look: it ends, and finds nothing. */
static void costs_no_more_than_its_length(void **state)
{
	(void)state;
	static const char *const pieces[] = {"<",  "a <", "contact:", "Contact:\t",           "Aa Bb <a@",
	                                     "A ", "\t",  "<a@b>",    "Contact: A B C D E F "};
	struct buffer text = buffer_with_ceiling(4 << 20), values = buffer_with_ceiling(4 << 20);
	assert_int_equal(detector_prepare_all(), STATUS_OK);
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		buffer_reset(&text);
		while (text.len < 1 << 20)
			buffer_append_string(&text, pieces[i]);
		scan_text(FINDING_PERSON, buffer_bytes(&text), &values, NULL);
		assert_int_equal(values.len, 0);
	}
	buffer_free(&text);
	buffer_free(&values);
}

static void lists_are_in_order(void **state)
{
	(void)state;
	assert_string_equal(detector_person.name, "person");
	assert_int_equal(person_words_prepare(), STATUS_OK);
	assert_true(person_is_label(BYTES_LITERAL("contact person")));
	assert_true(person_is_no_name(BYTES_LITERAL("team")));
	assert_false(person_is_label(BYTES_LITERAL("time")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_names_before_addresses),  cmocka_unit_test(leaves_posts_and_firms),
		cmocka_unit_test(finds_names_behind_labels),     cmocka_unit_test(leaves_what_is_no_name),
		cmocka_unit_test(costs_no_more_than_its_length), cmocka_unit_test(lists_are_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Which words stand for each other in a search. */
#include "words/forms.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

static struct fold *fold;

static int set_up(void **state)
{
	(void)state;
	return fold_new(&fold) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	fold_free(fold);
	return 0;
}

static bool meets(const char *word, const char *other)
{
	struct forms forms;
	if (!forms_make(fold, bytes_of_string(word), &forms))
		return false;
	for (size_t i = 0; i < forms.count; i++)
		if (bytes_equal(forms_at(&forms, i), bytes_of_string(other)))
			return true;
	return false;
}

struct pair {
	const char *one, *other;
};

/* Folded, as an index has them. */
/* clang-format off */
static const struct pair alike[] = {
	{"invoice", "invoices"}, {"invoice", "invoiced"}, {"invoice", "invoicing"}, {"contract", "contracts"}, {"policy", "policies"},
	{"address", "addresses"}, {"match", "matches"}, {"wish", "wishes"}, {"ship", "shipped"}, {"plan", "planning"},
	{"transfer", "transferring"}, {"cancel", "cancelled"}, {"survey", "surveys"}, {"carry", "carried"}, {"quote", "quotes"},
	{"rechnung", "rechnungen"}, {"vertrag", "vertrage"}, {"vertrag", "vertrages"}, {"kunde", "kunden"}, {"kundin", "kundinnen"},
	{"lieferschein", "lieferscheine"}, {"steuer", "steuern"}, {"datei", "dateien"}, {"konto", "konten"}, {"firma", "firmen"},
	{"zeugnis", "zeugnisse"}, {"zentrum", "zentren"}, {"handbuch", "handbucher"}, {"gehalt", "gehalter"}, {"bild", "bildern"},
	{"facture", "factures"}, {"journal", "journaux"}, {"bureau", "bureaux"}, {"contrat", "contrats"}, {"signe", "signes"},
	{"factura", "facturas"}, {"contrato", "contratos"}, {"proveedor", "proveedores"}, {"reunion", "reuniones"}, {"capaz", "capaces"},
};
static const struct pair apart[] = {
	{"invoice", "invoicelike"}, {"invoice", "voice"}, {"address", "addres"}, {"note", "not"}, {"need", "ne"}, {"bring", "br"},
	{"status", "state"}, {"order", "ord"}, {"cost", "coast"}, {"contract", "contractor"}, {"bank", "banker"}, {"form", "former"},
	{"bus", "buses"}, {"nda", "ndas"}, {"paris", "par"}, {"list", "listener"}, {"letter", "lett"}, {"goal", "goaux"}, {"goal", "gaux"}, {"drum", "dren"}, {"paper", "pap"},
};
/* clang-format on */

static void each_meets_the_other_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
		if (!meets(alike[i].one, alike[i].other) || !meets(alike[i].other, alike[i].one))
			fail_msg("%s and %s", alike[i].one, alike[i].other);
	}
	for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
		if (meets(apart[i].one, apart[i].other))
			fail_msg("%s and %s", apart[i].one, apart[i].other);
}

static void what_is_not_one_latin_word_stands_for_itself(void **state)
{
	(void)state;
	static const char *const alone[] = {"",
	                                    "a",
	                                    "nda",
	                                    "two words",
	                                    "e-mail",
	                                    "2021",
	                                    "inv2021",
	                                    "\xD0\xB4\xD0\xBE\xD0\xB3\xD0\xBE\xD0\xB2\xD0\xBE\xD1\x80",
	                                    "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE5\xBA\x81",
	                                    "abcdefghijklmnopqrstuvwxyzabcdefg"};
	struct forms forms;
	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
		assert_false(forms_make(fold, bytes_of_string(alone[i]), &forms));
	assert_true(forms_make(fold, BYTES_LITERAL(" M\xC3\xBCllers, "), &forms));
	assert_true(bytes_equal(forms_at(&forms, 0), BYTES_LITERAL("mullers")));
	assert_true(meets("Vertr\xC3\xA4ge", "vertrag"));
}

/* Each once, all with one beginning, and never more than have room. */
static void forms_are_few_and_begin_alike(void **state)
{
	(void)state;
	static const char letters[] = "aeiouycdlmnprstxz";
	char word[FORMS_LETTERS_MOST + 1] = {0};
	struct forms forms;
	uint32_t random = 2463534242u;
	for (int round = 0; round < 200000; round++) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		size_t length = FORMS_LETTERS_LEAST + random % (FORMS_LETTERS_MOST - FORMS_LETTERS_LEAST + 1);
		for (size_t i = 0; i < length; i++)
			word[i] = letters[(random >> (i % 24)) * (i + 7) % (sizeof letters - 1)];
		assert_true(forms_make(fold, bytes_of(word, length), &forms));
		assert_true(forms.count >= 1 && forms.count <= FORMS_MAX);
		struct bytes beginning = forms_beginning(&forms);
		assert_true(beginning.len >= FORMS_BEGINNING_LEAST);
		for (size_t i = 0; i < forms.count; i++) {
			assert_true(bytes_start_with(forms_at(&forms, i), beginning));
			for (size_t j = 0; j < i; j++)
				assert_false(bytes_equal(forms_at(&forms, i), forms_at(&forms, j)));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_meets_the_other_both_ways),
		cmocka_unit_test(what_is_not_one_latin_word_stands_for_itself),
		cmocka_unit_test(forms_are_few_and_begin_alike),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

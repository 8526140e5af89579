/* SPDX-License-Identifier: Apache-2.0 */
/* What the register lists becomes findings beside those of the detectors, and gives way to none of them. */
#include "reading/registered.h"

#include "base/text.h"
#include "words/lexicon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* Behind our headers: it defines a macro called fail. */
#include <cmocka.h>

/* clang-format off */
#define TEXT(text) {(const unsigned char *)(text), sizeof(text) - 1}
/* clang-format on */

static const struct lexicon_owner owners[] = {
	{TEXT("contoso.com"), TEXT("Contoso AG")}, {TEXT("fabrikam.de"), TEXT("")}, {TEXT("litware.fr"), TEXT("Litware")}};
static const struct lexicon_term terms[] = {
	{0, LEXICON_NAME, false, TEXT("Contoso")},
	{1, LEXICON_NAME, false, TEXT("Fabrikam Maschinen GmbH")},
	{2, LEXICON_NUMBER, false, TEXT("K-10234")},
};

static struct buffer block;

static int use(void **state)
{
	const unsigned char seed[LEXICON_SEED_SIZE] = {7};
	struct fold *fold;
	(void)state;
	block = buffer_with_ceiling(LEXICON_SIZE_MAX);
	assert_int_equal(registered_prepare(), STATUS_OK);
	assert_int_equal(fold_new(&fold), STATUS_OK);
	assert_int_equal(lexicon_build(fold, seed, owners, 3, terms, 3, &block), STATUS_OK);
	fold_free(fold);
	assert_false(registered_has_names());
	assert_int_equal(registered_use(buffer_bytes(&block)), STATUS_OK);
	assert_true(registered_has_names());
	return 0;
}

static int leave(void **state)
{
	(void)state;
	buffer_free(&block);
	return 0;
}

static enum status tell(void *context, const struct finding *finding, const struct register_mention *mention)
{
	struct buffer *told = context;
	assert_true(finding->from == mention->from && finding->to == mention->to && finding->kind == FINDING_ORGANISATION_NAME);
	buffer_append_format(told, "%llu-%llu ", (unsigned long long)finding->from, (unsigned long long)finding->to);
	buffer_append(told, mention->domain);
	buffer_append_byte(told, '=');
	buffer_append(told, finding->value);
	buffer_append_format(told, "%s%s%s;", mention->is_number ? " number" : "", mention->is_doubtful ? " doubtful" : "",
	                     mention->is_carved ? " carved" : "");
	assert_true(mention->is_carved == finding_is_carved(finding) && finding->confidence <= (mention->is_carved ? 0.5f : 1));
	assert_true(mention->is_number == bytes_equal_string(finding->subkind, REGISTERED_NUMBER));
	return STATUS_OK;
}

static void check(const char *text, const char *guess, const char *told_so, bool guess_stays)
{
	struct bytes whole = bytes_of_string(text), raw = bytes_of_string(guess);
	struct buffer told = buffer_with_ceiling(4096);
	size_t at = guess != NULL ? bytes_find(whole, raw) : 0;
	assert_true(at != BYTES_NOT_FOUND);
	struct finding finding = {.kind = FINDING_ORGANISATION_NAME, .raw = raw, .value = raw};
	finding.from = text_count(bytes_slice(whole, 0, at));
	finding.to = finding.from + text_count(raw);
	const struct registered_question question = {.text = whole, .findings = &finding, .finding_count = guess != NULL};
	assert_int_equal(registered_find(&question, tell, &told), STATUS_OK);
	if (!bytes_equal_string(buffer_bytes(&told), told_so))
		fail_msg("%s: %s", text, buffer_string(&told));
	if (guess != NULL && (finding.kind == FINDING_ORGANISATION_NAME) != guess_stays)
		fail_msg("%s: %s", text, guess_stays ? "the guess is gone" : "the guess stays");
	buffer_free(&told);
}

static void names_take_the_place_of_guesses(void **state)
{
	(void)state;
	check("für Contoso und", NULL, "4-11 contoso.com=Contoso AG;", false);
	check("Fabrikam Maschinen GmbH", "Fabrikam Maschinen GmbH", "0-23 fabrikam.de=fabrikam.de;", false);
	check("an Contoso Ltd. in", "Contoso Ltd.", "3-10 contoso.com=Contoso AG;", false);
	check("an Contoso GmbH & Co. KG in", "Contoso GmbH & Co. KG", "3-10 contoso.com=Contoso AG;", false);
	check("an Contoso; Litware Ltd", "Litware Ltd", "3-10 contoso.com=Contoso AG;", true);
}

static void a_longer_name_is_perhaps_anothers(void **state)
{
	(void)state;
	check("an Contoso Energy Ltd in", "Contoso Energy Ltd", "3-10 contoso.com=Contoso AG doubtful;", true);
	check("an New Contoso Ltd in", "New Contoso Ltd", "7-14 contoso.com=Contoso AG doubtful;", true);
	check("Fabrikam Maschinen GmbH & Co. KG", "Fabrikam Maschinen GmbH & Co. KG", "0-23 fabrikam.de=fabrikam.de doubtful;",
	      true);
}

static void numbers_are_told_apart(void **state)
{
	(void)state;
	check("Kunde K-10234.", NULL, "6-13 litware.fr=Litware number;", false);
}

static void what_was_carved_says_so(void **state)
{
	const struct carved_span carved[] = {{8, 16}, {24, 31}};
	struct buffer told = buffer_with_ceiling(4096);
	(void)state;
	const struct registered_question question = {
		.text = BYTES_LITERAL("Contoso Contoso Contoso Contoso"), .carved = carved, .carved_count = 2};
	assert_int_equal(registered_find(&question, tell, &told), STATUS_OK);
	assert_string_equal(buffer_string(&told), "0-7 contoso.com=Contoso AG;8-15 contoso.com=Contoso AG carved;"
	                                          "16-23 contoso.com=Contoso AG;24-31 contoso.com=Contoso AG carved;");
	buffer_free(&told);
}

static void what_is_no_register_is_refused(void **state)
{
	(void)state;
	block.at[20] ^= 1; /* of its seed: another block */
	block.at[0] ^= 1;
	assert_int_equal(registered_use(buffer_bytes(&block)), STATUS_MALFORMED);
	assert_false(registered_has_names());
	check("Contoso", NULL, "", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_take_the_place_of_guesses), cmocka_unit_test(a_longer_name_is_perhaps_anothers),
		cmocka_unit_test(numbers_are_told_apart),          cmocka_unit_test(what_was_carved_says_so),
		cmocka_unit_test(what_is_no_register_is_refused),
	};
	return cmocka_run_group_tests(tests, use, leave);
}

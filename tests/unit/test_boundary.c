/* SPDX-License-Identifier: Apache-2.0 */
/* Where a subject ends: itself and what is below it, but not below a public suffix of others' names. */
#include "proving/boundary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_subject_holds_itself_and_what_is_below(void **state)
{
	(void)state;
	assert_true(boundary_holds("contoso.com", "contoso.com"));
	assert_true(boundary_holds("contoso.com", "www.contoso.com"));
	assert_true(boundary_holds("contoso.co.uk", "a.b.contoso.co.uk"));
	assert_true(boundary_holds("contoso.github.io", "www.contoso.github.io"));
	assert_true(boundary_holds("contoso.test", "proof.contoso.test"));
}

static void parents_siblings_and_look_alikes_are_others(void **state)
{
	static const char *const others[] = {
		"com",         "notcontoso.com",    "contoso.com.example.org", "contoso.org", "oso.com", "", ".contoso.com.x",
		"contoso-com", "xn--cntoso-bxa.com"};
	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (boundary_holds("contoso.com", others[i]))
			fail_msg("%s", others[i]);
	assert_false(boundary_holds("www.contoso.com", "contoso.com"));
}

static void below_a_public_suffix_names_are_other_peoples(void **state)
{
	(void)state;
	assert_false(boundary_holds("blogspot.com", "someone.blogspot.com") && boundary_holds("github.io", "someone.github.io"));
	assert_false(boundary_holds("amazonaws.com", "bucket.s3.amazonaws.com"));
	assert_false(boundary_holds("azurewebsites.net", "someone.azurewebsites.net") &&
	             boundary_holds("co.uk", "contoso.co.uk"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_subject_holds_itself_and_what_is_below),
		cmocka_unit_test(parents_siblings_and_look_alikes_are_others),
		cmocka_unit_test(below_a_public_suffix_names_are_other_peoples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

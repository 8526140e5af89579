/* SPDX-License-Identifier: Apache-2.0 */
/* Which sectors are told first, and what a domain says of its own. */
#include "model/sector.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static void a_sector_is_ranked_by_its_words(void **state)
{
	static const struct {
		const char *sector;
		enum sector_rank rank;
	} cases[] = {
		{"", SECTOR_OTHER},
		{"Retail", SECTOR_OTHER},
		{"government", SECTOR_GOVERNMENT},
		{"Local Government, transport", SECTOR_GOVERNMENT},
		{"Öffentliche Verwaltung", SECTOR_GOVERNMENT},
		{"Kommunale Verwaltung", SECTOR_GOVERNMENT},
		{"energy", SECTOR_CRITICAL},
		{"Renewable energy", SECTOR_CRITICAL},
		{"synergy", SECTOR_OTHER},
		{"health-care", SECTOR_CRITICAL},
		{"Telecommunications", SECTOR_CRITICAL},
		{"Banking", SECTOR_CRITICAL},
		{"Embankments", SECTOR_OTHER},
		{"\xc3\xa4gas", SECTOR_OTHER},
		{"critical infrastructure", SECTOR_CRITICAL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (sector_rank_of(bytes_of_string(cases[i].sector), BYTES_NONE) != cases[i].rank)
			fail_msg("%s", cases[i].sector);
}

static void a_domain_of_a_government_is_one(void **state)
{
	static const char *const governments[] = {"gov",      "nasa.gov", "example.gov.uk", "a.gouv.fr",
	                                          "army.mil", "x.gc.ca",  "x.bund.de",      "soto.gub.uy"};
	static const char *const others[] = {
		"",        "gov.example.com", "gov-services.com", "notgov.org", "mygov",      "bund.example",
		"gov.com", "gov.uk",          "x.gov.example",    "xgov.uk",    "notbund.de", "x.gob.museum"};
	(void)state;
	for (size_t i = 0; i < sizeof governments / sizeof *governments; i++)
		if (sector_rank_of(BYTES_NONE, bytes_of_string(governments[i])) != SECTOR_GOVERNMENT)
			fail_msg("%s", governments[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (sector_rank_of(BYTES_NONE, bytes_of_string(others[i])) != SECTOR_OTHER)
			fail_msg("%s", others[i]);
	assert_int_equal(sector_rank_of(BYTES_LITERAL("energy"), BYTES_LITERAL("x.gov")), SECTOR_GOVERNMENT);
}

static void the_end_of_a_domain_tells_its_sector(void **state)
{
	static const char *const cases[][2] = {
		{"x.gov.uk", "government"},
		{"navy.mil", "military"},
		{"x.mil.no", "military"},
		{"x.edu", "education"},
		{"x.ac.uk", "education"},
		{"a.b.ac.jp", "education"},
		{"x.nhs.uk", "health"},
		{"x.int", "international"},
		{"x.europa.eu", "government"},
		{"europa.eu", "government"},
		{"x.ac.me", ""},
		{"contoso.com", ""},
		{"edu.com", ""},
		{"x.edu.com", ""},
		{"ac.uk.example", ""},
		{"", ""},
		{"neuropa.eu", ""},
		{"print", ""},
		{"mil.no", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (!bytes_equal_string(sector_of_domain(bytes_of_string(cases[i][0])), cases[i][1]))
			fail_msg("%s", cases[i][0]);
	assert_int_equal(sector_rank_of(BYTES_NONE, BYTES_LITERAL("x.nhs.uk")), SECTOR_CRITICAL);
	assert_int_equal(sector_rank_of(BYTES_LITERAL("retail"), BYTES_LITERAL("x.ac.uk")), SECTOR_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_sector_is_ranked_by_its_words),
	                                   cmocka_unit_test(a_domain_of_a_government_is_one),
	                                   cmocka_unit_test(the_end_of_a_domain_tells_its_sector)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Which sectors are told first. */
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
		{"Öffentliche Verwaltung", SECTOR_OTHER}, /* a capital beyond ASCII is another letter: in the list it is small */
		{"öffentliche verwaltung", SECTOR_GOVERNMENT},
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
		if (sector_rank_of(bytes_of_string(cases[i].sector)) != cases[i].rank)
			fail_msg("%s", cases[i].sector);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_sector_is_ranked_by_its_words)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

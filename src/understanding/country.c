/* SPDX-License-Identifier: Apache-2.0 */
/* Looking countries up. */
#include "understanding/country.h"

#include "understanding/lists.h"

static bool is_large_letter(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

struct bytes country_of_vat(struct bytes vat)
{
	struct bytes prefix = bytes_slice(vat, 0, 2);
	if (vat.len <= 2 || !is_large_letter(prefix.at[0]) || !is_large_letter(prefix.at[1]) || bytes_equal_string(prefix, "EU"))
		return BYTES_NONE;
	if (bytes_equal_string(prefix, "EL"))
		return BYTES_LITERAL("GR");
	return bytes_equal_string(prefix, "XI") ? BYTES_LITERAL("GB") : prefix;
}

static bool is_small_letter(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

void country_of_domain(struct bytes domain, char ret_code[3])
{
	size_t dot = bytes_find_last_byte(domain, '.');
	struct bytes label = dot == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(domain, dot + 1);
	memset(ret_code, 0, 3);
	/* Kept for one country's government (6 U.S.C. 665) and forces (IANA's root zone database: of the DoD). */
	if (bytes_equal_string(label, "gov") || bytes_equal_string(label, "mil"))
		label = BYTES_LITERAL("us");
	bool is_code = label.len == 2 && is_small_letter(label.at[0]) && is_small_letter(label.at[1]);
	if (!is_code || domain_list_find(&generic_countries_list, label) != NULL)
		return;
	if (bytes_equal_string(label, "uk"))
		label = BYTES_LITERAL("gb");
	for (size_t i = 0; i < 2; i++)
		ret_code[i] = (char)(label.at[i] - ('a' - 'A'));
}

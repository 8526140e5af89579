/* SPDX-License-Identifier: Apache-2.0 */
/* Looking countries up. */
#include "understanding/country.h"

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

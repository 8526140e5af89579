/* SPDX-License-Identifier: Apache-2.0 */
/* Names that the file and the wire share. */
#include "model/custom-rule.h"

const char *const custom_checksum_names[CUSTOM_CHECKSUM_COUNT] = {
	[CHECKSUM_NONE] = "none",          [CHECKSUM_LUHN] = "luhn",         [CHECKSUM_MOD_97] = "mod97",
	[CHECKSUM_MOD_11_10] = "mod11-10", [CHECKSUM_VERHOEFF] = "verhoeff", [CHECKSUM_GS1] = "gs1",
};
const char *const custom_form_names[CUSTOM_FORM_COUNT] = {
	[FORM_AS_WRITTEN] = "as-written",
	[FORM_UPPER] = "upper",
	[FORM_LOWER] = "lower",
	[FORM_DIGITS] = "digits",
};

bool custom_name_is_valid(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = name.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return name.len > 0 && name.len <= CUSTOM_NAME_MAX;
}

uint64_t custom_kinds(const struct custom_rules *rules)
{
	uint64_t kinds = 0;
	for (size_t i = 0; i < rules->rule_count; i++)
		kinds |= FINDING_KIND_BIT(rules->rules[i].kind);
	return kinds;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Names of finding kinds, as the interface fixes them. */
#include "model/finding.h"

/* clang-format off */
static const char *const names[FINDING_KIND_COUNT] = {
	[FINDING_EMAIL] = "email", [FINDING_DOMAIN] = "domain", [FINDING_URL] = "url",
	[FINDING_STORAGE_URL] = "storage_url", [FINDING_PHONE] = "phone", [FINDING_PERSON] = "person",
	[FINDING_ORGANISATION_NAME] = "organisation_name", [FINDING_POSTAL_ADDRESS] = "postal_address",
	[FINDING_IP] = "ip", [FINDING_IBAN] = "iban", [FINDING_CARD] = "card", [FINDING_VAT_ID] = "vat_id",
	[FINDING_NATIONAL_ID] = "national_id", [FINDING_PASSPORT] = "passport",
	[FINDING_DATE_OF_BIRTH] = "date_of_birth", [FINDING_AMOUNT] = "amount", [FINDING_PROJECT] = "project",
	[FINDING_INVOICE] = "invoice", [FINDING_ORDER] = "order", [FINDING_CONTRACT] = "contract",
	[FINDING_QUOTE] = "quote", [FINDING_SECRET] = "secret", [FINDING_MESSAGE_ID] = "email",
};
/* clang-format on */

const char *finding_kind_name(enum finding_kind kind)
{
	return (unsigned)kind < FINDING_KIND_COUNT && names[kind] ? names[kind] : "unknown";
}

bool finding_kind_is_counted(enum finding_kind kind)
{
	return kind != FINDING_MESSAGE_ID;
}

bool finding_kind_is_looked_for(enum finding_kind kind)
{
	return kind != FINDING_POSTAL_ADDRESS && kind != FINDING_KIND_COUNT;
}

uint64_t finding_kinds_looked_for(void)
{
	uint64_t kinds = 0;
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		kinds |= finding_kind_is_looked_for(kind) ? FINDING_KIND_BIT(kind) : 0;
	return kinds;
}

enum finding_kind finding_kind_from_name(struct bytes name)
{
	for (enum finding_kind kind = FINDING_EMAIL; kind < FINDING_KIND_COUNT; kind++)
		if (bytes_equal_string(name, names[kind]))
			return kind;
	return FINDING_KIND_COUNT;
}

bool finding_is_carved(const struct finding *finding)
{
	return bytes_end_with(finding->rule, BYTES_LITERAL(FINDING_CARVED_RULE));
}

const char *organisation_part_name(enum organisation_part part)
{
	static const char *const parts[PART_COUNT] = {
		[PART_SELLER] = "seller",       [PART_BUYER] = "buyer",         [PART_SENDER] = "sender",
		[PART_RECIPIENT] = "recipient", [PART_SIGNATORY] = "signatory", [PART_ROWS] = "rows",
	};
	return (unsigned)part < PART_COUNT ? parts[part] : NULL;
}

bool organisation_is_by_name(struct bytes key)
{
	return bytes_start_with(key, BYTES_LITERAL(ORGANISATION_BY_NAME));
}

struct bytes organisation_domain(struct bytes key)
{
	return organisation_is_by_name(key) ? BYTES_NONE : key;
}

bool attribution_is_determined(const struct attribution *attribution)
{
	return attribution->role == ORGANISATION_PARTY && attribution->confidence >= ATTRIBUTION_DETERMINED &&
	       !organisation_is_by_name(attribution->domain);
}

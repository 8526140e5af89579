/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parties of an invoice, an order or a despatch advice by name, where its
 * schema says that a name is a party's: as the path before a value of XML text
 * (OASIS UBL 2.1; UN/CEFACT CII D16B and ZUGFeRD 1). A name there is the party's
 * whole line, with or without a legal form; now and then the party is one person,
 * which its schema does not tell, and so it is less sure.
 *
 * The value is the name as written, without a last dot.
 */
#include "detector/detector.h"

static bool invoice_party_match(struct bytes text, size_t at, struct match *match);

/* clang-format off */
static const struct literal paths[] = {
	{"/PartyName/Name: ", false}, {"/PartyLegalEntity/RegistrationName: ", false}, {"/SellerTradeParty/Name: ", false},
	{"/BuyerTradeParty/Name: ", false}, {"/PayeeTradeParty/Name: ", false}, {"/InvoiceeTradeParty/Name: ", false},
	{"/ShipToTradeParty/Name: ", false}, {"/SellerTaxRepresentativeTradeParty/Name: ", false},
};
/* clang-format on */

extern const struct detector detector_invoice_party;
const struct detector detector_invoice_party = {
	.name = "invoice-party",
	.version = 1,
	.lane = LANE_LITERALS,
	.literals = paths,
	.literal_count = sizeof paths / sizeof *paths,
	.rank = RANK_NAME,
	.yields_to = RANK_BIT(RANK_ADDRESS),
	.match = invoice_party_match,
};

enum { NAME_LENGTH_MIN = 2, NAME_LENGTH_MAX = 200 };

static bool has_letter(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((name.at[i] >= 'A' && name.at[i] <= 'Z') || (name.at[i] >= 'a' && name.at[i] <= 'z') || name.at[i] >= 0x80)
			return true;
	return false;
}

/* A path stands at the beginning of its line, and in it no blank. */
static bool begins_line(struct bytes text, size_t at)
{
	enum { PATH_MAX = 512 };
	for (size_t back = 0; back < PATH_MAX && at > 0 && text.at[at - 1] != '\n'; back++, at--)
		if (text.at[at - 1] <= ' ')
			return false;
	return at == 0 || text.at[at - 1] == '\n';
}

static bool invoice_party_match(struct bytes text, size_t at, struct match *match)
{
	size_t from = at + strlen(paths[match->literal].text), to = from;
	while (to < text.len && text.at[to] != '\n' && to - from <= NAME_LENGTH_MAX)
		to++;
	struct bytes line = bytes_trim(bytes_slice(text, from, to - from)), name = line;
	while (name.len > 0 && name.at[name.len - 1] == '.')
		name.len--;
	if (name.len < NAME_LENGTH_MIN || to - from > NAME_LENGTH_MAX || !has_letter(name) || !begins_line(text, at))
		return false;
	match->from = from;
	match->to = from + line.len;
	match->kind = FINDING_ORGANISATION_NAME;
	match->confidence = 0.8f;
	buffer_append(match->value, name);
	return true;
}

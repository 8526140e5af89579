/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UBL 2.1 (OASIS), 2: the parties of each document; UN/CEFACT CII D16B and its
 * like of ZUGFeRD 1; FatturaPA 1.2, 1.2 and 1.4 of the header. A party counts
 * where it stands for the document as a whole, never one of a line's.
 */
#include "understanding/stated-party.h"

#include "understanding/class-schema.h"

struct place_row {
	const char *segment; /* an element that a party is in */
	enum organisation_part part;
	size_t depth_max; /* of that element, from 1 */
};

/* clang-format off */
static const struct place_row places[] = {
	{"AccountingSupplierParty", PART_SELLER, 2}, {"AccountingCustomerParty", PART_BUYER, 2},
	{"SellerSupplierParty", PART_SELLER, 2}, {"BuyerCustomerParty", PART_BUYER, 2},
	{"ProviderParty", PART_SENDER, 2}, {"SenderParty", PART_SENDER, 2}, {"ReceiverParty", PART_RECIPIENT, 2},
	{"DespatchSupplierParty", PART_SENDER, 2}, {"DeliveryCustomerParty", PART_RECIPIENT, 2},
	{"SellerTradeParty", PART_SELLER, 4}, {"BuyerTradeParty", PART_BUYER, 4},
	{"CedentePrestatore", PART_SELLER, 3}, {"CessionarioCommittente", PART_BUYER, 3},
};

enum value_kind { VALUE_NAME, VALUE_LEGAL_NAME, VALUE_COUNTRY, VALUE_VAT, VALUE_HOST };

/* What follows the party's element. */
static const struct { const char *tail; enum value_kind kind; } values[] = {
	{"Party/PartyName/Name", VALUE_NAME}, {"PartyName/Name", VALUE_NAME},
	{"Party/PartyLegalEntity/RegistrationName", VALUE_LEGAL_NAME}, {"PartyLegalEntity/RegistrationName", VALUE_LEGAL_NAME},
	{"Party/PostalAddress/Country/IdentificationCode", VALUE_COUNTRY}, {"PostalAddress/Country/IdentificationCode", VALUE_COUNTRY},
	{"Party/PartyTaxScheme/CompanyID", VALUE_VAT},
	{"Party/Contact/ElectronicMail", VALUE_HOST}, {"Contact/ElectronicMail", VALUE_HOST}, {"Party/WebsiteURI", VALUE_HOST},
	{"Party/EndpointID", VALUE_HOST},
	{"Name", VALUE_NAME}, {"SpecifiedLegalOrganization/TradingBusinessName", VALUE_LEGAL_NAME},
	{"PostalTradeAddress/CountryID", VALUE_COUNTRY}, {"SpecifiedTaxRegistration/ID", VALUE_VAT},
	{"DefinedTradeContact/EmailURIUniversalCommunication/URIID", VALUE_HOST},
	{"DefinedTradeContact/EmailURIUniversalCommunication/CompleteNumber", VALUE_HOST},
	{"URIUniversalCommunication/URIID", VALUE_HOST},
	{"DatiAnagrafici/Anagrafica/Denominazione", VALUE_NAME}, {"Sede/Nazione", VALUE_COUNTRY}, {"Contatti/Email", VALUE_HOST},
};
/* clang-format on */

static const struct place_row *find_place(struct bytes path, struct bytes *ret_tail)
{
	for (size_t depth = 1; depth <= 4; depth++) {
		size_t slash = bytes_find_byte(path, '/');
		if (slash == BYTES_NOT_FOUND)
			return NULL;
		struct bytes segment = bytes_slice(path, 0, slash);
		path = bytes_from(path, slash + 1);
		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			if (depth <= places[i].depth_max && bytes_equal_string(segment, places[i].segment)) {
				*ret_tail = path;
				return &places[i];
			}
	}
	return NULL;
}

/* Of an address what is behind @; of a site its host; empty of a number and whatever else. */
static struct bytes host_of(struct bytes value)
{
	size_t at = bytes_find_last_byte(value, '@'), slashes = bytes_find(value, BYTES_LITERAL("://"));
	struct bytes host = at != BYTES_NOT_FOUND        ? bytes_from(value, at + 1)
	                    : slashes != BYTES_NOT_FOUND ? bytes_from(value, slashes + 3)
	                                                 : value;
	size_t end = 0;
	while (end < host.len && host.at[end] != '/' && host.at[end] != ':' && host.at[end] != ' ' && host.at[end] != '>')
		end++;
	host = bytes_slice(host, 0, end);
	return bytes_find_byte(host, '.') == BYTES_NOT_FOUND ? BYTES_NONE : host;
}

static bool is_country(struct bytes value)
{
	return value.len == COUNTRY_LENGTH && value.at[0] >= 'A' && value.at[0] <= 'Z' && value.at[1] >= 'A' &&
	       value.at[1] <= 'Z';
}

static void take(struct stated_party *party, enum value_kind kind, struct bytes value)
{
	struct bytes host;
	switch (kind) {
	case VALUE_NAME:
	case VALUE_LEGAL_NAME:
		if (party->name.len == 0)
			party->name = value;
		break;
	case VALUE_COUNTRY:
		if (is_country(value))
			party->country = value;
		break;
	case VALUE_VAT:
		if (value.len > COUNTRY_LENGTH && is_country(bytes_slice(value, 0, COUNTRY_LENGTH)))
			party->vat = value;
		break;
	case VALUE_HOST:
		host = host_of(value);
		if (host.len > 0 && party->host_count < STATED_HOSTS_MAX)
			party->hosts[party->host_count++] = host;
		break;
	}
}

static void read_line(struct stated_parties *parties, struct bytes line)
{
	struct bytes tail;
	size_t colon = bytes_find(line, BYTES_LITERAL(": "));
	if (colon == BYTES_NOT_FOUND)
		return;
	const struct place_row *place = find_place(bytes_slice(line, 0, colon), &tail);
	struct bytes value = bytes_trim(bytes_from(line, colon + 2));
	for (size_t i = 0; i < sizeof values / sizeof *values && place != NULL && value.len > 0; i++)
		if (bytes_equal_string(tail, values[i].tail)) {
			parties->of[place->part].part = place->part;
			take(&parties->of[place->part], values[i].kind, value);
			return;
		}
}

struct stated_parties stated_parties_of(const struct fact *facts, size_t fact_count, struct bytes text)
{
	struct stated_parties parties = {.standard = class_schema_of(facts, fact_count).standard};
	while (parties.standard != NULL && text.len > 0) {
		size_t end = bytes_find_byte(text, '\n');
		read_line(&parties, bytes_slice(text, 0, end));
		text = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(text, end + 1);
	}
	return parties;
}

bool stated_party_is_stated(const struct stated_party *party)
{
	return party->name.len > 0 || party->host_count > 0;
}

/* ---- as lines ---- */

static void append_line(struct buffer *into, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		buffer_append_byte(into, text.at[i] == '\n' ? ' ' : text.at[i]);
	buffer_append_byte(into, '\n');
}

void stated_party_append(struct buffer *into, const char *standard, const struct stated_party *party)
{
	buffer_append_format(into, "%s\n%u\n", standard, (unsigned)party->part);
	append_line(into, party->name);
	append_line(into, party->country);
	append_line(into, party->vat);
	for (size_t i = 0; i < party->host_count; i++)
		append_line(into, party->hosts[i]);
}

static struct bytes take_line(struct bytes *lines)
{
	size_t end = bytes_find_byte(*lines, '\n');
	struct bytes line = bytes_slice(*lines, 0, end);
	*lines = end == BYTES_NOT_FOUND ? BYTES_NONE : bytes_from(*lines, end + 1);
	return line;
}

bool stated_party_read(struct bytes lines, struct arena *arena, struct stated_parties *parties)
{
	uint64_t part = PART_COUNT;
	lines = arena_copy(arena, lines);
	struct bytes standard = take_line(&lines), number = take_line(&lines);
	if (standard.len == 0 || !bytes_parse_u64(number, &part) || part >= PART_COUNT)
		return false;
	struct stated_party *party = &parties->of[part];
	*party = (struct stated_party){.part = (enum organisation_part)part};
	party->name = take_line(&lines);
	party->country = take_line(&lines);
	party->vat = take_line(&lines);
	while (lines.len > 0 && party->host_count < STATED_HOSTS_MAX)
		party->hosts[party->host_count++] = take_line(&lines);
	if (parties->standard == NULL)
		parties->standard = arena_copy_string(arena, standard);
	return parties->standard != NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_invoice_party;

static void finds_parties_where_a_schema_names_them(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Invoice/AccountingSupplierParty/Party/PartyName/Name: City Hospital\n"
	         "Invoice/AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName: Köparen AB.\n",
	         "City Hospital Köparen AB"},
		{"CrossIndustryInvoice/SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty/Name: Au bon moulin",
	         "Au bon moulin"},
		{"a/BuyerTradeParty/Name: Contoso Ltd.\n", "Contoso Ltd"},
	};
	CHECK_EXAMPLES(FINDING_ORGANISATION_NAME, examples);
	assert_string_equal(detector_invoice_party.name, "invoice-party");
}

static void leaves_what_is_no_partys_name(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Invoice/InvoiceLine/Item/Name: Pump\nInvoice/TaxCategory/Name: VAT", ""},
		{"it says /PartyName/Name: nobody in running text", ""},
		{"Invoice/Party/PartyName/Name: 4711\nInvoice/Party/PartyName/Name: \nInvoice/Party/PartyName/Name: ...\n", ""},
	};
	CHECK_EXAMPLES(FINDING_ORGANISATION_NAME, examples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_parties_where_a_schema_names_them),
		cmocka_unit_test(leaves_what_is_no_partys_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

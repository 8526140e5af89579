/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-text.h"

extern const struct detector detector_reference;

static void finds_invoices(void **state)
{
	(void)state;
	static const struct example examples[] = {
		{"Invoice No. INV-2019/0042, Invoice #4711, invoice number: 99", "INV-2019/0042 4711 99"},
		{"Rechnungsnummer: RE-20151008/504 Rechnung Nr.12345 Rechnungs-Nr. 7/2019", "RE-20151008/504 12345 7/2019"},
		{"Facture n° FA-2017-0009 Factura núm. F-17", "FA-2017-0009 F-17"},
		{"Invoice 4711 is due", "4711"},
		{"Handelsrechnung (380)    Nr. 471102   vom   05.03.2018", "471102"},
		{"Invoice Number:\nAB-17\n", "AB-17"},
		{"Invoice No.\tDate\tTotal\nAB-17\t05.03.2018\t12,00 €\n", "AB-17"},
		{"Date\tInvoice No.\n05.03.2018\tAB-17\n", "AB-17"},
		{"Invoice/ID: 00.123.456.7-2018-1", "00.123.456.7-2018-1"},
	};
	CHECK_EXAMPLES(FINDING_INVOICE, examples);
	assert_string_equal(detector_reference.name, "reference");
}

static void finds_the_others(void **state)
{
	(void)state;
	static const struct example orders[] = {
		{"Purchase order no. PO-4711. Your order: 12345. Bestellnummer 2018-471331", "PO-4711 12345 2018-471331"},
		{"commande n° BC543, pedido nº 77-1", "BC543 77-1"},
	};
	static const struct example contracts[] = {
		{"Contract No. CON02858; Vertrags-Nr : V88456789; contrat n° C12", "CON02858 V88456789 C12"}};
	static const struct example projects[] = {
		{"Project no. P-2019-12 Projektnummer: 4711.2 Projekt-Nr. 88/1", "P-2019-12 4711.2 88/1"}};
	static const struct example quotes[] = {{"Quotation no: Q-17, Angebotsnummer AN2019, devis n° D33", "Q-17 AN2019 D33"}};
	CHECK_EXAMPLES(FINDING_ORDER, orders);
	CHECK_EXAMPLES(FINDING_CONTRACT, contracts);
	CHECK_EXAMPLES(FINDING_PROJECT, projects);
	CHECK_EXAMPLES(FINDING_QUOTE, quotes);
}

static void leaves_what_is_no_number_of_one(void **state)
{
	(void)state;
	static const struct example none[] = {
		{"invoice of 05.03.2018, Invoice: 05.03.2018, invoice 2018-03-05", ""},
		{"Invoice 24.99 Invoice: 12 EUR Invoice 12,50 Invoice 15% Invoice total 5", ""},
		{"invoice 12 Invoice 2018 invoice page 4711", ""},
		{"urn:invoice:1p0:extended invoice@1234 Invoice 1234@contoso.com", ""},
		{"Agreement.\n14. The parties", ""},
		{"Rechnungsnummer\n80333 München\n", ""},
		{"Invoice No. 12345678901234567890123456789012345678901", ""},
		{"reinvoice 4711 Invoice\n\n4711", ""},
	};
	static const struct example orders[] = {{"Executive Order 12829, Executive Order No. 12947, order=30", ""}};
	CHECK_EXAMPLES(FINDING_INVOICE, none);
	CHECK_EXAMPLES(FINDING_CONTRACT, none);
	CHECK_EXAMPLES(FINDING_ORDER, orders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_invoices),
		cmocka_unit_test(finds_the_others),
		cmocka_unit_test(leaves_what_is_no_number_of_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UBL 2.x (OASIS, ISO/IEC 19845), UN/CEFACT cross industry messages (those of ZUGFeRD, Factur-X, Order-X), FatturaPA (Agenzia
 * delle Entrate, version 1.2), ISO 20022 account statements (camt). Codes of kinds: UNTDID 1001 (UN/CEFACT D.16B and EN 16931),
 * of which those listed here that are no invoices; all others of an invoice's root are.
 */
#include "understanding/class-schema.h"

struct schema_row {
	const char *root, *namespace_part, *code, *standard; /* code: NULL for any */
	enum document_class class;
};

/* The first that fits. */
/* clang-format off */
static const struct schema_row rows[] = {
	{"Invoice", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_INVOICE},
	{"CreditNote", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_INVOICE},
	{"DebitNote", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_INVOICE},
	{"SelfBilledInvoice", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_INVOICE},
	{"SelfBilledCreditNote", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_INVOICE},
	{"FreightInvoice", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_INVOICE},
	{"Order", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_PURCHASE_ORDER},
	{"OrderChange", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_PURCHASE_ORDER},
	{"OrderResponse", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_ORDER_CONFIRMATION},
	{"OrderResponseSimple", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_ORDER_CONFIRMATION},
	{"Quotation", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_QUOTE},
	{"Catalogue", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_PRICE_LIST},
	{"CataloguePricingUpdate", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_PRICE_LIST},
	{"ReceiptAdvice", "urn:oasis:names:specification:ubl", NULL, "UBL", CLASS_PROOF_OF_EXECUTION},
	{NULL, "urn:oasis:names:specification:ubl:schema:xsd:", NULL, "UBL", CLASS_OTHER},
	{"CrossIndustryInvoice", "CrossIndustryInvoice", NULL, "UN/CEFACT CII", CLASS_INVOICE},
	{"CrossIndustryDocument", "urn:ferd:CrossIndustryDocument", NULL, "ZUGFeRD 1", CLASS_INVOICE},
	{"SCRDMCCBDACIOMessageStructure", "SCRDMCCBDACIOMessageStructure", "231", "UN/CEFACT CIO", CLASS_ORDER_CONFIRMATION},
	{"SCRDMCCBDACIOMessageStructure", "SCRDMCCBDACIOMessageStructure", NULL, "UN/CEFACT CIO", CLASS_PURCHASE_ORDER},
	{"FatturaElettronica", "fatture", NULL, "FatturaPA", CLASS_INVOICE},
	{"FatturaElettronica", NULL, NULL, "FatturaPA", CLASS_INVOICE},
	{"Document", "urn:iso:std:iso:20022:tech:xsd:camt.053", NULL, "ISO 20022 camt.053", CLASS_BANK_STATEMENT},
	{"Document", "urn:iso:std:iso:20022:tech:xsd:camt.052", NULL, "ISO 20022 camt.052", CLASS_BANK_STATEMENT},
};
/* clang-format on */

static bool fits(const struct schema_row *row, const struct class_schema *schema)
{
	if (row->root != NULL && !bytes_equal_string(schema->root, row->root))
		return false;
	if (row->namespace_part != NULL &&
	    bytes_find(schema->namespace_name, bytes_of_string(row->namespace_part)) == BYTES_NOT_FOUND)
		return false;
	return row->code == NULL || bytes_equal_string(schema->code, row->code);
}

struct class_schema class_schema_of(const struct fact *facts, size_t count)
{
	struct class_schema schema = {.standard = NULL, .class = CLASS_NONE};
	for (size_t i = 0; i < count; i++) {
		if (facts[i].kind != FACT_SCHEMA)
			continue;
		if (bytes_equal_string(facts[i].name, "root"))
			schema.root = facts[i].value;
		else if (bytes_equal_string(facts[i].name, "namespace"))
			schema.namespace_name = facts[i].value;
		else if (bytes_equal_string(facts[i].name, "type_code"))
			schema.code = facts[i].value;
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows && schema.root.len > 0 && schema.standard == NULL; i++)
		if (fits(&rows[i], &schema)) {
			schema.standard = rows[i].standard;
			schema.class = rows[i].class;
		}
	return schema;
}

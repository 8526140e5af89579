/* SPDX-License-Identifier: Apache-2.0 */
/* Names of document classes, as the interface fixes them. */
#include "model/document-class.h"

/* clang-format off */
static const char *const names[CLASS_COUNT] = {
	[CLASS_INVOICE] = "invoice", [CLASS_PURCHASE_ORDER] = "purchase_order", [CLASS_QUOTE] = "quote",
	[CLASS_CONTRACT] = "contract", [CLASS_NDA] = "nda", [CLASS_STATEMENT_OF_WORK] = "statement_of_work",
	[CLASS_PROOF_OF_EXECUTION] = "proof_of_execution", [CLASS_PRICE_LIST] = "price_list",
	[CLASS_ORDER_CONFIRMATION] = "order_confirmation", [CLASS_RECEIPT] = "receipt", [CLASS_PAYSLIP] = "payslip",
	[CLASS_RESUME] = "resume", [CLASS_IDENTITY_DOCUMENT] = "identity_document", [CLASS_MEDICAL] = "medical",
	[CLASS_BANK_STATEMENT] = "bank_statement", [CLASS_ASSET_LIST] = "asset_list",
	[CLASS_MEETING_NOTES] = "meeting_notes", [CLASS_PRESENTATION] = "presentation",
	[CLASS_INTERNAL_COMMENT] = "internal_comment", [CLASS_MAIL] = "mail", [CLASS_SOURCE_CODE] = "source_code",
	[CLASS_CONFIGURATION] = "configuration", [CLASS_DATABASE] = "database", [CLASS_BACKUP] = "backup",
	[CLASS_LOG] = "log", [CLASS_IMAGE] = "image", [CLASS_MEDIA] = "media", [CLASS_ARCHIVE] = "archive",
	[CLASS_WEB_PAGE] = "web_page", [CLASS_OTHER] = "other",
};
/* clang-format on */

const char *document_class_name(enum document_class class)
{
	return (unsigned)class < CLASS_COUNT ? names[class] : NULL;
}

enum document_class document_class_from_name(struct bytes name)
{
	for (enum document_class class = CLASS_INVOICE; class < CLASS_COUNT; class ++)
		if (bytes_equal_string(name, names[class]))
			return class;
	return CLASS_COUNT;
}

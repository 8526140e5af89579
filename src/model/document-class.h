/* SPDX-License-Identifier: Apache-2.0 */
/* What a document is to those who wrote it: the closed list of the interface. */
#ifndef TIDEMARK_MODEL_DOCUMENT_CLASS_H
#define TIDEMARK_MODEL_DOCUMENT_CLASS_H

#include "base/bytes.h"

/* Stored in catalogs by number: append only. */
enum document_class {
	CLASS_NONE = 0, /* nobody has looked */
	CLASS_INVOICE,
	CLASS_PURCHASE_ORDER,
	CLASS_QUOTE,
	CLASS_CONTRACT,
	CLASS_NDA,
	CLASS_STATEMENT_OF_WORK,
	CLASS_PROOF_OF_EXECUTION,
	CLASS_PRICE_LIST,
	CLASS_ORDER_CONFIRMATION,
	CLASS_RECEIPT,
	CLASS_PAYSLIP,
	CLASS_RESUME,
	CLASS_IDENTITY_DOCUMENT,
	CLASS_MEDICAL,
	CLASS_BANK_STATEMENT,
	CLASS_ASSET_LIST,
	CLASS_MEETING_NOTES,
	CLASS_PRESENTATION,
	CLASS_INTERNAL_COMMENT,
	CLASS_MAIL,
	CLASS_SOURCE_CODE,
	CLASS_CONFIGURATION,
	CLASS_DATABASE,
	CLASS_BACKUP,
	CLASS_LOG,
	CLASS_IMAGE,
	CLASS_MEDIA,
	CLASS_ARCHIVE,
	CLASS_WEB_PAGE,
	CLASS_OTHER,
	CLASS_COUNT
};

/** NULL for CLASS_NONE. */
const char *document_class_name(enum document_class class);
/** CLASS_COUNT if there is none of that name. */
enum document_class document_class_from_name(struct bytes name);

#endif

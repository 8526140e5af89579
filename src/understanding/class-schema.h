/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of business messages in XML, by root element, namespace and the code of their kind. */
#ifndef TIDEMARK_UNDERSTANDING_CLASS_SCHEMA_H
#define TIDEMARK_UNDERSTANDING_CLASS_SCHEMA_H

#include "model/document-class.h"
#include "model/fact.h"

struct class_schema {
	struct bytes root, namespace_name, code; /* as the document has them; may be empty */
	const char *standard;                    /* what it is called: "UBL"; NULL if it is none that is known */
	enum document_class class;               /* CLASS_NONE likewise */
};

/** What the facts of a document say of its schema. */
struct class_schema class_schema_of(const struct fact *facts, size_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a document is to those who wrote it: one class of the closed list
 * (model/document-class.h), with a confidence and the sentences that a person can
 * check it by. Pure: no input but its arguments and the words beside this file;
 * it looks at the first kilobytes of a text, whatever its length.
 *
 * What a document is built as says more than its words: a mail is a mail, and an
 * XML invoice names itself by its root element. Words are weighed where the
 * structure leaves it open, and below CLASSIFY_SURE the class is `other`, with the
 * likeliest guess among the sentences.
 */
#ifndef TIDEMARK_UNDERSTANDING_CLASSIFY_H
#define TIDEMARK_UNDERSTANDING_CLASSIFY_H

#include "base/arena.h"
#include "base/status.h"
#include "model/document-class.h"
#include "model/fact.h"
#include "model/table.h"

#define CLASSIFY_SURE 0.65f
#define CLASSIFY_REASONS_MAX 6

struct classification_input {
	struct bytes media_type;
	struct bytes title; /* of its metadata; may be empty */
	struct bytes text;
	const struct table_span *tables;
	size_t table_count;
	const struct fact *facts; /* FACT_SCHEMA among them, of XML */
	size_t fact_count;
	bool was_read;                      /* wholly; else a class that its structure does not tell is not told */
	enum document_class embedded_class; /* of a part whose schema says it; CLASS_NONE */
};

struct classification {
	enum document_class class; /* CLASS_NONE: it was not read, so nobody can say */
	float confidence;
	bool is_by_schema;          /* its XML schema says so */
	const struct fact *reasons; /* FACT_CLASS each, CLASSIFY_REASONS_MAX at most */
	size_t reason_count;
};

enum status classify_document(const struct classification_input *input, struct arena *arena,
                              struct classification *ret_classification) MUST_CHECK;

/** Raised when classification changes; part of rules_version, as the words are by their digest. */
extern const unsigned classify_version;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's word on one document for one subject. */
#ifndef TIDEMARK_MODEL_REVIEW_H
#define TIDEMARK_MODEL_REVIEW_H

#include "base/bytes.h"
#include "base/status.h"
#include "model/id.h"

/* Stored in catalogs by number: append only. */
enum review_word {
	REVIEW_CONFIRM = 1, /* it is the subject's */
	REVIEW_WITHHOLD     /* the subject hears nothing of it */
};

struct review {
	int64_t time;
	enum review_word word;
	struct bytes subject; /* as answer/subject.h has it */
	struct id document;
	bool has_sha256; /* of what was looked at: a confirmation holds for those bytes, a refusal for whatever comes there */
	unsigned char sha256[32];
	struct bytes operator_name, why;
};
typedef enum status review_visitor(void *context, const struct review *review);

#endif

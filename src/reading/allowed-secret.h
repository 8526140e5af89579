/* SPDX-License-Identifier: Apache-2.0 */
/* A secret that was found and is allowed, as the value of a fact (FACT_ALLOWED) and back. */
#ifndef TIDEMARK_READING_ALLOWED_SECRET_H
#define TIDEMARK_READING_ALLOWED_SECRET_H

#include "base/buffer.h"
#include "model/fact.h"
#include "model/finding.h"

/** finding: with its digest, and stars. */
void allowed_secret_append(const struct finding *finding, struct buffer *into);
/** False: it is none. What the finding says is borrowed from the fact. */
bool allowed_secret_read(const struct fact *fact, struct finding *ret_finding);

#endif

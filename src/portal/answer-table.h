/* SPDX-License-Identifier: Apache-2.0 */
/* A subject's answer as CSV: a row a document, with the substance of its JSON. Cells that a spreadsheet would run are guarded. */
#ifndef TIDEMARK_PORTAL_ANSWER_TABLE_H
#define TIDEMARK_PORTAL_ANSWER_TABLE_H

#include "gate/gate.h"

void answer_table_write_head(struct buffer *into);
void answer_table_write(const struct minimised *document, struct buffer *into);

#endif

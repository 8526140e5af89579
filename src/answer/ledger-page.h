/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger as one page of HTML that needs nothing beside it: no script, no
 * font, no picture, nothing fetched. All text from a leak goes through one
 * escape. A plot never stands without its numbers in a table.
 */
#ifndef TIDEMARK_ANSWER_LEDGER_PAGE_H
#define TIDEMARK_ANSWER_LEDGER_PAGE_H

#include "answer/ledger-tables.h"

void ledger_page_append(const struct ledger_answer *answer, const struct ledger_tables *tables, struct buffer *into);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of the journal, as members of an object: an item of the answer of tidemark journal show. */
#ifndef TIDEMARK_ANSWER_JOURNAL_ENTRY_H
#define TIDEMARK_ANSWER_JOURNAL_ENTRY_H

#include "base/json.h"
#include "catalog/catalog.h"

void journal_entry_write(const struct journal_entry *entry, struct json_writer *json);

#endif

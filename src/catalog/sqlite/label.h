/* SPDX-License-Identifier: Apache-2.0 */
/* Words that many rows share, as media types and names of rules, kept once and known by number. */
#ifndef TIDEMARK_CATALOG_SQLITE_LABEL_H
#define TIDEMARK_CATALOG_SQLITE_LABEL_H

#include "catalog/sqlite/store.h"

/** Made if new; 0 for empty text. */
enum status label_number(struct store *store, struct bytes text, int64_t *ret_number) MUST_CHECK;

#endif

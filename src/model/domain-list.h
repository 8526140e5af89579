/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of domains, embedded by tools/embed-list from .txt files that name
 * their source and date: sorted bytewise, lower-case A-labels. sha256 is of the
 * domains, a line each, for rules_version.
 */
#ifndef TIDEMARK_MODEL_DOMAIN_LIST_H
#define TIDEMARK_MODEL_DOMAIN_LIST_H

#include "base/bytes.h"

struct domain_list {
	const char *const *domains;
	size_t count;
	const char *sha256;
};

/** Names that lead to nobody on the Internet: reserved ones, and those that networks use inside. */
extern const struct domain_list internal_names_list;

/** The member that the name (any case, A-labels) is or lies below, the longest of them; NULL if there is none. */
const char *domain_list_find(const struct domain_list *list, struct bytes name);

#endif

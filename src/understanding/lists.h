/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of domains, embedded by tools/embed-list from the .txt files beside
 * this header: sorted bytewise, lower-case A-labels. sha256 is of the domains, a
 * line each, for rules_version.
 */
#ifndef TIDEMARK_UNDERSTANDING_LISTS_H
#define TIDEMARK_UNDERSTANDING_LISTS_H

#include <stddef.h>

struct domain_list {
	const char *const *domains;
	size_t count;
	const char *sha256;
};

extern const struct domain_list freemail_list;
extern const struct domain_list infrastructure_list;

#endif

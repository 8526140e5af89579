/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of domains beside this header, embedded by tools/embed-list: what each is, its first lines say. */
#ifndef TIDEMARK_UNDERSTANDING_LISTS_H
#define TIDEMARK_UNDERSTANDING_LISTS_H

#include "model/domain-list.h"

extern const struct domain_list freemail_list;
extern const struct domain_list generic_countries_list;
extern const struct domain_list infrastructure_list;
extern const struct domain_list mailboxes_list;
extern const struct domain_list namespaces_list;
extern const struct domain_list tenants_list;

#endif

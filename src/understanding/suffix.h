/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registrable domains: one label more than the public suffix (libpsl's list,
 * private section included, so that contoso.github.io is its own). Hosts of
 * the infrastructure list are cut by ICANN's section alone: all of one storage
 * service is one name. And membership in our lists of domains.
 */
#ifndef TIDEMARK_UNDERSTANDING_SUFFIX_H
#define TIDEMARK_UNDERSTANDING_SUFFIX_H

#include "base/buffer.h"
#include "base/status.h"
#include "understanding/lists.h"

enum status suffix_prepare(void) MUST_CHECK;

/** Appends the host's registrable domain in lower-case A-labels; ABSENT, nothing appended, if it has none. */
enum status suffix_append_registrable(struct buffer *into, struct bytes host) MUST_CHECK;

/** Whether the list has the name (any case, A-labels) or one above it. */
bool suffix_list_has(const struct domain_list *list, struct bytes name);

#endif

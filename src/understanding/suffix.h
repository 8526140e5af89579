/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registrable domains: one label more than the public suffix (libpsl's list,
 * private section included, so that contoso.github.io is its own). Hosts of
 * the infrastructure list are cut by ICANN's section alone: all of one storage
 * service is one name. What lies below a tenants' suffix is the tenant's.
 */
#ifndef TIDEMARK_UNDERSTANDING_SUFFIX_H
#define TIDEMARK_UNDERSTANDING_SUFFIX_H

#include "base/buffer.h"
#include "base/status.h"
#include "understanding/lists.h"

enum status suffix_prepare(void) MUST_CHECK;

/** Appends the host's registrable domain in lower-case A-labels; ABSENT, nothing appended, if it has none. */
enum status suffix_append_registrable(struct buffer *into, struct bytes host) MUST_CHECK;

/** Appends the whole host in lower-case A-labels, without a dot at its end; ABSENT, nothing appended, if it is no host name. */
enum status suffix_append_host(struct buffer *into, struct bytes host) MUST_CHECK;

#endif

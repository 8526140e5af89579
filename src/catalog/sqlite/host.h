/* SPDX-License-Identifier: Apache-2.0 */
/* The host in what was found, and how hosts are stored. */
#ifndef TIDEMARK_CATALOG_SQLITE_HOST_H
#define TIDEMARK_CATALOG_SQLITE_HOST_H

#include "base/buffer.h"
#include "model/finding.h"

/** com.contoso.mail. of mail.contoso.com; appended. */
void host_append_reversed(struct buffer *into, struct bytes host);
/** The host within a value of that kind; empty if such values have none. */
struct bytes host_of(enum finding_kind kind, struct bytes value);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What waited when a sweep was left. */
#ifndef TIDEMARK_CATALOG_SQLITE_SETTLING_H
#define TIDEMARK_CATALOG_SQLITE_SETTLING_H

#include "catalog/inside.h"

/** It is as listed; what was changed, too. */
enum status settle_pending(struct incident *incident, uint64_t sweep) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What is put for an object under way. */
#ifndef TIDEMARK_CATALOG_SQLITE_STORING_H
#define TIDEMARK_CATALOG_SQLITE_STORING_H

#include "catalog/inside.h"

struct open_object;

/** The pending object of that id, within a batch: END if it has been finished already, BROKEN if it was never
 * listed. */
enum status storing_object(struct incident *incident, const struct id *id, struct open_object **ret_object,
                           struct failure *reterr) MUST_CHECK;

#endif

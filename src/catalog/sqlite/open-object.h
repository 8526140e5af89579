/* SPDX-License-Identifier: Apache-2.0 */
/* Objects whose reading is under way. */
#ifndef TIDEMARK_CATALOG_SQLITE_OPEN_OBJECT_H
#define TIDEMARK_CATALOG_SQLITE_OPEN_OBJECT_H

#include "catalog/sqlite/store.h"
#include "model/id.h"

struct open_object;

/** The pending object of that id, with what has come of it, in a batch. END if it has been finished already;
 * ABSENT if it was never listed. */
enum status open_object_find(struct store *store, const struct id *id, struct open_object **ret_object) MUST_CHECK;
void open_object_forget(struct store *store, struct open_object *object);

#endif

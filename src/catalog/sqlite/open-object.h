/* SPDX-License-Identifier: Apache-2.0 */
/* Objects whose reading is under way. */
#ifndef TIDEMARK_CATALOG_SQLITE_OPEN_OBJECT_H
#define TIDEMARK_CATALOG_SQLITE_OPEN_OBJECT_H

#include "catalog/inside.h"

struct open_object;

/** The pending object of that id, with what has come of it. END if it has been finished already; ABSENT if it
 * was never listed. */
enum status open_object_find(struct incident *incident, const struct id *id, struct open_object **ret_object) MUST_CHECK;
void open_object_forget(struct incident *incident, struct open_object *object);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Backends by name. */
#include "catalog/backend.h"

#include <string.h>

const struct backend *backend_of_name(const char *name)
{
	size_t nth = 0;
	while (backend_registry[nth] != NULL && name != NULL && strcmp(backend_registry[nth]->name, name) != 0)
		nth++;
	return backend_registry[nth];
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of the files of a catalog. */
#include "catalog/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *path_join(const char *directory, const char *name)
{
	size_t size = strlen(directory) + strlen(name) + 2;
	char *path = malloc(size);
	if (path != NULL)
		snprintf(path, size, "%s/%s", directory, name);
	return path;
}

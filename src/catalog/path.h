/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of the files of a catalog. */
#ifndef TIDEMARK_CATALOG_PATH_H
#define TIDEMARK_CATALOG_PATH_H

/** "DIRECTORY/NAME", owned by the caller; NULL when memory ended. */
char *path_join(const char *directory, const char *name);

#endif

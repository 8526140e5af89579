/* SPDX-License-Identifier: Apache-2.0 */
/* The two handles, as the files of this folder see them. Nobody outside includes it. */
#ifndef TIDEMARK_CATALOG_INSIDE_H
#define TIDEMARK_CATALOG_INSIDE_H

#include "catalog/catalog.h"
#include "catalog/lock.h"
#include "catalog/place.h"
#include "catalog/sqlite/database.h"
#include "words/fold.h"

#define CATALOG_FILE "tidemark.db"
#define IDENTITY_OF_CATALOG ((const unsigned char *)"tidemark-catalog")   /* 16 bytes */

struct catalog {
	enum catalog_mode mode;
	char *directory;
	struct vault_key key;
	struct database database;
};

struct writer;                       /* sqlite/writer.h: a sweep's own state */

struct incident {
	struct catalog *catalog;
	struct incident_place place;
	struct database database;
	struct fold *fold;
	struct lock *lock;           /* of a sweep */
	struct writer *writer;
};

#endif

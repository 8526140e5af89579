/* SPDX-License-Identifier: Apache-2.0 */
/* The two handles, as the files of this folder see them. Nobody outside includes it. */
#ifndef TIDEMARK_CATALOG_INSIDE_H
#define TIDEMARK_CATALOG_INSIDE_H

#include "catalog/backend.h"
#include "catalog/catalog.h"
#include "catalog/lock.h"
#include "catalog/place.h"
#include "catalog/sqlite/database.h"

#define CATALOG_FILE "tidemark.db"
#define IDENTITY_OF_CATALOG ((const unsigned char *)"tidemark-catalog") /* 16 bytes */

struct catalog {
	enum catalog_mode mode;
	char *directory;
	struct vault_key key;
	struct database database;      /* tidemark.db, always local */
	const struct backend *backend; /* of all its incidents */
};

struct incident {
	struct catalog *catalog;
	struct incident_place place;
	struct lock *lock; /* of a sweep */
	const struct backend *backend;
	struct store *store;
	bool is_for_sweep;
	bool has_begun; /* a sweep, on this handle */
};

/** An entry under the incident, within the transaction that is open. ABSENT where the incident was erased meanwhile. */
enum status journal_add(struct incident *incident, const char *verb, struct bytes operator_name, struct bytes detail) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* An incident in one SQLite file, sealed page by page. */
#ifndef TIDEMARK_CATALOG_SQLITE_STORE_H
#define TIDEMARK_CATALOG_SQLITE_STORE_H

#include "catalog/sqlite/database.h"
#include "model/coverage.h"
#include "model/query.h"
#include "words/fold.h"

#define STORE_FILE "incident.db"

struct writer; /* a sweep's own state */

struct store {
	struct database database;
	struct fold *fold;
	struct writer *writer; /* NULL: it is only read */
	question_pulse *pulse; /* NULL: none */
	void *pulse_context;
	/* Of the document that is being passed: what is asked of it is asked by this key. number 0: none is. */
	struct content_at_hand {
		unsigned char key[32];
		int64_t number;
	} at_hand;
	/* As it was at these changes, those of others and our own. */
	struct known_coverage {
		bool is_known;
		int64_t others, ours;
		struct coverage coverage;
	} known;
};

#endif
